//! The sockets of one node, and which of them a segment is for.

use super::context::Context;
use super::icmp_errors::quoted_ends;
use super::listen::{self, Listener, Request};
use super::metrics::Metrics;
use super::reply::{ends, send_reset};
use super::rows::row;
use super::segment_in::Arrived;
use super::seq::Seq;
use super::socket::{Connection, KeepAlive};
use super::state::State;
use super::timewait::{self, Successor, TimeWait};
use super::{Endpoint, Readable, Received, SocketId, TcpEnv, TcpEvent, TcpIcmpError, TcpOut, TcpTimer};
use crate::scenario::ActionId;
use crate::time::SimTime;
use crate::trace::{Errno, PacketId, SocketRow, TcpDrop};
use roundtrip_wire::{Ipv4, Payload, Tcp};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// What a socket identity stands for.
#[derive(Clone, Debug)]
pub(super) enum Socket {
    Listener(Listener),
    Request(Box<Request>),
    Connection(Box<Connection>),
    TimeWait(Box<TimeWait>),
}

/// The two ends of a connection, as this node sees them.
type Tuple = (Endpoint, Endpoint);

/// All TCP sockets of one node.
#[derive(Clone, Debug, Default)]
pub struct TcpStack {
    sockets: BTreeMap<SocketId, Socket>,
    by_ends: BTreeMap<Tuple, SocketId>,
    listeners: Vec<SocketId>,
    metrics: Metrics,
    last: u32,
}

