//! Whole exchanges, as the recordings of the kernel have them.

mod closing;
mod harness;
mod injected;
mod loss;
mod opening;
mod routes;
mod small_writes;
mod time_wait;
mod waiting;
mod window;
