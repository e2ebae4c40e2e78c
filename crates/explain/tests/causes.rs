//! The documentation of the causes, made from the catalogue, and that every one is shown by something.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use roundtrip_explain::{Cause, messages};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

mod expected;
use expected::EXPECTED;

/// Causes that no recording shows, with the test that does.
const ELSEWHERE: &[(Cause, &str)] = &[];

/// The labs that show each cause.
fn shown() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut shown: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (lab, verdicts) in EXPECTED {
        for (_, _, cause, ..) in *verdicts {
            shown.entry(*cause).or_default().insert(*lab);
        }
    }
    shown
}

fn page() -> String {
    let (en, none) = (messages("en"), BTreeMap::new());
    let text = |id: &str| en.text(id, &none);
    let shown = shown();
    let mut page = String::from(
        "# Causes\n\n\
         Why a conversation went as it did: a closed set. `roundtrip explain` and the page name these ids, and they never change.\n\
         `roundtrip causes ID` tells one of them, with `--lang ja` in Japanese.\n\n\
         This page is made from the catalogue in `crates/explain/messages` by `UPDATE_DOCS=1 cargo test -p roundtrip-explain --test causes`.\n\
         The labs are those of `tests/conformance/labs`, recordings of a Linux kernel in which the cause was found by hand\n\
         (`crates/explain/tests/expected`).\n",
    );
    for cause in Cause::ALL {
        let _ = write!(page, "\n## {}\n\n**{}.** {}\n\n", cause.id(), text(cause.name_id()), text(cause.about_id()));
        let source = text(cause.source_id());
        if source != "—" {
            let _ = write!(page, "Source: {source}\n\n");
        }
        let labs = shown.get(cause.id()).map(|labs| labs.iter().copied().collect::<Vec<_>>().join(", "));
        let test = ELSEWHERE.iter().find(|(known, _)| known == cause).map(|(_, test)| *test);
        match (labs, test) {
            (Some(labs), _) => _ = writeln!(page, "Shown by: {labs}"),
            (None, Some(test)) => _ = writeln!(page, "Shown by: {test}"),
            (None, None) => _ = writeln!(page, "Shown by: nothing"),
        }
    }
    page
}

#[test]
fn the_page_of_causes_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/causes.md");
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/causes.md is old: run UPDATE_DOCS=1 cargo test -p roundtrip-explain --test causes");
}
