//! Links of every release open for ever. `tests/links/RELEASE/NAME.link` holds a link as that release made it,
//! `NAME.json` the document that it stood for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says what is wrong"
)]

use roundtrip_lab::{link, load, save};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/links")
}

/// Release and name, the link, and the document.
fn links() -> Vec<(String, String, String)> {
    let mut links = Vec::new();
    for release in std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for path in std::fs::read_dir(&release).unwrap().map(|entry| entry.unwrap().path()) {
            if path.extension().is_some_and(|extension| extension == "link") {
                let text = std::fs::read_to_string(&path).unwrap();
                links.push((path.display().to_string(), text, std::fs::read_to_string(path.with_extension("json")).unwrap()));
            }
        }
    }
    links.sort();
    links
}

#[test]
fn links_of_every_release_open() {
    let links = links();
    assert!(links.len() >= 14, "{}", links.len());
    for (name, text, document) in links {
        let opened = link::decode(&text);
        let lab = opened.lab.unwrap_or_else(|| panic!("{name}: {:?}", opened.problems));
        assert_eq!(save(&lab), save(&load(&document).lab.unwrap()), "{name}");
    }
}

#[test]
fn a_lab_of_ten_devices_fits_into_700_characters() {
    let document = std::fs::read_to_string(folder().join("0.1/ten-devices.json")).unwrap();
    let lab = load(&document).lab.unwrap();
    assert_eq!(lab.devices.len(), 10);
    let link = link::encode(&lab).unwrap();
    assert!(link.len() < 700, "{} characters", link.len());
}
