//! How the page begins: with whom it speaks, in which language, and what it shows first.

use crate::app::Root;
use crate::store::Store;
use crate::{dom, failure, shortcuts, storage};
use gloo::events::EventListener;
use roundtrip_editor::command::{Language, ShowCommand, Theme, TimeCommand};
use roundtrip_editor::{Command, Session};
use roundtrip_lab::Lab;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{UrlSearchParams, VisibilityState};

/// Starts the page in the document's body.
pub(crate) fn start() {
    failure::install();
    let language = language();
    failure::speak(language);
    let store = Store::new(Session::new(first_lab()));
    let show = |command| store.send(Command::Show(command));
    show(ShowCommand::Language(language));
    show(ShowCommand::Theme(theme()));
    let reduced = dom::media("(prefers-reduced-motion: reduce)");
    show(ShowCommand::ReducedMotion(reduced));
    if !reduced && query("play").as_deref() != Some("0") {
        store.send(Command::Time(TimeCommand::Play));
    }
    // These live as long as the page.
    if let Some(listener) = shortcuts::listen(store.clone()) {
        listener.forget();
    }
    pause_while_hidden(&store);
    if let Some(loading) = dom::document().and_then(|document| document.get_element_by_id("loading")) {
        loading.remove();
    }
    yew::Renderer::<Root>::with_props(crate::app::RootProps { store }).render();
}

/// What is shown to those who bring nothing: the story.
fn first_lab() -> Lab {
    let asked = query("example").and_then(|name| crate::examples::by_name(&name));
    asked.unwrap_or_else(crate::examples::story)
}

/// A presentation parameter of the address.
fn query(name: &str) -> Option<String> {
    let search = dom::window()?.location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// As the address says, else as chosen before, else as the browser is set.
fn language() -> Language {
    let asked = query("lang").or_else(|| storage::read("language"));
    let asked = asked.and_then(|tag| Language::from_tag(&tag));
    let preferred = || {
        let tags = dom::window()?.navigator().languages();
        tags.iter().filter_map(|tag| tag.as_string()).find_map(|tag| Language::from_tag(&tag))
    };
    asked.or_else(preferred).unwrap_or_default()
}

fn theme() -> Theme {
    let asked = query("theme").or_else(|| storage::read("theme"));
    asked.and_then(|word| Theme::from_word(&word)).unwrap_or_default()
}

/// Stands while nobody can see it, and goes on afterwards if it ran before.
fn pause_while_hidden(store: &Store) {
    let Some(document) = dom::document() else { return };
    let store = store.clone();
    let ran = Rc::new(Cell::new(false));
    let watched = document.clone();
    EventListener::new(&document, "visibilitychange", move |_| {
        if watched.visibility_state() == VisibilityState::Hidden {
            ran.set(store.snapshot().playing);
            store.send(Command::Time(TimeCommand::Pause));
        } else if ran.take() {
            store.send(Command::Time(TimeCommand::Play));
        }
    })
    .forget();
}
