//! Arbitrary bytes become a lab, which is run: it ends within its limits, and what is written down hangs together.

use crate::bytes::Choices;
use roundtrip_lab::load;
use roundtrip_sim::scenario::Limits;
use roundtrip_sim::{SimTime, Simulation};
use serde_json::{Value, json};

const NETS: u8 = 3;
const FRAMES: u64 = 1_500;
const LIMITS: Limits = Limits { events: 15_000, frames: FRAMES, time: SimTime::from_secs(90) };

const SETTINGS: [&str; 18] = [
    "rp_filter",
    "accept_redirects",
    "secure_redirects",
    "shared_media",
    "send_redirects",
    "proxy_arp",
    "arp_ignore",
    "arp_announce",
    "arp_filter",
    "arp_notify",
    "tcp_loose",
    "tcp_be_liberal",
    "tcp_timestamps",
    "tcp_sack",
    "tcp_mtu_probing",
    "ip_no_pmtu_disc",
    "ip_forward",
    "nf_conntrack_udp_timeout",
];

const RULES: [&str; 16] = [
    "ct state invalid counter drop",
    "ct state established,related counter accept",
    "ct state new tcp flags & (fin|syn|rst|ack) == syn counter accept",
    "meta l4proto tcp counter reject with tcp reset",
    "counter reject with icmp type host-prohibited",
    "ip protocol icmp counter drop",
    "limit rate 2/second burst 2 packets counter accept",
    "meta mark set 1 counter accept",
    "tcp flags syn tcp option maxseg size set rt mtu",
    "tcp flags syn tcp option maxseg size set 600",
    "ip frag-off & 0x1fff != 0 counter drop",
    "ct status dnat counter accept",
    "ip ttl < 3 counter drop",
    "udp dport 7 counter drop",
    "ct direction reply counter accept",
    "meta length > 800 counter drop",
];

fn address(choices: &mut Choices<'_>) -> String {
    match choices.below(16) {
        15 => format!("10.0.{}.255", choices.below(NETS)),
        14 => "203.0.113.7".to_owned(),
        _ => format!("10.0.{}.{}", choices.below(NETS), choices.below(6).saturating_add(1)),
    }
}

fn net(choices: &mut Choices<'_>) -> String {
    match choices.below(8) {
        0 => "default".to_owned(),
        1 => format!("{}/32", address(choices)),
        2 => "10.0.0.0/16".to_owned(),
        _ => format!("10.0.{}.0/24", choices.below(NETS)),
    }
}

fn rules(choices: &mut Choices<'_>) -> String {
    let mut text = String::new();
    let hook = choices.one(&["forward", "input", "output", "prerouting", "postrouting"]);
    let policy = choices.one(&["accept", "drop"]);
    text.push_str(&format!("table inet f {{ chain c {{ type filter hook {hook} priority 0; policy {policy};\n"));
    for _ in 0..choices.below(4) {
        let rule = choices.one(&RULES);
        // What nft refuses at this hook would only keep the lab from running.
        let refused =
            (rule.contains("reject") && hook == "postrouting") || (rule.contains("rt mtu") && matches!(hook, "input" | "prerouting"));
        if !refused {
            text.push_str(rule);
            text.push('\n');
        }
    }
    text.push_str("}; }\n");
    match choices.below(5) {
        1 => text.push_str("table ip n { chain p { type nat hook postrouting priority 100; policy accept; counter masquerade; }; }\n"),
        2 => text.push_str(&format!(
            "table ip n {{ chain p {{ type nat hook prerouting priority -100; policy accept; tcp dport 80 counter dnat to {}; }}; }}\n",
            address(choices)
        )),
        3 => text.push_str("table ip n { chain p { type nat hook prerouting priority -100; policy accept; meta l4proto tcp counter redirect to :80; }; }\n"),
        _ => {}
    }
    text
}

fn route(choices: &mut Choices<'_>) -> Value {
    match choices.below(8) {
        0 => json!({ "to": net(choices), "type": choices.one(&["unreachable", "prohibit", "blackhole"]) }),
        1 => json!({ "to": net(choices), "dev": "eth0" }),
        2 => json!({ "to": net(choices), "via": address(choices), "mtu": u32::from(choices.short()).max(68) }),
        _ => json!({ "to": net(choices), "via": address(choices), "metric": choices.below(3), "onlink": choices.once_in(3) }),
    }
}

