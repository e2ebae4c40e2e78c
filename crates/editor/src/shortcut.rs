//! The keys: one table, read by the page that obeys it and by the help that lists it.

use crate::command::{Command, Pane, ShowCommand, TimeCommand};
use crate::edit::draw::{Axis, Edge};
use crate::hand::{HandCommand, Picking, Tool};
use crate::view::step::Scope as Through;
use roundtrip_lab::document::Kind;

/// A key with what must be held down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The key as a browser names it (`KeyboardEvent.key`), letters in lower case.
    pub key: &'static str,
    /// Ctrl, or Cmd where that is the habit.
    pub primary: bool,
    /// Shift. Not looked at where the key itself needs it, as `?` does.
    pub shift: bool,
}

/// What a key does. The name by which the help looks up its words is the variant's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Runs or stands.
    Toggle,
    /// Next event.
    Step,
    /// Event before.
    StepBack,
    /// Next event anywhere.
    StepAny,
    /// Event before, anywhere.
    StepBackAny,
    /// Next event of the packet.
    StepPacket,
    /// Event of the packet before.
    StepBackPacket,
    /// Next event of the conversation.
    StepConversation,
    /// Event of the conversation before.
    StepBackConversation,
    /// Next event of the device.
    StepDevice,
    /// Event of the device before.
    StepBackDevice,
    /// Slower.
    Slower,
    /// Faster.
    Faster,
    /// The beginning.
    Start,
    /// The end.
    End,
    /// First loss.
    FirstLoss,
    /// Takes the last change back.
    Undo,
    /// Makes it again.
    Redo,
    /// Selects nothing, closes what is open.
    Escape,
    /// The whole picture.
    Fit,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// This list.
    Help,
    /// First pane of a small screen.
    PaneCanvas,
    /// Second pane.
    PanePackets,
    /// Third pane.
    PaneDetails,
    /// The selecting tool.
    ToolSelect,
    /// A segment.
    ToolSegment,
    /// A host.
    ToolHost,
    /// A router.
    ToolRouter,
    /// An L3 switch.
    ToolL3Switch,
    /// A firewall.
    ToolFirewall,
    /// The Internet.
    ToolInternet,
    /// A cable: from what is selected, else the tool.
    Connect,
    /// A gateway: of what is selected, else the tool.
    Gateway,
    /// What the tool draws is put where there is room.
    Place,
    /// The name of what is selected.
    Name,
    /// Everything is selected.
    SelectAll,
    /// Into the clipboard.
    Copy,
    /// Into the clipboard, and away.
    Cut,
    /// Out of the clipboard.
    Paste,
    /// Copies beside it.
    Duplicate,
    /// Away.
    Delete,
    /// To the left.
    NudgeLeft,
    /// To the right.
    NudgeRight,
    /// Upwards.
    NudgeUp,
    /// Downwards.
    NudgeDown,
    /// Far to the left.
    PushLeft,
    /// Far to the right.
    PushRight,
    /// Far upwards.
    PushUp,
    /// Far downwards.
    PushDown,
    /// Left edges on one line.
    AlignLeft,
    /// Middles one above the other.
    AlignCentre,
    /// Right edges on one line.
    AlignRight,
    /// Upper edges on one line.
    AlignTop,
    /// Middles side by side.
    AlignMiddle,
    /// Lower edges on one line.
    AlignBottom,
    /// Evenly from left to right.
    SpreadAcross,
    /// Evenly from top to bottom.
    SpreadDown,
    /// Tidy places for everything.
    Tidy,
    /// The menu of what is selected.
    Menu,
    /// The network as text, or as a picture.
    Outline,
}

impl Act {
    /// True if it is about what is selected: with the focus on something that is not, that is what is meant.
    #[must_use]
    pub const fn is_about_selection(self) -> bool {
        matches!(
            self,
            Self::Connect
                | Self::Gateway
                | Self::Name
                | Self::Copy
                | Self::Cut
                | Self::Duplicate
                | Self::Delete
                | Self::NudgeLeft
                | Self::NudgeRight
                | Self::NudgeUp
                | Self::NudgeDown
                | Self::PushLeft
                | Self::PushRight
                | Self::PushUp
                | Self::PushDown
                | Self::Menu
        )
    }

