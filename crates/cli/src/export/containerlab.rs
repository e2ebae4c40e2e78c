//! `roundtrip export containerlab`

use super::{Output, netns::say_refused};
use crate::error::Failure;
use crate::input;
use crate::say::Say;
use roundtrip_export::containerlab::{IMAGE, topology};
use std::io::Write;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(crate) struct ContainerlabArgs {
    /// The lab
    lab: String,
    /// The container image of every node; it needs a shell, iproute2, nftables and sysctl
    #[arg(long, default_value = IMAGE)]
    image: String,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: &ContainerlabArgs, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let lab = input::lab(&args.lab, say)?;
    let text = topology(&lab, say.language(), &args.image).map_err(|refused| say_refused(&refused, say))?;
    args.output.write(out, text.as_bytes(), true)?;
    Ok(ExitCode::SUCCESS)
}
