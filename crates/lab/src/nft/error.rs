//! What is wrong with rules, and where.

use super::lexer::Kind;
use std::fmt;

/// A place in a text, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column, in characters.
    pub column: usize,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NftErrorKind {
    /// It is not the language of nft(8), or nft itself refuses it; in words.
    Syntax(String),
    /// It is, but this is not simulated.
    Unsupported(String),
}

/// A mistake in rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NftError {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: NftErrorKind,
}

impl NftError {
    pub(super) fn syntax(place: Place, reason: impl Into<String>) -> Self {
        Self { place, kind: NftErrorKind::Syntax(reason.into()) }
    }

    pub(super) fn unsupported(place: Place, construct: impl Into<String>) -> Self {
        Self { place, kind: NftErrorKind::Unsupported(construct.into()) }
    }

    pub(super) fn expected(place: Place, expected: &str, found: &Kind) -> Self {
        let found = match found {
            Kind::Word(word) => word.clone(),
            Kind::Quoted(text) => format!("\"{text}\""),
            Kind::Symbol(symbol) => (*symbol).to_owned(),
            Kind::Separator => "the end of the line".to_owned(),
            Kind::End => "the end of the text".to_owned(),
        };
        Self::syntax(place, format!("{expected} is expected, but {found} is there"))
    }
}

impl fmt::Display for NftError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column } = self.place;
        match &self.kind {
            NftErrorKind::Syntax(reason) => write!(f, "line {line}, column {column}: {reason}"),
            NftErrorKind::Unsupported(construct) => write!(f, "line {line}, column {column}: {construct} is not simulated"),
        }
    }
}

impl std::error::Error for NftError {}
