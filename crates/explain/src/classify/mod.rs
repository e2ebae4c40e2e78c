//! From the event at which a conversation broke to its cause.

mod address;
mod link;
mod nat;

pub(crate) use address::{another_would, broadcast_by, has_source, is_broadcast, meant_for, of_not_forwarding};
pub use link::no_carrier;
pub(crate) use link::{is_off, refused_by, waited};
pub use nat::translator;
pub(crate) use nat::{hid_behind, retranslated, turned_back};

use crate::cause::Cause;
use crate::find::{Break, ended};
use crate::outcome::Outcome;
use crate::parting::{OneSided, Seen, route_step};
use crate::reading::{Direction, Fate, Kind, Label, Member, Thread, Way, original, owners, owners_at, way};
use roundtrip_sim::netfilter::CtEventKind;
use roundtrip_sim::netfilter::ruleset::CtState;
use roundtrip_sim::scenario::{ActionKind, NodeId, Port};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{CtEventRecord, CtInvalid, DropReason, DropRecord, Errno, PacketId, RuleId, Step, TcpDrop, VisitId, Why};
use roundtrip_wire::FrameBody;
use std::net::Ipv4Addr;

/// Where a conversation broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The node.
    pub node: NodeId,
    /// The packet, if there was one.
    pub packet: Option<PacketId>,
    /// When.
    pub at: SimTime,
    /// The packet's stay there.
    pub visit: Option<VisitId>,
    /// Its death, by place in the trace's list.
    pub drop: Option<u32>,
}

/// A cause, and where it took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// Why.
    pub cause: Cause,
    /// Where; none for a conversation that works.
    pub place: Option<Place>,
}

/// Classes the break of a conversation.
#[must_use]
pub fn classify(thread: &Thread<'_>, outcome: Outcome, broke: Break, ways: &[Way], one_sided: &[OneSided]) -> Diagnosis {
    match broke {
        Break::Loss(drop) => of_loss(thread, drop),
        Break::Local { node, errno, at, server } => of_refusal(thread, node, errno, at, server),
        Break::Silence(packet) => of_silence(thread, packet),
        Break::Stuck(packet) => of_stuck(thread, packet),
        Break::Reset(packet) => of_reset(thread, packet),
        Break::Eof => {
            let node = thread.far_ends().first().copied().unwrap_or(thread.conversation().from);
            let place = Place { node, packet: None, at: ended(thread), visit: None, drop: None };
            Diagnosis { cause: Cause::ClosedEarly, place: Some(place) }
        }
        Break::Nothing => {
            let cause = of_nothing(thread, outcome, ways, one_sided);
            waited(thread).filter(|_| cause == Cause::TooSlow).unwrap_or(Diagnosis { cause, place: None })
        }
    }
}

fn of_nothing(thread: &Thread<'_>, outcome: Outcome, ways: &[Way], one_sided: &[OneSided]) -> Cause {
    match outcome {
        Outcome::Healthy | Outcome::Recovered => {
            if redirected(thread).is_some() {
                return Cause::Redirected;
            }
            let end = thread.trace().ended_at;
            let pair = way::at(ways, Direction::There, end).zip(way::at(ways, Direction::Back, end));
            let differ = pair.is_some_and(|(there, back)| way::differ(there, back));
            if differ || !one_sided.is_empty() { Cause::AsymmetricHarmless } else { Cause::Healthy }
        }
        Outcome::Unfinished => Cause::Unfinished,
        Outcome::Stalled | Outcome::TimedOut | Outcome::Partial => {
            if under_way(thread) {
                Cause::TooSlow
            } else {
                Cause::Unexplained
            }
        }
        Outcome::Refused | Outcome::Unreachable | Outcome::Reset | Outcome::Ended | Outcome::Failed => Cause::Unexplained,
    }
}

/// The end that sends by what a redirect taught it.
pub(crate) fn redirected(thread: &Thread<'_>) -> Option<NodeId> {
    let reading = thread.reading();
    let learned = |step: &Step| matches!(step, Step::Route { learned: true, via: Some(_), .. }).then_some(());
    let sent = thread.members().iter().filter(|member| member.direction != Direction::Aside);
    let by_it = |packet| {
        let node = thread.origin(packet)?.node;
        reading.step(reading.visit_at(packet, node)?, learned).map(|_| node)
    };
    sent.filter_map(|member| by_it(member.packet)).find(|node| redirect_accepted(thread, *node))
}

