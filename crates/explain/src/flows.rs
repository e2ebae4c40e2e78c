//! Two conversations side by side, packet for packet, up to the first step at which they part.

use crate::chain::{drop_reason, state_name};
use crate::message::{Message, Value};
use crate::reading::{Direction, Fate, Label, Member, Thread, original};
use roundtrip_sim::scenario::NodeId;
use roundtrip_sim::trace::{PacketId, RuleDid, Step, VisitId};

/// A packet of one of the two, as far as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Which packet.
    pub packet: PacketId,
    /// What it is called.
    pub label: Label,
    /// The devices that it met, its maker first.
    pub way: Vec<NodeId>,
    /// Somebody took it.
    pub arrived: bool,
}

/// What the two sent at the same place of their conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which way these packets go.
    pub direction: Direction,
    /// Of the one that lives.
    pub lives: Passage,
    /// Of the one that dies.
    pub dies: Passage,
}

/// A step that a device took with a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The stay.
    pub visit: VisitId,
    /// Place among its steps, from 0; none for the end of the stay.
    pub step: Option<u16>,
    /// The step in words.
    pub message: Message,
}

/// What a device did with the two packets at the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    /// With the one that lives; none if it did no more.
    pub lives: Option<Told>,
    /// With the one that dies.
    pub dies: Option<Told>,
    /// The same with both.
    pub same: bool,
}

/// Two conversations side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// Packet for packet; in the last row one of the two dies.
    pub rows: Vec<Row>,
    /// Step for step at the device where they part, for the two packets of the last row.
    pub steps: Vec<StepRow>,
}

/// More rows than these before the parting would hide it.
const MOST: usize = 6;

impl Flows {
    /// Of the conversation that lives and the one that dies, up to the packets at which they part. `lives` of the first is held
    /// against `dies` of the second.
    #[must_use]
    pub fn new(
        living: &Thread<'_>,
        dying: &Thread<'_>,
        (lives, dies): (PacketId, PacketId),
        stays: (Option<VisitId>, Option<VisitId>),
    ) -> Self {
        let mut rows = Vec::new();
        let mut living_ones = firsts(living);
        for member in firsts(dying).take_while(|member| member.packet < dies) {
            let Some(other) = living_ones.find(|other| other.direction == member.direction && arrived(living, other.packet)) else { break };
            rows.push(row(living, dying, other.packet, member));
        }
        // Those next to the parting tell more than those at the beginning.
        let skipped = rows.len().saturating_sub(MOST);
        rows.drain(..skipped);
        if let Some(member) = dying.member(dies) {
            // The living one's packet at the same place, else any that passed where the other one died.
            let same_place = living_ones
                .find(|other| other.direction == member.direction && arrived(living, other.packet))
                .map(|other| other.packet)
                .filter(|packet| stays.1.is_some_and(|stay| met_where(living, dying, *packet, stay)));
            rows.push(row(living, dying, same_place.unwrap_or(lives), member));
        }
        Self { rows, steps: steps(living, dying, stays) }
    }
}

/// A conversation's own packets without repetitions.
fn firsts<'t>(thread: &'t Thread<'_>) -> impl Iterator<Item = &'t Member> {
    thread
        .members()
        .iter()
        .filter(|member| member.direction != Direction::Aside && original(thread.trace(), member.packet) == member.packet)
}

fn arrived(thread: &Thread<'_>, packet: PacketId) -> bool {
    matches!(thread.reading().fate(packet), Fate::Arrived { .. })
}

/// True if the packet was where the other one's stay is.
fn met_where(living: &Thread<'_>, dying: &Thread<'_>, packet: PacketId, stay: VisitId) -> bool {
    dying.reading().visit(stay).is_some_and(|visit| living.reading().met(packet, visit.node))
}

fn row(living: &Thread<'_>, dying: &Thread<'_>, lives: PacketId, dies: &Member) -> Row {
    Row { direction: dies.direction, lives: passage(living, lives), dies: passage(dying, dies.packet) }
}

fn passage(thread: &Thread<'_>, packet: PacketId) -> Passage {
    Passage { packet, label: thread.label(packet), way: thread.reading().path(packet), arrived: arrived(thread, packet) }
}

