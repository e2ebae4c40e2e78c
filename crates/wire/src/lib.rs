//! Values and bytes of Ethernet, ARP, IPv4, ICMP, UDP and TCP, and how a frame reads in one line.
//!
//! Two levels. A *value* ([`Frame`] and what it holds) is what the simulation passes around: small,
//! shared where it is large, and such that an illegal packet cannot be built. *Bytes* (module [`bytes`])
//! are made from values when somebody looks: a capture file, the hexadecimal view, a checksum test.
//! [`write_line`] writes a frame as the one line of text by which simulated and recorded frames are
//! compared.
//!
//! Invariant: nothing here knows a device, a time or a topology.

pub mod arp;
pub mod bytes;
pub mod frame;
pub mod icmp;
pub mod ipv4;
pub mod line;
pub mod mac;
pub mod order;
pub mod payload;
pub mod tcp;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod udp;

pub use arp::{Arp, ArpOp};
pub use bytes::{DecodeError, decode, decode_ip_body, decode_packet, encode, encode_ip_body, encode_packet};
pub use frame::{Frame, FrameBody};
pub use icmp::{Icmp, Quoted, RedirectCode, TimeExceededCode, UnreachableCode};
pub use ipv4::{Fragment, IpBody, IpProtocol, Ipv4, OtherProtocol};
pub use line::{Direction, FrameNumbers, RelSeq, write_line};
pub use mac::Mac;
pub use payload::Payload;
pub use tcp::{SackBlock, Tcp, TcpFlags, TcpOptions, Timestamps};
pub use udp::Udp;
