//! What a line tells about an IPv4 packet, taken from a value or, where a value holds bytes only (first
//! fragments, malformed or unusual content), read from the bytes as far as they reach.

use crate::bytes::read_tcp_options;
use crate::{Icmp as IcmpValue, IpBody, IpProtocol, Ipv4, TcpFlags, TcpOptions};
use etherparse::Ipv4HeaderSlice;
use std::borrow::Cow;
use std::net::Ipv4Addr;

pub(super) struct Summary<'a> {
    pub(super) src: Ipv4Addr,
    pub(super) dst: Ipv4Addr,
    pub(super) ttl: u8,
    pub(super) df: bool,
    /// Of a first fragment, the bytes that it carries.
    pub(super) first_fragment: Option<i64>,
    pub(super) content: Content<'a>,
}

/// Lengths are what header fields say; in malformed packets they may come out negative.
pub(super) enum Content<'a> {
    Tcp(Tcp<'a>),
    Udp { src_port: u16, dst_port: u16, len: i64 },
    Icmp(Icmp<'a>),
    LaterFragment { protocol: IpProtocol, offset: usize, len: i64, more: bool },
    Other(IpProtocol),
}

pub(super) struct Tcp<'a> {
    pub(super) src_port: u16,
    pub(super) dst_port: u16,
    pub(super) seq: u32,
    /// None where the bytes end within the header.
    pub(super) rest: Option<TcpRest<'a>>,
}

pub(super) struct TcpRest<'a> {
    pub(super) ack: u32,
    pub(super) flags: TcpFlags,
    pub(super) len: i64,
    pub(super) options: Cow<'a, TcpOptions>,
}

pub(super) enum Icmp<'a> {
    Echo { reply: bool, id: u16, seq: u16, len: i64 },
    About { kind: u8, code: u8, rest: [u8; 4], quote: Quote<'a> },
}

/// What an ICMP message is about.
pub(super) enum Quote<'a> {
    Packet(&'a Ipv4),
    Bytes(&'a [u8]),
}

impl<'a> Quote<'a> {
    /// The quoted packet; none if the bytes are no IPv4 packet.
    pub(super) fn summary(&self) -> Option<Summary<'a>> {
        match self {
            Self::Packet(packet) => Some(Summary::of(packet)),
            Self::Bytes(bytes) => Summary::of_bytes(bytes),
        }
    }
}

impl<'a> Summary<'a> {
    pub(super) fn of(packet: &'a Ipv4) -> Self {
        let mut first_fragment = None;
        let content = match &packet.body {
            IpBody::Tcp(tcp) => {
                let rest = TcpRest { ack: tcp.ack, flags: tcp.flags, len: length(tcp.payload.len()), options: Cow::Borrowed(&tcp.options) };
                Content::Tcp(Tcp { src_port: tcp.src_port, dst_port: tcp.dst_port, seq: tcp.seq, rest: Some(rest) })
            }
            IpBody::Udp(udp) => Content::Udp { src_port: udp.src_port, dst_port: udp.dst_port, len: length(udp.payload.len()) },
            IpBody::Icmp(icmp) => Content::Icmp(Icmp::of(icmp)),
            IpBody::Fragment(piece) => {
                let len = length(piece.bytes.len());
                if piece.offset_units == 0 {
                    first_fragment = piece.more.then_some(len);
                    Content::of_bytes(piece.protocol, piece.bytes.as_slice(), len)
                } else {
                    Content::LaterFragment { protocol: piece.protocol, offset: piece.offset(), len, more: piece.more }
                }
            }
            IpBody::Other(other) => Content::of_bytes(other.protocol, other.bytes.as_slice(), length(other.bytes.len())),
        };
        Self { src: packet.src, dst: packet.dst, ttl: packet.ttl, df: packet.df, first_fragment, content }
    }

