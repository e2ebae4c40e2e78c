//! A run as JSON, in the shape of the recordings' canonical form.

use super::lines::Lines;
use super::{conntrack_lines, counter_lines, drop_detail, drop_name, neighbour_lines, route_cache_lines, socket_lines};
use crate::convert::Index;
use crate::document::{Action, Lab};
use roundtrip_sim::capture::Sighting;
use roundtrip_sim::scenario::Node;
use roundtrip_sim::trace::{End, Limit, Outcome};
use roundtrip_sim::{ActionId, IfIndex, NodeId, Port, Scenario, SegmentId, SimTime, Trace};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

/// Everything that happened: `actions` with their outcomes, `interfaces` and `segments` with their frames, `nodes` with
/// their tables at every snapshot and at the end, `drops`, and how the run ended.
///
/// Times (`T`) are milliseconds since the start.
#[must_use]
pub fn run_json(lab: &Lab, scenario: &Scenario, trace: &Trace) -> String {
    let run = Run { lab, index: Index::new(lab), scenario, trace, lines: Lines::new(scenario, trace) };
    // Its maps have texts as keys, and its numbers are finite.
    serde_json::to_string(&run).unwrap_or_default()
}

struct Run<'a> {
    lab: &'a Lab,
    index: Index<'a>,
    scenario: &'a Scenario,
    trace: &'a Trace,
    lines: Lines<'a>,
}

fn millis(time: SimTime) -> f64 {
    time.as_nanos() as f64 / 1e6
}

impl Run<'_> {
    fn action(&self, id: Option<ActionId>) -> Option<&str> {
        self.scenario.actions.get(id?.0 as usize).map(|action| action.id.as_str())
    }

    fn node_name(&self, id: NodeId) -> &str {
        self.scenario.nodes.get(id.0 as usize).map_or("?", |node| node.name.as_str())
    }
}

impl Serialize for Run<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("title", self.lab.title.get("en"))?;
        map.serialize_entry("ended", &Ended { at: millis(self.trace.ended_at), limit: limit(self.trace.end) })?;
        map.serialize_entry("actions", &Actions(self))?;
        map.serialize_entry("interfaces", &Interfaces(self))?;
        map.serialize_entry("segments", &Segments(self))?;
        map.serialize_entry("nodes", &Nodes(self))?;
        map.serialize_entry("drops", &Drops(self))?;
        map.end()
    }
}

#[derive(Serialize)]
struct Ended {
    #[serde(rename = "T")]
    at: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<&'static str>,
}

const fn limit(end: End) -> Option<&'static str> {
    match end {
        End::Finished => None,
        End::Limit(Limit::Events) => Some("events"),
        End::Limit(Limit::Frames) => Some("frames"),
        End::Limit(Limit::Time) => Some("time"),
    }
}

struct Actions<'a>(&'a Run<'a>);

impl Serialize for Actions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pairs = self.0.lab.actions.iter().zip(&self.0.trace.outcomes);
        serializer.collect_seq(pairs.map(|(action, outcome)| ActionOut { action, index: &self.0.index, outcome }))
    }
}

struct ActionOut<'a> {
    action: &'a Action,
    index: &'a Index<'a>,
    outcome: &'a Outcome,
}

impl Serialize for ActionOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { action, index, outcome } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &action.id)?;
        map.serialize_entry("type", action.kind.name())?;
        map.serialize_entry("at", &action.at)?;
        let target = action.kind.target();
        if let Some(device) = action.kind.device() {
            map.serialize_entry(if target.is_some() { "from" } else { "device" }, device)?;
        }
        if let Some(address) = target.and_then(|target| index.address(target)) {
            map.serialize_entry("to", &address)?;
        }
        map.serialize_entry("outcome", &OutcomeOut(outcome))?;
        map.end()
    }
}

struct OutcomeOut<'a>(&'a Outcome);

impl Serialize for OutcomeOut<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn some<M: SerializeMap>(map: &mut M, key: &'static str, value: Option<impl Serialize>) -> Result<(), M::Error> {
            value.map_or(Ok(()), |value| map.serialize_entry(key, &value))
        }
        let outcome = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("result", outcome.result.name())?;
        some(&mut map, "connected", outcome.connected)?;
        some(&mut map, "stage", outcome.stage)?;
        some(&mut map, "errno", outcome.errno.map(roundtrip_sim::trace::Errno::name))?;
        some(&mut map, "bytes", outcome.bytes)?;
        some(&mut map, "sent", outcome.sent)?;
        some(&mut map, "received", outcome.received)?;
        some(&mut map, "replies", outcome.replies)?;
        some(&mut map, "hops", Some(&outcome.hops).filter(|hops| !hops.is_empty()))?;
        map.end()
    }
}

