//! Conversations: who speaks with whom, which packets belong to it, which of them go there and which come back.

use super::groups::Groups;
use super::index::{Index, origin, stay};
use super::label::{Kind, Label};
use super::loss::loss_of;
use roundtrip_sim::Scenario;
use roundtrip_sim::scenario::{ActionId, ActionKind, NodeId, TracerouteMethod};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{DropRecord, PacketId, Trace, Visit, VisitEnd, Why};
use std::net::Ipv4Addr;

/// What a conversation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Echo requests.
    Ping,
    /// A TCP connection to this port.
    Tcp {
        /// Port.
        port: u16,
    },
    /// UDP datagrams to this port.
    Udp {
        /// Port.
        port: u16,
    },
    /// Trace route.
    Traceroute,
}

/// A conversation of the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// The action that it comes from.
    pub action: ActionId,
    /// The action's name in the document.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Who begins it.
    pub from: NodeId,
    /// Which address it is for.
    pub to: Ipv4Addr,
    /// Who has that address, if anybody has.
    pub target: Option<NodeId>,
    /// When it begins.
    pub begins: SimTime,
}

/// Which way a packet of a conversation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the one who began.
    There,
    /// From the one who was asked.
    Back,
    /// Neither: an error or advice from somebody on the way, or a question for an Ethernet address.
    Aside,
}

/// The conversations of a scenario, in the order in which they begin.
#[must_use]
pub fn conversations(scenario: &Scenario) -> Vec<Conversation> {
    let mut found: Vec<Conversation> = scenario
        .actions
        .iter()
        .zip(0_u32..)
        .filter_map(|(action, id)| {
            let (purpose, from, to) = match &action.kind {
                ActionKind::Ping(ping) => (Purpose::Ping, ping.from, ping.to),
                ActionKind::Tcp(tcp) => (Purpose::Tcp { port: tcp.port }, tcp.from, tcp.to),
                ActionKind::Udp(udp) => (Purpose::Udp { port: udp.port }, udp.from, udp.to),
                ActionKind::Traceroute(route) => match route.method {
                    TracerouteMethod::Udp | TracerouteMethod::Icmp | TracerouteMethod::Tcp(_) => {
                        (Purpose::Traceroute, route.from, route.to)
                    }
                },
                _ => return None,
            };
            let target = owner(scenario, to);
            Some(Conversation { action: ActionId(id), name: action.id.clone(), purpose, from, to, target, begins: action.at })
        })
        .collect();
    found.sort_by_key(|conversation| (conversation.begins, conversation.action));
    found
}

fn owner(scenario: &Scenario, address: Ipv4Addr) -> Option<NodeId> {
    let has = |node: &roundtrip_sim::scenario::Node| node.interfaces.iter().any(|i| i.addresses.iter().any(|net| net.addr() == address));
    scenario.nodes.iter().zip(0_u32..).find(|(node, _)| has(node)).map(|(_, id)| NodeId(id))
}

/// Which packets belong to which conversation.
#[derive(Clone, Debug)]
pub struct Membership {
    of_action: Groups<PacketId>,
}

impl Membership {
    /// Of a trace with so many actions.
    #[must_use]
    pub fn new(trace: &Trace, actions: usize) -> Self {
        let pairs = trace.packets.iter().zip(0_u32..).filter_map(|(record, id)| Some((record.action?.0 as usize, PacketId(id))));
        Self { of_action: Groups::new(actions, pairs) }
    }

    /// A conversation's packets, in the order in which they were made.
    #[must_use]
    pub fn packets(&self, action: ActionId) -> &[PacketId] {
        self.of_action.of(action.0 as usize)
    }
}

impl Conversation {
    /// Which way a packet goes. Decided by who made it, so that address translation on the way changes nothing.
    #[must_use]
    pub fn direction(&self, trace: &Trace, index: &Index, packet: PacketId) -> Direction {
        let Some(record) = origin(trace, packet).filter(|record| record.action == Some(self.action)) else { return Direction::Aside };
        match record.why {
            Why::Resolution => Direction::Aside,
            _ if record.node == self.from => Direction::There,
            _ if Some(record.node) == self.target => Direction::Back,
            // Behind a translation the one who answers is not the one who has the address that was asked.
            Why::Answer if record.parent.is_some_and(|parent| took(trace, index, parent, record.node)) => Direction::Back,
            _ => Direction::Aside,
        }
    }
}

/// True if the node is where a packet's way ended well.
fn took(trace: &Trace, index: &Index, packet: PacketId, node: NodeId) -> bool {
    stays(trace, index, packet).any(|visit| visit.node == node && visit.end == VisitEnd::Delivered)
}

fn stays<'t>(trace: &'t Trace, index: &'t Index, packet: PacketId) -> impl Iterator<Item = &'t Visit> {
    index.visits(packet).iter().filter_map(|id| stay(trace, *id))
}

