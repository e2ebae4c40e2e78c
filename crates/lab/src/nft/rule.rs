//! One rule: conditions and statements, from left to right.

use super::condition::{self, Condition};
use super::cursor::Cursor;
use super::error::{NftError, Place};
use super::expand;
use super::key::{self, Key, TCP};
use super::lexer::Kind;
use super::parser::Note;
use super::sets::Sets;
use super::statement::{self, Done};
use super::value;
use roundtrip_sim::netfilter::ruleset::{BaseChain, Family, Match, RejectWith, Rule, Statement, Test};
use roundtrip_wire::order;

/// What a rule is read in.
pub(super) struct Around<'a> {
    pub(super) family: Family,
    /// The chain's hook, if it is known to have one.
    pub(super) base: Option<BaseChain>,
    pub(super) sets: &'a Sets,
}

/// A piece of a rule, with what is needed to print the rule as nft would.
struct Piece {
    text: String,
    kind: PieceKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PieceKind {
    /// Names one protocol by `meta l4proto`, or by `ip protocol` in a table for IPv4 only.
    Names(u8),
    /// Needs a protocol, which a name of it in front is not needed for.
    Needs(u8),
    /// Names the family, which what looks into the IPv4 header says as well.
    NamesFamily,
    /// Looks into the IPv4 header.
    NeedsFamily,
    /// Any other condition.
    Other,
    /// A statement.
    Statement,
    /// A rejection, which in a table for IPv4 only says its protocol by itself.
    Rejection(Option<u8>),
}

impl PieceKind {
    /// True if it makes a name of this kind in front of it needless.
    fn implies(self, name: Self) -> bool {
        match (name, self) {
            (Self::Names(named), Self::Needs(needed) | Self::Rejection(Some(needed))) => named == needed,
            (Self::NamesFamily, Self::NeedsFamily | Self::Rejection(_)) => true,
            _ => false,
        }
    }
}

/// What is done for some values of a key.
pub(super) type Branch = (Condition, Statement);

#[derive(Default)]
struct Build {
    matches: Vec<Match>,
    pieces: Vec<Piece>,
    counter: bool,
    done: Option<Statement>,
    /// What is changed before something decides.
    changes: Vec<Statement>,
    branches: Vec<Branch>,
    /// Conditions of which one combination must hold.
    combinations: Vec<Vec<Match>>,
    protocols: Option<Vec<u8>>,
    ipv4: bool,
    limited: bool,
    comment: Option<String>,
}

/// Reads a rule to the end of its statement. It becomes several where it has a map or several fields at
/// once, which are asked as one.
pub(super) fn rule(cursor: &mut Cursor, around: &Around<'_>, notes: &mut Vec<Note>) -> Result<Vec<Rule>, NftError> {
    let mut build = Build::default();
    let start = cursor.place();
    while !cursor.at_end_of_statement() {
        let place = cursor.place();
        if cursor.take_word("comment") {
            build.comment = Some(cursor.word_or_quoted("a comment")?.0);
            continue;
        }
        if build.done.is_some() {
            return Err(NftError::syntax(place, "nothing can follow what decides"));
        }
        let before = cursor.position();
        match key::key(cursor, around.family)? {
            Some(_) if !build.changes.is_empty() => {
                return Err(NftError::unsupported(place, "a condition behind a statement that sets something (two rules can do it)"));
            }
            Some(Some(key)) => {
                if build.counter {
                    notes.push(Note::new(place, "a counter in front of a condition counts only the packets that meet the whole rule"));
                }
                build.condition(cursor, key, around)?;
            }
            Some(None) => {
                cursor.skip_statement();
                let text = cursor.text_from(before);
                notes.push(Note::new(place, "a rule about IPv6 never holds, since there is only IPv4 here"));
                build.matches.push(condition::never());
                build.pieces.push(Piece { text, kind: PieceKind::Other });
            }
            None => build.statement(cursor, around)?,
        }
    }
    if build.pieces.is_empty() && build.done.is_none() && !build.counter {
        return Err(NftError::syntax(start, "the rule is empty"));
    }
    Ok(build.finish())
}

impl Build {
    fn condition(&mut self, cursor: &mut Cursor, key: Key, around: &Around<'_>) -> Result<(), NftError> {
        let place = cursor.place();
        if !self.branches.is_empty() {
            return Err(NftError::unsupported(place, "a condition behind a verdict map"));
        }
        if let Some(protocol) = key.layer4() {
            self.require(protocol, place)?;
        }
        self.ipv4 |= key.needs_ipv4();
        if cursor.take_word("vmap") {
            return self.verdict_map(cursor, key);
        }
        if cursor.peek_word() == Some(".") {
            return self.concatenation(cursor, key, around);
        }
        let mut condition = condition::condition(cursor, key, around.sets)?;
        let kind = match key {
            Key::Protocol(by_header) => match (condition.protocols.as_deref(), condition.matches.first()) {
                (Some([one]), Some(Match::Protocol(Test { negated: false, .. }))) if !by_header || around.family == Family::Ip => {
                    PieceKind::Names(*one)
                }
                _ => PieceKind::Other,
            },
            Key::Always("meta nfproto", _) => PieceKind::NamesFamily,
            _ if key.layer4().is_some() => key.layer4().map_or(PieceKind::Other, PieceKind::Needs),
            _ if key.needs_ipv4() => PieceKind::NeedsFamily,
            _ => PieceKind::Other,
        };
        if matches!(key, Key::Always("meta protocol", _)) && around.family == Family::Ip && condition.matches.is_empty() {
            // There is nothing else in such a table, so that nft does not even say it.
            condition.text.clear();
        }
        if matches!(key, Key::SourcePort(None) | Key::DestinationPort(None))
            && let Some([one @ (6 | 17)]) = self.protocols.as_deref()
        {
            // With the protocol known, nft prints the port as that protocol's.
            let name = if *one == TCP { "tcp" } else { "udp" };
            condition.text = condition.text.replacen("th", name, 1);
            self.pieces.push(Piece { text: condition.text, kind: PieceKind::Needs(*one) });
            for of in &mut condition.matches {
                if let Match::SourcePort { protocol, .. } | Match::DestinationPort { protocol, .. } = of {
                    *protocol = Some(*one);
                }
            }
            self.matches.append(&mut condition.matches);
            return Ok(());
        }
        if let Some(protocols) = condition.protocols {
            self.narrow(&protocols, place)?;
        }
        self.matches.append(&mut condition.matches);
        self.pieces.push(Piece { text: condition.text, kind });
        Ok(())
    }

