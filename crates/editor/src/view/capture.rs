//! The packet list: what a tap on an interface or the mirror port of a segment sees.

use super::index::{Index, stay};
use roundtrip_sim::Scenario;
use roundtrip_sim::scenario::{IfIndex, NodeId, Port, SegmentId};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{FrameId, PacketId, Trace};

/// Where frames are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tap {
    /// At an interface: what it sends and what it takes.
    Interface(Port),
    /// At the mirror port of a segment: every frame on it.
    Mirror(SegmentId),
}

/// Which way a frame goes at a tap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Sent by the interface.
    Out,
    /// Taken by the interface.
    In,
    /// On the segment.
    Wire,
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
    pub seen: Seen,
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
pub fn capture(trace: &Trace, index: &Index, tap: Tap) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (sent, id) in trace.frames.iter().zip(0_u32..) {
        let frame = FrameId(id);
        let row = |time, seen| Row { time, frame, packet: sent.packet, seen, again_here: false };
        match tap {
            Tap::Mirror(segment) if sent.segment == Some(segment) => rows.push(row(sent.sent, Seen::Wire)),
            Tap::Interface(port) if sent.port == port => rows.push(row(sent.sent, Seen::Out)),
            Tap::Interface(port) => {
                let taken = index
                    .takers(frame)
                    .iter()
                    .filter_map(|id| stay(trace, *id))
                    .find(|visit| visit.node == port.node && visit.arrived.is_some_and(|(_, interface)| interface == port.interface));
                rows.extend(taken.map(|visit| row(visit.at, Seen::In)));
            }
            Tap::Mirror(_) => {}
        }
    }
    // Frames are listed by their sending; what an interface takes, it takes later. The sort is stable: at one moment
    // what was sent first stays first.
    rows.sort_by_key(|row| row.time);
    let mut seen: Vec<PacketId> = Vec::new();
    for row in &mut rows {
        match seen.binary_search(&row.packet) {
            Ok(_) => row.again_here = true,
            Err(place) => seen.insert(place, row.packet),
        }
    }
    rows
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
        let rows = capture(&trace, &Index::new(&trace), tap);
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
        let rows = capture(&trace, &Index::new(&trace), Tap::Mirror(SegmentId(0)));
        assert_eq!(rows.iter().map(|row| row.again_here).collect::<Vec<_>>(), [false, true, false, false, false, false, false]);
    }
}
