//! Address translation (Linux 6.18, `nf_nat_core`, `nf_nat_proto`, `nf_nat_masquerade`, `nf_nat_redirect`).
//!
//! Only a connection's first packet meets the rules. What they choose is written into the entry: its reply tuple
//! becomes the inverse of what the packet leaves as. Every packet is then rewritten so that it looks like the
//! inverse of the other direction.

mod mangle;
mod select;

#[cfg(test)]
mod tests;

pub(super) use mangle::{icmp_error, packet};
pub(super) use select::{Range, bind};

use super::ruleset::Hook;

/// Which half of a packet a translation changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manip {
    /// Source address and port.
    Source,
    /// Destination address and port.
    Destination,
}

impl Manip {
    /// What is changed at a hook; nothing at forward.
    pub(super) const fn at(hook: Hook) -> Option<Self> {
        match hook {
            Hook::Prerouting | Hook::Output => Some(Self::Destination),
            Hook::Postrouting | Hook::Input => Some(Self::Source),
            Hook::Forward => None,
        }
    }

    const fn opposite(self) -> Self {
        match self {
            Self::Source => Self::Destination,
            Self::Destination => Self::Source,
        }
    }
}
