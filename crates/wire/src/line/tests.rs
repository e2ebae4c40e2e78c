//! What the recorded frames do not show: unusual packets, and how bases of sequence numbers come and go.

use super::*;
use crate::{
    Fragment, IpBody, OtherProtocol, Payload, RedirectCode, SackBlock, Tcp as Segment, TcpFlags, TcpOptions, TimeExceededCode, Udp,
    encode_ip_body, testing,
};
use proptest::prelude::*;
use std::sync::Arc;

const A: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 10);
const B: Ipv4Addr = Ipv4Addr::new(192, 168, 2, 10);
const PC1: Mac = Mac([2, 0, 0, 1, 0, 0x10]);

fn packet(body: IpBody) -> Ipv4 {
    Ipv4 { src: A, dst: B, ttl: 64, tos: 0, id: 0, df: true, body }
}

fn icmp(icmp: IcmpValue) -> Ipv4 {
    packet(IpBody::Icmp(Arc::new(icmp)))
}

fn udp(len: usize) -> Ipv4 {
    packet(IpBody::Udp(Arc::new(Udp { src_port: 50001, dst_port: 7, payload: Payload::new(vec![0; len]) })))
}

/// A segment from A's port 40001 to B's port 80, or back.
fn tcp(back: bool, flags: &str, seq: u32, ack: u32) -> Ipv4 {
    let bits = [("S", TcpFlags::SYN), ("F", TcpFlags::FIN), ("R", TcpFlags::RST), ("P", TcpFlags::PSH), ("A", TcpFlags::ACK)];
    let flags = bits.into_iter().filter(|(letter, _)| flags.contains(letter)).fold(TcpFlags::default(), |all, (_, bit)| all | bit);
    let (src_port, dst_port) = if back { (80, 40001) } else { (40001, 80) };
    let segment = Segment { src_port, dst_port, seq, ack, flags, window: 0, options: TcpOptions::default(), payload: Payload::EMPTY };
    let mut packet = packet(IpBody::Tcp(Arc::new(segment)));
    if back {
        (packet.src, packet.dst) = (B, A);
    }
    packet
}

fn with_options(mut packet: Ipv4, options: TcpOptions) -> Ipv4 {
    if let IpBody::Tcp(tcp) = &mut packet.body {
        Arc::make_mut(tcp).options = options;
    }
    packet
}

/// The first `len` bytes of what the packet carries, as its first fragment.
fn first_piece(whole: &Ipv4, len: usize) -> Ipv4 {
    let bytes = Payload::new(encode_ip_body(whole)).slice(0, len);
    let body = IpBody::Fragment(Arc::new(Fragment { protocol: whole.protocol(), offset_units: 0, more: true, bytes }));
    Ipv4 { body, ..whole.clone() }
}

fn show(numbers: &mut RelSeq, packet: &Ipv4) -> String {
    let mut line = String::new();
    let seen = numbers.observe_packet(packet);
    write_packet(&mut line, packet, &seen).unwrap();
    line
}

/// The line without what the tests have in common.
fn alone(packet: &Ipv4) -> String {
    let line = show(&mut RelSeq::new(), packet);
    line.replace("192.168.1.10", "A").replace("192.168.2.10", "B").replace("192.168.1.2", "R")
}

/// The lines of a conversation, from the flags on.
fn talk(packets: &[Ipv4]) -> Vec<String> {
    let mut numbers = RelSeq::new();
    packets
        .iter()
        .map(|packet| show(&mut numbers, packet))
        .filter_map(|line| Some(line.split_once('[')?.1.replace(" len=0 ttl=64", "")))
        .collect()
}

#[test]
fn a_whole_line() {
    let arp = Arp { op: ArpOp::Reply, sender_mac: PC1, sender_ip: A, target_mac: Mac::ZERO, target_ip: B };
    let line = |arp: Arp, direction| {
        let mut line = String::new();
        let frame = Frame { src: PC1, dst: Mac::BROADCAST, body: FrameBody::Arp(arp) };
        let names = |mac| (mac == PC1).then_some("pc1.eth0");
        write_line(&mut line, &frame, &FrameNumbers::default(), direction, &names).unwrap();
        line
    };
    assert_eq!(line(arp, Direction::Out), "out pc1.eth0>* arp 192.168.1.10 is-at pc1.eth0");
    assert_eq!(line(Arp { op: ArpOp::Request, ..arp }, Direction::In), "in pc1.eth0>* arp who-has 192.168.2.10 tell 192.168.1.10");
    let stranger = Arp { sender_mac: Mac([2, 0, 0, 0, 0, 0xaa]), ..arp };
    assert_eq!(line(stranger, Direction::Wire), "wire pc1.eth0>* arp 192.168.1.10 is-at 02:00:00:00:00:aa");
}

