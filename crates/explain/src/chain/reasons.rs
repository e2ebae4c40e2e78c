//! What made the loss happen, down to the configuration.

use super::loss::lost;
use super::{Case, Link, LinkKind, Reference, roots};
use crate::cause::Cause;
use crate::classify::{Place, circle, forgotten, translator};
use crate::find::Break;
use crate::message::Value;
use crate::parting::{Parting, Seen, route_step};
use crate::reading::{Direction, Fate, Label, Member, Purpose, Thread, owners, way};
use ipnet::Ipv4Net;
use roundtrip_sim::netfilter::CtEventKind;
use roundtrip_sim::scenario::{NodeId, Port};
use roundtrip_sim::trace::{DropReason, PacketId, Step, VisitId};
use roundtrip_wire::{FrameBody, Icmp};
use std::net::Ipv4Addr;

pub(super) fn reasons(case: &Case<'_, '_>) -> Vec<Link> {
    match case.diagnosis.cause {
        Cause::Healthy | Cause::AsymmetricHarmless | Cause::Redirected => harmless(case),
        Cause::AsymmetricInvalidAck | Cause::AsymmetricUnseenRequest | Cause::AsymmetricInvalid => asymmetry(case),
        Cause::NatHairpin | Cause::NatBypassed => bypassed(case),
        Cause::ConntrackForgotten => forgot(case).into_iter().chain(roots::translated_anew(case)).collect(),
        Cause::FilterDrop | Cause::FilterReject => rule(case).into_iter().chain(roots::setting_or_rules(case)).collect(),
        Cause::NoRoute | Cause::NoReturnRoute => no_route(case).into_iter().chain(roots::route_taken(case)).collect(),
        Cause::RouteRefuses | Cause::RouteBlackhole => route_says_no(case).into_iter().chain(roots::setting_or_rules(case)).collect(),
        Cause::NotForwarding => not_forwarding(case).into_iter().chain(roots::setting_or_rules(case)).collect(),
        Cause::StaleNeighbour => roots::stale(case),
        Cause::BroadcastAddress => roots::broadcast(case).into_iter().collect(),
        Cause::MtuMismatch => roots::mismatch(case).into_iter().collect(),
        Cause::RpFilter => arp_unanswered(case).into_iter().chain(reverse_path(case)).chain(roots::setting_or_rules(case)).collect(),
        Cause::RoutingLoop => round(case),
        Cause::NeighbourFailed => nobody_answers(case),
        Cause::DuplicateAddress => two_have(case).into_iter().collect(),
        Cause::LinkDown => no_carrier(case).into_iter().chain(roots::port_down(case)).collect(),
        Cause::FragmentationNeeded | Cause::PmtuBlackHole => too_long(case),
        Cause::ClosedPort => nothing_listens(case).into_iter().collect(),
        Cause::ConntrackInvalid
        | Cause::ConntrackFull
        | Cause::NatFailed
        | Cause::TtlExceeded
        | Cause::MartianAddress
        | Cause::EchoIgnored
        | Cause::NoAnswer
        | Cause::SocketGone
        | Cause::TcpUnacceptable
        | Cause::Reset
        | Cause::ForgedSegment
        | Cause::ClosedEarly
        | Cause::LocalFailure
        | Cause::TooSlow
        | Cause::Unfinished
        | Cause::Unexplained => Vec::new(),
    }
}

