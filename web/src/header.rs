//! The head of the page: what it is, and what concerns all of it.

use crate::carry::{LabsButton, ShareButton, SiteLinks};
use crate::exporting::ExportButton;
use crate::hooks::{Same, use_part, use_send, use_store, use_words};
use crate::storage;
use crate::words::m;
use roundtrip_editor::Command;
use roundtrip_editor::Edit;
use roundtrip_editor::command::{Language, ShowCommand, Theme};
use roundtrip_editor::hand::HandCommand;
use roundtrip_editor::shortcut::{Act, Keys, Scope, TABLE};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlSelectElement};
use yew::prelude::*;

/// The bar at the top.
#[component]
pub(crate) fn Header() -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    html! {
        <header class="head">
            <h1>{ "Roundtrip" }</h1>
            <p class="lab-title">{ lab.title.get(words.language().tag()) }</p>
            <span class="space" />
            <NewButton />
            <LabsButton />
            <ExportButton />
            <ShareButton />
            <Examples />
            <HistoryButton redo={false} />
            <HistoryButton redo={true} />
            <LanguageButton />
            <ThemeButton />
            <HelpButton />
        </header>
    }
}

/// A blank sheet.
#[component]
fn NewButton() -> Html {
    let words = use_words();
    let onclick = use_send(|| Command::Hand(HandCommand::New));
    html! { <button class="button new" {onclick} title={words.t(m!("new-sheet-title"))}>{ words.t(m!("new-sheet")) }</button> }
}

/// Opens one of the labs that come along.
#[component]
fn Examples() -> Html {
    let words = use_words();
    let store = use_store();
    let onchange = Callback::from(move |event: Event| {
        let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) else { return };
        if let Some(lab) = crate::examples::by_name(&select.value()) {
            store.send(Command::Edit(Edit::Open { lab: Rc::new(lab) }, None));
        }
        // It is a menu: it always shows its own name.
        select.set_value("");
    });
    let language = words.language().tag();
    let option = |(name, title): (&'static str, String)| html! { <option key={name} value={name}>{ title }</option> };
    html! {
        <select class="button menu" aria-label={words.t(m!("examples"))} {onchange}>
            <option value="" selected={true}>{ words.t(m!("examples")) }</option>
            { for crate::examples::titles(language).into_iter().map(option) }
        </select>
    }
}

#[derive(Properties, PartialEq)]
struct HistoryProps {
    redo: bool,
}

#[component]
fn HistoryButton(props: &HistoryProps) -> Html {
    let words = use_words();
    let store = use_store();
    let redo = props.redo;
    let (undo_name, redo_name) = use_part(|now| (now.undo.clone(), now.redo.clone()));
    let change = if redo { redo_name } else { undo_name };
    let word = words.t(if redo { m!("redo") } else { m!("undo") });
    let lab = store.snapshot().lab;
    let title = change.as_ref().map(|change| format!("{word}: {}", words.change(&lab, change)));
    let onclick = Callback::from(move |_: MouseEvent| store.send(if redo { Command::Redo } else { Command::Undo }));
    // Named fully where there is something to name, so that it is heard as well as seen.
    let sign = if redo { "↷" } else { "↶" };
    html! {
        <button class="button history" {onclick} disabled={change.is_none()} aria-label={title.clone().unwrap_or_else(|| word.clone())} {title}>
            <span class="sign" aria-hidden="true">{ sign }</span><span class="word">{ word }</span>
        </button>
    }
}

#[component]
fn LanguageButton() -> Html {
    let store = use_store();
    let language = use_part(|now| now.language);
    let other = match language {
        Language::English => Language::Japanese,
        Language::Japanese => Language::English,
    };
    let onclick = Callback::from(move |_: MouseEvent| {
        storage::write("language", other.tag());
        store.send(Command::Show(ShowCommand::Language(other)));
    });
    html! { <button class="button language" {onclick} lang={other.tag()}>{ other.own_name() }</button> }
}

