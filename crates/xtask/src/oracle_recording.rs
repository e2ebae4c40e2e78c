//! From a kernel recording to the compact form in which the conformance tests keep it.
//!
//! What the tests compare is kept: actions with their outcomes, frames at the interfaces, tables. What only a person reads
//! (notes, the packets' texts as programs print them, captures of segments, counters of the kernel) is left out.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// Of an outcome.
const OUTCOME: [&str; 8] = ["connected", "stage", "result", "errno", "bytes", "sent", "received", "replies"];
/// Of a hop of a trace route.
const HOPS: &str = "hops";
/// Of a frame.
const FRAME: [&str; 6] = ["a", "t", "pm", "T", "s", "runs"];
/// Of a node's tables at one moment.
const TABLES: [&str; 7] = ["name", "neigh", "routes", "route_cache", "ss", "conntrack", "nft_counters"];
/// A record that is no longer than this is on one line.
const WIDTH: usize = 170;

/// The compact form of a recording.
///
/// # Errors
/// What a recording must have and this one has not.
pub(crate) fn compact(recording: &Value) -> Result<String> {
    let mut ours = Map::new();
    for key in ["lab", "title", "kernel"] {
        ours.insert(key.to_owned(), recording.get(key).cloned().with_context(|| format!("{key} is missing"))?);
    }
    let actions = recording.get("actions").and_then(Value::as_array).context("actions are missing")?;
    ours.insert("actions".to_owned(), actions.iter().map(action).collect());
    let interfaces = recording.get("interfaces").and_then(Value::as_object).context("interfaces are missing")?;
    let interfaces = interfaces.iter().map(|(name, interface)| (name.clone(), records(interface, "frames", &FRAME)));
    ours.insert("interfaces".to_owned(), Value::Object(interfaces.collect()));
    let nodes = recording.get("nodes").and_then(Value::as_object).context("nodes are missing")?;
    let nodes = nodes.iter().map(|(name, node)| (name.clone(), records(node, "snapshots", &TABLES)));
    ours.insert("nodes".to_owned(), Value::Object(nodes.collect()));
    let mut text = String::new();
    write(&mut text, &Value::Object(ours));
    text.push('\n');
    Ok(text)
}

fn action(action: &Value) -> Value {
    let mut ours = some(action, &["id", "type"]);
    let empty = Value::Object(Map::new());
    let outcome = action.get("outcome").filter(|outcome| outcome.is_object()).unwrap_or(&empty);
    // Where the runs of the kernel differ, all outcomes are listed and none is compared.
    let mut kept = some(outcome, &OUTCOME);
    if let Some(hops) = outcome.get(HOPS) {
        kept.insert(HOPS.to_owned(), hops.clone());
    }
    ours.insert("outcome".to_owned(), Value::Object(kept));
    Value::Object(ours)
}

/// `{key: [...]}` with only these keys in each record.
fn records(holder: &Value, key: &str, keys: &[&str]) -> Value {
    let list = holder.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let list = list.iter().map(|record| Value::Object(some(record, keys))).collect();
    Value::Object(Map::from_iter([(key.to_owned(), list)]))
}

fn some(from: &Value, keys: &[&str]) -> Map<String, Value> {
    keys.iter().filter_map(|key| from.get(*key).map(|value| ((*key).to_owned(), value.clone()))).collect()
}

/// JSON with a record a line, so that changes can be read.
fn write(text: &mut String, value: &Value) {
    let flat = value.to_string();
    let record = value.get("s").is_some();
    match value {
        Value::Object(map) if flat.len() > WIDTH && !record => {
            text.push_str("{\n");
            for (place, (key, value)) in map.iter().enumerate() {
                let _ = write!(text, "{}{}:", if place == 0 { "" } else { ",\n" }, Value::from(key.as_str()));
                write(text, value);
            }
            text.push_str("\n}");
        }
        Value::Array(list) if flat.len() > WIDTH => {
            text.push_str("[\n");
            for (place, value) in list.iter().enumerate() {
                text.push_str(if place == 0 { "" } else { ",\n" });
                write(text, value);
            }
            text.push_str("\n]");
        }
        _ => text.push_str(&flat),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_compared_is_kept_and_nothing_else() {
        let recording = json!({
            "lab": "w06", "title": "two clients", "kernel": "6.18", "note": ["long"], "runs": 3, "segments": {"A": {"frames": []}},
            "actions": [
                { "id": "p", "type": "ping", "outcome": { "result": "ok", "sent": 1, "received": 1, "text": ["64 bytes"] } },
                { "id": "t", "type": "traceroute", "outcome": { "result": "ok", "hops": [{ "ttl": 1, "answer": "10.0.0.1" }] } },
                { "id": "u", "type": "udp", "outcome": { "unstable": [{ "result": "ok" }, { "result": "timeout" }] } },
            ],
            "interfaces": { "pc.eth0": { "stable": true, "arp": [], "frames": [{ "a": "p", "t": 0, "pm": 1, "T": 3, "s": "out", "order": "varies", "runs": [1] }] } },
            "nodes": { "pc": { "nstat": { "Ip.InReceives": 1 }, "snapshots": [{ "name": "end", "T": 900, "neigh": [], "route_get": {}, "ss": [] }] } }
        });
        let text = compact(&recording).unwrap();
        let ours: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(ours["actions"][0]["outcome"], json!({ "result": "ok", "sent": 1, "received": 1 }));
        assert_eq!(ours["actions"][1]["outcome"]["hops"][0]["ttl"], 1);
        assert_eq!(ours["actions"][2]["outcome"], json!({}));
        assert_eq!(
            ours["interfaces"],
            json!({ "pc.eth0": { "frames": [{ "a": "p", "t": 0, "pm": 1, "T": 3, "s": "out", "runs": [1] }] } })
        );
        assert_eq!(ours["nodes"], json!({ "pc": { "snapshots": [{ "name": "end", "neigh": [], "ss": [] }] } }));
        assert!(ours.get("note").is_none() && ours.get("segments").is_none());
        assert_eq!(text.lines().next(), Some("{"));
    }

    #[test]
    fn what_is_no_recording_is_refused() {
        assert_eq!(compact(&json!({ "lab": "x" })).unwrap_err().to_string(), "title is missing");
    }
}
