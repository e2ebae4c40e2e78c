//! What a device believes, line by line as the commands of a Linux system print it, with what changed lately.

use crate::replay::Beliefs;
use crate::run::Run;
use roundtrip_sim::NodeId;
use roundtrip_sim::scenario::SegmentId;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{ConntrackRow, LearnedRoute, NodeTables, SocketRow};
use std::net::Ipv4Addr;

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableKind {
    /// Tracked connections.
    Conntrack,
    /// Those of them that are translated.
    Nat,
    /// Sockets.
    Sockets,
    /// Ethernet addresses of neighbours.
    Neighbours,
    /// Gateways and path MTUs that were learned.
    Learned,
    /// Routes.
    Routes,
    /// What rules have counted.
    Counters,
    /// What a switch knows of stations.
    Stations,
}

impl TableKind {
    /// The command that prints it.
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::Conntrack => "conntrack -L",
            Self::Nat => "conntrack -L --any-nat",
            Self::Sockets => "ss -tano",
            Self::Neighbours => "ip neigh",
            Self::Learned => "ip route show cache",
            Self::Routes => "ip route",
            Self::Counters => "nft list ruleset",
            Self::Stations => "bridge fdb",
        }
    }
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Which.
    pub kind: TableKind,
    /// Its lines, those that went at the end.
    pub lines: Vec<Line>,
}

/// A line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What tells it from the others, whatever changes in it.
    pub key: String,
    /// As the command prints it.
    pub text: String,
    /// What became of it lately.
    pub change: Option<Change>,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    New,
    /// It was another; what it said.
    Changed(String),
    /// It is gone.
    Gone,
}

/// A line before it is held against an earlier one: key, text, and what of the text counts as a change.
struct Raw {
    key: String,
    text: String,
    counts: String,
}

impl Raw {
    fn plain(key: String, text: String) -> Self {
        Self { key, counts: text.clone(), text }
    }
}

/// The tables of a device at `at`, held against what was believed `before`.
#[must_use]
pub fn of_device(run: &Run, node: NodeId, at: SimTime, now: &Beliefs, before: Option<&Beliefs>) -> Vec<Table> {
    let tables = |beliefs: &Beliefs| beliefs.nodes.get(node.0 as usize).map(|tables| raw(run, node, at, tables));
    let Some(now) = tables(now) else { return Vec::new() };
    let before = before.and_then(tables).unwrap_or_default();
    let earlier = |kind: TableKind| before.iter().find(|(other, _)| *other == kind).map(|(_, lines)| lines.as_slice());
    now.iter().map(|(kind, lines)| Table { kind: *kind, lines: compared(lines, earlier(*kind)) }).filter(worth_showing).collect()
}

/// The table of a segment's switch.
#[must_use]
pub fn of_segment(run: &Run, segment: SegmentId, at: SimTime, now: &Beliefs, before: Option<&Beliefs>) -> Table {
    let lines = |beliefs: &Beliefs| -> Vec<Raw> {
        let rows = beliefs.segments.get(segment.0 as usize).map(Vec::as_slice).unwrap_or_default();
        let line = |row: &roundtrip_sim::trace::StationRow| {
            let interface = interface_name(run, row.port.node, row.port.interface.0);
            let counts = format!("{} dev {}.{interface}", row.mac, run.device_name(row.port.node));
            Raw { key: row.mac.to_string(), text: format!("{counts} age {}sec", at.since(row.heard).as_millis() / 1000), counts }
        };
        rows.iter().map(line).collect()
    };
    Table { kind: TableKind::Stations, lines: compared(&lines(now), before.map(lines).as_deref()) }
}

/// Neighbours and routes belong to every device, even where there are none.
fn worth_showing(table: &Table) -> bool {
    !table.lines.is_empty() || matches!(table.kind, TableKind::Neighbours | TableKind::Routes | TableKind::Conntrack)
}

fn compared(now: &[Raw], before: Option<&[Raw]>) -> Vec<Line> {
    let change = |line: &Raw| {
        let before = before?.iter().find(|other| other.key == line.key);
        match before {
            None => Some(Change::New),
            Some(other) if other.counts != line.counts => Some(Change::Changed(other.text.clone())),
            Some(_) => None,
        }
    };
    let mut lines: Vec<Line> =
        now.iter().map(|line| Line { key: line.key.clone(), text: line.text.clone(), change: change(line) }).collect();
    let gone = before.unwrap_or_default().iter().filter(|other| now.iter().all(|line| line.key != other.key));
    lines.extend(gone.map(|line| Line { key: line.key.clone(), text: line.text.clone(), change: Some(Change::Gone) }));
    lines
}

fn interface_name(run: &Run, node: NodeId, interface: u16) -> &str {
    let node = run.scenario.nodes.get(node.0 as usize);
    node.and_then(|node| node.interfaces.get(usize::from(interface))).map_or("", |interface| interface.name.as_str())
}

