//! Translation there and back.

use crate::netfilter::ruleset::{
    AddressRange, ChainKind, CtState, Family, Hook, Match, NatOptions, NatTarget, NftCommand, Policy, PortRange, Statement,
};
use crate::netfilter::tests::{
    ETH0, ETH1, TestNode, chain, ct, echo, forward, ipv4, listed, masquerading, netfilter, one_of, port_forward, rule, stateful, table,
    tcp, udp,
};
use crate::netfilter::{Netfilter, NetfilterEnv, Skb, Verdict};
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::{DropReason, Step};
use proptest::prelude::*;
use roundtrip_wire::{Icmp, IpBody, Ipv4, RedirectCode, UnreachableCode};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

const ROUTER_OUTSIDE: [u8; 4] = [203, 0, 113, 1];
const SERVER: [u8; 4] = [203, 0, 113, 80];

/// A router between 192.168.10.0/24 (eth0) and the Internet (eth1) that masquerades.
fn masquerading_router() -> (Netfilter, TestNode) {
    (netfilter(vec![stateful(), masquerading()]), TestNode::new())
}

fn out(router: &mut Netfilter, node: &mut TestNode, packet: Ipv4) -> Ipv4 {
    let (verdict, packet) = forward(router, node, packet, ETH0, ETH1);
    assert_eq!(verdict, Verdict::Accept);
    packet
}

fn back(router: &mut Netfilter, node: &mut TestNode, packet: Ipv4) -> Ipv4 {
    let (verdict, packet) = forward(router, node, packet, ETH1, ETH0);
    assert_eq!(verdict, Verdict::Accept);
    packet
}

/// An address with a port, or with the identifier of an ICMP exchange.
type End = (Ipv4Addr, u16);

/// Addresses with ports, or with the identifier of an ICMP exchange.
fn ends(packet: &Ipv4) -> (End, End) {
    let (a, b) = match &packet.body {
        IpBody::Tcp(tcp) => (tcp.src_port, tcp.dst_port),
        IpBody::Udp(udp) => (udp.src_port, udp.dst_port),
        IpBody::Icmp(icmp) => match **icmp {
            Icmp::Echo { id, .. } => (id, id),
            _ => (0, 0),
        },
        _ => (0, 0),
    };
    ((packet.src, a), (packet.dst, b))
}

#[test]
fn two_hosts_with_one_port_get_two_ports() {
    let (mut router, mut node) = masquerading_router();
    let (pc1, pc2) = ([192, 168, 10, 10], [192, 168, 10, 11]);
    let first = out(&mut router, &mut node, tcp((pc1, 40001), (SERVER, 80), 2, 1, 0, 0));
    assert_eq!(ends(&first).0, (ROUTER_OUTSIDE.into(), 40001));
    let second = out(&mut router, &mut node, tcp((pc2, 40001), (SERVER, 80), 2, 1, 0, 0));
    let (address, port) = ends(&second).0;
    assert_eq!(address, Ipv4Addr::from(ROUTER_OUTSIDE));
    assert!(port >= 1024 && port != 40001);
    // To another server the port is free, so it is kept.
    let third = out(&mut router, &mut node, udp((pc2, 40001), ([203, 0, 113, 81], 80)));
    assert_eq!(ends(&third).0.1, 40001);
    let answer = back(&mut router, &mut node, tcp((SERVER, 80), (ROUTER_OUTSIDE, port), 0x12, 7, 2, 0));
    assert_eq!(ends(&answer).1, (pc2.into(), 40001));
    assert!(node.steps.iter().any(|step| matches!(step, Step::Translated { source: false, .. })));
    // Two pings with one identifier.
    let ids: Vec<u16> = [pc1, pc2].map(|pc| ends(&out(&mut router, &mut node, echo(pc, SERVER, 500, false))).0.1).to_vec();
    assert_eq!(ids[0], 500);
    assert_ne!(ids[1], 500);
    let answer = back(&mut router, &mut node, echo(SERVER, ROUTER_OUTSIDE, ids[1], true));
    assert_eq!(ends(&answer).1, (pc2.into(), 500));
}

#[test]
fn privileged_ports_stay_privileged() {
    for (port, range) in [(80, 1..=511), (600, 600..=1023), (1023, 600..=1023), (5000, 1024..=65535)] {
        let (mut router, mut node) = masquerading_router();
        out(&mut router, &mut node, udp(([192, 168, 10, 10], port), (SERVER, 53)));
        let second = out(&mut router, &mut node, udp(([192, 168, 10, 11], port), (SERVER, 53)));
        let chosen = ends(&second).0.1;
        assert!(range.contains(&chosen) && chosen != port, "{port} became {chosen}");
    }
}

