//! What every device believes at any moment: the run made again up to there, from the nearest point that is remembered.

use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{NodeTables, StationRow, Trace};
use roundtrip_sim::{Scenario, Simulation};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// So many points of a run are remembered, evenly spread over what happens in it.
const POINTS: usize = 24;
/// So many moments that were looked at are remembered whole.
const MOMENTS: usize = 64;

/// What all devices and switches believe at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beliefs {
    /// By node.
    pub nodes: Vec<NodeTables>,
    /// By segment: which stations its switch knows.
    pub segments: Vec<Vec<StationRow>>,
}

/// A run that can be looked into at any moment.
#[derive(Clone, Debug)]
pub struct Replay {
    scenario: Scenario,
    /// Moments at which a point is remembered once the run has been made up to there.
    marks: Vec<SimTime>,
    memory: RefCell<Memory>,
}

#[derive(Clone, Debug, Default)]
struct Memory {
    points: BTreeMap<SimTime, Simulation>,
    moments: BTreeMap<SimTime, Rc<Beliefs>>,
    /// In the order in which they were looked at.
    order: Vec<SimTime>,
}

impl Replay {
    /// Of a scenario whose run gave this trace.
    #[must_use]
    pub fn new(scenario: Scenario, trace: &Trace) -> Self {
        let step = (trace.frames.len() / POINTS).max(200);
        let marks = trace.frames.iter().step_by(step).skip(1).map(|frame| frame.sent).collect();
        Self { scenario, marks, memory: RefCell::default() }
    }

    /// What everybody believes right after everything that happens at `at`.
    #[must_use]
    pub fn at(&self, at: SimTime) -> Rc<Beliefs> {
        let mut memory = self.memory.borrow_mut();
        if let Some(known) = memory.moments.get(&at) {
            return Rc::clone(known);
        }
        let nearest = memory.points.range(..=at).next_back().map(|(_, simulation)| simulation.clone());
        let mut simulation = nearest.unwrap_or_else(|| Simulation::with_trace(self.scenario.clone(), false));
        for mark in self.marks.iter().filter(|mark| simulation.now() < **mark && **mark < at).copied().collect::<Vec<_>>() {
            simulation.run_until(mark);
            memory.points.entry(mark).or_insert_with(|| simulation.clone());
        }
        simulation.run_until(at);
        let beliefs = Rc::new(Beliefs { nodes: simulation.tables(), segments: simulation.stations() });
        memory.moments.insert(at, Rc::clone(&beliefs));
        memory.order.push(at);
        if memory.order.len() > MOMENTS {
            let oldest = memory.order.remove(0);
            memory.moments.remove(&oldest);
        }
        beliefs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story() -> (Scenario, Trace) {
        let scenario = roundtrip_lab::to_scenario(&roundtrip_lab::example("story").unwrap().lab()).0;
        let trace = Simulation::new(scenario.clone()).run();
        (scenario, trace)
    }

    fn from_the_start(scenario: &Scenario, at: SimTime) -> Beliefs {
        let mut simulation = Simulation::with_trace(scenario.clone(), false);
        simulation.run_until(at);
        Beliefs { nodes: simulation.tables(), segments: simulation.stations() }
    }

    #[test]
    fn every_moment_is_as_if_run_from_the_start_whatever_was_looked_at_before() {
        let (scenario, trace) = story();
        let mut replay = Replay::new(scenario.clone(), &trace);
        // Many points, so that they are used.
        replay.marks = trace.frames.iter().step_by(7).map(|frame| frame.sent).collect();
        let moments: Vec<SimTime> = trace.frames.iter().step_by(5).map(|frame| frame.sent).collect();
        for at in moments.iter().chain(moments.iter().rev()).copied().chain([SimTime::ZERO, trace.ended_at]) {
            assert_eq!(*replay.at(at), from_the_start(&scenario, at), "at {at}");
        }
        assert!(replay.memory.borrow().points.len() > 3);
    }

    #[test]
    fn the_end_is_as_the_trace_says() {
        let (scenario, trace) = story();
        let replay = Replay::new(scenario, &trace);
        let end = trace.snapshots.iter().find(|snapshot| snapshot.name == "end").unwrap();
        assert_eq!(replay.at(SimTime::MAX).nodes, end.nodes);
        assert!(Rc::ptr_eq(&replay.at(SimTime::MAX), &replay.at(SimTime::MAX)), "looked at once");
    }
}
