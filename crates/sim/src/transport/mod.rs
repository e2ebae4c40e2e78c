//! What stands on IP.

pub(crate) mod errors;
pub mod tcp;
pub(crate) mod udp;
