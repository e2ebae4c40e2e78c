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
    match script(&lab, say.language()) {
        Ok(text) => args.output.write(out, text.as_bytes(), true).map(|()| ExitCode::SUCCESS),
        Err(refused) => {
            for reason in refused {
                eprintln!("{}", sentence(&reason, say));
            }
            Err(Failure::Lab)
        }
    }
}

fn sentence(reason: &Refused, say: &Say) -> String {
    match reason {
        Refused::ReservedInterface { device, interface } => {
            say.text("netns-reserved", &[("device", device.as_str()), ("interface", interface.as_str())])
        }
        Refused::Errors(_) => say.text("cannot-run", &[]),
    }
}
