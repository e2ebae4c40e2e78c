//! Files on their way to the folder of the site, which changes all at once: whoever is served
//! from it meanwhile never sees half of it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

/// A folder beside the one that it will replace.
pub(crate) struct Stage {
    path: PathBuf,
    out: PathBuf,
}

impl Stage {
    /// Makes an empty one for this folder.
    ///
    /// # Errors
    /// That the folder holds something that is no site, and would be lost.
    pub(crate) fn new(out: &Path) -> Result<Self> {
        let name = out.file_name().with_context(|| format!("{} cannot be a folder for the site", out.display()))?;
        if out.exists() {
            let empty = fs::read_dir(out).with_context(|| format!("{} is no folder", out.display()))?.next().is_none();
            ensure!(
                empty || out.join("index.html").is_file(),
                "{} holds something that is no site; empty it, or name another folder",
                out.display()
            );
        }
        let path = out.with_file_name(format!(".{}.new", name.to_string_lossy()));
        remove(&path)?;
        fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self { path, out: out.to_owned() })
    }

    /// Where to put files.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the files in the place of the old.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn publish(self) -> Result<()> {
        let old = self.path.with_extension("old");
        remove(&old)?;
        if self.out.exists() {
            fs::rename(&self.out, &old)?;
        }
        fs::rename(&self.path, &self.out).with_context(|| format!("cannot put the site into {}", self.out.display()))?;
        remove(&old)
    }
}

fn remove(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Scratch;

    #[test]
    fn a_site_is_replaced_whole() {
        let scratch = Scratch::with(&[("dist/index.html", "old"), ("dist/stale.js", "")]);
        let out = scratch.path().join("dist");
        let stage = Stage::new(&out).unwrap();
        fs::write(stage.path().join("index.html"), "new").unwrap();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "old");
        stage.publish().unwrap();
        assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "new");
        assert!(!out.join("stale.js").exists());
        assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_no_site_is_not_lost() {
        let scratch = Scratch::with(&[("home/thesis.txt", "")]);
        assert!(Stage::new(&scratch.path().join("home")).is_err());
        assert!(scratch.path().join("home/thesis.txt").exists());
    }
}
