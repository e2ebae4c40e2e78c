//! Why packets die, in words.

use super::{Words, m};
use roundtrip_editor::Run;
use roundtrip_editor::view::loss::Loss;
use roundtrip_explain::message::packet;
use roundtrip_explain::words;
use roundtrip_sim::NodeId;
use roundtrip_sim::trace::{CtInvalid, DropReason, RuleId};

impl Words {
    /// In a few words, for ladder and list: `invalid: dropped by a rule`.
    pub(crate) fn reason_short(&self, reason: &DropReason) -> String {
        self.say(&words::reason(reason))
    }

    /// In a sentence, for a call-out; `device` is where it died.
    pub(crate) fn reason(&self, run: &Run, loss: &Loss, device: &str) -> String {
        if let Some(unseen) = &loss.never_seen {
            let unseen = self.say(&packet(*unseen));
            return self.with(m!("why-never-seen"), &[("device", device.into()), ("packet", (&unseen).into())]);
        }
        if let Some(invalid) = loss.invalid {
            return self.with(
                match invalid {
                    CtInvalid::TcpState => m!("why-invalid-state"),
                    CtInvalid::TcpWindow => m!("why-invalid-window"),
                    CtInvalid::TcpNotFirst => m!("why-invalid-not-first"),
                    CtInvalid::TcpFlags => m!("why-invalid-flags"),
                    CtInvalid::IcmpUnrequested => m!("why-invalid-unrequested"),
                    CtInvalid::IcmpErrorUnknown => m!("why-invalid-error"),
                    CtInvalid::Malformed => m!("why-invalid-malformed"),
                },
                &[("device", device.into())],
            );
        }
        match &loss.reason {
            DropReason::Rule { rule, .. } => match rule_text(run, loss.node, *rule) {
                Some(text) => self.with(m!("why-rule"), &[("device", device.into()), ("rule", text.into())]),
                None => self.reason_short(&loss.reason),
            },
            other => self.reason_short(other),
        }
    }
}

fn rule_text(run: &Run, node: NodeId, rule: RuleId) -> Option<&str> {
    Some(run.trace.rules.get(node.0 as usize)?.get(rule.0 as usize)?.text.as_ref())
}
