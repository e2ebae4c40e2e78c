//! A TCP client or a served connection: a list of socket steps, run one after the other.

use super::{App, AppId};
use crate::scenario::{ActionId, NodeId, OnLimit, RecvUntil, SocketStep, TcpClient};
use crate::simulation::Simulation;
use crate::time::SimTime;
use crate::trace::{ActionResult, AppWhat, Errno, Outcome};
use crate::transport::tcp::{Endpoint, SocketId, TcpEvent};
use roundtrip_wire::Payload;
use std::net::Ipv4Addr;
use std::sync::Arc;

/// How much one read takes.
const READ: usize = 65_536;

/// Where a stream's application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Connecting,
    Running,
    Over,
}

/// An application on a stream.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    node: NodeId,
    socket: SocketId,
    /// The client's action; a served connection has the one of whoever called.
    action: Option<ActionId>,
    server: bool,
    script: Arc<[SocketStep]>,
    step: usize,
    stage: Stage,
    /// The client's patience ends.
    deadline: SimTime,
    /// The step at hand ends by itself.
    step_ends: Option<SimTime>,
    /// What the send buffer had no room for yet.
    pending: Option<Payload>,
    /// Bytes that the read at hand has got.
    got: u64,
    /// How much of the blank line the last bytes were.
    blank: u8,
    bytes: u64,
    on_limit: OnLimit,
}

fn step_name(step: &SocketStep) -> &'static str {
    match step {
        SocketStep::Send { .. } => "send",
        SocketStep::Recv { .. } => "recv",
        SocketStep::Echo => "echo",
        SocketStep::Sleep(_) => "sleep",
        SocketStep::KeepAlive { .. } => "keepalive",
        SocketStep::Shutdown => "shutdown",
        SocketStep::Close => "close",
        SocketStep::Abort => "abort",
    }
}

/// What a `Send` step writes: digits and letters over and over, or an HTTP request of just that length.
fn content(len: u32, host: Option<&str>) -> Payload {
    let len = len as usize;
    if let Some(host) = host {
        let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\nX-Pad: ");
        let tail = "\r\n\r\n";
        if let Some(pad) = len.checked_sub(head.len() + tail.len()) {
            let mut bytes = head.into_bytes();
            bytes.resize(bytes.len() + pad, b'p');
            bytes.extend_from_slice(tail.as_bytes());
            return Payload::new(bytes);
        }
    }
    Payload::new(b"0123456789abcdef".iter().copied().cycle().take(len).collect::<Vec<u8>>())
}

/// Follows `\r\n\r\n` through a stream.
fn match_blank(mut seen: u8, bytes: &[u8]) -> u8 {
    for byte in bytes {
        if seen == 4 {
            break;
        }
        seen = match (seen, byte) {
            (0 | 2, b'\r') => seen + 1,
            (1 | 3, b'\n') => seen + 1,
            (_, b'\r') => 1,
            _ => 0,
        };
    }
    seen
}

fn stream_result(errno: Errno) -> ActionResult {
    match errno {
        Errno::Econnreset | Errno::Epipe => ActionResult::Reset,
        Errno::Etimedout => ActionResult::TimeoutKernel,
        Errno::Ehostunreach | Errno::Enetunreach => ActionResult::Unreachable,
        _ => ActionResult::Error,
    }
}

fn connect_result(errno: Errno) -> ActionResult {
    match errno {
        Errno::Econnrefused => ActionResult::Refused,
        Errno::Ehostunreach | Errno::Enetunreach | Errno::Eacces => ActionResult::Unreachable,
        Errno::Etimedout => ActionResult::Timeout,
        Errno::Econnreset => ActionResult::Reset,
        _ => ActionResult::Error,
    }
}

impl Stream {
    fn new(node: NodeId, socket: SocketId, action: Option<ActionId>, server: bool, script: Arc<[SocketStep]>) -> Self {
        Self {
            node,
            socket,
            action,
            server,
            script,
            step: 0,
            stage: if server { Stage::Running } else { Stage::Connecting },
            deadline: SimTime::MAX,
            step_ends: None,
            pending: None,
            got: 0,
            blank: 0,
            bytes: 0,
            on_limit: OnLimit::Leave,
        }
    }
}

