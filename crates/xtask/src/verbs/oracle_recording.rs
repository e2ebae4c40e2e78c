//! `cargo xtask oracle-recording`.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::oracle_recording::compact;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A recording of the kernel, `canon.json`
    input: PathBuf,
    /// Where its compact form goes
    output: PathBuf,
    /// Pairs of further recordings and where they go
    #[arg(value_name = "INPUT OUTPUT")]
    more: Vec<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// A file that cannot be read or written, and one that is no recording.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    ensure!(args.more.len().is_multiple_of(2), "each recording needs a place to go to");
    let files: Vec<&PathBuf> = [&args.input, &args.output].into_iter().chain(&args.more).collect();
    for pair in files.chunks_exact(2) {
        if let [input, output] = pair {
            one(input, output).with_context(|| input.display().to_string())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn one(input: &PathBuf, output: &PathBuf) -> Result<()> {
    let recording: Value = serde_json::from_str(&fs::read_to_string(input)?)?;
    fs::write(output, compact(&recording)?).with_context(|| output.display().to_string())
}
