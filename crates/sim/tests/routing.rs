//! Hosts and routers: resolution, forwarding, errors, redirects, source checks. What is expected here is what the kernel does.

mod support;

use roundtrip_sim::scenario::{ActionKind, LinkChange, RouteOp};
use roundtrip_sim::trace::{ActionResult, DropReason, RedirectIgnored, Step};
use roundtrip_sim::{IfIndex, Port};
use support::{Net, route};

/// PC — A — R — B — server.
fn two_segments(pc: &[&str], router: &[&str]) -> Net {
    Net::default()
        .segments(&["A", "B"])
        .node("pc", &["A 10.0.1.10/24"], &["default via 10.0.1.1"], pc)
        .node("r", &["A 10.0.1.1/24", "B 10.0.2.1/24"], &[], router)
        .node("srv", &["B 10.0.2.20/24"], &["default via 10.0.2.1"], &[])
}

/// The story's three: PC's gateway R1 is not the way to B, R2 is.
fn triangle(pc: &[&str], r1: &[&str]) -> Net {
    Net::default()
        .segments(&["A", "B"])
        .node("pc", &["A 10.0.1.10/24"], &["default via 10.0.1.1"], pc)
        .node("r1", &["A 10.0.1.1/24"], &["10.0.2.0/24 via 10.0.1.2"], r1)
        .node("r2", &["A 10.0.1.2/24", "B 10.0.2.1/24"], &[], &["ip_forward=1"])
        .node("srv", &["B 10.0.2.20/24"], &["default via 10.0.2.1"], &[])
}

#[test]
fn a_ping_goes_through_a_router_and_comes_back() {
    let run = two_segments(&[], &["ip_forward=1"]).ping("pc", "10.0.2.20", 0, |_| {}).run();
    assert_eq!(run.trace.outcomes[0].result, ActionResult::Ok);
    assert_eq!(
        run.lines("srv.eth0"),
        [
            "in r.eth1>srv.eth0 icmp echo 10.0.1.10>10.0.2.20 id=101 seq=1 len=56 ttl=63 DF",
            "out srv.eth0>r.eth1 icmp echo-reply 10.0.2.20>10.0.1.10 id=101 seq=1 len=56 ttl=64",
        ]
    );
    let arp: Vec<String> = run.capture("pc.eth0").into_iter().map(|(_, line)| line).filter(|line| line.contains(" arp ")).collect();
    assert_eq!(arp, ["out pc.eth0>* arp who-has 10.0.1.1 tell 10.0.1.10", "in r.eth0>pc.eth0 arp 10.0.1.1 is-at r.eth0"]);
}

#[test]
fn a_node_that_does_not_forward_drops_in_silence() {
    let run = two_segments(&[], &[]).ping("pc", "10.0.2.20", 0, |_| {}).run();
    assert_eq!(run.trace.outcomes[0].result, ActionResult::Timeout);
    assert_eq!(run.trace.drops[0].reason, DropReason::NotForwarding);
    assert_eq!(run.lines("pc.eth0").len(), 1);
}

#[test]
fn a_destination_that_answers_no_arp_is_host_unreachable_after_three_seconds() {
    let run = two_segments(&[], &["ip_forward=1"])
        .ping("pc", "10.0.2.99", 0, |ping| (ping.count, ping.timeout) = (2, roundtrip_sim::SimTime::from_secs(5)))
        .run();
    assert_eq!(run.trace.outcomes[0].result, ActionResult::Unreachable);
    let told: Vec<u64> =
        run.at("pc.eth0").into_iter().filter(|(_, line)| line.contains("unreach-host 10.0.1.1>10.0.1.10")).map(|(t, _)| t).collect();
    assert_eq!(told, [3056, 3056], "every packet that waited is reported, all at once");
    assert!(run.trace.drops.iter().all(|drop| drop.reason == DropReason::NeighbourFailed));
}

#[test]
fn nobody_on_the_own_segment_is_reported_without_a_frame() {
    let run = two_segments(&[], &[]).ping("pc", "10.0.1.99", 0, |ping| ping.timeout = roundtrip_sim::SimTime::from_secs(5)).run();
    assert_eq!(run.trace.outcomes[0].result, ActionResult::Unreachable);
    assert!(run.lines("pc.eth0").is_empty());
    assert_eq!(run.capture("pc.eth0").len(), 3);
}

