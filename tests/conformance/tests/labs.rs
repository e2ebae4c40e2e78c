//! One test per lab: the simulation against the kernel.

use libtest_mimic::{Arguments, Failed, Trial};
use roundtrip_conformance::{Recording, Report, Run, compare};
use std::fs;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Labs that do not agree yet: `name: reason`, a line each.
fn known_failures() -> Vec<(String, String)> {
    let text = fs::read_to_string(folder("known-failures.txt")).unwrap_or_default();
    text.lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .filter_map(|line| line.split_once(':').map(|(name, why)| (name.trim().to_owned(), why.trim().to_owned())))
        .collect()
}

fn read(path: &Path) -> Result<String, Failed> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Holds a lab against a recording.
fn report(recording: &str, lab: &str) -> Result<Report, Failed> {
    let recording = read(&folder("recordings").join(format!("{recording}.json")))?;
    let recording: Recording = serde_json::from_str(&recording).map_err(|error| error.to_string())?;
    let loaded = roundtrip_lab::load(lab);
    let lab = loaded.lab.ok_or_else(|| format!("the lab does not load: {:?}", loaded.problems))?;
    let (scenario, _) = roundtrip_lab::to_scenario(&lab);
    Ok(compare(&recording, &Run::new(scenario)))
}

/// Outcomes and frames agree; a lab of its own has snapshots at moments of its own.
fn agrees(recording: &str, lab: &str) -> Result<(), Failed> {
    let report = report(recording, lab)?;
    if report.outcomes.is_empty() && report.frames.is_empty() && report.matched > 0 { Ok(()) } else { Err(report.text().into()) }
}

fn check(name: &str, known: Option<&str>) -> Result<(), Failed> {
    let report = report(name, &read(&folder("labs").join(format!("{name}.json")))?)?;
    match (report.agrees(), known) {
        (true, None) | (false, Some(_)) => Ok(()),
        (true, Some(_)) => Err("it agrees now: take it out of known-failures.txt".into()),
        (false, None) => Err(report.text().into()),
    }
}

fn main() {
    let arguments = Arguments::from_args();
    let known = known_failures();
    let mut names: Vec<String> = fs::read_dir(folder("recordings"))
        .map(|entries| {
            entries.flatten().filter_map(|entry| entry.path().file_stem().map(|stem| stem.to_string_lossy().into_owned())).collect()
        })
        .unwrap_or_default();
    names.sort();
    let mut trials: Vec<Trial> = names
        .into_iter()
        .map(|name| {
            let why = known.iter().find(|(lab, _)| *lab == name).map(|(_, why)| why.clone());
            let title = if why.is_some() { format!("{name} (known to differ)") } else { name.clone() };
            Trial::test(title, move || check(&name, why.as_deref()))
        })
        .collect();
    // The example that everything grew out of is the recorded lab, drawn nicely.
    trials.push(Trial::test("the story is v01", || {
        let story = roundtrip_lab::example("story").ok_or("there is no story")?;
        agrees("v01", story.text)
    }));
    let count = trials.len();
    trials.push(Trial::test("recordings are there", move || if count == 0 { Err("no recording found".into()) } else { Ok(()) }));
    libtest_mimic::run(&arguments, trials).exit();
}