#[derive(Serialize)]
struct FrameOut<'a> {
    #[serde(rename = "T")]
    at: f64,
    s: String,
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    action: Option<&'a str>,
    packet: u32,
}

struct Frames<'a, F>(&'a Run<'a>, F);

impl<'a, F: Fn() -> I, I: Iterator<Item = Sighting<'a>>> Serialize for Frames<'a, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct List<'a, 'b, F>(&'b Frames<'a, F>);
        impl<'a, F: Fn() -> I, I: Iterator<Item = Sighting<'a>>> Serialize for List<'a, '_, F> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Frames(run, sightings) = self.0;
                let mut seq = serializer.serialize_seq(None)?;
                for sighting in sightings() {
                    let packet = run.trace.packets.get(sighting.packet.0 as usize);
                    seq.serialize_element(&FrameOut {
                        at: millis(sighting.at),
                        s: run.lines.line(&sighting),
                        action: run.action(packet.and_then(|packet| packet.action)),
                        packet: sighting.packet.0,
                    })?;
                }
                seq.end()
            }
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("frames", &List(self))?;
        map.end()
    }
}

struct Interfaces<'a>(&'a Run<'a>);

impl Serialize for Interfaces<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (node, id) in self.0.scenario.nodes.iter().zip(0..) {
            for (interface, index) in node.interfaces.iter().zip(0..) {
                let port = Port { node: NodeId(id), interface: IfIndex(index) };
                map.serialize_entry(&format!("{}.{}", node.name, interface.name), &Frames(self.0, || self.0.lines.at(port)))?;
            }
        }
        map.end()
    }
}

struct Segments<'a>(&'a Run<'a>);

impl Serialize for Segments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (segment, id) in self.0.scenario.segments.iter().zip(0..) {
            map.serialize_entry(&segment.name, &Frames(self.0, || self.0.lines.mirror(SegmentId(id))))?;
        }
        map.end()
    }
}

struct Nodes<'a>(&'a Run<'a>);

#[derive(Serialize)]
struct NodeOut<'a> {
    snapshots: Vec<SnapshotOut<'a>>,
}

#[derive(Serialize)]
struct SnapshotOut<'a> {
    name: &'a str,
    #[serde(rename = "T")]
    at: f64,
    neigh: Vec<String>,
    routes: &'a [String],
    route_cache: Vec<String>,
    ss: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conntrack: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nft_counters: Vec<Counter>,
}

#[derive(Serialize)]
struct Counter {
    chain: String,
    rule: String,
    packets: u64,
    bytes: u64,
}

impl Nodes<'_> {
    fn node<'b>(&'b self, node: &Node, index: usize) -> NodeOut<'b> {
        let trace = self.0.trace;
        let rules = trace.rules.get(index).map_or(&[][..], Vec::as_slice);
        let snapshots = trace
            .snapshots
            .iter()
            .filter_map(|snapshot| {
                let tables = snapshot.nodes.get(index)?;
                Some(SnapshotOut {
                    name: &snapshot.name,
                    at: millis(snapshot.at),
                    neigh: neighbour_lines(node, tables),
                    routes: &tables.routes,
                    route_cache: route_cache_lines(node, tables),
                    ss: socket_lines(tables),
                    conntrack: conntrack_lines(tables),
                    nft_counters: counter_lines(rules, tables)
                        .into_iter()
                        .map(|(chain, rule, packets, bytes)| Counter { chain, rule, packets, bytes })
                        .collect(),
                })
            })
            .collect();
        NodeOut { snapshots }
    }
}

impl Serialize for Nodes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let nodes = self.0.scenario.nodes.iter().enumerate();
        serializer.collect_map(nodes.map(|(index, node)| (&node.name, self.node(node, index))))
    }
}

struct Drops<'a>(&'a Run<'a>);

#[derive(Serialize)]
struct DropOut<'a> {
    #[serde(rename = "T")]
    at: f64,
    node: &'a str,
    reason: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    packet: u32,
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    action: Option<&'a str>,
    /// The frame that brought the packet, as a capture at the interface shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<String>,
}

impl Serialize for Drops<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let run = self.0;
        serializer.collect_seq(run.trace.drops.iter().map(|drop| DropOut {
            at: millis(drop.at),
            node: run.node_name(drop.node),
            reason: drop_name(&drop.reason),
            detail: drop_detail(run.trace, drop),
            packet: drop.packet.0,
            action: run.action(run.trace.packets.get(drop.packet.0 as usize).and_then(|packet| packet.action)),
            s: run.lines.dropped(drop),
        }))
    }
}