#[test]
fn no_route_is_told_and_limited() {
    let run = two_segments(&[], &["ip_forward=1"]).ping("pc", "192.0.2.1", 0, |ping| ping.count = 3).run();
    assert_eq!(run.trace.outcomes[0].result, ActionResult::Unreachable);
    assert!(run.lines("pc.eth0")[1].contains("icmp unreach-net 10.0.1.1>10.0.1.10"));
    assert!(run.trace.drops.iter().all(|drop| drop.reason == DropReason::NoRoute));
}

#[test]
fn refusing_routes_answer_as_their_kind_says() {
    let net = |kind: &str| {
        Net::default()
            .segments(&["A"])
            .node("pc", &["A 10.0.1.10/24"], &["default via 10.0.1.1"], &[])
            .node("r", &["A 10.0.1.1/24"], &[kind], &["ip_forward=1"])
            .ping("pc", "10.9.0.1", 0, |_| {})
            .run()
    };
    assert!(net("unreachable 10.9.0.0/16").lines("pc.eth0")[1].contains("unreach-host"));
    assert!(net("prohibit 10.9.0.0/16").lines("pc.eth0")[1].contains("unreach-admin-prohib"));
    assert_eq!(net("blackhole 10.9.0.0/16").lines("pc.eth0").len(), 1);
}

#[test]
fn a_loop_ends_with_the_ttl() {
    let run = Net::default()
        .segments(&["A", "B"])
        .node("pc", &["A 10.0.1.10/24"], &["default via 10.0.1.1"], &[])
        .node("r1", &["A 10.0.1.1/24", "B 10.0.12.1/24"], &["default via 10.0.12.2"], &["ip_forward=1"])
        .node("r2", &["B 10.0.12.2/24"], &["default via 10.0.12.1"], &["ip_forward=1"])
        .ping("pc", "10.9.0.1", 0, |_| {})
        .run();
    assert_eq!(run.trace.drops[0].reason, DropReason::TtlExceeded);
    assert!(run.lines("pc.eth0")[1].contains("ttl-exceeded-transit 10.0.12.2>10.0.1.10"));
    assert!(!run.lines("r1.eth1").iter().any(|line| line.contains("redirect")), "the sender is no neighbour there");
}

#[test]
fn a_gateway_that_is_not_the_nearest_says_so_and_is_ignored_where_nobody_listens() {
    let run = triangle(&["accept_redirects=0"], &["ip_forward=1"]).ping("pc", "10.0.2.20", 0, |ping| ping.count = 2).run();
    assert_eq!(
        run.lines("pc.eth0")[1],
        "in r1.eth0>pc.eth0 icmp redirect-host 10.0.1.1>10.0.1.10 gw=10.0.1.2 (icmp echo 10.0.1.10>10.0.2.20 id=101 seq=1 len=56) ttl=64"
    );
    assert!(run.trace.steps.contains(&Step::RedirectIgnored { because: RedirectIgnored::NotAccepted }));
    assert_eq!(run.lines("r1.eth0").iter().filter(|line| line.starts_with("in pc.eth0")).count(), 2);
}

#[test]
fn a_redirect_first_makes_the_host_ask_and_the_next_one_is_followed() {
    let run = triangle(&[], &["ip_forward=1"]).ping("pc", "10.0.2.20", 0, |ping| ping.count = 4).run();
    let gateway = "10.0.1.2".parse().unwrap();
    assert!(run.trace.steps.contains(&Step::RedirectResolving { gateway }));
    assert!(run.trace.steps.contains(&Step::RedirectAccepted { gateway }));
    assert_eq!(run.lines("r1.eth0").iter().filter(|line| line.starts_with("in pc.eth0")).count(), 2, "the third goes to R2 itself");
    let learned = &run.trace.snapshots.last().unwrap().nodes[0].route_cache;
    assert_eq!(learned.len(), 1);
    assert_eq!(learned[0].gateway, Some(gateway));
}

#[test]
fn redirects_fall_silent_after_nine() {
    let run = triangle(&["accept_redirects=0"], &["ip_forward=1"]).ping("pc", "10.0.2.20", 0, |ping| ping.count = 40).run();
    assert_eq!(run.lines("pc.eth0").iter().filter(|line| line.contains("redirect-host")).count(), 9);
}

