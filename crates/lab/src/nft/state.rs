//! The rules of a device as commands change them: the same bookkeeping that the kernel does, so that indexes and handles
//! can be told, and that a command which nft would refuse is refused here too.

use super::command::{Command, Position};
use super::error::{NftError, Place};
use super::parser::TableName;
use roundtrip_sim::netfilter::ruleset::{Chain, Family, NftCommand, Policy, Rule, Ruleset, Statement, Table};
use roundtrip_wire::order;
use std::collections::{BTreeMap, BTreeSet};

/// A rule as written: how many rules it is in the simulation, and its handle.
#[derive(Clone, Copy, Debug)]
struct Written {
    handle: u64,
    rules: usize,
}

#[derive(Clone, Debug, Default)]
struct TableNotes {
    /// The last handle given; the kernel counts chains, sets and rules of a table together.
    last_handle: u64,
    chains: BTreeMap<String, Vec<Written>>,
}

impl TableNotes {
    fn next_handle(&mut self) -> u64 {
        self.last_handle = self.last_handle.saturating_add(1);
        self.last_handle
    }
}

/// The rules at one moment.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) ruleset: Ruleset,
    notes: BTreeMap<TableName, TableNotes>,
}

impl State {
    /// Applies commands one after the other. The result is what the simulation has to do; an error leaves the rest undone.
    pub(super) fn apply(&mut self, commands: &[(Place, Command)]) -> Result<Vec<NftCommand>, NftError> {
        let mut out = Vec::new();
        for (place, command) in commands {
            self.apply_one(*place, command, &mut out)?;
        }
        if let (Some((place, _)), Some(reason)) = (commands.last(), self.broken_jump()) {
            return Err(NftError::syntax(*place, reason));
        }
        Ok(out)
    }

