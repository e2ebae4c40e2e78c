//! tshark, whose dissectors the captures that we write are held against.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::apt;
use crate::process::on_path;

/// Finds tshark, or installs Debian's.
///
/// # Errors
/// That there is none and it cannot be installed: the message names the remedy.
pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(path) = on_path("tshark") {
        return Ok(path);
    }
    apt::install(&["tshark"], "Installing tshark (apt: 30 MB to fetch, 130 MB on disk)")?;
    on_path("tshark").context("apt installed tshark, but it is not on PATH")
}
