//! What a kernel does when routes, links and addresses change under way, and how programs wait. Each test says which recording of
//! the kernel shows it.

mod support;

use roundtrip_sim::netfilter::ruleset::{
    BaseChain, Chain, ChainKind, Family, Hook, Match, Policy, RejectWith, Rule, Ruleset, Statement, Table, Test,
};
use roundtrip_sim::scenario::{ActionKind, LinkChange, RecvUntil, RouteOp, SocketStep, Traceroute, TracerouteMethod};
use roundtrip_sim::sysctl::{Sysctl, SysctlScope, SysctlSetting};
use roundtrip_sim::trace::{ActionResult, DropReason};
use roundtrip_sim::{IfIndex, Port, SimTime};
use support::{Net, route};

fn secs(n: u64) -> SimTime {
    SimTime::from_secs(n)
}

fn send(len: u32) -> SocketStep {
    SocketStep::Send { len, http_host: None }
}

fn recv(len: u32) -> SocketStep {
    SocketStep::Recv { until: RecvUntil::Bytes(len), within: None }
}

/// A host, two gateways on its link, and a server behind both.
fn two_gateways() -> Net {
    Net::default()
        .segments(&["A", "B"])
        .node("pc", &["A 10.0.1.10/24"], &["default via 10.0.1.1"], &[])
        .node("r1", &["A 10.0.1.1/24", "B 10.0.2.1/24"], &[], &["ip_forward=1"])
        .node("r2", &["A 10.0.1.2/24", "B 10.0.2.2/24"], &[], &["ip_forward=1"])
        .node("srv", &["B 10.0.2.20/24"], &["default via 10.0.2.1"], &[])
        .serves("srv", 9, &[SocketStep::Echo, SocketStep::Close])
}

/// Kernel: x50, x68. A request that nobody answers leaves the program waiting by a kernel timer, which is late: the fourth comes when
/// the question for the Ethernet address has just been given up, and opens it anew.
#[test]
fn unanswered_pings_are_further_apart_than_asked_for() {
    let run = Net::default()
        .segments(&["A", "B"])
        .node("pc", &["A 10.0.1.10/24"], &["default via 10.0.1.1"], &[])
        .node("r", &["A 10.0.1.1/24", "B 10.0.2.1/24"], &[], &["ip_forward=1"])
        .ping("pc", "10.0.2.99", 0, |ping| (ping.count, ping.timeout) = (5, secs(5)))
        .run();
    let sent: Vec<u64> =
        run.at("pc.eth0").into_iter().filter(|(_, line)| line.contains("icmp echo ") && line.starts_with("out")).map(|(t, _)| t).collect();
    assert!(sent.windows(2).skip(1).all(|pair| pair[1] - pair[0] == 1024), "{sent:?}");
    let told: Vec<u64> = run.at("pc.eth0").into_iter().filter(|(_, line)| line.contains("unreach-host")).map(|(t, _)| t).collect();
    assert_eq!(told.iter().filter(|t| **t < 4000).count(), 3, "three waited in the first round");
    assert_eq!(told.len(), 5);
}

/// Kernel: x65. The connection remembers a route that is gone, whose device takes 68 bytes: what is written next leaves in segments of
/// 36 bytes, and only having sent something it looks its route up again.
#[test]
fn the_first_data_after_a_route_was_replaced_leaves_in_the_smallest_segments() {
    let script =
        [send(100), recv(100), SocketStep::Sleep(secs(2)), send(100), recv(100), SocketStep::Sleep(secs(1)), send(100), SocketStep::Close];
    let net = two_gateways().tcp("pc", "10.0.2.20", 9, 0, &script);
    let node = net.id("pc");
    let run = net.action("replace", 1000, ActionKind::Route { node, op: RouteOp::Replace, route: route("default via 10.0.1.2") }).run();
    let data: Vec<String> = run.lines("pc.eth0").into_iter().filter(|line| line.starts_with("out") && !line.contains("len=0")).collect();
    let shape: Vec<(bool, &str)> =
        data.iter().map(|line| (line.contains(">r2.eth0"), line.split(" len=").nth(1).unwrap().split(' ').next().unwrap())).collect();
    assert_eq!(shape, [(false, "100"), (true, "36"), (true, "36"), (true, "28"), (true, "100")]);
}

