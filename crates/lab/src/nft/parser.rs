//! Scripts: commands, and the blocks of tables, chains and sets.

use super::command::{Command, Position};
use super::cursor::Cursor;
use super::error::{NftError, Place};
use super::lexer::{Kind, tokens};
use super::names::PRIORITIES;
use super::rule::{Around, rule};
use super::value::{self, Numeric, SetContent, tidy};
use roundtrip_sim::netfilter::ruleset::{BaseChain, Chain, ChainKind, Family, Hook, Policy};
use std::collections::BTreeMap;

/// Named sets of one table, in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub(super) struct Sets(Vec<(String, SetContent)>);

impl Sets {
    pub(super) fn get(&self, name: &str) -> Option<&SetContent> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, content)| content)
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut SetContent> {
        self.0.iter_mut().find(|(known, _)| known == name).map(|(_, content)| content)
    }

    fn insert(&mut self, name: String, content: SetContent) {
        match self.get_mut(&name) {
            Some(known) => *known = content,
            None => self.0.push((name, content)),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &SetContent)> {
        self.0.iter().map(|(name, content)| (name.as_str(), content))
    }
}

/// Something that is understood, with a difference that is worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where.
    pub place: Place,
    /// What.
    pub text: String,
}

impl Note {
    pub(super) fn new(place: Place, text: impl Into<String>) -> Self {
        Self { place, text: text.into() }
    }
}

/// A table, by family and name.
pub(super) type TableName = (Family, String);

/// What a text says.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) commands: Vec<(Place, Command)>,
    pub(super) errors: Vec<NftError>,
    pub(super) notes: Vec<Note>,
}

/// As many mistakes as are worth showing at once.
const MOST_ERRORS: usize = 50;

pub(super) struct Parser<'a> {
    cursor: Cursor,
    parsed: Parsed,
    /// Sets known so far; those of the rules that are there already, too.
    sets: &'a mut BTreeMap<TableName, Sets>,
    /// Hooks of the base chains known so far.
    bases: BTreeMap<(Family, String, String), BaseChain>,
}

/// Reads a script. `sets` are the named sets that are there already, and become those that are there afterwards.
pub(super) fn parse(text: &str, sets: &mut BTreeMap<TableName, Sets>) -> Parsed {
    match tokens(text) {
        Ok(tokens) => {
            let mut parser = Parser { cursor: Cursor::new(tokens), parsed: Parsed::default(), sets, bases: BTreeMap::new() };
            parser.script();
            parser.parsed
        }
        Err(error) => Parsed { errors: vec![error], ..Parsed::default() },
    }
}

