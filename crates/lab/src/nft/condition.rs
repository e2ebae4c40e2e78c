//! Conditions: what a rule asks of a packet.

use super::cursor::Cursor;
use super::error::NftError;
use super::key::Key;
use super::lexer::Kind;
use super::names::TCP_FLAGS;
use super::sets::Sets;
use super::value::{self, Names, Numbers, Numeric, negation};
use roundtrip_sim::SimTime;
use roundtrip_sim::netfilter::ruleset::{AddressRange, CtState, CtStatus, Match, PortRange, Test};
use roundtrip_wire::TcpFlags;
use roundtrip_wire::order;

/// A condition with its text as `nft list ruleset` prints it.
pub(super) struct Condition {
    pub(super) matches: Vec<Match>,
    pub(super) text: String,
    /// Protocols above IPv4 that are left: asked for by name, or needed by what is looked at.
    pub(super) protocols: Option<Vec<u8>>,
}

/// What no packet meets.
pub(super) const fn never() -> Match {
    Match::Protocol(Test { negated: false, any_of: Vec::new() })
}

pub(super) const CT_STATES: [(&str, CtState); 5] = [
    ("invalid", CtState::Invalid),
    ("established", CtState::Established),
    ("related", CtState::Related),
    ("new", CtState::New),
    ("untracked", CtState::Untracked),
];

const CT_STATUSES: [(&str, CtStatus); 5] = [
    ("seen-reply", CtStatus::SeenReply),
    ("assured", CtStatus::Assured),
    ("confirmed", CtStatus::Confirmed),
    ("snat", CtStatus::Snat),
    ("dnat", CtStatus::Dnat),
];

/// Reads what `key` is compared with.
pub(super) fn condition(cursor: &mut Cursor, key: Key, sets: &Sets) -> Result<Condition, NftError> {
    let place = cursor.place();
    if cursor.peek_word() == Some("set") {
        return Err(NftError::unsupported(place, format!("changing {}", key.text())));
    }
    if cursor.peek_word() == Some("map") {
        return Err(NftError::unsupported(place, "a map"));
    }
    if key == Key::FragmentOffset {
        return fragment(cursor);
    }
    if let Some(kind) = Numeric::of(key) {
        let numbers = value::numbers(cursor, kind, sets)?;
        return Ok(numeric(key, kind, &numbers));
    }
    match key {
        Key::InInterface(_) | Key::OutInterface(_) => Ok(interfaces(key, value::names(cursor, sets)?)),
        Key::TcpFlags => tcp_flags(cursor),
        Key::CtState => {
            let (negated, text, any_of) = bits(cursor, &CT_STATES, "a connection state", true)?;
            Ok(plain(Match::CtState { negated, any_of }, format!("ct state {text}")))
        }
        Key::CtStatus => {
            let (negated, text, any_of) = bits(cursor, &CT_STATUSES, "a connection's status", false)?;
            Ok(plain(Match::CtStatus { negated, any_of }, format!("ct status {text}")))
        }
        Key::CtDirection => {
            let negated = negation(cursor);
            let (word, place) = cursor.word("original or reply")?;
            let original = match word.as_str() {
                "original" => true,
                "reply" => false,
                _ => return Err(NftError::syntax(place, format!("original or reply is expected, but {word} is there"))),
            };
            let not = if negated { "!= " } else { "" };
            Ok(plain(Match::CtDirection(original != negated), format!("ct direction {not}{word}")))
        }
        Key::FibDestination => {
            let negated = negation(cursor);
            let place = cursor.place();
            match cursor.peek_word() {
                Some("local") => cursor.advance(),
                _ => return Err(NftError::unsupported(place, "fib daddr type with anything but local")),
            }
            let not = if negated { "!= " } else { "" };
            Ok(plain(Match::DestinationIsLocal(!negated), format!("fib daddr type {not}local")))
        }
        Key::Always(text, values) => {
            let negated = negation(cursor);
            let words = if cursor.take_symbol("{") {
                value::elements(cursor, |cursor| cursor.word("a value").map(|(word, _)| word))?
            } else {
                vec![cursor.word("a value")?.0]
            };
            let holds = words.iter().any(|word| values.contains(&word.as_str())) != negated;
            let matches = if holds { Vec::new() } else { vec![never()] };
            let not = if negated { "!= " } else { "" };
            let shown = if let [one] = words.as_slice() { one.clone() } else { format!("{{ {} }}", words.join(", ")) };
            Ok(Condition { matches, text: format!("{text} {not}{shown}"), protocols: None })
        }
        _ => Err(NftError::unsupported(place, key.text())),
    }
}

