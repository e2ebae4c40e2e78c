//! What travels beside a packet through one node.

use super::conntrack::{CtLink, Status};
use super::ruleset::CtState;
use super::{CtId, Netfilter};
use crate::scenario::IfIndex;

/// A packet's companion at one node, as the kernel's `sk_buff` is: made when the packet arrives or is made, kept to its end
/// there. A connection that the packet begins lives in here until the last hook; if the packet is dropped, it goes with it.
#[derive(Clone, Debug, Default)]
pub struct Skb {
    /// The interface that took it; none if it was made here. It stays up to postrouting: rules there see it too.
    pub in_if: Option<IfIndex>,
    /// The interface that will send it, once that is known.
    pub out_if: Option<IfIndex>,
    /// `meta mark`.
    pub mark: u32,
    pub(super) ct: CtLink,
}

impl Skb {
    /// The companion of an ICMP error, redirect or RST that this node makes about this packet. As in the kernel the answer
    /// counts as related to the packet's connection, even if that is not in the table yet and never will be.
    /// (The port unreachable of a UDP socket that is not there is not linked: that packet has been delivered.)
    #[must_use]
    pub fn about(&self) -> Self {
        Self { ct: self.ct.about(), ..Self::default() }
    }

    /// How the packet stands to its connection, as `ct state` shows it; none if nothing is tracked here.
    #[must_use]
    pub fn state(&self, netfilter: &Netfilter) -> Option<CtState> {
        netfilter.tracks().then(|| self.ct.state())
    }

    /// The connection that the packet belongs to.
    #[must_use]
    pub fn connection(&self, netfilter: &Netfilter) -> Option<CtId> {
        netfilter.conntrack.entry(&self.ct).map(|entry| entry.id)
    }

    /// The packet's connection is translated. An ICMP redirect about such a packet dies in the output hook.
    #[must_use]
    pub fn translated(&self, netfilter: &Netfilter) -> bool {
        netfilter.conntrack.entry(&self.ct).is_some_and(|entry| entry.status.has(Status::SRC_NAT) || entry.status.has(Status::DST_NAT))
    }
}
