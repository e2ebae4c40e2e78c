//! All pairs of hosts: whether the way there and the way back differ, and which device that tracks connections sees one side only.
//!
//! Where packets of the run went from one host to the other, their way counts; where none did, a ping is simulated in the network as it
//! stands at the start. Large labs have many pairs: [`Pairs::step`] does a part at a time.

use crate::run::Run;
use roundtrip_explain::reading::{Fate, Reading};
use roundtrip_lab::Lab;
use roundtrip_lab::document::Kind;
use roundtrip_sim::Simulation;
use roundtrip_sim::netfilter::ruleset::CtState;
use roundtrip_sim::scenario::{Action, ActionKind, NodeId, Ping, Scenario};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{PacketId, Trace, Why};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// So many pings are simulated at once.
const BATCH: usize = 12;
/// More hosts than this are too many to be paired.
const MOST_HOSTS: usize = 120;

/// The way of one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The devices, both ends included, as far as packets came.
    pub stations: Vec<NodeId>,
    /// Those of them that track connections and tracked this one.
    pub tracking: Vec<NodeId>,
    /// They came to the end.
    pub complete: bool,
    /// No packet of the run went there: this was a ping that nobody asked for.
    pub probed: bool,
}

/// Two hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The one that comes first in the document.
    pub a: NodeId,
    /// The other.
    pub b: NodeId,
    /// From the first to the other.
    pub there: Option<Taken>,
    /// From the other to the first.
    pub back: Option<Taken>,
}

impl Pair {
    /// Whether the two ways meet different devices; none if one of them is not known to its end.
    #[must_use]
    pub fn differs(&self) -> Option<bool> {
        let (there, back) = (self.there.as_ref()?, self.back.as_ref()?);
        (there.complete && back.complete).then(|| !there.stations.iter().eq(back.stations.iter().rev()))
    }

    /// The devices that track connections and meet one of the two ways only.
    #[must_use]
    pub fn one_sided(&self) -> Vec<NodeId> {
        let (Some(there), Some(back)) = (&self.there, &self.back) else { return Vec::new() };
        let only = |way: &Taken, other: &Taken| -> Vec<NodeId> {
            way.tracking.iter().filter(|node| other.complete && !other.stations.contains(node)).copied().collect()
        };
        let mut found = only(there, back);
        found.extend(only(back, there));
        found
    }
}

/// The table of all pairs, in the making or ready.
#[derive(Clone, Debug)]
pub struct Pairs {
    /// The pairs.
    pub rows: Vec<Pair>,
    scenario: Scenario,
    hosts: Vec<(NodeId, Ipv4Addr)>,
    /// Pairs whose ways are not known yet, by place in `rows`, the next one last.
    open: Vec<usize>,
}

impl Pairs {
    /// Of a run of this document: what packets took is known at once, the rest after as many steps as it needs.
    #[must_use]
    pub fn new(lab: &Lab, run: &Run) -> Self {
        let ends = lab.devices.iter().filter(|device| matches!(device.kind, Kind::Host | Kind::Internet));
        let address = |node: NodeId| {
            let interfaces = &run.scenario.nodes.get(node.0 as usize)?.interfaces;
            Some(interfaces.iter().find_map(|interface| interface.addresses.first())?.addr())
        };
        let host = |name: &str| {
            let node = run.node(name)?;
            Some((node, address(node)?))
        };
        let hosts: Vec<(NodeId, Ipv4Addr)> = ends.filter_map(|device| host(&device.name)).take(MOST_HOSTS).collect();
        let taken = taken(&run.scenario, &run.trace, &hosts, false);
        let mut rows = Vec::new();
        for (place, (a, _)) in hosts.iter().enumerate() {
            for (b, _) in hosts.iter().skip(place.saturating_add(1)) {
                let way = |from, to| taken.get(&(from, to)).cloned();
                rows.push(Pair { a: *a, b: *b, there: way(*a, *b), back: way(*b, *a) });
            }
        }
        let known = |pair: &Pair| pair.differs().is_some();
        let open = rows.iter().enumerate().rev().filter(|(_, pair)| !known(pair)).map(|(place, _)| place).collect();
        Self { rows, scenario: run.scenario.clone(), hosts, open }
    }

    /// Finds out about some more pairs. True if nothing is left to do.
    pub fn step(&mut self) -> bool {
        let batch = self.open.split_off(self.open.len().saturating_sub(BATCH));
        if batch.is_empty() {
            return true;
        }
        let pairs: Vec<(NodeId, NodeId)> = batch.iter().filter_map(|place| self.rows.get(*place)).map(|pair| (pair.a, pair.b)).collect();
        let address = |node: NodeId| self.hosts.iter().find(|(host, _)| *host == node).map(|(_, address)| *address);
        let pings = pairs.iter().zip(0_u16..).filter_map(|((a, b), number)| Some(ping(*a, address(*b)?, number)));
        let scenario = Scenario { actions: pings.collect(), duration: None, ..self.scenario.clone() };
        let trace = Simulation::new(scenario.clone()).run();
        let found = taken(&scenario, &trace, &self.hosts, true);
        for place in batch {
            let Some(pair) = self.rows.get_mut(place) else { continue };
            // What packets of the run took to its end stays.
            for (way, key) in [(&mut pair.there, (pair.a, pair.b)), (&mut pair.back, (pair.b, pair.a))] {
                if !way.as_ref().is_some_and(|way| way.complete) {
                    *way = found.get(&key).cloned().or(way.take());
                }
            }
        }
        self.open.is_empty()
    }

