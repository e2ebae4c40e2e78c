//! From bytes to values.

use super::error::{DecodeError, Layer, Problem};
use super::{tcp_options, transport_checksum_holds};
use crate::{
    Arp, ArpOp, Fragment, Frame, FrameBody, Icmp, IpBody, IpProtocol, Ipv4, Mac, OtherProtocol, Payload, RedirectCode, Tcp, TcpFlags,
    TimeExceededCode, Udp, UnreachableCode,
};
use etherparse::err::{ipv4, tcp};
use etherparse::{
    ArpEthIpv4Packet, ArpOperation, ArpPacketSlice, EtherType, Ethernet2HeaderSlice, Ipv4HeaderSlice, TcpHeaderSlice, UdpHeaderSlice,
};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// How deep quotes within quotes are read. RFC 1122 section 3.2.2 forbids errors about errors, so one
/// level is all that honest senders make; a crafted message nests as often as it has room for headers.
const MAX_QUOTES: u8 = 4;

/// Reads an Ethernet frame from its destination address on.
///
/// Bytes behind the end of the packet (padding to 60 bytes, frame check sequence) are passed over.
/// Checksums are not verified. A packet with MF set or an offset becomes [`IpBody::Fragment`], the first
/// piece too. An ICMP message whose quote is no readable IPv4 header becomes [`Icmp::Other`].
///
/// A quoted packet that the message cuts short gets its declared length back, filled up with zero: its
/// payload's length and every header field that was there are the original's, the payload's missing
/// bytes are not.
///
/// # Errors
///
/// Names the layer, the place and the fault of the first field that cannot be: see [`Problem`].
pub fn decode(bytes: &[u8]) -> Result<Frame, DecodeError> {
    let header = Ethernet2HeaderSlice::from_slice(bytes)
        .map_err(|_| DecodeError::new(Layer::Ethernet, 0, Problem::TooShort { needed: Frame::HEADER_LEN, found: bytes.len() }))?;
    let rest = bytes.get(Frame::HEADER_LEN..).unwrap_or_default();
    let body = match header.ether_type() {
        EtherType::ARP => FrameBody::Arp(decode_arp(rest, Frame::HEADER_LEN)?),
        EtherType::IPV4 => FrameBody::Ipv4(packet_at(rest, Frame::HEADER_LEN)?),
        EtherType(other) => return Err(DecodeError::new(Layer::Ethernet, 12, Problem::EtherType(other))),
    };
    Ok(Frame { src: Mac(header.source()), dst: Mac(header.destination()), body })
}

/// Reads an IPv4 packet from its header on. As [`decode`] otherwise.
///
/// # Errors
///
/// As [`decode`]; places count from the packet's first byte.
pub fn decode_packet(bytes: &[u8]) -> Result<Ipv4, DecodeError> {
    packet_at(bytes, 0)
}

/// Reads what a whole IPv4 packet carries: transport header and data, as reassembly puts it together.
///
/// What no receiver would accept comes back as [`IpBody::Other`] with the bytes as they are: a header
/// that does not fit the bytes, or a wrong checksum (which is how pieces of two packets with the same
/// identification give themselves away).
#[must_use]
pub fn decode_ip_body(protocol: IpProtocol, src: Ipv4Addr, dst: Ipv4Addr, bytes: &[u8]) -> IpBody {
    if transport_checksum_holds(protocol, src, dst, bytes) { lenient_body(protocol, bytes, MAX_QUOTES) } else { other(protocol, bytes) }
}

fn decode_arp(bytes: &[u8], at: usize) -> Result<Arp, DecodeError> {
    let error = |at, problem| DecodeError::new(Layer::Arp, at, problem);
    let slice = ArpPacketSlice::from_slice(bytes)
        .map_err(|e| error(at, Problem::TooShort { needed: e.required_len.max(ArpEthIpv4Packet::LEN), found: bytes.len() }))?;
    let packet = slice.to_packet().try_eth_ipv4().map_err(|_| error(at, Problem::ArpAddresses))?;
    let op = match packet.operation {
        ArpOperation::REQUEST => ArpOp::Request,
        ArpOperation::REPLY => ArpOp::Reply,
        ArpOperation(number) => return Err(error(at + 6, Problem::ArpOperation(number))),
    };
    Ok(Arp {
        op,
        sender_mac: Mac(packet.sender_mac),
        sender_ip: packet.sender_ipv4_addr(),
        target_mac: Mac(packet.target_mac),
        target_ip: packet.target_ipv4_addr(),
    })
}

