//! A part of the document as text: changed at leisure, checked at every letter, applied in one step.

use super::control::in_words;
use super::draft::{keep_text, left_text};
use super::text_editor::{Fault, TextEditor};
use crate::hooks::{use_store, use_words};
use crate::words::m;
use roundtrip_editor::Command;
use roundtrip_editor::edit::text::Checked;
use yew::prelude::*;

/// The properties of [`TextDraft`].
#[derive(Properties, PartialEq)]
pub(crate) struct TextDraftProps {
    /// By which name the text is kept while it is not applied.
    pub(crate) name: String,
    /// What it is called.
    pub(crate) label: String,
    /// The document's text.
    pub(crate) value: String,
    /// What a text does, and what is wrong with it.
    pub(crate) check: Callback<String, Checked>,
    /// Lines that are seen.
    pub(crate) rows: u32,
}

/// The text with its faults, and the buttons that apply it or go back.
#[component]
pub(crate) fn TextDraft(props: &TextDraftProps) -> Html {
    let words = use_words();
    let store = use_store();
    let TextDraftProps { name, label, value, check, rows } = props;
    let draft = use_state_eq(|| left_text(name));
    let id = use_memo((), |()| format!("text-{}", store.new_gesture().0));
    let text = (*draft).clone().unwrap_or_else(|| value.clone());
    let is_changed = text != *value;
    let checked =
        use_memo(
            (text.clone(), value.clone(), check.clone()),
            |(text, value, check)| {
                if text == value { Checked::default() } else { check.emit(text.clone()) }
            },
        );
    let faults: Vec<Fault> = checked
        .faults
        .iter()
        .map(|(line, problem)| Fault {
            line: *line,
            text: in_words(&words, std::slice::from_ref(problem)).concat(),
            bad: problem.is_error(),
        })
        .collect();
    let bad = faults.iter().filter(|fault| fault.bad).count();
    let set = {
        let (draft, name) = (draft.clone(), name.clone());
        move |text: Option<String>| {
            keep_text(&name, text.as_deref());
            draft.set(text);
        }
    };
    let typed = {
        let (set, value) = (set.clone(), value.clone());
        Callback::from(move |text: String| set(Some(text).filter(|text| *text != value)))
    };
    let apply = {
        let (store, set, checked) = (store.clone(), set.clone(), checked.clone());
        Callback::from(move |()| {
            if let Some(edit) = checked.edit.clone() {
                // The text is the document's from here on, in the document's own spelling.
                set(None);
                store.send(Command::Edit(edit, None));
            }
        })
    };
    let onapply = apply.reform(|_: MouseEvent| ());
    let ondiscard = Callback::from(move |_: MouseEvent| set(None));
    let onkeydown = {
        let apply = apply.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                apply.emit(());
            }
        })
    };
    let status = match (is_changed, bad) {
        (false, _) => words.t(m!("text-applied")),
        (true, 0) => words.t(m!("text-ready")),
        (true, count) => words.with(m!("text-faults"), &[("count", count.into())]),
    };
    html! {
        <div class="text-draft" {onkeydown}>
            <label class="hidden" for={(*id).clone()}>{ label }</label>
            <TextEditor id={(*id).clone()} value={text} {typed} invalid={bad > 0} rows={*rows} {faults} />
            <div class="text-buttons">
                <button class="button primary apply-text" onclick={onapply} disabled={!is_changed || checked.edit.is_none()}>{ words.t(m!("apply")) }</button>
                <button class="button discard-text" onclick={ondiscard} disabled={!is_changed}>{ words.t(m!("discard")) }</button>
                <span class="status" role="status">{ status }</span>
            </div>
        </div>
    }
}
