//! What nodes share: time, the agenda, the segments, the trace, and word to the applications.

use crate::event::{Agenda, Event};
use crate::recorder::Recorder;
use crate::scenario::{ActionId, IfIndex, NodeId, Port, Scenario, SegmentId};
use crate::segment::{PlugId, SegmentState, Switched};
use crate::time::SimTime;
use crate::trace::{DropReason, FrameId, PacketId, Step, VisitEnd, VisitId, Why};
use crate::transport::tcp::{SocketId, TcpEvent};
use roundtrip_wire::{Frame, Ipv4, Payload};
use std::net::Ipv4Addr;

/// Word from a node's kernel to its applications.
#[derive(Clone, Debug)]
pub(crate) enum Signal {
    /// A stream changed.
    Tcp { node: NodeId, socket: SocketId, event: TcpEvent },
    /// A datagram for a bound port.
    Udp { node: NodeId, local: (Ipv4Addr, u16), remote: (Ipv4Addr, u16), payload: Payload, packet: PacketId },
    /// An echo reply.
    EchoReply { node: NodeId, from: Ipv4Addr, id: u16, seq: u16 },
    /// An ICMP error about a packet that this node sent.
    IcmpError { node: NodeId, from: Ipv4Addr, message: Ipv4 },
    /// A TCP segment, for those who listen to all (`traceroute -T`).
    Segment { node: NodeId, ip: Ipv4 },
}

/// The world around the nodes.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) now: SimTime,
    pub(crate) agenda: Agenda,
    pub(crate) segments: Vec<SegmentState>,
    /// Where each interface is plugged in, by node and interface.
    pub(crate) plugs: Vec<Vec<Option<(SegmentId, PlugId)>>>,
    pub(crate) rec: Recorder,
    pub(crate) signals: Vec<Signal>,
    /// An application's call on a socket is under way, which has the socket to itself.
    pub(crate) in_call: bool,
}

impl World {
    /// At time zero.
    pub(crate) fn new(scenario: &Scenario, full: bool) -> Self {
        let segments: Vec<SegmentState> =
            (0..).map(SegmentId).zip(&scenario.segments).map(|(id, _)| SegmentState::new(id, scenario)).collect();
        let place = |port: Port, segment: Option<SegmentId>| {
            let segment = segment?;
            let plug = segments.get(segment.0 as usize)?.plug(port)?;
            Some((segment, plug))
        };
        let plugs = (0..).map(NodeId).zip(&scenario.nodes).map(|(node, state)| {
            let ports = (0..).map(|index| Port { node, interface: IfIndex(index) });
            ports.zip(&state.interfaces).map(|(port, interface)| place(port, interface.segment)).collect()
        });
        let plugs = plugs.collect();
        Self {
            now: SimTime::ZERO,
            agenda: Agenda::default(),
            segments,
            plugs,
            rec: Recorder::new(full),
            signals: Vec::new(),
            in_call: false,
        }
    }

    /// A frame leaves an interface.
    #[inline(never)]
    pub(crate) fn transmit(&mut self, port: Port, packet: PacketId, visit: Option<VisitId>, frame: Frame) {
        let plug = self.plugs.get(port.node.0 as usize).and_then(|plugs| plugs.get(usize::from(port.interface.0))).copied().flatten();
        let now = self.now;
        let id = self.rec.next_frame();
        let Some((segment, plug)) = plug else {
            self.rec.frame((now, now), port, None, packet, visit, frame);
            return;
        };
        let Some(state) = self.segments.get_mut(segment.0 as usize) else { return };
        let (mirrored, switched) = state.switch(now, plug, frame.src, frame.dst);
        let Switched::One(taker) = switched else {
            if switched == Switched::All {
                let agenda = &mut self.agenda;
                state.flood(mirrored, plug, frame.dst, &mut |arrival| {
                    agenda.at(arrival.at, Event::Deliver { frame: id, packet, to: arrival.port, content: frame.clone() });
                });
            }
            self.rec.frame((now, mirrored), port, Some(segment), packet, visit, frame);
            return;
        };
        if self.rec.full {
            self.rec.frame((now, mirrored), port, Some(segment), packet, visit, frame.clone());
        } else {
            self.rec.count_frame();
        }
        self.agenda.at(taker.at, Event::Deliver { frame: id, packet, to: taker.port, content: frame });
    }

    pub(crate) fn packet(&mut self, node: NodeId, why: Why, parent: Option<PacketId>, action: Option<ActionId>) -> PacketId {
        let now = self.now;
        self.rec.make(node, now, why, parent, action)
    }

    pub(crate) fn begin(&mut self, node: NodeId, packet: PacketId, arrived: Option<(FrameId, IfIndex)>) -> Option<VisitId> {
        let now = self.now;
        self.rec.begin(now, node, packet, arrived)
    }

    pub(crate) fn step(&mut self, visit: Option<VisitId>, step: Step) {
        self.rec.step(visit, step);
    }

    pub(crate) fn end(&mut self, visit: Option<VisitId>, end: VisitEnd) {
        self.rec.end(visit, end);
    }

    pub(crate) fn drop(&mut self, node: NodeId, packet: PacketId, visit: Option<VisitId>, reason: DropReason) {
        let now = self.now;
        self.rec.drop(now, node, packet, visit, reason);
    }
}
