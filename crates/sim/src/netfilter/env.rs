//! What a node's netfilter needs to know of the node, and what it answers.

use super::conntrack::CtEvent;
use super::ruleset::{Family, RejectWith};
use crate::scenario::IfIndex;
use crate::sysctl::Sysctls;
use crate::time::SimTime;
use crate::trace::{DropReason, Step};
use std::fmt;
use std::net::Ipv4Addr;

/// The node around the hooks.
pub trait NetfilterEnv {
    /// The time.
    fn now(&self) -> SimTime;
    /// The node's settings.
    fn sysctls(&self) -> &Sysctls;
    /// Name of an interface.
    fn interface_name(&self, index: IfIndex) -> &str;
    /// The address belongs to this node.
    fn is_local(&self, address: Ipv4Addr) -> bool;
    /// The address that packets to this destination take when they leave by this interface.
    fn masquerade_address(&self, out: IfIndex, destination: Ipv4Addr) -> Option<Ipv4Addr>;
    /// The first address of an interface.
    fn first_address(&self, input: IfIndex) -> Option<Ipv4Addr>;
    /// MTU of the route to this address, in bytes.
    fn route_mtu(&self, to: Ipv4Addr) -> Option<u16>;
    /// Writes down what was consulted.
    fn step(&mut self, step: Step);
    /// A number that looks random, and is the same in every run.
    fn random(&mut self) -> u32;
    /// Writes down that the table of connections has changed.
    fn ct_event(&mut self, event: CtEvent);
}

/// What becomes of a packet after a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes on.
    Accept,
    /// It is gone.
    Drop(DropReason),
    /// It is gone, and its sender is to be told.
    Reject {
        /// How.
        with: RejectWith,
        /// Which rule.
        reason: DropReason,
    },
}

/// Why a change of the rules is refused. Nothing of it has taken effect then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NftError {
    /// No such table.
    NoSuchTable {
        /// Family.
        family: Family,
        /// Name.
        table: String,
    },
    /// No such chain, in a command or behind `jump` or `goto`.
    NoSuchChain {
        /// Table.
        table: String,
        /// Name.
        chain: String,
    },
    /// No rule at that place.
    NoSuchRule {
        /// Chain.
        chain: String,
        /// Place, from 0.
        index: usize,
    },
    /// A chain that still has rules, or to which rules still lead, cannot be deleted.
    ChainInUse {
        /// Name.
        chain: String,
    },
    /// `jump` and `goto` lead in a circle, or deeper than 16 chains.
    JumpLoop {
        /// A chain on the way.
        chain: String,
    },
}

impl fmt::Display for NftError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchTable { family, table } => {
                let family = match family {
                    Family::Ip => "ip",
                    Family::Inet => "inet",
                };
                write!(f, "no table {family} {table}")
            }
            Self::NoSuchChain { table, chain } => write!(f, "no chain {chain} in table {table}"),
            Self::NoSuchRule { chain, index } => write!(f, "no rule at place {index} of chain {chain}"),
            Self::ChainInUse { chain } => write!(f, "chain {chain} is in use"),
            Self::JumpLoop { chain } => write!(f, "jumps from chain {chain} lead in a circle or too deep"),
        }
    }
}

impl std::error::Error for NftError {}