fn raw(run: &Run, node: NodeId, at: SimTime, tables: &NodeTables) -> Vec<(TableKind, Vec<Raw>)> {
    let mut all = Vec::new();
    if let Some(rows) = &tables.conntrack {
        all.push((TableKind::Conntrack, rows.iter().map(|row| conntrack(row, at)).collect()));
        all.push((TableKind::Nat, rows.iter().filter_map(translation).collect()));
    }
    all.push((TableKind::Sockets, tables.sockets.iter().map(socket).collect()));
    let neighbours = tables.neighbours.iter().map(|row| {
        let dev = interface_name(run, node, row.dev.0);
        let mac = row.mac.map_or_else(String::new, |mac| format!("lladdr {mac} "));
        Raw::plain(format!("{} {dev}", row.address), format!("{} dev {dev} {mac}{}", row.address, row.state))
    });
    all.push((TableKind::Neighbours, neighbours.collect()));
    all.push((TableKind::Learned, tables.route_cache.iter().map(|row| learned(run, node, row, at)).collect()));
    all.push((TableKind::Routes, tables.routes.iter().map(|route| Raw::plain(route.clone(), route.clone())).collect()));
    let counters = tables.counters.iter().filter_map(|row| {
        let rule = run.trace.rules.get(node.0 as usize)?.get(row.rule.0 as usize)?;
        let counted = format!("counter packets {} bytes {}", row.packets, row.bytes);
        let text = rule.text.replacen("counter", &counted, 1);
        Some(Raw::plain(format!("{}", row.rule.0), format!("{} {}: {text}", rule.table, rule.chain)))
    });
    all.push((TableKind::Counters, counters.collect()));
    all
}

/// `tcp 6 431999 ESTABLISHED src=…`, as `conntrack -L` prints it but for its padding. That time passes is no change.
fn conntrack(row: &ConntrackRow, at: SimTime) -> Raw {
    let (protocol, rest) = row.text.split_once(' ').unwrap_or((&row.text, ""));
    let number = match protocol {
        "icmp" => "1 ",
        "tcp" => "6 ",
        "udp" => "17 ",
        _ => "",
    };
    let left = row.expires.since(at).as_millis() / 1000;
    Raw { key: format!("{:?}", row.id), text: format!("{protocol} {number}{left} {rest}"), counts: row.text.to_string() }
}

/// What is translated of a connection: `src 192.168.1.10:40001 → 203.0.113.1:40001`.
fn translation(row: &ConntrackRow) -> Option<Raw> {
    let values = |name: &'static str| row.text.split_whitespace().filter_map(move |word| word.strip_prefix(name)).map(str::to_owned);
    let pair = |address: &'static str, port: &'static str, place: usize| {
        let port = values(port).nth(place).map_or_else(String::new, |port| format!(":{port}"));
        Some(format!("{}{port}", values(address).nth(place)?))
    };
    let (source, destination) = (pair("src=", "sport=", 0)?, pair("dst=", "dport=", 0)?);
    let (back_to, back_from) = (pair("dst=", "dport=", 1)?, pair("src=", "sport=", 1)?);
    let mut parts = Vec::new();
    if source != back_to {
        parts.push(format!("src {source} → {back_to}"));
    }
    if destination != back_from {
        parts.push(format!("dst {destination} → {back_from}"));
    }
    let protocol = row.text.split_whitespace().next().unwrap_or_default();
    (!parts.is_empty()).then(|| Raw::plain(format!("{:?}", row.id), format!("{protocol} {}", parts.join(", "))))
}

fn socket(row: &SocketRow) -> Raw {
    let end = |(address, port): (Ipv4Addr, u16)| {
        let port = if port == 0 { "*".to_owned() } else { port.to_string() };
        format!("{address}:{port}")
    };
    let (local, remote) = (end(row.local), end(row.remote));
    let timer = row.timer.map_or_else(String::new, |timer| format!(" timer:({timer})"));
    Raw::plain(format!("{local} {remote}"), format!("{} {} {} {local} {remote}{timer}", row.state, row.recv_q, row.send_q))
}

/// `192.168.2.10 via 192.168.1.2 dev eth0 cache <redirected> expires 299sec`, on one line.
fn learned(run: &Run, node: NodeId, row: &LearnedRoute, at: SimTime) -> Raw {
    let via = row.gateway.map_or_else(String::new, |gateway| format!(" via {gateway}"));
    let redirected = if row.gateway.is_some() { " <redirected>" } else { "" };
    let mtu = row.mtu.map_or_else(String::new, |mtu| format!(" mtu {mtu}"));
    let counts = format!("{}{via} dev {} cache{redirected}{mtu}", row.destination, interface_name(run, node, row.dev.0));
    let left = row.expires.since(at).as_millis() / 1000;
    Raw { key: row.destination.to_string(), text: format!("{counts} expires {left}sec"), counts }
}

