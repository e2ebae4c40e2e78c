//! The chain of causes: what is seen, because of what, because of what. Every link names what in the trace it stands on.

mod asides;
mod changes;
mod loss;
mod reasons;
mod roots;
mod symptoms;
mod words;

pub(crate) use changes::MESSAGES as CHANGE_MESSAGES;
pub(crate) use reasons::{goal, next_hop, state_name};
pub(crate) use words::{REDIRECT_IDS, REFUSED, refusal};
pub use words::{drop_reason, drop_reason_ids};

use crate::classify::Diagnosis;
use crate::find::Break;
use crate::message::Message;
use crate::outcome::Outcome;
use crate::parting::OneSided;
use crate::reading::{Thread, Way};
use roundtrip_sim::scenario::{ActionId, NodeId, Port};
use roundtrip_sim::trace::{CtId, PacketId, RuleId, VisitId};
use std::net::Ipv4Addr;

/// Something in the trace, the scenario or a table that a link stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A packet.
    Packet(PacketId),
    /// A packet's stay at a node.
    Visit(VisitId),
    /// A step of a stay: a rule, route, neighbour or tracked connection that was consulted.
    Step {
        /// The stay.
        visit: VisitId,
        /// Place among its steps, from 0.
        step: u16,
    },
    /// A death, by place in the trace's list.
    Drop(u32),
    /// A rule or policy.
    Rule {
        /// Where.
        node: NodeId,
        /// Which.
        rule: RuleId,
    },
    /// A tracked connection.
    Conntrack {
        /// Where.
        node: NodeId,
        /// Which.
        entry: CtId,
    },
    /// A row of a neighbour table.
    Neighbour {
        /// At which interface.
        port: Port,
        /// For which address.
        address: Ipv4Addr,
    },
    /// A device.
    Device(NodeId),
    /// An interface.
    Interface(Port),
    /// An action.
    Action(ActionId),
}

macro_rules! links {
    ($($(#[$doc:meta])* $variant:ident $id:literal [$($arg:literal),*];)*) => {
        /// What a link says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LinkKind {
            $($(#[$doc])* $variant,)*
        }

        impl LinkKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name, which never changes.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// Its name in the catalogues.
            #[must_use]
            pub const fn message_id(self) -> &'static str {
                match self { $(Self::$variant => concat!("link-", $id),)* }
            }

            /// The arguments of its message.
            #[must_use]
            pub const fn arguments(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($arg),*],)* }
            }
        }
    };
}

