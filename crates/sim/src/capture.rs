//! What a capture at an interface, or at a segment's mirror, sees.

use crate::scenario::{Port, SegmentId};
use crate::time::SimTime;
use crate::trace::{FrameId, FrameRecord, PacketId, Trace, Visit, VisitId};
use roundtrip_wire::{Direction, Frame};

/// A frame as seen at one place.
#[derive(Clone, Copy, Debug)]
pub struct Sighting<'a> {
    /// When.
    pub at: SimTime,
    /// Coming in, going out, or on the wire.
    pub direction: Direction,
    /// Which transmission.
    pub id: FrameId,
    /// Which packet.
    pub packet: PacketId,
    /// What became of it at this node: the stay that it began, or that ended in it.
    pub visit: Option<VisitId>,
    /// The frame.
    pub frame: &'a Frame,
}

/// Frames that an interface sent or took, in order of time. Frames for other stations are left out, as without promiscuous mode.
pub fn at<'a>(frames: &'a [FrameRecord], visits: &'a [Visit], port: Port) -> impl Iterator<Item = Sighting<'a>> {
    let sent = (0..).map(FrameId).zip(frames).filter(move |(_, record)| record.port == port).map(|(id, record)| {
        let sighting =
            Sighting { at: record.sent, direction: Direction::Out, id, packet: record.packet, visit: record.visit, frame: &record.frame };
        (id.0, sighting)
    });
    let taken = (0..).map(VisitId).zip(visits).filter_map(move |(visit, record)| {
        let (id, interface) = record.arrived?;
        let here = record.node == port.node && interface == port.interface;
        let frame = frames.get(id.0 as usize).filter(|_| here)?;
        let sighting =
            Sighting { at: record.at, direction: Direction::In, id, packet: record.packet, visit: Some(visit), frame: &frame.frame };
        Some((record.frames_before, sighting))
    });
    Merge { sent: sent.peekable(), taken: taken.peekable() }
}

/// Merges what was sent and what was taken in the order in which it happened: a frame that was sent before a stay began goes
/// before it.
struct Merge<A: Iterator, B: Iterator> {
    sent: std::iter::Peekable<A>,
    taken: std::iter::Peekable<B>,
}

impl<'a, A, B> Iterator for Merge<A, B>
where
    A: Iterator<Item = (u32, Sighting<'a>)>,
    B: Iterator<Item = (u32, Sighting<'a>)>,
{
    type Item = Sighting<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let sent_first = match (self.sent.peek(), self.taken.peek()) {
            (Some((id, _)), Some((frames_before, _))) => id < frames_before,
            (sent, _) => sent.is_some(),
        };
        let next = if sent_first { self.sent.next() } else { self.taken.next() };
        next.map(|(_, sighting)| sighting)
    }
}

/// Frames that crossed a segment's switch, in the order in which they were sent.
pub fn mirror(trace: &Trace, segment: SegmentId) -> impl Iterator<Item = Sighting<'_>> {
    (0..).map(FrameId).zip(&trace.frames).filter(move |(_, record)| record.segment == Some(segment)).map(|(id, record)| Sighting {
        at: record.mirrored,
        direction: Direction::Wire,
        id,
        packet: record.packet,
        visit: record.visit,
        frame: &record.frame,
    })
}
