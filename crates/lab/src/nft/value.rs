//! What a condition compares with.

use super::cursor::{Cursor, number};
use super::error::{NftError, Place};
use super::key::Key;
use super::lexer::Kind;
use super::names::{ICMP_CODES, ICMP_TYPES, PORTS, PROTOCOLS, name_of};
use super::sets::Sets;
use crate::document::AddressSet;
use roundtrip_sim::netfilter::ruleset::AddressRange;
use roundtrip_wire::order;
use std::net::Ipv4Addr;

/// How the values were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One value or range.
    One,
    /// `{ … }`.
    Set,
    /// `@name`.
    Named(String),
    /// `<`, `<=`, `>`, `>=`.
    Relation(&'static str),
}

/// Numbers, each with the last of its range, to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) negated: bool,
    pub(super) form: Form,
    pub(super) ranges: Vec<(u32, u32)>,
}

/// Names to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) negated: bool,
    pub(super) form: Form,
    pub(super) names: Vec<String>,
}

/// The content of a named set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SetContent {
    Numbers(Numeric, Vec<(u32, u32)>),
    Names(Vec<String>),
}

/// What kind of number a key has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numeric {
    Address,
    Port,
    Protocol,
    IcmpType,
    IcmpCode,
    Mark,
    Byte,
    Short,
}

impl Numeric {
    /// The kind of a key that is compared with numbers.
    pub(super) const fn of(key: Key) -> Option<Self> {
        match key {
            Key::Source | Key::Destination => Some(Self::Address),
            Key::SourcePort(_) | Key::DestinationPort(_) => Some(Self::Port),
            Key::Protocol(_) => Some(Self::Protocol),
            Key::IcmpType => Some(Self::IcmpType),
            Key::IcmpCode => Some(Self::IcmpCode),
            Key::Mark | Key::CtMark => Some(Self::Mark),
            Key::Ttl => Some(Self::Byte),
            Key::Length(_) | Key::FragmentOffset => Some(Self::Short),
            _ => None,
        }
    }

    /// The kind of a set's elements, by the type that nft(8) gives it.
    pub(super) fn of_type(name: &str) -> Option<Self> {
        Some(match name {
            "ipv4_addr" => Self::Address,
            "inet_service" => Self::Port,
            "inet_proto" => Self::Protocol,
            "icmp_type" => Self::IcmpType,
            "icmp_code" => Self::IcmpCode,
            "mark" => Self::Mark,
            _ => return None,
        })
    }

    pub(super) const fn most(self) -> u32 {
        match self {
            Self::Address | Self::Mark => u32::MAX,
            Self::Port | Self::Short => 0xffff,
            Self::Protocol | Self::IcmpType | Self::IcmpCode | Self::Byte => 0xff,
        }
    }

    /// The type that nft(8) gives a set of these.
    pub(super) const fn type_name(self) -> &'static str {
        match self {
            Self::Address => "ipv4_addr",
            Self::Port => "inet_service",
            Self::Protocol => "inet_proto",
            Self::IcmpType => "icmp_type",
            Self::IcmpCode => "icmp_code",
            Self::Mark | Self::Byte | Self::Short => "mark",
        }
    }

    const fn what(self) -> &'static str {
        match self {
            Self::Address => "an IPv4 address, subnet or range",
            Self::Port => "a port or a range of ports",
            Self::Protocol => "a protocol",
            Self::IcmpType => "an ICMP type",
            Self::IcmpCode => "an ICMP code",
            Self::Mark | Self::Byte | Self::Short => "a number",
        }
    }

    fn one(self, word: &str) -> Option<(u32, u32)> {
        let named = |names: &[(&str, u8)]| {
            names.iter().find(|(name, _)| *name == word).map(|(_, value)| u32::from(*value)).or_else(|| number(word))
        };
        let single = match self {
            Self::Address => {
                let AddressSet(AddressRange { first, last }) = word.parse().ok().filter(|_| !word.contains("default"))?;
                return Some((first.into(), last.into()));
            }
            Self::Port => PORTS.iter().find(|(name, _)| *name == word).map(|(_, port)| u32::from(*port)).or_else(|| number(word)),
            Self::Protocol => named(&PROTOCOLS),
            Self::IcmpType => named(&ICMP_TYPES),
            Self::IcmpCode => named(&ICMP_CODES),
            Self::Mark | Self::Byte | Self::Short => number(word),
        }?;
        (single <= self.most()).then_some((single, single))
    }

    /// A value, or a range in one word.
    fn parse(self, word: &str) -> Option<(u32, u32)> {
        self.one(word).or_else(|| {
            // Names have hyphens too, so that each may be the one of the range.
            word.match_indices('-').find_map(|(at, _)| {
                let (first, last) = (word.get(..at)?, word.get(at.saturating_add(1)..)?);
                let (first, last) = (self.one(first)?.0, self.one(last)?.1);
                (first <= last).then_some((first, last))
            })
        })
    }

    /// How `nft list ruleset` writes a value.
    fn show_one(self, value: u32) -> String {
        match self {
            Self::Address => Ipv4Addr::from(value).to_string(),
            Self::Protocol => name_of(&PROTOCOLS, value),
            Self::IcmpType => name_of(&ICMP_TYPES, value),
            Self::IcmpCode => name_of(&ICMP_CODES, value),
            Self::Mark => format!("0x{value:08x}"),
            Self::Port | Self::Byte | Self::Short => value.to_string(),
        }
    }

    /// How `nft list ruleset` writes a value or a range.
    pub(super) fn show(self, (first, last): (u32, u32)) -> String {
        match self {
            Self::Address => AddressSet(AddressRange { first: first.into(), last: last.into() }).to_string(),
            _ if first == last => self.show_one(first),
            _ => format!("{}-{}", self.show_one(first), self.show_one(last)),
        }
    }
}