/// Kernel: x65. A second route that leads the same way keeps it alive.
#[test]
fn a_way_lives_as_long_as_any_route_leads_there() {
    let net =
        two_gateways().tcp("pc", "10.0.2.20", 9, 0, &[send(100), recv(100), SocketStep::Sleep(secs(2)), send(100), SocketStep::Close]);
    let node = net.id("pc");
    let run = net
        .action("also", 500, ActionKind::Route { node, op: RouteOp::Add, route: route("10.77.0.0/16 via 10.0.1.1") })
        .action("replace", 1000, ActionKind::Route { node, op: RouteOp::Replace, route: route("default via 10.0.1.2") })
        .run();
    assert!(!run.lines("pc.eth0").iter().any(|line| line.contains("len=36")));
}

/// Kernel: x16. Two routers send a host to each other; a TCP connection follows the first word and has no route left that the second
/// could be about until it sends again.
#[test]
fn of_two_redirects_for_one_segment_a_connection_follows_the_first() {
    let run = Net::default()
        .segments(&["A"])
        .node("pc", &["A 10.0.1.10/24"], &["default via 10.0.1.1"], &[])
        .node("r1", &["A 10.0.1.1/24"], &["default via 10.0.1.2"], &["ip_forward=1"])
        .node("r2", &["A 10.0.1.2/24"], &["default via 10.0.1.1"], &["ip_forward=1"])
        .ping("pc", "10.99.0.1", 0, |ping| (ping.count, ping.ttl) = (2, Some(6)))
        .tcp("pc", "10.99.0.1", 80, 4000, &[SocketStep::Close])
        .run();
    let syn: Vec<String> = run.lines("pc.eth0").into_iter().filter(|line| line.starts_with("out") && line.contains("[S]")).collect();
    assert!(syn[0].contains(">r1.eth0") && syn[1].contains(">r2.eth0"), "{syn:?}");
}

/// Kernel: x57. `secure_redirects` believes every gateway that any route names, not those of default routes alone.
#[test]
fn a_gateway_of_any_route_is_on_the_list() {
    let run = Net::default()
        .segments(&["A", "B"])
        .node("pc", &["A 10.0.1.10/24"], &["default via 10.0.1.1", "10.77.0.0/16 via 10.0.1.2"], &["shared_media=0"])
        .node("r1", &["A 10.0.1.1/24"], &["default via 10.0.1.2"], &["ip_forward=1"])
        .node("r2", &["A 10.0.1.2/24", "B 10.0.2.2/24"], &[], &["ip_forward=1"])
        .node("srv", &["B 10.0.2.20/24"], &["default via 10.0.2.2"], &[])
        .ping("pc", "10.0.2.20", 0, |ping| ping.count = 3)
        .run();
    assert_eq!(run.trace.snapshots.last().unwrap().nodes[0].route_cache.len(), 1);
}

/// Kernel: x53. With its last address an interface loses every route and neighbour.
#[test]
fn the_last_address_takes_routes_and_neighbours_along() {
    let net = two_gateways().ping("pc", "10.0.2.20", 0, |_| {}).ping("pc", "10.0.2.20", 3000, |_| {});
    let port = Port { node: net.id("pc"), interface: IfIndex(0) };
    let run = net.action("del", 2000, ActionKind::Addr { port, add: false, address: "10.0.1.10/24".parse().unwrap() }).run();
    let tables = &run.trace.snapshots.last().unwrap().nodes[0];
    assert!(tables.routes.is_empty() && tables.neighbours.is_empty());
    assert_eq!(run.trace.outcomes[1].result, ActionResult::Unreachable);
    assert_eq!(run.trace.outcomes[1].sent, None, "the program ends before it sends anything");
}

