//! Replays the committed corpus: every file of `fuzz/corpus`, each a test under its target's name.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on says so by panicking")]

use libtest_mimic::{Arguments, Failed, Trial};
use roundtrip_fuzz_targets::{TARGETS, Target};
use std::fs;
use std::path::{Path, PathBuf};

/// Runs a target over every file of its folder, and says at which it panics.
fn replay(target: Target, folder: &Path) -> Result<(), Failed> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    if files.is_empty() {
        return Err(format!("{}: the corpus is empty", folder.display()).into());
    }
    let mut wrong = Vec::new();
    for file in files {
        let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        if std::panic::catch_unwind(|| target(&bytes)).is_err() {
            wrong.push(file.display().to_string());
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("the target panics at\n{}", wrong.join("\n")).into()) }
}

fn main() {
    let arguments = Arguments::from_args();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut trials: Vec<Trial> = TARGETS
        .iter()
        .map(|(name, target)| {
            let folder = corpus.join(name);
            Trial::test(*name, move || replay(*target, &folder))
        })
        .collect();
    trials.push(Trial::test("no_folder_without_a_target", move || {
        for entry in fs::read_dir(&corpus).map_err(|error| error.to_string())?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !TARGETS.iter().any(|(known, _)| *known == name) {
                return Err(format!("nothing replays {name}").into());
            }
        }
        Ok(())
    }));
    libtest_mimic::run(&arguments, trials).exit();
}
