//! Values of the document changed by forms, and whole parts of it changed as text.

use crate::command::Selection;
use crate::form::Named;
use crate::form::attempt::{attempt, keeps_running};
use roundtrip_lab::document::Device;
use roundtrip_lab::patch::{Patch, place};
use roundtrip_lab::{Lab, Problem, rename};
use std::rc::Rc;

/// A change by form or as text.
#[derive(Clone, Debug, PartialEq)]
pub enum Configure {
    /// The value at a place.
    Patch {
        /// The place, as problems have it.
        path: String,
        /// What is done there.
        patch: Patch,
    },
    /// A name, and every place that speaks of it.
    Rename {
        /// The name of what.
        what: Named,
        /// The device, for an interface.
        device: String,
        /// The name so far.
        from: String,
        /// The new name.
        to: String,
    },
    /// A whole device, as its commands say.
    Device {
        /// Its name.
        device: String,
        /// As it is to be.
        to: Rc<Device>,
    },
    /// The whole document, as its text says.
    Lab {
        /// As it is to be.
        lab: Rc<Lab>,
    },
}

/// What such a change is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Configured {
    /// The value at this place.
    Field(String),
    /// Something is called so now.
    Rename(String),
    /// A device was changed by commands.
    Commands(String),
    /// The document was changed as text.
    Text,
}

impl Configure {
    /// What it is called.
    #[must_use]
    pub fn change(&self) -> Configured {
        match self {
            Self::Patch { path, .. } => Configured::Field(path.clone()),
            Self::Rename { to, .. } => Configured::Rename(to.clone()),
            Self::Device { device, .. } => Configured::Commands(device.clone()),
            Self::Lab { .. } => Configured::Text,
        }
    }

    /// True if it can change what happens; false if only what is read and seen.
    #[must_use]
    pub fn changes_run(&self) -> bool {
        let Self::Patch { path, .. } = self else { return true };
        let mut steps = path.split('/');
        let (list, _, field) = (steps.next(), steps.next(), steps.next());
        match list {
            Some("title" | "description") => false,
            Some("devices" | "segments" | "actions") => !matches!(field, Some("label" | "description" | "position" | "width")),
            _ => true,
        }
    }

    /// The document after it.
    ///
    /// # Errors
    ///
    /// What is wrong with it, with places.
    pub fn attempt(&self, lab: &Lab) -> Result<Lab, Vec<Problem>> {
        match self {
            Self::Patch { path, patch } => attempt(lab, path, patch),
            Self::Rename { what, device, from, to } => {
                let mut changed = lab.clone();
                match what {
                    Named::Device => rename::device(&mut changed, from, to),
                    Named::Segment => rename::segment(&mut changed, from, to),
                    Named::Interface => rename::interface(&mut changed, device, from, to),
                    Named::Action => rename::action(&mut changed, from, to),
                }
                // A name that is there already would make one of two, for good.
                keeps_running(lab, &changed)?;
                Ok(changed)
            }
            Self::Device { device, to } => {
                let mut changed = lab.clone();
                *changed.devices.iter_mut().find(|own| own.name == *device).ok_or_else(Vec::new)? = Device::clone(to);
                keeps_running(lab, &changed)?;
                Ok(changed)
            }
            Self::Lab { lab } => Ok(Lab::clone(lab)),
        }
    }

    /// The document after it; none if it cannot be.
    #[must_use]
    pub fn apply(&self, lab: &Lab) -> Option<Lab> {
        self.attempt(lab).ok()
    }

    /// What is selected after it: the same, under its new name.
    #[must_use]
    pub fn follow(&self, selection: &Selection) -> Option<Selection> {
        let Self::Rename { what, from, to, .. } = self else { return None };
        match (what, selection) {
            (Named::Device, Selection::Device(name)) if name == from => Some(Selection::Device(to.clone())),
            (Named::Segment, Selection::Segment(name)) if name == from => Some(Selection::Segment(to.clone())),
            _ => None,
        }
    }
}

/// The path of a device, as problems have it.
#[must_use]
pub fn device_path(lab: &Lab, name: &str) -> String {
    path_of("devices", lab.devices.iter().map(|device| device.name.as_str()), name)
}

/// The path of a segment.
#[must_use]
pub fn segment_path(lab: &Lab, name: &str) -> String {
    path_of("segments", lab.segments.iter().map(|segment| segment.name.as_str()), name)
}

/// The path of an action.
#[must_use]
pub fn action_path(lab: &Lab, id: &str) -> String {
    path_of("actions", lab.actions.iter().map(|action| action.id.as_str()), id)
}

fn path_of<'a>(list: &str, names: impl Iterator<Item = &'a str>, name: &str) -> String {
    let names: Vec<&str> = names.collect();
    let index = names.iter().position(|other| *other == name).unwrap_or(usize::MAX);
    place(list, &names, index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::{Json, ProblemId};

    fn story() -> Lab {
        roundtrip_lab::example("story").unwrap().lab()
    }

    fn put(path: &str, value: Json) -> Configure {
        Configure::Patch { path: path.into(), patch: Patch::Put(value) }
    }

    #[test]
    fn a_value_that_cannot_run_is_refused_in_words_and_one_that_is_odd_is_taken() {
        let refused = put("devices/pc1/gateway", Json::text("192.168.1")).attempt(&story()).unwrap_err();
        assert_eq!((refused[0].id, refused[0].path.as_str()), (ProblemId::BadAddress, "devices/pc1/gateway"));
        assert!(put("devices/pc1/interfaces/eth0/segment", Json::text("nowhere")).apply(&story()).is_none());
        assert!(put("devices/r1/nft", Json::text("table inet filter {")).apply(&story()).is_none());
        let odd = put("devices/pc1/gateway", Json::text("10.9.9.9")).apply(&story()).unwrap();
        assert_eq!(odd.device("pc1").unwrap().gateway.unwrap().to_string(), "10.9.9.9");
    }

    #[test]
    fn a_name_that_is_taken_or_none_is_refused() {
        let rename = |to: &str| Configure::Rename { what: Named::Device, device: String::new(), from: "pc1".into(), to: to.into() };
        assert_eq!(rename("r1").attempt(&story()).unwrap_err()[0].id, ProblemId::NameDuplicate);
        assert_eq!(rename("a b").attempt(&story()).unwrap_err()[0].id, ProblemId::NameInvalid);
        let renamed = rename("laptop").apply(&story()).unwrap();
        assert!(renamed.device("laptop").is_some());
        assert!(roundtrip_lab::check(&renamed).iter().all(|problem| !problem.is_error()));
        assert_eq!(rename("laptop").follow(&Selection::Device("pc1".into())), Some(Selection::Device("laptop".into())));
        assert_eq!(rename("laptop").follow(&Selection::Device("pc2".into())), None);
    }

    #[test]
    fn what_only_people_read_needs_no_new_run() {
        assert!(!put("devices/pc1/label", Json::text("x")).changes_run());
        assert!(!put("title", Json::text("x")).changes_run());
        assert!(put("devices/pc1/gateway", Json::text("x")).changes_run());
        assert!(put("duration", Json::text("x")).changes_run());
    }

    #[test]
    fn places_are_found_by_name() {
        assert_eq!(device_path(&story(), "pc1"), "devices/pc1");
        assert_eq!(action_path(&story(), "http"), "actions/http");
        assert_eq!(segment_path(&story(), "none"), "segments/");
    }
}
