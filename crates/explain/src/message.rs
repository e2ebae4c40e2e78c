//! What is said to people: a name in the catalogues and what is put in. No text is made here.

use crate::reading::{Kind, Label};
use roundtrip_sim::time::SimTime;
use roundtrip_wire::order::gather;
use std::collections::BTreeMap;

/// A message: its name in the catalogues, and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Name in the catalogues.
    pub id: &'static str,
    /// Arguments by name.
    pub args: Vec<(&'static str, Value)>,
}

/// Something that is put into a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// As it stands: an address, a rule, a state's name.
    Text(String),
    /// A number.
    Number(u64),
    /// A span of time.
    Span(SimTime),
    /// A device, by its name in the document.
    Device(String),
    /// Devices in the order of a way.
    Way(Vec<String>),
    /// A packet's name.
    Packet(Label),
    /// Several packets' names.
    Packets(Vec<Label>),
    /// Another message.
    Phrase(Box<Message>),
}

impl Message {
    /// A message without arguments.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new() }
    }

    /// The same with one argument more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<std::net::Ipv4Addr> for Value {
    fn from(address: std::net::Ipv4Addr) -> Self {
        Self::Text(address.to_string())
    }
}

impl From<SimTime> for Value {
    fn from(time: SimTime) -> Self {
        Self::Span(time)
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Label> for Value {
    fn from(label: Label) -> Self {
        Self::Packet(label)
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Phrase(Box::new(message))
    }
}

/// Turns messages into text.
pub struct Teller<'a> {
    /// Gives the text of a name in the catalogues with its arguments put in.
    pub text: &'a dyn Fn(&str, &BTreeMap<&'static str, String>) -> String,
    /// What people call a device: from its name in the document.
    pub device: &'a dyn Fn(&str) -> String,
}

impl Teller<'_> {
    /// The text of a message.
    #[must_use]
    pub fn tell(&self, message: &Message) -> String {
        let args = gather(message.args.iter().map(|(name, value)| (*name, self.value(value))));
        closed_up(&(self.text)(message.id, &args))
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Span(time) => span(*time),
            Value::Device(name) => (self.device)(name),
            Value::Way(names) => names.iter().map(|name| (self.device)(name)).collect::<Vec<_>>().join(" → "),
            Value::Packet(label) => self.tell(&packet(*label)),
            Value::Packets(labels) => {
                let names: Vec<String> = labels.iter().map(|label| self.tell(&packet(*label))).collect();
                names.join(&self.tell(&Message::new("list-separator")))
            }
            Value::Phrase(message) => self.tell(message),
        }
    }
}

/// Japanese has spaces beside Latin letters and figures only: one between two of its own characters, or beside its punctuation,
/// is left over from putting a name into a sentence.
fn closed_up(text: &str) -> String {
    let wide = |c: char| matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
    let mark = |c: char| matches!(c, '、' | '。' | '「' | '」' | '（' | '）');
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let left_over =
            c == ' ' && out.chars().next_back().zip(rest.peek().copied()).is_some_and(|(a, b)| mark(a) || mark(b) || (wide(a) && wide(b)));
        if !left_over {
            out.push(c);
        }
    }
    out
}

/// A span of time with its unit, three figures where it has them: `210 ms`, `1.68 s`, `31 s`.
#[must_use]
pub fn span(time: SimTime) -> String {
    let micros = time.as_micros();
    let (whole, fraction, unit) = match micros {
        0..1_000 => (micros, 0, "µs"),
        1_000..1_000_000 => (micros / 1_000, micros % 1_000, "ms"),
        _ => (micros / 1_000_000, micros / 1_000 % 1_000, "s"),
    };
    let places = match whole {
        0..10 => 2,
        10..100 => 1,
        _ => 0,
    };
    let mut digits = format!("{fraction:03}");
    digits.truncate(places);
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() { format!("{whole} {unit}") } else { format!("{whole}.{digits} {unit}") }
}