/// The way that a node chose for a packet.
fn chose(case: &Case<'_, '_>, packet: PacketId, node: NodeId) -> Option<Link> {
    let (visit, place, step) = route_step(case.thread, packet, node)?;
    let Step::Route { via, dev, prefix_len, learned } = step else { return None };
    let label = case.thread.label(packet);
    let destination =
        case.thread.reading().frame_out(visit).and_then(|record| record.frame.ipv4()).or_else(|| case.thread.reading().ip(visit))?.dst;
    let link = match via {
        Some(via) if learned => Link::new(LinkKind::RouteLearned).with("node", case.device(node)).with("packet", label).with("via", via),
        Some(via) => {
            let route = if prefix_len == 0 { "default".to_owned() } else { network(destination, prefix_len) };
            Link::new(LinkKind::Route).with("node", case.device(node)).with("packet", label).with("via", via).with("route", route)
        }
        None => {
            let net = network(destination, prefix_len);
            Link::new(LinkKind::OnLink).with("node", case.device(node)).with("net", net).with("packet", label)
        }
    };
    let link = link.on(Reference::Step { visit, step: place });
    Some(link.on(Reference::Interface(Port { node, interface: dev })).on(Reference::Packet(packet)))
}

/// A subnet's usual notation.
fn network(address: Ipv4Addr, prefix_len: u8) -> String {
    match Ipv4Net::new(address, prefix_len) {
        Ok(net) if prefix_len < 32 => net.trunc().to_string(),
        _ => address.to_string(),
    }
}

/// The packet that died, as a member.
fn victim<'a>(case: &'a Case<'_, '_>) -> Option<&'a Member> {
    case.thread.member(case.diagnosis.place?.packet?)
}

fn asymmetry(case: &Case<'_, '_>) -> Vec<Link> {
    let (Some(place), Some(victim)) = (case.diagnosis.place, victim(case)) else { return Vec::new() };
    let seen = Seen::before(case.thread, victim, place.node);
    let Some(around) = seen.went_around else { return Vec::new() };
    let reading = case.thread.reading();
    let mut links: Vec<Link> = tracked(case, place.node, &seen, around).into_iter().collect();
    let path = reading.path(around);
    links.push(
        Link::new(LinkKind::WentAround)
            .with("packet", first_of(case.thread.label(around)))
            .with("way", case.way(path.iter().copied()))
            .with("node", case.device(place.node))
            .on(Reference::Packet(around)),
    );
    // The longest way that packets of the victim's direction were seen to go tells more than the victim's own.
    let witness = seen.same.first().copied().unwrap_or(victim.packet);
    let (there, back) = match victim.direction {
        Direction::Back => (path, reading.path(witness)),
        Direction::There | Direction::Aside => (reading.path(witness), path),
    };
    let parting = Parting::of(&there, &back);
    let (there, back) = if victim.direction == Direction::Back { (around, victim.packet) } else { (victim.packet, around) };
    links.extend(parting.far.and_then(|node| chose(case, back, node)));
    links.extend(parting.near.and_then(|node| chose(case, there, node)));
    links
}

/// A packet's name without its being a repetition.
const fn first_of(label: Label) -> Label {
    Label { kind: label.kind, again: None }
}

/// What the stateful node has in its table.
fn tracked(case: &Case<'_, '_>, node: NodeId, seen: &Seen, around: PacketId) -> Option<Link> {
    let reading = case.thread.reading();
    let at = case.diagnosis.place?.at;
    let unseen = first_of(case.thread.label(around));
    let entry = seen.same.iter().rev().find_map(|packet| {
        let visit = reading.visit_at(*packet, node)?;
        reading.tracked(visit)?.1
    });
    let Some(entry) = entry else {
        let link = Link::new(LinkKind::NotTracked).with("node", case.device(node)).with("unseen", unseen);
        return Some(link.on(Reference::Device(node)).on(Reference::Packet(around)));
    };
    let mut events = reading.trace().ct_events.iter().filter(|event| event.node == node && event.at <= at && event.event.entry.id == entry);
    let state = events.next_back().filter(|event| event.event.kind != CtEventKind::Destroy).map(|event| {
        let view = &event.event.entry;
        view.tcp_state.map_or(if view.seen_reply { "ASSURED" } else { "UNREPLIED" }, roundtrip_sim::netfilter::TcpCtState::name)
    })?;
    let mut labels: Vec<Label> = Vec::new();
    for label in seen.same.iter().map(|packet| first_of(case.thread.label(*packet))) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels.truncate(3);
    let link = Link::new(LinkKind::Tracked).with("node", case.device(node)).with("state", state);
    Some(link.with("seen", Value::Packets(labels)).with("unseen", unseen).on(Reference::Conntrack { node, entry }))
}

