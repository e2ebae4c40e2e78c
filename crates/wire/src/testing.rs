//! Generators of arbitrary packets (proptest strategies), and the check that fuzzing runs over bytes.
//!
//! Only with the feature `testing`. The strategies yield values as [`decode`] yields them, so that a value
//! survives the way to bytes and back: no fragment that is the whole packet, no `Other` for a protocol,
//! type or code that has a name, no more SACK blocks than the header holds.

use crate::{
    Arp, ArpOp, Fragment, Frame, FrameBody, Icmp, IpBody, IpProtocol, Ipv4, Mac, OtherProtocol, Payload, RedirectCode, SackBlock, Tcp,
    TcpFlags, TcpOptions, TimeExceededCode, Timestamps, Udp, UnreachableCode, decode, encode,
};
use proptest::collection::vec;
use proptest::prelude::*;
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Any Ethernet address, broadcast now and then.
pub fn mac() -> impl Strategy<Value = Mac> {
    prop_oneof![9 => any::<[u8; 6]>().prop_map(Mac), 1 => Just(Mac::BROADCAST)]
}

/// Any IPv4 address.
pub fn address() -> impl Strategy<Value = Ipv4Addr> {
    any::<u32>().prop_map(Ipv4Addr::from_bits)
}

/// At most `max` bytes.
pub fn payload(max: usize) -> impl Strategy<Value = Payload> {
    vec(any::<u8>(), 0..=max).prop_map(Payload::new)
}

/// Any frame, its content at most some 1,500 bytes long.
pub fn frame() -> impl Strategy<Value = Frame> {
    let body = prop_oneof![1 => arp().prop_map(FrameBody::Arp), 9 => packet().prop_map(FrameBody::Ipv4)];
    (mac(), mac(), body).prop_map(|(src, dst, body)| Frame { src, dst, body })
}

/// Any ARP packet.
pub fn arp() -> impl Strategy<Value = Arp> {
    let op = prop_oneof![Just(ArpOp::Request), Just(ArpOp::Reply)];
    (op, mac(), address(), mac(), address()).prop_map(|(op, sender_mac, sender_ip, target_mac, target_ip)| Arp {
        op,
        sender_mac,
        sender_ip,
        target_mac,
        target_ip,
    })
}

/// Any IPv4 packet; ICMP messages quote packets that themselves may be ICMP messages.
pub fn packet() -> impl Strategy<Value = Ipv4> {
    let inner = with_body(plain_body().boxed());
    let quoting = prop_oneof![4 => plain_body(), 1 => icmp_about(inner).prop_map(|icmp| IpBody::Icmp(Arc::new(icmp)))];
    let message = icmp_about(with_body(quoting.boxed())).prop_map(|icmp| IpBody::Icmp(Arc::new(icmp)));
    with_body(prop_oneof![3 => plain_body(), 1 => message].boxed())
}

fn with_body(body: BoxedStrategy<IpBody>) -> impl Strategy<Value = Ipv4> {
    (address(), address(), any::<u8>(), any::<u8>(), any::<u16>(), any::<bool>(), body)
        .prop_map(|(src, dst, ttl, tos, id, df, body)| Ipv4 { src, dst, ttl, tos, id, df, body })
}

/// Content that quotes nothing.
fn plain_body() -> impl Strategy<Value = IpBody> {
    prop_oneof![
        4 => tcp().prop_map(|tcp| IpBody::Tcp(Arc::new(tcp))),
        2 => udp().prop_map(|udp| IpBody::Udp(Arc::new(udp))),
        2 => icmp_alone().prop_map(|icmp| IpBody::Icmp(Arc::new(icmp))),
        1 => fragment().prop_map(|fragment| IpBody::Fragment(Arc::new(fragment))),
        1 => other_protocol().prop_map(|other| IpBody::Other(Arc::new(other))),
    ]
}

/// Any UDP datagram.
pub fn udp() -> impl Strategy<Value = Udp> {
    (any::<u16>(), any::<u16>(), payload(1472)).prop_map(|(src_port, dst_port, payload)| Udp { src_port, dst_port, payload })
}

/// Any TCP segment, also with flags that make no sense.
pub fn tcp() -> impl Strategy<Value = Tcp> {
    (any::<(u16, u16, u32, u32)>(), any::<u8>(), any::<u16>(), tcp_options(), payload(1460)).prop_map(
        |((src_port, dst_port, seq, ack), flags, window, options, payload)| Tcp {
            src_port,
            dst_port,
            seq,
            ack,
            flags: TcpFlags(flags),
            window,
            options,
            payload,
        },
    )
}

