//! One control: checks what is typed, in words, and blocks nothing.

use super::draft::{self, Draft};
use super::text_editor::TextEditor;
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::edit::Configure;
use roundtrip_editor::form::choice::{Offer, offers};
use roundtrip_editor::form::entry::{Entry, Slot};
use roundtrip_editor::form::value::shown;
use roundtrip_editor::form::{FieldKind, Word};
use roundtrip_editor::{Command, Edit, Gesture};
use roundtrip_lab::{Json, Lab, Problem};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The properties of [`Control`].
#[derive(Properties, PartialEq)]
pub(crate) struct ControlProps {
    /// Which field, and which part of it.
    pub(crate) entry: Entry,
    /// Its value in the document.
    pub(crate) value: Option<Json>,
    /// What it is called.
    pub(crate) label: String,
}

/// What is wrong, with what helps.
pub(super) fn in_words(words: &Words, problems: &[Problem]) -> Vec<String> {
    let say = |problem: &Problem| format!("{} {}", words.problems().problem(problem), words.problems().remedy(problem));
    problems.iter().take(3).map(say).collect()
}

/// A field that somebody types into.
struct Typing {
    text: String,
    faults: Vec<String>,
    typed: Callback<String>,
    done: Callback<()>,
}

/// Typing is one step of undo from getting the focus to losing it. Each text that can be takes effect at once.
#[hook]
fn use_typing(entry: &Entry, value: &str) -> Typing {
    let words = use_words();
    let store = use_store();
    let key = draft::key(entry);
    let draft = use_state_eq(|| draft::left(&key));
    let gesture = use_mut_ref(|| None::<Gesture>);
    let valid = (*draft).as_ref().filter(|draft| draft.value == value || draft.faults.is_empty());
    let (text, faults) = valid.map_or_else(|| (value.to_owned(), Vec::new()), |draft| (draft.text.clone(), draft.faults.clone()));
    let apply = {
        let (entry, gesture) = (entry.clone(), gesture.clone());
        move |text: &str, waits: bool| -> Vec<String> {
            let lab = store.snapshot().lab;
            let change: Configure = entry.change(&lab, text);
            match change.attempt(&lab) {
                Ok(_) if waits => Vec::new(),
                Ok(_) => {
                    let gesture = *gesture.borrow_mut().get_or_insert_with(|| store.new_gesture());
                    store.send(Command::Edit(Edit::Configure(change), Some(gesture)));
                    Vec::new()
                }
                Err(problems) => in_words(&words, &problems),
            }
        }
    };
    let typed = {
        let (entry, key, draft, apply, value) = (entry.clone(), key.clone(), draft.clone(), apply.clone(), value.to_owned());
        Callback::from(move |text: String| {
            let faults = apply(&text, entry.waits(&text));
            let new = Draft { text, value: value.clone(), faults };
            draft::keep(&key, Some(&new));
            draft.set(Some(new));
        })
    };
    let done = {
        let entry = entry.clone();
        Callback::from(move |()| {
            // What is not valid stays, with what is wrong with it.
            if let Some(left) = (*draft).as_ref().filter(|draft| draft.faults.is_empty()) {
                if entry.waits(&left.text) && left.text.trim() != left.value {
                    apply(&left.text, false);
                }
                draft.set(None);
            }
            *gesture.borrow_mut() = None;
        })
    };
    Typing { text, faults, typed, done }
}

