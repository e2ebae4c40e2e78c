//! What a packet is called: `② SYN,ACK`, `echo request 1`, `redirect → 192.168.1.254`, and whether it is one again.

use super::index::{Index, origin, original, record};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{PacketId, Trace, Why};
use roundtrip_wire::{ArpOp, Frame, FrameBody, Icmp, IpBody, IpProtocol, Ipv4, Tcp, Udp};
use std::net::Ipv4Addr;

/// What a packet is, as far as its name goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// TCP: ①, opens the connection.
    Syn,
    /// TCP: ②, answers ①.
    SynAck,
    /// TCP: ③, answers the first ② that came.
    HandshakeAck,
    /// TCP: acknowledges, carries nothing.
    Ack,
    /// TCP: acknowledges once more because something came a second time.
    DuplicateAck,
    /// TCP: carries data.
    Data {
        /// How many bytes.
        bytes: u32,
        /// The data is the head of an HTTP request (true) or response (false).
        http: Option<bool>,
    },
    /// TCP: ends one direction, with or without data.
    Fin,
    /// TCP: breaks the connection off.
    Rst,
    /// A ping's request.
    EchoRequest {
        /// Its number.
        seq: u16,
    },
    /// A ping's answer.
    EchoReply {
        /// Its number.
        seq: u16,
    },
    /// "There is a nearer gateway."
    Redirect {
        /// Which.
        gateway: Ipv4Addr,
    },
    /// ICMP destination unreachable.
    Unreachable {
        /// Its code (IANA).
        code: u8,
    },
    /// ICMP time exceeded.
    TimeExceeded,
    /// Any other ICMP message.
    IcmpOther {
        /// Its type (IANA).
        kind: u8,
    },
    /// Asks for an Ethernet address.
    ArpRequest {
        /// Whose.
        target: Ipv4Addr,
    },
    /// Tells an Ethernet address.
    ArpReply {
        /// Whose.
        sender: Ipv4Addr,
    },
    /// A UDP datagram.
    Udp {
        /// Bytes that it carries.
        bytes: u32,
    },
    /// A piece of a packet.
    Fragment {
        /// Where it begins, in bytes.
        offset: u32,
    },
    /// Another protocol over IP.
    Other {
        /// Its number (IANA).
        protocol: u8,
    },
    /// It died before any frame carried it, and nothing says what it was.
    Unsent,
}

/// A packet's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// What it is.
    pub kind: Kind,
    /// It repeats another, this long after the first.
    pub again: Option<SimTime>,
}

impl Kind {
    /// 1, 2 or 3 for the packets of a TCP handshake.
    #[must_use]
    pub const fn handshake_number(self) -> Option<u8> {
        match self {
            Self::Syn => Some(1),
            Self::SynAck => Some(2),
            Self::HandshakeAck => Some(3),
            _ => None,
        }
    }
}

impl Label {
    /// Of a packet in a trace.
    #[must_use]
    pub fn of(trace: &Trace, index: &Index, packet: PacketId) -> Self {
        let first = original(trace, packet);
        let again = (first != packet).then(|| Some(origin(trace, packet)?.made.since(origin(trace, first)?.made))).flatten();
        let frame = |packet| record(trace, *index.frames(packet).first()?).map(|record| &record.frame);
        let kind = match frame(packet).map(kind_of_frame) {
            Some(Kind::Ack) => kind_of_ack(trace, index, packet),
            Some(Kind::Fragment { offset: 0 }) => frame(packet).and_then(kind_of_whole).unwrap_or(Kind::Fragment { offset: 0 }),
            Some(kind) => kind,
            None if first != packet => Self::of(trace, index, first).kind,
            None => kind_of_unsent(trace, index, packet),
        };
        Self { kind, again }
    }
}

/// What a packet that no frame carried must have been, by what it answers.
fn kind_of_unsent(trace: &Trace, index: &Index, packet: PacketId) -> Kind {
    let parent = origin(trace, packet).filter(|record| record.why == Why::Answer).and_then(|record| record.parent);
    // A packet's parent is older than itself; should one not be, the walk ends all the same.
    let Some(parent) = parent.filter(|parent| *parent < packet) else { return Kind::Unsent };
    match Label::of(trace, index, parent).kind {
        Kind::Syn => Kind::SynAck,
        Kind::SynAck => Kind::HandshakeAck,
        Kind::EchoRequest { seq } => Kind::EchoReply { seq },
        Kind::Udp { bytes } => Kind::Udp { bytes },
        _ => Kind::Unsent,
    }
}

