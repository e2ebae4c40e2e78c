//! Frames of the story's kinds, taken apart.

use super::*;
use roundtrip_explain::analysis::analyse;
use roundtrip_wire::{
    Arp, ArpOp, FrameBody, Icmp, IpBody, Ipv4, Payload, RedirectCode, SackBlock, Tcp, TcpFlags, TcpOptions, Timestamps, Udp,
};
use std::sync::Arc;

fn frame(body: FrameBody) -> Frame {
    Frame { src: Mac([2, 0, 0, 1, 0, 0x10]), dst: Mac([2, 0, 0, 1, 0, 1]), body }
}

fn packet(body: IpBody) -> Ipv4 {
    let (src, dst) = (Ipv4Addr::new(192, 168, 1, 10), Ipv4Addr::new(192, 168, 2, 10));
    Ipv4 { src, dst, ttl: 63, tos: 0x0b, id: 0x1234, df: true, body }
}

fn segment(flags: TcpFlags, data: &'static [u8]) -> Tcp {
    let options = TcpOptions {
        mss: Some(1460),
        window_scale: Some(7),
        sack_permitted: true,
        timestamps: Some(Timestamps { value: 7, echo: 9 }),
        sack: Vec::new(),
    };
    Tcp { src_port: 40_001, dst_port: 80, seq: 1_000, ack: 0, flags, window: 64_240, options, payload: Payload::new(data) }
}

fn one<'d>(dissection: &'d Dissection<'_>, name: &str) -> &'d Item<'d> {
    let mut found = dissection.items.iter().filter(|item| item.field.name == name);
    let item = found.next().unwrap_or_else(|| panic!("no {name} in {dissection:?}"));
    assert!(found.next().is_none(), "{name} twice");
    item
}

#[test]
fn a_syn_has_all_its_fields_where_its_bytes_are() {
    let syn = frame(FrameBody::Ipv4(packet(IpBody::Tcp(Arc::new(segment(TcpFlags::SYN, b""))))));
    let analysis = analyse([(SimTime::ZERO, &syn)].into_iter());
    let seen = Seen { number: 3, place: "pc1.eth0", analysis: analysis[0].as_ref(), ..Seen::default() };
    let dissection = dissect(&syn, &seen);
    let number = |name| if let Value::Number(number) = one(&dissection, name).value { number } else { panic!("{name} is no number") };
    assert_eq!((number("frame.number"), number("frame.len")), (3, 74));
    assert_eq!((number("ip.ttl"), number("ip.flags.df"), number("ip.flags.mf"), number("ip.id")), (63, 1, 0, 0x1234));
    assert_eq!((number("ip.dsfield.dscp"), number("ip.dsfield.ecn"), number("ip.hdr_len"), number("ip.len")), (2, 3, 20, 60));
    assert_eq!((number("tcp.seq"), number("tcp.seq_raw"), number("tcp.len"), number("tcp.hdr_len")), (0, 1_000, 0, 40));
    assert_eq!((number("tcp.flags"), number("tcp.flags.syn"), number("tcp.flags.ack")), (2, 1, 0));
    assert_eq!((number("tcp.options.mss_val"), number("tcp.options.wscale.multiplier")), (1460, 128));
    assert_eq!((number("tcp.options.timestamp.tsval"), number("tcp.options.timestamp.tsecr")), (7, 9));
    assert_eq!(one(&dissection, "tcp.options.sack_perm").bytes.len(), 2);
    assert_eq!(one(&dissection, "ip.src").value, Value::Ipv4(Ipv4Addr::new(192, 168, 1, 10)));
    assert_eq!(one(&dissection, "ip.src").bytes, 26..30);
    assert_eq!(dissection.bytes_of(one(&dissection, "tcp.srcport")), 40_001_u16.to_be_bytes());
    assert!(dissection.items.iter().all(|item| item.bytes.end <= dissection.bytes.len()));
}

