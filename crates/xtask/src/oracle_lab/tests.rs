//! The whole of the recordings' format, and that what comes of it can be read and run.

use serde_json::{Value, json};

use super::convert;

/// A lab with every key that the recording tool reads.
fn everything() -> Value {
    json!({
        "name": "x01",
        "title": "everything",
        "note": ["first line.", "second line."],
        "segments": [{ "name": "A", "latency_ms": 0.5 }, { "name": "B" }, { "name": "W", "latency_ms": 5 }],
        "nodes": [
            {
                "name": "pc", "role": "host",
                "interfaces": [{ "name": "eth0", "segment": "A", "mac": "02:00:00:01:00:10", "addresses": ["10.1.0.10/24", "10.1.0.11/24"], "mtu": 1400, "delay_ms": 2 }],
                "routes": [
                    { "dst": "10.9.0.0/16", "via": "10.1.0.1", "dev": "eth0", "src": "10.1.0.11", "metric": 10, "mtu": 1300, "onlink": true },
                    { "dst": "default", "via": "10.1.0.1" },
                    { "dst": "10.8.0.1", "type": "blackhole" },
                    { "dst": "10.8.0.2", "type": "unreachable", "may_fail": true },
                    { "dst": "10.8.0.3", "type": "prohibit" },
                    { "dst": "10.8.0.4", "dev": "eth0", "scope": "link", "table": "main" },
                    { "dst": "10.8.0.5", "via": "10.1.0.1", "table": 100 },
                    { "dst": "10.8.0.6", "dev": "eth9", "may_fail": true }
                ],
                "sysctls": { "accept_redirects": 0, "ip_forward": 0, "net.ipv4.neigh.default.retrans_time_ms": "500", "tcp_syn_retries": 2 },
                "listeners": []
            },
            {
                "name": "r", "role": "router",
                "interfaces": [
                    { "name": "eth0", "segment": "A", "mac": "02:00:00:01:00:01", "addresses": ["10.1.0.1/24"], "mtu": 1400 },
                    { "name": "eth1", "segment": "B", "mac": "02:00:00:02:00:01", "addresses": ["10.2.0.1/24"] },
                    { "name": "eth2", "segment": "W", "mac": "02:00:00:99:00:01", "addresses": ["203.0.113.1/24"] }
                ],
                "sysctls": { "net.ipv4.conf.eth0.rp_filter": 1, "rp_filter": 0, "net.ipv4.conf.eth1.send_redirects": 0, "ip_forward": 1, "tcp_loose": 0 },
                "nft": "table inet filter {\n  chain forward {\n    type filter hook forward priority 0;\n    ct state invalid counter drop\n  }\n}\n"
            },
            {
                "name": "srv", "role": "host",
                "interfaces": [{ "name": "eth0", "segment": "B", "mac": "02:00:00:02:00:20", "addresses": ["10.2.0.20/24"] }],
                "routes": [{ "dst": "default", "via": "10.2.0.1", "metric": 5 }],
                "listeners": [
                    { "port": 80, "profile": "http", "response": 4000, "close_delay": 0.1, "bind": "10.2.0.20" },
                    { "port": 81 },
                    { "port": 22, "profile": "ssh", "banner": 50, "client_banner": 3, "response": 300 },
                    { "port": 7, "profile": "echo" },
                    { "port": 99, "profile": "steps", "steps": [
                        { "recv": "request", "within": 2 }, { "recv": "eof" }, { "recv": 10 }, { "send": 5 }, { "sleep": 0.5 },
                        { "keepalive": { "idle": 1, "intvl": 2, "cnt": 3 } }, { "echo": true }, { "shutdown": true }, { "abort": true }, { "close": true }
                    ] },
                    { "port": 7, "proto": "udp", "profile": "echo", "reply": 1000, "plain": true },
                    { "port": 8, "proto": "udp" },
                    { "port": 9, "proto": "udp", "profile": "sink", "bind": "10.2.0.20" }
                ]
            },
            {
                "name": "inet", "role": "host",
                "interfaces": [{ "name": "eth0", "segment": "W", "mac": "02:00:00:99:00:80", "addresses": ["203.0.113.80/24"] }],
                "routes": [{ "dst": "default", "via": "203.0.113.1" }]
            }
        ],
        "actions": [
            { "at": 0, "type": "ping", "from": "pc", "to": "10.2.0.20", "count": 3, "interval": 0.5, "size": 100, "df": false, "ttl": 9, "timeout": 1, "source": "10.1.0.11", "icmp_id": 700 },
            { "id": "http", "at": 1.5, "type": "tcp", "from": "pc", "to": "10.2.0.20", "port": 80, "sport": 41000, "profile": "http", "request": 90, "limit": 20, "on_limit": "abort", "host": "h", "source": "10.1.0.10" },
            { "id": "ssh", "at": 2, "type": "tcp", "from": "pc", "to": "10.2.0.20", "port": 22, "profile": "ssh", "banner": 60, "expect": 5, "request": 1, "on_limit": "leave" },
            { "id": "conn", "at": 2, "type": "tcp", "from": "pc", "to": "10.2.0.20", "port": 81, "profile": "connect", "on_limit": "close" },
            { "id": "steps", "at": 2, "type": "tcp", "from": "pc", "to": "10.2.0.20", "port": 99, "profile": "steps", "steps": [{ "send": 10 }, { "recv": 10 }, { "close": true }] },
            { "id": "udp", "at": 3, "type": "udp", "from": "pc", "to": "10.2.0.20", "port": 7, "sport": 51000, "size": 3000, "count": 2, "interval": 0.2, "timeout": 4, "df": true, "linger": true, "source": "10.1.0.10" },
            { "id": "tr", "at": 4, "type": "traceroute", "from": "pc", "to": "203.0.113.80", "method": "tcp", "port": 443, "queries": 3, "max_ttl": 4, "first_ttl": 2, "wait": 1 },
            { "id": "tru", "at": 4, "type": "traceroute", "from": "pc", "to": "203.0.113.80" },
            { "id": "nf", "at": 5, "type": "neigh_flush", "node": "pc" },
            { "id": "nf2", "at": 5, "type": "neigh_flush", "node": "pc", "dev": "eth0" },
            { "id": "down", "at": 6, "type": "link", "node": "pc", "dev": "eth0", "state": "down", "how": "cable" },
            { "id": "up", "at": 7, "type": "link", "node": "pc", "dev": "eth0", "state": "up" },
            { "id": "ra", "at": 8, "type": "route", "node": "pc", "op": "replace", "route": { "dst": "default", "via": "10.1.0.1" } },
            { "id": "rd", "at": 8, "type": "route", "node": "pc", "op": "del", "route": { "dst": "default" } },
            { "id": "rd2", "at": 8, "type": "route", "node": "pc", "route": { "dst": "default", "via": "10.1.0.1" } },
            { "id": "aa", "at": 9, "type": "addr", "node": "pc", "dev": "eth0", "cidr": "10.1.0.12/24" },
            { "id": "ad", "at": 9, "type": "addr", "node": "pc", "dev": "eth0", "op": "del", "cidr": "10.1.0.12/24" },
            { "id": "sy", "at": 10, "type": "sysctl", "node": "pc", "set": { "ip_forward": 0, "rp_filter": 2 } },
            { "id": "nft", "at": 11, "type": "nft", "node": "r", "script": "add rule inet filter forward counter\ninsert rule inet filter forward index 0 tcp dport 1 drop\n" },
            { "id": "ct", "at": 12, "type": "conntrack", "node": "r" },
            { "id": "snap a", "at": 13, "type": "snapshot", "name": "later on" },
            { "id": "inj", "at": 14, "type": "inject", "from": "r", "flow_of": "http", "spoof": "client", "flags": "RA", "seq_off": 5, "ack_off": -5, "len": 2, "ttl": 33, "observe": "r.eth0" },
            { "id": "inj2", "at": 14, "type": "inject", "from": "srv", "flow_of": "http", "observe": "seg.A" }
        ]
    })
}

