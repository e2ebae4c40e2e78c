//! The event at which it broke.

use super::{Case, Link, LinkKind, Reference, drop_reason, refusal};
use crate::find::Break;
use crate::reading::Fate;
use roundtrip_sim::scenario::NodeId;
use roundtrip_sim::trace::{DropReason, PacketId};

pub(super) fn loss(case: &Case<'_, '_>) -> Option<Link> {
    if let Some(drop) = case.diagnosis.place.and_then(|place| place.drop) {
        return lost(case, drop, LinkKind::Lost);
    }
    match case.broke {
        Break::Loss(drop) => lost(case, drop, LinkKind::Lost),
        Break::Local { node, errno, .. } => {
            let link = Link::new(LinkKind::Refused).with("node", case.device(node)).with("errno", refusal(errno));
            Some(link.on(Reference::Device(node)))
        }
        Break::Silence(packet) => about(case, packet, LinkKind::Unanswered),
        Break::Stuck(packet) => stuck(case, packet),
        Break::Reset(packet) => about(case, packet, LinkKind::ResetSent),
        Break::Eof => {
            let node = case.diagnosis.place?.node;
            Some(Link::new(LinkKind::EndedStream).with("node", case.device(node)).on(Reference::Device(node)))
        }
        Break::Nothing => None,
    }
}

/// A death, told as a link of this kind.
pub(super) fn lost(case: &Case<'_, '_>, drop: u32, kind: LinkKind) -> Option<Link> {
    let loss = crate::light::loss(case.thread, drop)?;
    let reason = drop_reason(&loss.reason, loss.rule.as_deref());
    let link = Link::new(kind).with("node", case.device(loss.node)).with("packet", loss.label).with("reason", reason);
    let rule = match loss.reason {
        DropReason::Rule { rule, .. } => Some(Reference::Rule { node: loss.node, rule }),
        _ => None,
    };
    Some(link.on(Reference::Packet(loss.packet)).on(Reference::Drop(drop)).on(loss.visit.map(Reference::Visit)).on(rule))
}

fn about(case: &Case<'_, '_>, packet: PacketId, kind: LinkKind) -> Option<Link> {
    let place = case.diagnosis.place?;
    Some(told(case, kind, place.node, packet).on(place.visit.map(Reference::Visit)))
}

fn told(case: &Case<'_, '_>, kind: LinkKind, node: NodeId, packet: PacketId) -> Link {
    let link = Link::new(kind).with("node", case.device(node)).with("packet", case.thread.label(packet));
    link.on(Reference::Packet(packet)).on(Reference::Device(node))
}

fn stuck(case: &Case<'_, '_>, packet: PacketId) -> Option<Link> {
    let place = case.diagnosis.place?;
    match case.thread.reading().fate(packet) {
        Fate::Waiting(visit) => Some(told(case, LinkKind::Waiting, place.node, packet).on(Reference::Visit(visit))),
        Fate::Held(visit) => Some(told(case, LinkKind::Held, place.node, packet).on(Reference::Visit(visit))),
        Fate::NotTaken(frame) => {
            let mac = case.thread.trace().frames.get(frame.0 as usize)?.frame.dst;
            Some(told(case, LinkKind::NotTaken, place.node, packet).with("mac", mac.to_string()))
        }
        Fate::Arrived { .. } | Fate::Lost(_) | Fate::Unsent => None,
    }
}
