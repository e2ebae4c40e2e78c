//! The Transmission Control Protocol (RFC 9293) as Linux 6.18 speaks it.
//!
//! [`TcpStack`] holds the sockets of one node. It knows no network: what it needs it asks of a [`TcpEnv`], and what it
//! wants done it says in a list of [`TcpOut`]. Time comes in through the environment, timers go out as
//! [`TcpOut::Arm`] and come back through [`TcpStack::on_timer`].
//!
//! | file | RFC 9293 | what |
//! |---|---|---|
//! | `state` | 3.3.2 | the states |
//! | `app`, `write` | 3.10.1 to 3.10.5 | OPEN, SEND, RECEIVE, CLOSE, ABORT |
//! | `segment_in` | 3.10.7 | SEGMENT ARRIVES |
//! | `segment_out` | 3.8 | what is sent, when, and how large (Nagle, windows, path MTU) |
//! | `listen` | 3.10.7.2, 3.10.7.4 | LISTEN and half-open requests |
//! | `timewait` | 3.10.7.4 | TIME-WAIT, and FIN-WAIT-2 without an application |
//! | `timers` | 3.10.8 | retransmission, probes, keep-alive |
//! | `delayed_ack` | 3.8.6.3 | which segment is acknowledged when |
//! | `window` | 3.8.6.2 | the receive window |
//! | `path_mtu` | 3.7 | how large segments are |
//! | `rtt`, `metrics` | RFC 6298 | the retransmission timeout, and what is remembered of a destination |
//! | `recovery`, `resend`, `loss_probe` | RFC 8985, RFC 2018 | SACK, RACK, tail-loss probe |
//! | `congestion` | RFC 9438, RFC 6937 | CUBIC, proportional rate reduction |

mod app;
mod bytes;
mod congestion;
mod context;
mod delayed_ack;
mod icmp_errors;
mod listen;
mod loss_probe;
mod metrics;
mod options;
mod path_mtu;
mod recovery;
mod reply;
mod resend;
mod rows;
mod rtt;
mod segment_in;
mod segment_out;
mod seq;
mod socket;
mod stack;
mod state;
mod timers;
mod timewait;
mod window;
mod write;

#[cfg(test)]
mod tests;

pub use stack::TcpStack;

use crate::scenario::ActionId;
use crate::sysctl::Sysctls;
use crate::time::SimTime;
use crate::trace::{Errno, PacketId, TcpDrop, Why};
use roundtrip_wire::{Payload, Tcp, UnreachableCode};
use std::net::Ipv4Addr;

/// A socket of one node, never used twice within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketId(pub u32);

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// Address.
    pub address: Ipv4Addr,
    /// Port.
    pub port: u16,
}

/// Which of a socket's timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TcpTimer {
    /// Retransmission timeout, tail-loss probe, reordering timeout or zero-window probe: one at a time.
    Retransmit,
    /// Delayed acknowledgement.
    DelayedAck,
    /// Held-back duplicate acknowledgements of a receiver that sees many segments out of order.
    CompressedAck,
    /// Keep-alive probes, and the end of a long FIN-WAIT-2.
    KeepAlive,
    /// End of TIME-WAIT, or of FIN-WAIT-2 without an application.
    TimeWait,
    /// Retransmission of the SYN,ACK of a half-open request.
    Request,
}

/// What the routing table says about a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpRoute {
    /// Source address of packets that take it.
    pub source: Ipv4Addr,
    /// Path MTU in bytes: of the route, as learned, or of the interface.
    pub mtu: u16,
    /// What the MSS that we announce is made from, in bytes: route, learned path MTU or interface.
    pub advertised_mtu: u16,
}

/// Identity of an entry of the routing table, never used twice within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteEntry(pub u32);

/// What TCP asks of the node.
pub trait TcpEnv {
    /// The time.
    fn now(&self) -> SimTime;

    /// The node's settings.
    fn sysctls(&self) -> &Sysctls;

    /// The route to `remote` for packets from `local` (0.0.0.0: to be chosen).
    ///
    /// # Errors
    /// As `connect()` reports them: [`Errno::Enetunreach`] without a route, [`Errno::Ehostunreach`], [`Errno::Eacces`],
    /// [`Errno::Einval`] for `unreachable`, `prohibit` and `blackhole` routes.
    fn route(&mut self, local: Ipv4Addr, remote: Ipv4Addr) -> Result<TcpRoute, Errno>;

