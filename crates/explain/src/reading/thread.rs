//! A run and one conversation of it, with the questions that explanations ask of a trace.

use super::conversation::{Conversation, Direction, Membership, Purpose, conversations};
use super::index::{Hop, Index, origin, original, record, stay};
use super::label::{Kind, Label};
use roundtrip_sim::netfilter::ruleset::CtState;
use roundtrip_sim::scenario::{ActionId, ActionKind, IfIndex, Interface, NodeId, Port, Scenario};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{
    CtId, CtInvalid, DropRecord, FrameId, FrameRecord, PacketId, RuleId, RuleInfo, Step, Trace, Visit, VisitEnd, VisitId, Why,
};
use roundtrip_wire::Ipv4;

/// A run with its cross references.
#[derive(Debug)]
pub struct Reading<'t> {
    scenario: &'t Scenario,
    trace: &'t Trace,
    index: Index,
    membership: Membership,
    conversations: Vec<Conversation>,
}

/// A packet of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The packet.
    pub packet: PacketId,
    /// Which way it goes.
    pub direction: Direction,
    /// What it is called.
    pub label: Label,
}

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Somebody took it.
    Arrived {
        /// The stay at which it was taken.
        visit: VisitId,
        /// Where.
        node: NodeId,
        /// When.
        at: SimTime,
    },
    /// It died; by place in [`Trace::drops`].
    Lost(u32),
    /// It waits for its next hop's Ethernet address.
    Waiting(VisitId),
    /// A piece of it waits for the others.
    Held(VisitId),
    /// A frame carried it, and nobody took the frame.
    NotTaken(FrameId),
    /// No frame ever carried it, and no death is on record.
    Unsent,
}

impl<'t> Reading<'t> {
    /// Of a run.
    #[must_use]
    pub fn new(scenario: &'t Scenario, trace: &'t Trace) -> Self {
        let index = Index::new(trace);
        let membership = Membership::new(trace, scenario.actions.len());
        Self { scenario, trace, index, membership, conversations: conversations(scenario) }
    }

