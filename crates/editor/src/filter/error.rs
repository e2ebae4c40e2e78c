//! What can be wrong with a filter, and where.

use crate::dissect::Kind;
use std::ops::Range;

/// A fault of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Which part of the text, in bytes.
    pub at: Range<usize>,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No field has this name.
    UnknownField {
        /// As it was written.
        name: String,
        /// The nearest that there is, if one is near.
        nearest: Option<&'static str>,
    },
    /// Something else was to come here.
    Expected(Wanted),
    /// A field holds nothing of this kind.
    WrongValue {
        /// The field.
        field: &'static str,
        /// What it holds.
        kind: Kind,
        /// As it was written.
        value: String,
    },
    /// A field holds no value that could be compared so.
    NotComparable {
        /// The field.
        field: &'static str,
    },
    /// A parenthesis, brace or quotation mark is not closed.
    Unclosed(char),
    /// A character that means nothing here.
    Stray(char),
    /// One equals sign.
    SingleEquals,
    /// Something that Wireshark has and this has not.
    Unsupported(&'static str),
    /// Too many levels of parentheses and negations, or too many tests.
    TooDeep,
}

/// What was to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A field, a negation or a parenthesis.
    Test,
    /// A value to compare with.
    Value,
    /// `and`, `or`, or the end.
    Connective,
    /// `{` behind `in`.
    Set,
}
