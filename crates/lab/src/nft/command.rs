//! Commands as a person writes them, before it is known which places in which chains they mean.

use roundtrip_sim::netfilter::ruleset::{Chain, Family, Policy, Rule};

/// Where a rule goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// At the chain's end.
    End,
    /// At its front.
    Start,
    /// Before or behind the rule with this number, from 0.
    Index { index: usize, before: bool },
    /// Before or behind the rule with this handle.
    Handle { handle: u64, before: bool },
    /// In the place of the rule with this handle.
    Instead(u64),
}

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    FlushRuleset {
        family: Option<Family>,
    },
    AddTable {
        family: Family,
        table: String,
        must_be_new: bool,
    },
    DeleteTable {
        family: Family,
        table: String,
        must_exist: bool,
    },
    FlushTable {
        family: Family,
        table: String,
    },
    AddChain {
        family: Family,
        table: String,
        chain: Chain,
        policy: Option<Policy>,
        must_be_new: bool,
    },
    DeleteChain {
        family: Family,
        table: String,
        chain: String,
        must_exist: bool,
    },
    FlushChain {
        family: Family,
        table: String,
        chain: String,
    },
    /// A named set, of which nothing but its handle matters to the rest.
    AddSet {
        family: Family,
        table: String,
    },
    /// One rule as written; several in the simulation where it has a verdict map.
    AddRule {
        family: Family,
        table: String,
        chain: String,
        position: Position,
        rules: Vec<Rule>,
    },
    DeleteRule {
        family: Family,
        table: String,
        chain: String,
        handle: u64,
    },
}

impl Command {
    /// True if it is a rule with a condition on this named set.
    pub(super) fn uses_set(&self, name: &str) -> bool {
        let Self::AddRule { rules, .. } = self else { return false };
        rules.iter().any(|rule| rule.text.split([' ', '\t']).any(|word| word.strip_prefix('@') == Some(name)))
    }
}
