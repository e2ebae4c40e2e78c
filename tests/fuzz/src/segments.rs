//! Arbitrary packets for connection tracking with rules and translation, and arbitrary segments, errors and calls for TCP.

use crate::bytes::Choices;
use roundtrip_lab::nft::parse;
use roundtrip_sim::netfilter::ruleset::Hook;
use roundtrip_sim::netfilter::{CtEvent, Netfilter, NetfilterEnv, Skb};
use roundtrip_sim::sysctl::Sysctls;
use roundtrip_sim::trace::{Errno, PacketId, Step, Why};
use roundtrip_sim::transport::tcp::{Endpoint, SocketId, TcpEnv, TcpIcmpError, TcpOut, TcpRoute, TcpStack, TcpTimer};
use roundtrip_sim::{ActionId, IfIndex, SimTime};
use roundtrip_wire::{
    Icmp, IpBody, Ipv4, Payload, SackBlock, Tcp, TcpFlags, TcpOptions, TimeExceededCode, Timestamps, Udp, UnreachableCode,
};
use std::net::Ipv4Addr;
use std::sync::Arc;

const ROUTER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 1);
const RULES: &str = "table inet f { chain c { type filter hook forward priority 0; policy drop; ct state established,related counter accept; \
ct state new tcp flags & (fin|syn|rst|ack) == syn counter accept; ct state new meta l4proto { udp, icmp } counter accept; }; }\n\
table ip n { chain a { type nat hook prerouting priority -100; policy accept; tcp dport 8080 counter dnat to 10.0.0.20:80; }; \
chain b { type nat hook postrouting priority 100; policy accept; oifname \"eth1\" counter masquerade; }; }";

struct Router {
    now: SimTime,
    sysctls: Sysctls,
    seed: u32,
}

impl NetfilterEnv for Router {
    fn now(&self) -> SimTime {
        self.now
    }
    fn sysctls(&self) -> &Sysctls {
        &self.sysctls
    }
    fn interface_name(&self, index: IfIndex) -> &str {
        if index == IfIndex(0) { "eth0" } else { "eth1" }
    }
    fn is_local(&self, address: Ipv4Addr) -> bool {
        address == ROUTER
    }
    fn masquerade_address(&self, _: IfIndex, _: Ipv4Addr) -> Option<Ipv4Addr> {
        Some(ROUTER)
    }
    fn first_address(&self, _: IfIndex) -> Option<Ipv4Addr> {
        Some(ROUTER)
    }
    fn route_mtu(&self, _: Ipv4Addr) -> Option<u16> {
        Some(1_500)
    }
    fn step(&mut self, _: Step) {}
    fn random(&mut self) -> u32 {
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.seed >> 8
    }
    fn ct_event(&mut self, _: CtEvent) {}
}

fn flags(choices: &mut Choices<'_>) -> TcpFlags {
    let usual = [0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0x14];
    TcpFlags(if choices.once_in(8) { choices.byte() } else { choices.one(&usual) })
}

fn options(choices: &mut Choices<'_>, ack: u32) -> TcpOptions {
    let around = |choices: &mut Choices<'_>| ack.wrapping_add(u32::from(choices.short()));
    match choices.below(6) {
        0 => {
            TcpOptions { mss: Some(choices.short()), window_scale: Some(choices.below(16)), sack_permitted: true, ..TcpOptions::default() }
        }
        1 => TcpOptions { timestamps: Some(Timestamps { value: choices.long(), echo: choices.long() }), ..TcpOptions::default() },
        2 => TcpOptions { sack: vec![SackBlock { left: around(choices), right: around(choices) }], ..TcpOptions::default() },
        _ => TcpOptions::default(),
    }
}