fn bypassed(case: &Case<'_, '_>) -> Vec<Link> {
    let Some(victim) = victim(case) else { return Vec::new() };
    let reading = case.thread.reading();
    let mut links: Vec<Link> = answers_from(case).into_iter().collect();
    let Some((visit, _)) = translator(case.thread, victim) else { return links };
    let Some(node) = reading.visit(visit).map(|record| record.node) else { return links };
    links.push(
        Link::new(LinkKind::WentAround)
            .with("packet", first_of(victim.label))
            .with("way", case.way(reading.path(victim.packet)))
            .with("node", case.device(node))
            .on(Reference::Packet(victim.packet)),
    );
    let translated = |step: &Step| match step {
        Step::Translated { entry, source: false } => Some(*entry),
        _ => None,
    };
    let came = reading.frame_in(visit).and_then(|record| record.frame.ipv4());
    let left = reading.frame_out(visit).and_then(|record| record.frame.ipv4());
    if let (Some((step, entry)), Some(came), Some(left)) = (reading.step(visit, translated), came, left) {
        let link = Link::new(LinkKind::Translated).with("node", case.device(node)).with("from", came.dst).with("to", left.dst);
        links.push(link.on(Reference::Step { visit, step }).on(Reference::Conntrack { node, entry }));
    }
    let maker = case.thread.origin(victim.packet).map(|record| record.node);
    links.extend(maker.and_then(|node| chose(case, victim.packet, node)));
    links
}

fn answers_from(case: &Case<'_, '_>) -> Option<Link> {
    let victim = victim(case)?;
    let node = case.thread.origin(victim.packet)?.node;
    let source = case.thread.reading().first_ip(victim.packet)?.src;
    let link = Link::new(LinkKind::AnswersFrom).with("node", case.device(node)).with("address", source);
    Some(link.with("asked", case.thread.conversation().to).on(Reference::Packet(victim.packet)))
}

fn forgot(case: &Case<'_, '_>) -> Option<Link> {
    let (place, victim) = (case.diagnosis.place?, victim(case)?);
    let seen = Seen::before(case.thread, victim, place.node);
    let record = case.thread.reading().drop(place.drop?)?;
    let event = forgotten(case.thread, record, &seen)?;
    let kind = if event.event.by_user { LinkKind::Flushed } else { LinkKind::Expired };
    let link = Link::new(kind).with("node", case.device(place.node)).with("at", event.at.since(case.thread.conversation().begins));
    Some(link.on(Reference::Conntrack { node: place.node, entry: event.event.entry.id }))
}

fn rule(case: &Case<'_, '_>) -> Option<Link> {
    let reading = case.thread.reading();
    let place = case.diagnosis.place?;
    let DropReason::Rule { rule, .. } = reading.drop(place.drop?)?.reason else { return None };
    let info = reading.rule(place.node, rule)?;
    let link = Link::new(LinkKind::RuleAt).with("node", case.device(place.node)).with("table", &*info.table).with("chain", &*info.chain);
    Some(link.with("rule", &*info.text).on(Reference::Rule { node: place.node, rule }))
}

/// Where the packet wanted to go from the node at which it broke.
fn destination(case: &Case<'_, '_>) -> Option<Ipv4Addr> {
    goal(case.thread, case.diagnosis.place?, case.broke)
}

