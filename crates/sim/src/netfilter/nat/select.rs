//! Chooses addresses and ports for a connection, so that its reply tuple is nobody else's.

use super::Manip;
use crate::netfilter::NetfilterEnv;
use crate::netfilter::conntrack::{Conntrack, CtDirection, CtTuple, Entry, Status, TcpCtState, after};
use crate::netfilter::ruleset::{AddressRange, NatOptions};
use roundtrip_wire::IpProtocol;
use std::net::Ipv4Addr;

/// What to choose from.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::netfilter) struct Range {
    /// Addresses; unchanged without.
    pub(in crate::netfilter) addresses: Option<AddressRange>,
    /// Ports and flags.
    pub(in crate::netfilter) options: NatOptions,
}

/// Ports tried from one random beginning.
const MOST_ATTEMPTS: u32 = 128;
/// So many attempts before the end, connections that are over are pushed aside.
const LAST_ATTEMPTS: u32 = MOST_ATTEMPTS / 4;
/// With fewer attempts in a round no further round is begun.
const FEWEST_ATTEMPTS: u32 = 16;

/// The hash that Linux uses to choose an address (`jhash2`, Bob Jenkins' public "lookup3"), for the four words of an address
/// field of which IPv4 fills the first. There is nothing random in it, so the choice is the kernel's own.
fn address_hash(address: Ipv4Addr, seed: u32) -> u32 {
    let start = 0xdead_beef_u32.wrapping_add(4 << 2).wrapping_add(seed);
    let (mut a, mut b, mut c) = (start.wrapping_add(u32::from_le_bytes(address.octets())), start, start);
    for (left, middle, right) in [(4, 6, 8), (16, 19, 4)] {
        a = a.wrapping_sub(c) ^ c.rotate_left(left);
        c = c.wrapping_add(b);
        b = b.wrapping_sub(a) ^ a.rotate_left(middle);
        a = a.wrapping_add(c);
        c = c.wrapping_sub(b) ^ b.rotate_left(right);
        b = b.wrapping_add(a);
    }
    c = (c ^ b).wrapping_sub(b.rotate_left(14));
    a = (a ^ c).wrapping_sub(c.rotate_left(11));
    b = (b ^ a).wrapping_sub(a.rotate_left(25));
    c = (c ^ b).wrapping_sub(b.rotate_left(16));
    a = (a ^ c).wrapping_sub(c.rotate_left(4));
    b = (b ^ a).wrapping_sub(a.rotate_left(14));
    (c ^ b).wrapping_sub(b.rotate_left(24))
}

/// The address for a connection, always the same for the same pair of ends.
fn choose_address(tuple: &CtTuple, addresses: AddressRange, persistent: bool) -> Ipv4Addr {
    let (first, last) = (u32::from(addresses.first), u32::from(addresses.last));
    if first == last {
        return addresses.first;
    }
    let seed = if persistent { 0 } else { u32::from_le_bytes(tuple.dst.octets()) };
    let span = u64::from(last.wrapping_sub(first).wrapping_add(1));
    let offset = (u64::from(address_hash(tuple.src, seed)) * span) >> 32;
    Ipv4Addr::from(first.wrapping_add((offset & u64::from(u32::MAX)) as u32))
}

/// The port or identifier that a translation changes.
const fn port(tuple: &CtTuple, manip: Manip) -> u16 {
    match (manip, tuple.protocol) {
        (Manip::Source, _) | (_, IpProtocol::ICMP) => tuple.src_port,
        (Manip::Destination, _) => tuple.dst_port,
    }
}

const fn with_port(mut tuple: CtTuple, manip: Manip, port: u16) -> CtTuple {
    match (manip, tuple.protocol) {
        (Manip::Source, _) | (_, IpProtocol::ICMP) => tuple.src_port = port,
        (Manip::Destination, _) => tuple.dst_port = port,
    }
    tuple
}

const fn has_ports(protocol: IpProtocol) -> bool {
    matches!(protocol, IpProtocol::TCP | IpProtocol::UDP | IpProtocol::ICMP)
}

/// The address lies in the range, and so does the port if the range names ports.
fn in_range(tuple: &CtTuple, range: &Range) -> bool {
    let address = range.addresses.is_none_or(|r| (r.first..=r.last).contains(&tuple.src));
    address && port_in_range(tuple, Manip::Source, range)
}

fn port_in_range(tuple: &CtTuple, manip: Manip, range: &Range) -> bool {
    !has_ports(tuple.protocol) || range.options.ports.is_none_or(|r| (r.first..=r.last).contains(&port(tuple, manip)))
}

/// Answers to what leaves as `tuple` would be taken for another connection's.
fn is_taken(conntrack: &Conntrack, tuple: &CtTuple) -> bool {
    tuple.inverse().is_some_and(|reply| conntrack.table.find(&reply).is_some())
}

