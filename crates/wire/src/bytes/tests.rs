//! Single cases of the way to bytes and back.

use super::*;
use crate::{
    Arp, ArpOp, Fragment, Frame, FrameBody, Icmp, IpBody, IpProtocol, Ipv4, Mac, Payload, SackBlock, Tcp, TcpFlags, TcpOptions, Timestamps,
    Udp, UnreachableCode,
};
use std::sync::Arc;

const A: [u8; 4] = [192, 168, 1, 10];
const B: [u8; 4] = [192, 168, 2, 10];

fn packet(body: IpBody) -> Ipv4 {
    Ipv4 { src: A.into(), dst: B.into(), ttl: 64, tos: 0, id: 7, df: true, body }
}

fn frame(body: FrameBody) -> Frame {
    Frame { src: Mac([2, 0, 0, 0, 0, 1]), dst: Mac([2, 0, 0, 0, 0, 2]), body }
}

fn tcp(options: TcpOptions) -> IpBody {
    IpBody::Tcp(Arc::new(Tcp {
        src_port: 40001,
        dst_port: 80,
        seq: 1,
        ack: 2,
        flags: TcpFlags::SYN,
        window: 64240,
        options,
        payload: Payload::EMPTY,
    }))
}

fn udp(len: usize) -> IpBody {
    IpBody::Udp(Arc::new(Udp { src_port: 50001, dst_port: 7, payload: Payload::new(vec![0x55; len]) }))
}

#[test]
fn options_lie_as_linux_lays_them() {
    let timestamps = Some(Timestamps { value: 0x0102_0304, echo: 0x0506_0708 });
    let ts = [8, 10, 1, 2, 3, 4, 5, 6, 7, 8];
    let check = |options: TcpOptions, expected: &[&[u8]]| {
        let bytes = encode_ip_body(&packet(tcp(options)));
        assert_eq!(bytes[20..], expected.concat());
        assert_eq!(usize::from(bytes[12] >> 4) * 4, bytes.len());
    };
    let none = TcpOptions::default();
    check(none.clone(), &[]);
    check(
        TcpOptions { mss: Some(1460), window_scale: Some(7), sack_permitted: true, timestamps, sack: vec![] },
        &[&[2, 4, 5, 180, 4, 2], &ts, &[1, 3, 3, 7]],
    );
    check(TcpOptions { mss: Some(536), sack_permitted: true, ..none.clone() }, &[&[2, 4, 2, 24, 1, 1, 4, 2]]);
    check(TcpOptions { timestamps, ..none.clone() }, &[&[1, 1], &ts]);
    let sack = vec![SackBlock { left: 1, right: 2 }, SackBlock { left: 3, right: 4 }];
    check(TcpOptions { timestamps, sack, ..none }, &[&[1, 1], &ts, &[1, 1, 5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4]]);
}

#[test]
fn unknown_options_are_passed_over() {
    let mss = |bytes: &[u8]| read_tcp_options(bytes).mss;
    assert_eq!(mss(&[34, 4, 0, 0, 2, 4, 5, 180]), Some(1460), "fast open cookie first");
    assert_eq!(mss(&[2, 3, 1, 1, 2, 4, 5, 180]), Some(1460), "the first has a wrong length");
    assert_eq!(mss(&[2, 4, 1, 1, 2, 4, 5, 180]), Some(1460), "the last counts");
    assert_eq!(mss(&[0, 0, 0, 0, 2, 4, 5, 180]), None, "behind the end");
    assert_eq!(mss(&[34, 1, 2, 4, 5, 180]), None, "a length that does not cover itself");
    assert_eq!(mss(&[34, 99, 2, 4]), None, "a length beyond the header");
    assert_eq!(mss(&[34]), None);
}

#[test]
fn an_error_quotes_at_most_576_bytes_and_lengths_survive() {
    let original = packet(udp(1472));
    let icmp = Icmp::Unreachable { code: UnreachableCode::FragmentationNeeded, mtu: 1400, quoted: Arc::new(original) };
    let bytes = encode_packet(&packet(IpBody::Icmp(Arc::new(icmp))));
    assert_eq!(bytes.len(), 576);
    assert_eq!(bytes[30..32], 1500u16.to_be_bytes(), "the quote declares the original's length");
    let back = decode_packet(&bytes).unwrap();
    let quoted = back.icmp().unwrap().quoted().unwrap();
    let payload = &quoted.udp().unwrap().payload;
    assert_eq!((quoted.wire_len(), payload.len()), (1500, 1472));
    assert_eq!(payload.as_slice()[..520], [0x55; 520]);
    assert_eq!(payload.as_slice()[520..], [0; 952]);
}

