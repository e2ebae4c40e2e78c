//! What a device believes at the moment that is shown, as its own commands print it, and what changed in it.

use crate::hooks::{Same, use_moment, use_part, use_words};
use crate::words::{Words, m};
use roundtrip_editor::Run;
use roundtrip_editor::view::tables::{Change, Line, Table, TableKind, moment_before, of_device, of_segment};
use roundtrip_sim::scenario::SegmentId;
use roundtrip_sim::time::SimTime;
use yew::prelude::*;

/// Runs with more frames than this are looked into only while the clock stands: each look goes through a part of them again.
const MANY_FRAMES: usize = 20_000;

#[derive(Properties, PartialEq)]
pub(super) struct TablesProps {
    /// Whose, by name.
    pub(super) name: String,
}

/// Every table of a device.
#[component]
pub(super) fn Tables(props: &TablesProps) -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let at = use_moment(run.clone(), moment_of_tables);
    let tables = use_memo((run.clone(), at, props.name.clone()), |(run, at, name)| {
        let Some(node) = run.node(name) else { return Vec::new() };
        let before = moment_before(run, *at).map(|before| run.replay.at(before));
        of_device(run, node, *at, &run.replay.at(*at), before.as_deref())
    });
    if tables.is_empty() {
        return Html::default();
    }
    let device = words.device_named(&lab, &props.name);
    let title = words.with(m!("tables-title"), &[("device", (&device).into()), ("time", (&words.clock(at)).into())]);
    let news: Vec<String> = tables.iter().flat_map(|table| &table.lines).filter_map(|line| said(&words, line)).collect();
    html! {
        <section class="tables" aria-label={title.clone()}>
            <h2>{ title }</h2>
            <p class="hidden" role="status">{ news.join(" ") }</p>
            { for tables.iter().map(|table| draw(&words, table)) }
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct StationsProps {
    /// Of which segment, by name.
    pub(super) segment: String,
}

/// What the switch of a segment knows.
#[component]
pub(super) fn Stations(props: &StationsProps) -> Html {
    let words = use_words();
    let run = use_part(|now| Same(now.run.clone()));
    let at = use_moment(run.clone(), moment_of_tables);
    let table = use_memo((run.clone(), at, props.segment.clone()), |(run, at, name)| {
        let id = run.scenario.segments.iter().zip(0_u32..).find(|(segment, _)| segment.name == *name).map(|(_, id)| SegmentId(id))?;
        let before = moment_before(run, *at).map(|before| run.replay.at(before));
        Some(of_segment(run, id, *at, &run.replay.at(*at), before.as_deref()))
    });
    html! { <section class="tables">{ for table.as_ref().as_ref().map(|table| draw(&words, table)) }</section> }
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

fn title(words: &Words, kind: TableKind) -> String {
    words.t(match kind {
        TableKind::Conntrack => m!("table-conntrack"),
        TableKind::Nat => m!("table-nat"),
        TableKind::Sockets => m!("table-sockets"),
        TableKind::Neighbours => m!("table-neighbours"),
        TableKind::Learned => m!("table-learned"),
        TableKind::Routes => m!("table-routes"),
        TableKind::Counters => m!("table-counters"),
        TableKind::Stations => m!("table-stations"),
    })
}

fn draw(words: &Words, table: &Table) -> Html {
    html! {
        <div key={table.kind.command()}>
            <h3>{ title(words, table.kind) }<code class="command">{ table.kind.command() }</code></h3>
            if table.lines.is_empty() {
                <p class="empty">{ words.t(m!("table-empty")) }</p>
            } else {
                <ul class="lines" data-table={table.kind.command()}>{ for table.lines.iter().map(|line| draw_line(words, line)) }</ul>
            }
        </div>
    }
}

fn draw_line(words: &Words, line: &Line) -> Html {
    let (class, note, before) = match &line.change {
        None => ("", None, None),
        Some(Change::New) => ("changed", Some(m!("line-new")), None),
        Some(Change::Changed(before)) => ("changed", Some(m!("line-changed")), Some(before)),
        Some(Change::Gone) => ("gone", Some(m!("line-gone")), None),
    };
    html! {
        <li key={line.key.clone()} {class}>
            if let Some(note) = note { <em>{ words.t(note) }</em> }
            { &line.text }
            if let Some(before) = before { <small>{ " " }{ words.with(m!("line-before"), &[("before", before.into())]) }</small> }
        </li>
    }
}

/// A change as it is told to those who listen.
fn said(words: &Words, line: &Line) -> Option<String> {
    let note = match line.change.as_ref()? {
        Change::New => m!("line-new"),
        Change::Changed(_) => m!("line-changed"),
        Change::Gone => m!("line-gone"),
    };
    Some(format!("{}: {}.", words.t(note), line.text))
}
