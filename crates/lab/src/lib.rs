//! The document: what a person drew, versioned, validated, and converted for the simulation.
//!
//! [`load`] reads a document and says every problem that it finds, each with its place and the remedy; [`save`] writes
//! one; [`to_scenario`] turns one into the simulation's input. `docs/lab-format.md` describes the format for people.
//!
//! Invariants: the document's types are not the simulation's types; [`load`] never panics and never leaves anything out
//! without saying so; what [`save`] writes, [`load`] reads back as the same value.

mod check;
pub mod commands;
mod convert;
pub mod document;
mod examples;
pub mod limits;
pub mod link;
mod messages;
pub mod nft;
pub mod patch;
mod phrases;
pub mod presets;
mod problem;
mod read;
pub mod rename;
pub mod report;
mod save;
#[cfg(feature = "schema")]
pub mod schema;

pub use check::check;
pub use convert::{to_nft, to_scenario};
pub use document::Lab;
pub use examples::{Example, example, examples};
pub use messages::{Messages, PROBLEMS_EN, PROBLEMS_JA};
pub use problem::{Problem, ProblemId, Severity, similar};
pub use read::json::Json;
pub use read::locate::line_of;
pub use read::{Loaded, load};
pub use save::{save, save_compact};
