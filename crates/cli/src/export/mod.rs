//! `roundtrip export`: labs and runs in the formats of other programs.

mod containerlab;
mod netns;
mod pcapng;
mod svg;

use crate::error::Failure;
use crate::say::Say;
use clap::Subcommand;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Subcommand)]
pub(crate) enum ExportCommand {
    /// Captures for Wireshark and tshark: every frame at its nanosecond, a comment at each packet that died
    Pcapng(pcapng::PcapngArgs),
    /// The network with the ways that packets take, or the ladder of a conversation, as a picture with the lab inside
    Svg(svg::SvgArgs),
    /// A shell script that builds the lab in Linux network namespaces and runs what happens in it
    Netns(netns::NetnsArgs),
    /// A topology for containerlab: nodes, links, and the commands that configure them
    Containerlab(containerlab::ContainerlabArgs),
}

/// Where an export goes.
#[derive(clap::Args)]
pub(crate) struct Output {
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(command: &ExportCommand, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    match command {
        ExportCommand::Pcapng(args) => pcapng::run(args, say, out),
        ExportCommand::Svg(args) => svg::run(args, say, out),
        ExportCommand::Containerlab(args) => containerlab::run(args, say, out),
        ExportCommand::Netns(args) => netns::run(args, say, out),
    }
}

impl Output {
    /// Writes it there. Bytes that are no text go to no terminal.
    fn write(&self, out: &mut impl Write, bytes: &[u8], is_text: bool) -> Result<(), Failure> {
        match &self.output {
            Some(path) => std::fs::write(path, bytes).map_err(|error| Failure::File { name: path.display().to_string(), error }),
            None if !is_text && std::io::stdout().is_terminal() => Err(Failure::Terminal),
            None => Ok(out.write_all(bytes)?),
        }
    }
}