#[test]
fn a_quote_of_eight_bytes_still_tells_the_ports() {
    let original = packet(tcp(TcpOptions::default()));
    let icmp = Icmp::TimeExceeded { code: crate::TimeExceededCode::Transit, quoted: Arc::new(original) };
    let mut bytes = encode_packet(&packet(IpBody::Icmp(Arc::new(icmp))));
    bytes.truncate(20 + 8 + 20 + 8);
    bytes[2..4].copy_from_slice(&56u16.to_be_bytes());
    let back = decode_packet(&bytes).unwrap();
    let quoted = back.icmp().unwrap().quoted().unwrap();
    let tcp = quoted.tcp().unwrap();
    assert_eq!((tcp.src_port, tcp.dst_port, tcp.seq, tcp.flags), (40001, 80, 1, TcpFlags(0)));
    assert_eq!(quoted.wire_len(), 40);
}

#[test]
fn what_does_not_fit_a_packet_is_cut_off() {
    for body in [
        udp(70_000),
        IpBody::Fragment(Arc::new(Fragment {
            protocol: IpProtocol::UDP,
            offset_units: 0,
            more: true,
            bytes: Payload::new(vec![1; 70_000]),
        })),
    ] {
        let bytes = encode_packet(&packet(body));
        assert_eq!(bytes.len(), 65_535);
        let back = decode_packet(&bytes).unwrap();
        assert_eq!(back.wire_len(), 65_535);
        assert_eq!(encode_packet(&back), bytes);
    }
}

#[test]
fn a_checksum_of_zero_is_sent_as_ones_in_udp() {
    let datagram = |word: [u8; 2]| packet(IpBody::Udp(Arc::new(Udp { src_port: 1, dst_port: 2, payload: Payload::new(word) })));
    let checksum = |bytes: &[u8]| u16::from_be_bytes([bytes[6], bytes[7]]);
    let before = checksum(&encode_ip_body(&datagram([0, 0])));
    // Adding the checksum itself to the sum makes the sum all ones.
    let bytes = encode_ip_body(&datagram(before.to_be_bytes()));
    assert_eq!(checksum(&bytes), 0xffff);
    assert!(transport_checksum_holds(IpProtocol::UDP, A.into(), B.into(), &bytes));
}

#[test]
fn a_datagram_without_checksum_is_good() {
    let whole = packet(udp(4));
    let mut bytes = encode_ip_body(&whole);
    bytes[6..8].fill(0);
    assert_eq!(decode_ip_body(IpProtocol::UDP, A.into(), B.into(), &bytes), whole.body);
}

