//! The project's own commands, `cargo xtask …`: set up what is missing, build the page, serve it,
//! run every test. `docs/development.md` says what each costs and how to add one.
#![allow(clippy::disallowed_types, reason = "the ban on clocks and hash maps guards the simulation; a build tool measures time")]

mod oracle_lab;
mod oracle_recording;
mod process;
mod say;
mod serving;
mod setup;
mod site;
mod steps;
#[cfg(test)]
mod testing;
mod verbs;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// Set up, build, serve and test Roundtrip.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    verb: verbs::Verb,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match workspace::Workspace::find().and_then(|workspace| cli.verb.run(&workspace)) {
        Ok(code) => code,
        Err(error) => {
            say::failure(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