/// The steps of both stays, place by place.
fn steps(living: &Thread<'_>, dying: &Thread<'_>, (lives, dies): (Option<VisitId>, Option<VisitId>)) -> Vec<StepRow> {
    let (Some(lives), Some(dies)) = (lives, dies) else { return Vec::new() };
    let mut left = told(living, lives).into_iter();
    let mut right = told(dying, dies).into_iter();
    let mut rows = Vec::new();
    loop {
        let (lives, dies) = (left.next(), right.next());
        if lives.is_none() && dies.is_none() {
            return rows;
        }
        let same = lives.as_ref().map(|told| &told.message) == dies.as_ref().map(|told| &told.message);
        rows.push(StepRow { lives, dies, same });
    }
}

/// What was done with a packet during a stay, and how the stay ended.
fn told(thread: &Thread<'_>, visit: VisitId) -> Vec<Told> {
    let reading = thread.reading();
    let Some(record) = reading.visit(visit) else { return Vec::new() };
    let steps = (0_u16..).zip(reading.steps(visit));
    let mut all: Vec<Told> = steps
        .filter_map(|(place, step)| step_message(thread, record.node, step).map(|message| Told { visit, step: Some(place), message }))
        .collect();
    let drops = || reading.index().drops(record.packet).iter().filter_map(|drop| reading.drop(*drop));
    let died = drops().find(|drop| drop.node == record.node && reading.last_visit(drop) == Some(visit));
    let end = match died {
        Some(drop) => {
            let rule = match drop.reason {
                roundtrip_sim::trace::DropReason::Rule { rule, .. } => reading.rule(drop.node, rule).map(|info| &*info.text),
                _ => None,
            };
            Message::new("step-dies").with("reason", drop_reason(&drop.reason, rule))
        }
        None => match record.end {
            roundtrip_sim::trace::VisitEnd::Delivered => Message::new("step-taken"),
            _ => Message::new("step-passes"),
        },
    };
    all.push(Told { visit, step: None, message: end });
    all
}

/// The names of the messages about steps, with their arguments.
pub(crate) const MESSAGES: &[(&str, &[&str])] = &[
    ("step-conntrack", &["state"]),
    ("step-rule-accept", &["rule"]),
    ("step-rule-continue", &["rule"]),
    ("step-rule-translate", &["rule"]),
    ("step-translated-source", &[]),
    ("step-translated-destination", &[]),
    ("step-route", &["via", "dev"]),
    ("step-route-link", &["dev"]),
    ("step-route-local", &[]),
    ("step-neighbour-asked", &[]),
    ("step-fragmented", &["pieces"]),
    ("step-dies", &["reason"]),
    ("step-taken", &[]),
    ("step-passes", &[]),
];

/// A step in words; none for those that decide nothing.
fn step_message(thread: &Thread<'_>, node: NodeId, step: &Step) -> Option<Message> {
    let reading = thread.reading();
    let dev = |dev| reading.interface_name(node, dev).to_owned();
    Some(match step {
        Step::Conntrack { state, .. } => Message::new("step-conntrack").with("state", state_name(*state)),
        Step::Rule { rule, did } => {
            let id = match did {
                RuleDid::Accept => "step-rule-accept",
                RuleDid::Continue => "step-rule-continue",
                RuleDid::Translate => "step-rule-translate",
                // The end of the stay says it.
                RuleDid::Drop | RuleDid::Reject => return None,
            };
            Message::new(id).with("rule", reading.rule(node, *rule).map_or_else(String::new, |info| info.text.to_string()))
        }
        Step::Translated { source: true, .. } => Message::new("step-translated-source"),
        Step::Translated { source: false, .. } => Message::new("step-translated-destination"),
        Step::Route { via: Some(via), dev: out, .. } => Message::new("step-route").with("via", Value::from(*via)).with("dev", dev(*out)),
        Step::Route { via: None, dev: out, .. } => Message::new("step-route-link").with("dev", dev(*out)),
        Step::RouteLocal => Message::new("step-route-local"),
        Step::NeighbourAsked => Message::new("step-neighbour-asked"),
        Step::Fragmented { pieces } => Message::new("step-fragmented").with("pieces", *pieces),
        Step::ReversePath { .. }
        | Step::NeighbourKnown
        | Step::RedirectSent { .. }
        | Step::RedirectWithheld
        | Step::RedirectAccepted { .. }
        | Step::RedirectResolving { .. }
        | Step::RedirectIgnored { .. }
        | Step::PathMtuLearned { .. }
        | Step::Reassembled
        | Step::ErrorWithheld => return None,
    })
}
