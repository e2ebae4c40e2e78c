//! Drawing: segments, devices and cables come, go, move and change their names.
//!
//! Each change takes a document and gives another, or none where there is nothing to do. What a person would have to fill in by hand
//! is filled in: names, addresses, gateways. Broken networks can be drawn: nothing here refuses what the document can say.

pub mod address;
mod cable;
mod copy;
mod create;
pub mod gateway;
mod names;
mod place;
mod references;
mod remove;
mod rename;
mod renumber;
mod tidy;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use crate::item::Item;
use ipnet::Ipv4Net;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Kind, Position};
use std::collections::BTreeSet;
use std::rc::Rc;

pub use copy::fragment;
pub use names::{is_device_name, is_segment_name};
pub use place::{Axis, Edge, covers, position};

/// A change of the drawing. Names refer to what is in the document; one that refers to nothing changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Draw {
    /// An empty document takes this one's place.
    New,
    /// A segment with the next free private subnet.
    AddSegment {
        /// Left end of its middle line.
        position: Position,
        /// Width in pixels.
        width: u32,
    },
    /// A device, with rules and names that fit its kind.
    AddDevice {
        /// What it is.
        kind: Kind,
        /// Its centre.
        position: Position,
        /// The segment that it gets a cable to at once.
        on: Option<String>,
    },
    /// Things are put elsewhere: devices by their centre, segments by the left end of their middle line.
    Put(Vec<(Item, Position)>),
    /// A segment's bar gets other ends.
    Resize {
        /// Which segment.
        segment: String,
        /// Its left end.
        left: i32,
        /// Its width in pixels.
        width: u32,
    },
    /// What people call it, in one language; where it is called the same in all, the name in the document follows.
    Call {
        /// Which device or segment.
        item: Item,
        /// The language's tag.
        language: &'static str,
        /// The text; empty for the name in the document.
        text: String,
    },
    /// The name in the document, which all that refers to it follows.
    Rename {
        /// Which device or segment.
        item: Item,
        /// The new name.
        to: String,
    },
    /// The segment's subnet; what stands in the old one stays as it is.
    Subnet {
        /// Which segment.
        segment: String,
        /// The subnet; none for no particular one.
        subnet: Option<Ipv4Net>,
    },
    /// The segment's subnet, and every address, gateway, route and rule that stood in the old one with it.
    Renumber {
        /// Which segment.
        segment: String,
        /// The new subnet.
        to: Ipv4Net,
    },
    /// A device gets a cable to a segment, an address there and, if it has none, a gateway.
    Connect {
        /// Which device.
        device: String,
        /// To which segment.
        segment: String,
    },
    /// Two devices get a segment of their own between them.
    Link {
        /// One.
        a: String,
        /// The other.
        b: String,
    },
    /// A cable is plugged into another segment.
    MoveCable {
        /// Which device.
        device: String,
        /// Which of its interfaces.
        interface: String,
        /// To which segment.
        segment: String,
    },
    /// A cable is pulled out; the interface stays.
    Unplug {
        /// Which device.
        device: String,
        /// Which of its interfaces.
        interface: String,
    },
    /// Things go, and what refers to them: the actions of a device, the cables of a segment.
    Delete(Vec<Item>),
    /// The same, after it was copied.
    Cut(Vec<Item>),
    /// Copies of things, beside them.
    Duplicate(Vec<Item>),
    /// Part of a document is put into this one.
    Paste {
        /// The part.
        fragment: Rc<Lab>,
        /// How far it is moved from where it was.
        by: Position,
    },
    /// Things are put on one line.
    Align {
        /// Which.
        items: Vec<Item>,
        /// On which line.
        edge: Edge,
    },
    /// Things are spread evenly between the outermost two.
    Distribute {
        /// Which.
        items: Vec<Item>,
        /// In which direction.
        axis: Axis,
    },
    /// Everything gets a new place, in layers from the way out downwards.
    Tidy,
    /// A device becomes another's gateway.
    Gateway {
        /// Whose.
        host: String,
        /// The device that is to be it.
        router: String,
    },
}

/// What is done, without what it is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Begins a blank sheet.
    New,
    /// Adds.
    Add,
    /// Moves.
    Move,
    /// Resizes.
    Resize,
    /// Renames.
    Rename,
    /// Sets a subnet.
    Subnet,
    /// Renumbers.
    Renumber,
    /// Connects.
    Connect,
    /// Plugs into another segment.
    MoveCable,
    /// Unplugs.
    Unplug,
    /// Deletes.
    Delete,
    /// Cuts.
    Cut,
    /// Duplicates.
    Duplicate,
    /// Pastes.
    Paste,
    /// Aligns.
    Align,
    /// Spreads evenly.
    Distribute,
    /// Tidies up.
    Tidy,
    /// Sets a gateway.
    Gateway,
}

/// What a change of the drawing is called: "move R2", "delete 3 things".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// What was done.
    pub verb: Verb,
    /// To what, if it is one thing that has a name already.
    pub item: Option<Item>,
    /// The kind of a new device.
    pub kind: Option<Kind>,
    /// To how many things.
    pub count: usize,
}

/// How far beside the original a duplicate is put, in pixels each way.
const BESIDE: i32 = 32;

