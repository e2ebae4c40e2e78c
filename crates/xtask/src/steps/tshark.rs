//! Our captures as tshark reads them, and as we take them apart ourselves.

use anyhow::Result;

use super::{Context, Outcome};
use crate::setup;

pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    let program = match setup::tshark::ensure() {
        Ok(program) => program,
        Err(reason) => return Ok(Outcome::Skipped(format!("there is no tshark here, and {reason:#}"))),
    };
    context.cargo().args(["test", "--package", "roundtrip-editor", "--test", "tshark"]).env("ROUNDTRIP_TSHARK", program).run()?;
    Ok(Outcome::Passed)
}
