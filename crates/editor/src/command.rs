//! Every way in, as one type: buttons, keys, links, messages of an embedding page and tests all end here.

use crate::carry::CarryCommand;
use crate::edit::Edit;
use crate::hand::HandCommand;
use crate::history::Gesture;
use crate::item::Item;
use crate::view::capture::Tap;
use crate::view::geometry::Point;
use crate::view::step::Scope;
use crate::view::timescale::Shown;
use crate::watch::WatchCommand;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::PacketId;
use std::collections::BTreeSet;

/// Something that somebody wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The document is changed. With a gesture, it is one step with the changes of the same gesture before it.
    Edit(Edit, Option<Gesture>),
    /// The last change is taken back.
    Undo,
    /// The change that was last taken back is made again.
    Redo,
    /// Something is selected, or nothing.
    Select(Selection),
    /// The clock is told something.
    Time(TimeCommand),
    /// Something else is shown.
    Show(ShowCommand),
    /// The run in the making is told something.
    Work(WorkCommand),
    /// Something about links, files and what is kept.
    Carry(CarryCommand),
    /// Something is watched otherwise.
    Watch(WatchCommand),
    /// A hand draws: pointers, tools, what is done with the selection.
    Hand(HandCommand),
}

/// What is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Nothing.
    #[default]
    Nothing,
    /// A device, by name.
    Device(String),
    /// A segment, by name.
    Segment(String),
    /// A packet.
    Packet(PacketId),
    /// A cable: the device and its interface, by name.
    Cable(String, String),
    /// Several things on the picture; never fewer than two.
    Several(BTreeSet<Item>),
}

impl Selection {
    /// Of these things on the picture.
    #[must_use]
    pub fn of(items: BTreeSet<Item>) -> Self {
        let mut all = items.iter();
        match (all.next(), all.next()) {
            (None, _) => Self::Nothing,
            (Some(Item::Device(name)), None) => Self::Device(name.clone()),
            (Some(Item::Segment(name)), None) => Self::Segment(name.clone()),
            (Some(Item::Cable(device, interface)), None) => Self::Cable(device.clone(), interface.clone()),
            (Some(_), Some(_)) => Self::Several(items),
        }
    }

    /// What of the picture is selected.
    #[must_use]
    pub fn items(&self) -> BTreeSet<Item> {
        match self {
            Self::Nothing | Self::Packet(_) => BTreeSet::new(),
            Self::Device(name) => BTreeSet::from([Item::Device(name.clone())]),
            Self::Segment(name) => BTreeSet::from([Item::Segment(name.clone())]),
            Self::Cable(device, interface) => BTreeSet::from([Item::cable(device, interface)]),
            Self::Several(items) => items.clone(),
        }
    }

    /// True if this is selected, alone or with others.
    #[must_use]
    pub fn holds(&self, item: &Item) -> bool {
        match (self, item) {
            (Self::Device(a), Item::Device(b)) | (Self::Segment(a), Item::Segment(b)) => a == b,
            (Self::Cable(device, interface), Item::Cable(d, i)) => device == d && interface == i,
            (Self::Several(items), item) => items.contains(item),
            _ => false,
        }
    }

    /// With this one added, or without it if it was there.
    #[must_use]
    pub fn toggled(&self, item: &Item) -> Self {
        let mut items = self.items();
        if !items.remove(item) {
            items.insert(item.clone());
        }
        Self::of(items)
    }
}

/// What the run in the making can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkCommand {
    /// Stops; what is shown stays.
    Stop,
    /// Begins again after it was stopped.
    Again,
}

/// What the clock can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeCommand {
    /// Runs; from the beginning if it stands at the end.
    Play,
    /// Stands.
    Pause,
    /// Runs if it stands, stands if it runs.
    Toggle,
    /// Goes to the next event and stands.
    Step,
    /// Goes to the event before and stands.
    StepBack,
    /// Goes to the next event of something and stands.
    StepIn(Scope),
    /// Goes to the event of something before and stands.
    StepBackIn(Scope),
    /// Goes to a simulated moment.
    Seek(SimTime),
    /// Goes to a moment of the show.
    SeekShown(Shown),
    /// Goes to the beginning.
    Start,
    /// Goes to the end.
    End,
    /// Goes to the first loss of what is looked at, and stands.
    FirstLoss,
    /// Runs at another speed.
    Speed(Speed),
    /// Runs at the next slower speed.
    Slower,
    /// Runs at the next faster speed.
    Faster,
}

/// Named speeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speed {
    /// A quarter of the normal one.
    VerySlow,
    /// Half the normal one.
    Slow,
    /// A hop in about two thirds of a second.
    #[default]
    Normal,
    /// Twice the normal one.
    Fast,
    /// Four times the normal one.
    VeryFast,
}

impl Speed {
    /// Every one, the slowest first.
    pub const ALL: [Self; 5] = [Self::VerySlow, Self::Slow, Self::Normal, Self::Fast, Self::VeryFast];

