//! Statements: what a rule does.

use super::cursor::Cursor;
use super::error::{NftError, Place};
use super::expand::{self, Value};
use super::key::{self, Key};
use super::lexer::Kind;
use super::names::{ICMP_CODES, ICMPX_CODES, name_of};
use super::rule::{Around, Branch};
use super::value::{self, Numeric};
use crate::document::{AddressSet, PortSet};
use roundtrip_sim::netfilter::ruleset::{
    AddressRange, BaseChain, ChainKind, Family, Hook, MaxSegment, NatOptions, NatTarget, PortRange, RejectWith, Statement,
};
use roundtrip_wire::UnreachableCode;
use roundtrip_wire::order;

/// A statement with its text as `nft list ruleset` prints it.
pub(super) struct Done {
    /// None for one that has no effect here.
    pub(super) statement: Option<Statement>,
    pub(super) text: String,
    /// It is possible only for a protocol with ports.
    pub(super) needs_protocol: bool,
    /// What is done for each value of a key, instead of one statement.
    pub(super) map: Option<(Key, Vec<Branch>)>,
}

impl Done {
    fn simple(statement: Statement, text: impl Into<String>) -> Self {
        Self { statement: Some(statement), text: text.into(), needs_protocol: false, map: None }
    }
}

/// `counter [packets n bytes n]`, the first word taken. The figures are those of some other run.
pub(super) fn counter(cursor: &mut Cursor) -> Result<(), NftError> {
    let place = cursor.place();
    if cursor.peek_word() == Some("name") {
        return Err(NftError::unsupported(place, "a named counter"));
    }
    if cursor.take_word("packets") {
        cursor.word("a number")?;
        cursor.need_word("bytes")?;
        cursor.word("a number")?;
    }
    Ok(())
}

/// Reads a statement.
///
/// `ipv4` says whether a condition before it asks for an IPv4 packet.
pub(super) fn statement(cursor: &mut Cursor, around: &Around<'_>, ipv4: bool) -> Result<Done, NftError> {
    let (word, place) = match cursor.peek() {
        Kind::Word(word) => (word.clone(), cursor.place()),
        _ => return Err(cursor.expected("a condition or a statement")),
    };
    cursor.advance();
    Ok(match word.as_str() {
        "accept" => Done::simple(Statement::Accept, word),
        "drop" => Done::simple(Statement::Drop, word),
        "return" => Done::simple(Statement::Return, word),
        "continue" => Done::simple(Statement::Continue, word),
        "notrack" => Done::simple(Statement::Notrack, word),
        "jump" | "goto" => {
            if matches!(cursor.peek(), Kind::Symbol("{")) {
                return Err(NftError::unsupported(place, "a chain without a name"));
            }
            let (chain, _) = cursor.word("a chain")?;
            let text = format!("{word} {chain}");
            Done::simple(if word == "jump" { Statement::Jump(chain) } else { Statement::Goto(chain) }, text)
        }
        "reject" => reject(cursor, around)?,
        "log" => log(cursor)?,
        "masquerade" | "redirect" | "snat" | "dnat" => nat(cursor, &word, place, around, ipv4)?,
        "meta" if cursor.take_word("nftrace") => {
            cursor.need_word("set")?;
            let value = cursor.number("0 or 1", 1)?;
            Done { statement: None, text: format!("meta nftrace set {value}"), needs_protocol: false, map: None }
        }
        "tcp" => max_segment(cursor, place, around)?,
        "meta" if cursor.take_word("mark") => mark(cursor, "meta mark", Statement::SetMark)?,
        "mark" => mark(cursor, "meta mark", Statement::SetMark)?,
        "ct" if cursor.take_word("mark") => mark(cursor, "ct mark", Statement::SetCtMark)?,
        "queue" | "dup" | "fwd" | "tproxy" | "synproxy" | "add" | "update" | "delete" | "set" | "quota" | "flow" | "last" | "ct"
        | "meta" | "secmark" | "xt" => return Err(NftError::unsupported(place, format!("the statement {word}"))),
        _ => return Err(NftError::syntax(place, format!("a condition or a statement is expected, but {word} is there"))),
    })
}

