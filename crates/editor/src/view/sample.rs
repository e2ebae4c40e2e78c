//! A trace made by hand for tests of views: the story's handshake, its third packet's death, one repetition.

use roundtrip_sim::scenario::{ActionId, IfIndex, NodeId, Port, SegmentId};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{DropReason, DropRecord, FrameId, FrameRecord, PacketId, PacketRecord, Trace, Visit, VisitEnd, VisitId, Why};
use roundtrip_sim::{Scenario, Simulation};
use roundtrip_wire::{Frame, FrameBody, IpBody, Ipv4, Mac, Payload, Tcp, TcpFlags, TcpOptions};
use std::net::Ipv4Addr;
use std::sync::Arc;

pub(crate) const PC1: NodeId = NodeId(0);
pub(crate) const R1: NodeId = NodeId(1);
pub(crate) const R2: NodeId = NodeId(2);
pub(crate) const PC2: NodeId = NodeId(3);
const HOP: SimTime = SimTime::from_micros(500);
const LIVING: SegmentId = SegmentId(0);
const TEST: SegmentId = SegmentId(1);

/// Builds traces step by step.
pub(crate) struct Builder {
    pub(crate) trace: Trace,
}

impl Builder {
    pub(crate) fn new() -> Self {
        // What an empty network gives, so that only what matters here need be filled in.
        let mut trace = Simulation::new(Scenario::default()).run();
        trace.ended_at = SimTime::ZERO;
        Self { trace }
    }

    /// A packet is made; its first stay begins.
    pub(crate) fn make(&mut self, node: NodeId, at: SimTime, why: Why, parent: Option<PacketId>) -> PacketId {
        let packet = PacketId(self.trace.packets.len() as u32);
        self.trace.packets.push(PacketRecord { node, made: at, why, parent, action: Some(ActionId(0)) });
        self.stay(node, packet, at, None);
        packet
    }

    fn stay(&mut self, node: NodeId, packet: PacketId, at: SimTime, arrived: Option<(FrameId, IfIndex)>) -> VisitId {
        let id = VisitId(self.trace.visits.len() as u32);
        let frames_before = self.trace.frames.len() as u32;
        self.trace.visits.push(Visit { at, node, packet, arrived, frames_before, first_step: 0, step_count: 0, end: VisitEnd::Delivered });
        self.trace.ended_at = self.trace.ended_at.max(at);
        id
    }

    /// The packet's last stay ends in a frame that the next node takes.
    pub(crate) fn hop(&mut self, packet: PacketId, from: (NodeId, u16), to: (NodeId, u16), segment: SegmentId, content: &Frame) {
        let (visit, at) = {
            let (id, visit) = self.trace.visits.iter_mut().enumerate().rfind(|(_, visit)| visit.packet == packet).unwrap();
            visit.end = VisitEnd::Sent;
            (VisitId(id as u32), visit.at)
        };
        let frame = FrameId(self.trace.frames.len() as u32);
        self.trace.frames.push(FrameRecord {
            sent: at,
            mirrored: at + SimTime::from_micros(250),
            port: Port { node: from.0, interface: IfIndex(from.1) },
            segment: Some(segment),
            packet,
            visit: Some(visit),
            frame: content.clone(),
        });
        self.stay(to.0, packet, at + HOP, Some((frame, IfIndex(to.1))));
    }

    pub(crate) fn drop(&mut self, packet: PacketId, reason: DropReason) {
        let (id, visit) = self.trace.visits.iter_mut().enumerate().rfind(|(_, visit)| visit.packet == packet).unwrap();
        visit.end = VisitEnd::Dropped;
        self.trace.drops.push(DropRecord { at: visit.at, node: visit.node, packet, visit: Some(VisitId(id as u32)), reason });
    }

    fn now(&self) -> SimTime {
        self.trace.ended_at
    }
}

pub(crate) fn segment(flags: TcpFlags, from_client: bool, data: &'static [u8]) -> Frame {
    let (client, server) = (Ipv4Addr::new(192, 168, 1, 10), Ipv4Addr::new(192, 168, 2, 10));
    let ((src, src_port), (dst, dst_port)) = if from_client { ((client, 40001), (server, 80)) } else { ((server, 80), (client, 40001)) };
    Frame {
        src: Mac::ZERO,
        dst: Mac::ZERO,
        body: FrameBody::Ipv4(Ipv4 {
            src,
            dst,
            ttl: 64,
            tos: 0,
            id: 0,
            df: true,
            body: IpBody::Tcp(Arc::new(Tcp {
                src_port,
                dst_port,
                seq: 1,
                ack: 1,
                flags,
                window: 64240,
                options: TcpOptions::default(),
                payload: Payload::new(data),
            })),
        }),
    }
}

/// ① and ② come through, ③ and the request die at R1, ② comes again after a second and its answer dies as well.
pub(crate) fn handshake_with_repeat() -> Trace {
    let mut b = Builder::new();
    let there = |b: &mut Builder, packet, content: &Frame, dies: bool| {
        b.hop(packet, (PC1, 0), (R1, 0), LIVING, content);
        if dies {
            b.drop(packet, DropReason::NoRoute);
        } else {
            b.hop(packet, (R1, 0), (R2, 0), LIVING, content);
            b.hop(packet, (R2, 1), (PC2, 0), TEST, content);
        }
    };
    let back = |b: &mut Builder, packet, content: &Frame| {
        b.hop(packet, (PC2, 0), (R2, 1), TEST, content);
        b.hop(packet, (R2, 0), (PC1, 0), LIVING, content);
    };
    let ack = segment(TcpFlags::ACK, true, b"");
    let syn_ack = segment(TcpFlags::SYN | TcpFlags::ACK, false, b"");
    let first = b.make(PC1, SimTime::ZERO, Why::Application, None);
    there(&mut b, first, &segment(TcpFlags::SYN, true, b""), false);
    let now = b.now();
    let second = b.make(PC2, now, Why::Answer, Some(first));
    back(&mut b, second, &syn_ack);
    let now = b.now();
    let third = b.make(PC1, now, Why::Answer, Some(second));
    let request = b.make(PC1, now, Why::Application, None);
    there(&mut b, third, &ack, true);
    there(&mut b, request, &segment(TcpFlags::ACK | TcpFlags::PSH, true, b"GET / HTTP/1.1\r\n\r\n"), true);
    let repeat = b.make(PC2, SimTime::from_micros(1_001_500), Why::Retransmission, Some(second));
    back(&mut b, repeat, &syn_ack);
    let now = b.now();
    let challenge = b.make(PC1, now, Why::Answer, Some(repeat));
    there(&mut b, challenge, &ack, true);
    b.trace
}
