//! Captures made by hand, one for each definition.

use super::{Analysis, Mark, analyse};
use roundtrip_sim::time::SimTime;
use roundtrip_wire::{Frame, FrameBody, IpBody, Ipv4, Mac, Payload, Tcp, TcpFlags, TcpOptions};
use std::net::Ipv4Addr;
use std::sync::Arc;

const S: TcpFlags = TcpFlags::SYN;
const A: TcpFlags = TcpFlags::ACK;
const SA: TcpFlags = TcpFlags(0x12);
const FA: TcpFlags = TcpFlags(0x11);

/// A segment: microseconds, from the client, flags, sequence and acknowledgement number, bytes, window.
struct Seg(u64, bool, TcpFlags, u32, u32, usize, u16);

fn frame(seg: &Seg) -> (SimTime, Frame) {
    let Seg(micros, client, flags, seq, ack, len, window) = *seg;
    let ends = ((Ipv4Addr::new(192, 168, 1, 10), 40_001), (Ipv4Addr::new(192, 168, 2, 10), 80));
    let ((src, src_port), (dst, dst_port)) = if client { ends } else { (ends.1, ends.0) };
    let options = TcpOptions { window_scale: flags.syn().then_some(7), ..TcpOptions::default() };
    let payload = Payload::new(vec![0_u8; len]);
    let tcp = Tcp { src_port, dst_port, seq, ack, flags, window, options, payload };
    let body = FrameBody::Ipv4(Ipv4 { src, dst, ttl: 64, tos: 0, id: 0, df: true, body: IpBody::Tcp(Arc::new(tcp)) });
    (SimTime::from_micros(micros), Frame { src: Mac::ZERO, dst: Mac::ZERO, body })
}

fn run(segments: &[Seg]) -> Vec<Analysis> {
    let frames: Vec<(SimTime, Frame)> = segments.iter().map(frame).collect();
    analyse(frames.iter().map(|(at, frame)| (*at, frame))).into_iter().map(Option::unwrap).collect()
}

fn marks(segments: &[Seg]) -> Vec<Vec<Mark>> {
    run(segments).iter().map(|found| found.marks.iter().collect()).collect()
}

/// A handshake that takes a millisecond, then `rest`.
fn opened(rest: Vec<Seg>) -> Vec<Seg> {
    let mut all = vec![Seg(0, true, S, 100, 0, 0, 64_240), Seg(500, false, SA, 900, 101, 0, 65_160), Seg(1_000, true, A, 101, 901, 0, 502)];
    all.extend(rest);
    all
}

fn last(rest: Vec<Seg>) -> Vec<Mark> {
    marks(&opened(rest)).pop().unwrap()
}

#[test]
fn an_ordinary_exchange_is_unremarkable() {
    let found = run(&opened(vec![Seg(2_000, true, A, 101, 901, 100, 502), Seg(3_000, false, A, 901, 201, 0, 509)]));
    assert!(found.iter().all(|one| one.marks.is_empty()), "{found:?}");
    assert_eq!((found[3].seq, found[3].ack, found[3].next_seq), (1, 1, 101));
    assert_eq!((found[0].window, found[2].window, found[2].scale), (64_240, 502 << 7, 128));
    assert_eq!(found[4].acks, Some((3, SimTime::from_millis(1))));
    assert_eq!(found[3].initial_rtt, Some(SimTime::from_millis(1)));
}

#[test]
fn what_is_sent_again_is_a_retransmission_of_the_first() {
    let all = opened(vec![Seg(2_000, true, A, 101, 901, 100, 502), Seg(203_000, true, A, 101, 901, 100, 502)]);
    let found = run(&all);
    assert_eq!(found[4].marks.iter().collect::<Vec<_>>(), [Mark::Retransmission]);
    assert_eq!(found[4].repeats, Some((3, SimTime::from_millis(201))));
    let syns = marks(&[Seg(0, true, S, 100, 0, 0, 64_240), Seg(1_000_000, true, S, 100, 0, 0, 64_240)]);
    assert_eq!(syns, [vec![], vec![Mark::Retransmission]]);
}

#[test]
fn the_storys_second_packet_comes_again() {
    let found = marks(&opened(vec![Seg(1_001_000, false, SA, 900, 101, 0, 65_160), Seg(1_001_500, true, A, 101, 901, 0, 502)]));
    assert_eq!(found[3], [Mark::Retransmission]);
    assert_eq!(found[4], [Mark::DuplicateAck]);
}

#[test]
fn duplicate_acknowledgements_are_counted_and_ask_for_a_fast_retransmission() {
    let mut rest: Vec<Seg> = (0..5).map(|n| Seg(2_000 + u64::from(n), true, A, 101 + 100 * n, 901, 100, 502)).collect();
    rest.extend((0..4).map(|n| Seg(3_000 + n, false, A, 901, 101, 0, 509)));
    rest.push(Seg(3_500, true, A, 101, 901, 100, 502));
    let found = run(&opened(rest));
    assert_eq!(found[8].marks.iter().collect::<Vec<_>>(), [Mark::WindowUpdate], "the first has another window");
    assert_eq!(found[9].duplicate_of, Some((1, 1)));
    assert_eq!(found[11].duplicate_of, Some((3, 1)));
    assert_eq!(found[12].marks.iter().collect::<Vec<_>>(), [Mark::Retransmission, Mark::FastRetransmission]);
}

