//! `roundtrip`: the simulation without a browser.
//!
//! Exit status: 0 it ran (or nothing is wrong), 1 it ran but reached a limit, 2 the command line or a file is wrong,
//! 3 the lab is wrong, 4 a conversation does not work and the status was to say so.

mod args;
mod capture;
mod causes;
mod check;
mod error;
mod examples;
mod explain;
mod export;
mod input;
mod link;
mod man;
mod run;
mod say;
mod summary;

use args::{Cli, Command};
use clap::{CommandFactory, Parser};
use error::Failure;
use say::Say;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let say = Say::new(cli.lang.as_deref());
    let mut out = io::BufWriter::new(io::stdout().lock());
    let result = dispatch(&cli.command, &say, &mut out).and_then(|code| {
        out.flush()?;
        Ok(code)
    });
    match result {
        Ok(code) => code,
        // Whoever read our output has had enough, as `head` does.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.message(&say));
            failure.code()
        }
    }
}

fn dispatch(command: &Command, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    match command {
        Command::Run(args) => run::run(args, say, out),
        Command::Explain(args) => explain::run(args, say, out),
        Command::Causes(args) => causes::run(args, say, out),
        Command::Check(args) => check::run(args, say, out),
        Command::Format { lab } => check::format(lab, say, out),
        Command::Link(args) => link::run(args, say, out),
        Command::Export { format } => export::run(format, say, out),
        Command::Schema => {
            out.write_all(include_bytes!("../../../docs/lab.schema.json"))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Examples { name } => examples::run(name.as_deref(), say, out),
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Cli::command(), "roundtrip", out);
            Ok(ExitCode::SUCCESS)
        }
        Command::Man { folder } => man::run(folder.as_deref(), out),
    }
}
