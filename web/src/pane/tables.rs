//! What a device believes at the moment that is shown.

use crate::hooks::{Same, use_moment, use_part, use_words};
use crate::words::{Words, m};
use roundtrip_editor::Run;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::NodeTables;
use yew::prelude::*;

/// Runs with more frames than this are looked into only while the clock stands: each look runs them again.
const MANY_FRAMES: usize = 20_000;

#[derive(Properties, PartialEq)]
pub(super) struct TablesProps {
    /// Whose, by name.
    pub(super) name: String,
}

/// Tracked connections, sockets, neighbours, learned routes, routes.
#[component]
pub(super) fn Tables(props: &TablesProps) -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let at = use_moment(run.clone(), moment_of_tables);
    let tables = use_memo((run.clone(), at), |(run, at)| run.tables(*at));
    let device = words.device_named(&lab, &props.name);
    let node = run.node(&props.name);
    let Some(tables) = node.and_then(|node| tables.get(node.0 as usize)) else { return Html::default() };
    let title = words.with(m!("tables-title"), &[("device", (&device).into()), ("time", (&words.clock(at)).into())]);
    html! {
        <section class="tables" aria-label={title.clone()}>
            <h2>{ title }</h2>
            { for tables.conntrack.as_ref().map(|rows| table(&words.t(m!("table-conntrack")), rows.iter().map(|row| conntrack(&row.text)).collect(), &words)) }
            { for sockets(&words, tables) }
            { for neighbours(&words, &run, &props.name, tables) }
            { for learned(&words, tables) }
            { table(&words.t(m!("table-routes")), tables.routes.iter().map(|route| (route.clone(), String::new())).collect(), &words) }
        </section>
    }
}

/// Where the clock stands; while it runs, the last event, so that nothing is computed sixty times a second.
fn moment_of_tables(run: &Same<Run>, moment: &crate::store::Moment) -> SimTime {
    if !moment.snapshot.playing {
        return moment.time;
    }
    if run.trace.frames.len() > MANY_FRAMES {
        return SimTime::ZERO;
    }
    let stops = &moment.snapshot.focus.stops;
    let passed = stops.partition_point(|stop| *stop <= moment.time);
    passed.checked_sub(1).and_then(|last| stops.get(last)).copied().unwrap_or_default()
}

fn table(title: &str, rows: Vec<(String, String)>, words: &Words) -> Html {
    let line = |(left, right): &(String, String)| html! { <tr><th scope="row">{ left }</th><td>{ right }</td></tr> };
    html! {
        <>
            <h3>{ title }</h3>
            if rows.is_empty() {
                <p class="empty">{ words.t(m!("table-empty")) }</p>
            } else {
                <table>{ for rows.iter().map(line) }</table>
            }
        </>
    }
}

/// `tcp 192.168.1.10:40001 → 192.168.2.10:80` and `SYN_SENT [UNREPLIED]` from a line of `conntrack -L`.
fn conntrack(line: &str) -> (String, String) {
    let mut words = line.split_whitespace();
    let protocol = words.next().unwrap_or_default();
    let value = |name: &str| line.split_whitespace().find_map(|word| word.strip_prefix(name)).unwrap_or_default().to_owned();
    let port =
        |name: &str| line.split_whitespace().find_map(|word| word.strip_prefix(name)).map_or_else(String::new, |port| format!(":{port}"));
    let what = format!("{protocol} {}{} → {}{}", value("src="), port("sport="), value("dst="), port("dport="));
    let state = line
        .split_whitespace()
        .skip(1)
        .take_while(|word| !word.contains('='))
        .filter(|word| word.chars().all(|c| c.is_ascii_uppercase() || c == '_'));
    let flags = line.split_whitespace().filter(|word| word.starts_with('['));
    let how = state.chain(flags).collect::<Vec<_>>().join(" ");
    (what, how)
}

fn sockets(words: &Words, tables: &NodeTables) -> Option<Html> {
    let end = |(address, port): (std::net::Ipv4Addr, u16)| {
        let address = if address.is_unspecified() { "*".to_owned() } else { address.to_string() };
        if port == 0 { format!("{address}:*") } else { format!("{address}:{port}") }
    };
    let rows: Vec<(String, String)> = tables
        .sockets
        .iter()
        .map(|socket| {
            let what =
                if socket.state == "LISTEN" { end(socket.local) } else { format!("{} → {}", end(socket.local), end(socket.remote)) };
            (what, socket.state.to_owned())
        })
        .collect();
    (!rows.is_empty()).then(|| table(&words.t(m!("table-sockets")), rows, words))
}

fn neighbours(words: &Words, run: &Run, name: &str, tables: &NodeTables) -> Option<Html> {
    let node = run.node(name)?;
    let node = run.scenario.nodes.get(node.0 as usize)?;
    let rows: Vec<(String, String)> = tables
        .neighbours
        .iter()
        .map(|row| {
            let dev = node.interfaces.get(usize::from(row.dev.0)).map_or("", |interface| interface.name.as_str());
            let mac = row.mac.map_or_else(|| "—".to_owned(), |mac| mac.to_string());
            (format!("{} {dev}", row.address), format!("{mac} {}", row.state))
        })
        .collect();
    (!rows.is_empty()).then(|| table(&words.t(m!("table-neighbours")), rows, words))
}

fn learned(words: &Words, tables: &NodeTables) -> Option<Html> {
    let rows: Vec<(String, String)> = tables
        .route_cache
        .iter()
        .map(|row| {
            let via = row.gateway.map(|gateway| format!("via {gateway}"));
            let mtu = row.mtu.map(|mtu| format!("mtu {mtu}"));
            (row.destination.to_string(), via.into_iter().chain(mtu).collect::<Vec<_>>().join(" "))
        })
        .collect();
    (!rows.is_empty()).then(|| table(&words.t(m!("table-learned")), rows, words))
}
