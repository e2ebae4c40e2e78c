//! Drawing in words: what was done, to what.

use super::{Words, m};
use roundtrip_editor::Item;
use roundtrip_editor::edit::draw::{Drawn, Verb};
use roundtrip_lab::Lab;

impl Words {
    /// What a thing on the picture is called.
    pub(crate) fn item(&self, lab: &Lab, item: &Item) -> String {
        match item {
            Item::Device(name) => self.device_named(lab, name),
            Item::Segment(name) => lab.segment(name).map_or_else(|| name.clone(), |segment| self.segment(segment)),
            Item::Cable(device, interface) => {
                let device = self.device_named(lab, device);
                self.with(m!("cable-of"), &[("device", (&device).into()), ("interface", interface.into())])
            }
        }
    }

    /// What a change of the drawing is called.
    pub(crate) fn drawn(&self, lab: &Lab, drawn: &Drawn) -> String {
        let thing = match (&drawn.item, drawn.kind) {
            (Some(item), _) => self.item(lab, item),
            (None, Some(kind)) => self.device_kind(kind),
            (None, None) if drawn.count > 0 => self.with(m!("things"), &[("count", drawn.count.into())]),
            (None, None) => self.t(m!("a-segment")),
        };
        let id = match drawn.verb {
            Verb::New => return self.t(m!("drawn-new")),
            Verb::Tidy => return self.t(m!("drawn-tidy")),
            Verb::Add => m!("drawn-add"),
            Verb::Move => m!("drawn-move"),
            Verb::Resize => m!("drawn-resize"),
            Verb::Rename => m!("drawn-rename"),
            Verb::Subnet => m!("drawn-subnet"),
            Verb::Renumber => m!("drawn-renumber"),
            Verb::Connect => m!("drawn-connect"),
            Verb::MoveCable => m!("drawn-move-cable"),
            Verb::Unplug => m!("drawn-unplug"),
            Verb::Delete => m!("drawn-delete"),
            Verb::Cut => m!("drawn-cut"),
            Verb::Duplicate => m!("drawn-duplicate"),
            Verb::Paste => m!("drawn-paste"),
            Verb::Align => m!("drawn-align"),
            Verb::Distribute => m!("drawn-distribute"),
            Verb::Gateway => m!("drawn-gateway"),
        };
        self.with(id, &[("thing", (&thing).into())])
    }
}
