//! Whole exchanges, as the recordings of the kernel have them.

mod applications;
mod arbitrary;
mod closing;
mod harness;
mod identity;
mod injected;
mod invariants;
mod loss;
mod opening;
mod routes;
mod small_writes;
mod sockets;
mod time_wait;
mod waiting;
mod window;
