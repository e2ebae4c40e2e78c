//! The Internet Protocol, version 4 (RFC 791), without header options.

use crate::{Icmp, Payload, Tcp, Udp};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Number of the protocol that a packet carries (IANA "Assigned Internet Protocol Numbers").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpProtocol(pub u8);

impl IpProtocol {
    /// ICMP.
    pub const ICMP: Self = Self(1);
    /// TCP.
    pub const TCP: Self = Self(6);
    /// UDP.
    pub const UDP: Self = Self(17);
}

/// A piece of a larger packet (RFC 791 section 3.2). First pieces are of this kind too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Protocol of the whole packet.
    pub protocol: IpProtocol,
    /// Where the piece begins in the whole packet's content, in units of eight bytes.
    pub offset_units: u16,
    /// More pieces follow (MF).
    pub more: bool,
    /// Bytes of the piece, the transport header included in the first.
    pub bytes: Payload,
}

impl Fragment {
    /// Where the piece begins, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset_units as usize * 8
    }
}

/// Content of a protocol that we only carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherProtocol {
    /// Its number.
    pub protocol: IpProtocol,
    /// Its bytes.
    pub bytes: Payload,
}

/// What an IPv4 packet carries. Shared, so that a packet costs the same at every hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IpBody {
    /// A TCP segment.
    Tcp(Arc<Tcp>),
    /// A UDP datagram.
    Udp(Arc<Udp>),
    /// An ICMP message.
    Icmp(Arc<Icmp>),
    /// A piece of a packet.
    Fragment(Arc<Fragment>),
    /// Anything else.
    Other(Arc<OtherProtocol>),
}

impl IpBody {
    /// Bytes on the wire.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        match self {
            Self::Tcp(tcp) => tcp.wire_len(),
            Self::Udp(udp) => Udp::HEADER_LEN + udp.payload.len(),
            Self::Icmp(icmp) => icmp.wire_len(),
            Self::Fragment(fragment) => fragment.bytes.len(),
            Self::Other(other) => other.bytes.len(),
        }
    }
}

/// An IPv4 packet with a header of 20 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ipv4 {
    /// Source address.
    pub src: Ipv4Addr,
    /// Destination address.
    pub dst: Ipv4Addr,
    /// Time to live, in hops.
    pub ttl: u8,
    /// Type of service (DSCP and ECN).
    pub tos: u8,
    /// Identification, which holds the pieces of one packet together.
    pub id: u16,
    /// Don't fragment.
    pub df: bool,
    /// What it carries.
    pub body: IpBody,
}

impl Ipv4 {
    /// Bytes of the header.
    pub const HEADER_LEN: usize = 20;
    /// Longest packet.
    pub const MAX_LEN: usize = 65_535;

    /// Bytes of header and content.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        Self::HEADER_LEN + self.body.wire_len()
    }

    /// Number of the protocol carried; for a fragment, that of the whole packet.
    #[must_use]
    pub fn protocol(&self) -> IpProtocol {
        match &self.body {
            IpBody::Tcp(_) => IpProtocol::TCP,
            IpBody::Udp(_) => IpProtocol::UDP,
            IpBody::Icmp(_) => IpProtocol::ICMP,
            IpBody::Fragment(fragment) => fragment.protocol,
            IpBody::Other(other) => other.protocol,
        }
    }

    /// The TCP segment, if it carries a whole one.
    #[must_use]
    pub fn tcp(&self) -> Option<&Tcp> {
        if let IpBody::Tcp(tcp) = &self.body { Some(tcp) } else { None }
    }

    /// The UDP datagram, if it carries a whole one.
    #[must_use]
    pub fn udp(&self) -> Option<&Udp> {
        if let IpBody::Udp(udp) = &self.body { Some(udp) } else { None }
    }

    /// The ICMP message, if it carries a whole one.
    #[must_use]
    pub fn icmp(&self) -> Option<&Icmp> {
        if let IpBody::Icmp(icmp) = &self.body { Some(icmp) } else { None }
    }
}