/// A packet's name as a message.
#[must_use]
pub fn packet(label: Label) -> Message {
    let plain = match label.kind {
        Kind::Syn => Message::new("packet-syn"),
        Kind::SynAck => Message::new("packet-syn-ack"),
        Kind::HandshakeAck => Message::new("packet-handshake-ack"),
        Kind::Ack => Message::new("packet-ack"),
        Kind::DuplicateAck => Message::new("packet-duplicate-ack"),
        Kind::Data { bytes, http: Some(true) } => Message::new("packet-http-request").with("bytes", bytes),
        Kind::Data { bytes, http: Some(false) } => Message::new("packet-http-response").with("bytes", bytes),
        Kind::Data { bytes, http: None } => Message::new("packet-data").with("bytes", bytes),
        Kind::Fin => Message::new("packet-fin"),
        Kind::Rst => Message::new("packet-rst"),
        Kind::EchoRequest { seq } => Message::new("packet-echo-request").with("seq", seq),
        Kind::EchoReply { seq } => Message::new("packet-echo-reply").with("seq", seq),
        Kind::Redirect { gateway } => Message::new("packet-redirect").with("gateway", gateway),
        Kind::Unreachable { code } => Message::new("packet-unreachable").with("code", unreachable(code)),
        Kind::TimeExceeded => Message::new("packet-time-exceeded"),
        Kind::IcmpOther { kind } => Message::new("packet-icmp").with("type", u32::from(kind)),
        Kind::ArpRequest { target } => Message::new("packet-arp-request").with("address", target),
        Kind::ArpReply { sender } => Message::new("packet-arp-reply").with("address", sender),
        Kind::Udp { bytes } => Message::new("packet-udp").with("bytes", bytes),
        Kind::Fragment { offset } => Message::new("packet-fragment").with("offset", offset),
        Kind::Other { protocol } => Message::new("packet-other").with("protocol", u32::from(protocol)),
        Kind::Unsent => Message::new("packet-unsent"),
    };
    match label.again {
        Some(after) => Message::new("packet-again").with("packet", plain).with("after", after),
        None => plain,
    }
}

/// The words for a code of "destination unreachable", as RFC 792, RFC 1122 and RFC 1812 have them.
fn unreachable(code: u8) -> &'static str {
    match code {
        0 => "network unreachable",
        1 => "host unreachable",
        2 => "protocol unreachable",
        3 => "port unreachable",
        4 => "fragmentation needed",
        5 => "source route failed",
        9 => "network administratively prohibited",
        10 => "host administratively prohibited",
        13 => "communication administratively prohibited",
        _ => "unreachable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_three_figures_at_most() {
        for (micros, text) in [
            (0, "0 µs"),
            (500, "500 µs"),
            (1_500, "1.5 ms"),
            (210_000, "210 ms"),
            (1_681_234, "1.68 s"),
            (31_000_000, "31 s"),
            (13_450_000, "13.4 s"),
        ] {
            assert_eq!(span(SimTime::from_micros(micros)), text);
        }
    }

    #[test]
    fn no_space_stays_between_japanese_characters() {
        assert_eq!(closed_up("HTTP リクエスト を R1 で破棄、 UDP（32 バイト） は"), "HTTP リクエストを R1 で破棄、UDP（32 バイト）は");
        assert_eq!(closed_up("R1 drops it"), "R1 drops it");
    }

    #[test]
    fn messages_stand_in_messages() {
        let text = |id: &str, args: &BTreeMap<&'static str, String>| format!("{id}{args:?}");
        let teller = Teller { text: &text, device: &|name| name.to_uppercase() };
        let label = Label { kind: Kind::SynAck, again: Some(SimTime::from_secs(3)) };
        let message = Message::new("link").with("packet", label).with("way", Value::Way(vec!["r2".into(), "pc1".into()]));
        assert_eq!(
            teller.tell(&message),
            r#"link{"packet": "packet-again{\"after\": \"3 s\", \"packet\": \"packet-syn-ack{}\"}", "way": "R2 → PC1"}"#
        );
    }
}
