//! The application itself: compiled, given its JavaScript, and made small.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::{Mode, assets, compile::Compile, configuration::Configuration, document::Link};
use crate::{say, setup::binaryen::WasmOpt, workspace::Workspace};

/// What the page has to load, as names relative to it.
pub(crate) struct Application {
    /// The JavaScript module.
    pub(crate) js: String,
    /// The WebAssembly that it takes.
    pub(crate) wasm: String,
}

/// Builds the application that the link describes, into the folder `out`.
///
/// # Errors
/// That it does not compile, or an attribute that is not known here.
pub(crate) fn build(
    workspace: &Workspace,
    configuration: &Configuration,
    mode: Mode,
    folder: &Path,
    link: &Link,
    out: &Path,
) -> Result<Application> {
    link.only(&["data-bin", "data-wasm-opt", "data-cargo-profile-release", "data-cargo-profile-dev", "data-cargo-features"])?;
    let name = link.get("data-bin").context("the rust link must name its data-bin")?;
    let (profile, attribute) = match mode {
        Mode::Release => ("release", "data-cargo-profile-release"),
        Mode::Debug => ("dev", "data-cargo-profile-dev"),
    };
    let compile = Compile {
        manifest: folder.join("Cargo.toml"),
        bin: name.clone(),
        profile: link.get(attribute).unwrap_or_else(|| profile.to_owned()),
        features: link.get("data-cargo-features"),
    };

    // First what may fail for want of a network, then the minute of compiling.
    let optimiser = match (mode, link.get("data-wasm-opt").as_deref()) {
        (Mode::Debug, _) | (_, Some("0")) => None,
        (Mode::Release, level) => Some((WasmOpt::ensure(workspace)?, level.unwrap_or_default().to_owned())),
    };
    let compiled = say::timed(&format!("Compiling {name} to WebAssembly ({})", compile.profile), || compile.run())?;
    let wasm = fs::read(&compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let hashed = configuration.hashed_application(&name, &wasm);
    let application = Application { js: format!("{hashed}.js"), wasm: format!("{hashed}_bg.wasm") };

    let bound = workspace.scratch("bindgen").join(&compile.profile);
    say::timed("Making the JavaScript that loads it (wasm-bindgen)", || bind(&compiled, &name, &bound))?;
    fs::copy(bound.join(format!("{name}.js")), out.join(&application.js))?;
    if bound.join("snippets").is_dir() {
        assets::copy_folder(&bound.join("snippets"), &out.join("snippets"))?;
    }
    let bound = bound.join(format!("{name}_bg.wasm"));
    let small = match optimiser {
        Some((wasm_opt, level)) => optimise(workspace, &wasm_opt, &level, &bound)?,
        None => bound,
    };
    fs::copy(&small, out.join(&application.wasm))?;
    Ok(application)
}

/// The version of wasm-bindgen that is built into us, as our manifest pins it.
pub(crate) fn bindgen_version() -> &'static str {
    include_str!("../../Cargo.toml")
        .lines()
        .find_map(|line| line.strip_prefix("wasm-bindgen-cli-support = \"="))
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or("?")
}

/// Does what `wasm-bindgen --target web --no-typescript` does.
///
/// # Errors
/// Those of wasm-bindgen; most often that the page was compiled against another version.
pub(crate) fn bind(wasm: &Path, name: &str, out: &Path) -> Result<()> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.web(true)?.input_path(wasm).out_name(name).typescript(false);
    bindgen.generate(out).with_context(|| {
        format!(
            "wasm-bindgen {} cannot use {}; the `wasm-bindgen` that web/Cargo.toml asks for must \
             be that very version",
            bindgen_version(),
            wasm.display()
        )
    })
}

/// Optimises, unless the same input has been optimised before.
fn optimise(workspace: &Workspace, wasm_opt: &WasmOpt, level: &str, input: &Path) -> Result<PathBuf> {
    let content = fs::read(input)?;
    let folder = workspace.scratch("optimised");
    let output = folder.join(format!("{:x}-{level}.wasm", seahash::hash(&content)));
    if output.is_file() {
        return Ok(output);
    }
    // Only the latest is worth its room.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    say::timed("Making it small (wasm-opt)", || {
        let unfinished = output.with_extension("unfinished");
        wasm_opt.optimise(level, input, &unfinished)?;
        fs::rename(&unfinished, &output)?;
        let after = fs::metadata(&output)?.len();
        say::note(&format!("{} became {}", say::bytes(content.len() as u64), say::bytes(after)));
        Ok(())
    })?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_of_the_library_is_known() {
        assert_eq!(super::bindgen_version(), "0.2.130");
    }

    /// Trunk's tools, the page's dependency and ours must be one version.
    #[test]
    fn all_pins_of_wasm_bindgen_agree() {
        let version = super::bindgen_version();
        let trunk = include_str!("../../../../Trunk.toml");
        assert!(trunk.contains(&format!("wasm_bindgen = \"{version}\"")));
        let lock = include_str!("../../../../Cargo.lock");
        assert!(lock.contains(&format!("name = \"wasm-bindgen\"\nversion = \"{version}\"")));
    }
}
