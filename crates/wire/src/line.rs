//! A frame as one line of text, the same line as in the recordings of the kernel.
//!
//! ```text
//! out pc1.eth0>r1.eth0 tcp 192.168.1.10:40001>192.168.2.10:80 [SA] seq=0 ack=1 len=0 mss=1460 ttl=64
//! ```
//!
//! Direction at the interface where it was seen, from station to station (`*` for broadcast), protocol,
//! addresses, TCP flags, sequence and acknowledgement number relative to the initial ones, length of
//! the data, maximum segment size on SYN, SACK blocks, TTL, DF where it is not the protocol's habit. ICMP
//! names type and code and shows in brackets the packet that it is about, without TTL and options. Of a
//! first fragment the transport header is shown, of later ones the place.
//!
//! `ack=None` says that the other direction of the connection was never seen. An ICMP type without codes
//! of its own reads `13-None`.

mod dotted;
mod relative;
mod summary;
#[cfg(test)]
mod tests;

pub use relative::{FrameNumbers, RelSeq};

use crate::{Arp, ArpOp, Frame, FrameBody, Icmp as IcmpValue, IpProtocol, Ipv4, Mac, UnreachableCode};
use dotted::Dotted;
use std::fmt::{self, Display, Write};
use std::net::Ipv4Addr;
use summary::{Content, Icmp, Summary, Tcp};

/// Where a frame was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Received at the interface.
    In,
    /// Sent by the interface.
    Out,
    /// On the segment, as a mirror port shows it.
    Wire,
}

impl Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Wire => "wire",
        })
    }
}

/// Writes the whole line of a frame, without an end of line.
///
/// `numbers` are what [`RelSeq::observe`] said about this frame; `name_of` knows stations by their
/// Ethernet address (`pc1.eth0`), and an address that it does not know stands for itself.
///
/// ```
/// use roundtrip_wire::{Arp, ArpOp, Direction, Frame, FrameBody, Mac, RelSeq, write_line};
///
/// let pc1 = Mac([2, 0, 0, 1, 0, 0x10]);
/// let sender_ip = "192.168.1.10".parse()?;
/// let target_ip = "192.168.1.1".parse()?;
/// let ask = Arp { op: ArpOp::Request, sender_mac: pc1, sender_ip, target_mac: Mac::ZERO, target_ip };
/// let frame = Frame { src: pc1, dst: Mac::BROADCAST, body: FrameBody::Arp(ask) };
///
/// let mut numbers = RelSeq::new();
/// let mut line = String::new();
/// let name_of = |mac| (mac == pc1).then_some("pc1.eth0");
/// write_line(&mut line, &frame, &numbers.observe(&frame), Direction::Out, &name_of)?;
/// assert_eq!(line, "out pc1.eth0>* arp who-has 192.168.1.1 tell 192.168.1.10");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Those of `out` only.
pub fn write_line<'n, W: Write + ?Sized>(
    out: &mut W,
    frame: &Frame,
    numbers: &FrameNumbers,
    direction: Direction,
    name_of: &dyn Fn(Mac) -> Option<&'n str>,
) -> fmt::Result {
    write!(out, "{direction} ")?;
    write_station(out, frame.src, name_of)?;
    out.write_char('>')?;
    write_station(out, frame.dst, name_of)?;
    out.write_char(' ')?;
    write_body(out, frame, numbers, name_of)
}

/// Writes the part of the line that is the same wherever the frame is seen: from the protocol on.
///
/// # Errors
///
/// Those of `out` only.
pub fn write_body<'n, W: Write + ?Sized>(
    out: &mut W,
    frame: &Frame,
    numbers: &FrameNumbers,
    name_of: &dyn Fn(Mac) -> Option<&'n str>,
) -> fmt::Result {
    match &frame.body {
        FrameBody::Arp(arp) => write_arp(out, arp, name_of),
        FrameBody::Ipv4(packet) => write_packet(out, packet, numbers),
    }
}

