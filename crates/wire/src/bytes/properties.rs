//! Properties of the way to bytes and back.

use super::*;
use crate::{Frame, FrameBody, Icmp, IpBody, IpProtocol, Ipv4, Mac, Payload, testing};
use etherparse::{Icmpv4Slice, Ipv4HeaderSlice, SlicedPacket, TransportSlice};
use proptest::prelude::*;
use std::sync::Arc;

/// The value that is left of a quote after the message has been cut to 576 bytes: content from byte
/// `present` of the packet on is zero.
fn cut(packet: &Ipv4, present: usize) -> Ipv4 {
    let body_present = present - Ipv4::HEADER_LEN;
    let tail_of = |payload: &Payload, header: usize| {
        let mut bytes = payload.as_slice().to_vec();
        let kept = body_present.saturating_sub(header).min(bytes.len());
        bytes[kept..].fill(0);
        Payload::new(bytes)
    };
    let mut packet = packet.clone();
    match &mut packet.body {
        IpBody::Tcp(tcp) => {
            let header = tcp.wire_len() - tcp.payload.len();
            let tcp = Arc::make_mut(tcp);
            tcp.payload = tail_of(&tcp.payload, header);
        }
        IpBody::Udp(udp) => {
            let udp = Arc::make_mut(udp);
            udp.payload = tail_of(&udp.payload, 8);
        }
        IpBody::Fragment(fragment) => {
            let fragment = Arc::make_mut(fragment);
            fragment.bytes = tail_of(&fragment.bytes, 0);
        }
        IpBody::Other(other) => {
            let other = Arc::make_mut(other);
            other.bytes = tail_of(&other.bytes, 0);
        }
        IpBody::Icmp(icmp) => {
            let icmp = Arc::make_mut(icmp);
            match icmp {
                Icmp::Echo { payload, .. } | Icmp::Other { payload, .. } => *payload = tail_of(payload, 8),
                _ => cut_quote(icmp, body_present - 8),
            }
        }
    }
    packet
}

/// Cuts what a message quotes to `room` bytes, and to what the message itself allows.
fn cut_quote(icmp: &mut Icmp, room: usize) {
    let room = room.min(576 - 20 - 8);
    match icmp {
        Icmp::Unreachable { quoted, .. }
        | Icmp::Redirect { quoted, .. }
        | Icmp::TimeExceeded { quoted, .. }
        | Icmp::ParameterProblem { quoted, .. } => *quoted = Arc::new(cut(quoted, room)),
        Icmp::Echo { .. } | Icmp::Other { .. } => {}
    }
}

/// What reading the bytes of this frame must yield.
fn as_on_wire(frame: &Frame) -> Frame {
    let mut frame = frame.clone();
    if let FrameBody::Ipv4(Ipv4 { body: IpBody::Icmp(icmp), .. }) = &mut frame.body {
        cut_quote(Arc::make_mut(icmp), usize::MAX);
    }
    frame
}

/// Checks every checksum of a packet with the library's own code, not with ours.
fn assert_checksums(bytes: &[u8]) {
    let header = Ipv4HeaderSlice::from_slice(&bytes[14..]).unwrap().to_header();
    assert_eq!(header.header_checksum, header.calc_header_checksum());
    if header.is_fragmenting_payload() || ![1, 6, 17].contains(&header.protocol.0) {
        return;
    }
    let body = &bytes[34..];
    if header.protocol.0 == 1 {
        // The library holds some types (timestamp) to their proper length, which arbitrary messages lack.
        if let Ok(icmp) = Icmpv4Slice::from_slice(body) {
            assert_eq!(icmp.checksum(), icmp.icmp_type().calc_checksum(icmp.payload()));
        }
        return;
    }
    match SlicedPacket::from_ethernet(bytes).unwrap().transport.unwrap() {
        TransportSlice::Tcp(tcp) => {
            assert_eq!(tcp.checksum(), tcp.to_header().calc_checksum_ipv4(&header, tcp.payload()).unwrap());
        }
        TransportSlice::Udp(udp) => {
            assert_eq!(udp.checksum(), udp.to_header().calc_checksum_ipv4(&header, udp.payload()).unwrap());
        }
        other => panic!("{other:?}"),
    }
}

