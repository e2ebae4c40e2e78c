//! Names that somebody may have meant.

use roundtrip_wire::order;

use crate::dissect::field::{ALIASES, FIELDS};

fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|field| field.name).chain(ALIASES.iter().map(|(name, _)| *name))
}

/// The nearest name, if one is near enough that it may be meant.
pub(super) fn nearest(written: &str) -> Option<&'static str> {
    // What is right but for its beginning or end comes first: `syn` for `tcp.flags.syn`.
    let part = || names().filter(|name| written.len() > 1 && name.split('.').next_back() == Some(written)).min_by_key(|name| name.len());
    let most = (written.chars().count() / 3).max(2);
    let near = names().map(|name| (distance(written, name), name)).filter(|(distance, _)| *distance <= most);
    near.min().map(|(_, name)| name).or_else(part).or_else(|| beginning_with(written).first().copied().filter(|_| written.len() > 1))
}

/// Every name that begins so, the shortest first.
pub(super) fn beginning_with(begun: &str) -> Vec<&'static str> {
    if begun.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<&'static str> = names().filter(|name| name.starts_with(begun) && *name != begun).collect();
    order::sort_by_key(&mut found, |name| (name.len(), *name));
    found
}

/// How many letters must be put in, left out, replaced or exchanged with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i.saturating_add(1)];
        for (j, y) in b.iter().enumerate() {
            let replaced = at(&last, j).saturating_add(usize::from(x != y));
            let mut least = replaced.min(at(&last, j.saturating_add(1)).saturating_add(1)).min(at(&row, j).saturating_add(1));
            let exchanged = i.checked_sub(1).zip(j.checked_sub(1)).filter(|(i, j)| a.get(*i) == Some(y) && b.get(*j) == Some(x));
            if let Some((_, j)) = exchanged {
                least = least.min(at(&before, j).saturating_add(1));
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}
