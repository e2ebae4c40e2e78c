//! `cargo xtask single`.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Result;

use crate::{
    say,
    site::{self, Builder, Mode, Order, single::pack},
    workspace::Workspace,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Quick to build, and larger
    #[arg(long)]
    debug: bool,
    /// The file (default: roundtrip.html in the target folder)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// Those of building.
pub(crate) fn run(args: &Args, workspace: &Workspace) -> Result<ExitCode> {
    let mode = if args.debug { Mode::Debug } else { Mode::Release };
    let site = workspace.scratch("single");
    site::build(workspace, &Order { mode, out: site.clone(), builder: Builder::Own })?;
    let out = args.out.clone().unwrap_or_else(|| workspace.target().join("roundtrip.html"));
    pack(&site, &out)?;
    say::heading(&format!("{} is the whole page: {}", out.display(), say::bytes(fs::metadata(&out)?.len())));
    Ok(ExitCode::SUCCESS)
}