#[test]
fn a_reset_without_ack_shows_no_ack() {
    assert_eq!(alone(&tcp(false, "R", 7, 9)), "tcp A:40001>B:80 [R] seq=0 len=0 ttl=64");
}

#[test]
fn an_ack_of_something_never_seen() {
    assert_eq!(alone(&tcp(false, "A", 7, 9)), "tcp A:40001>B:80 [A] seq=0 ack=None len=0 ttl=64");
}

#[test]
fn no_numbers_no_relatives() {
    let mut line = String::new();
    write_packet(&mut line, &tcp(false, "A", 7, 9), &FrameNumbers::default()).unwrap();
    assert!(line.contains("[A] seq=None ack=None"), "{line}");
}

#[test]
fn the_handshake_counts_from_its_own_numbers() {
    let (x, y) = (u32::MAX, 500);
    assert_eq!(
        talk(&[
            tcp(false, "S", x, 0),
            tcp(true, "SA", y, 0),
            tcp(false, "A", 0, y + 1),
            tcp(true, "A", y + 1, 80),
            tcp(false, "A", x - 1, y)
        ]),
        ["S] seq=0", "SA] seq=0 ack=1", "A] seq=1 ack=1", "A] seq=1 ack=81", "A] seq=-1 ack=0"]
    );
}

#[test]
fn a_new_syn_forgets_the_old_answer_and_a_repeated_one_does_not() {
    let start = [tcp(false, "S", 10, 0), tcp(true, "SA", 500, 11)];
    let again = talk(&[&start[..], &[tcp(false, "S", 10, 0), tcp(true, "A", 501, 11)]].concat());
    assert_eq!(again[2..], ["S] seq=0", "A] seq=1 ack=1"]);
    let new = talk(&[&start[..], &[tcp(false, "S", 99, 0), tcp(true, "RA", 0, 100)]].concat());
    assert_eq!(new[2..], ["S] seq=0", "RA] seq=0 ack=1"]);
}

#[test]
fn an_answer_alone_tells_both_bases_but_overrides_no_known_one() {
    assert_eq!(talk(&[tcp(true, "SA", 500, 11), tcp(false, "A", 11, 501)]), ["SA] seq=0 ack=1", "A] seq=1 ack=1"]);
    assert_eq!(talk(&[tcp(false, "S", 10, 0), tcp(true, "SA", 500, 99)])[1], "SA] seq=0 ack=89");
}

#[test]
fn a_syn_with_reset_is_no_beginning() {
    assert_eq!(talk(&[tcp(false, "S", 10, 0), tcp(false, "SR", 30, 0)])[1], "SR] seq=20");
}

#[test]
fn half_way_round_is_ahead() {
    let line = |seq| talk(&[tcp(false, "S", 0, 0), tcp(false, "R", seq, 0)]).remove(1);
    assert_eq!([line(1 << 31), line((1 << 31) + 1)], ["R] seq=2147483648", "R] seq=-2147483647"]);
}

#[test]
fn a_quoted_segment_counts_from_the_same_base_and_may_set_it() {
    let quote = |seq| icmp(IcmpValue::TimeExceeded { code: TimeExceededCode::Transit, quoted: Arc::new(tcp(false, "A", seq, 501)) });
    assert_eq!(talk(&[tcp(false, "S", 10, 0), tcp(true, "SA", 500, 11), quote(91)])[2], "A] seq=81 ack=1 len=0) ttl=64");
    assert_eq!(talk(&[quote(91), tcp(false, "A", 95, 501)]), ["A] seq=0 ack=None len=0) ttl=64", "A] seq=4 ack=None"]);
}

