//! Causes that the recordings do not show, and cures for them, over small networks made by hand.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on says so by panicking")]

use roundtrip_explain::{Cause, Explanation, Outcome, cures, explain};
use roundtrip_lab::Lab;
use roundtrip_sim::{Scenario, Simulation, Trace};

struct Run {
    lab: Lab,
    scenario: Scenario,
    trace: Trace,
    explanation: Explanation,
}

impl Run {
    fn of(text: &str) -> Self {
        let loaded = roundtrip_lab::load(text);
        assert!(loaded.can_run(), "{:?}\n{text}", loaded.problems);
        let lab = loaded.lab.unwrap();
        let (scenario, _) = roundtrip_lab::to_scenario(&lab);
        let trace = Simulation::new(scenario.clone()).run();
        let explanation = explain(&scenario, &trace);
        Self { lab, scenario, trace, explanation }
    }

    /// Asserts outcome, cause and place of the conversation `c`.
    #[track_caller]
    fn expect(&self, outcome: Outcome, cause: Cause, device: &str) -> &Self {
        let verdict = self.explanation.named("c").unwrap();
        let at = verdict.place.map_or("", |place| self.scenario.nodes[place.node.0 as usize].name.as_str());
        assert_eq!((verdict.outcome, verdict.cause, at), (outcome, cause, device), "{:?}", verdict.chain);
        self
    }

    #[track_caller]
    fn cured_by(&self, expected: &[&str]) {
        let verdict = self.explanation.named("c").unwrap();
        let found: Vec<String> = cures(&self.lab, &self.scenario, &self.trace, verdict).iter().map(roundtrip_explain::Cure::id).collect();
        assert_eq!(found, expected);
    }
}

/// `pc` on segment a, `r` between, `srv` on segment b; the rest of each device and the actions as JSON members.
fn row(pc: &str, r: &str, srv: &str, rest: &str) -> String {
    let member = |text: &str| if text.is_empty() { String::new() } else { format!(", {text}") };
    format!(
        r#"{{"version": 1,
  "segments": [{{"name": "a", "subnet": "10.1.0.0/24"}}, {{"name": "b", "subnet": "10.2.0.0/24"}}],
  "devices": [
    {{"name": "pc", "interfaces": [{{"name": "eth0", "segment": "a", "addresses": ["10.1.0.10/24"]}}]{}}},
    {{"name": "r", "interfaces": [{{"name": "eth0", "segment": "a", "addresses": ["10.1.0.1/24"]}},
       {{"name": "eth1", "segment": "b", "addresses": ["10.2.0.1/24"]}}]{}}},
    {{"name": "srv", "interfaces": [{{"name": "eth0", "segment": "b", "addresses": ["10.2.0.20/24"]}}]{}}}],
  {rest}}}"#,
        member(pc),
        member(r),
        member(srv)
    )
}

const PC: &str = r#""gateway": "10.1.0.1""#;
const ROUTER: &str = r#""kind": "router""#;
const WEB: &str = r#""gateway": "10.2.0.1", "services": [{"port": 80, "type": "http"}]"#;
const HTTP: &str = r#""actions": [{"id": "c", "type": "tcp", "from": "pc", "to": "srv", "profile": "http", "limit": 8}]"#;
const PING: &str = r#""actions": [{"id": "c", "type": "ping", "from": "pc", "to": "srv"}]"#;