fn packet_at(bytes: &[u8], at: usize) -> Result<Ipv4, DecodeError> {
    let (header, declared) = ip_header(bytes, at)?;
    let total = Ipv4::HEADER_LEN + declared;
    let content = bytes.get(Ipv4::HEADER_LEN..total).ok_or(DecodeError::new(
        Layer::Ipv4,
        at,
        Problem::TooShort { needed: total, found: bytes.len() },
    ))?;
    let body = match fragment(&header, content) {
        Some(fragment) => fragment,
        None => body_at(IpProtocol(header.protocol().0), content, at + Ipv4::HEADER_LEN, MAX_QUOTES)?,
    };
    Ok(with_header(&header, body))
}

/// The header, and the number of bytes that it declares to follow.
fn ip_header(bytes: &[u8], at: usize) -> Result<(Ipv4HeaderSlice<'_>, usize), DecodeError> {
    let error = |at, problem| DecodeError::new(Layer::Ipv4, at, problem);
    let header = Ipv4HeaderSlice::from_slice(bytes).map_err(|e| match e {
        ipv4::HeaderSliceError::Len(e) => error(at, Problem::TooShort { needed: e.required_len, found: bytes.len() }),
        ipv4::HeaderSliceError::Content(ipv4::HeaderError::UnexpectedVersion { version_number }) => {
            error(at, Problem::Version(version_number))
        }
        ipv4::HeaderSliceError::Content(ipv4::HeaderError::HeaderLengthSmallerThanHeader { ihl }) => error(at, Problem::HeaderLength(ihl)),
    })?;
    if !header.options().is_empty() {
        return Err(error(at + Ipv4::HEADER_LEN, Problem::HeaderOptions));
    }
    let declared = usize::from(header.total_len()).checked_sub(Ipv4::HEADER_LEN);
    let declared = declared.ok_or(error(at + 2, Problem::Length(header.total_len())))?;
    Ok((header, declared))
}

fn with_header(header: &Ipv4HeaderSlice<'_>, body: IpBody) -> Ipv4 {
    Ipv4 {
        src: header.source_addr(),
        dst: header.destination_addr(),
        ttl: header.ttl(),
        tos: header.dcp().value() << 2 | header.ecn().value(),
        id: header.identification(),
        df: header.dont_fragment(),
        body,
    }
}

fn fragment(header: &Ipv4HeaderSlice<'_>, content: &[u8]) -> Option<IpBody> {
    let (offset_units, more) = (header.fragments_offset().value(), header.more_fragments());
    let protocol = IpProtocol(header.protocol().0);
    let piece = || IpBody::Fragment(Arc::new(Fragment { protocol, offset_units, more, bytes: Payload::new(content) }));
    (offset_units != 0 || more).then(piece)
}

/// What a whole packet carries; `quotes` more packets may be quoted in one another.
fn body_at(protocol: IpProtocol, bytes: &[u8], at: usize, quotes: u8) -> Result<IpBody, DecodeError> {
    Ok(match protocol {
        IpProtocol::TCP => IpBody::Tcp(Arc::new(decode_tcp(bytes, at)?)),
        IpProtocol::UDP => IpBody::Udp(Arc::new(decode_udp(bytes, at)?)),
        IpProtocol::ICMP => IpBody::Icmp(Arc::new(decode_icmp(bytes, at, quotes)?)),
        _ => other(protocol, bytes),
    })
}

fn lenient_body(protocol: IpProtocol, bytes: &[u8], quotes: u8) -> IpBody {
    body_at(protocol, bytes, 0, quotes).unwrap_or_else(|_| other(protocol, bytes))
}

fn other(protocol: IpProtocol, bytes: &[u8]) -> IpBody {
    IpBody::Other(Arc::new(OtherProtocol { protocol, bytes: Payload::new(bytes) }))
}