#[test]
fn options_show_on_the_segment_but_not_in_a_quote() {
    let sack = vec![SackBlock { left: 501, right: 601 }, SackBlock { left: 701, right: 801 }];
    let options = TcpOptions { mss: Some(1460), sack, ..TcpOptions::default() };
    let syn = with_options(tcp(false, "S", 10, 0), options.clone());
    let ack = with_options(tcp(false, "A", 11, 501), options.clone());
    assert_eq!(
        talk(&[tcp(true, "SA", 500, 11), syn.clone(), tcp(true, "SA", 500, 11), ack])[3],
        "A] seq=1 ack=1 len=0 sack=1-101,201-301 ttl=64"
    );
    assert_eq!(alone(&syn), "tcp A:40001>B:80 [S] seq=0 len=0 mss=1460 sack=0-0,0-0 ttl=64");
    let zero = with_options(tcp(false, "S", 10, 0), TcpOptions { mss: Some(0), ..TcpOptions::default() });
    assert_eq!(alone(&zero), "tcp A:40001>B:80 [S] seq=0 len=0 ttl=64");
    let quoting = icmp(IcmpValue::ParameterProblem { pointer: 20, quoted: Arc::new(syn) });
    assert_eq!(alone(&quoting), "icmp param-problem-None A>B (tcp A:40001>B:80 [S] seq=0 len=0) ttl=64");
}

#[test]
fn icmp_that_has_no_name_reads_as_numbers() {
    let quoted = Arc::new(udp(4));
    let check = |message, expected: &str| assert_eq!(alone(&icmp(message)), expected);
    let unreachable = |code| IcmpValue::Unreachable { code, mtu: 9, quoted: Arc::clone(&quoted) };
    check(unreachable(UnreachableCode::Other(14)), "icmp unreach-14 A>B (udp A:50001>B:7 len=4) ttl=64");
    check(unreachable(UnreachableCode::FragmentationNeeded), "icmp unreach-frag-needed A>B mtu=9 (udp A:50001>B:7 len=4) ttl=64");
    let gateway = Ipv4Addr::new(192, 168, 1, 2);
    let redirect = |code| IcmpValue::Redirect { code, gateway, quoted: Arc::clone(&quoted) };
    check(redirect(RedirectCode::Net), "icmp redirect-net A>B gw=R (udp A:50001>B:7 len=4) ttl=64");
    check(redirect(RedirectCode::Other(3)), "icmp redirect-3 A>B gw=R (udp A:50001>B:7 len=4) ttl=64");
    let exceeded = |code| IcmpValue::TimeExceeded { code, quoted: Arc::clone(&quoted) };
    check(exceeded(TimeExceededCode::Reassembly), "icmp ttl-exceeded-reassembly A>B (udp A:50001>B:7 len=4) ttl=64");
    check(exceeded(TimeExceededCode::Other(9)), "icmp ttl-exceeded-9 A>B (udp A:50001>B:7 len=4) ttl=64");
    let timestamp = IcmpValue::Other { kind: 13, code: 0, rest: [0; 4], payload: Payload::new([0; 12]) };
    check(timestamp, "icmp 13-None A>B (other) ttl=64");
    let echo = IcmpValue::Other { kind: 8, code: 1, rest: [0, 5, 0, 6], payload: Payload::new([0; 12]) };
    check(echo, "icmp echo A>B id=5 seq=6 len=12 ttl=64 DF");
    let payload = Payload::new(crate::encode_packet(&tcp(false, "A", 1, 2)));
    let quench = IcmpValue::Other { kind: 4, code: 0, rest: [0; 4], payload };
    check(quench, "icmp 4-None A>B (tcp A:40001>B:80 [A] seq=0 ack=None len=0) ttl=64");
}

#[test]
fn a_quote_shows_no_further_quote() {
    let inner = icmp(IcmpValue::Unreachable { code: UnreachableCode::Port, mtu: 0, quoted: Arc::new(udp(4)) });
    let outer = icmp(IcmpValue::TimeExceeded { code: TimeExceededCode::Transit, quoted: Arc::new(inner) });
    assert_eq!(alone(&outer), "icmp ttl-exceeded-transit A>B (icmp unreach-port A>B) ttl=64");
}