#[test]
fn a_port_forward_serves_the_outside_and_not_its_own_side() {
    let forwards = vec![port_forward(ROUTER_OUTSIDE, 8080, [192, 168, 10, 20], 80)];
    let prerouting = chain("prerouting", ChainKind::Nat, Hook::Prerouting, -100, Policy::Accept, forwards);
    let mut router = netfilter(vec![stateful(), table(Family::Ip, "nat", vec![prerouting])]);
    let mut node = TestNode::new();
    let server = [192, 168, 10, 20];
    let (verdict, packet) = forward(&mut router, &mut node, tcp((SERVER, 40001), (ROUTER_OUTSIDE, 8080), 2, 1, 0, 0), ETH1, ETH0);
    assert_eq!((verdict, ends(&packet).1), (Verdict::Accept, (server.into(), 80)));
    let (_, answer) = forward(&mut router, &mut node, tcp((server, 80), (SERVER, 40001), 0x12, 9, 2, 0), ETH0, ETH1);
    assert_eq!(ends(&answer).0, (ROUTER_OUTSIDE.into(), 8080));
    // From inside the destination changes as well, but the answer does not come this way.
    let pc = [192, 168, 10, 10];
    let (_, packet) = forward(&mut router, &mut node, tcp((pc, 40002), (ROUTER_OUTSIDE, 8080), 2, 1, 0, 0), ETH0, ETH0);
    assert_eq!(ends(&packet), ((pc.into(), 40002), (server.into(), 80)));
    assert_eq!(
        listed(&router, &node)[1],
        "tcp SYN_SENT src=192.168.10.10 dst=203.0.113.1 sport=40002 dport=8080 [UNREPLIED] src=192.168.10.20 dst=192.168.10.10 sport=80 dport=40002"
    );
    assert_eq!(router.counters().last().map(|row| row.packets), Some(2));
}

#[test]
fn an_error_from_outside_reaches_the_host_that_it_is_about() {
    let (mut router, mut node) = masquerading_router();
    let sent = udp(([192, 168, 10, 10], 50001), (SERVER, 7));
    let outside = out(&mut router, &mut node, sent.clone());
    let quote = |packet: &Ipv4| Icmp::Unreachable { code: UnreachableCode::Port, mtu: 0, quoted: Arc::new(packet.clone()) };
    let error = ipv4([198, 51, 100, 7], ROUTER_OUTSIDE, IpBody::Icmp(Arc::new(quote(&outside))));
    let inside = back(&mut router, &mut node, error.clone());
    assert_eq!(node.last_state(), Some(CtState::Related));
    assert_eq!(inside.dst, Ipv4Addr::from([192, 168, 10, 10]));
    assert_eq!(inside.src, Ipv4Addr::from([198, 51, 100, 7]));
    assert_eq!(inside.icmp().and_then(Icmp::quoted).map(|quoted| &**quoted), Some(&sent));
    // The same error to another address is nobody's.
    let stray = Ipv4 { dst: [203, 0, 113, 9].into(), ..error };
    assert_eq!(forward(&mut router, &mut node, stray, ETH1, ETH0).1.dst, Ipv4Addr::from([203, 0, 113, 9]));
    assert_eq!(node.last_state(), Some(CtState::Invalid));
}

#[test]
fn no_redirect_leaves_about_what_is_or_may_be_translated() {
    let (mut router, mut node) = masquerading_router();
    let mut packet = udp(([192, 168, 10, 10], 50001), (SERVER, 7));
    let redirect = |router: &mut Netfilter, node: &mut TestNode, packet: &Ipv4, skb: &Skb| {
        let message = Icmp::Redirect { code: RedirectCode::Host, gateway: [192, 168, 10, 2].into(), quoted: Arc::new(packet.clone()) };
        let mut answer = ipv4([192, 168, 10, 1], packet.src.octets(), IpBody::Icmp(Arc::new(message)));
        let mut skb = Skb { out_if: Some(ETH0), ..skb.about() };
        router.hook(Hook::Output, &mut answer, &mut skb, node)
    };
    // On its way through, before postrouting has decided.
    let mut skb = Skb { in_if: Some(ETH0), ..Skb::default() };
    assert_eq!(router.hook(Hook::Prerouting, &mut packet, &mut skb, &mut node), Verdict::Accept);
    assert_eq!(redirect(&mut router, &mut node, &packet, &skb), Verdict::Drop(DropReason::NatRedirect));
    assert!(!skb.translated(&router));
    skb.out_if = Some(ETH1);
    assert_eq!(router.hook(Hook::Postrouting, &mut packet, &mut skb, &mut node), Verdict::Accept);
    assert!(skb.translated(&router));
    assert_eq!(redirect(&mut router, &mut node, &packet, &skb), Verdict::Drop(DropReason::NatRedirect));
    // A connection that stays as it is, once that is settled.
    let mut skb = Skb { in_if: Some(ETH0), ..Skb::default() };
    let mut packet = udp(([192, 168, 10, 10], 50001), ([192, 168, 10, 99], 7));
    for hook in [Hook::Prerouting, Hook::Forward, Hook::Postrouting] {
        skb.out_if = (hook != Hook::Prerouting).then_some(ETH0);
        assert_eq!(router.hook(hook, &mut packet, &mut skb, &mut node), Verdict::Accept);
    }
    assert_eq!(redirect(&mut router, &mut node, &packet, &skb), Verdict::Accept);
}

