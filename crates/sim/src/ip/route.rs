//! Asking the routing table: for packets made here and for packets that came in (kernel: `net/ipv4/route.c`, `fib_frontend.c`).

use crate::node::NodeCore;
use crate::routing::fib::FibEntry;
use crate::routing::{FibKind, RouteId};
use crate::scenario::IfIndex;
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::{DropReason, Errno, Step};
use std::net::Ipv4Addr;

/// Where a packet goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    /// To this node itself.
    pub(crate) local: bool,
    /// To everybody on the link.
    pub(crate) broadcast: bool,
    pub(crate) dev: IfIndex,
    /// Next hop; none if the destination itself is on the link.
    pub(crate) via: Option<Ipv4Addr>,
    /// Source address for a packet that has none; not looked for in routes of packets that came in.
    pub(crate) source: Option<Ipv4Addr>,
    /// Largest packet for senders: path MTU learned, the route's, or the interface's.
    pub(crate) mtu: u16,
    /// Largest packet for forwarding: what was learned does not count (`ip_dst_mtu_maybe_forward`).
    pub(crate) forward_mtu: u16,
    pub(crate) prefix_len: u8,
    /// The path MTU is below what is believed: packets may be cut on the way, so they do not have DF (`ip_dont_fragment`).
    pub(crate) mtu_locked: bool,
    /// Something learned took part.
    pub(crate) learned: bool,
}

impl Route {
    /// Whom to ask for the Ethernet address.
    pub(crate) fn next_hop(&self, destination: Ipv4Addr) -> Ipv4Addr {
        self.via.unwrap_or(destination)
    }

    pub(crate) fn step(&self) -> Step {
        if self.local {
            Step::RouteLocal
        } else {
            Step::Route { via: self.via, dev: self.dev, prefix_len: self.prefix_len, learned: self.learned }
        }
    }
}

/// What the table says to a packet that came in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Input {
    /// For this node.
    Local(Route),
    /// For others; `redirect` if the sender should use another gateway.
    Forward { route: Route, redirect: bool },
    /// No way on: the errno decides which ICMP error goes back.
    Refused { errno: Errno, reason: DropReason },
    /// Gone without a word.
    Martian(DropReason, Option<Step>),
}

impl NodeCore {
    /// An entry as a route, with what was learned for this destination.
    #[inline(always)]
    pub(crate) fn as_route(&self, entry: &FibEntry, destination: Ipv4Addr, now: SimTime) -> Route {
        let learned = self.learned.get(entry.id, destination, now).copied();
        let device_mtu = self.interface(entry.dev).map_or(1500, |interface| interface.mtu);
        let route_mtu = entry.mtu.unwrap_or(device_mtu);
        let via = learned.and_then(|l| l.gateway).or(entry.via);
        let local = entry.kind == FibKind::Local;
        Route {
            local,
            broadcast: entry.kind == FibKind::Broadcast,
            dev: entry.dev,
            via,
            source: entry.source,
            mtu: if local { u16::MAX } else { learned.and_then(|l| l.mtu).map_or(route_mtu, |mtu| mtu.min(route_mtu)) },
            forward_mtu: if self.is_on(Sysctl::IpForwardUsePmtu) {
                learned.and_then(|l| l.mtu).map_or(route_mtu, |mtu| mtu.min(route_mtu))
            } else {
                route_mtu
            },
            prefix_len: entry.destination.prefix_len(),
            mtu_locked: learned.is_some_and(|learned| learned.locked),
            learned: learned.is_some(),
        }
    }

    #[inline]
    fn usable(&self, entry: &FibEntry, dev: Option<IfIndex>) -> bool {
        if dev.is_some_and(|dev| dev != entry.dev) {
            return false;
        }
        entry.kind != FibKind::Unicast
            || self.interface(entry.dev).is_none_or(|interface| interface.carrier)
            || self.sysctls.on(entry.dev, Sysctl::IgnoreRoutesWithLinkdown) == 0
    }

    #[inline]
    fn find(&self, destination: Ipv4Addr, dev: Option<IfIndex>) -> Option<&FibEntry> {
        self.fib.lookup_where(destination, |entry| self.usable(entry, dev))
    }

    /// Which way packets made here for a destination go, whatever their source.
    pub(crate) fn way_to(&self, destination: Ipv4Addr) -> Option<RouteId> {
        if destination.is_loopback() { None } else { self.find(destination, None).map(|entry| entry.id) }
    }

    /// A route for a packet made here. `source` is checked unless `any_source` (kernel: `ip_route_output_key_hash`).
    ///
    /// # Errors
    /// As a socket call would see them.
    pub(crate) fn route_output(
        &self,
        destination: Ipv4Addr,
        source: Option<Ipv4Addr>,
        any_source: bool,
        now: SimTime,
    ) -> Result<Route, Errno> {
        if let Some(source) = source
            && !any_source
            && !self.fib.is_local(source)
        {
            return Err(Errno::Einval);
        }
        if destination.is_loopback() {
            return Ok(self.loopback(destination));
        }
        let entry = self.find(destination, None).ok_or(Errno::Enetunreach)?;
        match entry.kind {
            FibKind::Unreachable => Err(Errno::Ehostunreach),
            FibKind::Prohibit => Err(Errno::Eacces),
            FibKind::Blackhole => Err(Errno::Einval),
            FibKind::Local | FibKind::Broadcast | FibKind::Unicast => {
                let mut route = self.as_route(entry, destination, now);
                route.source = route.source.or_else(|| self.select_address(route.dev, Some(route.next_hop(destination))));
                Ok(route)
            }
        }
    }

