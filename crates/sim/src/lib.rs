//! The network itself: a deterministic discrete-event simulation of Ethernet segments, hosts and routers that
//! behave as the Linux kernel does, packet for packet.
//!
//! [`scenario::Scenario`] goes in, [`trace::Trace`] comes out. The same scenario gives the same trace, to the last bit,
//! natively and in WebAssembly.
//!
//! Invariants: no clock, no I/O, no randomness but numbers derived from the scenario, no iteration over
//! hash tables, no floating point that decides anything. The simulation never fails: what cannot go on
//! becomes a drop with a reason.

pub mod capture;
pub mod netfilter;
pub mod scenario;
pub mod sysctl;
pub mod time;
pub mod trace;
pub mod transport;

mod application;
mod event;
mod host_tcp;
mod ip;
mod neighbour;
mod node;
mod profile;
mod recorder;
mod routing;
mod segment;
mod simulation;
mod sorted;
mod tables;
mod world;

pub use profile::settings as system_settings;
pub use scenario::{ActionId, IfIndex, NodeId, Port, Scenario, SegmentId};
pub use simulation::Simulation;
pub use time::SimTime;
pub use trace::Trace;
