//! `Trunk.toml`, as far as it says how to build: Trunk and we read the same file.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::application::Application;
use crate::workspace::Workspace;

/// What patterns can name without defining it.
const OWN: [&str; 4] = ["base", "js", "wasm", "crossorigin"];

#[derive(Deserialize)]
struct File {
    build: Configuration,
}

/// The table `[build]`. A key that is not known here is an error, lest the two builders differ.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Configuration {
    target: PathBuf,
    #[expect(dead_code, reason = "where to build is the caller's to say")]
    dist: PathBuf,
    public_url: String,
    #[serde(default = "yes")]
    filehash: bool,
    // Only sites without digests are made here.
    #[serde(rename = "no_sri")]
    _no_sri: Always,
    pattern_script: String,
    pattern_preload: String,
    #[serde(default)]
    pattern_params: BTreeMap<String, String>,
}

/// The value `true`, and no other.
#[derive(Deserialize)]
#[serde(try_from = "bool")]
struct Always;

impl TryFrom<bool> for Always {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value { Ok(Self) } else { Err("must be true") }
    }
}

const fn yes() -> bool {
    true
}

impl Configuration {
    /// Reads it.
    ///
    /// # Errors
    /// That the file is not there, is no TOML, or asks for what only Trunk can do.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        let path = workspace.root().join("Trunk.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let file: File = toml::from_str(&text).with_context(|| format!("cannot use {}", path.display()))?;
        let mut configuration = file.build;
        for value in configuration.pattern_params.values_mut() {
            if let Some(name) = value.strip_prefix('@') {
                *value = fs::read_to_string(workspace.root().join(name)).with_context(|| format!("pattern_params names {name}"))?;
            }
            // Trunk fills in one after the other in any order, so this would come out by chance.
            ensure!(
                !OWN.iter().any(|key| value.contains(&format!("{{{key}}}"))),
                "a value of pattern_params must not contain any of {OWN:?} in braces"
            );
        }
        Ok(configuration)
    }

    /// A plain one, for tests.
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        let file: File = toml::from_str(
            r#"
            [build]
            target = "web/index.html"
            dist = "dist"
            public_url = "./"
            no_sri = true
            pattern_script = ""
            pattern_preload = ""
            "#,
        )
        .unwrap();
        file.build
    }

    /// The page's source.
    pub(crate) fn page(&self, workspace: &Workspace) -> PathBuf {
        workspace.root().join(&self.target)
    }

    /// What every address in the page begins with.
    pub(crate) fn base(&self) -> &str {
        &self.public_url
    }

    /// `stem-hash.ext` for a file with this content, so that a browser never mixes two builds.
    pub(crate) fn hashed_name(&self, path: &Path, content: &[u8]) -> String {
        let lossy = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
        if self.filehash {
            let hash = seahash::hash(content);
            format!("{}-{hash:x}.{}", lossy(path.file_stem()), lossy(path.extension()))
        } else {
            lossy(path.file_name())
        }
    }

    /// The application's name with the hash of what the compiler made.
    pub(crate) fn hashed_application(&self, name: &str, wasm: &[u8]) -> String {
        if self.filehash { format!("{name}-{:x}", seahash::hash(wasm)) } else { name.to_owned() }
    }

    /// The element that starts the application.
    pub(crate) fn script(&self, application: &Application) -> String {
        self.fill(&self.pattern_script, application)
    }

    /// The elements that make a browser fetch the application early.
    pub(crate) fn preload(&self, application: &Application) -> String {
        self.fill(&self.pattern_preload, application)
    }

    fn fill(&self, pattern: &str, application: &Application) -> String {
        let own = OWN.into_iter().zip([self.public_url.as_str(), &application.js, &application.wasm, "anonymous"]);
        let more = self.pattern_params.iter().map(|(k, v)| (k.as_str(), v.as_str()));
        own.chain(more).fold(pattern.to_owned(), |text, (key, value)| text.replace(&format!("{{{key}}}"), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<File, toml::de::Error> {
        toml::from_str(text)
    }

    const PLAIN: &str = r#"
        [build]
        target = "web/index.html"
        dist = "dist"
        public_url = "./"
        no_sri = true
        pattern_script = "{greeting} {base}{js}"
        pattern_preload = "{base}{wasm} {crossorigin}"
        pattern_params = { greeting = "load by" }
    "#;

    #[test]
    fn patterns_are_filled_in() {
        let build = parse(PLAIN).unwrap().build;
        let application = Application { js: "a.js".into(), wasm: "a.wasm".into() };
        assert_eq!(build.script(&application), "load by ./a.js");
        assert_eq!(build.preload(&application), "./a.wasm anonymous");
    }

    #[test]
    fn what_only_trunk_can_do_is_refused() {
        assert!(parse(&PLAIN.replace("no_sri = true", "no_sri = false")).is_err());
        assert!(parse(&PLAIN.replace("no_sri = true", "no_sri = true\nminify = \"always\"")).is_err());
    }

    #[test]
    fn names_carry_the_hash_of_the_content() {
        let build = parse(PLAIN).unwrap().build;
        let name = build.hashed_name(Path::new("a/site.css"), b"body{}");
        let other = build.hashed_name(Path::new("a/site.css"), b"body{color:red}");
        assert!(name.starts_with("site-") && name.ends_with(".css"));
        assert_ne!(name, other);
    }
}
