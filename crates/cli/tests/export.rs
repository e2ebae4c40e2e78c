//! `roundtrip export` as a person or a script calls it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that panics says what is wrong")]

use std::process::{Command, Output};

fn export(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_roundtrip")).arg("export").args(args).env("LC_ALL", "C").output().unwrap()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn scratch(name: &str) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("export");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

#[test]
fn captures_name_their_interfaces_and_tell_the_deaths() {
    let file = scratch("story.pcapng");
    let output = export(&["pcapng", "story", "-o", file.to_str().unwrap()]);
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    let bytes = std::fs::read(file).unwrap();
    assert!(bytes.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]));
    assert!(contains(&bytes, "pc1.eth0") && contains(&bytes, "pc2.eth0") && !contains(&bytes, "segment:living"));
    assert!(contains(&bytes, "Dropped by R1: connection tracking calls it invalid"));
}

#[test]
fn a_capture_is_where_it_is_asked_for() {
    let one = export(&["pcapng", "story", "--at", "segment:living", "--lang", "ja"]);
    assert!(contains(&one.stdout, "segment:living") && !contains(&one.stdout, "pc1.eth0"));
    assert!(contains(&one.stdout, "R1 で破棄"));
    let device = export(&["pcapng", "story", "--at", "r2", "--at", "r2.eth0"]);
    assert!(contains(&device.stdout, "r2.eth1") && !contains(&device.stdout, "pc1.eth0"));
    let nowhere = export(&["pcapng", "story", "--at", "r9"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(contains(&nowhere.stderr, "r1.eth0, r1.eth1"));
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let output = export(&["pcapng", "story", "-o", "/nowhere/at/all"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(contains(&output.stderr, "/nowhere/at/all cannot be written"), "{output:?}");
}

#[test]
fn a_lab_is_a_shell_script() {
    let output = export(&["netns", "story", "--lang", "ja"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("#!/bin/sh\n# 行き"), "{text:.100}");
    assert!(text.contains("\nroute r1 add 192.168.2.0/24 via 192.168.1.2\n"));
}

#[test]
fn pictures_are_drawn_of_the_network_and_of_a_conversation() {
    let canvas = String::from_utf8(export(&["svg", "story", "--lang", "ja", "--theme", "dark"]).stdout).unwrap();
    assert!(canvas.starts_with("<svg ") && canvas.contains("行き: PC1 → R1 → R2 → PC2") && canvas.contains("#14171d"), "{canvas}");
    let ladder = String::from_utf8(export(&["svg", "story", "--view", "ladder", "--conversation", "ssh"]).stdout).unwrap();
    assert!(ladder.contains("③ ACK") && ladder.contains("invalid"), "{ladder}");
    let nobody = export(&["svg", "story", "--conversation", "nobody"]);
    assert_eq!(nobody.status.code(), Some(2));
    assert!(contains(&nobody.stderr, "ssh"), "{nobody:?}");
}

#[test]
fn a_topology_for_containerlab_has_the_image_that_is_asked_for() {
    let text = String::from_utf8(export(&["containerlab", "story", "--image", "example/net:1"]).stdout).unwrap();
    assert!(text.contains("image: \"example/net:1\"") && text.contains("endpoints: [\"pc1:eth0\", \"segment-living:port1\"]"), "{text}");
}