impl Numbers {
    /// How `nft list ruleset` writes them.
    pub(super) fn text(&self, kind: Numeric) -> String {
        let not = if self.negated { "!= " } else { "" };
        match &self.form {
            Form::Named(name) => format!("{not}@{name}"),
            Form::Relation(relation) => {
                // A relation is one range from the bottom or to the top.
                let (first, last) = self.ranges.first().copied().unwrap_or((0, 0));
                let value = match *relation {
                    "<" => last.saturating_add(1),
                    "<=" => last,
                    ">" => first.saturating_sub(1),
                    _ => first,
                };
                format!("{relation} {}", kind.show_one(value))
            }
            Form::One => format!("{not}{}", self.ranges.first().map_or_else(String::new, |range| kind.show(*range))),
            Form::Set => {
                let elements: Vec<String> = self.ranges.iter().map(|range| kind.show(*range)).collect();
                format!("{not}{{ {} }}", elements.join(", "))
            }
        }
    }
}

impl SetContent {
    /// The elements' type and the elements, as `nft list ruleset` writes them.
    pub(super) fn text(&self) -> (&'static str, bool, Vec<String>) {
        match self {
            Self::Numbers(kind, ranges) => {
                let interval = ranges.iter().any(|(first, last)| first != last);
                (kind.type_name(), interval, ranges.iter().map(|range| kind.show(*range)).collect())
            }
            Self::Names(names) => ("ifname", false, names.iter().map(|name| format!("\"{name}\"")).collect()),
        }
    }
}

/// Sorts, and joins neighbours where there is a range at all, as the kernel's interval sets do.
pub(super) fn tidy(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    order::sort(&mut ranges);
    ranges.dedup();
    if ranges.iter().all(|(first, last)| first == last) {
        return ranges;
    }
    let mut out: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match out.last_mut() {
            Some((_, before)) if first <= before.saturating_add(1) => *before = last.max(*before),
            _ => out.push((first, last)),
        }
    }
    out
}

/// Reads a value or range, which may stand with blanks around its hyphen.
pub(super) fn range(cursor: &mut Cursor, kind: Numeric) -> Result<(u32, u32), NftError> {
    let (word, place) = cursor.word_or_quoted(kind.what())?;
    let wrong = |place: Place, word: &str| NftError::syntax(place, format!("{} is expected, but {word} is there", kind.what()));
    let Some((first, last)) = kind.parse(&word) else {
        let ipv6 = kind == Numeric::Address && matches!(cursor.peek(), Kind::Symbol(":"));
        return Err(if ipv6 { NftError::unsupported(place, "an address that is not IPv4") } else { wrong(place, &word) });
    };
    if !cursor.take_word("-") {
        return Ok((first, last));
    }
    let (word, place) = cursor.word_or_quoted(kind.what())?;
    let (_, last) = kind.parse(&word).filter(|(_, last)| *last >= first).ok_or_else(|| wrong(place, &word))?;
    Ok((first, last))
}

/// Reads the elements of `{ … }`, the bracket before them taken.
pub(super) fn elements<T>(cursor: &mut Cursor, mut element: impl FnMut(&mut Cursor) -> Result<T, NftError>) -> Result<Vec<T>, NftError> {
    let mut list = Vec::new();
    loop {
        cursor.skip_separators();
        if cursor.take_symbol("}") {
            return Ok(list);
        }
        list.push(element(cursor)?);
        if matches!(cursor.peek(), Kind::Word(word) if word == ".") {
            return Err(NftError::unsupported(cursor.place(), "a concatenation of several fields"));
        }
        if let Kind::Word(word) = cursor.peek()
            && matches!(word.as_str(), "timeout" | "expires" | "comment" | "counter" | "limit")
        {
            let word = word.clone();
            if word != "comment" {
                return Err(NftError::unsupported(cursor.place(), format!("{word} in a set's element")));
            }
            cursor.advance();
            cursor.word_or_quoted("a comment")?;
        }
        cursor.skip_separators();
        if !cursor.take_symbol(",") {
            cursor.need_symbol("}")?;
            return Ok(list);
        }
    }
}

