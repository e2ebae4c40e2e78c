//! The drawing hand: tools, pointers, and what is done with what is selected.
//!
//! Pointers come in as pixels of the picture's window with what lies below them; what becomes of them is decided here, so that mouse,
//! finger, key and test do the same.

pub mod clipboard;
pub mod deeds;
pub mod pick;
pub mod snap;

use crate::edit::draw::{Axis, Edge};
use crate::history::Gesture;
use crate::item::Item;
use crate::view::geometry::{Point, Rect};
use clipboard::PasteFault;
use pick::{Choice, Picker};
use roundtrip_lab::document::{Kind, Position};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What a pointer on the picture does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// Selects and moves.
    #[default]
    Select,
    /// Draws segments.
    Segment,
    /// Puts devices of a kind.
    Device(Kind),
    /// Joins devices and segments.
    Cable,
    /// Points from a device to its gateway.
    Gateway,
}

impl Tool {
    /// Every one, in the order of the rail.
    pub const ALL: [Self; 9] = [
        Self::Select,
        Self::Segment,
        Self::Device(Kind::Host),
        Self::Device(Kind::Router),
        Self::Device(Kind::L3switch),
        Self::Device(Kind::Firewall),
        Self::Device(Kind::Internet),
        Self::Cable,
        Self::Gateway,
    ];
}

/// What lies below a pointer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// Nothing but the picture.
    #[default]
    Picture,
    /// A thing.
    Item(Item),
    /// The knob at a device's edge, from which cables are drawn.
    Knob(String),
    /// An end of a segment's bar.
    End {
        /// Which segment.
        segment: String,
        /// The right end; else the left one.
        right: bool,
    },
    /// The end of a cable at its segment.
    Plug {
        /// Which device.
        device: String,
        /// Which of its interfaces.
        interface: String,
    },
}

impl Over {
    /// The thing that is meant: a part stands for the whole.
    #[must_use]
    pub fn item(&self) -> Option<Item> {
        match self {
            Self::Picture => None,
            Self::Item(item) => Some(item.clone()),
            Self::Knob(device) => Some(Item::Device(device.clone())),
            Self::End { segment, .. } => Some(Item::Segment(segment.clone())),
            Self::Plug { device, interface } => Some(Item::cable(device, interface)),
        }
    }

    /// From an attribute of the page: `device/pc1`, `knob/pc1`, `left/lan1`, `plug/pc1/eth0`.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        if let Some(item) = Item::from_key(key) {
            return Some(Self::Item(item));
        }
        match key.split_once('/')? {
            ("knob", device) => Some(Self::Knob(device.to_owned())),
            ("left", segment) => Some(Self::End { segment: segment.to_owned(), right: false }),
            ("right", segment) => Some(Self::End { segment: segment.to_owned(), right: true }),
            ("plug", names) => {
                let (device, interface) = names.split_once('/')?;
                Some(Self::Plug { device: device.to_owned(), interface: interface.to_owned() })
            }
            _ => None,
        }
    }
}

/// What is held down, and with what it is pointed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Shift, Ctrl or Cmd: adds to the selection.
    pub more: bool,
    /// Alt: places are not rounded.
    pub exact: bool,
    /// Space or the middle button: the picture itself is moved.
    pub pan: bool,
    /// A finger.
    pub touch: bool,
}

/// What the hand can be told.
#[derive(Clone, Debug, PartialEq)]
pub enum HandCommand {
    /// Another tool.
    Tool(Tool),
    /// What the tool would draw is put where there is room.
    Place,
    /// A pointer comes down. Places are pixels of the window.
    Down {
        /// Which pointer.
        pointer: i32,
        /// Where.
        at: Point,
        /// On what.
        over: Over,
        /// With what held.
        held: Held,
    },
    /// A pointer moves.
    Move {
        /// Which pointer.
        pointer: i32,
        /// Where to.
        at: Point,
        /// Over what.
        over: Over,
        /// With what held.
        held: Held,
    },
    /// A pointer goes up.
    Up {
        /// Which pointer.
        pointer: i32,
        /// Where.
        at: Point,
        /// Over what.
        over: Over,
    },
    /// A pointer is taken away.
    Lost(i32),
    /// What is being done is broken off; with nothing being done, the tool is put down, then nothing is selected.
    Escape,
    /// Everything is selected.
    SelectAll,
    /// The selection moves by so many pixels.
    Nudge {
        /// To the right.
        dx: i32,
        /// Downwards.
        dy: i32,
    },
    /// The selection goes.
    Delete,
    /// The same, as it has just been copied.
    Cut,
    /// Copies of the selection appear beside it.
    Duplicate,
    /// A text from the clipboard is put into the document.
    Paste(String),
    /// The selection is put on one line.
    Align(Edge),
    /// The selection is spread evenly.
    Distribute(Axis),
    /// Everything gets a tidy place.
    Tidy,
    /// The selected thing's name is to be written, or no longer.
    Naming(Option<Item>),
    /// The selected thing's name is to be written.
    NameSelected,
    /// It was written.
    Name {
        /// Of what.
        item: Item,
        /// What.
        text: String,
    },
    /// The menu of what lies below a point is opened there.
    Menu {
        /// Where, in pixels of the window.
        at: Point,
        /// On what.
        over: Over,
    },
    /// The menu of the selection is opened beside it.
    MenuOfSelection,
    /// The menu is closed.
    CloseMenu,
    /// A partner for the selection is to be chosen from a list: what a cable or a gateway leads to.
    Pick(Picking),
    /// It was chosen.
    Picked(Choice),
    /// The list is closed.
    ClosePicker,
    /// The network is shown as text, or as a picture.
    Outline(bool),
    /// The other of the two.
    ToggleOutline,
    /// A blank sheet.
    New,
}

