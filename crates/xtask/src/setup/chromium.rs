//! A Chromium for the browser tests.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{
    process::{Run, on_path},
    say,
};

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
    if on_path("apt-get").is_none() || !is_debian() {
        bail!("the browser tests need Chromium or Chrome: install it, or set {VARIABLE} to its path");
    }
    let Some(prefix) = privilege() else {
        bail!(
            "the browser tests need Chromium, and installing it needs root: \
             sudo apt-get install {}",
            PACKAGES.join(" ")
        );
    };
    say::timed("Installing Chromium (apt: 130 MB to fetch, 430 MB on disk)", || {
        let apt = |words: &[&str]| {
            let mut line: Vec<&str> = prefix.to_vec();
            line.push("apt-get");
            line.extend(words);
            let (program, args) = line.split_first().unwrap_or((&"apt-get", &[]));
            Run::new(program).args(args).env("DEBIAN_FRONTEND", "noninteractive")
        };
        // One source that is away makes this fail, and the browser may come from another.
        if let Err(error) = apt(&["update", "-q"]).quiet() {
            say::warning(&format!("{error:#}"));
        }
        apt(&["install", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]).args(PACKAGES).quiet()
    })?;
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

/// Debian itself: Ubuntu's package of that name only points to a snap, which needs a daemon.
fn is_debian() -> bool {
    std::fs::read_to_string(Path::new("/etc/os-release")).is_ok_and(|text| text.lines().any(|line| line == "ID=debian"))
}

/// The words before a command that needs root; none if we can neither be nor become root.
fn privilege() -> Option<&'static [&'static str]> {
    let id = Run::new("id").arg("-u").quiet().unwrap_or_default();
    if id.trim() == "0" {
        return Some(&[]);
    }
    let sudo = Run::new("sudo").args(["-n", "true"]).quiet();
    sudo.is_ok().then_some(&["sudo", "-n"])
}
