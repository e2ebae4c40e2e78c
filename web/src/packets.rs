//! The packet list: what the chosen tap sees.

use crate::hooks::{Same, use_moment, use_part, use_store, use_words};
use crate::ladder::{Windowed, use_window};
use crate::words::{Words, m};
use roundtrip_editor::command::{Selection, ShowCommand, TimeCommand};
use roundtrip_editor::view::capture::{Row, Tap, capture, taps};
use roundtrip_editor::view::info::columns;
use roundtrip_editor::view::loss::loss_of;
use roundtrip_editor::{Command, Run};
use roundtrip_lab::Lab;
use roundtrip_sim::trace::PacketId;
use roundtrip_wire::Direction;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlSelectElement};
use yew::prelude::*;

/// Height of a line in pixels.
const LINE: f64 = 24.0;

/// The choice of a tap, and its list.
#[component]
pub(crate) fn PacketPanel() -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let tap = use_part(|now| now.tap);
    let rows = use_memo((run.clone(), tap), |(run, tap)| capture(&run.trace, *tap));
    let onchange = {
        let run = run.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) else { return };
            let chosen = usize::try_from(select.selected_index()).ok().and_then(|index| taps(&run.scenario).nth(index));
            if let Some(tap) = chosen {
                store.send(Command::Show(ShowCommand::Tap(tap)));
            }
        })
    };
    let option = |(place, other): (usize, Tap)| {
        html! { <option key={place} selected={other == tap}>{ tap_name(&words, &run, &lab, other) }</option> }
    };
    html! {
        <>
            <div class="panel-head">
                <h2>{ words.t(m!("packets-title")) }</h2>
                <select class="button small tap" aria-label={words.t(m!("tap"))} {onchange}>
                    { for taps(&run.scenario).enumerate().map(option) }
                </select>
                <span class="count">{ words.with(m!("packets-count"), &[("count", rows.len().into())]) }</span>
            </div>
            <List rows={Same(rows)} {run} {lab} />
        </>
    }
}

/// A tap, as people find it: `PC1 eth0`, `mirror of Living segment`.
fn tap_name(words: &Words, run: &Run, lab: &Lab, tap: Tap) -> String {
    match tap {
        Tap::Interface(port) => {
            let interface =
                run.scenario.nodes.get(port.node.0 as usize).and_then(|node| node.interfaces.get(usize::from(port.interface.0)));
            let device = words.device_named(lab, run.device_name(port.node));
            format!("{device} {}", interface.map_or("", |interface| interface.name.as_str()))
        }
        Tap::Mirror(segment) => {
            let name = run.scenario.segments.get(segment.0 as usize).map_or("", |segment| segment.name.as_str());
            let name = lab.segment(name).map_or_else(|| name.to_owned(), |segment| words.segment(segment));
            words.with(m!("tap-mirror"), &[("segment", (&name).into())])
        }
    }
}

#[derive(Properties, PartialEq)]
struct ListProps {
    rows: Same<Vec<Row>>,
    run: Same<Run>,
    lab: Same<Lab>,
}

