//! What the page's module offers to scripts.

use roundtrip_sim::Simulation;
use wasm_bindgen::prelude::wasm_bindgen;

/// A hash of everything that happens in a lab, given as JSON: equal hashes, equal traces. Also where there is no page:
/// a test compares it with the native program's. Throws a text that says why if the lab cannot run.
///
/// # Errors
///
/// What is wrong with the lab, in English.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "what a module offers to scripts must be public")]
pub fn trace_hash(lab: &str) -> Result<String, String> {
    let loaded = roundtrip_lab::load(lab);
    match loaded.lab.as_ref().filter(|_| loaded.can_run()) {
        Some(lab) => {
            let (scenario, _) = roundtrip_lab::to_scenario(lab);
            Ok(format!("{:016x}", roundtrip_lab::report::trace_hash(&Simulation::new(scenario).run())))
        }
        None => Err(loaded.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}
