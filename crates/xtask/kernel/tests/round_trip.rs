//! The recorded labs in the form in which they were recorded (`recorded/*.json`), turned into our format once and kept in
//! `tests/conformance/labs`, come back with the same meaning.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "what a test takes for granted may fail it")]

use roundtrip_kernel::choose::choose;
use roundtrip_kernel::translate::translate;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;

/// Puts in what a field means where it is left out.
fn default(fields: &mut Map<String, Value>, defaults: &Value) {
    for (key, value) in defaults.as_object().unwrap() {
        fields.entry(key.as_str()).or_insert_with(|| value.clone());
    }
}

fn each(lab: &mut Value, key: &str, mut change: impl FnMut(&mut Map<String, Value>)) {
    if let Some(items) = lab.get_mut(key) {
        items.as_array_mut().unwrap().iter_mut().for_each(|item| change(item.as_object_mut().unwrap()));
    }
}

fn sorted(list: &mut Value) {
    *list = plain(list.take());
    list.as_array_mut().unwrap().sort_by_key(Value::to_string);
}

/// How long an action takes, by the rule of the recording tool.
fn lasts(action: &Map<String, Value>) -> f64 {
    let number = |key: &str| action.get(key).and_then(Value::as_f64).unwrap();
    match action["type"].as_str().unwrap() {
        "ping" | "udp" => (number("count") - 1.0) * number("interval") + number("timeout"),
        "tcp" => number("limit"),
        "traceroute" => number("max_ttl") * number("queries") * number("wait"),
        _ => 0.3,
    }
}

fn action(place: usize, action: &mut Map<String, Value>) {
    let profile = action.get("profile").and_then(Value::as_str).unwrap_or("http").to_owned();
    let defaults = match action["type"].as_str().unwrap() {
        "ping" => json!({ "count": 1, "interval": 1, "size": 56, "timeout": 2, "icmp_id": 101 + place }),
        "tcp" => {
            default(action, &json!({ "profile": "http", "host": "web", "limit": 10, "on_limit": "leave", "sport": 40_001 + place }));
            match profile.as_str() {
                "http" => json!({ "request": 80 }),
                "ssh" => json!({ "banner": 40, "expect": 1 }),
                _ => json!({}),
            }
        }
        "udp" => json!({ "count": 1, "interval": 1, "size": 32, "timeout": 3, "sport": 50_001 + place }),
        "traceroute" if action.get("method") == Some(&json!("tcp")) => {
            json!({ "port": 80, "queries": 1, "first_ttl": 1, "max_ttl": 8, "wait": 2 })
        }
        "traceroute" => json!({ "method": "udp", "queries": 1, "first_ttl": 1, "max_ttl": 8, "wait": 2 }),
        "route" => json!({ "op": "add" }),
        "conntrack" => json!({ "op": "flush" }),
        _ => json!({}),
    };
    default(action, &defaults);
    if let Some(route) = action.get_mut("route") {
        route.as_object_mut().unwrap().remove("may_fail");
    }
    if let Some(script) = action.get_mut("script") {
        *script = script.as_str().unwrap().trim_end().into();
    }
}

fn node(node: &mut Map<String, Value>) {
    let router = node.remove("role") == Some("router".into());
    let mut settings = Map::from_iter([("ip_forward".to_owned(), json!(i64::from(router)))]);
    for (name, value) in node.remove("sysctls").unwrap_or_default().as_object().into_iter().flatten() {
        let name = if matches!(name.as_str(), "tcp_loose" | "tcp_be_liberal") { format!("nf_conntrack_{name}") } else { name.clone() };
        settings.insert(name, value.clone());
    }
    settings.sort_keys();
    node.insert("sysctls".to_owned(), settings.into());
    if let Some(rules) = node.get_mut("nft") {
        *rules = rules.as_str().unwrap().trim_end().into();
    }
    let mut value = Value::Object(std::mem::take(node));
    each(&mut value, "interfaces", |interface| default(interface, &json!({ "addresses": [], "mtu": 1500, "delay_ms": 0 })));
    each(&mut value, "routes", |route| {
        route.remove("may_fail");
    });
    each(&mut value, "listeners", |listener| {
        default(listener, &json!({ "proto": "tcp", "profile": "http" }));
        let defaults = match (listener["proto"].as_str().unwrap(), listener["profile"].as_str().unwrap()) {
            ("tcp", "http") => json!({ "response": 600, "close_delay": 0.03 }),
            ("tcp", "ssh") => json!({ "banner": 40, "client_banner": 1, "response": 200 }),
            _ => json!({}),
        };
        default(listener, &defaults);
    });
    *node = value.as_object().unwrap().clone();
    default(node, &json!({ "routes": [], "listeners": [] }));
    // The order among routes with different destinations and among services means nothing.
    node.get_mut("routes").into_iter().for_each(sorted);
    node.get_mut("listeners").into_iter().for_each(sorted);
}

/// Keys in order, and whole numbers as such.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Map<String, Value> = fields.into_iter().map(|(key, value)| (key, plain(value))).collect();
            fields.sort_keys();
            fields.into()
        }
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if float % 1.0 == 0.0 => json!(float as i64),
            _ => number.into(),
        },
        other => other,
    }
}

/// A lab with everything said that a reader would assume, and nothing that is for people only.
fn meaning(lab: &Value) -> Value {
    let mut lab = plain(lab.clone());
    let mut place = 0;
    let mut last: f64 = 0.0;
    each(&mut lab, "actions", |fields| {
        fields.entry("id").or_insert_with(|| format!("a{}", place + 1).into());
        action(place, fields);
        last = last.max(fields["at"].as_f64().unwrap() + lasts(fields));
        place += 1;
    });
    each(&mut lab, "segments", |segment| default(segment, &json!({ "latency_ms": 0.5 })));
    each(&mut lab, "nodes", node);
    let fields = lab.as_object_mut().unwrap();
    fields.remove("title");
    fields.entry("duration").or_insert_with(|| (last + 1.0).into());
    plain(plain(lab))
}

#[test]
fn recorded_labs_come_back_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let theirs: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let back = translate(&choose(name, false).unwrap().lab, name).unwrap_or_else(|refused| panic!("{name}: {refused:?}"));
        let (want, got) = (meaning(&theirs), meaning(&back.kernel));
        let (want, got) = (format!("{want:#}"), format!("{got:#}"));
        let differ = want.lines().zip(got.lines()).find(|(want, got)| want != got);
        assert!(want == got, "{name}: {differ:?}");
        count += 1;
    }
    assert!(count > 30, "{count}");
}
