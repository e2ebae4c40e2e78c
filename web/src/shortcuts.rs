//! Keys: what is pressed is looked up in the editor's table.

use crate::store::Store;
use gloo::events::{EventListener, EventListenerOptions};
use roundtrip_editor::shortcut::{Place, act};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// Obeys keys for as long as the listener lives.
pub(crate) fn listen(store: Store) -> Option<EventListener> {
    let document = crate::dom::document()?;
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&document, "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        // A letter that is being composed is no key yet.
        if event.default_prevented() || event.alt_key() || event.is_composing() {
            return;
        }
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let place = element.map_or(Place::Page, |element| place(&element));
        if let Some(act) = act(&event.key(), event.ctrl_key() || event.meta_key(), event.shift_key(), place) {
            event.prevent_default();
            store.send_all(act.commands());
        }
    }))
}

fn place(element: &Element) -> Place {
    if element.closest("dialog").ok().flatten().is_some() {
        return Place::Text;
    }
    match element.tag_name().to_ascii_lowercase().as_str() {
        "textarea" => Place::Text,
        "input" if element.get_attribute("type").as_deref() != Some("range") => Place::Text,
        "input" | "select" | "button" | "a" | "summary" => Place::Control,
        _ if element.has_attribute("data-own-keys") => Place::Control,
        _ => Place::Page,
    }
}
