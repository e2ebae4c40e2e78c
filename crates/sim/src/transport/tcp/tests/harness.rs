//! Two nodes and a wire between them: delay, loss, duplication and reordering under a script.

pub(super) use super::applications::{App, Step, pattern};
use crate::scenario::ActionId;
use crate::sysctl::{Sysctl, SysctlScope, SysctlSetting, Sysctls};
use crate::time::SimTime;
use crate::trace::{Errno, PacketId, TcpDrop, Why};
use crate::transport::tcp::{Endpoint, RouteEntry, SocketId, TcpEnv, TcpIcmpError, TcpOut, TcpRoute, TcpStack, TcpTimer};
use roundtrip_wire::{IpBody, Ipv4, Payload, Tcp, TcpFlags, TcpOptions};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

pub(super) const CLIENT: usize = 0;
pub(super) const SERVER: usize = 1;
pub(super) const ADDRESS: [Ipv4Addr; 2] = [Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2)];
pub(super) const CLIENT_PORT: u16 = 40_001;
pub(super) const SERVER_PORT: u16 = 80;

/// What the wire does with a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Deliver,
    Lose,
    /// Arrives this much later than usual.
    Late(SimTime),
    /// Arrives twice, the second time this much later.
    Twice(SimTime),
    /// A router answers it with this error, after half the delay each way.
    Error(TcpIcmpError),
}

struct Node {
    sysctls: Sysctls,
    mtu: u16,
    reachable: bool,
    /// The present entry of the routing table; lower ones were deleted.
    route: u32,
    /// Nobody answers ARP: what is sent waits.
    stuck: Option<Vec<(PacketId, Tcp, bool)>>,
}

struct Env<'a> {
    node: &'a Node,
    here: usize,
    now: SimTime,
    packets: &'a mut Vec<(Why, Option<PacketId>, Option<ActionId>)>,
}

impl TcpEnv for Env<'_> {
    fn now(&self) -> SimTime {
        self.now
    }

    fn sysctls(&self) -> &Sysctls {
        &self.node.sysctls
    }

    fn route(&mut self, _local: Ipv4Addr, _remote: Ipv4Addr) -> Result<TcpRoute, Errno> {
        if self.node.reachable {
            Ok(TcpRoute { source: ADDRESS[self.here], mtu: self.node.mtu, advertised_mtu: self.node.mtu })
        } else {
            Err(Errno::Enetunreach)
        }
    }

    fn packet(&mut self, why: Why, parent: Option<PacketId>, action: Option<ActionId>) -> PacketId {
        self.packets.push((why, parent, action));
        PacketId(self.packets.len() as u32 - 1)
    }

    fn initial_sequence(&mut self, local: Endpoint, _remote: Endpoint) -> u32 {
        // Close to the wrap, so that every test crosses it; and by a clock (RFC 9293 section 3.4.1).
        (u32::MAX - 1_000 + u32::from(local.port) % 7).wrapping_add((self.now.as_micros() / 4) as u32)
    }

    fn is_local(&self, address: Ipv4Addr) -> bool {
        address == ADDRESS[self.here]
    }

    fn action_of(&self, packet: PacketId) -> Option<ActionId> {
        self.packets[packet.0 as usize].2
    }

    fn still_queued(&self, packet: PacketId) -> bool {
        self.node.stuck.iter().flatten().any(|(waiting, ..)| *waiting == packet)
    }

    fn route_entry(&mut self, _local: Ipv4Addr, _remote: Ipv4Addr) -> RouteEntry {
        RouteEntry(self.node.route)
    }

    fn route_deleted(&self, entry: RouteEntry) -> bool {
        entry.0 < self.node.route
    }
}

#[derive(Clone, Debug)]
pub(super) enum Event {
    Arrive { node: usize, packet: PacketId, ip: Arc<Ipv4> },
    IcmpError { node: usize, error: TcpIcmpError, quoted: Arc<Ipv4> },
    Timer { node: usize, socket: SocketId, timer: TcpTimer, generation: u32 },
    App(usize),
}

/// One transmission.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) at: SimTime,
    pub(super) from: usize,
    pub(super) packet: PacketId,
    pub(super) segment: Tcp,
    pub(super) retransmission: bool,
}

type Script = Box<dyn FnMut(&Frame, usize) -> Fate>;

