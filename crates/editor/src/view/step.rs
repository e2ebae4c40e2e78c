//! Moments to step to: of everything, of a packet, of a device.

use crate::run::Run;
use roundtrip_explain::reading::{record, stay};
use roundtrip_sim::NodeId;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::PacketId;
use roundtrip_wire::order;

/// What is stepped through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Whatever happens anywhere.
    Everything,
    /// What happens in the conversation that is looked at.
    #[default]
    Conversation,
    /// What happens to one packet: the chosen one, else the one of the latest event.
    Packet,
    /// What happens at one device: the chosen one, else the one of the latest event.
    Device,
}

impl Scope {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Conversation, Self::Everything, Self::Packet, Self::Device];
}

/// Every moment at which anything happens, in order.
#[must_use]
pub fn of_everything(run: &Run) -> Vec<SimTime> {
    let trace = &run.trace;
    let moments = trace.frames.iter().map(|frame| frame.sent);
    let moments = moments.chain(trace.visits.iter().map(|visit| visit.at)).chain(trace.drops.iter().map(|drop| drop.at));
    in_order(moments.chain(trace.app.iter().map(|event| event.at)).collect())
}

/// The moments of a packet: made, sent, taken, lost.
#[must_use]
pub fn of_packet(run: &Run, packet: PacketId) -> Vec<SimTime> {
    let (trace, index) = (&run.trace, &run.index);
    let mut moments: Vec<SimTime> = index.frames(packet).iter().filter_map(|id| record(trace, *id)).map(|frame| frame.sent).collect();
    moments.extend(index.visits(packet).iter().filter_map(|id| stay(trace, *id)).map(|visit| visit.at));
    moments.extend(index.drops(packet).iter().filter_map(|id| trace.drops.get(*id as usize)).map(|drop| drop.at));
    in_order(moments)
}

/// The moments of a device: whatever it sends, takes, loses or is told by its programs.
#[must_use]
pub fn of_device(run: &Run, node: NodeId) -> Vec<SimTime> {
    let trace = &run.trace;
    let mut moments: Vec<SimTime> = trace.frames.iter().filter(|frame| frame.port.node == node).map(|frame| frame.sent).collect();
    moments.extend(trace.visits.iter().filter(|visit| visit.node == node).map(|visit| visit.at));
    moments.extend(trace.drops.iter().filter(|drop| drop.node == node).map(|drop| drop.at));
    moments.extend(trace.app.iter().filter(|event| event.node == node).map(|event| event.at));
    in_order(moments)
}

fn in_order(mut moments: Vec<SimTime>) -> Vec<SimTime> {
    order::sort(&mut moments);
    moments.dedup();
    moments
}

/// The packet and the node of what happened last by `now`: where a packet of the conversation came, or left, or died.
#[must_use]
pub fn latest(run: &Run, action: Option<roundtrip_sim::ActionId>, now: SimTime) -> Option<(PacketId, NodeId)> {
    let trace = &run.trace;
    let belongs = |packet: PacketId| action.is_none() || trace.packets.get(packet.0 as usize).is_some_and(|record| record.action == action);
    let end = trace.visits.partition_point(|visit| visit.at <= now);
    let came = trace.visits.get(..end)?.iter().rfind(|visit| belongs(visit.packet));
    came.map(|visit| (visit.packet, visit.node))
}
