//! A run that takes its time: it goes on between two frames of the screen, and can be stopped.

use crate::hooks::{use_part, use_send, use_store, use_words};
use crate::store::Store;
use crate::words::m;
use gloo::timers::callback::Interval;
use roundtrip_editor::command::WorkCommand;
use roundtrip_editor::{Command, Progress};
use yew::prelude::*;

/// Milliseconds of work at a time: with them a frame is drawn and an input heard in time.
const SLICE: f64 = 10.0;
/// The same while nobody sees the page: browsers let it work once a second only.
const SLICE_HIDDEN: f64 = 200.0;

impl Store {
    /// Goes on with the run in the making.
    fn slice(&self) {
        let Some(window) = crate::dom::window() else { return };
        let now = || window.performance().map_or(f64::INFINITY, |clock| clock.now());
        let hidden = window.document().is_some_and(|document| document.hidden());
        let end = now() + if hidden { SLICE_HIDDEN } else { SLICE };
        self.work(|| now() < end);
    }
}

/// How far the run is that will be shown, or that there will be none.
#[component]
pub(crate) fn RunProgress() -> Html {
    let words = use_words();
    let store = use_store();
    let progress = use_part(|now| now.progress);
    use_effect_with(matches!(progress, Progress::Going { .. }), move |going| {
        let works = going.then(|| Interval::new(1, move || store.slice()));
        move || drop(works)
    });
    let stop = use_send::<MouseEvent>(|| Command::Work(WorkCommand::Stop));
    let again = use_send::<MouseEvent>(|| Command::Work(WorkCommand::Again));
    match progress {
        Progress::Done => Html::default(),
        Progress::Going { permille } => html! {
            <div class="run-progress" key="going">
                <span role="status">{ words.t(m!("run-going")) }</span>
                <progress max="1000" value={permille.to_string()} aria-label={words.t(m!("run-going-name"))} />
                <button class="button" onclick={stop}>{ words.t(m!("run-stop")) }</button>
            </div>
        },
        Progress::Stopped => html! {
            <div class="run-progress" key="stopped">
                <span role="status">{ words.t(m!("run-stopped")) }</span>
                <button class="button" onclick={again}>{ words.t(m!("run-again")) }</button>
            </div>
        },
    }
}
