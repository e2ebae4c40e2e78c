//! The command line, from which help, completions and the manual page are made.

use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Network labs, simulated packet by packet as the Linux kernel does it.
#[derive(Parser)]
#[command(name = "roundtrip", version, arg_required_else_help = true, after_help = EXIT_STATUS)]
pub(crate) struct Cli {
    /// Language of messages: en or ja [default: that of the environment]
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_STATUS: &str = "LAB is a file, - for standard input, a link (in quotation marks), or the name of an example.\n\n\
Exit status: 0 it ran; 1 it ran, but reached a limit; 2 the command line or a file is wrong; 3 the lab is wrong; \
4 a conversation does not work (explain --exit-code).";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run a lab and say what happened
    Run(RunArgs),
    /// Say of each conversation of a lab how it goes, why, and what would cure it
    Explain(ExplainArgs),
    /// List the causes that an explanation knows, or tell one
    Causes(CausesArgs),
    /// Say everything that is wrong with a lab
    Check(CheckArgs),
    /// Print a lab as it is saved: in the current version, fields in order, defaults left out
    Format {
        /// The lab
        lab: String,
    },
    /// Print a lab as a link: the part of an address behind #, or a whole address
    Link(LinkArgs),
    /// Write a lab or its run in the format of another program
    Export {
        #[command(subcommand)]
        format: crate::export::ExportCommand,
    },
    /// Print the JSON Schema of labs
    Schema,
    /// List the labs that come with the program, or print one
    Examples {
        /// Print this one
        name: Option<String>,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write all of them into a folder
    Man {
        /// The folder
        folder: Option<PathBuf>,
    },
}

#[derive(clap::Args)]
pub(crate) struct RunArgs {
    /// The lab
    pub(crate) lab: String,
    /// Print the capture at an interface (pc1.eth0) or at a segment's mirror port (segment:living); may be repeated
    #[arg(long, value_name = "PLACE", conflicts_with_all = ["json", "hash"])]
    pub(crate) at: Vec<String>,
    /// Print everything that happened as JSON
    #[arg(long, conflicts_with = "hash")]
    pub(crate) json: bool,
    /// Print one number for everything that happened
    #[arg(long)]
    pub(crate) hash: bool,
    /// End at this time at the latest
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) until: Option<f64>,
}

#[derive(clap::Args)]
pub(crate) struct ExplainArgs {
    /// The lab
    pub(crate) lab: String,
    /// Only these conversations, by their names; all without any
    pub(crate) conversations: Vec<String>,
    /// Print it as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Do not look for cures: each is a simulation of its own
    #[arg(long)]
    pub(crate) no_cures: bool,
    /// Exit with status 4 if a conversation does not work
    #[arg(long)]
    pub(crate) exit_code: bool,
}

#[derive(clap::Args)]
pub(crate) struct CausesArgs {
    /// Tell this one, by its id
    pub(crate) id: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct CheckArgs {
    /// The lab
    pub(crate) lab: String,
    /// Print the problems as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args)]
pub(crate) struct LinkArgs {
    /// The lab
    pub(crate) lab: String,
    /// The page's address, to which the document is added; its query may say how it is shown, as in ?lang=ja
    #[arg(long, value_name = "ADDRESS", default_value = "")]
    pub(crate) page: String,
}

pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => Ok(seconds),
        _ => Err("a number of seconds is expected, as in 10 or 2.5".to_owned()),
    }
}
