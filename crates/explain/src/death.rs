//! A packet's death in one sentence, as it stands beside the packet in a capture.

use crate::chain::drop_reason;
use crate::message::{Message, Value};
use roundtrip_sim::netfilter::ruleset::CtState;
use roundtrip_sim::trace::{DropReason, DropRecord};
use roundtrip_sim::{Scenario, Trace};

/// The sentences, with the arguments that they have.
pub(crate) const MESSAGES: [(&str, &[&str]); 2] = [("death", &["node", "reason"]), ("death-invalid", &["node", "reason"])];

/// Where and why a packet died; that connection tracking had called it invalid, if a rule decided on that.
#[must_use]
pub fn death(scenario: &Scenario, trace: &Trace, drop: &DropRecord) -> Message {
    let rule = match drop.reason {
        DropReason::Rule { rule, .. } => trace.rules.get(drop.node.0 as usize).and_then(|rules| rules.get(rule.0 as usize)),
        _ => None,
    };
    let invalid = matches!(drop.reason, DropReason::Rule { state: Some(CtState::Invalid), .. });
    let node = scenario.nodes.get(drop.node.0 as usize).map_or_else(String::new, |node| node.name.clone());
    Message::new(if invalid { "death-invalid" } else { "death" })
        .with("node", Value::Device(node))
        .with("reason", drop_reason(&drop.reason, rule.map(|rule| &*rule.text)))
}
