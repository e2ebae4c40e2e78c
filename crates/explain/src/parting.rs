//! Ways that part: who sees one direction only, and where the two ways leave each other.

use crate::reading::{Direction, Fate, Member, Thread, origin};
use roundtrip_sim::netfilter::ruleset::CtState;
use roundtrip_sim::scenario::NodeId;
use roundtrip_sim::trace::{CtId, PacketId, Step, VisitEnd, VisitId, Why};

/// What a node had seen of a conversation when a packet came to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Packets of the same direction that it let pass, in the order in which they were made.
    pub same: Vec<PacketId>,
    /// Packets of the other direction.
    pub other: Vec<PacketId>,
    /// The latest packet of the other direction that was taken at its end and never came by here; the one that the packet answers,
    /// if that is one.
    pub went_around: Option<PacketId>,
}

impl Seen {
    /// At `node`, before `packet` was made.
    #[must_use]
    pub fn before(thread: &Thread<'_>, packet: &Member, node: NodeId) -> Self {
        let reading = thread.reading();
        let earlier = |direction: Direction| thread.going(direction).filter(|member| member.packet < packet.packet);
        let passed = |member: &&Member| {
            reading.visit_at(member.packet, node).and_then(|visit| reading.visit(visit)).is_some_and(|visit| visit.end != VisitEnd::Dropped)
        };
        let at_node = |direction| earlier(direction).filter(passed).map(|member| member.packet).collect::<Vec<_>>();
        let around = |member: &PacketId| matches!(reading.fate(*member), Fate::Arrived { .. }) && !reading.met(*member, node);
        let answered = answered(thread, packet.packet).filter(around);
        let latest = || earlier(packet.direction.opposite()).map(|member| member.packet).rfind(around);
        Self { same: at_node(packet.direction), other: at_node(packet.direction.opposite()), went_around: answered.or_else(latest) }
    }
}

/// The other side's packet that this one answers; a repetition answers what its original answered.
fn answered(thread: &Thread<'_>, packet: PacketId) -> Option<PacketId> {
    let maker = origin(thread.trace(), packet)?.node;
    let mut at = packet;
    loop {
        let record = origin(thread.trace(), at)?;
        // A packet's parent is older than itself; should one not be, the walk ends all the same.
        let parent = record.parent.filter(|parent| *parent < at)?;
        if record.why == Why::Answer {
            return origin(thread.trace(), parent).filter(|asked| asked.node != maker).map(|_| parent);
        }
        at = parent;
    }
}

/// Where the way there and the way back leave each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parting {
    /// Seen from the one who began, the last node on both ways.
    pub near: Option<NodeId>,
    /// Seen from the one who was asked, the last node on both ways.
    pub far: Option<NodeId>,
}

impl Parting {
    /// Of the nodes that a packet there and one back met, each in the order in which it met them. One that died on its way tells
    /// only of the side from which it came.
    #[must_use]
    pub fn of(there: &[NodeId], back: &[NodeId]) -> Self {
        let common = |a: &mut dyn Iterator<Item = &NodeId>, b: &mut dyn Iterator<Item = &NodeId>| {
            a.zip(b).take_while(|(a, b)| a == b).last().map(|(node, _)| *node)
        };
        if there.iter().eq(back.iter().rev()) {
            return Self::default();
        }
        Self { near: common(&mut there.iter(), &mut back.iter().rev()), far: common(&mut there.iter().rev(), &mut back.iter()) }
    }
}

/// The step at which a node chose the way of a packet, with its stay.
#[must_use]
pub fn route_step(thread: &Thread<'_>, packet: PacketId, node: NodeId) -> Option<(VisitId, u16, Step)> {
    let visit = thread.reading().visit_at(packet, node)?;
    // Translation may have led elsewhere: the last choice counts.
    let steps = (0..).zip(thread.reading().steps(visit));
    steps.filter(|(_, step)| matches!(step, Step::Route { .. })).last().map(|(place, step)| (visit, place, *step))
}

/// A node between the ends that tracks connections and sees only one direction of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneSided {
    /// Which node.
    pub node: NodeId,
    /// The direction that it sees.
    pub sees: Direction,
    /// A stay of a packet there.
    pub visit: VisitId,
    /// Its entry for the conversation, if it made one.
    pub entry: Option<CtId>,
}

/// The nodes between the ends that track connections and saw one direction only, though packets of the other one arrived.
#[must_use]
pub fn one_sided(thread: &Thread<'_>) -> Vec<OneSided> {
    let reading = thread.reading();
    let mut found: Vec<(OneSided, bool)> = Vec::new();
    let arrived = |direction: Direction| thread.going(direction).any(|member| matches!(reading.fate(member.packet), Fate::Arrived { .. }));
    let (there, back) = (arrived(Direction::There), arrived(Direction::Back));
    for member in thread.members().iter().filter(|member| member.direction != Direction::Aside) {
        for (visit, record) in reading.visits(member.packet) {
            let end = record.node == thread.conversation().from || thread.far_ends().contains(&record.node);
            let tracked = reading.tracked(visit).filter(|(state, ..)| *state != CtState::Untracked);
            let Some((_, entry, _)) = tracked.filter(|_| !end) else { continue };
            match found.iter_mut().find(|(known, _)| known.node == record.node) {
                Some((known, both)) => {
                    known.entry = known.entry.or(entry);
                    *both |= known.sees != member.direction;
                }
                None => found.push((OneSided { node: record.node, sees: member.direction, visit, entry }, false)),
            }
        }
    }
    let other_arrived = |sees: Direction| if sees == Direction::There { back } else { there };
    found.into_iter().filter(|(known, both)| !both && other_arrived(known.sees)).map(|(known, _)| known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parting(there: &[u32], back: &[u32]) -> (Option<u32>, Option<u32>) {
        let nodes = |numbers: &[u32]| numbers.iter().copied().map(NodeId).collect::<Vec<_>>();
        let found = Parting::of(&nodes(there), &nodes(back));
        (found.near.map(|node| node.0), found.far.map(|node| node.0))
    }

    #[test]
    fn ways_part_and_meet_again() {
        assert_eq!(parting(&[1, 2, 3, 4], &[4, 3, 1]), (Some(1), Some(3)));
        assert_eq!(parting(&[1, 2, 4], &[4, 1]), (Some(1), Some(4)));
        assert_eq!(parting(&[1, 2, 5, 3, 4], &[4, 3, 6, 2, 1]), (Some(2), Some(3)));
        assert_eq!(parting(&[1, 2, 3], &[3, 2, 1]), (None, None));
    }

    #[test]
    fn a_packet_that_died_tells_of_its_own_side() {
        assert_eq!(parting(&[1, 2], &[4, 3, 1]), (Some(1), None));
        assert_eq!(parting(&[1, 3, 4], &[4, 3, 2]), (None, Some(3)));
    }
}
