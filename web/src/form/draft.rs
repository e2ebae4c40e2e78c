//! What somebody is typing, kept by place, so that a text that is wrong survives a look at something else.

use roundtrip_editor::form::entry::Entry;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A text that is not in the document, or not as it was typed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Draft {
    /// The text.
    pub(super) text: String,
    /// The document's value when this was typed: when it becomes another one by itself, the draft is void.
    pub(super) value: String,
    /// What is wrong with it; nothing if it is in effect.
    pub(super) faults: Vec<String>,
}

thread_local! {
    static TEXTS: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
    static DRAFTS: RefCell<BTreeMap<String, Draft>> = const { RefCell::new(BTreeMap::new()) };
}

/// The key of a field's part.
pub(super) fn key(entry: &Entry) -> String {
    format!("{} {:?}", entry.path(), entry.slot)
}

/// The draft that was left at a place.
pub(super) fn left(key: &str) -> Option<Draft> {
    DRAFTS.with_borrow(|drafts| drafts.get(key).cloned())
}

/// Keeps a draft as long as something is wrong with it.
pub(super) fn keep(key: &str, draft: Option<&Draft>) {
    DRAFTS.with_borrow_mut(|drafts| match draft.filter(|draft| !draft.faults.is_empty()) {
        Some(draft) => drop(drafts.insert(key.to_owned(), draft.clone())),
        None => drop(drafts.remove(key)),
    });
}

/// The text of several lines that was left at a place.
pub(super) fn left_text(key: &str) -> Option<String> {
    TEXTS.with_borrow(|texts| texts.get(key).cloned())
}

/// Keeps a text that is not applied, or forgets it.
pub(super) fn keep_text(key: &str, text: Option<&str>) {
    TEXTS.with_borrow_mut(|texts| match text {
        Some(text) => drop(texts.insert(key.to_owned(), text.to_owned())),
        None => drop(texts.remove(key)),
    });
}
