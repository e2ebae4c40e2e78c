//! A list of objects: each in its own fold, added, moved and removed by buttons.

use super::Fields;
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::edit::Configure;
use roundtrip_editor::form::List;
use roundtrip_editor::form::value::summary;
use roundtrip_editor::{Command, Edit};
use roundtrip_lab::Json;
use roundtrip_lab::patch::{Patch, place};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct ListProps {
    /// What it is a list of.
    pub(super) list: &'static List,
    /// Its path.
    pub(super) path: String,
    /// Its elements.
    pub(super) value: Option<Json>,
    /// What it is called.
    pub(super) label: String,
}

/// Every element, and a way to add one.
#[component]
pub(super) fn ObjectList(props: &ListProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let ListProps { list, path, value, label } = props;
    let elements = value.as_ref().map(Json::elements).unwrap_or_default();
    let count = elements.len();
    let onadd = {
        let (store, path) = (store.clone(), path.clone());
        Callback::from(move |_: MouseEvent| {
            let path = format!("{path}/{count}");
            let patch = Patch::Put(roundtrip_editor::form::fresh(&lab, &path));
            store.send(Command::Edit(Edit::Configure(Configure::Patch { path, patch }), None));
        })
    };
    // As problems call them: by name where they have one.
    let names: Vec<String> = elements.iter().map(|element| element.get("name").map(Json::typed).unwrap_or_default()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let act = |patch: Patch, index: usize| {
        let (store, path) = (store.clone(), place(path, &names, index));
        Callback::from(move |_: MouseEvent| {
            store.send(Command::Edit(Edit::Configure(Configure::Patch { path: path.clone(), patch: patch.clone() }), None));
        })
    };
    let element = |(index, object): (usize, &Json)| {
        let title = summary(object);
        let named = |id| words.with(id, &[("item", (&title).into())]);
        let button = |id, sign: &'static str, patch: Patch, disabled: bool| {
            let name = named(id);
            html! { <button class="button small sign" onclick={act(patch, index)} {disabled} aria-label={name.clone()} title={name}>{ sign }</button> }
        };
        // Few are seen at once, many are folded.
        let open = count <= 3 && list.form.len() <= 8;
        html! {
            <li key={index}>
                <details class="item" {open}>
                    <summary><code>{ &title }</code></summary>
                    <Fields form={list.form} path={place(path, &names, index)} object={object.clone()} />
                </details>
                <div class="item-buttons">
                    if list.ordered && count > 1 {
                        { button(m!("move-up"), "↑", Patch::Move(index.saturating_sub(1)), index == 0) }
                        { button(m!("move-down"), "↓", Patch::Move(index.saturating_add(1)), index.saturating_add(1) == count) }
                    }
                    { button(m!("remove-item"), "✕", Patch::Remove, false) }
                </div>
            </li>
        }
    };
    html! {
        <fieldset class="items">
            <legend>{ label }</legend>
            if elements.is_empty() {
                <p class="empty">{ words.t(m!("list-empty")) }</p>
            }
            <ul>{ for elements.iter().enumerate().map(element) }</ul>
            <button class={classes!("button", "small", list.add)} onclick={onadd}>{ words.named(list.add) }</button>
        </fieldset>
    }
}