/// A redirect was followed on a node.
fn redirect_accepted(thread: &Thread<'_>, node: NodeId) -> bool {
    let stays = thread.trace().visits.iter().zip(0_u32..).filter(|(visit, _)| visit.node == node && visit.arrived.is_some());
    let accepted = |step: &Step| matches!(step, Step::RedirectAccepted { .. }).then_some(());
    stays.map(|(_, id)| VisitId(id)).any(|id| thread.reading().step(id, accepted).is_some())
}

/// Answers came, but late; or something of a stream was still taken shortly before its end.
pub(crate) fn under_way(thread: &Thread<'_>) -> bool {
    if !thread.conversation().is_tcp() {
        return thread.going(Direction::Back).any(|member| matches!(thread.reading().fate(member.packet), Fate::Arrived { .. }));
    }
    let end = ended(thread);
    let patience = end.since(thread.conversation().begins);
    let last = thread.members().iter().filter(|member| member.direction != Direction::Aside).filter_map(|member| {
        match thread.reading().fate(member.packet) {
            Fate::Arrived { at, .. } if at <= end => Some(at),
            _ => None,
        }
    });
    // A quarter of the time is more than any pause of a transmission that goes on.
    last.max().is_some_and(|last| end.since(last) < patience.divided_by(4))
}

fn of_refusal(thread: &Thread<'_>, node: NodeId, errno: Option<Errno>, at: SimTime, server: bool) -> Diagnosis {
    let asked = thread.conversation().to;
    let cause = match errno {
        // A broadcast address has to be asked for by name, and TCP has no use for it.
        Some(Errno::Enetunreach | Errno::Eacces) if !server && is_broadcast(thread, node, asked, at) => Cause::BroadcastAddress,
        Some(Errno::Enetunreach) if server => Cause::NoReturnRoute,
        Some(Errno::Enetunreach) => Cause::NoRoute,
        Some(Errno::Ehostunreach | Errno::Eacces) => Cause::RouteRefuses,
        Some(Errno::Emsgsize) => Cause::FragmentationNeeded,
        Some(Errno::Eperm) => Cause::FilterDrop,
        // The kernel's error for a route of type blackhole; the other reason for it is a source address that is not the node's.
        Some(Errno::Einval) if server || !has_source(thread) => Cause::RouteBlackhole,
        _ => Cause::LocalFailure,
    };
    Diagnosis { cause, place: Some(Place { node, packet: None, at, visit: None, drop: None }) }
}

fn of_silence(thread: &Thread<'_>, packet: PacketId) -> Diagnosis {
    let reading = thread.reading();
    let (visit, node, at) = match reading.fate(packet) {
        Fate::Arrived { visit, node, at } => (Some(visit), node, at),
        // A trace route's probe that found a closed port, about which nobody said anything.
        Fate::Lost(drop) => match reading.drop(drop) {
            Some(record) => (reading.last_visit(record), record.node, record.at),
            None => return Diagnosis { cause: Cause::Unexplained, place: None },
        },
        Fate::Waiting(_) | Fate::Held(_) | Fate::NotTaken(_) | Fate::Unsent => return Diagnosis { cause: Cause::Unexplained, place: None },
    };
    let place = Place { node, packet: Some(packet), at, visit, drop: None };
    // What came as a broadcast is nothing for TCP: its sender takes the address for one.
    if let Some(sender) = broadcast_by(thread, packet, visit) {
        return Diagnosis {
            cause: Cause::BroadcastAddress,
            place: Some(Place { node: sender, visit: reading.visit_at(packet, sender), ..place }),
        };
    }
    let elsewhere = thread.member(packet).is_some_and(|member| member.direction == Direction::Back) && node != thread.conversation().from;
    let to = visit.and_then(|visit| reading.ip(visit)).map(|ip| ip.dst);
    if elsewhere && to.is_some_and(|to| is_broadcast(thread, node, to, at)) {
        return Diagnosis { cause: Cause::BroadcastAddress, place: Some(place) };
    }
    let cause = if elsewhere || another_would(thread, packet, node) { Cause::DuplicateAddress } else { Cause::NoAnswer };
    Diagnosis { cause, place: Some(place) }
}

