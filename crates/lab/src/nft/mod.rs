//! The language of nft(8), as far as its rules are simulated: reading with the place of every mistake, and printing.
//!
//! Sources: nft(8) for the language; the printed form is that of nftables 1.0.6, with which the kernel was recorded.

mod chain;
mod command;
mod condition;
mod cursor;
mod error;
mod expand;
mod key;
mod lexer;
mod names;
mod parser;
mod print;
mod rule;
mod sets;
mod state;
mod statement;
mod to_form;
mod value;

pub use error::{NftError, NftErrorKind, Place};
pub use names::ICMP_TYPES;
pub use parser::Note;
pub use print::{family, print};
pub use to_form::to_form;

use parser::TableName;
use roundtrip_sim::netfilter::ruleset::{NftCommand, Ruleset};
use sets::Sets;
use state::State;
use std::collections::BTreeMap;

/// The rules of one device, to which scripts are applied one after the other.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    state: State,
    sets: BTreeMap<TableName, Sets>,
}

/// What came of a script.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// What the script does, in the simulation's terms. Empty if there is a mistake in it.
    pub commands: Vec<NftCommand>,
    /// Mistakes. None of the script has taken effect then.
    pub errors: Vec<NftError>,
    /// The script reads well, but nft would refuse it at this point: what it changes is not there, or is there already.
    pub refused: Option<NftError>,
    /// What is understood with a difference.
    pub notes: Vec<Note>,
}

impl Rules {
    /// No rules.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The rules as they stand.
    #[must_use]
    pub const fn ruleset(&self) -> &Ruleset {
        &self.state.ruleset
    }

    /// The rules as they stand, taken out.
    #[must_use]
    pub fn into_ruleset(self) -> Ruleset {
        self.state.ruleset
    }

    /// The rules as they stand, as text that reads back as the same rules.
    #[must_use]
    pub fn print(&self) -> String {
        print::print_with_sets(&self.state.ruleset, &self.sets)
    }

    /// Applies a script, `nft -f`: all of it, or nothing.
    pub fn apply(&mut self, script: &str) -> Applied {
        let mut sets = self.sets.clone();
        let parsed = parser::parse(script, &mut sets);
        if !parsed.errors.is_empty() {
            return Applied { errors: parsed.errors, notes: parsed.notes, ..Applied::default() };
        }
        let mut state = self.state.clone();
        match state.apply(&parsed.commands) {
            Ok(commands) => {
                *self = Self { state, sets };
                Applied { commands, notes: parsed.notes, ..Applied::default() }
            }
            Err(error) => Applied { refused: Some(error), notes: parsed.notes, ..Applied::default() },
        }
    }
}

/// Reads a whole ruleset.
///
/// # Errors
///
/// Every mistake that was found, each with its place.
pub fn parse(text: &str) -> Result<Ruleset, Vec<NftError>> {
    let mut rules = Rules::new();
    let Applied { errors, refused, .. } = rules.apply(text);
    let errors: Vec<NftError> = errors.into_iter().chain(refused).collect();
    if errors.is_empty() { Ok(rules.into_ruleset()) } else { Err(errors) }
}
