//! The Internet Control Message Protocol (RFC 792, RFC 1122, RFC 1191, RFC 1812).

use crate::{Ipv4, Payload};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Codes of "destination unreachable" (type 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnreachableCode {
    /// 0: no route to the network.
    Net,
    /// 1: no answer from the host or the next hop.
    Host,
    /// 2: nobody speaks this protocol.
    Protocol,
    /// 3: nobody listens on this port.
    Port,
    /// 4: fragmentation needed, but DF is set; carries the next hop's MTU (RFC 1191).
    FragmentationNeeded,
    /// 5: source route failed.
    SourceRoute,
    /// 6: destination network unknown.
    NetUnknown,
    /// 7: destination host unknown.
    HostUnknown,
    /// 9: network administratively prohibited.
    NetProhibited,
    /// 10: host administratively prohibited.
    HostProhibited,
    /// 11: network unreachable for this type of service.
    NetTos,
    /// 12: host unreachable for this type of service.
    HostTos,
    /// 13: communication administratively prohibited (RFC 1812).
    AdminProhibited,
    /// Any other code.
    Other(u8),
}

impl UnreachableCode {
    /// The code with this number (IANA "Internet Control Message Protocol Parameters").
    #[must_use]
    pub const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Net,
            1 => Self::Host,
            2 => Self::Protocol,
            3 => Self::Port,
            4 => Self::FragmentationNeeded,
            5 => Self::SourceRoute,
            6 => Self::NetUnknown,
            7 => Self::HostUnknown,
            9 => Self::NetProhibited,
            10 => Self::HostProhibited,
            11 => Self::NetTos,
            12 => Self::HostTos,
            13 => Self::AdminProhibited,
            other => Self::Other(other),
        }
    }

    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Net => 0,
            Self::Host => 1,
            Self::Protocol => 2,
            Self::Port => 3,
            Self::FragmentationNeeded => 4,
            Self::SourceRoute => 5,
            Self::NetUnknown => 6,
            Self::HostUnknown => 7,
            Self::NetProhibited => 9,
            Self::HostProhibited => 10,
            Self::NetTos => 11,
            Self::HostTos => 12,
            Self::AdminProhibited => 13,
            Self::Other(number) => number,
        }
    }
}

/// Codes of "redirect" (type 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RedirectCode {
    /// 0: for the network.
    Net,
    /// 1: for the host.
    Host,
    /// Any other code.
    Other(u8),
}

impl RedirectCode {
    /// The code with this number (IANA "Internet Control Message Protocol Parameters").
    #[must_use]
    pub const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Net,
            1 => Self::Host,
            other => Self::Other(other),
        }
    }

    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Net => 0,
            Self::Host => 1,
            Self::Other(number) => number,
        }
    }
}

/// Codes of "time exceeded" (type 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeExceededCode {
    /// 0: TTL ran out in transit.
    Transit,
    /// 1: not all fragments came in time.
    Reassembly,
    /// Any other code.
    Other(u8),
}

impl TimeExceededCode {
    /// The code with this number (IANA "Internet Control Message Protocol Parameters").
    #[must_use]
    pub const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Transit,
            1 => Self::Reassembly,
            other => Self::Other(other),
        }
    }

    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Transit => 0,
            Self::Reassembly => 1,
            Self::Other(number) => number,
        }
    }
}

/// The packet that an error message is about. The value keeps all of it; on the wire the message is cut
/// to 576 bytes (RFC 1812 section 4.3.2.3).
pub type Quoted = Arc<Ipv4>;

/// An ICMP message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Icmp {
    /// Echo (type 8) and echo reply (type 0).
    Echo {
        /// True for the reply.
        reply: bool,
        /// Identifier: which ping.
        id: u16,
        /// Sequence number: which packet of that ping.
        seq: u16,
        /// What comes back unchanged.
        payload: Payload,
    },
    /// Destination unreachable (type 3).
    Unreachable {
        /// Why.
        code: UnreachableCode,
        /// MTU of the next hop in bytes, with [`UnreachableCode::FragmentationNeeded`]; otherwise 0.
        mtu: u16,
        /// The packet that could not be delivered.
        quoted: Quoted,
    },
    /// Redirect (type 5).
    Redirect {
        /// For the network or the host.
        code: RedirectCode,
        /// The better gateway.
        gateway: Ipv4Addr,
        /// The packet that took the longer way.
        quoted: Quoted,
    },
    /// Time exceeded (type 11).
    TimeExceeded {
        /// In transit or in reassembly.
        code: TimeExceededCode,
        /// The packet that died.
        quoted: Quoted,
    },
    /// Parameter problem (type 12).
    ParameterProblem {
        /// Octet at which the header is wrong.
        pointer: u8,
        /// The packet at fault.
        quoted: Quoted,
    },
    /// Any other type.
    Other {
        /// ICMP type.
        kind: u8,
        /// ICMP code.
        code: u8,
        /// The four octets after the checksum.
        rest: [u8; 4],
        /// What follows.
        payload: Payload,
    },
}

