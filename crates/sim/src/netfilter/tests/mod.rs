//! Packets through hooks, as a node sends them there.

mod changes;
mod filter;
mod mixed;
mod model;
mod recorded;
mod story;
mod text;

use super::ruleset::{
    AddressRange, BaseChain, Chain, ChainKind, CtState, Family, Hook, Match, NatOptions, NatTarget, Policy, PortRange, Rule, Ruleset,
    Statement, Table, Test,
};
use super::{CtEvent, Netfilter, NetfilterEnv, Skb, Verdict};
use crate::scenario::IfIndex;
use crate::sysctl::{Sysctl, SysctlScope, SysctlSetting, Sysctls};
use crate::time::SimTime;
use crate::trace::Step;
use roundtrip_wire::{Icmp, IpBody, Ipv4, Payload, Tcp, TcpFlags, TcpOptions, Udp};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// A node with two interfaces that writes everything down.
pub(in crate::netfilter) struct TestNode {
    pub(in crate::netfilter) now: SimTime,
    pub(in crate::netfilter) sysctls: Sysctls,
    pub(in crate::netfilter) addresses: [Ipv4Addr; 2],
    pub(in crate::netfilter) steps: Vec<Step>,
    pub(in crate::netfilter) events: Vec<CtEvent>,
    /// The next random numbers; without it some numbers.
    pub(in crate::netfilter) feed: Option<u32>,
    seed: u32,
}

impl TestNode {
    pub(in crate::netfilter) fn new() -> Self {
        Self {
            now: SimTime::ZERO,
            sysctls: Sysctls::new(2),
            addresses: [[192, 168, 1, 1].into(), [203, 0, 113, 1].into()],
            steps: Vec::new(),
            events: Vec::new(),
            feed: None,
            seed: 1,
        }
    }

    pub(in crate::netfilter) fn set(&mut self, key: Sysctl, value: i64) {
        self.sysctls.write(SysctlSetting { key, scope: SysctlScope::Everywhere, value });
    }

    /// Events so far, as `conntrack -E` prints them.
    pub(in crate::netfilter) fn events(&self) -> Vec<String> {
        self.events.iter().map(ToString::to_string).collect()
    }

    /// What connection tracking said of the last packet that it was asked about.
    pub(in crate::netfilter) fn last_state(&self) -> Option<CtState> {
        self.steps.iter().rev().find_map(|step| if let Step::Conntrack { state, .. } = step { Some(*state) } else { None })
    }
}

impl NetfilterEnv for TestNode {
    fn now(&self) -> SimTime {
        self.now
    }
    fn sysctls(&self) -> &Sysctls {
        &self.sysctls
    }
    fn interface_name(&self, index: IfIndex) -> &str {
        ["eth0", "eth1"].get(usize::from(index.0)).copied().unwrap_or("")
    }
    fn is_local(&self, address: Ipv4Addr) -> bool {
        self.addresses.contains(&address)
    }
    fn masquerade_address(&self, out: IfIndex, _destination: Ipv4Addr) -> Option<Ipv4Addr> {
        self.addresses.get(usize::from(out.0)).copied()
    }
    fn first_address(&self, input: IfIndex) -> Option<Ipv4Addr> {
        self.addresses.get(usize::from(input.0)).copied()
    }
    fn route_mtu(&self, _: Ipv4Addr) -> Option<u16> {
        Some(1_500)
    }
    fn step(&mut self, step: Step) {
        self.steps.push(step);
    }
    fn random(&mut self) -> u32 {
        if let Some(number) = self.feed {
            return number;
        }
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.seed >> 8
    }
    fn ct_event(&mut self, event: CtEvent) {
        self.events.push(event);
    }
}

pub(in crate::netfilter) const ETH0: IfIndex = IfIndex(0);
pub(in crate::netfilter) const ETH1: IfIndex = IfIndex(1);

/// Takes a packet through the hooks that a forwarded packet meets.
pub(in crate::netfilter) fn forward(
    netfilter: &mut Netfilter,
    node: &mut TestNode,
    mut packet: Ipv4,
    input: IfIndex,
    output: IfIndex,
) -> (Verdict, Ipv4) {
    let mut skb = Skb { in_if: Some(input), ..Skb::default() };
    for hook in [Hook::Prerouting, Hook::Forward, Hook::Postrouting] {
        if hook != Hook::Prerouting {
            skb.out_if = Some(output);
        }
        let verdict = netfilter.hook(hook, &mut packet, &mut skb, node);
        if verdict != Verdict::Accept {
            return (verdict, packet);
        }
    }
    (Verdict::Accept, packet)
}

