//! What a step goes through.

use crate::hooks::{use_part, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::view::step::Scope;
use roundtrip_editor::{Command, WatchCommand};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The choice beside the buttons for steps.
#[component]
pub(super) fn ScopeChoice() -> Html {
    let words = use_words();
    let store = use_store();
    let chosen = use_part(|now| now.watch.scope);
    let onchange = Callback::from(move |event: Event| {
        let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) else { return };
        let scope = usize::try_from(select.selected_index()).ok().and_then(|index| Scope::ALL.get(index).copied());
        store.send(Command::Watch(WatchCommand::Scope(scope.unwrap_or_default())));
    });
    let option = |scope: Scope| html! { <option key={name(&words, scope)} selected={scope == chosen}>{ name(&words, scope) }</option> };
    html! {
        <select class="button scope" aria-label={words.t(m!("scope"))} title={words.t(m!("scope"))} {onchange}>{ for Scope::ALL.into_iter().map(option) }</select>
    }
}

fn name(words: &Words, scope: Scope) -> String {
    words.t(match scope {
        Scope::Conversation => m!("scope-conversation"),
        Scope::Everything => m!("scope-everything"),
        Scope::Packet => m!("scope-packet"),
        Scope::Device => m!("scope-device"),
    })
}
