//! The verdict on each conversation of a run.

use crate::belief::{Beliefs, beliefs, server_node};
use crate::cause::Cause;
use crate::chain::{Case, Link, asides, chain, drop_reason, goal, next_hop, refusal};
use crate::classify::{Diagnosis, Place, circle, classify, meant_for, no_carrier, redirected};
use crate::contrast::{Contrast, contrast};
use crate::find::{Break, ended, find, lossy};
use crate::light::{Light, lights};
use crate::message::{Message, Value};
use crate::outcome::Outcome;
use crate::parting::{OneSided, Seen, one_sided};
use crate::reading::{Conversation, Direction, Kind, Label, Member, Purpose, Reading, Thread, Way, way};
use roundtrip_sim::Scenario;
use roundtrip_sim::scenario::{ActionId, ActionKind, NodeId};
use roundtrip_sim::trace::{DropReason, Outcome as Recorded, PacketId, RuleInfo, Step, Trace};
use roundtrip_wire::FrameBody;

/// The ways of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ways {
    /// Every way that was taken, in the order in which it first was.
    pub all: Vec<Way>,
    /// The devices that only the way there or only the way back meets, as they stood at the end.
    pub met_once: Vec<(NodeId, Direction)>,
    /// The stateful devices between the ends that saw one direction only.
    pub one_sided: Vec<OneSided>,
}

impl Ways {
    /// The way of a direction that counts: the latest of those that led to the end, else the first.
    #[must_use]
    pub fn last(&self, direction: Direction) -> Option<&Way> {
        way::at(&self.all, direction, roundtrip_sim::SimTime::MAX)
    }

    /// True if the way there and the way back differ.
    #[must_use]
    pub fn differ(&self) -> bool {
        !self.met_once.is_empty()
    }
}

/// What there is to say about one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which conversation.
    pub conversation: Conversation,
    /// How it ended.
    pub outcome: Outcome,
    /// Why.
    pub cause: Cause,
    /// Where it broke; none if it works.
    pub place: Option<Place>,
    /// The event at which it broke.
    pub broke: Break,
    /// One sentence: why.
    pub sentence: Message,
    /// How far it got.
    pub lights: Vec<Light>,
    /// The ways that its packets took.
    pub ways: Ways,
    /// The chain of causes, from what is seen to what is at the root of it.
    pub chain: Vec<Link>,
    /// What else has to do with it: redirects, changes of the network, how it went on in the end.
    pub asides: Vec<Link>,
    /// TCP: what the two ends and the stateful devices between them believe.
    pub beliefs: Option<Beliefs>,
    /// Why another conversation between the same two lives.
    pub contrast: Option<Contrast>,
}

impl Verdict {
    /// The packet at which it broke, without its being a repetition.
    #[must_use]
    pub fn victim(&self) -> Option<Label> {
        self.sentence.args.iter().find_map(|(name, value)| match value {
            Value::Packet(label) if *name == "packet" => Some(Label { kind: label.kind, again: None }),
            _ => None,
        })
    }

    /// How it ended, as a message.
    #[must_use]
    pub const fn summary(&self) -> Message {
        Message::new(self.outcome.message_id())
    }
}

/// The verdicts on a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// One for each conversation, in the order in which they begin.
    pub conversations: Vec<Verdict>,
}

impl Explanation {
    /// The verdict on an action's conversation.
    #[must_use]
    pub fn of(&self, action: ActionId) -> Option<&Verdict> {
        self.conversations.iter().find(|verdict| verdict.conversation.action == action)
    }

    /// The verdict on the conversation of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Verdict> {
        self.conversations.iter().find(|verdict| verdict.conversation.name == name)
    }
}

/// Explains a run. Reads the trace, and nothing is simulated a second time. The trace must be a full one
/// (`Simulation::new`): without frames and stays there is nothing to read.
#[must_use]
pub fn explain(scenario: &Scenario, trace: &Trace) -> Explanation {
    let reading = Reading::new(scenario, trace);
    let threads: Vec<Thread<'_>> = reading.conversations().iter().map(|conversation| reading.thread(conversation)).collect();
    let outcomes: Vec<(ActionId, Outcome)> = threads.iter().map(|thread| (thread.conversation().action, outcome(thread))).collect();
    let verdicts = threads.iter().zip(&outcomes).map(|(thread, (_, outcome))| verdict(thread, *outcome, &outcomes));
    Explanation { conversations: verdicts.collect() }
}

