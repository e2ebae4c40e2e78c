//! The labs that come along.

use roundtrip_lab::Lab;

/// Names and texts.
const ALL: &[(&str, &str)] = &[("story", include_str!("../examples/story.json"))];

/// The story: what the page shows first.
pub(crate) fn story() -> Lab {
    by_name("story").unwrap_or_default()
}

/// The lab of a name.
pub(crate) fn by_name(name: &str) -> Option<Lab> {
    let (_, text) = ALL.iter().find(|(known, _)| *known == name)?;
    roundtrip_lab::load(text).lab
}

/// Names and titles.
pub(crate) fn titles(language: &str) -> Vec<(&'static str, String)> {
    ALL.iter().filter_map(|(name, _)| Some((*name, by_name(name)?.title.get(language).to_owned()))).collect()
}
