//! The columns of the packet list, in the words that Wireshark uses. They are the same in every language.

use roundtrip_explain::analysis::{Analysis, Mark};
use roundtrip_wire::{ArpOp, Frame, FrameBody, FrameNumbers, Icmp, IpBody, Ipv4, Tcp, TcpFlags, UnreachableCode};
use std::fmt::Write;

/// A frame's columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Source address.
    pub source: String,
    /// Destination address.
    pub destination: String,
    /// Protocol.
    pub protocol: &'static str,
    /// The rest.
    pub info: String,
}

/// The columns of a frame, whose sequence numbers count from `numbers`.
#[must_use]
pub fn columns(frame: &Frame, numbers: &FrameNumbers) -> Columns {
    columns_with(frame, &|tcp| (numbers.seq(tcp.seq).unwrap_or_default(), numbers.ack(tcp.ack).unwrap_or_default()))
}

/// The columns of a frame as seen at a place: with the marks of its analysis in front, as Wireshark has them, and with sequence
/// numbers as counted there, or as they are sent if `absolute`.
#[must_use]
pub fn columns_seen(frame: &Frame, analysis: Option<&Analysis>, absolute: bool) -> Columns {
    let sent = |tcp: &Tcp| (i64::from(tcp.seq), i64::from(tcp.ack));
    let counted = |tcp: &Tcp| analysis.map_or_else(|| sent(tcp), |known| (i64::from(known.seq), i64::from(known.ack)));
    let mut columns = columns_with(frame, if absolute { &sent } else { &counted });
    let marks: Vec<String> = analysis.into_iter().flat_map(|known| known.marks.told().map(|mark| mark_text(mark, known))).collect();
    if !marks.is_empty() {
        columns.info = format!("{} {}", marks.join(" "), columns.info);
    }
    columns
}

/// `[TCP Retransmission]`, `[TCP Dup ACK 18#1]`.
fn mark_text(mark: Mark, known: &Analysis) -> String {
    match known.duplicate_of.filter(|_| mark == Mark::DuplicateAck) {
        Some((number, place)) => format!("[{} {}#{number}]", mark.words(), place.saturating_add(1)),
        None => format!("[{}]", mark.words()),
    }
}

/// Sequence and acknowledgement number of a segment, as they are to be written.
type Numbers<'n> = &'n dyn Fn(&Tcp) -> (i64, i64);

fn columns_with(frame: &Frame, numbers: Numbers<'_>) -> Columns {
    match &frame.body {
        FrameBody::Arp(arp) => Columns {
            source: arp.sender_ip.to_string(),
            destination: if frame.dst.is_broadcast() { "broadcast".into() } else { arp.target_ip.to_string() },
            protocol: "ARP",
            info: match arp.op {
                ArpOp::Request => format!("Who has {}? Tell {}", arp.target_ip, arp.sender_ip),
                ArpOp::Reply => format!("{} is at {}", arp.sender_ip, arp.sender_mac),
            },
        },
        FrameBody::Ipv4(packet) => {
            let (protocol, info) = packet_info(packet, numbers);
            Columns { source: packet.src.to_string(), destination: packet.dst.to_string(), protocol, info }
        }
    }
}

fn packet_info(packet: &Ipv4, numbers: Numbers<'_>) -> (&'static str, String) {
    match &packet.body {
        IpBody::Tcp(tcp) => ("TCP", tcp_info(tcp, numbers)),
        IpBody::Udp(udp) => ("UDP", format!("{} → {} Len={}", udp.src_port, udp.dst_port, udp.payload.len())),
        IpBody::Icmp(icmp) => ("ICMP", icmp_info(icmp, packet.ttl)),
        IpBody::Fragment(fragment) => {
            ("IPv4", format!("Fragmented IP protocol (proto={}, off={}, ID={:04x})", fragment.protocol.0, fragment.offset(), packet.id))
        }
        IpBody::Other(other) => ("IPv4", format!("Protocol {}", other.protocol.0)),
    }
}

fn tcp_info(tcp: &Tcp, numbers: Numbers<'_>) -> String {
    let (seq, ack) = numbers(tcp);
    let mut info = format!("{} → {} [{}]", tcp.src_port, tcp.dst_port, flag_names(tcp.flags));
    // Writing to a string cannot fail.
    let _ = write!(info, " Seq={seq}");
    if tcp.flags.ack() {
        let _ = write!(info, " Ack={ack}");
    }
    let _ = write!(info, " Len={}", tcp.payload.len());
    if let Some(mss) = tcp.options.mss {
        let _ = write!(info, " MSS={mss}");
    }
    if let Some(line) = first_line(tcp.payload.as_slice()) {
        let _ = write!(info, " {line}");
    }
    info
}

