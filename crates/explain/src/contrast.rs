//! Why one conversation lives where another dies between the same two: the first step at which they part.

use crate::classify::Diagnosis;
use crate::flows::Flows;
use crate::message::{Message, Value};
use crate::outcome::Outcome;
use crate::reading::{Conversation, Direction, Fate, Purpose, Reading, Thread};
use roundtrip_sim::netfilter::ruleset::CtState;
use roundtrip_sim::scenario::{ActionId, NodeId};
use roundtrip_sim::trace::{DropReason, PacketId, RuleDid, RuleId, Step, VisitId};

/// Where two conversations part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parted {
    /// Connection tracking classed them differently.
    State {
        /// The one that lives.
        lives: CtState,
        /// The one that dies.
        dies: CtState,
    },
    /// Rules treat them differently.
    Rule {
        /// The rule that accepted the one that lives, if one did; else none met it.
        lives: Option<RuleId>,
        /// The rule that stopped the other one.
        dies: RuleId,
    },
    /// One is short enough for the next link, the other is not. In bytes.
    Length {
        /// The one that lives.
        lives: u32,
        /// The one that dies.
        dies: u32,
    },
    /// The one that lives was taken there by somebody whom the other one does not find.
    End,
    /// The one that lives never comes by.
    OtherWay,
}

/// Why another conversation between the same two lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contrast {
    /// The one that lives.
    pub other: ActionId,
    /// The node at which they part.
    pub node: NodeId,
    /// Its packet there, or a packet of it that went elsewhere.
    pub lives: PacketId,
    /// That packet's stay there.
    pub lives_visit: Option<VisitId>,
    /// The packet that died.
    pub dies: PacketId,
    /// That packet's stay there.
    pub dies_visit: Option<VisitId>,
    /// How they part.
    pub parted: Parted,
    /// The two side by side, up to there.
    pub flows: Flows,
    /// The same in words.
    pub message: Message,
}

/// The names of the messages, with their arguments.
pub(crate) const MESSAGES: &[(&str, &[&str])] = &[
    ("contrast-state-each-new", ARGS),
    ("contrast-state", ARGS),
    ("contrast-rule", ARGS),
    ("contrast-length", ARGS),
    ("contrast-end-system", ARGS),
    ("contrast-end-service", ARGS),
    ("contrast-other-way", ARGS),
];
const ARGS: &[&str] = &["other", "node", "lives", "dies", "lives-how", "dies-how"];

/// Finds a conversation between the same two that works, a ping rather than another, and where the one that fails parts from it.
#[must_use]
pub fn contrast(thread: &Thread<'_>, diagnosis: Diagnosis, outcomes: &[(ActionId, Outcome)]) -> Option<Contrast> {
    let place = diagnosis.place?;
    let (dies, drop) = (place.packet?, place.drop?);
    let reading = thread.reading();
    let conversation = thread.conversation();
    let works = |other: &&Conversation| {
        other.action != conversation.action
            && (other.from, other.to) == (conversation.from, conversation.to)
            && other.purpose != conversation.purpose
            && outcomes.iter().any(|(action, outcome)| *action == other.action && *outcome == Outcome::Healthy)
    };
    let rank = |other: &&Conversation| match other.purpose {
        Purpose::Ping => 0,
        Purpose::Udp { .. } => 1,
        Purpose::Tcp { .. } => 2,
        Purpose::Traceroute => 3,
    };
    let other = reading.conversations().iter().filter(works).min_by_key(rank)?;
    let other_thread = reading.thread(other);
    let direction = thread.member(dies).map_or(Direction::There, |member| member.direction);
    let taken = |packet| matches!(reading.fate(packet), Fate::Arrived { .. });
    let came_by = other_thread
        .going(direction)
        .filter(|member| taken(member.packet))
        .find_map(|member| Some((member.packet, reading.visit_at(member.packet, place.node)?)));
    let record = reading.drop(drop)?;
    let (lives, lives_visit, parted) = match came_by {
        None => (other_thread.going(direction).find(|member| taken(member.packet))?.packet, None, Parted::OtherWay),
        Some((packet, visit)) => (packet, Some(visit), parted(reading, visit, place.visit?, record.reason)?),
    };
    let message = words(reading, other, place.node, (lives, dies), parted, &other_thread, thread);
    let flows = Flows::new(&other_thread, thread, (lives, dies), (lives_visit, place.visit));
    Some(Contrast { other: other.action, node: place.node, lives, lives_visit, dies, dies_visit: place.visit, parted, flows, message })
}

fn parted(reading: &Reading<'_>, lives: VisitId, dies: VisitId, reason: DropReason) -> Option<Parted> {
    let state = |visit| reading.tracked(visit).map(|(state, ..)| state);
    match reason {
        DropReason::Rule { rule, .. } => match (state(lives), state(dies)) {
            (Some(lives), Some(dies)) if lives != dies => Some(Parted::State { lives, dies }),
            _ => {
                let accepts = |step: &Step| match step {
                    Step::Rule { rule, did: RuleDid::Accept } => Some(*rule),
                    _ => None,
                };
                Some(Parted::Rule { lives: reading.step(lives, accepts).map(|(_, rule)| rule), dies: rule })
            }
        },
        DropReason::FragmentationNeeded => {
            let length = |visit| reading.ip(visit).map(|ip| u32::try_from(ip.wire_len()).unwrap_or(u32::MAX));
            let (lives, dies) = (length(lives)?, length(dies)?);
            (lives < dies).then_some(Parted::Length { lives, dies })
        }
        DropReason::NoSocket | DropReason::Tcp(_) | DropReason::NoProtocol => Some(Parted::End),
        _ => None,
    }
}

fn words(
    reading: &Reading<'_>,
    other: &Conversation,
    node: NodeId,
    (lives, dies): (PacketId, PacketId),
    parted: Parted,
    other_thread: &Thread<'_>,
    thread: &Thread<'_>,
) -> Message {
    let rule = |rule: RuleId| reading.rule(node, rule).map_or_else(String::new, |info| info.text.to_string());
    let state = |state| Value::from(crate::chain::state_name(state));
    let (id, lives_how, dies_how) = match parted {
        // An echo request begins an exchange of its own each time: it never needs the answer to an earlier one.
        Parted::State { lives: CtState::New, dies } => ("contrast-state-each-new", state(CtState::New), state(dies)),
        Parted::State { lives, dies } => ("contrast-state", state(lives), state(dies)),
        Parted::Rule { lives, dies } => ("contrast-rule", lives.map(rule).unwrap_or_default().into(), rule(dies).into()),
        Parted::Length { lives, dies } => ("contrast-length", lives.into(), dies.into()),
        Parted::End if other.purpose == Purpose::Ping => ("contrast-end-system", Value::from(""), Value::from("")),
        Parted::End => ("contrast-end-service", Value::from(""), Value::from("")),
        Parted::OtherWay => ("contrast-other-way", Value::from(""), Value::from("")),
    };
    Message::new(id)
        .with("other", other.name.as_str())
        .with("node", Value::Device(reading.name(node).to_owned()))
        .with("lives", other_thread.label(lives))
        .with("dies", thread.label(dies))
        .with("lives-how", lives_how)
        .with("dies-how", dies_how)
}