impl TcpStack {
    /// No sockets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn next_id(&mut self) -> SocketId {
        self.last = self.last.wrapping_add(1);
        SocketId(self.last)
    }

    /// Passive OPEN on a port, at one address or at all.
    ///
    /// # Errors
    /// [`Errno::Eaddrinuse`] if something listens there already.
    pub fn listen(&mut self, bind: Option<Ipv4Addr>, port: u16, backlog: u16) -> Result<SocketId, Errno> {
        let taken = self.listeners().any(|other| other.port == port && (other.bind.is_none() || bind.is_none() || other.bind == bind));
        if taken {
            return Err(Errno::Eaddrinuse);
        }
        let id = self.next_id();
        self.sockets.insert(id, Socket::Listener(Listener { id, bind, port, backlog }));
        self.listeners.push(id);
        Ok(id)
    }

    fn listeners(&self) -> impl Iterator<Item = &Listener> {
        self.listeners.iter().filter_map(|id| match self.sockets.get(id) {
            Some(Socket::Listener(listener)) => Some(listener),
            _ => None,
        })
    }

    /// The listener for this end: one bound to the address goes before one for all.
    fn listener_for(&self, local: Endpoint) -> Option<Listener> {
        self.listeners().filter(|listener| listener.covers(local)).max_by_key(|listener| listener.bind.is_some()).copied()
    }

    /// Active OPEN. `local.address` 0.0.0.0 is chosen by the route.
    ///
    /// # Errors
    /// As `connect()` without waiting: what [`TcpEnv::route`] says, or [`Errno::Eaddrnotavail`] if the two ends are in
    /// use.
    pub fn connect(
        &mut self,
        env: &mut dyn TcpEnv,
        local: Endpoint,
        remote: Endpoint,
        action: Option<ActionId>,
        out: &mut Vec<TcpOut>,
    ) -> Result<SocketId, Errno> {
        let route = env.route(local.address, remote.address)?;
        let address = if local.address.is_unspecified() { route.source } else { local.address };
        let local = Endpoint { address, port: local.port };
        let before = match self.by_ends.get(&(local, remote)) {
            None => None,
            Some(id) => Some(self.successor(*id).ok_or(Errno::Eaddrnotavail)?),
        };
        if before.is_some()
            && let Some(old) = self.by_ends.remove(&(local, remote))
        {
            self.sockets.remove(&old);
        }
        let id = self.next_id();
        let mut cx = Context::new(env, out, None);
        let connection = Connection::open(&mut cx, id, local, remote, action, route, before);
        self.by_ends.insert((local, remote), id);
        self.settle(&mut cx, connection);
        cx.finish();
        Ok(id)
    }

    /// Where a new connection may begin that takes the place of one in TIME-WAIT: timestamps tell their segments apart
    /// (RFC 6191).
    fn successor(&self, socket: SocketId) -> Option<Successor> {
        match self.sockets.get(&socket) {
            Some(Socket::TimeWait(time_wait)) => time_wait.successor(),
            _ => None,
        }
    }

    /// SEND: queues everything, beyond what a real send buffer takes; see [`TcpStack::send_some`].
    ///
    /// # Errors
    /// The connection's error, once; after that, and after closing, [`Errno::Epipe`].
    pub fn send(&mut self, env: &mut dyn TcpEnv, socket: SocketId, data: Payload, out: &mut Vec<TcpOut>) -> Result<(), Errno> {
        self.with_connection(env, socket, out, |connection, cx| connection.send(cx, data)).unwrap_or(Err(Errno::Epipe))
    }

    /// SEND as a real send buffer takes it: queues as much as there is room for and returns how much that was.
    /// If it was not all, [`TcpEvent::Writable`] follows when there is room again.
    ///
    /// # Errors
    /// As [`TcpStack::send`].
    pub fn send_some(&mut self, env: &mut dyn TcpEnv, socket: SocketId, data: &Payload, out: &mut Vec<TcpOut>) -> Result<usize, Errno> {
        self.with_connection(env, socket, out, |connection, cx| connection.send_some(cx, data)).unwrap_or(Err(Errno::Epipe))
    }

    /// RECEIVE: at most `max` bytes. May send a window update or an acknowledgement.
    pub fn recv(&mut self, env: &mut dyn TcpEnv, socket: SocketId, max: usize, out: &mut Vec<TcpOut>) -> Received {
        self.with_connection(env, socket, out, |connection, cx| connection.receive(cx, max)).unwrap_or_default()
    }

    /// What [`TcpStack::recv`] would find.
    #[must_use]
    pub fn readable(&self, socket: SocketId) -> Readable {
        self.connection(socket).map_or_else(Readable::default, |connection| Readable {
            bytes: connection.unread(),
            eof: connection.is_at_end(),
            error: connection.error,
        })
    }

    /// Ends the sending half (`shutdown(SHUT_WR)`).
    pub fn shutdown(&mut self, env: &mut dyn TcpEnv, socket: SocketId, out: &mut Vec<TcpOut>) {
        self.with_connection(env, socket, out, Connection::shutdown);
    }

    /// CLOSE: the application lets the socket go. With unread data, and for connections that nobody has accepted
    /// from a listener that is closed, this sends a RST.
    pub fn close(&mut self, env: &mut dyn TcpEnv, socket: SocketId, out: &mut Vec<TcpOut>) {
        if let Some(Socket::Listener(_)) = self.sockets.get(&socket) {
            self.close_listener(env, socket, out);
        } else {
            self.with_connection(env, socket, out, Connection::close);
        }
    }

    /// ABORT: lets the socket go with a RST (`SO_LINGER` with time 0).
    pub fn abort(&mut self, env: &mut dyn TcpEnv, socket: SocketId, out: &mut Vec<TcpOut>) {
        if let Some(Socket::Listener(_)) = self.sockets.get(&socket) {
            self.close_listener(env, socket, out);
        } else {
            self.with_connection(env, socket, out, Connection::abort);
        }
    }

    /// Requests die in silence, as their listener does.
    fn close_listener(&mut self, env: &mut dyn TcpEnv, socket: SocketId, out: &mut Vec<TcpOut>) {
        self.sockets.remove(&socket);
        self.listeners.retain(|id| *id != socket);
        self.sockets.retain(|_, other| !matches!(other, Socket::Request(request) if request.listener == socket));
        let sockets = &self.sockets;
        self.by_ends.retain(|_, id| sockets.contains_key(id));
        let mut cx = Context::new(env, out, None);
        cx.tell(socket, TcpEvent::Closed);
        cx.finish();
    }

    /// Turns keep-alive probes on: the first after `idle` of silence, then one each `interval`; after `count`
    /// unanswered ones the connection is given up.
    #[allow(clippy::too_many_arguments, reason = "the three times of tcp(7)")]
    pub fn set_keepalive(
        &mut self,
        env: &mut dyn TcpEnv,
        socket: SocketId,
        idle: SimTime,
        interval: SimTime,
        count: u32,
        out: &mut Vec<TcpOut>,
    ) {
        self.with_connection(env, socket, out, |connection, cx| {
            connection.keepalive = Some(KeepAlive { idle, interval, count });
            connection.restart_keepalive(cx);
        });
    }

    /// A segment has arrived for this node. `ip` carries it; anything else is ignored.
    pub fn segment_arrived(&mut self, env: &mut dyn TcpEnv, packet: PacketId, ip: &Ipv4, out: &mut Vec<TcpOut>) {
        let Some(tcp) = ip.tcp() else { return };
        let mut cx = Context::new(env, out, Some(packet));
        self.dispatch(&mut cx, packet, ip, tcp);
        cx.finish();
    }

    fn dispatch(&mut self, cx: &mut Context<'_>, packet: PacketId, ip: &Ipv4, tcp: &Tcp) {
        let (local, remote) = ends(ip, tcp);
        let socket = self.by_ends.get(&(local, remote)).copied();
        match socket.and_then(|id| self.sockets.remove(&id)) {
            Some(Socket::Connection(mut connection)) => {
                self.recall(&mut connection);
                connection.segment_arrived(cx, Arrived::new(ip, tcp));
                self.settle(cx, *connection);
            }
            Some(Socket::Request(request)) => self.at_request(cx, packet, *request, ip, tcp),
            Some(Socket::TimeWait(time_wait)) => self.at_time_wait(cx, packet, *time_wait, ip, tcp),
            Some(other @ Socket::Listener(_)) => {
                // Listeners are not found by two ends.
                if let Some(id) = socket {
                    self.sockets.insert(id, other);
                }
            }
            None => self.at_listener(cx, packet, ip, tcp, None),
        }
    }

    /// Tells a connection that may become complete what is known of its destination.
    fn recall(&self, connection: &mut Connection) {
        if connection.state.is_opening() {
            connection.known_rtt8 = self.metrics.rtt8(connection.local, connection.remote);
        }
    }

    /// LISTEN (RFC 9293 section 3.10.7.2), or nobody (3.10.7.1).
    fn at_listener(&mut self, cx: &mut Context<'_>, packet: PacketId, ip: &Ipv4, tcp: &Tcp, iss: Option<Seq>) {
        let (local, remote) = ends(ip, tcp);
        let Some(listener) = self.listener_for(local) else {
            send_reset(cx, ip, tcp);
            cx.out.push(TcpOut::NoSocket { packet });
            return;
        };
        let flags = tcp.flags;
        if flags.ack() {
            send_reset(cx, ip, tcp);
            cx.discard(TcpDrop::BadRequest);
        } else if flags.rst() || !flags.syn() || flags.fin() {
            cx.discard(TcpDrop::BadRequest);
        } else {
            let id = self.next_id();
            if let Some(request) = Request::open(cx, id, &listener, ip, tcp, iss) {
                self.sockets.insert(id, Socket::Request(Box::new(request)));
                self.by_ends.insert((local, remote), id);
            }
        }
    }

    fn at_request(&mut self, cx: &mut Context<'_>, packet: PacketId, mut request: Request, ip: &Ipv4, tcp: &Tcp) {
        let ends = (request.local, request.remote);
        let id = request.id;
        match request.segment_arrived(cx, ip, tcp) {
            listen::Verdict::Stays => {
                self.sockets.insert(id, Socket::Request(Box::new(request)));
            }
            listen::Verdict::Gone => {
                self.by_ends.remove(&ends);
            }
            listen::Verdict::Completes => {
                let mut connection = request.into_connection(cx, tcp);
                self.recall(&mut connection);
                connection.segment_arrived(cx, Arrived::new(ip, tcp));
                self.settle(cx, connection);
            }
            listen::Verdict::NotMine => {
                self.sockets.insert(id, Socket::Request(Box::new(request)));
                self.at_listener(cx, packet, ip, tcp, None);
            }
        }
    }

    fn at_time_wait(&mut self, cx: &mut Context<'_>, packet: PacketId, mut time_wait: TimeWait, ip: &Ipv4, tcp: &Tcp) {
        let ends = (time_wait.local, time_wait.remote);
        let id = time_wait.id;
        let verdict = time_wait.segment_arrived(cx, ip, tcp);
        match verdict {
            timewait::Verdict::Gone => {
                self.by_ends.remove(&ends);
            }
            timewait::Verdict::Reopens(iss) if self.listener_for(time_wait.local).is_some() => {
                self.by_ends.remove(&ends);
                self.at_listener(cx, packet, ip, tcp, Some(iss));
            }
            timewait::Verdict::Reopens(_) | timewait::Verdict::Stays => {
                if verdict != timewait::Verdict::Stays {
                    time_wait.acknowledge(cx, ip, tcp);
                }
                self.sockets.insert(id, Socket::TimeWait(Box::new(time_wait)));
            }
        }
    }

    /// An ICMP error about a packet of ours, which it quotes.
    pub fn icmp_error(&mut self, env: &mut dyn TcpEnv, error: TcpIcmpError, quoted: &Ipv4, out: &mut Vec<TcpOut>) {
        let Some((local, remote, seq)) = quoted_ends(quoted) else { return };
        let Some(id) = self.by_ends.get(&(local, remote)).copied() else { return };
        let mut cx = Context::new(env, out, None);
        match self.sockets.remove(&id) {
            Some(Socket::Connection(mut connection)) => {
                connection.icmp_error(&mut cx, error, seq);
                self.settle(&mut cx, *connection);
            }
            Some(Socket::Request(request)) => {
                if seq == request.iss && error.ends_request() {
                    self.by_ends.remove(&(local, remote));
                } else {
                    self.sockets.insert(id, Socket::Request(request));
                }
            }
            Some(other) => {
                self.sockets.insert(id, other);
            }
            None => {}
        }
        cx.finish();
    }

    /// A timer that was asked for is due. Stale ones are ignored.
    pub fn on_timer(&mut self, env: &mut dyn TcpEnv, socket: SocketId, timer: TcpTimer, generation: u32, out: &mut Vec<TcpOut>) {
        let mut cx = Context::new(env, out, None);
        match self.sockets.remove(&socket) {
            Some(Socket::Connection(mut connection)) => {
                connection.on_timer(&mut cx, timer, generation);
                self.settle(&mut cx, *connection);
            }
            Some(Socket::Request(mut request)) => {
                if request.on_timer(&mut cx, generation) {
                    self.sockets.insert(socket, Socket::Request(request));
                } else {
                    self.by_ends.remove(&(request.local, request.remote));
                }
            }
            Some(Socket::TimeWait(mut time_wait)) => {
                if time_wait.on_timer(generation) {
                    self.by_ends.remove(&(time_wait.local, time_wait.remote));
                } else {
                    self.sockets.insert(socket, Socket::TimeWait(time_wait));
                }
            }
            Some(other) => {
                self.sockets.insert(socket, other);
            }
            None => {}
        }
        cx.finish();
    }

    /// A repeated SYN,ACK could not leave: there is no route, or a filter of this node's own has refused it.
    pub fn syn_ack_refused(&mut self, local: Endpoint, remote: Endpoint, packet: PacketId) {
        if let Some(id) = self.by_ends.get(&(local, remote))
            && matches!(self.sockets.get(id), Some(Socket::Request(request)) if request.ends_with(packet))
        {
            self.sockets.remove(id);
            self.by_ends.remove(&(local, remote));
        }
    }

    fn connection(&self, socket: SocketId) -> Option<&Connection> {
        match self.sockets.get(&socket) {
            Some(Socket::Connection(connection)) => Some(connection),
            _ => None,
        }
    }

    #[cfg(test)]
    pub(super) fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.sockets.keys().filter_map(|id| self.connection(*id))
    }

    /// Does something with a connection that an application holds.
    fn with_connection<T>(
        &mut self,
        env: &mut dyn TcpEnv,
        socket: SocketId,
        out: &mut Vec<TcpOut>,
        act: impl FnOnce(&mut Connection, &mut Context<'_>) -> T,
    ) -> Option<T> {
        match self.sockets.remove(&socket) {
            Some(Socket::Connection(mut connection)) if !connection.orphan => {
                let mut cx = Context::new(env, out, None);
                let result = act(&mut connection, &mut cx);
                self.settle(&mut cx, *connection);
                cx.finish();
                Some(result)
            }
            Some(other) => {
                self.sockets.insert(socket, other);
                None
            }
            None => None,
        }
    }

    /// Puts a connection back, or what is left of it.
    fn settle(&mut self, cx: &mut Context<'_>, mut connection: Connection) {
        let (id, ends) = (connection.id, (connection.local, connection.remote));
        if connection.state == State::Closed && self.by_ends.get(&ends) == Some(&id) {
            self.by_ends.remove(&ends);
        } else if connection.state != State::Closed {
            self.by_ends.insert(ends, id);
        }
        if std::mem::take(&mut connection.ends_well) {
            self.metrics.learn(&connection);
        }
        if let Some(mut remains) = connection.remains.take() {
            let id = self.next_id();
            remains.begin(cx, id);
            self.by_ends.insert(ends, id);
            self.sockets.insert(id, Socket::TimeWait(Box::new(remains)));
        }
        // A connection that fails before anybody has accepted it is nobody's.
        if connection.state == State::Closed && (connection.orphan || connection.listener.is_some()) {
            cx.tell(id, TcpEvent::Closed);
        } else {
            self.sockets.insert(id, Socket::Connection(Box::new(connection)));
        }
    }

    /// The socket still exists: an application holds it, or the connection is not over.
    #[must_use]
    pub fn has_socket(&self, socket: SocketId) -> bool {
        self.sockets.contains_key(&socket)
    }

    /// The action that a socket belongs to.
    #[must_use]
    pub fn action_of(&self, socket: SocketId) -> Option<ActionId> {
        match self.sockets.get(&socket)? {
            Socket::Listener(_) => None,
            Socket::Request(request) => request.action,
            Socket::Connection(connection) => connection.action,
            Socket::TimeWait(time_wait) => time_wait.action,
        }
    }

    /// A connection between these two ends listens to ICMP redirects and the like. Half-open requests and
    /// what is in TIME-WAIT do not.
    #[must_use]
    pub fn takes_advice(&self, local: (Ipv4Addr, u16), remote: (Ipv4Addr, u16)) -> bool {
        let end = |(address, port)| Endpoint { address, port };
        self.by_ends.get(&(end(local), end(remote))).and_then(|id| self.connection(*id)).is_some()
    }

    /// The two ends of a connection.
    #[must_use]
    pub fn ends(&self, socket: SocketId) -> Option<(Endpoint, Endpoint)> {
        self.connection(socket).map(|connection| (connection.local, connection.remote))
    }

    /// True if one of the connections, requests or remains has this local port.
    #[must_use]
    pub fn port_in_use(&self, port: u16) -> bool {
        self.by_ends.keys().any(|(local, _)| local.port == port) || self.listeners().any(|listener| listener.port == port)
    }

    /// The rows of `ss -tan`, in the order in which the sockets were made.
    #[must_use]
    pub fn sockets(&self, _now: SimTime) -> Vec<SocketRow> {
        self.sockets.values().filter_map(row).collect()
    }
}

impl Connection {
    fn on_timer(&mut self, cx: &mut Context<'_>, timer: TcpTimer, generation: u32) {
        self.snd.clock = cx.now;
        match timer {
            TcpTimer::Retransmit if self.timers.retransmit.fires(generation) => self.retransmit_due(cx),
            TcpTimer::DelayedAck if self.timers.delayed_ack.fires(generation) => self.delayed_ack_due(cx),
            TcpTimer::CompressedAck if self.timers.compressed_ack.fires(generation) => self.release_held_back(cx),
            TcpTimer::KeepAlive if self.timers.keepalive.fires(generation) => self.keepalive_due(cx),
            _ => {}
        }
    }
}