pub(super) struct Lab {
    pub(super) now: SimTime,
    pub(super) stacks: [TcpStack; 2],
    nodes: [Node; 2],
    pub(super) delay: SimTime,
    agenda: BTreeMap<(SimTime, u64), Event>,
    order: u64,
    pub(super) packets: Vec<(Why, Option<PacketId>, Option<ActionId>)>,
    pub(super) frames: Vec<Frame>,
    /// Frames as a capture at the client has them.
    at_client: Vec<Frame>,
    pub(super) drops: Vec<(usize, TcpDrop)>,
    pub(super) apps: Vec<App>,
    pub(super) listeners: BTreeMap<(usize, SocketId), Vec<Step>>,
    script: Script,
    isn: [Option<u32>; 2],
    sent: [usize; 2],
    /// What each side sends next: past the last segment that was no reset.
    next: [u32; 2],
    pub(super) steps: u64,
}

impl Lab {
    pub(super) fn new(delay: SimTime) -> Self {
        let node = || Node { sysctls: Sysctls::new(1), mtu: 1_500, reachable: true, route: 0, stuck: None };
        Self {
            now: SimTime::ZERO,
            stacks: [TcpStack::new(), TcpStack::new()],
            nodes: [node(), node()],
            delay,
            agenda: BTreeMap::new(),
            order: 0,
            packets: Vec::new(),
            frames: Vec::new(),
            at_client: Vec::new(),
            drops: Vec::new(),
            apps: Vec::new(),
            listeners: BTreeMap::new(),
            script: Box::new(|_, _| Fate::Deliver),
            isn: [None, None],
            sent: [0, 0],
            next: [0, 0],
            steps: 0,
        }
    }

    /// What the wire does: told the frame and how many its sender sent before it.
    pub(super) fn wire(&mut self, script: impl FnMut(&Frame, usize) -> Fate + 'static) -> &mut Self {
        self.script = Box::new(script);
        self
    }

    pub(super) fn set(&mut self, node: usize, key: Sysctl, value: i64) -> &mut Self {
        self.nodes[node].sysctls.write(SysctlSetting { key, scope: SysctlScope::Everywhere, value });
        self
    }

    pub(super) fn mtu(&mut self, node: usize, mtu: u16) {
        self.nodes[node].mtu = mtu;
    }

    pub(super) fn reachable(&mut self, node: usize, reachable: bool) {
        self.nodes[node].reachable = reachable;
    }

    /// `ip route replace` with another gateway.
    pub(super) fn replace_route(&mut self, node: usize) {
        self.nodes[node].route += 1;
    }

    /// From now on what the node sends waits for an answer to an ARP request.
    pub(super) fn stick(&mut self, node: usize) {
        self.nodes[node].stuck = Some(Vec::new());
    }

    /// The answer comes, and what waits leaves.
    pub(super) fn unstick(&mut self, node: usize) {
        for (packet, segment, retransmission) in self.nodes[node].stuck.take().unwrap_or_default() {
            self.transmit(node, packet, segment, retransmission);
        }
    }

    pub(super) fn serve(&mut self, steps: &[Step]) -> &mut Self {
        let socket = self.stacks[SERVER].listen(None, SERVER_PORT, 100).unwrap();
        self.listeners.insert((SERVER, socket), steps.to_vec());
        self
    }

    /// The client opens a connection from its usual port and runs these steps.
    pub(super) fn connect(&mut self, steps: &[Step]) -> usize {
        self.connect_between(CLIENT, CLIENT_PORT, SERVER_PORT, steps)
    }

    pub(super) fn connect_between(&mut self, node: usize, port: u16, to: u16, steps: &[Step]) -> usize {
        let local = Endpoint { address: Ipv4Addr::UNSPECIFIED, port };
        let remote = Endpoint { address: ADDRESS[1 - node], port: to };
        let mut out = Vec::new();
        let socket = self.call(node, &mut out, |stack, env, out| stack.connect(env, local, remote, Some(ActionId(7)), out)).unwrap();
        let app = self.app(node, socket, steps);
        self.carry_out(node, out);
        app
    }

    pub(super) fn call<T>(
        &mut self,
        node: usize,
        out: &mut Vec<TcpOut>,
        act: impl FnOnce(&mut TcpStack, &mut dyn TcpEnv, &mut Vec<TcpOut>) -> T,
    ) -> T {
        let mut env = Env { node: &self.nodes[node], here: node, now: self.now, packets: &mut self.packets };
        act(&mut self.stacks[node], &mut env, out)
    }

