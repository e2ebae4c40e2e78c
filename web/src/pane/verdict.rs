//! What happened, in lights.

use crate::hooks::{Same, use_part, use_words};
use crate::words::m;
use roundtrip_editor::view::conversation::{Light, StageState, lights};
use yew::prelude::*;

/// The lights.
#[component]
pub(super) fn VerdictCard() -> Html {
    let words = use_words();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let focus = use_part(|now| Same(now.focus.clone()));
    let Some(conversation) = &focus.conversation else { return Html::default() };
    let lights = lights(&run.trace, &run.index, &run.membership, conversation);
    let light = |light: &Light| {
        let (class, sign, state) = match &light.state {
            StageState::Arrived => ("good", "✓", words.t(m!("light-arrived"))),
            StageState::Lost(loss) => {
                let device = words.device_named(&lab, run.device_name(loss.node));
                ("bad", "✕", words.with(m!("light-lost"), &[("device", (&device).into())]))
            }
            StageState::Missing => ("bad", "?", words.t(m!("light-missing"))),
            StageState::NeverSent => ("none", "–", words.t(m!("light-never-sent"))),
        };
        let stage = words.stage(light.stage);
        let spoken = words.with(m!("verdict-light"), &[("stage", (&stage).into()), ("state", (&state).into())]);
        html! { <li key={stage.clone()} class={classes!("light", class)} aria-label={spoken}>{ stage }{ " " }<span>{ sign }{ " " }{ state }</span></li> }
    };
    html! { <section class="card"><ul class="lights">{ for lights.iter().map(light) }</ul></section> }
}
