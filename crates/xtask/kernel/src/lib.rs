//! The live check: labs realised on the Linux kernel that runs here, in network namespaces of their own, and the simulation
//! held against what the kernel does.
//!
//! [`translate`] turns a lab into what the programs below `python/` build; [`kernel`] runs those, within limits; [`judge`]
//! compares. `docs/conformance.md` says what is compared, and how differences are read.
#![allow(clippy::disallowed_types, reason = "the ban on clocks guards the simulation; this is about a real machine's time")]

pub mod choose;
pub mod compact;
pub mod judge;
pub mod kernel;
pub mod machine;
pub mod translate;
