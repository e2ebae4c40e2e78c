//! Tables of a node as the lines that the recordings have.

use roundtrip_sim::IfIndex;
use roundtrip_sim::scenario::Node;
use roundtrip_sim::trace::{NodeTables, RuleInfo};
use std::net::Ipv4Addr;

fn interface(node: &Node, index: IfIndex) -> &str {
    node.interfaces.get(usize::from(index.0)).map_or("?", |interface| interface.name.as_str())
}

/// `ip neigh`: the Ethernet address, or that there is none.
#[must_use]
pub fn neighbour_lines(node: &Node, tables: &NodeTables) -> Vec<String> {
    let line = |row: &roundtrip_sim::trace::NeighbourRow| {
        let dev = interface(node, row.dev);
        match row.mac {
            Some(mac) => format!("{} dev {dev} lladdr {mac}", row.address),
            None => format!("{} dev {dev} UNRESOLVED", row.address),
        }
    };
    tables.neighbours.iter().map(line).collect()
}

/// `ip route show cache`: what was learned from redirects and about path MTUs.
#[must_use]
pub fn route_cache_lines(node: &Node, tables: &NodeTables) -> Vec<String> {
    let line = |row: &roundtrip_sim::trace::LearnedRoute| {
        let mut text = row.destination.to_string();
        if let Some(gateway) = row.gateway {
            text.push_str(&format!(" via {gateway}"));
        }
        text.push_str(&format!(" dev {} cache", interface(node, row.dev)));
        if row.gateway.is_some() {
            text.push_str(" <redirected>");
        }
        if let Some(mtu) = row.mtu {
            text.push_str(&format!(" mtu {mtu}"));
        }
        text
    };
    tables.route_cache.iter().map(line).collect()
}

/// `ss -tan`, with the running timer.
#[must_use]
pub fn socket_lines(tables: &NodeTables) -> Vec<String> {
    let end = |(address, port): (Ipv4Addr, u16)| if port == 0 { format!("{address}:*") } else { format!("{address}:{port}") };
    let line = |row: &roundtrip_sim::trace::SocketRow| {
        let timer = row.timer.map(|timer| format!(" timer:{timer}")).unwrap_or_default();
        format!("{} {} {} {} {}{timer}", row.state, row.recv_q, row.send_q, end(row.local), end(row.remote))
    };
    tables.sockets.iter().map(line).collect()
}

/// `conntrack -L` without remaining times; none if nothing is tracked there.
#[must_use]
pub fn conntrack_lines(tables: &NodeTables) -> Option<Vec<String>> {
    tables.conntrack.as_ref().map(|rows| rows.iter().map(|row| row.text.to_string()).collect())
}

/// Counters of rules: the chain, the rule, packets, bytes.
#[must_use]
pub fn counter_lines(rules: &[RuleInfo], tables: &NodeTables) -> Vec<(String, String, u64, u64)> {
    tables
        .counters
        .iter()
        .filter_map(|row| {
            let info = rules.get(row.rule.0 as usize)?;
            Some((format!("{} {}", info.table, info.chain), info.text.to_string(), row.packets, row.bytes))
        })
        .collect()
}