/// A labelled control.
#[component]
pub(crate) fn Control(props: &ControlProps) -> Html {
    let words = use_words();
    let store = use_store();
    let (lab, run) = (use_part(|now| Same(now.lab.clone())), use_part(|now| Same(now.run.clone())));
    let ControlProps { entry, value, label } = props;
    let field = entry.field;
    let value =
        if matches!(entry.slot, Slot::Whole) { shown(field, value.as_ref()) } else { value.as_ref().map(Json::typed).unwrap_or_default() };
    let Typing { text, faults, typed, done } = use_typing(entry, &value);
    let id = use_memo((), |()| format!("field-{}", store.new_gesture().0));
    let place = entry.place();
    let problems: Vec<Problem> = run.problems.iter().filter(|problem| is_at(&problem.path, &place)).cloned().collect();
    let is_fault = !faults.is_empty();
    let notes: Vec<String> = faults.into_iter().chain(in_words(&words, &problems)).collect();
    let note_id = format!("{id}-notes");
    let class = classes!("field", is_fault.then_some("fault"), (!notes.is_empty()).then_some("noted"));
    let common = Common { id: (*id).clone(), note: (!notes.is_empty()).then(|| note_id.clone()), invalid: is_fault, typed, done };
    let body = match &field.kind {
        FieldKind::Word(options) => common.select(choices(&words, options, field.usual, &text), in_effect(&text, field.usual)),
        FieldKind::Variant(variants) => {
            let options: Vec<Word> = variants.iter().map(|variant| variant.word).collect();
            common.select(choices(&words, &options, field.usual, &text), in_effect(&text, field.usual))
        }
        FieldKind::Maybe => {
            let all = [("", m!("as-usual")), ("true", m!("word-yes")), ("false", m!("word-no"))];
            common.select(all.into_iter().map(|(value, id)| (value.to_owned(), words.t(id))).collect(), &text)
        }
        FieldKind::Refer(choice) if choice.is_closed() => {
            common.select(references(&words, &lab, offers(&lab, &entry.object, *choice), &text), &text)
        }
        FieldKind::Switch(_) => return common.switch(label, &text, class, &notes),
        FieldKind::Words(options) => return common.words(label, options, &text, class, &notes),
        FieldKind::Rules | FieldKind::Steps => {
            let common = common.clone();
            html! { <TextEditor id={common.id} value={text} typed={common.typed} done={common.done} described={common.note} invalid={common.invalid} rows={6} /> }
        }
        FieldKind::Settings => common.input(&words, &lab, &text, "", &[], true),
        kind => {
            let offered = if let FieldKind::Refer(choice) = kind { offers(&lab, &entry.object, *choice) } else { Vec::new() };
            common.input(&words, &lab, &text, field.usual, &offered, matches!(kind, FieldKind::Number))
        }
    };
    html! {
        <div {class} data-path={place}>
            <label for={(*id).clone()}>{ label }</label>
            { body }
            { notes_list(&note_id, &notes) }
        </div>
    }
}

