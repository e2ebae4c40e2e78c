//! The way there and the way back, as they were really taken.

use super::conversation::Direction;
use super::index::Index;
use super::ladder::Member;
use roundtrip_sim::scenario::{NodeId, Port, SegmentId};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{Trace, VisitEnd};

/// One hop of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leg {
    /// Interface that sends.
    pub from: Port,
    /// Segment that is crossed.
    pub segment: SegmentId,
    /// Interface that receives.
    pub to: Port,
}

/// A way that packets of one direction took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Which direction.
    pub direction: Direction,
    /// Hop by hop.
    pub legs: Vec<Leg>,
    /// It led to the end: the packet was taken there.
    pub complete: bool,
    /// When a packet first took it.
    pub first: SimTime,
}

impl Way {
    /// Every node on it, both ends included.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.legs.first().map(|leg| leg.from.node).into_iter().chain(self.legs.iter().map(|leg| leg.to.node))
    }
}

/// Every way that was taken, in the order in which it first was. A way that is only the beginning of another is left out.
#[must_use]
pub fn ways(trace: &Trace, index: &Index, members: &[Member]) -> Vec<Way> {
    let mut found: Vec<Way> = Vec::new();
    for member in members.iter().filter(|member| member.direction != Direction::Aside) {
        let hops: Vec<_> = index.hops_of_packet(trace, member.packet).collect();
        let legs: Vec<Leg> = hops.iter().map(|hop| Leg { from: hop.from, segment: hop.segment, to: hop.to }).collect();
        let Some(first) = hops.first().map(|hop| hop.sent) else { continue };
        let last = hops.last().and_then(|hop| trace.visits.get(hop.visit.0 as usize));
        let complete = last.is_some_and(|visit| visit.end == VisitEnd::Delivered);
        let begins_with = |way: &Way, legs: &[Leg]| way.direction == member.direction && way.legs.starts_with(legs);
        if let Some(known) = found.iter_mut().find(|way| begins_with(way, &legs)) {
            known.complete |= complete && known.legs.len() == legs.len();
            continue;
        }
        // Packets may turn out to go further than those before them did.
        found.retain(|way| !(way.direction == member.direction && legs.starts_with(&way.legs)));
        found.push(Way { direction: member.direction, legs, complete, first });
    }
    found
}

/// The way of a direction that packets take at a moment: the latest that was begun by then, else the first.
#[must_use]
pub fn at(ways: &[Way], direction: Direction, moment: SimTime) -> Option<&Way> {
    let of = || ways.iter().filter(|way| way.direction == direction);
    of().filter(|way| way.first <= moment).max_by_key(|way| way.first).or_else(|| of().next())
}

/// The nodes that only one of two ways meets.
#[must_use]
pub fn met_once(there: &Way, back: &Way) -> Vec<(NodeId, Direction)> {
    let only = |way: &Way, other: &Way| -> Vec<(NodeId, Direction)> {
        let nodes = way.nodes().filter(|node| !other.nodes().any(|met| met == *node));
        nodes.map(|node| (node, way.direction)).collect()
    };
    let mut found = only(there, back);
    found.extend(only(back, there));
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::label::Label;
    use crate::view::sample::{self, R1};
    use roundtrip_sim::trace::PacketId;

    #[test]
    fn there_by_r1_and_back_around_it() {
        let trace = sample::handshake_with_repeat();
        let index = Index::new(&trace);
        let members: Vec<Member> = (0..6)
            .map(|packet| Member {
                packet: PacketId(packet),
                direction: if [1, 4].contains(&packet) { Direction::Back } else { Direction::There },
                label: Label::of(&trace, &index, PacketId(packet)),
            })
            .collect();
        // The third packet is looked at first: its way is the beginning of the first's.
        let turned: Vec<Member> = members.iter().rev().copied().collect();
        for members in [members, turned] {
            let ways = ways(&trace, &index, &members);
            assert_eq!(ways.len(), 2, "{ways:?}");
            let there = at(&ways, Direction::There, SimTime::ZERO).unwrap();
            let back = at(&ways, Direction::Back, SimTime::ZERO).unwrap();
            assert!(there.complete && back.complete);
            assert_eq!((there.legs.len(), back.legs.len()), (3, 2));
            assert_eq!(met_once(there, back), [(R1, Direction::There)]);
        }
    }
}
