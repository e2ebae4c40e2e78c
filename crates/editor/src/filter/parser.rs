//! From words to tests.

use super::error::{FilterError, Problem, Wanted};
use super::lexer::{Token, TokenKind};
use super::{Expression, Hint, Literal, Relation, suggest};
use crate::dissect::field::{ALIASES, field};
use crate::dissect::{Field, Kind};
use roundtrip_wire::Mac;
use std::net::Ipv4Addr;
use std::ops::Range;

/// Parentheses and negations within each other.
const DEEPEST: u32 = 60;
/// Tests in one filter.
const MOST_TESTS: u32 = 500;

/// Reads the whole of it.
pub(super) fn parse(text: &str, tokens: &[Token]) -> Result<(Expression, Option<Hint>), FilterError> {
    let mut parser = Parser { tokens, place: 0, end: text.trim_end().len(), depth: 0, tests: 0, hint: None };
    let expression = parser.either()?;
    match parser.peek() {
        None => Ok((expression, parser.hint)),
        Some(TokenKind::Sign("~")) => Err(parser.fault(Problem::Unsupported("~"))),
        Some(_) => Err(parser.fault(Problem::Expected(Wanted::Connective))),
    }
}

struct Parser<'t> {
    tokens: &'t [Token],
    place: usize,
    /// Where the text ends.
    end: usize,
    depth: u32,
    tests: u32,
    hint: Option<Hint>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.place).map(|token| &token.kind)
    }

    /// Where the next word stands; right behind the last one if there is none.
    fn here(&self) -> Range<usize> {
        self.tokens.get(self.place).map_or(self.end..self.end, |token| token.at.clone())
    }

    fn fault(&self, problem: Problem) -> FilterError {
        FilterError { at: self.here(), problem }
    }

    fn next(&mut self) -> Option<&Token> {
        let token = self.tokens.get(self.place)?;
        self.place = self.place.saturating_add(1);
        Some(token)
    }

    /// Takes a sign, or the word that means the same.
    fn takes(&mut self, sign: &str, words: &[&str]) -> bool {
        let found = match self.peek() {
            Some(TokenKind::Sign(found)) => *found == sign,
            Some(TokenKind::Word(word)) => words.iter().any(|other| word.eq_ignore_ascii_case(other)),
            _ => false,
        };
        if found {
            self.place = self.place.saturating_add(1);
        }
        found
    }

    fn either(&mut self) -> Result<Expression, FilterError> {
        let mut left = self.both()?;
        while self.takes("||", &["or"]) {
            left = Expression::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Expression, FilterError> {
        let mut left = self.test()?;
        while self.takes("&&", &["and"]) {
            left = Expression::And(Box::new(left), Box::new(self.test()?));
        }
        Ok(left)
    }

    fn test(&mut self) -> Result<Expression, FilterError> {
        self.depth = self.depth.saturating_add(1);
        self.tests = self.tests.saturating_add(1);
        if self.depth > DEEPEST || self.tests > MOST_TESTS {
            return Err(self.fault(Problem::TooDeep));
        }
        let test = self.test_within();
        self.depth = self.depth.saturating_sub(1);
        test
    }

    fn test_within(&mut self) -> Result<Expression, FilterError> {
        if self.takes("!", &["not"]) {
            return Ok(Expression::Not(Box::new(self.test()?)));
        }
        let opening = self.here();
        match self.peek() {
            Some(TokenKind::Open) => {
                self.place = self.place.saturating_add(1);
                let within = self.either()?;
                match self.peek() {
                    Some(TokenKind::Close) => {
                        self.place = self.place.saturating_add(1);
                        Ok(within)
                    }
                    Some(_) => Err(self.fault(Problem::Expected(Wanted::Connective))),
                    None => Err(FilterError { at: opening, problem: Problem::Unclosed('(') }),
                }
            }
            Some(TokenKind::Word(word)) => {
                let word = word.clone();
                self.fields(&word)
            }
            _ => Err(self.fault(Problem::Expected(Wanted::Test))),
        }
    }

    /// A field, alone or compared.
    fn fields(&mut self, word: &str) -> Result<Expression, FilterError> {
        let quantified = ["any", "all"].contains(&word)
            && matches!(self.tokens.get(self.place.saturating_add(1)), Some(Token { kind: TokenKind::Word(_), .. }));
        let function = matches!(self.tokens.get(self.place.saturating_add(1)), Some(Token { kind: TokenKind::Open, .. }));
        if quantified {
            return Err(self.fault(Problem::Unsupported("any … / all …")));
        }
        if function {
            return Err(self.fault(Problem::Unsupported("f(…)")));
        }
        let name = word.to_ascii_lowercase();
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
        let fields: Vec<&'static Field> = match alias {
            Some((_, names)) => names.iter().filter_map(|name| field(name)).collect(),
            None => field(&name).into_iter().collect(),
        };
        let Some(first) = fields.first().copied() else {
            let problem = Problem::UnknownField { name: word.to_owned(), nearest: suggest::nearest(&name) };
            return Err(self.fault(problem));
        };
        let named = alias.map_or(first.name, |(alias, _)| alias);
        self.place = self.place.saturating_add(1);
        if self.takes("", &["in"]) {
            let ranges = self.set(named, first.kind)?;
            return Ok(Expression::In { fields, ranges });
        }
        let Some(relation) = self.relation()? else {
            if first.kind == Kind::Flag && self.hint.is_none() {
                self.hint = Some(Hint::FlagAlone(first.name));
            }
            return Ok(Expression::Exists(fields));
        };
        let value = self.value(named, first.kind, relation)?;
        Ok(Expression::Compare { fields, relation, value })
    }

    fn relation(&mut self) -> Result<Option<Relation>, FilterError> {
        const RELATIONS: [(&str, &[&str], Relation); 11] = [
            ("==", &["eq", "any_eq"], Relation::AnyEqual),
            ("===", &["all_eq"], Relation::AllEqual),
            ("!=", &["ne", "all_ne"], Relation::AllDiffer),
            ("!==", &["any_ne"], Relation::AnyDiffers),
            ("~=", &[], Relation::AnyDiffers),
            (">=", &["ge"], Relation::AtLeast),
            ("<=", &["le"], Relation::AtMost),
            (">", &["gt"], Relation::Greater),
            ("<", &["lt"], Relation::Less),
            ("&", &["bitwise_and"], Relation::Bits),
            ("contains", &["contains"], Relation::Contains),
        ];
        for (sign, words, relation) in RELATIONS {
            if self.takes(sign, words) {
                return Ok(Some(relation));
            }
        }
        match self.peek() {
            Some(TokenKind::Sign("~")) => Err(self.fault(Problem::Unsupported("~"))),
            Some(TokenKind::Word(word)) if word.eq_ignore_ascii_case("matches") => Err(self.fault(Problem::Unsupported("matches"))),
            _ => Ok(None),
        }
    }

    fn set(&mut self, name: &'static str, kind: Kind) -> Result<Vec<(Literal, Literal)>, FilterError> {
        let opening = self.here();
        if self.peek() != Some(&TokenKind::OpenSet) {
            return Err(self.fault(Problem::Expected(Wanted::Set)));
        }
        self.place = self.place.saturating_add(1);
        let mut ranges = Vec::new();
        loop {
            match self.peek() {
                None => return Err(FilterError { at: opening, problem: Problem::Unclosed('{') }),
                Some(TokenKind::CloseSet) if !ranges.is_empty() => {
                    self.place = self.place.saturating_add(1);
                    return Ok(ranges);
                }
                Some(TokenKind::Comma) if !ranges.is_empty() => self.place = self.place.saturating_add(1),
                _ => {
                    let from = self.value(name, kind, Relation::AnyEqual)?;
                    let to = if self.takes("..", &[]) { self.value(name, kind, Relation::AnyEqual)? } else { from.clone() };
                    ranges.push((from, to));
                }
            }
        }
    }

    /// A value of a field's kind.
    fn value(&mut self, name: &'static str, kind: Kind, relation: Relation) -> Result<Literal, FilterError> {
        let at = self.here();
        let (word, quoted) = match self.next().map(|token| token.kind.clone()) {
            Some(TokenKind::Word(word)) => (word, false),
            Some(TokenKind::Quoted(text)) => (text, true),
            _ => return Err(FilterError { at, problem: Problem::Expected(Wanted::Value) }),
        };
        let wrong = || FilterError { at: at.clone(), problem: Problem::WrongValue { field: name, kind, value: word.clone() } };
        if relation == Relation::Contains {
            if !matches!(kind, Kind::Protocol | Kind::Bytes | Kind::Text) {
                return Err(FilterError { at, problem: Problem::NotComparable { field: name } });
            }
            let bytes = if quoted { None } else { hexadecimal(&word) };
            return Ok(Literal::Bytes(bytes.unwrap_or_else(|| word.clone().into_bytes())));
        }
        match kind {
            Kind::Protocol | Kind::Mark => Err(FilterError { at, problem: Problem::NotComparable { field: name } }),
            Kind::Number | Kind::Hex(_) => number(&word).map(Literal::Number).ok_or_else(wrong),
            Kind::Flag => flag(&word).map(Literal::Number).ok_or_else(wrong),
            Kind::Mac => word.parse::<Mac>().map(Literal::Mac).map_err(|_| wrong()),
            Kind::Ipv4 => network(&word).ok_or_else(wrong),
            Kind::Time => nanoseconds(&word).map(Literal::Time).ok_or_else(wrong),
            Kind::Text => Ok(Literal::Bytes(word.into_bytes())),
            Kind::Bytes => hexadecimal(&word)
                .map(Literal::Bytes)
                .or_else(|| quoted.then(|| Literal::Bytes(word.clone().into_bytes())))
                .ok_or_else(wrong),
        }
    }
}