    pub(super) fn at(&mut self, at: SimTime, event: Event) {
        self.order += 1;
        self.agenda.insert((at, self.order), event);
    }

    pub(super) fn carry_out(&mut self, node: usize, out: Vec<TcpOut>) {
        for item in out {
            match item {
                TcpOut::Send { packet, local, remote, segment, retransmission, .. } => {
                    if !self.nodes[node].reachable {
                        continue;
                    }
                    assert_eq!(local.address, ADDRESS[node]);
                    assert_eq!(remote.address, ADDRESS[1 - node]);
                    match &mut self.nodes[node].stuck {
                        Some(waiting) => waiting.push((packet, segment, retransmission)),
                        None => self.transmit(node, packet, segment, retransmission),
                    }
                }
                TcpOut::Arm { socket, timer, at, generation } => {
                    self.at(at.max(self.now), Event::Timer { node, socket, timer, generation });
                }
                TcpOut::App { socket, event } => self.tell(node, socket, event),
                TcpOut::Drop { reason, .. } => self.drops.push((node, reason)),
                TcpOut::NoSocket { .. } => {}
            }
        }
    }

    fn transmit(&mut self, node: usize, packet: PacketId, segment: Tcp, retransmission: bool) {
        if segment.flags.syn() {
            self.isn[node] = Some(segment.seq);
        }
        if !segment.flags.rst() {
            self.next[node] = segment.seq.wrapping_add(segment.segment_len());
        }
        let frame = Frame { at: self.now, from: node, packet, segment: segment.clone(), retransmission };
        let count = self.sent[node];
        self.sent[node] += 1;
        let fate = (self.script)(&frame, count);
        if node == CLIENT {
            self.at_client.push(frame.clone());
        }
        self.frames.push(frame);
        let ip = Arc::new(Ipv4 {
            src: ADDRESS[node],
            dst: ADDRESS[1 - node],
            ttl: 64,
            tos: 0,
            id: 0,
            df: true,
            body: IpBody::Tcp(Arc::new(segment)),
        });
        let arrive = Event::Arrive { node: 1 - node, packet, ip: Arc::clone(&ip) };
        let due = self.now + self.delay;
        match fate {
            Fate::Deliver => self.at(due, arrive),
            Fate::Lose => {}
            Fate::Late(by) => self.at(due + by, arrive),
            Fate::Twice(by) => {
                self.at(due, arrive.clone());
                self.at(due + by, arrive);
            }
            Fate::Error(error) => self.at(due, Event::IcmpError { node, error, quoted: ip }),
        }
    }

    /// A segment reaches `to` as if the other node had sent it: these flags, this far from the numbers that come next, without
    /// options.
    pub(super) fn spoof(&mut self, to: usize, port: u16, flags: TcpFlags, (seq, ack): (i64, i64), len: usize) {
        let shift = |number: u32, by: i64| number.wrapping_add(by as u32);
        let (src_port, dst_port) = if to == SERVER { (port, SERVER_PORT) } else { (SERVER_PORT, port) };
        let segment = Tcp {
            src_port,
            dst_port,
            seq: shift(self.next[1 - to], seq),
            ack: if flags.ack() { shift(self.next[to], ack) } else { 0 },
            flags,
            window: 512,
            options: TcpOptions::default(),
            payload: Payload::new(vec![b'I'; len]),
        };
        let packet = PacketId(self.packets.len() as u32);
        self.packets.push((Why::Injected, None, None));
        let ip = Ipv4 { src: ADDRESS[1 - to], dst: ADDRESS[to], ttl: 64, tos: 0, id: 0, df: true, body: IpBody::Tcp(Arc::new(segment)) };
        let mut out = Vec::new();
        self.call(to, &mut out, |stack, env, out| stack.segment_arrived(env, packet, &ip, out));
        self.carry_out(to, out);
    }

    /// Runs until this moment, or until nothing is left to happen.
    pub(super) fn run_until(&mut self, end: SimTime) -> &mut Self {
        while self.agenda.first_key_value().is_some_and(|((at, _), _)| *at <= end) {
            self.step();
        }
        self.now = self.now.max(if end == SimTime::MAX { self.now } else { end });
        self
    }