/// Kernel: `fib_sync_down_dev` leaves the entries of the table `local` that a link going down has.
#[test]
fn the_address_of_a_link_that_is_down_still_answers_on_the_others() {
    let net = two_gateways().ping("pc", "10.0.2.1", 1000, |_| {});
    let port = Port { node: net.id("r1"), interface: IfIndex(1) };
    let link = |up| ActionKind::Link { port, up, how: LinkChange::Admin };
    let run = net.action("down", 500, link(false)).action("up", 2000, link(true)).run();
    assert_eq!(run.trace.outcomes[0].result, ActionResult::Ok);
}

/// Kernel: x43. With `-w` and a single number every probe is waited for that long, whatever has answered before.
#[test]
fn traceroute_waits_as_long_as_it_was_told() {
    let net = two_gateways();
    let config = Traceroute {
        from: net.id("pc"),
        to: "10.0.2.20".parse().unwrap(),
        method: TracerouteMethod::Udp,
        queries: 8,
        first_ttl: 1,
        max_ttl: 1,
        wait: SimTime::from_millis(500),
    };
    let run = net.action("trace", 0, ActionKind::Traceroute(config)).run();
    let sent: Vec<u64> = run.at("pc.eth0").into_iter().filter(|(_, line)| line.starts_with("out")).map(|(t, _)| t).collect();
    assert_eq!(sent.len(), 8);
    assert!(sent[7] - sent[6] >= 500, "six are answered, then the limit of one a second holds: {sent:?}");
}

/// Kernel: x11, x13. `proxy_delay` of 0 makes a proxy answer at once.
#[test]
fn a_proxy_answers_at_once_if_told_so() {
    let took = |delay: &str| {
        let run = Net::default()
            .segments(&["A", "B"])
            .node("pc", &["A 10.0.1.10/16"], &[], &[])
            .node("r", &["A 10.0.1.1/24", "B 10.0.2.1/24"], &[], &["ip_forward=1", "proxy_arp=1", delay])
            .node("srv", &["B 10.0.2.20/24"], &["default via 10.0.2.1"], &[])
            .ping("pc", "10.0.2.20", 0, |ping| ping.timeout = secs(5))
            .run();
        run.at("pc.eth0")[0].0
    };
    assert!(took("net.ipv4.neigh.eth0.proxy_delay=0") < 5);
    assert!(took("net.ipv4.neigh.eth0.proxy_delay=80") >= 400);
}

fn protocol(number: u8) -> Match {
    Match::Protocol(Test { negated: false, any_of: vec![number] })
}

fn rule(matches: Vec<Match>, verdict: Statement) -> Rule {
    Rule { matches, counter: true, verdict: Some(verdict), text: "rule".into() }
}

fn filter(hook: Hook, policy: Policy, rules: Vec<Rule>) -> Ruleset {
    let base = BaseChain { kind: ChainKind::Filter, hook, priority: 0, policy };
    let chain = Chain { name: "chain".into(), base: Some(base), rules };
    Ruleset { tables: vec![Table { family: Family::Ip, name: "filter".into(), chains: vec![chain] }] }
}

/// Kernel: x56. What a filter on the way out refuses with an ICMP message is told to the program by that message.
#[test]
fn a_filter_of_the_own_output_refuses_with_words() {
    let port = Statement::Reject(RejectWith::Icmp(roundtrip_wire::UnreachableCode::Port));
    let mut net = two_gateways().udp("pc", "10.0.2.20", 0, |_| {});
    net.scenario.nodes[0].ruleset = filter(Hook::Output, Policy::Accept, vec![rule(vec![protocol(17)], port)]);
    let run = net.run();
    assert_eq!(run.trace.outcomes[0].result, ActionResult::Refused);
    assert!(run.lines("pc.eth0").is_empty());
}

