//! The page as files: compile `web/`, make the JavaScript that loads it, optimise its size, and
//! copy what it needs beside it. It is what Trunk does, and the same bytes come out; where Trunk
//! is at hand, it does it.

mod application;
mod assets;
mod compile;
mod configuration;
mod document;
#[cfg(test)]
mod simulated;
pub(crate) mod single;
pub(crate) mod size;
mod stage;
mod trunk;

use std::{
    fs::{self, File},
    path::PathBuf,
};

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::{say, setup, workspace::Workspace};

pub(crate) use application::{bind, bindgen_version};
use configuration::Configuration;
use document::Document;

/// How much work goes into the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Small and fast: what is published.
    Release,
    /// Quick to build again after an edit.
    Debug,
}

/// Who builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Builder {
    /// Trunk where it is installed at the right version, else xtask
    Auto,
    /// Xtask itself
    Own,
    /// Trunk, or nothing
    Trunk,
}

/// What to build, and where to.
pub(crate) struct Order {
    /// How much work goes into the code.
    pub(crate) mode: Mode,
    /// The folder that shall hold the site; what is in it is replaced.
    pub(crate) out: PathBuf,
    /// Who builds.
    pub(crate) builder: Builder,
}

/// Builds the site, setting up what is missing.
///
/// # Errors
/// What cannot be set up, does not compile, or is asked for in `index.html` and not known here.
pub(crate) fn build(workspace: &Workspace, order: &Order) -> Result<()> {
    setup::target::ensure(setup::target::PAGE)?;
    let _lock = lock(workspace)?;
    let trunk = match order.builder {
        Builder::Own => None,
        Builder::Auto => setup::trunk::find(),
        Builder::Trunk => Some(setup::trunk::find().with_context(|| {
            let version = setup::trunk::VERSION;
            format!("Trunk {version} is not on PATH: cargo install --locked trunk --version {version}")
        })?),
    };
    match trunk {
        Some(trunk) => trunk::build(workspace, order, &trunk)?,
        None => own(workspace, order)?,
    }
    say::note(&format!("the page is in {}", order.out.display()));
    Ok(())
}

/// Waits until no other build of the page is under way in this checkout: `serve --watch` and
/// `test` may well run side by side. The lock ends with the value.
fn lock(workspace: &Workspace) -> Result<File> {
    let path = workspace.scratch("lock");
    fs::create_dir_all(workspace.scratch(""))?;
    let file = File::create(&path).with_context(|| format!("cannot make {}", path.display()))?;
    if file.try_lock().is_err() {
        say::note("waiting for another build of the page to end");
        file.lock()?;
    }
    Ok(file)
}

fn own(workspace: &Workspace, order: &Order) -> Result<()> {
    let configuration = Configuration::read(workspace)?;
    let stage = stage::Stage::new(&order.out)?;
    let source = configuration.page(workspace);
    let text = fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let document = Document::parse(&text).with_context(|| format!("{} cannot be built", source.display()))?;
    let folder = source.parent().context("the page is in no folder")?;

    let mut edits = document::Edits::default();
    for link in document.links() {
        let replacement = match link.rel()? {
            "rust" => {
                let built = application::build(workspace, &configuration, order.mode, folder, link, stage.path())?;
                edits.insert(document.head_end()?, configuration.preload(&built));
                configuration.script(&built)
            }
            rel => assets::place(rel, link, folder, &configuration, stage.path())
                .with_context(|| format!("in {}: {}", source.display(), link.source(&text)))?,
        };
        edits.replace(link.range(), replacement);
    }
    let page = edits.apply(&text)?;
    fs::write(stage.path().join("index.html"), page)?;
    stage.publish()
}
