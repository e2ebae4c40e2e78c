//! What is simulated: the network as it stands at the start, and what happens to it in time.
//!
//! These are the core's own types. The document that a person saves is another crate's
//! business; it is translated into these, so that an inner name is never a promise.

use crate::netfilter::ruleset::{NftCommand, Ruleset};
use crate::sysctl::SysctlSetting;
use crate::time::SimTime;
use ipnet::Ipv4Net;
use roundtrip_wire::{Mac, TcpFlags};
use std::net::Ipv4Addr;

/// A node, by its place in [`Scenario::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A segment, by its place in [`Scenario::segments`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentId(pub u32);

/// An interface of a node, by its place in [`Node::interfaces`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IfIndex(pub u16);

/// An interface anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port {
    /// Whose.
    pub node: NodeId,
    /// Which of its interfaces.
    pub interface: IfIndex,
}

/// An action, by its place in [`Scenario::actions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(pub u32);

/// A whole simulation's input. The same scenario gives the same trace, to the last bit.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// The segments, each one learning switch.
    pub segments: Vec<Segment>,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// What happens in time. Several may run at once.
    pub actions: Vec<Action>,
    /// When the simulation ends; without it, one second after the last action's time is over.
    pub duration: Option<SimTime>,
    /// Where a storm ends.
    pub limits: Limits,
}

/// Bounds that no scenario exceeds. Reaching one ends the run with [`crate::trace::End::Limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events handled.
    pub events: u64,
    /// Frames put on a segment.
    pub frames: u64,
    /// Simulated time.
    pub time: SimTime,
}

impl Default for Limits {
    fn default() -> Self {
        Self { events: 20_000_000, frames: 2_000_000, time: SimTime::from_secs(24 * 3600) }
    }
}

/// One Ethernet segment: a switch that learns, with a mirror of everything that crosses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Name.
    pub name: String,
    /// Time from node to node.
    pub latency: SimTime,
}

/// Which system's habits a node has where they are no setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum System {
    /// Linux 6.18, as recorded.
    #[default]
    Linux,
    /// Windows 10 and 11.
    Windows,
}

/// A host or router.
#[derive(Clone, Debug)]
pub struct Node {
    /// Name.
    pub name: String,
    /// Whose habits it has.
    pub system: System,
    /// Interfaces, at least the ones that its routes name.
    pub interfaces: Vec<Interface>,
    /// Routes beside the connected ones, in the order in which they are added.
    pub routes: Vec<Route>,
    /// Settings that differ from the kernel's defaults, in the order in which they are written.
    pub sysctls: Vec<SysctlSetting>,
    /// Packet filter and address translation.
    pub ruleset: Ruleset,
    /// Services that wait.
    pub listeners: Vec<Listener>,
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Name, as in `eth0`.
    pub name: String,
    /// Where its cable ends; without one it has no carrier.
    pub segment: Option<SegmentId>,
    /// Ethernet address.
    pub mac: Mac,
    /// Addresses with their prefix lengths; the first is the primary one.
    pub addresses: Vec<Ipv4Net>,
    /// Largest IPv4 packet in bytes.
    pub mtu: u16,
    /// Added to the latency of its cable, each way.
    pub delay: SimTime,
}

/// What a route does with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RouteKind {
    /// Forwards it.
    #[default]
    Unicast,
    /// Refuses it with "host unreachable".
    Unreachable,
    /// Refuses it with "communication administratively prohibited".
    Prohibit,
    /// Discards it without a word.
    Blackhole,
}

/// A route, in the words of `ip route`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Destination; `0.0.0.0/0` is the default route.
    pub destination: Ipv4Net,
    /// `via`: next hop.
    pub via: Option<Ipv4Addr>,
    /// `dev`: interface.
    pub dev: Option<IfIndex>,
    /// `src`: preferred source address.
    pub src: Option<Ipv4Addr>,
    /// `metric`: among equal prefixes the lowest wins.
    pub metric: u32,
    /// `mtu`: path MTU in bytes.
    pub mtu: Option<u16>,
    /// `onlink`: the next hop is on the link although no prefix says so.
    pub onlink: bool,
    /// What it does.
    pub kind: RouteKind,
}

