//! The bar that rules time.

mod scope;
mod scrub;

use crate::hooks::{Same, use_drawing, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::Command;
use roundtrip_editor::command::{ShowCommand, Speed, TimeCommand};
use scrub::Scrub;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlSelectElement};
use yew::prelude::*;

/// Everything that rules time.
#[component]
pub(crate) fn Transport() -> Html {
    html! {
        <>
            <PlayButton />
            <TimeButton what={TimeCommand::StepBack} />
            <TimeButton what={TimeCommand::Step} />
            <scope::ScopeChoice />
            <Clock />
            <Scrub />
            <TimeButton what={TimeCommand::FirstLoss} />
            <ConversationChoice />
            <SpeedChoice />
        </>
    }
}

#[component]
fn PlayButton() -> Html {
    let words = use_words();
    let store = use_store();
    let playing = use_part(|now| now.playing);
    let (sign, word) = if playing { ("❚❚", words.t(m!("pause"))) } else { ("▶", words.t(m!("play"))) };
    let onclick = Callback::from(move |_: MouseEvent| store.send(Command::Time(TimeCommand::Toggle)));
    html! { <button class="button primary play" {onclick}><span aria-hidden="true">{ sign }</span>{ " " }{ word }</button> }
}

#[derive(Properties, PartialEq)]
struct TimeButtonProps {
    what: TimeCommand,
}

#[component]
fn TimeButton(props: &TimeButtonProps) -> Html {
    let words = use_words();
    let store = use_store();
    let what = props.what;
    let has_loss = use_part(|now| {
        let action = now.focus.conversation.as_ref().map(|conversation| conversation.action);
        now.run.losses.iter().any(|loss| action.is_none() || loss.action == action)
    });
    let onclick = Callback::from(move |_: MouseEvent| store.send(Command::Time(what)));
    match what {
        TimeCommand::StepBack => html! { <button class="button" {onclick}>{ words.t(m!("step-back")) }</button> },
        TimeCommand::FirstLoss => html! {
            <button class="button first-loss" {onclick} disabled={!has_loss}>
                <span class="cross" aria-hidden="true">{ "✕" }</span>{ " " }{ words.t(m!("first-loss")) }
            </button>
        },
        _ => html! { <button class="button" {onclick}>{ words.t(m!("step")) }</button> },
    }
}

/// The simulated time, with its unit.
#[component]
fn Clock() -> Html {
    let words = use_words();
    let clock = use_node_ref();
    let key = (words, clock.clone());
    use_drawing(key, |(words, clock)| {
        let (words, element) = (words.clone(), clock.cast::<Element>());
        let last = RefCell::new(String::new());
        move |moment| {
            let text = words.clock(moment.time);
            let Some(element) = &element else { return };
            if *last.borrow() != text {
                element.set_text_content(Some(&text));
                last.replace(text);
            }
        }
    });
    html! { <span class="clock" ref={clock} role="timer" /> }
}

#[component]
fn ConversationChoice() -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let chosen = use_part(|now| now.focus.conversation.as_ref().map(|conversation| conversation.name.clone()));
    let onchange = {
        let run = run.clone();
        Callback::from(move |event: Event| {
            let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) else { return };
            // The first choice is all traffic.
            let number = usize::try_from(select.selected_index()).ok().and_then(|index| index.checked_sub(1));
            let name = number.and_then(|number| run.conversations.get(number)).map(|conversation| conversation.name.clone());
            store.send(Command::Show(ShowCommand::Conversation(name)));
        })
    };
    let option = |conversation: &roundtrip_explain::reading::Conversation| {
        let selected = chosen.as_deref() == Some(conversation.name.as_str());
        let name = words.conversation(&lab, conversation);
        let from = words.device_named(&lab, run.device_name(conversation.from));
        let to = conversation.target.map_or_else(|| conversation.to.to_string(), |node| words.device_named(&lab, run.device_name(node)));
        html! { <option key={conversation.name.clone()} {selected}>{ format!("{name}: {from} → {to}") }</option> }
    };
    html! {
        <select class="button conversation" aria-label={words.t(m!("conversation"))} {onchange}>
            <option selected={chosen.is_none()}>{ words.t(m!("all-traffic")) }</option>
            { for run.conversations.iter().map(option) }
        </select>
    }
}

#[component]
fn SpeedChoice() -> Html {
    let words = use_words();
    let store = use_store();
    let chosen = use_part(|now| now.speed);
    let onchange = Callback::from(move |event: Event| {
        let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) else { return };
        let speed = usize::try_from(select.selected_index()).ok().and_then(|index| Speed::ALL.get(index).copied());
        store.send(Command::Time(TimeCommand::Speed(speed.unwrap_or_default())));
    });
    let option = |speed: Speed| {
        html! { <option key={speed.sign()} selected={speed == chosen}>{ format!("{} {}", speed.sign(), words.speed(speed)) }</option> }
    };
    html! {
        <select class="button speed" aria-label={words.t(m!("speed"))} {onchange}>{ for Speed::ALL.into_iter().map(option) }</select>
    }
}
