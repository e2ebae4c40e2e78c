//! How fast the engine is, in figures that can be compared from day to day.

mod page;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::json;

use crate::{process::Run, say, setup, workspace::Workspace};

/// What is measured: the name of the load, and what it stands for.
const LOADS: [(&str, &str); 3] = [
    ("story", "the story's network, cured: 10,000 pings and 2,000 web exchanges through a stateful router"),
    ("chain", "32 routers in a row, 100,000 packets"),
    ("mesh", "1,000 routers and 1,000 hosts, 10,000 pings between random pairs"),
];

/// Parts of the chain, in percent, whose instructions are set against each other: what both need drops out.
const PARTS: [u32; 2] = [5, 10];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Leave out the instruction counts, which take a minute
    #[arg(long)]
    quick: bool,
    /// Measure the page in Chromium instead, beside React Flow, Cytoscape, vis-network and Mermaid
    #[arg(long, conflicts_with = "quick")]
    page: bool,
}

/// What a run of the measuring program says.
#[derive(Deserialize)]
struct Figures {
    frames: u64,
    seconds: f64,
    kilobytes: u64,
}

/// Runs it.
///
/// # Errors
/// That something does not compile, or that a load does not run.
pub(crate) fn run(args: &Args, workspace: &Workspace) -> Result<ExitCode> {
    if args.page {
        page::run(workspace)?;
        return Ok(ExitCode::SUCCESS);
    }
    let native = say::timed("Building the loads (cargo)", || build(workspace, None))?;
    let wasm = wasm(workspace);
    println!();
    println!("{:6} {:14} {:>10} {:>9} {:>12} {:>10} {:>12}", "load", "recorded", "frames", "seconds", "hops/s", "MB", "bytes/frame");
    for (name, _) in LOADS {
        for bare in [false, true] {
            let figures = measure(Run::new(&native), name, bare)?;
            row(name, if bare { "outcomes" } else { "everything" }, &figures, true);
        }
        match &wasm {
            Ok(module) => {
                let runner = workspace.root().join("crates/xtask/js/wasi.mjs");
                // Compiled well from the start: what is measured is the code, not how soon the engine finds it hot. (Node 20 may
                // also fall at its end while it still compiles.)
                let compiled = ["--no-warnings", "--single-threaded", "--no-liftoff", "--no-wasm-lazy-compilation"];
                let node = Run::new("node").args(compiled).arg(runner).arg(workspace.root()).arg(module);
                row(name, "wasm in Node", &measure(node, name, false)?, false);
            }
            Err(reason) => println!("{name:6} wasm in Node   skipped: {reason:#}"),
        }
    }
    println!();
    for (name, about) in LOADS {
        println!("{name:6} {about}");
    }
    if !args.quick {
        instructions(&native);
    }
    Ok(ExitCode::SUCCESS)
}

fn build(workspace: &Workspace, target: Option<&str>) -> Result<PathBuf> {
    let mut cargo =
        Run::cargo().dir(workspace.root()).args(["build", "--quiet", "--release", "--package", "roundtrip-sim", "--example", "workload"]);
    let mut folder = workspace.target().to_owned();
    let mut suffix = std::env::consts::EXE_SUFFIX;
    if let Some(target) = target {
        cargo = cargo.args(["--target", target]);
        folder = folder.join(target);
        suffix = ".wasm";
    }
    cargo.run()?;
    Ok(folder.join("release/examples").join(format!("workload{suffix}")))
}

fn wasm(workspace: &Workspace) -> Result<PathBuf> {
    setup::node::ensure()?;
    setup::target::ensure(setup::target::TESTS)?;
    say::timed("Building them as WebAssembly (cargo)", || build(workspace, Some(setup::target::TESTS)))
}

fn measure(program: Run, name: &str, bare: bool) -> Result<Figures> {
    let program = program.arg(name).args(bare.then_some("bare"));
    let output = program.output()?;
    serde_json::from_str(output.trim()).with_context(|| format!("the measuring program said: {output}"))
}

fn row(name: &str, how: &str, figures: &Figures, memory: bool) {
    let Figures { frames, seconds, kilobytes } = figures;
    let rate = *frames as f64 / seconds.max(1e-9);
    let (mb, each) = if memory && *kilobytes > 0 {
        (format!("{}", kilobytes / 1024), format!("{}", kilobytes * 1024 / frames.max(&1)))
    } else {
        ("-".to_owned(), "-".to_owned())
    };
    println!("{name:6} {how:14} {frames:>10} {seconds:>9.3} {rate:>12.0} {mb:>10} {each:>12}");
}

/// Instructions for each packet-hop, by valgrind where it is there: the same figure on every run, whatever else the machine does.
fn instructions(native: &Path) {
    println!();
    for bare in [false, true] {
        let counted: Result<Vec<(u64, u64)>> = PARTS.iter().map(|part| count(native, bare, *part)).collect();
        let how = if bare { "outcomes only" } else { "everything recorded" };
        match counted.as_deref() {
            Ok([(small, few), (large, many)]) if many > few => {
                println!("chain, {how}: {} instructions for each packet-hop", (large.saturating_sub(*small)) / (many - few));
            }
            Ok(_) => println!("chain, {how}: the counts make no sense"),
            Err(reason) => return println!("instructions: skipped ({reason:#}; Debian: apt-get install valgrind)"),
        }
    }
}

fn count(native: &Path, bare: bool, part: u32) -> Result<(u64, u64)> {
    let file = std::env::temp_dir().join(format!("roundtrip-callgrind-{}.out", std::process::id()));
    let output = Run::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(native)
        .arg("chain")
        .args(bare.then_some("bare"))
        .arg(part.to_string())
        .output()?;
    let figures: Figures = serde_json::from_str(output.trim()).with_context(|| json!(output).to_string())?;
    let text = fs::read_to_string(&file)?;
    let _ = fs::remove_file(&file);
    let total = text.lines().find_map(|line| line.strip_prefix("summary:").or_else(|| line.strip_prefix("totals:")));
    let total = total.and_then(|total| total.trim().parse().ok()).context("valgrind wrote no total")?;
    Ok((total, figures.frames))
}
