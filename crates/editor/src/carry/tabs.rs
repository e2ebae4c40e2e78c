//! Two tabs with the same lab notice each other: what they say, and what follows.

/// What one tab tells all others of this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TabMessage {
    /// I opened this lab: has anybody else got it?
    Hello {
        /// Who asks.
        tab: String,
        /// The lab's name on the shelf.
        work: String,
    },
    /// I have.
    Held {
        /// Who had asked.
        tab: String,
        /// The lab.
        work: String,
    },
    /// From now on it is mine.
    Mine {
        /// Whose.
        tab: String,
        /// The lab.
        work: String,
    },
}

impl TabMessage {
    /// As it is sent.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Hello { tab, work } => format!("hello {tab} {work}"),
            Self::Held { tab, work } => format!("held {tab} {work}"),
            Self::Mine { tab, work } => format!("mine {tab} {work}"),
        }
    }

    /// What was sent; none if it is something else.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (kind, tab, work) = (words.next()?, words.next()?.to_owned(), words.next()?.to_owned());
        match kind {
            "hello" => Some(Self::Hello { tab, work }),
            "held" => Some(Self::Held { tab, work }),
            "mine" => Some(Self::Mine { tab, work }),
            _ => None,
        }
    }
}

/// What follows from a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Nothing.
    Nothing,
    /// This is answered.
    Answer(TabMessage),
    /// Another tab had the lab before: ask the reader.
    Ask,
    /// Another tab took the lab: what is changed here goes into a copy.
    LetGo,
}

/// What this tab does about a message, having this lab open.
#[must_use]
pub fn react(own: &str, open: Option<&str>, message: &TabMessage) -> Reaction {
    let mine = |work: &str| open == Some(work);
    match message {
        TabMessage::Hello { tab, work } if tab != own && mine(work) => {
            Reaction::Answer(TabMessage::Held { tab: tab.clone(), work: work.clone() })
        }
        TabMessage::Held { tab, work } if tab == own && mine(work) => Reaction::Ask,
        TabMessage::Mine { tab, work } if tab != own && mine(work) => Reaction::LetGo,
        _ => Reaction::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(tab: &str, work: &str) -> TabMessage {
        TabMessage::Hello { tab: tab.into(), work: work.into() }
    }

    #[test]
    fn the_second_tab_asks_and_the_first_lets_go() {
        let asked = hello("t2", "w");
        let Reaction::Answer(held) = react("t1", Some("w"), &asked) else { panic!() };
        assert_eq!(react("t2", Some("w"), &held), Reaction::Ask);
        assert_eq!(react("t3", Some("w"), &held), Reaction::Nothing);
        let mine = TabMessage::Mine { tab: "t2".into(), work: "w".into() };
        assert_eq!(react("t1", Some("w"), &mine), Reaction::LetGo);
        assert_eq!(react("t2", Some("w"), &mine), Reaction::Nothing);
    }

    #[test]
    fn other_labs_and_oneself_are_nobodys_business() {
        assert_eq!(react("t1", Some("other"), &hello("t2", "w")), Reaction::Nothing);
        assert_eq!(react("t1", None, &hello("t2", "w")), Reaction::Nothing);
        assert_eq!(react("t1", Some("w"), &hello("t1", "w")), Reaction::Nothing);
    }

    #[test]
    fn messages_are_read_as_they_are_sent_and_others_are_not() {
        for message in [hello("t", "w"), TabMessage::Held { tab: "t".into(), work: "w".into() }] {
            assert_eq!(TabMessage::of(&message.text()), Some(message));
        }
        for text in ["", "hello", "hello t", "what t w"] {
            assert_eq!(TabMessage::of(text), None);
        }
    }
}
