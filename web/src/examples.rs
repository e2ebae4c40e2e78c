//! The labs that come along.

use roundtrip_lab::{Lab, example, examples};

/// The story: what the page shows first.
pub(crate) fn story() -> Lab {
    examples().first().map(roundtrip_lab::Example::lab).unwrap_or_default()
}

/// The lab of a name.
pub(crate) fn by_name(name: &str) -> Option<Lab> {
    example(name).map(roundtrip_lab::Example::lab)
}

/// Names and titles.
pub(crate) fn titles(language: &str) -> Vec<(&'static str, String)> {
    examples().iter().map(|example| (example.id, example.title().get(language).to_owned())).collect()
}
