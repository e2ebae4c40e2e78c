//! What is depended on, as cargo tells it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::steps::Context;

/// Packages by cargo's identifiers.
pub(super) struct Graph {
    pub(super) packages: BTreeMap<String, Package>,
}

/// One package.
#[derive(Clone, Deserialize)]
pub(super) struct Package {
    id: String,
    /// Its name.
    pub(super) name: String,
    /// Its version.
    pub(super) version: String,
    /// Its licence as an SPDX expression.
    pub(super) license: Option<String>,
    /// Where it comes from; nothing for our own.
    pub(super) source: Option<String>,
    /// Whether something depends on it other than for tests.
    #[serde(skip)]
    pub(super) beyond_tests: bool,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

impl Graph {
    /// Asks cargo, for each of the targets.
    ///
    /// # Errors
    /// Those of cargo.
    pub(super) fn read(context: &Context<'_>, targets: &[String]) -> Result<Self> {
        let mut graph = Self { packages: BTreeMap::new() };
        for target in targets {
            let text = context
                .cargo()
                .args(["metadata", "--format-version", "1", "--all-features"])
                .args(["--filter-platform", target])
                .output()?;
            let metadata = serde_json::from_str(&text).context("cargo metadata says something that is not understood")?;
            graph.add(&metadata);
        }
        Ok(graph)
    }

    fn add(&mut self, metadata: &Metadata) {
        let every = reach(metadata, |_| true);
        let beyond_tests = reach(metadata, |kind| kind != Some("dev"));
        for package in &metadata.packages {
            if every.contains(package.id.as_str()) {
                let known = self.packages.entry(package.id.clone()).or_insert_with(|| package.clone());
                known.beyond_tests |= beyond_tests.contains(package.id.as_str());
            }
        }
    }
}

/// The packages that ours lead to along dependencies of these kinds.
fn reach(metadata: &Metadata, follow: impl Fn(Option<&str>) -> bool) -> BTreeSet<&str> {
    let nodes: BTreeMap<&str, &Node> = metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = metadata.workspace_members.iter().map(String::as_str).collect();
    while let Some(id) = next.pop() {
        if !reached.insert(id) {
            continue;
        }
        for dependency in nodes.get(id).iter().flat_map(|node| &node.deps) {
            if dependency.dep_kinds.iter().any(|kind| follow(kind.kind.as_deref())) {
                next.push(&dependency.pkg);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_tests_need_is_told_apart() {
        let metadata = r#"{
          "packages": [
            {"id": "own", "name": "own", "version": "0.1.0", "license": "MIT", "source": null},
            {"id": "a", "name": "a", "version": "1.0.0", "license": "MIT", "source": "s"},
            {"id": "t", "name": "t", "version": "1.0.0", "license": "MIT", "source": "s"},
            {"id": "u", "name": "u", "version": "1.0.0", "license": "MIT", "source": "s"},
            {"id": "none", "name": "none", "version": "1.0.0", "license": "X", "source": "s"}
          ],
          "workspace_members": ["own"],
          "resolve": {"nodes": [
            {"id": "own", "deps": [
              {"pkg": "a", "dep_kinds": [{"kind": null}, {"kind": "dev"}]},
              {"pkg": "t", "dep_kinds": [{"kind": "dev"}]}]},
            {"id": "t", "deps": [{"pkg": "u", "dep_kinds": [{"kind": null}]}]}
          ]}}"#;
        let mut graph = Graph { packages: BTreeMap::new() };
        graph.add(&serde_json::from_str(metadata).unwrap());
        let found: Vec<_> = graph.packages.values().map(|package| (package.name.as_str(), package.beyond_tests)).collect();
        assert_eq!(found, [("a", true), ("own", true), ("t", false), ("u", false)]);
    }
}
