//! What a person would look up in the drawing to find another way: who stands where, and who forwards.

use crate::reading::{Reading, owners};
use ipnet::Ipv4Net;
use roundtrip_sim::scenario::{IfIndex, NodeId, Port};
use roundtrip_sim::sysctl::Sysctl;
use std::net::Ipv4Addr;

/// A neighbour by which packets could go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NextHop {
    /// Who it is.
    pub(super) node: NodeId,
    /// Its address on the common segment.
    pub(super) address: Ipv4Addr,
}

/// True if the node forwards, as its settings say at the start.
pub(super) fn forwards(reading: &Reading<'_>, node: NodeId) -> bool {
    let settings = reading.scenario().nodes.get(node.0 as usize).map_or(&[][..], |node| node.sysctls.as_slice());
    settings
        .iter()
        .rev()
        .find(|setting| matches!(setting.key, Sysctl::IpForward | Sysctl::Forwarding))
        .is_some_and(|setting| setting.value != 0)
}

/// The subnet to write into a route for an address: that of its owner's interface, unless `at` stands on it itself; then the
/// address alone.
pub(super) fn subnet_for(reading: &Reading<'_>, at: NodeId, address: Ipv4Addr) -> Option<Ipv4Net> {
    let owner = owners(reading.scenario(), address).next()?;
    let addresses = |node: NodeId| {
        let interfaces = reading.scenario().nodes.get(node.0 as usize).map_or(&[][..], |node| node.interfaces.as_slice());
        interfaces.iter().flat_map(|interface| interface.addresses.iter().copied())
    };
    let net = addresses(owner).find(|net| net.addr() == address)?.trunc();
    let on_it = addresses(at).any(|own| own.contains(&address));
    Some(if on_it { Ipv4Net::from(address) } else { net })
}

/// The address by which a node knows the owner of another interface on a common segment.
pub(super) fn address_towards(reading: &Reading<'_>, of: Port, seen_from: Port) -> Option<Ipv4Addr> {
    let own = reading.interface(seen_from.node, seen_from.interface)?;
    let other = reading.interface(of.node, of.interface)?;
    other.addresses.iter().map(Ipv4Net::addr).find(|address| own.addresses.iter().any(|net| net.contains(address)))
}

/// Every router next to a node, in the order of the document.
pub(super) fn routers_beside(reading: &Reading<'_>, node: NodeId) -> Vec<NextHop> {
    let mut found: Vec<NextHop> = Vec::new();
    let nodes = &reading.scenario().nodes;
    let Some(own) = nodes.get(node.0 as usize) else { return found };
    for (other, id) in nodes.iter().zip(0_u32..) {
        let other_id = NodeId(id);
        if other_id == node || !forwards(reading, other_id) {
            continue;
        }
        for (mine, place) in own.interfaces.iter().zip(0_u16..) {
            for (theirs, their_place) in other.interfaces.iter().zip(0_u16..).filter(|(theirs, _)| theirs.segment.is_some()) {
                if mine.segment != theirs.segment {
                    continue;
                }
                let of = Port { node: other_id, interface: IfIndex(their_place) };
                let seen_from = Port { node, interface: IfIndex(place) };
                if let Some(address) = address_towards(reading, of, seen_from)
                    && !found.iter().any(|known| known.address == address)
                {
                    found.push(NextHop { node: other_id, address });
                }
            }
        }
    }
    found
}