    fn of_bytes(bytes: &'a [u8]) -> Option<Self> {
        let header = Ipv4HeaderSlice::from_slice(bytes).ok()?;
        let header_len = header.slice().len();
        let len = i64::from(header.total_len()) - length(header_len);
        let (units, more, protocol) = (header.fragments_offset().value(), header.more_fragments(), IpProtocol(header.protocol().0));
        let content = if units == 0 {
            Content::of_bytes(protocol, bytes.get(header_len..)?, len)
        } else {
            Content::LaterFragment { protocol, offset: usize::from(units) * 8, len, more }
        };
        Some(Self {
            src: header.source_addr(),
            dst: header.destination_addr(),
            ttl: header.ttl(),
            df: header.dont_fragment(),
            first_fragment: (units == 0 && more).then_some(len),
            content,
        })
    }
}

impl<'a> Icmp<'a> {
    fn of(icmp: &'a IcmpValue) -> Self {
        match icmp {
            IcmpValue::Echo { reply, id, seq, payload } => Self::Echo { reply: *reply, id: *id, seq: *seq, len: length(payload.len()) },
            IcmpValue::Other { kind, code, rest, payload } => {
                Self::of_parts(*kind, *code, *rest, payload.as_slice(), length(payload.len()))
            }
            IcmpValue::Unreachable { quoted, .. }
            | IcmpValue::Redirect { quoted, .. }
            | IcmpValue::TimeExceeded { quoted, .. }
            | IcmpValue::ParameterProblem { quoted, .. } => {
                let (kind, code) = icmp.type_and_code();
                Self::About { kind, code, rest: icmp.rest_of_header(), quote: Quote::Packet(quoted) }
            }
        }
    }

    fn of_parts(kind: u8, code: u8, rest: [u8; 4], content: &'a [u8], len: i64) -> Self {
        if let IcmpValue::ECHO | IcmpValue::ECHO_REPLY = kind {
            let [a, b, c, d] = rest;
            let (id, seq) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            Self::Echo { reply: kind == IcmpValue::ECHO_REPLY, id, seq, len }
        } else {
            Self::About { kind, code, rest, quote: Quote::Bytes(content) }
        }
    }
}

impl<'a> Content<'a> {
    /// `bytes` as far as they are there, of `len` bytes that the IPv4 header declares.
    fn of_bytes(protocol: IpProtocol, bytes: &'a [u8], len: i64) -> Self {
        // Eight bytes hold the ports of TCP and UDP and the whole header of ICMP.
        let Some((&[a, b, c, d, e, f, g, h], more)) = bytes.split_first_chunk::<8>() else { return Self::Other(protocol) };
        let (src_port, dst_port) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        match protocol {
            IpProtocol::TCP => {
                Self::Tcp(Tcp { src_port, dst_port, seq: u32::from_be_bytes([e, f, g, h]), rest: TcpRest::of_bytes(bytes, more, len) })
            }
            IpProtocol::UDP => Self::Udp { src_port, dst_port, len: i64::from(u16::from_be_bytes([e, f])) - 8 },
            IpProtocol::ICMP => Self::Icmp(Icmp::of_parts(a, b, [e, f, g, h], more, len - 8)),
            _ => Self::Other(protocol),
        }
    }
}

impl TcpRest<'_> {
    /// `header` from its first byte on, and the same from the ninth.
    fn of_bytes(header: &[u8], from_ack: &[u8], len: i64) -> Option<Self> {
        let (&[a, b, c, d, offset, flags, ..], _) = from_ack.split_first_chunk::<12>()?;
        let header_len = usize::from(offset >> 4) * 4;
        let options = header.get(20..header_len.clamp(20, header.len())).unwrap_or_default();
        Some(Self {
            ack: u32::from_be_bytes([a, b, c, d]),
            flags: TcpFlags(flags),
            len: (len - length(header_len)).max(0),
            options: Cow::Owned(read_tcp_options(options)),
        })
    }
}

/// A packet is at most 65,535 bytes long, so the conversion loses nothing.
fn length(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
