//! Every field of our format, and what becomes of it on a kernel; and what cannot be realised, refused by name.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "what a test takes for granted may fail it")]

use roundtrip_kernel::translate::translate;
use serde_json::{Value, json};

fn lab(document: &Value) -> roundtrip_lab::Lab {
    let loaded = roundtrip_lab::load(&document.to_string());
    loaded.lab.unwrap_or_else(|| panic!("{:?}", loaded.problems))
}

fn kernel(document: &Value) -> Value {
    translate(&lab(document), "x").unwrap_or_else(|refused| panic!("{refused:?}")).kernel
}

/// A lab with these devices and actions beside a plain host and router.
fn with(device: &Value, actions: &Value) -> Value {
    json!({
        "version": 1,
        "segments": [{ "name": "A" }, { "name": "B", "latency_ms": 5 }],
        "devices": [
            device,
            { "name": "r", "kind": "firewall", "interfaces": [
                { "name": "eth0", "segment": "A", "addresses": ["10.1.0.1/24"] },
                { "name": "eth1", "segment": "B", "addresses": ["10.2.0.1/24"] }
            ] }
        ],
        "actions": actions
    })
}

fn host(extra: &Value) -> Value {
    let mut host = json!({ "name": "pc", "interfaces": [{ "name": "eth0", "segment": "A", "addresses": ["10.1.0.10/24"] }] });
    for (key, value) in extra.as_object().unwrap() {
        host[key] = value.clone();
    }
    host
}

#[test]
fn a_device_with_everything() {
    let device = host(&json!({
        "interfaces": [
            { "name": "eth0", "segment": "A", "mac": "02:00:00:00:00:10", "addresses": ["10.1.0.10/24", "10.1.0.11/24"], "mtu": 1400, "delay_ms": 2.5 },
            { "name": "eth1" }
        ],
        "gateway": "10.1.0.1",
        "routes": [
            { "to": "10.9.0.0/16", "via": "10.1.0.1", "dev": "eth0", "src": "10.1.0.11", "metric": 10, "mtu": 1300, "onlink": true },
            { "to": "10.8.0.1", "type": "blackhole" }
        ],
        "settings": {
            "net.ipv4.conf.eth0.rp_filter": 1, "rp_filter": 2, "net.ipv4.conf.all.accept_redirects": 0, "tcp_loose": 0,
            "mcast_solicit": 2, "net.ipv4.neigh.eth0.ucast_solicit": 1, "route.min_pmtu": 600, "ip_forward": 1, "tcp_syn_retries": 2
        },
        "services": [
            { "port": 80, "type": "http", "bind": "10.1.0.11" },
            { "port": 22, "type": "ssh", "response": 300 },
            { "port": 7, "type": "echo" },
            { "port": 99, "type": "script", "steps": [
                { "recv": "request", "within": 2 }, { "recv": "eof" }, { "recv": 10 }, { "send": 5 }, { "sleep": 0.5 },
                { "keepalive": { "idle": 1, "interval": 2, "count": 3 } }, "echo", "shutdown", "abort", "close"
            ] },
            { "port": 7, "type": "udp-echo", "reply": 1000, "any_source": true },
            { "port": 9, "type": "udp-sink" },
            { "port": 81, "type": "closed" }
        ]
    }));
    let translated = kernel(&with(&device, &json!([])));
    let node = &translated["nodes"][0];
    assert_eq!(
        node["interfaces"],
        json!([
            { "name": "eth0", "segment": "A", "mac": "02:00:00:00:00:10", "addresses": ["10.1.0.10/24", "10.1.0.11/24"], "mtu": 1400, "delay_ms": 2.5 },
            { "name": "eth1", "mac": "02:52:54:00:00:01", "addresses": [], "mtu": 1500, "delay_ms": 0 }
        ])
    );
    assert_eq!(
        node["routes"],
        json!([
            { "dst": "10.9.0.0/16", "via": "10.1.0.1", "dev": "eth0", "src": "10.1.0.11", "metric": 10, "mtu": 1300, "onlink": true, "may_fail": true },
            { "dst": "10.8.0.1", "type": "blackhole", "may_fail": true },
            { "dst": "default", "via": "10.1.0.1", "may_fail": true }
        ])
    );
    // In the order in which they are written: the device's before those of one interface.
    let settings: Vec<(&str, i64)> =
        node["sysctls"].as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_i64().unwrap())).collect();
    assert_eq!(
        settings,
        [
            ("ip_forward", 1),
            ("net.ipv4.neigh.eth0.mcast_solicit", 2),
            ("net.ipv4.neigh.eth1.mcast_solicit", 2),
            ("net.ipv4.neigh.eth0.ucast_solicit", 1),
            ("net.ipv4.route.min_pmtu", 600),
            ("rp_filter", 2),
            ("nf_conntrack_tcp_loose", 0),
            ("tcp_syn_retries", 2),
            ("net.ipv4.conf.all.accept_redirects", 0),
            ("net.ipv4.conf.eth0.rp_filter", 1),
        ]
    );
    assert_eq!(
        node["listeners"],
        json!([
            { "port": 80, "bind": "10.1.0.11", "proto": "tcp", "profile": "http", "response": 600, "close_delay": 0.03 },
            { "port": 22, "proto": "tcp", "profile": "ssh", "banner": 40, "client_banner": 1, "response": 300 },
            { "port": 7, "proto": "tcp", "profile": "echo" },
            { "port": 99, "proto": "tcp", "profile": "steps", "steps": [
                { "recv": "request", "within": 2 }, { "recv": "eof" }, { "recv": 10 }, { "send": 5 }, { "sleep": 0.5 },
                { "keepalive": { "idle": 1, "intvl": 2, "cnt": 3 } }, { "echo": true }, { "shutdown": true }, { "abort": true }, { "close": true }
            ] },
            { "port": 7, "proto": "udp", "profile": "echo", "reply": 1000, "plain": true },
            { "port": 9, "proto": "udp", "profile": "sink" }
        ])
    );
    assert_eq!((&node["role"], &translated["nodes"][1]["role"]), (&json!("host"), &json!("router")));
    assert_eq!(translated["segments"], json!([{ "name": "A", "latency_ms": 0.5 }, { "name": "B", "latency_ms": 5 }]));
    assert_eq!(translated["duration"], json!(1.0));
}

