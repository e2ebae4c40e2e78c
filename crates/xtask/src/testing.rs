//! What tests share.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A folder of a test's own, gone when it is dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes one that holds these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("roundtrip-xtask-{}-{number}", std::process::id());
        let scratch = Self(std::env::temp_dir().join(name));
        for (name, content) in files {
            let path = scratch.0.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        scratch
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It lies in the system's folder for such things; what stays there does no harm.
        let _left = fs::remove_dir_all(&self.0);
    }
}
