//! Noticing that a source changed, by looking: there are few enough files, and looking works on
//! every system and file system alike.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

use crate::workspace::Workspace;

/// How long between two looks.
const PAUSE: Duration = Duration::from_millis(400);

/// What the page is made of; `xtask` itself is left out, since it cannot replace itself.
const SOURCES: [&str; 5] = ["web", "crates", "Cargo.toml", "Cargo.lock", "Trunk.toml"];
const LEFT_OUT: [&str; 4] = ["xtask", "target", "dist", "node_modules"];

type Seen = BTreeMap<PathBuf, SystemTime>;

/// The sources as they were when last looked at.
pub(crate) struct Watch {
    root: PathBuf,
    seen: Seen,
}

impl Watch {
    /// Begins with the sources as they are.
    pub(crate) fn new(workspace: &Workspace) -> Self {
        let root = workspace.root().to_owned();
        let seen = look(&root);
        Self { root, seen }
    }

    /// Waits for a change and for the quiet after it; returns one file that changed.
    pub(crate) fn wait(&mut self) -> PathBuf {
        let mut changed = None;
        loop {
            thread::sleep(PAUSE);
            let now = look(&self.root);
            match difference(&self.seen, &now) {
                Some(path) => {
                    changed.get_or_insert(path);
                    self.seen = now;
                }
                None => {
                    if let Some(path) = changed {
                        return path.strip_prefix(&self.root).map(Path::to_owned).unwrap_or(path);
                    }
                }
            }
        }
    }
}

fn look(root: &Path) -> Seen {
    let mut seen = Seen::new();
    for source in SOURCES {
        visit(&root.join(source), &mut seen);
    }
    seen
}

fn visit(path: &Path, seen: &mut Seen) {
    let hidden = path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        name.starts_with('.') || LEFT_OUT.contains(&name.as_ref())
    });
    // A file that vanishes between two calls counts as gone.
    let Ok(metadata) = fs::metadata(path) else {
        return;
    };
    if hidden {
        return;
    }
    if metadata.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            visit(&entry.path(), seen);
        }
    } else if let Ok(time) = metadata.modified() {
        seen.insert(path.to_owned(), time);
    }
}

/// A path that is new, gone or changed.
fn difference(before: &Seen, after: &Seen) -> Option<PathBuf> {
    after
        .iter()
        .find(|(path, time)| before.get(*path) != Some(*time))
        .or_else(|| before.iter().find(|(path, _)| !after.contains_key(*path)))
        .map(|(path, _)| path.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Scratch;

    #[test]
    fn new_changed_and_gone_files_are_noticed() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let before = Seen::from([("a".into(), at(1)), ("b".into(), at(1))]);
        assert_eq!(difference(&before, &before), None);
        for (after, path) in [
            (Seen::from([("a".into(), at(2)), ("b".into(), at(1))]), "a"),
            (Seen::from([("a".into(), at(1))]), "b"),
            (Seen::from([("a".into(), at(1)), ("b".into(), at(1)), ("c".into(), at(0))]), "c"),
        ] {
            assert_eq!(difference(&before, &after), Some(path.into()));
        }
    }

    #[test]
    fn sources_are_seen_and_products_are_not() {
        let scratch = Scratch::with(&[("web/src/main.rs", ""), ("web/dist/x.js", ""), ("crates/xtask/a.rs", ""), ("other/a.rs", "")]);
        let root = scratch.path();
        let seen: Vec<PathBuf> = look(root).into_keys().collect();
        assert_eq!(seen, [root.join("web/src/main.rs")]);
    }
}
