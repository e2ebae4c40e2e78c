//! What would help: each cure was simulated before it is offered.

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::{Words, m};
use gloo::timers::callback::Timeout;
use roundtrip_editor::view::verdict::{Fares, compare, outcomes};
use roundtrip_editor::{Change, Command, Edit, Run, Snapshot};
use roundtrip_explain::reading::Conversation;
use roundtrip_explain::words::outcome_sign;
use roundtrip_explain::{Cure, Message, Outcome};
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
    let applied = use_part(|now| last_cure(now).map(|(message, there)| (message.clone(), there)));
    let before = use_state(|| Rc::new(Vec::<(String, Outcome)>::new()));
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
    let onapply = {
        let (before, run) = (before.clone(), run.clone());
        Callback::from(move |()| before.set(Rc::new(outcomes(&run))))
    };
    let list = match &current {
        Some(cures) => {
            html! { <>{ for cures.iter().map(|cure| html! { <CureLine key={cure.id()} cure={cure.clone()} onapply={onapply.clone()} /> }) }</> }
        }
        None if works => Html::default(),
        None => html! { <p class="empty">{ words.t(m!("cures-trying")) }</p> },
    };
    let none = current.as_ref().is_some_and(|cures| cures.is_empty());
    html! {
        <section class="cures" aria-label={words.t(m!("cures-title"))}>
            if let Some((message, there)) = applied {
                <Applied text={words.tell(&lab, &message)} {there} before={Rc::clone(&before)} />
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

/// The cure that was applied last, and whether it is there now or was just taken back.
fn last_cure(now: &Snapshot) -> Option<(&Message, bool)> {
    // What was taken back last is told before what stands behind it.
    cure_of(now.redo.as_ref()).map(|message| (message, false)).or_else(|| cure_of(now.undo.as_ref()).map(|message| (message, true)))
}

fn cure_of(change: Option<&Rc<Change>>) -> Option<&Message> {
    match change.map(Rc::as_ref) {
        Some(Change::Cure(message)) => Some(message),
        _ => None,
    }
}

#[derive(Properties, PartialEq)]
struct AppliedProps {
    text: String,
    /// It is there; else it was taken back.
    there: bool,
    /// How the conversations ended before it was applied.
    before: Rc<Vec<(String, Outcome)>>,
}

/// The cure that was applied last, to be taken back and made again, with how every conversation fares before and after.
#[component]
fn Applied(props: &AppliedProps) -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let after = use_mut_ref(Vec::new);
    if props.there {
        *after.borrow_mut() = outcomes(&run);
    }
    let there = props.there;
    let onclick = Callback::from(move |_: MouseEvent| store.send(if there { Command::Undo } else { Command::Redo }));
    let (title, button) = if there { (m!("cure-applied"), m!("cure-take-back")) } else { (m!("cure-taken-back"), m!("cure-again")) };
    let fares = if props.before.is_empty() { Vec::new() } else { compare(&props.before, &after.borrow()) };
    html! {
        <div class={classes!("cure", "applied")}>
            <div><strong>{ words.t(title) }</strong><br />{ &props.text }</div>
            <button class="button take-back" {onclick}>{ words.t(button) }</button>
            if !fares.is_empty() {
                <FaresTable {fares} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FaresProps {
    fares: Vec<Fares>,
}

/// Every conversation before and after.
#[component]
fn FaresTable(props: &FaresProps) -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let outcome = |outcome: Option<Outcome>| match outcome {
        Some(outcome) => format!("{} {}", outcome_sign(outcome), words.outcome(outcome)),
        None => words.t(m!("fares-none")),
    };
    let works = |outcome: Option<Outcome>| outcome.is_some_and(Outcome::works);
    let row = |fares: &Fares| {
        let class = match (works(fares.before), works(fares.after)) {
            (false, true) => Some("better"),
            (true, false) => Some("worse"),
            _ => None,
        };
        html! {
            <tr key={fares.name.clone()} class={classes!(class)}>
                <th scope="row">{ names(&words, &lab, &run, std::slice::from_ref(&fares.name)) }</th>
                <td>{ outcome(fares.before) }</td>
                <td>{ outcome(fares.after) }</td>
            </tr>
        }
    };
    let heads = [m!("fares-conversation"), m!("fares-before"), m!("fares-after")].map(|id| html! { <th scope="col">{ words.t(id) }</th> });
    html! {
        <table class="fares">
            <caption>{ words.t(m!("fares-title")) }</caption>
            <thead><tr>{ for heads }</tr></thead>
            <tbody>{ for props.fares.iter().map(row) }</tbody>
        </table>
    }
}

#[derive(Properties, PartialEq)]
struct CureProps {
    cure: Cure,
    /// Called before it is applied.
    onapply: Callback<()>,
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
        let onapply = props.onapply.clone();
        Callback::from(move |_: MouseEvent| {
            onapply.emit(());
            store.send(Command::Edit(Edit::Cure { cure: message.clone(), lab: Rc::clone(&cured) }, None));
        })
    };
    let breaks = names(&words, &lab, &run, &cure.breaks);
    let mends = names(&words, &lab, &run, &cure.mends);
    let name = words.with(m!("cure-apply-name"), &[("cure", (&text).into())]);
    html! {
        <div class="cure" data-cure={cure.id()}>
            <div>
                { text }
                if !mends.is_empty() {
                    <p class="mends">{ words.with(m!("cure-mends"), &[("conversations", (&mends).into())]) }</p>
                }
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