/// Where a packet wanted to go from a place. One that never left its maker is in the trace only by the packet that it answers.
pub(crate) fn goal(thread: &Thread<'_>, place: Place, broke: Break) -> Option<Ipv4Addr> {
    let reading = thread.reading();
    if let Some(address) = place.visit.and_then(|visit| translated_to(thread, place.node, visit)) {
        return Some(address);
    }
    if let Some(ip) = place.visit.and_then(|visit| reading.ip(visit)) {
        return Some(ip.dst);
    }
    let answers = match broke {
        Break::Local { server, .. } => server,
        _ => place.packet.and_then(|packet| thread.member(packet)).is_some_and(|member| member.direction == Direction::Back),
    };
    if !answers {
        return Some(thread.conversation().to);
    }
    // An answer goes to where the question came from, as the one who answers saw it.
    thread.going(Direction::There).find_map(|member| match reading.fate(member.packet) {
        Fate::Arrived { visit, node, .. } if node == place.node => reading.ip(visit).map(|ip| ip.src),
        _ => None,
    })
}

/// The destination that translation gave a packet during a stay.
fn translated_to(thread: &Thread<'_>, node: NodeId, visit: VisitId) -> Option<Ipv4Addr> {
    let translated = |step: &Step| match step {
        Step::Translated { entry, source: false } => Some(*entry),
        _ => None,
    };
    let (_, entry) = thread.reading().step(visit, translated)?;
    let event = thread.trace().ct_events.iter().find(|event| event.node == node && event.event.entry.id == entry)?;
    // Answers come from where the packets were sent.
    event.event.entry.destination_translated.then_some(event.event.entry.reply.src)
}

/// The choice by which the packet came to the node where it broke.
fn choice_before(case: &Case<'_, '_>) -> Option<Link> {
    let place = case.diagnosis.place?;
    let packet = place.packet?;
    let path = case.thread.reading().path(packet);
    let here = path.iter().rposition(|node| *node == place.node)?;
    let before = *path.get(here.checked_sub(1)?)?;
    chose(case, packet, before)
}

fn no_route(case: &Case<'_, '_>) -> Vec<Link> {
    let (Some(place), Some(address)) = (case.diagnosis.place, destination(case)) else { return Vec::new() };
    let link =
        Link::new(LinkKind::NoRoute).with("node", case.device(place.node)).with("address", address).on(Reference::Device(place.node));
    std::iter::once(link).chain(choice_before(case)).collect()
}

fn route_says_no(case: &Case<'_, '_>) -> Option<Link> {
    let place = case.diagnosis.place?;
    let reason = match place.drop.and_then(|drop| case.thread.reading().drop(drop)) {
        Some(drop) => super::drop_reason(&drop.reason, None).into(),
        None => match case.broke {
            Break::Local { errno, .. } => super::refusal(errno),
            _ => return None,
        },
    };
    let link = Link::new(LinkKind::RouteSaysNo).with("node", case.device(place.node)).with("address", destination(case)?);
    Some(link.with("reason", reason).on(Reference::Device(place.node)))
}

fn not_forwarding(case: &Case<'_, '_>) -> Vec<Link> {
    let (Some(place), Some(address)) = (case.diagnosis.place, destination(case)) else { return Vec::new() };
    let link = Link::new(LinkKind::NotForwarding).with("node", case.device(place.node)).with("address", address);
    std::iter::once(link.on(Reference::Device(place.node))).chain(choice_before(case)).collect()
}

fn reverse_path(case: &Case<'_, '_>) -> Option<Link> {
    let reading = case.thread.reading();
    let place = case.diagnosis.place?;
    let visit = place.visit?;
    let came = reading.came_by(visit)?;
    let source = match reading.ip(visit) {
        Some(ip) => ip.src,
        None => match &reading.frame_in(visit)?.frame.body {
            FrameBody::Arp(arp) => arp.sender_ip,
            FrameBody::Ipv4(ip) => ip.src,
        },
    };
    let asked = |step: &Step| match step {
        Step::ReversePath { dev } => Some(*dev),
        _ => None,
    };
    let (step, back) = reading.step(visit, asked)?;
    let link = match back {
        Some(dev) => Link::new(LinkKind::ReversePath)
            .with("node", case.device(place.node))
            .with("source", source)
            .with("came", case.interface(came))
            .with("back", case.interface(Port { node: place.node, interface: dev })),
        None => Link::new(LinkKind::NoReversePath)
            .with("node", case.device(place.node))
            .with("source", source)
            .with("came", case.interface(came)),
    };
    Some(link.on(Reference::Step { visit, step }).on(Reference::Interface(came)))
}