#[component]
fn ThemeButton() -> Html {
    let words = use_words();
    let store = use_store();
    let theme = use_part(|now| now.theme);
    let next = match theme {
        Theme::System => Theme::Dark,
        Theme::Dark => Theme::Light,
        Theme::Light => Theme::System,
    };
    let onclick = Callback::from(move |_: MouseEvent| {
        storage::write("theme", next.word());
        store.send(Command::Show(ShowCommand::Theme(next)));
    });
    let name = words.with(m!("theme-button"), &[("theme", (&words.theme(theme)).into())]);
    let sign = match theme {
        Theme::System => "◐",
        Theme::Light => "☀",
        Theme::Dark => "☾",
    };
    html! { <button class="button sign" {onclick} aria-label={name.clone()} title={name}>{ sign }</button> }
}

#[component]
fn HelpButton() -> Html {
    let words = use_words();
    let store = use_store();
    let onclick = Callback::from(move |_: MouseEvent| store.send(Command::Show(ShowCommand::Help(true))));
    let name = words.t(m!("act-help"));
    html! { <button class="button sign help-button" {onclick} aria-label={name.clone()} title={name}>{ "?" }</button> }
}

/// The list of shortcuts, from the table that binds them.
#[component]
pub(crate) fn Help() -> Html {
    let words = use_words();
    let store = use_store();
    let open = use_part(|now| now.help);
    let dialog = use_node_ref();
    use_effect_with((open, dialog.clone()), |(open, dialog)| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
            match (*open, dialog.open()) {
                (true, false) => drop(dialog.show_modal()),
                (false, true) => dialog.close(),
                _ => {}
            }
        }
    });
    let close = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Command::Show(ShowCommand::Help(false))))
    };
    // Escape closes it without asking us.
    let onclose = Callback::from(move |_: Event| store.send(Command::Show(ShowCommand::Help(false))));
    let mut acts: Vec<Act> = Vec::new();
    for shortcut in TABLE {
        if !acts.contains(&shortcut.act) {
            acts.push(shortcut.act);
        }
    }
    let in_picture = |act: &Act| TABLE.iter().filter(|shortcut| shortcut.act == *act).all(|shortcut| shortcut.scope == Scope::Picture);
    let (picture, page): (Vec<Act>, Vec<Act>) = acts.into_iter().partition(in_picture);
    let line = |act: Act| {
        let keys = TABLE.iter().filter(|shortcut| shortcut.act == act).map(|shortcut| key_caps(&shortcut.keys));
        html! { <tr key={format!("{act:?}")}><td>{ for keys }</td><th scope="row">{ words.act(act) }</th></tr> }
    };
    html! {
        <dialog class="help" ref={dialog} {onclose} aria-labelledby="help-title">
            <h2 id="help-title">{ words.t(m!("help-title")) }</h2>
            <table>{ for page.iter().map(|act| line(*act)) }</table>
            <h3>{ words.t(m!("help-picture")) }</h3>
            <table>{ for picture.iter().map(|act| line(*act)) }</table>
            <p>{ words.t(m!("help-hands")) }</p>
            <SiteLinks />
            <button class="button primary" onclick={close}>{ words.t(m!("close")) }</button>
        </dialog>
    }
}

fn key_caps(keys: &Keys) -> Html {
    let name = match keys.key {
        " " => "Space",
        "ArrowLeft" => "←",
        "ArrowRight" => "→",
        "ArrowUp" => "↑",
        "ArrowDown" => "↓",
        "ContextMenu" => "☰",
        "Escape" => "Esc",
        key => key,
    };
    let name = if name.chars().count() == 1 { name.to_uppercase() } else { name.to_owned() };
    let held = [(keys.primary, "Ctrl"), (keys.shift, "Shift")];
    let held = held.into_iter().filter(|(down, _)| *down).map(|(_, name)| html! { <><kbd>{ name }</kbd>{ "+" }</> });
    html! { <span class="keys">{ for held }<kbd>{ name }</kbd></span> }
}
