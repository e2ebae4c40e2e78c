//! What may be depended on, by the rules in `deny.toml`.

mod graph;
mod rules;

use anyhow::{Result, bail};

use super::{Context, Outcome};
use crate::say;

/// Checks by cargo-deny where it is installed, else by the part of its rules that is built in.
pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    let deny = || context.cargo().arg("deny");
    if deny().arg("--version").quiet().is_ok() {
        deny().args(["--all-features", "check", "licenses", "bans", "sources"]).run()?;
        // Advisories need the network, and a network that is away is no fault of the code. So
        // only what a database that is there says counts.
        if let Err(error) = deny().args(["fetch", "db"]).quiet() {
            let said = format!("{error:#}");
            let why = said.lines().last().unwrap_or_default();
            say::warning(&format!("advisories not checked, no database: {why}"));
        } else {
            deny().args(["--all-features", "check", "--disable-fetch", "advisories"]).run()?;
        }
        return Ok(Outcome::Passed);
    }
    say::note("cargo-deny is not installed; its licences, sources and duplicates are checked here,");
    say::note("advisories are not (to have them: cargo install --locked cargo-deny)");
    let rules = rules::Rules::read(context.workspace)?;
    let graph = graph::Graph::read(context, rules.targets())?;
    let faults = rules.faults(&graph);
    for fault in &faults {
        say::failure(fault);
    }
    if !faults.is_empty() {
        bail!("{} faults by deny.toml", faults.len());
    }
    say::note(&format!("{} packages are as they may be", graph.packages.len()));
    Ok(Outcome::Passed)
}
