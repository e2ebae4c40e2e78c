//! Scripts: commands, and the blocks of tables, chains and sets.

use super::command::{Command, Position};
use super::cursor::Cursor;
use super::error::{NftError, Place};
use super::lexer::{Kind, tokens};
use super::rule::{Around, rule};
use super::sets::Sets;
use roundtrip_sim::netfilter::ruleset::{BaseChain, Chain, Family};
use std::collections::BTreeMap;

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
    pub(super) cursor: Cursor,
    pub(super) parsed: Parsed,
    /// Sets known so far; those of the rules that are there already, too.
    pub(super) sets: &'a mut BTreeMap<TableName, Sets>,
    /// Hooks of the base chains known so far.
    pub(super) bases: BTreeMap<(Family, String, String), BaseChain>,
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
            let start = self.cursor.position();
            let result = self.command().and_then(|()| self.end_of_statement());
            if let Err(error) = result {
                self.parsed.errors.push(error);
                // From its beginning, so that a block is passed as a whole.
                self.cursor.go_to(start);
                self.cursor.skip_statement();
                // A bracket too many would stop us for ever.
                self.cursor.take_symbol("}");
            }
        }
    }

    fn end_of_statement(&self) -> Result<(), NftError> {
        if self.cursor.at_end_of_statement() { Ok(()) } else { Err(self.cursor.expected("the end of the line")) }
    }

    pub(super) fn push(&mut self, place: Place, command: Command) {
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
            let start = self.cursor.position();
            let result = self.cursor.word("a statement").and_then(|(word, place)| statement(self, &word, place));
            if let Err(error) = result.and_then(|()| self.end_of_statement()) {
                if !self.parsed.errors.contains(&error) {
                    self.parsed.errors.push(error);
                }
                if self.parsed.errors.len() >= MOST_ERRORS {
                    return Err(self.cursor.expected("fewer mistakes"));
                }
                self.cursor.go_to(start);
                self.cursor.skip_statement();
            }
        }
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
        self.push(place, Command::AddRule { family, table: table.to_owned(), chain: chain.to_owned(), position: position.clone(), rules });
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
