//! Writes the trace while the simulation runs.

use crate::netfilter::CtEvent;
use crate::scenario::{ActionId, IfIndex, NodeId, Port, SegmentId};
use crate::time::SimTime;
use crate::trace::{
    AppEvent, CtEventRecord, DropReason, DropRecord, FrameId, FrameRecord, PacketId, PacketRecord, Snapshot, Step, Visit, VisitEnd,
    VisitId, Why,
};
use roundtrip_wire::Frame;

/// What has been written so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder {
    pub(crate) frames: Vec<FrameRecord>,
    pub(crate) packets: Vec<PacketRecord>,
    pub(crate) visits: Vec<Visit>,
    pub(crate) steps: Vec<Step>,
    pub(crate) drops: Vec<DropRecord>,
    pub(crate) app: Vec<AppEvent>,
    pub(crate) snapshots: Vec<Snapshot>,
    pub(crate) ct_events: Vec<CtEventRecord>,
    /// Without it only outcomes, drops and what applications saw are kept.
    pub(crate) full: bool,
    frame_count: u32,
    packet_count: u32,
    current: Option<VisitId>,
}

impl Recorder {
    pub(crate) fn new(full: bool) -> Self {
        Self { full, ..Self::default() }
    }

    /// Frames sent so far.
    pub(crate) const fn frame_count(&self) -> u32 {
        self.frame_count
    }

    /// Gives a new packet its identity.
    pub(crate) fn packet(&mut self, record: PacketRecord) -> PacketId {
        let id = PacketId(self.packet_count);
        self.packet_count = self.packet_count.wrapping_add(1);
        // Packets are kept even without the full trace: answers inherit their action from them.
        self.packets.push(record);
        id
    }

    /// The conversation that a packet belongs to.
    pub(crate) fn action_of(&self, packet: PacketId) -> Option<ActionId> {
        self.packets.get(packet.0 as usize).and_then(|record| record.action)
    }

    /// A packet's origin.
    pub(crate) fn make(&mut self, node: NodeId, made: SimTime, why: Why, parent: Option<PacketId>, action: Option<ActionId>) -> PacketId {
        let action = action.or_else(|| parent.and_then(|parent| self.action_of(parent)));
        self.packet(PacketRecord { node, made, why, parent, action })
    }

    /// The id that the next transmission will have.
    pub(crate) const fn next_frame(&self) -> FrameId {
        FrameId(self.frame_count)
    }

    /// Counts a transmission of which nothing is written down.
    pub(crate) const fn count_frame(&mut self) {
        self.frame_count = self.frame_count.wrapping_add(1);
    }

    /// Writes down a transmission: when it left, and when it passed the mirror.
    pub(crate) fn frame(
        &mut self,
        (sent, mirrored): (SimTime, SimTime),
        port: Port,
        segment: Option<SegmentId>,
        packet: PacketId,
        visit: Option<VisitId>,
        frame: Frame,
    ) {
        self.count_frame();
        if self.full {
            self.frames.push(FrameRecord { sent, mirrored, port, segment, packet, visit, frame });
        }
    }

    /// A packet's stay begins; steps belong to it until the next one begins or it ends.
    pub(crate) fn begin(&mut self, at: SimTime, node: NodeId, packet: PacketId, arrived: Option<(FrameId, IfIndex)>) -> Option<VisitId> {
        if !self.full {
            return None;
        }
        let id = VisitId(u32::try_from(self.visits.len()).unwrap_or(u32::MAX));
        let first_step = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
        self.visits.push(Visit {
            at,
            node,
            packet,
            arrived,
            frames_before: self.frame_count,
            first_step,
            step_count: 0,
            end: VisitEnd::Delivered,
        });
        self.current = Some(id);
        Some(id)
    }

    /// Something was consulted. Steps of a stay stand together: one that comes after another stay began (a packet that
    /// waited for a neighbour) is left out, for the wait itself says it.
    pub(crate) fn step(&mut self, visit: Option<VisitId>, step: Step) {
        if let (true, Some(visit)) = (self.full, visit)
            && self.current == Some(visit)
            && let Some(record) = self.visits.get_mut(visit.0 as usize)
        {
            record.step_count = record.step_count.saturating_add(1);
            self.steps.push(step);
        }
    }

    /// Connection tracking made, changed or removed an entry.
    pub(crate) fn ct_event(&mut self, node: NodeId, at: SimTime, event: CtEvent) {
        if self.full {
            self.ct_events.push(CtEventRecord { at, node, event });
        }
    }

    /// How the stay ended.
    pub(crate) fn end(&mut self, visit: Option<VisitId>, end: VisitEnd) {
        if let Some(record) = visit.and_then(|visit| self.visits.get_mut(visit.0 as usize)) {
            record.end = end;
        }
    }

    /// A packet died.
    pub(crate) fn drop(&mut self, at: SimTime, node: NodeId, packet: PacketId, visit: Option<VisitId>, reason: DropReason) {
        self.end(visit, VisitEnd::Dropped);
        self.drops.push(DropRecord { at, node, packet, visit, reason });
    }
}
