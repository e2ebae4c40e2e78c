//! `roundtrip explain` and `roundtrip causes` as a person or a program calls them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that panics says what is wrong")]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn roundtrip(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_roundtrip")).args(args).env("LC_ALL", "C").output().unwrap()
}

fn out(args: &[&str]) -> String {
    let output = roundtrip(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&out(args)).unwrap()
}

/// The text of `args` is the one that is kept; `UPDATE_SNAPSHOTS=1` keeps a new one.
fn snapshot(name: &str, args: &[&str]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain").join(name);
    let text = out(args);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == kept,
        "{name} is old: look at the difference, then UPDATE_SNAPSHOTS=1 cargo test -p roundtrip-cli --test explain\n{text}"
    );
}

#[test]
fn the_story_is_explained_in_english() {
    snapshot("story.en.txt", &["explain", "story"]);
}

#[test]
fn the_story_is_explained_in_japanese() {
    snapshot("story.ja.txt", &["--lang", "ja", "explain", "story", "http"]);
}

#[test]
fn what_works_says_so() {
    snapshot("cure-gateway.en.txt", &["explain", "cure-gateway"]);
}

#[test]
fn programs_get_the_same_as_json() {
    snapshot("story.json", &["explain", "--json", "--no-cures", "story", "http"]);
    let all = json(&["explain", "story", "--json"]);
    assert_eq!((&all["format"], &all["works"]), (&1.into(), &false.into()));
    let names: Vec<&str> = all["conversations"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ping", "http", "ssh"]);
    let http = &all["conversations"][1];
    assert_eq!((&http["cause"]["id"], &http["place"]["device"]), (&"asymmetric-invalid-ack".into(), &"r1".into()));
    let states: Vec<&str> = http["lights"].as_array().unwrap().iter().map(|light| light["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["passed", "passed", "lost"]);
    let cures = http["cures"].as_array().unwrap();
    assert_eq!((&cures[0]["id"], &cures[0]["mends"][0]), (&"route.pc1".into(), &"ssh".into()));
}

#[test]
fn a_cured_lab_can_be_run() {
    let all = json(&["explain", "story", "http", "--json"]);
    let lab = all["conversations"][0]["cures"][0]["lab"].to_string();
    let path = std::env::temp_dir().join(format!("roundtrip-cured-{}.json", std::process::id()));
    std::fs::write(&path, lab).unwrap();
    let cured = json(&["explain", "--json", "--no-cures", path.to_str().unwrap()]);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(cured["works"], true);
}

#[test]
fn a_script_can_ask_whether_everything_works() {
    assert_eq!(roundtrip(&["explain", "--exit-code", "--no-cures", "story"]).status.code(), Some(4));
    assert_eq!(roundtrip(&["explain", "--exit-code", "--no-cures", "story", "ping"]).status.code(), Some(0));
    assert_eq!(roundtrip(&["explain", "--no-cures", "story"]).status.code(), Some(0));
    assert_eq!(roundtrip(&["explain", "--exit-code", "--no-cures", "cure-route"]).status.code(), Some(0));
}

#[test]
fn an_unknown_conversation_names_those_there_are() {
    let output = roundtrip(&["explain", "story", "telnet"]);
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("telnet") && err.contains("ping, http, ssh"), "{err}");
}

#[test]
fn causes_are_listed_and_told() {
    let list = out(&["causes"]);
    assert!(list.lines().any(|line| line.starts_with("nat-hairpin ")), "{list}");
    let one = out(&["--lang", "ja", "causes", "rp-filter"]);
    assert!(one.contains("リバースパスフィルタ") && one.contains("RFC 3704"), "{one}");
    assert_eq!(roundtrip(&["causes", "bad-luck"]).status.code(), Some(2));
}
