//! What else happened: redirects, changes of the network, how it went on in the end.

use super::{Case, Link, LinkKind, Reference};
use crate::find::ended;
use crate::outcome::Outcome;
use crate::reading::{Direction, Fate, Kind, Member, original};
use roundtrip_sim::scenario::{ActionId, ActionKind};
use roundtrip_sim::trace::{PacketId, Step, Why};

pub(super) fn asides(case: &Case<'_, '_>) -> Vec<Link> {
    let mut links = redirects(case);
    links.extend(changes(case));
    links.extend(came_through(case));
    links
}

/// Redirects to the one who began: each kind of answer to them once.
fn redirects(case: &Case<'_, '_>) -> Vec<Link> {
    let reading = case.thread.reading();
    let from = case.thread.conversation().from;
    let mut links: Vec<Link> = Vec::new();
    for member in case.thread.members() {
        let Kind::Redirect { gateway } = member.label.kind else { continue };
        let Some(by) = case.thread.origin(member.packet).map(|record| record.node) else { continue };
        let Some(visit) = reading.visit_at(member.packet, from) else { continue };
        let (step, link) = match reading.step(visit, |step| match step {
            Step::RedirectIgnored { because } => {
                let link = Link::new(LinkKind::RedirectIgnored).with("node", case.device(from)).with("by", case.device(by));
                Some(link.with("gateway", gateway).with("reason", super::words::redirect_ignored(*because)))
            }
            Step::RedirectResolving { .. } => Some(
                Link::new(LinkKind::RedirectResolving).with("node", case.device(from)).with("by", case.device(by)).with("gateway", gateway),
            ),
            Step::RedirectAccepted { .. } => Some(
                Link::new(LinkKind::RedirectAccepted).with("node", case.device(from)).with("by", case.device(by)).with("gateway", gateway),
            ),
            _ => None,
        }) {
            Some(found) => found,
            None => continue,
        };
        if !links.iter().any(|known| known.message == link.message) {
            links.push(link.on(Reference::Packet(member.packet)).on(Reference::Step { visit, step }));
        }
    }
    links
}

/// Actions that changed the network while the conversation lasted.
fn changes(case: &Case<'_, '_>) -> Vec<Link> {
    let begins = case.thread.conversation().begins;
    let end = ended(case.thread);
    let actions = case.thread.reading().scenario().actions.iter().zip(0_u32..);
    let changes = actions.filter(|(action, _)| {
        action.at > begins
            && action.at < end
            && matches!(
                action.kind,
                ActionKind::NeighFlush { .. }
                    | ActionKind::Link { .. }
                    | ActionKind::Route { .. }
                    | ActionKind::Addr { .. }
                    | ActionKind::Sysctl { .. }
                    | ActionKind::Nft { .. }
                    | ActionKind::ConntrackFlush { .. }
            )
    });
    let lasting = case.thread.conversation().is_tcp() || !case.outcome.works();
    changes.filter(|_| lasting).filter_map(|(_, id)| super::changes::link(case, ActionId(id))).collect()
}

/// The packet by which a conversation recovered from its first loss.
fn came_through(case: &Case<'_, '_>) -> Option<Link> {
    if case.outcome != Outcome::Recovered {
        return None;
    }
    let place = case.diagnosis.place?;
    let lost = case.thread.member(place.packet?)?;
    let later = case.thread.going(lost.direction).filter(|member| member.packet > lost.packet && arrived(case, member));
    let made = |member: &Member| case.thread.origin(member.packet).map(|record| record.made);
    let after_loss = later.filter(|member| made(member) >= Some(place.at));
    let same = |member: &&Member| {
        let first = original(case.thread.trace(), lost.packet);
        original(case.thread.trace(), member.packet) == first
            || case.thread.origin(member.packet).is_some_and(|record| record.why != Why::Probe)
    };
    let found = after_loss.filter(same).min_by_key(|member| member.packet)?;
    let link = Link::new(LinkKind::CameThrough)
        .with("packet", crate::reading::Label { kind: found.label.kind, again: None })
        .with("way", case.way(case.thread.reading().path(found.packet)))
        .with("after", made(found)?.since(place.at));
    Some(link.on(Reference::Packet(found.packet)).on(first_visit(case, found.packet)))
}

fn arrived(case: &Case<'_, '_>, member: &Member) -> bool {
    member.direction != Direction::Aside && matches!(case.thread.reading().fate(member.packet), Fate::Arrived { .. })
}

fn first_visit(case: &Case<'_, '_>, packet: PacketId) -> Option<Reference> {
    case.thread.reading().visits(packet).next().map(|(id, _)| Reference::Visit(id))
}
