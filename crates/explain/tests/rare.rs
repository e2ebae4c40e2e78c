//! Causes that no recording shows, over small networks made by hand.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on says so by panicking")]

use roundtrip_explain::{Cause, Verdict, explain};
use roundtrip_sim::{Scenario, Simulation};

/// The verdict on the conversation `c`, and the scenario.
fn verdict(text: &str) -> (Verdict, Scenario) {
    let loaded = roundtrip_lab::load(text);
    assert!(loaded.can_run(), "{:?}\n{text}", loaded.problems);
    let (scenario, _) = roundtrip_lab::to_scenario(&loaded.lab.unwrap());
    let trace = Simulation::new(scenario.clone()).run();
    (explain(&scenario, &trace).named("c").unwrap().clone(), scenario)
}

#[track_caller]
fn expect(text: &str, cause: Cause, device: &str) {
    let (verdict, scenario) = verdict(text);
    let at = verdict.place.map_or("", |place| scenario.nodes[place.node.0 as usize].name.as_str());
    assert_eq!((verdict.cause, at), (cause, device), "{:?}", verdict.chain);
}

/// Two segments, `pc` and `srv` with `r` between; members of `r` and of `srv`, and the actions.
fn row(r: &str, srv: &str, actions: &str) -> String {
    format!(
        r#"{{"version": 1, "segments": [{{"name": "a"}}, {{"name": "b"}}],
  "devices": [
    {{"name": "pc", "gateway": "10.1.0.1", "interfaces": [{{"name": "eth0", "segment": "a", "addresses": ["10.1.0.10/24"]}}]}},
    {{"name": "r", "kind": "router", "interfaces": [{{"name": "eth0", "segment": "a", "addresses": ["10.1.0.1/24"]}},
       {{"name": "eth1", "segment": "b", "addresses": ["10.2.0.1/24"]}}]{r}}},
    {{"name": "srv", "gateway": "10.2.0.1", "interfaces": [{{"name": "eth0", "segment": "b", "addresses": ["10.2.0.20/24"]}}]{srv}}}],
  "actions": [{actions}]}}"#
    )
}

#[test]
fn the_table_of_connections_is_full() {
    let r = r#", "settings": {"nf_conntrack_max": 1}, "filter": {"forward": {"rules": [{"state": "invalid", "action": "drop"}]}}"#;
    let actions = r#"{"id": "first", "type": "tcp", "from": "pc", "to": "srv", "port": 7, "profile": "script", "limit": 20,
          "steps": [{"send": 10}, {"recv": 10}, {"sleep": 9}, "close"]},
        {"id": "c", "at": 2, "type": "tcp", "from": "pc", "to": "srv", "port": 7, "profile": "script", "limit": 3, "steps": [{"send": 10}]}"#;
    expect(&row(r, r#", "services": [{"port": 7, "type": "echo"}]"#, actions), Cause::ConntrackFull, "r");
}

#[test]
fn an_address_that_cannot_be_on_a_wire() {
    // To the router, which is on a smaller subnet of those addresses, the source is a broadcast address.
    let ping = r#"{"id": "c", "type": "ping", "from": "pc", "to": "srv", "source": "10.9.0.3", "count": 1}"#;
    let text = row("", "", ping)
        .replace(r#"["10.1.0.10/24"]"#, r#"["10.1.0.10/24", "10.9.0.3/24"]"#)
        .replace(r#"["10.1.0.1/24"]"#, r#"["10.1.0.1/24", "10.9.0.1/30"]"#);
    // As long as it looks at no sources, it passes the request on and takes the answer for a broadcast.
    expect(&text, Cause::BroadcastAddress, "r");
    let strict = text.replace(r#""kind": "router""#, r#""kind": "router", "settings": {"rp_filter": 1}"#);
    expect(&strict, Cause::MartianAddress, "r");
}

#[test]
fn the_answer_goes_past_the_device_that_translated() {
    let text = r#"{"version": 1, "segments": [{"name": "a"}, {"name": "m"}],
  "devices": [
    {"name": "pc", "gateway": "10.1.0.1", "interfaces": [{"name": "eth0", "segment": "a", "addresses": ["10.1.0.10/24"]}]},
    {"name": "r1", "kind": "router", "interfaces": [{"name": "eth0", "segment": "a", "addresses": ["10.1.0.1/24"]},
       {"name": "eth1", "segment": "m", "addresses": ["10.2.0.1/24"]}],
       "nat": [{"type": "dnat", "destination": "10.1.0.1", "protocol": "tcp", "destination_port": 80, "to": "10.2.0.20:80"}]},
    {"name": "r2", "kind": "router", "interfaces": [{"name": "eth0", "segment": "a", "addresses": ["10.1.0.2/24"]},
       {"name": "eth1", "segment": "m", "addresses": ["10.2.0.2/24"]}]},
    {"name": "srv", "gateway": "10.2.0.2", "interfaces": [{"name": "eth0", "segment": "m", "addresses": ["10.2.0.20/24"]}],
       "services": [{"port": 80, "type": "http"}]}],
  "actions": [{"id": "c", "type": "tcp", "from": "pc", "to": "10.1.0.1", "port": 80, "profile": "http", "limit": 5}]}"#;
    expect(text, Cause::NatBypassed, "pc");
}
