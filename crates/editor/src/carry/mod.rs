//! What travels and what stays: links, files, what an address asks for, what the browser keeps.

pub mod keeper;
pub mod message;
pub mod options;
pub mod qr;
pub mod share;
pub mod shelf;
pub mod tabs;

use options::{OptionProblem, Options};
use roundtrip_lab::{Lab, Problem};
use std::rc::Rc;

/// What the page says once, until somebody has read it.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// Something was opened in the place of what was there, which can be had back.
    Opened {
        /// What it is called, in the language of the page.
        title: String,
    },
    /// A link or a file cannot be opened; the work stays as it is.
    CannotOpen {
        /// The file's name; none for a link.
        file: Option<String>,
        /// Why.
        problems: Vec<Problem>,
    },
    /// A file cannot be read at all: the browser's words.
    CannotRead {
        /// The file's name.
        file: String,
        /// The browser's words.
        reason: String,
    },
    /// The address asks for something that is not there.
    Options(Vec<OptionProblem>),
    /// The browser keeps nothing for this page.
    NoStorage,
    /// The browser has no room for this lab, not even in the place of old ones.
    NoRoom,
    /// Old labs made room for this one: so many.
    Evicted(usize),
    /// This lab is open in another tab as well.
    OpenElsewhere,
    /// Another tab took this lab over.
    TakenOver,
    /// The page broke at its last visit; the work is there.
    Broke {
        /// The work's name on the shelf.
        work: String,
        /// What it is called.
        title: String,
    },
    /// The lab is locked: it can be looked at, not changed.
    Locked,
}

/// The dialogs of this area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// To pass the lab on.
    Share,
    /// The labs that are kept here.
    Labs,
    /// To take it elsewhere as a file.
    Export,
}

/// What this area adds to the state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carry {
    /// What the address or the embedding page asked for.
    pub options: Options,
    /// What is to be said, the oldest first.
    pub notices: Vec<Notice>,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// Waits behind a poster until somebody asks it to play.
    pub poster: bool,
}

/// What can be told to this area.
#[derive(Clone, Debug, PartialEq)]
pub enum CarryCommand {
    /// How the page is shown.
    Options(Options),
    /// Something is to be said.
    Say(Notice),
    /// Somebody has read it: its place in the list.
    Read(usize),
    /// A dialog opens, or all close.
    Dialog(Option<Dialog>),
    /// The poster comes or goes.
    Poster(bool),
}

/// Notices that are shown at once, at most. The oldest make room.
const NOTICES: usize = 4;

impl Carry {
    /// Carries a command out. False if it changed nothing.
    pub fn apply(this: &mut Rc<Self>, command: CarryCommand) -> bool {
        let mut changed = Self::clone(this);
        match command {
            CarryCommand::Options(options) => changed.options = options,
            CarryCommand::Say(notice) => {
                // The same again is no news, and of two that say what was opened the later one counts.
                let same = |other: &Notice| {
                    *other == notice
                        || matches!((other, &notice), (Notice::Opened { .. }, Notice::Opened { .. } | Notice::CannotOpen { .. }))
                };
                changed.notices.retain(|other| !same(other));
                changed.notices.push(notice);
                let extra = changed.notices.len().saturating_sub(NOTICES);
                changed.notices.drain(..extra);
            }
            CarryCommand::Read(place) => {
                if place < changed.notices.len() {
                    changed.notices.remove(place);
                }
            }
            CarryCommand::Dialog(dialog) => changed.dialog = dialog,
            CarryCommand::Poster(poster) => changed.poster = poster,
        }
        let news = changed != **this;
        if news {
            *this = Rc::new(changed);
        }
        news
    }
}

/// A name for the lab's file: its title in letters that every system takes, or `lab`.
#[must_use]
pub fn file_name(lab: &Lab, language: &str) -> String {
    /// Characters that a name may have: some systems take 255 bytes at most.
    const MOST: usize = 60;
    let title = lab.title.get(language);
    let safe = |letter: char| if letter.is_alphanumeric() || matches!(letter, '-' | '_') { letter } else { ' ' };
    let words: String = title.chars().map(safe).collect();
    let name = words.split_whitespace().collect::<Vec<_>>().join("-");
    let name: String = name.chars().take(MOST).collect();
    if name.is_empty() { "lab.json".to_owned() } else { format!("{name}.json") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(commands: Vec<CarryCommand>) -> Carry {
        let mut carry = Rc::new(Carry::default());
        for command in commands {
            Carry::apply(&mut carry, command);
        }
        Carry::clone(&carry)
    }

    fn opened(title: &str) -> Notice {
        Notice::Opened { title: title.to_owned() }
    }

    #[test]
    fn the_same_notice_is_said_once_and_the_oldest_make_room() {
        let say = |notice| CarryCommand::Say(notice);
        assert_eq!(after(vec![say(Notice::NoStorage), say(Notice::NoStorage)]).notices, [Notice::NoStorage]);
        assert_eq!(after(vec![say(opened("a")), say(opened("b"))]).notices, [opened("b")]);
        let many = (0..9).map(|number| say(Notice::Evicted(number))).collect();
        assert_eq!(after(many).notices, [5, 6, 7, 8].map(Notice::Evicted));
    }

    #[test]
    fn a_notice_goes_when_it_was_read() {
        let commands = vec![CarryCommand::Say(Notice::NoStorage), CarryCommand::Say(Notice::Locked), CarryCommand::Read(0)];
        assert_eq!(after(commands).notices, [Notice::Locked]);
        assert!(!Carry::apply(&mut Rc::default(), CarryCommand::Read(3)));
    }

    #[test]
    fn file_names_are_safe_everywhere() {
        let named = |title: &str| {
            let mut lab = Lab::default();
            lab.title.set("en", title);
            file_name(&lab, "en")
        };
        assert_eq!(named("There and back: 1/2"), "There-and-back-1-2.json");
        assert_eq!(named("行きと帰り"), "行きと帰り.json");
        assert_eq!(named("../../etc/passwd"), "etc-passwd.json");
        assert_eq!(named(""), "lab.json");
        assert!(named(&"x".repeat(500)).len() < 100);
    }
}
