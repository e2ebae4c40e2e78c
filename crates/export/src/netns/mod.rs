//! A lab as a shell script that builds it in Linux network namespaces, and runs there what happens in it.
//!
//! The script is the description: one line for each thing of the lab, in the words of the functions before them. What a shell
//! cannot do (cables with a delay, services, clients) a Python program inside it does. Nothing of a lab becomes code: every
//! text of it is one quoted word.

mod actions;
pub(crate) mod network;
pub(crate) mod quote;

use quote::{comment, word};
use roundtrip_lab::document::{ActionKind, System};
use roundtrip_lab::{Lab, to_scenario};
use roundtrip_sim::{Scenario, SimTime, Simulation};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What the script says for itself and the functions that it is written in.
const FUNCTIONS: &str = include_str!("functions.sh");
/// What a shell cannot do.
const HELPER: &str = include_str!("helper.py");

/// Names of interfaces that a kernel keeps for itself, or for all interfaces.
const RESERVED: [&str; 3] = ["lo", "all", "default"];

/// Why a lab cannot be built on a Linux kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// An interface has a name that the kernel keeps for itself.
    ReservedInterface {
        /// Whose.
        device: String,
        /// The name.
        interface: String,
    },
    /// The document has errors: it would not run in the simulation either.
    Errors(usize),
}

/// The script, for `sh`. `language` is that of the reader, in which the lab's texts are chosen.
///
/// # Errors
/// Everything that keeps the lab from being built.
pub fn script(lab: &Lab, language: &str) -> Result<String, Vec<Refused>> {
    let (scenario, problems) = to_scenario(lab);
    let refused = refused(lab, &problems);
    if !refused.is_empty() {
        return Err(refused);
    }
    let script = Script { lab, scenario: &scenario, language };
    Ok(script.text())
}

pub(crate) fn refused(lab: &Lab, problems: &[roundtrip_lab::Problem]) -> Vec<Refused> {
    let errors = roundtrip_lab::check(lab).iter().chain(problems).filter(|problem| problem.is_error()).count();
    if errors > 0 {
        return vec![Refused::Errors(errors)];
    }
    let interfaces = lab.devices.iter().flat_map(|device| device.interfaces.iter().map(move |interface| (device, interface)));
    interfaces
        .filter(|(_, interface)| RESERVED.contains(&interface.name.as_str()))
        .map(|(device, interface)| Refused::ReservedInterface { device: device.name.clone(), interface: interface.name.clone() })
        .collect()
}

struct Script<'a> {
    lab: &'a Lab,
    scenario: &'a Scenario,
    language: &'a str,
}

/// Seconds with as many digits as they need.
fn seconds(time: SimTime) -> String {
    let (whole, rest) = (time.as_nanos() / 1_000_000_000, time.as_nanos() % 1_000_000_000);
    let text = format!("{whole}.{rest:09}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Script<'_> {
    fn text(&self) -> String {
        let mut out = String::from("#!/bin/sh\n");
        out.push_str(&comment(self.lab.title.get(self.language)));
        out.push_str(&comment(self.lab.description.get(self.language)));
        let _ = writeln!(out, "# Written by Roundtrip {} from a lab. --help tells how to use it.\n", env!("CARGO_PKG_VERSION"));
        out.push_str(FUNCTIONS);
        out.push_str("\nhelper() {\n    cat > \"$dir/helper.py\" <<'END_OF_HELPER'\n");
        out.push_str(HELPER);
        out.push_str("END_OF_HELPER\n}\n\nbegin \"$@\"\n");
        for (program, package) in self.programs() {
            let _ = writeln!(out, "need {program} {package}");
        }
        out.push_str("prepare\nhelper\n");
        self.network(&mut out);
        let lead = SimTime::from_millis(u64::try_from(self.lab.actions.len()).unwrap_or(0).saturating_mul(150).saturating_add(1000));
        let _ = writeln!(out, "\n# What happens, in seconds from the start\nbegin_time {}", seconds(lead));
        self.actions(&mut out);
        let ends = Simulation::with_trace(self.scenario.clone(), false).ends();
        let _ = writeln!(out, "finish {}{}", seconds(ends), self.all_nodes());
        out
    }

    /// Programs that this lab needs beside those that every lab needs, with Debian's packages.
    fn programs(&self) -> BTreeSet<(&'static str, &'static str)> {
        let mut needed = BTreeSet::new();
        if self.lab.devices.iter().any(|device| !self.rules(device).is_empty()) {
            needed.insert(("nft", "nftables"));
        }
        if self.sets_tracking() {
            needed.insert(("conntrack", "conntrack"));
        }
        for action in &self.lab.actions {
            match &action.kind {
                ActionKind::Ping(_) => needed.insert(("ping", "iputils-ping")),
                ActionKind::Traceroute(_) => needed.insert(("traceroute", "traceroute")),
                ActionKind::Nft(_) => needed.insert(("nft", "nftables")),
                ActionKind::ConntrackFlush(_) => needed.insert(("conntrack", "conntrack")),
                _ => false,
            };
        }
        needed
    }

    /// What a node is called in the script: its name, where that can be part of a file's name, else its place.
    fn node(&self, place: u32) -> String {
        let name = self.scenario.nodes.get(place as usize).map_or("", |node| node.name.as_str());
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let ours = name == "fabric" || name.starts_with("node-");
        if plain && !ours && (1..=40).contains(&name.len()) { name.to_owned() } else { format!("node-{place}") }
    }

    fn all_nodes(&self) -> String {
        (0..).zip(&self.scenario.nodes).map(|(place, _)| format!(" {}", self.node(place))).collect()
    }

    fn is_windows(&self, place: usize) -> bool {
        self.lab.devices.get(place).is_some_and(|device| device.system == System::Windows)
    }
}