/// What came of running a step.
enum Went {
    Next,
    Blocked,
    Failed(&'static str, ActionResult, Option<Errno>),
}

impl Simulation {
    /// A TCP action starts.
    pub(crate) fn start_tcp(&mut self, action: ActionId, client: &TcpClient) {
        let local = Endpoint { address: client.source.unwrap_or(Ipv4Addr::UNSPECIFIED), port: client.source_port };
        let remote = Endpoint { address: client.to, port: client.port };
        let Some(mut host) = self.host(client.from) else { return };
        host.world.in_call = true;
        // Nobody connects to everybody; answers to one whose address is this link's broadcast address do leave.
        let connected = if host.core.is_broadcast(client.to) {
            Err(Errno::Enetunreach)
        } else {
            host.with_tcp(|tcp, env, out| tcp.connect(env, local, remote, Some(action), out))
        };
        self.world.in_call = false;
        match connected {
            Ok(socket) => {
                let mut stream = Stream::new(client.from, socket, Some(action), false, client.script.clone().into());
                stream.deadline = self.world.now + client.limit;
                stream.on_limit = client.on_limit;
                let deadline = stream.deadline;
                let id = self.apps.add(App::Stream(stream));
                self.apps.streams.insert((client.from, socket), id);
                self.app_timer(id, deadline);
            }
            Err(errno) => {
                self.note(client.from, Some(action), false, AppWhat::ConnectError(errno));
                let mut outcome = Outcome::new(connect_result(errno));
                outcome.connected = Some(false);
                outcome.stage = Some("connect");
                outcome.errno = Some(errno);
                self.apps.finish(action, outcome);
            }
        }
    }

    /// Word from TCP about a socket.
    pub(crate) fn tcp_signal(&mut self, node: NodeId, socket: SocketId, event: &TcpEvent) {
        if let TcpEvent::Accepted { listener, .. } = event {
            let Some(script) = self.apps.listeners.get(&(node, *listener)).map(|waiting| Arc::clone(&waiting.script)) else {
                return;
            };
            let action = self.nodes.get(node.0 as usize).and_then(|state| state.tcp.action_of(socket));
            self.note(node, action, true, AppWhat::Accepted);
            let id = self.apps.add(App::Stream(Stream::new(node, socket, action, true, script)));
            self.apps.streams.insert((node, socket), id);
            self.wake_stream(id);
            return;
        }
        let Some(id) = self.apps.streams.get(&(node, socket)).copied() else { return };
        let Some(App::Stream(stream)) = self.apps.list.get_mut(id.0 as usize) else { return };
        match (stream.stage, event) {
            (Stage::Connecting, TcpEvent::Connected) => {
                stream.stage = Stage::Running;
                let (action, deadline) = (stream.action, stream.deadline);
                self.note(node, action, false, AppWhat::Connected);
                self.app_timer(id, deadline);
                self.run_stream(id);
            }
            (Stage::Connecting, TcpEvent::Error(errno)) => {
                let errno = *errno;
                stream.stage = Stage::Over;
                let action = stream.action;
                self.note(node, action, false, AppWhat::ConnectError(errno));
                let mut outcome = Outcome::new(connect_result(errno));
                outcome.connected = Some(false);
                outcome.stage = Some("connect");
                outcome.errno = Some(errno);
                if let Some(action) = action {
                    self.apps.finish(action, outcome);
                }
            }
            (Stage::Running, _) => self.wake_stream(id),
            _ => {}
        }
    }

    /// Something happened on the socket: the program runs once everything that arrives at the same moment is dealt with. One that
    /// sleeps does not notice.
    fn wake_stream(&mut self, id: AppId) {
        let Some(App::Stream(stream)) = self.apps.list.get(id.0 as usize) else { return };
        if !matches!(stream.script.get(stream.step), Some(SocketStep::Sleep(_)) if stream.step_ends.is_some()) {
            self.app_timer(id, self.world.now);
        }
    }

    /// An application's timer rang.
    pub(crate) fn stream_timer(&mut self, id: AppId) {
        let now = self.world.now;
        let Some(App::Stream(stream)) = self.apps.list.get_mut(id.0 as usize) else { return };
        match stream.stage {
            Stage::Connecting if now >= stream.deadline => {
                stream.stage = Stage::Over;
                let (node, action) = (stream.node, stream.action);
                self.note(node, action, false, AppWhat::TimedOut);
                let mut outcome = Outcome::new(ActionResult::Timeout);
                outcome.connected = Some(false);
                outcome.stage = Some("connect");
                if let Some(action) = action {
                    self.apps.finish(action, outcome);
                }
                self.give_up(id);
            }
            Stage::Running => self.run_stream(id),
            Stage::Connecting | Stage::Over => {}
        }
    }

    /// The client's patience ended: what it does with its socket.
    fn give_up(&mut self, id: AppId) {
        let Some(App::Stream(stream)) = self.apps.list.get(id.0 as usize) else { return };
        let (node, socket, action, server, how) = (stream.node, stream.socket, stream.action, stream.server, stream.on_limit);
        let what = match how {
            OnLimit::Leave => return,
            OnLimit::Close => AppWhat::Closed,
            OnLimit::Abort => AppWhat::Aborted,
        };
        self.note(node, action, server, what);
        if let Some(mut host) = self.host(node) {
            host.with_tcp(|tcp, env, out| match how {
                OnLimit::Abort => tcp.abort(env, socket, out),
                OnLimit::Close | OnLimit::Leave => tcp.close(env, socket, out),
            });
        }
    }

