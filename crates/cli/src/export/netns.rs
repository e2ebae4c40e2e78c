//! `roundtrip export netns`

use super::Output;
use crate::error::Failure;
use crate::input;
use crate::say::Say;
use roundtrip_export::netns::{Refused, script};
use std::io::Write;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(crate) struct NetnsArgs {
    /// The lab
    lab: String,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: &NetnsArgs, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let lab = input::lab(&args.lab, say)?;
    let text = script(&lab, say.language()).map_err(|refused| say_refused(&refused, say))?;
    args.output.write(out, text.as_bytes(), true)?;
    Ok(ExitCode::SUCCESS)
}

/// Says why a lab cannot be built on a Linux kernel.
pub(super) fn say_refused(refused: &[Refused], say: &Say) -> Failure {
    for reason in refused {
        eprintln!("{}", sentence(reason, say));
    }
    Failure::Lab
}

fn sentence(reason: &Refused, say: &Say) -> String {
    match reason {
        Refused::ReservedInterface { device, interface } => {
            say.text("netns-reserved", &[("device", device.as_str()), ("interface", interface.as_str())])
        }
        Refused::Errors(_) => say.text("cannot-run", &[]),
    }
}