#[test]
fn without_shared_media_only_listed_gateways_are_believed() {
    let run = triangle(&["shared_media=0"], &["ip_forward=1"]).ping("pc", "10.0.2.20", 0, |ping| ping.count = 3).run();
    assert!(run.trace.steps.contains(&Step::RedirectIgnored { because: RedirectIgnored::GatewayNotListed }));
    assert!(run.trace.snapshots.last().unwrap().nodes[0].route_cache.is_empty());
}

#[test]
fn strict_source_checks_drop_what_comes_in_by_another_way() {
    let net = |mode: &str| {
        Net::default()
            .segments(&["A", "M", "N", "B"])
            .node("pc", &["A 10.0.1.10/24"], &["default via 10.0.1.1"], &[])
            .node("r1", &["A 10.0.1.1/24", "M 10.0.3.1/24", "N 10.0.4.1/24"], &["10.0.2.0/24 via 10.0.3.2"], &["ip_forward=1"])
            .node("r3", &["M 10.0.3.2/24", "N 10.0.4.2/24", "B 10.0.2.1/24"], &["10.0.1.0/24 via 10.0.4.1"], &["ip_forward=1", mode])
            .node("srv", &["B 10.0.2.20/24"], &["default via 10.0.2.1"], &[])
            .ping("pc", "10.0.2.20", 0, |_| {})
            .run()
    };
    let strict = net("rp_filter=1");
    assert_eq!(strict.trace.drops[0].reason, DropReason::ReversePathFilter);
    assert!(strict.trace.steps.contains(&Step::ReversePath { dev: Some(IfIndex(1)) }));
    assert_eq!(net("rp_filter=2").trace.outcomes[0].result, ActionResult::Ok);
    assert_eq!(net("rp_filter=0").trace.outcomes[0].result, ActionResult::Ok);
}

#[test]
fn large_packets_are_cut_or_refused() {
    let narrow = || {
        Net::default()
            .segments(&["A", "B"])
            .node("pc", &["A 10.0.1.10/24"], &["default via 10.0.1.1"], &[])
            .node("r", &["A 10.0.1.1/24", "B 10.0.2.1/24 mtu=1400"], &[], &["ip_forward=1"])
            .node("srv", &["B 10.0.2.20/24 mtu=1400"], &["default via 10.0.2.1"], &[])
    };
    let cut = narrow().ping("pc", "10.0.2.20", 0, |ping| (ping.size, ping.df) = (1472, Some(false))).run();
    assert_eq!(cut.trace.outcomes[0].result, ActionResult::Ok);
    assert_eq!(cut.lines("srv.eth0").len(), 4, "two pieces there, two back: {:#?}", cut.lines("srv.eth0"));
    let refused = narrow().ping("pc", "10.0.2.20", 0, |ping| (ping.size, ping.df, ping.count) = (1472, Some(true), 3)).run();
    assert_eq!(refused.trace.outcomes[0].result, ActionResult::Unreachable);
    assert_eq!(refused.lines("pc.eth0").len(), 2, "once refused by the router, then by the host itself");
    assert!(refused.lines("pc.eth0")[1].contains("unreach-frag-needed 10.0.1.1>10.0.1.10 mtu=1400"));
}

#[test]
fn a_missing_piece_is_reported_after_thirty_seconds() {
    let mut net = two_segments(&[], &["ip_forward=1"]).udp("pc", "10.0.2.20", 0, |udp| (udp.size, udp.df) = (3000, Some(false)));
    let srv = Port { node: net.id("srv"), interface: IfIndex(0) };
    // The cable is cut between the first piece and the last; the pieces are 0 apart, so the second router interface is delayed instead.
    net = net.action("cut", 2, ActionKind::Link { port: srv, up: false, how: LinkChange::Cable });
    let run = net.run();
    assert_eq!(run.trace.outcomes[0].result, ActionResult::Timeout);
}

#[test]
fn a_closed_port_is_refused() {
    let run = two_segments(&[], &["ip_forward=1"]).udp("pc", "10.0.2.20", 0, |udp| udp.port = 9).run();
    assert_eq!(run.trace.outcomes[0].result, ActionResult::Refused);
    assert!(run.lines("pc.eth0")[1].contains("unreach-port 10.0.2.20>10.0.1.10"));
    let open = two_segments(&[], &["ip_forward=1"]).udp("pc", "10.0.2.20", 0, |_| {}).run();
    assert_eq!(open.trace.outcomes[0].result, ActionResult::Ok);
}