/// A service that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Address that it is bound to; every address without one.
    pub bind: Option<Ipv4Addr>,
    /// Port.
    pub port: u16,
    /// What it does.
    pub service: Service,
}

/// What a service does with those who come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Service {
    /// Accepts TCP connections and runs this script on each.
    Tcp(Vec<SocketStep>),
    /// Answers each UDP datagram with its content, cut or filled to `reply` bytes.
    UdpEcho {
        /// Bytes of each answer; as many as came without it.
        reply: Option<u32>,
        /// Answers from whatever address routing chooses, not from the one that was asked.
        plain: bool,
    },
    /// Takes UDP datagrams and is silent.
    UdpSink,
}

/// One step of what an application does with a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketStep {
    /// Writes `len` bytes; with `http_host`, an HTTP request of that length if one fits.
    Send {
        /// Bytes.
        len: u32,
        /// Host header.
        http_host: Option<String>,
    },
    /// Reads.
    Recv {
        /// How long.
        until: RecvUntil,
        /// Gives up after this time; else at the connection's limit.
        within: Option<SimTime>,
    },
    /// Sends back what comes until the other side ends.
    Echo,
    /// Waits.
    Sleep(SimTime),
    /// Turns keep-alive probes on.
    KeepAlive {
        /// Idle time before the first (`tcp_keepalive_time`).
        idle: SimTime,
        /// Between probes (`tcp_keepalive_intvl`).
        interval: SimTime,
        /// Unanswered probes until the connection is given up (`tcp_keepalive_probes`).
        count: u32,
    },
    /// Ends the sending half (`shutdown(SHUT_WR)`).
    Shutdown,
    /// Closes.
    Close,
    /// Closes with RST (`SO_LINGER` with time 0).
    Abort,
}

/// How long to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecvUntil {
    /// This many bytes or more.
    Bytes(u32),
    /// The end of the stream.
    Eof,
    /// The blank line that ends an HTTP request's head.
    BlankLine,
}

/// Something that happens at a set time.
#[derive(Clone, Debug)]
pub struct Action {
    /// Name, unique in the scenario.
    pub id: String,
    /// When it starts.
    pub at: SimTime,
    /// What it is.
    pub kind: ActionKind,
}

/// What happens.
#[derive(Clone, Debug)]
pub enum ActionKind {
    /// `ping`.
    Ping(Ping),
    /// A TCP connection, opened and used.
    Tcp(TcpClient),
    /// UDP datagrams, sent and their answers awaited.
    Udp(UdpClient),
    /// `traceroute`.
    Traceroute(Traceroute),
    /// `ip neigh flush`.
    NeighFlush {
        /// Where.
        node: NodeId,
        /// Only this interface.
        dev: Option<IfIndex>,
    },
    /// A link goes down or comes up.
    Link {
        /// Which interface.
        port: Port,
        /// Up, or down.
        up: bool,
        /// By the administrator or by the cable.
        how: LinkChange,
    },
    /// `ip route add|replace|del`.
    Route {
        /// Where.
        node: NodeId,
        /// What is done.
        op: RouteOp,
        /// With which route.
        route: Route,
    },
    /// `ip addr add|del`.
    Addr {
        /// Where.
        port: Port,
        /// True to add, false to delete.
        add: bool,
        /// The address.
        address: Ipv4Net,
    },
    /// `sysctl -w`.
    Sysctl {
        /// Where.
        node: NodeId,
        /// What is written.
        settings: Vec<SysctlSetting>,
    },
    /// `nft -f`.
    Nft {
        /// Where.
        node: NodeId,
        /// The script's commands, all or none of which take effect.
        commands: Vec<NftCommand>,
    },
    /// `conntrack -F`.
    ConntrackFlush {
        /// Where.
        node: NodeId,
    },
    /// The state of every node is written down under this name.
    Snapshot {
        /// Name.
        name: String,
    },
    /// One forged TCP segment of a running connection.
    Inject(Inject),
}

/// How a link changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkChange {
    /// `ip link set dev … up|down`: routes through it go.
    Admin,
    /// The cable at the far end: carrier is lost, routes stay.
    Cable,
}

