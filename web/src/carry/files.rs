//! Files: opened, dropped onto the page, saved.

use super::{open, say};
use crate::dom;
use crate::store::Store;
use crate::words::{Words, m};
use gloo::events::{EventListener, EventListenerOptions};
use roundtrip_editor::carry::{Notice, file_name};
use roundtrip_lab::{Loaded, Problem, ProblemId, limits, link, load, save};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, File, HtmlInputElement};

/// Saves the lab as a file.
pub(super) fn download(store: &Store) {
    let now = store.snapshot();
    // Where the browser refuses it, it has told its reader so.
    let _ = dom::download(&file_name(&now.lab, now.language.tag()), &save(&now.lab));
}

/// Lets the reader choose a file, and opens it.
pub(super) fn choose(store: &Store) -> Option<()> {
    let input: HtmlInputElement = dom::document()?.create_element("input").ok()?.dyn_into().ok()?;
    input.set_type("file");
    input.set_accept(".json,application/json,.txt,.svg,image/svg+xml,.png,image/png");
    let store = store.clone();
    let chosen = input.clone();
    EventListener::once(&input, "change", move |_| {
        if let Some(file) = chosen.files().and_then(|files| files.get(0)) {
            read(store, file);
        }
    })
    .forget();
    input.click();
    Some(())
}

/// Opens what is dropped onto the page.
pub(super) fn listen(store: &Store) {
    let Some(document) = dom::document() else { return };
    let options = EventListenerOptions::enable_prevent_default();
    let has_files = |event: &DragEvent| {
        let types = event.data_transfer().map(|transfer| transfer.types());
        types.is_some_and(|types| types.iter().any(|kind| kind == "Files"))
    };
    let mark = |on: bool| {
        let root = dom::document().and_then(|document| document.document_element());
        if let Some(root) = root {
            let _ = if on { root.set_attribute("data-dropping", "") } else { root.remove_attribute("data-dropping") };
        }
    };
    EventListener::new_with_options(&document, "dragover", options, move |event| {
        // Else the browser would leave the page for the file.
        if event.dyn_ref::<DragEvent>().is_some_and(has_files) {
            event.prevent_default();
            mark(true);
        }
    })
    .forget();
    EventListener::new(&document, "dragleave", move |event| {
        if event.dyn_ref::<DragEvent>().is_some_and(|event| event.related_target().is_none()) {
            mark(false);
        }
    })
    .forget();
    let store = store.clone();
    EventListener::new_with_options(&document, "drop", options, move |event| {
        let Some(event) = event.dyn_ref::<DragEvent>().filter(|event| has_files(event)) else { return };
        event.prevent_default();
        mark(false);
        if let Some(file) = event.data_transfer().and_then(|transfer| transfer.files()).and_then(|files| files.get(0)) {
            read(store.clone(), file);
        }
    })
    .forget();
}

fn read(store: Store, file: File) {
    let name = file.name();
    // Before all of it is fetched into memory.
    if file.size() > limits::DOCUMENT_BYTES as f64 {
        let problem = Problem::new(ProblemId::DocumentTooLarge, "").with("limit", limits::DOCUMENT_BYTES);
        say(&store, Notice::CannotOpen { file: Some(name), problems: vec![problem] });
        return;
    }
    spawn_local(async move {
        match JsFuture::from(file.array_buffer()).await {
            Ok(bytes) => {
                open(&store, of_bytes(&js_sys::Uint8Array::new(&bytes).to_vec()), Some(name));
            }
            Err(_) => {
                let reason = Words::new(store.snapshot().language).t(m!("carry-unreadable"));
                say(&store, Notice::CannotRead { file: name, reason });
            }
        }
    });
}

/// A document, a link that somebody saved, or a picture with a lab inside.
fn of_bytes(bytes: &[u8]) -> Loaded {
    let picture = roundtrip_export::lab_in_picture(bytes);
    of_text(&picture.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned()))
}

/// A document, or a link that somebody saved.
fn of_text(text: &str) -> Loaded {
    if !text.trim_start().starts_with('{') && link::fragment(text).is_some() { link::decode(text) } else { load(text) }
}
