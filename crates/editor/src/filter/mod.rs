//! Display filters in Wireshark's words: `tcp.flags.syn == 1 && ip.addr == 192.168.1.10`.
//!
//! The language is that of wireshark-filter(4), version 4: `==` and the other comparisons hold if one of the field's values
//! fits, `!=` if the field is there and none is equal; `===` and `!==` turn that round; a field alone holds where it is there; `and` binds
//! more closely than `or`. Slices, functions, macros and regular expressions are not part of it, and are refused by name.

mod error;
mod evaluate;
mod lexer;
mod parser;
mod suggest;
#[cfg(test)]
mod tests;

pub use error::{FilterError, Problem, Wanted};

use crate::dissect::{Dissection, Field};
use roundtrip_wire::Mac;
use std::net::Ipv4Addr;

/// A filter that can be asked of frames.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    expression: Expression,
    hint: Option<Hint>,
}

/// Something that the writer may not have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// A flag alone is in every frame of its protocol, set or not.
    FlagAlone(&'static str),
}

/// A test of a frame.
#[derive(Clone, Debug, PartialEq)]
enum Expression {
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Exists(Vec<&'static Field>),
    Compare { fields: Vec<&'static Field>, relation: Relation, value: Literal },
    In { fields: Vec<&'static Field>, ranges: Vec<(Literal, Literal)> },
}

/// How a field's values are held against another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    AnyEqual,
    AllEqual,
    AnyDiffers,
    AllDiffer,
    Greater,
    Less,
    AtLeast,
    AtMost,
    Contains,
    Bits,
}

/// A value that was written.
#[derive(Clone, Debug, PartialEq)]
enum Literal {
    Number(i128),
    Mac(Mac),
    /// An address with the length of its prefix.
    Network(Ipv4Addr, u8),
    /// Nanoseconds.
    Time(i128),
    Bytes(Vec<u8>),
}

impl Filter {
    /// Reads a filter. A text without a word filters nothing and is none.
    ///
    /// # Errors
    ///
    /// If it is no filter: what is wrong, and where.
    pub fn parse(text: &str) -> Result<Option<Self>, FilterError> {
        let tokens = lexer::tokens(text)?;
        if tokens.is_empty() {
            return Ok(None);
        }
        let (expression, hint) = parser::parse(text, &tokens)?;
        Ok(Some(Self { expression, hint }))
    }

    /// True if a frame passes.
    #[must_use]
    pub fn passes(&self, frame: &Dissection<'_>) -> bool {
        self.expression.holds(frame)
    }

    /// What the writer may not have meant.
    #[must_use]
    pub const fn hint(&self) -> Option<&Hint> {
        self.hint.as_ref()
    }
}

/// Names of fields that begin with what is being written at the end of a text, the shortest first: for completion.
#[must_use]
pub fn completions(text: &str) -> Vec<&'static str> {
    let start = text.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')).map_or(0, |place| place.saturating_add(1));
    let begun = text.get(start..).unwrap_or("");
    suggest::beginning_with(begun)
}

/// Filters that people often want, to choose from.
pub const EXAMPLES: &[&str] = &[
    "arp",
    "icmp",
    "icmp.type == 5",
    "tcp",
    "tcp.flags.syn == 1",
    "tcp.flags.reset == 1",
    "tcp.analysis.flags",
    "tcp.analysis.retransmission",
    "tcp.analysis.duplicate_ack",
    "ip.addr == 192.168.1.0/24",
    "ip.ttl < 10",
    "tcp.port == 80",
    "tcp.len > 0",
    "udp",
];
