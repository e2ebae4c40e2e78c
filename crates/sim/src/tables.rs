//! What every node believes, written down.

use crate::node::NodeState;
use crate::routing::FibKind;
use crate::routing::fib::FibEntry;
use crate::simulation::Simulation;
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::{LearnedRoute, NodeTables, Snapshot, StationRow};
use roundtrip_wire::order;
use std::fmt::Write as _;

impl Simulation {
    pub(crate) fn snapshot(&mut self, name: &str) {
        let snapshot = Snapshot { name: name.to_owned(), at: self.world.now, nodes: self.tables() };
        self.world.rec.snapshots.push(snapshot);
    }

    /// The tables of every node now.
    #[must_use]
    pub fn tables(&self) -> Vec<NodeTables> {
        self.nodes.iter().map(|node| node.tables(self.world.now)).collect()
    }

    /// Which stations the switch of each segment knows now, by segment.
    #[must_use]
    pub fn stations(&self) -> Vec<Vec<StationRow>> {
        self.world.segments.iter().map(|segment| segment.stations(self.world.now)).collect()
    }
}

impl NodeState {
    fn tables(&self, now: SimTime) -> NodeTables {
        let core = &self.core;
        let learned = core.learned.iter(now).map(|(route, destination, learned)| LearnedRoute {
            destination,
            gateway: learned.gateway,
            mtu: learned.mtu,
            dev: core.fib.entries().iter().find(|entry| entry.id == route).map_or(crate::IfIndex(0), |entry| entry.dev),
            expires: learned.expires,
        });
        NodeTables {
            neighbours: core.neighbours.rows(now, &core.sysctls),
            routes: self.routes(),
            route_cache: learned.collect(),
            conntrack: self.netfilter.tracks().then(|| self.netfilter.entries(now)),
            counters: self.netfilter.counters(),
            sockets: self.tcp.sockets(now),
        }
    }

    /// As `ip route` prints the table `main`.
    fn routes(&self) -> Vec<String> {
        let mut entries: Vec<&FibEntry> =
            self.core.fib.entries().iter().filter(|entry| !matches!(entry.kind, FibKind::Local | FibKind::Broadcast)).collect();
        order::sort_by_key(&mut entries, |entry| (entry.destination.network(), entry.destination.prefix_len(), entry.metric));
        entries.into_iter().map(|entry| self.route_line(entry)).collect()
    }

    fn route_line(&self, entry: &FibEntry) -> String {
        let mut line = String::new();
        match entry.kind {
            FibKind::Unreachable => line.push_str("unreachable "),
            FibKind::Prohibit => line.push_str("prohibit "),
            FibKind::Blackhole => line.push_str("blackhole "),
            FibKind::Local | FibKind::Broadcast | FibKind::Unicast => {}
        }
        match entry.destination.prefix_len() {
            0 => line.push_str("default"),
            32 => line.push_str(&entry.destination.addr().to_string()),
            _ => line.push_str(&entry.destination.to_string()),
        }
        if let Some(via) = entry.via {
            let _ = write!(line, " via {via}");
        }
        if entry.kind == FibKind::Unicast {
            let _ = write!(line, " dev {}", self.core.interface(entry.dev).map_or("?", |interface| &interface.name));
            if entry.connected {
                line.push_str(" proto kernel");
            }
            if entry.via.is_none() {
                line.push_str(" scope link");
            }
        }
        if let Some(source) = entry.source {
            let _ = write!(line, " src {source}");
        }
        if entry.metric != 0 {
            let _ = write!(line, " metric {}", entry.metric);
        }
        if let Some(mtu) = entry.mtu {
            let _ = write!(line, " mtu {mtu}");
        }
        if entry.onlink {
            line.push_str(" onlink");
        }
        if self.core.interface(entry.dev).is_some_and(|interface| !interface.carrier) && entry.kind == FibKind::Unicast {
            // Where such routes are not used, `ip route` calls them dead as well.
            let dead = self.core.sysctls.on(entry.dev, Sysctl::IgnoreRoutesWithLinkdown) != 0;
            line.push_str(if dead { " dead linkdown" } else { " linkdown" });
        }
        line
    }
}
