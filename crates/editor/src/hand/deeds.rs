//! What can be done with what is selected: the entries of the menu, in its order.

use crate::item::Item;
use crate::shortcut::Act;
use std::collections::BTreeSet;

/// Entries that belong together; between groups there is a line.
#[must_use]
pub fn groups(items: &BTreeSet<Item>) -> Vec<Vec<Act>> {
    let devices = items.iter().filter(|item| matches!(item, Item::Device(_))).count();
    let placed = items.iter().filter(|item| !matches!(item, Item::Cable(..))).count();
    let one = items.len() == 1;
    if items.is_empty() {
        return vec![
            vec![Act::Paste, Act::SelectAll],
            vec![Act::ToolSegment, Act::ToolHost, Act::ToolRouter, Act::ToolL3Switch, Act::ToolFirewall, Act::ToolInternet],
            vec![Act::Tidy, Act::Fit, Act::Outline],
        ];
    }
    let mut first = Vec::new();
    if one && placed == 1 {
        first.push(Act::Name);
    }
    if one || devices == items.len() {
        first.push(Act::Connect);
    }
    if devices > 0 && devices == items.len() {
        first.push(Act::Gateway);
    }
    let mut groups = vec![first];
    if placed > 0 {
        groups.push(vec![Act::Copy, Act::Cut, Act::Duplicate]);
    }
    if placed > 1 {
        groups.push(vec![Act::AlignLeft, Act::AlignCentre, Act::AlignRight, Act::AlignTop, Act::AlignMiddle, Act::AlignBottom]);
    }
    if placed > 2 {
        groups.push(vec![Act::SpreadAcross, Act::SpreadDown]);
    }
    groups.push(vec![Act::Delete]);
    groups.retain(|group| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_offers_what_can_be_done() {
        let of = |items: &[Item]| groups(&items.iter().cloned().collect()).concat();
        let (pc, lan, cable) = (Item::Device("pc1".into()), Item::Segment("a".into()), Item::cable("pc1", "eth0"));
        assert!(of(std::slice::from_ref(&pc)).starts_with(&[Act::Name, Act::Connect, Act::Gateway]));
        assert!(!of(std::slice::from_ref(&lan)).contains(&Act::Gateway));
        assert_eq!(of(&[cable]), [Act::Connect, Act::Delete], "a cable has no name and no place of its own");
        assert!(of(&[pc.clone(), lan.clone()]).contains(&Act::AlignLeft));
        assert!(!of(&[pc, lan]).contains(&Act::SpreadDown));
        assert!(of(&[]).contains(&Act::Paste));
    }
}