    /// What was simulated.
    #[must_use]
    pub const fn scenario(&self) -> &'t Scenario {
        self.scenario
    }

    /// What happened.
    #[must_use]
    pub const fn trace(&self) -> &'t Trace {
        self.trace
    }

    /// The cross references.
    #[must_use]
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// Which packets belong to which conversation.
    #[must_use]
    pub const fn membership(&self) -> &Membership {
        &self.membership
    }

    /// Every conversation, in the order in which they begin.
    #[must_use]
    pub fn conversations(&self) -> &[Conversation] {
        &self.conversations
    }

    /// A node's name.
    #[must_use]
    pub fn name(&self, node: NodeId) -> &'t str {
        self.scenario.nodes.get(node.0 as usize).map_or("", |node| node.name.as_str())
    }

    /// An interface.
    #[must_use]
    pub fn interface(&self, node: NodeId, interface: IfIndex) -> Option<&'t Interface> {
        self.scenario.nodes.get(node.0 as usize)?.interfaces.get(usize::from(interface.0))
    }

    /// An interface's name; empty if there is none.
    #[must_use]
    pub fn interface_name(&self, node: NodeId, interface: IfIndex) -> &'t str {
        self.interface(node, interface).map_or("", |interface| interface.name.as_str())
    }

    /// What a rule's id means.
    #[must_use]
    pub fn rule(&self, node: NodeId, rule: RuleId) -> Option<&'t RuleInfo> {
        self.trace.rules.get(node.0 as usize)?.get(rule.0 as usize)
    }

    /// A stay's record.
    #[must_use]
    pub fn visit(&self, id: VisitId) -> Option<&'t Visit> {
        stay(self.trace, id)
    }

    /// A stay's steps.
    #[must_use]
    pub fn steps(&self, id: VisitId) -> &'t [Step] {
        let range = self.visit(id).map(|visit| {
            let first = visit.first_step as usize;
            first..first.saturating_add(usize::from(visit.step_count))
        });
        range.and_then(|range| self.trace.steps.get(range)).unwrap_or(&[])
    }

    /// The first step of a stay for which `pick` has an answer, with its place.
    pub fn step<T>(&self, id: VisitId, pick: impl Fn(&Step) -> Option<T>) -> Option<(u16, T)> {
        (0..).zip(self.steps(id)).find_map(|(place, step)| Some((place, pick(step)?)))
    }

    /// How connection tracking classed the packet during a stay.
    #[must_use]
    pub fn tracked(&self, id: VisitId) -> Option<(CtState, Option<CtId>, Option<CtInvalid>)> {
        let pick = |step: &Step| match step {
            Step::Conntrack { state, entry, invalid } => Some((*state, *entry, *invalid)),
            _ => None,
        };
        self.step(id, pick).map(|(_, found)| found)
    }

    /// The stays of a packet.
    pub fn visits(&self, packet: PacketId) -> impl DoubleEndedIterator<Item = (VisitId, &'t Visit)> + '_ {
        self.index.visits(packet).iter().filter_map(|id| Some((*id, self.visit(*id)?)))
    }

    /// The first stay of a packet at a node; of a packet in pieces that was put together there, the one of the whole.
    #[must_use]
    pub fn visit_at(&self, packet: PacketId, node: NodeId) -> Option<VisitId> {
        let here = || self.visits(packet).filter(|(_, visit)| visit.node == node);
        here().find(|(_, visit)| visit.end != VisitEnd::Held).or_else(|| here().next()).map(|(id, _)| id)
    }

    /// True if the packet was ever at the node.
    #[must_use]
    pub fn met(&self, packet: PacketId, node: NodeId) -> bool {
        self.visit_at(packet, node).is_some()
    }

    /// The frame in which a stay began.
    #[must_use]
    pub fn frame_in(&self, id: VisitId) -> Option<&'t FrameRecord> {
        record(self.trace, self.visit(id)?.arrived?.0)
    }

    /// The first frame in which a stay ended.
    #[must_use]
    pub fn frame_out(&self, id: VisitId) -> Option<&'t FrameRecord> {
        let packet = self.visit(id)?.packet;
        self.index.frames(packet).iter().filter_map(|frame| record(self.trace, *frame)).find(|frame| frame.visit == Some(id))
    }

    /// The packet as it came to a stay; as it left if it was made there.
    #[must_use]
    pub fn ip(&self, id: VisitId) -> Option<&'t Ipv4> {
        self.frame_in(id).or_else(|| self.frame_out(id))?.frame.ipv4()
    }

    /// The interface by which a stay's packet had come.
    #[must_use]
    pub fn came_by(&self, id: VisitId) -> Option<Port> {
        let visit = self.visit(id)?;
        visit.arrived.map(|(_, interface)| Port { node: visit.node, interface })
    }

    /// A packet's first content on any wire.
    #[must_use]
    pub fn first_ip(&self, packet: PacketId) -> Option<&'t Ipv4> {
        record(self.trace, *self.index.frames(packet).first()?)?.frame.ipv4()
    }

    /// A packet's hops, one after the other; of a packet in pieces, those of its first piece as far as it goes.
    #[must_use]
    pub fn hops(&self, packet: PacketId) -> Vec<Hop> {
        let mut hops: Vec<Hop> = Vec::new();
        let mut at = self.visits(packet).next().map(|(id, _)| id);
        let frames = self.index.frames(packet);
        while let Some(visit) = at {
            let leaves = |frame: &FrameId, from: VisitId| record(self.trace, *frame).is_some_and(|record| record.visit == Some(from));
            let next = |from: VisitId| {
                // A broadcast comes to many; the one who took it is where it went.
                let taken = |hop: &Hop| self.visit(hop.visit).is_some_and(|visit| visit.end != VisitEnd::Dropped);
                let of_frame = |frame: &FrameId| {
                    let hops = || self.index.hops(self.trace, *frame);
                    hops().find(taken).or_else(|| hops().next())
                };
                frames.iter().filter(|frame| leaves(frame, from)).find_map(of_frame)
            };
            let hop = next(visit).or_else(|| {
                // A piece that was held leaves with the last one that came.
                let held = self.visit(visit).filter(|visit| visit.end == VisitEnd::Held)?;
                self.visits(packet).filter(|(id, other)| *id > visit && other.node == held.node).find_map(|(id, _)| next(id))
            });
            // Every hop begins a later stay than the one before, so that the walk ends.
            let hop = hop.filter(|hop| hop.visit > visit);
            hops.extend(hop);
            at = hop.map(|hop| hop.visit);
        }
        hops
    }

    /// The nodes that a packet was at, in order, the first its maker.
    #[must_use]
    pub fn path(&self, packet: PacketId) -> Vec<NodeId> {
        let first = self.visits(packet).next().map(|(_, visit)| visit.node);
        first.into_iter().chain(self.hops(packet).iter().map(|hop| hop.to.node)).collect()
    }

    /// What became of a packet.
    #[must_use]
    pub fn fate(&self, packet: PacketId) -> Fate {
        let died_at = |node: NodeId| {
            let mut drops = self.index.drops(packet).iter().filter_map(|drop| self.drop(*drop));
            drops.any(|drop| drop.node == node && drop.visit.is_none())
        };
        let taken = |(place, (_, visit)): &(usize, (VisitId, &Visit))| {
            visit.end == VisitEnd::Delivered && (visit.arrived.is_some() || *place > 0) && !died_at(visit.node)
        };
        if let Some((_, (visit, record))) = self.visits(packet).enumerate().find(taken) {
            return Fate::Arrived { visit, node: record.node, at: record.at };
        }
        if let Some(drop) = self.index.drops(packet).first() {
            return Fate::Lost(*drop);
        }
        if let Some((visit, _)) = self.visits(packet).find(|(_, visit)| visit.end == VisitEnd::Held) {
            return Fate::Held(visit);
        }
        if let Some((visit, _)) = self.visits(packet).find(|(_, visit)| visit.end == VisitEnd::Waiting) {
            return Fate::Waiting(visit);
        }
        match self.index.frames(packet).last() {
            Some(frame) => Fate::NotTaken(*frame),
            None => Fate::Unsent,
        }
    }

    /// The stay during which a packet died.
    #[must_use]
    pub fn last_visit(&self, drop: &DropRecord) -> Option<VisitId> {
        // What an end finds out after it has answered stands in the trace without the stay.
        let here = || self.visits(drop.packet).filter(|(_, visit)| visit.node == drop.node && visit.at <= drop.at);
        drop.visit.or_else(|| here().next_back().map(|(id, _)| id))
    }

    /// A death on record.
    #[must_use]
    pub fn drop(&self, place: u32) -> Option<&'t DropRecord> {
        self.trace.drops.get(place as usize)
    }

    /// The thread of a conversation.
    #[must_use]
    pub fn thread<'r>(&'r self, conversation: &'r Conversation) -> Thread<'r> {
        Thread::new(self, conversation)
    }

    /// The conversation of an action.
    #[must_use]
    pub fn conversation(&self, action: ActionId) -> Option<&Conversation> {
        self.conversations.iter().find(|conversation| conversation.action == action)
    }
}

