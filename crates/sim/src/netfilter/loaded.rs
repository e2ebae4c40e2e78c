//! The rules as they are loaded: with ids, counters, and chains found once and for all.

use super::limit::Bucket;
use super::ruleset::{BaseChain, Chain, ChainKind, Family, Hook, Match, Policy, Rule, Ruleset, Statement, Table};
use super::{NftError, RuleId, RuleInfo};
use crate::trace::CounterRow;
use std::sync::Arc;

/// Chains that may lie below each other, the base chain included.
pub(super) const MOST_CHAINS: usize = 16;

/// A rule in its place.
#[derive(Clone, Debug)]
pub(super) struct LoadedRule {
    pub(super) id: RuleId,
    pub(super) rule: Arc<Rule>,
    pub(super) packets: u64,
    pub(super) bytes: u64,
    /// One for each `limit` among its conditions.
    pub(super) limits: Vec<Bucket>,
    /// Where its jump or goto leads, in the same table.
    pub(super) target: Option<usize>,
}

/// A chain in its place.
#[derive(Clone, Debug)]
pub(super) struct LoadedChain {
    pub(super) name: Arc<str>,
    pub(super) base: Option<LoadedBase>,
    pub(super) rules: Vec<LoadedRule>,
}

/// How a chain is hooked in.
#[derive(Clone, Copy, Debug)]
pub(super) struct LoadedBase {
    pub(super) chain: BaseChain,
    pub(super) policy: RuleId,
    /// Of two chains with the same priority the one that was made later comes first.
    pub(super) made: u32,
}

/// A table in its place.
#[derive(Clone, Debug)]
pub(super) struct LoadedTable {
    pub(super) family: Family,
    pub(super) name: Arc<str>,
    pub(super) chains: Vec<LoadedChain>,
}

/// All rules of a node.
#[derive(Clone, Debug, Default)]
pub(super) struct Loaded {
    pub(super) tables: Vec<LoadedTable>,
    /// What every id means that was ever given.
    pub(super) infos: Vec<RuleInfo>,
    /// Counts everything that hooks in.
    pub(super) made: u32,
}

const fn family_name(family: Family) -> &'static str {
    match family {
        Family::Ip => "ip",
        Family::Inet => "inet",
    }
}

impl Loaded {
    /// Loads a ruleset. A jump that leads nowhere, in a circle or too deep does nothing.
    pub(super) fn new(ruleset: &Ruleset) -> Self {
        let mut loaded = Self::default();
        for table in &ruleset.tables {
            let place = loaded.add_table(table.family, &table.name);
            for chain in &table.chains {
                loaded.add_chain(place, chain);
            }
        }
        loaded.link();
        loaded
    }

    /// As a plain ruleset again.
    pub(super) fn ruleset(&self) -> Ruleset {
        let chain = |chain: &LoadedChain| Chain {
            name: chain.name.to_string(),
            base: chain.base.map(|base| base.chain),
            rules: chain.rules.iter().map(|rule| Rule::clone(&rule.rule)).collect(),
        };
        let table = |table: &LoadedTable| Table {
            family: table.family,
            name: table.name.to_string(),
            chains: table.chains.iter().map(chain).collect(),
        };
        Ruleset { tables: self.tables.iter().map(table).collect() }
    }

    fn new_id(&mut self, info: RuleInfo) -> RuleId {
        let id = RuleId(u32::try_from(self.infos.len()).unwrap_or(u32::MAX));
        self.infos.push(info);
        id
    }