/// Kernel: x56. The first SYN is refused while connect() has the socket to itself, which only notes it; the second one's refusal
/// ends the connection.
#[test]
fn a_connection_that_the_own_output_refuses_is_tried_once_more() {
    let admin = Statement::Reject(RejectWith::Icmp(roundtrip_wire::UnreachableCode::AdminProhibited));
    let mut net = two_gateways().tcp("pc", "10.0.2.20", 9, 0, &[SocketStep::Close]);
    net.scenario.nodes[0].ruleset = filter(Hook::Output, Policy::Accept, vec![rule(vec![protocol(6)], admin)]);
    let run = net.run();
    assert_eq!(run.trace.outcomes[0].result, ActionResult::Unreachable);
    assert_eq!(run.trace.snapshots.last().unwrap().nodes[0].counters[0].packets, 2);
}

/// Kernel: x56. What a host sends to itself passes its input chain, by the interface `lo`.
#[test]
fn a_host_that_takes_nothing_in_does_not_even_hear_itself() {
    let result = |rules: Vec<Rule>| {
        let mut net = two_gateways().ping("pc", "10.0.1.10", 0, |_| {});
        net.scenario.nodes[0].ruleset = filter(Hook::Input, Policy::Drop, rules);
        net.run().trace.outcomes[0].result
    };
    assert_eq!(result(Vec::new()), ActionResult::Timeout);
    let loopback = Match::InInterface(Test { negated: false, any_of: vec!["lo".into()] });
    assert_eq!(result(vec![rule(vec![loopback], Statement::Accept)]), ActionResult::Ok);
}

/// Kernel: x69. An interface takes what is up to four bytes longer than its MTU, and nothing longer; nobody is told.
#[test]
fn a_frame_longer_than_the_receiver_takes_is_lost_without_a_word() {
    let net = |size: u16| {
        Net::default()
            .segments(&["A"])
            .node("pc", &["A 10.0.1.10/24"], &[], &[])
            .node("small", &["A 10.0.1.11/24 mtu=1000"], &[], &[])
            .ping("pc", "10.0.1.11", 0, |ping| ping.size = size)
            .run()
    };
    assert_eq!(net(976).trace.outcomes[0].result, ActionResult::Ok);
    let lost = net(977);
    assert_eq!(lost.trace.outcomes[0].result, ActionResult::Timeout);
    assert_eq!(lost.trace.drops[0].reason, DropReason::FrameTooLong);
    assert!(lost.lines("small.eth0").is_empty(), "no capture there sees it");
}

/// Kernel: x54. A host that stops forwarding drops what passes through, and goes on where it left off.
#[test]
fn forwarding_is_switched_off_and_on() {
    let net = two_gateways().ping("pc", "10.0.2.20", 0, |ping| ping.count = 6);
    let node = net.id("r1");
    let forward = |value| ActionKind::Sysctl {
        node,
        settings: vec![SysctlSetting { key: Sysctl::IpForward, scope: SysctlScope::Everywhere, value }],
    };
    let run = net.action("off", 1500, forward(0)).action("on", 3500, forward(1)).run();
    assert_eq!(run.trace.outcomes[0].received, Some(4));
}

/// Kernel: x70. One host's address is the broadcast address of another, whose mask is narrower: the other answers into broadcast
/// frames, from which ICMP is taken and TCP is not. It cannot open anything to that address itself.
#[test]
fn answers_to_what_is_taken_for_the_broadcast_address() {
    let run = Net::default()
        .segments(&["A"])
        .node("wide", &["A 192.168.1.127/24"], &[], &[])
        .node("narrow", &["A 192.168.1.10/25"], &[], &[])
        .serves("narrow", 9, &[SocketStep::Echo, SocketStep::Close])
        .ping("wide", "192.168.1.10", 0, |_| {})
        .tcp("wide", "192.168.1.10", 9, 1000, &[SocketStep::Close])
        .ping("narrow", "192.168.1.127", 3000, |_| {})
        .tcp("narrow", "192.168.1.127", 9, 3000, &[SocketStep::Close])
        .run();
    let result: Vec<ActionResult> = run.trace.outcomes.iter().map(|outcome| outcome.result).collect();
    assert_eq!(result, [ActionResult::Ok, ActionResult::Timeout, ActionResult::Timeout, ActionResult::Unreachable]);
    assert_eq!(run.trace.outcomes[2].sent, None, "the program asks for -b and ends");
    assert!(run.lines("wide.eth0").iter().any(|line| line.starts_with("in narrow.eth0>* tcp") && line.contains("[SA]")));
    assert!(run.trace.snapshots.last().unwrap().nodes[1].neighbours.is_empty());
}

