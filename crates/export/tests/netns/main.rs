//! The scripts that build labs in network namespaces.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says what is wrong"
)]

mod hostile;
mod kernel;

use roundtrip_export::netns::script;
use roundtrip_lab::{Lab, examples, load};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/labs")
}

fn lab(name: &str) -> Lab {
    if let Some(example) = roundtrip_lab::example(name) {
        return example.lab();
    }
    load(&std::fs::read_to_string(recorded().join(format!("{name}.json"))).unwrap()).lab.expect(name)
}

/// What `sh -n` says about a script, if anything.
fn complaint(script: &str) -> Option<String> {
    let mut child = Command::new("sh").arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a shell");
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn every_lab_gives_a_script_that_a_shell_can_read() {
    let mut names: Vec<String> = examples().iter().map(|example| example.id.to_owned()).collect();
    for entry in std::fs::read_dir(recorded()).unwrap() {
        names.extend(entry.unwrap().path().file_stem().map(|stem| stem.to_str().unwrap().to_owned()));
    }
    assert!(names.len() > 50);
    for name in names {
        let script = script(&lab(&name), "en").unwrap_or_else(|refused| panic!("{name}: {refused:?}"));
        assert_eq!(complaint(&script), None, "{name}");
    }
}

#[test]
fn what_a_kernel_cannot_have_is_refused_by_name() {
    let mut lab = lab("story");
    lab.devices[0].interfaces[0].name = "lo".to_owned();
    let refused = script(&lab, "en").unwrap_err();
    assert_eq!(format!("{refused:?}"), r#"[ReservedInterface { device: "pc1", interface: "lo" }]"#);
}

#[test]
fn the_script_is_in_the_readers_language() {
    let script = script(&lab("story"), "ja").unwrap();
    let title = lab("story").title.get("ja").to_owned();
    assert!(script.lines().nth(1).unwrap() == format!("# {title}"), "{script:.200}");
}