    /// Finds a table.
    pub(super) fn table(&self, family: Family, name: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.family == family && &*table.name == name)
    }

    /// Adds a table, unless it is there.
    pub(super) fn add_table(&mut self, family: Family, name: &str) -> usize {
        self.table(family, name).unwrap_or_else(|| {
            self.tables.push(LoadedTable { family, name: name.into(), chains: Vec::new() });
            self.tables.len() - 1
        })
    }

    fn policy_id(&mut self, table: usize, chain: &Arc<str>, base: BaseChain) -> RuleId {
        let text = match base.policy {
            Policy::Accept => "policy accept",
            Policy::Drop => "policy drop",
        };
        let info = RuleInfo { table: self.full_name(table), chain: chain.clone(), text: text.into(), index: None, counter: false };
        self.new_id(info)
    }

    fn full_name(&self, table: usize) -> Arc<str> {
        self.tables.get(table).map_or_else(|| "".into(), |table| format!("{} {}", family_name(table.family), table.name).into())
    }

    /// Adds a chain with its rules. One that is there gets the rules added, and a new policy.
    pub(super) fn add_chain(&mut self, table: usize, chain: &Chain) {
        let known = self.tables.get(table).and_then(|t| t.chains.iter().position(|c| *c.name == *chain.name));
        let place = if let Some(place) = known {
            let old = self.tables.get(table).and_then(|t| t.chains.get(place)).and_then(|c| Some((c.name.clone(), c.base?)));
            if let (Some((name, mut base)), Some(BaseChain { policy, .. })) = (old, chain.base)
                && base.chain.policy != policy
            {
                base.chain.policy = policy;
                base.policy = self.policy_id(table, &name, base.chain);
                if let Some(slot) = self.chain_mut(table, place) {
                    slot.base = Some(base);
                }
            }
            place
        } else {
            let name: Arc<str> = chain.name.as_str().into();
            let base = chain.base.map(|base| {
                self.made = self.made.saturating_add(1);
                LoadedBase { chain: base, policy: self.policy_id(table, &name, base), made: self.made }
            });
            let Some(slot) = self.tables.get_mut(table) else { return };
            slot.chains.push(LoadedChain { name, base, rules: Vec::new() });
            slot.chains.len() - 1
        };
        for rule in &chain.rules {
            self.insert_rule(table, place, usize::MAX, rule);
        }
    }

    /// A chain by its place.
    pub(super) fn chain_mut(&mut self, table: usize, chain: usize) -> Option<&mut LoadedChain> {
        self.tables.get_mut(table).and_then(|table| table.chains.get_mut(chain))
    }

    /// Puts a rule in; behind the last one if there are not so many.
    pub(super) fn insert_rule(&mut self, table: usize, chain: usize, index: usize, rule: &Rule) {
        let Some(name) = self.chain_mut(table, chain).map(|chain| chain.name.clone()) else { return };
        let info = RuleInfo { table: self.full_name(table), chain: name, text: rule.text.clone(), index: None, counter: rule.counter };
        let id = self.new_id(info);
        let limits = rule.matches.iter().filter_map(Bucket::of).collect();
        let loaded = LoadedRule { id, rule: Arc::new(rule.clone()), packets: 0, bytes: 0, limits, target: None };
        if let Some(chain) = self.chain_mut(table, chain) {
            chain.rules.insert(index.min(chain.rules.len()), loaded);
        }
    }

    /// Finds the chains behind jumps, numbers the rules, and reports jumps that cannot be.
    pub(super) fn link(&mut self) -> Vec<NftError> {
        let mut errors = Vec::new();
        for table in &mut self.tables {
            let names: Vec<Arc<str>> = table.chains.iter().map(|chain| chain.name.clone()).collect();
            for chain in &mut table.chains {
                for (rule, index) in chain.rules.iter_mut().zip(0u32..) {
                    if let Some(info) = self.infos.get_mut(rule.id.0 as usize) {
                        info.index = Some(index);
                    }
                    rule.target = match rule.rule.verdict.as_ref().map(Statement::last) {
                        Some(Statement::Jump(to) | Statement::Goto(to)) => {
                            let place = names.iter().position(|name| **name == **to);
                            if place.is_none() {
                                errors.push(NftError::NoSuchChain { table: table.name.to_string(), chain: to.clone() });
                            }
                            place
                        }
                        _ => None,
                    };
                }
            }
            let depths = depths(&table.chains);
            for (chain, depth) in table.chains.iter_mut().zip(&depths) {
                let mut cut = false;
                for rule in &mut chain.rules {
                    let below = rule.target.and_then(|target| depths.get(target).copied().flatten());
                    // Without a depth a chain lies in a circle, or above one.
                    if rule.target.is_some() && (below.is_none() || depth.is_none_or(|depth| depth >= MOST_CHAINS)) {
                        rule.target = None;
                        cut = true;
                    }
                }
                if cut {
                    errors.push(NftError::JumpLoop { chain: chain.name.to_string() });
                }
            }
        }
        errors
    }

    /// Every rule that is there.
    pub(super) fn rules(&self) -> impl Iterator<Item = &LoadedRule> {
        self.tables.iter().flat_map(|table| &table.chains).flat_map(|chain| &chain.rules)
    }

    /// Counters of the rules that are there, in order.
    pub(super) fn counters(&self) -> Vec<CounterRow> {
        let row = |rule: &LoadedRule| CounterRow { rule: rule.id, packets: rule.packets, bytes: rule.bytes };
        self.rules().filter(|rule| rule.rule.counter).map(row).collect()
    }

    /// Some rule needs connection tracking.
    pub(super) fn needs_conntrack(&self) -> bool {
        self.rules().any(|rule| {
            let asks = |m: &Match| matches!(m, Match::CtState { .. } | Match::CtStatus { .. } | Match::CtDirection(_) | Match::CtMark(_));
            rule.rule.matches.iter().any(asks) || rule.rule.verdict.as_ref().is_some_and(|verdict| verdict.any(tracks))
        })
    }

    /// Base chains with their places.
    pub(super) fn bases(&self) -> impl Iterator<Item = (ChainPlace, LoadedBase)> {
        self.tables
            .iter()
            .enumerate()
            .flat_map(|(table, t)| t.chains.iter().enumerate().filter_map(move |(chain, c)| Some((ChainPlace { table, chain }, c.base?))))
    }

    /// Base chains of a kind at a hook.
    pub(super) fn bases_at(&self, hook: Hook, nat: bool) -> impl Iterator<Item = (ChainPlace, LoadedBase)> {
        self.bases().filter(move |(_, base)| base.chain.hook == hook && (base.chain.kind == ChainKind::Nat) == nat)
    }
}

/// Where a chain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChainPlace {
    pub(super) table: usize,
    pub(super) chain: usize,
}

/// How many chains deep jumps lead from each chain; none for one that leads into a circle.
fn depths(chains: &[LoadedChain]) -> Vec<Option<usize>> {
    let mut depths: Vec<Option<usize>> = vec![None; chains.len()];
    // Each round settles at least one more chain, or all that is left lies in circles or above them.
    for _ in 0..chains.len() {
        let mut settled = Vec::new();
        for (place, chain) in chains.iter().enumerate() {
            if depths.get(place).copied().flatten().is_some() {
                continue;
            }
            let mut deepest = Some(0);
            for target in chain.rules.iter().filter_map(|rule| rule.target) {
                let below = depths.get(target).copied().flatten();
                deepest = deepest.zip(below).map(|(deepest, below)| deepest.max(below + 1));
            }
            if let Some(depth) = deepest {
                settled.push((place, depth));
            }
        }
        if settled.is_empty() {
            break;
        }
        for (place, depth) in settled {
            if let Some(slot) = depths.get_mut(place) {
                *slot = Some(depth);
            }
        }
    }
    depths
}

/// It works on connections.
const fn tracks(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::Masquerade(_) | Statement::Snat(_) | Statement::Dnat(_) | Statement::Redirect(_) | Statement::SetCtMark(_)
    )
}
