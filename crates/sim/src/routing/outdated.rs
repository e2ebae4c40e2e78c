//! Connections whose remembered route no longer holds (kernel: a socket's cached `dst_entry`, made obsolete).
//!
//! A TCP connection looks its route up when it sends and remembers it. A redirect is for the remembered route: between the
//! moment at which that route became obsolete and the next segment sent, there is none, and a redirect changes nothing.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// Local and remote address and port.
pub(crate) type Ends = ((Ipv4Addr, u16), (Ipv4Addr, u16));

/// The connections of one node that have to look their route up anew.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outdated {
    ends: BTreeSet<Ends>,
}

impl Outdated {
    /// These have no valid route until they send again.
    pub(crate) fn add(&mut self, connections: impl IntoIterator<Item = Ends>) {
        self.ends.extend(connections);
    }

    /// This one sends, so it looks its route up.
    pub(crate) fn renewed(&mut self, ends: Ends) {
        if !self.ends.is_empty() {
            self.ends.remove(&ends);
        }
    }

    /// True if it has no valid route.
    pub(crate) fn contains(&self, ends: Ends) -> bool {
        self.ends.contains(&ends)
    }

    /// Forgets connections that are gone.
    pub(crate) fn keep(&mut self, alive: &BTreeSet<Ends>) {
        self.ends.retain(|ends| alive.contains(ends));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_renews_the_route() {
        let end = |port| (Ipv4Addr::new(10, 0, 0, 1), port);
        let mut outdated = Outdated::default();
        outdated.add([(end(1), end(80)), (end(2), end(80))]);
        outdated.renewed((end(1), end(80)));
        assert!(!outdated.contains((end(1), end(80))));
        assert!(outdated.contains((end(2), end(80))));
        outdated.keep(&BTreeSet::new());
        assert!(!outdated.contains((end(2), end(80))));
    }
}