/// What a partner is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Picking {
    /// A cable.
    Cable,
    /// A gateway.
    Gateway,
}

/// What the hand is about, as far as it can be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desk {
    /// The tool.
    pub tool: Tool,
    /// What is being drawn.
    pub preview: Preview,
    /// Lines on which what is moved stands with others.
    pub guides: Vec<Guide>,
    /// Something is being dragged.
    pub dragging: bool,
    /// Whose name is being written.
    pub naming: Option<Item>,
    /// The menu that is open.
    pub menu: Option<Menu>,
    /// The list that is open.
    pub picker: Option<Rc<Picker>>,
    /// The network is shown as text.
    pub outline: bool,
    /// What there is to say about what was just done, with a number by which the same words are news again.
    pub notice: Option<(u32, Notice)>,
    /// What the focus of the page goes to, with a number by which the same thing is meant again.
    pub focus: Option<(u32, Item)>,
}

/// What is being drawn and is not there yet. Places are the picture's.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Preview {
    /// Nothing.
    #[default]
    Nothing,
    /// What lies in here will be selected.
    Box(Rect),
    /// A segment.
    Segment(Rect),
    /// A device, where it would come to stand.
    Device(Kind, Point),
    /// A cable from a thing to the pointer, or to what it would be plugged into.
    Cable {
        /// From where.
        from: Item,
        /// The pointer.
        to: Point,
        /// To what.
        onto: Option<Item>,
    },
    /// An arrow to the gateway.
    Gateway {
        /// Whose.
        from: Item,
        /// The pointer.
        to: Point,
        /// To what.
        onto: Option<Item>,
    },
}

/// A line on which things stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Guide {
    /// One above the other, at this distance from the left.
    Upright(f64),
    /// Side by side, at this distance from the top.
    Level(f64),
}

/// An open menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Menu {
    /// Where, in pixels of the window.
    pub at: Point,
}

/// What there is to say about something that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A host and a router that no segment joins: the one cannot be the other's gateway.
    NoSharedSegment(Item, Item),
    /// A gateway is a device.
    GatewayIsDevice,
    /// A cable joins a device and a segment, or two devices.
    CableNeedsDevice,
    /// Copied.
    Copied(usize),
    /// What was in the clipboard cannot be put here.
    Paste(PasteFault),
    /// There is nothing that it could be connected to.
    NothingToConnect,
    /// The document is as large as it may be.
    Full,
    /// A tool waits for its first point.
    Tool(Tool),
}

/// What a pointer holds.
#[derive(Clone, Debug)]
pub(crate) enum Hold {
    /// The picture.
    Pan,
    /// A corner of a box around what is to be selected, and what was selected before.
    Box { from: Point, before: BTreeSet<Item> },
    /// Things, from where they were.
    Items { from: Vec<(Item, Position)>, gesture: Gesture, clicked: Item, was_selected: bool, more: bool },
    /// One end of a new segment.
    Segment { from: Point },
    /// A new device.
    Device(Kind),
    /// One end of a new cable. Taken up by a click, it is put down by another.
    Cable { from: Item },
    /// The beginning of an arrow to a gateway.
    Gateway { from: Item },
    /// An end of a bar.
    End { segment: String, right: bool, bar: Rect, gesture: Gesture },
    /// The end of a cable at its segment.
    Plug { device: String, interface: String },
}

/// One pointer that is down.
#[derive(Clone, Debug)]
pub(crate) struct Finger {
    pub(crate) pointer: i32,
    pub(crate) at: Point,
    pub(crate) down: Point,
    pub(crate) moved: bool,
    pub(crate) hold: Hold,
    pub(crate) stays: bool,
}

/// What the hand remembers and nobody sees.
#[derive(Clone, Debug)]
pub(crate) struct Hand {
    pub(crate) fingers: Vec<Finger>,
    /// The beginning of a cable or an arrow that was taken up by a click.
    pub(crate) armed: Option<Hold>,
    pub(crate) gestures: u64,
    /// The gesture of the nudges that follow each other.
    pub(crate) nudging: Option<Gesture>,
    pub(crate) notices: u32,
}

impl Default for Hand {
    fn default() -> Self {
        // Far from those that are counted outside.
        Self { fingers: Vec::new(), armed: None, gestures: 1 << 62, nudging: None, notices: 0 }
    }
}

impl Hand {
    pub(crate) const fn new_gesture(&mut self) -> Gesture {
        self.gestures = self.gestures.wrapping_add(1);
        Gesture(self.gestures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_things_are_read_from_the_page() {
        let end = Over::End { segment: "a b".into(), right: true };
        assert_eq!(Over::from_key("right/a b"), Some(end.clone()));
        assert_eq!(end.item(), Some(Item::Segment("a b".into())));
        let plug = Over::Plug { device: "pc1".into(), interface: "eth0".into() };
        assert_eq!(Over::from_key("plug/pc1/eth0"), Some(plug));
        assert_eq!(Over::from_key("device/pc1"), Some(Over::Item(Item::Device("pc1".into()))));
        assert_eq!(Over::from_key("nonsense"), None);
    }
}