fn find<'a>(list: &'a Value, key: &str, name: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|element| element[key] == name).unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn every_key_has_its_place() {
    let ours = convert(&everything(), "file").unwrap();
    assert_eq!(ours["title"]["en"], "x01: everything");
    assert_eq!(ours["description"]["en"], "first line. second line.");
    // The traceroute of 8 hops at 2 s, begun at 4 s, and one second.
    assert_eq!(ours["duration"], json!(22.5));
    assert_eq!(ours["segments"][0], json!({ "name": "A", "subnet": "10.1.0.0/24", "latency_ms": 0.5 }));
    let pc = &ours["devices"][0];
    assert_eq!(pc["gateway"], "10.1.0.1");
    assert_eq!(
        pc["routes"],
        json!([
            { "to": "10.9.0.0/16", "via": "10.1.0.1", "dev": "eth0", "src": "10.1.0.11", "metric": 10, "mtu": 1300, "onlink": true },
            { "to": "10.8.0.1", "type": "blackhole" },
            { "to": "10.8.0.2", "type": "unreachable" },
            { "to": "10.8.0.3", "type": "prohibit" },
            { "to": "10.8.0.4", "dev": "eth0" }
        ])
    );
    assert_eq!(pc["settings"], json!({ "accept_redirects": 0, "net.ipv4.neigh.default.retrans_time_ms": 500, "tcp_syn_retries": 2 }));
    let r = &ours["devices"][1];
    assert_eq!(r["kind"], "router");
    // The short name further down is written to every interface, the long one to its own only.
    assert_eq!(r["settings"], json!({ "rp_filter": 0, "net.ipv4.conf.eth1.send_redirects": 0, "tcp_loose": 0 }));
    assert_eq!(r["nft"][0], "table inet filter {");
    let srv = &ours["devices"][2];
    assert_eq!(srv["routes"], json!([{ "to": "default", "via": "10.2.0.1", "metric": 5 }]));
    assert_eq!(srv["services"][0], json!({ "port": 80, "bind": "10.2.0.20", "type": "http", "response": 4000, "close_delay": 0.1 }));
    assert_eq!(srv["services"][1], json!({ "port": 81, "type": "http" }));
    assert_eq!(srv["services"][4]["steps"][0], json!({ "recv": "request", "within": 2 }));
    assert_eq!(srv["services"][4]["steps"][5], json!({ "keepalive": { "idle": 1, "interval": 2, "count": 3 } }));
    assert_eq!(srv["services"][5], json!({ "port": 7, "type": "udp-echo", "reply": 1000, "any_source": true }));
    assert_eq!(srv["services"][7], json!({ "port": 9, "bind": "10.2.0.20", "type": "udp-sink" }));
    assert_eq!(ours["devices"][3]["kind"], "internet");

    let actions = &ours["actions"];
    assert_eq!(actions[0]["id"], "a1");
    assert_eq!(find(actions, "id", "http")["source_port"], 41000);
    assert_eq!(find(actions, "id", "ssh").get("request"), None);
    assert_eq!(find(actions, "id", "steps")["profile"], "script");
    assert_eq!(find(actions, "id", "rd2")["op"], "add");
    assert_eq!(find(actions, "id", "sy")["set"], json!({ "ip_forward": 0, "rp_filter": 2 }));
    assert_eq!(find(actions, "id", "ct")["type"], "conntrack_flush");
    assert_eq!(find(actions, "id", "snap a")["name"], "later on");
    assert_eq!(find(actions, "id", "inj")["spoof"], "client");
    assert_eq!(find(actions, "id", "inj2")["observe"], "r.eth0");
}

