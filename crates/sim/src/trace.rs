//! What happened: every frame, every packet's way through every node with what was consulted there, every drop
//! with its reason. Explanations and pictures read this; nobody computes behaviour a second time.

use crate::netfilter::ruleset::CtState;
use crate::scenario::{ActionId, IfIndex, NodeId, Port, SegmentId};
use crate::time::SimTime;
use roundtrip_wire::Frame;
use std::net::Ipv4Addr;
use std::sync::Arc;

pub use crate::netfilter::{CtEvent, CtId, CtInvalid, RuleId, RuleInfo};

/// A packet from the node that made it to wherever it ends: the same at every hop, through address translation too.
/// Pieces of a fragmented packet share their packet's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PacketId(pub u32);

/// A frame on one segment, by its place in [`Trace::frames`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameId(pub u32);

/// A packet's stay at one node, by its place in [`Trace::visits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisitId(pub u32);

/// Why a packet was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// An application sent something, or opened or closed a connection.
    Application,
    /// It answers its parent: an acknowledgement, an echo reply, a RST, an ARP reply.
    Answer,
    /// It repeats its parent, which may be lost.
    Retransmission,
    /// An ICMP error or redirect about its parent.
    Error,
    /// It asks for the Ethernet address that its parent needs.
    Resolution,
    /// A timer's own idea: keep-alive, window probe, ARP re-validation.
    Probe,
    /// Forged by an `inject` action.
    Injected,
}

/// A packet's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacketRecord {
    /// Who made it.
    pub node: NodeId,
    /// When.
    pub made: SimTime,
    /// Why.
    pub why: Why,
    /// What it answers, repeats or is about.
    pub parent: Option<PacketId>,
    /// The conversation that it belongs to.
    pub action: Option<ActionId>,
}

/// One transmission on one segment.
#[derive(Clone, Debug)]
pub struct FrameRecord {
    /// When it left the sender's interface.
    pub sent: SimTime,
    /// When it passed the segment's mirror.
    pub mirrored: SimTime,
    /// Which interface sent it.
    pub port: Port,
    /// On which segment; none if the interface had no carrier.
    pub segment: Option<SegmentId>,
    /// Which packet it carries.
    pub packet: PacketId,
    /// The stay at the sending node that ended in this transmission.
    pub visit: Option<VisitId>,
    /// The frame.
    pub frame: Frame,
}

/// A packet's stay at one node: received from a segment, or made here.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    /// When it began.
    pub at: SimTime,
    /// Where.
    pub node: NodeId,
    /// Which packet.
    pub packet: PacketId,
    /// The frame that brought it and the interface that took it; none if it was made here.
    pub arrived: Option<(FrameId, IfIndex)>,
    /// How many frames had been sent anywhere before it began: what comes in and what goes out at one moment keep their order.
    pub frames_before: u32,
    /// First of its steps in [`Trace::steps`].
    pub first_step: u32,
    /// How many steps.
    pub step_count: u16,
    /// How it ended.
    pub end: VisitEnd,
}

/// How a packet's stay at a node ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitEnd {
    /// Sent on, whole or in pieces.
    Sent,
    /// Taken by this node: a socket, the echo responder, the ARP or ICMP code.
    Delivered,
    /// Waits for the next hop's Ethernet address.
    Waiting,
    /// A piece that waits for the others.
    Held,
    /// Gone. The record is in [`Trace::drops`].
    Dropped,
}

/// What was consulted on a packet's way through a node, and what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Connection tracking classed the packet.
    Conntrack {
        /// As what.
        state: CtState,
        /// The entry, if one was found or made.
        entry: Option<CtId>,
        /// Why it is invalid.
        invalid: Option<CtInvalid>,
    },
    /// A rule matched.
    Rule {
        /// Which.
        rule: RuleId,
        /// What it did.
        did: RuleDid,
    },
    /// Addresses or ports were rewritten from a tracked connection.
    Translated {
        /// The entry.
        entry: CtId,
        /// True for the source, false for the destination.
        source: bool,
    },
    /// The routing table was asked.
    Route {
        /// Next hop, if it is not the destination itself.
        via: Option<Ipv4Addr>,
        /// Interface.
        dev: IfIndex,
        /// Length of the prefix that matched.
        prefix_len: u8,
        /// From a learned redirect or path MTU rather than the table.
        learned: bool,
    },
    /// The destination is this node.
    RouteLocal,
    /// The source check of `rp_filter` failed: the way back would leave by `dev`, if any.
    ReversePath {
        /// Where the route back to the source leads.
        dev: Option<IfIndex>,
    },
    /// The next hop's Ethernet address is known.
    NeighbourKnown,
    /// It is not; the packet waits.
    NeighbourAsked,
    /// An ICMP redirect was sent.
    RedirectSent {
        /// The better gateway.
        gateway: Ipv4Addr,
    },
    /// A redirect would have been due, but the rate limit holds it back.
    RedirectWithheld,
    /// A redirect that came was followed.
    RedirectAccepted {
        /// New gateway.
        gateway: Ipv4Addr,
    },
    /// A redirect that came only made this node ask for the new gateway's Ethernet address.
    RedirectResolving {
        /// New gateway.
        gateway: Ipv4Addr,
    },
    /// A redirect that came was not followed.
    RedirectIgnored {
        /// Why.
        because: RedirectIgnored,
    },
    /// A path MTU was learned.
    PathMtuLearned {
        /// In bytes.
        mtu: u16,
    },
    /// Cut into pieces.
    Fragmented {
        /// How many.
        pieces: u16,
    },
    /// Put together from pieces.
    Reassembled,
    /// An ICMP error about this packet was held back by the rate limit.
    ErrorWithheld,
}