    /// True if the browser does it, and the page hears of it by an event of its own: only so may a page use the clipboard
    /// without asking.
    #[must_use]
    pub const fn is_browsers(self) -> bool {
        matches!(self, Self::Copy | Self::Cut | Self::Paste)
    }
}

/// Where a key means what its line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Anywhere but in fields.
    Page,
    /// While the focus is on the picture or the outline and something there is selected. There it comes before the same key's
    /// meaning for the page: arrows move what is selected, and step through time everywhere else.
    Picture,
}

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// The keys.
    pub keys: Keys,
    /// What they do.
    pub act: Act,
    /// Where.
    pub scope: Scope,
}

const fn plain(key: &'static str, act: Act) -> Shortcut {
    Shortcut { keys: Keys { key, primary: false, shift: false }, act, scope: Scope::Page }
}

const fn primary(key: &'static str, shift: bool, act: Act) -> Shortcut {
    Shortcut { keys: Keys { key, primary: true, shift }, act, scope: Scope::Page }
}

const fn picture(key: &'static str, shift: bool, act: Act) -> Shortcut {
    Shortcut { keys: Keys { key, primary: false, shift }, act, scope: Scope::Picture }
}

/// Every shortcut. The first line for an act is the one that the help names first.
pub const TABLE: &[Shortcut] = &[
    plain(" ", Act::Toggle),
    plain("ArrowRight", Act::Step),
    plain("ArrowLeft", Act::StepBack),
    plain(".", Act::StepAny),
    plain(",", Act::StepBackAny),
    plain("]", Act::StepPacket),
    plain("[", Act::StepBackPacket),
    plain("'", Act::StepConversation),
    plain(";", Act::StepBackConversation),
    plain("}", Act::StepDevice),
    plain("{", Act::StepBackDevice),
    plain("<", Act::Slower),
    plain(">", Act::Faster),
    plain("Home", Act::Start),
    plain("End", Act::End),
    plain("x", Act::FirstLoss),
    primary("z", false, Act::Undo),
    primary("z", true, Act::Redo),
    primary("y", false, Act::Redo),
    plain("Escape", Act::Escape),
    plain("0", Act::Fit),
    plain("+", Act::ZoomIn),
    plain("-", Act::ZoomOut),
    plain("1", Act::PaneCanvas),
    plain("2", Act::PanePackets),
    plain("3", Act::PaneDetails),
    plain("?", Act::Help),
    plain("v", Act::ToolSelect),
    plain("s", Act::ToolSegment),
    plain("h", Act::ToolHost),
    plain("r", Act::ToolRouter),
    plain("l", Act::ToolL3Switch),
    plain("f", Act::ToolFirewall),
    plain("i", Act::ToolInternet),
    plain("Enter", Act::Place),
    plain("c", Act::Connect),
    plain("g", Act::Gateway),
    picture("Enter", false, Act::Name),
    plain("F2", Act::Name),
    picture("ArrowLeft", false, Act::NudgeLeft),
    picture("ArrowRight", false, Act::NudgeRight),
    picture("ArrowUp", false, Act::NudgeUp),
    picture("ArrowDown", false, Act::NudgeDown),
    picture("ArrowLeft", true, Act::PushLeft),
    picture("ArrowRight", true, Act::PushRight),
    picture("ArrowUp", true, Act::PushUp),
    picture("ArrowDown", true, Act::PushDown),
    primary("a", false, Act::SelectAll),
    primary("c", false, Act::Copy),
    primary("x", false, Act::Cut),
    primary("v", false, Act::Paste),
    primary("d", false, Act::Duplicate),
    plain("Delete", Act::Delete),
    plain("Backspace", Act::Delete),
    plain("t", Act::Tidy),
    plain("o", Act::Outline),
    plain("ContextMenu", Act::Menu),
    Shortcut { keys: Keys { key: "F10", primary: false, shift: true }, act: Act::Menu, scope: Scope::Page },
];

/// Where the focus is, as far as keys care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nowhere in particular.
    Page,
    /// In a field that takes text, or in a dialog: all keys are its own.
    Text,
    /// On something that space and Enter press, or arrows move: those keys are its own.
    Control,
    /// On the picture or in the outline.
    Picture {
        /// Something there is selected.
        selected: bool,
    },
}

