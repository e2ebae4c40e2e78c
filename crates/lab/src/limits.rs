//! How large a document may be. What is larger is refused by name, so that nothing grows without bound.

/// Bytes of a document.
pub const DOCUMENT_BYTES: usize = 10_000_000;
/// Bytes of a document in a link, before it is compressed.
pub const LINK_BYTES: usize = 1_000_000;
/// Segments.
pub const SEGMENTS: usize = 5_000;
/// Devices.
pub const DEVICES: usize = 5_000;
/// Interfaces of one device.
pub const INTERFACES: usize = 1_000;
/// Addresses of one interface.
pub const ADDRESSES: usize = 1_000;
/// Routes of one device.
pub const ROUTES: usize = 10_000;
/// Settings of one device or one action.
pub const SETTINGS: usize = 1_000;
/// Services of one device.
pub const SERVICES: usize = 1_000;
/// Rules of one chain in a form.
pub const RULES: usize = 5_000;
/// Values of one field of a rule.
pub const RULE_VALUES: usize = 1_000;
/// Actions.
pub const ACTIONS: usize = 50_000;
/// Steps of one script.
pub const STEPS: usize = 1_000;
/// Requests or datagrams of one action.
pub const PACKETS: u32 = 1_000_000;
/// Bytes sent or awaited in one step, and of one answer.
pub const STREAM_BYTES: u32 = 1_000_000_000;
/// Largest payload of one ICMP or UDP packet in bytes (65,535 less the headers of IPv4 and UDP or ICMP).
pub const DATAGRAM_BYTES: u16 = 65_507;
/// Seconds of simulated time.
pub const SECONDS: u64 = 86_400;
/// Milliseconds of latency.
pub const LATENCY_MS: u64 = 60_000;
/// Characters of a name.
pub const NAME_CHARS: usize = 64;
/// Characters of any other text.
pub const TEXT_CHARS: usize = 20_000;
/// Characters of nft text.
pub const NFT_CHARS: usize = 500_000;
/// Pixels from the canvas's corner.
pub const PIXELS: i32 = 1_000_000;
/// Smallest MTU of IPv4 (RFC 791).
pub const MTU_MIN: u16 = 68;
/// Largest MTU of IPv4.
pub const MTU_MAX: u16 = 65_535;
