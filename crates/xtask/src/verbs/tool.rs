//! Standing in for commands that Trunk starts.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Result, ensure};
use clap::Subcommand;

use crate::site::{bind, bindgen_version};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    tool: Tool,
}

/// The commands.
#[derive(Subcommand)]
enum Tool {
    /// `wasm-bindgen`, with the arguments that Trunk gives it
    #[command(disable_version_flag = true)]
    WasmBindgen(WasmBindgen),
}

#[derive(clap::Args)]
struct WasmBindgen {
    #[arg(long)]
    version: bool,
    #[arg(long, default_value = "web")]
    target: String,
    #[arg(long)]
    no_typescript: bool,
    #[arg(long, required_unless_present = "version")]
    out_dir: Option<PathBuf>,
    #[arg(long, required_unless_present = "version")]
    out_name: Option<String>,
    #[arg(required_unless_present = "version")]
    input: Option<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// Arguments that Trunk does not give for our page, and those of wasm-bindgen.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let Tool::WasmBindgen(args) = &args.tool;
    if let (Some(input), Some(name), Some(dir)) = (&args.input, &args.out_name, &args.out_dir) {
        ensure!(args.target == "web" && args.no_typescript, "only --target web --no-typescript is known here");
        bind(input, name, dir)?;
    } else {
        println!("wasm-bindgen {}", bindgen_version());
    }
    Ok(ExitCode::SUCCESS)
}
