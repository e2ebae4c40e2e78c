//! `cargo xtask conform`: hands over to the program of that name, which is a package of its own
//! (`crates/xtask/kernel`), since xtask must compile where the simulation does not.

use std::{ffi::OsString, process::ExitCode};

use anyhow::{Result, bail};

use crate::{process::Run, workspace::Workspace};

#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// Labs and options; `cargo xtask conform --help` tells them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "LAB")]
    arguments: Vec<OsString>,
}

/// Builds the program, which says what it finds out.
///
/// # Errors
/// That this is no Linux, or that the program does not compile.
pub(crate) fn run(args: &Args, workspace: &Workspace) -> Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        bail!("labs are realised in network namespaces, which only Linux has");
    }
    let program = build(workspace)?;
    start(program, args)
}

/// The program, built; where cargo put it.
///
/// # Errors
/// That it does not compile.
pub(crate) fn build(workspace: &Workspace) -> Result<OsString> {
    Run::cargo().args(["build", "--quiet", "--package", "roundtrip-kernel", "--bin", "conform"]).dir(workspace.root()).run()?;
    let name = format!("conform{}", std::env::consts::EXE_SUFFIX);
    Ok(workspace.target().join("debug").join(name).into_os_string())
}

/// Becomes the program: an interruption at the terminal then is its own business, which has namespaces to remove.
#[cfg(unix)]
fn start(program: OsString, args: &Args) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(std::process::Command::new(program).args(&args.arguments).exec().into())
}

#[cfg(not(unix))]
fn start(program: OsString, args: &Args) -> Result<ExitCode> {
    Run::new(program).args(&args.arguments).run().map(|()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use serde_json::Value;

    use crate::oracle_lab::convert;

    /// One half of the way there and back; the other is `crates/xtask/kernel/tests/round_trip.rs`.
    #[test]
    fn recorded_labs_are_what_the_converter_makes_of_them() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut count = 0;
        for entry in fs::read_dir(here.join("kernel/tests/recorded")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let read = |path: &Path| serde_json::from_str::<Value>(&fs::read_to_string(path).unwrap()).unwrap();
            let mut ours = read(&here.join(format!("../../tests/conformance/labs/{name}.json")));
            // The notes of the recording, which say nothing that is realised.
            ours.as_object_mut().unwrap().remove("description");
            assert_eq!(convert(&read(&path), name).unwrap(), ours, "{name}");
            count += 1;
        }
        assert!(count > 0);
    }
}
