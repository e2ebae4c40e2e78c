//! Which labs: files, examples that come with the program, labs that were recorded.

use anyhow::{Context, Result, bail};
use roundtrip_lab::document::System;
use roundtrip_lab::{Lab, Problem, examples, load};
use std::fs;
use std::path::{Path, PathBuf};

/// The labs that are tried where none is named: short, and of several kinds: fragments, resolution again in the middle of a
/// session, a port clash behind NAT, path MTU discovery, a redirect taken.
pub const USUAL: [&str; 5] = ["w09", "w10", "w06", "w01", "v05b"];

/// A lab with its name.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// Name of the file without its ending, or of the example.
    pub name: String,
    /// The lab.
    pub lab: Lab,
    /// What reading it has warned of.
    pub warnings: Vec<String>,
}

/// The folder of the recorded labs.
#[must_use]
pub fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/conformance/labs")
}

/// Finds a lab by a file's path, an example's name or a recorded lab's name. `as_linux` makes every device a Linux machine.
///
/// # Errors
/// That there is none, or that it cannot be read; then with everything that is wrong with it.
pub fn choose(name: &str, as_linux: bool) -> Result<Chosen> {
    let path = Path::new(name);
    let (text, name) = if path.is_file() {
        let stem = path.file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
        (fs::read_to_string(path).with_context(|| name.to_owned())?, stem)
    } else if let Some(example) = roundtrip_lab::example(name) {
        (example.text.to_owned(), name.to_owned())
    } else if let Some(text) = recorded_text(name) {
        (text, name.to_owned())
    } else {
        let known: Vec<&str> = examples().iter().map(|example| example.id).collect();
        bail!("{name} is neither a file, nor an example ({}), nor a lab of tests/conformance/labs", known.join(", "));
    };
    let loaded = load(&text);
    let Some(mut lab) = loaded.lab else {
        let problems: Vec<String> = loaded.problems.iter().map(Problem::to_string).collect();
        bail!("{name} cannot be read:\n  {}", problems.join("\n  "));
    };
    if as_linux {
        lab.devices.iter_mut().for_each(|device| device.system = System::Linux);
    }
    let warnings = loaded.problems.iter().filter(|problem| !problem.is_error()).map(Problem::to_string).collect();
    Ok(Chosen { name, lab, warnings })
}

fn recorded_text(name: &str) -> Option<String> {
    // A name, not a way out of the folder.
    if name.contains(['/', '\\']) {
        return None;
    }
    fs::read_to_string(recorded().join(format!("{name}.json"))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labs_are_found_by_name() {
        for name in USUAL.into_iter().chain(["story"]) {
            let chosen = choose(name, false).unwrap();
            assert_eq!(chosen.name, name);
            assert!(!chosen.lab.devices.is_empty());
        }
        let error = choose("no-such-lab", false).unwrap_err().to_string();
        assert!(error.contains("story") && error.contains("no-such-lab"), "{error}");
        assert!(choose("../labs/w09", false).is_err());
    }

    #[test]
    fn as_linux_leaves_no_windows() {
        let windows = |lab: &Lab| lab.devices.iter().filter(|device| device.system == System::Windows).count();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/labs/windows.json");
        assert_eq!(windows(&choose(path, false).unwrap().lab), 1);
        assert_eq!(windows(&choose(path, true).unwrap().lab), 0);
        assert_eq!(choose(path, true).unwrap().name, "windows");
    }
}