fn of_stuck(thread: &Thread<'_>, packet: PacketId) -> Diagnosis {
    let reading = thread.reading();
    let at_visit = |visit: VisitId| {
        reading.visit(visit).map(|record| Place { node: record.node, packet: Some(packet), at: record.at, visit: Some(visit), drop: None })
    };
    let (cause, place) = match reading.fate(packet) {
        Fate::Waiting(visit) => {
            let place = at_visit(visit);
            let off = place.is_some_and(|place| no_carrier(thread, packet, place.node).is_some());
            (if off { Cause::LinkDown } else { Cause::NeighbourFailed }, place)
        }
        Fate::Held(visit) => (Cause::Unexplained, at_visit(visit)),
        Fate::NotTaken(frame) => {
            let place = thread.trace().frames.get(frame.0 as usize).map(|record| Place {
                node: record.port.node,
                packet: Some(packet),
                at: record.sent,
                visit: record.visit,
                drop: None,
            });
            // At the end of the run frames are still on their way.
            let late = place.is_some_and(|place| thread.trace().ended_at.since(place.at) <= reading.index().longest_flight);
            (if late { Cause::Unfinished } else { Cause::Unexplained }, place)
        }
        // It came after all, too late.
        Fate::Arrived { .. } => (Cause::TooSlow, None),
        Fate::Unsent | Fate::Lost(_) => (Cause::Unexplained, None),
    };
    Diagnosis { cause, place }
}

fn of_reset(thread: &Thread<'_>, packet: PacketId) -> Diagnosis {
    let reading = thread.reading();
    let Some(record) = thread.origin(packet) else { return Diagnosis { cause: Cause::Unexplained, place: None } };
    let place =
        Place { node: record.node, packet: Some(packet), at: record.made, visit: reading.visit_at(packet, record.node), drop: None };
    // A RST that answers: what killed the packet that it answers is the cause.
    if let Some(drop) = record.parent.filter(|_| record.why == Why::Answer).and_then(|parent| reading.index().drops(parent).first())
        && reading.drop(*drop).is_some_and(|drop| matches!(drop.reason, DropReason::Rule { .. }))
    {
        return of_loss(thread, *drop);
    }
    // What was answered had lost its translation on the way.
    if let Some((place, _)) = record.parent.filter(|_| record.why == Why::Answer).and_then(|parent| retranslated(thread, parent)) {
        return Diagnosis { cause: Cause::ConntrackForgotten, place: Some(place) };
    }
    let cause = match record.why {
        Why::Injected => Cause::ForgedSegment,
        Why::Answer => Cause::SocketGone,
        Why::Application | Why::Retransmission | Why::Error | Why::Resolution | Why::Probe => Cause::Reset,
    };
    Diagnosis { cause, place: Some(place) }
}

/// The cause of a death on record.
#[must_use]
pub fn of_loss(thread: &Thread<'_>, drop: u32) -> Diagnosis {
    let reading = thread.reading();
    let Some(record) = reading.drop(drop) else { return Diagnosis { cause: Cause::Unexplained, place: None } };
    let visit = reading.last_visit(record);
    let place = Place { node: record.node, packet: Some(record.packet), at: record.at, visit, drop: Some(drop) };
    let aside = Member { packet: record.packet, direction: Direction::Aside, label: Label { kind: Kind::Unsent, again: None } };
    let member = thread.member(record.packet).copied().unwrap_or(aside);
    if let Some((place, _)) = retranslated(thread, record.packet) {
        return Diagnosis { cause: Cause::ConntrackForgotten, place: Some(place) };
    }
    let cause = of_reason(thread, record, &member);
    // Who let the question for its address go unanswered is where it breaks.
    if let Some((node, visit)) =
        refused_by(thread, record).filter(|_| cause == Cause::RpFilter && record.reason != DropReason::ReversePathFilter)
    {
        let asked = reading.visit(visit).map(|stay| stay.packet);
        return Diagnosis { cause, place: Some(Place { node, packet: asked, at: place.at, visit: Some(visit), drop: None }) };
    }
    Diagnosis { cause, place: Some(place) }
}