#[test]
fn a_packet_that_waits_keeps_its_connection() {
    // The neighbour outside does not answer; when that is certain the connection's time is over, and still the sender is told.
    let (mut router, mut node) = masquerading_router();
    let mut packet = udp(([192, 168, 10, 10], 50001), (SERVER, 7));
    let mut skb = Skb::default();
    for hook in [Hook::Prerouting, Hook::Forward, Hook::Postrouting] {
        skb.out_if = (hook != Hook::Prerouting).then_some(ETH1);
        assert_eq!(router.hook(hook, &mut packet, &mut skb, &mut node), Verdict::Accept);
    }
    node.now = SimTime::from_secs(31);
    router.expire(&mut node);
    assert!(listed(&router, &node).is_empty());
    let message = Icmp::Unreachable { code: UnreachableCode::Host, mtu: 0, quoted: Arc::new(packet.clone()) };
    let mut error = ipv4(ROUTER_OUTSIDE, packet.src.octets(), IpBody::Icmp(Arc::new(message)));
    let mut about = skb.about();
    assert_eq!(router.hook(Hook::Output, &mut error, &mut about, &mut node), Verdict::Accept);
    assert_eq!(error.dst, Ipv4Addr::from([192, 168, 10, 10]));
    assert_eq!(error.icmp().and_then(Icmp::quoted).map(|quoted| quoted.src), Some([192, 168, 10, 10].into()));
}

#[test]
fn masquerading_follows_the_interface() {
    let (mut router, mut node) = masquerading_router();
    let packet = || udp(([192, 168, 10, 10], 50001), (SERVER, 7));
    out(&mut router, &mut node, packet());
    // The route changes: the packet would leave with an address of the wrong interface.
    let (verdict, _) = forward(&mut router, &mut node, packet(), ETH0, ETH0);
    assert_eq!(verdict, Verdict::Drop(DropReason::NatInterfaceChanged));
    assert!(listed(&router, &node).is_empty());
    out(&mut router, &mut node, packet());
    router.address_removed(ETH1, [203, 0, 113, 2].into(), &mut node);
    router.interface_down(ETH0, &mut node);
    assert_eq!(listed(&router, &node).len(), 1);
    router.address_removed(ETH1, ROUTER_OUTSIDE.into(), &mut node);
    assert!(listed(&router, &node).is_empty());
    out(&mut router, &mut node, packet());
    router.interface_down(ETH1, &mut node);
    assert!(listed(&router, &node).is_empty());
    assert_eq!(node.events().iter().filter(|line| line.starts_with("DESTROY udp")).count(), 3);
}

#[test]
fn redirect_leads_to_this_node() {
    let options = NatOptions { ports: Some(PortRange { first: 3128, last: 3128 }), ..NatOptions::default() };
    let web = || Match::DestinationPort { protocol: Some(6), ports: one_of(vec![PortRange { first: 80, last: 80 }]) };
    let chains = [("pre", Hook::Prerouting), ("out", Hook::Output)].map(|(name, hook)| {
        chain(name, ChainKind::Nat, hook, -100, Policy::Accept, vec![rule(vec![web()], false, Some(Statement::Redirect(options)))])
    });
    let mut router = netfilter(vec![table(Family::Ip, "nat", chains.to_vec())]);
    let mut node = TestNode::new();
    let mut packet = tcp(([192, 168, 1, 10], 1000), (SERVER, 80), 2, 1, 0, 0);
    let mut skb = Skb { in_if: Some(ETH0), ..Skb::default() };
    assert_eq!(router.hook(Hook::Prerouting, &mut packet, &mut skb, &mut node), Verdict::Accept);
    assert_eq!(ends(&packet).1, (node.addresses[0], 3128));
    let mut own = tcp((ROUTER_OUTSIDE, 1000), (SERVER, 80), 2, 1, 0, 0);
    let mut skb = Skb { out_if: Some(ETH1), ..Skb::default() };
    assert_eq!(router.hook(Hook::Output, &mut own, &mut skb, &mut node), Verdict::Accept);
    assert_eq!(ends(&own).1, (Ipv4Addr::LOCALHOST, 3128));
}