/// One of the stages by which a person sees how far a conversation gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// ①.
    Syn,
    /// ②.
    SynAck,
    /// ③, or anything that does its work.
    Ack,
    /// A ping's request.
    Request,
    /// Its answer.
    Reply,
}

/// How a stage went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageState {
    /// A packet of this stage arrived.
    Arrived,
    /// None arrived; the first died there.
    Lost(DropRecord),
    /// None arrived, and none died on record: it is on its way for ever, or the run ended.
    Missing,
    /// No packet of this stage was ever sent.
    NeverSent,
}

/// A stage and how it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Light {
    /// Which stage.
    pub stage: Stage,
    /// How it went.
    pub state: StageState,
}

/// The lights of a conversation: three for TCP, two for what asks and is answered.
#[must_use]
pub fn lights(trace: &Trace, index: &Index, members: &Membership, conversation: &Conversation) -> Vec<Light> {
    let stages: &[Stage] = match conversation.purpose {
        Purpose::Tcp { .. } => &[Stage::Syn, Stage::SynAck, Stage::Ack],
        Purpose::Ping | Purpose::Udp { .. } | Purpose::Traceroute => &[Stage::Request, Stage::Reply],
    };
    stages.iter().map(|stage| Light { stage: *stage, state: state(trace, index, members, conversation, *stage) }).collect()
}

fn state(trace: &Trace, index: &Index, members: &Membership, conversation: &Conversation, stage: Stage) -> StageState {
    let mut first_loss = None;
    let mut sent = false;
    for packet in members.packets(conversation.action) {
        if !belongs(trace, index, conversation, stage, *packet) {
            continue;
        }
        sent = true;
        if stays(trace, index, *packet).any(|visit| visit.arrived.is_some() && visit.end == VisitEnd::Delivered) {
            return StageState::Arrived;
        }
        first_loss = first_loss.or_else(|| loss_of(trace, index, *packet).copied());
    }
    match (sent, first_loss) {
        (_, Some(loss)) => StageState::Lost(loss),
        (true, None) => StageState::Missing,
        (false, None) => StageState::NeverSent,
    }
}

fn belongs(trace: &Trace, index: &Index, conversation: &Conversation, stage: Stage, packet: PacketId) -> bool {
    let direction = conversation.direction(trace, index, packet);
    let kind = Label::of(trace, index, packet).kind;
    match stage {
        Stage::Syn => direction == Direction::There && kind == Kind::Syn,
        Stage::SynAck => direction == Direction::Back && kind == Kind::SynAck,
        // Any segment after ② that carries an acknowledgement completes the handshake.
        Stage::Ack => {
            direction == Direction::There
                && matches!(kind, Kind::HandshakeAck | Kind::Ack | Kind::DuplicateAck | Kind::Data { .. } | Kind::Fin)
        }
        Stage::Request => direction == Direction::There,
        Stage::Reply => direction == Direction::Back,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::sample;

    fn story() -> Conversation {
        Conversation {
            action: ActionId(0),
            name: "web".into(),
            purpose: Purpose::Tcp { port: 80 },
            from: sample::PC1,
            to: Ipv4Addr::new(192, 168, 2, 10),
            target: Some(sample::PC2),
            begins: SimTime::ZERO,
        }
    }

    #[test]
    fn there_and_back_are_told_by_who_made_the_packet() {
        let trace = sample::handshake_with_repeat();
        let index = Index::new(&trace);
        let directions: Vec<Direction> = (0..6).map(|packet| story().direction(&trace, &index, PacketId(packet))).collect();
        use Direction::{Back, There};
        assert_eq!(directions, [There, Back, There, There, Back, There]);
    }

    #[test]
    fn the_third_light_names_the_place_of_the_loss() {
        let trace = sample::handshake_with_repeat();
        let index = Index::new(&trace);
        let lights = lights(&trace, &index, &Membership::new(&trace, 1), &story());
        assert_eq!(lights[0].state, StageState::Arrived);
        assert_eq!(lights[1].state, StageState::Arrived);
        assert!(matches!(lights[2].state, StageState::Lost(loss) if loss.node == sample::R1), "{lights:?}");
    }

    #[test]
    fn what_was_never_sent_is_said() {
        let mut b = sample::Builder::new();
        let syn = b.make(sample::PC1, SimTime::ZERO, Why::Application, None);
        b.hop(
            syn,
            (sample::PC1, 0),
            (sample::R1, 0),
            roundtrip_sim::SegmentId(0),
            &sample::segment(roundtrip_wire::TcpFlags::SYN, true, b""),
        );
        b.drop(syn, roundtrip_sim::trace::DropReason::NoRoute);
        let index = Index::new(&b.trace);
        let lights = lights(&b.trace, &index, &Membership::new(&b.trace, 1), &story());
        assert!(matches!(lights[0].state, StageState::Lost(_)));
        assert_eq!(lights[1].state, StageState::NeverSent);
        assert_eq!(lights[2].state, StageState::NeverSent);
    }
}
