//! All conversations with their states at a glance.

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::Command;
use roundtrip_editor::command::ShowCommand;
use roundtrip_explain::{Verdict, words};
use yew::prelude::*;

/// A line for each conversation, which looks at it. One alone needs no list.
#[component]
pub(super) fn Glance() -> Html {
    let said = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let looked_at = use_part(|now| now.focus.conversation.as_ref().map(|conversation| conversation.name.clone()));
    if run.explanation.conversations.len() < 2 && looked_at.is_some() {
        return Html::default();
    }
    let line = |verdict: &Verdict| {
        let name = verdict.conversation.name.clone();
        let current = looked_at.as_deref() == Some(name.as_str());
        let class = if verdict.outcome.works() { "good" } else { "bad" };
        let onclick = {
            let (store, name) = (store.clone(), name.clone());
            Callback::from(move |_: MouseEvent| store.send(Command::Show(ShowCommand::Conversation(Some(name.clone())))))
        };
        html! {
            <li key={name.clone()}>
                <button type="button" class={classes!("outcome", class)} {onclick} aria-current={current.then_some("true")} data-conversation={name}>
                    <span aria-hidden="true">{ words::outcome_sign(verdict.outcome) }</span>
                    <strong>{ said.conversation(&lab, &verdict.conversation) }</strong>
                    <span>{ said.outcome(verdict.outcome) }</span>
                </button>
            </li>
        }
    };
    html! {
        <section class="card glance" aria-label={said.t(m!("glance-name"))}>
            <h3>{ said.t(m!("glance-name")) }</h3>
            if run.explanation.conversations.is_empty() {
                <p class="empty">{ said.t(m!("glance-empty")) }</p>
            }
            <ul>{ for run.explanation.conversations.iter().map(line) }</ul>
        </section>
    }
}
