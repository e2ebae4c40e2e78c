//! Why a conversation stalls, and what would cure it: read from the trace of a run, and from nothing else.
//!
//! [`explain()`] gives a [`Verdict`] for each conversation of a run: how it ended, why ([`Cause`], a closed set), how far it got
//! ([`light::Light`]), which ways its packets took, the chain of causes with references into the trace, what the two ends
//! believe, and why a ping lives where TCP dies.
//!
//! Nothing here is text: all that is said is a [`Message`], a name in the catalogues with its arguments.
//!
//! Invariants: behaviour is not computed here a second time; no cause is guessed from the configuration alone.

pub mod analysis;
pub mod belief;
mod catalogue;
pub mod cause;
pub mod chain;
pub mod classify;
pub mod contrast;
pub mod cure;
mod death;
pub mod find;
pub mod flows;
pub mod light;
pub mod message;
pub mod outcome;
pub mod parting;
pub mod reading;
mod verdict;
pub mod words;

pub use catalogue::{CATALOGUES, EXPLAIN_EN, EXPLAIN_JA, all as all_messages, messages};
pub use cause::Cause;
pub use cure::{Cure, cures};
pub use death::death;
pub use light::{Light, LightState, Loss, Stage};
pub use message::{Message, Teller, Value};
pub use outcome::Outcome;
pub use verdict::{Explanation, Verdict, Ways, explain};
