//! What stands at the root: addresses that moved or count for others, neighbours that do not fit each other, changes in time.

use super::{Case, Link, LinkKind, Reference, changes};
use crate::classify::{is_off, meant_for, redirected};
use crate::reading::{Direction, owners_at, way};
use roundtrip_sim::scenario::{ActionKind, NodeId, Port};
use roundtrip_sim::trace::{DropReason, Step};

/// The neighbour entry that leads to somebody else, who has the address now, and the change that made it so.
pub(super) fn stale(case: &Case<'_, '_>) -> Vec<Link> {
    let Some((place, visit)) = case.diagnosis.place.and_then(|place| Some((place, place.visit?))) else { return Vec::new() };
    let reading = case.thread.reading();
    let Some(((address, sent), frame)) = meant_for(case.thread, visit).zip(reading.frame_in(visit)) else { return Vec::new() };
    let from = frame.port;
    let link = Link::new(LinkKind::StaleEntry).with("node", case.device(from.node)).with("address", address);
    let mut links = vec![link.with("holder", case.device(place.node)).on(Reference::Neighbour { port: from, address })];
    match owners_at(reading.scenario(), address, sent).first() {
        Some(owner) => {
            let link = Link::new(LinkKind::OwnerNow).with("node", case.device(owner.node)).with("address", address);
            links.push(link.on(Reference::Interface(*owner)));
        }
        None => links.push(Link::new(LinkKind::NobodyHas).with("address", address)),
    }
    let moved = |kind: &ActionKind| matches!(kind, ActionKind::Addr { address: net, .. } if net.addr() == address);
    links.extend(changes::last(case, place.at, moved));
    links
}

/// On which subnet an address is the one for everybody.
pub(super) fn broadcast(case: &Case<'_, '_>) -> Option<Link> {
    let place = case.diagnosis.place?;
    let reading = case.thread.reading();
    let frame = place.visit.and_then(|visit| reading.frame_out(visit).or_else(|| reading.frame_in(visit)));
    let address = frame.and_then(|frame| frame.frame.ipv4()).map(|ip| ip.dst);
    let address = address.unwrap_or(case.thread.conversation().to);
    let scenario = reading.scenario();
    let interfaces = scenario.nodes.get(place.node.0 as usize).map_or(&[][..], |node| node.interfaces.as_slice());
    let added = scenario.actions.iter().filter_map(|action| match &action.kind {
        ActionKind::Addr { port, add: true, address } if port.node == place.node && action.at <= place.at => Some(*address),
        _ => None,
    });
    let mut nets = interfaces.iter().flat_map(|interface| interface.addresses.iter().copied()).chain(added);
    let net = nets.rfind(|net| net.broadcast() == address)?;
    let link = Link::new(LinkKind::IsBroadcast).with("node", case.device(place.node)).with("own", net.to_string());
    Some(link.with("address", address).on(Reference::Device(place.node)))
}

/// Neighbours with different MTUs.
pub(super) fn mismatch(case: &Case<'_, '_>) -> Option<Link> {
    let place = case.diagnosis.place?;
    let reading = case.thread.reading();
    let frames = reading.index().frames(place.packet?).iter().filter_map(|frame| reading.trace().frames.get(frame.0 as usize));
    // The last that was longer than an interface of the node on that segment takes.
    let taker = |segment| {
        let interfaces = reading.scenario().nodes.get(place.node.0 as usize)?.interfaces.iter();
        interfaces.zip(0_u16..).find(|(interface, _)| interface.segment == segment && segment.is_some())
    };
    let (frame, (interface, index)) = frames
        .filter_map(|frame| Some((frame, taker(frame.segment)?)))
        .find(|(frame, (interface, _))| frame.frame.ipv4().is_some_and(|ip| ip.wire_len() > usize::from(interface.mtu)))?;
    let length = u32::try_from(frame.frame.ipv4()?.wire_len()).unwrap_or(u32::MAX);
    let own = reading.interface(frame.port.node, frame.port.interface)?.mtu;
    let link = Link::new(LinkKind::MtusDiffer).with("from", case.device(frame.port.node)).with("own", own).with("length", length);
    let to = Port { node: place.node, interface: roundtrip_sim::IfIndex(index) };
    let link = link.with("node", case.device(place.node)).with("mtu", interface.mtu);
    Some(link.on(Reference::Interface(to)).on(Reference::Interface(frame.port)).on(place.packet.map(Reference::Packet)))
}

/// The interface that has an address is down, or without a cable: with what made it so.
pub(super) fn owner_off(case: &Case<'_, '_>, address: std::net::Ipv4Addr) -> Vec<Link> {
    let Some(place) = case.diagnosis.place else { return Vec::new() };
    let reading = case.thread.reading();
    let at = place.visit.and_then(|visit| reading.visit(visit)).map_or(place.at, |visit| visit.at);
    let Some(owner) = owners_at(reading.scenario(), address, at).into_iter().find(|port| is_off(case.thread, *port, at)) else {
        return Vec::new();
    };
    let link = Link::new(LinkKind::OwnerOff).with("node", case.device(owner.node)).with("address", address);
    let link = link.with("dev", case.interface(owner)).on(Reference::Interface(owner));
    let down = move |kind: &ActionKind| matches!(kind, ActionKind::Link { port, up: false, .. } if *port == owner);
    std::iter::once(link).chain(changes::last(case, at, down)).collect()
}