/// What a key does at a place; none if it does nothing of ours.
#[must_use]
pub fn act(key: &str, primary: bool, shift: bool, place: Place) -> Option<Act> {
    let is_own = match place {
        Place::Page | Place::Picture { .. } => false,
        // A field undoes typing by itself until it is left, and Escape leaves it.
        Place::Text => true,
        Place::Control => matches!(key, " " | "Enter" | "ArrowLeft" | "ArrowRight" | "Home" | "End"),
    };
    if is_own {
        return None;
    }
    let key = if key.chars().count() == 1 { key.to_lowercase() } else { key.to_owned() };
    let needs_shift = |shortcut: &Shortcut| shortcut.keys.primary || shortcut.keys.key.len() > 1;
    let found = |scope: Scope| {
        let mut all = TABLE.iter().filter(|shortcut| shortcut.scope == scope);
        all.find(|shortcut| {
            shortcut.keys.key == key && shortcut.keys.primary == primary && (!needs_shift(shortcut) || shortcut.keys.shift == shift)
        })
    };
    let here = if place == (Place::Picture { selected: true }) { found(Scope::Picture) } else { None };
    here.or_else(|| found(Scope::Page)).map(|shortcut| shortcut.act)
}

impl Act {
    /// The commands that it stands for.
    #[must_use]
    pub fn commands(self) -> Vec<Command> {
        let time = |command| vec![Command::Time(command)];
        let show = |command| vec![Command::Show(command)];
        match self {
            Self::Toggle => time(TimeCommand::Toggle),
            Self::Step => time(TimeCommand::Step),
            Self::StepBack => time(TimeCommand::StepBack),
            Self::Start => time(TimeCommand::Start),
            Self::End => time(TimeCommand::End),
            Self::StepAny => time(TimeCommand::StepIn(Through::Everything)),
            Self::StepBackAny => time(TimeCommand::StepBackIn(Through::Everything)),
            Self::StepPacket => time(TimeCommand::StepIn(Through::Packet)),
            Self::StepBackPacket => time(TimeCommand::StepBackIn(Through::Packet)),
            Self::StepConversation => time(TimeCommand::StepIn(Through::Conversation)),
            Self::StepBackConversation => time(TimeCommand::StepBackIn(Through::Conversation)),
            Self::StepDevice => time(TimeCommand::StepIn(Through::Device)),
            Self::StepBackDevice => time(TimeCommand::StepBackIn(Through::Device)),
            Self::Slower => time(TimeCommand::Slower),
            Self::Faster => time(TimeCommand::Faster),
            Self::FirstLoss => time(TimeCommand::FirstLoss),
            Self::Undo => vec![Command::Undo],
            Self::Redo => vec![Command::Redo],
            Self::Escape => vec![Command::Hand(HandCommand::Escape), Command::Show(ShowCommand::Help(false))],
            Self::Fit => show(ShowCommand::Fit),
            Self::ZoomIn => show(ShowCommand::Zoom { factor: 1.25, about: None }),
            Self::ZoomOut => show(ShowCommand::Zoom { factor: 0.8, about: None }),
            Self::Help => show(ShowCommand::Help(true)),
            Self::PaneCanvas => show(ShowCommand::Pane(Pane::Canvas)),
            Self::PanePackets => show(ShowCommand::Pane(Pane::Packets)),
            Self::PaneDetails => show(ShowCommand::Pane(Pane::Details)),
            drawing => drawing.hand_command().map(Command::Hand).into_iter().collect(),
        }
    }

