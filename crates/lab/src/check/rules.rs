//! Rules: one way of writing them, forms that can be rules, interfaces that are there.

use super::Checker;
use crate::convert::{filter_rule_text, initial_rules, nat_rule_text};
use crate::document::{Device, FilterRule, NatKind, NatRule, RejectKind, RuleAction};
use crate::nft::{NftErrorKind, Rules};
use crate::problem::{Problem, ProblemId, join_path, similar};
use roundtrip_sim::netfilter::ruleset::Match;
use std::collections::BTreeSet;

impl Checker<'_> {
    pub(super) fn rules(&mut self) {
        for (device, path) in self.each_device() {
            let has_form = !device.filter.is_empty() || !device.nat.is_empty();
            if has_form && !device.nft.is_empty() {
                self.report(ProblemId::NftAndForm, join_path(&path, "nft"), |problem: Problem| problem);
            }
            for (name, chain) in
                [("input", &device.filter.input), ("forward", &device.filter.forward), ("output", &device.filter.output)]
            {
                for (place, rule) in chain.iter().flat_map(|chain| &chain.rules).enumerate() {
                    self.filter_rule(rule, name, &format!("{path}/filter/{name}/rules/{place}"));
                }
            }
            for (place, rule) in device.nat.iter().enumerate() {
                self.nat_rule(rule, &format!("{path}/nat/{place}"));
            }
            self.rule_interfaces(device, &path);
        }
    }

    fn filter_rule(&mut self, rule: &FilterRule, chain: &str, path: &str) {
        if rule.with != RejectKind::default() && rule.action != Some(RuleAction::Reject) {
            self.report(ProblemId::RuleFieldUnused, join_path(path, "with"), |problem| problem.with("field", "with"));
        }
        let text = format!(
            "table inet filter {{\n chain {chain} {{\n type filter hook {chain} priority filter\n {}\n }}\n}}",
            filter_rule_text(rule)
        );
        self.form(&text, path);
    }

    fn nat_rule(&mut self, rule: &NatRule, path: &str) {
        let needs_target = matches!(rule.kind, NatKind::Snat | NatKind::Dnat);
        if needs_target && rule.to.is_none() {
            self.report(ProblemId::NatWithoutTarget, path.to_owned(), |problem: Problem| problem);
            return;
        }
        let hook = if rule.kind.is_source() { "postrouting" } else { "prerouting" };
        let text =
            format!("table ip nat {{\n chain c {{\n type nat hook {hook} priority 0\n {}\n }}\n}}", nat_rule_text(rule));
        self.form(&text, path);
    }

    /// Says what is wrong with one rule of a form.
    fn form(&mut self, text: &str, path: &str) {
        let applied = Rules::new().apply(text);
        for error in applied.errors.into_iter().chain(applied.refused) {
            let (NftErrorKind::Syntax(reason) | NftErrorKind::Unsupported(reason)) = error.kind;
            self.report(ProblemId::RuleWrong, path.to_owned(), |problem| problem.with("reason", reason));
        }
    }

    /// Interfaces that rules name and the device does not have.
    fn rule_interfaces(&mut self, device: &Device, path: &str) {
        let (rules, ..) = initial_rules(device);
        let names = rules
            .ruleset()
            .tables
            .iter()
            .flat_map(|table| &table.chains)
            .flat_map(|chain| &chain.rules)
            .flat_map(|rule| &rule.matches)
            .filter_map(|condition| match condition {
                Match::InInterface(test) | Match::OutInterface(test) => Some(&test.any_of),
                _ => None,
            })
            .flatten();
        let unknown: BTreeSet<&String> =
            names.filter(|name| *name != "lo" && !name.ends_with('*') && device.interface(name).is_none()).collect();
        let field = if device.nft.is_empty() { "filter" } else { "nft" };
        for name in unknown {
            let meant = similar(name, device.interfaces.iter().map(|interface| interface.name.as_str()));
            self.report(ProblemId::RuleUnknownInterface, join_path(path, field), |problem| {
                problem.with("name", name).with("similar", meant)
            });
        }
    }
}
