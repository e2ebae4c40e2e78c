//! All that a page needs and a native test can run: commands, undo, selection, and what is shown of a run.

pub mod carry;
pub mod command;
pub mod dissect;
pub mod edit;
pub mod filter;
pub mod form;
pub mod hand;
pub mod history;
pub mod item;
pub mod picture;
pub mod replay;
pub mod run;
pub mod session;
pub mod shortcut;
pub mod view;
pub mod watch;
pub mod work;

pub use command::Command;
pub use edit::{Change, Edit};
pub use history::Gesture;
pub use item::Item;
pub use run::{Focus, Run};
pub use session::{Session, Snapshot};
pub use watch::{Watch, WatchCommand};
pub use work::Progress;
