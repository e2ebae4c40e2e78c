//! A run in the making, slice by slice, so that whoever waits for it can go on drawing, and change their mind.

use crate::run::Run;
use roundtrip_lab::{Lab, Problem};
use roundtrip_sim::{Scenario, Simulation};

/// Events that are simulated in the call that asks for a run. Labs of classroom size end within them; all that is larger goes on
/// in slices.
pub const AT_ONCE: u64 = 30_000;

/// Events of one slice: a few milliseconds of work.
pub const SLICE: u64 = 4_000;

/// The share of the whole work that the simulation is taken to be, in thousandths; the rest is reading what happened.
const SIMULATED: u64 = 800;

/// How far the run has come of which a page shows nothing yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// What is shown is what happens in the document.
    #[default]
    Done,
    /// The run of the document as it is now is being made; what is shown is an earlier one.
    Going {
        /// Thousandths that are done: of the simulated time, then of the reading.
        permille: u16,
    },
    /// It was stopped; what is shown is an earlier one.
    Stopped,
}

/// A run in the making.
#[derive(Debug)]
pub struct Work {
    problems: Vec<Problem>,
    scenario: Scenario,
    simulation: Simulation,
    over: bool,
}

impl Work {
    /// Begins with a document.
    #[must_use]
    pub fn new(lab: &Lab) -> Self {
        let problems = roundtrip_lab::check(lab);
        let can_run = !problems.iter().any(Problem::is_error);
        let scenario = if can_run { roundtrip_lab::to_scenario(lab).0 } else { Scenario::default() };
        let simulation = Simulation::new(scenario.clone());
        Self { problems, scenario, simulation, over: false }
    }

    /// Simulates at most so many events. True if nothing is left to simulate.
    pub fn simulate(&mut self, events: u64) -> bool {
        self.over = self.over || self.simulation.run_events(events);
        self.over
    }

    /// Thousandths of the work that are done.
    #[must_use]
    pub fn permille(&self) -> u16 {
        let (now, end) = (self.simulation.now().as_nanos(), self.simulation.ends().as_nanos());
        // In microseconds the product is far from the type's end.
        let share = if self.over { SIMULATED } else { (now / 1000 * SIMULATED) / (end / 1000).max(1) };
        u16::try_from(share.min(SIMULATED)).unwrap_or_default()
    }

    /// The run. What is left to simulate is simulated first.
    #[must_use]
    pub fn finish(self) -> Run {
        Run::read(self.problems, self.scenario, self.simulation.run())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::report::trace_hash;

    #[test]
    fn slices_make_the_same_run() {
        for example in roundtrip_lab::examples() {
            let lab = example.lab();
            let whole = Run::new(&lab);
            for slice in [1, 7, 1000] {
                let mut work = Work::new(&lab);
                let mut before = 0;
                while !work.simulate(slice) {
                    assert!(work.permille() >= before, "progress goes one way");
                    before = work.permille();
                }
                assert_eq!(u64::from(work.permille()), SIMULATED);
                assert_eq!(trace_hash(&work.finish().trace), trace_hash(&whole.trace), "{} in slices of {slice}", example.id);
            }
        }
    }
}
