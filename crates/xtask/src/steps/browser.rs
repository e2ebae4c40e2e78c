//! The page in a browser: every `*.test.mjs` in `tests/browser`, run by Node's test runner.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::{Context, Outcome};
use crate::{
    process::Run,
    serving::{Port, Server},
    setup,
    site::single::pack,
};

pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    let folder = context.workspace.browser_tests();
    setup::node::modules(&folder, "the browser tests' packages")?;
    let chromium = setup::chromium::ensure()?;
    let site = context.site()?;
    let binary = context.binary()?;
    let tests = tests(&folder)?;
    ensure!(!tests.is_empty(), "there is no test in {}", folder.display());
    let single = context.workspace.scratch("single.html");
    pack(&site, &single)?;
    let server = Server::start(Port::reserve(Some(0))?, &site, false)?;
    Run::new("node")
        // One file at a time: two browsers on two cores make timers late.
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .arg("--test-timeout=180000")
        .args(tests)
        .dir(&folder)
        .env("ROUNDTRIP_URL", server.address())
        .env("ROUNDTRIP_DIST", site)
        .env("ROUNDTRIP_BIN", binary)
        .env("ROUNDTRIP_SINGLE", single)
        .env(setup::chromium::VARIABLE, chromium)
        .run()?;
    Ok(Outcome::Passed)
}

/// The tests' files by name: Node's own search differs from version to version.
fn tests(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        if name.to_string_lossy().ends_with(".test.mjs") {
            found.push(PathBuf::from(name));
        }
    }
    found.sort();
    Ok(found)
}
