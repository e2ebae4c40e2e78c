//! The core's tests as WebAssembly: the same functions, on the machine that the page runs on,
//! where `usize` has 32 bits.

use anyhow::Result;
use serde_json::json;

use super::{Context, Outcome};
use crate::setup;

/// The crates whose tests need nothing but a processor. Not all of them exist from the beginning;
/// those that do not are passed over by name.
const CORE: [&str; 6] = ["wire", "sim", "lab", "explain", "export", "editor"];

pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    setup::node::ensure()?;
    setup::target::ensure(setup::target::TESTS)?;
    let root = context.workspace.root();
    let runner = root.join("crates/xtask/js/wasi.mjs");
    // A list, not a string: a string would be cut at the spaces of the checkout's path.
    let runner = json!(["node", "--no-warnings", runner, root]);
    let packages = CORE
        .iter()
        .filter(|name| root.join("crates").join(name).is_dir())
        .flat_map(|name| ["--package".to_owned(), format!("roundtrip-{name}")]);
    context
        .cargo()
        .args(["test", "--lib", "--target", setup::target::TESTS])
        .args(packages)
        .arg("--config")
        .arg(format!("target.{}.runner={runner}", setup::target::TESTS))
        .run()?;
    Ok(Outcome::Passed)
}
