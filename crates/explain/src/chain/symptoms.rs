//! What a person sees first: repetitions, errors, the end of patience.

use super::{Case, Link, LinkKind, Reference};
use crate::find::ended;
use crate::outcome::Outcome;
use crate::reading::{Direction, Fate, Kind, Member, original};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{AppWhat, Why};
use roundtrip_wire::order;

pub(super) fn symptoms(case: &Case<'_, '_>) -> Vec<Link> {
    if case.outcome.works() {
        return Vec::new();
    }
    let mut links = errors(case);
    links.extend(repetitions(case));
    if matches!(case.outcome, Outcome::Stalled | Outcome::TimedOut) && links.is_empty() {
        links.extend(gave_up(case));
    }
    links
}

/// Errors that the one who began was told of, with the message that told.
fn errors(case: &Case<'_, '_>) -> Vec<Link> {
    let conversation = case.thread.conversation();
    let mut links = Vec::new();
    let event = case.thread.trace().app.iter().find_map(|event| match event.what {
        AppWhat::ConnectError(errno) | AppWhat::Error(errno) | AppWhat::IcmpError(errno)
            if event.action == Some(conversation.action) && !event.server =>
        {
            Some((event.at, errno))
        }
        _ => None,
    });
    let Some((at, errno)) = event else { return links };
    // A refusal of the node's own is the loss itself, told below.
    if matches!(case.broke, crate::find::Break::Local { server: false, .. }) {
        return links;
    }
    links.push(
        Link::new(LinkKind::Error)
            .with("node", case.device(conversation.from))
            .with("errno", errno.name())
            .on(Reference::Device(conversation.from)),
    );
    let tells = |member: &&Member| {
        case.thread.origin(member.packet).is_some_and(|record| record.why == Why::Error)
            && !matches!(member.label.kind, Kind::Redirect { .. })
            || member.label.kind == Kind::Rst
    };
    let heard = case.thread.members().iter().filter(tells).find_map(|member| match case.thread.reading().fate(member.packet) {
        Fate::Arrived { node, at: heard, visit } if node == conversation.from && heard <= at => Some((member, visit)),
        _ => None,
    });
    // A RST that ended it is told below.
    let told_below = |packet| matches!(case.broke, crate::find::Break::Reset(reset) if reset == packet);
    if let Some((member, visit)) = heard.filter(|(member, _)| !told_below(member.packet))
        && let Some(record) = case.thread.origin(member.packet).filter(|record| record.node != conversation.from)
    {
        let link = Link::new(LinkKind::Told).with("node", case.device(conversation.from)).with("by", case.device(record.node));
        links.push(link.with("packet", member.label).on(Reference::Packet(member.packet)).on(Reference::Visit(visit)));
    }
    links
}

/// Packets that were repeated: first those of the side that waits for what was lost.
fn repetitions(case: &Case<'_, '_>) -> Vec<Link> {
    let thread = case.thread;
    let lost = case.diagnosis.place.and_then(|place| place.packet).and_then(|packet| thread.member(packet));
    let mut groups: Vec<(Member, u32, SimTime)> = Vec::new();
    let end = ended(thread);
    for member in thread.members().iter().filter(|member| member.direction != Direction::Aside) {
        let Some(record) = thread.origin(member.packet).filter(|record| record.why == Why::Retransmission && record.made <= end) else {
            continue;
        };
        let first = original(thread.trace(), member.packet);
        let since = thread.origin(first).map_or(SimTime::ZERO, |origin| record.made.since(origin.made));
        match groups.iter_mut().find(|(known, ..)| known.packet == first) {
            Some((_, times, last)) => {
                *times = times.saturating_add(1);
                *last = since;
            }
            None => groups.extend(thread.member(first).map(|known| (*known, 1, since))),
        }
    }
    let waits = |member: &Member| lost.is_some_and(|lost| member.direction == lost.direction);
    order::sort_by_key(&mut groups, |(member, ..)| (waits(member), member.packet));
    let one_each = |(place, (member, ..)): &(usize, (Member, u32, SimTime))| {
        !groups.iter().take(*place).any(|(earlier, ..)| earlier.direction == member.direction)
    };
    let shown = groups.iter().copied().enumerate().filter(one_each).map(|(_, group)| group);
    shown
        .filter_map(|(member, times, last)| {
            let node = thread.origin(member.packet)?.node;
            let link = Link::new(LinkKind::Repeats).with("node", case.device(node)).with("packet", member.label);
            Some(link.with("times", times).with("last", last).on(Reference::Packet(member.packet)).on(Reference::Device(node)))
        })
        .collect()
}

fn gave_up(case: &Case<'_, '_>) -> Option<Link> {
    let conversation = case.thread.conversation();
    let event =
        case.thread.trace().app.iter().find(|event| event.action == Some(conversation.action) && event.what == AppWhat::TimedOut)?;
    let after = event.at.since(conversation.begins);
    let link = Link::new(LinkKind::GaveUp).with("node", case.device(conversation.from)).with("after", after);
    Some(link.on(Reference::Action(conversation.action)))
}
