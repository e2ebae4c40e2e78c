//! The live check: a few short labs on the kernel of this machine, where that is possible. Installs nothing.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use super::{Context, Outcome};
use crate::{process::Run, say, verbs::conform};

/// Fragments over a narrow link; resolution again in the middle of a session; a port clash behind NAT.
const LABS: [&str; 3] = ["w09", "w10", "w06"];
/// The status by which the program says that labs cannot be realised here.
const CANNOT: i32 = 3;

pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    if !cfg!(target_os = "linux") {
        return Ok(Outcome::Skipped("only Linux has network namespaces".to_owned()));
    }
    let program = say::timed("Building the live check (cargo)", || conform::build(context.workspace))?;
    let check =
        Command::new(&program).arg("--check").args(LABS).stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("conform")?;
    if check.status.code() == Some(CANNOT) {
        let said = String::from_utf8_lossy(&check.stdout);
        return Ok(Outcome::Skipped(said.trim().to_owned()));
    }
    Run::new(&program).args(LABS).args(["--jobs", "3", "--limit", "5"]).run()?;
    // The same by the scripts that are exported.
    context.cargo().args(["test", "--package", "roundtrip-export", "--test", "netns", "kernel"]).env("ROUNDTRIP_NETNS", "1").run()?;
    Ok(Outcome::Passed)
}
