//! A field that checks what is typed, in words, and blocks nothing.

use super::problems::problems_at;
use crate::hooks::{Same, use_part, use_store, use_words};
use roundtrip_editor::{Command, Edit, Gesture};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The properties of [`Field`].
#[derive(Properties, PartialEq)]
pub(crate) struct FieldProps {
    /// What it is called.
    pub(crate) label: String,
    /// Its value in the document.
    pub(crate) value: String,
    /// What is shown where there is no value.
    #[prop_or_default]
    pub(crate) placeholder: String,
    /// What may be meant.
    #[prop_or_default]
    pub(crate) choices: Vec<(String, String)>,
    /// What a text does to the document, or what is wrong with it.
    pub(crate) parse: Callback<String, Result<Edit, String>>,
    /// The value's place in the document, by which problems are found.
    pub(crate) path: String,
    /// The label is for those who listen only.
    #[prop_or_default]
    pub(crate) bare: bool,
}

/// What somebody is typing.
#[derive(Clone, PartialEq)]
struct Draft {
    text: String,
    /// The document's value when this was typed: when it becomes another one by itself, the draft is void.
    value: String,
    fault: Option<String>,
}

/// Typing is one step of undo from getting the focus to losing it. Each valid text takes effect at once.
#[component]
pub(crate) fn Field(props: &FieldProps) -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let draft = use_state_eq(|| None::<Draft>);
    let gesture = use_mut_ref(|| None::<Gesture>);
    let id = use_memo((), |()| format!("field-{}", store.new_gesture().0));
    let valid = (*draft).as_ref().filter(|draft| draft.value == props.value || draft.fault.is_none());
    let text = valid.map_or_else(|| props.value.clone(), |draft| draft.text.clone());
    let fault = valid.and_then(|draft| draft.fault.clone());
    let oninput = {
        let (store, draft, gesture) = (store.clone(), draft.clone(), gesture.clone());
        let (parse, value) = (props.parse.clone(), props.value.clone());
        Callback::from(move |event: InputEvent| {
            let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
            let text = input.value();
            let fault = match parse.emit(text.trim().to_owned()) {
                Ok(edit) => {
                    let gesture = *gesture.borrow_mut().get_or_insert_with(|| store.new_gesture());
                    store.send(Command::Edit(edit, Some(gesture)));
                    None
                }
                Err(fault) => Some(fault),
            };
            draft.set(Some(Draft { text, value: value.clone(), fault }));
        })
    };
    let onfocusout = {
        let draft = draft.clone();
        Callback::from(move |_: FocusEvent| {
            *gesture.borrow_mut() = None;
            // What is not valid stays, with what is wrong with it.
            if (*draft).as_ref().is_some_and(|draft| draft.fault.is_none()) {
                draft.set(None);
            }
        })
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        // Enter has nothing left to do and Escape nothing to take back: each text took effect as it was typed.
        if matches!(event.key().as_str(), "Enter" | "Escape")
            && let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        {
            let _ = input.blur();
        }
    });
    let problems = problems_at(&run.problems, &props.path);
    let notes: Vec<String> = fault
        .iter()
        .cloned()
        .chain(problems.iter().map(|problem| format!("{} {}", words.problems().problem(problem), words.problems().remedy(problem))))
        .collect();
    let (list_id, note_id) = (format!("{id}-choices"), format!("{id}-notes"));
    let class = classes!("field", fault.is_some().then_some("fault"), (!notes.is_empty()).then_some("noted"));
    let choice = |(value, name): &(String, String)| html! { <option key={value.clone()} value={value.clone()}>{ name }</option> };
    html! {
        <div {class}>
            <label for={(*id).clone()} class={props.bare.then_some("hidden")}>{ &props.label }</label>
            <input id={(*id).clone()} type="text" value={text} placeholder={props.placeholder.clone()} autocomplete="off" spellcheck="false"
                list={(!props.choices.is_empty()).then(|| list_id.clone())} aria-invalid={fault.is_some().to_string()}
                aria-describedby={(!notes.is_empty()).then(|| note_id.clone())} {oninput} {onkeydown} {onfocusout} />
            if !props.choices.is_empty() {
                <datalist id={list_id}>{ for props.choices.iter().map(choice) }</datalist>
            }
            if !notes.is_empty() {
                <ul class="notes" id={note_id} aria-live="polite">{ for notes.iter().map(|note| html! { <li>{ note }</li> }) }</ul>
            }
        </div>
    }
}