impl Draw {
    /// What it is called.
    #[must_use]
    pub fn drawn(&self) -> Drawn {
        let one = |verb, item: Item| Drawn { verb, item: Some(item), kind: None, count: 1 };
        let none = |verb| Drawn { verb, item: None, kind: None, count: 0 };
        let device = |name: &String| Item::Device(name.clone());
        let several = |verb, items: &mut dyn ExactSizeIterator<Item = &Item>| match (items.len(), items.next()) {
            (1, Some(item)) => one(verb, item.clone()),
            (count, first) => Drawn { count: count.max(usize::from(first.is_some())), ..none(verb) },
        };
        match self {
            Self::New => none(Verb::New),
            Self::AddSegment { .. } => none(Verb::Add),
            Self::AddDevice { kind, .. } => Drawn { kind: Some(*kind), ..none(Verb::Add) },
            Self::Put(to) => several(Verb::Move, &mut to.iter().map(|(item, _)| item)),
            Self::Resize { segment, .. } => one(Verb::Resize, Item::Segment(segment.clone())),
            Self::Call { item, .. } | Self::Rename { item, .. } => one(Verb::Rename, item.clone()),
            Self::Subnet { segment, .. } => one(Verb::Subnet, Item::Segment(segment.clone())),
            Self::Renumber { segment, .. } => one(Verb::Renumber, Item::Segment(segment.clone())),
            Self::Connect { device: name, .. } | Self::Link { a: name, .. } => one(Verb::Connect, device(name)),
            Self::MoveCable { device, interface, .. } => one(Verb::MoveCable, Item::cable(device, interface)),
            Self::Unplug { device, interface } => one(Verb::Unplug, Item::cable(device, interface)),
            Self::Delete(items) => several(Verb::Delete, &mut items.iter()),
            Self::Cut(items) => several(Verb::Cut, &mut items.iter()),
            Self::Duplicate(items) => several(Verb::Duplicate, &mut items.iter()),
            Self::Paste { fragment, .. } => {
                Drawn { count: fragment.devices.len().saturating_add(fragment.segments.len()), ..none(Verb::Paste) }
            }
            Self::Align { items, .. } => several(Verb::Align, &mut items.iter()),
            Self::Distribute { items, .. } => several(Verb::Distribute, &mut items.iter()),
            Self::Tidy => none(Verb::Tidy),
            Self::Gateway { host, .. } => one(Verb::Gateway, device(host)),
        }
    }

    /// True if it can change what happens in the network; false if only the picture.
    #[must_use]
    pub const fn changes_run(&self) -> bool {
        !matches!(self, Self::Put(_) | Self::Resize { .. } | Self::Align { .. } | Self::Distribute { .. } | Self::Tidy)
    }

    /// The document after it. None if it does nothing; it may still be the same document.
    #[must_use]
    pub fn apply(&self, lab: &Lab) -> Option<Lab> {
        match self {
            Self::New => Some(Lab::default()),
            Self::AddSegment { position, width } => create::segment(lab, *position, *width),
            Self::AddDevice { kind, position, on } => create::device(lab, *kind, *position, on.as_deref()),
            Self::Put(to) => Some(place::put(lab, to)),
            Self::Resize { segment, left, width } => place::resize(lab, segment, *left, *width),
            Self::Call { item, language, text } => rename::call(lab, item, language, text),
            Self::Rename { item, to } => rename::rename(lab, item, to),
            Self::Subnet { segment, subnet } => {
                let mut new = lab.clone();
                new.segments.iter_mut().find(|other| other.name == *segment)?.subnet = *subnet;
                Some(new)
            }
            Self::Renumber { segment, to } => renumber::segment(lab, segment, *to),
            Self::Connect { device, segment } => cable::connect(lab, device, segment),
            Self::Link { a, b } => cable::link(lab, a, b),
            Self::MoveCable { device, interface, segment } => cable::move_to(lab, device, interface, segment),
            Self::Unplug { device, interface } => cable::unplug(lab, device, interface),
            Self::Delete(items) | Self::Cut(items) => remove::items(lab, items),
            Self::Duplicate(items) => {
                let items: BTreeSet<Item> = items.iter().cloned().collect();
                copy::paste(lab, &fragment(lab, &items)?, Position { x: BESIDE, y: BESIDE })
            }
            Self::Paste { fragment, by } => copy::paste(lab, fragment, *by),
            Self::Align { items, edge } => place::align(lab, items, *edge),
            Self::Distribute { items, axis } => place::distribute(lab, items, *axis),
            Self::Tidy => tidy::tidy(lab),
            Self::Gateway { host, router } => gateway::set(lab, host, router),
        }
    }

    /// What should be selected afterwards: what is new. None if the selection stays.
    #[must_use]
    pub fn created(&self, before: &Lab, after: &Lab) -> Option<BTreeSet<Item>> {
        match self {
            Self::AddSegment { .. } | Self::AddDevice { .. } | Self::Duplicate(_) | Self::Paste { .. } => {
                let new = Item::all(after).filter(|item| !matches!(item, Item::Cable(..)) && !item.is_in(before));
                Some(new.collect())
            }
            _ => None,
        }
    }
}