    fn loopback(&self, destination: Ipv4Addr) -> Route {
        Route {
            local: true,
            broadcast: false,
            dev: IfIndex(0),
            via: None,
            source: Some(destination),
            mtu: u16::MAX,
            forward_mtu: u16::MAX,
            prefix_len: 8,
            mtu_locked: false,
            learned: false,
        }
    }

    /// Checks a source address (kernel: `fib_validate_source`). `Ok(true)`: it is a neighbour on `dev`. `out` is where the packet is
    /// to leave, if it is not for this node.
    #[inline(always)]
    fn validate_source(&self, source: Ipv4Addr, dev: IfIndex, out: Option<IfIndex>) -> Result<bool, (DropReason, Option<Step>)> {
        let mode = self.sysctls.on(dev, Sysctl::RpFilter);
        if mode == 0 && (out != Some(dev) || !self.sysctls.is_on_at(dev, Sysctl::SendRedirects)) {
            // Nobody asks where it comes from, unless it claims to come from here.
            let own = || self.own.contains(&source);
            let impossible = !self.sysctls.is_on_at(dev, Sysctl::AcceptLocal) && own();
            return if impossible { Err((DropReason::MartianSource, None)) } else { Ok(false) };
        }
        self.validate_by_table(source, dev, mode)
    }

    #[inline(never)]
    fn validate_by_table(&self, source: Ipv4Addr, dev: IfIndex, mode: i64) -> Result<bool, (DropReason, Option<Step>)> {
        let reverse = |dev| (DropReason::ReversePathFilter, Some(Step::ReversePath { dev }));
        let Some(entry) = self.find(source, None) else {
            return if mode == 0 { Ok(false) } else { Err(reverse(None)) };
        };
        match entry.kind {
            FibKind::Unicast => {}
            FibKind::Local if self.sysctls.is_on_at(dev, Sysctl::AcceptLocal) => {}
            FibKind::Local | FibKind::Broadcast => return Err((DropReason::MartianSource, None)),
            FibKind::Unreachable | FibKind::Prohibit | FibKind::Blackhole => {
                return if mode == 0 { Ok(false) } else { Err(reverse(None)) };
            }
        }
        if entry.dev == dev {
            return Ok(entry.direct());
        }
        let bare = self.interface(dev).is_none_or(|interface| interface.addresses.is_empty());
        if mode == 1 || (bare && mode != 0) {
            return Err(reverse(Some(entry.dev)));
        }
        Ok(self.find(source, Some(dev)).is_some_and(FibEntry::direct))
    }

    /// A route for a packet that came in by `dev` (kernel: `ip_route_input_slow`).
    pub(crate) fn route_input(&self, source: Ipv4Addr, destination: Ipv4Addr, dev: IfIndex, now: SimTime) -> Input {
        let martian = |reason| Input::Martian(reason, None);
        if source.is_multicast() || source.is_broadcast() {
            return martian(DropReason::MartianSource);
        }
        if destination.is_broadcast() {
            return self.local_broadcast(source, dev);
        }
        if source.octets().first() == Some(&0) {
            return martian(DropReason::MartianSource);
        }
        if destination.octets().first() == Some(&0) || destination.is_multicast() {
            return martian(DropReason::MartianDestination);
        }
        if !self.sysctls.is_on_at(dev, Sysctl::RouteLocalnet) {
            if source.is_loopback() {
                return martian(DropReason::MartianSource);
            }
            if destination.is_loopback() {
                return martian(DropReason::MartianDestination);
            }
        }
        let forwarding = self.sysctls.on(dev, Sysctl::Forwarding) != 0;
        let refused = |errno, reason| {
            if forwarding {
                Input::Refused { errno, reason }
            } else {
                Input::Refused { errno: Errno::Ehostunreach, reason: DropReason::NotForwarding }
            }
        };
        let Some(entry) = self.find(destination, None) else {
            return refused(Errno::Enetunreach, DropReason::NoRoute);
        };
        match entry.kind {
            FibKind::Broadcast => return self.local_broadcast(source, dev),
            FibKind::Local => {
                return match self.validate_source(source, dev, None) {
                    Ok(_) => Input::Local(self.as_route(entry, destination, now)),
                    Err((reason, step)) => Input::Martian(reason, step),
                };
            }
            FibKind::Unreachable => return refused(Errno::Ehostunreach, DropReason::RouteUnreachable),
            FibKind::Prohibit => return refused(Errno::Eacces, DropReason::RouteProhibit),
            FibKind::Blackhole => return refused(Errno::Einval, DropReason::RouteBlackhole),
            FibKind::Unicast => {}
        }
        if !forwarding {
            return Input::Refused { errno: Errno::Ehostunreach, reason: DropReason::NotForwarding };
        }
        match self.validate_source(source, dev, Some(entry.dev)) {
            Err((reason, step)) => Input::Martian(reason, step),
            Ok(neighbour) => {
                let route = self.as_route(entry, destination, now);
                let redirect = route.dev == dev
                    && neighbour
                    && self.sysctls.is_on_at(dev, Sysctl::SendRedirects)
                    && (self.sysctls.is_on_at(dev, Sysctl::SharedMedia)
                        || self.same_subnet(dev, source, entry.via.unwrap_or(Ipv4Addr::UNSPECIFIED)));
                Input::Forward { route, redirect }
            }
        }
    }

    fn local_broadcast(&self, source: Ipv4Addr, dev: IfIndex) -> Input {
        if source != Ipv4Addr::UNSPECIFIED
            && let Err((reason, step)) = self.validate_source(source, dev, None)
        {
            return Input::Martian(reason, step);
        }
        let mut route = self.loopback(Ipv4Addr::BROADCAST);
        route.dev = dev;
        route.broadcast = true;
        route.source = self.select_address(dev, Some(source));
        Input::Local(route)
    }
}
