//! The lab as a whole: what it is called, how long it runs, and all of it as JSON.

use crate::form::{Fields, TextDraft};
use crate::hooks::{Same, use_part, use_words};
use crate::words::m;
use roundtrip_editor::edit::text::{Checked, check_document};
use roundtrip_editor::form::network::LAB;
use roundtrip_lab::Json;
use roundtrip_lab::patch::look;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Title, description, duration, and the way to the text.
#[component]
pub(super) fn LabPart() -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let open = use_state_eq(|| false);
    let object = Json::Object(LAB.iter().filter_map(|field| Some((field.name.to_owned(), look(&lab, field.name)?))).collect());
    let onopen = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    let closed = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    html! {
        <details class="part lab-part">
            <summary>{ words.t(m!("part-lab")) }</summary>
            <Fields form={LAB} path="" {object} />
            <button class="button open-json" onclick={onopen}>{ words.t(m!("json-open")) }</button>
            if *open {
                <JsonDialog {closed} />
            }
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct JsonProps {
    closed: Callback<()>,
}

/// The whole document as text. The text stays if the dialog is closed without applying it.
#[component]
fn JsonDialog(props: &JsonProps) -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let dialog = use_node_ref();
    use_effect_with(dialog.clone(), |dialog| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    let check = use_callback((), |text: String, ()| -> Checked { check_document(&text) });
    let name = format!("lab {}", lab.title.get(""));
    let value = use_memo(lab, |lab| roundtrip_lab::save(lab));
    let onclose = props.closed.reform(|_: Event| ());
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    html! {
        <dialog class="json-dialog" ref={dialog} {onclose} aria-labelledby="json-title">
            <h2 id="json-title">{ words.t(m!("json-title")) }</h2>
            <p>{ words.t(m!("json-hint")) }</p>
            <TextDraft {name} label={words.t(m!("json-title"))} value={(*value).clone()} {check} rows={24} />
            <button class="button" onclick={close}>{ words.t(m!("close")) }</button>
        </dialog>
    }
}
