//! What can be pointed at on the picture.

use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Interface, Segment};

/// A segment, a device or a cable, by the names in the document. In this order they are listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A segment.
    Segment(String),
    /// A device.
    Device(String),
    /// The cable of an interface: the device, then the interface.
    Cable(String, String),
}

impl Item {
    /// The cable of this interface of this device.
    #[must_use]
    pub fn cable(device: &str, interface: &str) -> Self {
        Self::Cable(device.to_owned(), interface.to_owned())
    }

    /// True if the document has it. An interface without a cable is none.
    #[must_use]
    pub fn is_in(&self, lab: &Lab) -> bool {
        match self {
            Self::Segment(name) => lab.segment(name).is_some(),
            Self::Device(name) => lab.device(name).is_some(),
            Self::Cable(device, interface) => {
                let interface = lab.device(device).and_then(|device| device.interface(interface));
                interface.is_some_and(|interface| interface.segment.is_some())
            }
        }
    }

    /// The same thing in a document that came out of `before`: things keep their places where only names change. None if it is gone.
    #[must_use]
    pub fn followed(&self, before: &Lab, after: &Lab) -> Option<Self> {
        if self.is_in(after) {
            return Some(self.clone());
        }
        let device = |name: &str| -> Option<&Device> {
            let place = before.devices.iter().position(|device| device.name == name)?;
            after.devices.get(place).filter(|_| before.devices.len() == after.devices.len())
        };
        match self {
            Self::Segment(name) => {
                let place = before.segments.iter().position(|segment| segment.name == *name)?;
                let found: &Segment = after.segments.get(place).filter(|_| before.segments.len() == after.segments.len())?;
                Some(Self::Segment(found.name.clone()))
            }
            Self::Device(name) => Some(Self::Device(device(name)?.name.clone())),
            Self::Cable(name, interface) => {
                let found = device(name)?;
                let interface: &Interface = found.interface(interface).filter(|interface| interface.segment.is_some())?;
                Some(Self::Cable(found.name.clone(), interface.name.clone()))
            }
        }
    }

    /// Every item of a document: segments, devices, then the cables that are plugged in.
    pub fn all(lab: &Lab) -> impl Iterator<Item = Self> + '_ {
        let segments = lab.segments.iter().map(|segment| Self::Segment(segment.name.clone()));
        let devices = lab.devices.iter().map(|device| Self::Device(device.name.clone()));
        let cables = lab.devices.iter().flat_map(|device| {
            let plugged = device.interfaces.iter().filter(|interface| interface.segment.is_some());
            plugged.map(|interface| Self::cable(&device.name, &interface.name))
        });
        segments.chain(devices).chain(cables)
    }

    /// As an attribute of the page holds it.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Segment(name) => format!("segment/{name}"),
            Self::Device(name) => format!("device/{name}"),
            // Neither name has a slash in it.
            Self::Cable(device, interface) => format!("cable/{device}/{interface}"),
        }
    }

    /// From [`key`](Self::key).
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        match key.split_once('/')? {
            ("segment", name) => Some(Self::Segment(name.to_owned())),
            ("device", name) => Some(Self::Device(name.to_owned())),
            ("cable", names) => names.split_once('/').map(|(device, interface)| Self::cable(device, interface)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for item in [Item::Segment("a b".into()), Item::Device("pc1".into()), Item::cable("pc1", "eth0")] {
            assert_eq!(Item::from_key(&item.key()), Some(item));
        }
        assert_eq!(Item::from_key("table/x"), None);
        assert_eq!(Item::from_key(""), None);
    }

    #[test]
    fn what_is_renamed_is_followed_and_what_is_gone_is_not() {
        let before = roundtrip_lab::example("story").unwrap().lab();
        let mut after = before.clone();
        after.devices[0].name = "laptop".into();
        let cable = Item::cable("pc1", "eth0");
        assert_eq!(cable.followed(&before, &after), Some(Item::cable("laptop", "eth0")));
        assert_eq!(Item::Device("pc1".into()).followed(&before, &after), Some(Item::Device("laptop".into())));
        after.devices.remove(0);
        assert_eq!(Item::Device("pc1".into()).followed(&before, &after), None);
    }
}