/// How a conversation ended.
fn outcome(thread: &Thread<'_>) -> Outcome {
    let action = thread.conversation().action.0 as usize;
    let running = Recorded::new(roundtrip_sim::trace::ActionResult::Running);
    let recorded = thread.trace().outcomes.get(action).unwrap_or(&running);
    let wanted = thread.reading().scenario().actions.get(action).map_or(0, |action| match &action.kind {
        ActionKind::Udp(udp) => udp.count,
        _ => 0,
    });
    let missing = recorded.replies.is_some_and(|replies| replies < wanted);
    Outcome::of(recorded, lossy(thread), missing)
}

fn verdict(thread: &Thread<'_>, outcome: Outcome, outcomes: &[(ActionId, Outcome)]) -> Verdict {
    let lights = lights(thread);
    let all = way::ways(thread);
    let one_sided = one_sided(thread);
    let broke = find(thread, outcome, &lights);
    let diagnosis = classify(thread, outcome, broke, &all, &one_sided);
    let case = Case { thread, outcome, broke, diagnosis, ways: &all, one_sided: &one_sided };
    let (sentence, chain, asides) = (sentence(&case), chain(&case), asides(&case));
    let met_once = pair(&case).map(|(there, back)| way::met_once(there, back)).unwrap_or_default();
    let Diagnosis { cause, place } = diagnosis;
    Verdict {
        conversation: thread.conversation().clone(),
        outcome,
        cause,
        place,
        broke,
        sentence,
        chain,
        asides,
        beliefs: beliefs(thread, outcome, &lights),
        contrast: if outcome.works() { None } else { contrast(thread, diagnosis, outcomes) },
        lights,
        ways: Ways { all, met_once, one_sided },
    }
}

/// Sentences of causes that show in more than one way.
pub(crate) const VARIANTS: &[&str] = &[
    "cause-asymmetric-harmless-links",
    "cause-rp-filter-no-route",
    "cause-rp-filter-arp",
    "cause-fragmentation-needed-local",
    "cause-no-answer-more",
    "cause-conntrack-forgotten-sent",
    "cause-conntrack-forgotten-taken",
];

/// The name of the sentence about a case.
fn sentence_id(case: &Case<'_, '_>) -> &'static str {
    let Diagnosis { cause, place } = case.diagnosis;
    let reading = case.thread.reading();
    let visit = place.and_then(|place| place.visit);
    let drop = place.and_then(|place| place.drop).and_then(|drop| reading.drop(drop));
    match cause {
        Cause::AsymmetricHarmless
            if case.one_sided.is_empty() && pair(case).is_some_and(|(there, back)| way::met_once(there, back).is_empty()) =>
        {
            "cause-asymmetric-harmless-links"
        }
        Cause::RpFilter if drop.is_none() => "cause-rp-filter-arp",
        Cause::RpFilter
            if visit.is_some_and(|visit| {
                reading.step(visit, |step| matches!(step, Step::ReversePath { dev: None }).then_some(())).is_some()
            }) =>
        {
            "cause-rp-filter-no-route"
        }
        Cause::FragmentationNeeded if place.is_some_and(|place| place.packet.is_none()) => "cause-fragmentation-needed-local",
        Cause::NoAnswer if said(case).is_some() => "cause-no-answer-more",
        Cause::ConntrackForgotten if drop.is_none() => "cause-conntrack-forgotten-sent",
        Cause::ConntrackForgotten if drop.is_some_and(|drop| !matches!(drop.reason, DropReason::Rule { .. })) => {
            "cause-conntrack-forgotten-taken"
        }
        cause => cause.message_id(),
    }
}

/// The ways there and back as they stood at the end.
fn pair<'a>(case: &'a Case<'_, '_>) -> Option<(&'a Way, &'a Way)> {
    let end = case.thread.trace().ended_at;
    way::at(case.ways, Direction::There, end).zip(way::at(case.ways, Direction::Back, end))
}

/// The last data that a service had sent before it said nothing more.
fn said(case: &Case<'_, '_>) -> Option<PacketId> {
    let data = |member: &&Member| matches!(member.label.kind, Kind::Data { .. });
    let end = ended(case.thread);
    let in_time = |member: &&Member| case.thread.origin(member.packet).is_some_and(|record| record.made <= end);
    case.thread.going(Direction::Back).filter(data).rfind(in_time).map(|member| member.packet)
}

/// The arguments that every sentence about a cause may use.
pub(crate) const SENTENCE_ARGUMENTS: &[&str] = &["client", "server", "node", "packet", "seen", "other", "address", "port", "reason", "way"];

