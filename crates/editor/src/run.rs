//! A document, run: the trace with everything that views need of it, computed once.

use crate::replay::Replay;
use crate::view::capture::numbers;
use crate::view::ladder::Ladder;
use crate::view::loss::{Loss, losses};
use crate::view::timescale::{Shown, TimeScale};
use crate::work::Work;
use roundtrip_explain::reading::{Conversation, Direction, Index, Kind, Label, Member, Reading, Way, way};
use roundtrip_explain::{Cure, Explanation, Outcome, Verdict, cures, explain};
use roundtrip_lab::{Lab, Problem};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{NodeTables, PacketId, Trace};
use roundtrip_sim::{NodeId, Scenario};
use roundtrip_wire::FrameNumbers;
use roundtrip_wire::order;
use std::collections::BTreeSet;

/// What happens in a document.
#[derive(Clone, Debug)]
pub struct Run {
    /// What is wrong with it. With an error among them, nothing happens: the scenario is empty.
    pub problems: Vec<Problem>,
    /// What was simulated.
    pub scenario: Scenario,
    /// What happened.
    pub trace: Trace,
    /// Cross references.
    pub index: Index,
    /// Who spoke with whom.
    pub conversations: Vec<Conversation>,
    /// What there is to say about each conversation.
    pub explanation: Explanation,
    /// Every packet's direction and name.
    pub members: Vec<Member>,
    /// Every death.
    pub losses: Vec<Loss>,
    /// How long everything is shown.
    pub scale: TimeScale,
    /// For every frame, what its sequence numbers count from.
    pub numbers: Vec<FrameNumbers>,
    /// What everybody believes, at any moment.
    pub replay: Replay,
}

impl Run {
    /// Runs a document.
    #[must_use]
    pub fn new(lab: &Lab) -> Self {
        Work::new(lab).finish()
    }

    /// Reads what happened.
    pub(crate) fn read(problems: Vec<Problem>, scenario: Scenario, trace: Trace) -> Self {
        let reading = Reading::new(&scenario, &trace);
        let members = members(&reading);
        let conversations = reading.conversations().to_vec();
        let index = reading.index().clone();
        let explanation = explain(&scenario, &trace);
        let losses = losses(&trace, &index);
        let scale = TimeScale::new(&trace, &pauses(&losses));
        let numbers = numbers(&trace);
        let replay = Replay::new(scenario.clone(), &trace);
        Self { problems, scenario, trace, index, conversations, explanation, members, losses, scale, numbers, replay }
    }

    /// The conversation of this name.
    #[must_use]
    pub fn conversation(&self, name: &str) -> Option<&Conversation> {
        self.conversations.iter().find(|conversation| conversation.name == name)
    }

    /// A packet's direction and name.
    #[must_use]
    pub fn member(&self, packet: PacketId) -> Option<&Member> {
        self.members.get(packet.0 as usize)
    }

    /// The simulated node of a device, by name.
    #[must_use]
    pub fn node(&self, device: &str) -> Option<NodeId> {
        self.scenario.nodes.iter().zip(0_u32..).find(|(node, _)| node.name == device).map(|(_, id)| NodeId(id))
    }

    /// The name of a simulated node in the document.
    #[must_use]
    pub fn device_name(&self, node: NodeId) -> &str {
        self.scenario.nodes.get(node.0 as usize).map_or("", |node| node.name.as_str())
    }

    /// What every node believes at a moment: the run is made again up to there. By node.
    #[must_use]
    pub fn tables(&self, at: SimTime) -> Vec<NodeTables> {
        self.replay.at(at).nodes.clone()
    }

    /// What there is to say about a conversation.
    #[must_use]
    pub fn verdict(&self, conversation: &Conversation) -> Option<&Verdict> {
        self.explanation.of(conversation.action)
    }

    /// What would cure a conversation of this run of `lab`. Simulates every candidate: not for every stroke of a key.
    #[must_use]
    pub fn cures(&self, lab: &Lab, conversation: &Conversation) -> Vec<Cure> {
        let verdict = self.verdict(conversation);
        verdict.map_or_else(Vec::new, |verdict| cures(lab, &self.scenario, &self.trace, verdict))
    }

    /// The conversation to look at first: one that goes wrong, rather TCP than another; else one that had trouble; else the first.
    #[must_use]
    pub fn most_interesting(&self) -> Option<&Conversation> {
        let trouble = |conversation: &&Conversation| match self.verdict(conversation).map(|verdict| verdict.outcome) {
            Some(Outcome::Healthy) | None => 2_u8,
            Some(Outcome::Recovered) => 1,
            Some(_) => 0,
        };
        self.conversations.iter().min_by_key(|conversation| (trouble(conversation), !conversation.is_tcp()))
    }
}

