//! Translations that are lost, or that answers go past.

use super::*;

/// Where a packet that died at an end was translated otherwise than those before it.
pub(crate) fn retranslated(thread: &Thread<'_>, packet: PacketId) -> Option<(Place, VisitId)> {
    let reading = thread.reading();
    let drop = *reading.index().drops(packet).first()?;
    let (record, member) = (reading.drop(drop)?, thread.member(packet)?);
    let visit = translated_anew(thread, record, member)?;
    let stay = reading.visit(visit)?;
    Some((Place { node: stay.node, packet: Some(packet), at: stay.at, visit: Some(visit), drop: None }, visit))
}

/// The node that translated the conversation's source and does so no longer, or otherwise, so that the other end does not know the
/// packet: its stay there.
pub(crate) fn translated_anew(thread: &Thread<'_>, record: &DropRecord, member: &Member) -> Option<VisitId> {
    let reading = thread.reading();
    if member.direction != Direction::There {
        return None;
    }
    let as_it_left = |packet, node| {
        let visit = reading.visit_at(packet, node)?;
        let ip = reading.frame_out(visit)?.frame.ipv4()?;
        Some((ip.src, ip.tcp().map(|tcp| tcp.src_port)))
    };
    let first = thread.going(Direction::There).find(|first| first.label.kind == Kind::Syn)?;
    let path = reading.path(record.packet);
    let node = path
        .iter()
        .copied()
        .filter(|node| *node != thread.conversation().from)
        .find(|node| as_it_left(first.packet, *node).zip(as_it_left(record.packet, *node)).is_some_and(|(then, now)| then != now))?;
    reading.visit_at(record.packet, node)
}

/// The node translated the source of earlier packets of the conversation.
pub(crate) fn hid_behind(thread: &Thread<'_>, record: &DropRecord) -> bool {
    let translated = |step: &Step| matches!(step, Step::Translated { source: true, .. }).then_some(());
    thread
        .going(Direction::There)
        .filter(|member| member.packet < record.packet)
        .filter_map(|member| thread.reading().visit_at(member.packet, record.node))
        .any(|visit| thread.reading().step(visit, translated).is_some())
}

/// The stay at which the destination of the question was translated, and whether its answer came by there as well.
#[must_use]
pub fn translator(thread: &Thread<'_>, answer: &Member) -> Option<(VisitId, bool)> {
    let reading = thread.reading();
    let translated = |step: &Step| matches!(step, Step::Translated { source: false, .. }).then_some(());
    thread.going(Direction::There).filter(|member| member.packet < answer.packet).find_map(|member| {
        let (visit, record) = reading.visits(member.packet).find(|(visit, _)| reading.step(*visit, translated).is_some())?;
        Some((visit, reading.met(answer.packet, record.node)))
    })
}

/// The packet left by the interface by which it had come.
pub(crate) fn turned_back(thread: &Thread<'_>, visit: VisitId) -> bool {
    let reading = thread.reading();
    reading.came_by(visit).zip(reading.frame_out(visit)).is_some_and(|(came, left)| came == left.port)
}
