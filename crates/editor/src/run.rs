//! A document, run: the trace with everything that views need of it, computed once.

use crate::view::capture::numbers;
use crate::view::conversation::{Conversation, Direction, Membership, conversations};
use crate::view::index::{Index, origin};
use crate::view::label::Label;
use crate::view::ladder::{Ladder, Member};
use crate::view::loss::{Loss, losses};
use crate::view::timescale::{Shown, TimeScale};
use crate::view::ways::{Way, ways};
use roundtrip_lab::{Lab, Problem};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{NodeTables, PacketId, Trace, Why};
use roundtrip_sim::{NodeId, Scenario, Simulation};
use roundtrip_wire::FrameNumbers;
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
    /// Which packets belong to which conversation.
    pub membership: Membership,
    /// Every packet's direction and name.
    pub members: Vec<Member>,
    /// Every death.
    pub losses: Vec<Loss>,
    /// How long everything is shown.
    pub scale: TimeScale,
    /// For every frame, what its sequence numbers count from.
    pub numbers: Vec<FrameNumbers>,
}

impl Run {
    /// Runs a document.
    #[must_use]
    pub fn new(lab: &Lab) -> Self {
        let problems = roundtrip_lab::check(lab);
        let can_run = !problems.iter().any(Problem::is_error);
        let scenario = if can_run { roundtrip_lab::to_scenario(lab).0 } else { Scenario::default() };
        let trace = Simulation::new(scenario.clone()).run();
        let index = Index::new(&trace);
        let conversations = conversations(&scenario);
        let membership = Membership::new(&trace, scenario.actions.len());
        let members = members(&trace, &index, &conversations);
        let losses = losses(&trace, &index);
        let scale = TimeScale::new(&trace, &pauses(&losses));
        let numbers = numbers(&trace);
        Self { problems, scenario, trace, index, conversations, membership, members, losses, scale, numbers }
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
        let mut simulation = Simulation::with_trace(self.scenario.clone(), false);
        simulation.run_until(at);
        simulation.tables()
    }

    /// The conversation to look at first: one that went wrong, rather TCP than another; else the first.
    #[must_use]
    pub fn most_interesting(&self) -> Option<&Conversation> {
        let failed = |conversation: &&Conversation| {
            let outcome = self.trace.outcomes.get(conversation.action.0 as usize);
            outcome.is_some_and(|outcome| outcome.result != roundtrip_sim::trace::ActionResult::Ok)
        };
        let is_tcp = |conversation: &&Conversation| matches!(conversation.purpose, crate::view::conversation::Purpose::Tcp { .. });
        let all = || self.conversations.iter();
        let failed_tcp = all().filter(failed).find(is_tcp);
        failed_tcp.or_else(|| all().find(failed)).or_else(|| all().find(is_tcp)).or_else(|| all().next())
    }
}

fn members(trace: &Trace, index: &Index, conversations: &[Conversation]) -> Vec<Member> {
    (0_u32..)
        .map(PacketId)
        .take(trace.packets.len())
        .map(|packet| {
            let action = origin(trace, packet).and_then(|record| record.action);
            let conversation = conversations.iter().find(|conversation| Some(conversation.action) == action);
            let direction = conversation.map_or(Direction::Aside, |conversation| conversation.direction(trace, index, packet));
            Member { packet, direction, label: Label::of(trace, index, packet) }
        })
        .collect()
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

impl Focus {
    /// On a conversation of a run, or on all of it. Frames that ask for Ethernet addresses are left out unless
    /// `resolution`.
    #[must_use]
    pub fn new(run: &Run, conversation: Option<&Conversation>, resolution: bool) -> Self {
        let is_resolution = |packet: PacketId| {
            // An answer to a question is part of asking.
            let mut at = Some(packet);
            while let Some(record) = at.and_then(|packet| origin(&run.trace, packet)) {
                match record.why {
                    Why::Resolution => return true,
                    Why::Answer => at = record.parent,
                    _ => return false,
                }
            }
            false
        };
        let is_arp = |member: &Member| {
            matches!(member.label.kind, crate::view::label::Kind::ArpRequest { .. } | crate::view::label::Kind::ArpReply { .. })
                || is_resolution(member.packet) && member.direction == Direction::Aside
        };
        let all: Vec<Member> = match conversation {
            Some(conversation) => {
                run.membership.packets(conversation.action).iter().filter_map(|packet| run.member(*packet).copied()).collect()
            }
            None => run.members.clone(),
        };
        let listed: Vec<Member> = all.iter().filter(|member| resolution || !is_arp(member)).copied().collect();
        let ladder = Ladder::new(&run.trace, &run.index, &listed);
        let action = conversation.map(|conversation| conversation.action);
        let losses = || run.losses.iter().filter(|loss| action.is_none() || loss.action == action);
        let mut stops: BTreeSet<SimTime> = losses().map(|loss| loss.at).collect();
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
        marks.sort_by_key(|mark| (mark.time, mark.kind));
        Self {
            conversation: conversation.cloned(),
            ways: ways(&run.trace, &run.index, &listed),
            ladder,
            stops: stops.into_iter().collect(),
            marks,
        }
    }
}
