//! A WebAssembly target of the Rust toolchain.

use std::path::Path;

use anyhow::{Result, bail};

use crate::{
    process::{Run, on_path},
    say,
};

/// The target of the page.
pub(crate) const PAGE: &str = "wasm32-unknown-unknown";

/// The target of the tests that run in WebAssembly: it has a standard output to report to.
pub(crate) const TESTS: &str = "wasm32-wasip1";

/// Installs the target's standard library where it is missing.
///
/// # Errors
/// That there is no rustup to install it with, or that rustup cannot.
pub(crate) fn ensure(target: &str) -> Result<()> {
    // `targets` in rust-toolchain.toml is not enough: rustup reads it when it installs the
    // toolchain, not when the toolchain is there already.
    if is_installed(target)? {
        return Ok(());
    }
    if on_path("rustup").is_none() {
        bail!(
            "the Rust toolchain has no {target}, and there is no rustup to add it; \
             install rustup from https://rustup.rs, or the target's standard library by the \
             package manager that Rust came from"
        );
    }
    say::timed(&format!("Adding the Rust target {target}"), || Run::new("rustup").args(["target", "add", target]).run())
}

fn is_installed(target: &str) -> Result<bool> {
    let libdir = Run::new("rustc").args(["--print", "target-libdir", "--target", target]).quiet()?;
    Ok(Path::new(libdir.trim()).is_dir())
}
