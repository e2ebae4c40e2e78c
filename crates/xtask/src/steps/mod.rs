//! What `cargo xtask test` runs: one function per step, in the table [`ALL`].
//!
//! To add a step: write its function in a file here, taking a [`Context`], and name it in the
//! table at the place where it shall run. It sets up what it needs itself (`crate::setup`), lets
//! the programs that it starts write to the terminal, and fails with the reason.

mod browser;
mod conform;
mod policy;
mod rust;
mod site;
mod tshark;
mod wasm;

use std::{cell::OnceCell, path::PathBuf};

use anyhow::Result;

use crate::{
    process::Run,
    say,
    site::{Builder, Mode, Order, build},
    workspace::Workspace,
};

/// One step.
pub(crate) struct Step {
    /// What a person calls it by.
    pub(crate) name: &'static str,
    /// What it finds out.
    pub(crate) about: &'static str,
    /// Does it.
    pub(crate) run: fn(&Context) -> Result<Outcome>,
}

/// How a step ended that did not fail.
pub(crate) enum Outcome {
    /// All is well.
    Passed,
    /// It could not be done here, for this reason, and that is no fault.
    Skipped(String),
}

/// All steps, in the order in which they run: the quick ones first.
pub(crate) const ALL: &[Step] = &[
    Step { name: "fmt", about: "the Rust code is formatted", run: rust::fmt },
    Step { name: "clippy", about: "no lint warns, natively and for the page", run: rust::clippy },
    Step { name: "test", about: "unit, property, integration and documentation tests", run: rust::test },
    Step { name: "doc", about: "the documentation builds without a warning", run: rust::doc },
    Step { name: "deny", about: "licences, sources and duplicates of dependencies; advisories where reachable", run: policy::run },
    Step { name: "conform", about: "short labs on this machine's own kernel (root and Linux, else skipped)", run: conform::run },
    Step { name: "tshark", about: "captures as Wireshark's dissectors read them (skipped without tshark)", run: tshark::run },
    Step { name: "wasm", about: "the core's unit tests again, as WebAssembly in Node", run: wasm::run },
    Step { name: "site", about: "the page builds and keeps its budget of size", run: site::size },
    Step { name: "trunk", about: "Trunk makes the same page (skipped without Trunk)", run: site::trunk },
    Step { name: "browser", about: "the page in Chromium", run: browser::run },
];

/// What steps share.
pub(crate) struct Context<'a> {
    /// The checkout.
    pub(crate) workspace: &'a Workspace,
    site: OnceCell<PathBuf>,
}

impl<'a> Context<'a> {
    /// For this checkout, with nothing built yet.
    pub(crate) fn new(workspace: &'a Workspace) -> Self {
        Self { workspace, site: OnceCell::new() }
    }

    /// Cargo, in the checkout.
    pub(crate) fn cargo(&self) -> Run {
        Run::cargo().dir(self.workspace.root())
    }

    /// The folder of the built page; the first to ask has it built.
    ///
    /// # Errors
    /// Those of building.
    pub(crate) fn site(&self) -> Result<PathBuf> {
        if let Some(out) = self.site.get() {
            return Ok(out.clone());
        }
        let out = self.workspace.dist();
        build(self.workspace, &Order { mode: Mode::Release, out: out.clone(), builder: Builder::Own })?;
        Ok(self.site.get_or_init(|| out).clone())
    }

    /// The native `roundtrip`, built.
    ///
    /// # Errors
    /// That it does not compile.
    pub(crate) fn binary(&self) -> Result<PathBuf> {
        say::timed("Building the command line (cargo)", || self.cargo().args(["build", "--quiet", "--package", "roundtrip-cli"]).run())?;
        let name = format!("roundtrip{}", std::env::consts::EXE_SUFFIX);
        Ok(self.workspace.target().join("debug").join(name))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_steps_have_one_name() {
        let names: BTreeSet<_> = ALL.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), ALL.len());
    }
}
