//! Statements: what a rule does.

use super::cursor::Cursor;
use super::error::{NftError, Place};
use super::lexer::Kind;
use super::names::{ICMP_CODES, ICMPX_CODES, name_of};
use super::rule::Around;
use super::value::Numeric;
use crate::document::PortSet;
use roundtrip_sim::netfilter::ruleset::{
    AddressRange, BaseChain, ChainKind, Family, Hook, NatOptions, NatTarget, PortRange, RejectWith, Statement,
};
use roundtrip_wire::UnreachableCode;

/// A statement with its text as `nft list ruleset` prints it.
pub(super) struct Done {
    /// None for one that has no effect here.
    pub(super) statement: Option<Statement>,
    pub(super) text: String,
    /// It is possible only for a protocol with ports.
    pub(super) needs_protocol: bool,
}

impl Done {
    fn simple(statement: Statement, text: impl Into<String>) -> Self {
        Self { statement: Some(statement), text: text.into(), needs_protocol: false }
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
            Done { statement: None, text: format!("meta nftrace set {value}"), needs_protocol: false }
        }
        "meta" if cursor.take_word("mark") => mark(cursor, "meta mark", Statement::SetMark)?,
        "mark" => mark(cursor, "meta mark", Statement::SetMark)?,
        "ct" if cursor.take_word("mark") => mark(cursor, "ct mark", Statement::SetCtMark)?,
        "queue" | "dup" | "fwd" | "tproxy" | "synproxy" | "add" | "update" | "delete" | "set" | "quota" | "flow" | "last" | "ct"
        | "meta" | "secmark" | "xt" => return Err(NftError::unsupported(place, format!("the statement {word}"))),
        _ => return Err(NftError::syntax(place, format!("a condition or a statement is expected, but {word} is there"))),
    })
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
    let to_place = cursor.place();
    if cursor.take_word("to") {
        addresses_and_ports(cursor, &mut target)?;
    } else if matches!(word, "snat" | "dnat") {
        return Err(cursor.expected("to"));
    }
    if matches!(word, "masquerade" | "redirect") && target.addresses.is_some() {
        return Err(NftError::syntax(to_place, format!("{word} takes a port only, as in to :8080")));
    }
    if around.family == Family::Inet && target.addresses.is_some() && !explicit_family && !ipv4 {
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
    if target.addresses.is_some() || target.options.ports.is_some() {
        if around.family == Family::Inet && target.addresses.is_some() {
            text.push_str(" ip");
        }
        text.push_str(" to ");
        if let Some(AddressRange { first, last }) = target.addresses {
            text.push_str(&if first == last { first.to_string() } else { format!("{first}-{last}") });
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
    let needs_protocol = target.options.ports.is_some();
    let statement = match (word, at_source) {
        ("masquerade", _) => Statement::Masquerade(target.options),
        ("redirect", _) => Statement::Redirect(target.options),
        (_, true) => Statement::Snat(target),
        (_, false) => Statement::Dnat(target),
    };
    Ok(Done { statement: Some(statement), text, needs_protocol })
}

fn addresses_and_ports(cursor: &mut Cursor, target: &mut NatTarget) -> Result<(), NftError> {
    let place = cursor.place();
    match cursor.peek() {
        Kind::Word(word)
            if word == "ip"
                || word == "tcp"
                || word == "udp"
                || word == "th"
                || word == "numgen"
                || word == "jhash"
                || word.starts_with('@') =>
        {
            return Err(NftError::unsupported(place, "a map of addresses"));
        }
        Kind::Symbol("{") => return Err(NftError::unsupported(place, "a map of addresses")),
        Kind::Word(_) => {
            let (first, last) = super::value::range(cursor, Numeric::Address)?;
            target.addresses = Some(AddressRange { first: first.into(), last: last.into() });
        }
        Kind::Symbol(":") => {}
        _ => return Err(cursor.expected("an address or a port")),
    }
    if cursor.take_symbol(":") {
        let (first, last) = super::value::range(cursor, Numeric::Port)?;
        let short = |port: u32| u16::try_from(port).unwrap_or(u16::MAX);
        target.options.ports = Some(PortRange { first: short(first), last: short(last) });
    }
    Ok(())
}

/// How `nft list ruleset` writes a verdict in a map.
pub(super) fn text(statement: &Statement, _family: Family) -> String {
    match statement {
        Statement::Accept => "accept".to_owned(),
        Statement::Drop => "drop".to_owned(),
        Statement::Return => "return".to_owned(),
        Statement::Jump(chain) => format!("jump {chain}"),
        Statement::Goto(chain) => format!("goto {chain}"),
        _ => "continue".to_owned(),
    }
}
