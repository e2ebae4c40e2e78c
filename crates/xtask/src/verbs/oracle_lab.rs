//! `cargo xtask oracle-lab`.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::oracle_lab::convert;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A lab in the format of the kernel recordings
    input: PathBuf,
    /// Where our lab goes
    output: PathBuf,
    /// Pairs of further labs and where they go
    #[arg(value_name = "INPUT OUTPUT")]
    more: Vec<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// A file that cannot be read or written, and a lab that cannot be said in our format.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    ensure!(args.more.len().is_multiple_of(2), "each lab needs a place to go to");
    let files: Vec<&PathBuf> = [&args.input, &args.output].into_iter().chain(&args.more).collect();
    for pair in files.chunks_exact(2) {
        if let [input, output] = pair {
            one(input, output).with_context(|| input.display().to_string())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn one(input: &PathBuf, output: &PathBuf) -> Result<()> {
    let theirs: Value = serde_json::from_str(&fs::read_to_string(input)?)?;
    let name = input.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let ours = convert(&theirs, &name)?;
    fs::write(output, format!("{ours:#}\n")).with_context(|| output.display().to_string())
}
