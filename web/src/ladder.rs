//! The ladder of the conversation that is looked at: one line for each packet, one arrow for each hop.

mod head;
mod rung;
mod window;

use crate::hooks::{Same, use_moment, use_part, use_store, use_words};
use crate::words::m;
use head::LifelineHead;
use roundtrip_editor::command::{Selection, ShowCommand};
use roundtrip_editor::view::ladder::Row;
use roundtrip_editor::{Command, Focus, WatchCommand};
use roundtrip_sim::time::SimTime;
use rung::{Rung, height, lifeline};
pub(crate) use window::{Windowed, use_window};
use yew::prelude::*;

/// Height of the note that time passed.
const GAP: f64 = 20.0;
/// From this long on it is noted that time passed.
const WORTH_NOTING: SimTime = SimTime::from_millis(50);

/// Head, lines, and what is in them.
#[component]
pub(crate) fn LadderPanel() -> Html {
    let words = use_words();
    let store = use_store();
    let focus = use_part(|now| Same(now.focus.clone()));
    let resolution = use_part(|now| now.resolution);
    let all = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Command::Watch(WatchCommand::Pairs(true))))
    };
    let reset = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Command::Watch(WatchCommand::ResetLifelines)))
    };
    let moved = use_part(|now| !now.watch.lifelines.is_empty());
    let toggle = Callback::from(move |_: MouseEvent| store.send(Command::Show(ShowCommand::Resolution(!resolution))));
    html! {
        <>
            <div class="panel-head">
                <h2>{ words.t(m!("ladder-title")) }</h2>
                <button class="button small" onclick={all}>{ words.t(m!("pairs-open")) }</button>
                if moved { <button class="button small" onclick={reset}>{ words.t(m!("lifelines-reset")) }</button> }
                <button class="button small" onclick={toggle} aria-pressed={resolution.to_string()}>{ words.t(m!("show-arp")) }</button>
            </div>
            if focus.ladder.rows.is_empty() {
                <p class="empty">{ words.t(m!("ladder-empty")) }</p>
            } else {
                <LifelineHead focus={focus.clone()} />
                <Rungs focus={focus.clone()} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct FocusProps {
    focus: Same<Focus>,
}

/// Where a lifeline stands, as a share of the width.
fn share(place: usize, count: usize) -> f64 {
    let (place, gaps) = (place as f64, count.saturating_sub(1).max(1) as f64);
    if count == 1 { 50.0 } else { 92.0f64.mul_add(place / gaps, 4.0) }
}

/// Whether a note that time passed stands before a line.
fn has_gap(row: &Row) -> bool {
    row.since_last >= WORTH_NOTING
}

/// The lines, as many as are seen.
#[component]
fn Rungs(props: &FocusProps) -> Html {
    let words = use_words();
    let store = use_store();
    let focus = props.focus.clone();
    let selected = use_part(|now| if let Selection::Packet(packet) = now.selection { Some(packet) } else { None });
    let heights = use_memo(focus.clone(), |focus| {
        focus.ladder.rows.iter().map(|row| if has_gap(row) { height(row) + GAP } else { height(row) }).collect::<Vec<f64>>()
    });
    // Renders when something of this conversation happens, not at every frame.
    let reached = use_moment(focus.clone(), |focus, moment| focus.stops.partition_point(|stop| *stop <= moment.time));
    let now = reached.checked_sub(1).and_then(|last| focus.stops.get(last)).copied();
    let made = focus.ladder.rows.partition_point(|row| now.is_some_and(|now| row.made <= now));
    let window = use_window(Same(heights), made.checked_sub(1));
    let rung = |place: usize| {
        let row = focus.ladder.rows.get(place)?;
        let passed = |time: SimTime| now.is_some_and(|now| time <= now);
        let arrows = row.arrows.iter().filter(|arrow| passed(arrow.hop.sent)).count();
        let crosses = row.crosses.iter().filter(|cross| passed(cross.time)).count();
        let lifelines = focus.ladder.lifelines.len();
        let gap = has_gap(row).then(|| html! {
            <li key={format!("gap{place}")} class="gap">
                <svg width="100%" height={GAP.to_string()} aria-hidden="true">{ for (0..lifelines).map(|place| lifeline(place, lifelines)) }</svg>
                <span>{ words.with(m!("ladder-gap"), &[("span", (&words.span(row.since_last)).into())]) }</span>
            </li>
        });
        let selected = selected == Some(row.member.packet);
        Some(
            html! { <>{ gap }<Rung key={place} focus={focus.clone()} {place} {arrows} {crosses} {selected} current={place + 1 == made} /></> },
        )
    };
    let leave = Callback::from(move |_: MouseEvent| store.light(None));
    html! {
        <Windowed name={words.t(m!("ladder-name"))} window={window.clone()} onleave={leave}>
            <ol class="rungs" style={window.padding()}>{ for window.rows().filter_map(rung) }</ol>
        </Windowed>
    }
}
