//! Lists to choose a partner from: what a cable or a gateway leads to, without pointing.

use super::Picking;
use crate::edit::draw::{Draw, address, gateway};
use crate::item::Item;
use roundtrip_lab::Lab;
use std::collections::BTreeSet;

/// A list to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picker {
    /// For what.
    pub picking: Picking,
    /// For whom.
    pub items: BTreeSet<Item>,
    /// What there is to choose from, the likeliest first.
    pub choices: Vec<Choice>,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A thing.
    Item(Item),
    /// A segment that is made for it.
    NewSegment,
    /// No gateway.
    None,
}

/// The list for a selection. None if there is nothing to choose.
#[must_use]
pub fn picker(lab: &Lab, items: &BTreeSet<Item>, picking: Picking) -> Option<Picker> {
    let devices: Vec<&str> =
        items.iter().filter_map(|item| if let Item::Device(name) = item { Some(name.as_str()) } else { None }).collect();
    let segments = || lab.segments.iter().map(|segment| segment.name.as_str());
    let choices: Vec<Choice> = match picking {
        Picking::Gateway => {
            let host = lab.device(devices.first()?)?;
            let near = lab.devices.iter().filter(|other| !items.contains(&Item::Device(other.name.clone())));
            let mut near: Vec<_> = near.filter(|other| gateway::address_of(lab, host, other).is_some()).collect();
            near.sort_by_key(|other| !other.kind.forwards());
            let there = host.gateway.is_some().then_some(Choice::None);
            near.into_iter().map(|other| Choice::Item(Item::Device(other.name.clone()))).chain(there).collect()
        }
        Picking::Cable if !devices.is_empty() => {
            let on_all = |segment: &str| devices.iter().all(|name| lab.device(name).is_some_and(|device| address::is_on(device, segment)));
            let (there, not_yet): (Vec<&str>, Vec<&str>) = segments().partition(|segment| on_all(segment));
            let item = |segment: &str| Choice::Item(Item::Segment(segment.to_owned()));
            let mut choices: Vec<Choice> = not_yet.into_iter().map(item).collect();
            choices.push(Choice::NewSegment);
            if let [one] = devices.as_slice() {
                let others = lab.devices.iter().filter(|other| other.name != **one);
                choices.extend(others.map(|other| Choice::Item(Item::Device(other.name.clone()))));
            }
            // A second cable to the same segment is possible, and seldom meant.
            choices.extend(there.into_iter().map(item));
            choices
        }
        Picking::Cable => match items.iter().next()? {
            Item::Segment(name) => {
                let (there, not_yet): (Vec<_>, Vec<_>) = lab.devices.iter().partition(|device| address::is_on(device, name));
                not_yet.into_iter().chain(there).map(|device| Choice::Item(Item::Device(device.name.clone()))).collect()
            }
            Item::Cable(device, interface) => {
                let now = lab.device(device)?.interface(interface)?.segment.as_deref();
                segments().filter(|segment| Some(*segment) != now).map(|segment| Choice::Item(Item::Segment(segment.to_owned()))).collect()
            }
            Item::Device(_) => return None,
        },
    };
    (!choices.is_empty()).then(|| Picker { picking, items: items.clone(), choices })
}

impl Picker {
    /// The changes that a choice makes, one after the other. A new segment is drawn first; its cables follow once it has a name.
    #[must_use]
    pub fn changes(&self, choice: &Choice) -> Vec<Draw> {
        let partner = match choice {
            Choice::Item(item) => item,
            Choice::NewSegment | Choice::None => return Vec::new(),
        };
        self.items.iter().filter_map(|item| self.change(item, partner)).collect()
    }

    fn change(&self, item: &Item, partner: &Item) -> Option<Draw> {
        match (self.picking, item, partner) {
            (Picking::Gateway, Item::Device(host), Item::Device(router)) => {
                Some(Draw::Gateway { host: host.clone(), router: router.clone() })
            }
            (Picking::Cable, Item::Cable(device, interface), Item::Segment(segment)) => {
                Some(Draw::MoveCable { device: device.clone(), interface: interface.clone(), segment: segment.clone() })
            }
            (Picking::Cable, one, other) => join(one, other),
            _ => None,
        }
    }
}

/// The change that joins two things by a cable. None if they cannot be joined.
#[must_use]
pub fn join(one: &Item, other: &Item) -> Option<Draw> {
    match (one, other) {
        (Item::Device(device), Item::Segment(segment)) | (Item::Segment(segment), Item::Device(device)) => {
            Some(Draw::Connect { device: device.clone(), segment: segment.clone() })
        }
        (Item::Device(a), Item::Device(b)) if a != b => Some(Draw::Link { a: a.clone(), b: b.clone() }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(picker: &Picker) -> Vec<String> {
        let name = |choice: &Choice| match choice {
            Choice::Item(item) => item.key(),
            Choice::NewSegment => "new".into(),
            Choice::None => "none".into(),
        };
        picker.choices.iter().map(name).collect()
    }

    #[test]
    fn the_likeliest_comes_first() {
        let lab = roundtrip_lab::example("story").unwrap().lab();
        let of = |item: Item, picking| picker(&lab, &BTreeSet::from([item]), picking).unwrap();
        let cable = names(&of(Item::Device("pc1".into()), Picking::Cable));
        assert_eq!(cable[..3], ["segment/test", "segment/wan", "new"]);
        assert_eq!(cable.last().unwrap(), "segment/living");
        let gateway = of(Item::Device("pc1".into()), Picking::Gateway);
        assert_eq!(names(&gateway), ["device/r1", "device/r2", "none"]);
        let chosen = gateway.changes(&Choice::Item(Item::Device("r2".into())));
        assert_eq!(chosen, [Draw::Gateway { host: "pc1".into(), router: "r2".into() }]);
        assert_eq!(names(&of(Item::cable("pc2", "eth0"), Picking::Cable)), ["segment/living", "segment/wan"]);
        assert_eq!(picker(&Lab::default(), &BTreeSet::new(), Picking::Cable), None);
    }
}