/// The moment of the last event of a device before `at`, against which its tables are held; none if it is the first.
#[must_use]
pub fn moment_before(run: &Run, at: SimTime) -> Option<SimTime> {
    let visits = run.trace.visits.partition_point(|visit| visit.at < at);
    let frames = run.trace.frames.partition_point(|frame| frame.sent < at);
    let visit = visits.checked_sub(1).and_then(|last| run.trace.visits.get(last)).map(|visit| visit.at);
    let frame = frames.checked_sub(1).and_then(|last| run.trace.frames.get(last)).map(|frame| frame.sent);
    visit.max(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(lab: &str, device: &str, at: SimTime, before: SimTime) -> Vec<Table> {
        let run = Run::new(&roundtrip_lab::example(lab).unwrap().lab());
        let node = run.node(device).unwrap();
        of_device(&run, node, at, &run.replay.at(at), Some(&run.replay.at(before)))
    }

    fn lines(tables: &[Table], kind: TableKind) -> Vec<(String, Option<Change>)> {
        let table = tables.iter().find(|table| table.kind == kind);
        table.map(|table| table.lines.iter().map(|line| (line.text.clone(), line.change.clone())).collect()).unwrap_or_default()
    }

    #[test]
    fn they_read_as_the_commands_print_them() {
        let at = SimTime::from_millis(4_500);
        let r1 = tables("story", "r1", at, at);
        let tracked = lines(&r1, TableKind::Conntrack);
        let http = tracked.iter().find(|(text, _)| text.contains("dport=80")).unwrap();
        assert!(http.0.starts_with("tcp 6 ") && http.0.contains(" SYN_SENT src=192.168.1.10 dst=192.168.2.10"), "{http:?}");
        assert_eq!(http.1, None, "nothing changed between a moment and itself");
        let neighbours = lines(&r1, TableKind::Neighbours);
        assert!(neighbours.iter().any(|(text, _)| text.starts_with("192.168.1.10 dev eth0 lladdr 02:")), "{neighbours:?}");
        assert!(
            lines(&r1, TableKind::Counters)
                .iter()
                .any(|(text, _)| text.contains("counter packets 3") || text.contains("counter packets 4"))
        );
        let pc1 = tables("story", "pc1", at, at);
        let sockets = lines(&pc1, TableKind::Sockets);
        assert!(sockets.iter().any(|(text, _)| text.starts_with("ESTAB 0 80 192.168.1.10:40001 192.168.2.10:80")), "{sockets:?}");
        assert!(lines(&pc1, TableKind::Routes).iter().any(|(text, _)| text == "default via 192.168.1.1 dev eth0"));
    }

    #[test]
    fn what_changed_is_marked_but_time_that_passes_is_not() {
        let (before, after) = (SimTime::from_millis(3_999), SimTime::from_millis(4_500));
        let conntrack = lines(&tables("story", "r1", after, before), TableKind::Conntrack);
        let change = |part: &str| conntrack.iter().find(|(text, _)| text.contains(part)).and_then(|(_, change)| change.clone());
        assert_eq!(change("dport=80"), Some(Change::New));
        assert_eq!(change("type=8"), None, "its time is shorter, that is all");
        let gone = lines(&tables("story", "r1", before, after), TableKind::Conntrack);
        assert!(gone.iter().any(|(text, change)| text.contains("dport=80") && *change == Some(Change::Gone)));
    }

    #[test]
    fn learned_routes_are_shown_where_redirects_are_accepted() {
        let at = SimTime::from_millis(3_500);
        let learned = lines(&tables("accept-redirects", "pc1", at, SimTime::ZERO), TableKind::Learned);
        assert!(learned.iter().any(|(text, change)| text.contains("<redirected>") && *change == Some(Change::New)), "{learned:?}");
    }

    #[test]
    fn translations_are_told_apart_from_plain_connections() {
        let nat = lines(&tables("home", "router", SimTime::from_secs(30), SimTime::ZERO), TableKind::Nat);
        let run = Run::new(&roundtrip_lab::example("home").unwrap().lab());
        let names: Vec<&str> = run.scenario.nodes.iter().map(|node| node.name.as_str()).collect();
        assert!(nat.iter().any(|(text, _)| text.contains("src ") && text.contains(" → ")), "{nat:?} of {names:?}");
    }

    #[test]
    fn a_switch_knows_who_spoke() {
        let run = Run::new(&roundtrip_lab::example("story").unwrap().lab());
        let at = SimTime::from_millis(500);
        let table = of_segment(&run, SegmentId(0), at, &run.replay.at(at), Some(&run.replay.at(SimTime::ZERO)));
        assert_eq!(table.kind, TableKind::Stations);
        assert!(table.lines.iter().any(|line| line.text.contains("dev pc1.eth0 age 0sec")), "{table:?}");
        assert!(moment_before(&run, at).is_some_and(|before| before < at));
        assert_eq!(moment_before(&run, SimTime::ZERO), None);
    }
}
