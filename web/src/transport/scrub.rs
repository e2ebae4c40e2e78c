//! The slider, with a mark for everything that happens.

use crate::hooks::{Same, use_drawing, use_part, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::Command;
use roundtrip_editor::command::TimeCommand;
use roundtrip_editor::run::{Mark, MarkKind};
use roundtrip_editor::view::timescale::Shown;
use roundtrip_explain::reading::Direction;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// The slider: even in shown time, so that a wait takes no more room than it is shown.
#[component]
pub(crate) fn Scrub() -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let focus = use_part(|now| Same(now.focus.clone()));
    let (slider, frame) = (use_node_ref(), use_node_ref());
    let end = run.scale.end();
    let key = (words.clone(), slider.clone(), frame.clone(), end.0);
    use_drawing(key, |(words, slider, frame, end)| {
        let (slider, frame) = (slider.cast::<HtmlInputElement>(), frame.cast::<HtmlElement>());
        let (words, end): (Words, u64) = (words.clone(), *end);
        move |moment| {
            let (Some(slider), Some(frame)) = (&slider, &frame) else { return };
            slider.set_value(&(moment.position.0 / 1000).to_string());
            // A reader who listens is told when the clock stands, not sixty times a second.
            if !moment.snapshot.playing {
                crate::dom::set(slider, "aria-valuetext", &words.clock(moment.time));
            }
            let share = moment.position.0 as f64 / end.max(1) as f64 * 100.0;
            let _ = frame.style().set_property("--at", &format!("{share:.2}%"));
        }
    });
    let oninput = {
        let store = store.clone();
        Callback::from(move |event: InputEvent| {
            let Some(slider) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
            let millis: u64 = slider.value().parse().unwrap_or_default();
            store.send(Command::Time(TimeCommand::SeekShown(Shown(millis.saturating_mul(1000)))));
        })
    };
    // On the slider the arrows step from event to event, as everywhere else.
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let command = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => TimeCommand::Step,
            "ArrowLeft" | "ArrowDown" => TimeCommand::StepBack,
            " " => TimeCommand::Toggle,
            _ => return,
        };
        event.prevent_default();
        store.send(Command::Time(command));
    });
    html! {
        <div class="scrub" ref={frame}>
            <svg class="marks" aria-hidden="true" width="100%" height="100%">{ for focus.marks.iter().enumerate().map(|(i, mark)| draw(i, mark, end)) }</svg>
            <input ref={slider} type="range" min="0" max={(end.0 / 1000).to_string()} step="1" {oninput} {onkeydown}
                aria-label={words.t(m!("scrub"))} />
        </div>
    }
}

fn draw(number: usize, mark: &Mark, end: Shown) -> Html {
    let x = format!("{:.2}%", mark.at.0 as f64 / end.0.max(1) as f64 * 100.0);
    let (class, shape) = match mark.kind {
        MarkKind::Loss => ("loss", html! { <path d="M-3 17l6 6m0-6l-6 6" /> }),
        MarkKind::Packet(Direction::Back) | MarkKind::Again(Direction::Back) => ("back", html! { <path d="M0 4l4 4-4 4-4-4z" /> }),
        MarkKind::Packet(_) | MarkKind::Again(_) => ("there", html! { <circle cy="8" r="3.5" /> }),
    };
    // The outer element places by a share of the width, which a path cannot.
    html! { <svg key={number} {x} overflow="visible" width="1" height="1" class={classes!("mark", class)}>{ shape }</svg> }
}