/// What is done to a routing table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteOp {
    /// `add`.
    Add,
    /// `replace`.
    Replace,
    /// `del`.
    Del,
}

/// `ping`, as iputils does it.
#[derive(Clone, Debug)]
pub struct Ping {
    /// From where.
    pub from: NodeId,
    /// To which address.
    pub to: Ipv4Addr,
    /// `-I`: source address.
    pub source: Option<Ipv4Addr>,
    /// `-c`: requests.
    pub count: u32,
    /// `-i`: time between requests.
    pub interval: SimTime,
    /// `-s`: bytes of data in each.
    pub size: u16,
    /// `-M do` (true), `-M dont` (false); by default DF is set and the path MTU is followed.
    pub df: Option<bool>,
    /// `-t`: TTL.
    pub ttl: Option<u8>,
    /// `-W`: how long the last answer is awaited.
    pub timeout: SimTime,
    /// `-e`: identifier.
    pub ident: u16,
}

/// A TCP client.
#[derive(Clone, Debug)]
pub struct TcpClient {
    /// From where.
    pub from: NodeId,
    /// To which address.
    pub to: Ipv4Addr,
    /// To which port.
    pub port: u16,
    /// Bound to this address.
    pub source: Option<Ipv4Addr>,
    /// Bound to this port.
    pub source_port: u16,
    /// What is done once connected.
    pub script: Vec<SocketStep>,
    /// The application gives up this long after the start.
    pub limit: SimTime,
    /// What it does with the socket then.
    pub on_limit: OnLimit,
}

/// What an application that gives up does with its socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnLimit {
    /// Nothing: the kernel goes on retransmitting.
    #[default]
    Leave,
    /// Closes it.
    Close,
    /// Resets it.
    Abort,
}

/// A UDP client.
#[derive(Clone, Debug)]
pub struct UdpClient {
    /// From where.
    pub from: NodeId,
    /// To which address.
    pub to: Ipv4Addr,
    /// To which port.
    pub port: u16,
    /// Bound to this address.
    pub source: Option<Ipv4Addr>,
    /// Bound to this port.
    pub source_port: u16,
    /// Bytes of each datagram.
    pub size: u16,
    /// Datagrams.
    pub count: u32,
    /// Time between them.
    pub interval: SimTime,
    /// How long answers to the last are awaited.
    pub timeout: SimTime,
    /// True sets DF (`IP_PMTUDISC_DO`), false clears it (`IP_PMTUDISC_DONT`); by default the path MTU is followed.
    pub df: Option<bool>,
    /// Goes on waiting after the last datagram's first answer.
    pub linger: bool,
}

/// What a trace route sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TracerouteMethod {
    /// UDP to ports from 33434 on.
    Udp,
    /// Echo requests.
    Icmp,
    /// SYN to this port.
    Tcp(u16),
}

/// `traceroute`, one probe at a time.
#[derive(Clone, Debug)]
pub struct Traceroute {
    /// From where.
    pub from: NodeId,
    /// To which address.
    pub to: Ipv4Addr,
    /// What it sends.
    pub method: TracerouteMethod,
    /// `-q`: probes for each TTL.
    pub queries: u32,
    /// `-f`: first TTL.
    pub first_ttl: u8,
    /// `-m`: last TTL.
    pub max_ttl: u8,
    /// `-w`: how long each answer is awaited.
    pub wait: SimTime,
}

/// One forged TCP segment. Its numbers are learned from what has crossed an interface so far.
#[derive(Clone, Debug)]
pub struct Inject {
    /// Who sends it.
    pub from: NodeId,
    /// Of which TCP action's connection.
    pub flow_of: ActionId,
    /// True to pose as the server, false as the client.
    pub as_server: bool,
    /// Interface at which the connection was watched.
    pub observe: Port,
    /// Flags.
    pub flags: TcpFlags,
    /// Added to the sequence number that would be next.
    pub seq_offset: i64,
    /// Added to the acknowledgement number that would be right.
    pub ack_offset: i64,
    /// Bytes of data.
    pub len: u32,
    /// TTL.
    pub ttl: u8,
}
