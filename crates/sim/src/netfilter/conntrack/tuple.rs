//! What identifies one direction of a connection.

use roundtrip_wire::{Icmp, IpBody, IpProtocol, Ipv4};
use std::net::Ipv4Addr;

/// One of the two directions of a tracked connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CtDirection {
    /// That of the packet that began it.
    Original,
    /// The other.
    Reply,
}

impl CtDirection {
    /// The other one.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Original => Self::Reply,
            Self::Reply => Self::Original,
        }
    }
}

/// Addresses, protocol, and what the protocol adds: one direction of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CtTuple {
    /// Source address.
    pub src: Ipv4Addr,
    /// Destination address.
    pub dst: Ipv4Addr,
    /// Protocol.
    pub protocol: IpProtocol,
    /// TCP and UDP: source port. ICMP: identifier. Other protocols: 0.
    pub src_port: u16,
    /// TCP and UDP: destination port. ICMP: type in the upper octet, code in the lower one. Other protocols: 0.
    pub dst_port: u16,
}

/// ICMP questions and their answers, by type; what is not here has no opposite direction.
const ICMP_PAIRS: [(u8, u8); 4] = [(8, 0), (13, 14), (15, 16), (17, 18)];

/// Source and destination port at the beginning of a transport header.
fn ports(bytes: &[u8]) -> Option<(u16, u16)> {
    match bytes {
        [a, b, c, d, ..] => Some((u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]))),
        _ => None,
    }
}

impl CtTuple {
    /// The tuple of a packet; none for a later fragment, whose ports nobody can know, and for a header that is cut off.
    #[must_use]
    pub fn of(packet: &Ipv4) -> Option<Self> {
        let protocol = packet.protocol();
        let (src_port, dst_port) = match &packet.body {
            IpBody::Tcp(tcp) => (tcp.src_port, tcp.dst_port),
            IpBody::Udp(udp) => (udp.src_port, udp.dst_port),
            IpBody::Icmp(icmp) => Self::icmp_parts(icmp),
            IpBody::Fragment(fragment) if fragment.offset_units != 0 => return None,
            IpBody::Fragment(fragment) => match (protocol, fragment.bytes.as_slice()) {
                (IpProtocol::TCP | IpProtocol::UDP, bytes) => ports(bytes)?,
                (IpProtocol::ICMP, [kind, code, _, _, id_high, id_low, ..]) => {
                    (u16::from_be_bytes([*id_high, *id_low]), u16::from_be_bytes([*kind, *code]))
                }
                (IpProtocol::ICMP, _) => return None,
                _ => (0, 0),
            },
            IpBody::Other(_) => (0, 0),
        };
        Some(Self { src: packet.src, dst: packet.dst, protocol, src_port, dst_port })
    }

    fn icmp_parts(icmp: &Icmp) -> (u16, u16) {
        let (kind, code) = icmp.type_and_code();
        let [high, low, _, _] = icmp.rest_of_header();
        (u16::from_be_bytes([high, low]), u16::from_be_bytes([kind, code]))
    }

    /// ICMP type; none for other protocols.
    #[must_use]
    pub fn icmp_type(&self) -> Option<u8> {
        (self.protocol == IpProtocol::ICMP).then_some((self.dst_port >> 8) as u8)
    }

    /// ICMP code; none for other protocols.
    #[must_use]
    pub fn icmp_code(&self) -> Option<u8> {
        (self.protocol == IpProtocol::ICMP).then_some((self.dst_port & 0xff) as u8)
    }

    /// The tuple of an answer; none for an ICMP type to which there is none.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let (src_port, dst_port) = match (self.icmp_type(), self.icmp_code()) {
            (Some(kind), Some(code)) => {
                let answer = ICMP_PAIRS.iter().find_map(|&(question, answer)| match kind {
                    k if k == question => Some(answer),
                    k if k == answer => Some(question),
                    _ => None,
                })?;
                (self.src_port, u16::from_be_bytes([answer, code]))
            }
            _ => (self.dst_port, self.src_port),
        };
        Some(Self { src: self.dst, dst: self.src, protocol: self.protocol, src_port, dst_port })
    }

    /// True for ICMP types that may begin an exchange.
    #[must_use]
    pub fn is_icmp_question(&self) -> bool {
        self.icmp_type().is_some_and(|kind| ICMP_PAIRS.iter().any(|(question, _)| *question == kind))
    }

    /// A fixed hash: the same everywhere and for ever, so that nothing depends on the machine.
    pub(in crate::netfilter) fn hash(&self) -> u64 {
        const K: u64 = 0x9e37_79b9_7f4a_7c15;
        let addresses = u64::from(u32::from(self.src)) << 32 | u64::from(u32::from(self.dst));
        let rest = u64::from(self.src_port) << 24 | u64::from(self.dst_port) << 8 | u64::from(self.protocol.0);
        let mixed = (addresses.wrapping_mul(K) ^ rest).wrapping_mul(K).rotate_left(29).wrapping_mul(K);
        mixed ^ (mixed >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use roundtrip_wire::{Fragment, Payload};
    use std::sync::Arc;

    fn any_tuple() -> impl Strategy<Value = CtTuple> {
        let port = any::<u16>();
        (any::<u32>(), any::<u32>(), prop_oneof![Just(1u8), Just(6), Just(17), Just(47)], port, port).prop_map(
            |(src, dst, protocol, a, b)| CtTuple {
                src: src.into(),
                dst: dst.into(),
                protocol: IpProtocol(protocol),
                src_port: a,
                dst_port: b,
            },
        )
    }

    proptest! {
        #[test]
        fn the_inverse_of_the_inverse_is_the_tuple(tuple in any_tuple()) {
            if let Some(inverse) = tuple.inverse() {
                prop_assert_eq!(inverse.inverse(), Some(tuple));
            } else {
                prop_assert!(tuple.icmp_type().is_some());
            }
        }
    }

    #[test]
    fn a_first_fragment_shows_its_ports_and_a_later_one_none() {
        let piece = |offset_units| Ipv4 {
            src: [10, 0, 0, 1].into(),
            dst: [10, 0, 0, 2].into(),
            ttl: 64,
            tos: 0,
            id: 7,
            df: false,
            body: IpBody::Fragment(Arc::new(Fragment {
                protocol: IpProtocol::UDP,
                offset_units,
                more: true,
                bytes: Payload::new(vec![0x9c, 0x41, 0, 80, 0, 0, 0, 0]),
            })),
        };
        let tuple = CtTuple::of(&piece(0)).unwrap();
        assert_eq!((tuple.src_port, tuple.dst_port), (40001, 80));
        assert_eq!(CtTuple::of(&piece(1)), None);
    }

    #[test]
    fn echo_and_echo_reply_are_one_exchange() {
        let request =
            CtTuple { src: [10, 0, 0, 1].into(), dst: [10, 0, 0, 2].into(), protocol: IpProtocol::ICMP, src_port: 101, dst_port: 8 << 8 };
        let reply = request.inverse().unwrap();
        assert_eq!((reply.src_port, reply.icmp_type(), reply.icmp_code()), (101, Some(0), Some(0)));
        assert!(request.is_icmp_question() && !reply.is_icmp_question());
        // Router advertisements answer nothing.
        assert_eq!(CtTuple { dst_port: 9 << 8, ..request }.inverse(), None);
    }
}
