//! What typing into a field does to the document.

use super::attempt::switched;
use super::value::typed;
use super::{Field, FieldKind, Form};
use crate::edit::Configure;
use roundtrip_lab::patch::{Patch, look, step, with_language};
use roundtrip_lab::{Json, Lab};

/// Which part of a field it is that somebody types into.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// All of it.
    Whole,
    /// The text in this language, by its tag.
    Language(&'static str),
    /// The value of this number; the number behind the last is a new one.
    Element(usize),
    /// The value of this name.
    Key(String),
}

/// A field of an object in the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The object's path.
    pub object: String,
    /// The object's form, by which other fields follow from this one.
    pub form: Form,
    /// The field.
    pub field: &'static Field,
    /// Which part of it.
    pub slot: Slot,
}

impl Entry {
    /// The field's path.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}", self.object, self.field.name).trim_start_matches('/').to_owned()
    }

    /// The path of the part, by which problems are found.
    #[must_use]
    pub fn place(&self) -> String {
        match &self.slot {
            Slot::Element(index) => format!("{}/{index}", self.path()),
            Slot::Key(key) => format!("{}/{}", self.path(), step(key)),
            Slot::Whole | Slot::Language(_) => self.path(),
        }
    }

    /// What this text means for the document.
    #[must_use]
    pub fn change(&self, lab: &Lab, text: &str) -> Configure {
        let path = self.path();
        let put = |value: Option<Json>| value.map_or(Patch::Remove, Patch::Put);
        match (&self.field.kind, &self.slot) {
            (FieldKind::Name(what), _) => {
                let device = self.object.split('/').nth(1).unwrap_or_default().replace("~1", "/").replace("~0", "~");
                let from = look(lab, &path).map(|name| name.typed()).unwrap_or_default();
                Configure::Rename { what: *what, device, from, to: text.trim().to_owned() }
            }
            (FieldKind::Variant(_), _) => {
                let value = switched(lab, &self.object, self.form, self.field, text);
                Configure::Patch { path: self.object.clone(), patch: Patch::Put(value) }
            }
            (_, Slot::Language(language)) => {
                let value = with_language(look(lab, &path).as_ref(), language, text.trim());
                Configure::Patch { path, patch: put(value) }
            }
            (_, Slot::Element(_) | Slot::Key(_)) => Configure::Patch { path: self.place(), patch: put(typed(self.field, text)) },
            (_, Slot::Whole) => Configure::Patch { path, patch: put(typed(self.field, text)) },
        }
    }

    /// True if the text takes effect only when the field is left: where every letter on the way would be an answer too.
    #[must_use]
    pub fn waits(&self, text: &str) -> bool {
        match self.field.kind {
            // Everything that is called so would be renamed with every letter.
            FieldKind::Name(_) => true,
            // An element that is emptied goes, and the next would come under the typing hand.
            FieldKind::Each => text.trim().is_empty(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::network;
    use super::*;

    fn entry(object: &str, form: Form, name: &str, slot: Slot) -> Entry {
        Entry { object: object.into(), form, field: form.iter().find(|field| field.name == name).unwrap(), slot }
    }

    fn after(entry: &Entry, text: &str) -> Lab {
        let lab = roundtrip_lab::example("story").unwrap().lab();
        entry.change(&lab, text).attempt(&lab).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    #[test]
    fn a_text_changes_in_one_language() {
        let label = entry("devices/pc1", network::DEVICE, "label", Slot::Language("ja"));
        let lab = after(&label, "ノート");
        let label = &lab.device("pc1").unwrap().label;
        assert_eq!((label.get("ja"), label.get("en")), ("ノート", "PC1"));
        let title = entry("", network::LAB, "title", Slot::Language("en"));
        assert_eq!(after(&title, "Mine").title.get("en"), "Mine");
    }

    #[test]
    fn an_address_changes_comes_and_goes() {
        let FieldKind::List(list) = &network::DEVICE.iter().find(|field| field.name == "interfaces").unwrap().kind else { panic!() };
        let addresses = |index| entry("devices/pc1/interfaces/eth0", list.form, "addresses", Slot::Element(index));
        let shown = |lab: Lab| -> Vec<String> { lab.device("pc1").unwrap().addresses().map(|(_, net)| net.to_string()).collect() };
        assert_eq!(shown(after(&addresses(0), "192.168.1.11/24")), ["192.168.1.11/24"]);
        assert_eq!(shown(after(&addresses(1), "10.0.0.1/8")), ["192.168.1.10/24", "10.0.0.1/8"]);
        assert!(shown(after(&addresses(0), "")).is_empty());
        assert!(addresses(0).waits(" ") && !addresses(0).waits("1"));
        assert_eq!(addresses(1).place(), "devices/pc1/interfaces/eth0/addresses/1");
    }

    #[test]
    fn settings_are_numbers_under_their_names() {
        let setting = |key: &str| entry("devices/pc1", network::DEVICE, "settings", Slot::Key(key.into()));
        let lab = after(&setting("net.ipv4.conf.eth0.rp_filter"), "1");
        assert_eq!(lab.device("pc1").unwrap().settings["net.ipv4.conf.eth0.rp_filter"].number(), Some(1));
        assert_eq!(setting("rp_filter").place(), "devices/pc1/settings/rp_filter");
    }

    #[test]
    fn names_are_renamed_everywhere() {
        let name = entry("devices/pc1", network::DEVICE, "name", Slot::Whole);
        assert_eq!(after(&name, "laptop").actions[0].kind.device(), Some("laptop"));
        assert!(name.waits("l"));
        let segment = entry("segments/living", network::SEGMENT, "name", Slot::Whole);
        assert!(after(&segment, "home").segment("home").is_some());
    }
}