    /// Makes sure that the packet is of this protocol before anything of it is looked at.
    fn require(&mut self, protocol: u8, place: Place) -> Result<(), NftError> {
        if self.protocols.as_deref() != Some(&[protocol]) {
            self.narrow(&[protocol], place)?;
            self.matches.push(Match::Protocol(Test { negated: false, any_of: vec![protocol] }));
        }
        Ok(())
    }

    fn narrow(&mut self, protocols: &[u8], place: Place) -> Result<(), NftError> {
        let left: Vec<u8> = match &self.protocols {
            Some(known) => known.iter().copied().filter(|protocol| protocols.contains(protocol)).collect(),
            None => protocols.to_vec(),
        };
        if left.is_empty() {
            return Err(NftError::syntax(place, "the rule asks for two different protocols, so that it never holds"));
        }
        self.protocols = Some(left);
        Ok(())
    }

    fn verdict_map(&mut self, cursor: &mut Cursor, key: Key) -> Result<(), NftError> {
        let place = cursor.place();
        if self.limited {
            return Err(NftError::unsupported(place, "a verdict map behind a limit"));
        }
        if !cursor.take_symbol("{") {
            return Err(NftError::unsupported(place, "a named verdict map"));
        }
        let mut elements = value::elements(cursor, |cursor| Ok((expand::value(cursor, key)?, verdict(cursor)?)))?;
        order::sort_by_key(&mut elements, |(value, _)| value.order);
        if elements.is_empty() {
            return Err(NftError::syntax(place, "the map is empty"));
        }
        let shown: Vec<String> =
            elements.iter().map(|(value, verdict)| format!("{} : {}", value.shown, statement::text(verdict))).collect();
        self.pieces.push(Piece {
            text: format!("{} vmap {{ {} }}", key.text(), shown.join(", ")),
            kind: key.layer4().map_or(PieceKind::Other, PieceKind::Needs),
        });
        self.branches = elements.into_iter().map(|(value, verdict)| (value.condition, verdict)).collect();
        Ok(())
    }