/// The change on a node that took its route away.
pub(super) fn route_taken(case: &Case<'_, '_>) -> Option<Link> {
    let place = case.diagnosis.place?;
    let node = place.node;
    changes::last(case, place.at, move |kind| match kind {
        ActionKind::Link { port, up: false, how } => port.node == node && *how == roundtrip_sim::scenario::LinkChange::Admin,
        ActionKind::Route { node: changed, op: roundtrip_sim::scenario::RouteOp::Del, .. } => *changed == node,
        ActionKind::Addr { port, add: false, .. } => port.node == node,
        _ => false,
    })
}

/// The change that switched a setting, or changed the rules, of a node.
pub(super) fn setting_or_rules(case: &Case<'_, '_>) -> Option<Link> {
    let place = case.diagnosis.place?;
    let node = place.node;
    let rule =
        place.drop.and_then(|drop| case.thread.reading().drop(drop)).is_some_and(|drop| matches!(drop.reason, DropReason::Rule { .. }));
    changes::last(case, place.at, move |kind| match kind {
        ActionKind::Nft { node: changed, .. } => rule && *changed == node,
        ActionKind::Sysctl { node: changed, .. } => !rule && *changed == node,
        ActionKind::Route { node: changed, .. } => !rule && *changed == node,
        _ => false,
    })
}

/// The change at the port that is down, at the node where it breaks.
pub(super) fn port_down(case: &Case<'_, '_>) -> Option<Link> {
    let place = case.diagnosis.place?;
    let ports = |kind: &ActionKind| matches!(kind, ActionKind::Link { port, up: false, .. } if port.node == place.node);
    changes::last(case, place.at, ports)
}

/// What a node lets pass that it once translated.
pub(super) fn translated_anew(case: &Case<'_, '_>) -> Vec<Link> {
    let Some((place, visit)) = case.diagnosis.place.and_then(|place| Some((place, place.visit?))) else { return Vec::new() };
    let reading = case.thread.reading();
    let leaves = |visit| reading.frame_out(visit).and_then(|frame| frame.frame.ipv4()).map(|ip| ip.src);
    let Some(now) = leaves(visit) else { return Vec::new() };
    let then = case.thread.going(Direction::There).find_map(|member| leaves(reading.visit_at(member.packet, place.node)?));
    let mut links = Vec::new();
    if let Some(then) = then.filter(|then| *then != now) {
        let link = Link::new(LinkKind::SourceChanged).with("node", case.device(place.node)).with("then", then).with("now", now);
        links.push(link.on(Reference::Visit(visit)).on(place.packet.map(Reference::Packet)));
    }
    let node = place.node;
    links.extend(changes::last(case, place.at, move |kind| match kind {
        ActionKind::ConntrackFlush { node: changed } | ActionKind::Nft { node: changed, .. } => *changed == node,
        ActionKind::Addr { port, .. } | ActionKind::Link { port, .. } => port.node == node,
        _ => false,
    }));
    links
}

/// Which end learned what from whom.
pub(super) fn learned(case: &Case<'_, '_>) -> Option<Link> {
    let node: NodeId = redirected(case.thread)?;
    let reading = case.thread.reading();
    let sent = case.thread.members().iter().filter(|member| case.thread.origin(member.packet).is_some_and(|record| record.node == node));
    let by_it = |step: &Step| match step {
        Step::Route { learned: true, via: Some(via), .. } => Some(*via),
        _ => None,
    };
    sent.filter(|member| member.direction != Direction::Aside).find_map(|member| {
        let visit = reading.visit_at(member.packet, node)?;
        let (step, via) = reading.step(visit, by_it)?;
        let link = Link::new(LinkKind::RouteLearned).with("node", case.device(node)).with("packet", member.label).with("via", via);
        Some(link.on(Reference::Step { visit, step }).on(Reference::Packet(member.packet)))
    })
}

/// The links between two nodes that are crossed there by one segment and back by another.
pub(super) fn other_segments(case: &Case<'_, '_>) -> Vec<Link> {
    let reading = case.thread.reading();
    let end = case.thread.trace().ended_at;
    let pair = way::at(case.ways, Direction::There, end).zip(way::at(case.ways, Direction::Back, end));
    let name =
        |segment: roundtrip_sim::SegmentId| reading.scenario().segments.get(segment.0 as usize).map_or("", |segment| segment.name.as_str());
    pair.map(|(there, back)| way::other_segments(there, back))
        .unwrap_or_default()
        .into_iter()
        .map(|(there, back)| {
            let link =
                Link::new(LinkKind::OtherSegment).with("node", case.device(there.from.node)).with("other", case.device(there.to.node));
            let link = link.with("there", name(there.segment)).with("back", name(back.segment));
            link.on(Reference::Interface(there.from)).on(Reference::Interface(back.from))
        })
        .collect()
}
