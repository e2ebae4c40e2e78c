//! Trunk, if a person has it. We never install it: compiling it takes longer than all else.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::binaryen::WasmOpt;
use crate::{
    process::{Run, on_path},
    say,
    workspace::Workspace,
};

/// The version whose output we match; `Trunk.toml` asks for it too.
pub(crate) const VERSION: &str = "0.21.14";

/// Where Trunk is, if it is there at the version that we match; says so if it is another.
pub(crate) fn find() -> Option<PathBuf> {
    let path = on_path("trunk")?;
    let said = Run::new(&path).arg("--version").quiet().unwrap_or_default();
    if said.split_whitespace().nth(1) == Some(VERSION) {
        return Some(path);
    }
    say::warning(&format!(
        "{} says `{}`, but Trunk {VERSION} is wanted; going on without it \
         (to use it: cargo install --locked trunk --version {VERSION})",
        path.display(),
        said.trim()
    ));
    None
}

/// A folder to put first on `PATH`, in which Trunk finds `wasm-bindgen` and `wasm-opt` at the
/// versions that it insists on, so that it neither downloads nor compiles them.
///
/// # Errors
/// Those of the file system and of npm.
pub(crate) fn helpers(workspace: &Workspace) -> Result<PathBuf> {
    let dir = workspace.scratch("bin");
    fs::create_dir_all(&dir)?;
    let this = std::env::current_exe().context("cannot tell where xtask itself is")?;
    script(&dir.join("wasm-bindgen"), &this, "tool wasm-bindgen")?;
    let wasm_opt = WasmOpt::ensure(workspace)?;
    let node = on_path("node").context("node is not on PATH")?;
    script(&dir.join("wasm-opt"), &node, &format!("'{}'", wasm_opt.script().display()))?;
    Ok(dir)
}

fn script(path: &Path, program: &Path, first: &str) -> Result<()> {
    let text = format!("#!/bin/sh\nexec '{}' {first} \"$@\"\n", program.display());
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
