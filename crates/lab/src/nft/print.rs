//! Rules as `nft list ruleset` prints them, counters without figures.

use super::names::PRIORITIES;
use super::parser::TableName;
use super::sets::Sets;
use roundtrip_sim::netfilter::ruleset::{BaseChain, Chain, ChainKind, Family, Hook, Policy, Ruleset};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The rules as text. Rules that one verdict map became are printed once. Named sets are no part of them any more: where rules
/// use such, [`Rules::print`](super::Rules::print) prints what reads back.
#[must_use]
pub fn print(ruleset: &Ruleset) -> String {
    print_with_sets(ruleset, &BTreeMap::new())
}

/// The rules and the named sets of their tables.
pub(super) fn print_with_sets(ruleset: &Ruleset, sets: &BTreeMap<TableName, Sets>) -> String {
    let mut out = String::new();
    for table in &ruleset.tables {
        let _ = writeln!(out, "table {} {} {{", family(table.family), table.name);
        for (name, content) in sets.get(&(table.family, table.name.clone())).into_iter().flat_map(Sets::iter) {
            let (kind, interval, elements) = content.text();
            let _ = writeln!(out, "  set {name} {{\n    type {kind}");
            if interval {
                out.push_str("    flags interval\n");
            }
            if !elements.is_empty() {
                let _ = writeln!(out, "    elements = {{ {} }}", elements.join(", "));
            }
            out.push_str("  }\n\n");
        }
        for (index, chain) in table.chains.iter().enumerate() {
            if index > 0 {
                out.push('\n');
            }
            print_chain(&mut out, chain);
        }
        out.push_str("}\n");
    }
    out
}

fn print_chain(out: &mut String, chain: &Chain) {
    let _ = writeln!(out, "  chain {} {{", chain.name);
    if let Some(base) = &chain.base {
        let _ = writeln!(out, "    {}", header(base));
    }
    let mut before: Option<&std::sync::Arc<str>> = None;
    for rule in &chain.rules {
        // The rules of one verdict map share one text.
        if before.is_none_or(|before| !std::sync::Arc::ptr_eq(before, &rule.text)) {
            let _ = writeln!(out, "    {}", rule.text);
        }
        before = Some(&rule.text);
    }
    out.push_str("  }\n");
}

/// The word for a family.
#[must_use]
pub const fn family(family: Family) -> &'static str {
    match family {
        Family::Ip => "ip",
        Family::Inet => "inet",
    }
}

fn header(base: &BaseChain) -> String {
    let kind = match base.kind {
        ChainKind::Filter => "filter",
        ChainKind::Nat => "nat",
        ChainKind::Route => "route",
    };
    let hook = match base.hook {
        Hook::Prerouting => "prerouting",
        Hook::Input => "input",
        Hook::Forward => "forward",
        Hook::Output => "output",
        Hook::Postrouting => "postrouting",
    };
    let policy = match base.policy {
        Policy::Accept => "accept",
        Policy::Drop => "drop",
    };
    format!("type {kind} hook {hook} priority {}; policy {policy};", priority(base.priority))
}

/// A priority as nft prints it: by the name of a usual one that is at most ten away.
fn priority(value: i32) -> String {
    let near = PRIORITIES.iter().map(|(name, usual)| (name, value.saturating_sub(*usual))).find(|(_, off)| off.unsigned_abs() <= 10);
    match near {
        Some((name, 0)) => (*name).to_owned(),
        Some((name, off)) if off > 0 => format!("{name} + {off}"),
        Some((name, off)) => format!("{name} - {}", off.unsigned_abs()),
        None => value.to_string(),
    }
}