#[test]
fn without_an_address_nothing_is_masqueraded() {
    struct Bare(TestNode);
    impl NetfilterEnv for Bare {
        fn now(&self) -> SimTime {
            self.0.now()
        }
        fn sysctls(&self) -> &crate::sysctl::Sysctls {
            self.0.sysctls()
        }
        fn interface_name(&self, index: crate::scenario::IfIndex) -> &str {
            self.0.interface_name(index)
        }
        fn is_local(&self, _: Ipv4Addr) -> bool {
            false
        }
        fn masquerade_address(&self, _: crate::scenario::IfIndex, _: Ipv4Addr) -> Option<Ipv4Addr> {
            None
        }
        fn first_address(&self, _: crate::scenario::IfIndex) -> Option<Ipv4Addr> {
            None
        }
        fn route_mtu(&self, to: Ipv4Addr) -> Option<u16> {
            self.0.route_mtu(to)
        }
        fn step(&mut self, step: Step) {
            self.0.step(step);
        }
        fn random(&mut self) -> u32 {
            self.0.random()
        }
        fn ct_event(&mut self, event: crate::netfilter::CtEvent) {
            self.0.ct_event(event);
        }
    }
    let mut router = netfilter(vec![masquerading()]);
    let mut node = Bare(TestNode::new());
    let mut packet = udp(([192, 168, 10, 10], 50001), (SERVER, 7));
    let mut skb = Skb { in_if: Some(ETH0), ..Skb::default() };
    assert_eq!(router.hook(Hook::Prerouting, &mut packet, &mut skb, &mut node), Verdict::Accept);
    skb.out_if = Some(ETH1);
    assert_eq!(router.hook(Hook::Postrouting, &mut packet, &mut skb, &mut node), Verdict::Drop(DropReason::NatNoAddress));
    assert!(router.entries(SimTime::ZERO).is_empty());
}

#[test]
fn rules_that_come_later_do_not_touch_running_connections() {
    let mut router = netfilter(vec![stateful()]);
    let mut node = TestNode::new();
    let packet = || udp(([192, 168, 10, 10], 50001), (SERVER, 7));
    out(&mut router, &mut node, packet());
    let family = Family::Ip;
    let chain = masquerading().chains.remove(0);
    router
        .apply(&[NftCommand::AddTable { family, table: "nat".into() }, NftCommand::AddChain { family, table: "nat".into(), chain }])
        .unwrap();
    assert_eq!(ends(&out(&mut router, &mut node, packet())).0.0, Ipv4Addr::from([192, 168, 10, 10]));
    assert_eq!(ends(&out(&mut router, &mut node, udp(([192, 168, 10, 10], 50002), (SERVER, 7)))).0.0, Ipv4Addr::from(ROUTER_OUTSIDE));
}

/// What a random router translates, and packets of random hosts.
fn options() -> impl Strategy<Value = NatOptions> {
    let ports = prop_oneof![3 => Just(None), 1 => Just(Some((4000u16, 4003u16))), 1 => Just(Some((1, 65535)))];
    (ports, any::<bool>(), any::<bool>()).prop_map(|(ports, random, persistent)| NatOptions {
        ports: ports.map(|(first, last)| PortRange { first, last }),
        random,
        persistent,
    })
}

fn packets() -> impl Strategy<Value = Vec<(u8, u8, u16, u8)>> {
    let port = prop_oneof![Just(80u16), Just(600), Just(4000), Just(4001), Just(50000)];
    prop::collection::vec((0..3u8, 0..3u8, port, 0..3u8), 1..60)
}

fn packet(kind: u8, host: u8, port: u16, server: u8) -> Ipv4 {
    let (src, dst) = ([192, 168, 10, 10 + host], [203, 0, 113, 80 + server]);
    match kind {
        0 => tcp((src, port), (dst, 80), 2, 1, 0, 0),
        1 => udp((src, port), (dst, 80)),
        _ => echo(src, dst, port, false),
    }
}

