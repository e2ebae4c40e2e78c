//! The routing tables `local` and `main` as one: longest prefix first, among equal ones the lowest metric
//! (kernel: `net/ipv4/fib_trie.c`, `fib_semantics.c`; ip-route(8)).

use crate::scenario::{IfIndex, Route, RouteKind};
use ipnet::Ipv4Net;
use std::cell::Cell;
use std::net::Ipv4Addr;

/// What a route does, as distinct from where it applies: routes that lead the same way in the same manner share it, as they share
/// a `fib_info` in the kernel. Never given again once the last of them is gone, so what was learned with it dies with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RouteId(pub(crate) u32);

/// What a table entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FibKind {
    /// One of this node's addresses.
    Local,
    /// A segment's broadcast address.
    Broadcast,
    /// Reached through an interface.
    Unicast,
    /// Refused with "host unreachable".
    Unreachable,
    /// Refused with "administratively prohibited".
    Prohibit,
    /// Discarded.
    Blackhole,
}

/// An entry.
#[derive(Clone, Debug)]
pub(crate) struct FibEntry {
    pub(crate) id: RouteId,
    pub(crate) destination: Ipv4Net,
    pub(crate) kind: FibKind,
    pub(crate) via: Option<Ipv4Addr>,
    pub(crate) dev: IfIndex,
    /// Preferred source (`src`).
    pub(crate) source: Option<Ipv4Addr>,
    pub(crate) metric: u32,
    pub(crate) mtu: Option<u16>,
    pub(crate) onlink: bool,
    /// Made by the kernel from an address.
    pub(crate) connected: bool,
}

impl FibEntry {
    /// True if both lead the same way in the same manner (`fib_find_info`).
    fn same_way(&self, other: &Self) -> bool {
        let way = |entry: &Self| {
            let table = Fib::rank(entry).0;
            (table, entry.kind, entry.via, entry.dev, entry.source, entry.metric, entry.mtu, entry.onlink, entry.connected)
        };
        way(self) == way(other)
    }

    /// The destination itself is on the link.
    pub(crate) fn direct(&self) -> bool {
        self.kind == FibKind::Unicast && self.via.is_none()
    }
}

/// Why a route was not added, replaced or deleted, in the words of `ip route`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RouteError {
    /// "File exists".
    Exists,
    /// "No such process".
    NotFound,
    /// "Nexthop has invalid gateway".
    InvalidGateway,
    /// "Network is down" or no such interface.
    NoDevice,
}

/// The table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fib {
    /// Local before others; longest prefix first; then by network, by metric, and in the order of adding.
    entries: Vec<FibEntry>,
    next: u32,
    /// Runs of `entries` with one prefix length in one table.
    runs: Vec<Run>,
    /// First entries found lately, by destination. What it holds changes no answer, only how soon it is there.
    recent: Recent,
}

/// A small memory of lookups: destination, and the place of its first entry.
#[derive(Clone, Debug)]
struct Recent {
    slots: [Cell<(u32, u32)>; Self::SIZE],
}

impl Recent {
    const SIZE: usize = 16;
    const NOTHING: (u32, u32) = (0, u32::MAX);

    fn slot(&self, destination: u32) -> Option<&Cell<(u32, u32)>> {
        self.slots.get((destination.wrapping_mul(0x9e37_79b9) >> 28) as usize)
    }
}

impl Default for Recent {
    fn default() -> Self {
        Self { slots: [const { Cell::new(Self::NOTHING) }; Self::SIZE] }
    }
}

/// Entries with prefixes of one length.
#[derive(Clone, Copy, Debug)]
struct Run {
    mask: u32,
    rank: (u8, u8),
    start: usize,
    end: usize,
}

fn mask(prefix_len: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix_len.min(32))).unwrap_or(0)
}

impl Fib {
    fn rank(entry: &FibEntry) -> (u8, u8, u32, u32) {
        // The table `local` is asked before `main` as a whole, whatever the prefix.
        let table = match entry.kind {
            FibKind::Local | FibKind::Broadcast => 0,
            _ => 1,
        };
        (table, 32 - entry.destination.prefix_len().min(32), u32::from(entry.destination.network()), entry.metric)
    }

    fn rebuild(&mut self) {
        self.runs.clear();
        self.recent = Recent::default();
        for (index, entry) in self.entries.iter().enumerate() {
            let (table, inverse, ..) = Self::rank(entry);
            match self.runs.last_mut() {
                Some(run) if run.rank == (table, inverse) => run.end = index + 1,
                _ => self.runs.push(Run { mask: mask(32 - inverse), rank: (table, inverse), start: index, end: index + 1 }),
            }
        }
    }

    /// Puts an entry where it belongs.
    pub(crate) fn insert(&mut self, mut entry: FibEntry) -> RouteId {
        entry.destination = entry.destination.trunc();
        entry.id = match self.entries.iter().find(|other| entry.same_way(other)) {
            Some(other) => other.id,
            None => {
                self.next = self.next.wrapping_add(1);
                RouteId(self.next)
            }
        };
        let id = entry.id;
        let rank = Self::rank(&entry);
        let place = self.entries.partition_point(|other| Self::rank(other) <= rank);
        self.entries.insert(place, entry);
        self.rebuild();
        id
    }

