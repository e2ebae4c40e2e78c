//! Whole exchanges, as the recordings of the kernel have them.

mod harness;
mod opening;
