//! The field in which a name is written.

use crate::hooks::{use_store, use_words};
use crate::words::m;
use roundtrip_editor::hand::HandCommand;
use roundtrip_editor::{Command, Item};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct NameProps {
    /// Whose name it is.
    pub(crate) item: Item,
}

/// Enter and leaving take the name, Escape leaves the old one.
#[component]
pub(crate) fn NameInput(props: &NameProps) -> Html {
    let words = use_words();
    let store = use_store();
    let input = use_node_ref();
    let item = props.item.clone();
    let value = use_memo(item.clone(), |item| words.item(&store.snapshot().lab, item));
    use_effect_with(input.clone(), |input| {
        if let Some(input) = input.cast::<HtmlInputElement>() {
            let _ = input.focus();
            input.select();
        }
    });
    let take = {
        let (store, value) = (store.clone(), value.clone());
        Callback::from(move |text: String| {
            // Closed already: Escape.
            if store.snapshot().desk.naming.as_ref() != Some(&item) {
                return;
            }
            let command = if text == *value { HandCommand::Naming(None) } else { HandCommand::Name { item: item.clone(), text } };
            store.send(Command::Hand(command));
        })
    };
    let text_of = |event: &Event| event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()).map(|input| input.value());
    let onkeydown = {
        let (store, take, item) = (store.clone(), take.clone(), props.item.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if !event.is_composing() => {
                event.prevent_default();
                if let Some(text) = text_of(&event) {
                    take.emit(text);
                }
                super::voice::focus_on(&item);
            }
            "Escape" => {
                event.prevent_default();
                store.send(Command::Hand(HandCommand::Escape));
            }
            _ => {}
        })
    };
    let onblur = Callback::from(move |event: FocusEvent| {
        if let Some(text) = text_of(&event) {
            take.emit(text);
        }
    });
    html! { <input ref={input} class="name-input" value={(*value).clone()} aria-label={words.t(m!("name-input"))} maxlength="64" {onkeydown} {onblur} /> }
}