    /// Lets the next thing happen. False if there is nothing.
    pub(super) fn step(&mut self) -> bool {
        let Some(((at, _), event)) = self.agenda.pop_first() else { return false };
        self.now = at;
        self.steps += 1;
        let mut out = Vec::new();
        match event {
            Event::Arrive { node, packet, ip } => {
                if let (CLIENT, Some(segment)) = (node, ip.tcp()) {
                    let segment = segment.clone();
                    self.at_client.push(Frame { at, from: SERVER, packet, segment, retransmission: false });
                }
                self.call(node, &mut out, |stack, env, out| stack.segment_arrived(env, packet, &ip, out));
                self.carry_out(node, out);
            }
            Event::IcmpError { node, error, quoted } => {
                if let TcpIcmpError::FragmentationNeeded { mtu } = error {
                    self.nodes[node].mtu = mtu;
                }
                self.call(node, &mut out, |stack, env, out| stack.icmp_error(env, error, &quoted, out));
                self.carry_out(node, out);
            }
            Event::Timer { node, socket, timer, generation } => {
                self.call(node, &mut out, |stack, env, out| stack.on_timer(env, socket, timer, generation, out));
                self.carry_out(node, out);
            }
            Event::App(index) => self.run_app(index),
        }
        true
    }

    /// What must hold at all times.
    pub(super) fn check(&self) {
        for stack in &self.stacks {
            for connection in stack.connections() {
                connection.check();
            }
        }
    }

    /// Everything that went wrong for applications.
    pub(super) fn errors(&self) -> Vec<Errno> {
        self.apps.iter().flat_map(|app| app.errors.iter().copied()).collect()
    }

    pub(super) fn run(&mut self) -> &mut Self {
        self.run_until(SimTime::MAX)
    }

    /// The sequence number that comes after all that the node has sent.
    pub(super) fn next_of(&self, node: usize) -> u32 {
        self.next[node]
    }

    fn relative(&self, node: usize, seq: u32) -> u32 {
        seq.wrapping_sub(self.isn[node].unwrap_or(0))
    }

    /// A frame in one line: `c [SA] seq=0 ack=1 len=0`, sequence numbers relative to the first ones.
    pub(super) fn line(&self, frame: &Frame) -> String {
        let segment = &frame.segment;
        let mut line = format!("{} [{}] seq={}", ["c", "s"][frame.from], segment.flags, self.relative(frame.from, segment.seq));
        if segment.flags.ack() {
            line += &format!(" ack={}", self.relative(1 - frame.from, segment.ack));
        }
        line += &format!(" len={}", segment.payload.len());
        if let Some(mss) = segment.options.mss {
            line += &format!(" mss={mss}");
        }
        if !segment.options.sack.is_empty() {
            let blocks: Vec<String> = segment
                .options
                .sack_on_wire()
                .iter()
                .map(|block| format!("{}-{}", self.relative(1 - frame.from, block.left), self.relative(1 - frame.from, block.right)))
                .collect();
            line += &format!(" sack={}", blocks.join(","));
        }
        line
    }

    /// What a capture at the client shows.
    pub(super) fn captured(&self) -> Vec<String> {
        self.at_client.iter().map(|frame| self.line(frame)).collect()
    }

    /// A capture at the client shows just this, as recorded from a Linux 6.18 kernel in the same situation.
    pub(super) fn expect(&self, recorded: &str) {
        let recorded: Vec<&str> = recorded.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let captured = self.captured();
        assert!(captured == recorded, "captured:\n{}\n\nrecorded:\n{}", captured.join("\n"), recorded.join("\n"));
    }

    /// When frames of one node that satisfy the condition were sent, in milliseconds.
    pub(super) fn times(&self, node: usize, wanted: impl Fn(&Tcp) -> bool) -> Vec<u64> {
        self.frames.iter().filter(|frame| frame.from == node && wanted(&frame.segment)).map(|frame| frame.at.as_millis()).collect()
    }

    /// The `ss` rows of a node as `state recv-q send-q timer`, listeners left out.
    pub(super) fn states(&self, node: usize) -> Vec<&'static str> {
        self.stacks[node].sockets(self.now).iter().filter(|row| row.state != "LISTEN").map(|row| row.state).collect()
    }
}

pub(super) const fn ms(millis: u64) -> SimTime {
    SimTime::from_millis(millis)
}

pub(super) const fn secs(secs: u64) -> SimTime {
    SimTime::from_secs(secs)
}
