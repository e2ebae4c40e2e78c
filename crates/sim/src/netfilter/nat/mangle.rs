//! Rewrites packets as their entry says.

use super::Manip;
use crate::netfilter::conntrack::{CtDirection, CtTuple, Entry, Status};
use roundtrip_wire::{Icmp, IpBody, Ipv4};
use std::sync::Arc;

/// Writes one half of `target` into a packet.
fn rewrite(packet: &mut Ipv4, target: &CtTuple, manip: Manip) {
    match manip {
        Manip::Source => packet.src = target.src,
        Manip::Destination => packet.dst = target.dst,
    }
    match &mut packet.body {
        IpBody::Tcp(tcp) => {
            let tcp = Arc::make_mut(tcp);
            match manip {
                Manip::Source => tcp.src_port = target.src_port,
                Manip::Destination => tcp.dst_port = target.dst_port,
            }
        }
        IpBody::Udp(udp) => {
            let udp = Arc::make_mut(udp);
            match manip {
                Manip::Source => udp.src_port = target.src_port,
                Manip::Destination => udp.dst_port = target.dst_port,
            }
        }
        IpBody::Icmp(icmp) => match Arc::make_mut(icmp) {
            Icmp::Echo { id, .. } => *id = target.src_port,
            Icmp::Other { kind: 13..=18, rest, .. } => {
                let [high, low] = target.src_port.to_be_bytes();
                let [_, _, third, fourth] = *rest;
                *rest = [high, low, third, fourth];
            }
            // Errors and redirects have no identifier.
            Icmp::Unreachable { .. }
            | Icmp::Redirect { .. }
            | Icmp::TimeExceeded { .. }
            | Icmp::ParameterProblem { .. }
            | Icmp::Other { .. } => {}
        },
        IpBody::Fragment(_) | IpBody::Other(_) => {}
    }
}

/// True if the entry changes this half of packets that go in this direction.
fn changes(entry: &Entry, direction: CtDirection, manip: Manip) -> bool {
    let source_of_original = match direction {
        CtDirection::Original => manip,
        CtDirection::Reply => manip.opposite(),
    };
    entry.status.has(match source_of_original {
        Manip::Source => Status::SRC_NAT,
        Manip::Destination => Status::DST_NAT,
    })
}

/// Translates a packet of the connection. Returns whether it was changed.
pub(in crate::netfilter) fn packet(packet: &mut Ipv4, entry: &Entry, direction: CtDirection, manip: Manip) -> bool {
    let change = changes(entry, direction, manip);
    if change {
        rewrite(packet, &entry.translated(direction), manip);
    }
    change
}

/// Translates an ICMP error about a packet of the connection, the quoted packet included. `Err` if it must not go out:
/// a redirect about a connection that is translated, or of which it is not settled yet whether it will be.
pub(in crate::netfilter) fn icmp_error(packet: &mut Ipv4, entry: &Entry, direction: CtDirection, manip: Manip) -> Result<bool, ()> {
    let IpBody::Icmp(message) = &mut packet.body else { return Ok(false) };
    if let Icmp::Redirect { .. } = **message {
        let settled = entry.status.has(Status::SRC_NAT_DONE) && entry.status.has(Status::DST_NAT_DONE);
        if !settled || entry.status.has(Status::SRC_NAT) || entry.status.has(Status::DST_NAT) {
            return Err(());
        }
    }
    if !changes(entry, direction, manip) {
        return Ok(false);
    }
    match Arc::make_mut(message) {
        Icmp::Unreachable { quoted, .. }
        | Icmp::Redirect { quoted, .. }
        | Icmp::TimeExceeded { quoted, .. }
        | Icmp::ParameterProblem { quoted, .. } => {
            // The quoted packet goes the other way, so its other half is the one that was changed.
            rewrite(Arc::make_mut(quoted), entry.tuple(direction.opposite()), manip.opposite());
        }
        Icmp::Echo { .. } | Icmp::Other { .. } => return Ok(false),
    }
    let target = entry.translated(direction);
    match manip {
        Manip::Source => packet.src = target.src,
        Manip::Destination => packet.dst = target.dst,
    }
    Ok(true)
}
