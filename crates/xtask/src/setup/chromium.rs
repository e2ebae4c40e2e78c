//! A Chromium for the browser tests.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use super::apt;
use crate::process::on_path;

/// The variable that names a browser to use instead of the one found.
pub(crate) const VARIABLE: &str = "ROUNDTRIP_CHROMIUM";

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const MAC: [&str; 2] =
    ["/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/// What apt installs: the browser, and a Japanese font, without which the Japanese page is boxes.
const PACKAGES: [&str; 2] = ["chromium", "fonts-ipafont-gothic"];

/// Finds a browser, or installs one where that is Debian and we may.
///
/// # Errors
/// That there is none and we cannot install one: the message names the remedy.
pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(path) = find()? {
        return Ok(path);
    }
    apt::install(&PACKAGES, "Installing Chromium (apt: 130 MB to fetch, 430 MB on disk)")
        .with_context(|| format!("the browser tests need Chromium or Chrome: install it, or set {VARIABLE} to its path"))?;
    match find()? {
        Some(path) => Ok(path),
        None => bail!("apt installed chromium, but none is on PATH: set {VARIABLE} to its path"),
    }
}

fn find() -> Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        let path = PathBuf::from(named);
        if !path.is_file() {
            bail!("{VARIABLE} names {}, which is no file", path.display());
        }
        return Ok(Some(path));
    }
    Ok(NAMES.iter().find_map(|name| on_path(name)).or_else(|| MAC.iter().map(PathBuf::from).find(|path| path.is_file())))
}