    /// How many pairs are not known yet.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.open.len()
    }
}

fn ping(from: NodeId, to: Ipv4Addr, number: u16) -> Action {
    let second = SimTime::from_secs(1);
    let ping = Ping {
        from,
        to,
        source: None,
        count: 1,
        interval: second,
        size: 56,
        df: None,
        ttl: None,
        timeout: second,
        ident: number.saturating_add(1),
    };
    Action { id: format!("probe-{number}"), at: SimTime::from_millis(u64::from(number).saturating_mul(40)), kind: ActionKind::Ping(ping) }
}

/// The ways between hosts that packets of a trace took: the first that led to the end, else the first.
fn taken(scenario: &Scenario, trace: &Trace, hosts: &[(NodeId, Ipv4Addr)], probed: bool) -> BTreeMap<(NodeId, NodeId), Taken> {
    let reading = Reading::new(scenario, trace);
    let mut found: BTreeMap<(NodeId, NodeId), Taken> = BTreeMap::new();
    let owner = |address: Ipv4Addr| hosts.iter().find(|(_, own)| *own == address).map(|(node, _)| *node);
    for (record, packet) in trace.packets.iter().zip((0_u32..).map(PacketId)) {
        let is_host = hosts.iter().any(|(node, _)| *node == record.node);
        if !is_host || matches!(record.why, Why::Resolution | Why::Error) || reading.first_ip(packet).is_none() {
            continue;
        }
        let arrived = match reading.fate(packet) {
            Fate::Arrived { node, .. } => Some(node).filter(|node| hosts.iter().any(|(host, _)| host == node)),
            _ => None,
        };
        let meant = || owner(reading.first_ip(packet)?.dst);
        let Some(to) = arrived.or_else(meant).filter(|to| *to != record.node) else { continue };
        let key = (record.node, to);
        if found.get(&key).is_some_and(|known| known.complete || arrived.is_none()) {
            continue;
        }
        let stations = reading.path(packet);
        let tracks = |node: &NodeId| {
            let visit = reading.visit_at(packet, *node);
            visit.and_then(|visit| reading.tracked(visit)).is_some_and(|(state, ..)| state != CtState::Untracked)
        };
        // The ends may track as well, but both ways meet them.
        let between = stations.iter().filter(|node| **node != record.node && **node != to);
        let tracking = between.filter(|node| tracks(node)).copied().collect();
        found.insert(key, Taken { stations, tracking, complete: arrived.is_some(), probed });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(lab: &str) -> (Run, Pairs) {
        let lab = roundtrip_lab::example(lab).unwrap().lab();
        let run = Run::new(&lab);
        let mut pairs = Pairs::new(&lab, &run);
        let mut steps = 0;
        while !pairs.step() {
            steps += 1;
            assert!(steps < 100);
        }
        (run, pairs)
    }

    fn names(run: &Run, nodes: &[NodeId]) -> Vec<String> {
        nodes.iter().map(|node| run.device_name(*node).to_owned()).collect()
    }

    #[test]
    fn in_the_story_r1_sees_one_side_of_what_pc1_and_pc2_say() {
        let (run, pairs) = pairs("story");
        let pair = pairs.rows.iter().find(|pair| run.device_name(pair.a) == "pc1" && run.device_name(pair.b) == "pc2").unwrap();
        assert_eq!(pair.differs(), Some(true));
        assert_eq!(names(&run, &pair.one_sided()), ["r1"]);
        assert_eq!(names(&run, &pair.there.as_ref().unwrap().stations), ["pc1", "r1", "r2", "pc2"]);
        assert!(!pair.there.as_ref().unwrap().probed, "its packets took it");
    }

    #[test]
    fn pairs_that_do_not_speak_are_asked_by_pings() {
        let (run, pairs) = pairs("story");
        assert_eq!(pairs.left(), 0);
        let other = pairs.rows.iter().find(|pair| pair.there.as_ref().is_some_and(|way| way.probed)).expect("a pair without traffic");
        assert!(other.there.as_ref().unwrap().complete, "{:?}", names(&run, &other.there.as_ref().unwrap().stations));
        assert!(pairs.rows.iter().all(|pair| pair.there.is_some()));
    }

    #[test]
    fn with_the_route_there_and_back_are_one() {
        let (run, pairs) = pairs("cure-route");
        let pair = pairs.rows.iter().find(|pair| run.device_name(pair.a) == "pc1" && run.device_name(pair.b) == "pc2").unwrap();
        assert_eq!(pair.differs(), Some(false));
        assert!(pair.one_sided().is_empty());
    }
}
