//! What two ends said to each other, as far as it was seen at a place: the bytes of a stream in order, each once.

use super::list::Captured;
use roundtrip_explain::reading::record;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{FrameId, Trace};
use roundtrip_wire::IpBody;
use std::net::Ipv4Addr;

/// A piece that one end said without a break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// From the one who began.
    pub from_client: bool,
    /// When its first bytes were seen.
    pub at: SimTime,
    /// The frame in which they were.
    pub frame: FrameId,
    /// What it said.
    pub bytes: Vec<u8>,
    /// So many bytes before it were not seen here.
    pub missing: u32,
}

/// The ends of what is followed.
type Ends = ((Ipv4Addr, u16), (Ipv4Addr, u16));

/// Everything of the connection (or exchange of datagrams) to which a row's frame belongs.
#[must_use]
pub fn follow(captured: &Captured, trace: &Trace, place: usize) -> Option<Vec<Said>> {
    let frame = |place: usize| record(trace, captured.rows.get(place)?.frame);
    let (from, to) = ends(&frame(place)?.frame)?;
    let stream = captured.analysis(place).map(|known| known.stream);
    // Who spoke first began.
    let first = (0..captured.rows.len()).find_map(|other| {
        let (a, b) = ends(&frame(other)?.frame)?;
        let same = captured.analysis(other).map(|known| known.stream) == stream;
        (same && ((a, b) == (from, to) || (a, b) == (to, from))).then_some(a)
    });
    let client = first.unwrap_or(from);
    let mut said: Vec<Said> = Vec::new();
    // The next byte that is expected of each side.
    let mut expected: [Option<u32>; 2] = [None, None];
    for (place, row) in captured.rows.iter().enumerate() {
        let Some(packet) = record(trace, row.frame).and_then(|record| record.frame.ipv4()) else { continue };
        let Some((a, b)) = record(trace, row.frame).and_then(|record| ends(&record.frame)) else { continue };
        if ((a, b) != (from, to) && (a, b) != (to, from)) || captured.analysis(place).map(|known| known.stream) != stream {
            continue;
        }
        let from_client = a == client;
        let [client_next, server_next] = &mut expected;
        let next = if from_client { client_next } else { server_next };
        let (bytes, missing) = match &packet.body {
            IpBody::Udp(udp) => (udp.payload.as_slice(), 0),
            IpBody::Tcp(tcp) => {
                let begin = tcp.seq.wrapping_add(u32::from(tcp.flags.syn()));
                let known = *next.get_or_insert(begin);
                let ahead = begin.wrapping_sub(known).cast_signed();
                let data = tcp.payload.as_slice();
                let known_part = usize::try_from(ahead.min(0).unsigned_abs()).unwrap_or(usize::MAX).min(data.len());
                let new = data.get(known_part..).unwrap_or(&[]);
                if !new.is_empty() {
                    *next = Some(begin.wrapping_add(u32::try_from(data.len()).unwrap_or(u32::MAX)));
                }
                (new, ahead.max(0).unsigned_abs())
            }
            _ => continue,
        };
        if bytes.is_empty() {
            continue;
        }
        match said.last_mut() {
            Some(last) if last.from_client == from_client && missing == 0 => last.bytes.extend_from_slice(bytes),
            _ => said.push(Said { from_client, at: row.time, frame: row.frame, bytes: bytes.to_vec(), missing }),
        }
    }
    Some(said)
}

fn ends(frame: &roundtrip_wire::Frame) -> Option<Ends> {
    let packet = frame.ipv4()?;
    match &packet.body {
        IpBody::Tcp(tcp) => Some(((packet.src, tcp.src_port), (packet.dst, tcp.dst_port))),
        IpBody::Udp(udp) => Some(((packet.src, udp.src_port), (packet.dst, udp.dst_port))),
        _ => None,
    }
}

/// Bytes as people read them: what is no letter is a dot, lines stay lines.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    let readable = String::from_utf8_lossy(bytes);
    readable
        .chars()
        .filter(|c| *c != '\r')
        .map(|c| if c == '\n' || c == '\t' || !c.is_control() && c != '\u{fffd}' { c } else { '.' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Session;
    use crate::view::capture::taps;

    fn followed(lab: &str, tap: usize, port: u16) -> Vec<Said> {
        let session = Session::new(roundtrip_lab::example(lab).unwrap().lab());
        let run = &session.snapshot().run;
        let captured = Captured::new(&run.trace, taps(&run.scenario).nth(tap).unwrap(), String::new());
        let row = captured.rows.iter().position(|row| {
            let frame = &run.trace.frames[row.frame.0 as usize].frame;
            frame.ipv4().and_then(|packet| packet.tcp()).is_some_and(|tcp| tcp.dst_port == port)
        });
        follow(&captured, &run.trace, row.expect("such a connection")).unwrap()
    }

    #[test]
    fn the_request_and_the_page_are_read_once_each() {
        let said = followed("cure-route", 0, 80);
        assert_eq!(said.iter().map(|piece| piece.from_client).collect::<Vec<_>>(), [true, false]);
        assert!(text(&said[0].bytes).starts_with("GET / HTTP/1.1\n"), "{:?}", text(&said[0].bytes));
        assert_eq!(said[1].bytes.len(), 600);
        assert!(said.iter().all(|piece| piece.missing == 0));
    }

    #[test]
    fn what_is_repeated_is_read_once() {
        let said = followed("story", 0, 80);
        assert_eq!(said.len(), 1);
        assert_eq!(said[0].bytes.len(), 80);
    }

    #[test]
    fn what_is_no_letter_is_a_dot() {
        assert_eq!(text(b"a\r\nb\x00\xff\t\xe3\x81\x82"), "a\nb..\tあ");
    }
}
