//! Packet filter, connection tracking and address translation, hooked in where the kernel has them.
//!
//! A packet meets [`Netfilter::hook`] at each of the five hooks, with its [`Skb`] beside it. What is done there, in order of
//! priority (of two equal ones the later made comes first):
//!
//! | hook | -200 | -100 | 0 | 100 | last |
//! |---|---|---|---|---|---|
//! | prerouting | connection tracking | destination translation | | | |
//! | input | | | | source translation | confirmation |
//! | forward | | | filter chains | | |
//! | output | connection tracking | destination translation | filter chains | | |
//! | postrouting | | | | source translation | confirmation |
//!
//! Filter chains stand wherever their own priority puts them. Chains of type nat do not: they are asked, in the order of their
//! priorities, from the translation's place, and only about a connection's first packet. Connection tracking is there while some
//! rule needs it, translation while there is a chain for it.
//!
//! The facts are those of Linux 6.18. `tests/recorded/` holds what such a kernel made of some thousand packets.

mod commands;
mod conntrack;
mod env;
mod hooks;
mod limit;
mod loaded;
mod matches;
mod nat;
mod rules;
pub mod ruleset;
mod skb;

#[cfg(test)]
mod tests;

pub use conntrack::{CtDirection, CtEntryView, CtEvent, CtEventKind, CtTuple, TcpCtState};
pub use env::{NetfilterEnv, NftError, Verdict};
pub use hooks::Netfilter;
pub use skb::Skb;

/// A rule or a chain's policy at one node. Ids are given in the order of loading and never given again,
/// so that a trace can speak of a rule that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u32);

/// What a [`RuleId`] means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Table with its family, as in `inet filter`.
    pub table: std::sync::Arc<str>,
    /// Chain.
    pub chain: std::sync::Arc<str>,
    /// The rule's text, or `policy drop` and the like.
    pub text: std::sync::Arc<str>,
    /// Place in the chain, from 0; none for the policy.
    pub index: Option<u32>,
    /// It has a counter.
    pub counter: bool,
}

/// A tracked connection at one node. Never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CtId(pub u32);

/// Why connection tracking calls a packet invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CtInvalid {
    /// TCP: these flags make no sense in the entry's state.
    TcpState,
    /// TCP: out of the window.
    TcpWindow,
    /// TCP: no entry, and this segment begins none (`tcp_loose` off, or flags that never do).
    TcpNotFirst,
    /// TCP: flags that no segment has.
    TcpFlags,
    /// An ICMP answer to no request.
    IcmpUnrequested,
    /// An ICMP error about no known connection.
    IcmpErrorUnknown,
    /// A broken packet.
    Malformed,
}