fn device(choices: &mut Choices<'_>, index: u8) -> Value {
    let interfaces: Vec<Value> = (0..choices.below(3).saturating_add(1))
        .map(|place| {
            let net = choices.below(NETS);
            json!({
                "name": format!("eth{place}"),
                "segment": format!("S{net}"),
                "addresses": [format!("10.0.{net}.{}/{}", choices.below(6).saturating_add(1), choices.one(&[24_u8, 24, 24, 16, 30, 32]))],
                "mtu": choices.one(&[1500_u16, 1500, 1500, 1400, 1280, 576, 9000]),
            })
        })
        .collect();
    let routes: Vec<Value> = (0..choices.below(4)).map(|_| route(choices)).collect();
    let mut settings = serde_json::Map::new();
    for _ in 0..choices.below(4) {
        settings.insert(choices.one(&SETTINGS).to_owned(), json!(choices.below(3).min(1)));
    }
    let mut device = json!({
        "name": format!("d{index}"),
        "kind": choices.one(&["host", "router"]),
        "system": choices.one(&["linux", "linux", "linux", "windows"]),
        "interfaces": interfaces,
        "routes": routes,
        "settings": settings,
        "services": [
            { "port": 80, "type": "http", "response": u32::from(choices.short()) },
            { "port": 7, "type": "udp-echo" },
            { "port": 9, "type": "echo" },
        ],
    });
    if choices.once_in(2) {
        device["nft"] = json!(rules(choices));
    }
    device
}

fn action(choices: &mut Choices<'_>, index: usize, devices: u8) -> Value {
    let mut named = || format!("d{}", choices.below(devices));
    let (from, device) = (named(), named());
    let at = f64::from(choices.byte()) / 16.0;
    let to = address(choices);
    let mut action = match choices.below(16) {
        0..=2 => {
            json!({ "type": "ping", "to": to, "count": choices.below(5).saturating_add(1), "size": choices.short() % 4000, "df": choices.once_in(2), "timeout": 2 })
        }
        3..=6 => {
            json!({ "type": "tcp", "to": to, "port": choices.one(&[80_u16, 80, 9, 22]), "profile": "http", "request": choices.short() % 6000, "limit": 20, "on_limit": choices.one(&["leave", "close", "abort"]) })
        }
        7 => {
            json!({ "type": "udp", "to": to, "port": 7, "size": choices.short() % 5000, "df": choices.once_in(2), "count": choices.below(4).saturating_add(1), "timeout": 2 })
        }
        8 => json!({ "type": "traceroute", "to": to, "method": choices.one(&["udp", "icmp", "tcp"]), "max_ttl": 6, "wait": 1 }),
        9 => json!({ "type": "link", "dev": "eth0", "state": choices.one(&["down", "up"]), "how": choices.one(&["admin", "cable"]) }),
        10 => json!({ "type": "route", "op": choices.one(&["add", "replace", "del"]), "route": route(choices) }),
        11 => json!({ "type": "addr", "dev": "eth0", "op": choices.one(&["add", "del"]), "address": format!("{to}/24") }),
        12 => json!({ "type": "nft", "script": rules(choices) }),
        13 => json!({ "type": "sysctl", "set": { choices.one(&SETTINGS): choices.below(2) } }),
        14 => json!({ "type": "conntrack_flush" }),
        _ => json!({ "type": "neigh_flush" }),
    };
    let by_device = action.get("to").is_none();
    action["id"] = json!(format!("a{index}"));
    action["at"] = json!(at);
    if by_device {
        action["device"] = json!(device);
    } else {
        action["from"] = json!(from);
    }
    action
}

/// The lab that these bytes stand for.
fn document(bytes: &[u8]) -> Value {
    let mut choices = Choices::new(bytes);
    let devices = choices.below(4).saturating_add(2);
    let mut latency = || [0.0, 0.5, 5.0, 40.0].get(usize::from(choices.below(4))).copied().unwrap_or(0.5);
    let segments: Vec<Value> = (0..NETS).map(|net| json!({ "name": format!("S{net}"), "latency_ms": latency() })).collect();
    let list: Vec<Value> = (0..devices).map(|index| device(&mut choices, index)).collect();
    let mut actions = Vec::new();
    while !choices.is_over() && actions.len() < 8 {
        actions.push(action(&mut choices, actions.len(), devices));
    }
    json!({ "version": 1, "title": "fuzz", "duration": 40, "segments": segments, "devices": list, "actions": actions })
}

pub(crate) fn network(bytes: &[u8]) {
    let document = document(bytes);
    let loaded = load(&document.to_string());
    let Some(lab) = loaded.lab else { panic!("the target makes documents that are not read: {:?}", loaded.problems) };
    // Problems are no obstacle: what the document says is simulated as far as it makes sense.
    let (mut scenario, _) = roundtrip_lab::to_scenario(&lab);
    scenario.limits = LIMITS;
    let trace = Simulation::new(scenario.clone()).run();
    assert!(u64::from(trace.frame_count) <= FRAMES + 64, "one event sends few frames");
    assert_eq!(trace.outcomes.len(), scenario.actions.len());
    assert!(trace.frames.is_sorted_by_key(|frame| frame.sent), "frames out of order");
    for frame in &trace.frames {
        assert!(roundtrip_wire::decode(&roundtrip_wire::encode(&frame.frame)).is_ok(), "{frame:?}");
    }
    let bare = Simulation::with_trace(scenario, false).run();
    assert_eq!(trace.outcomes, bare.outcomes, "the outcomes hang on the trace");
}