    /// Runs steps until one has to wait.
    fn run_stream(&mut self, id: AppId) {
        loop {
            let Some(App::Stream(stream)) = self.apps.list.get(id.0 as usize) else { return };
            if stream.stage != Stage::Running {
                return;
            }
            let Some(step) = stream.script.get(stream.step).cloned() else {
                self.end_stream(id, "", ActionResult::Ok, None);
                return;
            };
            let name = step_name(&step);
            match self.run_step(id, &step) {
                Went::Next => {
                    if let Some(App::Stream(stream)) = self.apps.list.get_mut(id.0 as usize) {
                        stream.step += 1;
                        stream.got = 0;
                        stream.blank = 0;
                        stream.step_ends = None;
                    }
                }
                Went::Blocked => return,
                Went::Failed(stage, result, errno) => {
                    self.end_stream(id, if stage.is_empty() { name } else { stage }, result, errno);
                    return;
                }
            }
        }
    }

    fn end_stream(&mut self, id: AppId, stage: &'static str, result: ActionResult, errno: Option<Errno>) {
        let Some(App::Stream(stream)) = self.apps.list.get_mut(id.0 as usize) else { return };
        stream.stage = Stage::Over;
        let (node, action, server, bytes) = (stream.node, stream.action, stream.server, stream.bytes);
        match (result, errno) {
            (ActionResult::Timeout, _) => self.note(node, action, server, AppWhat::TimedOut),
            (_, Some(errno)) => self.note(node, action, server, AppWhat::Error(errno)),
            _ => {}
        }
        if server {
            return;
        }
        let mut outcome = Outcome::new(result);
        outcome.connected = Some(true);
        outcome.stage = (!stage.is_empty()).then_some(stage);
        outcome.errno = errno;
        outcome.bytes = Some(bytes);
        if let Some(action) = action {
            self.apps.finish(action, outcome);
        }
        if result == ActionResult::Timeout {
            self.give_up(id);
        }
    }

    fn run_step(&mut self, id: AppId, step: &SocketStep) -> Went {
        let now = self.world.now;
        let Some(App::Stream(stream)) = self.apps.list.get_mut(id.0 as usize) else { return Went::Blocked };
        let (node, socket, action, server, deadline) = (stream.node, stream.socket, stream.action, stream.server, stream.deadline);
        let failed = |errno| Went::Failed("", stream_result(errno), Some(errno));
        match step {
            SocketStep::Send { len, http_host } => {
                if stream.pending.is_none() {
                    stream.pending = Some(content(*len, http_host.as_deref()));
                }
                match self.write_pending(id) {
                    Ok(true) => {
                        self.note(node, action, server, AppWhat::Sent(*len));
                        Went::Next
                    }
                    Ok(false) if now >= deadline => Went::Failed("", ActionResult::Timeout, None),
                    Ok(false) => {
                        self.app_timer(id, deadline);
                        Went::Blocked
                    }
                    Err(errno) => failed(errno),
                }
            }
            SocketStep::Recv { until, within } => {
                if stream.step_ends.is_none() {
                    stream.step_ends = Some(within.map_or(deadline, |within| deadline.min(now + within)));
                }
                self.read(id, *until)
            }
            SocketStep::Echo => self.echo(id),
            SocketStep::Sleep(time) => match stream.step_ends {
                Some(end) if now >= end => Went::Next,
                Some(_) => Went::Blocked,
                None => {
                    let end = deadline.min(now + *time);
                    stream.step_ends = Some(end);
                    self.app_timer(id, end);
                    Went::Blocked
                }
            },
            SocketStep::KeepAlive { idle, interval, count } => {
                if let Some(mut host) = self.host(node) {
                    host.with_tcp(|tcp, env, out| tcp.set_keepalive(env, socket, *idle, *interval, *count, out));
                }
                Went::Next
            }
            SocketStep::Shutdown => {
                self.note(node, action, server, AppWhat::Shutdown);
                let Some(mut host) = self.host(node) else { return Went::Blocked };
                host.with_tcp(|tcp, env, out| tcp.shutdown(env, socket, out));
                Went::Next
            }
            SocketStep::Close => {
                self.note(node, action, server, AppWhat::Closed);
                let Some(mut host) = self.host(node) else { return Went::Blocked };
                host.with_tcp(|tcp, env, out| tcp.close(env, socket, out));
                Went::Next
            }
            SocketStep::Abort => {
                self.note(node, action, server, AppWhat::Aborted);
                let Some(mut host) = self.host(node) else { return Went::Blocked };
                host.with_tcp(|tcp, env, out| tcp.abort(env, socket, out));
                Went::Next
            }
        }
    }