#[test]
fn what_comes_of_it_can_run() {
    let ours = convert(&everything(), "file").unwrap();
    let loaded = roundtrip_lab::load(&ours.to_string());
    let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    assert!(loaded.can_run(), "{problems:#?}");
    // Every key that was written is one that is known.
    assert!(!problems.iter().any(|problem| problem.contains("no field")), "{problems:#?}");
    let lab = loaded.lab.unwrap();
    assert_eq!(lab.actions.len(), 23);
    let (scenario, _) = roundtrip_lab::to_scenario(&lab);
    let names: Vec<&str> = scenario.actions.iter().map(|action| action.id.as_str()).collect();
    assert_eq!(names.first(), Some(&"a1"));
}

#[test]
fn the_end_is_reckoned_as_the_recording_tool_does() {
    let end = |actions: Value| convert(&json!({ "segments": [], "nodes": [], "actions": actions }), "x").unwrap()["duration"].clone();
    assert_eq!(end(json!([])), json!(1));
    assert_eq!(end(json!([{ "at": 2, "type": "snapshot" }])), json!(3.3));
    assert_eq!(end(json!([{ "at": 2, "type": "ping", "from": "a", "to": "10.0.0.1", "count": 5, "interval": 0.8 }])), json!(8.2));
    assert_eq!(end(json!([{ "at": 0, "type": "tcp", "from": "a", "to": "10.0.0.1", "port": 1, "limit": 1000 }])), json!(400));
    let given = json!({ "duration": 24, "segments": [], "nodes": [], "actions": [{ "at": 90, "type": "snapshot" }] });
    assert_eq!(convert(&given, "x").unwrap()["duration"], json!(24));
}