#[test]
fn any_address_of_a_host_answers_on_any_interface() {
    let run = two_segments(&[], &["ip_forward=1"]).ping("pc", "10.0.2.1", 0, |_| {}).run();
    assert!(run.lines("pc.eth0")[1].contains("echo-reply 10.0.2.1>10.0.1.10"));
}

#[test]
fn proxy_arp_answers_for_others() {
    let net = |proxy: &str| {
        Net::default()
            .segments(&["A", "B"])
            .node("pc", &["A 10.0.1.10/16"], &[], &[])
            .node("r", &["A 10.0.1.1/24", "B 10.0.2.1/24"], &[], &["ip_forward=1", proxy])
            .node("srv", &["B 10.0.2.20/24"], &["default via 10.0.2.1"], &[])
            .ping("pc", "10.0.2.20", 0, |ping| ping.timeout = roundtrip_sim::SimTime::from_secs(5))
            .run()
    };
    assert_eq!(net("proxy_arp=1").trace.outcomes[0].result, ActionResult::Ok);
    assert_eq!(net("proxy_arp=0").trace.outcomes[0].result, ActionResult::Unreachable);
}

#[test]
fn changes_take_effect_in_the_middle() {
    let net = two_segments(&[], &["ip_forward=1"]).ping("pc", "10.0.2.20", 0, |ping| ping.count = 6);
    let r = net.id("r");
    let change = |op, text: &str| ActionKind::Route { node: r, op, route: route(text) };
    let run = net
        .action("away", 1500, change(RouteOp::Add, "unreachable 10.0.2.20/32"))
        .action("back", 3500, change(RouteOp::Del, "unreachable 10.0.2.20/32"))
        .run();
    assert_eq!(run.trace.outcomes[0].received, Some(4));
    assert_eq!(run.trace.outcomes[0].result, ActionResult::Partial);
}

#[test]
fn a_link_that_goes_down_takes_its_routes_along_and_brings_only_the_connected_ones_back() {
    let net = two_segments(&[], &["ip_forward=1"]).ping("pc", "10.0.2.20", 0, |ping| ping.count = 5);
    let port = Port { node: net.id("pc"), interface: IfIndex(0) };
    let link = |up| ActionKind::Link { port, up, how: LinkChange::Admin };
    let run = net.action("down", 1500, link(false)).action("up", 2500, link(true)).run();
    assert_eq!(run.trace.outcomes[0].received, Some(2), "the default route is gone for good");
    let routes = &run.trace.snapshots.last().unwrap().nodes[0].routes;
    assert_eq!(*routes, ["10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.10"]);
}

#[test]
fn the_same_scenario_gives_the_same_trace() {
    let text = || format!("{:?}", triangle(&[], &["ip_forward=1"]).ping("pc", "10.0.2.20", 0, |ping| ping.count = 5).run().trace);
    assert_eq!(text(), text());
}

#[test]
fn a_snapshot_goes_on_as_the_original_does() {
    let net = triangle(&[], &["ip_forward=1"]).ping("pc", "10.0.2.20", 0, |ping| ping.count = 5);
    let whole = format!("{:?}", roundtrip_sim::Simulation::new(net.scenario.clone()).run());
    let mut half = roundtrip_sim::Simulation::new(net.scenario);
    assert!(!half.run_until(roundtrip_sim::SimTime::from_millis(1500)));
    let copy = half.clone();
    assert_eq!(format!("{:?}", half.run()), whole);
    assert_eq!(format!("{:?}", copy.run()), whole);
}

#[test]
fn a_storm_ends_at_a_stated_limit() {
    let mut net = triangle(&[], &["ip_forward=1"]).ping("pc", "10.0.2.20", 0, |ping| ping.count = 1000);
    net.scenario.limits.frames = 50;
    let run = net.run();
    assert_eq!(run.trace.end, roundtrip_sim::trace::End::Limit(roundtrip_sim::trace::Limit::Frames));
    assert!(run.trace.frames.len() <= 50 + 8);
}