fn number(word: &str) -> Option<i128> {
    let (negative, digits) = word.strip_prefix('-').map_or((false, word), |digits| (true, digits));
    let lower = digits.to_ascii_lowercase();
    let number = match lower.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok()?,
        None => lower.parse::<u64>().ok().filter(|_| lower.bytes().all(|byte| byte.is_ascii_digit()))?,
    };
    let number = i128::from(number);
    Some(if negative { number.saturating_neg() } else { number })
}

fn flag(word: &str) -> Option<i128> {
    match word.to_ascii_lowercase().as_str() {
        "true" => Some(1),
        "false" => Some(0),
        other => number(other),
    }
}

fn network(word: &str) -> Option<Literal> {
    let (address, length) = match word.split_once('/') {
        Some((address, length)) => (address, length.parse::<u8>().ok().filter(|length| *length <= 32)?),
        None => (word, 32),
    };
    Some(Literal::Network(address.parse::<Ipv4Addr>().ok()?, length))
}

/// Seconds, with up to nine digits behind the point.
fn nanoseconds(word: &str) -> Option<i128> {
    let (whole, part) = word.split_once('.').unwrap_or((word, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !digits(whole) || !digits(part) || part.len() > 9 || whole.len() > 12 {
        return None;
    }
    let seconds: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let nanos: i128 = format!("{part:0<9}").parse().ok()?;
    seconds.checked_mul(1_000_000_000)?.checked_add(nanos)
}

/// Pairs of digits with colons, dots or hyphens between them.
fn hexadecimal(word: &str) -> Option<Vec<u8>> {
    let pairs: Vec<&str> = word.split([':', '.', '-']).collect();
    let byte = |pair: &&str| (pair.len() == 2).then(|| u8::from_str_radix(pair, 16).ok()).flatten();
    pairs.iter().map(byte).collect::<Option<Vec<u8>>>().filter(|bytes| !bytes.is_empty())
}