/// Tells the handshake's third packet and repetitions from other acknowledgements.
fn kind_of_ack(trace: &Trace, index: &Index, packet: PacketId) -> Kind {
    let Some(record_of_ack) = origin(trace, packet).filter(|record| record.why == Why::Answer) else { return Kind::Ack };
    let Some(parent) = record_of_ack.parent else { return Kind::Ack };
    let earlier_copy_came = earlier_copies(trace, parent).any(|copy| index.met(trace, copy, record_of_ack.node));
    let content = index.frames(parent).first().and_then(|frame| record(trace, *frame));
    match content.map(|record| kind_of_frame(&record.frame)) {
        _ if earlier_copy_came => Kind::DuplicateAck,
        Some(Kind::SynAck) => Kind::HandshakeAck,
        _ => Kind::Ack,
    }
}

/// The packets that this one repeats, the latest first.
fn earlier_copies(trace: &Trace, packet: PacketId) -> impl Iterator<Item = PacketId> {
    std::iter::successors(Some(packet), |at| {
        let record = origin(trace, *at)?;
        record.parent.filter(|parent| record.why == Why::Retransmission && parent < at)
    })
    .skip(1)
}

/// What a packet is whose first piece this is: the piece has the header that tells.
fn kind_of_whole(first: &Frame) -> Option<Kind> {
    let packet = first.ipv4()?;
    let IpBody::Fragment(piece) = &packet.body else { return None };
    match (packet.protocol(), piece.bytes.as_slice()) {
        (IpProtocol::UDP, [_, _, _, _, high, low, ..]) => {
            let length = u16::from_be_bytes([*high, *low]);
            Some(Kind::Udp { bytes: u32::from(length).saturating_sub(Udp::HEADER_LEN as u32) })
        }
        (IpProtocol::ICMP, [Icmp::ECHO, _, _, _, _, _, high, low, ..]) => {
            Some(Kind::EchoRequest { seq: u16::from_be_bytes([*high, *low]) })
        }
        (IpProtocol::ICMP, [Icmp::ECHO_REPLY, _, _, _, _, _, high, low, ..]) => {
            Some(Kind::EchoReply { seq: u16::from_be_bytes([*high, *low]) })
        }
        _ => None,
    }
}

/// What a frame carries, looked at alone.
#[must_use]
pub fn kind_of_frame(frame: &Frame) -> Kind {
    match &frame.body {
        FrameBody::Arp(arp) => match arp.op {
            ArpOp::Request => Kind::ArpRequest { target: arp.target_ip },
            ArpOp::Reply => Kind::ArpReply { sender: arp.sender_ip },
        },
        FrameBody::Ipv4(packet) => kind_of_packet(packet),
    }
}

fn kind_of_packet(packet: &Ipv4) -> Kind {
    match &packet.body {
        IpBody::Tcp(tcp) => kind_of_segment(tcp),
        IpBody::Udp(udp) => Kind::Udp { bytes: length(udp.payload.len()) },
        IpBody::Icmp(icmp) => match icmp.as_ref() {
            Icmp::Echo { reply: false, seq, .. } => Kind::EchoRequest { seq: *seq },
            Icmp::Echo { reply: true, seq, .. } => Kind::EchoReply { seq: *seq },
            Icmp::Redirect { gateway, .. } => Kind::Redirect { gateway: *gateway },
            Icmp::Unreachable { code, .. } => Kind::Unreachable { code: code.number() },
            Icmp::TimeExceeded { .. } => Kind::TimeExceeded,
            other => Kind::IcmpOther { kind: other.type_and_code().0 },
        },
        IpBody::Fragment(fragment) => Kind::Fragment { offset: length(fragment.offset()) },
        IpBody::Other(other) => Kind::Other { protocol: other.protocol.0 },
    }
}

fn kind_of_segment(tcp: &Tcp) -> Kind {
    let flags = tcp.flags;
    if flags.rst() {
        Kind::Rst
    } else if flags.syn() {
        if flags.ack() { Kind::SynAck } else { Kind::Syn }
    } else if flags.fin() {
        Kind::Fin
    } else if tcp.payload.is_empty() {
        Kind::Ack
    } else {
        Kind::Data { bytes: length(tcp.payload.len()), http: http(tcp.payload.as_slice()) }
    }
}

fn http(data: &[u8]) -> Option<bool> {
    if data.starts_with(b"HTTP/") {
        Some(false)
    } else if data.starts_with(b"GET ") || data.starts_with(b"HEAD ") || data.starts_with(b"POST ") {
        Some(true)
    } else {
        None
    }
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
