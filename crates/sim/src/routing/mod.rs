//! Where packets go: the routing table, what is learned beside it, and which source address is chosen.

pub(crate) mod fib;
pub(crate) mod learned;
pub(crate) mod outdated;

pub(crate) use fib::{Fib, FibKind, RouteId};
pub(crate) use learned::LearnedTable;
pub(crate) use outdated::Outdated;