#[test]
fn what_was_acknowledged_is_sent_again_for_nothing() {
    let rest =
        vec![Seg(2_000, true, A, 101, 901, 100, 502), Seg(3_000, false, A, 901, 201, 0, 509), Seg(300_000, true, A, 101, 901, 100, 502)];
    assert_eq!(last(rest), [Mark::Retransmission, Mark::SpuriousRetransmission]);
}

#[test]
fn a_gap_is_a_segment_that_was_not_captured_and_its_filler_is_out_of_order() {
    let rest = || vec![Seg(2_000, true, A, 101, 901, 100, 502), Seg(2_100, true, A, 301, 901, 100, 502)];
    assert_eq!(last(rest()), [Mark::LostSegment]);
    let mut with_filler = rest();
    with_filler.push(Seg(2_200, true, A, 201, 901, 100, 502));
    assert_eq!(last(with_filler), [Mark::OutOfOrder]);
    let mut late = rest();
    late.push(Seg(9_200, true, A, 201, 901, 100, 502));
    assert_eq!(last(late), [Mark::Retransmission]);
}

#[test]
fn an_acknowledgement_of_what_was_not_seen_is_marked_once() {
    let rest = vec![Seg(2_000, false, A, 901, 501, 0, 509), Seg(2_500, false, A, 901, 501, 10, 509)];
    let found = marks(&opened(rest));
    assert_eq!(found[3], [Mark::AckLostSegment]);
    assert_eq!(found[4], []);
}

#[test]
fn keep_alives_and_their_answers() {
    let rest = vec![
        Seg(2_000, true, A, 101, 901, 10, 502),
        Seg(2_500, false, A, 901, 111, 0, 509),
        Seg(9_000_000, true, A, 110, 901, 0, 502),
        Seg(9_000_500, false, A, 901, 111, 0, 509),
    ];
    let found = marks(&opened(rest));
    assert_eq!(found[5], [Mark::KeepAlive]);
    assert_eq!(found[6], [Mark::KeepAliveAck]);
}

#[test]
fn windows_close_are_probed_and_open() {
    let rest = vec![
        Seg(2_000, true, A, 101, 901, 1_280, 502),
        Seg(2_500, false, A, 901, 1_381, 0, 0),
        Seg(3_000_000, true, A, 1_381, 901, 1, 502),
        Seg(3_000_500, false, A, 901, 1_381, 0, 0),
        Seg(4_000_000, false, A, 901, 1_381, 0, 200),
    ];
    let found = marks(&opened(rest));
    assert_eq!(found[4], [Mark::ZeroWindow]);
    assert_eq!(found[5], [Mark::ZeroWindowProbe]);
    assert_eq!(found[6], [Mark::ZeroWindow, Mark::ZeroWindowProbeAck]);
    assert_eq!(found[7], [Mark::WindowUpdate]);
}

#[test]
fn a_segment_up_to_the_edge_fills_the_window() {
    let rest = vec![Seg(2_000, false, A, 901, 101, 0, 2), Seg(3_000, true, A, 101, 901, 256, 502)];
    assert_eq!(last(rest), [Mark::WindowFull]);
}

#[test]
fn the_same_ports_again_are_another_stream() {
    let mut all = opened(vec![Seg(2_000, true, FA, 101, 901, 0, 502)]);
    all.push(Seg(9_000_000, true, S, 7_000, 0, 0, 64_240));
    all.push(Seg(9_000_500, false, SA, 8_000, 7_001, 0, 65_160));
    let found = run(&all);
    assert_eq!(found[4].marks.iter().collect::<Vec<_>>(), [Mark::ReusedPorts]);
    assert_eq!((found[3].stream, found[4].stream, found[5].stream), (0, 1, 1));
    assert!(found[5].marks.is_empty());
}

#[test]
fn what_begins_in_the_middle_counts_from_one() {
    let found = run(&[Seg(0, true, A, 5_000, 9_000, 10, 502), Seg(500, false, A, 9_000, 5_010, 20, 509)]);
    assert_eq!((found[0].seq, found[0].ack, found[1].seq, found[1].ack), (1, 1, 1, 11));
    assert_eq!((found[0].scale, found[0].window), (-1, 502));
    assert!(found.iter().all(|one| one.marks.is_empty()));
}

#[test]
fn what_wraps_is_no_gap() {
    let found = marks(&[
        Seg(0, true, S, u32::MAX, 0, 0, 64_240),
        Seg(500, false, SA, 900, 0, 0, 65_160),
        Seg(1_000, true, A, 0, 901, 0, 502),
        Seg(1_100, true, A, 0, 901, 10, 502),
    ]);
    assert!(found.iter().all(Vec::is_empty), "{found:?}");
}

#[test]
fn a_server_that_forgot_its_half_begins_anew_in_the_same_stream() {
    let found = run(&[
        Seg(0, true, S, 100, 0, 0, 64_240),
        Seg(500, false, SA, 900, 101, 0, 65_160),
        Seg(1_000_000, true, S, 100, 0, 0, 64_240),
        Seg(1_000_500, false, SA, 90_000, 101, 0, 65_160),
    ]);
    assert_eq!(found[3].marks.iter().collect::<Vec<_>>(), [Mark::LostSegment, Mark::ReusedPorts]);
    assert_eq!((found[3].stream, found[3].seq), (0, 0));
}