fn members(reading: &Reading<'_>) -> Vec<Member> {
    let aside = |packet| Member { packet, direction: Direction::Aside, label: Label::of(reading.trace(), reading.index(), packet) };
    let mut members: Vec<Member> = (0_u32..).map(PacketId).take(reading.trace().packets.len()).map(aside).collect();
    for conversation in reading.conversations() {
        for member in reading.thread(conversation).members() {
            if let Some(slot) = members.get_mut(member.packet.0 as usize) {
                *slot = *member;
            }
        }
    }
    members
}

/// The show stands still at the first loss of each conversation.
fn pauses(losses: &[Loss]) -> Vec<SimTime> {
    let mut met = BTreeSet::new();
    losses.iter().filter(|loss| loss.action.is_some_and(|action| met.insert(action))).map(|loss| loss.at).collect()
}

/// A run, looked at through one conversation or as a whole.
#[derive(Clone, Debug)]
pub struct Focus {
    /// The conversation; none for all traffic.
    pub conversation: Option<Conversation>,
    /// The ladder.
    pub ladder: Ladder,
    /// The ways that were taken.
    pub ways: Vec<Way>,
    /// Moments at which something happens, in order.
    pub stops: Vec<SimTime>,
    /// What the scrubber marks.
    pub marks: Vec<Mark>,
}

/// A mark on the scrubber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where.
    pub at: Shown,
    /// When.
    pub time: SimTime,
    /// For what.
    pub kind: MarkKind,
}

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// A packet was made.
    Packet(Direction),
    /// A packet was made again.
    Again(Direction),
    /// A packet died.
    Loss,
}

/// The ways of all conversations, each once, in the order in which they were first taken. What only began as another is left out.
fn all_ways(reading: &Reading<'_>) -> Vec<Way> {
    let mut found: Vec<Way> = Vec::new();
    for conversation in reading.conversations() {
        for way in way::ways(&reading.thread(conversation)) {
            let known = |other: &Way| other.direction == way.direction && other.legs.starts_with(&way.legs);
            if !found.iter().any(known) {
                found.push(way);
            }
        }
    }
    order::sort_by_key(&mut found, |way| way.first);
    found
}

impl Focus {
    /// On a conversation of a run, or on all of it. Frames that ask for Ethernet addresses are left out unless
    /// `resolution`.
    #[must_use]
    pub fn new(run: &Run, conversation: Option<&Conversation>, resolution: bool) -> Self {
        let is_arp = |member: &Member| matches!(member.label.kind, Kind::ArpRequest { .. } | Kind::ArpReply { .. });
        let reading = Reading::new(&run.scenario, &run.trace);
        let thread = conversation.map(|conversation| reading.thread(conversation));
        let all: Vec<Member> = thread.as_ref().map_or_else(|| run.members.clone(), |thread| thread.members().to_vec());
        let listed: Vec<Member> = all.iter().filter(|member| resolution || !is_arp(member)).copied().collect();
        let ladder = Ladder::new(&run.trace, &run.index, &listed);
        let action = conversation.map(|conversation| conversation.action);
        let losses = || run.losses.iter().filter(|loss| action.is_none() || loss.action == action);
        let mut stops: BTreeSet<SimTime> = order::gather(losses().map(|loss| loss.at));
        for arrow in ladder.rows.iter().flat_map(|row| &row.arrows) {
            stops.insert(arrow.hop.sent);
            stops.insert(arrow.hop.arrived);
        }
        let packets = ladder.rows.iter().filter(|row| row.member.direction != Direction::Aside).map(|row| {
            let direction = row.member.direction;
            let kind = if row.member.label.again.is_some() { MarkKind::Again(direction) } else { MarkKind::Packet(direction) };
            (row.made, kind)
        });
        let mut marks: Vec<Mark> = packets
            .chain(losses().map(|loss| (loss.at, MarkKind::Loss)))
            .map(|(time, kind)| Mark { at: run.scale.shown(time), time, kind })
            .collect();
        order::sort_by_key(&mut marks, |mark| (mark.time, mark.kind));
        Self {
            conversation: conversation.cloned(),
            ways: thread.as_ref().map_or_else(|| all_ways(&reading), way::ways),
            ladder,
            stops: stops.into_iter().collect(),
            marks,
        }
    }
}
