//! What can go wrong.

use crate::say::Say;
use std::io;
use std::process::ExitCode;

/// Why there is nothing to show.
pub(crate) enum Failure {
    /// A file cannot be read.
    Input { name: String, error: io::Error },
    /// Nothing of that name.
    NoExample { name: String, similar: String },
    /// No interface or segment of that name.
    NoPlace { name: String, known: Vec<String> },
    /// No conversation of that name.
    NoConversation { name: String, known: Vec<String> },
    /// No cause of that name.
    NoCause { name: String },
    /// A file cannot be written.
    File { name: String, error: io::Error },
    /// What is no text would go to a terminal.
    Terminal,
    /// The lab has problems that keep it from running; they have been shown.
    Lab,
    /// Our output cannot be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Failure {
    pub(crate) fn message(&self, say: &Say) -> String {
        match self {
            Self::Input { name, error } => say.text("cannot-read", &[("name", name), ("error", &error.to_string())]),
            Self::NoExample { name, similar } => say.text("no-example", &[("name", name), ("similar", similar)]),
            Self::NoPlace { name, known } => say.text("no-place", &[("name", name), ("known", &known.join(", "))]),
            Self::NoConversation { name, known } => say.text("no-conversation", &[("name", name), ("known", &known.join(", "))]),
            Self::NoCause { name } => say.text("no-cause", &[("name", name)]),
            Self::File { name, error } => say.text("cannot-write-file", &[("name", name), ("error", &error.to_string())]),
            Self::Terminal => say.text("no-terminal", &[]),
            Self::Lab => say.text("cannot-run", &[]),
            Self::Output(error) => say.text("cannot-write", &[("error", &error.to_string())]),
        }
    }

    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Lab => 3,
            _ => 2,
        })
    }
}
