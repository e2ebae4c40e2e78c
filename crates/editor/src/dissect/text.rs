//! What a line of the detail tree says.

use super::{Dissection, Item, Kind, Value};
use roundtrip_sim::time::SimTime;

/// The line of an item.
#[must_use]
pub fn line(dissection: &Dissection<'_>, item: &Item<'_>) -> String {
    let title = item.field.title;
    let said = match item.field.kind {
        Kind::Protocol => head(dissection, item).map_or_else(|| title.to_owned(), |more| format!("{title}, {more}")),
        Kind::Mark => title.to_owned(),
        Kind::Bytes => format!("{title} ({} bytes)", item.bytes.len()),
        _ => format!("{title}: {}", value(item)),
    };
    if item.computed { format!("[{said}]") } else { said }
}

/// A value as the tree writes it, with its meaning where it has one.
#[must_use]
pub fn value(item: &Item<'_>) -> String {
    match item.value {
        Value::Present => String::new(),
        Value::Number(number) => match item.field.kind {
            Kind::Flag => if number == 0 { "Not set" } else { "Set" }.to_owned(),
            Kind::Hex(digits) => {
                let hex = format!("0x{number:0digits$x}", digits = usize::from(digits));
                meaning(item.field.name, number).map_or(hex.clone(), |meaning| format!("{hex} ({meaning})"))
            }
            _ => meaning(item.field.name, number).map_or_else(|| number.to_string(), |meaning| format!("{meaning} ({number})")),
        },
        Value::Signed(number) => match number {
            -1 => "-1 (unknown)".to_owned(),
            -2 => "-2 (no window scaling used)".to_owned(),
            number => number.to_string(),
        },
        Value::Mac(mac) if mac.is_broadcast() => format!("Broadcast ({mac})"),
        Value::Mac(mac) => mac.to_string(),
        Value::Ipv4(address) => address.to_string(),
        Value::Time(time) => format!("{} seconds", seconds(time)),
        Value::Text(text) => text.to_owned(),
    }
}

/// Seconds with all nine digits.
#[must_use]
pub fn seconds(time: SimTime) -> String {
    const SECOND: u64 = 1_000_000_000;
    format!("{}.{:09}", time.as_nanos() / SECOND, time.as_nanos() % SECOND)
}

/// What numbers mean.
fn meaning(field: &str, number: u64) -> Option<&'static str> {
    Some(match (field, number) {
        ("eth.type" | "arp.proto.type", 0x0800) => "IPv4",
        ("eth.type", 0x0806) => "ARP",
        ("arp.hw.type", 1) => "Ethernet",
        ("arp.opcode", 1) => "request",
        ("arp.opcode", 2) => "reply",
        ("ip.proto", 1) => "ICMP",
        ("ip.proto", 6) => "TCP",
        ("ip.proto", 17) => "UDP",
        ("icmp.type", 0) => "Echo (ping) reply",
        ("icmp.type", 3) => "Destination unreachable",
        ("icmp.type", 5) => "Redirect",
        ("icmp.type", 8) => "Echo (ping) request",
        ("icmp.type", 11) => "Time-to-live exceeded",
        ("icmp.type", 12) => "Parameter problem",
        _ => return None,
    })
}

/// What the head of a branch sums up.
fn head(dissection: &Dissection<'_>, item: &Item<'_>) -> Option<String> {
    let below = || {
        let from = dissection.items.iter().position(|other| std::ptr::eq(other, item)).unwrap_or(usize::MAX);
        let rest = dissection.items.get(from.saturating_add(1)..).unwrap_or(&[]);
        rest.iter().take_while(|other| other.depth > item.depth)
    };
    let find = |name: &str| below().find(|other| other.field.name == name);
    let say = |name: &str| find(name).map(|item| value(item));
    let number = |name: &str| find(name).and_then(|item| if let Value::Number(number) = item.value { Some(number) } else { None });
    Some(match item.field.name {
        "frame" => format!("{} bytes on wire", dissection.bytes.len()),
        "eth" => format!("Src: {}, Dst: {}", say("eth.src")?, say("eth.dst")?),
        "arp" => say("arp.opcode")?,
        "ip" => format!("Src: {}, Dst: {}", say("ip.src")?, say("ip.dst")?),
        "icmp" => say("icmp.type")?,
        "udp" => format!("Src Port: {}, Dst Port: {}", number("udp.srcport")?, number("udp.dstport")?),
        "tcp" => {
            let (from, to) = (number("tcp.srcport")?, number("tcp.dstport")?);
            let len = number("tcp.len").unwrap_or_default();
            match (number("tcp.seq"), number("tcp.ack")) {
                (Some(seq), Some(ack)) => format!("Src Port: {from}, Dst Port: {to}, Seq: {seq}, Ack: {ack}, Len: {len}"),
                _ => format!("Src Port: {from}, Dst Port: {to}"),
            }
        }
        "data" => format!("{} bytes", item.bytes.len()),
        _ => return None,
    })
}
