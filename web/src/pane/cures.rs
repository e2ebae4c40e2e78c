//! What would help: each cure was simulated before it is offered.

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::{Words, m};
use gloo::timers::callback::Timeout;
use roundtrip_editor::{Change, Command, Edit, Run};
use roundtrip_explain::Cure;
use roundtrip_explain::reading::Conversation;
use roundtrip_lab::Lab;
use std::rc::Rc;
use yew::prelude::*;

/// Milliseconds of rest before cures are tried out: not between two strokes of a key.
const REST: u32 = 60;

/// The cures of the conversation that is looked at, and the one that was applied last.
#[component]
pub(super) fn Cures() -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let conversation = use_part(|now| now.focus.conversation.as_ref().map(|conversation| conversation.name.clone()));
    let applied = use_part(|now| if let Some(Change::Cure(message)) = now.undo.as_deref() { Some(message.clone()) } else { None });
    let found = use_state(|| None::<(Same<Run>, Rc<Vec<Cure>>)>);
    {
        let found = found.clone();
        let store = use_store();
        use_effect_with((run.clone(), conversation.clone()), move |(run, conversation)| {
            let (run, conversation) = (run.clone(), conversation.clone());
            let wait = Timeout::new(REST, move || {
                let conversation = conversation.and_then(|name| run.conversation(&name).cloned());
                let cures = conversation.map_or_else(Vec::new, |conversation| run.cures(&store.snapshot().lab, &conversation));
                found.set(Some((run, Rc::new(cures))));
            });
            // A new run before that, and nothing is tried.
            move || drop(wait)
        });
    }
    let works = conversation.as_deref().and_then(|name| run.conversation(name)).and_then(|conversation| run.verdict(conversation));
    let works = works.is_none_or(|verdict| verdict.outcome.works());
    // Those of an earlier run would not fit this one.
    let current = (*found).as_ref().filter(|(of, _)| *of == run).map(|(_, cures)| Rc::clone(cures));
    let list = match &current {
        Some(cures) => html! { <>{ for cures.iter().map(|cure| html! { <CureLine key={cure.id()} cure={cure.clone()} /> }) }</> },
        None if works => Html::default(),
        None => html! { <p class="empty">{ words.t(m!("cures-trying")) }</p> },
    };
    let none = current.as_ref().is_some_and(|cures| cures.is_empty());
    html! {
        <section class="cures" aria-label={words.t(m!("cures-title"))}>
            if let Some(message) = applied {
                <Applied text={words.tell(&lab, &message)} />
            }
            if !(works && none) {
                <h3>{ words.t(m!("cures-title")) }</h3>
                { list }
                if none {
                    <p class="empty">{ words.t(m!("cures-none")) }</p>
                }
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct AppliedProps {
    text: String,
}

/// The cure that was applied last, to be taken back.
#[component]
fn Applied(props: &AppliedProps) -> Html {
    let words = use_words();
    let store = use_store();
    let onclick = Callback::from(move |_: MouseEvent| store.send(Command::Undo));
    html! {
        <div class="cure applied">
            <div><strong>{ words.t(m!("cure-applied")) }</strong><br />{ &props.text }</div>
            <button class="button take-back" {onclick}>{ words.t(m!("cure-take-back")) }</button>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct CureProps {
    cure: Cure,
}

/// One cure, with what else it changes.
#[component]
fn CureLine(props: &CureProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let cure = &props.cure;
    let text = words.tell(&lab, &cure.message);
    let onclick = {
        let (message, cured) = (cure.message.clone(), Rc::new(cure.lab.clone()));
        Callback::from(move |_: MouseEvent| {
            store.send(Command::Edit(Edit::Cure { cure: message.clone(), lab: Rc::clone(&cured) }, None));
        })
    };
    let breaks = names(&words, &lab, &run, &cure.breaks);
    let name = words.with(m!("cure-apply-name"), &[("cure", (&text).into())]);
    html! {
        <div class="cure" data-cure={cure.id()}>
            <div>
                { text }
                if !breaks.is_empty() {
                    <p class="breaks">{ words.with(m!("cure-breaks"), &[("conversations", (&breaks).into())]) }</p>
                }
            </div>
            <button class="button apply" {onclick} aria-label={name}>{ words.t(m!("cure-apply")) }</button>
        </div>
    }
}

fn names(words: &Words, lab: &Lab, run: &Run, names: &[String]) -> String {
    let name = |name: &String| {
        let conversation: Option<&Conversation> = run.conversation(name);
        conversation.map_or_else(|| name.clone(), |conversation| words.conversation(lab, conversation))
    };
    names.iter().map(name).collect::<Vec<_>>().join(", ")
}