links! {
    /// A node repeats a packet.
    Repeats "repeats" ["node", "packet", "times", "last"];
    /// The application ran out of patience.
    GaveUp "gave-up" ["node", "after"];
    /// The application was told of an error.
    Error "error" ["node", "errno"];
    /// A node was told by an ICMP message.
    Told "told" ["node", "by", "packet"];
    /// A packet died.
    Lost "lost" ["node", "packet", "reason"];
    /// A packet was taken and nothing came of it.
    Unanswered "unanswered" ["node", "packet"];
    /// A packet waits for its next hop's Ethernet address.
    Waiting "waiting" ["node", "packet"];
    /// A piece of a packet waits for the others.
    Held "held" ["node", "packet"];
    /// A frame was sent, and nobody took it.
    NotTaken "not-taken" ["node", "packet", "mac"];
    /// A node sent a RST.
    ResetSent "reset-sent" ["node", "packet"];
    /// The far end ended the stream.
    EndedStream "ended-stream" ["node"];
    /// A node's own system refused to send.
    Refused "refused" ["node", "errno"];
    /// What a stateful node has in its table, from what it saw and did not see.
    Tracked "tracked" ["node", "state", "seen", "unseen"];
    /// A stateful node has no entry, from what it did not see.
    NotTracked "not-tracked" ["node", "unseen"];
    /// A stateful node's entry expired.
    Expired "expired" ["node", "at"];
    /// A stateful node's table was emptied.
    Flushed "flushed" ["node", "at"];
    /// A packet took a way around a node.
    WentAround "went-around" ["packet", "way", "node"];
    /// A node stands on the destination's own segment.
    OnLink "on-link" ["node", "net", "packet"];
    /// A node sent a packet on by a route.
    Route "route" ["node", "packet", "via", "route"];
    /// A node sent a packet on by what a redirect had taught it.
    RouteLearned "route-learned" ["node", "packet", "via"];
    /// A node has no route.
    NoRoute "no-route" ["node", "address"];
    /// A node's route says no.
    RouteSaysNo "route-says-no" ["node", "address", "reason"];
    /// A node does not forward.
    NotForwarding "not-forwarding" ["node", "address"];
    /// A node would reach a packet's source by another interface.
    ReversePath "reverse-path" ["node", "source", "came", "back"];
    /// A node has no route to a packet's source.
    NoReversePath "no-reverse-path" ["node", "source", "came"];
    /// Nobody answers ARP.
    NobodyAnswers "nobody-answers" ["node", "address", "dev"];
    /// No device has an address.
    NobodyHas "nobody-has" ["address"];
    /// A device has an address, but on another segment.
    OwnerElsewhere "owner-elsewhere" ["address", "owner", "dev"];
    /// Nothing is at the other end of an interface's cable.
    NoCarrier "no-carrier" ["node", "dev"];
    /// Two devices have an address.
    TwoHave "two-have" ["address", "node", "other"];
    /// A packet went round.
    Circle "circle" ["way", "times"];
    /// A packet was longer than a link takes.
    TooLong "too-long" ["packet", "length", "node", "mtu"];
    /// The ICMP message about it was lost.
    ErrorLost "error-lost" ["packet", "node", "reason"];
    /// No ICMP message was sent about it.
    ErrorNotSent "error-not-sent" ["node"];
    /// A node changed a packet's destination.
    Translated "translated" ["node", "from", "to"];
    /// An end answered from another address than the one that was asked.
    AnswersFrom "answers-from" ["node", "address", "asked"];
    /// Nothing listens.
    NothingListens "nothing-listens" ["node", "port"];
    /// A rule's place.
    RuleAt "rule-at" ["node", "table", "chain", "rule"];
    /// A redirect was not followed.
    RedirectIgnored "redirect-ignored" ["node", "by", "gateway", "reason"];
    /// A redirect only made the node ask for the new gateway's Ethernet address.
    RedirectResolving "redirect-resolving" ["node", "by", "gateway"];
    /// A redirect was followed.
    RedirectAccepted "redirect-accepted" ["node", "by", "gateway"];
    /// A path MTU was learned.
    PathMtu "path-mtu" ["node", "mtu"];
    /// Something was changed by an action.
    Changed "changed" ["action", "at", "what"];
    /// A node sends to the Ethernet address of somebody who no longer has the next hop's address.
    StaleEntry "stale-entry" ["node", "address", "holder"];
    /// A node has an address by now.
    OwnerNow "owner-now" ["node", "address"];
    /// An address is a subnet's broadcast address to a node.
    IsBroadcast "is-broadcast" ["node", "own", "address"];
    /// Two neighbours' MTUs differ.
    MtusDiffer "mtus-differ" ["from", "own", "length", "node", "mtu"];
    /// The interface that has an address is down, or without a cable.
    OwnerOff "owner-off" ["node", "address", "dev"];
    /// A node gives a conversation another source than before.
    SourceChanged "source-changed" ["node", "then", "now"];
    /// Two nodes send to each other by different segments.
    OtherSegment "other-segment" ["node", "other", "there", "back"];
    /// A node does not answer ARP questions whose source must not come by that interface.
    ArpUnanswered "arp-unanswered" ["node", "address", "by"];
    /// A sender may not send as much at once by its route.
    RouteMtu "route-mtu" ["node", "mtu", "dev"];
    /// A packet came through after all.
    CameThrough "came-through" ["packet", "way", "after"];
    /// The way there.
    WayThere "way-there" ["way"];
    /// The way back.
    WayBack "way-back" ["way"];
    /// A device that only one way meets keeps no state.
    KeepsNoState "keeps-no-state" ["node"];
    /// A stateful device that sees one direction only lets everything of it pass.
    LetsPass "lets-pass" ["node", "state"];
}

/// One link of a chain: a message and what it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub kind: LinkKind,
    /// How it says it.
    pub message: Message,
    /// What it stands on, the most important first.
    pub references: Vec<Reference>,
}

impl Link {
    /// A link without arguments and references.
    #[must_use]
    pub const fn new(kind: LinkKind) -> Self {
        Self { kind, message: Message::new(kind.message_id()), references: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<crate::message::Value>) -> Self {
        self.message = self.message.with(name, value);
        self
    }

    pub(crate) fn on(mut self, reference: impl Into<Option<Reference>>) -> Self {
        self.references.extend(reference.into());
        self
    }
}

/// A conversation, diagnosed: what the links are made from.
pub(crate) struct Case<'a, 'r> {
    pub(crate) thread: &'a Thread<'r>,
    pub(crate) outcome: Outcome,
    pub(crate) broke: Break,
    pub(crate) diagnosis: Diagnosis,
    pub(crate) ways: &'a [Way],
    pub(crate) one_sided: &'a [OneSided],
}

/// The chain, from what is seen to what is at the root of it.
pub(crate) fn chain(case: &Case<'_, '_>) -> Vec<Link> {
    let mut links = symptoms::symptoms(case);
    links.extend(loss::loss(case));
    links.extend(reasons::reasons(case));
    links
}

/// What else happened that has to do with it: redirects, changes, how it went on in the end.
pub(crate) fn asides(case: &Case<'_, '_>) -> Vec<Link> {
    asides::asides(case)
}

impl Case<'_, '_> {
    pub(crate) fn device(&self, node: NodeId) -> crate::message::Value {
        crate::message::Value::Device(self.thread.reading().name(node).to_owned())
    }

    pub(crate) fn way(&self, nodes: impl IntoIterator<Item = NodeId>) -> crate::message::Value {
        crate::message::Value::Way(nodes.into_iter().map(|node| self.thread.reading().name(node).to_owned()).collect())
    }

    pub(crate) fn interface(&self, port: Port) -> String {
        self.thread.reading().interface_name(port.node, port.interface).to_owned()
    }
}
