//! The lights by which a person sees how far a conversation gets: ① SYN, ② SYN,ACK, ③ ACK; or request and answer.

use crate::find::{given_up, reached};
use crate::reading::{Direction, Fate, Kind, Label, Member, Purpose, Thread};
use roundtrip_sim::scenario::{IfIndex, NodeId};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{DropReason, PacketId, VisitId, Why};
use std::sync::Arc;

/// One of the stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// ①.
    Syn,
    /// ②.
    SynAck,
    /// ③, or anything that does its work.
    Ack,
    /// What asks.
    Request,
    /// What answers.
    Reply,
}

impl Stage {
    /// Its name, which never changes.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Syn => "syn",
            Self::SynAck => "syn-ack",
            Self::Ack => "ack",
            Self::Request => "request",
            Self::Reply => "reply",
        }
    }

    /// The stages of a conversation.
    #[must_use]
    pub const fn of(purpose: Purpose) -> &'static [Self] {
        match purpose {
            Purpose::Tcp { .. } => &[Self::Syn, Self::SynAck, Self::Ack],
            Purpose::Ping | Purpose::Udp { .. } | Purpose::Traceroute => &[Self::Request, Self::Reply],
        }
    }
}

/// A packet's death, as far as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Which packet.
    pub packet: PacketId,
    /// What it is called.
    pub label: Label,
    /// Where it died.
    pub node: NodeId,
    /// By which interface it had come; none if it was made there.
    pub interface: Option<IfIndex>,
    /// When.
    pub at: SimTime,
    /// Why.
    pub reason: DropReason,
    /// The text of the rule that decided, if one did.
    pub rule: Option<Arc<str>>,
    /// Place in the trace's list of deaths.
    pub drop: u32,
    /// The stay that ended so.
    pub visit: Option<VisitId>,
}

/// How a stage went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LightState {
    /// A packet of this stage was taken at the other end.
    Passed {
        /// Which.
        packet: PacketId,
        /// When.
        at: SimTime,
        /// The first one died, and a later one came through.
        first: Option<Loss>,
    },
    /// None arrived; the first death.
    Lost(Loss),
    /// None arrived and none died on record: it waits, nobody took the frame, or the run ended.
    NotSeen {
        /// The first one.
        packet: PacketId,
    },
    /// No packet of this stage was ever made.
    NotSent,
}

/// A stage and how it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Light {
    /// Which stage.
    pub stage: Stage,
    /// How it went.
    pub state: LightState,
}

impl Light {
    /// True if a packet of this stage was taken at the other end.
    #[must_use]
    pub const fn passed(&self) -> bool {
        matches!(self.state, LightState::Passed { .. })
    }
}

/// The lights of a conversation.
#[must_use]
pub fn lights(thread: &Thread<'_>) -> Vec<Light> {
    Stage::of(thread.conversation().purpose).iter().map(|stage| Light { stage: *stage, state: state(thread, *stage) }).collect()
}

fn state(thread: &Thread<'_>, stage: Stage) -> LightState {
    let mut lost = None;
    let mut first_sent = None;
    // What the system goes on to do after the application has given up helps nobody.
    let end = given_up(thread);
    let in_time = |member: &&Member| thread.origin(member.packet).is_some_and(|record| record.made <= end);
    for member in thread.members().iter().filter(|member| belongs(thread, stage, member)).filter(in_time) {
        first_sent = first_sent.or(Some(member.packet));
        match arrival(thread, stage, member.packet).filter(|at| *at <= end) {
            Some(at) => {
                // Probes of a trace route die by design.
                let first = lost.filter(|_| thread.conversation().purpose != Purpose::Traceroute);
                return LightState::Passed { packet: member.packet, at, first };
            }
            None => lost = lost.or_else(|| first_loss(thread, member.packet)),
        }
    }
    match (first_sent, lost) {
        (_, Some(loss)) => LightState::Lost(loss),
        (Some(packet), None) => LightState::NotSeen { packet },
        (None, None) => LightState::NotSent,
    }
}

/// When a packet did what its stage is for.
fn arrival(thread: &Thread<'_>, stage: Stage, packet: PacketId) -> Option<SimTime> {
    let reading = thread.reading();
    if let Fate::Arrived { at, .. } = reading.fate(packet) {
        return Some(at);
    }
    // A trace route's probe does its work by reaching the target's closed port, and an answer to it by reaching the one who asked.
    if thread.conversation().purpose != Purpose::Traceroute {
        return None;
    }
    let from = thread.conversation().from;
    let ends: &[NodeId] = match stage {
        Stage::Request => thread.far_ends(),
        Stage::Reply => &[from],
        Stage::Syn | Stage::SynAck | Stage::Ack => &[],
    };
    let end = *ends.iter().find(|end| reached(thread, packet, **end))?;
    reading.visits(packet).find(|(_, visit)| visit.node == end && visit.arrived.is_some()).map(|(_, visit)| visit.at)
}

/// The first death of a packet.
#[must_use]
pub fn first_loss(thread: &Thread<'_>, packet: PacketId) -> Option<Loss> {
    let drop = *thread.reading().index().drops(packet).first()?;
    loss(thread, drop)
}

/// A death on record, by its place in the trace's list.
#[must_use]
pub fn loss(thread: &Thread<'_>, drop: u32) -> Option<Loss> {
    let reading = thread.reading();
    let record = reading.drop(drop)?;
    let rule = match record.reason {
        DropReason::Rule { rule, .. } => reading.rule(record.node, rule).map(|info| Arc::clone(&info.text)),
        _ => None,
    };
    let visit = reading.last_visit(record);
    Some(Loss {
        packet: record.packet,
        label: thread.label(record.packet),
        node: record.node,
        interface: visit.and_then(|visit| reading.came_by(visit)).map(|port| port.interface),
        at: record.at,
        reason: record.reason,
        rule,
        drop,
        visit,
    })
}

fn belongs(thread: &Thread<'_>, stage: Stage, member: &Member) -> bool {
    let kind = member.label.kind;
    match stage {
        Stage::Syn => member.direction == Direction::There && matches!(kind, Kind::Syn),
        Stage::SynAck => kind == Kind::SynAck && member.direction != Direction::Aside,
        // Any segment after ② that carries an acknowledgement completes the handshake.
        Stage::Ack => {
            member.direction == Direction::There
                && matches!(kind, Kind::HandshakeAck | Kind::Ack | Kind::DuplicateAck | Kind::Data { .. } | Kind::Fin)
        }
        Stage::Request => {
            member.direction == Direction::There && thread.origin(member.packet).is_some_and(|record| record.why == Why::Application)
        }
        Stage::Reply => member.direction == Direction::Back,
    }
}
