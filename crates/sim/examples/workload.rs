//! Runs one of the measured loads once, for those who count from outside: `workload NAME [bare] [PERCENT]`. With `bare` nothing
//! but outcomes is recorded. Prints one line of JSON.

#[path = "../benches/workloads.rs"]
mod workloads;

use roundtrip_sim::Simulation;
use roundtrip_sim::trace::ActionResult;

/// The largest amount of memory that this process had, in kilobytes, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())
}

#[expect(clippy::disallowed_types, reason = "a measuring program has a clock; the core has none")]
type Clock = std::time::Instant;

fn main() {
    let (mut name, mut bare, mut percent) = (String::new(), false, 100);
    for word in std::env::args().skip(1) {
        match (word.as_str(), word.parse()) {
            ("bare", _) => bare = true,
            (_, Ok(number)) => percent = number,
            _ => name = word,
        }
    }
    let Some(scenario) = workloads::scenario(&name, percent) else {
        eprintln!("the loads are: {}", workloads::NAMES.join(", "));
        std::process::exit(2);
    };
    let before = peak().unwrap_or(0);
    let start = Clock::now();
    let trace = Simulation::with_trace(scenario, !bare).run();
    let seconds = start.elapsed().as_secs_f64();
    let well = trace.outcomes.iter().filter(|outcome| outcome.result == ActionResult::Ok).count();
    println!(
        "{{\"load\":\"{name}\",\"bare\":{bare},\"frames\":{},\"seconds\":{seconds:.3},\"kilobytes\":{},\"actions\":{},\"well\":{well}}}",
        trace.frame_count,
        peak().unwrap_or(0).saturating_sub(before),
        trace.outcomes.len(),
    );
}