/// Kernel: `fib_validate_source`. Without `rp_filter` only a node's own addresses are no sources for what it takes.
#[test]
fn a_source_is_checked_only_where_somebody_asks() {
    let spoof = |mode: &str| {
        let net = Net::default().segments(&["A"]).node("pc", &["A 10.0.1.10/24 10.9.9.9/32"], &[], &["ip_nonlocal_bind=1"]).node(
            "srv",
            &["A 10.0.1.20/24"],
            &["blackhole 10.9.9.9/32"],
            &[mode],
        );
        let run = net.ping("pc", "10.0.1.20", 0, |ping| ping.source = "10.9.9.9".parse().ok()).run();
        run.trace.drops.first().map(|drop| drop.reason)
    };
    assert_eq!(spoof("rp_filter=2"), Some(DropReason::ReversePathFilter));
    assert_ne!(spoof("rp_filter=0"), Some(DropReason::ReversePathFilter));
}

/// Kernel: x91. A path MTU below the least that is believed is taken as that least, and from then on packets may be cut on the way.
#[test]
fn below_the_smallest_path_mtu_packets_lose_their_df() {
    let line = |action: fn(Net) -> Net| {
        let net = Net::default()
            .segments(&["A", "M", "B"])
            .node("pc", &["A 10.0.1.10/24"], &["default via 10.0.1.1"], &[])
            .node("r1", &["A 10.0.1.1/24", "M 10.0.3.1/24 mtu=500"], &["10.0.2.0/24 via 10.0.3.2"], &["ip_forward=1"])
            .node("r2", &["M 10.0.3.2/24 mtu=500", "B 10.0.2.1/24"], &["10.0.1.0/24 via 10.0.3.1"], &["ip_forward=1"])
            .node("srv", &["B 10.0.2.20/24"], &["default via 10.0.2.1"], &[])
            .serves("srv", 9, &[SocketStep::Echo, SocketStep::Close]);
        action(net).run()
    };
    let ping = line(|net| net.ping("pc", "10.0.2.20", 0, |ping| (ping.count, ping.size) = (2, 520)));
    assert_eq!(ping.trace.outcomes[0].received, Some(1));
    let sent: Vec<String> = ping.lines("pc.eth0").into_iter().filter(|line| line.starts_with("out")).collect();
    assert!(sent[0].ends_with("DF") && !sent[1].ends_with("DF"), "{sent:?}");
    let tcp = line(|net| net.tcp("pc", "10.0.2.20", 9, 0, &[send(1000), recv(1000), SocketStep::Close]));
    assert_eq!(tcp.trace.outcomes[0].result, ActionResult::Ok);
    assert!(tcp.lines("srv.eth0").iter().any(|line| line.contains("frag tcp")), "cut on the way");
}

/// Kernel: x90. With `ip_no_pmtu_disc` sockets do not set DF.
#[test]
fn without_path_mtu_discovery_nothing_has_df() {
    let first = |setting: &str| {
        let run = Net::default()
            .segments(&["A"])
            .node("pc", &["A 10.0.1.10/24"], &[], &[setting])
            .node("srv", &["A 10.0.1.20/24"], &[], &[])
            .ping("pc", "10.0.1.20", 0, |_| {})
            .udp("pc", "10.0.1.20", 100, |_| {})
            .run();
        let out: Vec<bool> = run.lines("pc.eth0").iter().filter(|line| line.starts_with("out")).map(|line| line.ends_with("DF")).collect();
        out
    };
    assert_eq!(first("ip_no_pmtu_disc=0"), [true, true]);
    assert_eq!(first("ip_no_pmtu_disc=1"), [false, false]);
}