/// `tcp option maxseg size set`, the first word taken.
fn max_segment(cursor: &mut Cursor, place: Place, around: &Around<'_>) -> Result<Done, NftError> {
    for word in ["option", "maxseg", "size", "set"] {
        cursor.need_word(word)?;
    }
    let (size, shown) = if cursor.take_word("rt") {
        cursor.need_word("mtu")?;
        if let Some(BaseChain { hook: Hook::Prerouting | Hook::Input, .. }) = around.base {
            return Err(NftError::syntax(place, "rt mtu is possible only at forward, output and postrouting, where the route is known"));
        }
        (MaxSegment::OfRoutes, "rt mtu".to_owned())
    } else {
        let bytes = cursor.number("rt mtu or a number of bytes", u32::from(u16::MAX))?;
        (MaxSegment::Bytes(u16::try_from(bytes).unwrap_or(u16::MAX)), bytes.to_string())
    };
    let text = format!("tcp option maxseg size set {shown}");
    Ok(Done { statement: Some(Statement::SetMaxSegment(size)), text, needs_protocol: false, map: None })
}

fn mark(cursor: &mut Cursor, what: &str, make: fn(u32) -> Statement) -> Result<Done, NftError> {
    cursor.need_word("set")?;
    let place = cursor.place();
    let value = match cursor.peek_word() {
        Some("meta" | "ct" | "mark" | "ip" | "tcp" | "udp") => {
            return Err(NftError::unsupported(place, format!("setting {what} from another field")));
        }
        _ => cursor.number("a mark", u32::MAX)?,
    };
    Ok(Done::simple(make(value), format!("{what} set 0x{value:08x}")))
}

fn log(cursor: &mut Cursor) -> Result<Done, NftError> {
    let mut text = "log".to_owned();
    while let Some(option) = cursor.peek_word().filter(|word| matches!(*word, "prefix" | "level" | "group" | "snaplen" | "flags")) {
        let option = option.to_owned();
        cursor.advance();
        let quoted = matches!(cursor.peek(), Kind::Quoted(_));
        let (value, _) = cursor.word_or_quoted("a value")?;
        text.push_str(&if quoted { format!(" {option} \"{value}\"") } else { format!(" {option} {value}") });
        if option == "flags" && matches!(value.as_str(), "tcp" | "ip") {
            text.push_str(&format!(" {}", cursor.word("a value")?.0));
            while cursor.take_symbol(",") {
                text.push_str(&format!(",{}", cursor.word("a value")?.0));
            }
        }
    }
    Ok(Done::simple(Statement::Log, text))
}

fn reject(cursor: &mut Cursor, around: &Around<'_>) -> Result<Done, NftError> {
    let place = cursor.place();
    if let Some(BaseChain { hook: Hook::Postrouting, .. } | BaseChain { kind: ChainKind::Nat, .. }) = around.base {
        return Err(NftError::syntax(place, "reject is possible only in a filter chain at prerouting, input, forward or output"));
    }
    if !cursor.take_word("with") {
        return Ok(Done::simple(Statement::Reject(RejectWith::Icmp(UnreachableCode::Port)), "reject"));
    }
    let (kind, place) = cursor.word("tcp, icmp or icmpx")?;
    if kind == "tcp" {
        cursor.need_word("reset")?;
        return Ok(Done::simple(Statement::Reject(RejectWith::TcpReset), "reject with tcp reset"));
    }
    cursor.take_word("type");
    let (word, code_place) = cursor.word("a code")?;
    let wrong = || NftError::syntax(code_place, format!("a code of {kind} is expected, but {word} is there"));
    let number = super::cursor::number(&word).and_then(|number| u8::try_from(number).ok());
    match (kind.as_str(), around.family) {
        ("icmp", family) => {
            let known = ICMP_CODES.iter().find(|(name, _)| *name == word).map(|(_, code)| *code);
            let code = known.or(number).ok_or_else(wrong)?;
            let text = if family == Family::Ip && code == UnreachableCode::Port.number() {
                "reject".to_owned()
            } else {
                format!("reject with icmp {}", name_of(&ICMP_CODES, code.into()))
            };
            Ok(Done::simple(Statement::Reject(RejectWith::Icmp(UnreachableCode::from_number(code))), text))
        }
        ("icmpx", Family::Ip) => Err(NftError::syntax(place, "icmpx is possible only in the inet family")),
        ("icmpx", Family::Inet) => {
            let by_number = number.and_then(|number| ICMPX_CODES.get(usize::from(number)));
            let (name, code) = ICMPX_CODES.iter().find(|(name, _)| *name == word).or(by_number).ok_or_else(wrong)?;
            let text = if *code == UnreachableCode::Port { "reject".to_owned() } else { format!("reject with icmpx {name}") };
            Ok(Done::simple(Statement::Reject(RejectWith::Icmp(*code)), text))
        }
        ("icmpv6", _) => Err(NftError::unsupported(place, "reject with icmpv6")),
        _ => Err(NftError::syntax(place, format!("tcp, icmp or icmpx is expected, but {kind} is there"))),
    }
}