/// The ports on which data is read as that of the web, as Wireshark does by default.
const WEB_PORTS: [u16; 4] = [80, 3128, 8080, 8088];

/// What a packet of the one who began must have been if no frame ever carried it: the `number`th question.
fn first_word(scenario: &Scenario, conversation: &Conversation, number: u16, before: &[Member]) -> Kind {
    let opened = before.iter().any(|member| member.direction == Direction::There && member.label.kind != Kind::Syn);
    match scenario.actions.get(conversation.action.0 as usize).map(|action| &action.kind) {
        Some(ActionKind::Tcp(_)) if !opened => Kind::Syn,
        Some(ActionKind::Ping(_)) => Kind::EchoRequest { seq: number },
        Some(ActionKind::Udp(udp)) => Kind::Udp { bytes: udp.size.into() },
        _ => Kind::Unsent,
    }
}

/// One conversation of a run.
#[derive(Debug)]
pub struct Thread<'r> {
    reading: &'r Reading<'r>,
    conversation: &'r Conversation,
    far_ends: Vec<NodeId>,
    members: Vec<Member>,
}

impl<'r> Thread<'r> {
    fn new(reading: &'r Reading<'r>, conversation: &'r Conversation) -> Self {
        let (trace, index) = (reading.trace, &reading.index);
        let far_ends = conversation.far_ends(trace, index, &reading.membership);
        let packets = reading.membership.packets(conversation.action);
        let mut members: Vec<Member> = Vec::with_capacity(packets.len());
        let mut asked = 0_u16;
        let web = matches!(conversation.purpose, Purpose::Tcp { port } if WEB_PORTS.contains(&port));
        for packet in packets {
            let direction = conversation.direction(trace, index, &far_ends, *packet);
            let mut label = Label::of(trace, index, *packet);
            if direction == Direction::There && origin(trace, *packet).is_some_and(|record| record.why == Why::Application) {
                asked = asked.saturating_add(1);
            }
            if direction == Direction::There && label.kind == Kind::Unsent {
                label.kind = match origin(trace, *packet).and_then(|record| record.parent.filter(|_| record.why == Why::Answer)) {
                    // A node's answer to itself on no wire: what died is told so.
                    Some(parent) if !index.drops(parent).is_empty() && conversation.is_tcp() => Kind::Rst,
                    _ => first_word(reading.scenario, conversation, asked, &members),
                };
            }
            // What a script sends may begin like a request of the web without being one.
            if let Kind::Data { http, .. } = &mut label.kind
                && !web
            {
                *http = None;
            }
            members.push(Member { packet: *packet, direction, label });
        }
        Self { reading, conversation, far_ends, members }
    }

