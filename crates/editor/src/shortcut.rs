//! The keys: one table, read by the page that obeys it and by the help that lists it.

use crate::command::{Command, Pane, Selection, ShowCommand, TimeCommand};

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
}

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// The keys.
    pub keys: Keys,
    /// What they do.
    pub act: Act,
}

const fn plain(key: &'static str, act: Act) -> Shortcut {
    Shortcut { keys: Keys { key, primary: false, shift: false }, act }
}

const fn primary(key: &'static str, shift: bool, act: Act) -> Shortcut {
    Shortcut { keys: Keys { key, primary: true, shift }, act }
}

/// Every shortcut. The first line for an act is the one that the help names first.
pub const TABLE: &[Shortcut] = &[
    plain(" ", Act::Toggle),
    plain("ArrowRight", Act::Step),
    plain("ArrowLeft", Act::StepBack),
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
}

/// What a key does at a place; none if it does nothing of ours.
#[must_use]
pub fn act(key: &str, primary: bool, shift: bool, place: Place) -> Option<Act> {
    let is_own = match place {
        Place::Page => false,
        // A field undoes typing by itself until it is left, and Escape leaves it.
        Place::Text => true,
        Place::Control => matches!(key, " " | "Enter" | "ArrowLeft" | "ArrowRight" | "Home" | "End"),
    };
    if is_own {
        return None;
    }
    let key = if key.chars().count() == 1 { key.to_lowercase() } else { key.to_owned() };
    let needs_shift = |shortcut: &Shortcut| shortcut.keys.primary || shortcut.keys.key.len() > 1;
    TABLE
        .iter()
        .find(|shortcut| {
            shortcut.keys.key == key && shortcut.keys.primary == primary && (!needs_shift(shortcut) || shortcut.keys.shift == shift)
        })
        .map(|shortcut| shortcut.act)
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
            Self::FirstLoss => time(TimeCommand::FirstLoss),
            Self::Undo => vec![Command::Undo],
            Self::Redo => vec![Command::Redo],
            Self::Escape => vec![Command::Select(Selection::Nothing), Command::Show(ShowCommand::Help(false))],
            Self::Fit => show(ShowCommand::Fit),
            Self::ZoomIn => show(ShowCommand::Zoom { factor: 1.25, about: None }),
            Self::ZoomOut => show(ShowCommand::Zoom { factor: 0.8, about: None }),
            Self::Help => show(ShowCommand::Help(true)),
            Self::PaneCanvas => show(ShowCommand::Pane(Pane::Canvas)),
            Self::PanePackets => show(ShowCommand::Pane(Pane::Packets)),
            Self::PaneDetails => show(ShowCommand::Pane(Pane::Details)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_keys_mean_two_things() {
        for (i, a) in TABLE.iter().enumerate() {
            assert!(TABLE.iter().skip(i + 1).all(|b| a.keys != b.keys), "{a:?}");
            let found = act(a.keys.key, a.keys.primary, a.keys.shift, Place::Page);
            assert_eq!(found, Some(a.act));
            assert!(!a.act.commands().is_empty());
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
    fn letters_are_the_same_in_upper_case() {
        assert_eq!(act("Z", true, true, Place::Page), Some(Act::Redo));
        assert_eq!(act("?", false, true, Place::Page), Some(Act::Help));
        assert_eq!(act("?", false, false, Place::Page), Some(Act::Help));
        assert_eq!(act("q", false, false, Place::Page), None);
    }
}
