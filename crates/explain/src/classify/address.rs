//! Whose an address is at a moment: somebody else's, nobody's any more, two nodes', everybody's.

use super::*;

/// The address is the broadcast address of a subnet that the node stands on at a moment.
pub(crate) fn is_broadcast(thread: &Thread<'_>, node: NodeId, address: Ipv4Addr, at: SimTime) -> bool {
    let scenario = thread.reading().scenario();
    let interfaces = scenario.nodes.get(node.0 as usize).map_or(&[][..], |node| node.interfaces.as_slice());
    let own = interfaces.iter().flat_map(|interface| interface.addresses.iter().copied());
    let added = scenario.actions.iter().filter(|action| action.at <= at).filter_map(|action| match &action.kind {
        ActionKind::Addr { port, add: true, address } if port.node == node => Some(*address),
        _ => None,
    });
    own.chain(added).any(|net| {
        let still = owners_at(scenario, net.addr(), at).iter().any(|port| port.node == node);
        still && net.prefix_len() < 31 && net.broadcast() == address
    })
}

/// The one who began asked for a source address.
pub(crate) fn has_source(thread: &Thread<'_>) -> bool {
    let action = thread.reading().scenario().actions.get(thread.conversation().action.0 as usize);
    action.is_some_and(|action| match &action.kind {
        ActionKind::Ping(ping) => ping.source.is_some(),
        ActionKind::Tcp(tcp) => tcp.source.is_some(),
        ActionKind::Udp(udp) => udp.source.is_some(),
        _ => false,
    })
}

/// Who sent the packet as a broadcast because its destination is one to it.
pub(crate) fn broadcast_by(thread: &Thread<'_>, packet: PacketId, visit: Option<VisitId>) -> Option<NodeId> {
    let reading = thread.reading();
    let frame = reading.frame_in(visit?)?;
    let to = frame.frame.ipv4()?.dst;
    let by = frame.port.node;
    (thread.conversation().is_tcp() && frame.frame.dst.is_multicast() && is_broadcast(thread, by, to, frame.sent)).then_some(by)?;
    reading.visit_at(packet, by).map(|_| by)
}

/// The packet came to one of two owners of its destination, and the other one would have had an answer.
pub(crate) fn another_would(thread: &Thread<'_>, packet: PacketId, here: NodeId) -> bool {
    let reading = thread.reading();
    let Some(ip) = reading.visit_at(packet, here).and_then(|visit| reading.ip(visit)) else { return false };
    let port = ip.tcp().map(|tcp| tcp.dst_port).or_else(|| ip.udp().map(|udp| udp.dst_port));
    let scenario = reading.scenario();
    let listens = |node: NodeId| {
        let listeners = scenario.nodes.get(node.0 as usize).map_or(&[][..], |node| node.listeners.as_slice());
        listeners.iter().any(|listener| Some(listener.port) == port)
    };
    owners(scenario, ip.dst).any(|node| node != here && (port.is_none() || listens(node)))
}

/// A node that does not forward got it: because it was meant to forward, or because the next hop's address is its own no longer, or
/// not its own alone.
pub(crate) fn of_not_forwarding(thread: &Thread<'_>, record: &DropRecord) -> Cause {
    let meant = record
        .visit
        .and_then(|visit| meant_for(thread, visit))
        .map(|(address, sent)| owners_at(thread.reading().scenario(), address, sent));
    match meant {
        Some(owners) if !owners.iter().any(|port| port.node == record.node) => Cause::StaleNeighbour,
        Some(owners) if owners.iter().any(|port| port.node != record.node) => Cause::DuplicateAddress,
        _ => Cause::NotForwarding,
    }
}

/// The next hop's address for which the frame that began a stay was sent, and when.
pub(crate) fn meant_for(thread: &Thread<'_>, visit: VisitId) -> Option<(Ipv4Addr, SimTime)> {
    let reading = thread.reading();
    let frame = reading.frame_in(visit)?;
    let (address, _) = crate::chain::next_hop(thread, frame.visit?, frame.frame.ipv4().map(|ip| ip.dst))?;
    Some((address, frame.sent))
}