#[test]
fn every_byte_leads_to_its_innermost_field() {
    let syn = frame(FrameBody::Ipv4(packet(IpBody::Tcp(Arc::new(segment(TcpFlags::SYN, b"hello"))))));
    let dissection = dissect(&syn, &Seen::default());
    let name = |byte| dissection.item_at(byte).map(|place| dissection.items[place].field.name);
    assert_eq!(name(0), Some("eth.dst"));
    assert_eq!(name(22), Some("ip.ttl"));
    assert_eq!(name(47), Some("tcp.flags.fin"));
    assert_eq!(name(dissection.bytes.len() - 1), Some("tcp.payload"));
    assert!((0..dissection.bytes.len()).all(|byte| name(byte).is_some()));
    assert_eq!(name(dissection.bytes.len()), None);
}

#[test]
fn arp_and_icmp_with_what_it_quotes() {
    let arp = Arp {
        op: ArpOp::Request,
        sender_mac: Mac([2, 0, 0, 1, 0, 0x10]),
        sender_ip: Ipv4Addr::new(192, 168, 1, 10),
        target_mac: Mac::ZERO,
        target_ip: Ipv4Addr::new(192, 168, 1, 1),
    };
    let dissection = dissect(&Frame { dst: Mac::BROADCAST, ..frame(FrameBody::Arp(arp)) }, &Seen::default());
    assert_eq!(text::line(&dissection, one(&dissection, "arp.opcode")), "Opcode: request (1)");
    assert_eq!(text::line(&dissection, one(&dissection, "eth.dst")), "Destination: Broadcast (ff:ff:ff:ff:ff:ff)");
    let quoted = Arc::new(packet(IpBody::Tcp(Arc::new(segment(TcpFlags::SYN, b"")))));
    let redirect = Icmp::Redirect { code: RedirectCode::Host, gateway: Ipv4Addr::new(192, 168, 1, 2), quoted };
    let dissection = dissect(&frame(FrameBody::Ipv4(packet(IpBody::Icmp(Arc::new(redirect))))), &Seen::default());
    assert_eq!(one(&dissection, "icmp.redir_gw").value, Value::Ipv4(Ipv4Addr::new(192, 168, 1, 2)));
    assert_eq!(dissection.all("ip.src").count(), 2, "its own, and that of the packet that it quotes");
    let depths: Vec<u8> = dissection.all("ip").map(|item| item.depth).collect();
    assert_eq!(depths, [0, 1]);
    assert_eq!(one(&dissection, "tcp.srcport").depth, 2);
    assert!(one(&dissection, "tcp.seq").value == Value::Number(1_000), "what is quoted is not analysed");
}

#[test]
fn heads_sum_up_what_is_below_them() {
    let udp = Udp { src_port: 5_000, dst_port: 53, payload: Payload::new(*b"query") };
    let dissection = dissect(&frame(FrameBody::Ipv4(packet(IpBody::Udp(Arc::new(udp))))), &Seen::default());
    let heads: Vec<String> = dissection.items.iter().filter(|item| item.depth == 0).map(|item| text::line(&dissection, item)).collect();
    assert_eq!(
        heads,
        [
            "Frame, 47 bytes on wire",
            "Ethernet II, Src: 02:00:00:01:00:10, Dst: 02:00:00:01:00:01",
            "Internet Protocol Version 4, Src: 192.168.1.10, Dst: 192.168.2.10",
            "User Datagram Protocol, Src Port: 5000, Dst Port: 53",
            "Data, 5 bytes",
        ]
    );
}

#[test]
fn sack_blocks_each_have_their_edges() {
    let mut tcp = segment(TcpFlags::ACK, b"");
    tcp.options = TcpOptions { sack: vec![SackBlock { left: 5, right: 9 }, SackBlock { left: 20, right: 30 }], ..TcpOptions::default() };
    let dissection = dissect(&frame(FrameBody::Ipv4(packet(IpBody::Tcp(Arc::new(tcp))))), &Seen::default());
    let edges: Vec<Value<'_>> =
        dissection.all("tcp.options.sack_le").chain(dissection.all("tcp.options.sack_re")).map(|i| i.value).collect();
    assert_eq!(edges, [5, 20, 9, 30].map(Value::Number));
}
