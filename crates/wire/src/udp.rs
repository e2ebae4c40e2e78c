//! The User Datagram Protocol (RFC 768).

use crate::Payload;

/// A UDP datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Udp {
    /// Source port.
    pub src_port: u16,
    /// Destination port.
    pub dst_port: u16,
    /// What it carries; at most 65,507 bytes fit an IPv4 packet.
    pub payload: Payload,
}

impl Udp {
    /// Bytes of the UDP header.
    pub const HEADER_LEN: usize = 8;
}
