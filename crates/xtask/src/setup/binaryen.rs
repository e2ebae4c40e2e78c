//! Binaryen's `wasm-opt`, from npm: the package holds the program itself, compiled to
//! WebAssembly, so that it is the same on every machine and downloads nothing more.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::node;
use crate::{process::Run, workspace::Workspace};

const MANIFEST: &str = include_str!("../../npm/binaryen/package.json");
const LOCK: &str = include_str!("../../npm/binaryen/package-lock.json");

/// A `wasm-opt` of the version that we want.
pub(crate) struct WasmOpt {
    script: PathBuf,
}

impl WasmOpt {
    /// Installs it where it is missing, below the target folder.
    ///
    /// # Errors
    /// Those of npm and of the file system.
    pub(crate) fn ensure(workspace: &Workspace) -> Result<Self> {
        let dir = workspace.scratch("binaryen");
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        for (name, text) in [("package.json", MANIFEST), ("package-lock.json", LOCK)] {
            fs::write(dir.join(name), text)?;
        }
        node::modules(&dir, "the size optimiser, 104 MB unpacked")?;
        Ok(Self { script: dir.join("node_modules/binaryen/bin/wasm-opt") })
    }

    /// The script, which Node runs.
    pub(crate) fn script(&self) -> &Path {
        &self.script
    }

    /// Optimises `input` into `output`; the level is one of wasm-opt's (`z`, `s`, `0` to `4`).
    ///
    /// # Errors
    /// Those of wasm-opt.
    pub(crate) fn optimise(&self, level: &str, input: &Path, output: &Path) -> Result<()> {
        Run::new("node").arg(&self.script).arg(format!("-O{level}")).arg(input).arg("--output").arg(output).run()
    }
}
