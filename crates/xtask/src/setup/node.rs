//! Node, and packages of npm.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{
    process::{Run, on_path},
    say,
};

/// The oldest Node whose test runner and compression we use.
const OLDEST: u32 = 20;

/// Looks for Node.
///
/// # Errors
/// That it is missing or too old.
pub(crate) fn ensure() -> Result<()> {
    if on_path("node").is_none() || on_path("npm").is_none() {
        bail!(
            "Node {OLDEST} or newer with npm is needed: https://nodejs.org, or on Debian \
             `apt-get install nodejs npm`"
        );
    }
    let version = Run::new("node").arg("--version").quiet()?;
    match major(&version) {
        Some(major) if major >= OLDEST => Ok(()),
        _ => bail!("Node {OLDEST} or newer is needed, and `node --version` says {}: https://nodejs.org", version.trim()),
    }
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Installs the packages that `package-lock.json` in this folder names, each checked against the
/// digest there, unless that has been done before.
///
/// # Errors
/// Those of npm.
pub(crate) fn modules(dir: &Path, what: &str) -> Result<()> {
    let lock = fs::read(dir.join("package-lock.json")).with_context(|| format!("{} has no package-lock.json", dir.display()))?;
    let wanted = format!("{:x}\n", seahash::hash(&lock));
    let stamp = dir.join("node_modules").join(".installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    ensure()?;
    say::timed(&format!("Installing {what} (npm)"), || {
        Run::new("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).args(["--loglevel", "error"]).dir(dir).quiet()?;
        fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("node: not found"), None);
    }
}