fn of_reason(thread: &Thread<'_>, record: &DropRecord, member: &Member) -> Cause {
    match record.reason {
        DropReason::Rule { rule, state, rejected } => of_rule(thread, record, member, (rule, state, rejected)),
        DropReason::NoRoute => {
            if member.direction == Direction::There {
                Cause::NoRoute
            } else {
                Cause::NoReturnRoute
            }
        }
        DropReason::RouteUnreachable | DropReason::RouteProhibit => Cause::RouteRefuses,
        DropReason::RouteBlackhole => Cause::RouteBlackhole,
        DropReason::NotForwarding => of_not_forwarding(thread, record),
        DropReason::ReversePathFilter => Cause::RpFilter,
        DropReason::MartianSource if two_have(thread, record.packet, record.node) => Cause::DuplicateAddress,
        DropReason::MartianSource | DropReason::MartianDestination => Cause::MartianAddress,
        DropReason::TtlExceeded => {
            if circle(&thread.reading().path(record.packet)).is_some() {
                Cause::RoutingLoop
            } else {
                Cause::TtlExceeded
            }
        }
        DropReason::FragmentationNeeded => {
            if sender_was_told(thread, record.packet) {
                Cause::FragmentationNeeded
            } else {
                Cause::PmtuBlackHole
            }
        }
        DropReason::NeighbourFailed | DropReason::NeighbourQueueFull => {
            if no_carrier(thread, record.packet, record.node).is_some() {
                Cause::LinkDown
            } else if refused_by(thread, record).is_some() {
                Cause::RpFilter
            } else {
                Cause::NeighbourFailed
            }
        }
        DropReason::LinkDown | DropReason::CableCut => Cause::LinkDown,
        DropReason::FrameTooLong => Cause::MtuMismatch,
        DropReason::NoSocket => of_no_socket(thread, record, member),
        DropReason::NoProtocol => Cause::Unexplained,
        DropReason::ReassemblyTimeout => Cause::Unexplained,
        DropReason::NotAnswerable => Cause::EchoIgnored,
        DropReason::NatExhausted | DropReason::NatNoAddress | DropReason::NatInterfaceChanged | DropReason::NatRedirect => Cause::NatFailed,
        DropReason::ConntrackFull => Cause::ConntrackFull,
        DropReason::Tcp(TcpDrop::Closed) => Cause::SocketGone,
        DropReason::Tcp(_) => Cause::TcpUnacceptable,
    }
}

fn of_rule(thread: &Thread<'_>, record: &DropRecord, member: &Member, (_, state, rejected): (RuleId, Option<CtState>, bool)) -> Cause {
    let plain = if rejected { Cause::FilterReject } else { Cause::FilterDrop };
    let seen = Seen::before(thread, member, record.node);
    if state == Some(CtState::Invalid) {
        return of_invalid(thread, record, member, &seen);
    }
    let between = record.node != thread.conversation().from && !thread.far_ends().contains(&record.node);
    let only_answers = member.direction == Direction::Back && seen.other.is_empty() && seen.went_around.is_some();
    if between && state == Some(CtState::New) && only_answers && lets_answers_pass(thread, record.node) {
        return Cause::AsymmetricUnseenRequest;
    }
    let opening = matches!(member.label.kind, Kind::Syn) || !thread.conversation().is_tcp();
    if state == Some(CtState::New) && !opening && forgotten(thread, record, &seen).is_some() {
        return Cause::ConntrackForgotten;
    }
    plain
}

fn of_invalid(thread: &Thread<'_>, record: &DropRecord, member: &Member, seen: &Seen) -> Cause {
    let why = thread.reading().last_visit(record).and_then(|visit| thread.reading().tracked(visit)).and_then(|(.., invalid)| invalid);
    if forgotten(thread, record, seen).is_some() {
        return Cause::ConntrackForgotten;
    }
    match (member.direction, why) {
        (_, Some(CtInvalid::TcpFlags | CtInvalid::Malformed)) | (Direction::Aside, _) => Cause::ConntrackInvalid,
        (Direction::Back, _) if seen.other.is_empty() && seen.went_around.is_some() => Cause::AsymmetricUnseenRequest,
        (_, _) if seen.went_around.is_none() => Cause::ConntrackInvalid,
        (Direction::There, _) if seen.other.is_empty() => Cause::AsymmetricInvalidAck,
        _ => Cause::AsymmetricInvalid,
    }
}

/// The node accepts packets of connections that it knows in both directions: a rule for `established` is on it.
fn lets_answers_pass(thread: &Thread<'_>, node: NodeId) -> bool {
    let rules = thread.trace().rules.get(node.0 as usize).map_or(&[][..], Vec::as_slice);
    rules.iter().any(|rule| rule.text.contains("established") && rule.text.contains("accept"))
}

