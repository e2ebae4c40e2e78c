//! The three loads by which the engine is measured, as scenarios.

use ipnet::Ipv4Net;
use roundtrip_sim::netfilter::ruleset::{
    BaseChain, Chain, ChainKind, CtState, Family, Hook, Match, Policy, Rule, Ruleset, Statement, Table,
};
use roundtrip_sim::scenario::{
    Action, ActionKind, Interface, Limits, Listener, Node, OnLimit, Ping, RecvUntil, Route, RouteKind, Scenario, Segment, Service,
    SocketStep, System, TcpClient,
};
use roundtrip_sim::sysctl::{Sysctl, SysctlScope, SysctlSetting};
use roundtrip_sim::{NodeId, SegmentId, SimTime};
use roundtrip_wire::Mac;
use std::net::Ipv4Addr;

/// The loads by name.
pub(crate) const NAMES: [&str; 3] = ["story", "chain", "mesh"];

/// A load by its name, in its full size or a part of that.
pub(crate) fn scenario(name: &str, percent: u32) -> Option<Scenario> {
    let part = |whole: u32| (whole / 100).saturating_mul(percent);
    match name {
        "story" => Some(story(part(10_000), part(2_000))),
        "chain" => Some(chain(32, part(100_000))),
        "mesh" => Some(mesh(1_000, part(10_000))),
        _ => None,
    }
}

fn segment(name: String) -> Segment {
    Segment { name, latency: SimTime::from_micros(500) }
}

fn interface(name: &str, segment: u32, number: u32, address: Ipv4Net) -> Interface {
    let [_, a, b, c] = number.to_be_bytes();
    Interface {
        name: name.into(),
        segment: Some(SegmentId(segment)),
        mac: Mac([2, 0, 0, a, b, c]),
        addresses: vec![address],
        mtu: 1500,
        delay: SimTime::ZERO,
    }
}

fn route(destination: Ipv4Net, via: Ipv4Addr) -> Route {
    Route { destination, via: Some(via), dev: None, src: None, metric: 0, mtu: None, onlink: false, kind: RouteKind::Unicast }
}

fn default_route(via: Ipv4Addr) -> Route {
    route(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0), via)
}

fn node(name: String, router: bool, interfaces: Vec<Interface>, routes: Vec<Route>) -> Node {
    let forward = SysctlSetting { key: Sysctl::IpForward, scope: SysctlScope::Everywhere, value: 1 };
    Node {
        name,
        system: System::Linux,
        interfaces,
        routes,
        sysctls: if router { vec![forward] } else { Vec::new() },
        ruleset: Ruleset::default(),
        listeners: Vec::new(),
    }
}

fn ping(from: u32, to: Ipv4Addr, count: u32, interval: SimTime, ident: u16) -> ActionKind {
    ActionKind::Ping(Ping {
        from: NodeId(from),
        to,
        source: None,
        count,
        interval,
        size: 56,
        df: None,
        ttl: None,
        timeout: SimTime::from_secs(2),
        ident,
    })
}

fn net(a: u8, b: u8, c: u8, d: u8, len: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), len)
}

fn open_limits(scenario: &mut Scenario) {
    scenario.limits = Limits { events: u64::MAX, frames: u64::from(u32::MAX), time: SimTime::from_secs(1 << 30) };
}

/// The story's network, R1 tracking connections, PC1 cured by a route of its own; pings and web exchanges in a row.
fn story(pings: u32, exchanges: u32) -> Scenario {
    let mut scenario = Scenario { segments: vec![segment("A".into()), segment("B".into())], ..Scenario::default() };
    let rule = |states: &[CtState], verdict| Rule {
        matches: vec![Match::CtState { negated: false, any_of: states.to_vec() }],
        counter: true,
        verdict: Some(verdict),
        text: "".into(),
    };
    let base = BaseChain { kind: ChainKind::Filter, hook: Hook::Forward, priority: 0, policy: Policy::Accept };
    let rules = vec![
        rule(&[CtState::Invalid], Statement::Drop),
        rule(&[CtState::Established, CtState::Related], Statement::Accept),
        rule(&[CtState::New], Statement::Accept),
    ];
    let chain = Chain { name: "forward".into(), base: Some(base), rules };
    let table = Table { family: Family::Inet, name: "filter".into(), chains: vec![chain] };
    let web = Service::Tcp(vec![
        SocketStep::Recv { until: RecvUntil::BlankLine, within: None },
        SocketStep::Send { len: 600, http_host: None },
        SocketStep::Close,
    ]);
    scenario.nodes = vec![
        node(
            "pc1".into(),
            false,
            vec![interface("eth0", 0, 0x0110, net(192, 168, 1, 10, 24))],
            vec![default_route([192, 168, 1, 1].into())],
        ),
        node(
            "r1".into(),
            true,
            vec![interface("eth0", 0, 0x0101, net(192, 168, 1, 1, 24)), interface("eth1", 1, 0x0201, net(192, 168, 2, 1, 24))],
            vec![],
        ),
        node(
            "pc2".into(),
            false,
            vec![interface("eth0", 1, 0x0210, net(192, 168, 2, 10, 24))],
            vec![default_route([192, 168, 2, 1].into())],
        ),
    ];
    if let Some(router) = scenario.nodes.get_mut(1) {
        router.ruleset = Ruleset { tables: vec![table] };
    }
    if let Some(server) = scenario.nodes.get_mut(2) {
        server.listeners.push(Listener { bind: None, port: 80, service: web });
    }
    let pc2 = Ipv4Addr::new(192, 168, 2, 10);
    scenario.actions.push(Action { id: "ping".into(), at: SimTime::ZERO, kind: ping(0, pc2, pings, SimTime::from_millis(10), 101) });
    for n in 0..exchanges {
        let client = TcpClient {
            from: NodeId(0),
            to: pc2,
            port: 80,
            source: None,
            source_port: u16::try_from(10_000 + n % 50_000).unwrap_or(10_000),
            script: vec![
                SocketStep::Send { len: 80, http_host: Some("web".into()) },
                SocketStep::Recv { until: RecvUntil::Eof, within: None },
                SocketStep::Close,
            ],
            limit: SimTime::from_secs(10),
            on_limit: OnLimit::Leave,
        };
        scenario.actions.push(Action { id: format!("web{n}"), at: SimTime::from_millis(u64::from(n) * 50), kind: ActionKind::Tcp(client) });
    }
    scenario.duration = Some(SimTime::from_secs(200));
    open_limits(&mut scenario);
    scenario
}

