//! What the page remembers of its reader. Where storage is denied, and in an embed, nothing.

use roundtrip_editor::carry::shelf::Trouble;
use std::cell::Cell;
use web_sys::Storage;

/// What all names begin with: other pages of the same host may use the same storage.
const PREFIX: &str = "roundtrip.";

thread_local! {
    static CLOSED: Cell<bool> = const { Cell::new(false) };
}

/// From now on nothing is read or written.
pub(crate) fn close() {
    CLOSED.with(|closed| closed.set(true));
}

fn allowed() -> bool {
    !CLOSED.with(Cell::get)
}

fn storage() -> Option<Storage> {
    if allowed() { web_sys::window()?.local_storage().ok().flatten() } else { None }
}

/// What lasts as long as this tab.
fn tab() -> Option<Storage> {
    if allowed() { web_sys::window()?.session_storage().ok().flatten() } else { None }
}

/// What is remembered under a name.
pub(crate) fn read(name: &str) -> Option<String> {
    storage()?.get_item(&key(name)).ok().flatten()
}

/// Remembers, if it can.
pub(crate) fn write(name: &str, value: &str) {
    // Full or denied: then it is not remembered.
    let _ = keep(name, value);
}

/// Remembers, and says if it cannot.
pub(crate) fn keep(name: &str, value: &str) -> Result<(), Trouble> {
    // What is there and refuses has no room; nothing else makes it refuse.
    storage().ok_or(Trouble::Denied)?.set_item(&key(name), value).map_err(|_| Trouble::Full)
}

/// Forgets.
pub(crate) fn remove(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key(name));
    }
}

/// Every name under which something is remembered.
pub(crate) fn names() -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let length = storage.length().unwrap_or(0);
    let keys = (0..length).filter_map(|index| storage.key(index).ok().flatten());
    keys.filter_map(|key| Some(key.strip_prefix(PREFIX)?.to_owned())).collect()
}

/// What this tab remembers under a name.
pub(crate) fn read_tab(name: &str) -> Option<String> {
    tab()?.get_item(&key(name)).ok().flatten()
}

/// Remembers for this tab, if it can.
pub(crate) fn write_tab(name: &str, value: &str) {
    if let Some(tab) = tab() {
        let _ = tab.set_item(&key(name), value);
    }
}

fn key(name: &str) -> String {
    format!("{PREFIX}{name}")
}