fn plain(condition: Match, text: String) -> Condition {
    Condition { matches: vec![condition], text, protocols: None }
}

/// The condition that a numeric key and its values make.
pub(super) fn numeric(key: Key, kind: Numeric, numbers: &Numbers) -> Condition {
    let text = format!("{} {}", key.text(), numbers.text(kind));
    let negated = numbers.negated;
    let byte = |value: u32| u8::try_from(value).unwrap_or(u8::MAX);
    let short = |value: u32| u16::try_from(value).unwrap_or(u16::MAX);
    let addresses = || Test {
        negated,
        any_of: numbers.ranges.iter().map(|(first, last)| AddressRange { first: (*first).into(), last: (*last).into() }).collect(),
    };
    let ports = || Test {
        negated,
        any_of: numbers.ranges.iter().map(|(first, last)| PortRange { first: short(*first), last: short(*last) }).collect(),
    };
    // A range of protocols, types or marks is one value after the other; marks have too many for that.
    let singles = |most: usize| -> Vec<u32> { numbers.ranges.iter().flat_map(|(first, last)| *first..=*last).take(most).collect() };
    let bytes = || Test { negated, any_of: singles(256).into_iter().map(byte).collect::<Vec<u8>>() };
    let mut protocols = key.layer4().map(|protocol| vec![protocol]);
    let main = match key {
        Key::Source => Match::Source(addresses()),
        Key::Destination => Match::Destination(addresses()),
        Key::SourcePort(protocol) => Match::SourcePort { protocol, ports: ports() },
        Key::DestinationPort(protocol) => Match::DestinationPort { protocol, ports: ports() },
        Key::Protocol(_) => {
            let test = bytes();
            if !negated {
                protocols = Some(test.any_of.clone());
            }
            Match::Protocol(test)
        }
        Key::IcmpType => Match::IcmpType(bytes()),
        Key::IcmpCode => Match::IcmpCode(bytes()),
        Key::Ttl => Match::Ttl(Test { negated, any_of: numbers.ranges.iter().map(|(first, last)| (byte(*first), byte(*last))).collect() }),
        Key::Mark => Match::Mark(Test { negated, any_of: singles(MOST_MARKS) }),
        Key::CtMark => Match::CtMark(Test { negated, any_of: singles(MOST_MARKS) }),
        _ => Match::Length(Test { negated, any_of: numbers.ranges.iter().map(|(first, last)| (short(*first), short(*last))).collect() }),
    };
    Condition { matches: vec![main], text, protocols }
}

/// As many marks as one condition may name; a wider range is refused before.
pub(super) const MOST_MARKS: usize = 65_536;

/// The condition that an interface key and its names make.
pub(super) fn interfaces(key: Key, names: Names) -> Condition {
    let text = format!("{} {}", key.text(), names.text());
    let test = Test { negated: names.negated, any_of: names.names };
    plain(if matches!(key, Key::InInterface(_)) { Match::InInterface(test) } else { Match::OutInterface(test) }, text)
}

