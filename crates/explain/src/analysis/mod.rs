//! What a capture tells about its TCP connections, in Wireshark's terms and as Wireshark decides it: retransmissions, duplicate
//! acknowledgements, segments out of order or not captured, windows.
//!
//! Decided for each place of capture by itself, from the frames that were seen there and from nothing else: the same segment
//! may be a retransmission at one tap and unremarkable at another. That is what makes marks worth comparing from tap to tap.
//! The definitions are those of Wireshark's User's Guide, section 7.5 "TCP Analysis", and agree with `tshark`'s fields
//! `tcp.analysis.*`.

mod mark;
mod stream;
#[cfg(test)]
mod tests;

pub use mark::{Mark, Marks};

use roundtrip_sim::time::SimTime;
use roundtrip_wire::{Frame, Icmp, Ipv4};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use stream::Stream;

/// What is known of one frame that carries a TCP segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Analysis {
    /// Number of the connection in this capture, from 0 (`tcp.stream`).
    pub stream: u32,
    /// Sequence number relative to the initial one (`tcp.seq`).
    pub seq: u32,
    /// Acknowledgement number relative to the other side's initial one (`tcp.ack`); 0 without ACK.
    pub ack: u32,
    /// Sequence number after this segment, relative (`tcp.nxtseq`).
    pub next_seq: u32,
    /// The window in bytes, scaled where the handshake was seen (`tcp.window_size`).
    pub window: u32,
    /// How the window is scaled (`tcp.window_size_scalefactor`): -1 unknown, -2 not scaled, else the factor.
    pub scale: i32,
    /// What is remarkable about it.
    pub marks: Marks,
    /// Which repetition of an acknowledgement it is, and of which frame's, by place in the capture (`tcp.analysis.duplicate_ack_num`,
    /// `.duplicate_ack_frame`).
    pub duplicate_of: Option<(u32, u32)>,
    /// The frame that it acknowledges, by place in the capture, and how long after it this one came (`tcp.analysis.acks_frame`,
    /// `.ack_rtt`).
    pub acks: Option<(u32, SimTime)>,
    /// The frame that it repeats, by place in the capture, and how long after it this one came (`tcp.analysis.rto_frame`, `.rto`).
    pub repeats: Option<(u32, SimTime)>,
    /// How long the handshake took from SYN to ACK, once known (`tcp.analysis.initial_rtt`).
    pub initial_rtt: Option<SimTime>,
}

/// An end of a connection.
type End = (Ipv4Addr, u16);

/// Analyses a capture: for each of its frames, in the order of the capture, what is known of its TCP segment; nothing for
/// frames without one, and for segments that an ICMP message quotes.
#[must_use]
pub fn analyse<'f>(capture: impl Iterator<Item = (SimTime, &'f Frame)>) -> Vec<Option<Analysis>> {
    let mut streams: BTreeMap<(End, End), Stream> = BTreeMap::new();
    let mut count = 0_u32;
    let analyse_one = |(place, (at, frame)): (u32, (SimTime, &'f Frame))| {
        let packet = frame.ipv4()?;
        let quoted = packet.icmp().and_then(Icmp::quoted);
        let (key, forward) = ends(quoted.map_or(packet, |quoted| quoted))?;
        if quoted.is_some() {
            // A connection of which only an error tells has its number too.
            streams.entry(key).or_insert_with(|| {
                count = count.saturating_add(1);
                Stream::new(count.saturating_sub(1))
            });
            return None;
        }
        let tcp = packet.tcp()?;
        let known = streams.contains_key(&key);
        let reused = streams.get(&key).is_some_and(|stream| stream.is_other_connection(forward, tcp));
        if !known || reused {
            streams.insert(key, Stream::new(count));
            count = count.saturating_add(1);
        }
        let mut analysis = streams.get_mut(&key)?.segment(place, at, forward, tcp);
        if reused {
            analysis.marks.insert(Mark::ReusedPorts);
        }
        Some(analysis)
    };
    (0_u32..).zip(capture).map(analyse_one).collect()
}

/// The two ends of a packet's connection, in an order that does not depend on its direction, and whether it goes from the first.
fn ends(packet: &Ipv4) -> Option<((End, End), bool)> {
    let tcp = packet.tcp()?;
    let (from, to) = ((packet.src, tcp.src_port), (packet.dst, tcp.dst_port));
    Some(if from <= to { ((from, to), true) } else { ((to, from), false) })
}