#[test]
fn rules_of_a_form_become_text() {
    let device = host(&json!({
        "filter": { "input": { "policy": "drop", "rules": [{ "protocol": "tcp", "destination_port": 22, "action": "accept" }] } },
        "nat": [{ "type": "masquerade", "out": "eth0" }]
    }));
    let translated = kernel(&with(&device, &json!([])));
    let text = translated["nodes"][0]["nft"].as_str().unwrap();
    assert!(text.contains("policy drop") && text.contains("tcp dport 22 counter accept") && text.contains("masquerade"), "{text}");
    assert_eq!(translated["nodes"][1].get("nft"), None);
    let device = host(&json!({ "nft": ["table ip t {", "}"] }));
    assert_eq!(kernel(&with(&device, &json!([])))["nodes"][0]["nft"], "table ip t {\n}\n");
}

#[test]
fn every_action() {
    let actions = json!([
        { "type": "ping", "at": 1, "from": "pc", "to": "r", "count": 2, "interval": 0.5, "size": 100, "df": false, "ttl": 3, "source": "10.1.0.10", "timeout": 1.5, "icmp_id": 7 },
        { "id": "web", "type": "tcp", "at": 2, "from": "pc", "to": "r.eth1", "profile": "http", "host": "www", "source_port": 5000, "limit": 3, "on_limit": "abort" },
        { "type": "tcp", "at": 2, "from": "pc", "to": "10.2.0.9", "profile": "ssh", "expect": 200 },
        { "type": "tcp", "at": 2, "from": "pc", "to": "10.2.0.9", "port": 5, "profile": "connect" },
        { "type": "tcp", "at": 2, "from": "pc", "to": "10.2.0.9", "port": 5, "profile": "script", "steps": [{ "send": 1 }, "close"] },
        { "type": "udp", "at": 3, "from": "pc", "to": "10.2.0.9", "port": 9, "df": true, "linger": true, "source": "10.1.0.10", "source_port": 77 },
        { "type": "traceroute", "at": 4, "from": "pc", "to": "10.2.0.9", "method": "tcp", "port": 443, "queries": 2, "first_ttl": 2, "max_ttl": 4, "wait": 1 },
        { "type": "neigh_flush", "at": 5, "device": "r", "dev": "eth1" },
        { "type": "link", "at": 5, "device": "r", "dev": "eth1", "state": "down", "how": "cable" },
        { "type": "route", "at": 5, "device": "r", "op": "replace", "route": { "to": "default", "via": "10.2.0.9" } },
        { "type": "addr", "at": 5, "device": "r", "dev": "eth1", "op": "del", "address": "10.2.0.1/24" },
        { "type": "sysctl", "at": 5, "device": "r", "set": { "accept_redirects": 1, "ip_forward": 0 } },
        { "type": "nft", "at": 5, "device": "r", "script": "flush ruleset" },
        { "type": "conntrack_flush", "at": 5, "device": "r" },
        { "type": "snapshot", "at": 5, "name": "here" },
        { "type": "inject", "at": 5, "from": "pc", "flow_of": "web", "spoof": "client", "observe": "r.eth0", "flags": "FA", "seq_off": -1, "ack_off": 2, "len": 3, "ttl": 9 }
    ]);
    let translated = kernel(&with(&host(&json!({})), &actions));
    let want = json!([
        { "id": "a1", "at": 1, "type": "ping", "from": "pc", "to": "10.1.0.1", "count": 2, "interval": 0.5, "size": 100, "df": false, "ttl": 3, "source": "10.1.0.10", "timeout": 1.5, "icmp_id": 7 },
        { "id": "web", "at": 2, "type": "tcp", "from": "pc", "to": "10.2.0.1", "port": 80, "profile": "http", "request": 80, "host": "www", "sport": 5000, "limit": 3, "on_limit": "abort" },
        { "id": "a3", "at": 2, "type": "tcp", "from": "pc", "to": "10.2.0.9", "port": 22, "profile": "ssh", "banner": 40, "expect": 200, "host": "web", "limit": 10, "on_limit": "leave" },
        { "id": "a4", "at": 2, "type": "tcp", "from": "pc", "to": "10.2.0.9", "port": 5, "profile": "connect", "host": "web", "limit": 10, "on_limit": "leave" },
        { "id": "a5", "at": 2, "type": "tcp", "from": "pc", "to": "10.2.0.9", "port": 5, "profile": "steps", "steps": [{ "send": 1 }, { "close": true }], "host": "web", "limit": 10, "on_limit": "leave" },
        { "id": "a6", "at": 3, "type": "udp", "from": "pc", "to": "10.2.0.9", "port": 9, "source": "10.1.0.10", "sport": 77, "size": 32, "count": 1, "interval": 1, "timeout": 3, "df": true, "linger": true },
        { "id": "a7", "at": 4, "type": "traceroute", "from": "pc", "to": "10.2.0.9", "method": "tcp", "port": 443, "queries": 2, "first_ttl": 2, "max_ttl": 4, "wait": 1 },
        { "id": "a8", "at": 5, "type": "neigh_flush", "node": "r", "dev": "eth1" },
        { "id": "a9", "at": 5, "type": "link", "node": "r", "dev": "eth1", "state": "down", "how": "cable" },
        { "id": "a10", "at": 5, "type": "route", "node": "r", "op": "replace", "route": { "dst": "default", "via": "10.2.0.9", "may_fail": true } },
        { "id": "a11", "at": 5, "type": "addr", "node": "r", "dev": "eth1", "op": "del", "cidr": "10.2.0.1/24" },
        { "id": "a12", "at": 5, "type": "sysctl", "node": "r", "set": { "ip_forward": 0, "accept_redirects": 1 } },
        { "id": "a13", "at": 5, "type": "nft", "node": "r", "script": "flush ruleset\n" },
        { "id": "a14", "at": 5, "type": "conntrack", "node": "r", "op": "flush" },
        { "id": "a15", "at": 5, "type": "snapshot", "name": "here" },
        { "id": "a16", "at": 5, "type": "inject", "from": "pc", "flow_of": "web", "spoof": "client", "observe": "r.eth0", "flags": "FA", "seq_off": -1, "ack_off": 2, "len": 3, "ttl": 9 }
    ]);
    for (want, got) in want.as_array().unwrap().iter().zip(translated["actions"].as_array().unwrap()) {
        assert_eq!(want, got);
    }
    assert_eq!(translated["actions"].as_array().unwrap().len(), 16);
}

