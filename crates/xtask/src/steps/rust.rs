//! The steps that cargo has commands for.

use anyhow::Result;

use super::{Context, Outcome};
use crate::setup;

const PAGE: &str = "roundtrip-web";

pub(super) fn fmt(context: &Context<'_>) -> Result<Outcome> {
    setup::components::ensure("rustfmt", "fmt")?;
    context.cargo().args(["fmt", "--all", "--check"]).run()?;
    Ok(Outcome::Passed)
}

pub(super) fn clippy(context: &Context<'_>) -> Result<Outcome> {
    setup::components::ensure("clippy", "clippy")?;
    setup::target::ensure(setup::target::PAGE)?;
    context.cargo().args(["clippy", "--workspace", "--exclude", PAGE, "--all-targets"]).args(["--", "-D", "warnings"]).run()?;
    // The page for the target that it is written for: parts of it exist there only.
    context
        .cargo()
        .args(["clippy", "--package", PAGE, "--all-targets"])
        .args(["--target", setup::target::PAGE])
        .args(["--", "-D", "warnings"])
        .run()?;
    Ok(Outcome::Passed)
}

pub(super) fn test(context: &Context<'_>) -> Result<Outcome> {
    context.cargo().args(["test", "--workspace"]).run()?;
    Ok(Outcome::Passed)
}

pub(super) fn doc(context: &Context<'_>) -> Result<Outcome> {
    context.cargo().args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").run()?;
    Ok(Outcome::Passed)
}