    /// Several fields at once, each combination of which becomes a rule of its own.
    fn concatenation(&mut self, cursor: &mut Cursor, first: Key, around: &Around<'_>) -> Result<(), NftError> {
        let place = cursor.place();
        if self.limited || !self.combinations.is_empty() {
            return Err(NftError::unsupported(place, "a concatenation of fields behind a limit or another concatenation"));
        }
        let mut keys = vec![first];
        while cursor.take_word(".") {
            let place = cursor.place();
            let Some(Some(key)) = key::key(cursor, around.family)? else { return Err(cursor.expected("a field")) };
            if let Some(protocol) = key.layer4() {
                self.require(protocol, place)?;
            }
            self.ipv4 |= key.needs_ipv4();
            keys.push(key);
        }
        cursor.take_symbol("==");
        if !cursor.take_symbol("{") {
            return Err(NftError::unsupported(cursor.place(), "a concatenation of fields compared with anything but a list in brackets"));
        }
        let combinations = value::elements(cursor, |cursor| expand::combination(cursor, &keys))?;
        if combinations.is_empty() {
            return Err(NftError::syntax(place, "the set is empty"));
        }
        let names: Vec<&str> = keys.iter().map(|key| key.text()).collect();
        let shown: Vec<&str> = combinations.iter().map(|(shown, _)| shown.as_str()).collect();
        self.pieces.push(Piece { text: format!("{} {{ {} }}", names.join(" . "), shown.join(", ")), kind: PieceKind::Other });
        self.combinations = combinations.into_iter().map(|(_, matches)| matches).collect();
        Ok(())
    }

    fn statement(&mut self, cursor: &mut Cursor, around: &Around<'_>) -> Result<(), NftError> {
        let place = cursor.place();
        if cursor.take_word("counter") {
            statement::counter(cursor)?;
            self.counter = true;
            self.pieces.push(Piece { text: "counter".to_owned(), kind: PieceKind::Statement });
            return Ok(());
        }
        if cursor.take_word("limit") {
            if !self.branches.is_empty() || !self.combinations.is_empty() {
                return Err(NftError::unsupported(place, "a limit behind a verdict map or a concatenation of fields"));
            }
            let condition = condition::limit(cursor)?;
            self.limited = true;
            self.matches.extend(condition.matches);
            self.pieces.push(Piece { text: condition.text, kind: PieceKind::Statement });
            return Ok(());
        }
        let Done { statement, text, needs_protocol, map } = statement::statement(cursor, around, self.ipv4)?;
        if let Some((key, branches)) = map {
            if !self.branches.is_empty() {
                return Err(NftError::unsupported(place, "a map behind a verdict map"));
            }
            if let Some(protocol) = key.layer4() {
                self.require(protocol, place)?;
            }
            self.branches = branches;
            self.pieces.push(Piece { text, kind: PieceKind::Statement });
            return if cursor.at_end_of_statement() || cursor.peek_word() == Some("comment") {
                Ok(())
            } else {
                Err(NftError::syntax(cursor.place(), "nothing can follow what decides"))
            };
        }
        if needs_protocol && self.protocols.is_none() {
            return Err(NftError::syntax(place, "a port can be translated only behind a condition on tcp or udp"));
        }
        let mut kind = PieceKind::Statement;
        if let Some(Statement::Reject(with)) = &statement {
            let told = self.pieces.iter().any(|piece| piece.kind == PieceKind::Statement);
            let named = self.pieces.iter().any(|piece| piece.kind == PieceKind::NamesFamily);
            let ipv4 = self.ipv4 || named;
            let hint = statement::reject_condition(*with, &text, around.family, told, ipv4, self.protocols.as_deref());
            if let Some(hint) = hint {
                self.pieces.insert(0, Piece { text: hint.to_owned(), kind: PieceKind::Other });
            }
            let mut implied = None;
            if *with == RejectWith::TcpReset {
                self.require(TCP, place)?;
                implied = Some(TCP).filter(|_| around.family == Family::Ip);
            }
            kind = PieceKind::Rejection(implied);
        }
        self.pieces.push(Piece { text, kind });
        match statement {
            // A log entry leaves no trace here, so that a rule that goes on to decide is only that.
            None | Some(Statement::Log) if !cursor.at_end_of_statement() => {}
            Some(statement @ (Statement::SetMark(_) | Statement::SetCtMark(_) | Statement::SetMaxSegment(_))) => {
                if !self.branches.is_empty() {
                    return Err(NftError::unsupported(place, "a statement behind a verdict map (a further rule can do it)"));
                }
                if matches!(statement, Statement::SetMaxSegment(_)) && self.protocols.as_deref() != Some(&[TCP]) {
                    // Where there is no TCP header the kernel leaves the rule.
                    self.matches.push(Match::Protocol(Test { negated: false, any_of: vec![TCP] }));
                }
                self.changes.push(statement);
            }
            other => self.done = other,
        }
        if self.done.is_some() && !self.branches.is_empty() {
            return Err(NftError::unsupported(place, "a verdict behind a verdict map (a further rule can do it)"));
        }
        Ok(())
    }