#[test]
fn what_no_kernel_can_do_is_refused_by_name() {
    let refused = |device: &Value, actions: &Value| translate(&lab(&with(device, actions)), "x").unwrap_err().join("\n");
    assert!(refused(&host(&json!({ "system": "windows" })), &json!([])).contains("pc runs Windows"));
    let lo = json!({ "interfaces": [{ "name": "lo", "segment": "A" }] });
    assert!(refused(&host(&lo), &json!([])).contains("pc: no interface of a Linux machine can be called lo"));
    let long = json!([{ "type": "ping", "at": 500, "from": "pc", "to": "r" }]);
    let mut document = with(&host(&json!({})), &long);
    document["duration"] = 503.into();
    assert!(translate(&lab(&document), "x").unwrap_err().join("\n").contains("it lasts 503 s; at most 400 s"));
    let keepalive = json!([{ "type": "tcp", "at": 0, "from": "pc", "to": "r", "port": 5, "profile": "script", "steps": [
        { "keepalive": { "idle": 0.5, "interval": 1, "count": 3 } }
    ] }]);
    assert!(refused(&host(&json!({})), &keepalive).contains("action a1: a kernel counts the times of keepalive in whole seconds"));
    let same = json!({ "interfaces": [
        { "name": "eth0", "segment": "A", "mac": "02:00:00:00:00:10" }, { "name": "eth1", "segment": "B", "mac": "02:00:00:00:00:10" }
    ] });
    assert!(refused(&host(&same), &json!([])).contains("pc.eth0 and pc.eth1 have the same Ethernet address"));
    let many: Vec<Value> = (0..101).map(|place| json!({ "name": format!("eth{place}"), "segment": "A" })).collect();
    assert!(refused(&host(&json!({ "interfaces": many })), &json!([])).contains("it has 103 interfaces; at most 100"));
    let nobody = json!([{ "type": "ping", "at": 0, "from": "pc", "to": "nobody" }]);
    assert!(refused(&host(&json!({})), &nobody).contains("nobody"));
}