#[test]
fn df_shows_where_it_tells_something() {
    let echo = |reply| icmp(IcmpValue::Echo { reply, id: 1, seq: 2, payload: Payload::EMPTY });
    assert_eq!(alone(&udp(1)), "udp A:50001>B:7 len=1 ttl=64 DF");
    assert_eq!(alone(&Ipv4 { df: false, ..udp(1) }), "udp A:50001>B:7 len=1 ttl=64");
    assert_eq!(alone(&echo(false)), "icmp echo A>B id=1 seq=2 len=0 ttl=64 DF");
    assert_eq!(alone(&echo(true)), "icmp echo-reply A>B id=1 seq=2 len=0 ttl=64");
    let later = Fragment { protocol: IpProtocol(47), offset_units: 2, more: false, bytes: Payload::new([0; 8]) };
    assert_eq!(alone(&packet(IpBody::Fragment(Arc::new(later)))), "frag 47 A>B off=16 len=8 mf=0 ttl=64 DF");
}

#[test]
fn first_fragments_show_as_much_as_they_hold() {
    let syn = with_options(tcp(false, "S", 10, 0), TcpOptions { mss: Some(1460), ..TcpOptions::default() });
    assert_eq!(alone(&first_piece(&syn, 24)), "tcp A:40001>B:80 [S] seq=0 len=0 mss=1460 frag(off=0 len=24 mf=1) ttl=64");
    assert_eq!(alone(&first_piece(&syn, 16)), "tcp A:40001>B:80 seq=None frag(off=0 len=16 mf=1) ttl=64");
    assert_eq!(alone(&first_piece(&syn, 7)), "ip proto=6 A>B frag(off=0 len=7 mf=1) ttl=64");
    assert_eq!(alone(&first_piece(&udp(3000), 1376)), "udp A:50001>B:7 len=3000 frag(off=0 len=1376 mf=1) ttl=64 DF");
    let ping = icmp(IcmpValue::Echo { reply: false, id: 1, seq: 2, payload: Payload::new([0; 3000]) });
    let piece = first_piece(&ping, 1376);
    assert_eq!(alone(&piece), "icmp echo A>B id=1 seq=2 len=1368 frag(off=0 len=1376 mf=1) ttl=64 DF");
    let died = icmp(IcmpValue::TimeExceeded { code: TimeExceededCode::Reassembly, quoted: Arc::new(piece) });
    let about = "(icmp echo A>B id=1 seq=2 len=1368 frag(off=0 len=1376 mf=1))";
    assert_eq!(alone(&died), format!("icmp ttl-exceeded-reassembly A>B {about} ttl=64"));
    assert_eq!(alone(&first_piece(&died, 500)), format!("icmp ttl-exceeded-reassembly A>B {about} frag(off=0 len=500 mf=1) ttl=64"));
}

#[test]
fn other_protocols_read_as_numbers() {
    let other = |protocol| packet(IpBody::Other(Arc::new(OtherProtocol { protocol: IpProtocol(protocol), bytes: Payload::new([0; 4]) })));
    assert_eq!(alone(&other(47)), "ip proto=47 A>B ttl=64");
    assert_eq!(alone(&other(17)), "ip proto=17 A>B ttl=64");
}

proptest! {
    /// A frame passes many capture points: seeing it again changes nothing.
    #[test]
    fn seeing_a_frame_twice_is_seeing_it_once(segments in prop::collection::vec((any::<bool>(), 0u8..32, 0u32..4, 0u32..4), 1..30)) {
        let mut numbers = RelSeq::new();
        for (back, flags, seq, ack) in segments {
            let mut packet = tcp(back, "", seq, ack);
            if let IpBody::Tcp(tcp) = &mut packet.body {
                Arc::make_mut(tcp).flags = TcpFlags(flags);
            }
            let first = numbers.observe_packet(&packet);
            prop_assert_eq!(numbers.observe_packet(&packet), first);
        }
    }

    /// Bytes and value read alike, as far as a quote is not cut in front of what the line shows.
    #[test]
    fn the_line_is_the_same_after_bytes(frame in testing::frame()) {
        let line = |frame: &Frame| {
            let mut line = String::new();
            write_line(&mut line, frame, &RelSeq::new().observe(frame), Direction::In, &|_| None).map(|()| line)
        };
        prop_assert_eq!(line(&crate::decode(&crate::encode(&frame)).unwrap()), line(&frame));
    }
}