/// Changes to bytes: overwrite at a place, cut there, or insert.
fn damage() -> impl Strategy<Value = Vec<(u8, prop::sample::Index, u8)>> {
    prop::collection::vec(any::<(u8, prop::sample::Index, u8)>(), 1..8)
}

fn damaged(mut bytes: Vec<u8>, damage: &[(u8, prop::sample::Index, u8)]) -> Vec<u8> {
    for (how, place, value) in damage {
        if bytes.is_empty() {
            break;
        }
        // Most damage goes to the headers: elsewhere it meets payload only.
        let range = if how & 1 == 0 { bytes.len() } else { bytes.len().min(80) };
        let at = place.index(range);
        match how >> 5 {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, *value),
            _ => bytes[at] = *value,
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn value_to_bytes_to_value(frame in testing::frame()) {
        let bytes = encode(&frame);
        prop_assert_eq!(decode(&bytes).unwrap(), as_on_wire(&frame));
        let len = 14 + frame.ipv4().map_or(28, Ipv4::wire_len);
        prop_assert_eq!(bytes.len(), len, "lengths of value and bytes agree");
    }

    #[test]
    fn checksums_are_right(frame in testing::frame()) {
        let bytes = encode(&frame);
        if let Some(packet) = frame.ipv4() {
            assert_checksums(&bytes);
            let fragment = matches!(packet.body, IpBody::Fragment(_));
            prop_assert!(fragment || transport_checksum_holds(packet.protocol(), packet.src, packet.dst, &bytes[34..]));
        }
    }

    #[test]
    fn a_wrong_bit_is_noticed(packet in testing::packet(), place: prop::sample::Index, bit in 0..8) {
        if let IpBody::Fragment(_) | IpBody::Other(_) = packet.body {
            return Ok(());
        }
        let mut bytes = encode_ip_body(&packet);
        let at = place.index(bytes.len());
        bytes[at] ^= 1u8 << bit;
        let left_out = packet.protocol() == IpProtocol::UDP && bytes[6..8] == [0, 0];
        prop_assume!(!left_out);
        prop_assert!(!transport_checksum_holds(packet.protocol(), packet.src, packet.dst, &bytes));
        let body = decode_ip_body(packet.protocol(), packet.src, packet.dst, &bytes);
        prop_assert!(matches!(body, IpBody::Other(_)), "{:?}", body);
    }

    #[test]
    fn pieces_put_together_are_the_packet(packet in testing::packet(), size in 8usize..200) {
        if let IpBody::Fragment(_) = packet.body {
            return Ok(());
        }
        let whole = encode_ip_body(&packet);
        let joined: Vec<u8> = whole.chunks(size / 8 * 8).flatten().copied().collect();
        let body = decode_ip_body(packet.protocol(), packet.src, packet.dst, &joined);
        let frame = Frame { src: Mac::ZERO, dst: Mac::ZERO, body: FrameBody::Ipv4(packet) };
        let expected = as_on_wire(&frame);
        prop_assert_eq!(Some(&body), expected.ipv4().map(|packet| &packet.body));
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        testing::check_bytes(&bytes);
        let _ = decode_packet(&bytes);
        for protocol in [1, 6, 17, 89] {
            let _ = decode_ip_body(IpProtocol(protocol), [1, 2, 3, 4].into(), [5, 6, 7, 8].into(), &bytes);
        }
    }

    #[test]
    fn damaged_frames_do_no_harm(frame in testing::frame(), damage in damage()) {
        testing::check_bytes(&damaged(encode(&frame), &damage));
    }

    #[test]
    fn what_is_behind_the_packet_is_passed_over(frame in testing::frame(), padding in prop::collection::vec(any::<u8>(), 0..50)) {
        let mut bytes = encode(&frame);
        let expected = decode(&bytes).unwrap();
        bytes.extend(padding);
        prop_assert_eq!(decode(&bytes).unwrap(), expected);
    }

    #[test]
    fn no_cut_goes_unnoticed(frame in testing::frame(), place: prop::sample::Index) {
        let mut bytes = encode(&frame);
        bytes.truncate(place.index(bytes.len()));
        let error = decode(&bytes).unwrap_err();
        prop_assert!(matches!(error.problem, Problem::TooShort { needed, found } if needed > found), "{}", error);
    }
}
