//! What happens in time: a time line of actions, and a way to shoot one at once.

mod action;
mod shoot;

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use action::ActionRow;
use roundtrip_editor::edit::Traffic;
use roundtrip_editor::edit::traffic::end;
use roundtrip_editor::view::schedule::{fresh_action, kinds, rows, span};
use roundtrip_editor::{Command, Edit};
use shoot::Shoot;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The time line, the form that shoots, and the menu of everything that can happen.
#[component]
pub(crate) fn TrafficPart() -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let rows = rows(&lab, &run);
    let span = span(&lab);
    let count = rows.len();
    html! {
        <details class="part traffic" open={true}>
            <summary>{ words.with(m!("traffic-title"), &[("count", count.into())]) }</summary>
            <Shoot />
            if rows.is_empty() {
                <p class="empty">{ words.t(m!("traffic-empty")) }</p>
            }
            <ol class="actions">
                { for rows.iter().map(|row| html! { <ActionRow key={row.id.clone()} row={row.clone()} {span} {count} /> }) }
            </ol>
            <AddMenu />
        </details>
    }
}

/// Everything that can happen, as a menu.
#[component]
fn AddMenu() -> Html {
    let words = use_words();
    let store = use_store();
    let onchange = Callback::from(move |event: Event| {
        let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) else { return };
        let lab = store.snapshot().lab;
        if let Some(action) = fresh_action(&lab, &select.value(), end(&lab)) {
            store.send(Command::Edit(Edit::Traffic(Traffic::Add(Rc::new(action))), None));
        }
        // It is a menu: it always shows its own name.
        select.set_value("");
    });
    html! {
        <select class="button add-action" aria-label={words.t(m!("traffic-add"))} {onchange}>
            <option value="" selected={true}>{ words.t(m!("traffic-add")) }</option>
            { for kinds().map(|(word, label)| html! { <option key={word} value={word}>{ words.named(label) }</option> }) }
        </select>
    }
}
