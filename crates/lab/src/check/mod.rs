//! What is wrong with a document whose parts can all be read.

use crate::document::Lab;
use crate::problem::Problem;

/// Everything that is wrong with a document, in the order of its parts.
#[must_use]
pub fn check(lab: &Lab) -> Vec<Problem> {
    crate::convert::to_scenario(lab).1
}

/// How the elements of a list are called in a path.
pub(crate) fn places<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names: Vec<Option<&str>> = names.map(Some).collect();
    crate::read::reader::place_names(&names)
}