    /// The rule's text as `nft list ruleset` prints it.
    fn text(&self) -> String {
        let mut words: Vec<&str> = Vec::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            let following = self.pieces.get(index.saturating_add(1)..).unwrap_or_default();
            let implied = following.iter().take_while(|next| next.kind != PieceKind::Statement).any(|next| next.kind.implies(piece.kind));
            if !implied && !piece.text.is_empty() {
                words.push(&piece.text);
            }
        }
        let mut text = words.join(" ");
        if let Some(comment) = &self.comment {
            text.push_str(&format!(" comment \"{comment}\""));
        }
        text
    }

    fn finish(self) -> Vec<Rule> {
        let text: std::sync::Arc<str> = self.text().into();
        let counter = self.counter;
        // From the right: each change is made before what follows it.
        let done = self.changes.into_iter().rev().fold(self.done, |then, change| {
            Some(match then {
                Some(then) => Statement::Also(Box::new(change), Box::new(then)),
                None => change,
            })
        });
        let combinations = if self.combinations.is_empty() { vec![Vec::new()] } else { self.combinations };
        let branches: Vec<(Vec<Match>, Option<Statement>)> = if self.branches.is_empty() {
            vec![(Vec::new(), done)]
        } else {
            self.branches.into_iter().map(|(condition, verdict)| (condition.matches, Some(verdict))).collect()
        };
        let mut rules = Vec::with_capacity(combinations.len().saturating_mul(branches.len()));
        for combination in &combinations {
            for (branch, verdict) in &branches {
                let matches = self.matches.iter().chain(combination).chain(branch).cloned().collect();
                rules.push(Rule { matches, counter, verdict: verdict.clone(), text: text.clone() });
            }
        }
        rules
    }
}

/// The verdict of one element of a verdict map.
fn verdict(cursor: &mut Cursor) -> Result<Statement, NftError> {
    cursor.need_symbol(":")?;
    let (word, place) = cursor.word("a verdict")?;
    match word.as_str() {
        "accept" => Ok(Statement::Accept),
        "drop" => Ok(Statement::Drop),
        "return" => Ok(Statement::Return),
        "continue" => Ok(Statement::Continue),
        "jump" | "goto" if matches!(cursor.peek(), Kind::Word(_)) => {
            let (chain, _) = cursor.word("a chain")?;
            Ok(if word == "jump" { Statement::Jump(chain) } else { Statement::Goto(chain) })
        }
        _ => Err(NftError::syntax(place, format!("accept, drop, return, continue, jump or goto is expected, but {word} is there"))),
    }
}