impl Parser<'_> {
    fn script(&mut self) {
        loop {
            self.cursor.skip_separators();
            if matches!(self.cursor.peek(), Kind::End) || self.parsed.errors.len() >= MOST_ERRORS {
                return;
            }
            let result = self.command().and_then(|()| self.end_of_statement());
            if let Err(error) = result {
                self.parsed.errors.push(error);
                self.cursor.skip_statement();
                // A bracket too many would stop us for ever.
                self.cursor.take_symbol("}");
            }
        }
    }

    fn end_of_statement(&self) -> Result<(), NftError> {
        if self.cursor.at_end_of_statement() { Ok(()) } else { Err(self.cursor.expected("the end of the line")) }
    }

    fn push(&mut self, place: Place, command: Command) {
        self.parsed.commands.push((place, command));
    }

    fn command(&mut self) -> Result<(), NftError> {
        let (word, place) = self.cursor.word("a command or table")?;
        match word.as_str() {
            "table" => self.table(place),
            "chain" | "rule" | "set" | "element" => self.add(&word, "add", place),
            "add" | "create" | "insert" | "replace" => {
                let (object, _) = self.cursor.word("table, chain, rule, set or element")?;
                self.add(&object, &word, place)
            }
            "flush" | "delete" | "destroy" => {
                let (object, object_place) = self.cursor.word("ruleset, table, chain or rule")?;
                self.remove(&object, object_place, &word, place)
            }
            "include" | "list" | "reset" | "rename" | "monitor" | "export" | "import" | "describe" => {
                Err(NftError::unsupported(place, format!("the command {word}")))
            }
            "map" | "counter" | "quota" | "limit" | "flowtable" | "ct" | "secmark" | "synproxy" => {
                Err(NftError::unsupported(place, format!("the object {word}")))
            }
            _ => Err(NftError::syntax(place, format!("a command or table is expected, but {word} is there"))),
        }
    }

    /// A family, `ip` if none is named.
    fn family(&mut self) -> Result<Option<Family>, NftError> {
        let place = self.cursor.place();
        let family = match self.cursor.peek_word() {
            Some("ip") => Family::Ip,
            Some("inet") => Family::Inet,
            Some("ip6") => {
                self.cursor.advance();
                return Ok(None);
            }
            Some(other @ ("arp" | "bridge" | "netdev")) => return Err(NftError::unsupported(place, format!("the family {other}"))),
            _ => return Ok(Some(Family::Ip)),
        };
        // A table may be called as a family is.
        if matches!(self.cursor.peek_second(), Kind::Word(_)) {
            self.cursor.advance();
            Ok(Some(family))
        } else {
            Ok(Some(Family::Ip))
        }
    }

    /// A family, with nothing and a note for IPv6.
    fn family_or_skip(&mut self, place: Place) -> Result<Option<Family>, NftError> {
        let family = self.family()?;
        if family.is_none() {
            self.parsed.notes.push(Note::new(place, "what is for IPv6 is left out, since there is only IPv4 here"));
            self.cursor.skip_statement();
        }
        Ok(family)
    }

    fn table(&mut self, place: Place) -> Result<(), NftError> {
        let Some(family) = self.family_or_skip(place)? else { return Ok(()) };
        let (table, _) = self.cursor.word("a table's name")?;
        self.push(place, Command::AddTable { family, table: table.clone(), must_be_new: false });
        if self.cursor.take_symbol("{") { self.table_block(family, &table) } else { Ok(()) }
    }

    fn table_block(&mut self, family: Family, table: &str) -> Result<(), NftError> {
        let start = self.cursor.position();
        let mut sets = Vec::new();
        // Chains may use sets that stand behind them, and jump to chains that stand behind them.
        self.block(|parser, word, place| match word {
            "set" => {
                let (name, _) = parser.cursor.word("a set's name")?;
                parser.cursor.need_symbol("{")?;
                sets.push((place, Command::AddSet { family, table: table.to_owned() }));
                parser.set_block(family, table, name)
            }
            "chain" => {
                let (name, _) = parser.cursor.word("a chain's name")?;
                parser.cursor.need_symbol("{")?;
                parser.chain_header(family, table, name, place)
            }
            "comment" => parser.cursor.word_or_quoted("a comment").map(|_| ()),
            "flags" => Err(NftError::unsupported(place, "a table with flags")),
            "map" | "counter" | "quota" | "limit" | "flowtable" | "ct" | "secmark" | "synproxy" | "element" => {
                Err(NftError::unsupported(place, format!("the object {word}")))
            }
            _ => Err(NftError::syntax(place, format!("chain or set is expected, but {word} is there"))),
        })?;
        // nft makes the chains first, then the sets, then the rules.
        self.parsed.commands.append(&mut sets);
        let end = self.cursor.position();
        self.cursor.go_to(start);
        self.block(|parser, word, _| {
            if word == "chain" {
                let (name, _) = parser.cursor.word("a chain's name")?;
                parser.cursor.need_symbol("{")?;
                return parser.chain_rules(family, table, &name);
            }
            parser.cursor.skip_statement();
            Ok(())
        })?;
        self.cursor.go_to(end);
        Ok(())
    }

    /// Reads the statements of a block to its closing bracket; a mistake in one leaves the others.
    fn block(&mut self, mut statement: impl FnMut(&mut Self, &str, Place) -> Result<(), NftError>) -> Result<(), NftError> {
        loop {
            self.cursor.skip_separators();
            if self.cursor.take_symbol("}") {
                return Ok(());
            }
            if matches!(self.cursor.peek(), Kind::End) {
                return Err(self.cursor.expected("}"));
            }
            let result = self.cursor.word("a statement").and_then(|(word, place)| statement(self, &word, place));
            if let Err(error) = result.and_then(|()| self.end_of_statement()) {
                if !self.parsed.errors.contains(&error) {
                    self.parsed.errors.push(error);
                }
                if self.parsed.errors.len() >= MOST_ERRORS {
                    return Err(self.cursor.expected("fewer mistakes"));
                }
                self.cursor.skip_statement();
            }
        }
    }

    fn set_block(&mut self, family: Family, table: &str, name: String) -> Result<(), NftError> {
        let mut kind = None;
        let mut content = None;
        loop {
            self.cursor.skip_separators();
            let place = self.cursor.place();
            if self.cursor.take_symbol("}") {
                break;
            }
            let (word, _) = self.cursor.word("type, flags or elements")?;
            match word.as_str() {
                "type" | "typeof" => {
                    let (first, type_place) = self.cursor.word("a type")?;
                    let position = self.cursor.position();
                    self.cursor.skip_statement();
                    let rest = self.cursor.text_from(position);
                    let whole = if rest.is_empty() { first } else { format!("{first} {rest}") };
                    kind = Some(set_type(&whole).ok_or_else(|| NftError::unsupported(type_place, format!("a set of {whole}")))?);
                }
                "flags" => loop {
                    let (flag, flag_place) = self.cursor.word("a flag")?;
                    if !matches!(flag.as_str(), "interval" | "constant") {
                        return Err(NftError::unsupported(flag_place, format!("a set with the flag {flag}")));
                    }
                    if !self.cursor.take_symbol(",") {
                        break;
                    }
                },
                "elements" => {
                    self.cursor.need_symbol("=")?;
                    content = Some(self.set_elements(kind.ok_or_else(|| NftError::syntax(place, "the set's type must come before its elements"))?)?);
                }
                "auto-merge" | "counter" => {}
                "comment" | "size" | "policy" => {
                    self.cursor.word_or_quoted("a value")?;
                }
                "timeout" | "gc-interval" => return Err(NftError::unsupported(place, "a set whose elements expire")),
                _ => return Err(NftError::syntax(place, format!("type, flags or elements is expected, but {word} is there"))),
            }
        }
        let place = self.cursor.place();
        let kind = kind.ok_or_else(|| NftError::syntax(place, format!("the set {name} has no type")))?;
        let empty = || kind.map_or_else(|| SetContent::Names(Vec::new()), |kind| SetContent::Numbers(kind, Vec::new()));
        self.sets.entry((family, table.to_owned())).or_default().insert(name, content.unwrap_or_else(empty));
        Ok(())
    }

    fn set_elements(&mut self, kind: Option<Numeric>) -> Result<SetContent, NftError> {
        self.cursor.need_symbol("{")?;
        Ok(match kind {
            Some(kind) => SetContent::Numbers(kind, tidy(value::elements(&mut self.cursor, |cursor| value::range(cursor, kind))?)),
            None => SetContent::Names(value::elements(&mut self.cursor, value::interface)?),
        })
    }

    /// Reads a chain's `type … hook …` and passes over its rules.
    fn chain_header(&mut self, family: Family, table: &str, name: String, place: Place) -> Result<(), NftError> {
        let mut header = Header::default();
        loop {
            self.cursor.skip_separators();
            if self.cursor.take_symbol("}") {
                break;
            }
            match self.cursor.peek_word() {
                Some("type") => self.hook(&mut header)?,
                Some("policy") => self.policy(&mut header)?,
                _ if matches!(self.cursor.peek(), Kind::End) => return Err(self.cursor.expected("}")),
                _ => self.cursor.skip_statement(),
            }
        }
        let base = header.base();
        if let Some(base) = base {
            self.bases.insert((family, table.to_owned(), name.clone()), base);
        }
        self.push(place, Command::AddChain {
            family,
            table: table.to_owned(),
            chain: Chain { name, base, rules: Vec::new() },
            policy: header.policy,
            must_be_new: false,
        });
        Ok(())
    }

    /// `type filter hook forward priority filter`
    fn hook(&mut self, header: &mut Header) -> Result<(), NftError> {
        self.cursor.need_word("type")?;
        let (kind, place) = self.cursor.word("filter, nat or route")?;
        let kind = match kind.as_str() {
            "filter" => ChainKind::Filter,
            "nat" => ChainKind::Nat,
            "route" => ChainKind::Route,
            _ => return Err(NftError::syntax(place, format!("filter, nat or route is expected, but {kind} is there"))),
        };
        self.cursor.need_word("hook")?;
        let (hook, place) = self.cursor.word("a hook")?;
        let hook = match hook.as_str() {
            "prerouting" => Hook::Prerouting,
            "input" => Hook::Input,
            "forward" => Hook::Forward,
            "output" => Hook::Output,
            "postrouting" => Hook::Postrouting,
            "ingress" | "egress" => return Err(NftError::unsupported(place, format!("the hook {hook}"))),
            _ => {
                let reason = format!("prerouting, input, forward, output or postrouting is expected, but {hook} is there");
                return Err(NftError::syntax(place, reason));
            }
        };
        let fits = match kind {
            ChainKind::Filter => true,
            ChainKind::Nat => hook != Hook::Forward,
            ChainKind::Route => hook == Hook::Output,
        };
        if !fits {
            return Err(NftError::syntax(place, "a chain of this type cannot be at this hook"));
        }
        self.cursor.need_word("priority")?;
        let priority = self.priority()?;
        if kind == ChainKind::Nat && priority <= -200 {
            return Err(NftError::syntax(place, "a nat chain's priority must be above -200, where connection tracking stands"));
        }
        header.hook = Some((kind, hook, priority));
        Ok(())
    }

    fn priority(&mut self) -> Result<i32, NftError> {
        let (word, place) = self.cursor.word("a priority")?;
        if let Ok(number) = word.parse() {
            return Ok(number);
        }
        let wrong = || NftError::syntax(place, format!("a priority is expected, but {word} is there"));
        let (_, base) = PRIORITIES.iter().find(|(name, _)| *name == word).ok_or_else(wrong)?;
        let sign = match self.cursor.peek_word() {
            Some("+") => 1,
            Some("-") => -1,
            _ => return Ok(*base),
        };
        self.cursor.advance();
        let offset = self.cursor.number("a number", 1_000_000)?;
        Ok(base.saturating_add(i32::try_from(offset).unwrap_or(0).saturating_mul(sign)))
    }

    fn policy(&mut self, header: &mut Header) -> Result<(), NftError> {
        self.cursor.need_word("policy")?;
        let (policy, place) = self.cursor.word("accept or drop")?;
        header.policy = Some(match policy.as_str() {
            "accept" => Policy::Accept,
            "drop" => Policy::Drop,
            _ => return Err(NftError::syntax(place, format!("accept or drop is expected, but {policy} is there"))),
        });
        Ok(())
    }

    /// Reads a chain's rules, its header known already.
    fn chain_rules(&mut self, family: Family, table: &str, chain: &str) -> Result<(), NftError> {
        loop {
            self.cursor.skip_separators();
            if self.cursor.take_symbol("}") {
                return Ok(());
            }
            if matches!(self.cursor.peek(), Kind::End) {
                return Err(self.cursor.expected("}"));
            }
            if matches!(self.cursor.peek_word(), Some("type" | "policy"))
                || (self.cursor.peek_word() == Some("comment") && matches!(self.cursor.peek_second(), Kind::Quoted(_)))
            {
                self.cursor.skip_statement();
                continue;
            }
            if let Err(error) = self.one_rule(family, table, chain, &Position::End).and_then(|()| self.end_of_statement()) {
                self.parsed.errors.push(error);
                if self.parsed.errors.len() >= MOST_ERRORS {
                    return Err(self.cursor.expected("fewer mistakes"));
                }
                self.cursor.skip_statement();
            }
        }
    }

    fn one_rule(&mut self, family: Family, table: &str, chain: &str, position: &Position) -> Result<(), NftError> {
        let place = self.cursor.place();
        let none = Sets::default();
        let sets = self.sets.get(&(family, table.to_owned())).unwrap_or(&none);
        let base = self.bases.get(&(family, table.to_owned(), chain.to_owned())).copied();
        let rules = rule(&mut self.cursor, &Around { family, base, sets }, &mut self.parsed.notes)?;
        self.push(place, Command::AddRule {
            family,
            table: table.to_owned(),
            chain: chain.to_owned(),
            position: position.clone(),
            rules,
        });
        Ok(())
    }

    /// `add`, `create`, `insert`, `replace`
    fn add(&mut self, object: &str, verb: &str, place: Place) -> Result<(), NftError> {
        if (verb == "insert" || verb == "replace") && object != "rule" {
            return Err(NftError::syntax(place, format!("rule is expected behind {verb}, but {object} is there")));
        }
        let Some(family) = self.family_or_skip(place)? else { return Ok(()) };
        let (table, _) = self.cursor.word("a table's name")?;
        let must_be_new = verb == "create";
        match object {
            "table" => {
                self.push(place, Command::AddTable { family, table: table.clone(), must_be_new });
                if self.cursor.take_symbol("{") { self.table_block(family, &table) } else { Ok(()) }
            }
            "chain" => {
                let (name, _) = self.cursor.word("a chain's name")?;
                if self.cursor.take_symbol("{") {
                    let start = self.cursor.position();
                    self.chain_header(family, &table, name.clone(), place)?;
                    let end = self.cursor.position();
                    self.cursor.go_to(start);
                    self.chain_rules(family, &table, &name)?;
                    self.cursor.go_to(end);
                    return Ok(());
                }
                let chain = Chain { name, base: None, rules: Vec::new() };
                self.push(place, Command::AddChain { family, table, chain, policy: None, must_be_new });
                Ok(())
            }
            "rule" => {
                let (chain, _) = self.cursor.word("a chain's name")?;
                let position = self.rule_position(verb)?;
                self.one_rule(family, &table, &chain, &position)
            }
            "set" => {
                let (name, _) = self.cursor.word("a set's name")?;
                self.cursor.need_symbol("{")?;
                self.push(place, Command::AddSet { family, table: table.clone() });
                self.set_block(family, &table, name)
            }
            "element" => self.add_elements(family, &table),
            _ => Err(NftError::unsupported(place, format!("the object {object}"))),
        }
    }

    fn rule_position(&mut self, verb: &str) -> Result<Position, NftError> {
        let before = verb == "insert";
        let place = self.cursor.place();
        let word = self.cursor.peek_word().filter(|word| matches!(*word, "index" | "handle" | "position")).map(str::to_owned);
        match word.as_deref() {
            Some("index") => {
                self.cursor.advance();
                let index = self.cursor.number("a number", u32::MAX)?;
                Ok(Position::Index { index: usize::try_from(index).unwrap_or(usize::MAX), before })
            }
            Some(_) => {
                self.cursor.advance();
                let handle = self.cursor.number("a handle", u32::MAX)?.into();
                Ok(if verb == "replace" { Position::Instead(handle) } else { Position::Handle { handle, before } })
            }
            None if verb == "replace" => Err(NftError::syntax(place, "handle is expected behind replace rule")),
            None => Ok(if before { Position::Start } else { Position::End }),
        }
    }

    fn add_elements(&mut self, family: Family, table: &str) -> Result<(), NftError> {
        let (name, place) = self.cursor.word("a set's name")?;
        let missing = || NftError::syntax(place, format!("there is no set {name} in this table"));
        let known = self.sets.get(&(family, table.to_owned())).and_then(|sets| sets.get(&name)).ok_or_else(missing)?;
        let used = self.parsed.commands.iter().any(|(_, command)| command.uses_set(&name));
        if used {
            return Err(NftError::unsupported(place, "adding elements to a set that a rule uses already"));
        }
        let kind = match known {
            SetContent::Names(_) => None,
            SetContent::Numbers(kind, _) => Some(*kind),
        };
        let more = self.set_elements(kind)?;
        if let Some(set) = self.sets.get_mut(&(family, table.to_owned())).and_then(|sets| sets.get_mut(&name)) {
            match (set, more) {
                (SetContent::Numbers(_, ranges), SetContent::Numbers(_, more)) => {
                    ranges.extend(more);
                    *ranges = tidy(std::mem::take(ranges));
                }
                (SetContent::Names(names), SetContent::Names(more)) => names.extend(more),
                _ => return Err(missing()),
            }
        }
        Ok(())
    }

    /// `flush`, `delete`, `destroy`
    fn remove(&mut self, object: &str, object_place: Place, verb: &str, place: Place) -> Result<(), NftError> {
        let must_exist = verb != "destroy";
        if object == "ruleset" && verb == "flush" {
            let family = match self.cursor.peek_word() {
                None => None,
                Some(_) => match self.family_only()? {
                    Some(family) => Some(family),
                    None => return Ok(()),
                },
            };
            self.sets.retain(|(of, _), _| family.is_some_and(|family| *of != family));
            self.push(place, Command::FlushRuleset { family });
            return Ok(());
        }
        let Some(family) = self.family_or_skip(place)? else { return Ok(()) };
        let (table, _) = self.cursor.word("a table's name")?;
        let command = match (object, verb) {
            ("table", "flush") => Command::FlushTable { family, table },
            ("table", _) => {
                self.sets.remove(&(family, table.clone()));
                Command::DeleteTable { family, table, must_exist }
            }
            ("chain", _) => {
                let (chain, _) = self.cursor.word("a chain's name")?;
                if verb == "flush" {
                    Command::FlushChain { family, table, chain }
                } else {
                    Command::DeleteChain { family, table, chain, must_exist }
                }
            }
            ("rule", "delete" | "destroy") => {
                let (chain, _) = self.cursor.word("a chain's name")?;
                let place = self.cursor.place();
                if !self.cursor.take_word("handle") {
                    return if self.cursor.peek_word() == Some("index") {
                        Err(NftError::syntax(place, "a rule is deleted by its handle, not by its index"))
                    } else {
                        Err(self.cursor.expected("handle"))
                    };
                }
                let handle = self.cursor.number("a handle", u32::MAX)?.into();
                Command::DeleteRule { family, table, chain, handle }
            }
            _ => return Err(NftError::unsupported(object_place, format!("the command {verb} {object}"))),
        };
        self.push(place, command);
        Ok(())
    }

    fn family_only(&mut self) -> Result<Option<Family>, NftError> {
        let (word, place) = self.cursor.word("a family")?;
        match word.as_str() {
            "ip" => Ok(Some(Family::Ip)),
            "inet" => Ok(Some(Family::Inet)),
            "ip6" | "arp" | "bridge" | "netdev" => Ok(None),
            _ => Err(NftError::syntax(place, format!("a family is expected, but {word} is there"))),
        }
    }
}

/// The kind of a set's elements: numbers of a kind, or names of interfaces.
fn set_type(name: &str) -> Option<Option<Numeric>> {
    Some(match name {
        "ifname" | "iifname" | "oifname" | "meta iifname" | "meta oifname" => None,
        "ip saddr" | "ip daddr" => Some(Numeric::Address),
        "tcp dport" | "tcp sport" | "udp dport" | "udp sport" | "th dport" | "th sport" => Some(Numeric::Port),
        "ip protocol" | "meta l4proto" => Some(Numeric::Protocol),
        "icmp type" => Some(Numeric::IcmpType),
        "meta mark" | "ct mark" => Some(Numeric::Mark),
        other => Some(Numeric::of_type(other)?),
    })
}

/// What a chain says about itself.
#[derive(Default)]
struct Header {
    hook: Option<(ChainKind, Hook, i32)>,
    policy: Option<Policy>,
}

impl Header {
    fn base(&self) -> Option<BaseChain> {
        let (kind, hook, priority) = self.hook?;
        Some(BaseChain { kind, hook, priority, policy: self.policy.unwrap_or(Policy::Accept) })
    }
}
