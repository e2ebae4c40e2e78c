//! The program as a person or a script calls it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says what is wrong"
)]

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn roundtrip(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_roundtrip")).args(args).env("LC_ALL", "C").output().unwrap()
}

fn with_input(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_roundtrip"))
        .args(args)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn conformance(lab: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/conformance/labs/{lab}.json"))
}

#[test]
fn a_run_is_summed_up_for_a_person() {
    let output = roundtrip(&["run", "loop"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    assert_eq!(out(&output), include_str!("loop.txt"));
}

#[test]
fn the_story_stalls_at_r1_and_each_cure_cures_it() {
    let story = out(&roundtrip(&["run", "story"]));
    assert!(story.contains("ok, 3 of 3 answered"), "{story}");
    // Whether the application or its system gives up first is the system's habit.
    let http = story.lines().find(|line| line.contains("http pc1 > 192.168.2.10:80")).unwrap();
    assert!(http.contains("connected, 0 bytes received, stuck at recv"), "{story}");
    assert!(story.contains("ct state invalid counter drop (ct state invalid)"), "{story}");
    for cure in ["cure-route", "cure-gateway", "accept-redirects"] {
        let cured = out(&roundtrip(&["run", cure]));
        assert!(cured.contains("ok, connected, 600 bytes received") && !cured.contains("stuck"), "{cured}");
    }
}

#[test]
fn a_link_opens_wherever_a_lab_is_asked_for() {
    let printed = out(&roundtrip(&["link", "loop", "--page", "https://example.org/?lang=ja#old"]));
    let link = printed.trim_end();
    assert!(link.starts_with("https://example.org/?lang=ja#1."), "{link}");
    let (_, document) = link.split_once('#').unwrap();
    for form in [link, document, &format!("#{document}")] {
        let output = roundtrip(&["run", form]);
        assert_eq!((status(&output), out(&output).as_str()), (0, include_str!("loop.txt")), "{}", err(&output));
    }
    let same = roundtrip(&["format", link]);
    assert_eq!(out(&same), out(&roundtrip(&["examples", "loop"])));
}

#[test]
fn a_link_that_was_cut_says_so() {
    let printed = out(&roundtrip(&["link", "story"]));
    let output = roundtrip(&["run", &printed[..printed.len() / 2]]);
    assert_eq!(status(&output), 3);
    assert!(err(&output).contains("[link-cut]") && err(&output).contains("Copy the whole link again"), "{}", err(&output));
    let output = roundtrip(&["run", "https://example.org/"]);
    assert!(err(&output).contains("[link-unknown]"), "{}", err(&output));
}

#[test]
fn captures_are_lines() {
    let output = roundtrip(&["run", "story", "--at", "pc1.eth0"]);
    let text = out(&output);
    assert_eq!(status(&output), 0);
    let syn =
        text.lines().position(|line| line.contains("out pc1.eth0>r1.eth0 tcp 192.168.1.10:40001>192.168.2.10:80 [S] seq=0 len=0")).unwrap();
    let answer =
        text.lines().position(|line| line.contains("in r2.eth0>pc1.eth0 tcp 192.168.2.10:80>192.168.1.10:40001 [SA] seq=0 ack=1")).unwrap();
    assert!(syn < answer);
    let times: Vec<f64> = text.lines().map(|line| line.split_whitespace().next().unwrap().parse().unwrap()).collect();
    assert!(times.windows(2).all(|pair| pair[0] <= pair[1]));
    let both = out(&roundtrip(&["run", "story", "--at", "segment:living", "--at", "r2.eth1"]));
    assert!(both.contains("segment:living:\n") && both.contains("r2.eth1:\n") && both.contains("  wire pc1.eth0>r1.eth0 tcp"), "{both}");
}

#[test]
fn an_unknown_place_names_those_there_are() {
    let output = roundtrip(&["run", "story", "--at", "pc1.eth7"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("pc1.eth0, r1.eth0") && err(&output).contains("segment:living"), "{}", err(&output));
}

#[test]
fn everything_is_told_as_json() {
    let path = conformance("v01");
    let output = roundtrip(&["run", "--json", path.to_str().unwrap()]);
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    let http = run["actions"].as_array().unwrap().iter().find(|action| action["id"] == "http").unwrap();
    assert_eq!((&http["type"], &http["at"], &http["from"], &http["to"]), (&"tcp".into(), &4.into(), &"pc1".into(), &"192.168.2.10".into()));
    assert_eq!(http["outcome"], serde_json::json!({ "result": "timeout", "connected": true, "stage": "recv", "bytes": 0 }));
    let frames = run["interfaces"]["pc1.eth0"]["frames"].as_array().unwrap();
    assert!(frames.len() > 40);
    assert!(frames.iter().all(|frame| frame["T"].is_number() && frame["s"].is_string()));
    assert!(run["segments"]["A"]["frames"][0]["s"].as_str().unwrap().starts_with("wire "));
    let snapshots = run["nodes"]["r1"]["snapshots"].as_array().unwrap();
    let names: Vec<&str> = snapshots.iter().map(|snapshot| snapshot["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["http+0.5s", "http+20s", "http+39s", "ssh+18s", "end"]);
    assert_eq!(snapshots[0]["routes"][1], "192.168.2.0/24 via 192.168.1.2 dev eth0");
    assert_eq!(snapshots[0]["nft_counters"][0]["rule"], "ct state invalid counter drop");
    assert!(snapshots[0]["conntrack"][1].as_str().unwrap().starts_with("tcp SYN_SENT src=192.168.1.10"));
    let drop = run["drops"].as_array().unwrap().iter().find(|drop| drop["reason"] == "rule").unwrap();
    assert_eq!((&drop["node"], &drop["a"]), (&"r1".into(), &"http".into()));
}

#[test]
fn a_run_is_the_same_every_time_and_its_number_says_so() {
    let first = out(&roundtrip(&["run", "story", "--hash"]));
    assert_eq!(first, out(&roundtrip(&["run", "story", "--hash"])));
    assert_eq!(first.trim_end().len(), 16);
    assert!(first.trim_end().bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_ne!(first, out(&roundtrip(&["run", "cure-route", "--hash"])));
    assert_ne!(first, out(&roundtrip(&["run", "story", "--hash", "--until", "5"])));
}

#[test]
fn a_run_can_be_cut_short() {
    let text = out(&roundtrip(&["run", "story", "--until", "2.5"]));
    assert!(text.contains("simulated seconds: 2.500"), "{text}");
    assert_eq!(status(&roundtrip(&["run", "story", "--until", "soon"])), 2);
}

#[test]
fn a_lab_that_is_wrong_is_told_from_one_that_ran() {
    let output = with_input(&["run", "-"], r#"{ "version": 1, "actions": [{ "type": "ping", "from": "nobody", "to": "10.0.0.1" }] }"#);
    assert_eq!(status(&output), 3);
    assert!(
        err(&output).contains("error actions/a1/from [unknown-device]") && err(&output).contains("There is no device nobody."),
        "{}",
        err(&output)
    );
    assert_eq!(out(&output), "");
    let output = with_input(&["check", "-"], "{");
    assert_eq!(status(&output), 3);
    assert!(out(&output).contains("[json-syntax]") && out(&output).contains("Errors: 1"), "{}", out(&output));
    assert_eq!(status(&roundtrip(&["run", "/no/such/file.json"])), 2);
    assert_eq!(status(&roundtrip(&["run", "no-such-example"])), 2);
    assert_eq!(status(&roundtrip(&["walk", "story"])), 2);
}

#[test]
fn a_warning_does_not_keep_a_lab_from_running() {
    let lab = r#"{ "version": 1, "colour": "red", "devices": [{ "name": "a" }] }"#;
    let output = with_input(&["check", "-"], lab);
    assert_eq!(status(&output), 0);
    assert!(out(&output).contains("warning [unknown-field]") && out(&output).contains("It can run."), "{}", out(&output));
    assert_eq!(status(&with_input(&["run", "-"], lab)), 0);
    let problems: Value = serde_json::from_slice(&with_input(&["check", "--json", "-"], lab).stdout).unwrap();
    assert_eq!((&problems[0]["id"], &problems[0]["severity"]), (&"unknown-field".into(), &"warning".into()));
}

#[test]
fn messages_are_in_the_language_asked_for() {
    assert!(out(&roundtrip(&["--lang", "ja", "run", "story"])).contains("行きと帰りの経路が違う"));
    let of_environment =
        Command::new(env!("CARGO_BIN_EXE_roundtrip")).args(["check", "story"]).env("LC_ALL", "ja_JP.UTF-8").output().unwrap();
    assert_eq!(out(&of_environment), "問題はありません。\n");
    assert_eq!(out(&roundtrip(&["--lang", "fr", "check", "story"])), "Nothing is wrong.\n");
}

#[test]
fn examples_are_listed_and_printed_and_can_be_run_from_there() {
    let list = out(&roundtrip(&["examples"]));
    assert!(list.starts_with("story "), "{list}");
    for line in list.lines() {
        let name = line.split(' ').next().unwrap();
        let text = out(&roundtrip(&["examples", name]));
        assert_eq!(status(&with_input(&["check", "-"], &text)), 0, "{name}");
        assert_eq!(out(&with_input(&["format", "-"], &text)), text, "{name}");
    }
    assert_eq!(status(&roundtrip(&["examples", "none"])), 2);
}

#[test]
fn schema_completions_and_manual_are_printed() {
    let schema: Value = serde_json::from_slice(&roundtrip(&["schema"]).stdout).unwrap();
    assert_eq!(schema["title"], "Lab");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(out(&roundtrip(&["completions", shell])).contains("roundtrip"), "{shell}");
    }
    let man = out(&roundtrip(&["man"]));
    assert!(man.contains(".TH roundtrip 1") && man.contains("roundtrip\\-run(1)"), "{man}");
    let help = out(&roundtrip(&["--help"]));
    assert!(help.contains("Exit status: 0 it ran"), "{help}");
    assert!(out(&roundtrip(&["--version"])).starts_with("roundtrip "));
}

#[test]
fn whoever_stops_reading_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_roundtrip"))
        .args(["run", "story", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((status(&output), err(&output).as_str()), (0, ""));
}