/// What a matching rule did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleDid {
    /// Accepted.
    Accept,
    /// Dropped.
    Drop,
    /// Rejected.
    Reject,
    /// Jumped, returned, counted, marked: the packet goes on through the rules.
    Continue,
    /// Chose a translation.
    Translate,
}

/// Why a host does not follow a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectIgnored {
    /// `accept_redirects` is off.
    NotAccepted,
    /// It forwards packets itself, and routers take no advice.
    Forwarding,
    /// It did not come from the gateway in use.
    NotFromGateway,
    /// The new gateway is not on the link.
    GatewayNotOnLink,
    /// `secure_redirects`: the new gateway is none of the default gateways.
    GatewayNotListed,
    /// The new gateway is this host, a broadcast or another address that cannot be one.
    GatewayImpossible,
    /// No route to the destination.
    NoRoute,
}

/// A packet that died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DropRecord {
    /// When.
    pub at: SimTime,
    /// Where.
    pub node: NodeId,
    /// Which packet.
    pub packet: PacketId,
    /// During which stay.
    pub visit: Option<VisitId>,
    /// Why.
    pub reason: DropReason,
}

/// Why a packet died. A closed set: an explanation knows every one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropReason {
    /// A rule, or a chain's policy.
    Rule {
        /// Which.
        rule: RuleId,
        /// How connection tracking had classed the packet, if it was asked.
        state: Option<CtState>,
        /// It was rejected, not silently dropped.
        rejected: bool,
    },
    /// Address translation found no free tuple.
    NatExhausted,
    /// The interface by which address translation is to happen has no address to translate to.
    NatNoAddress,
    /// Its connection was masqueraded as another interface's address than the one by which it would leave now.
    NatInterfaceChanged,
    /// An ICMP redirect about a connection that is translated, or may yet be.
    NatRedirect,
    /// Connection tracking's own refusal (table full, confirmation race).
    ConntrackFull,
    /// No route to the destination.
    NoRoute,
    /// An `unreachable` route.
    RouteUnreachable,
    /// A `prohibit` route.
    RouteProhibit,
    /// A `blackhole` route.
    RouteBlackhole,
    /// This node does not forward.
    NotForwarding,
    /// `rp_filter`.
    ReversePathFilter,
    /// A source address that cannot be: broadcast, multicast, zero, loopback, or this node's own.
    MartianSource,
    /// A destination that cannot be forwarded or taken.
    MartianDestination,
    /// TTL ran out.
    TtlExceeded,
    /// Longer than the next link's MTU, and DF is set.
    FragmentationNeeded,
    /// The next hop did not answer ARP.
    NeighbourFailed,
    /// Too many packets already wait for the next hop's address.
    NeighbourQueueFull,
    /// The interface is down or has no carrier.
    LinkDown,
    /// The cable was cut while the frame was on it.
    CableCut,
    /// Longer than the receiving interface takes: neighbours with different MTUs.
    FrameTooLong,
    /// No socket on that port.
    NoSocket,
    /// Nobody here speaks the protocol.
    NoProtocol,
    /// Some piece did not come in time.
    ReassemblyTimeout,
    /// Answers to broadcasts and the like that a host must not send.
    NotAnswerable,
    /// TCP found it unacceptable.
    Tcp(TcpDrop),
}

/// Why TCP discards a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcpDrop {
    /// Outside the receive window (RFC 9293 section 3.10.7.4, first check).
    OutOfWindow,
    /// Timestamp older than the last (PAWS, RFC 7323 section 5).
    OldTimestamp,
    /// Acknowledges what was never sent.
    BadAck,
    /// A RST whose sequence number is not exactly the expected one (RFC 5961 section 3).
    RstNotExact,
    /// A SYN on a running connection (RFC 5961 section 4).
    UnexpectedSyn,
    /// No ACK where one is needed.
    NoAck,
    /// The accept queue is full.
    AcceptQueueFull,
    /// Answers no request of the half-open kind.
    BadRequest,
    /// The connection is closed.
    Closed,
}

