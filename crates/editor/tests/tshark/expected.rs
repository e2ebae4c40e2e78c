//! A frame's fields under the names that Wireshark has for them.

use roundtrip_wire::{Arp, ArpOp, Frame, FrameBody, Icmp, IpBody, Ipv4, Tcp, Udp, encode};

/// Layer, field, value.
type Field = (&'static str, &'static str, String);

/// The fields that a frame must be read as having.
pub(crate) fn fields(frame: &Frame) -> Vec<Field> {
    let mut out: Vec<Field> = vec![
        ("frame", "frame.len", encode(frame).len().to_string()),
        ("eth", "eth.src", frame.src.to_string()),
        ("eth", "eth.dst", frame.dst.to_string()),
    ];
    match &frame.body {
        FrameBody::Arp(packet) => arp(&mut out, packet),
        FrameBody::Ipv4(packet) => ipv4(&mut out, packet),
    }
    out
}

fn arp(out: &mut Vec<Field>, arp: &Arp) {
    let op = match arp.op {
        ArpOp::Request => "1",
        ArpOp::Reply => "2",
    };
    out.extend([
        ("eth", "eth.type", "2054".to_owned()),
        ("arp", "arp.opcode", op.to_owned()),
        ("arp", "arp.src.hw_mac", arp.sender_mac.to_string()),
        ("arp", "arp.src.proto_ipv4", arp.sender_ip.to_string()),
        ("arp", "arp.dst.hw_mac", arp.target_mac.to_string()),
        ("arp", "arp.dst.proto_ipv4", arp.target_ip.to_string()),
    ]);
}

fn flag(value: bool) -> String {
    u8::from(value).to_string()
}

fn ipv4(out: &mut Vec<Field>, packet: &Ipv4) {
    let (offset, more) = match &packet.body {
        IpBody::Fragment(piece) => (piece.offset_units, piece.more),
        _ => (0, false),
    };
    out.extend([
        ("eth", "eth.type", "2048".to_owned()),
        ("ip", "ip.version", "4".to_owned()),
        ("ip", "ip.hdr_len", "20".to_owned()),
        ("ip", "ip.dsfield", packet.tos.to_string()),
        ("ip", "ip.len", packet.wire_len().to_string()),
        ("ip", "ip.id", packet.id.to_string()),
        ("ip", "ip.flags.df", flag(packet.df)),
        ("ip", "ip.flags.mf", flag(more)),
        // In JSON it stands in units of eight bytes, as on the wire.
        ("ip", "ip.frag_offset", offset.to_string()),
        ("ip", "ip.ttl", packet.ttl.to_string()),
        ("ip", "ip.proto", packet.protocol().0.to_string()),
        ("ip", "ip.checksum.status", "1".to_owned()),
        ("ip", "ip.src", packet.src.to_string()),
        ("ip", "ip.dst", packet.dst.to_string()),
    ]);
    match &packet.body {
        IpBody::Tcp(segment) => tcp(out, segment),
        IpBody::Udp(datagram) => udp(out, datagram),
        IpBody::Icmp(message) => icmp(out, message),
        IpBody::Fragment(_) | IpBody::Other(_) => {}
    }
}

fn tcp(out: &mut Vec<Field>, segment: &Tcp) {
    out.extend([
        ("tcp", "tcp.srcport", segment.src_port.to_string()),
        ("tcp", "tcp.dstport", segment.dst_port.to_string()),
        ("tcp", "tcp.seq_raw", segment.seq.to_string()),
        ("tcp", "tcp.ack_raw", segment.ack.to_string()),
        ("tcp", "tcp.hdr_len", (Tcp::HEADER_LEN + segment.options.wire_len()).to_string()),
        ("tcp", "tcp.flags", segment.flags.0.to_string()),
        ("tcp", "tcp.window_size_value", segment.window.to_string()),
        ("tcp", "tcp.len", segment.payload.len().to_string()),
        ("tcp", "tcp.checksum.status", "1".to_owned()),
    ]);
    let options = &segment.options;
    out.extend(options.mss.map(|mss| ("tcp", "tcp.options.mss_val", mss.to_string())));
    out.extend(options.window_scale.map(|shift| ("tcp", "tcp.options.wscale.shift", shift.to_string())));
    if let Some(stamps) = options.timestamps {
        out.push(("tcp", "tcp.options.timestamp.tsval", stamps.value.to_string()));
        out.push(("tcp", "tcp.options.timestamp.tsecr", stamps.echo.to_string()));
    }
    out.extend(options.sack_on_wire().first().map(|_| ("tcp", "tcp.options.sack.count", options.sack_on_wire().len().to_string())));
    if !segment.payload.is_empty() {
        out.push(("tcp", "tcp.payload", bytes(segment.payload.as_slice())));
    }
}

fn udp(out: &mut Vec<Field>, datagram: &Udp) {
    out.extend([
        ("udp", "udp.srcport", datagram.src_port.to_string()),
        ("udp", "udp.dstport", datagram.dst_port.to_string()),
        ("udp", "udp.length", (Udp::HEADER_LEN + datagram.payload.len()).to_string()),
        ("udp", "udp.checksum.status", "1".to_owned()),
    ]);
    if !datagram.payload.is_empty() {
        out.push(("udp", "udp.payload", bytes(datagram.payload.as_slice())));
    }
}

fn icmp(out: &mut Vec<Field>, message: &Icmp) {
    let (kind, code) = message.type_and_code();
    out.extend([
        ("icmp", "icmp.type", kind.to_string()),
        ("icmp", "icmp.code", code.to_string()),
        ("icmp", "icmp.checksum.status", "1".to_owned()),
    ]);
    match message {
        Icmp::Echo { id, seq, .. } => {
            out.extend([("icmp", "icmp.ident", id.to_string()), ("icmp", "icmp.seq", seq.to_string())]);
        }
        Icmp::Redirect { gateway, .. } => out.push(("icmp", "icmp.redir_gw", gateway.to_string())),
        Icmp::Unreachable { mtu, code, .. } if code.number() == 4 => out.push(("icmp", "icmp.mtu", mtu.to_string())),
        _ => {}
    }
}

fn bytes(data: &[u8]) -> String {
    data.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}
