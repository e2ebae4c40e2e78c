//! One frame's line.

use super::list::choose;
use super::taps::tap_name;
use crate::hooks::{Same, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::Run;
use roundtrip_editor::view::capture::Row;
use roundtrip_editor::view::info::columns_seen;
use roundtrip_editor::view::list::{Line, List};
use roundtrip_editor::view::loss::loss_of;
use roundtrip_lab::Lab;
use roundtrip_sim::time::SimTime;
use roundtrip_wire::Direction;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct FrameLineProps {
    /// Which line of the list.
    pub(super) place: usize,
    pub(super) line: Line,
    pub(super) row: Row,
    pub(super) list: Same<List>,
    pub(super) run: Same<Run>,
    pub(super) lab: Same<Lab>,
    /// Each place of capture has a column.
    pub(super) lanes: bool,
    /// There are several places.
    pub(super) several: bool,
    /// Where times begin.
    pub(super) zero: SimTime,
    /// Sequence numbers as they are sent.
    pub(super) absolute: bool,
    pub(super) future: bool,
    pub(super) current: bool,
    /// Its packet is selected.
    pub(super) selected: bool,
    /// It is the one that is looked at.
    pub(super) chosen: bool,
}

/// The line.
#[component]
pub(super) fn FrameLine(props: &FrameLineProps) -> Html {
    let words = use_words();
    let store = use_store();
    let FrameLineProps { row, run, place, line, .. } = props;
    let (row, line) = (*row, *line);
    let Some(record) = run.trace.frames.get(row.frame.0 as usize) else { return Html::default() };
    let Some(captured) = props.list.captures.get(line.capture) else { return Html::default() };
    let analysis = captured.analysis(line.row);
    let text = columns_seen(&record.frame, analysis, props.absolute);
    let notes = notes(&words, run, &props.lab, &row, analysis.is_some());
    let is_lost = loss_of(&run.trace, &run.index, row.packet).is_some();
    let class = classes!(
        "line",
        is_lost.then_some("lost"),
        props.future.then_some("future"),
        props.current.then_some("current"),
        props.selected.then_some("selected"),
        props.chosen.then_some("chosen"),
    );
    let packet = row.packet;
    let onmouseenter = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.light(Some(packet)))
    };
    let list = props.list.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            // The key is the line's, not the picture's.
            event.prevent_default();
            choose(&store, &list, line);
        }
    });
    let seen = match row.seen {
        Direction::In => "←",
        Direction::Out => "→",
        Direction::Wire => "",
    };
    let info = html! {
        <>
            <span class="seen" aria-hidden="true">{ seen }</span>
            { for notes.into_iter().map(|note| html! { <em>{ note }</em> }) }
            { text.protocol }{ " " }{ text.info }
        </>
    };
    html! {
        <tr {class} data-packet={packet.0.to_string()} data-row={place.to_string()} aria-rowindex={(place + 2).to_string()} tabindex="-1"
            {onmouseenter} {onkeydown}>
            <td class="time">{ time(row.time, props.zero) }</td>
            <td class="number">{ line.row + 1 }</td>
            if props.lanes {
                { for (0..props.list.captures.len()).map(|lane| html! { <td key={lane} class="info lane">{ (lane == line.capture).then(|| info.clone()) }</td> }) }
            } else {
                if props.several { <td>{ tap_name(&words, run, &props.lab, captured.tap) }</td> }
                <td>{ text.source }</td>
                <td>{ text.destination }</td>
                <td class="info">{ info }</td>
            }
        </tr>
    }
}

/// Seconds with milliseconds; before zero with a sign.
fn time(at: SimTime, zero: SimTime) -> String {
    let (sign, millis) = if at < zero { ("−", zero.since(at)) } else { ("", at.since(zero)) };
    let millis = millis.as_millis();
    format!("{sign}{}.{:03}", millis / 1000, millis % 1000)
}

/// What Wireshark would not know: where it died, that it was here before, and what it knows of TCP only.
fn notes(words: &Words, run: &Run, lab: &Lab, row: &Row, analysed: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(loss) = loss_of(&run.trace, &run.index, row.packet) {
        let device = words.device_named(lab, run.device_name(loss.node));
        notes.push(words.with(m!("note-lost"), &[("device", (&device).into())]));
    }
    if !analysed && run.member(row.packet).is_some_and(|member| member.label.again.is_some()) {
        notes.push(words.t(m!("note-again")));
    }
    if row.again_here {
        notes.push(words.t(m!("note-again-here")));
    }
    notes
}
