//! What a condition looks at.

use super::cursor::Cursor;
use super::error::NftError;
use super::lexer::Kind;
use roundtrip_sim::netfilter::ruleset::Family;

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// `iifname`, or `iif` (true).
    InInterface(bool),
    /// `oifname`, or `oif` (true).
    OutInterface(bool),
    Source,
    Destination,
    /// `ip protocol` (true) or `meta l4proto`.
    Protocol(bool),
    SourcePort(Option<u8>),
    DestinationPort(Option<u8>),
    TcpFlags,
    IcmpType,
    IcmpCode,
    CtState,
    CtStatus,
    CtDirection,
    /// `ip length` (true) or `meta length`.
    Length(bool),
    Ttl,
    Mark,
    CtMark,
    /// `fib daddr type`.
    FibDestination,
    FragmentOffset,
    /// Something that every IPv4 packet is, by these values, as in `meta nfproto ipv4`.
    Always(&'static str, &'static [&'static str]),
}

pub(super) const ICMP: u8 = 1;
pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;

impl Key {
    /// How `nft list ruleset` writes it.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::InInterface(false) => "iifname",
            Self::InInterface(true) => "iif",
            Self::OutInterface(false) => "oifname",
            Self::OutInterface(true) => "oif",
            Self::Source => "ip saddr",
            Self::Destination => "ip daddr",
            Self::Protocol(true) => "ip protocol",
            Self::Protocol(false) => "meta l4proto",
            Self::SourcePort(Some(TCP)) => "tcp sport",
            Self::SourcePort(Some(_)) => "udp sport",
            Self::SourcePort(None) => "th sport",
            Self::DestinationPort(Some(TCP)) => "tcp dport",
            Self::DestinationPort(Some(_)) => "udp dport",
            Self::DestinationPort(None) => "th dport",
            Self::TcpFlags => "tcp flags",
            Self::IcmpType => "icmp type",
            Self::IcmpCode => "icmp code",
            Self::CtState => "ct state",
            Self::CtStatus => "ct status",
            Self::CtDirection => "ct direction",
            Self::Length(true) => "ip length",
            Self::Length(false) => "meta length",
            Self::Ttl => "ip ttl",
            Self::Mark => "meta mark",
            Self::CtMark => "ct mark",
            Self::FibDestination => "fib daddr type",
            Self::FragmentOffset => "ip frag-off",
            Self::Always(text, _) => text,
        }
    }

    /// The protocol above IPv4 that it asks for by itself.
    pub(super) const fn layer4(self) -> Option<u8> {
        match self {
            Self::SourcePort(protocol) | Self::DestinationPort(protocol) => protocol,
            Self::TcpFlags => Some(TCP),
            Self::IcmpType | Self::IcmpCode => Some(ICMP),
            _ => None,
        }
    }

    /// True if it looks into the IPv4 header or beyond it, so that the packet must be IPv4.
    pub(super) const fn needs_ipv4(self) -> bool {
        matches!(
            self,
            Self::Source
                | Self::Destination
                | Self::Protocol(true)
                | Self::IcmpType
                | Self::IcmpCode
                | Self::Length(true)
                | Self::Ttl
                | Self::FragmentOffset
        )
    }
}

/// What nft(8) can look at ("PRIMARY EXPRESSIONS", "PAYLOAD EXPRESSIONS", "CONNTRACK EXPRESSIONS"), to tell what is not simulated
/// from what is no word of it. An empty list stands for everything.
const FIELDS: [(&str, &[&str]); 32] = [
    (
        "meta",
        &[
            "length",
            "nfproto",
            "l4proto",
            "protocol",
            "priority",
            "random",
            "mark",
            "iif",
            "iifname",
            "iiftype",
            "oif",
            "oifname",
            "oiftype",
            "sdif",
            "sdifname",
            "skuid",
            "skgid",
            "nftrace",
            "rtclassid",
            "ibrname",
            "obrname",
            "pkttype",
            "cpu",
            "iifgroup",
            "oifgroup",
            "cgroup",
            "secpath",
            "ibrpvid",
            "ibrvproto",
            "time",
            "day",
            "hour",
        ],
    ),
    ("ip", &["version", "hdrlength", "dscp", "ecn", "length", "id", "frag-off", "ttl", "protocol", "checksum", "saddr", "daddr", "option"]),
    ("tcp", &["sport", "dport", "sequence", "ackseq", "doff", "reserved", "flags", "window", "checksum", "urgptr", "option"]),
    ("udp", &["sport", "dport", "length", "checksum"]),
    ("th", &["sport", "dport"]),
    ("icmp", &["type", "code", "checksum", "id", "sequence", "gateway", "mtu"]),
    (
        "ct",
        &[
            "state",
            "direction",
            "status",
            "mark",
            "expiration",
            "helper",
            "label",
            "l3proto",
            "protocol",
            "bytes",
            "packets",
            "avgpkt",
            "zone",
            "count",
            "id",
            "original",
            "reply",
            "timeout",
            "event",
        ],
    ),
    ("ether", &["saddr", "daddr", "type"]),
    ("arp", &[]),
    ("vlan", &[]),
    ("sctp", &[]),
    ("dccp", &[]),
    ("udplite", &[]),
    ("socket", &[]),
    ("osf", &[]),
    ("rt", &[]),
    ("ipsec", &[]),
    ("numgen", &[]),
    ("jhash", &[]),
    ("symhash", &[]),
    ("exthdr", &[]),
    ("pkttype", &[]),
    ("skuid", &[]),
    ("skgid", &[]),
    ("cpu", &[]),
    ("iiftype", &[]),
    ("oiftype", &[]),
    ("iifgroup", &[]),
    ("oifgroup", &[]),
    ("esp", &[]),
    ("ah", &[]),
    ("igmp", &[]),
];