/// Reads one or several words that each stand for a bit: `a,b`, `{ a, b }`, with `!` or `!=` for none of them.
fn bits<T: Copy>(
    cursor: &mut Cursor,
    names: &[(&'static str, T)],
    what: &str,
    exclusive: bool,
) -> Result<(bool, String, Vec<T>), NftError> {
    let place = cursor.place();
    let (negated, operator) = if cursor.take_symbol("!=") {
        (true, "!= ")
    } else if cursor.take_symbol("!") {
        (true, "! ")
    } else {
        cursor.take_symbol("==");
        (false, "")
    };
    let bit = |cursor: &mut Cursor| {
        let (word, place) = cursor.word(what)?;
        names
            .iter()
            .position(|(name, _)| *name == word)
            .ok_or_else(|| NftError::syntax(place, format!("{what} is expected, but {word} is there")))
    };
    let set = cursor.take_symbol("{");
    if !exclusive && (set || operator == "!= ") {
        // Both compare all bits at once, which is hardly ever meant.
        return Err(NftError::unsupported(place, "comparing all status bits at once (with ! instead of != it is none of these)"));
    }
    let mut found = if set {
        value::elements(cursor, bit)?
    } else {
        let mut found = vec![bit(cursor)?];
        while cursor.take_symbol(",") {
            found.push(bit(cursor)?);
        }
        found
    };
    order::sort(&mut found);
    found.dedup();
    let words: Vec<&str> = found.iter().filter_map(|index| names.get(*index)).map(|(name, _)| *name).collect();
    let values = found.iter().filter_map(|index| names.get(*index)).map(|(_, value)| *value).collect();
    let text = if set && words.len() > 1 { format!("{{ {} }}", words.join(", ")) } else { words.join(",") };
    Ok((negated, format!("{operator}{text}"), values))
}

fn flag_names(flags: u8) -> String {
    let names: Vec<&str> = TCP_FLAGS.iter().filter(|(_, bit)| flags & bit != 0).map(|(name, _)| *name).collect();
    if names.is_empty() { "0x0".to_owned() } else { names.join(",") }
}

/// Reads TCP flags: `syn`, `syn,ack`, `syn|ack`, `(syn | ack)`, or a number.
fn flags(cursor: &mut Cursor) -> Result<u8, NftError> {
    let bracket = cursor.take_symbol("(");
    let mut flags = 0;
    loop {
        let (word, place) = cursor.word("a TCP flag")?;
        let bits = TCP_FLAGS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, bit)| *bit)
            .or_else(|| super::cursor::number(&word).and_then(|number| u8::try_from(number).ok()))
            .ok_or_else(|| NftError::syntax(place, format!("a TCP flag is expected, but {word} is there")))?;
        flags |= bits;
        if !cursor.take_symbol("|") && !cursor.take_symbol(",") {
            break;
        }
    }
    if bracket {
        cursor.need_symbol(")")?;
    }
    Ok(flags)
}

/// Every way in which nft(8) lets TCP flags be asked for.
fn tcp_flags(cursor: &mut Cursor) -> Result<Condition, NftError> {
    let place = cursor.place();
    if matches!(cursor.peek(), Kind::Symbol("{")) {
        return Err(NftError::unsupported(place, "a set of TCP flags"));
    }
    let (negated, mask, value, text) = if cursor.take_symbol("&") {
        let mask = flags(cursor)?;
        let negated = cursor.take_symbol("!=");
        if !negated && !cursor.take_symbol("==") {
            return Err(cursor.expected("== or !="));
        }
        let value = flags(cursor)?;
        let text = match (mask.count_ones(), value) {
            (_, 0) if negated => flag_names(mask),
            (_, 0) => format!("! {}", flag_names(mask)),
            (1, value) if value == mask => {
                format!("& {} {} {}", flag_names(mask), if negated { "!=" } else { "==" }, flag_names(value))
            }
            _ => format!("{}{} / {}", if negated { "!= " } else { "" }, flag_names(value), flag_names(mask)),
        };
        (negated, mask, value, text)
    } else if cursor.take_symbol("!") {
        let mask = flags(cursor)?;
        (false, mask, 0, format!("! {}", flag_names(mask)))
    } else {
        let operator = if cursor.take_symbol("!=") {
            Some("!=")
        } else if cursor.take_symbol("==") {
            Some("==")
        } else {
            None
        };
        let value = flags(cursor)?;
        if cursor.take_word("/") {
            let mask = flags(cursor)?;
            let negated = operator == Some("!=");
            (negated, mask, value, format!("{}{} / {}", if negated { "!= " } else { "" }, flag_names(value), flag_names(mask)))
        } else if let Some(operator) = operator {
            let shown = if value.count_ones() > 1 { format!("{value:#x}") } else { flag_names(value) };
            (operator == "!=", 0xff, value, format!("{operator} {shown}"))
        } else {
            // Any one of them: not none of them.
            (true, value, 0, flag_names(value))
        }
    };
    let condition = Match::TcpFlags { negated, mask: TcpFlags(mask), value: TcpFlags(value) };
    Ok(Condition { matches: vec![condition], text: format!("tcp flags {text}"), protocols: Some(vec![super::key::TCP]) })
}

