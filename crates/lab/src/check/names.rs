//! Names: that they can be names, and that each is one thing's.

use super::{Checker, places};
use crate::limits;
use crate::problem::{ProblemId, join_path};
use std::collections::BTreeMap;

/// The longest name of an interface in bytes (`IFNAMSIZ` less the end mark).
const INTERFACE_BYTES: usize = 15;

/// True if nothing in the name would break what is made of it.
fn fits(name: &str, forbidden: &[char]) -> bool {
    let length = name.chars().count();
    (1..=limits::NAME_CHARS).contains(&length)
        && !name.chars().any(|letter| letter.is_control() || matches!(letter, '/' | '"') || forbidden.contains(&letter))
}

fn is_device(name: &str) -> bool {
    // A dot parts device and interface.
    fits(name, &['.', ':', ' ', '\u{3000}', '>']) && !name.contains(char::is_whitespace)
}

fn is_interface(name: &str) -> bool {
    fits(name, &[':']) && !name.contains(char::is_whitespace) && name.len() <= INTERFACE_BYTES && !matches!(name, "." | "..")
}

impl Checker<'_> {
    pub(super) fn names(&mut self) {
        let lab = self.lab;
        self.list("segments", lab.segments.iter().map(|segment| segment.name.as_str()), |name| fits(name, &[]), "name");
        self.list("devices", lab.devices.iter().map(|device| device.name.as_str()), is_device, "name");
        for (device, path) in self.each_device() {
            let path = join_path(&path, "interfaces");
            self.list(&path, device.interfaces.iter().map(|interface| interface.name.as_str()), is_interface, "name");
        }
        self.list("actions", lab.actions.iter().map(|action| action.id.as_str()), |name| fits(name, &[]), "id");
    }

    fn list<'n>(&mut self, path: &str, names: impl Iterator<Item = &'n str> + Clone, is_name: fn(&str) -> bool, field: &str) {
        let mut exact: BTreeMap<&str, String> = BTreeMap::new();
        let mut folded: BTreeMap<String, &str> = BTreeMap::new();
        for (name, place) in names.clone().zip(places(names)) {
            let whole = join_path(path, &place);
            let here = join_path(&whole, field);
            if !is_name(name) {
                self.report(ProblemId::NameInvalid, here.clone(), |problem| problem.with("name", name));
            }
            if let Some(other) = exact.get(name) {
                self.report(ProblemId::NameDuplicate, here, |problem| problem.with("name", name).with("other", other));
                continue;
            }
            exact.insert(name, whole);
            if let Some(other) = folded.insert(name.to_lowercase(), name) {
                self.report(ProblemId::NameSimilar, here, |problem| problem.with("name", name).with("other", other));
            }
        }
    }
}
