//! `cargo xtask serve`.

use std::process::ExitCode;

use anyhow::Result;

use super::build::What;
use crate::{
    say,
    serving::{Port, Server, watch::Watch},
    site,
    workspace::Workspace,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    what: What,
    /// The port; 0 takes any free one (default: the first free one from 8080)
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// Build again whenever a source changes, and reload the pages that are open
    #[arg(long)]
    watch: bool,
}

/// Runs it, until it is stopped.
///
/// # Errors
/// Those of building, and that no port could be had.
pub(crate) fn run(args: &Args, workspace: &Workspace) -> Result<ExitCode> {
    // Before the build, since a port that is taken should not cost a build to find out.
    let port = Port::reserve(args.port)?;
    let order = args.what.order(workspace)?;
    // Before the build as well, so that an edit during it counts as one.
    let mut watch = args.watch.then(|| Watch::new(workspace));
    site::build(workspace, &order)?;
    let server = Server::start(port, &order.out, args.watch)?;
    say::heading(&format!("Serving {} — stop with Ctrl+C", order.out.display()));
    println!("{}", server.address());
    loop {
        match &mut watch {
            None => std::thread::park(),
            Some(watch) => {
                let changed = watch.wait();
                say::heading(&format!("{} changed", changed.display()));
                match site::build(workspace, &order) {
                    Ok(()) => server.reload(),
                    // The last good build stays up; the next edit may mend it.
                    Err(error) => say::failure(&format!("{error:#}")),
                }
            }
        }
    }
}