    /// A new packet's identity. `parent` is what it answers or repeats.
    fn packet(&mut self, why: Why, parent: Option<PacketId>, action: Option<ActionId>) -> PacketId;

    /// The first sequence number of a connection.
    fn initial_sequence(&mut self, local: Endpoint, remote: Endpoint) -> u32;

    /// One of this node's own addresses.
    fn is_local(&self, address: Ipv4Addr) -> bool;

    /// The action that a packet belongs to.
    fn action_of(&self, packet: PacketId) -> Option<ActionId>;

    /// The packet has not left the node yet: it waits for the answer to an ARP request. It is then not sent again.
    fn still_queued(&self, _packet: PacketId) -> bool {
        false
    }

    /// The entry of the routing table that [`TcpEnv::route`] has found.
    fn route_entry(&mut self, _local: Ipv4Addr, _remote: Ipv4Addr) -> RouteEntry {
        RouteEntry(0)
    }

    /// That entry was deleted, be it by hand, be it because its interface went down. A connection that has remembered it
    /// believes in the smallest MTU until it looks its route up again, which it does when it has sent.
    fn route_deleted(&self, _entry: RouteEntry) -> bool {
        false
    }
}

/// What TCP wants done, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TcpOut {
    /// A segment to be sent. It is handed over even where the routing table has no way, so that its death is on record.
    Send {
        /// Its identity.
        packet: PacketId,
        /// From.
        local: Endpoint,
        /// To.
        remote: Endpoint,
        /// The segment.
        segment: Tcp,
        /// Don't fragment.
        df: bool,
        /// TTL, if not the node's default.
        ttl: Option<u8>,
        /// Type of service.
        tos: u8,
        /// It repeats an earlier one.
        retransmission: bool,
    },
    /// A timer to be set. Any later `Arm` of the same timer makes older generations stale.
    Arm {
        /// Whose.
        socket: SocketId,
        /// Which.
        timer: TcpTimer,
        /// When it is due.
        at: SimTime,
        /// To be handed back to [`TcpStack::on_timer`].
        generation: u32,
    },
    /// Something for the application.
    App {
        /// On which socket.
        socket: SocketId,
        /// What.
        event: TcpEvent,
    },
    /// The arriving packet was discarded.
    Drop {
        /// The packet.
        packet: PacketId,
        /// Why.
        reason: TcpDrop,
    },
    /// Nobody was there for the arriving packet. If a RST is due, it is sent already.
    NoSocket {
        /// The packet.
        packet: PacketId,
    },
}

/// What an application learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcpEvent {
    /// `connect()` is complete.
    Connected,
    /// A listener has a new connection: the event's socket.
    Accepted {
        /// The listener.
        listener: SocketId,
        /// The other side.
        remote: Endpoint,
    },
    /// There is something to read.
    Readable,
    /// The other side has closed its half; it is seen once everything before is read.
    Eof,
    /// The connection failed.
    Error(Errno),
    /// The send buffer has room again.
    Writable,
    /// The socket is gone.
    Closed,
}

/// What [`TcpStack::recv`] took from the receive buffer.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Received {
    /// Bytes, in order.
    pub bytes: Vec<Payload>,
    /// Everything is read and the other side has closed.
    pub eof: bool,
    /// The connection failed; reported once.
    pub error: Option<Errno>,
}

impl Received {
    /// Number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.iter().map(Payload::len).sum()
    }

    /// No byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What [`TcpStack::recv`] would find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Readable {
    /// Bytes.
    pub bytes: usize,
    /// Everything is read and the other side has closed.
    pub eof: bool,
    /// The connection failed.
    pub error: Option<Errno>,
}

/// An ICMP error about a segment of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcpIcmpError {
    /// Destination unreachable, except "fragmentation needed".
    Unreachable(UnreachableCode),
    /// Fragmentation needed, but DF is set. The node has already learned the path MTU when it says so.
    FragmentationNeeded {
        /// Next hop's MTU in bytes.
        mtu: u16,
    },
    /// TTL ran out.
    TimeExceeded,
    /// The header is wrong.
    ParameterProblem,
}
