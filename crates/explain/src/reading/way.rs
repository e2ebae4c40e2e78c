//! The way there and the way back, as they were really taken.

use super::conversation::Direction;
use super::thread::{Fate, Thread};
use roundtrip_sim::scenario::{NodeId, Port, SegmentId};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::PacketId;
use roundtrip_wire::order;

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
    /// It led to the end: a packet was taken there.
    pub complete: bool,
    /// When a packet first took it.
    pub first: SimTime,
    /// The first packet that took it.
    pub packet: PacketId,
}

impl Way {
    /// Every node on it, both ends included.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.legs.first().map(|leg| leg.from.node).into_iter().chain(self.legs.iter().map(|leg| leg.to.node))
    }
}

/// Every way that was taken, in the order in which it first was. A way that is only the beginning of another is left out.
#[must_use]
pub fn ways(thread: &Thread<'_>) -> Vec<Way> {
    let mut found: Vec<Way> = Vec::new();
    for member in thread.members().iter().filter(|member| member.direction != Direction::Aside) {
        let hops = thread.reading().hops(member.packet);
        let Some(first) = hops.first().map(|hop| hop.sent) else { continue };
        let legs: Vec<Leg> = hops.iter().map(|hop| Leg { from: hop.from, segment: hop.segment, to: hop.to }).collect();
        let complete = matches!(thread.reading().fate(member.packet), Fate::Arrived { .. });
        let begins_with = |way: &Way, legs: &[Leg]| way.direction == member.direction && way.legs.starts_with(legs);
        if let Some(known) = found.iter_mut().find(|way| begins_with(way, &legs)) {
            known.complete |= complete && known.legs.len() == legs.len();
            continue;
        }
        // Packets may turn out to go further than those before them did.
        found.retain(|way| !(way.direction == member.direction && legs.starts_with(&way.legs)));
        found.push(Way { direction: member.direction, legs, complete, first, packet: member.packet });
    }
    found
}

/// The way of a direction that packets take at a moment: the latest that was begun by then, else the first. Ways that led to the
/// end go first.
#[must_use]
pub fn at(ways: &[Way], direction: Direction, moment: SimTime) -> Option<&Way> {
    let of = || ways.iter().filter(|way| way.direction == direction);
    of().filter(|way| way.first <= moment).max_by_key(|way| (way.complete, way.first)).or_else(|| of().next())
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
    order::sort(&mut found);
    found.dedup();
    found
}

/// True if two ways are not each other's reverse: they meet other nodes, or cross other segments between the same ones.
#[must_use]
pub fn differ(there: &Way, back: &Way) -> bool {
    !met_once(there, back).is_empty() || !other_segments(there, back).is_empty()
}

/// The hops there that are crossed back by another segment, between the same two nodes.
#[must_use]
pub fn other_segments(there: &Way, back: &Way) -> Vec<(Leg, Leg)> {
    let returns = |leg: &Leg| back.legs.iter().find(|other| (other.from.node, other.to.node) == (leg.to.node, leg.from.node)).copied();
    there.legs.iter().filter_map(|leg| Some((*leg, returns(leg)?))).filter(|(leg, other)| leg.segment != other.segment).collect()
}
