//! Changes by forms, and what forms offer, in words.

use super::{Words, m};
use roundtrip_editor::edit::{Configured, Scheduled};
use roundtrip_editor::form::choice::Offer;
use roundtrip_editor::form::field_at;
use roundtrip_editor::view::schedule;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Action, Target};

impl Words {
    /// What can be chosen, with whose it is.
    pub(crate) fn offer(&self, lab: &Lab, offer: &Offer) -> String {
        let device = offer.device.as_deref().map(|name| self.device_named(lab, name));
        let segment = offer.segment.as_deref().and_then(|name| lab.segment(name)).map(|segment| self.segment(segment));
        match device.or(segment) {
            Some(name) if name.to_lowercase() == offer.value.to_lowercase() => name,
            Some(name) => format!("{name} ({})", offer.value),
            None => offer.value.clone(),
        }
    }

    /// What a change by form is called.
    pub(super) fn configured(&self, lab: &Lab, change: &Configured) -> String {
        match change {
            Configured::Field(path) => {
                let owner = path.split('/').nth(1).unwrap_or_default().replace("~1", "/").replace("~0", "~");
                let of = match path.split('/').next() {
                    Some("devices") => Some(self.device_named(lab, &owner)),
                    Some("segments") => Some(lab.segment(&owner).map_or_else(|| owner.clone(), |segment| self.segment(segment))),
                    Some("actions") => Some(self.action_named(lab, &owner)),
                    _ => None,
                };
                let field = field_at(path).map_or_else(String::new, |field| self.field(field.label));
                match of {
                    Some(of) if field.is_empty() => of,
                    Some(of) => self.with(m!("change-field"), &[("field", (&field).into()), ("owner", (&of).into())]),
                    None => self.with(m!("change-field-plain"), &[("field", (&field).into())]),
                }
            }
            Configured::Rename(name) => self.with(m!("change-rename"), &[("name", name.into())]),
            Configured::Commands(device) => self.with(m!("change-commands"), &[("device", (&self.device_named(lab, device)).into())]),
            Configured::Text => self.t(m!("change-text")),
        }
    }

    /// A field's label, without the thing that it would belong to.
    fn field(&self, label: &str) -> String {
        if label == "field-addresses" { self.t(m!("field-one-address")) } else { self.named(label) }
    }

    /// What a change of the traffic is called.
    pub(super) fn scheduled(&self, lab: &Lab, change: &Scheduled) -> String {
        let (id, name) = match change {
            Scheduled::Add(name) => (m!("change-action-add"), name),
            Scheduled::Remove(name) => (m!("change-action-remove"), name),
            Scheduled::At(name) => (m!("change-action-at"), name),
            Scheduled::Duplicate(name) => (m!("change-action-duplicate"), name),
            Scheduled::Order(name) => (m!("change-action-order"), name),
        };
        self.with(id, &[("action", (&self.action_named(lab, name)).into())])
    }

    /// An action's label, or its name.
    pub(crate) fn action_named(&self, lab: &Lab, id: &str) -> String {
        let label = lab.action(id).map_or("", |action| action.label.get(self.language().tag()));
        if label.is_empty() { id.to_owned() } else { label.to_owned() }
    }

    /// An action in a line: its label, or what happens, from where to where.
    pub(crate) fn action(&self, lab: &Lab, action: &Action) -> String {
        let label = action.label.get(self.language().tag());
        let kind = self.named(schedule::kind_label(&action.kind));
        let kind = if label.is_empty() { kind } else { label.to_owned() };
        let device = action.kind.device().map(|name| self.device_named(lab, name));
        let target = action.kind.target().map(|target| match target {
            Target::Device(name) => self.device_named(lab, name),
            other => other.to_string(),
        });
        match (device, target) {
            (Some(from), Some(to)) => format!("{kind}: {from} → {to}"),
            (Some(device), None) => format!("{kind}: {device}"),
            _ => kind,
        }
    }

    /// What came of an action, and whether that is good.
    pub(crate) fn result(&self, result: schedule::Result) -> (bool, String) {
        match result {
            schedule::Result::Talked(outcome) => (outcome.works(), self.outcome(outcome)),
            schedule::Result::Done => (true, self.t(m!("result-done"))),
            schedule::Result::Refused => (false, self.t(m!("result-refused"))),
            schedule::Result::NotYet => (false, self.t(m!("result-not-yet"))),
        }
    }
}
