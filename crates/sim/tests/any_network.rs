//! Any network at all: the engine ends, never panics, stays within its limits, and what it writes down hangs together.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of a test, outside its functions")]

use ipnet::Ipv4Net;
use proptest::prelude::*;
use roundtrip_sim::netfilter::ruleset::{
    BaseChain, Chain, ChainKind, CtState, Family, Hook, Match, NatOptions, NatTarget, NftCommand, Policy, RejectWith, Rule, Ruleset,
    Statement, Table,
};
use roundtrip_sim::scenario::*;
use roundtrip_sim::sysctl::{Sysctl, SysctlScope, SysctlSetting};
use roundtrip_sim::trace::{End, Trace, VisitEnd};
use roundtrip_sim::{IfIndex, NodeId, Port, SegmentId, SimTime, Simulation};
use roundtrip_wire::{Mac, TcpFlags, UnreachableCode};
use std::net::Ipv4Addr;

const FRAMES: u64 = 3_000;
const EVENTS: u64 = 30_000;

/// Few addresses, so that they meet: three subnets, some special ones.
fn address() -> impl Strategy<Value = Ipv4Addr> {
    prop_oneof![
        12 => (0_u8..3, 0_u8..6).prop_map(|(net, host)| Ipv4Addr::new(10, 0, net, host)),
        1 => Just(Ipv4Addr::new(10, 0, 0, 255)),
        1 => Just(Ipv4Addr::BROADCAST),
        1 => Just(Ipv4Addr::LOCALHOST),
        1 => Just(Ipv4Addr::UNSPECIFIED),
        1 => Just(Ipv4Addr::new(224, 0, 0, 1)),
        1 => any::<[u8; 4]>().prop_map(Ipv4Addr::from),
    ]
}

fn net() -> impl Strategy<Value = Ipv4Net> {
    (address(), prop_oneof![4 => Just(24_u8), 1 => 0_u8..=32]).prop_map(|(address, len)| Ipv4Net::new(address, len).unwrap())
}

fn time(most_ms: u64) -> impl Strategy<Value = SimTime> {
    (0..most_ms).prop_map(SimTime::from_millis)
}

fn mac() -> impl Strategy<Value = Mac> {
    prop_oneof![9 => (0_u8..12).prop_map(|n| Mac([2, 0, 0, 0, 0, n])), 1 => any::<[u8; 6]>().prop_map(Mac)]
}

fn interface() -> impl Strategy<Value = Interface> {
    (
        prop::option::weighted(0.9, 0_u32..4),
        mac(),
        prop::collection::vec(net(), 0..3),
        prop_oneof![4 => Just(1500_u16), 1 => any::<u16>()],
        time(3),
    )
        .prop_map(|(segment, mac, addresses, mtu, delay)| Interface {
            name: "eth".into(),
            segment: segment.map(SegmentId),
            mac,
            addresses,
            mtu,
            delay,
        })
}

fn route() -> impl Strategy<Value = Route> {
    let kind = prop_oneof![
        6 => Just(RouteKind::Unicast),
        1 => Just(RouteKind::Unreachable),
        1 => Just(RouteKind::Prohibit),
        1 => Just(RouteKind::Blackhole)
    ];
    let options = (
        prop::option::of(0_u16..3),
        prop::option::weighted(0.1, address()),
        0_u32..3,
        prop::option::weighted(0.1, any::<u16>()),
        any::<bool>(),
    );
    (net(), prop::option::weighted(0.8, address()), options, kind).prop_map(|(destination, via, (dev, src, metric, mtu, onlink), kind)| {
        Route { destination, via, dev: dev.map(IfIndex), src, metric, mtu, onlink, kind }
    })
}

fn sysctl() -> impl Strategy<Value = SysctlSetting> {
    let scope =
        prop_oneof![Just(SysctlScope::Everywhere), Just(SysctlScope::All), (0_u16..3).prop_map(|n| SysctlScope::Interface(IfIndex(n)))];
    (0..Sysctl::ALL.len(), scope, prop_oneof![4 => 0_i64..4, 1 => any::<i64>()]).prop_map(|(index, scope, value)| SysctlSetting {
        key: Sysctl::ALL[index],
        scope,
        value,
    })
}