    /// What the drawing hand is told. None if it is nothing for the hand, or the browser's own.
    fn hand_command(self) -> Option<HandCommand> {
        /// Pixels of a step, and of a large one.
        const STEP: i32 = 8;
        const LEAP: i32 = 40;
        let nudge = |dx, dy| HandCommand::Nudge { dx, dy };
        Some(match self {
            Self::ToolSelect => HandCommand::Tool(Tool::Select),
            Self::ToolSegment => HandCommand::Tool(Tool::Segment),
            Self::ToolHost => HandCommand::Tool(Tool::Device(Kind::Host)),
            Self::ToolRouter => HandCommand::Tool(Tool::Device(Kind::Router)),
            Self::ToolL3Switch => HandCommand::Tool(Tool::Device(Kind::L3switch)),
            Self::ToolFirewall => HandCommand::Tool(Tool::Device(Kind::Firewall)),
            Self::ToolInternet => HandCommand::Tool(Tool::Device(Kind::Internet)),
            Self::Connect => HandCommand::Pick(Picking::Cable),
            Self::Gateway => HandCommand::Pick(Picking::Gateway),
            Self::Place => HandCommand::Place,
            Self::Name => HandCommand::NameSelected,
            Self::SelectAll => HandCommand::SelectAll,
            Self::Duplicate => HandCommand::Duplicate,
            Self::Delete => HandCommand::Delete,
            Self::NudgeLeft => nudge(-STEP, 0),
            Self::NudgeRight => nudge(STEP, 0),
            Self::NudgeUp => nudge(0, -STEP),
            Self::NudgeDown => nudge(0, STEP),
            Self::PushLeft => nudge(-LEAP, 0),
            Self::PushRight => nudge(LEAP, 0),
            Self::PushUp => nudge(0, -LEAP),
            Self::PushDown => nudge(0, LEAP),
            Self::AlignLeft => HandCommand::Align(Edge::Left),
            Self::AlignCentre => HandCommand::Align(Edge::Centre),
            Self::AlignRight => HandCommand::Align(Edge::Right),
            Self::AlignTop => HandCommand::Align(Edge::Top),
            Self::AlignMiddle => HandCommand::Align(Edge::Middle),
            Self::AlignBottom => HandCommand::Align(Edge::Bottom),
            Self::SpreadAcross => HandCommand::Distribute(Axis::Across),
            Self::SpreadDown => HandCommand::Distribute(Axis::Down),
            Self::Tidy => HandCommand::Tidy,
            Self::Menu => HandCommand::MenuOfSelection,
            Self::Outline => HandCommand::ToggleOutline,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_keys_mean_two_things() {
        for (i, a) in TABLE.iter().enumerate() {
            assert!(TABLE.iter().skip(i + 1).all(|b| a.keys != b.keys || a.scope != b.scope), "{a:?}");
            let place = if a.scope == Scope::Page { Place::Page } else { Place::Picture { selected: true } };
            let found = act(a.keys.key, a.keys.primary, a.keys.shift, place);
            assert_eq!(found, Some(a.act));
            assert_eq!(a.act.commands().is_empty(), a.act.is_browsers());
        }
    }

    #[test]
    fn typing_is_not_obeyed() {
        assert_eq!(act("x", false, false, Place::Text), None);
        assert_eq!(act("z", true, false, Place::Text), None);
        assert_eq!(act(" ", false, false, Place::Control), None);
        assert_eq!(act("z", true, false, Place::Control), Some(Act::Undo));
        assert_eq!(act("Escape", false, false, Place::Text), None);
    }

    #[test]
    fn arrows_move_what_is_selected_where_the_focus_is_on_it_and_time_elsewhere() {
        let arrow = |place| act("ArrowLeft", false, false, place);
        assert_eq!(arrow(Place::Picture { selected: true }), Some(Act::NudgeLeft));
        assert_eq!(arrow(Place::Picture { selected: false }), Some(Act::StepBack));
        assert_eq!(arrow(Place::Page), Some(Act::StepBack));
        assert_eq!(act("ArrowLeft", false, true, Place::Picture { selected: true }), Some(Act::PushLeft));
        assert_eq!(act("x", true, false, Place::Picture { selected: true }), Some(Act::Cut));
    }

    #[test]
    fn letters_are_the_same_in_upper_case() {
        assert_eq!(act("Z", true, true, Place::Page), Some(Act::Redo));
        assert_eq!(act("?", false, true, Place::Page), Some(Act::Help));
        assert_eq!(act("?", false, false, Place::Page), Some(Act::Help));
        assert_eq!(act("q", false, false, Place::Page), None);
        assert_eq!(act("Enter", false, false, Place::Picture { selected: false }), Some(Act::Place));
    }
}
