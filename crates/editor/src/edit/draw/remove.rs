//! Taking things away, and what refers to them.

use super::references;
use crate::item::Item;
use roundtrip_lab::Lab;

/// The document without these. What hung on a segment or a cable keeps its interface, set up as it was, without a cable: pulling one
/// shows what happens then, and the next cable is plugged in there.
pub(super) fn items(lab: &Lab, items: &[Item]) -> Option<Lab> {
    let mut new = lab.clone();
    for item in items {
        match item {
            Item::Segment(name) => {
                let interfaces = new.devices.iter_mut().flat_map(|device| &mut device.interfaces);
                for interface in interfaces.filter(|interface| interface.segment.as_ref() == Some(name)) {
                    interface.segment = None;
                }
                new.segments.retain(|segment| segment.name != *name);
            }
            Item::Device(name) => {
                new.devices.retain(|device| device.name != *name);
                references::forget_device(&mut new, name);
            }
            Item::Cable(device, interface) => {
                let found = new.devices.iter_mut().find(|other| other.name == *device);
                if let Some(own) = found.and_then(|device| device.interfaces.iter_mut().find(|own| own.name == *interface)) {
                    own.segment = None;
                }
            }
        }
    }
    (new != *lab).then_some(new)
}
