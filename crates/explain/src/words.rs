//! What is said in every face alike: how a stage went, what a conversation is for.

use crate::chain::drop_reason;
use crate::light::{LightState, Stage};
use crate::message::{Message, Value};
use crate::outcome::Outcome;
use crate::reading::Purpose;
use roundtrip_sim::netfilter::ruleset::CtState;
use roundtrip_sim::scenario::NodeId;
use roundtrip_sim::trace::DropReason;

/// The names of these messages, with their arguments.
pub(crate) const MESSAGES: &[(&str, &[&str])] = &[
    ("short-rule", &[]),
    ("short-rule-rejected", &[]),
    ("short-rule-invalid", &[]),
    ("stage-request", &[]),
    ("stage-reply", &[]),
    ("light-arrived", &[]),
    ("light-arrived-later", &[]),
    ("light-lost", &["device"]),
    ("light-missing", &[]),
    ("light-never-sent", &[]),
    ("purpose-ping", &[]),
    ("purpose-web", &[]),
    ("purpose-ssh", &[]),
    ("purpose-tcp", &["port"]),
    ("purpose-udp", &["port"]),
    ("purpose-traceroute", &[]),
];

/// A stage, on its light.
#[must_use]
pub const fn stage(stage: Stage) -> Message {
    Message::new(match stage {
        Stage::Syn => "packet-syn",
        Stage::SynAck => "packet-syn-ack",
        Stage::Ack => "packet-handshake-ack",
        Stage::Request => "stage-request",
        Stage::Reply => "stage-reply",
    })
}

/// How a stage went, in a few words. `name` gives a node's name in the document.
#[must_use]
pub fn light(state: &LightState, name: impl Fn(NodeId) -> String) -> Message {
    match state {
        LightState::Passed { first: None, .. } => Message::new("light-arrived"),
        LightState::Passed { first: Some(_), .. } => Message::new("light-arrived-later"),
        LightState::Lost(loss) => Message::new("light-lost").with("device", Value::Device(name(loss.node))),
        LightState::NotSeen { .. } => Message::new("light-missing"),
        LightState::NotSent => Message::new("light-never-sent"),
    }
}

/// The sign of a light, for those who see no colours.
#[must_use]
pub const fn sign(state: &LightState) -> &'static str {
    match state {
        LightState::Passed { .. } => "✓",
        LightState::Lost(_) => "✕",
        LightState::NotSeen { .. } => "?",
        LightState::NotSent => "–",
    }
}

/// The sign of an outcome.
#[must_use]
pub const fn outcome_sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Healthy => "✓",
        Outcome::Recovered | Outcome::Partial => "△",
        Outcome::Unfinished => "…",
        _ => "✕",
    }
}

/// What a conversation is for.
#[must_use]
pub fn purpose(purpose: Purpose) -> Message {
    match purpose {
        Purpose::Ping => Message::new("purpose-ping"),
        Purpose::Tcp { port: 80 } => Message::new("purpose-web"),
        Purpose::Tcp { port: 22 } => Message::new("purpose-ssh"),
        // A port is a name, not a quantity.
        Purpose::Tcp { port } => Message::new("purpose-tcp").with("port", port.to_string()),
        Purpose::Udp { port } => Message::new("purpose-udp").with("port", port.to_string()),
        Purpose::Traceroute => Message::new("purpose-traceroute"),
    }
}

/// Why a packet died, in a few words: of a rule not its text, but what it did.
#[must_use]
pub fn reason(reason: &DropReason) -> Message {
    match reason {
        DropReason::Rule { rejected: true, .. } => Message::new("short-rule-rejected"),
        DropReason::Rule { state: Some(CtState::Invalid), .. } => Message::new("short-rule-invalid"),
        DropReason::Rule { .. } => Message::new("short-rule"),
        other => drop_reason(other, None),
    }
}
