//! The page as files.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Result, ensure};

use super::{Context, Outcome};
use crate::{
    setup,
    site::{self, Builder, Mode, Order},
};

pub(super) fn size(context: &Context<'_>) -> Result<Outcome> {
    let out = context.site()?;
    let table = site::size::report(&out)?;
    print!("{table}");
    site::size::check(&table)?;
    Ok(Outcome::Passed)
}

/// Trunk's site against our own, file by file.
pub(super) fn trunk(context: &Context<'_>) -> Result<Outcome> {
    if setup::trunk::find().is_none() {
        let version = setup::trunk::VERSION;
        return Ok(Outcome::Skipped(format!("Trunk {version} is not installed")));
    }
    let own = files(&context.site()?)?;
    let out = context.workspace.scratch("by-trunk");
    site::build(context.workspace, &Order { mode: Mode::Release, out: out.clone(), builder: Builder::Trunk })?;
    let trunk = files(&out)?;
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    ensure!(names(&own) == names(&trunk), "the sites have other files: ours {:?}, Trunk's {:?}", names(&own), names(&trunk));
    for (name, content) in &own {
        ensure!(trunk.get(name) == Some(content), "{name} is another file when Trunk builds");
    }
    Ok(Outcome::Passed)
}

fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
                found.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(found)
}