/// A question for an Ethernet address that its owner let go unanswered.
fn arp_unanswered(case: &Case<'_, '_>) -> Option<Link> {
    let reading = case.thread.reading();
    let place = case.diagnosis.place?;
    let asked = reading.trace().frames.get(reading.visit(place.visit?)?.arrived?.0.0 as usize)?;
    let FrameBody::Arp(arp) = &asked.frame.body else { return None };
    let link = Link::new(LinkKind::ArpUnanswered).with("node", case.device(place.node)).with("address", arp.target_ip);
    Some(link.with("by", case.device(asked.port.node)).on(place.visit.map(Reference::Visit)))
}

fn round(case: &Case<'_, '_>) -> Vec<Link> {
    let Some(packet) = case.diagnosis.place.and_then(|place| place.packet) else { return Vec::new() };
    let path = case.thread.reading().path(packet);
    let Some(nodes) = circle(&path) else { return Vec::new() };
    let times = nodes.first().map_or(0, |first| path.iter().filter(|node| *node == first).count());
    let closed = nodes.iter().chain(nodes.first()).copied();
    let link = Link::new(LinkKind::Circle).with("way", case.way(closed)).with("times", u32::try_from(times).unwrap_or(u32::MAX));
    let link = link.on(Reference::Packet(packet));
    std::iter::once(link).chain(nodes.iter().filter_map(|node| chose(case, packet, *node))).collect()
}

/// The next hop to which a packet was to be given, and by which interface. `destination` is where it wanted to go.
pub(crate) fn next_hop(thread: &Thread<'_>, visit: VisitId, destination: Option<Ipv4Addr>) -> Option<(Ipv4Addr, Port)> {
    let record = thread.reading().visit(visit)?;
    let (_, _, step) = route_step(thread, record.packet, record.node)?;
    let Step::Route { via, dev, .. } = step else { return None };
    Some((via.or(destination)?, Port { node: record.node, interface: dev }))
}

fn nobody_answers(case: &Case<'_, '_>) -> Vec<Link> {
    let mut links = Vec::new();
    let Some(place) = case.diagnosis.place else { return links };
    let Some((address, port)) = place.visit.and_then(|visit| next_hop(case.thread, visit, destination(case))) else { return links };
    let link = Link::new(LinkKind::NobodyAnswers).with("node", case.device(place.node)).with("address", address);
    links.push(link.with("dev", case.interface(port)).on(Reference::Neighbour { port, address }).on(Reference::Interface(port)));
    let scenario = case.thread.reading().scenario();
    match owners(scenario, address).next() {
        None => links.push(Link::new(LinkKind::NobodyHas).with("address", address)),
        Some(owner) => {
            let segment = |port: Port| case.thread.reading().interface(port.node, port.interface).and_then(|interface| interface.segment);
            let interfaces = scenario.nodes.get(owner.0 as usize).map_or(&[][..], |node| node.interfaces.as_slice());
            let theirs = interfaces.iter().find(|interface| interface.addresses.iter().any(|net| net.addr() == address));
            match theirs.map(|interface| (interface, interface.segment)) {
                Some((interface, None)) => {
                    let link = Link::new(LinkKind::NoCarrier).with("node", case.device(owner)).with("dev", interface.name.as_str());
                    links.push(link.on(Reference::Device(owner)));
                }
                Some((_, other)) if other != segment(port) => {
                    let link = Link::new(LinkKind::OwnerElsewhere).with("address", address).with("owner", case.device(owner));
                    links.push(link.with("dev", case.interface(port)).on(Reference::Device(owner)));
                }
                _ => links.extend(roots::owner_off(case, address)),
            }
        }
    }
    let via = place.packet.and_then(|packet| route_step(case.thread, packet, place.node));
    if matches!(via, Some((_, _, Step::Route { via: Some(_), .. }))) {
        links.extend(place.packet.and_then(|packet| chose(case, packet, place.node)));
    }
    links
}

