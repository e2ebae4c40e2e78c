//! How the page begins: with whom it speaks, in which language, and what it shows first.

use crate::app::Root;
use crate::carry::{self, Arrival};
use crate::store::Store;
use crate::{dom, failure, shortcuts, storage};
use gloo::events::EventListener;
use roundtrip_editor::carry::options::View;
use roundtrip_editor::carry::{CarryCommand, Notice};
use roundtrip_editor::command::{Language, ShowCommand, Theme, TimeCommand};
use roundtrip_editor::{Command, Session};
use roundtrip_lab::Lab;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::VisibilityState;

/// Starts the page in the document's body.
pub(crate) fn start() {
    failure::install();
    let arrival = carry::arrive();
    let language = language(&arrival);
    failure::speak(language);
    let (lab, work, notice) = first_lab(&arrival);
    let store = Store::new(Session::new(lab));
    let show = |command| store.send(Command::Show(command));
    show(ShowCommand::Language(language));
    show(ShowCommand::Theme(theme(&arrival)));
    let reduced = dom::media("(prefers-reduced-motion: reduce)");
    show(ShowCommand::ReducedMotion(reduced));
    carry::begun(&store, work);
    if let Some(notice) = notice {
        store.send(Command::Carry(CarryCommand::Say(notice)));
    }
    let options = arrival.options.clone();
    carry::start(&store, arrival);
    if let Some(start) = options.start {
        store.send(Command::Time(TimeCommand::Seek(start)));
    }
    let plays = options.plays(reduced);
    // A verdict does not move, so that there is nothing to wait for.
    if options.embed && !plays && options.view != View::Verdict {
        store.send(Command::Carry(CarryCommand::Poster(true)));
    }
    if plays {
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

/// What is shown first, its name on the shelf, and what there is to say about it: what the address asks for, else what was
/// worked on, else the story.
fn first_lab(arrival: &Arrival) -> (Lab, Option<String>, Option<Notice>) {
    // In an embed the shelf is closed, so that nothing is kept there.
    let (kept, notice) = carry::begin();
    match (kept, arrival.lab()) {
        // A link then takes its place in a step that can be taken back.
        (Some((lab, work)), _) => (lab, Some(work), notice),
        (None, asked) => (asked.unwrap_or_else(crate::examples::story), None, notice),
    }
}

/// As the address says, else as chosen before, else as the browser is set.
fn language(arrival: &Arrival) -> Language {
    let asked = arrival.options.language.or_else(|| Language::from_tag(&storage::read("language")?));
    let preferred = || {
        let tags = dom::window()?.navigator().languages();
        tags.iter().filter_map(|tag| tag.as_string()).find_map(|tag| Language::from_tag(&tag))
    };
    asked.or_else(preferred).unwrap_or_default()
}

fn theme(arrival: &Arrival) -> Theme {
    let asked = arrival.options.theme.or_else(|| Theme::from_word(&storage::read("theme")?));
    asked.unwrap_or_default()
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
