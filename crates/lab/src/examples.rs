//! Labs that come with the program.

use crate::document::{Lab, Text};
use crate::read::load;

/// A lab that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its name, stable.
    pub id: &'static str,
    /// The document.
    pub text: &'static str,
}

macro_rules! examples {
    ($($id:literal),* $(,)?) => {
        /// All of them, the first one first.
        const EXAMPLES: &[Example] = &[$(Example { id: $id, text: include_str!(concat!("../labs/", $id, ".json")) },)*];
    };
}

examples! {
    "story",
    "cure-route",
    "cure-gateway",
    "accept-redirects",
    "home",
    "dual-homed",
    "pmtu-black-hole",
    "strict-firewall",
    "loop",
}

/// The labs that come with the program, the story that it exists to tell first.
#[must_use]
pub const fn examples() -> &'static [Example] {
    EXAMPLES
}

/// The example of that name.
#[must_use]
pub fn example(id: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.id == id)
}

impl Example {
    /// The document, read.
    #[must_use]
    pub fn lab(&self) -> Lab {
        load(self.text).lab.unwrap_or_default()
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> Text {
        self.lab().title
    }
}