fn two_have(case: &Case<'_, '_>) -> Option<Link> {
    let reading = case.thread.reading();
    let place = case.diagnosis.place?;
    let meant = place.visit.and_then(|visit| crate::classify::meant_for(case.thread, visit)).map(|(address, _)| address);
    let ip = reading.first_ip(place.packet?)?;
    meant.into_iter().chain([ip.dst, ip.src]).find_map(|address| {
        let all = crate::reading::owners_at(reading.scenario(), address, place.at);
        let (one, other) = (all.first()?.node, all.get(1)?.node);
        let link = Link::new(LinkKind::TwoHave).with("address", address).with("node", case.device(one)).with("other", case.device(other));
        Some(link.on(Reference::Device(one)).on(Reference::Device(other)))
    })
}

fn no_carrier(case: &Case<'_, '_>) -> Option<Link> {
    let place = case.diagnosis.place?;
    let port = crate::classify::no_carrier(case.thread, place.packet?, place.node)?;
    let link = Link::new(LinkKind::NoCarrier).with("node", case.device(port.node)).with("dev", case.interface(port));
    Some(link.on(Reference::Interface(port)))
}

fn too_long(case: &Case<'_, '_>) -> Vec<Link> {
    let mut links = Vec::new();
    let Some(place) = case.diagnosis.place else { return links };
    let reading = case.thread.reading();
    let Some(packet) = place.packet else {
        // The sender's own system knew already.
        let learned = |step: &Step| match step {
            Step::PathMtuLearned { mtu } => Some(*mtu),
            _ => None,
        };
        let stays = (0..).map(VisitId).zip(&reading.trace().visits).filter(|(_, visit)| visit.node == place.node && visit.at <= place.at);
        let found = stays.filter_map(|(id, _)| reading.step(id, learned).map(|(step, mtu)| (id, step, mtu))).last();
        links.extend(found.map(|(visit, step, mtu)| {
            let link = Link::new(LinkKind::PathMtu).with("node", case.device(place.node)).with("mtu", mtu);
            link.on(Reference::Step { visit, step })
        }));
        if links.is_empty() {
            links.extend(route_mtu(case, place.node));
        }
        return links;
    };
    let error = case.thread.errors_about(packet).next();
    let told = error.and_then(|member| reading.first_ip(member.packet)?.icmp()).and_then(|icmp| match icmp {
        Icmp::Unreachable { mtu, .. } => Some(*mtu),
        _ => None,
    });
    let routed = route_step(case.thread, packet, place.node).and_then(|(_, _, step)| match step {
        Step::Route { dev, .. } => reading.interface(place.node, dev).map(|interface| interface.mtu),
        _ => None,
    });
    if let (Some(mtu), Some(ip)) = (told.or(routed), place.visit.and_then(|visit| reading.ip(visit))) {
        let length = u32::try_from(ip.wire_len()).unwrap_or(u32::MAX);
        let link = Link::new(LinkKind::TooLong).with("packet", case.thread.label(packet)).with("length", length);
        links.push(link.with("node", case.device(place.node)).with("mtu", mtu).on(place.visit.map(Reference::Visit)));
    }
    if case.diagnosis.cause == Cause::PmtuBlackHole {
        links.push(match error.map(|member| reading.fate(member.packet)) {
            Some(Fate::Lost(drop)) => lost(case, drop, LinkKind::ErrorLost)
                .unwrap_or_else(|| Link::new(LinkKind::ErrorNotSent).with("node", case.device(place.node))),
            _ => Link::new(LinkKind::ErrorNotSent).with("node", case.device(place.node)).on(Reference::Device(place.node)),
        });
    }
    links
}