fn filtering(rules: &str) -> String {
    format!(r#""kind": "router", "filter": {{"forward": {rules}}}"#)
}

#[test]
fn it_works() {
    Run::of(&row(PC, ROUTER, WEB, HTTP)).expect(Outcome::Healthy, Cause::Healthy, "").cured_by(&[]);
}

#[test]
fn a_policy_drops() {
    let run = Run::of(&row(PC, &filtering(r#"{"policy": "drop"}"#), WEB, HTTP));
    run.expect(Outcome::TimedOut, Cause::FilterDrop, "r").cured_by(&["accept-rule.r.r"]);
    let nft = r#""kind": "router", "nft": ["table ip t {", " chain c {", "  type filter hook forward priority 0; policy accept;",
        "  tcp dport 80 reject with icmp type admin-prohibited", " }", "}"]"#;
    let run = Run::of(&row(PC, nft, WEB, HTTP));
    run.expect(Outcome::Unreachable, Cause::FilterReject, "r").cured_by(&["accept-rule.r"]);
}

#[test]
fn answers_are_dropped() {
    let rules = r#"{"policy": "drop", "rules": [{"protocol": "tcp", "destination_port": 80, "action": "accept"}]}"#;
    let run = Run::of(&row(PC, &filtering(rules), WEB, HTTP));
    run.expect(Outcome::TimedOut, Cause::FilterDrop, "r").cured_by(&["accept-rule.r"]);
}

#[test]
fn a_hosts_own_filter_drops_what_it_sends() {
    let pc = r#""gateway": "10.1.0.1", "filter": {"output": {"rules": [{"protocol": "tcp", "action": "drop"}]}}"#;
    let run = Run::of(&row(pc, ROUTER, WEB, HTTP));
    run.expect(Outcome::TimedOut, Cause::FilterDrop, "pc").cured_by(&["accept-rule.pc"]);
    assert_eq!(run.explanation.named("c").unwrap().lights[0].stage.id(), "syn");
}

#[test]
fn routes_that_say_no() {
    let route = |kind: &str| format!(r#""kind": "router", "routes": [{{"to": "10.2.0.20", "type": "{kind}"}}]"#);
    Run::of(&row(PC, &route("prohibit"), WEB, HTTP)).expect(Outcome::Unreachable, Cause::RouteRefuses, "r");
    Run::of(&row(PC, &route("unreachable"), WEB, PING)).expect(Outcome::Unreachable, Cause::RouteRefuses, "r");
    Run::of(&row(PC, &route("blackhole"), WEB, HTTP)).expect(Outcome::TimedOut, Cause::RouteBlackhole, "r");
}

#[test]
fn a_route_of_the_hosts_own_says_no() {
    let pc = r#""gateway": "10.1.0.1", "routes": [{"to": "10.2.0.0/24", "type": "blackhole"}]"#;
    Run::of(&row(pc, ROUTER, WEB, HTTP)).expect(Outcome::Failed, Cause::RouteBlackhole, "pc");
}

#[test]
fn a_datagram_in_pieces_has_its_name() {
    let big = r#""actions": [{"id": "c", "type": "udp", "from": "pc", "to": "srv", "port": 9, "size": 3000, "df": false, "timeout": 1}]"#;
    let run = Run::of(&row(PC, ROUTER, WEB, big));
    let verdict = run.expect(Outcome::Refused, Cause::ClosedPort, "srv").explanation.named("c").unwrap();
    let roundtrip_explain::LightState::Lost(loss) = &verdict.lights[0].state else { panic!("{:?}", verdict.lights) };
    assert_eq!(loss.label.kind, roundtrip_explain::reading::Kind::Udp { bytes: 3000 });
}

#[test]
fn a_cable_that_is_not_there() {
    let loose = row(PC, ROUTER, WEB, HTTP).replace(r#""name": "eth0", "segment": "b""#, r#""name": "eth0""#);
    let run = Run::of(&loose);
    let verdict = run.expect(Outcome::Unreachable, Cause::NeighbourFailed, "r").explanation.named("c").unwrap();
    assert!(verdict.chain.iter().any(|link| link.kind == roundtrip_explain::chain::LinkKind::NoCarrier));
    let loose = row(PC, ROUTER, WEB, HTTP).replace(r#""name": "eth1", "segment": "b""#, r#""name": "eth1""#);
    Run::of(&loose).expect(Outcome::Unreachable, Cause::LinkDown, "r");
}

#[test]
fn a_host_does_not_forward() {
    let run = Run::of(&row(PC, r#""kind": "host""#, WEB, HTTP));
    run.expect(Outcome::TimedOut, Cause::NotForwarding, "r").cured_by(&["forwarding.r"]);
}

#[test]
fn the_gateway_is_another() {
    let run = Run::of(&row(r#""gateway": "10.1.0.99""#, ROUTER, WEB, HTTP));
    run.expect(Outcome::Unreachable, Cause::NeighbourFailed, "pc").cured_by(&["gateway.pc", "route.pc"]);
}

#[test]
fn no_gateway_at_all() {
    let run = Run::of(&row("", ROUTER, WEB, HTTP));
    run.expect(Outcome::Unreachable, Cause::NoRoute, "pc").cured_by(&["gateway.pc", "route.pc"]);
}

#[test]
fn the_ttl_is_too_small() {
    let ping = r#""actions": [{"id": "c", "type": "ping", "from": "pc", "to": "srv", "ttl": 1}]"#;
    Run::of(&row(PC, ROUTER, WEB, ping)).expect(Outcome::Unreachable, Cause::TtlExceeded, "r").cured_by(&[]);
}

#[test]
fn a_host_that_ignores_pings() {
    let srv = r#""gateway": "10.2.0.1", "settings": {"icmp_echo_ignore_all": 1}"#;
    Run::of(&row(PC, ROUTER, srv, PING)).expect(Outcome::TimedOut, Cause::EchoIgnored, "srv").cured_by(&["echo.srv"]);
}

#[test]
fn services_that_say_nothing() {
    let sink = r#""gateway": "10.2.0.1", "services": [{"port": 7, "type": "udp-sink"}]"#;
    let udp = r#""actions": [{"id": "c", "type": "udp", "from": "pc", "to": "srv", "port": 7, "timeout": 1}]"#;
    Run::of(&row(PC, ROUTER, sink, udp)).expect(Outcome::TimedOut, Cause::NoAnswer, "srv").cured_by(&[]);
    let mute = r#""gateway": "10.2.0.1", "services": [{"port": 80, "type": "script", "steps": [{"recv": 1000000}]}]"#;
    Run::of(&row(PC, ROUTER, mute, HTTP)).expect(Outcome::Stalled, Cause::NoAnswer, "srv").cured_by(&[]);
}

#[test]
fn ends_of_streams() {
    let serves = |steps: &str| format!(r#""gateway": "10.2.0.1", "services": [{{"port": 80, "type": "script", "steps": [{steps}]}}]"#);
    let reads = r#""actions": [{"id": "c", "type": "tcp", "from": "pc", "to": "srv", "port": 80, "profile": "script",
        "steps": [{"send": 10}, {"recv": 50}], "limit": 5}]"#;
    Run::of(&row(PC, ROUTER, &serves(r#"{"recv": 10}, "abort""#), reads)).expect(Outcome::Reset, Cause::Reset, "srv");
    Run::of(&row(PC, ROUTER, &serves(r#"{"recv": 10}, {"send": 20}, "close""#), reads)).expect(Outcome::Ended, Cause::ClosedEarly, "srv");
}

#[test]
fn a_forged_reset() {
    let rest = r#""actions": [
        {"id": "c", "type": "tcp", "from": "pc", "to": "srv", "port": 80, "profile": "script", "steps": [{"recv": 50}], "limit": 9},
        {"id": "forgery", "at": 2, "type": "inject", "from": "r", "flow_of": "c", "spoof": "server", "observe": "pc.eth0", "flags": "R"}]"#;
    let srv = r#""gateway": "10.2.0.1", "services": [{"port": 80, "type": "script", "steps": [{"recv": 50}]}]"#;
    Run::of(&row(PC, ROUTER, srv, rest)).expect(Outcome::Reset, Cause::ForgedSegment, "r");
}

#[test]
fn the_port_is_taken() {
    let rest = r#""actions": [
        {"id": "first", "type": "udp", "from": "pc", "to": "srv", "port": 9, "source_port": 5000},
        {"id": "c", "type": "udp", "from": "pc", "to": "srv", "port": 9, "source_port": 5000}]"#;
    Run::of(&row(PC, ROUTER, WEB, rest)).expect(Outcome::Failed, Cause::LocalFailure, "pc");
}

#[test]
fn too_little_time() {
    let slow = row(
        PC,
        ROUTER,
        r#""gateway": "10.2.0.1", "services": [{"port": 80, "type": "http", "response": 400000}]"#,
        r#""actions": [{"id": "c", "type": "tcp", "from": "pc", "to": "srv", "profile": "http", "limit": 2}]"#,
    )
    .replace(r#""subnet": "10.2.0.0/24""#, r#""subnet": "10.2.0.0/24", "latency_ms": 150"#);
    Run::of(&slow).expect(Outcome::Stalled, Cause::TooSlow, "");
    let short = row(PC, ROUTER, WEB, &format!(r#""duration": 0.02, {HTTP}"#));
    Run::of(&short).expect(Outcome::Unfinished, Cause::Unfinished, "");
}

#[test]
fn links_that_fail() {
    let cut = r#""actions": [{"id": "cut", "type": "link", "device": "r", "dev": "eth1", "state": "down", "how": "cable"},
        {"id": "c", "at": 1, "type": "ping", "from": "pc", "to": "srv", "count": 1}]"#;
    Run::of(&row(PC, ROUTER, WEB, cut)).expect(Outcome::TimedOut, Cause::LinkDown, "r");
    // The router still knows the server's Ethernet address, and the server's interface is switched off.
    let off = r#""actions": [{"id": "before", "type": "ping", "from": "pc", "to": "srv", "count": 1},
        {"id": "off", "at": 2, "type": "link", "device": "srv", "dev": "eth0", "state": "down"},
        {"id": "c", "at": 3, "type": "ping", "from": "pc", "to": "srv", "count": 1, "timeout": 1}]"#;
    Run::of(&row(PC, ROUTER, WEB, off)).expect(Outcome::TimedOut, Cause::LinkDown, "srv");
}

#[test]
fn an_entry_that_expired() {
    let router = r#""kind": "router", "settings": {"nf_conntrack_tcp_timeout_established": 5, "nf_conntrack_tcp_loose": 0},
        "filter": {"forward": {"rules": [{"state": "invalid", "action": "drop"}]}}"#;
    let rest = r#""actions": [{"id": "c", "type": "tcp", "from": "pc", "to": "srv", "port": 7, "profile": "script",
        "steps": [{"send": 10}, {"recv": 10}, {"sleep": 10}, {"send": 10}, {"recv": 10}, "close"], "limit": 20}]"#;
    let echo = r#""gateway": "10.2.0.1", "services": [{"port": 7, "type": "echo"}]"#;
    let run = Run::of(&row(PC, router, echo, rest));
    run.expect(Outcome::Stalled, Cause::ConntrackForgotten, "r").cured_by(&["timeout.r"]);
    assert!(run.explanation.named("c").unwrap().chain.iter().any(|link| link.kind == roundtrip_explain::chain::LinkKind::Expired));
}

#[test]
fn a_black_hole() {
    let narrow = row(
        PC,
        ROUTER,
        r#""gateway": "10.2.0.1", "filter": {"input": {"rules": [{"protocol": "icmp", "action": "drop"}]}},
        "services": [{"port": 80, "type": "http", "response": 6000}]"#,
        HTTP,
    )
    .replace(r#""addresses": ["10.1.0.1/24"]"#, r#""addresses": ["10.1.0.1/24"], "mtu": 1300"#);
    let run = Run::of(&narrow);
    run.expect(Outcome::Stalled, Cause::PmtuBlackHole, "r");
    run.cured_by(&["accept-rule.srv", "mtu-probing.srv", "mtu.srv", "mtu.pc"]);
    // A router that may not speak leaves the same hole.
    let silent = narrow
        .replace(r#""filter": {"input": {"rules": [{"protocol": "icmp", "action": "drop"}]}},"#, "")
        .replace(ROUTER, r#""kind": "router", "filter": {"output": {"rules": [{"protocol": "icmp", "action": "drop"}]}}"#);
    Run::of(&silent).expect(Outcome::Stalled, Cause::PmtuBlackHole, "r");
}

#[test]
fn two_servers_with_one_address() {
    let twin = r#""gateway": "10.2.0.1"}, {"name": "twin", "interfaces": [{"name": "eth0", "segment": "b", "addresses": ["10.2.0.20/24"]}],
        "gateway": "10.2.0.1", "services": [{"port": 80, "type": "http"}]"#;
    let run = Run::of(&row(PC, ROUTER, twin, HTTP));
    let verdict = run.explanation.named("c").unwrap();
    if verdict.outcome != Outcome::Healthy {
        run.expect(Outcome::Refused, Cause::DuplicateAddress, "srv");
    }
    let other = r#""gateway": "10.2.0.1", "services": [{"port": 80, "type": "http"}]}, {"name": "twin",
        "interfaces": [{"name": "eth0", "segment": "b", "addresses": ["10.2.0.20/24"]}], "gateway": "10.2.0.1""#;
    let turned = Run::of(&row(PC, ROUTER, other, HTTP));
    // Whoever of the two is found, in one of the drawings it is the wrong one.
    let causes = [verdict.cause, turned.explanation.named("c").unwrap().cause];
    assert!(causes.contains(&Cause::DuplicateAddress) && causes.contains(&Cause::Healthy), "{causes:?}");
}

/// The story's square: `pc`, `r1` and `r2` on segment a, `r2` and `srv` on segment b; `r1` is stateful.
fn square(pc: &str, r1: &str, r2: &str, rest: &str) -> String {
    let rules = r#""filter": {"forward": {"policy": "drop", "rules": [{"state": ["established", "related"], "action": "accept"},
        {"state": "new", "source": "10.1.0.10", "action": "accept"}]}}"#;
    format!(
        r#"{{"version": 1,
  "segments": [{{"name": "a", "subnet": "10.1.0.0/24"}}, {{"name": "b", "subnet": "10.2.0.0/24"}}],
  "devices": [
    {{"name": "pc", "interfaces": [{{"name": "eth0", "segment": "a", "addresses": ["10.1.0.10/24"]}}], {pc}}},
    {{"name": "r1", "kind": "router", "interfaces": [{{"name": "eth0", "segment": "a", "addresses": ["10.1.0.1/24"]}}], {rules}, {r1}}},
    {{"name": "r2", "kind": "l3switch", "interfaces": [{{"name": "eth0", "segment": "a", "addresses": ["10.1.0.2/24"]}},
       {{"name": "eth1", "segment": "b", "addresses": ["10.2.0.1/24"]}}]{r2}}},
    {{"name": "srv", "interfaces": [{{"name": "eth0", "segment": "b", "addresses": ["10.2.0.20/24"]}}], "gateway": "10.2.0.1",
       "services": [{{"port": 80, "type": "http"}}, {{"port": 7, "type": "echo"}}, {{"port": 7, "type": "udp-echo"}}]}}],
  {rest}}}"#
    )
}

const TO_B: &str = r#""routes": [{"to": "10.2.0.0/24", "via": "10.1.0.2"}]"#;
const BACK_BY_R1: &str = r#", "routes": [{"to": "10.1.0.10", "via": "10.1.0.1"}]"#;

#[test]
fn only_answers_come_by() {
    // There by r2 alone, back by r1 as well.
    for (what, outcome) in [
        (r#""type": "tcp", "profile": "http", "limit": 8"#, Outcome::TimedOut),
        (r#""type": "udp", "port": 7, "timeout": 1"#, Outcome::TimedOut),
        (r#""type": "ping", "count": 2"#, Outcome::TimedOut),
    ] {
        let rest = format!(r#""actions": [{{"id": "c", "from": "pc", "to": "srv", {what}}}]"#);
        let run = Run::of(&square(r#""gateway": "10.1.0.2""#, TO_B, BACK_BY_R1, &rest));
        run.expect(outcome, Cause::AsymmetricUnseenRequest, "r1");
        let verdict = run.explanation.named("c").unwrap();
        let found = cures(&run.lab, &run.scenario, &run.trace, verdict);
        // Either answers go as requests do, or requests as answers.
        assert_eq!(found.iter().map(roundtrip_explain::Cure::id).collect::<Vec<_>>(), ["route.r2", "route.pc"], "{what}");
    }
}

#[test]
fn answers_change_their_way_in_the_middle() {
    // At first r1 sees both directions; then r2 hands answers to the PC directly.
    let rest = r#""actions": [
        {"id": "c", "type": "tcp", "from": "pc", "to": "srv", "port": 7, "profile": "script", "limit": 20,
         "steps": [{"send": 1000}, {"recv": 1000}, {"sleep": 4}, {"send": 90000}, {"recv": 90000}, "close"]},
        {"id": "shortcut", "at": 2, "type": "route", "device": "r2", "op": "del", "route": {"to": "10.1.0.10", "via": "10.1.0.1"}}]"#;
    let run = Run::of(&square(r#""gateway": "10.1.0.1", "settings": {"accept_redirects": 0}"#, TO_B, BACK_BY_R1, rest));
    let verdict = run.explanation.named("c").unwrap();
    run.expect(verdict.outcome, Cause::AsymmetricInvalid, "r1");
    assert!(verdict.asides.iter().any(|link| link.kind == roundtrip_explain::chain::LinkKind::Changed));
}

#[test]
fn the_answer_goes_past_the_translator() {
    let nat = r#""routes": [{"to": "10.2.0.0/24", "via": "10.1.0.2"}],
        "nat": [{"type": "dnat", "destination": "10.1.0.1", "protocol": "tcp", "destination_port": 80, "to": "10.2.0.20:80"}]"#;
    let rest = r#""actions": [{"id": "c", "type": "tcp", "from": "pc", "to": "10.1.0.1", "port": 80, "profile": "http", "limit": 6}]"#;
    let run = Run::of(&square(r#""gateway": "10.1.0.1""#, nat, "", rest));
    run.expect(Outcome::TimedOut, Cause::NatHairpin, "pc").cured_by(&["masquerade.r1", "route.r2"]);
}
