//! `cargo xtask build`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;

use crate::{
    say,
    site::{self, Builder, Mode, Order},
    workspace::Workspace,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) what: What,
    /// Say how large each file is, as it is and compressed
    #[arg(long)]
    sizes: bool,
}

/// The options of all that build the page.
#[derive(clap::Args)]
pub(crate) struct What {
    /// Small and fast, as published (default)
    #[arg(long)]
    release: bool,
    /// Quick to build again after an edit
    #[arg(long, conflicts_with = "release")]
    debug: bool,
    /// The folder for the site; a site that is there is replaced (default: dist)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Who builds
    #[arg(long, value_enum, default_value = "auto")]
    builder: Builder,
}

impl What {
    /// The order for these options.
    ///
    /// # Errors
    /// That there is no current directory.
    pub(crate) fn order(&self, workspace: &Workspace) -> Result<Order> {
        Ok(Order {
            mode: if self.debug { Mode::Debug } else { Mode::Release },
            out: match &self.out {
                Some(out) => std::path::absolute(out)?,
                None => workspace.dist(),
            },
            builder: self.builder,
        })
    }
}

/// Runs it.
///
/// # Errors
/// Those of building.
pub(crate) fn run(args: &Args, workspace: &Workspace) -> Result<ExitCode> {
    let order = args.what.order(workspace)?;
    site::build(workspace, &order)?;
    if args.sizes {
        print!("{}", site::size::report(&order.out)?);
    }
    say::heading("Built");
    Ok(ExitCode::SUCCESS)
}