    /// The run.
    #[must_use]
    pub const fn reading(&self) -> &'r Reading<'r> {
        self.reading
    }

    /// What happened.
    #[must_use]
    pub const fn trace(&self) -> &'r Trace {
        self.reading.trace
    }

    /// Which conversation it is.
    #[must_use]
    pub const fn conversation(&self) -> &'r Conversation {
        self.conversation
    }

    /// Its packets, in the order in which they were made.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Those who were asked, or took the question.
    #[must_use]
    pub fn far_ends(&self) -> &[NodeId] {
        &self.far_ends
    }

    /// Its packets of one direction.
    pub fn going(&self, direction: Direction) -> impl DoubleEndedIterator<Item = &Member> {
        self.members.iter().filter(move |member| member.direction == direction)
    }

    /// A packet's place in it.
    #[must_use]
    pub fn member(&self, packet: PacketId) -> Option<&Member> {
        self.members.binary_search_by_key(&packet, |member| member.packet).ok().and_then(|place| self.members.get(place))
    }

    /// A packet's name.
    #[must_use]
    pub fn label(&self, packet: PacketId) -> Label {
        self.member(packet).map_or_else(|| Label::of(self.reading.trace, &self.reading.index, packet), |member| member.label)
    }

    /// A packet's record.
    #[must_use]
    pub fn origin(&self, packet: PacketId) -> Option<&'r roundtrip_sim::trace::PacketRecord> {
        origin(self.reading.trace, packet)
    }

    /// The repetitions of a packet, itself first, by place in time.
    pub fn copies(&self, first: PacketId) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| original(self.reading.trace, member.packet) == first)
    }

    /// Errors and redirects about a packet, the copy of it that they are about being `about` itself.
    pub fn errors_about(&self, about: PacketId) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .filter(move |member| self.origin(member.packet).is_some_and(|record| record.why == Why::Error && record.parent == Some(about)))
    }
}
