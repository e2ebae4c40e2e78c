//! One file per verb.
//!
//! To add one: write `verbs/name.rs` with a `#[derive(clap::Args)] struct Args` and a
//! `fn run(args, workspace)`, then name it in [`Verb`] and in [`Verb::run`].

mod bench;
mod build;
pub(crate) mod conform;
mod oracle_lab;
mod oracle_recording;
mod serve;
mod single;
mod test;
mod tool;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::workspace::Workspace;

/// What a person can ask for.
#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Set up what is missing, build the page and serve it on this machine
    Serve(serve::Args),
    /// Set up what is missing and build the page into a folder
    Build(build::Args),
    /// Build the page as one file that runs without a server, from a folder or a USB stick
    Single(single::Args),
    /// Set up what the tests need and run them all, or only those named
    Test(test::Args),
    /// Measure the engine: frames a second, memory, instructions for each packet-hop
    Bench(bench::Args),
    /// Hold the simulation against the Linux kernel of this machine (root), lab by lab
    Conform(conform::Args),
    /// Turn labs of the kernel recordings into our format
    OracleLab(oracle_lab::Args),
    /// Turn kernel recordings into the form that the conformance tests keep
    OracleRecording(oracle_recording::Args),
    /// Stand in for a command that Trunk looks for on PATH
    #[command(hide = true)]
    Tool(tool::Args),
}

impl Verb {
    /// Runs the verb.
    ///
    /// # Errors
    /// What stopped it, in words that name the remedy where there is one.
    pub(crate) fn run(self, workspace: &Workspace) -> Result<ExitCode> {
        match self {
            Self::Serve(args) => serve::run(&args, workspace),
            Self::Build(args) => build::run(&args, workspace),
            Self::Single(args) => single::run(&args, workspace),
            Self::Test(args) => test::run(&args, workspace),
            Self::Bench(args) => bench::run(&args, workspace),
            Self::Conform(args) => conform::run(&args, workspace),
            Self::OracleLab(args) => oracle_lab::run(&args),
            Self::OracleRecording(args) => oracle_recording::run(&args),
            Self::Tool(args) => tool::run(&args),
        }
    }
}
