//! What happened, in a sentence and in lights, and why.

use super::cures::Cures;
use crate::hooks::{Same, use_part, use_words};
use crate::words::{Words, m};
use roundtrip_editor::Run;
use roundtrip_explain::belief::{Belief, Beliefs};
use roundtrip_explain::chain::Link;
use roundtrip_explain::{Light, LightState, Verdict};
use roundtrip_lab::Lab;
use yew::prelude::*;

/// The verdict on the conversation that is looked at, and what would cure it.
#[component]
pub(super) fn VerdictCard() -> Html {
    let words = use_words();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let focus = use_part(|now| Same(now.focus.clone()));
    let verdict = focus.conversation.as_ref().and_then(|conversation| run.verdict(conversation));
    let Some(verdict) = verdict else { return html! { <AllVerdicts /> } };
    let class = if verdict.outcome.works() { "good" } else { "bad" };
    html! {
        <>
            <section class={classes!("card", "verdict", class)} aria-label={words.t(m!("verdict-name"))}>
                <h2>{ words.outcome(verdict.outcome) }</h2>
                <ul class="lights">{ for verdict.lights.iter().map(|light| draw_light(&words, &run, &lab, light)) }</ul>
                <p class="sentence">{ words.tell(&lab, &verdict.sentence) }</p>
                { for verdict.beliefs.as_ref().filter(|beliefs| beliefs.disagree).map(|beliefs| draw_beliefs(&words, &run, &lab, beliefs)) }
                { why(&words, &lab, verdict) }
            </section>
            <Cures />
        </>
    }
}

/// With all traffic: one line for each conversation.
#[component]
fn AllVerdicts() -> Html {
    let words = use_words();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let line = |verdict: &Verdict| {
        let class = if verdict.outcome.works() { "good" } else { "bad" };
        let sign = if verdict.outcome.works() { "✓" } else { "✕" };
        html! {
            <li key={verdict.conversation.name.clone()} class={classes!("outcome", class)}>
                <strong>{ sign }{ " " }{ words.conversation(&lab, &verdict.conversation) }</strong>{ " " }{ words.tell(&lab, &verdict.summary()) }
            </li>
        }
    };
    html! {
        <section class="card" aria-label={words.t(m!("verdict-name"))}>
            <ul>{ for run.explanation.conversations.iter().map(line) }</ul>
        </section>
    }
}

fn draw_light(words: &Words, run: &Run, lab: &Lab, light: &Light) -> Html {
    let (class, sign, state) = match &light.state {
        LightState::Passed { first: None, .. } => ("good", "✓", words.t(m!("light-arrived"))),
        LightState::Passed { first: Some(_), .. } => ("good", "✓", words.t(m!("light-arrived-later"))),
        LightState::Lost(loss) => {
            let device = words.device_named(lab, run.device_name(loss.node));
            ("bad", "✕", words.with(m!("light-lost"), &[("device", (&device).into())]))
        }
        LightState::NotSeen { .. } => ("bad", "?", words.t(m!("light-missing"))),
        LightState::NotSent => ("none", "–", words.t(m!("light-never-sent"))),
    };
    let stage = words.stage(light.stage);
    html! { <li key={stage.clone()} class={classes!("light", class)}>{ stage }{ " " }<span>{ sign }{ " " }{ state }</span></li> }
}

/// Who believes what.
fn draw_beliefs(words: &Words, run: &Run, lab: &Lab, beliefs: &Beliefs) -> Html {
    let belief = |(number, belief): (usize, &Belief)| {
        html! { <li key={number}>{ words.device_named(lab, run.device_name(belief.node)) }{ " " }<code>{ belief.state }</code></li> }
    };
    html! {
        <div class="beliefs">
            <h3>{ words.t(m!("beliefs")) }</h3>
            <ul>{ for beliefs.rows.iter().enumerate().map(belief) }</ul>
        </div>
    }
}

/// From what is seen to what is at the root of it, and why another conversation lives where this one dies.
fn why(words: &Words, lab: &Lab, verdict: &Verdict) -> Html {
    if verdict.chain.is_empty() && verdict.asides.is_empty() && verdict.contrast.is_none() {
        return Html::default();
    }
    let link = |(number, link): (usize, &Link)| html! { <li key={number}>{ words.tell(lab, &link.message) }</li> };
    html! {
        <details class="chain">
            <summary>{ words.t(m!("chain")) }</summary>
            <p>{ words.tell(lab, &verdict.summary()) }</p>
            <ol>{ for verdict.chain.iter().enumerate().map(link) }</ol>
            if !verdict.asides.is_empty() {
                <ul>{ for verdict.asides.iter().enumerate().map(link) }</ul>
            }
            { for verdict.contrast.as_ref().map(|contrast| html! { <p>{ words.tell(lab, &contrast.message) }</p> }) }
        </details>
    }
}
