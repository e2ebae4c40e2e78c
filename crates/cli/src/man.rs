//! `roundtrip man`

use crate::args::Cli;
use crate::error::Failure;
use clap::CommandFactory;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// Prints the manual page of the program, or writes those of all its commands into a folder.
pub(crate) fn run(folder: Option<&Path>, out: &mut impl Write) -> Result<ExitCode, Failure> {
    match folder {
        None => clap_mangen::Man::new(Cli::command()).render(out)?,
        Some(folder) => clap_mangen::generate_to(Cli::command(), folder)
            .map_err(|error| Failure::Input { name: folder.display().to_string(), error })?,
    }
    Ok(ExitCode::SUCCESS)
}