#[test]
fn errors_name_layer_and_place() {
    let check = |bytes: &[u8], expected: &str| assert_eq!(decode(bytes).unwrap_err().to_string(), expected);
    let changed = |frame: &Frame, at: usize, value: u8| {
        let mut bytes = encode(frame);
        bytes[at] = value;
        bytes
    };
    let tcp = frame(FrameBody::Ipv4(packet(tcp(TcpOptions::default()))));
    let udp = frame(FrameBody::Ipv4(packet(udp(4))));
    let ping = frame(FrameBody::Ipv4(packet(IpBody::Icmp(Arc::new(Icmp::Echo { reply: false, id: 1, seq: 1, payload: Payload::EMPTY })))));
    let arp = frame(FrameBody::Arp(Arp {
        op: ArpOp::Request,
        sender_mac: Mac::ZERO,
        sender_ip: A.into(),
        target_mac: Mac::ZERO,
        target_ip: B.into(),
    }));
    check(&[0; 13], "Ethernet at byte 0: 14 bytes needed, 13 there");
    check(&changed(&tcp, 12, 0x86), "Ethernet at byte 12: EtherType 0x8600 is neither IPv4 nor ARP");
    check(&encode(&arp)[..41], "ARP at byte 14: 28 bytes needed, 27 there");
    check(&changed(&arp, 15, 6), "ARP at byte 14: not for IPv4 over Ethernet");
    check(&changed(&arp, 21, 3), "ARP at byte 20: operation 3 is neither request nor reply");
    check(&encode(&tcp)[..33], "IPv4 at byte 14: 20 bytes needed, 19 there");
    check(&encode(&tcp)[..50], "IPv4 at byte 14: 40 bytes needed, 36 there");
    check(&changed(&tcp, 14, 0x65), "IPv4 at byte 14: version 6 is not 4");
    check(&changed(&tcp, 14, 0x44), "IPv4 at byte 14: a header of 4 words, fewer than 5");
    check(&changed(&tcp, 14, 0x46), "IPv4 at byte 34: header options are not supported");
    check(&changed(&tcp, 17, 19), "IPv4 at byte 16: a length field of 19 bytes does not even cover the header");
    check(&changed(&tcp, 17, 39), "TCP at byte 34: 20 bytes needed, 19 there");
    check(&changed(&tcp, 46, 0x60), "TCP at byte 34: 24 bytes needed, 20 there");
    check(&changed(&tcp, 46, 0x40), "TCP at byte 46: a header of 4 words, fewer than 5");
    check(&changed(&udp, 17, 27), "UDP at byte 34: 8 bytes needed, 7 there");
    check(&changed(&udp, 39, 13), "UDP at byte 34: 13 bytes needed, 12 there");
    check(&changed(&udp, 39, 7), "UDP at byte 38: a length field of 7 bytes does not even cover the header");
    check(&changed(&ping, 17, 27), "ICMP at byte 34: 8 bytes needed, 7 there");
}

#[test]
fn unusual_icmp_stays_bytes() {
    let quoted = Arc::new(packet(udp(4)));
    let body = |icmp: Icmp| encode_ip_body(&packet(IpBody::Icmp(Arc::new(icmp))));
    let kind = |bytes: &[u8]| match decode_packet(&encode_packet(&packet(decode_icmp(bytes)))).unwrap().icmp() {
        Some(Icmp::Other { kind, code, .. }) => Some((*kind, *code)),
        _ => None,
    };
    let mut echo = body(Icmp::Echo { reply: false, id: 1, seq: 1, payload: Payload::EMPTY });
    assert_eq!(kind(&echo), None);
    echo[1] = 1;
    assert_eq!(kind(&echo), Some((8, 1)), "an echo with a code");
    let mut problem = body(Icmp::ParameterProblem { pointer: 1, quoted: Arc::clone(&quoted) });
    assert_eq!(kind(&problem), None);
    problem[1] = 2;
    assert_eq!(kind(&problem), Some((12, 2)), "a parameter problem with a code");
    let mut unreachable = body(Icmp::Unreachable { code: UnreachableCode::Port, mtu: 0, quoted });
    unreachable[8] = 0x65;
    assert_eq!(kind(&unreachable), Some((3, 3)), "a quote that is no IPv4");
    assert_eq!(kind(&unreachable[..8]), Some((3, 3)), "no quote");
}

/// Reads an ICMP message whose checksum no longer matters.
fn decode_icmp(bytes: &[u8]) -> IpBody {
    let mut bytes = bytes.to_vec();
    let checksum = transport_checksum(IpProtocol::ICMP, A.into(), B.into(), &bytes).unwrap();
    bytes[2..4].copy_from_slice(&checksum.to_be_bytes());
    decode_ip_body(IpProtocol::ICMP, A.into(), B.into(), &bytes)
}

#[test]
fn quotes_within_quotes_end() {
    let mut nested = packet(udp(4));
    for _ in 0..19 {
        nested = packet(IpBody::Icmp(Arc::new(Icmp::TimeExceeded { code: crate::TimeExceededCode::Transit, quoted: Arc::new(nested) })));
    }
    let mut read = &decode_packet(&encode_packet(&nested)).unwrap();
    let mut depth = 0;
    while let Some(quoted) = read.icmp().and_then(Icmp::quoted) {
        read = quoted;
        depth += 1;
    }
    assert_eq!(depth, 4);
    assert!(matches!(read.icmp(), Some(Icmp::Other { kind: 11, code: 0, .. })));
}
