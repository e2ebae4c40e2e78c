//! Reading a trace: cross references, names of packets, conversations, the ways that their packets took.
//!
//! Nothing here judges; pictures and explanations both stand on it.

pub mod conversation;
pub mod groups;
pub mod index;
pub mod label;
pub mod thread;
pub mod way;

#[cfg(test)]
mod tests;

pub use conversation::{Conversation, Direction, Membership, Purpose, conversations, owners, owners_at};
pub use groups::Groups;
pub use index::{Hop, Index, origin, original, record, stay};
pub use label::{Kind, Label};
pub use thread::{Fate, Member, Reading, Thread};
pub use way::{Leg, Way};