/// The event by which a node lost its entry for the conversation, before it dropped the packet.
#[must_use]
pub fn forgotten<'r>(thread: &Thread<'r>, record: &DropRecord, seen: &Seen) -> Option<&'r CtEventRecord> {
    let reading = thread.reading();
    let passed = seen.same.iter().chain(&seen.other);
    let entries: Vec<_> =
        passed.filter_map(|packet| reading.tracked(reading.visit_at(*packet, record.node)?)).filter_map(|(_, entry, _)| entry).collect();
    let latest = *entries.iter().max()?;
    thread
        .trace()
        .ct_events
        .iter()
        .filter(|event| event.node == record.node && event.at <= record.at && event.event.entry.id == latest)
        .find(|event| event.event.kind == CtEventKind::Destroy)
}

fn of_no_socket(thread: &Thread<'_>, record: &DropRecord, member: &Member) -> Cause {
    if member.direction != Direction::Back {
        return if another_would(thread, record.packet, record.node) {
            Cause::DuplicateAddress
        } else if member.direction == Direction::There && thread.conversation().is_tcp() && member.label.kind != Kind::Syn {
            Cause::SocketGone
        } else {
            Cause::ClosedPort
        };
    }
    if record.node != thread.conversation().from {
        // Whose address the requests had on the far side took the answer for its own.
        return if hid_behind(thread, record) { Cause::ConntrackForgotten } else { Cause::DuplicateAddress };
    }
    let asked = thread.conversation().to;
    let answered_from = thread.reading().first_ip(record.packet).map(|ip| ip.src);
    let arrived_from = thread.reading().last_visit(record).and_then(|visit| thread.reading().ip(visit)).map(|ip| ip.src).or(answered_from);
    if arrived_from.is_none_or(|source| source == asked) {
        return Cause::SocketGone;
    }
    match translator(thread, member) {
        Some((visit, false)) if turned_back(thread, visit) => Cause::NatHairpin,
        Some((_, false)) => Cause::NatBypassed,
        // It came by the translator, which did not translate it back.
        Some((_, true)) => Cause::ConntrackForgotten,
        None => Cause::SocketGone,
    }
}

/// Somebody else has the packet's destination as well, or its source is this node's own.
fn two_have(thread: &Thread<'_>, packet: PacketId, here: NodeId) -> bool {
    let Some(ip) = thread.reading().first_ip(packet) else { return false };
    let scenario = thread.reading().scenario();
    let mine = |address| owners(scenario, address).any(|node| node == here);
    let many = |address| owners(scenario, address).nth(1).is_some();
    many(ip.dst) || (mine(ip.src) && thread.origin(packet).is_some_and(|record| record.node != here))
}

/// The nodes of a circle that a packet ran in, each once.
#[must_use]
pub fn circle(path: &[NodeId]) -> Option<Vec<NodeId>> {
    let last = *path.last()?;
    let (_, before) = path.split_last()?;
    let again = before.iter().rposition(|node| *node == last)?;
    path.get(again..before.len()).map(<[NodeId]>::to_vec)
}

/// An ICMP error about a packet of this direction reached its maker before a timer had to repeat this one.
fn sender_was_told(thread: &Thread<'_>, packet: PacketId) -> bool {
    let Some(member) = thread.member(packet) else { return false };
    let first = original(thread.trace(), packet);
    let Some(maker) = thread.origin(packet).map(|record| record.node) else { return false };
    let made = |copy: PacketId| thread.origin(copy).map(|record| record.made);
    let repeated = thread.copies(first).filter(|copy| copy.packet > packet).find_map(|copy| made(copy.packet)).unwrap_or(SimTime::MAX);
    let too_long = |error: &Member| matches!(error.label.kind, Kind::Unreachable { code } if code == FRAGMENTATION_NEEDED);
    thread
        .going(member.direction)
        .flat_map(|sent| thread.errors_about(sent.packet))
        .filter(|error| too_long(error))
        .any(|error| matches!(thread.reading().fate(error.packet), Fate::Arrived { node, at, .. } if node == maker && at <= repeated))
}

/// ICMP code (RFC 1191 section 4).
const FRAGMENTATION_NEEDED: u8 = 4;