/// `ip frag-off & 0x1fff`, which tells a packet's later pieces.
fn fragment(cursor: &mut Cursor) -> Result<Condition, NftError> {
    let place = cursor.place();
    let position = cursor.position();
    let asked = cursor.take_symbol("&") && cursor.number("a number", u32::MAX)? == 0x1fff;
    let later = cursor.take_symbol("!=");
    if asked && (later || cursor.take_symbol("==")) && cursor.number("a number", u32::MAX)? == 0 {
        let operator = if later { "!=" } else { "==" };
        return Ok(plain(Match::Fragment(later), format!("ip frag-off & 8191 {operator} 0")));
    }
    cursor.go_to(position);
    Err(NftError::unsupported(place, "ip frag-off with anything but & 0x1fff == 0 or != 0"))
}

const UNITS: [(&str, u64); 5] = [("second", 1), ("minute", 60), ("hour", 3_600), ("day", 86_400), ("week", 604_800)];

/// Packets at once that a limit allows unless it says how many (nft(8), "LIMIT STATEMENT").
const DEFAULT_BURST: u32 = 5;

/// `limit rate [over] n/unit [burst m packets]`, the word `limit` taken.
pub(super) fn limit(cursor: &mut Cursor) -> Result<Condition, NftError> {
    let start = cursor.place();
    if !cursor.take_word("rate") {
        return Err(if cursor.peek_word() == Some("name") {
            NftError::unsupported(start, "a named limit")
        } else {
            cursor.expected("rate")
        });
    }
    let over = cursor.take_word("over");
    if !over {
        cursor.take_word("until");
    }
    let (mut word, place) = cursor.word("a rate as in 10/second")?;
    if !word.contains('/') {
        // With blanks around the slash it is three words.
        let (rest, place) = cursor.word("a rate as in 10/second")?;
        if !rest.starts_with('/') {
            return Err(NftError::unsupported(place, "a limit of bytes"));
        }
        word.push_str(&rest);
        if word.ends_with('/') {
            word.push_str(&cursor.word("a unit of time")?.0);
        }
    }
    let wrong = || NftError::syntax(place, format!("a rate as in 10/second is expected, but {word} is there"));
    let (count, unit) = word.split_once('/').ok_or_else(wrong)?;
    let rate = super::cursor::number(count).filter(|rate| *rate > 0).ok_or_else(wrong)?;
    let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
    let mut burst = DEFAULT_BURST;
    if cursor.take_word("burst") {
        burst = cursor.number("a number of packets", u32::MAX)?;
        let place = cursor.place();
        if !cursor.take_word("packets") {
            return Err(NftError::unsupported(place, "a limit of bytes"));
        }
    }
    let mut text = format!("limit rate {}{rate}/{unit}", if over { "over " } else { "" });
    if burst != DEFAULT_BURST {
        text.push_str(&format!(" burst {burst} packets"));
    }
    Ok(plain(Match::Limit { over, rate, per: SimTime::from_secs(*seconds), burst }, text))
}