/// The same, but a translated TCP connection that is over makes room for a SYN that is plainly newer.
fn is_taken_for_good(conntrack: &mut Conntrack, entry: &Entry, tuple: &CtTuple, now: crate::time::SimTime) -> bool {
    let Some((slot, direction)) = tuple.inverse().and_then(|reply| conntrack.table.find(&reply)) else { return false };
    let Some(other) = conntrack.table.get(slot) else { return false };
    let over = direction == CtDirection::Reply
        && other.status.has(Status::SRC_NAT)
        && other.tcp_state().is_some_and(|state| state >= TcpCtState::TimeWait);
    let newer = match (entry.tcp_sent(), other.tcp_sent()) {
        (Some(new), Some(old)) => after(new, old),
        _ => false,
    };
    if over && newer {
        conntrack.kill(slot, now);
        return false;
    }
    true
}

/// Looks for a free port. If none is found the last one tried stays, and the packet dies when its entry is to be confirmed.
fn choose_port(
    mut tuple: CtTuple,
    range: &Range,
    entry: &Entry,
    manip: Manip,
    conntrack: &mut Conntrack,
    env: &mut dyn NetfilterEnv,
) -> CtTuple {
    if !has_ports(tuple.protocol) {
        return tuple;
    }
    let (least, size) = match range.options.ports {
        Some(ports) => {
            let (low, high) = (ports.first.min(ports.last), ports.first.max(ports.last));
            (u32::from(low), u32::from(high - low) + 1)
        }
        None if tuple.protocol == IpProtocol::ICMP => (0, 65_536),
        None if manip == Manip::Destination => return tuple,
        // Privileged ports stay privileged.
        None => match tuple.src_port {
            0..=511 => (1, 511),
            512..=1023 => (600, 424),
            _ => (1024, 64_512),
        },
    };
    let draw = |env: &mut dyn NetfilterEnv| env.random() & 0xffff;
    let mut offset = if range.options.random || manip == Manip::Source { draw(env) } else { 0 };
    let evicts = tuple.protocol == IpProtocol::TCP && entry.tcp_state() == Some(TcpCtState::SynSent);
    let mut attempts = size.min(MOST_ATTEMPTS);
    loop {
        for attempt in 0..attempts {
            let candidate = least + (offset & 0xffff) % size;
            tuple = with_port(tuple, manip, (candidate & 0xffff) as u16);
            let taken = if evicts && attempts - attempt <= LAST_ATTEMPTS {
                is_taken_for_good(conntrack, entry, &tuple, env.now())
            } else {
                is_taken(conntrack, &tuple)
            };
            if !taken {
                return tuple;
            }
            offset = offset.wrapping_add(1);
        }
        if attempts >= size || attempts < FEWEST_ATTEMPTS {
            return tuple;
        }
        attempts /= 2;
        offset = draw(env);
    }
}

/// What the connection's packets are to look like after the translation.
fn choose(current: &CtTuple, range: &Range, entry: &Entry, manip: Manip, conntrack: &mut Conntrack, env: &mut dyn NetfilterEnv) -> CtTuple {
    if manip == Manip::Source && !range.options.random {
        if in_range(current, range) {
            if !is_taken(conntrack, current) {
                return *current;
            }
        } else {
            // The same source keeps the address and port that it already has elsewhere.
            let known = conntrack.table.sharing_source(current).find_map(|other| {
                let outside = other.translated(CtDirection::Original);
                let candidate = CtTuple { src: outside.src, src_port: outside.src_port, ..*current };
                in_range(&candidate, range).then_some(candidate)
            });
            if let Some(candidate) = known
                && !is_taken(conntrack, &candidate)
            {
                return candidate;
            }
        }
    }
    let mut tuple = *current;
    if let Some(addresses) = range.addresses {
        let address = choose_address(&tuple, addresses, range.options.persistent);
        match manip {
            Manip::Source => tuple.src = address,
            Manip::Destination => tuple.dst = address,
        }
    }
    if !range.options.random {
        let good = match range.options.ports {
            Some(ports) => port_in_range(&tuple, manip, range) && (ports.first == ports.last || !is_taken(conntrack, &tuple)),
            None => !is_taken(conntrack, &tuple),
        };
        if good {
            return tuple;
        }
    }
    choose_port(tuple, range, entry, manip, conntrack, env)
}

/// Settles what becomes of one half of an unconfirmed connection's packets.
pub(in crate::netfilter) fn bind(entry: &mut Entry, range: &Range, manip: Manip, conntrack: &mut Conntrack, env: &mut dyn NetfilterEnv) {
    if entry.status.has(Status::CONFIRMED) {
        return;
    }
    let current = entry.translated(CtDirection::Original);
    let chosen = choose(&current, range, entry, manip, conntrack, env);
    if chosen != current
        && let Some(reply) = chosen.inverse()
    {
        entry.reply = reply;
        entry.status.set(match manip {
            Manip::Source => Status::SRC_NAT,
            Manip::Destination => Status::DST_NAT,
        });
    }
    entry.status.set(match manip {
        Manip::Source => Status::SRC_NAT_DONE,
        Manip::Destination => Status::DST_NAT_DONE,
    });
}