    fn apply_one(&mut self, place: Place, command: &Command, out: &mut Vec<NftCommand>) -> Result<(), NftError> {
        match command {
            Command::FlushRuleset { family: None } => {
                *self = Self::default();
                out.push(NftCommand::FlushRuleset);
            }
            Command::FlushRuleset { family: Some(family) } => {
                let tables: Vec<String> =
                    self.ruleset.tables.iter().filter(|table| table.family == *family).map(|table| table.name.clone()).collect();
                for table in tables {
                    self.delete_table(*family, &table, out);
                }
            }
            Command::AddTable { family, table, must_be_new } => {
                if self.table(*family, table).is_none() {
                    self.ruleset.tables.push(Table { family: *family, name: table.clone(), chains: Vec::new() });
                    self.notes.insert((*family, table.clone()), TableNotes::default());
                } else if *must_be_new {
                    return Err(NftError::syntax(place, format!("the table {table} is there already")));
                }
                out.push(NftCommand::AddTable { family: *family, table: table.clone() });
            }
            Command::DeleteTable { family, table, must_exist } => {
                if self.table(*family, table).is_some() {
                    self.delete_table(*family, table, out);
                } else if *must_exist {
                    return Err(no_table(place, table));
                }
            }
            Command::FlushTable { family, table } => {
                let known = self.table_mut(*family, table).ok_or_else(|| no_table(place, table))?;
                known.chains.iter_mut().for_each(|chain| chain.rules.clear());
                if let Some(notes) = self.notes.get_mut(&(*family, table.clone())) {
                    notes.chains.values_mut().for_each(Vec::clear);
                }
                out.push(NftCommand::FlushTable { family: *family, table: table.clone() });
            }
            Command::AddChain { family, table, chain, policy, must_be_new } => {
                self.add_chain(place, *family, table, chain, *policy, *must_be_new, out)?;
            }
            Command::DeleteChain { family, table, chain, must_exist } => {
                let known = self.table_mut(*family, table).ok_or_else(|| no_table(place, table))?;
                match known.chains.iter().position(|known| known.name == *chain) {
                    Some(index) => {
                        if known.chains.iter().flat_map(|known| &known.rules).any(|rule| target(rule) == Some(chain)) {
                            return Err(NftError::syntax(place, format!("the chain {chain} is still jumped to")));
                        }
                        known.chains.remove(index);
                    }
                    None if *must_exist => return Err(no_chain(place, chain)),
                    None => return Ok(()),
                }
                if let Some(notes) = self.notes.get_mut(&(*family, table.clone())) {
                    notes.chains.remove(chain);
                }
                out.push(NftCommand::DeleteChain { family: *family, table: table.clone(), chain: chain.clone() });
            }
            Command::FlushChain { family, table, chain } => {
                self.chain_mut(place, *family, table, chain)?.rules.clear();
                self.written(*family, table, chain).clear();
                out.push(NftCommand::FlushChain { family: *family, table: table.clone(), chain: chain.clone() });
            }
            Command::AddSet { family, table } => {
                self.table(*family, table).ok_or_else(|| no_table(place, table))?;
                self.notes.entry((*family, table.clone())).or_default().next_handle();
            }
            Command::AddRule { family, table, chain, position, rules } => {
                self.add_rule(place, *family, table, chain, position, rules, out)?;
            }
            Command::DeleteRule { family, table, chain, handle } => {
                self.chain_mut(place, *family, table, chain)?;
                let index = self.find(place, *family, table, chain, *handle)?;
                self.delete_rule(place, *family, table, chain, index, out)?;
            }
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one command")]
    fn add_chain(
        &mut self,
        place: Place,
        family: Family,
        table: &str,
        chain: &Chain,
        policy: Option<Policy>,
        must_be_new: bool,
        out: &mut Vec<NftCommand>,
    ) -> Result<(), NftError> {
        let known = self.table_mut(family, table).ok_or_else(|| no_table(place, table))?;
        let mut result = chain.clone();
        match known.chains.iter_mut().find(|known| known.name == chain.name) {
            Some(known) => {
                if must_be_new {
                    return Err(NftError::syntax(place, format!("the chain {} is there already", chain.name)));
                }
                match (&mut known.base, chain.base) {
                    (Some(old), Some(new)) if (old.kind, old.hook, old.priority) == (new.kind, new.hook, new.priority) => {
                        old.policy = policy.unwrap_or(old.policy);
                    }
                    (Some(old), None) => old.policy = policy.unwrap_or(old.policy),
                    (None, None) if policy.is_none() => {}
                    (None, None) => return Err(no_policy(place)),
                    _ => return Err(NftError::syntax(place, format!("the chain {} is there already with another hook", chain.name))),
                }
                result.base = known.base;
            }
            None if policy.is_some() && chain.base.is_none() => return Err(no_policy(place)),
            None => {
                known.chains.push(chain.clone());
                if let Some(notes) = self.notes.get_mut(&(family, table.to_owned())) {
                    notes.next_handle();
                    notes.chains.insert(chain.name.clone(), Vec::new());
                }
            }
        }
        out.push(NftCommand::AddChain { family, table: table.to_owned(), chain: result });
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one command")]
    fn add_rule(
        &mut self,
        place: Place,
        family: Family,
        table: &str,
        chain: &str,
        position: &Position,
        rules: &[Rule],
        out: &mut Vec<NftCommand>,
    ) -> Result<(), NftError> {
        self.chain_mut(place, family, table, chain)?;
        let count = self.written(family, table, chain).len();
        // Which of the written rules this one becomes, from 0.
        let slot = match position {
            Position::End => count,
            Position::Start => 0,
            Position::Index { index, before } => {
                if *index >= count {
                    return Err(NftError::syntax(place, format!("the chain {chain} has no rule with the index {index}")));
                }
                if *before { *index } else { index.saturating_add(1) }
            }
            Position::Handle { handle, before } => {
                let index = self.find(place, family, table, chain, *handle)?;
                if *before { index } else { index.saturating_add(1) }
            }
            Position::Instead(handle) => {
                let index = self.find(place, family, table, chain, *handle)?;
                self.delete_rule(place, family, table, chain, index, out)?;
                index
            }
        };
        let notes = self.notes.entry((family, table.to_owned())).or_default();
        for _ in 0..rules.first().map_or(0, sets_without_names) {
            notes.next_handle();
        }
        let handle = notes.next_handle();
        let written = self.written(family, table, chain);
        // At the end there is nothing to count, which is where nearly all rules go.
        let behind: usize = written.get(slot..).unwrap_or_default().iter().map(|written| written.rules).sum();
        written.insert(slot.min(written.len()), Written { handle, rules: rules.len() });
        let first = self.chain_mut(place, family, table, chain)?.rules.len().saturating_sub(behind);
        for (offset, rule) in rules.iter().enumerate() {
            let at = first.saturating_add(offset);
            let (insert, index) = match at {
                _ if behind == 0 => (false, None),
                0 => (true, None),
                at => (false, Some(at.saturating_sub(1))),
            };
            out.push(NftCommand::AddRule { family, table: table.to_owned(), chain: chain.to_owned(), insert, index, rule: rule.clone() });
            let known = self.chain_mut(place, family, table, chain)?;
            known.rules.insert(at.min(known.rules.len()), rule.clone());
        }
        Ok(())
    }

    fn delete_rule(
        &mut self,
        place: Place,
        family: Family,
        table: &str,
        chain: &str,
        index: usize,
        out: &mut Vec<NftCommand>,
    ) -> Result<(), NftError> {
        let written = self.written(family, table, chain);
        let first: usize = written.iter().take(index).map(|written| written.rules).sum();
        let Written { rules, .. } = written.remove(index);
        let known = self.chain_mut(place, family, table, chain)?;
        for _ in 0..rules {
            if first < known.rules.len() {
                known.rules.remove(first);
            }
            out.push(NftCommand::DeleteRule { family, table: table.to_owned(), chain: chain.to_owned(), index: first });
        }
        Ok(())
    }

    fn delete_table(&mut self, family: Family, table: &str, out: &mut Vec<NftCommand>) {
        self.ruleset.tables.retain(|known| known.family != family || known.name != table);
        self.notes.remove(&(family, table.to_owned()));
        out.push(NftCommand::DeleteTable { family, table: table.to_owned() });
    }

    fn table(&self, family: Family, table: &str) -> Option<&Table> {
        self.ruleset.tables.iter().find(|known| known.family == family && known.name == table)
    }

    fn table_mut(&mut self, family: Family, table: &str) -> Option<&mut Table> {
        self.ruleset.tables.iter_mut().find(|known| known.family == family && known.name == table)
    }

    fn chain_mut(&mut self, place: Place, family: Family, table: &str, chain: &str) -> Result<&mut Chain, NftError> {
        let known = self.table_mut(family, table).ok_or_else(|| no_table(place, table))?;
        known.chains.iter_mut().find(|known| known.name == chain).ok_or_else(|| no_chain(place, chain))
    }

    fn written(&mut self, family: Family, table: &str, chain: &str) -> &mut Vec<Written> {
        self.notes.entry((family, table.to_owned())).or_default().chains.entry(chain.to_owned()).or_default()
    }

    fn find(&mut self, place: Place, family: Family, table: &str, chain: &str, handle: u64) -> Result<usize, NftError> {
        self.written(family, table, chain)
            .iter()
            .position(|written| written.handle == handle)
            .ok_or_else(|| NftError::syntax(place, format!("the chain {chain} has no rule with the handle {handle}")))
    }

    /// What is wrong with the jumps between chains: one leads nowhere, or in a circle.
    fn broken_jump(&self) -> Option<String> {
        for table in &self.ruleset.tables {
            for chain in &table.chains {
                for target in chain.rules.iter().filter_map(target) {
                    match table.chains.iter().find(|known| known.name == *target) {
                        None => return Some(format!("there is no chain {target} in the table {}", table.name)),
                        Some(known) if known.base.is_some() => {
                            return Some(format!("the chain {target} has a hook, so that no rule can jump to it"));
                        }
                        Some(_) => {}
                    }
                }
            }
            if let Some(chain) = circle(table) {
                return Some(format!("the rules jump in a circle through the chain {chain}"));
            }
        }
        None
    }
}

/// How many sets without a name a rule has, each of which takes a handle: as many as it has opening brackets.
fn sets_without_names(rule: &Rule) -> usize {
    let text = rule.text.split(" comment \"").next().unwrap_or_default();
    text.matches("{ ").count()
}

/// The chain that a rule jumps to.
fn target(rule: &Rule) -> Option<&String> {
    match rule.verdict.as_ref().map(Statement::last) {
        Some(Statement::Jump(chain) | Statement::Goto(chain)) => Some(chain),
        _ => None,
    }
}

/// A chain from which jumps lead back to it, among those that packets can come to: what is left of them once chains without
/// jumps into what is left are taken away.
fn circle(table: &Table) -> Option<&str> {
    let jumps =
        table.chains.iter().map(|chain| (chain.name.as_str(), order::gather(chain.rules.iter().filter_map(target).map(String::as_str))));
    let jumps: BTreeMap<&str, BTreeSet<&str>> = order::gather(jumps);
    let mut left: BTreeMap<&str, &BTreeSet<&str>> = BTreeMap::new();
    let mut open: Vec<&str> = table.chains.iter().filter(|chain| chain.base.is_some()).map(|chain| chain.name.as_str()).collect();
    while let Some(name) = open.pop() {
        if let Some((name, to)) = jumps.get_key_value(name)
            && left.insert(name, to).is_none()
        {
            open.extend(to);
        }
    }
    loop {
        let ends: Vec<&str> = left.iter().filter(|(_, to)| to.iter().all(|to| !left.contains_key(to))).map(|(name, _)| *name).collect();
        if ends.is_empty() {
            return left.keys().next().copied();
        }
        for end in ends {
            left.remove(end);
        }
    }
}

fn no_policy(place: Place) -> NftError {
    NftError::syntax(place, "only a chain with a hook has a policy")
}

fn no_table(place: Place, table: &str) -> NftError {
    NftError::syntax(place, format!("there is no table {table} of this family"))
}

fn no_chain(place: Place, chain: &str) -> NftError {
    NftError::syntax(place, format!("there is no chain {chain} in this table"))
}