/// Writes the line's part about an IPv4 packet.
///
/// # Errors
///
/// Those of `out` only.
pub fn write_packet<W: Write + ?Sized>(out: &mut W, packet: &Ipv4, numbers: &FrameNumbers) -> fmt::Result {
    let summary = Summary::of(packet);
    write_summary(out, &summary, numbers, false)?;
    write!(out, " ttl={}", summary.ttl)?;
    let shows_df = match summary.content {
        Content::Udp { .. } | Content::LaterFragment { .. } | Content::Icmp(Icmp::Echo { reply: false, .. }) => summary.df,
        // Here it is the sender's habit and says nothing about the exchange.
        Content::Tcp(_) | Content::Icmp(_) | Content::Other(_) => false,
    };
    if shows_df { out.write_str(" DF") } else { Ok(()) }
}

fn write_station<'n, W: Write + ?Sized>(out: &mut W, mac: Mac, name_of: &dyn Fn(Mac) -> Option<&'n str>) -> fmt::Result {
    if mac.is_broadcast() {
        return out.write_char('*');
    }
    match name_of(mac) {
        Some(name) => out.write_str(name),
        None => write!(out, "{mac}"),
    }
}

fn write_arp<'n, W: Write + ?Sized>(out: &mut W, arp: &Arp, name_of: &dyn Fn(Mac) -> Option<&'n str>) -> fmt::Result {
    match arp.op {
        ArpOp::Request => write!(out, "arp who-has {} tell {}", Dotted(arp.target_ip), Dotted(arp.sender_ip)),
        ArpOp::Reply => {
            write!(out, "arp {} is-at ", Dotted(arp.sender_ip))?;
            write_station(out, arp.sender_mac, name_of)
        }
    }
}

fn write_summary<W: Write + ?Sized>(out: &mut W, summary: &Summary<'_>, numbers: &FrameNumbers, quoted: bool) -> fmt::Result {
    let (src, dst) = (Dotted(summary.src), Dotted(summary.dst));
    match &summary.content {
        Content::Tcp(tcp) => write_tcp(out, src, dst, tcp, numbers, quoted)?,
        Content::Udp { src_port, dst_port, len } => write!(out, "udp {src}:{src_port}>{dst}:{dst_port} len={len}")?,
        Content::Icmp(icmp) => write_icmp(out, src, dst, icmp, numbers, quoted)?,
        Content::LaterFragment { protocol, offset, len, more } => {
            write!(out, "frag {} {src}>{dst} off={offset} len={len} mf={}", ProtocolName(*protocol), u8::from(*more))?;
        }
        Content::Other(protocol) => write!(out, "ip proto={} {src}>{dst}", protocol.0)?,
    }
    match summary.first_fragment {
        Some(len) => write!(out, " frag(off=0 len={len} mf=1)"),
        None => Ok(()),
    }
}

fn write_tcp<W: Write + ?Sized>(out: &mut W, src: Dotted, dst: Dotted, tcp: &Tcp<'_>, numbers: &FrameNumbers, quoted: bool) -> fmt::Result {
    write!(out, "tcp {src}:{}>{dst}:{}", tcp.src_port, tcp.dst_port)?;
    let seq = OrNone(numbers.seq(tcp.seq));
    let Some(rest) = &tcp.rest else { return write!(out, " seq={seq}") };
    write!(out, " [{}] seq={seq}", rest.flags)?;
    if rest.flags.ack() {
        write!(out, " ack={}", OrNone(numbers.ack(rest.ack)))?;
    }
    write!(out, " len={}", rest.len)?;
    if quoted {
        return Ok(());
    }
    if let (true, Some(mss @ 1..)) = (rest.flags.syn(), rest.options.mss) {
        write!(out, " mss={mss}")?;
    }
    for (i, block) in rest.options.sack_on_wire().iter().enumerate() {
        let lead = if i == 0 { " sack=" } else { "," };
        write!(out, "{lead}{}-{}", numbers.sack(block.left), numbers.sack(block.right))?;
    }
    Ok(())
}

