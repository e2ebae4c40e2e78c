//! `deny.toml`, as far as it can be checked without cargo-deny.

use std::{collections::BTreeMap, fs};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use spdx::{Expression, Licensee};

use super::graph::{Graph, Package};
use crate::workspace::Workspace;

#[derive(Deserialize)]
pub(super) struct Rules {
    graph: Targets,
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Targets {
    targets: Vec<String>,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    #[serde(default)]
    skip: Vec<Skip>,
}

#[derive(Deserialize)]
struct Skip {
    #[serde(rename = "crate")]
    name: String,
}

impl Skip {
    /// Whether it means this package: by name, or as `name@1` and `name@1.2` for what is
    /// compatible with them.
    fn covers(&self, package: &Package) -> bool {
        match self.name.split_once('@') {
            None => self.name == package.name,
            Some((name, wanted)) => {
                name == package.name && package.version.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

impl Rules {
    /// Reads them.
    ///
    /// # Errors
    /// That the file is not there or is not understood.
    pub(super) fn read(workspace: &Workspace) -> Result<Self> {
        let path = workspace.root().join("deny.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("cannot use {}", path.display()))
    }

    /// The targets whose dependencies count.
    pub(super) fn targets(&self) -> &[String] {
        &self.graph.targets
    }

    /// All that is not as it may be.
    pub(super) fn faults(&self, graph: &Graph) -> Vec<String> {
        let licences = graph.packages.values().filter_map(|package| self.licence_fault(package));
        let sources = graph.packages.values().filter_map(|package| self.source_fault(package));
        licences.chain(sources).chain(self.duplicates(graph)).collect()
    }

    fn licence_fault(&self, package: &Package) -> Option<String> {
        let Package { name, version, .. } = package;
        let Some(license) = &package.license else {
            return Some(format!("{name} {version} names no licence"));
        };
        // `MIT/Apache-2.0` is how it was written before SPDX.
        let Ok(expression) = Expression::parse_mode(license, spdx::ParseMode::LAX) else {
            return Some(format!("{name} {version} has the licence `{license}`, which is no SPDX expression"));
        };
        let exceptions = self.licenses.exceptions.iter();
        let allowed: Vec<Licensee> = exceptions
            .filter(|exception| exception.name == *name)
            .flat_map(|exception| &exception.allow)
            .chain(&self.licenses.allow)
            .filter_map(|allowed| Licensee::parse(allowed).ok())
            .collect();
        let fits = expression.evaluate(|wanted| allowed.iter().any(|allowed| allowed.satisfies(wanted)));
        (!fits).then(|| format!("{name} {version} has the licence `{license}`, which deny.toml does not allow"))
    }

    fn source_fault(&self, package: &Package) -> Option<String> {
        let source = package.source.as_ref()?;
        let address = source.trim_start_matches("registry+").trim_start_matches("sparse+");
        let known = self.sources.allow_registry.iter().any(|allowed| allowed == address);
        (!known).then(|| format!("{} {} comes from {source}, which deny.toml does not allow", package.name, package.version))
    }

    fn duplicates(&self, graph: &Graph) -> Vec<String> {
        let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for package in graph.packages.values() {
            let Package { name, version, .. } = package;
            let skip = self.bans.skip.iter().any(|skip| skip.covers(package));
            if package.beyond_tests && !skip {
                versions.entry(name).or_default().push(version);
            }
        }
        versions
            .into_iter()
            .filter(|(_, versions)| versions.len() > 1)
            .map(|(name, versions)| {
                format!(
                    "{name} is there in versions {}: bring them to one, or give the reason in \
                     deny.toml, [bans] skip",
                    versions.join(" and ")
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"
        [graph]
        targets = []
        [licenses]
        allow = ["MIT", "Apache-2.0"]
        exceptions = [{ crate = "special", allow = ["CC0-1.0"] }]
        [bans]
        skip = [{ crate = "old@1", reason = "" }, { crate = "other@1.0", reason = "" }]
        [sources]
        allow-registry = ["https://github.com/rust-lang/crates.io-index"]
    "#;

    fn faults(packages: &[(&str, &str, Option<&str>, &str)]) -> Vec<String> {
        let rules: Rules = toml::from_str(RULES).unwrap();
        let packages = packages
            .iter()
            .map(|(name, version, license, source)| {
                let text = serde_json::json!({
                    "id": format!("{name}@{version}"), "name": name, "version": version,
                    "license": license, "source": source,
                });
                let mut package: Package = serde_json::from_value(text).unwrap();
                package.beyond_tests = true;
                (format!("{name}@{version}"), package)
            })
            .collect();
        rules.faults(&Graph { packages })
    }

    const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

    #[test]
    fn licences_are_read_as_expressions() {
        for licence in ["MIT", "GPL-3.0 OR MIT", "MIT/Apache-2.0", "MIT AND Apache-2.0"] {
            assert!(faults(&[("a", "1.0.0", Some(licence), CRATES_IO)]).is_empty(), "{licence}");
        }
        for licence in [Some("GPL-3.0"), Some("MIT AND MPL-2.0"), Some("CC0-1.0"), None] {
            assert_eq!(faults(&[("a", "1.0.0", licence, CRATES_IO)]).len(), 1, "{licence:?}");
        }
        assert!(faults(&[("special", "1.0.0", Some("CC0-1.0"), CRATES_IO)]).is_empty());
    }

    #[test]
    fn other_sources_are_faults() {
        assert_eq!(faults(&[("a", "1.0.0", Some("MIT"), "git+https://example.org/a")]).len(), 1);
    }

    #[test]
    fn two_versions_are_a_fault_unless_there_is_a_reason() {
        let two = |name| [(name, "1.0.0", Some("MIT"), CRATES_IO), (name, "2.0.0", Some("MIT"), CRATES_IO)];
        assert_eq!(faults(&two("a")).len(), 1);
        assert!(faults(&two("old")).is_empty());
        assert!(faults(&two("other")).is_empty());
        assert_eq!(faults(&two("older")).len(), 1);
    }
}
