//! Every lab that comes with the project can be read, runs, and stays the same when it is saved.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says what is wrong"
)]

use roundtrip_lab::{examples, load, save};
use std::path::Path;

fn conformance_labs() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/labs");
    let mut labs: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    labs.sort();
    assert!(labs.len() >= 37);
    labs
}

#[test]
fn the_recorded_labs_have_no_problem_at_all() {
    for (name, text) in conformance_labs() {
        let loaded = load(&text);
        let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
        // Labs of the series x and y are drawn wrong on purpose, here and there; they run all the same.
        assert!(problems.is_empty() || name.starts_with(['x', 'y']), "{name}: {problems:#?}");
        assert!(loaded.can_run(), "{name}: {problems:#?}");
    }
}

#[test]
fn saving_and_loading_changes_nothing() {
    for (name, text) in conformance_labs() {
        let lab = load(&text).lab.unwrap();
        let saved = save(&lab);
        let again = load(&saved).lab.unwrap();
        assert_eq!(lab, again, "{name}");
        assert_eq!(saved, save(&again), "{name}");
    }
}

#[test]
fn the_examples_are_written_as_they_are_saved() {
    for example in examples() {
        let lab = example.lab();
        assert!(!lab.devices.is_empty(), "{}", example.id);
        assert_eq!(save(&lab), example.text, "{}: run roundtrip format", example.id);
        for language in ["en", "ja"] {
            assert!(lab.title.iter().any(|(of, _)| of == language), "{}", example.id);
            assert!(lab.description.iter().any(|(of, _)| of == language), "{}", example.id);
        }
    }
}