/// A packet of one of few flows; some are errors about such.
fn packet(choices: &mut Choices<'_>, deep: bool) -> Ipv4 {
    let inside = Ipv4Addr::new(10, 0, 0, choices.one(&[10, 11, 20]));
    let outside = choices.one(&[Ipv4Addr::new(203, 0, 113, 50), ROUTER]);
    let (src, dst) = if choices.once_in(2) { (outside, inside) } else { (inside, outside) };
    let ports = [80_u16, 8_080, 40_000, 40_001, 1_024];
    let (src_port, dst_port) = (choices.one(&ports), choices.one(&ports));
    let payload = Payload::new(vec![b'x'; usize::from(choices.byte())]);
    let body = match choices.below(8) {
        0..=4 => {
            let (seq, ack) = (u32::from(choices.short()), u32::from(choices.short()));
            let (flags, window, options) = (flags(choices), choices.short(), options(choices, ack));
            IpBody::Tcp(Arc::new(Tcp { src_port, dst_port, seq, ack, flags, window, options, payload }))
        }
        5 => IpBody::Udp(Arc::new(Udp { src_port, dst_port, payload })),
        6 => IpBody::Icmp(Arc::new(Icmp::Echo { reply: choices.once_in(2), id: choices.below(3).into(), seq: 1, payload })),
        _ if deep => {
            let quoted = Arc::new(packet(choices, false));
            IpBody::Icmp(Arc::new(if choices.once_in(2) {
                Icmp::TimeExceeded { code: TimeExceededCode::from_number(choices.below(2)), quoted }
            } else {
                Icmp::Unreachable { code: UnreachableCode::from_number(choices.below(16)), mtu: 0, quoted }
            }))
        }
        _ => IpBody::Udp(Arc::new(Udp { src_port, dst_port, payload })),
    };
    Ipv4 { src, dst, ttl: 64, tos: 0, id: 1, df: true, body }
}

/// Connection tracking, rules and translation at a router: whatever comes, the table stays within its size.
pub(crate) fn conntrack(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let rules = parse(RULES).expect("the rules are read");
    let mut netfilter = Netfilter::new(rules);
    let mut env = Router { now: SimTime::ZERO, sysctls: Sysctls::new(2), seed: 1 };
    let mut steps = 0;
    while !choices.is_over() && steps < 400 {
        steps += 1;
        env.now += SimTime::from_millis(u64::from(choices.byte()) * if choices.once_in(8) { 2_000 } else { 20 });
        let mut packet = packet(&mut choices, true);
        let from_inside = packet.src.octets().starts_with(&[10]);
        let (input, output) = if from_inside { (IfIndex(0), IfIndex(1)) } else { (IfIndex(1), IfIndex(0)) };
        let mut skb = Skb::default();
        skb.in_if = Some(input);
        for hook in [Hook::Prerouting, Hook::Forward, Hook::Postrouting] {
            if hook != Hook::Prerouting {
                skb.out_if = Some(output);
            }
            if netfilter.hook(hook, &mut packet, &mut skb, &mut env) != roundtrip_sim::netfilter::Verdict::Accept {
                break;
            }
        }
        if choices.once_in(60) {
            netfilter.flush(&mut env);
        }
    }
    assert!(netfilter.entries(env.now).len() <= steps, "more connections than packets");
}

struct Node {
    now: SimTime,
    sysctls: Sysctls,
    packets: u32,
    mtu: u16,
}

impl TcpEnv for Node {
    fn now(&self) -> SimTime {
        self.now
    }
    fn sysctls(&self) -> &Sysctls {
        &self.sysctls
    }
    fn route(&mut self, _: Ipv4Addr, _: Ipv4Addr) -> Result<TcpRoute, Errno> {
        Ok(TcpRoute { source: HERE, mtu: self.mtu, advertised_mtu: self.mtu })
    }
    fn packet(&mut self, _: Why, _: Option<PacketId>, _: Option<ActionId>) -> PacketId {
        self.packets += 1;
        PacketId(self.packets)
    }
    fn initial_sequence(&mut self, _: Endpoint, _: Endpoint) -> u32 {
        u32::MAX - 5
    }
    fn is_local(&self, address: Ipv4Addr) -> bool {
        address == HERE
    }
    fn action_of(&self, _: PacketId) -> Option<ActionId> {
        None
    }
}

const HERE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const THERE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);
const SERVED: Endpoint = Endpoint { address: HERE, port: 80 };
const OPENED: Endpoint = Endpoint { address: HERE, port: 40_000 };