/// Reads what a condition looks at. None if the next word begins no condition; a condition about IPv6, which no packet
/// here meets, is `Some(None)`.
pub(super) fn key(cursor: &mut Cursor, family: Family) -> Result<Option<Option<Key>>, NftError> {
    let place = cursor.place();
    let Some(first) = cursor.peek_word().map(str::to_owned) else { return Ok(None) };
    let single = match first.as_str() {
        "iifname" => Some(Key::InInterface(false)),
        "iif" => Some(Key::InInterface(true)),
        "oifname" => Some(Key::OutInterface(false)),
        "oif" => Some(Key::OutInterface(true)),
        // `mark set` and `ct mark set` are statements.
        "mark" if !is_word(cursor.peek_second(), "set") => Some(Key::Mark),
        "ip6" | "icmpv6" => return Ok(Some(None)),
        _ => None,
    };
    if let Some(key) = single {
        cursor.advance();
        return Ok(Some(Some(key)));
    }
    let second = match cursor.peek_second() {
        Kind::Word(word) => word.clone(),
        _ => String::new(),
    };
    let key = match (first.as_str(), second.as_str()) {
        ("meta", "iifname") => Key::InInterface(false),
        ("meta", "iif") => Key::InInterface(true),
        ("meta", "oifname") => Key::OutInterface(false),
        ("meta", "oif") => Key::OutInterface(true),
        ("meta", "l4proto") => Key::Protocol(false),
        ("meta", "length") => Key::Length(false),
        ("meta", "mark") => {
            let position = cursor.position();
            cursor.advance();
            cursor.advance();
            if cursor.peek_word() == Some("set") {
                cursor.go_to(position);
                return Ok(None);
            }
            return Ok(Some(Some(Key::Mark)));
        }
        ("meta", "nftrace") => return Ok(None),
        ("tcp", "option") => {
            // `tcp option maxseg size set` is a statement; as conditions options are not simulated.
            let position = cursor.position();
            cursor.advance();
            cursor.advance();
            let sets = cursor.take_word("maxseg") && cursor.take_word("size") && cursor.peek_word() == Some("set");
            cursor.go_to(position);
            return if sets { Ok(None) } else { Err(NftError::unsupported(place, "tcp option")) };
        }
        ("meta", "nfproto") if family == Family::Ip => {
            return Err(NftError::syntax(place, "meta nfproto is only useful in the inet family"));
        }
        ("meta", "nfproto") => Key::Always("meta nfproto", &["ipv4"]),
        ("meta", "protocol") => Key::Always("meta protocol", &["ip"]),
        ("ether", "type") => Key::Always("ether type", &["ip"]),
        ("ip", "version") => Key::Always("ip version", &["4"]),
        ("ip", "saddr") => Key::Source,
        ("ip", "daddr") => Key::Destination,
        ("ip", "protocol") => Key::Protocol(true),
        ("ip", "length") => Key::Length(true),
        ("ip", "ttl") => Key::Ttl,
        ("ip", "frag-off") => Key::FragmentOffset,
        ("tcp", "sport") => Key::SourcePort(Some(TCP)),
        ("tcp", "dport") => Key::DestinationPort(Some(TCP)),
        ("tcp", "flags") => Key::TcpFlags,
        ("udp", "sport") => Key::SourcePort(Some(UDP)),
        ("udp", "dport") => Key::DestinationPort(Some(UDP)),
        ("th", "sport") => Key::SourcePort(None),
        ("th", "dport") => Key::DestinationPort(None),
        ("icmp", "type") => Key::IcmpType,
        ("icmp", "code") => Key::IcmpCode,
        ("ct", "state") => Key::CtState,
        ("ct", "status") => Key::CtStatus,
        ("ct", "direction") => Key::CtDirection,
        ("ct", "mark") => {
            let position = cursor.position();
            cursor.advance();
            cursor.advance();
            if cursor.peek_word() == Some("set") {
                cursor.go_to(position);
                return Ok(None);
            }
            return Ok(Some(Some(Key::CtMark)));
        }
        ("fib", _) => return fib(cursor).map(|key| Some(Some(key))),
        (object, field) if let Some((_, fields)) = FIELDS.iter().find(|(name, _)| *name == object) => {
            if fields.is_empty() || fields.contains(&field) {
                return Err(NftError::unsupported(place, format!("{first} {second}").trim()));
            }
            // The field is the mistake, not what it is one of.
            cursor.advance();
            let meant = crate::problem::similar(field, fields.iter().copied());
            let what = if meant.is_empty() { format!("a field of {object}") } else { format!("a field of {object}, perhaps {meant},") };
            return Err(cursor.expected(&what));
        }
        _ => return Ok(None),
    };
    cursor.advance();
    cursor.advance();
    Ok(Some(Some(key)))
}

fn is_word(kind: &Kind, word: &str) -> bool {
    matches!(kind, Kind::Word(found) if found == word)
}

/// `fib daddr type`; with an interface or about the source it is not simulated.
fn fib(cursor: &mut Cursor) -> Result<Key, NftError> {
    let (place, position) = (cursor.place(), cursor.position());
    while cursor
        .peek_word()
        .is_some_and(|word| matches!(word, "fib" | "." | "saddr" | "daddr" | "iif" | "oif" | "oifname" | "mark" | "type"))
    {
        cursor.advance();
    }
    match cursor.text_from(position).as_str() {
        "fib daddr type" => Ok(Key::FibDestination),
        other => Err(NftError::unsupported(place, other)),
    }
}