/// The condition that nft prints in front of a rule because its rejection needs it, unless something else in the rule says it.
pub(super) fn reject_condition(
    with: RejectWith,
    text: &str,
    family: Family,
    behind_statement: bool,
    ipv4: bool,
    protocols: Option<&[u8]>,
) -> Option<&'static str> {
    // A name of the family in front of a statement stays as it is.
    match with {
        RejectWith::TcpReset if protocols.is_none() && (behind_statement || family == Family::Inet) => Some("meta l4proto tcp"),
        RejectWith::Icmp(_) if family == Family::Inet && text.contains("icmp ") && behind_statement && !ipv4 => Some("meta nfproto ipv4"),
        _ => None,
    }
}

fn nat(cursor: &mut Cursor, word: &str, place: Place, around: &Around<'_>, ipv4: bool) -> Result<Done, NftError> {
    let at_source = matches!(word, "masquerade" | "snat");
    if let Some(BaseChain { kind, hook, .. }) = around.base {
        let (fits, hooks) = match word {
            "masquerade" => (hook == Hook::Postrouting, "postrouting"),
            "snat" => (matches!(hook, Hook::Postrouting | Hook::Input), "postrouting or input"),
            _ => (matches!(hook, Hook::Prerouting | Hook::Output), "prerouting or output"),
        };
        if kind != ChainKind::Nat || !fits {
            return Err(NftError::syntax(place, format!("{word} is possible only in a nat chain at {hooks}")));
        }
    }
    let mut target = NatTarget { addresses: None, options: NatOptions::default() };
    let explicit_family = cursor.take_word("ip");
    if cursor.peek_word() == Some("ip6") {
        return Err(NftError::unsupported(cursor.place(), "address translation of IPv6"));
    }
    if matches!(cursor.peek_word(), Some("prefix" | "interval")) {
        return Err(NftError::unsupported(cursor.place(), format!("{word} with a map of addresses")));
    }
    // `dnat ip addr . port to` says that the map behind it gives both.
    let both = cursor.take_word("addr");
    if both {
        cursor.need_word(".")?;
        cursor.need_word("port")?;
    }
    let to_place = cursor.place();
    let mut map = None;
    if cursor.take_word("to") {
        if matches!(word, "snat" | "dnat") && !matches!(cursor.peek(), Kind::Symbol(_)) {
            map = address_map(cursor, around.family)?;
        }
        if map.is_none() {
            addresses_and_ports(cursor, &mut target)?;
        }
    } else if matches!(word, "snat" | "dnat") {
        return Err(cursor.expected("to"));
    }
    if matches!(word, "masquerade" | "redirect") && target.addresses.is_some() {
        return Err(NftError::syntax(to_place, format!("{word} takes a port only, as in to :8080")));
    }
    if both && map.is_none() {
        return Err(NftError::syntax(to_place, "a map is expected behind addr . port to"));
    }
    let by_address = target.addresses.is_some() || map.is_some();
    if around.family == Family::Inet && by_address && !explicit_family && !ipv4 {
        return Err(NftError::syntax(to_place, format!("in a table for both families it is {word} ip to")));
    }
    let mut flags = Vec::new();
    while let Some(flag) = cursor.peek_word().filter(|flag| matches!(*flag, "random" | "fully-random" | "persistent")).map(str::to_owned) {
        cursor.advance();
        match flag.as_str() {
            "persistent" => target.options.persistent = true,
            _ => target.options.random = true,
        }
        flags.push(flag);
        cursor.take_symbol(",");
    }
    let mut text = word.to_owned();
    if by_address || target.options.ports.is_some() {
        if both || (around.family == Family::Inet && by_address) {
            text.push_str(" ip");
        }
        text.push_str(" to ");
        if let Some((_, shown, _)) = &map {
            text.push_str(shown);
        }
        if let Some(range) = target.addresses {
            text.push_str(&AddressSet(range).to_string());
        }
        if let Some(ports) = target.options.ports {
            text.push_str(&format!(":{}", PortSet(ports)));
        }
    } else if explicit_family {
        return Err(NftError::syntax(to_place, "to is expected behind ip"));
    }
    if !flags.is_empty() {
        text.push_str(&format!(" {}", flags.join(",")));
    }
    let translate = |target: NatTarget| match (word, at_source) {
        ("masquerade", _) => Statement::Masquerade(target.options),
        ("redirect", _) => Statement::Redirect(target.options),
        (_, true) => Statement::Snat(target),
        (_, false) => Statement::Dnat(target),
    };
    let Some((key, _, values)) = map else {
        let needs_protocol = target.options.ports.is_some();
        return Ok(Done { statement: Some(translate(target)), text, needs_protocol, map: None });
    };
    let needs_protocol = key.layer4().is_none() && values.iter().any(|(_, target)| target.options.ports.is_some());
    let branches = values
        .into_iter()
        .map(|(value, own)| {
            let options = NatOptions { ports: own.options.ports, ..target.options };
            (value.condition, translate(NatTarget { addresses: own.addresses, options }))
        })
        .collect();
    Ok(Done { statement: None, text, needs_protocol, map: Some((key, branches)) })
}