pub(in crate::netfilter) fn ipv4(src: [u8; 4], dst: [u8; 4], body: IpBody) -> Ipv4 {
    Ipv4 { src: src.into(), dst: dst.into(), ttl: 64, tos: 0, id: 0, df: true, body }
}

pub(in crate::netfilter) fn tcp(src: ([u8; 4], u16), dst: ([u8; 4], u16), flags: u8, seq: u32, ack: u32, len: usize) -> Ipv4 {
    let flags = TcpFlags(flags);
    let options = if flags.syn() {
        TcpOptions { mss: Some(1460), window_scale: Some(7), sack_permitted: true, ..TcpOptions::default() }
    } else {
        TcpOptions::default()
    };
    let payload = Payload::new(vec![0; len]);
    let segment = Tcp { src_port: src.1, dst_port: dst.1, seq, ack, flags, window: 64_240, options, payload };
    ipv4(src.0, dst.0, IpBody::Tcp(Arc::new(segment)))
}

pub(in crate::netfilter) fn udp(src: ([u8; 4], u16), dst: ([u8; 4], u16)) -> Ipv4 {
    ipv4(src.0, dst.0, IpBody::Udp(Arc::new(Udp { src_port: src.1, dst_port: dst.1, payload: Payload::new(vec![0; 32]) })))
}

pub(in crate::netfilter) fn echo(src: [u8; 4], dst: [u8; 4], id: u16, reply: bool) -> Ipv4 {
    ipv4(src, dst, IpBody::Icmp(Arc::new(Icmp::Echo { reply, id, seq: 1, payload: Payload::new(vec![0; 56]) })))
}

pub(in crate::netfilter) fn rule(matches: Vec<Match>, counter: bool, verdict: Option<Statement>) -> Rule {
    Rule { matches, counter, verdict, text: "".into() }
}

pub(in crate::netfilter) fn ct(states: &[CtState]) -> Match {
    Match::CtState { negated: false, any_of: states.to_vec() }
}

pub(in crate::netfilter) fn one_of<T>(any_of: Vec<T>) -> Test<T> {
    Test { negated: false, any_of }
}

pub(in crate::netfilter) fn chain(name: &str, kind: ChainKind, hook: Hook, priority: i32, policy: Policy, rules: Vec<Rule>) -> Chain {
    Chain { name: name.into(), base: Some(BaseChain { kind, hook, priority, policy }), rules }
}

pub(in crate::netfilter) fn table(family: Family, name: &str, chains: Vec<Chain>) -> Table {
    Table { family, name: name.into(), chains }
}

/// The stateful router of the story: invalid dropped; established, related and new accepted, in the forward chain.
pub(in crate::netfilter) fn stateful() -> Table {
    use CtState::{Established, Invalid, New, Related};
    let rules = vec![
        rule(vec![ct(&[Invalid])], true, Some(Statement::Drop)),
        rule(vec![ct(&[Established, Related])], true, Some(Statement::Accept)),
        rule(vec![ct(&[New])], true, Some(Statement::Accept)),
    ];
    table(Family::Inet, "filter", vec![chain("forward", ChainKind::Filter, Hook::Forward, 0, Policy::Accept, rules)])
}

/// `oifname "eth1" counter masquerade`.
pub(in crate::netfilter) fn masquerading() -> Table {
    let out = Match::OutInterface(one_of(vec!["eth1".into()]));
    let rules = vec![rule(vec![out], true, Some(Statement::Masquerade(NatOptions::default())))];
    table(Family::Ip, "nat", vec![chain("postrouting", ChainKind::Nat, Hook::Postrouting, 100, Policy::Accept, rules)])
}

/// `ip daddr ADDRESS tcp dport PORT dnat to TO:PORT`.
pub(in crate::netfilter) fn port_forward(address: [u8; 4], port: u16, to: [u8; 4], to_port: u16) -> Rule {
    let one = |address: [u8; 4]| AddressRange { first: address.into(), last: address.into() };
    let ports = |port| PortRange { first: port, last: port };
    rule(
        vec![
            Match::Destination(one_of(vec![one(address)])),
            Match::DestinationPort { protocol: Some(6), ports: one_of(vec![ports(port)]) },
        ],
        true,
        Some(Statement::Dnat(NatTarget {
            addresses: Some(one(to)),
            options: NatOptions { ports: Some(ports(to_port)), ..NatOptions::default() },
        })),
    )
}

pub(in crate::netfilter) fn netfilter(tables: Vec<Table>) -> Netfilter {
    Netfilter::new(Ruleset { tables })
}

/// The table of connections, as `conntrack -L` prints it.
pub(in crate::netfilter) fn listed(netfilter: &Netfilter, node: &TestNode) -> Vec<String> {
    netfilter.entries(node.now).iter().map(|row| row.text.to_string()).collect()
}
