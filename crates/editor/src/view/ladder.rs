//! The ladder: one lifeline for each device on the way, one row for each packet, one arrow for each hop.

use super::loss::is_loss;
use roundtrip_explain::reading::{Direction, Hop, Index, Member, origin};
use roundtrip_sim::scenario::NodeId;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{DropReason, Trace};
use roundtrip_wire::order;

/// A ladder without measures: lifelines and hops are numbered, not placed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    /// The devices, from the one who began to the one who was asked.
    pub lifelines: Vec<NodeId>,
    /// The packets, in the order in which they were made.
    pub rows: Vec<Row>,
}

/// One packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub member: Member,
    /// When it was made.
    pub made: SimTime,
    /// How long nothing of the conversation had happened before.
    pub since_last: SimTime,
    /// Its hops.
    pub arrows: Vec<Arrow>,
    /// Where it died.
    pub crosses: Vec<Cross>,
}

/// One hop, between two lifelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// Place of the sender's lifeline in [`Ladder::lifelines`].
    pub from: usize,
    /// Place of the receiver's.
    pub to: usize,
    /// The hop.
    pub hop: Hop,
}

/// A packet's death.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cross {
    /// Place of the lifeline at which it died.
    pub at: usize,
    /// When.
    pub time: SimTime,
    /// Why.
    pub reason: DropReason,
}

impl Ladder {
    /// Of these packets, given in the order in which they were made.
    #[must_use]
    pub fn new(trace: &Trace, index: &Index, members: &[Member]) -> Self {
        let lifelines = lifelines(trace, index, members);
        let place = |node: NodeId| lifelines.iter().position(|other| *other == node);
        let mut last = None;
        let rows = members
            .iter()
            .filter_map(|member| {
                let made = origin(trace, member.packet)?.made;
                let arrows: Vec<Arrow> = index
                    .hops_of_packet(trace, member.packet)
                    .filter_map(|hop| Some(Arrow { from: place(hop.from.node)?, to: place(hop.to.node)?, hop }))
                    .collect();
                let crosses = index
                    .drops(member.packet)
                    .iter()
                    .filter_map(|id| trace.drops.get(*id as usize).filter(|drop| is_loss(&drop.reason)))
                    .filter_map(|drop| Some(Cross { at: place(drop.node)?, time: drop.at, reason: drop.reason }))
                    .collect();
                let since_last = last.map(|last| made.since(last)).unwrap_or_default();
                last = last.max(Some(made)).max(arrows.iter().map(|arrow| arrow.hop.arrived).max());
                Some(Row { member: *member, made, since_last, arrows, crosses })
            })
            .collect();
        Self { lifelines, rows }
    }
}

/// The devices that the packets meet, so ordered that as many hops as possible lead from a lifeline to the next: along the
/// longest way there, with those that only other packets meet put in where those packets come from.
fn lifelines(trace: &Trace, index: &Index, members: &[Member]) -> Vec<NodeId> {
    let way = |member: &Member| -> Vec<NodeId> {
        let mut nodes: Vec<NodeId> = origin(trace, member.packet).map(|record| record.node).into_iter().collect();
        for hop in index.hops_of_packet(trace, member.packet) {
            for node in [hop.from.node, hop.to.node] {
                if !nodes.contains(&node) {
                    nodes.push(node);
                }
            }
        }
        nodes
    };
    let mut ways: Vec<(Direction, Vec<NodeId>)> = Vec::new();
    for member in members {
        let nodes = way(member);
        if !ways.iter().any(|(direction, known)| *direction == member.direction && *known == nodes) {
            ways.push((member.direction, nodes));
        }
    }
    // Those that go there first, the longest first; a way back is read from its end.
    order::sort_by_key(&mut ways, |(direction, nodes)| (*direction, std::cmp::Reverse(nodes.len())));
    let mut lifelines: Vec<NodeId> = Vec::new();
    for (direction, mut nodes) in ways {
        if direction == Direction::Back {
            nodes.reverse();
        }
        let mut after = 0;
        for node in nodes {
            match lifelines.iter().position(|known| *known == node) {
                Some(place) => after = place.saturating_add(1),
                None => {
                    let place = after.min(lifelines.len());
                    lifelines.insert(place, node);
                    after = place.saturating_add(1);
                }
            }
        }
    }
    lifelines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::sample::{self, PC1, PC2, R1, R2};
    use roundtrip_explain::reading::Label;
    use roundtrip_sim::trace::PacketId;

    fn members(trace: &Trace, index: &Index) -> Vec<Member> {
        let direction = |packet: u32| if [1, 4].contains(&packet) { Direction::Back } else { Direction::There };
        (0..6)
            .map(|packet| {
                let id = PacketId(packet);
                Member { packet: id, direction: direction(packet), label: Label::of(trace, index, id) }
            })
            .collect()
    }

    #[test]
    fn lifelines_stand_in_the_order_of_the_way_there() {
        let trace = sample::handshake_with_repeat();
        let index = Index::new(&trace);
        let ladder = Ladder::new(&trace, &index, &members(&trace, &index));
        assert_eq!(ladder.lifelines, [PC1, R1, R2, PC2]);
        let back: Vec<(usize, usize)> = ladder.rows[1].arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
        assert_eq!(back, [(3, 2), (2, 0)], "the way back skips R1");
        assert_eq!(ladder.rows[2].crosses[0].at, 1);
        assert!(ladder.rows[4].since_last > SimTime::from_millis(990));
    }

    #[test]
    fn a_device_on_the_way_back_alone_has_its_place() {
        let trace = sample::handshake_with_repeat();
        let index = Index::new(&trace);
        let all = members(&trace, &index);
        // As if the way there were the direct one: R1 is met by a packet back only.
        let turned: Vec<Member> =
            [Member { direction: Direction::Back, ..all[0] }, Member { direction: Direction::There, ..all[1] }].into();
        assert_eq!(Ladder::new(&trace, &index, &turned).lifelines, [PC2, R2, R1, PC1]);
    }
}
