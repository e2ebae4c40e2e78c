//! What happened, in a sentence and in lights, and why.

mod cause;
mod chain;
mod flows;
mod glance;

use super::cures::Cures;
use crate::hooks::{Same, use_part, use_words};
use crate::words::{Words, m};
use roundtrip_editor::Run;
use roundtrip_explain::belief::{Belief, Beliefs};
use roundtrip_explain::{Light, LightState, words};
use roundtrip_lab::Lab;
use yew::prelude::*;

/// The verdict on the conversation that is looked at, what would cure it, and all conversations at a glance.
#[component]
pub(super) fn VerdictCard() -> Html {
    let said = use_words();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let focus = use_part(|now| Same(now.focus.clone()));
    let verdict = focus.conversation.as_ref().and_then(|conversation| run.verdict(conversation));
    let Some(verdict) = verdict else { return html! { <glance::Glance /> } };
    let class = if verdict.outcome.works() { "good" } else { "bad" };
    let outcome = said.outcome(verdict.outcome);
    let conversation = said.conversation(&lab, &verdict.conversation);
    let news = said.with(m!("verdict-news"), &[("conversation", (&conversation).into()), ("outcome", (&outcome).into())]);
    html! {
        <>
            <section class={classes!("card", "verdict", class)} aria-label={said.t(m!("verdict-name"))} data-cause={verdict.cause.id()}>
                <h2>{ outcome }</h2>
                <ul class="lights">{ for verdict.lights.iter().map(|light| draw_light(&said, &run, &lab, light)) }</ul>
                <p class="sentence">{ said.tell(&lab, &verdict.sentence) }</p>
                { for verdict.beliefs.as_ref().filter(|beliefs| beliefs.disagree).map(|beliefs| draw_beliefs(&said, &run, &lab, beliefs)) }
                <chain::Chain run={run.clone()} lab={lab.clone()} action={verdict.conversation.action} />
                if let Some(contrast) = &verdict.contrast {
                    <flows::SideBySide run={run.clone()} lab={lab.clone()} contrast={contrast.clone()} name={conversation} />
                }
                <cause::CauseCard cause={verdict.cause} />
            </section>
            // Whoever cannot see the card hears when it changes, and what it says then.
            <p class="heard-only" role="status" aria-live="polite">{ news }{ " " }{ said.tell(&lab, &verdict.sentence) }</p>
            <Cures />
            <glance::Glance />
        </>
    }
}

fn draw_light(said: &Words, run: &Run, lab: &Lab, light: &Light) -> Html {
    let class = match &light.state {
        LightState::Passed { .. } => "good",
        LightState::Lost(_) | LightState::NotSeen { .. } => "bad",
        LightState::NotSent => "none",
    };
    let state = said.tell(lab, &words::light(&light.state, |node| run.device_name(node).to_owned()));
    let stage = said.stage(light.stage);
    html! {
        <li key={light.stage.id()} class={classes!("light", class)}>
            { stage }{ " " }<span>{ words::sign(&light.state) }{ " " }{ state }</span>
        </li>
    }
}

/// Who believes what.
fn draw_beliefs(said: &Words, run: &Run, lab: &Lab, beliefs: &Beliefs) -> Html {
    let belief = |(number, belief): (usize, &Belief)| {
        html! { <li key={number}>{ said.device_named(lab, run.device_name(belief.node)) }{ " " }<code>{ belief.state }</code></li> }
    };
    html! {
        <div class="beliefs">
            <h3>{ said.t(m!("beliefs")) }</h3>
            <ul>{ for beliefs.rows.iter().enumerate().map(belief) }</ul>
        </div>
    }
}