/// True if a problem belongs to a field: at its place, or inside what it holds.
fn is_at(problem: &str, place: &str) -> bool {
    problem.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn notes_list(id: &str, notes: &[String]) -> Html {
    if notes.is_empty() {
        return Html::default();
    }
    html! { <ul class="notes" id={id.to_owned()} aria-live="polite">{ for notes.iter().map(|note| html! { <li>{ note }</li> }) }</ul> }
}

/// What holds: what was chosen, or what does without a choice.
const fn in_effect<'a>(chosen: &'a str, usual: &'a str) -> &'a str {
    if chosen.is_empty() { usual } else { chosen }
}

/// The words of a choice with what people read, and the present one even if it is none of them.
fn choices(words: &Words, options: &[Word], usual: &str, chosen: &str) -> Vec<(String, String)> {
    let name = |word: &Word| word.label.map_or_else(|| word.word.to_owned(), |label| words.named(label));
    let mut all: Vec<(String, String)> = options.iter().map(|word| (word.word.to_owned(), name(word))).collect();
    let shown = in_effect(chosen, usual);
    if !all.iter().any(|(value, _)| value == shown) {
        all.insert(0, (shown.to_owned(), if shown.is_empty() { words.t(m!("nothing-chosen")) } else { shown.to_owned() }));
    }
    all
}

fn references(words: &Words, lab: &Lab, offers: Vec<Offer>, chosen: &str) -> Vec<(String, String)> {
    let mut all = vec![(String::new(), words.t(m!("nothing-chosen")))];
    all.extend(offers.iter().map(|offer| (offer.value.clone(), words.offer(lab, offer))));
    if !all.iter().any(|(value, _)| value == chosen) {
        all.push((chosen.to_owned(), words.with(m!("not-there"), &[("name", chosen.into())])));
    }
    all
}

/// What all controls have.
#[derive(Clone)]
struct Common {
    id: String,
    note: Option<String>,
    invalid: bool,
    typed: Callback<String>,
    done: Callback<()>,
}

impl Common {
    fn select(&self, options: Vec<(String, String)>, chosen: &str) -> Html {
        let (typed, done) = (self.typed.clone(), self.done.clone());
        let onchange = Callback::from(move |event: Event| {
            let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) else { return };
            typed.emit(select.value());
            done.emit(());
        });
        let option = |(value, name): (String, String)| {
            let selected = value == chosen;
            html! { <option key={value.clone()} {selected} {value}>{ name }</option> }
        };
        html! {
            <select id={self.id.clone()} {onchange} aria-invalid={self.invalid.to_string()} aria-describedby={self.note.clone()}>
                { for options.into_iter().map(option) }
            </select>
        }
    }

    fn switch(&self, label: &str, text: &str, class: Classes, notes: &[String]) -> Html {
        let (typed, done) = (self.typed.clone(), self.done.clone());
        let checked = text == "true";
        let onchange = Callback::from(move |_: Event| {
            typed.emit((!checked).to_string());
            done.emit(());
        });
        html! {
            <div class={classes!(class, "switch")}>
                <label><input id={self.id.clone()} type="checkbox" {checked} {onchange} aria-describedby={self.note.clone()} />{ " " }{ label }</label>
                { notes_list(self.note.as_deref().unwrap_or_default(), notes) }
            </div>
        }
    }

    fn words(&self, label: &str, options: &'static [Word], text: &str, class: Classes, notes: &[String]) -> Html {
        let chosen: Vec<String> = text.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
        let part = |word: &Word| {
            let (typed, done, chosen) = (self.typed.clone(), self.done.clone(), chosen.clone());
            let word = word.word;
            let checked = chosen.iter().any(|other| other == word);
            let onchange = Callback::from(move |_: Event| {
                let all = options.iter().map(|option| option.word);
                let now: Vec<&str> = all.filter(|other| chosen.iter().any(|name| name == other) != (*other == word)).collect();
                typed.emit(now.join(", "));
                done.emit(());
            });
            html! { <label key={word}><input type="checkbox" {checked} {onchange} />{ " " }{ word }</label> }
        };
        html! {
            <fieldset class={classes!(class, "choices")} aria-describedby={self.note.clone()}>
                <legend>{ label }</legend>
                { for options.iter().map(part) }
                { notes_list(self.note.as_deref().unwrap_or_default(), notes) }
            </fieldset>
        }
    }

    fn input(&self, words: &Words, lab: &Lab, text: &str, usual: &'static str, offered: &[Offer], number: bool) -> Html {
        let (typed, done) = (self.typed.clone(), self.done.clone());
        let oninput = Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
                typed.emit(input.value());
            }
        });
        let onfocusout = Callback::from(move |_: FocusEvent| done.emit(()));
        let onkeydown = Callback::from(|event: KeyboardEvent| {
            // Enter has nothing left to do and Escape nothing to take back: each text took effect as it was typed.
            if matches!(event.key().as_str(), "Enter" | "Escape")
                && !event.is_composing()
                && let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
            {
                let _ = input.blur();
            }
        });
        let list = (!offered.is_empty()).then(|| format!("{}-choices", self.id));
        let option =
            |offer: &Offer| html! { <option key={offer.value.clone()} value={offer.value.clone()}>{ words.offer(lab, offer) }</option> };
        html! {
            <>
                <input id={self.id.clone()} type="text" value={text.to_owned()} placeholder={usual} autocomplete="off" spellcheck="false"
                    inputmode={number.then_some("decimal")} list={list.clone()} aria-invalid={self.invalid.to_string()}
                    aria-describedby={self.note.clone()} {oninput} {onkeydown} {onfocusout} />
                if let Some(id) = list {
                    <datalist {id}>{ for offered.iter().map(option) }</datalist>
                }
            </>
        }
    }
}
