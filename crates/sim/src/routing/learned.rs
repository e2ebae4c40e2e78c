//! What hosts learn beside their table: better gateways from redirects, path MTUs from "fragmentation needed"
//! (kernel: next hop exceptions, `net/ipv4/route.c`).

use super::RouteId;
use crate::time::SimTime;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// How long a learned gateway is kept (`ip_rt_gc_timeout`).
pub(crate) const REDIRECT_LIFETIME: SimTime = SimTime::from_secs(300);

/// An exception for one destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Learned {
    pub(crate) gateway: Option<Ipv4Addr>,
    pub(crate) mtu: Option<u16>,
    /// The path MTU is no longer to be changed: it was below the smallest that is believed.
    pub(crate) locked: bool,
    pub(crate) expires: SimTime,
}

/// Exceptions by the route that they belong to.
#[derive(Clone, Debug, Default)]
pub(crate) struct LearnedTable {
    entries: BTreeMap<(RouteId, Ipv4Addr), Learned>,
}

impl LearnedTable {
    /// True if nothing was ever learned.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The exception for a destination, if it has not expired.
    #[inline]
    pub(crate) fn get(&self, route: RouteId, destination: Ipv4Addr, now: SimTime) -> Option<&Learned> {
        if self.entries.is_empty() { None } else { self.find(route, destination, now) }
    }

    #[inline(never)]
    fn find(&self, route: RouteId, destination: Ipv4Addr, now: SimTime) -> Option<&Learned> {
        self.entries.get(&(route, destination)).filter(|learned| learned.expires > now)
    }

    /// True if there is an exception for a destination, be it expired.
    pub(crate) fn exists(&self, route: RouteId, destination: Ipv4Addr) -> bool {
        self.entries.contains_key(&(route, destination))
    }

    /// A redirect was followed.
    pub(crate) fn redirect(&mut self, route: RouteId, destination: Ipv4Addr, gateway: Ipv4Addr, now: SimTime) {
        let entry = self.fresh(route, destination, now);
        entry.gateway = Some(gateway);
        entry.expires = entry.expires.max(now + REDIRECT_LIFETIME);
    }

    /// A path MTU was learned.
    pub(crate) fn path_mtu(&mut self, route: RouteId, destination: Ipv4Addr, mtu: u16, locked: bool, now: SimTime, lifetime: SimTime) {
        let entry = self.fresh(route, destination, now);
        entry.mtu = Some(mtu);
        entry.locked = locked;
        entry.expires = now + lifetime;
    }

    fn fresh(&mut self, route: RouteId, destination: Ipv4Addr, now: SimTime) -> &mut Learned {
        let blank = Learned { gateway: None, mtu: None, locked: false, expires: SimTime::ZERO };
        let entry = self.entries.entry((route, destination)).or_insert(blank);
        if entry.expires <= now {
            *entry = blank;
        }
        entry
    }

    /// What is known now, in order.
    pub(crate) fn iter(&self, now: SimTime) -> impl Iterator<Item = (RouteId, Ipv4Addr, &Learned)> {
        self.entries.iter().filter(move |(_, learned)| learned.expires > now).map(|((route, to), learned)| (*route, *to, learned))
    }

    /// Forgets what belongs to a route that is gone.
    pub(crate) fn forget(&mut self, alive: impl Fn(RouteId) -> bool) {
        self.entries.retain(|(route, _), _| alive(*route));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 80);
    const GATEWAY: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 1);

    #[test]
    fn exceptions_are_for_one_host_and_one_route_and_expire() {
        let mut table = LearnedTable::default();
        table.redirect(RouteId(1), HOST, GATEWAY, SimTime::ZERO);
        assert_eq!(table.get(RouteId(1), HOST, SimTime::from_secs(299)).and_then(|l| l.gateway), Some(GATEWAY));
        assert!(table.get(RouteId(1), HOST, SimTime::from_secs(300)).is_none());
        assert!(table.get(RouteId(2), HOST, SimTime::ZERO).is_none());
        assert!(table.get(RouteId(1), GATEWAY, SimTime::ZERO).is_none());
    }

    #[test]
    fn gateway_and_path_mtu_share_an_exception() {
        let mut table = LearnedTable::default();
        table.redirect(RouteId(1), HOST, GATEWAY, SimTime::ZERO);
        table.path_mtu(RouteId(1), HOST, 1400, false, SimTime::from_secs(10), SimTime::from_secs(600));
        let learned = table.get(RouteId(1), HOST, SimTime::from_secs(500)).copied();
        assert_eq!(learned.map(|l| (l.gateway, l.mtu)), Some((Some(GATEWAY), Some(1400))));
    }
}