impl Icmp {
    /// Bytes of the ICMP header.
    pub const HEADER_LEN: usize = 8;
    /// Longest error message on the wire, IPv4 header included (RFC 1812 section 4.3.2.3).
    pub const MAX_ERROR_LEN: usize = 576;

    /// Type of "echo reply".
    pub const ECHO_REPLY: u8 = 0;
    /// Type of "destination unreachable".
    pub const UNREACHABLE: u8 = 3;
    /// Type of "redirect".
    pub const REDIRECT: u8 = 5;
    /// Type of "echo".
    pub const ECHO: u8 = 8;
    /// Type of "time exceeded".
    pub const TIME_EXCEEDED: u8 = 11;
    /// Type of "parameter problem".
    pub const PARAMETER_PROBLEM: u8 = 12;

    /// Type and code on the wire (IANA "Internet Control Message Protocol Parameters").
    #[must_use]
    pub const fn type_and_code(&self) -> (u8, u8) {
        match self {
            Self::Echo { reply, .. } => (if *reply { Self::ECHO_REPLY } else { Self::ECHO }, 0),
            Self::Unreachable { code, .. } => (Self::UNREACHABLE, code.number()),
            Self::Redirect { code, .. } => (Self::REDIRECT, code.number()),
            Self::TimeExceeded { code, .. } => (Self::TIME_EXCEEDED, code.number()),
            Self::ParameterProblem { .. } => (Self::PARAMETER_PROBLEM, 0),
            Self::Other { kind, code, .. } => (*kind, *code),
        }
    }

    /// The four octets after the checksum, whose meaning the type gives.
    #[must_use]
    pub const fn rest_of_header(&self) -> [u8; 4] {
        match self {
            Self::Echo { id, seq, .. } => {
                let ([a, b], [c, d]) = (id.to_be_bytes(), seq.to_be_bytes());
                [a, b, c, d]
            }
            Self::Unreachable { code: UnreachableCode::FragmentationNeeded, mtu, .. } => {
                let [high, low] = mtu.to_be_bytes();
                [0, 0, high, low]
            }
            Self::Redirect { gateway, .. } => gateway.octets(),
            Self::Unreachable { .. } | Self::TimeExceeded { .. } => [0; 4],
            Self::ParameterProblem { pointer, .. } => [*pointer, 0, 0, 0],
            Self::Other { rest, .. } => *rest,
        }
    }

    /// The packet that this message quotes, if it is an error or a redirect.
    #[must_use]
    pub const fn quoted(&self) -> Option<&Quoted> {
        match self {
            Self::Unreachable { quoted, .. }
            | Self::Redirect { quoted, .. }
            | Self::TimeExceeded { quoted, .. }
            | Self::ParameterProblem { quoted, .. } => Some(quoted),
            Self::Echo { .. } | Self::Other { .. } => None,
        }
    }

    /// True for messages that report a failed packet; no error is ever sent about these (RFC 1122 section 3.2.2).
    #[must_use]
    pub const fn is_error(&self) -> bool {
        self.quoted().is_some()
    }

    /// Bytes of header and content on the wire.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        Self::HEADER_LEN
            + match self {
                Self::Echo { payload, .. } | Self::Other { payload, .. } => payload.len(),
                Self::Unreachable { quoted, .. }
                | Self::Redirect { quoted, .. }
                | Self::TimeExceeded { quoted, .. }
                | Self::ParameterProblem { quoted, .. } => quoted.wire_len().min(Self::MAX_ERROR_LEN - Ipv4::HEADER_LEN - Self::HEADER_LEN),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_their_numbers_agree() {
        for number in 0..=u8::MAX {
            assert_eq!(UnreachableCode::from_number(number).number(), number);
            assert_eq!(RedirectCode::from_number(number).number(), number);
            assert_eq!(TimeExceededCode::from_number(number).number(), number);
        }
        assert_eq!(UnreachableCode::from_number(13), UnreachableCode::AdminProhibited);
        assert_eq!(UnreachableCode::from_number(8), UnreachableCode::Other(8));
    }
}