/// A map: what it looks at, how nft writes it, and where each value goes.
type AddressMap = (Key, String, Vec<(Value, NatTarget)>);

/// `tcp dport map { 80 : 10.0.0.1 . 8080 }`; nothing if no field of a packet comes next.
fn address_map(cursor: &mut Cursor, family: Family) -> Result<Option<AddressMap>, NftError> {
    let place = cursor.place();
    if matches!(cursor.peek_word(), Some("numgen" | "jhash" | "symhash")) {
        return Err(NftError::unsupported(place, "a choice by number or hash"));
    }
    let Some(Some(key)) = key::key(cursor, family)? else { return Ok(None) };
    cursor.need_word("map")?;
    if !cursor.take_symbol("{") {
        return Err(NftError::unsupported(cursor.place(), "a named map"));
    }
    let mut values = value::elements(cursor, |cursor| {
        let of = expand::value(cursor, key)?;
        cursor.need_symbol(":")?;
        let place = cursor.place();
        let (first, last) = value::range(cursor, Numeric::Address)?;
        if first != last {
            return Err(NftError::syntax(place, "each value of the map needs one address, not several"));
        }
        let addresses = Some(AddressRange { first: first.into(), last: last.into() });
        let ports = if cursor.take_word(".") { Some(ports(cursor)?) } else { None };
        Ok((of, NatTarget { addresses, options: NatOptions { ports, ..NatOptions::default() } }))
    })?;
    if matches!(cursor.peek(), Kind::Symbol(":")) {
        return Err(NftError::unsupported(cursor.place(), "a port behind a map of addresses"));
    }
    if values.is_empty() {
        return Err(NftError::syntax(place, "the map is empty"));
    }
    order::sort_by_key(&mut values, |(value, _)| value.order);
    let shown: Vec<String> = values
        .iter()
        .map(|(value, to)| {
            let address = to.addresses.map_or_else(String::new, |range| AddressSet(range).to_string());
            let port = to.options.ports.map_or_else(String::new, |ports| format!(" . {}", PortSet(ports)));
            format!("{} : {address}{port}", value.shown)
        })
        .collect();
    let shown = format!("{} map {{ {} }}", key.text(), shown.join(", "));
    Ok(Some((key, shown, values)))
}

fn ports(cursor: &mut Cursor) -> Result<PortRange, NftError> {
    let (first, last) = value::range(cursor, Numeric::Port)?;
    let short = |port: u32| u16::try_from(port).unwrap_or(u16::MAX);
    Ok(PortRange { first: short(first), last: short(last) })
}

fn addresses_and_ports(cursor: &mut Cursor, target: &mut NatTarget) -> Result<(), NftError> {
    let place = cursor.place();
    match cursor.peek() {
        Kind::Symbol("{") => return Err(NftError::unsupported(place, "a map of addresses without what it looks at")),
        Kind::Word(word) if matches!(word.as_str(), "ip" | "tcp" | "udp" | "th" | "meta" | "ct" | "numgen" | "jhash" | "symhash") => {
            return Err(NftError::unsupported(place, "a map of ports"));
        }
        Kind::Word(_) => {
            let (first, last) = value::range(cursor, Numeric::Address)?;
            target.addresses = Some(AddressRange { first: first.into(), last: last.into() });
        }
        Kind::Symbol(":") => {}
        _ => return Err(cursor.expected("an address or a port")),
    }
    if cursor.take_symbol(":") {
        target.options.ports = Some(ports(cursor)?);
    }
    Ok(())
}

/// How `nft list ruleset` writes a verdict in a map.
pub(super) fn text(statement: &Statement) -> String {
    match statement {
        Statement::Accept => "accept".to_owned(),
        Statement::Drop => "drop".to_owned(),
        Statement::Return => "return".to_owned(),
        Statement::Jump(chain) => format!("jump {chain}"),
        Statement::Goto(chain) => format!("goto {chain}"),
        _ => "continue".to_owned(),
    }
}