fn decode_tcp(bytes: &[u8], at: usize) -> Result<Tcp, DecodeError> {
    let header = TcpHeaderSlice::from_slice(bytes).map_err(|e| match e {
        tcp::HeaderSliceError::Len(e) => DecodeError::new(Layer::Tcp, at, Problem::TooShort { needed: e.required_len, found: bytes.len() }),
        tcp::HeaderSliceError::Content(tcp::HeaderError::DataOffsetTooSmall { data_offset }) => {
            DecodeError::new(Layer::Tcp, at + 12, Problem::HeaderLength(data_offset))
        }
    })?;
    Ok(Tcp {
        src_port: header.source_port(),
        dst_port: header.destination_port(),
        seq: header.sequence_number(),
        ack: header.acknowledgment_number(),
        flags: TcpFlags(header.slice().get(13).copied().unwrap_or_default()),
        window: header.window_size(),
        options: tcp_options::read(header.options()),
        payload: Payload::new(bytes.get(header.slice().len()..).unwrap_or_default()),
    })
}

fn decode_udp(bytes: &[u8], at: usize) -> Result<Udp, DecodeError> {
    let too_short = |needed| DecodeError::new(Layer::Udp, at, Problem::TooShort { needed, found: bytes.len() });
    let header = UdpHeaderSlice::from_slice(bytes).map_err(|e| too_short(e.required_len))?;
    let length = usize::from(header.length());
    if length < Udp::HEADER_LEN {
        return Err(DecodeError::new(Layer::Udp, at + 4, Problem::Length(header.length())));
    }
    // Bytes behind the datagram's own end are no part of it.
    let payload = bytes.get(Udp::HEADER_LEN..length).ok_or_else(|| too_short(length))?;
    Ok(Udp { src_port: header.source_port(), dst_port: header.destination_port(), payload: Payload::new(payload) })
}

fn decode_icmp(bytes: &[u8], at: usize, quotes: u8) -> Result<Icmp, DecodeError> {
    let Some((&[kind, code, _, _, a, b, c, d], content)) = bytes.split_first_chunk::<{ Icmp::HEADER_LEN }>() else {
        return Err(DecodeError::new(Layer::Icmp, at, Problem::TooShort { needed: Icmp::HEADER_LEN, found: bytes.len() }));
    };
    let rest = [a, b, c, d];
    if let (Icmp::ECHO | Icmp::ECHO_REPLY, 0) = (kind, code) {
        let (id, seq) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        return Ok(Icmp::Echo { reply: kind == Icmp::ECHO_REPLY, id, seq, payload: Payload::new(content) });
    }
    let about =
        |make: &dyn Fn(Arc<Ipv4>) -> Icmp| quotes.checked_sub(1).and_then(|quotes| quoted(content, quotes)).map(|q| make(Arc::new(q)));
    let message = match kind {
        Icmp::UNREACHABLE => about(&|quoted| {
            let code = UnreachableCode::from_number(code);
            let mtu = if code == UnreachableCode::FragmentationNeeded { u16::from_be_bytes([c, d]) } else { 0 };
            Icmp::Unreachable { code, mtu, quoted }
        }),
        Icmp::REDIRECT => about(&|quoted| Icmp::Redirect { code: RedirectCode::from_number(code), gateway: rest.into(), quoted }),
        Icmp::TIME_EXCEEDED => about(&|quoted| Icmp::TimeExceeded { code: TimeExceededCode::from_number(code), quoted }),
        // The value has no code: other codes than 0 (RFC 1122 section 3.2.2.5) stay bytes.
        Icmp::PARAMETER_PROBLEM if code == 0 => about(&|quoted| Icmp::ParameterProblem { pointer: a, quoted }),
        _ => None,
    };
    Ok(message.unwrap_or_else(|| Icmp::Other { kind, code, rest, payload: Payload::new(content) }))
}

/// A quoted packet, filled up to its declared length where the message cuts it short.
fn quoted(bytes: &[u8], quotes: u8) -> Option<Ipv4> {
    let (header, declared) = ip_header(bytes, 0).ok()?;
    let present = bytes.get(Ipv4::HEADER_LEN..).unwrap_or_default();
    let mut content = present.get(..declared).unwrap_or(present).to_vec();
    let cut_at = content.len();
    content.resize(declared, 0);
    if header.protocol().0 == IpProtocol::TCP.0 && cut_at <= 12 {
        // The quote ends before the data offset (RFC 792 asks for no more than eight bytes): without it
        // the ports and the sequence number would be unreadable, so the header counts as one without options.
        if let Some(offset) = content.get_mut(12) {
            *offset = 5 << 4;
        }
    }
    let body = fragment(&header, &content).unwrap_or_else(|| lenient_body(IpProtocol(header.protocol().0), &content, quotes));
    Some(with_header(&header, body))
}
