//! The clipboard: parts of the network as text, by the browser's own copy, cut and paste, and by the menu.

use crate::dom;
use crate::shortcuts;
use crate::store::Store;
use gloo::events::{EventListener, EventListenerOptions};
use roundtrip_editor::Command;
use roundtrip_editor::hand::HandCommand;
use roundtrip_editor::shortcut::{Act, Place};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ClipboardEvent, Document, Element, Event};

thread_local! {
    /// What was copied last, for pages that may not read the clipboard.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Obeys copy, cut and paste for as long as the page lives.
pub(crate) fn listen(store: &Store, document: &Document) {
    for kind in ["copy", "cut", "paste"] {
        let store = store.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(document, kind, options, move |event| {
            if let Some(event) = event.dyn_ref::<ClipboardEvent>()
                && is_ours(event, &store)
            {
                obey(&store, kind, event);
            }
        })
        .forget();
    }
}

/// Text that somebody types or has marked is the browser's business.
fn is_ours(event: &Event, store: &Store) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let selection = store.snapshot().selection;
    let in_text = element.is_some_and(|element| shortcuts::place(&element, &selection) == Place::Text);
    let marked = dom::window().and_then(|window| window.get_selection().ok().flatten()).is_some_and(|marked| !marked.is_collapsed());
    !in_text && (!marked || event.type_() == "paste")
}

fn obey(store: &Store, kind: &str, event: &ClipboardEvent) {
    let Some(data) = event.clipboard_data() else { return };
    if kind == "paste" {
        if let Ok(text) = data.get_data("text/plain")
            && !text.is_empty()
        {
            event.prevent_default();
            store.send(Command::Hand(HandCommand::Paste(text)));
        }
        return;
    }
    let Some(text) = store.copy() else { return };
    event.prevent_default();
    let _ = data.set_data("text/plain", &text);
    LAST.set(text);
    if kind == "cut" {
        store.send(Command::Hand(HandCommand::Cut));
    }
}

/// Does what a menu's entry says. The browser may refuse to let the page read or write; then what was copied here last is used.
pub(crate) fn by_menu(store: &Store, act: Act) {
    let clipboard = dom::window().map(|window| window.navigator().clipboard());
    match act {
        Act::Copy | Act::Cut => {
            let Some(text) = store.copy() else { return };
            if let Some(clipboard) = clipboard.filter(|clipboard| !clipboard.is_undefined()) {
                let writing = JsFuture::from(clipboard.write_text(&text));
                spawn_local(async move {
                    let _ = writing.await;
                });
            }
            LAST.set(text);
            if act == Act::Cut {
                store.send(Command::Hand(HandCommand::Cut));
            }
        }
        _ => {
            let store = store.clone();
            spawn_local(async move {
                let read = match clipboard.filter(|clipboard| !clipboard.is_undefined()) {
                    Some(clipboard) => JsFuture::from(clipboard.read_text()).await.ok().and_then(|text| text.as_string()),
                    None => None,
                };
                let text = read.filter(|text| !text.is_empty()).unwrap_or_else(|| LAST.with_borrow(String::clone));
                store.send(Command::Hand(HandCommand::Paste(text)));
            });
        }
    }
}
