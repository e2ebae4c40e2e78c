//! Sequence numbers relative to the initial ones, as people read them.

use super::summary::{Content, Icmp, Summary, Tcp};
use crate::{Frame, Ipv4};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Source and destination address and port of one direction of a connection.
type Flow = (Ipv4Addr, u16, Ipv4Addr, u16);

/// The sequence numbers from which relative ones count, for every direction of every connection seen.
///
/// Feed it each frame of all capture points in the order of time: the bases are found where the initial
/// numbers are seen and hold everywhere, also past a translator that changes addresses, since each
/// address pair brings its own SYN.
///
/// A SYN sets the base of its direction and, if it is a new number, forgets that of the other; a
/// SYN,ACK sets its own and, if the other is unknown, that from its acknowledgement; where a connection
/// is seen in mid-stream, the first number seen becomes the base. A TCP segment quoted by ICMP is
/// counted from the same bases.
#[derive(Clone, Debug, Default)]
pub struct RelSeq {
    bases: BTreeMap<Flow, u32>,
}

/// What the numbers of one frame's TCP segment, its own or the one that it quotes, count from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameNumbers {
    /// Base of the segment's own direction; none if the frame shows no TCP.
    own: Option<u32>,
    /// Base of the other direction, if any segment of it was seen.
    other: Option<u32>,
}

impl RelSeq {
    /// Nothing seen yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { bases: BTreeMap::new() }
    }

    /// Takes note of a frame and says what its sequence numbers count from.
    pub fn observe(&mut self, frame: &Frame) -> FrameNumbers {
        frame.ipv4().map_or_else(FrameNumbers::default, |packet| self.observe_packet(packet))
    }

    /// As [`observe`](Self::observe), for an IPv4 packet.
    pub fn observe_packet(&mut self, packet: &Ipv4) -> FrameNumbers {
        let summary = Summary::of(packet);
        match &summary.content {
            Content::Tcp(tcp) => self.segment(&summary, tcp),
            Content::Icmp(Icmp::About { quote, .. }) => match quote.summary() {
                Some(quoted) => match &quoted.content {
                    Content::Tcp(tcp) => self.numbers(&quoted, tcp),
                    _ => FrameNumbers::default(),
                },
                None => FrameNumbers::default(),
            },
            _ => FrameNumbers::default(),
        }
    }

    fn segment(&mut self, summary: &Summary<'_>, tcp: &Tcp<'_>) -> FrameNumbers {
        // A first fragment may end before the flags; then nothing is known about it.
        let Some(rest) = &tcp.rest else { return FrameNumbers::default() };
        if rest.flags.syn() && !rest.flags.rst() {
            let (own, other) = flows(summary, tcp);
            let before = self.bases.insert(own, tcp.seq);
            if rest.flags.ack() {
                self.bases.entry(other).or_insert(rest.ack.wrapping_sub(1));
            } else if before != Some(tcp.seq) {
                self.bases.remove(&other);
            }
        }
        self.numbers(summary, tcp)
    }

    fn numbers(&mut self, summary: &Summary<'_>, tcp: &Tcp<'_>) -> FrameNumbers {
        let (own, other) = flows(summary, tcp);
        FrameNumbers { own: Some(*self.bases.entry(own).or_insert(tcp.seq)), other: self.bases.get(&other).copied() }
    }
}

const fn flows(summary: &Summary<'_>, tcp: &Tcp<'_>) -> (Flow, Flow) {
    ((summary.src, tcp.src_port, summary.dst, tcp.dst_port), (summary.dst, tcp.dst_port, summary.src, tcp.src_port))
}

impl FrameNumbers {
    /// A sequence number of the segment, relative; none if the frame shows no TCP.
    #[must_use]
    pub fn seq(&self, absolute: u32) -> Option<i64> {
        self.own.map(|base| distance(absolute, base))
    }

    /// An acknowledgement number of the segment, relative; none if the other direction was never seen.
    #[must_use]
    pub fn ack(&self, absolute: u32) -> Option<i64> {
        self.other.map(|base| distance(absolute, base))
    }

    /// An edge of a SACK block, relative; zero if the other direction was never seen.
    #[must_use]
    pub fn sack(&self, absolute: u32) -> i64 {
        self.ack(absolute).unwrap_or(0)
    }
}

/// How far `number` lies after `base` on the circle of sequence numbers; negative if before it.
fn distance(number: u32, base: u32) -> i64 {
    let forward = number.wrapping_sub(base);
    // Half way round counts as forward, as in the recordings.
    if forward > 1 << 31 { i64::from(forward) - (1 << 32) } else { i64::from(forward) }
}
