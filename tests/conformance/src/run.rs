//! A simulated run in the shape of a recording.

use roundtrip_sim::trace::{Outcome, Step};
use roundtrip_sim::{IfIndex, NodeId, Port, Scenario, Simulation, Trace, capture};
use roundtrip_wire::{Direction, FrameBody, FrameNumbers, Mac, RelSeq, write_line};
use std::collections::BTreeMap;

/// A frame as it was seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Milliseconds since the start.
    pub at: f64,
    /// The line, without what a filter decided.
    pub line: String,
    /// How connection tracking classed it here, if it came in to a node that tracks.
    pub state: Option<&'static str>,
}

/// A run.
pub struct Run {
    /// What was run.
    pub scenario: Scenario,
    /// Everything that happened.
    pub trace: Trace,
    /// Captures by `node.interface`, ARP left out.
    pub interfaces: BTreeMap<String, Vec<Seen>>,
}

impl Run {
    /// Runs a scenario.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        let trace = Simulation::new(scenario.clone()).run();
        let mut run = Self { scenario, trace, interfaces: BTreeMap::new() };
        run.capture_all();
        run
    }

    /// How an action ended.
    #[must_use]
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        let place = self.scenario.actions.iter().position(|action| action.id == id)?;
        self.trace.outcomes.get(place)
    }

    fn capture_all(&mut self) {
        let mut numbers = RelSeq::new();
        let numbered: Vec<FrameNumbers> = self.trace.frames.iter().map(|record| numbers.observe(&record.frame)).collect();
        let mut names: Vec<(Mac, String)> = Vec::new();
        for node in &self.scenario.nodes {
            for interface in &node.interfaces {
                names.push((interface.mac, format!("{}.{}", node.name, interface.name)));
            }
        }
        let name_of = |mac: Mac| names.iter().find(|(known, _)| *known == mac).map(|(_, name)| name.as_str());
        for (node, id) in self.scenario.nodes.iter().zip(0..) {
            for (interface, index) in node.interfaces.iter().zip(0..) {
                let port = Port { node: NodeId(id), interface: IfIndex(index) };
                let mut seen = Vec::new();
                for sighting in capture::at(&self.trace.frames, &self.trace.visits, port) {
                    if matches!(sighting.frame.body, FrameBody::Arp(_)) {
                        continue;
                    }
                    let Some(rel) = numbered.get(sighting.id.0 as usize) else { continue };
                    let mut line = String::new();
                    if write_line(&mut line, sighting.frame, rel, sighting.direction, &name_of).is_err() {
                        continue;
                    }
                    let state = if sighting.direction == Direction::In { self.state(sighting.visit) } else { None };
                    seen.push(Seen { at: sighting.at.as_nanos() as f64 / 1e6, line, state });
                }
                self.interfaces.insert(format!("{}.{}", node.name, interface.name), seen);
            }
        }
    }

    /// How connection tracking classed a packet during a stay.
    fn state(&self, visit: Option<roundtrip_sim::trace::VisitId>) -> Option<&'static str> {
        let visit = self.trace.visits.get(visit?.0 as usize)?;
        let first = visit.first_step as usize;
        let steps = self.trace.steps.get(first..first + usize::from(visit.step_count))?;
        steps.iter().find_map(|step| if let Step::Conntrack { state, .. } = step { Some(name(*state)) } else { None })
    }
}

/// The word that rules use.
const fn name(state: roundtrip_sim::netfilter::ruleset::CtState) -> &'static str {
    use roundtrip_sim::netfilter::ruleset::CtState;
    match state {
        CtState::Invalid => "invalid",
        CtState::New => "new",
        CtState::Established => "established",
        CtState::Related => "related",
        CtState::Untracked => "untracked",
    }
}
