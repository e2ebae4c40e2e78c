//! A run's trace with its cross references: which frames carried a packet, who took a frame.

use super::groups::Groups;
use roundtrip_sim::Trace;
use roundtrip_sim::scenario::{IfIndex, NodeId, Port, SegmentId};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{DropRecord, FrameId, FrameRecord, PacketId, PacketRecord, Visit, VisitId, Why};

/// References from packets and frames to what became of them.
#[derive(Clone, Debug)]
pub struct Index {
    frames_of_packet: Groups<FrameId>,
    visits_of_packet: Groups<VisitId>,
    drops_of_packet: Groups<u32>,
    takers_of_frame: Groups<VisitId>,
    /// Longest time that any frame was on its way.
    pub longest_flight: SimTime,
}

/// One frame's way from the interface that sent it to one that took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The packet that it carries.
    pub packet: PacketId,
    /// The frame.
    pub frame: FrameId,
    /// Who sent it.
    pub from: Port,
    /// Across which segment.
    pub segment: SegmentId,
    /// When it left.
    pub sent: SimTime,
    /// Who took it.
    pub to: Port,
    /// When it came.
    pub arrived: SimTime,
    /// The stay that began with it.
    pub visit: VisitId,
}

impl Index {
    /// Of a trace.
    #[must_use]
    pub fn new(trace: &Trace) -> Self {
        let packets = trace.packets.len();
        let visits = || trace.visits.iter().zip(0_u32..);
        let longest_flight = visits()
            .filter_map(|(visit, _)| {
                let (frame, _) = visit.arrived?;
                Some(visit.at.since(trace.frames.get(frame.0 as usize)?.sent))
            })
            .max()
            .unwrap_or_default();
        Self {
            frames_of_packet: Groups::new(
                packets,
                trace.frames.iter().zip(0_u32..).map(|(frame, id)| (frame.packet.0 as usize, FrameId(id))),
            ),
            visits_of_packet: Groups::new(packets, visits().map(|(visit, id)| (visit.packet.0 as usize, VisitId(id)))),
            drops_of_packet: Groups::new(packets, trace.drops.iter().zip(0_u32..).map(|(drop, id)| (drop.packet.0 as usize, id))),
            takers_of_frame: Groups::new(
                trace.frames.len(),
                visits().filter_map(|(visit, id)| visit.arrived.map(|(frame, _)| (frame.0 as usize, VisitId(id)))),
            ),
            longest_flight,
        }
    }

    /// The frames that carried a packet, in the order in which they left.
    #[must_use]
    pub fn frames(&self, packet: PacketId) -> &[FrameId] {
        self.frames_of_packet.of(packet.0 as usize)
    }

    /// A packet's stays, in the order in which they began.
    #[must_use]
    pub fn visits(&self, packet: PacketId) -> &[VisitId] {
        self.visits_of_packet.of(packet.0 as usize)
    }

    /// Where a packet died, by place in [`Trace::drops`]; a broadcast may die in several places.
    #[must_use]
    pub fn drops(&self, packet: PacketId) -> &[u32] {
        self.drops_of_packet.of(packet.0 as usize)
    }

    /// The stays that began with a frame: one for each node that took it.
    #[must_use]
    pub fn takers(&self, frame: FrameId) -> &[VisitId] {
        self.takers_of_frame.of(frame.0 as usize)
    }

    /// Every way that a frame took.
    pub fn hops<'t>(&'t self, trace: &'t Trace, frame: FrameId) -> impl Iterator<Item = Hop> + 't {
        self.takers(frame).iter().filter_map(move |id| {
            let sent = record(trace, frame)?;
            let visit = stay(trace, *id)?;
            let (_, interface) = visit.arrived?;
            Some(Hop {
                packet: sent.packet,
                frame,
                from: sent.port,
                segment: sent.segment?,
                sent: sent.sent,
                to: Port { node: visit.node, interface },
                arrived: visit.at,
                visit: *id,
            })
        })
    }

    /// Every hop of a packet, in the order in which its frames left.
    pub fn hops_of_packet<'t>(&'t self, trace: &'t Trace, packet: PacketId) -> impl Iterator<Item = Hop> + 't {
        self.frames(packet).iter().flat_map(move |frame| self.hops(trace, *frame))
    }

    /// True if the packet was ever at the node.
    #[must_use]
    pub fn met(&self, trace: &Trace, packet: PacketId, node: NodeId) -> bool {
        self.visits(packet).iter().any(|id| stay(trace, *id).is_some_and(|visit| visit.node == node))
    }

    /// The interface by which a dropped packet had come, if it had come by one.
    #[must_use]
    pub fn came_by(&self, trace: &Trace, drop: &DropRecord) -> Option<IfIndex> {
        stay(trace, drop.visit?)?.arrived.map(|(_, interface)| interface)
    }
}

/// A frame's record.
#[must_use]
pub fn record(trace: &Trace, frame: FrameId) -> Option<&FrameRecord> {
    trace.frames.get(frame.0 as usize)
}

/// A stay's record.
#[must_use]
pub fn stay(trace: &Trace, visit: VisitId) -> Option<&Visit> {
    trace.visits.get(visit.0 as usize)
}

/// A packet's record.
#[must_use]
pub fn origin(trace: &Trace, packet: PacketId) -> Option<&PacketRecord> {
    trace.packets.get(packet.0 as usize)
}

/// The packet that this one repeats, at the first of all repetitions; itself if it repeats none.
#[must_use]
pub fn original(trace: &Trace, packet: PacketId) -> PacketId {
    let mut at = packet;
    // A packet's parent is older than itself; should one not be, the walk ends all the same.
    while let Some(record) = origin(trace, at) {
        match (record.why, record.parent) {
            (Why::Retransmission, Some(parent)) if parent < at => at = parent,
            _ => break,
        }
    }
    at
}