fn write_icmp<W: Write + ?Sized>(
    out: &mut W,
    src: Dotted,
    dst: Dotted,
    icmp: &Icmp<'_>,
    numbers: &FrameNumbers,
    quoted: bool,
) -> fmt::Result {
    let (kind, code, rest, quote) = match icmp {
        Icmp::Echo { reply, id, seq, len } => {
            let name = if *reply { "echo-reply" } else { "echo" };
            return write!(out, "icmp {name} {src}>{dst} id={id} seq={seq} len={len}");
        }
        Icmp::About { kind, code, rest, quote } => (*kind, *code, *rest, quote),
    };
    write!(out, "icmp {}-{} {src}>{dst}", TypeName(kind), CodeName(kind, code))?;
    match (kind, code) {
        (IcmpValue::REDIRECT, _) => write!(out, " gw={}", Dotted(Ipv4Addr::from(rest)))?,
        (IcmpValue::UNREACHABLE, 4) => {
            let [_, _, high, low] = rest;
            write!(out, " mtu={}", u16::from_be_bytes([high, low]))?;
        }
        _ => {}
    }
    if quoted {
        return Ok(());
    }
    out.write_str(" (")?;
    match quote.summary() {
        Some(about) => write_summary(out, &about, numbers, true)?,
        None => out.write_str("other")?,
    }
    out.write_char(')')
}

/// A number, or `None`.
struct OrNone(Option<i64>);

impl Display for OrNone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("None"),
        }
    }
}

struct ProtocolName(IpProtocol);

impl Display for ProtocolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpProtocol::ICMP => f.write_str("icmp"),
            IpProtocol::TCP => f.write_str("tcp"),
            IpProtocol::UDP => f.write_str("udp"),
            IpProtocol(number) => number.fmt(f),
        }
    }
}

/// An ICMP type by name, or its number.
struct TypeName(u8);

impl Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IcmpValue::UNREACHABLE => f.write_str("unreach"),
            IcmpValue::REDIRECT => f.write_str("redirect"),
            IcmpValue::TIME_EXCEEDED => f.write_str("ttl-exceeded"),
            IcmpValue::PARAMETER_PROBLEM => f.write_str("param-problem"),
            number => number.fmt(f),
        }
    }
}

/// An ICMP code by name or number, given the type; `None` where the type's codes have no names.
struct CodeName(u8, u8);

impl Display for CodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(kind, code) = *self;
        let name = match (kind, code) {
            (IcmpValue::UNREACHABLE, code) => unreachable_name(UnreachableCode::from_number(code)),
            (IcmpValue::REDIRECT, 0) => Some("net"),
            (IcmpValue::REDIRECT, 1) => Some("host"),
            (IcmpValue::TIME_EXCEEDED, 0) => Some("transit"),
            (IcmpValue::TIME_EXCEEDED, 1) => Some("reassembly"),
            (IcmpValue::REDIRECT | IcmpValue::TIME_EXCEEDED, _) => None,
            _ => Some("None"),
        };
        match name {
            Some(name) => f.write_str(name),
            None => code.fmt(f),
        }
    }
}

const fn unreachable_name(code: UnreachableCode) -> Option<&'static str> {
    Some(match code {
        UnreachableCode::Net => "net",
        UnreachableCode::Host => "host",
        UnreachableCode::Protocol => "proto",
        UnreachableCode::Port => "port",
        UnreachableCode::FragmentationNeeded => "frag-needed",
        UnreachableCode::SourceRoute => "srcroute",
        UnreachableCode::NetUnknown => "net-unknown",
        UnreachableCode::HostUnknown => "host-unknown",
        UnreachableCode::NetProhibited => "net-prohib",
        UnreachableCode::HostProhibited => "host-prohib",
        UnreachableCode::NetTos => "net-tos",
        UnreachableCode::HostTos => "host-tos",
        UnreachableCode::AdminProhibited => "admin-prohib",
        UnreachableCode::Other(_) => return None,
    })
}