    /// The next slower one, and the next faster one; the last stays.
    #[must_use]
    pub fn beside(self, faster: bool) -> Self {
        let place = Self::ALL.iter().position(|speed| *speed == self).unwrap_or_default();
        let next = if faster { place.saturating_add(1) } else { place.saturating_sub(1) };
        Self::ALL.get(next).copied().unwrap_or(self)
    }

    /// Quarters of the normal speed.
    #[must_use]
    pub const fn quarters(self) -> u64 {
        match self {
            Self::VerySlow => 1,
            Self::Slow => 2,
            Self::Normal => 4,
            Self::Fast => 8,
            Self::VeryFast => 16,
        }
    }

    /// As people write it: `½×`.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::VerySlow => "¼×",
            Self::Slow => "½×",
            Self::Normal => "1×",
            Self::Fast => "2×",
            Self::VeryFast => "4×",
        }
    }
}

/// What can be shown otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum ShowCommand {
    /// The conversation that is looked at, by its action's name; none for all traffic.
    Conversation(Option<String>),
    /// The tap of the packet list.
    Tap(Tap),
    /// The language.
    Language(Language),
    /// Light, dark, or as the system has it.
    Theme(Theme),
    /// On small screens: which of the panes.
    Pane(Pane),
    /// The list of shortcuts is opened or closed.
    Help(bool),
    /// Frames that only ask for Ethernet addresses are in the ladder, or are not.
    Resolution(bool),
    /// The picture is shown with this scale and offset.
    Viewport(Viewport),
    /// The whole picture is shown again, whatever the size of the window.
    Fit,
    /// The picture is shown larger or smaller, about its middle.
    Zoom {
        /// How many times as large.
        factor: f64,
        /// Which point of the window stays where it is, in pixels; the middle if none.
        about: Option<(f64, f64)>,
    },
    /// The picture's window has another size.
    Window {
        /// Width in pixels.
        width: f64,
        /// Height in pixels.
        height: f64,
    },
    /// Flights are steps, as the reader's system asks for.
    ReducedMotion(bool),
}

/// Languages of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// 日本語.
    Japanese,
}

impl Language {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::English, Self::Japanese];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Japanese => "日本語",
        }
    }

    /// The language that a tag asks for, if the page has it.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in links and storage.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.word() == word)
    }
}

/// The panes of a small screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pane {
    /// The picture.
    #[default]
    Canvas,
    /// Ladder and packet list.
    Packets,
    /// Verdict, inspector and tables.
    Details,
}

impl Pane {
    /// Every one, from the left.
    pub const ALL: [Self; 3] = [Self::Canvas, Self::Packets, Self::Details];
}

/// Which part of the picture is seen, how large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// Pixels of the window for one of the picture.
    pub scale: f64,
    /// Where the picture's left edge is in the window.
    pub x: f64,
    /// Where its top edge is.
    pub y: f64,
}

impl Viewport {
    /// True if something of this reach around a point of the picture is inside a window of this size.
    #[must_use]
    pub fn shows(&self, at: Point, window: (f64, f64), reach: f64) -> bool {
        let (x, y, reach) = (at.x.mul_add(self.scale, self.x), at.y.mul_add(self.scale, self.y), reach * self.scale);
        // A window whose size is not known yet shows everything.
        (window.0 <= 0.0 || (-reach..=window.0 + reach).contains(&x)) && (window.1 <= 0.0 || (-reach..=window.1 + reach).contains(&y))
    }
}

impl Default for Viewport {
    fn default() -> Self {
        Self { scale: 1.0, x: 0.0, y: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_found_by_any_form_of_their_tag() {
        assert_eq!(Language::from_tag("ja-JP"), Some(Language::Japanese));
        assert_eq!(Language::from_tag("EN"), Some(Language::English));
        assert_eq!(Language::from_tag("fr"), None);
        assert_eq!(Language::from_tag(""), None);
    }

    #[test]
    fn speeds_end_at_both_ends() {
        assert_eq!(Speed::Normal.beside(true), Speed::Fast);
        assert_eq!(Speed::VeryFast.beside(true), Speed::VeryFast);
        assert_eq!(Speed::VerySlow.beside(false), Speed::VerySlow);
    }

    #[test]
    fn what_is_outside_the_window_is_not_shown() {
        let view = Viewport { scale: 2.0, x: 10.0, y: -20.0 };
        let shows = |x, y| view.shows(Point::new(x, y), (100.0, 60.0), 5.0);
        assert!(shows(0.0, 10.0) && shows(45.0, 40.0) && shows(-9.0, 10.0), "a part of it is enough");
        assert!(!shows(-11.0, 10.0) && !shows(51.0, 10.0) && !shows(0.0, 4.0) && !shows(0.0, 46.0));
        assert!(view.shows(Point::new(9e9, 9e9), (0.0, 0.0), 1.0), "before the window is known");
    }

    #[test]
    fn words_and_themes_agree() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_word(theme.word()), Some(theme));
        }
        assert_eq!(Theme::from_word("pink"), None);
    }
}
