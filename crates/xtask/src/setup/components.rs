//! The parts of the Rust toolchain that only tests need.

use anyhow::{Result, bail};

use crate::{
    process::{Run, on_path},
    say,
};

/// Installs a component where its cargo command is missing.
///
/// # Errors
/// That there is no rustup to install it with, or that rustup cannot.
pub(crate) fn ensure(component: &str, command: &str) -> Result<()> {
    if Run::cargo().args([command, "--version"]).quiet().is_ok() {
        return Ok(());
    }
    if on_path("rustup").is_none() {
        bail!("`cargo {command}` is missing, and there is no rustup to add {component} with");
    }
    say::timed(&format!("Adding the Rust component {component}"), || Run::new("rustup").args(["component", "add", component]).run())
}