/// The first line of an HTTP message.
fn first_line(data: &[u8]) -> Option<String> {
    let is_http = ["GET ", "HEAD ", "POST ", "HTTP/"].iter().any(|start| data.starts_with(start.as_bytes()));
    let line = data.split(|byte| *byte == b'\r' || *byte == b'\n').next()?;
    is_http
        .then(|| line.iter().take(60).map(|byte| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' }).collect())
}

/// The names of flags, as in `SYN, ACK`.
#[must_use]
pub fn flag_names(flags: TcpFlags) -> String {
    const NAMES: [(TcpFlags, &str); 8] = [
        (TcpFlags::FIN, "FIN"),
        (TcpFlags::SYN, "SYN"),
        (TcpFlags::RST, "RST"),
        (TcpFlags::PSH, "PSH"),
        (TcpFlags::ACK, "ACK"),
        (TcpFlags::URG, "URG"),
        (TcpFlags::ECE, "ECE"),
        (TcpFlags::CWR, "CWR"),
    ];
    let names: Vec<&str> = NAMES.iter().filter(|(flag, _)| flags.contains(*flag)).map(|(_, name)| *name).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

fn icmp_info(icmp: &Icmp, ttl: u8) -> String {
    match icmp {
        Icmp::Echo { reply, id, seq, .. } => {
            format!("Echo (ping) {} id={id} seq={seq} ttl={ttl}", if *reply { "reply" } else { "request" })
        }
        Icmp::Redirect { gateway, .. } => format!("Redirect → {gateway}"),
        Icmp::Unreachable { code, mtu, .. } => {
            let mut info = format!("Destination unreachable ({})", unreachable_name(*code));
            if *code == UnreachableCode::FragmentationNeeded {
                let _ = write!(info, " MTU={mtu}");
            }
            info
        }
        Icmp::TimeExceeded { .. } => "Time-to-live exceeded".into(),
        Icmp::ParameterProblem { pointer, .. } => format!("Parameter problem at {pointer}"),
        Icmp::Other { kind, code, .. } => format!("Type {kind} code {code}"),
    }
}

fn unreachable_name(code: UnreachableCode) -> String {
    let name = match code {
        UnreachableCode::Net => "Network unreachable",
        UnreachableCode::Host => "Host unreachable",
        UnreachableCode::Protocol => "Protocol unreachable",
        UnreachableCode::Port => "Port unreachable",
        UnreachableCode::FragmentationNeeded => "Fragmentation needed",
        UnreachableCode::NetProhibited => "Network administratively prohibited",
        UnreachableCode::HostProhibited => "Host administratively prohibited",
        UnreachableCode::AdminProhibited => "Communication administratively filtered",
        other => return format!("code {}", other.number()),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::capture::numbers;
    use crate::view::sample;

    #[test]
    fn marks_stand_in_front_and_numbers_may_be_as_sent() {
        let trace = sample::handshake_with_repeat();
        let frames: Vec<_> = trace.frames.iter().map(|record| (record.sent, &record.frame)).collect();
        let analyses = roundtrip_explain::analysis::analyse(frames.into_iter());
        let info = |place: usize, absolute| columns_seen(&trace.frames[place].frame, analyses[place].as_ref(), absolute).info;
        assert!(info(1, false).starts_with("[TCP Retransmission] 40001 → 80 [SYN] Seq=0"), "{}", info(1, false));
        assert!(info(0, true).starts_with("40001 → 80 [SYN] Seq=1 "));
    }

    #[test]
    fn columns_read_as_in_wireshark() {
        let trace = sample::handshake_with_repeat();
        let numbers = numbers(&trace);
        let infos: Vec<String> = trace.frames.iter().zip(&numbers).map(|(record, numbers)| columns(&record.frame, numbers).info).collect();
        assert_eq!(infos[0], "40001 → 80 [SYN] Seq=0 Len=0");
        assert_eq!(infos[3], "80 → 40001 [SYN, ACK] Seq=0 Ack=0 Len=0");
        assert!(infos[6].ends_with("Len=18 GET / HTTP/1.1"), "{}", infos[6]);
        let first = columns(&trace.frames[0].frame, &numbers[0]);
        assert_eq!((first.source.as_str(), first.destination.as_str()), ("192.168.1.10", "192.168.2.10"));
    }

    #[test]
    fn bytes_that_are_no_text_do_not_become_any() {
        assert_eq!(first_line(b"GET /\x07\xff\r\nHost: x"), Some("GET /..".into()));
        assert_eq!(first_line(b"\x16\x03\x01"), None);
        assert_eq!(first_line(b""), None);
    }
}