/// Takes `==` or `!=` if one is there; true for the second.
pub(super) fn negation(cursor: &mut Cursor) -> bool {
    if cursor.take_symbol("!=") {
        return true;
    }
    cursor.take_symbol("==");
    false
}

/// Reads what a numeric key is compared with.
pub(super) fn numbers(cursor: &mut Cursor, kind: Numeric, sets: &Sets) -> Result<Numbers, NftError> {
    let place = cursor.place();
    for relation in ["<=", ">=", "<", ">"] {
        if cursor.take_symbol(relation) {
            let (value, last) = range(cursor, kind)?;
            if value != last {
                return Err(NftError::syntax(place, format!("{relation} needs one value, not a range")));
            }
            let range = match relation {
                "<" => value.checked_sub(1).map(|last| (0, last)),
                "<=" => Some((0, value)),
                ">" => (value < kind.most()).then(|| (value.saturating_add(1), kind.most())),
                _ => Some((value, kind.most())),
            };
            let range = range.ok_or_else(|| NftError::syntax(place, format!("nothing is {relation} {}", kind.show_one(value))))?;
            return Ok(Numbers { negated: false, form: Form::Relation(relation), ranges: vec![range] });
        }
    }
    if matches!(cursor.peek(), Kind::Symbol("&" | "|" | "^")) || matches!(cursor.peek_word(), Some("and" | "or" | "xor" | "<<" | ">>")) {
        return Err(NftError::unsupported(cursor.place(), "arithmetic on a field"));
    }
    let negated = negation(cursor);
    if cursor.take_symbol("{") {
        let ranges = elements(cursor, |cursor| range(cursor, kind))?;
        if ranges.is_empty() {
            return Err(NftError::syntax(place, "the set is empty"));
        }
        // A set of one element is that element to nft.
        let form = if ranges.len() == 1 { Form::One } else { Form::Set };
        return Ok(Numbers { negated, form, ranges: tidy(ranges) });
    }
    if let Some(name) = cursor.peek_word().and_then(|word| word.strip_prefix('@')).map(str::to_owned) {
        let place = cursor.place();
        cursor.advance();
        return match sets.get(&name) {
            Some(SetContent::Numbers(_, ranges)) => Ok(Numbers { negated, form: Form::Named(name), ranges: ranges.clone() }),
            Some(SetContent::Names(_)) => Err(NftError::syntax(place, format!("the set {name} holds interfaces"))),
            None => Err(NftError::syntax(place, format!("there is no set {name} in this table"))),
        };
    }
    let first = range(cursor, kind)?;
    if cursor.take_symbol(",") {
        return Err(NftError::syntax(place, "several values need brackets, as in { 80, 443 }"));
    }
    Ok(Numbers { negated, form: Form::One, ranges: vec![first] })
}

/// Reads an interface's name.
pub(super) fn interface(cursor: &mut Cursor) -> Result<String, NftError> {
    let (name, place) = cursor.word_or_quoted("an interface")?;
    if name.is_empty() { Err(NftError::syntax(place, "an interface is expected, but the name is empty")) } else { Ok(name) }
}

/// Reads what an interface is compared with.
pub(super) fn names(cursor: &mut Cursor, sets: &Sets) -> Result<Names, NftError> {
    let place = cursor.place();
    let negated = negation(cursor);
    if cursor.take_symbol("{") {
        let mut names = elements(cursor, interface)?;
        if names.is_empty() {
            return Err(NftError::syntax(place, "the set is empty"));
        }
        order::sort(&mut names);
        names.dedup();
        return Ok(Names { negated, form: Form::Set, names });
    }
    if let Some(name) = cursor.peek_word().and_then(|word| word.strip_prefix('@')).map(str::to_owned) {
        let place = cursor.place();
        cursor.advance();
        return match sets.get(&name) {
            Some(SetContent::Names(names)) => Ok(Names { negated, form: Form::Named(name), names: names.clone() }),
            Some(SetContent::Numbers(..)) => Err(NftError::syntax(place, format!("the set {name} holds no interfaces"))),
            None => Err(NftError::syntax(place, format!("there is no set {name} in this table"))),
        };
    }
    Ok(Names { negated, form: Form::One, names: vec![interface(cursor)?] })
}

impl Names {
    /// How `nft list ruleset` writes them.
    pub(super) fn text(&self) -> String {
        let not = if self.negated { "!= " } else { "" };
        let quoted: Vec<String> = self.names.iter().map(|name| format!("\"{name}\"")).collect();
        match (&self.form, quoted.as_slice()) {
            (Form::Named(name), _) => format!("{not}@{name}"),
            (Form::Set, many) if many.len() > 1 => format!("{not}{{ {} }}", many.join(", ")),
            (_, quoted) => format!("{not}{}", quoted.first().map_or("", String::as_str)),
        }
    }
}
