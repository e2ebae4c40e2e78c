//! Keys: what is pressed is looked up in the editor's table.

use crate::store::Store;
use crate::{clipboard, dom};
use gloo::events::{EventListener, EventListenerOptions};
use roundtrip_editor::command::Selection;
use roundtrip_editor::hand::{Over, Tool};
use roundtrip_editor::shortcut::{Act, Place, act};
use roundtrip_editor::{Command, Item};
use std::cell::Cell;
use std::collections::BTreeSet;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

/// What the space bar is doing: held down it moves the picture, pressed alone it does what the table says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    Up,
    Down,
    Used,
}

thread_local! {
    static SPACE: Cell<Space> = const { Cell::new(Space::Up) };
}

/// True if a pointer that comes down now moves the picture, since the space bar is held.
pub(crate) fn space_pans() -> bool {
    SPACE.with(|space| {
        let held = space.get() != Space::Up;
        if held {
            space.set(Space::Used);
        }
        held
    })
}

/// Obeys keys for as long as the listener lives.
pub(crate) fn listen(store: Store) -> Option<EventListener> {
    let document = dom::document()?;
    let options = EventListenerOptions::enable_prevent_default();
    clipboard::listen(&store, &document);
    // Lives as long as the page.
    EventListener::new(&document, "keyup", {
        let store = store.clone();
        move |event| {
            if key_of(event).is_some_and(|event| event.key() == " ") && SPACE.replace(Space::Up) == Space::Down {
                store.send_all(Act::Toggle.commands());
            }
        }
    })
    .forget();
    Some(EventListener::new_with_options(&document, "keydown", options, move |event| {
        if let Some(event) = key_of(event) {
            pressed(&store, event);
        }
    }))
}

fn key_of(event: &Event) -> Option<&KeyboardEvent> {
    event.dyn_ref()
}

fn pressed(store: &Store, event: &KeyboardEvent) {
    // A letter that is being composed is no key yet.
    if event.default_prevented() || event.alt_key() || event.is_composing() {
        return;
    }
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let now = store.snapshot();
    // With a tool in hand, Enter is the tool's.
    let selects = now.desk.tool == Tool::Select;
    let selection = now.selection;
    let place = element.as_ref().map_or(Place::Page, |element| place(element, &selection));
    let focused = element.as_ref().and_then(item).filter(|item| !selection.holds(item));
    let (key, more) = (event.key(), event.shift_key());
    if let (true, Some(item), Place::Picture { .. }, " " | "Enter") = (selects, &focused, place, key.as_str()) {
        event.prevent_default();
        let selection = if more { selection.toggled(item) } else { Selection::of(BTreeSet::from([item.clone()])) };
        store.send(Command::Select(selection));
        return;
    }
    let Some(act) = act(&key, event.ctrl_key() || event.meta_key(), more, place) else { return };
    if let Some(item) = focused.filter(|_| act.is_about_selection()) {
        store.send(Command::Select(Selection::of(BTreeSet::from([item]))));
    }
    if act.is_browsers() {
        return;
    }
    event.prevent_default();
    if act == Act::Toggle {
        if SPACE.get() == Space::Up {
            SPACE.set(Space::Down);
        }
        return;
    }
    store.send_all(act.commands());
}

/// The thing that has the focus.
fn item(element: &Element) -> Option<Item> {
    Over::from_key(&dom::upwards(element, "data-item")?)?.item()
}

/// Where the focus is.
pub(crate) fn place(element: &Element, selection: &Selection) -> Place {
    let is_in = |selector: &str| element.closest(selector).ok().flatten().is_some();
    if is_in("dialog, [role=menu]") {
        return Place::Text;
    }
    match element.tag_name().to_ascii_lowercase().as_str() {
        "textarea" => Place::Text,
        "input" if element.get_attribute("type").as_deref() != Some("range") => Place::Text,
        "input" | "select" | "button" | "a" | "summary" => Place::Control,
        _ if is_in(".drawing") => Place::Picture { selected: !selection.items().is_empty() || item(element).is_some() },
        _ if element.has_attribute("data-own-keys") => Place::Control,
        _ => Place::Page,
    }
}
