//! The list in which a partner is chosen: for a cable or a gateway, without pointing.

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::hand::pick::{Choice, Picker};
use roundtrip_editor::hand::{HandCommand, Picking};
use roundtrip_editor::{Command, Item};
use roundtrip_lab::Lab;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// Lists longer than this have a field to search them by.
const LONG: usize = 8;

/// The list, while it is open.
#[component]
pub(crate) fn PickerDialog() -> Html {
    let picker = use_part(|now| now.desk.picker.clone());
    picker.map_or_else(Html::default, |picker| html! { <Choices picker={Same(picker)} /> })
}

#[derive(Properties, PartialEq)]
struct ChoicesProps {
    picker: Same<Picker>,
}

#[component]
fn Choices(props: &ChoicesProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let dialog = use_node_ref();
    let wanted = use_state_eq(String::new);
    use_effect_with(dialog.clone(), |dialog| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
            let _ = dialog.show_modal();
        }
    });
    // Escape closes it without asking us.
    let onclose = {
        let store = store.clone();
        Callback::from(move |_: Event| store.send(Command::Hand(HandCommand::ClosePicker)))
    };
    let oninput = {
        let wanted = wanted.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
                wanted.set(input.value().to_lowercase());
            }
        })
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        let forward = match event.key().as_str() {
            "ArrowDown" => true,
            "ArrowUp" => false,
            _ => return,
        };
        event.prevent_default();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let line = target.as_ref().and_then(|target| target.closest("li").ok().flatten());
        let next = match line {
            Some(line) if forward => line.next_element_sibling(),
            Some(line) => line.previous_element_sibling(),
            None => target.and_then(|target| target.closest("dialog").ok().flatten()?.query_selector("li").ok().flatten()),
        };
        if let Some(button) = next.and_then(|line| line.query_selector("button").ok().flatten()?.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    });
    let picker = &props.picker;
    let line = |choice: &Choice| {
        let (name, detail) = told(&words, &lab, choice);
        if !format!("{name} {detail}").to_lowercase().contains(wanted.as_str()) {
            return None;
        }
        let (store, chosen) = (store.clone(), choice.clone());
        let onclick = Callback::from(move |_: MouseEvent| store.send(Command::Hand(HandCommand::Picked(chosen.clone()))));
        Some(
            html! { <li key={format!("{choice:?}")}><button class="choice" {onclick}><strong>{ name }</strong>{ " " }<span>{ detail }</span></button></li> },
        )
    };
    let whom = whom(&words, &lab, picker);
    let title = match picker.picking {
        Picking::Cable => words.with(m!("pick-cable"), &[("thing", (&whom).into())]),
        Picking::Gateway => words.with(m!("pick-gateway"), &[("thing", (&whom).into())]),
    };
    let closing = store.clone();
    let close = Callback::from(move |_: MouseEvent| closing.send(Command::Hand(HandCommand::ClosePicker)));
    html! {
        <dialog ref={dialog} class="help picker" aria-labelledby="picker-title" {onclose} {onkeydown}>
            <h2 id="picker-title">{ title }</h2>
            if picker.choices.len() > LONG {
                <input class="name-input" type="search" aria-label={words.t(m!("pick-search"))} placeholder={words.t(m!("pick-search"))} {oninput} />
            }
            <ul>{ for picker.choices.iter().filter_map(line) }</ul>
            <button class="button" onclick={close}>{ words.t(m!("cancel")) }</button>
        </dialog>
    }
}

fn whom(words: &Words, lab: &Lab, picker: &Picker) -> String {
    match picker.items.iter().next() {
        Some(item) if picker.items.len() == 1 => words.item(lab, item),
        _ => words.with(m!("things"), &[("count", picker.items.len().into())]),
    }
}

/// What a choice is called, and what tells it from others.
fn told(words: &Words, lab: &Lab, choice: &Choice) -> (String, String) {
    match choice {
        Choice::NewSegment => (words.t(m!("pick-new-segment")), String::new()),
        Choice::None => (words.t(m!("pick-none")), String::new()),
        Choice::Item(item) => {
            let detail = match item {
                Item::Segment(name) => lab.segment(name).and_then(|segment| segment.subnet).map(|subnet| subnet.to_string()),
                Item::Device(name) => lab.device(name).map(|device| words.device_kind(device.kind)),
                Item::Cable(..) => None,
            };
            (words.item(lab, item), detail.unwrap_or_default())
        }
    }
}
