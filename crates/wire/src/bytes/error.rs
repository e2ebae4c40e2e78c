//! Why bytes are no frame.

use std::fmt;

/// A protocol layer of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The Ethernet header.
    Ethernet,
    /// The ARP packet.
    Arp,
    /// The IPv4 header.
    Ipv4,
    /// The ICMP message.
    Icmp,
    /// The UDP datagram.
    Udp,
    /// The TCP segment.
    Tcp,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ethernet => "Ethernet",
            Self::Arp => "ARP",
            Self::Ipv4 => "IPv4",
            Self::Icmp => "ICMP",
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
        })
    }
}

/// What is wrong at that place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Problem {
    /// The bytes end too early.
    TooShort {
        /// Bytes that should be there, from the place on.
        needed: usize,
        /// Bytes that are there.
        found: usize,
    },
    /// An EtherType that is neither ARP nor IPv4.
    EtherType(u16),
    /// ARP for something else than IPv4 over Ethernet.
    ArpAddresses,
    /// An ARP operation that is neither request nor reply.
    ArpOperation(u16),
    /// An IP version other than 4.
    Version(u8),
    /// A header length in words of 32 bits that is less than the five of every header.
    HeaderLength(u8),
    /// IPv4 header options, which a value cannot hold.
    HeaderOptions,
    /// A length field, in bytes, that is less than the header in front of it.
    Length(u16),
}

/// Bytes that are no frame that a value can hold: where the reading stopped, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The layer at fault.
    pub layer: Layer,
    /// Where the layer's first byte, or the field at fault, lies; in bytes from the start of the input.
    pub at: usize,
    /// What is wrong there.
    pub problem: Problem,
}

impl DecodeError {
    pub(super) const fn new(layer: Layer, at: usize, problem: Problem) -> Self {
        Self { layer, at, problem }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: ", self.layer, self.at)?;
        match self.problem {
            Problem::TooShort { needed, found } => write!(f, "{needed} bytes needed, {found} there"),
            Problem::EtherType(number) => write!(f, "EtherType {number:#06x} is neither IPv4 nor ARP"),
            Problem::ArpAddresses => f.write_str("not for IPv4 over Ethernet"),
            Problem::ArpOperation(number) => write!(f, "operation {number} is neither request nor reply"),
            Problem::Version(number) => write!(f, "version {number} is not 4"),
            Problem::HeaderLength(words) => write!(f, "a header of {words} words, fewer than 5"),
            Problem::HeaderOptions => f.write_str("header options are not supported"),
            Problem::Length(bytes) => write!(f, "a length field of {bytes} bytes does not even cover the header"),
        }
    }
}

impl std::error::Error for DecodeError {}
