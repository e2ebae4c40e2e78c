//! What the page remembers of its reader. Where storage is denied, nothing.

use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What is remembered under a name.
pub(crate) fn read(name: &str) -> Option<String> {
    storage()?.get_item(&key(name)).ok().flatten()
}

/// Remembers, if it can.
pub(crate) fn write(name: &str, value: &str) {
    if let Some(storage) = storage() {
        // Full or denied: then it is not remembered.
        let _ = storage.set_item(&key(name), value);
    }
}

fn key(name: &str) -> String {
    format!("roundtrip.{name}")
}
