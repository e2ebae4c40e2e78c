//! From our labs to the form in which they are realised on a kernel: names resolved, defaults written out, rules as text.
//!
//! The reverse of the converter of recorded labs (`cargo xtask oracle-lab`), for all of our format that a kernel can run.
//! What it cannot is refused by name.

mod actions;
mod network;

use roundtrip_lab::document::System;
use roundtrip_lab::{Lab, Problem, to_scenario};
use roundtrip_sim::{Scenario, Simulation};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The longest lab that is realised, in seconds.
pub const LONGEST: u64 = 400;
/// Most interfaces of a lab.
pub const INTERFACES: usize = 100;
/// Most actions of a lab.
pub const ACTIONS: usize = 500;

/// A lab in both forms: for the kernel and for the simulation. Both end at the same time.
#[derive(Clone, Debug)]
pub struct Translated {
    /// For `python/main.py`.
    pub kernel: Value,
    /// For the simulation.
    pub scenario: Scenario,
    /// When both end, in seconds.
    pub seconds: f64,
}

/// Translates a lab; `name` is what it is called.
///
/// # Errors
/// Everything in it that keeps it from being realised, a line each.
pub fn translate(lab: &Lab, name: &str) -> Result<Translated, Vec<String>> {
    let (mut scenario, problems) = to_scenario(lab);
    let mut refused: Vec<String> =
        roundtrip_lab::check(lab).iter().chain(&problems).filter(|problem| problem.is_error()).map(Problem::to_string).collect();
    refused.dedup();
    refused.extend(limits(lab));
    refused.extend(lab.devices.iter().filter(|device| device.system == System::Windows).map(|device| {
        format!("{} runs Windows, of which there is no kernel here (--as-linux takes it for a Linux machine on both sides)", device.name)
    }));
    refused.extend(same_mac(&scenario));
    let ends = Simulation::with_trace(scenario.clone(), false).ends();
    let seconds = ends.as_nanos() as f64 / 1e9;
    if ends.as_nanos() > LONGEST.saturating_mul(1_000_000_000) {
        refused.push(format!("it lasts {seconds} s; at most {LONGEST} s are realised"));
    }
    let nodes = network::nodes(lab, &scenario, &mut refused);
    let actions = actions::actions(lab, &scenario, &mut refused);
    if !refused.is_empty() {
        return Err(refused);
    }
    scenario.duration = Some(ends);
    let kernel = json!({
        "name": name,
        "title": lab.title.get("en"),
        "duration": seconds,
        "segments": network::segments(lab),
        "nodes": nodes,
        "actions": actions,
    });
    Ok(Translated { kernel, scenario, seconds })
}

/// What is larger than a live check takes.
fn limits(lab: &Lab) -> Vec<String> {
    let interfaces: usize = lab.devices.iter().map(|device| device.interfaces.len()).sum();
    [("interfaces", interfaces, INTERFACES), ("actions", lab.actions.len(), ACTIONS)]
        .into_iter()
        .filter(|(_, count, most)| count > most)
        .map(|(what, count, most)| format!("it has {count} {what}; at most {most} are realised"))
        .collect()
}

/// Frames are told apart by the addresses of those who send them.
fn same_mac(scenario: &Scenario) -> Vec<String> {
    let mut owners = BTreeMap::new();
    let mut refused = Vec::new();
    for node in &scenario.nodes {
        for interface in &node.interfaces {
            let name = format!("{}.{}", node.name, interface.name);
            if let Some(other) = owners.insert(interface.mac, name.clone()) {
                refused.push(format!("{other} and {name} have the same Ethernet address, by which captures tell them apart"));
            }
        }
    }
    refused
}

/// Fields in the order in which they are put in.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    /// Puts in what there is.
    fn some<T: Into<Value>>(&mut self, key: &str, value: Option<T>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}

/// A value as it is saved: times as numbers in their own unit.
fn saved(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
