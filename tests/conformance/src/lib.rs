//! Holds the simulation against recordings of the Linux kernel: outcomes, the ordered frames at every interface with their
//! times, tables, and what connection tracking decided.
//!
//! A recording (`recordings/*.json`) is the noise-free form over three runs of the same lab on a real kernel: frames that the
//! kernel showed in some runs only carry `runs`, times carry the step in which the runs agree.

pub mod compare;
pub mod recording;
pub mod run;
pub mod tables;

pub use compare::{Report, compare};
pub use recording::Recording;
pub use run::Run;
