//! Waits are shortened, and say so.

use crate::hooks::{Same, use_moment, use_part, use_words};
use crate::words::m;
use roundtrip_editor::view::timescale::Wait;
use yew::prelude::*;

/// Says that a wait is shortened, while one is.
#[component]
pub(crate) fn WaitNote() -> Html {
    let words = use_words();
    let run = use_part(|now| Same(now.run.clone()));
    let wait: Option<Wait> = use_moment(run, |_, moment| moment.snapshot.run.scale.wait_at(moment.position));
    let text = wait.map(|wait| words.with(m!("wait-shortened"), &[("span", (&words.span(wait.length())).into())]));
    html! { <div class="wait">{ text }</div> }
}