/// The least that the sender's own routes or interfaces allow, where nothing was learned.
fn route_mtu(case: &Case<'_, '_>, node: NodeId) -> Option<Link> {
    let scenario = case.thread.reading().scenario();
    let node_of = scenario.nodes.get(node.0 as usize)?;
    let to = case.thread.conversation().to;
    let by_route = node_of.routes.iter().filter(|route| route.destination.contains(&to)).max_by_key(|route| route.destination.prefix_len());
    let by_link =
        |address: Ipv4Addr| node_of.interfaces.iter().zip(0_u16..).find(|(own, _)| own.addresses.iter().any(|net| net.contains(&address)));
    let next = by_route.and_then(|route| route.via).unwrap_or(to);
    let (interface, index) = by_link(to).or_else(|| by_link(next))?;
    let mtu = by_route.filter(|_| by_link(to).is_none()).and_then(|route| route.mtu).unwrap_or(interface.mtu);
    let port = Port { node, interface: roundtrip_sim::IfIndex(index) };
    let link = Link::new(LinkKind::RouteMtu).with("node", case.device(node)).with("mtu", mtu).with("dev", interface.name.as_str());
    Some(link.on(Reference::Interface(port)))
}

fn nothing_listens(case: &Case<'_, '_>) -> Option<Link> {
    let place = case.diagnosis.place?;
    let ip = case.thread.reading().ip(place.visit?)?;
    let port = match case.thread.conversation().purpose {
        Purpose::Tcp { .. } | Purpose::Udp { .. } => ip.tcp().map(|tcp| tcp.dst_port).or_else(|| ip.udp().map(|udp| udp.dst_port))?,
        Purpose::Ping | Purpose::Traceroute => return None,
    };
    Some(
        Link::new(LinkKind::NothingListens)
            .with("node", case.device(place.node))
            .with("port", port.to_string())
            .on(Reference::Device(place.node)),
    )
}

/// Why it works: the ways, and why it does not matter that they differ.
fn harmless(case: &Case<'_, '_>) -> Vec<Link> {
    let end = case.thread.trace().ended_at;
    let (there, back) = (way::at(case.ways, Direction::There, end), way::at(case.ways, Direction::Back, end));
    let mut links = Vec::new();
    let told = |kind: LinkKind, way: &way::Way| Link::new(kind).with("way", case.way(way.nodes())).on(Reference::Packet(way.packet));
    links.extend(there.map(|way| told(LinkKind::WayThere, way)));
    links.extend(back.map(|way| told(LinkKind::WayBack, way)));
    links.extend(roots::learned(case).filter(|_| case.diagnosis.cause == Cause::Redirected));
    links.extend(roots::other_segments(case));
    let met = there.zip(back).map(|(there, back)| way::met_once(there, back)).unwrap_or_default();
    for (node, _) in met {
        match case.one_sided.iter().find(|one| one.node == node) {
            Some(one) => {
                let state = case.thread.reading().tracked(one.visit).map_or("", |(state, ..)| state_name(state));
                let entry = one.entry.map(|entry| Reference::Conntrack { node, entry });
                links.push(
                    Link::new(LinkKind::LetsPass)
                        .with("node", case.device(node))
                        .with("state", state)
                        .on(entry)
                        .on(Reference::Visit(one.visit)),
                );
            }
            None => links.push(Link::new(LinkKind::KeepsNoState).with("node", case.device(node)).on(Reference::Device(node))),
        }
    }
    links
}

/// As `ct state` has it.
pub(crate) const fn state_name(state: roundtrip_sim::netfilter::ruleset::CtState) -> &'static str {
    use roundtrip_sim::netfilter::ruleset::CtState;
    match state {
        CtState::Invalid => "invalid",
        CtState::New => "new",
        CtState::Established => "established",
        CtState::Related => "related",
        CtState::Untracked => "untracked",
    }
}
