//! The documentation of the causes, made from the catalogue, and that every one is shown by something.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use roundtrip_explain::{Cause, messages};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

mod expected;
use expected::expected;

/// Causes that no recording shows, with the test that does.
const ELSEWHERE: &[(Cause, &str)] = &[
    (Cause::AsymmetricInvalid, "`answers_change_their_way_in_the_middle` in `tests/small.rs`"),
    (Cause::ConntrackFull, "`the_table_of_connections_is_full` in `tests/rare.rs`"),
    (Cause::NatBypassed, "`the_answer_goes_past_the_device_that_translated` in `tests/rare.rs`"),
    (Cause::MartianAddress, "`an_address_that_cannot_be_on_a_wire` in `tests/rare.rs`"),
    (Cause::ClosedEarly, "`ends_of_streams` in `tests/small.rs`"),
    (Cause::LocalFailure, "`the_port_is_taken` in `tests/small.rs`"),
    (Cause::Unfinished, "`too_little_time` in `tests/small.rs`"),
];

/// What is said when nothing more definite fits; no lab is known that needs it.
const LEFT_OVER: &[Cause] = &[Cause::ConntrackInvalid, Cause::TcpUnacceptable, Cause::Unexplained];

/// The labs that show each cause.
fn shown() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut shown: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (lab, verdicts) in expected() {
        for verdict in verdicts {
            shown.entry(verdict.cause).or_default().insert(lab);
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
         (`crates/explain/tests/expected/labs.tsv`).\n",
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
            (None, None) => page.push_str("Said when nothing more definite fits: no lab is known that needs it.\n"),
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

#[test]
fn every_cause_is_shown_by_a_lab_or_a_test() {
    let shown = shown();
    for cause in Cause::ALL {
        let elsewhere = ELSEWHERE.iter().any(|(known, _)| known == cause);
        let left_over = LEFT_OVER.contains(cause);
        let ways = [shown.contains_key(cause.id()), elsewhere, left_over].into_iter().filter(|way| *way).count();
        assert_eq!(ways, 1, "{}: shown by a lab, by a test, or left over", cause.id());
    }
    for id in shown.keys() {
        assert!(Cause::ALL.iter().any(|cause| cause.id() == *id), "{id} is no cause");
    }
}
