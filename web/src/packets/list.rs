//! The list of frames: a table of which only the lines that are seen are in the document.

use super::line::FrameLine;
use super::taps::tap_name;
use crate::hooks::{Same, use_moment, use_part, use_store, use_words};
use crate::ladder::{Windowed, use_window};
use crate::store::Store;
use crate::words::m;
use roundtrip_editor::command::{Selection, TimeCommand};
use roundtrip_editor::view::list::{Line, List};
use roundtrip_editor::{Command, Run, WatchCommand};
use roundtrip_sim::time::SimTime;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// Height of a line in pixels.
const LINE: f64 = 24.0;

#[derive(Properties, PartialEq)]
pub(super) struct FrameListProps {
    pub(super) list: Same<List>,
    pub(super) run: Same<Run>,
}

/// The table.
#[component]
pub(super) fn FrameList(props: &FrameListProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let watch = use_part(|now| Same(now.watch.clone()));
    let begins = use_part(|now| now.focus.conversation.as_ref().map(|conversation| conversation.begins).unwrap_or_default());
    let selected = use_part(|now| if let Selection::Packet(packet) = now.selection { Some(packet) } else { None });
    let list = props.list.clone();
    let heights = use_memo(list.clone(), |list| vec![LINE; list.lines.len()]);
    let reached = use_moment(list.clone(), |list, moment| list.seen_by(moment.time));
    let window = use_window(Same(heights), reached.checked_sub(1));
    let (before, after) = window.around();
    let several = list.captures.len() > 1;
    let lanes = several && watch.lanes;
    let zero = if watch.relative_times { begins } else { SimTime::ZERO };
    let line = |place: usize| {
        let line = *list.lines.get(place)?;
        let row = *list.row(line)?;
        let chosen = watch.frame == list.captures.get(line.capture).map(|captured| (captured.tap, row.frame));
        Some(html! {
            <FrameLine key={place} {place} {line} {row} list={list.clone()} run={props.run.clone()} lab={lab.clone()} {lanes} {several} {zero}
                absolute={watch.absolute_numbers} future={place >= reached} current={place + 1 == reached}
                selected={selected == Some(row.packet)} {chosen} />
        })
    };
    let leave = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.light(None))
    };
    let onclick = {
        let list = list.clone();
        Callback::from(move |event: MouseEvent| {
            let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
            let place = crate::dom::upwards(&element, "data-row").and_then(|row| row.parse::<usize>().ok());
            if let Some(line) = place.and_then(|place| list.lines.get(place)) {
                choose(&store, &list, *line);
            }
        })
    };
    let place_name = |capture: usize| list.captures.get(capture).map(|captured| tap_name(&words, &props.run, &lab, captured.tap));
    let columns = if lanes { list.captures.len() + 2 } else { 5 + usize::from(several) };
    let columns = columns.to_string();
    html! {
        <Windowed name={words.t(m!("packets-name"))} window={window.clone()} onleave={leave}>
            <table class={classes!("list", lanes.then_some("in-lanes"))} aria-rowcount={(list.lines.len() + 1).to_string()} {onclick}>
                <thead>
                    <tr>
                        <th scope="col">{ words.t(m!("column-time")) }</th>
                        <th scope="col" class="number">{ words.t(m!("column-number")) }</th>
                        if lanes {
                            { for (0..list.captures.len()).map(|capture| html! { <th key={capture} scope="col">{ place_name(capture) }</th> }) }
                        } else {
                            if several { <th scope="col">{ words.t(m!("column-place")) }</th> }
                            <th scope="col">{ words.t(m!("column-source")) }</th>
                            <th scope="col">{ words.t(m!("column-destination")) }</th>
                            <th scope="col">{ words.t(m!("column-info")) }</th>
                        }
                    </tr>
                </thead>
                <tbody>
                    <tr class="room" style={format!("height:{before}px")} aria-hidden="true"><td colspan={columns.clone()} /></tr>
                    { for window.rows().filter_map(line) }
                    <tr class="room" style={format!("height:{after}px")} aria-hidden="true"><td colspan={columns} /></tr>
                </tbody>
            </table>
            if list.lines.is_empty() {
                <p class="empty">{ words.t(if list.total() == 0 { m!("packets-none") } else { m!("packets-none-pass") }) }</p>
            }
        </Windowed>
    }
}

/// A line is looked at: its packet everywhere, its moment, its detail.
pub(super) fn choose(store: &Store, list: &List, line: Line) {
    let (Some(row), Some(captured)) = (list.row(line), list.captures.get(line.capture)) else { return };
    store.send(Command::Select(Selection::Packet(row.packet)));
    store.send(Command::Time(TimeCommand::Pause));
    store.send(Command::Time(TimeCommand::Seek(row.time)));
    store.send(Command::Watch(WatchCommand::Frame(Some((captured.tap, row.frame)))));
}