/// Any options that fit into a header together.
pub fn tcp_options() -> impl Strategy<Value = TcpOptions> {
    let timestamps = any::<Option<(u32, u32)>>().prop_map(|pair| pair.map(|(value, echo)| Timestamps { value, echo }));
    let block = any::<(u32, u32)>().prop_map(|(left, right)| SackBlock { left, right });
    (any::<(Option<u16>, Option<u8>, bool)>(), timestamps, vec(block, 0..=4)).prop_map(
        |((mss, window_scale, sack_permitted), timestamps, sack)| {
            let mut options = TcpOptions { mss, window_scale, sack_permitted, timestamps, sack };
            options.sack.truncate(options.sack_on_wire().len());
            options
        },
    )
}

/// A first, middle or last piece of a packet.
pub fn fragment() -> impl Strategy<Value = Fragment> {
    let protocol = prop_oneof![Just(IpProtocol::ICMP), Just(IpProtocol::TCP), Just(IpProtocol::UDP), any::<u8>().prop_map(IpProtocol)];
    let place = prop_oneof![Just((0, true)), (1u16..1 << 13, any::<bool>())];
    (protocol, place, payload(1480)).prop_map(|(protocol, (offset_units, more), bytes)| Fragment { protocol, offset_units, more, bytes })
}

/// Content of a protocol other than TCP, UDP and ICMP.
pub fn other_protocol() -> impl Strategy<Value = OtherProtocol> {
    let named = [IpProtocol::ICMP, IpProtocol::TCP, IpProtocol::UDP];
    let protocol = any::<u8>().prop_map(IpProtocol).prop_filter("a protocol without a type of its own", move |p| !named.contains(p));
    (protocol, payload(1480)).prop_map(|(protocol, bytes)| OtherProtocol { protocol, bytes })
}

/// An ICMP message that quotes no packet.
pub fn icmp_alone() -> impl Strategy<Value = Icmp> {
    let named = [Icmp::ECHO_REPLY, Icmp::UNREACHABLE, Icmp::REDIRECT, Icmp::ECHO, Icmp::TIME_EXCEEDED, Icmp::PARAMETER_PROBLEM];
    let kind = any::<u8>().prop_filter("a type without a value of its own", move |kind| !named.contains(kind));
    prop_oneof![
        3 => (any::<(bool, u16, u16)>(), payload(1472)).prop_map(|((reply, id, seq), payload)| Icmp::Echo { reply, id, seq, payload }),
        1 => (kind, any::<(u8, [u8; 4])>(), payload(1472)).prop_map(|(kind, (code, rest), payload)| Icmp::Other { kind, code, rest, payload }),
    ]
}

/// An ICMP message about such a packet.
pub fn icmp_about(quoted: impl Strategy<Value = Ipv4>) -> impl Strategy<Value = Icmp> {
    (0..5, any::<(u8, u16)>(), address(), quoted.prop_map(Arc::new)).prop_map(|(which, (code, mtu), gateway, quoted)| match which {
        0 => Icmp::Unreachable { code: UnreachableCode::FragmentationNeeded, mtu, quoted },
        1 => Icmp::Unreachable { code: UnreachableCode::from_number(code), mtu: if code == 4 { mtu } else { 0 }, quoted },
        2 => Icmp::Redirect { code: RedirectCode::from_number(code), gateway, quoted },
        3 => Icmp::TimeExceeded { code: TimeExceededCode::from_number(code), quoted },
        _ => Icmp::ParameterProblem { pointer: code, quoted },
    })
}

/// What must hold for arbitrary bytes: reading them neither panics nor lasts, and what was read can be
/// written, read again and written again, with the same bytes from the second writing on. (The first may
/// differ from the input: see module [`bytes`](crate::bytes) for what values leave out.)
///
/// # Panics
///
/// If it does not hold. This is the entry of the fuzz target.
pub fn check_bytes(input: &[u8]) {
    let Ok(frame) = decode(input) else { return };
    let once = encode(&frame);
    let again = decode(&once);
    assert!(again.is_ok(), "written bytes cannot be read: {again:?}");
    let Ok(again) = again else { return };
    let twice = encode(&again);
    assert_eq!(decode(&twice).as_ref(), Ok(&again), "the second writing changes the value");
    assert_eq!(twice.len(), once.len(), "the second writing changes the length");
    let mut line = String::new();
    let numbers = crate::RelSeq::new().observe(&frame);
    let written = crate::write_line(&mut line, &frame, &numbers, crate::Direction::Wire, &|_| None);
    assert!(written.is_ok() && line.starts_with("wire ") && !line.contains('\n'), "{line:?}");
}
