//! Conversations: who speaks with whom, which packets belong to it, which of them go there and which come back.

use super::groups::Groups;
use super::index::{Index, origin, stay};
use super::label::{Kind, Label};
use roundtrip_sim::Scenario;
use roundtrip_sim::scenario::{ActionId, ActionKind, IfIndex, NodeId, Port, TracerouteMethod};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{DropReason, PacketId, Trace, VisitEnd, Why};
use roundtrip_wire::order;
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

/// A conversation of the scenario: an action by which one node wants an answer from an address.
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
    /// Who has that address at the start, if anybody has.
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
    /// Neither: an error or advice from somebody on the way, a forgery, or a question for an Ethernet address.
    Aside,
}

impl Direction {
    /// The other way; aside stays aside.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::There => Self::Back,
            Self::Back => Self::There,
            Self::Aside => Self::Aside,
        }
    }
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
            // Who has the address itself asks nobody else.
            let own = to.is_loopback() || owners(scenario, to).any(|owner| owner == from);
            let target = if own { Some(from) } else { owners(scenario, to).next() };
            Some(Conversation { action: ActionId(id), name: action.id.clone(), purpose, from, to, target, begins: action.at })
        })
        .collect();
    order::sort_by_key(&mut found, |conversation| (conversation.begins, conversation.action));
    found
}

/// The nodes that have an address at the start: more than one where it was given twice.
pub fn owners(scenario: &Scenario, address: Ipv4Addr) -> impl Iterator<Item = NodeId> + '_ {
    let has =
        move |node: &roundtrip_sim::scenario::Node| node.interfaces.iter().any(|own| own.addresses.iter().any(|net| net.addr() == address));
    scenario.nodes.iter().zip(0_u32..).filter(move |(node, _)| has(node)).map(|(_, id)| NodeId(id))
}

/// The interfaces that have an address at a moment, after what was added and deleted by then.
#[must_use]
pub fn owners_at(scenario: &Scenario, address: Ipv4Addr, at: SimTime) -> Vec<Port> {
    let nodes = scenario.nodes.iter().zip(0_u32..);
    let ports = nodes.flat_map(|(node, id)| {
        let interfaces = node.interfaces.iter().zip(0_u16..);
        interfaces.map(move |(interface, index)| (interface, Port { node: NodeId(id), interface: IfIndex(index) }))
    });
    ports
        .filter(|(interface, port)| {
            let mut has = interface.addresses.iter().any(|net| net.addr() == address);
            for action in scenario.actions.iter().filter(|action| action.at <= at) {
                if let ActionKind::Addr { port: changed, address: net, add } = &action.kind
                    && changed == port
                    && net.addr() == address
                {
                    has = *add;
                }
            }
            has
        })
        .map(|(_, port)| port)
        .collect()
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
    /// True for a TCP connection.
    #[must_use]
    pub const fn is_tcp(&self) -> bool {
        matches!(self.purpose, Purpose::Tcp { .. })
    }

    /// The far ends: whoever has the address that was asked, and everybody who took a packet of the one who began. Behind an
    /// address translation that is another than the one who was asked.
    #[must_use]
    pub fn far_ends(&self, trace: &Trace, index: &Index, members: &Membership) -> Vec<NodeId> {
        let mut ends: Vec<NodeId> = self.target.into_iter().collect();
        for packet in members.packets(self.action) {
            let Some(record) = origin(trace, *packet) else { continue };
            if record.node != self.from || is_aside(trace, *packet) {
                continue;
            }
            for visit in index.visits(*packet).iter().filter_map(|id| stay(trace, *id)) {
                if visit.arrived.is_some() && visit.end == VisitEnd::Delivered && !ends.contains(&visit.node) {
                    ends.push(visit.node);
                }
            }
            // Who has no socket for it was asked as well.
            for drop in index.drops(*packet).iter().filter_map(|drop| trace.drops.get(*drop as usize)) {
                if drop.reason == DropReason::NoSocket && drop.node != self.from && !ends.contains(&drop.node) {
                    ends.push(drop.node);
                }
            }
        }
        ends
    }

    /// Which way a packet goes, given the far ends. Decided by who made it, so that address translation on the way changes nothing.
    #[must_use]
    pub fn direction(&self, trace: &Trace, index: &Index, far_ends: &[NodeId], packet: PacketId) -> Direction {
        match origin(trace, packet).filter(|record| record.action == Some(self.action)) {
            None => Direction::Aside,
            // A trace route is answered by errors, but "time exceeded" is said by those on the way, even by one who has the address.
            Some(record) if record.why == Why::Error && self.purpose == Purpose::Traceroute && far_ends.contains(&record.node) => {
                let label = Label::of(trace, index, packet);
                if label.kind == Kind::TimeExceeded { Direction::Aside } else { Direction::Back }
            }
            Some(_) if is_aside(trace, packet) => Direction::Aside,
            // Who asks itself answers itself.
            Some(record) if record.node == self.from && record.why == Why::Answer && self.target == Some(self.from) => Direction::Back,
            Some(record) if record.node == self.from => Direction::There,
            Some(record) if far_ends.contains(&record.node) => Direction::Back,
            Some(_) => Direction::Aside,
        }
    }
}

/// Errors, forgeries, questions for Ethernet addresses and their answers.
fn is_aside(trace: &Trace, packet: PacketId) -> bool {
    origin(trace, packet).is_none_or(|record| match record.why {
        Why::Resolution | Why::Error | Why::Injected => true,
        Why::Answer => record.parent.and_then(|parent| origin(trace, parent)).is_some_and(|asked| matches!(asked.why, Why::Resolution)),
        Why::Application | Why::Retransmission | Why::Probe => false,
    })
}
