//! Rules: one way of writing them, no field in vain, interfaces that are there.

use super::Checker;
use crate::convert::initial_rules;
use crate::document::{Device, RejectKind, RuleAction};
use crate::problem::{Problem, ProblemId, join_path, similar};
use roundtrip_sim::netfilter::ruleset::Match;
use roundtrip_wire::order::gather;
use std::collections::BTreeSet;

impl Checker<'_> {
    pub(super) fn rules(&mut self) {
        for (device, path) in self.each_device() {
            let has_form = !device.filter.is_empty() || !device.nat.is_empty();
            if has_form && !device.nft.is_empty() {
                self.report(ProblemId::NftAndForm, join_path(&path, "nft"), |problem: Problem| problem);
            }
            for (name, chain) in device.filter.chains() {
                for (place, rule) in chain.rules.iter().enumerate() {
                    if rule.with != RejectKind::default() && rule.action != Some(RuleAction::Reject) {
                        let path = format!("{path}/filter/{name}/rules/{place}/with");
                        self.report(ProblemId::RuleFieldUnused, path, |problem| problem.with("field", "with"));
                    }
                }
            }
            self.rule_interfaces(device, &path);
        }
    }

    /// Interfaces that rules name and the device does not have.
    fn rule_interfaces(&mut self, device: &Device, path: &str) {
        let (rules, _) = initial_rules(device, path);
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
            gather(names.filter(|name| *name != "lo" && !name.ends_with('*') && device.interface(name).is_none()));
        let field = if device.nft.is_empty() { "filter" } else { "nft" };
        for name in unknown {
            let meant = similar(name, device.interfaces.iter().map(|interface| interface.name.as_str()));
            self.report(ProblemId::RuleUnknownInterface, join_path(path, field), |problem| {
                problem.with("name", name).with("similar", meant)
            });
        }
    }
}
