//! From values to bytes.

use super::{checksum, tcp_options};
use crate::{Arp, ArpOp, Frame, FrameBody, Icmp, IpBody, IpProtocol, Ipv4, Payload, Tcp, Udp};
use etherparse::{
    ArpEthIpv4Packet, ArpOperation, EtherType, Ethernet2Header, IpDscp, IpEcn, IpFragOffset, IpNumber, Ipv4Header, Ipv4Options, TcpHeader,
    UdpHeader,
};

/// Most bytes that an IPv4 packet can carry.
const MAX_BODY: usize = Ipv4::MAX_LEN - Ipv4::HEADER_LEN;

/// The bytes of a frame, from the destination address on, without preamble, padding to 60 bytes or frame
/// check sequence: what a capture on a virtual Ethernet shows.
///
/// Lengths and checksums are right. An ICMP message that quotes a packet is at most 576 bytes long as an
/// IPv4 packet. Content for which an IPv4 packet of 65,535 bytes has no room is cut off.
#[must_use]
pub fn encode(frame: &Frame) -> Vec<u8> {
    let ether_type = match frame.body {
        FrameBody::Arp(_) => EtherType::ARP,
        FrameBody::Ipv4(_) => EtherType::IPV4,
    };
    let header = Ethernet2Header { source: frame.src.0, destination: frame.dst.0, ether_type };
    let mut bytes = header.to_bytes().to_vec();
    match &frame.body {
        FrameBody::Arp(arp) => bytes.extend_from_slice(&encode_arp(arp)),
        FrameBody::Ipv4(packet) => bytes.append(&mut encode_packet(packet)),
    }
    bytes
}

/// The bytes of an IPv4 packet, header included. As [`encode`] otherwise.
#[must_use]
pub fn encode_packet(packet: &Ipv4) -> Vec<u8> {
    let body = encode_ip_body(packet);
    let (fragment_offset, more_fragments) = match &packet.body {
        IpBody::Fragment(fragment) => (fragment.offset_units, fragment.more),
        _ => (0, false),
    };
    let [dscp, ecn] = [packet.tos >> 2, packet.tos & 3];
    let mut header = Ipv4Header {
        // None of the three can be too large after the shift or the mask.
        dscp: IpDscp::try_new(dscp).unwrap_or_default(),
        ecn: IpEcn::try_new(ecn).unwrap_or_default(),
        fragment_offset: IpFragOffset::try_new(fragment_offset & IpFragOffset::MAX_U16).unwrap_or_default(),
        // `fitting` keeps the body within what 16 bits can say.
        total_len: u16::try_from(Ipv4::HEADER_LEN + body.len()).unwrap_or(u16::MAX),
        identification: packet.id,
        dont_fragment: packet.df,
        more_fragments,
        time_to_live: packet.ttl,
        protocol: IpNumber(packet.protocol().0),
        header_checksum: 0,
        source: packet.src.octets(),
        destination: packet.dst.octets(),
        options: Ipv4Options::new(),
    };
    header.header_checksum = header.calc_header_checksum();
    let mut bytes = Vec::with_capacity(Ipv4::HEADER_LEN + body.len());
    bytes.extend_from_slice(&header.to_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

/// What an IPv4 packet carries, as bytes: transport header with its checksum, and data; of a fragment its
/// own bytes. This is what fragmentation cuts into pieces. At most 65,515 bytes.
#[must_use]
pub fn encode_ip_body(packet: &Ipv4) -> Vec<u8> {
    let mut bytes = match &packet.body {
        IpBody::Tcp(tcp) => encode_tcp(tcp),
        IpBody::Udp(udp) => encode_udp(udp),
        IpBody::Icmp(icmp) => encode_icmp(icmp),
        // The checksum of a piece is that of the whole, and what is unknown has none.
        IpBody::Fragment(fragment) => return fitting(&fragment.bytes, 0).to_vec(),
        IpBody::Other(other) => return fitting(&other.bytes, 0).to_vec(),
    };
    checksum::fill(packet.protocol(), packet.src, packet.dst, &mut bytes);
    bytes
}

/// The part of `payload` for which a packet has room behind a transport header.
fn fitting(payload: &Payload, header_len: usize) -> &[u8] {
    let bytes = payload.as_slice();
    bytes.get(..MAX_BODY - header_len).unwrap_or(bytes)
}

fn encode_arp(arp: &Arp) -> [u8; ArpEthIpv4Packet::LEN] {
    let operation = match arp.op {
        ArpOp::Request => ArpOperation::REQUEST,
        ArpOp::Reply => ArpOperation::REPLY,
    };
    let packet = ArpEthIpv4Packet {
        operation,
        sender_mac: arp.sender_mac.0,
        sender_ipv4: arp.sender_ip.octets(),
        target_mac: arp.target_mac.0,
        target_ipv4: arp.target_ip.octets(),
    };
    packet.to_bytes()
}

fn encode_tcp(tcp: &Tcp) -> Vec<u8> {
    let mut header = TcpHeader::new(tcp.src_port, tcp.dst_port, tcp.seq, tcp.window);
    header.acknowledgment_number = tcp.ack;
    // `elements` never yields more than fits; were it otherwise, the header would go without options.
    let _ = header.set_options(&tcp_options::elements(&tcp.options));
    let payload = fitting(&tcp.payload, header.header_len());
    let mut bytes = Vec::with_capacity(header.header_len() + payload.len());
    bytes.extend_from_slice(&header.to_bytes());
    if let Some(flags) = bytes.get_mut(13) {
        *flags = tcp.flags.0;
    }
    bytes.extend_from_slice(payload);
    bytes
}

fn encode_udp(udp: &Udp) -> Vec<u8> {
    let payload = fitting(&udp.payload, Udp::HEADER_LEN);
    let length = u16::try_from(Udp::HEADER_LEN + payload.len()).unwrap_or(u16::MAX);
    let header = UdpHeader { source_port: udp.src_port, destination_port: udp.dst_port, length, checksum: 0 };
    let mut bytes = Vec::with_capacity(Udp::HEADER_LEN + payload.len());
    bytes.extend_from_slice(&header.to_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

fn encode_icmp(icmp: &Icmp) -> Vec<u8> {
    let (kind, code) = icmp.type_and_code();
    let [a, b, c, d] = icmp.rest_of_header();
    let mut bytes = Vec::with_capacity(icmp.wire_len().min(MAX_BODY));
    bytes.extend_from_slice(&[kind, code, 0, 0, a, b, c, d]);
    match icmp {
        Icmp::Echo { payload, .. } | Icmp::Other { payload, .. } => bytes.extend_from_slice(fitting(payload, Icmp::HEADER_LEN)),
        Icmp::Unreachable { quoted, .. }
        | Icmp::Redirect { quoted, .. }
        | Icmp::TimeExceeded { quoted, .. }
        | Icmp::ParameterProblem { quoted, .. } => {
            // Cut after encoding: header, lengths and checksums in the quote stay those of the whole packet.
            let whole = encode_packet(quoted);
            let room = Icmp::MAX_ERROR_LEN - Ipv4::HEADER_LEN - Icmp::HEADER_LEN;
            bytes.extend_from_slice(whole.get(..room).unwrap_or(&whole));
        }
    }
    bytes
}

/// A UDP datagram whose payload fills the packet is the longest that there is.
const _: () = assert!(MAX_BODY - Udp::HEADER_LEN == 65_507 && IpProtocol::UDP.0 == IpNumber::UDP.0);
