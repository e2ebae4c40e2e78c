//! The packet list: what a tap on an interface or the mirror port of a segment sees.

use roundtrip_sim::Scenario;
use roundtrip_sim::capture::Sighting;
use roundtrip_sim::scenario::{IfIndex, NodeId, Port, SegmentId};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{FrameId, PacketId, Trace};
use roundtrip_wire::{Direction, FrameNumbers, RelSeq};
use std::collections::BTreeSet;

/// Where frames are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tap {
    /// At an interface: what it sends and what it takes.
    Interface(Port),
    /// At the mirror port of a segment: every frame on it.
    Mirror(SegmentId),
}

/// A frame in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// When the tap saw it.
    pub time: SimTime,
    /// The frame.
    pub frame: FrameId,
    /// The packet that it carries.
    pub packet: PacketId,
    /// Which way it went.
    pub seen: Direction,
    /// The same packet has been seen here before in another frame: it crosses this place again.
    pub again_here: bool,
}

/// Every tap of a scenario: the interfaces of each node, then the mirrors.
pub fn taps(scenario: &Scenario) -> impl Iterator<Item = Tap> + '_ {
    let interfaces = scenario.nodes.iter().zip(0_u32..).flat_map(|(node, id)| {
        (0_u16..).take(node.interfaces.len()).map(move |interface| Tap::Interface(Port { node: NodeId(id), interface: IfIndex(interface) }))
    });
    interfaces.chain((0_u32..).take(scenario.segments.len()).map(|id| Tap::Mirror(SegmentId(id))))
}

/// What the tap sees, in the order of time.
#[must_use]
pub fn capture(trace: &Trace, tap: Tap) -> Vec<Row> {
    let row = |sighting: Sighting<'_>| Row {
        time: sighting.at,
        frame: sighting.id,
        packet: sighting.packet,
        seen: sighting.direction,
        again_here: false,
    };
    let mut rows: Vec<Row> = match tap {
        Tap::Interface(port) => roundtrip_sim::capture::at(&trace.frames, &trace.visits, port).map(row).collect(),
        Tap::Mirror(segment) => roundtrip_sim::capture::mirror(trace, segment).map(row).collect(),
    };
    let mut seen: BTreeSet<PacketId> = BTreeSet::new();
    for row in &mut rows {
        row.again_here = !seen.insert(row.packet);
    }
    rows
}

/// For every frame of a trace, what its sequence numbers count from.
#[must_use]
pub fn numbers(trace: &Trace) -> Vec<FrameNumbers> {
    let mut relative = RelSeq::new();
    trace.frames.iter().map(|record| relative.observe(&record.frame)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::sample::{self, PC1, PC2, R1, R2};

    fn at(node: NodeId, interface: u16) -> Tap {
        Tap::Interface(Port { node, interface: IfIndex(interface) })
    }

    fn packets(tap: Tap) -> Vec<u32> {
        let trace = sample::handshake_with_repeat();
        let rows = capture(&trace, tap);
        assert!(rows.is_sorted_by_key(|row| row.time));
        rows.into_iter().map(|row| row.packet.0).collect()
    }

    #[test]
    fn each_tap_sees_its_part_of_the_story() {
        assert_eq!(packets(at(PC1, 0)), [0, 1, 2, 3, 4, 5]);
        assert_eq!(packets(at(PC2, 0)), [0, 1, 4], "③ never arrives");
        assert_eq!(packets(at(R1, 0)), [0, 0, 2, 3, 5], "② goes around R1");
        assert_eq!(packets(at(R2, 1)), [0, 1, 4]);
        assert_eq!(packets(Tap::Mirror(SegmentId(0))), [0, 0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_packet_that_crosses_a_segment_twice_is_marked() {
        let trace = sample::handshake_with_repeat();
        let rows = capture(&trace, Tap::Mirror(SegmentId(0)));
        assert_eq!(rows.iter().map(|row| row.again_here).collect::<Vec<_>>(), [false, true, false, false, false, false, false]);
    }
}