#[component]
fn List(props: &ListProps) -> Html {
    let words = use_words();
    let store = use_store();
    let selected = use_part(|now| if let Selection::Packet(packet) = now.selection { Some(packet) } else { None });
    let heights = use_memo(props.rows.clone(), |rows| vec![LINE; rows.len()]);
    let reached = use_moment(props.rows.clone(), |rows, moment| rows.partition_point(|row| row.time <= moment.time));
    let window = use_window(Same(heights), reached.checked_sub(1));
    let (before, after) = window.around();
    let line = |place: usize| {
        let row = props.rows.get(place)?;
        Some(html! {
            <Line key={place} {place} row={*row} run={props.run.clone()} lab={props.lab.clone()} future={place >= reached}
                current={place + 1 == reached} selected={selected == Some(row.packet)} />
        })
    };
    let leave = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.light(None))
    };
    let rows = props.rows.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let place = crate::dom::upwards(&element, "data-row").and_then(|row| row.parse::<usize>().ok());
        if let Some(row) = place.and_then(|place| rows.get(place)) {
            choose(&store, row);
        }
    });
    html! {
        <Windowed name={words.t(m!("packets-name"))} window={window.clone()} onleave={leave}>
            <table class="list" aria-rowcount={(props.rows.len() + 1).to_string()} {onclick}>
                <thead>
                    <tr>
                        <th scope="col">{ words.t(m!("column-time")) }</th>
                        <th scope="col">{ words.t(m!("column-source")) }</th>
                        <th scope="col">{ words.t(m!("column-destination")) }</th>
                        <th scope="col">{ words.t(m!("column-info")) }</th>
                    </tr>
                </thead>
                <tbody>
                    <tr class="room" style={format!("height:{before}px")} aria-hidden="true"><td colspan="4" /></tr>
                    { for window.rows().filter_map(line) }
                    <tr class="room" style={format!("height:{after}px")} aria-hidden="true"><td colspan="4" /></tr>
                </tbody>
            </table>
        </Windowed>
    }
}

fn choose(store: &crate::store::Store, row: &Row) {
    store.send(Command::Select(Selection::Packet(row.packet)));
    store.send(Command::Time(TimeCommand::Pause));
    store.send(Command::Time(TimeCommand::Seek(row.time)));
}

#[derive(Properties, PartialEq)]
struct LineProps {
    place: usize,
    row: Row,
    run: Same<Run>,
    lab: Same<Lab>,
    future: bool,
    current: bool,
    selected: bool,
}

/// One frame.
#[component]
fn Line(props: &LineProps) -> Html {
    let words = use_words();
    let store = use_store();
    let LineProps { row, run, place, .. } = props;
    let Some(record) = run.trace.frames.get(row.frame.0 as usize) else { return Html::default() };
    let numbers = run.numbers.get(row.frame.0 as usize).copied().unwrap_or_default();
    let text = columns(&record.frame, &numbers);
    let notes = notes(&words, run, &props.lab, row);
    let is_lost = loss_of(&run.trace, &run.index, row.packet).is_some();
    let class = classes!(
        "line",
        is_lost.then_some("lost"),
        props.future.then_some("future"),
        props.current.then_some("current"),
        props.selected.then_some("selected"),
    );
    let packet = row.packet;
    let onmouseenter = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.light(Some(packet)))
    };
    let row = *row;
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            choose(&store, &row);
        }
    });
    let seen = match row.seen {
        Direction::In => "←",
        Direction::Out => "→",
        Direction::Wire => "",
    };
    let millis = row.time.as_millis();
    html! {
        <tr {class} data-packet={packet.0.to_string()} data-row={place.to_string()} aria-rowindex={(place + 2).to_string()} tabindex="-1"
            {onmouseenter} {onkeydown}>
            <td class="time">{ format!("{}.{:03}", millis / 1000, millis % 1000) }</td>
            <td>{ text.source }</td>
            <td>{ text.destination }</td>
            <td class="info">
                <span class="seen" aria-hidden="true">{ seen }</span>
                { for notes.into_iter().map(|note| html! { <em>{ note }</em> }) }
                { text.protocol }{ " " }{ text.info }
            </td>
        </tr>
    }
}

/// What Wireshark would not know: that it is one again, where it died, that it was here before.
fn notes(words: &Words, run: &Run, lab: &Lab, row: &Row) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(place) = place_of_death(run, row.packet) {
        let device = words.device_named(lab, &place);
        notes.push(words.with(m!("note-lost"), &[("device", (&device).into())]));
    }
    if run.member(row.packet).is_some_and(|member| member.label.again.is_some()) {
        notes.push(words.t(m!("note-again")));
    }
    if row.again_here {
        notes.push(words.t(m!("note-again-here")));
    }
    notes
}

fn place_of_death(run: &Run, packet: PacketId) -> Option<Rc<str>> {
    Some(run.device_name(loss_of(&run.trace, &run.index, packet)?.node).into())
}
