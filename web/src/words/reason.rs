//! Why packets die, in words.

use super::{Words, m};
use roundtrip_editor::Run;
use roundtrip_editor::view::loss::Loss;
use roundtrip_sim::NodeId;
use roundtrip_sim::netfilter::ruleset::CtState;
use roundtrip_sim::trace::{CtInvalid, DropReason, RuleId};

impl Words {
    /// In a few words, for ladder and list: `invalid: dropped`.
    pub(crate) fn reason_short(&self, reason: &DropReason) -> String {
        self.t(match reason {
            DropReason::Rule { state: Some(CtState::Invalid), .. } => m!("drop-rule-invalid"),
            DropReason::Rule { rejected: true, .. } => m!("drop-rule-rejected"),
            DropReason::Rule { .. } => m!("drop-rule"),
            DropReason::NatExhausted | DropReason::NatNoAddress | DropReason::NatInterfaceChanged | DropReason::NatRedirect => {
                m!("drop-nat")
            }
            DropReason::ConntrackFull => m!("drop-conntrack-full"),
            DropReason::NoRoute => m!("drop-no-route"),
            DropReason::RouteUnreachable => m!("drop-route-unreachable"),
            DropReason::RouteProhibit => m!("drop-route-prohibit"),
            DropReason::RouteBlackhole => m!("drop-route-blackhole"),
            DropReason::NotForwarding => m!("drop-not-forwarding"),
            DropReason::ReversePathFilter => m!("drop-reverse-path"),
            DropReason::MartianSource => m!("drop-martian-source"),
            DropReason::MartianDestination => m!("drop-martian-destination"),
            DropReason::TtlExceeded => m!("drop-ttl"),
            DropReason::FragmentationNeeded => m!("drop-too-long"),
            DropReason::NeighbourFailed => m!("drop-neighbour-failed"),
            DropReason::NeighbourQueueFull => m!("drop-neighbour-queue"),
            DropReason::LinkDown => m!("drop-link-down"),
            DropReason::CableCut => m!("drop-cable-cut"),
            DropReason::FrameTooLong => m!("drop-frame-too-long"),
            DropReason::NoSocket => m!("drop-no-socket"),
            DropReason::NoProtocol => m!("drop-no-protocol"),
            DropReason::ReassemblyTimeout => m!("drop-reassembly"),
            DropReason::NotAnswerable => m!("drop-not-answerable"),
            DropReason::Tcp(_) => m!("drop-tcp"),
        })
    }

    /// In a sentence, for a call-out; `device` is where it died.
    pub(crate) fn reason(&self, run: &Run, loss: &Loss, device: &str) -> String {
        if let Some(unseen) = &loss.never_seen {
            let unseen = self.kind(&unseen.kind);
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