#[test]
fn what_cannot_be_said_is_refused_by_name() {
    let refused = |action: Value| format!("{:#}", convert(&json!({ "segments": [], "nodes": [], "actions": [action] }), "x").unwrap_err());
    assert_eq!(
        refused(json!({ "id": "c", "at": 0, "type": "conntrack", "node": "r", "op": "delete", "args": ["-p", "tcp"] })),
        "action c: conntrack delete, of which there is only flush"
    );
    assert_eq!(refused(json!({ "at": 0, "type": "dance" })), "action a1: the type dance");
    assert_eq!(refused(json!({ "type": "ping" })), "action a1: at is missing");
}

#[test]
fn an_interface_as_source_stands_for_its_first_address() {
    let lab = |source: &str| {
        let interface =
            json!({ "name": "eth0", "segment": "A", "mac": "02:00:00:01:00:10", "addresses": ["10.1.0.10/24", "10.1.0.11/24"] });
        let ping = json!({ "at": 0, "type": "ping", "from": "pc", "to": "10.1.0.1", "source": source });
        convert(&json!({ "segments": [{ "name": "A" }], "nodes": [{ "name": "pc", "interfaces": [interface] }], "actions": [ping] }), "x")
    };
    assert_eq!(lab("eth0").unwrap()["actions"][0]["source"], "10.1.0.10");
    assert_eq!(lab("10.1.0.11").unwrap()["actions"][0]["source"], "10.1.0.11");
    assert_eq!(format!("{:#}", lab("eth7").unwrap_err()), "action a1: eth7 is neither an address nor an interface of pc that has one");
}

#[test]
fn no_datagram_is_shorter_than_its_mark() {
    let size = |id: &str, asked: Value| {
        let mut action = json!({ "id": id, "at": 0, "type": "udp", "from": "pc", "to": "10.0.0.2", "port": 7 });
        action["size"] = asked;
        let lab = json!({
            "name": "x", "segments": [{ "name": "A" }],
            "nodes": [{ "name": "pc", "role": "host", "interfaces": [{ "name": "eth0", "segment": "A", "mac": "02:00:00:00:00:01", "addresses": ["10.0.0.1/24"] }] }],
            "actions": [action]
        });
        convert(&lab, "x").unwrap()["actions"][0]["size"].clone()
    };
    assert_eq!(size("small", json!(4)), json!("oracle:small:0:".len()));
    assert_eq!(size("small", json!(100)), json!(100));
}
