//! `roundtrip run`

use crate::args::RunArgs;
use crate::error::Failure;
use crate::say::Say;
use crate::{capture, input, summary};
use roundtrip_lab::document::Seconds;
use roundtrip_lab::{report, to_scenario};
use roundtrip_sim::Simulation;
use roundtrip_sim::trace::End;
use std::io::Write;
use std::process::ExitCode;

pub(crate) fn run(args: &RunArgs, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let lab = input::lab(&args.lab, say)?;
    let (mut scenario, _) = to_scenario(&lab);
    if let Some(until) = args.until.and_then(Seconds::from_f64) {
        let simulation_end = Simulation::new(scenario.clone()).ends();
        scenario.duration = Some(simulation_end.min(until.0));
    }
    let places = args.at.iter().map(|place| capture::place(&scenario, place)).collect::<Result<Vec<_>, _>>()?;
    let trace = Simulation::new(scenario.clone()).run();
    if args.json {
        writeln!(out, "{}", report::run_json(&lab, &scenario, &trace))?;
    } else if args.hash {
        writeln!(out, "{:016x}", report::trace_hash(&trace))?;
    } else if places.is_empty() {
        summary::write(out, say, &lab, &scenario, &trace)?;
    } else {
        capture::write(out, &scenario, &trace, &places)?;
    }
    Ok(match trace.end {
        End::Finished => ExitCode::SUCCESS,
        End::Limit(_) => ExitCode::from(1),
    })
}
