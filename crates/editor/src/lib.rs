//! All that a page needs and a native test can run: commands, undo, selection, and what is shown of a run.

pub mod history;
pub mod view;
