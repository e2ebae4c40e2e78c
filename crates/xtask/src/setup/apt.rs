//! Packages of the system, where that is Debian and we may install them.

use std::path::Path;

use anyhow::Result;

use crate::{
    process::{Run, on_path},
    say,
};

/// Installs packages, saying so in the words of `what`.
///
/// # Errors
/// The remedy, where this is no Debian or we may not install; what apt says, where it fails.
pub(crate) fn install(packages: &[&str], what: &str) -> Result<()> {
    let names = packages.join(" ");
    if on_path("apt-get").is_none() || !is_debian() {
        anyhow::bail!("this is no Debian: install what its packages {names} hold by other means");
    }
    let Some(prefix) = privilege() else {
        anyhow::bail!("installing needs root: sudo apt-get install {names}");
    };
    say::timed(what, || {
        let apt = |words: &[&str]| {
            let mut line: Vec<&str> = prefix.to_vec();
            line.push("apt-get");
            line.extend(words);
            let (program, args) = line.split_first().unwrap_or((&"apt-get", &[]));
            Run::new(program).args(args).env("DEBIAN_FRONTEND", "noninteractive")
        };
        // One source that is away makes this fail, and the package may come from another.
        if let Err(error) = apt(&["update", "-q"]).quiet() {
            say::warning(&format!("{error:#}"));
        }
        apt(&["install", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]).args(packages).quiet()
    })?;
    Ok(())
}

/// Debian itself: Ubuntu's packages of the same names may be others.
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