/// Something that an application saw or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppEvent {
    /// When.
    pub at: SimTime,
    /// Where.
    pub node: NodeId,
    /// In which action; none for a service nobody's action called.
    pub action: Option<ActionId>,
    /// True for the service's side.
    pub server: bool,
    /// What.
    pub what: AppWhat,
}

/// What an application saw or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppWhat {
    /// `connect()` succeeded.
    Connected,
    /// `connect()` failed.
    ConnectError(Errno),
    /// A connection was accepted.
    Accepted,
    /// Bytes were written.
    Sent(u32),
    /// Bytes were read.
    Received(u32),
    /// The other side ended its half.
    Eof,
    /// Closed.
    Closed,
    /// Closed with RST.
    Aborted,
    /// Ended its sending half.
    Shutdown,
    /// The application's patience ended.
    TimedOut,
    /// The stream failed.
    Error(Errno),
    /// An ICMP error reached the socket's error queue.
    IcmpError(Errno),
}

/// Error numbers by their names in errno(3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Errno {
    /// Connection refused.
    Econnrefused,
    /// Connection reset by peer.
    Econnreset,
    /// Connection timed out.
    Etimedout,
    /// No route to host.
    Ehostunreach,
    /// Network is unreachable.
    Enetunreach,
    /// Permission denied.
    Eacces,
    /// Invalid argument.
    Einval,
    /// Operation not permitted.
    Eperm,
    /// Message too long.
    Emsgsize,
    /// Broken pipe.
    Epipe,
    /// Address not available.
    Eaddrnotavail,
    /// Address in use.
    Eaddrinuse,
    /// Protocol not available.
    Enoprotoopt,
    /// Protocol error.
    Eproto,
    /// No buffer space.
    Enobufs,
}

impl Errno {
    /// The name as C programs know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Econnrefused => "ECONNREFUSED",
            Self::Econnreset => "ECONNRESET",
            Self::Etimedout => "ETIMEDOUT",
            Self::Ehostunreach => "EHOSTUNREACH",
            Self::Enetunreach => "ENETUNREACH",
            Self::Eacces => "EACCES",
            Self::Einval => "EINVAL",
            Self::Eperm => "EPERM",
            Self::Emsgsize => "EMSGSIZE",
            Self::Epipe => "EPIPE",
            Self::Eaddrnotavail => "EADDRNOTAVAIL",
            Self::Eaddrinuse => "EADDRINUSE",
            Self::Enoprotoopt => "ENOPROTOOPT",
            Self::Eproto => "EPROTO",
            Self::Enobufs => "ENOBUFS",
        }
    }
}

/// How an action ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// In one word.
    pub result: ActionResult,
    /// TCP: the handshake was complete for the client.
    pub connected: Option<bool>,
    /// TCP: the step of the script in which it ended, if it did not end well.
    pub stage: Option<&'static str>,
    /// The error, if there was one.
    pub errno: Option<Errno>,
    /// TCP: bytes read by the client.
    pub bytes: Option<u64>,
    /// Ping: requests sent.
    pub sent: Option<u32>,
    /// Ping: answers received.
    pub received: Option<u32>,
    /// UDP: answers received.
    pub replies: Option<u32>,
    /// Trace route: what answered at each TTL, as `traceroute` prints it.
    pub hops: Vec<String>,
}

impl Outcome {
    /// An outcome of which nothing else is known.
    #[must_use]
    pub const fn new(result: ActionResult) -> Self {
        Self { result, connected: None, stage: None, errno: None, bytes: None, sent: None, received: None, replies: None, hops: Vec::new() }
    }
}

/// How an action ended, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionResult {
    /// As wished.
    Ok,
    /// Some answers came, some did not.
    Partial,
    /// Nothing came in the application's time.
    Timeout,
    /// The kernel gave up before the application did.
    TimeoutKernel,
    /// Refused: RST to a SYN, or port unreachable.
    Refused,
    /// Unreachable.
    Unreachable,
    /// Reset in the middle.
    Reset,
    /// The stream ended before all was read.
    Eof,
    /// Something else failed.
    Error,
    /// The simulation ended first.
    Running,
}

impl ActionResult {
    /// The word of the recordings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            // The programs that made the recordings do not tell whose patience ended; the error number does.
            Self::Timeout | Self::TimeoutKernel => "timeout",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Reset => "reset",
            Self::Eof => "eof",
            Self::Error => "error",
            Self::Running => "running",
        }
    }
}

