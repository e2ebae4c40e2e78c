//! Tables at the recorded moments: neighbours, routes, what was learned, tracked connections, counters, sockets.

use crate::compare::Report;
use crate::recording::{Recording, Snapshot};
use crate::run::Run;
use roundtrip_sim::SimTime;
use roundtrip_sim::scenario::Node;
use roundtrip_sim::trace::{NodeTables, RuleInfo};
use serde_json::Value;
use std::net::Ipv4Addr;

/// Compares every snapshot that both have.
pub(crate) fn compare(recording: &Recording, run: &Run, report: &mut Report) {
    for (name, node) in &recording.nodes {
        let Some(index) = run.scenario.nodes.iter().position(|node| node.name == *name) else {
            report.tables.push(format!("{name}: no such node in the run"));
            continue;
        };
        for snapshot in &node.snapshots {
            let ours = run
                .trace
                .snapshots
                .iter()
                .find(|ours| ours.name == snapshot.name)
                .and_then(|ours| ours.nodes.get(index).map(|nodes| (ours.at, nodes)));
            match (ours, run.scenario.nodes.get(index), run.trace.rules.get(index)) {
                (Some(ours), Some(node), Some(rules)) => tables(name, snapshot, ours, node, rules, report),
                _ => report.tables.push(format!("{name}: no snapshot {} in the run", snapshot.name)),
            }
        }
    }
}

/// Rows of a recorded table; none where the kernel's own runs differ, or where nothing was recorded.
fn rows(table: &Value) -> Option<Vec<String>> {
    let rows = table.as_array()?;
    Some(rows.iter().filter_map(Value::as_str).map(|row| row.trim().to_owned()).collect())
}

fn differ(place: &str, table: &str, mut want: Vec<String>, mut got: Vec<String>, report: &mut Report) {
    want.sort();
    got.sort();
    // Rows without a random number have the first choice.
    want.sort_by_key(|row| row.contains('*'));
    for row in &want {
        match got.iter().position(|other| matches(row, other)) {
            Some(found) => {
                got.remove(found);
            }
            None => report.tables.push(format!("{place} {table}: missing {row}")),
        }
    }
    for row in got {
        // The kernel may forget a neighbour that did not answer at any time: its table is one for all namespaces, and is tidied by
        // its size.
        if table == "neigh" && row.ends_with("UNRESOLVED") {
            continue;
        }
        report.tables.push(format!("{place} {table}: extra   {row}"));
    }
}

/// Equal word by word; `*` stands for a random number.
fn matches(want: &str, got: &str) -> bool {
    if want == got {
        return true;
    }
    let (want, got): (Vec<&str>, Vec<&str>) = (want.split(' ').collect(), got.split(' ').collect());
    want.len() == got.len()
        && want.iter().zip(&got).all(|(want, got)| {
            want == got
                || want.strip_suffix('*').is_some_and(|head| got.strip_prefix(head).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())))
        })
}

fn tables(name: &str, want: &Snapshot, (at, got): (SimTime, &NodeTables), node: &Node, rules: &[RuleInfo], report: &mut Report) {
    let place = format!("{name} at {}:", want.name);
    let dev = |index: roundtrip_sim::IfIndex| node.interfaces.get(usize::from(index.0)).map_or("?", |interface| interface.name.as_str());
    if let Some(neigh) = rows(&want.neigh) {
        let ours = got
            .neighbours
            .iter()
            .map(|row| match row.mac {
                Some(mac) => format!("{} dev {} lladdr {mac}", row.address, dev(row.dev)),
                None => format!("{} dev {} UNRESOLVED", row.address, dev(row.dev)),
            })
            .collect();
        differ(&place, "neigh", neigh, ours, report);
    }
    if let Some(routes) = rows(&want.routes) {
        differ(&place, "routes", routes, got.routes.clone(), report);
    }
    if let Some(cache) = rows(&want.route_cache) {
        // The kernel lists an exception only once a packet has used it; every one that it lists must be known here.
        for row in cache {
            let to = row.split(' ').next().and_then(|to| to.parse::<Ipv4Addr>().ok());
            let known = got.route_cache.iter().find(|learned| Some(learned.destination) == to);
            let gateway = word_after(&row, "via").and_then(|via| via.parse::<Ipv4Addr>().ok());
            let mtu = word_after(&row, "mtu").and_then(|mtu| mtu.parse::<u16>().ok());
            let agrees = known
                .is_some_and(|known| (!row.contains("<redirected>") || known.gateway == gateway) && (mtu.is_none() || known.mtu == mtu));
            if !agrees {
                report.tables.push(format!("{place} route cache: missing {row}"));
            }
        }
    }
    if let Some(sockets) = rows(&want.ss) {
        let ours = got
            .sockets
            .iter()
            .map(|row| {
                let end = |(address, port): (Ipv4Addr, u16)| if port == 0 { format!("{address}:*") } else { format!("{address}:{port}") };
                let timer = row.timer.map(|timer| format!(" timer:{timer}")).unwrap_or_default();
                format!("{} {} {} {} {}{timer}", row.state, row.recv_q, row.send_q, end(row.local), end(row.remote))
            })
            .filter(|row| !row.starts_with("LISTEN"))
            .collect();
        let want = sockets.into_iter().filter(|row| !row.starts_with("LISTEN")).collect();
        differ(&place, "ss", want, ours, report);
    }
    if let (Some(want), Some(ours)) = (rows(&want.conntrack), &got.conntrack) {
        // A recording is made in some tens of milliseconds: what expires meanwhile may be in it or not.
        let soon = at + SimTime::from_millis(300);
        let expiring: Vec<&str> = ours.iter().filter(|row| row.expires <= soon).map(|row| &*row.text).collect();
        let rows = ours.iter().filter(|row| row.expires > soon || want.iter().any(|w| matches(w, &row.text)));
        let rows: Vec<String> = rows.map(|row| row.text.to_string()).collect();
        let want = want.into_iter().filter(|w| rows.contains(w) || !expiring.contains(&w.as_str())).collect();
        differ(&place, "conntrack", want, rows, report);
    }
    if let Some(counters) = want.nft_counters.as_array() {
        let number = |value: &Value, key| value.get(key).and_then(Value::as_u64).unwrap_or(0);
        let word = |value: &Value, key| value.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
        let want = counters
            .iter()
            .map(|c| format!("{}: {} {} {}", word(c, "chain"), word(c, "rule"), number(c, "packets"), number(c, "bytes")))
            .collect();
        let ours = got
            .counters
            .iter()
            .filter_map(|row| {
                let rule = rules.get(row.rule.0 as usize)?;
                Some(format!("{} {}: {} {} {}", rule.table, rule.chain, rule.text, row.packets, row.bytes))
            })
            .collect();
        differ(&place, "counters", want, ours, report);
    }
}

fn word_after<'a>(row: &'a str, key: &str) -> Option<&'a str> {
    let mut words = row.split(' ');
    words.find(|word| *word == key)?;
    words.next()
}
