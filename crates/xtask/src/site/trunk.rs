//! Trunk as the builder.

use std::{env, ffi::OsString, path::Path};

use anyhow::Result;

use super::{Mode, Order};
use crate::{process::Run, say, setup, workspace::Workspace};

/// Builds by Trunk, giving it the tools that it would download.
///
/// # Errors
/// Those of Trunk.
pub(crate) fn build(workspace: &Workspace, order: &Order, trunk: &Path) -> Result<()> {
    let run = Run::new(trunk).arg("build").arg("--dist").arg(&order.out);
    let run = match order.mode {
        Mode::Release => run.arg("--release"),
        Mode::Debug => run,
    };
    let run = run
        .dir(workspace.root())
        // Trunk 0.21 takes any value of it other than true and false for a wrong option.
        .without_env("NO_COLOR");
    // Windows finds no shell scripts: there Trunk downloads its tools itself.
    let run = if cfg!(unix) {
        say::timed("Fetching the page's crates (cargo)", || {
            Run::cargo().args(["fetch", "--quiet", "--target", setup::target::PAGE]).dir(workspace.root()).run()
        })?;
        let helpers = setup::trunk::helpers(workspace)?;
        run.env("PATH", first_on_path(&helpers)?).arg("--offline")
    } else {
        run
    };
    say::timed("Building by Trunk", || run.run())
}

fn first_on_path(dir: &Path) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(dir.to_owned()).chain(env::split_paths(&path));
    Ok(env::join_paths(all)?)
}