/// How the run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At its time.
    Finished,
    /// At a stated limit.
    Limit(Limit),
}

/// Which limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`crate::scenario::Limits::events`].
    Events,
    /// [`crate::scenario::Limits::frames`].
    Frames,
    /// [`crate::scenario::Limits::time`].
    Time,
}

/// Everything that happened.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Every transmission, in the order in which they left.
    pub frames: Vec<FrameRecord>,
    /// Every packet ever made.
    pub packets: Vec<PacketRecord>,
    /// Every stay, in the order in which they began.
    pub visits: Vec<Visit>,
    /// Steps of the stays.
    pub steps: Vec<Step>,
    /// Every death.
    pub drops: Vec<DropRecord>,
    /// What applications saw.
    pub app: Vec<AppEvent>,
    /// How each action ended, in the scenario's order.
    pub outcomes: Vec<Outcome>,
    /// Rules that [`RuleId`]s of a node mean, by node.
    pub rules: Vec<Vec<RuleInfo>>,
    /// Tables of every node at the moments asked for, and at the end.
    pub snapshots: Vec<Snapshot>,
    /// What connection tracking told, as `conntrack -E` does.
    pub ct_events: Vec<CtEventRecord>,
    /// How many frames were sent, whether they are recorded or not.
    pub frame_count: u32,
    /// How it ended.
    pub end: End,
    /// When it ended.
    pub ended_at: SimTime,
}

/// Connection tracking made, changed or removed an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CtEventRecord {
    /// When.
    pub at: SimTime,
    /// Where.
    pub node: NodeId,
    /// What.
    pub event: CtEvent,
}

/// The state of all nodes at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Name: of the `snapshot` action, or `end`.
    pub name: String,
    /// When.
    pub at: SimTime,
    /// By node.
    pub nodes: Vec<NodeTables>,
}

/// What a node believes at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct NodeTables {
    /// `ip neigh`.
    pub neighbours: Vec<NeighbourRow>,
    /// `ip route`, one line each.
    pub routes: Vec<String>,
    /// `ip route show cache`: learned gateways and path MTUs.
    pub route_cache: Vec<LearnedRoute>,
    /// `conntrack -L`, one line each without the remaining time; none if nothing is tracked here.
    pub conntrack: Option<Vec<ConntrackRow>>,
    /// Counters of rules, in order.
    pub counters: Vec<CounterRow>,
    /// `ss -tan`.
    pub sockets: Vec<SocketRow>,
}

/// What the switch of a segment knows of a station, as `bridge fdb` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StationRow {
    /// Ethernet address.
    pub mac: roundtrip_wire::Mac,
    /// The interface whose cable it was heard on.
    pub port: Port,
    /// When it was heard last.
    pub heard: SimTime,
}

/// A row of `ip neigh`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeighbourRow {
    /// Interface.
    pub dev: IfIndex,
    /// Address.
    pub address: Ipv4Addr,
    /// Ethernet address, if it is known.
    pub mac: Option<roundtrip_wire::Mac>,
    /// State as `ip neigh` names it.
    pub state: &'static str,
}

/// A learned exception to a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnedRoute {
    /// Destination host.
    pub destination: Ipv4Addr,
    /// Gateway, if one was learned.
    pub gateway: Option<Ipv4Addr>,
    /// Path MTU in bytes, if one was learned.
    pub mtu: Option<u16>,
    /// Interface.
    pub dev: IfIndex,
    /// When it is forgotten.
    pub expires: SimTime,
}

/// A row of `conntrack -L`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConntrackRow {
    /// The entry.
    pub id: CtId,
    /// The line without its remaining time, as in `tcp SYN_SENT src=… dst=… sport=… dport=… [UNREPLIED] src=… …`.
    pub text: Arc<str>,
    /// When it expires.
    pub expires: SimTime,
}

/// Packets and bytes that a rule has counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterRow {
    /// Which rule.
    pub rule: RuleId,
    /// Packets.
    pub packets: u64,
    /// Bytes.
    pub bytes: u64,
}

/// A row of `ss -tan`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketRow {
    /// State, in the words of `ss`.
    pub state: &'static str,
    /// Bytes received and not yet read, or connections to be accepted.
    pub recv_q: u32,
    /// Bytes sent and not yet acknowledged.
    pub send_q: u32,
    /// Local address and port.
    pub local: (Ipv4Addr, u16),
    /// Remote address and port; zero for a listening socket.
    pub remote: (Ipv4Addr, u16),
    /// The running timer in the words of `ss -o`, if any: `on`, `keepalive`, `timewait`, `persist`, `unknown`.
    pub timer: Option<&'static str>,
}