/// One end of two connections, one that it opens and one that it accepts, and a world that does what it likes: no panic, and what it
/// sends in answer to one event is bounded by what was written.
pub(crate) fn tcp(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let mut stack = TcpStack::new();
    let mut env = Node { now: SimTime::ZERO, sysctls: Sysctls::new(1), packets: 0, mtu: 1_500 };
    let mut out = Vec::new();
    let listener = stack.listen(None, SERVED.port, 4).expect("the port is free");
    let opened = stack.connect(&mut env, OPENED, Endpoint { address: THERE, port: 80 }, None, &mut out);
    let mut sockets: Vec<SocketId> = opened.into_iter().collect();
    let mut timers: Vec<(SimTime, SocketId, TcpTimer, u32)> = Vec::new();
    // What each end has last said, so that most segments fit.
    let mut said = [(0_u32, 0_u32); 2];
    let mut last: Option<Ipv4> = None;
    let mut written = 0;
    let mut steps = 0;
    loop {
        let sent = out.iter().filter(|item| matches!(item, TcpOut::Send { .. })).count();
        // The smallest segments carry 36 bytes.
        assert!(sent <= 64 + written / 36, "{sent} segments at once for {written} bytes");
        for item in out.drain(..) {
            match item {
                TcpOut::Send { local, remote, segment, .. } => {
                    let end = segment.seq.wrapping_add(segment.segment_len());
                    if let Some(slot) = said.get_mut(usize::from(local.port == OPENED.port)) {
                        *slot = (end, segment.ack);
                    }
                    let body = IpBody::Tcp(Arc::new(segment));
                    last = Some(Ipv4 { src: local.address, dst: remote.address, ttl: 64, tos: 0, id: 1, df: true, body });
                }
                TcpOut::Arm { socket, timer, at, generation } => timers.push((at, socket, timer, generation)),
                TcpOut::App { socket, .. } if socket != listener && !sockets.contains(&socket) => sockets.push(socket),
                _ => {}
            }
        }
        steps += 1;
        if choices.is_over() || steps > 300 {
            break;
        }
        let socket = sockets.get(usize::from(choices.below(4))).or(sockets.first()).copied();
        match (choices.below(12), socket) {
            (0..=5, _) => {
                let active = choices.once_in(2);
                let (next, ack) = said.get(usize::from(active)).copied().unwrap_or_default();
                let near = |choices: &mut Choices<'_>, number: u32| match choices.below(5) {
                    0 => number.wrapping_add(u32::from(choices.short())),
                    1 => number.wrapping_sub(u32::from(choices.byte())),
                    _ => number,
                };
                let (seq, ack) = (near(&mut choices, ack), near(&mut choices, next));
                let (src_port, dst_port) = if active { (80, OPENED.port) } else { (choices.one(&[5_000, 5_000, 5_001]), SERVED.port) };
                let payload = Payload::new(vec![b'y'; usize::from(choices.byte()) * usize::from(choices.below(6))]);
                let (flags, window, options) = (flags(&mut choices), choices.short(), options(&mut choices, ack));
                let body = IpBody::Tcp(Arc::new(Tcp { src_port, dst_port, seq, ack, flags, window, options, payload }));
                let ip = Ipv4 { src: THERE, dst: HERE, ttl: 64, tos: 0, id: 1, df: true, body };
                let packet = env.packet(Why::Injected, None, None);
                stack.segment_arrived(&mut env, packet, &ip, &mut out);
            }
            (6 | 7, _) => {
                // The earliest timer rings.
                timers.sort_by_key(|(at, ..)| *at);
                if !timers.is_empty() {
                    let (at, socket, timer, generation) = timers.remove(0);
                    env.now = env.now.max(at);
                    stack.on_timer(&mut env, socket, timer, generation, &mut out);
                }
            }
            (8, Some(socket)) => {
                let data = Payload::new(vec![b'z'; usize::from(choices.short() % 20_000)]);
                written += data.len();
                let _ = stack.send(&mut env, socket, data, &mut out);
            }
            (9, Some(socket)) => {
                let _ = stack.recv(&mut env, socket, usize::from(choices.short()), &mut out);
            }
            (10, Some(socket)) => match choices.below(6) {
                0 => stack.close(&mut env, socket, &mut out),
                1 => stack.abort(&mut env, socket, &mut out),
                2 | 3 => stack.shutdown(&mut env, socket, &mut out),
                _ => stack.set_keepalive(&mut env, socket, SimTime::from_secs(5), SimTime::from_secs(1), 3, &mut out),
            },
            _ => {
                if let Some(quoted) = &last {
                    let error = match choices.below(4) {
                        0 => {
                            env.mtu = choices.short().max(552);
                            TcpIcmpError::FragmentationNeeded { mtu: env.mtu }
                        }
                        1 => TcpIcmpError::TimeExceeded,
                        2 => TcpIcmpError::ParameterProblem,
                        _ => TcpIcmpError::Unreachable(UnreachableCode::from_number(choices.below(16))),
                    };
                    stack.icmp_error(&mut env, error, quoted, &mut out);
                }
            }
        }
        env.now += SimTime::from_millis(u64::from(choices.below(64)));
        let _ = stack.sockets(env.now);
    }
}
