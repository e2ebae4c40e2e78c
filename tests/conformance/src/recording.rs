//! A recording of the kernel, as far as it is compared.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One lab's recording.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Recording {
    /// Name of the lab.
    pub lab: String,
    /// What it shows.
    pub title: String,
    /// The kernel's version.
    #[serde(default)]
    pub kernel: String,
    /// Actions and their outcomes.
    pub actions: Vec<Action>,
    /// Captures by `node.interface`.
    pub interfaces: BTreeMap<String, Interface>,
    /// Tables by node.
    #[serde(default)]
    pub nodes: BTreeMap<String, Node>,
}

/// An action.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Action {
    /// Name.
    pub id: String,
    /// Kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// How it ended; `unstable` where the runs differ.
    #[serde(default)]
    pub outcome: Value,
}

/// A capture.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Interface {
    /// Frames that are not ARP.
    pub frames: Vec<Frame>,
}

/// A frame.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Frame {
    /// The action that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub a: Option<String>,
    /// Milliseconds since that action's first frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub t: Option<f64>,
    /// The step in milliseconds in which the runs agree on `t`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pm: Option<f64>,
    /// Milliseconds since the lab's start.
    #[serde(rename = "T")]
    pub at: f64,
    /// The line, with what a filtering node decided in braces.
    pub s: String,
    /// In which runs it was seen, if not in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs: Option<Vec<u32>>,
}

/// A node's tables.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Node {
    /// At the moments asked for.
    #[serde(default)]
    pub snapshots: Vec<Snapshot>,
}

/// A node's tables at one moment. A table that was not the same in all runs is an object with `unstable`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Snapshot {
    /// Name.
    pub name: String,
    /// `ip neigh`.
    #[serde(default)]
    pub neigh: Value,
    /// `ip route`.
    #[serde(default)]
    pub routes: Value,
    /// `ip route show cache`.
    #[serde(default)]
    pub route_cache: Value,
    /// `ss -tan`.
    #[serde(default)]
    pub ss: Value,
    /// `conntrack -L`.
    #[serde(default)]
    pub conntrack: Value,
    /// Counters of rules.
    #[serde(default)]
    pub nft_counters: Value,
}