    /// Removes entries; returns how many.
    pub(crate) fn remove_where(&mut self, gone: impl Fn(&FibEntry) -> bool) -> usize {
        let before = self.entries.len();
        self.entries.retain(|entry| !gone(entry));
        self.rebuild();
        before - self.entries.len()
    }

    /// All entries, in the order in which they are tried.
    pub(crate) fn entries(&self) -> &[FibEntry] {
        &self.entries
    }

    /// The entry for a destination: every usable one in order of preference is offered to `usable` until it takes one.
    #[inline]
    pub(crate) fn lookup_where(&self, destination: Ipv4Addr, usable: impl Fn(&FibEntry) -> bool) -> Option<&FibEntry> {
        let bits = u32::from(destination);
        let slot = self.recent.slot(bits);
        if let Some((known, index)) = slot.map(Cell::get)
            && known == bits
            && let Some(entry) = self.entries.get(index as usize)
            && usable(entry)
        {
            return Some(entry);
        }
        self.search(bits, usable)
    }

    #[inline(never)]
    fn search(&self, bits: u32, usable: impl Fn(&FibEntry) -> bool) -> Option<&FibEntry> {
        let slot = self.recent.slot(bits);
        let mut first = true;
        for run in &self.runs {
            let Some(entries) = self.entries.get(run.start..run.end) else { continue };
            let network = bits & run.mask;
            let place = entries.partition_point(|entry| u32::from(entry.destination.addr()) < network);
            for (entry, index) in entries.iter().zip(run.start..).skip(place) {
                if u32::from(entry.destination.addr()) != network {
                    break;
                }
                if first
                    && let Some(slot) = slot
                    && let Ok(index) = u32::try_from(index)
                {
                    slot.set((bits, index));
                }
                first = false;
                if usable(entry) {
                    return Some(entry);
                }
            }
        }
        None
    }

    /// The entry for a destination.
    pub(crate) fn lookup(&self, destination: Ipv4Addr) -> Option<&FibEntry> {
        self.lookup_where(destination, |_| true)
    }

    /// True if the address is this node's own.
    pub(crate) fn is_local(&self, address: Ipv4Addr) -> bool {
        address.is_loopback() || self.lookup(address).is_some_and(|entry| entry.kind == FibKind::Local)
    }

    /// Checks a route that somebody adds and finds its interface (kernel: `fib_check_nh`).
    fn resolve(&self, route: &Route, up: impl Fn(IfIndex) -> bool) -> Result<IfIndex, RouteError> {
        if route.kind != RouteKind::Unicast {
            return Ok(route.dev.unwrap_or(IfIndex(0)));
        }
        let dev = match (route.via, route.dev) {
            (Some(_), Some(dev)) if route.onlink => dev,
            (Some(via), dev) => {
                if self.is_local(via) {
                    return Err(RouteError::InvalidGateway);
                }
                let direct = |entry: &FibEntry| dev.is_none_or(|dev| entry.dev == dev) && entry.kind != FibKind::Broadcast;
                match self.lookup_where(via, direct) {
                    Some(entry) if entry.direct() => entry.dev,
                    _ => return Err(RouteError::InvalidGateway),
                }
            }
            (None, Some(dev)) => dev,
            (None, None) => return Err(RouteError::NoDevice),
        };
        if up(dev) { Ok(dev) } else { Err(RouteError::NoDevice) }
    }

    fn entry(route: &Route, dev: IfIndex) -> FibEntry {
        FibEntry {
            id: RouteId(0),
            destination: route.destination.trunc(),
            kind: match route.kind {
                RouteKind::Unicast => FibKind::Unicast,
                RouteKind::Unreachable => FibKind::Unreachable,
                RouteKind::Prohibit => FibKind::Prohibit,
                RouteKind::Blackhole => FibKind::Blackhole,
            },
            via: route.via,
            dev,
            source: route.src,
            metric: route.metric,
            mtu: route.mtu,
            onlink: route.onlink,
            connected: false,
        }
    }

    /// `ip route add`.
    pub(crate) fn add(&mut self, route: &Route, up: impl Fn(IfIndex) -> bool) -> Result<RouteId, RouteError> {
        let dev = self.resolve(route, up)?;
        let destination = route.destination.trunc();
        let same = |entry: &FibEntry| Self::rank(entry).0 == 1 && entry.destination == destination && entry.metric == route.metric;
        if self.entries.iter().any(same) {
            return Err(RouteError::Exists);
        }
        Ok(self.insert(Self::entry(route, dev)))
    }

    /// `ip route replace`: the first entry with the same prefix and metric goes.
    pub(crate) fn replace(&mut self, route: &Route, up: impl Fn(IfIndex) -> bool) -> Result<RouteId, RouteError> {
        let dev = self.resolve(route, up)?;
        let destination = route.destination.trunc();
        let old = self.entries.iter().position(|e| Self::rank(e).0 == 1 && e.destination == destination && e.metric == route.metric);
        // The new one is there before the old one goes, and behind it.
        let id = self.insert(Self::entry(route, dev));
        if let Some(place) = old {
            self.entries.remove(place);
            self.rebuild();
        }
        Ok(id)
    }