/// The answer to a packet.
fn answer(packet: &Ipv4) -> Ipv4 {
    let (src, dst) = (packet.dst.octets(), packet.src.octets());
    match &packet.body {
        IpBody::Tcp(t) => tcp((src, t.dst_port), (dst, t.src_port), 0x12, 500, t.seq.wrapping_add(1), 0),
        IpBody::Udp(u) => udp((src, u.dst_port), (dst, u.src_port)),
        _ => echo(src, dst, ends(packet).0.1, true),
    }
}

proptest! {
    #[test]
    fn what_comes_back_is_what_was_sent_for(options in options(), addresses in 0..3u8, packets in packets()) {
        let addresses = AddressRange { first: [203, 0, 113, 1].into(), last: [203, 0, 113, 1 + addresses].into() };
        let statement = Statement::Snat(NatTarget { addresses: Some(addresses), options });
        let post = chain("post", ChainKind::Nat, Hook::Postrouting, 100, Policy::Accept, vec![rule(vec![Match::OutInterface(one_of(vec!["eth1".into()]))], false, Some(statement))]);
        let mut router = netfilter(vec![table(Family::Ip, "nat", vec![post])]);
        let mut node = TestNode::new();
        let mut outside: BTreeMap<(u8, End, End), End> = BTreeMap::new();
        for (kind, host, port, server) in packets {
            let sent = packet(kind, host, port, server);
            let before = router.entries(node.now).len();
            let (verdict, translated) = forward(&mut router, &mut node, sent.clone(), ETH0, ETH1);
            if verdict != Verdict::Accept {
                // Only if there is no port left, and then nothing stays behind.
                prop_assert_eq!(verdict, Verdict::Drop(DropReason::NatExhausted));
                prop_assert!(options.ports.is_some_and(|ports| ports.last - ports.first < 100));
                prop_assert_eq!(router.entries(node.now).len(), before);
                continue;
            }
            let (source, destination) = ends(&translated);
            prop_assert!((addresses.first..=addresses.last).contains(&source.0));
            if let Some(ports) = options.ports {
                prop_assert!((ports.first..=ports.last).contains(&source.1));
            }
            prop_assert_eq!(destination.0, sent.dst);
            // Nobody else looks the same outside.
            let owner = *outside.entry((kind, source, destination)).or_insert(ends(&sent).0);
            prop_assert_eq!(owner, ends(&sent).0);
            let (verdict, received) = forward(&mut router, &mut node, answer(&translated), ETH1, ETH0);
            prop_assert_eq!((verdict, ends(&received)), (Verdict::Accept, ends(&answer(&sent))));
            let error = Icmp::Unreachable { code: UnreachableCode::Host, mtu: 0, quoted: Arc::new(translated.clone()) };
            let (_, error) = forward(&mut router, &mut node, ipv4([198, 51, 100, 1], translated.src.octets(), IpBody::Icmp(Arc::new(error))), ETH1, ETH0);
            prop_assert_eq!(error.dst, sent.src);
            prop_assert_eq!(error.icmp().and_then(Icmp::quoted).map(|quoted| &**quoted), Some(&sent));
        }
    }

    #[test]
    fn the_table_never_grows_beyond_its_limit(most in 1..8i64, packets in packets()) {
        let mut router = netfilter(vec![stateful(), masquerading()]);
        let mut node = TestNode::new();
        node.set(Sysctl::NfConntrackMax, most);
        for (kind, host, port, server) in packets {
            let (verdict, _) = forward(&mut router, &mut node, packet(kind, host, port, server), ETH0, ETH1);
            let count = router.entries(node.now).len() as i64;
            prop_assert!(count <= most);
            prop_assert!(verdict == Verdict::Accept || (verdict == Verdict::Drop(DropReason::ConntrackFull) && count == most));
        }
    }

    #[test]
    fn what_is_dropped_leaves_nothing(packets in packets()) {
        let drop = rule(vec![ct(&[CtState::New])], false, Some(Statement::Drop));
        let late = chain("late", ChainKind::Filter, Hook::Postrouting, 300, Policy::Accept, vec![drop]);
        let mut router = netfilter(vec![masquerading(), table(Family::Ip, "late", vec![late])]);
        let mut node = TestNode::new();
        for (kind, host, port, server) in packets {
            let (verdict, _) = forward(&mut router, &mut node, packet(kind, host, port, server), ETH0, ETH1);
            prop_assert!(matches!(verdict, Verdict::Drop(_)));
            prop_assert!(router.entries(node.now).is_empty() && node.events.is_empty());
        }
    }
}
