//! What is expected of the labs of the kernel's recordings: `labs.tsv`, line by line.

#![allow(dead_code, unreachable_pub, clippy::panic, reason = "each test uses its part, and says so by panicking where it cannot go on")]

use std::collections::BTreeMap;

/// Stands for nothing.
pub const NONE: &str = "-";

/// What is expected of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected<'a> {
    pub conversation: &'a str,
    pub outcome: &'a str,
    pub cause: &'a str,
    /// The device at which it breaks.
    pub device: &'a str,
    /// The packet that breaks there, by its name in English.
    pub packet: &'a str,
    /// The first stage that no packet passes.
    pub stage: &'a str,
}

/// Every lab with what is expected of its conversations.
pub fn expected() -> BTreeMap<&'static str, Vec<Expected<'static>>> {
    let mut labs: BTreeMap<&str, Vec<Expected<'static>>> = BTreeMap::new();
    for line in include_str!("labs.tsv").lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [lab, conversation, outcome, cause, device, packet, stage] = columns[..] else { panic!("{line}") };
        labs.entry(lab).or_default().push(Expected { conversation, outcome, cause, device, packet, stage });
    }
    labs
}