/// One sentence about the cause.
fn sentence(case: &Case<'_, '_>) -> Message {
    let thread = case.thread;
    let (reading, conversation, place) = (thread.reading(), thread.conversation(), case.diagnosis.place);
    // Behind a translation it is another one who answers than the one who was asked.
    let server = server_node(thread).map_or_else(|| Value::from(conversation.to), |node| case.device(node));
    let packet = place.and_then(|place| place.packet);
    let (seen, other) = seen_and_not(case);
    let port = match conversation.purpose {
        Purpose::Tcp { port } | Purpose::Udp { port } => port.to_string(),
        Purpose::Ping | Purpose::Traceroute => String::new(),
    };
    let way = match case.diagnosis.cause {
        Cause::RoutingLoop => packet.and_then(|packet| circle(&reading.path(packet))).map(|mut nodes| {
            nodes.extend(nodes.first().copied());
            nodes
        }),
        _ => other.or(packet).map(|packet| reading.path(packet)),
    };
    let client = Some(case.diagnosis.cause).filter(|cause| *cause == Cause::Redirected).and_then(|_| redirected(thread));
    Message::new(sentence_id(case))
        .with("client", case.device(client.unwrap_or(conversation.from)))
        .with("server", server)
        .with("node", case.device(place.map_or(conversation.from, |place| place.node)))
        .with("packet", packet.map_or_else(|| Value::from(""), |packet| thread.label(packet).into()))
        .with("seen", seen.map_or_else(|| Value::from(""), |packet| unrepeated(thread, packet)))
        .with("other", other.map_or_else(|| Value::from(""), |packet| unrepeated(thread, packet)))
        .with("address", address(case).map_or_else(|| Value::from(""), Value::from))
        .with("port", port)
        .with("reason", reason(case))
        .with("way", case.way(way.unwrap_or_default()))
}

fn unrepeated(thread: &Thread<'_>, packet: PacketId) -> Value {
    let mut label = thread.label(packet);
    label.again = None;
    Value::Packet(label)
}

/// What the device that dropped the packet had seen of its direction, and what went around it.
fn seen_and_not(case: &Case<'_, '_>) -> (Option<PacketId>, Option<PacketId>) {
    if case.diagnosis.cause == Cause::NoAnswer {
        return (said(case), None);
    }
    let place = case.diagnosis.place.filter(|_| case.diagnosis.cause.is_asymmetry());
    let victim = place.and_then(|place| Some((place, case.thread.member(place.packet?)?)));
    victim.map_or((None, None), |(place, victim)| {
        let seen = Seen::before(case.thread, victim, place.node);
        (seen.same.first().copied(), seen.went_around)
    })
}

/// The address that the cause is about.
fn address(case: &Case<'_, '_>) -> Option<std::net::Ipv4Addr> {
    let reading = case.thread.reading();
    let place = case.diagnosis.place?;
    match case.diagnosis.cause {
        Cause::NeighbourFailed => {
            place.visit.and_then(|visit| next_hop(case.thread, visit, goal(case.thread, place, case.broke))).map(|(address, _)| address)
        }
        Cause::NatHairpin | Cause::NatBypassed | Cause::RpFilter => {
            let frame = place.visit.and_then(|visit| reading.frame_in(visit)).map(|frame| &frame.frame.body);
            match frame {
                Some(FrameBody::Arp(arp)) => Some(arp.sender_ip),
                _ => place.visit.and_then(|visit| reading.ip(visit)).map(|ip| ip.src),
            }
        }
        Cause::StaleNeighbour | Cause::DuplicateAddress => {
            let meant = place.visit.and_then(|visit| meant_for(case.thread, visit)).map(|(address, _)| address);
            meant.or_else(|| goal(case.thread, place, case.broke))
        }
        Cause::BroadcastAddress => {
            let frame = place.visit.and_then(|visit| reading.frame_out(visit).or_else(|| reading.frame_in(visit)));
            let sent = frame.and_then(|frame| frame.frame.ipv4()).map(|ip| ip.dst);
            Some(sent.unwrap_or(case.thread.conversation().to))
        }
        _ => goal(case.thread, place, case.broke),
    }
}

/// The words for an interface without a cable.
pub(crate) const NO_CARRIER: &str = "reason-no-carrier";

fn reason(case: &Case<'_, '_>) -> Value {
    let reading = case.thread.reading();
    let place = case.diagnosis.place.filter(|_| case.diagnosis.cause == Cause::LinkDown);
    if place.is_some_and(|place| place.packet.is_some_and(|packet| no_carrier(case.thread, packet, place.node).is_some())) {
        return Message::new(NO_CARRIER).into();
    }
    if let Some(drop) = case.diagnosis.place.and_then(|place| reading.drop(place.drop?)) {
        let rule = match drop.reason {
            DropReason::Rule { rule, .. } => reading.rule(drop.node, rule),
            _ => None,
        };
        return drop_reason(&drop.reason, rule.map(|info: &RuleInfo| &*info.text)).into();
    }
    match case.broke {
        Break::Local { errno, .. } => refusal(errno),
        _ => "".into(),
    }
}
