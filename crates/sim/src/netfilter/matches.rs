//! Conditions of rules. A condition on something that a packet does not have never holds, not even negated.

use super::NetfilterEnv;
use super::conntrack::{CtDirection, CtLink, Entry, Status};
use super::limit::Bucket;
use super::ruleset::{AddressRange, CtStatus, Match, PortRange, Test};
use super::skb::Skb;
use crate::scenario::IfIndex;
use roundtrip_wire::{IpBody, IpProtocol, Ipv4, TcpFlags};
use std::net::Ipv4Addr;

/// What rules can see of a packet's transport header.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Header {
    ports: Option<(u16, u16)>,
    flags: Option<TcpFlags>,
    icmp: Option<(u8, u8)>,
}

impl Header {
    /// Reads it; of a first fragment from the bytes, of a later one there is nothing.
    pub(super) fn of(packet: &Ipv4) -> Self {
        match &packet.body {
            IpBody::Tcp(tcp) => Self { ports: Some((tcp.src_port, tcp.dst_port)), flags: Some(tcp.flags), icmp: None },
            IpBody::Udp(udp) => Self { ports: Some((udp.src_port, udp.dst_port)), ..Self::default() },
            IpBody::Icmp(icmp) => Self { icmp: Some(icmp.type_and_code()), ..Self::default() },
            IpBody::Fragment(fragment) if fragment.offset_units == 0 => Self::of_bytes(fragment.protocol, fragment.bytes.as_slice()),
            IpBody::Fragment(_) => Self::default(),
            IpBody::Other(other) => Self::of_bytes(other.protocol, other.bytes.as_slice()),
        }
    }

    fn of_bytes(protocol: IpProtocol, bytes: &[u8]) -> Self {
        let ports = match bytes {
            [a, b, c, d, ..] => Some((u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]))),
            _ => None,
        };
        match (protocol, bytes) {
            (IpProtocol::ICMP, [kind, code, ..]) => Self { icmp: Some((*kind, *code)), ..Self::default() },
            (IpProtocol::ICMP, _) => Self::default(),
            (IpProtocol::TCP, _) => Self { ports, flags: bytes.get(13).map(|flags| TcpFlags(*flags)), icmp: None },
            _ => Self { ports, ..Self::default() },
        }
    }
}

/// One packet before one rule.
pub(super) struct Sight<'a> {
    pub(super) packet: &'a Ipv4,
    pub(super) header: Header,
    pub(super) skb: &'a Skb,
    pub(super) entry: Option<&'a Entry>,
    pub(super) env: &'a dyn NetfilterEnv,
}

fn test<T>(test: &Test<T>, holds: impl Fn(&T) -> bool) -> bool {
    test.any_of.iter().any(holds) != test.negated
}

fn name_fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => pattern == name,
    }
}

fn contains(range: &AddressRange, address: Ipv4Addr) -> bool {
    (range.first..=range.last).contains(&address)
}

impl Sight<'_> {
    /// Every condition holds. A `limit` is asked, and charged, only if those before it hold.
    pub(super) fn all(&self, conditions: &[Match], limits: &mut [Bucket]) -> bool {
        let mut limits = limits.iter_mut();
        conditions.iter().all(|condition| match condition {
            Match::Limit { over, .. } => limits.next().is_some_and(|bucket| bucket.take(self.env.now()) != *over),
            other => self.holds(other),
        })
    }

    fn interface(&self, wanted: &Test<String>, interface: Option<IfIndex>) -> bool {
        let name = interface.map_or("", |index| self.env.interface_name(index));
        test(wanted, |pattern| name_fits(pattern, name))
    }

    fn port(&self, protocol: Option<u8>, wanted: &Test<PortRange>, port: Option<u16>) -> bool {
        protocol.is_none_or(|protocol| self.packet.protocol().0 == protocol)
            && port.is_some_and(|port| test(wanted, |range| (range.first..=range.last).contains(&port)))
    }

    fn holds(&self, condition: &Match) -> bool {
        let Self { packet, header, skb, entry, env } = self;
        match condition {
            Match::InInterface(wanted) => self.interface(wanted, skb.in_if),
            Match::OutInterface(wanted) => self.interface(wanted, skb.out_if),
            Match::Source(wanted) => test(wanted, |range| contains(range, packet.src)),
            Match::Destination(wanted) => test(wanted, |range| contains(range, packet.dst)),
            Match::Protocol(wanted) => test(wanted, |protocol| packet.protocol().0 == *protocol),
            Match::SourcePort { protocol, ports } => self.port(*protocol, ports, header.ports.map(|(source, _)| source)),
            Match::DestinationPort { protocol, ports } => self.port(*protocol, ports, header.ports.map(|(_, destination)| destination)),
            Match::TcpFlags { negated, mask, value } => {
                header.flags.is_some_and(|flags| (TcpFlags(flags.0 & mask.0) == *value) != *negated)
            }
            Match::IcmpType(wanted) => header.icmp.is_some_and(|(kind, _)| test(wanted, |w| *w == kind)),
            Match::IcmpCode(wanted) => header.icmp.is_some_and(|(_, code)| test(wanted, |w| *w == code)),
            Match::CtState { negated, any_of } => any_of.contains(&skb.ct.state()) != *negated,
            Match::CtStatus { negated, any_of } => {
                entry.is_some_and(|entry| any_of.iter().any(|bit| entry.status.has(status_bit(*bit))) != *negated)
            }
            Match::CtDirection(original) => {
                let direction = if *original { CtDirection::Original } else { CtDirection::Reply };
                skb.ct.info().is_some_and(|info| info.direction() == direction)
            }
            Match::Length(wanted) => test(wanted, |(first, last)| (usize::from(*first)..=usize::from(*last)).contains(&packet.wire_len())),
            Match::Ttl(wanted) => test(wanted, |(first, last)| (*first..=*last).contains(&packet.ttl)),
            Match::Mark(wanted) => test(wanted, |mark| *mark == skb.mark),
            Match::CtMark(wanted) => entry.is_some_and(|entry| test(wanted, |mark| *mark == entry.mark)),
            // Asked in `all`, where its bucket is.
            Match::Limit { .. } => false,
            Match::DestinationIsLocal(wanted) => env.is_local(packet.dst) == *wanted,
            Match::Fragment(wanted) => {
                let later = matches!(&packet.body, IpBody::Fragment(fragment) if fragment.offset_units != 0);
                later == *wanted
            }
        }
    }
}

const fn status_bit(status: CtStatus) -> Status {
    match status {
        CtStatus::SeenReply => Status::SEEN_REPLY,
        CtStatus::Assured => Status::ASSURED,
        CtStatus::Confirmed => Status::CONFIRMED,
        CtStatus::Snat => Status::SRC_NAT,
        CtStatus::Dnat => Status::DST_NAT,
    }
}

impl CtLink {
    /// The packet has been marked `notrack`.
    pub(super) const fn is_untracked(&self) -> bool {
        matches!(self, Self::Untracked)
    }
}
