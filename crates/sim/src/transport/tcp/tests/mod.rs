//! Whole exchanges, as the recordings of the kernel have them.

mod closing;
mod harness;
mod loss;
mod opening;