    /// Hands over what is to be written, as far as the send buffer has room. True if all is handed over.
    fn write_pending(&mut self, id: AppId) -> Result<bool, Errno> {
        let Some(App::Stream(stream)) = self.apps.list.get_mut(id.0 as usize) else { return Ok(false) };
        let (node, socket) = (stream.node, stream.socket);
        let Some(data) = stream.pending.take() else { return Ok(true) };
        let Some(mut host) = self.host(node) else { return Ok(false) };
        let taken = host.with_tcp(|tcp, env, out| tcp.send_some(env, socket, &data, out))?;
        if taken >= data.len() {
            return Ok(true);
        }
        if let Some(App::Stream(stream)) = self.apps.list.get_mut(id.0 as usize) {
            stream.pending = Some(data.slice(taken, data.len() - taken));
        }
        Ok(false)
    }

    fn read(&mut self, id: AppId, until: RecvUntil) -> Went {
        loop {
            let now = self.world.now;
            let Some(App::Stream(stream)) = self.apps.list.get(id.0 as usize) else { return Went::Blocked };
            let (node, socket, action, server) = (stream.node, stream.socket, stream.action, stream.server);
            let ends = stream.step_ends.unwrap_or(SimTime::MAX);
            if now >= ends {
                return Went::Failed("recv", ActionResult::Timeout, None);
            }
            let Some(mut host) = self.host(node) else { return Went::Blocked };
            let received = host.with_tcp(|tcp, env, out| tcp.recv(env, socket, READ, out));
            let count = received.len();
            if count > 0 {
                self.note(node, action, server, AppWhat::Received(u32::try_from(count).unwrap_or(u32::MAX)));
                let Some(App::Stream(stream)) = self.apps.list.get_mut(id.0 as usize) else { return Went::Blocked };
                stream.got += count as u64;
                stream.bytes += count as u64;
                for part in &received.bytes {
                    stream.blank = match_blank(stream.blank, part.as_slice());
                }
                let enough = match until {
                    RecvUntil::Bytes(wanted) => stream.got >= u64::from(wanted),
                    RecvUntil::BlankLine => stream.blank == 4,
                    RecvUntil::Eof => false,
                };
                if enough {
                    return Went::Next;
                }
                continue;
            }
            if let Some(errno) = received.error {
                return Went::Failed("recv", stream_result(errno), Some(errno));
            }
            if received.eof {
                self.note(node, action, server, AppWhat::Eof);
                return if until == RecvUntil::Eof { Went::Next } else { Went::Failed("recv", ActionResult::Eof, None) };
            }
            self.app_timer(id, ends);
            return Went::Blocked;
        }
    }

    fn echo(&mut self, id: AppId) -> Went {
        loop {
            let Some(App::Stream(stream)) = self.apps.list.get(id.0 as usize) else { return Went::Blocked };
            let (node, socket, action, server) = (stream.node, stream.socket, stream.action, stream.server);
            if self.world.now >= stream.deadline {
                return Went::Next;
            }
            match self.write_pending(id) {
                Ok(true) => {}
                Ok(false) => return Went::Blocked,
                Err(errno) => return Went::Failed("echo", stream_result(errno), Some(errno)),
            }
            let Some(mut host) = self.host(node) else { return Went::Blocked };
            let received = host.with_tcp(|tcp, env, out| tcp.recv(env, socket, READ, out));
            let count = received.len();
            if count > 0 {
                self.note(node, action, server, AppWhat::Received(u32::try_from(count).unwrap_or(u32::MAX)));
                // One read, one write.
                let all: Vec<u8> = received.bytes.iter().flat_map(|part| part.as_slice().iter().copied()).collect();
                if let Some(App::Stream(stream)) = self.apps.list.get_mut(id.0 as usize) {
                    stream.pending = Some(Payload::new(all));
                }
                continue;
            }
            if let Some(errno) = received.error {
                return Went::Failed("echo", stream_result(errno), Some(errno));
            }
            if received.eof {
                self.note(node, action, server, AppWhat::Eof);
                return Went::Next;
            }
            return Went::Blocked;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_just_the_length_that_is_asked_for() {
        let request = content(80, Some("web"));
        assert_eq!(request.len(), 80);
        assert!(request.as_slice().starts_with(b"GET / HTTP/1.1\r\nHost: web\r\n"));
        assert_eq!(match_blank(0, request.as_slice()), 4);
        assert_eq!(content(20, Some("web")).as_slice(), b"0123456789abcdef0123");
    }

    #[test]
    fn the_blank_line_is_found_across_reads() {
        let half = match_blank(0, b"GET\r\n\r");
        assert_eq!(match_blank(half, b"\n"), 4);
        assert_eq!(match_blank(0, b"\r\r\n\r\n"), 4);
        assert_ne!(match_blank(0, b"\r\nx\r\n"), 4);
    }
}