    /// True if no route leads this way any more.
    pub(crate) fn is_gone(&self, id: RouteId) -> bool {
        !self.entries.iter().any(|entry| entry.id == id)
    }

    /// `ip route del`: the first entry that has everything that is named.
    pub(crate) fn delete(&mut self, route: &Route) -> Result<(), RouteError> {
        let destination = route.destination.trunc();
        let kind = Self::entry(route, IfIndex(0)).kind;
        let place = self
            .entries
            .iter()
            .position(|entry| {
                Self::rank(entry).0 == 1
                    && entry.destination == destination
                    && route.via.is_none_or(|via| entry.via == Some(via))
                    && route.dev.is_none_or(|dev| entry.dev == dev)
                    && (kind == FibKind::Unicast || entry.kind == kind)
                    && (route.metric == 0 || entry.metric == route.metric)
                    && route.mtu.is_none_or(|mtu| entry.mtu == Some(mtu))
                    && route.src.is_none_or(|src| entry.source == Some(src))
            })
            .ok_or(RouteError::NotFound)?;
        self.entries.remove(place);
        self.rebuild();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(destination: &str, via: Option<&str>, dev: Option<u16>, metric: u32) -> Route {
        Route {
            destination: destination.parse().unwrap(),
            via: via.map(|via| via.parse().unwrap()),
            dev: dev.map(IfIndex),
            src: None,
            metric,
            mtu: None,
            onlink: false,
            kind: RouteKind::Unicast,
        }
    }

    fn table() -> Fib {
        let mut fib = Fib::default();
        fib.add(&route("10.0.0.0/24", None, Some(0), 0), |_| true).unwrap();
        fib
    }

    fn via(fib: &Fib, to: &str) -> Option<Ipv4Addr> {
        fib.lookup(to.parse().unwrap()).and_then(|entry| entry.via)
    }

    #[test]
    fn the_longest_prefix_wins_and_then_the_lowest_metric() {
        let mut fib = table();
        fib.add(&route("0.0.0.0/0", Some("10.0.0.1"), None, 0), |_| true).unwrap();
        fib.add(&route("10.9.0.0/16", Some("10.0.0.2"), None, 20), |_| true).unwrap();
        fib.add(&route("10.9.0.0/16", Some("10.0.0.3"), None, 10), |_| true).unwrap();
        assert_eq!(via(&fib, "10.9.1.1"), "10.0.0.3".parse().ok());
        assert_eq!(via(&fib, "8.8.8.8"), "10.0.0.1".parse().ok());
        assert_eq!(via(&fib, "10.0.0.9"), None);
    }

    #[test]
    fn routes_that_lead_the_same_way_are_told_apart_only_by_where_they_apply() {
        let mut fib = table();
        let all = route("0.0.0.0/0", Some("10.0.0.1"), None, 0);
        let one = fib.add(&all, |_| true).unwrap();
        assert_eq!(fib.add(&route("10.9.0.0/16", Some("10.0.0.1"), None, 0), |_| true), Ok(one));
        assert_eq!(fib.replace(&all, |_| true), Ok(one), "the same again changes nothing");
        let other = fib.replace(&route("0.0.0.0/0", Some("10.0.0.2"), None, 0), |_| true).unwrap();
        assert_ne!(one, other);
        assert!(!fib.is_gone(one), "the other route still leads there");
        fib.delete(&route("10.9.0.0/16", None, None, 0)).unwrap();
        assert!(fib.is_gone(one));
    }

    #[test]
    fn a_gateway_must_be_on_the_link() {
        let mut fib = table();
        assert_eq!(fib.add(&route("10.9.0.0/16", Some("10.1.0.2"), None, 0), |_| true), Err(RouteError::InvalidGateway));
        let mut onlink = route("10.9.0.0/16", Some("10.1.0.2"), Some(0), 0);
        onlink.onlink = true;
        assert!(fib.add(&onlink, |_| true).is_ok());
    }

    #[test]
    fn equal_routes_are_refused_replaced_and_deleted() {
        let mut fib = table();
        let first = route("0.0.0.0/0", Some("10.0.0.1"), None, 0);
        let second = route("0.0.0.0/0", Some("10.0.0.2"), None, 0);
        fib.add(&first, |_| true).unwrap();
        assert_eq!(fib.add(&second, |_| true), Err(RouteError::Exists));
        fib.replace(&second, |_| true).unwrap();
        assert_eq!(via(&fib, "1.1.1.1"), "10.0.0.2".parse().ok());
        assert_eq!(fib.delete(&first), Err(RouteError::NotFound));
        assert_eq!(fib.delete(&Route { kind: RouteKind::Unreachable, via: None, ..second.clone() }), Err(RouteError::NotFound));
        fib.delete(&route("0.0.0.0/0", None, None, 0)).unwrap();
        assert!(fib.lookup("1.1.1.1".parse().unwrap()).is_none());
    }
}
