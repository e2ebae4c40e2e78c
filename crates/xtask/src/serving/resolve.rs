//! From a request's target to a file.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

/// The file below `root` that the target of a request names, if there is one. What it names lies
/// below `root` even when links lead out of it or the target is written to climb.
pub(crate) fn file(root: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let mut found = root.canonicalize().ok()?;
    let root = found.clone();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part == ".." || part == "." || part.contains(['\\', ':', '\0']) {
            return None;
        }
        found.push(part);
    }
    let found = found.canonicalize().ok()?;
    let found = if found.is_dir() { found.join("index.html").canonicalize().ok()? } else { found };
    (found.starts_with(&root) && found.is_file()).then_some(found)
}

/// The type of a file by its name, as a browser wants to be told it.
pub(crate) fn media_type(path: &Path) -> String {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let is_text = guess.type_() == "text" || ["javascript", "json"].contains(&guess.subtype().as_str()) || guess.subtype() == "svg";
    if is_text { format!("{}; charset=utf-8", guess.essence_str()) } else { guess.essence_str().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Scratch;

    #[test]
    fn types_are_those_that_browsers_insist_on() {
        for (name, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("a.js", "text/javascript; charset=utf-8"),
            ("a.mjs", "application/javascript; charset=utf-8"),
            ("a_bg.wasm", "application/wasm"),
            ("a.css", "text/css; charset=utf-8"),
            ("a.json", "application/json; charset=utf-8"),
            ("a.svg", "image/svg+xml; charset=utf-8"),
            ("a.png", "image/png"),
            ("a.woff2", "font/woff2"),
            ("LICENSE", "application/octet-stream"),
        ] {
            assert_eq!(media_type(Path::new(name)), expected, "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_out_are_not_followed() {
        let scratch = Scratch::with(&[("secret", "s"), ("site/index.html", "")]);
        let root = scratch.path().join("site");
        std::os::unix::fs::symlink(scratch.path().join("secret"), root.join("out")).unwrap();
        assert!(file(&root, "/index.html").is_some());
        assert_eq!(file(&root, "/out"), None);
    }
}