/// A host, a row of routers, a host; `packets` echo packets, half of them there and half back.
fn chain(routers: u32, packets: u32) -> Scenario {
    let mut scenario = Scenario::default();
    for n in 0..=routers {
        scenario.segments.push(segment(format!("s{n}")));
    }
    let part = |n: u32| u8::try_from(n).unwrap_or(u8::MAX);
    scenario.nodes.push(node(
        "a".into(),
        false,
        vec![interface("eth0", 0, 1, net(10, 0, 0, 10, 24))],
        vec![default_route([10, 0, 0, 2].into())],
    ));
    for n in 0..routers {
        let (left, right) = (part(n), part(n + 1));
        let eth0 = interface("eth0", n, 0x1000 + n, net(10, 0, left, 2, 24));
        let eth1 = interface("eth1", n + 1, 0x2000 + n, net(10, 0, right, 1, 24));
        let mut routes = Vec::new();
        if n + 1 < routers {
            routes.push(route(net(10, 0, part(routers), 0, 24), [10, 0, right, 2].into()));
        }
        if n > 0 {
            routes.push(route(net(10, 0, 0, 0, 24), [10, 0, left, 1].into()));
        }
        scenario.nodes.push(node(format!("r{n}"), true, vec![eth0, eth1], routes));
    }
    let last = part(routers);
    let b = interface("eth0", routers, 2, net(10, 0, last, 10, 24));
    scenario.nodes.push(node("b".into(), false, vec![b], vec![default_route([10, 0, last, 1].into())]));
    let to = Ipv4Addr::new(10, 0, last, 10);
    // One ping makes every neighbour known; then come all the others.
    scenario.actions.push(Action { id: "first".into(), at: SimTime::ZERO, kind: ping(0, to, 1, SimTime::from_secs(1), 100) });
    // Side by side, for one `ping` waits for an answer before it asks again.
    let side_by_side = 50;
    for n in 0..side_by_side {
        let id = u16::try_from(101 + n).unwrap_or(u16::MAX);
        let many = ping(0, to, packets / 2 / side_by_side, SimTime::from_millis(50), id);
        let at = SimTime::from_secs(1) + SimTime::from_millis(1).times(u64::from(n));
        scenario.actions.push(Action { id: format!("ping{n}"), at, kind: many });
    }
    open_limits(&mut scenario);
    scenario
}

/// Routers in a tree, eight below each, and a host at each; pings between pairs of hosts that a fixed generator draws.
fn mesh(routers: u32, pings: u32) -> Scenario {
    let mut scenario = Scenario::default();
    // Segments: the link upwards of every router, then the segment of every host.
    for n in 0..routers {
        scenario.segments.push(segment(format!("link{n}")));
    }
    for n in 0..routers {
        scenario.segments.push(segment(format!("lan{n}")));
    }
    let [lan, link]: [fn(u32) -> [u8; 2]; 2] = [|n| [(n >> 8) as u8, n as u8], |n| [(n >> 8) as u8 | 0x80, n as u8]];
    for n in 0..routers {
        let [h, l] = lan(n);
        let mut interfaces = vec![interface("eth0", routers + n, 0x10_0000 + n, net(10, h, l, 1, 24))];
        let mut routes = Vec::new();
        if n > 0 {
            let [h, l] = link(n);
            interfaces.push(interface("up", n, 0x20_0000 + n, net(10, h, l, 2, 30)));
            routes.push(default_route([10, h, l, 1].into()));
        }
        for child in (8 * n + 1)..=(8 * n + 8).min(routers - 1) {
            let [h, l] = link(child);
            interfaces.push(interface(&format!("down{child}"), child, 0x30_0000 + child, net(10, h, l, 1, 30)));
            // Everything below the child.
            let mut below = vec![child];
            let mut next = 0;
            while let Some(at) = below.get(next).copied() {
                below.extend((8 * at + 1)..=(8 * at + 8).min(routers - 1));
                next += 1;
            }
            for one in below {
                let [a, b] = lan(one);
                routes.push(route(net(10, a, b, 0, 24), [10, h, l, 2].into()));
            }
        }
        scenario.nodes.push(node(format!("r{n}"), true, interfaces, routes));
    }
    for n in 0..routers {
        let [h, l] = lan(n);
        let own = interface("eth0", routers + n, 0x40_0000 + n, net(10, h, l, 10, 24));
        scenario.nodes.push(node(format!("h{n}"), false, vec![own], vec![default_route([10, h, l, 1].into())]));
    }
    let mut state = 1_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(state >> 33).unwrap_or(0) % routers
    };
    for n in 0..pings {
        let (from, to) = (draw(), draw());
        let [h, l] = lan(to);
        let kind = ping(routers + from, [10, h, l, 10].into(), 1, SimTime::from_secs(1), u16::try_from(n % 60_000).unwrap_or(0));
        scenario.actions.push(Action { id: format!("p{n}"), at: SimTime::from_millis(u64::from(n)), kind });
    }
    open_limits(&mut scenario);
    scenario
}
