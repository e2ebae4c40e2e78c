//! `cargo xtask conform`: labs on the kernel that runs here, and the simulation held against it.
#![allow(clippy::disallowed_types, reason = "the ban on clocks guards the simulation; this is about a real machine's time")]

mod session;

use clap::Parser;
use roundtrip_kernel::choose::{Chosen, USUAL, choose};
use roundtrip_kernel::kernel::Kernel;
use roundtrip_kernel::machine;
use roundtrip_kernel::translate::{Translated, translate};
use serde_json::Value;
use session::{Lab, Options, Session};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// How the program ends where labs cannot be realised: neither agreement nor disagreement.
const CANNOT: u8 = 3;

/// Realises labs on the Linux kernel that runs here, and holds the simulation against what it does.
///
/// Each lab gets network namespaces of its own (named roundtrip-…), which are removed whatever happens; nothing else is
/// touched. Ends with 0 if all agree, 1 if one does not or could not be compared, 3 if labs cannot be realised on this
/// machine.
#[derive(Parser)]
#[command(name = "cargo xtask conform", bin_name = "cargo xtask conform")]
struct Cli {
    /// Files, names of examples, or names of labs in tests/conformance/labs; a few short ones if none is named
    #[arg(value_name = "LAB")]
    labs: Vec<String>,
    /// Keep the recordings in this folder (in the form of tests/conformance/recordings)
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    /// Runs of each lab; without it one, up to three where something differs, and three for a recording
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10))]
    runs: Option<u16>,
    /// Labs at the same time
    #[arg(long, short, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=16))]
    jobs: u16,
    /// Start nothing that would not be over after so many minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=600))]
    limit: u16,
    /// Keep the captures in this folder: a pcap file for each interface, and what was written down beside
    #[arg(long, value_name = "DIR")]
    captures: Option<PathBuf>,
    /// Take every device for a Linux machine, also in the simulation
    #[arg(long)]
    as_linux: bool,
    /// Only say whether these labs can be realised here
    #[arg(long)]
    check: bool,
    /// Only remove what runs that were killed have left behind
    #[arg(long, conflicts_with_all = ["labs", "record", "captures", "check"])]
    clean: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = if cli.clean { clean() } else { run(cli) };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn cannot(why: &str) -> ExitCode {
    println!("Labs cannot be realised here: {why}");
    ExitCode::from(CANNOT)
}

fn clean() -> anyhow::Result<ExitCode> {
    if let Some(why) = machine::obstacle(&[]) {
        return Ok(cannot(&why));
    }
    let removed = Kernel::clean()?;
    for name in &removed {
        println!("removed {name}");
    }
    if removed.is_empty() {
        println!("nothing was left behind");
    }
    Ok(ExitCode::SUCCESS)
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let names: Vec<String> = if cli.labs.is_empty() { USUAL.map(str::to_owned).to_vec() } else { cli.labs };
    let mut labs = Vec::new();
    let mut refused = 0_usize;
    for name in names {
        let Chosen { name, lab, warnings } = choose(&name, cli.as_linux)?;
        match translate(&lab, &name) {
            Ok(Translated { kernel, scenario, seconds }) => labs.push(Lab { name, kernel, scenario, seconds, warnings }),
            Err(reasons) => {
                refused = refused.saturating_add(1);
                println!("{name}: cannot be realised:\n    {}", reasons.join("\n    "));
            }
        }
    }
    if labs.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    let forms: Vec<&Value> = labs.iter().map(|lab| &lab.kernel).collect();
    if let Some(why) = machine::obstacle(&forms) {
        return Ok(cannot(&why));
    }
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted))?;
    }
    let kernel = Kernel::new(interrupted);
    // What was killed long ago must not stay for ever.
    Kernel::clean()?;
    if let Err(error) = kernel.probe(machine::needs_rules(&forms)) {
        return Ok(cannot(&format!("{error:#}")));
    }
    if cli.check {
        println!("Labs can be realised here, on Linux {}.", machine::kernel_release());
        return Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let options = Options {
        runs: cli.runs,
        jobs: cli.jobs.into(),
        limit: Duration::from_secs(u64::from(cli.limit).saturating_mul(60)),
        record: cli.record,
        captures: cli.captures,
    };
    let good = Session::new(kernel, options)?.run(labs)?;
    Ok(if good && refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
