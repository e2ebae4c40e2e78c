//! Cargo, asked for the application as WebAssembly.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{process::Run, setup};

/// What to compile.
pub(crate) struct Compile {
    /// The manifest of the page's crate.
    pub(crate) manifest: PathBuf,
    /// The binary in it.
    pub(crate) bin: String,
    /// The cargo profile.
    pub(crate) profile: String,
    /// Features, separated by commas.
    pub(crate) features: Option<String>,
}

impl Compile {
    /// Compiles, and returns where the WebAssembly is.
    ///
    /// # Errors
    /// That it does not compile: cargo has said why by then.
    pub(crate) fn run(&self) -> Result<PathBuf> {
        let mut run = Run::cargo()
            .args(["build", "--target", setup::target::PAGE])
            .arg("--manifest-path")
            .arg(&self.manifest)
            .args(["--bin", &self.bin, "--profile", &self.profile])
            .args(["--message-format", "json-render-diagnostics"]);
        if let Some(features) = &self.features {
            run = run.args(["--features", features]);
        }
        artifact(&run.output()?, &self.bin)
    }
}

/// Picks the file out of cargo's messages.
fn artifact(messages: &str, bin: &str) -> Result<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| {
            message.pointer("/reason").and_then(Value::as_str) == Some("compiler-artifact")
                && message.pointer("/target/name").and_then(Value::as_str) == Some(bin)
                && message.pointer("/target/kind/0").and_then(Value::as_str) == Some("bin")
        })
        .filter_map(|message| {
            let names = message.pointer("/filenames")?.as_array()?;
            names.iter().filter_map(Value::as_str).find(|name| name.ends_with(".wasm")).map(PathBuf::from)
        })
        .next_back()
        .with_context(|| format!("cargo built no WebAssembly called {bin}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_artifact_is_the_one_asked_for() {
        let messages = r#"
{"reason":"compiler-artifact","target":{"name":"page","kind":["lib"]},"filenames":["/t/libpage.rlib"]}
{"reason":"compiler-artifact","target":{"name":"other","kind":["bin"]},"filenames":["/t/other.wasm"]}
{"reason":"compiler-artifact","target":{"name":"page","kind":["bin"]},"filenames":["/t/page.js","/t/page.wasm"]}
{"reason":"build-finished","success":true}
"#;
        assert_eq!(artifact(messages, "page").unwrap(), PathBuf::from("/t/page.wasm"));
        assert!(artifact(messages, "absent").is_err());
    }
}
