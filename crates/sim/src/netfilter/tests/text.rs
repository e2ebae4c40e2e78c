//! Packets as the recordings write them.

use super::*;
use roundtrip_wire::{IpProtocol, OtherProtocol, RedirectCode, TimeExceededCode, UnreachableCode};
use std::fmt::Write as _;

/// `FSRPAUEC`, one letter a bit.
pub(super) const LETTERS: &str = "FSRPAUEC";

pub(super) fn flags(letters: &str) -> u8 {
    letters.chars().filter_map(|letter| LETTERS.find(letter)).map(|bit| 1 << bit).sum()
}

fn address(text: &str) -> [u8; 4] {
    text.parse::<Ipv4Addr>().unwrap().octets()
}

fn address_and_port(text: &str) -> ([u8; 4], u16) {
    let (host, port) = text.split_once(':').unwrap();
    (address(host), port.parse().unwrap())
}

/// Value of `key=value` among words.
pub(super) fn value<'a>(words: &[&'a str], key: &str) -> Option<&'a str> {
    words.iter().find_map(|word| word.strip_prefix(key).and_then(|rest| rest.strip_prefix('=')))
}

pub(super) fn number<T: std::str::FromStr>(words: &[&str], key: &str) -> T {
    value(words, key).and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{key} in {words:?}"))
}

/// Reads `tcp A:a>B:b FLAGS seq=… ack=… len=… win=…`, `udp A:a>B:b`, `icmp TYPE/CODE A>B id=…`,
/// `icmp TYPE/CODE A>B [QUOTED]` or `ip PROTOCOL A>B`, each perhaps with `ttl=…`.
pub(super) fn read(text: &str) -> Ipv4 {
    let (outer, quoted) = match text.split_once(" [") {
        Some((outer, rest)) => {
            let (inner, tail) = rest.rsplit_once(']').unwrap();
            (format!("{outer}{tail}"), Some(Arc::new(read(inner))))
        }
        None => (text.to_owned(), None),
    };
    let words: Vec<&str> = outer.split_whitespace().collect();
    let mut packet = match words[0] {
        "tcp" => {
            let (src, dst) = words[1].split_once('>').unwrap();
            let whole = words.len() > 2;
            let flags = if whole { flags(words[2]) } else { 0 };
            let packet = tcp(
                address_and_port(src),
                address_and_port(dst),
                flags,
                if whole { number(&words, "seq") } else { 0 },
                if whole { number(&words, "ack") } else { 0 },
                if whole { number(&words, "len") } else { 0 },
            );
            let IpBody::Tcp(body) = &packet.body else { unreachable!() };
            let mut body = Tcp::clone(body);
            if whole {
                body.window = number(&words, "win");
            }
            body.options.window_scale = None;
            body.options.sack_permitted = false;
            Ipv4 { body: IpBody::Tcp(Arc::new(body)), ..packet }
        }
        "udp" => {
            let (src, dst) = words[1].split_once('>').unwrap();
            udp(address_and_port(src), address_and_port(dst))
        }
        "icmp" => {
            let (kind, code) = words[1].split_once('/').unwrap();
            let (kind, code): (u8, u8) = (kind.parse().unwrap(), code.parse().unwrap());
            let (src, dst) = words[2].split_once('>').unwrap();
            ipv4(address(src), address(dst), IpBody::Icmp(Arc::new(message(kind, code, &words, quoted))))
        }
        "ip" => {
            let (src, dst) = words[2].split_once('>').unwrap();
            let other = OtherProtocol { protocol: IpProtocol(words[1].parse().unwrap()), bytes: Payload::new(vec![0; 8]) };
            ipv4(address(src), address(dst), IpBody::Other(Arc::new(other)))
        }
        other => panic!("{other}"),
    };
    if let Some(ttl) = value(&words, "ttl") {
        packet.ttl = ttl.parse().unwrap();
    }
    packet
}

fn message(kind: u8, code: u8, words: &[&str], quoted: Option<Arc<Ipv4>>) -> Icmp {
    match (kind, quoted) {
        (0 | 8, _) => Icmp::Echo { reply: kind == 0, id: number(words, "id"), seq: 1, payload: Payload::new(vec![0; 8]) },
        (3, Some(quoted)) => Icmp::Unreachable { code: UnreachableCode::from_number(code), mtu: 0, quoted },
        (5, Some(quoted)) => Icmp::Redirect { code: RedirectCode::from_number(code), gateway: [10, 0, 2, 9].into(), quoted },
        (11, Some(quoted)) => Icmp::TimeExceeded { code: TimeExceededCode::from_number(code), quoted },
        (12, Some(quoted)) => Icmp::ParameterProblem { pointer: 0, quoted },
        _ => {
            let [high, low] = number::<u16>(words, "id").to_be_bytes();
            Icmp::Other { kind, code, rest: [high, low, 0, 1], payload: Payload::new(vec![0; 12]) }
        }
    }
}

/// Writes a packet as the recordings write what came out; of a quoted TCP segment only the ports.
pub(super) fn write(packet: &Ipv4, quoted: bool) -> String {
    let Ipv4 { src, dst, .. } = packet;
    let mut text = String::new();
    match &packet.body {
        IpBody::Tcp(tcp) => {
            write!(text, "tcp {src}:{}>{dst}:{}", tcp.src_port, tcp.dst_port).unwrap();
            if !quoted {
                let letters: String =
                    LETTERS.chars().zip(0..).filter(|(_, bit)| tcp.flags.0 >> bit & 1 == 1).map(|(letter, _)| letter).collect();
                write!(text, " {}", if letters.is_empty() { "-" } else { &letters }).unwrap();
            }
        }
        IpBody::Udp(udp) => write!(text, "udp {src}:{}>{dst}:{}", udp.src_port, udp.dst_port).unwrap(),
        IpBody::Icmp(icmp) => {
            let (kind, code) = icmp.type_and_code();
            write!(text, "icmp {kind}/{code} {src}>{dst}").unwrap();
            match icmp.quoted() {
                Some(quoted) => write!(text, " [{}]", write(quoted, true)).unwrap(),
                None => {
                    let [high, low, _, _] = icmp.rest_of_header();
                    write!(text, " id={}", u16::from_be_bytes([high, low])).unwrap();
                }
            }
        }
        IpBody::Fragment(_) | IpBody::Other(_) => write!(text, "ip {} {src}>{dst}", packet.protocol().0).unwrap(),
    }
    text
}