fn statement() -> impl Strategy<Value = Statement> {
    let target = || {
        (prop::option::of(address()), any::<bool>()).prop_map(|(address, random)| NatTarget {
            addresses: address.map(|address| Ipv4Net::from(address).into()),
            options: NatOptions { random, ..NatOptions::default() },
        })
    };
    prop_oneof![
        4 => Just(Statement::Accept),
        2 => Just(Statement::Drop),
        1 => Just(Statement::Reject(RejectWith::TcpReset)),
        1 => Just(Statement::Reject(RejectWith::Icmp(UnreachableCode::AdminProhibited))),
        1 => Just(Statement::Notrack),
        1 => Just(Statement::Jump("own".into())),
        1 => Just(Statement::Goto("nowhere".into())),
        2 => Just(Statement::Masquerade(NatOptions::default())),
        2 => target().prop_map(Statement::Snat),
        2 => target().prop_map(Statement::Dnat),
        1 => Just(Statement::Redirect(NatOptions::default())),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    let condition = prop_oneof![
        Just(vec![]),
        Just(vec![Match::CtState { negated: false, any_of: vec![CtState::Invalid] }]),
        Just(vec![Match::CtState { negated: true, any_of: vec![CtState::New] }]),
        Just(vec![Match::TcpFlags { negated: false, mask: TcpFlags(0x17), value: TcpFlags::SYN }]),
        Just(vec![Match::DestinationIsLocal(true)]),
    ];
    (condition, prop::option::of(statement())).prop_map(|(matches, verdict)| Rule { matches, counter: true, verdict, text: "".into() })
}

fn chain() -> impl Strategy<Value = Chain> {
    let hook = prop::sample::select(vec![Hook::Prerouting, Hook::Input, Hook::Forward, Hook::Output, Hook::Postrouting]);
    let kind = prop::sample::select(vec![ChainKind::Filter, ChainKind::Nat, ChainKind::Route]);
    let base = (kind, hook, -300_i32..300, any::<bool>()).prop_map(|(kind, hook, priority, accept)| BaseChain {
        kind,
        hook,
        priority,
        policy: if accept { Policy::Accept } else { Policy::Drop },
    });
    (prop::sample::select(vec!["a", "b", "own"]), prop::option::weighted(0.8, base), prop::collection::vec(rule(), 0..4))
        .prop_map(|(name, base, rules)| Chain { name: name.into(), base, rules })
}

fn ruleset() -> impl Strategy<Value = Ruleset> {
    prop::collection::vec(prop::collection::vec(chain(), 1..4), 0..2).prop_map(|tables| Ruleset {
        tables: tables.into_iter().map(|chains| Table { family: Family::Inet, name: "t".into(), chains }).collect(),
    })
}

fn step() -> impl Strategy<Value = SocketStep> {
    prop_oneof![
        (0_u32..20_000, any::<bool>()).prop_map(|(len, web)| SocketStep::Send { len, http_host: web.then(|| "web".into()) }),
        prop::sample::select(vec![RecvUntil::Eof, RecvUntil::BlankLine, RecvUntil::Bytes(0), RecvUntil::Bytes(500)])
            .prop_map(|until| SocketStep::Recv { until, within: None }),
        Just(SocketStep::Echo),
        time(3_000).prop_map(SocketStep::Sleep),
        (time(2_000), time(2_000), 0_u32..4).prop_map(|(idle, interval, count)| SocketStep::KeepAlive { idle, interval, count }),
        Just(SocketStep::Shutdown),
        Just(SocketStep::Close),
        Just(SocketStep::Abort),
    ]
}

fn listener() -> impl Strategy<Value = Listener> {
    let service = prop_oneof![
        prop::collection::vec(step(), 0..5).prop_map(Service::Tcp),
        (prop::option::of(0_u32..70_000), any::<bool>()).prop_map(|(reply, plain)| Service::UdpEcho { reply, plain }),
        Just(Service::UdpSink),
    ];
    (prop::option::weighted(0.2, address()), 79_u16..82, service).prop_map(|(bind, port, service)| Listener { bind, port, service })
}

fn node() -> impl Strategy<Value = Node> {
    (
        prop::collection::vec(interface(), 0..4),
        prop::collection::vec(route(), 0..4),
        prop::collection::vec(sysctl(), 0..4),
        any::<bool>(),
        ruleset(),
        prop::collection::vec(listener(), 0..3),
    )
        .prop_map(|(interfaces, routes, mut sysctls, forward, ruleset, listeners)| {
            sysctls.push(SysctlSetting { key: Sysctl::IpForward, scope: SysctlScope::Everywhere, value: i64::from(forward) });
            Node { name: "n".into(), system: System::Linux, interfaces, routes, sysctls, ruleset, listeners }
        })
}

fn port() -> impl Strategy<Value = Port> {
    (0_u32..5, 0_u16..4).prop_map(|(node, interface)| Port { node: NodeId(node), interface: IfIndex(interface) })
}

fn who() -> impl Strategy<Value = NodeId> {
    (0_u32..5).prop_map(NodeId)
}

fn kind() -> impl Strategy<Value = ActionKind> {
    let ping =
        (who(), address(), prop::option::weighted(0.2, address()), 0_u32..5, any::<u16>(), prop::option::of(any::<bool>()), any::<u8>())
            .prop_map(|(from, to, source, count, size, df, ttl)| {
                ActionKind::Ping(Ping {
                    from,
                    to,
                    source,
                    count,
                    interval: SimTime::from_millis(u64::from(ttl) * 5),
                    size: size % 4000,
                    df,
                    ttl: (ttl % 3 == 0).then_some(ttl),
                    timeout: SimTime::from_secs(2),
                    ident: 7,
                })
            });
    let tcp = (who(), address(), 79_u16..83, prop::collection::vec(step(), 0..5), time(20_000), 0_u8..3).prop_map(
        |(from, to, port, script, limit, how)| {
            ActionKind::Tcp(TcpClient {
                from,
                to,
                port,
                source: None,
                source_port: 40_000 + u16::from(how),
                script,
                limit,
                on_limit: [OnLimit::Leave, OnLimit::Close, OnLimit::Abort][usize::from(how)],
            })
        },
    );
    let udp = (who(), address(), 79_u16..83, any::<u16>(), 0_u32..5, prop::option::of(any::<bool>())).prop_map(
        |(from, to, port, size, count, df)| {
            ActionKind::Udp(UdpClient {
                from,
                to,
                port,
                source: None,
                source_port: 50_000,
                size: size % 9000,
                count,
                interval: SimTime::from_millis(100),
                timeout: SimTime::from_secs(1),
                df,
                linger: false,
            })
        },
    );
    let method = prop::sample::select(vec![TracerouteMethod::Udp, TracerouteMethod::Icmp, TracerouteMethod::Tcp(80)]);
    let trace = (who(), address(), method, 0_u32..3, any::<u8>()).prop_map(|(from, to, method, queries, ttl)| {
        ActionKind::Traceroute(Traceroute {
            from,
            to,
            method,
            queries,
            first_ttl: ttl % 4,
            max_ttl: ttl % 12,
            wait: SimTime::from_millis(500),
        })
    });
    let inject = (who(), 0_u32..6, any::<bool>(), port(), any::<u8>(), any::<i64>(), 0_u32..70_000).prop_map(
        |(from, flow, as_server, observe, flags, offset, len)| {
            ActionKind::Inject(Inject {
                from,
                flow_of: ActionId(flow),
                as_server,
                observe,
                flags: TcpFlags(flags),
                seq_offset: offset,
                ack_offset: -(offset / 2),
                len,
                ttl: 64,
            })
        },
    );
    prop_oneof![
        3 => ping,
        5 => tcp,
        2 => udp,
        1 => trace,
        1 => inject,
        1 => (who(), prop::option::of(0_u16..3)).prop_map(|(node, dev)| ActionKind::NeighFlush { node, dev: dev.map(IfIndex) }),
        2 => (port(), any::<bool>(), any::<bool>()).prop_map(|(port, up, admin)| ActionKind::Link {
            port,
            up,
            how: if admin { LinkChange::Admin } else { LinkChange::Cable }
        }),
        1 => (who(), prop::sample::select(vec![RouteOp::Add, RouteOp::Replace, RouteOp::Del]), route())
            .prop_map(|(node, op, route)| ActionKind::Route { node, op, route }),
        1 => (port(), any::<bool>(), net()).prop_map(|(port, add, address)| ActionKind::Addr { port, add, address }),
        1 => (who(), prop::collection::vec(sysctl(), 1..3)).prop_map(|(node, settings)| ActionKind::Sysctl { node, settings }),
        1 => (who(), chain()).prop_map(|(node, chain)| ActionKind::Nft {
            node,
            commands: vec![
                NftCommand::AddTable { family: Family::Inet, table: "t".into() },
                NftCommand::AddChain { family: Family::Inet, table: "t".into(), chain }
            ]
        }),
        1 => who().prop_map(|node| ActionKind::Nft { node, commands: vec![NftCommand::FlushRuleset] }),
        1 => who().prop_map(|node| ActionKind::ConntrackFlush { node }),
        1 => Just(ActionKind::Snapshot { name: "now".into() }),
    ]
}

fn scenario() -> impl Strategy<Value = Scenario> {
    (prop::collection::vec(node(), 1..5), prop::collection::vec((time(5_000), kind()), 1..6)).prop_map(|(nodes, actions)| Scenario {
        segments: (0..3).map(|n| Segment { name: format!("s{n}"), latency: SimTime::from_micros(500 * n) }).collect(),
        nodes,
        actions: actions.into_iter().zip(0..).map(|((at, kind), n)| Action { id: format!("a{n}"), at, kind }).collect(),
        duration: None,
        limits: Limits { events: EVENTS, frames: FRAMES, time: SimTime::from_secs(120) },
    })
}

/// What is written down refers to what is there, in order of time.
fn hangs_together(scenario: &Scenario, trace: &Trace) {
    assert!(trace.frames.len() as u64 <= FRAMES + 64, "one event sends few frames");
    assert_eq!(trace.outcomes.len(), scenario.actions.len());
    assert!(trace.frames.is_sorted_by_key(|frame| frame.sent));
    assert!(trace.visits.is_sorted_by_key(|visit| visit.at));
    for visit in &trace.visits {
        assert!((visit.first_step as usize + usize::from(visit.step_count)) <= trace.steps.len());
        assert!((visit.packet.0 as usize) < trace.packets.len());
        assert!(visit.arrived.is_none_or(|(frame, _)| (frame.0 as usize) < trace.frames.len()));
    }
    for drop in &trace.drops {
        assert!((drop.packet.0 as usize) < trace.packets.len());
        if let Some(visit) = drop.visit {
            let visit = &trace.visits[visit.0 as usize];
            assert_eq!(visit.node, drop.node);
            assert_eq!(visit.end, VisitEnd::Dropped);
        }
    }
    for frame in &trace.frames {
        let bytes = roundtrip_wire::encode(&frame.frame);
        assert!(roundtrip_wire::decode(&bytes).is_ok(), "{frame:?}");
    }
    if let End::Finished = trace.end {
        assert!(trace.ended_at <= SimTime::from_secs(400));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_network_ends_well(scenario in scenario()) {
        let trace = Simulation::new(scenario.clone()).run();
        hangs_together(&scenario, &trace);
    }

    #[test]
    fn without_the_trace_the_outcomes_are_the_same(scenario in scenario()) {
        let full = Simulation::new(scenario.clone()).run();
        let bare = Simulation::with_trace(scenario, false).run();
        prop_assert_eq!(&full.outcomes, &bare.outcomes);
        prop_assert_eq!(full.frame_count, bare.frame_count);
        prop_assert_eq!(full.drops.len(), bare.drops.len());
    }
}
