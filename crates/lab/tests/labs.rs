//! Every lab that comes with the project can be read, runs, and stays the same when it is saved.

use roundtrip_lab::{load, save};
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
        assert!(problems.is_empty(), "{name}: {problems:#?}");
        assert!(loaded.can_run());
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
