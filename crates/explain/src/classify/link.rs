//! Links that are down, and questions for Ethernet addresses that nobody answers.

use super::*;

/// The first packet stood still where it was made, for want of a cable.
pub(crate) fn waited(thread: &Thread<'_>) -> Option<Diagnosis> {
    let first = thread.going(Direction::There).next()?;
    let node = thread.conversation().from;
    let visit = thread.reading().visit_at(first.packet, node)?;
    no_carrier(thread, first.packet, node)?;
    let at = thread.reading().visit(visit)?.at;
    Some(Diagnosis { cause: Cause::LinkDown, place: Some(Place { node, packet: Some(first.packet), at, visit: Some(visit), drop: None }) })
}

/// The node that has the next hop's address and let the question for it go unanswered, because its source must not come by that
/// interface; with the stay of the question there.
pub(crate) fn refused_by(thread: &Thread<'_>, record: &DropRecord) -> Option<(NodeId, VisitId)> {
    let reading = thread.reading();
    let asked_at = reading.visit_at(record.packet, record.node).and_then(|visit| reading.visit(visit))?.at;
    let refused = |step: &Step| matches!(step, Step::ReversePath { .. }).then_some(());
    let stays = (0_u32..).map(VisitId).zip(&reading.trace().visits);
    stays
        .filter(|(_, stay)| stay.at >= asked_at && stay.at <= record.at)
        .filter(|(id, _)| {
            let question = reading.frame_in(*id);
            question.is_some_and(|frame| frame.port.node == record.node && matches!(frame.frame.body, FrameBody::Arp(_)))
        })
        .find(|(id, _)| reading.step(*id, refused).is_some())
        .map(|(id, stay)| (stay.node, id))
}

/// The interface by which a packet was to leave a node, if nothing was at the other end of its cable when it came there.
#[must_use]
pub fn no_carrier(thread: &Thread<'_>, packet: PacketId, node: NodeId) -> Option<Port> {
    let reading = thread.reading();
    let (visit, _, step) = route_step(thread, packet, node)?;
    let at = reading.visit(visit)?.at;
    let Step::Route { dev, .. } = step else { return None };
    let port = Port { node, interface: dev };
    is_off(thread, port, at).then_some(port)
}

/// True if an interface is down, or nothing is at the other end of its cable, at a moment.
pub(crate) fn is_off(thread: &Thread<'_>, port: Port, at: SimTime) -> bool {
    let reading = thread.reading();
    let mut changes = reading.scenario().actions.iter().filter(|action| action.at <= at).filter_map(|action| match &action.kind {
        ActionKind::Link { port: changed, up, .. } if *changed == port => Some(!*up),
        _ => None,
    });
    let without = || reading.interface(port.node, port.interface).is_some_and(|interface| interface.segment.is_none());
    changes.next_back().unwrap_or_else(without)
}
