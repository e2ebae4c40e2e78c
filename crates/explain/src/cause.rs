//! Why a conversation went as it did: a closed set.
//!
//! Each cause has four texts in the catalogues: `cause-<id>` in one sentence about the case at hand, `cause-<id>-name` and
//! `cause-<id>-about` in general, short and long, and `cause-<id>-source` for where it is written down.

macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident $id:literal;)*) => {
        /// Why a conversation went as it did.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cause {
            $($(#[$doc])* $variant,)*
        }

        impl Cause {
            /// Every cause.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name, which never changes.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// The name of its one sentence in the catalogues.
            #[must_use]
            pub const fn message_id(self) -> &'static str {
                match self { $(Self::$variant => concat!("cause-", $id),)* }
            }

            /// The name of its headline in the catalogues.
            #[must_use]
            pub const fn name_id(self) -> &'static str {
                match self { $(Self::$variant => concat!("cause-", $id, "-name"),)* }
            }

            /// The name of its general description in the catalogues.
            #[must_use]
            pub const fn about_id(self) -> &'static str {
                match self { $(Self::$variant => concat!("cause-", $id, "-about"),)* }
            }

            /// The name of its source in the catalogues.
            #[must_use]
            pub const fn source_id(self) -> &'static str {
                match self { $(Self::$variant => concat!("cause-", $id, "-source"),)* }
            }
        }
    };
}

causes! {
    /// It works, there and back by the same devices.
    Healthy "healthy";
    /// It works although the way there and the way back differ: no device on them needs to see both.
    AsymmetricHarmless "asymmetric-harmless";
    /// It works by a shorter way than the routing table's, learned from an ICMP redirect.
    Redirected "redirected";
    /// A stateful device saw the first packet and never its answer, which went around it: what follows is invalid to it.
    AsymmetricInvalidAck "asymmetric-invalid-ack";
    /// A stateful device sees answers to requests that it never saw, and lets no such answers pass.
    AsymmetricUnseenRequest "asymmetric-unseen-request";
    /// A stateful device lost sight of one direction of a connection that it had followed.
    AsymmetricInvalid "asymmetric-invalid";
    /// A stateful device does not know the connection any more: its entry expired or was deleted.
    ConntrackForgotten "conntrack-forgotten";
    /// A stateful device finds the packet invalid, and has seen both directions.
    ConntrackInvalid "conntrack-invalid";
    /// The table of tracked connections took no further entry.
    ConntrackFull "conntrack-full";
    /// The answer went past the device that had translated the request's destination, back into the same segment.
    NatHairpin "nat-hairpin";
    /// The answer went past the device that had translated the request's destination.
    NatBypassed "nat-bypassed";
    /// Address translation could not be done.
    NatFailed "nat-failed";
    /// A rule or policy dropped it.
    FilterDrop "filter-drop";
    /// A rule rejected it and told the sender.
    FilterReject "filter-reject";
    /// A node on the way there has no route to the destination.
    NoRoute "no-route";
    /// A node on the way back has no route for the answer.
    NoReturnRoute "no-return-route";
    /// A route of type `unreachable` or `prohibit` refuses it.
    RouteRefuses "route-refuses";
    /// A route of type `blackhole` swallows it.
    RouteBlackhole "route-blackhole";
    /// A node that got it for somebody else does not forward.
    NotForwarding "not-forwarding";
    /// Routers send it to each other until its TTL has run out.
    RoutingLoop "routing-loop";
    /// Its TTL ran out on a way that is no loop.
    TtlExceeded "ttl-exceeded";
    /// It came in by another interface than the one that leads back to its sender.
    RpFilter "rp-filter";
    /// Its source or destination address cannot be.
    MartianAddress "martian-address";
    /// Two nodes have the same address.
    DuplicateAddress "duplicate-address";
    /// A neighbour entry leads to somebody who has the address no longer.
    StaleNeighbour "stale-neighbour";
    /// The address is a subnet's broadcast address to a node.
    BroadcastAddress "broadcast-address";
    /// Nobody answers ARP for the next hop.
    NeighbourFailed "neighbour-failed";
    /// An interface or a cable on the way is down.
    LinkDown "link-down";
    /// It is too long for a link on the way and must not be cut; the sender was told.
    FragmentationNeeded "fragmentation-needed";
    /// It is too long for a link on the way and must not be cut, and the sender never hears of it.
    PmtuBlackHole "pmtu-black-hole";
    /// It is longer than its neighbour on the segment takes: their MTUs differ.
    MtuMismatch "mtu-mismatch";
    /// Nobody listens on the port.
    ClosedPort "closed-port";
    /// The far end does not answer echo requests.
    EchoIgnored "echo-ignored";
    /// The service took it and said nothing.
    NoAnswer "no-answer";
    /// The socket that it was for is gone.
    SocketGone "socket-gone";
    /// TCP at the end found it unacceptable.
    TcpUnacceptable "tcp-unacceptable";
    /// One end broke the connection off.
    Reset "reset";
    /// A forged segment broke the connection off.
    ForgedSegment "forged-segment";
    /// The far end closed before all was there.
    ClosedEarly "closed-early";
    /// The sender's own system refused to send.
    LocalFailure "local-failure";
    /// Packets were still arriving when patience ended.
    TooSlow "too-slow";
    /// The simulation ended first.
    Unfinished "unfinished";
    /// The trace does not say why.
    Unexplained "unexplained";
}

impl Cause {
    /// True for the causes of a conversation that works.
    #[must_use]
    pub const fn is_harmless(self) -> bool {
        matches!(self, Self::Healthy | Self::AsymmetricHarmless | Self::Redirected)
    }

    /// True if ways there and back that differ are at the root of it.
    #[must_use]
    pub const fn is_asymmetry(self) -> bool {
        matches!(
            self,
            Self::AsymmetricInvalidAck | Self::AsymmetricUnseenRequest | Self::AsymmetricInvalid | Self::NatHairpin | Self::NatBypassed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_kebab_case_and_different() {
        let ids: BTreeSet<&str> = Cause::ALL.iter().map(|cause| cause.id()).collect();
        assert_eq!(ids.len(), Cause::ALL.len());
        for id in ids {
            assert!(id.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !id.starts_with('-') && !id.ends_with('-'), "{id}");
        }
    }
}
