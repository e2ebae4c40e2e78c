//! Links, files, what this browser keeps, and being embedded: the thin edge of `roundtrip_editor::carry`.

mod address;
mod embedded;
mod embedding;
mod files;
mod host;
mod keeping;
mod labs;
mod notices;
mod share;
mod tab;

use crate::store::Store;
use crate::words::Words;
use roundtrip_editor::carry::{CarryCommand, Dialog, Notice};
use roundtrip_editor::{Command, Edit};
use roundtrip_lab::{Lab, Loaded};
use std::rc::Rc;

pub(crate) use address::{Arrival, arrive};
pub(crate) use embedded::Embedded;
pub(crate) use keeping::{begin, begun, broke};
pub(crate) use labs::{LabsButton, LabsDialog, SiteLinks, use_dialog};
pub(crate) use notices::Notices;
pub(crate) use share::{ShareButton, ShareDialog};

/// Begins to listen to addresses, files and other tabs, and to keep what is edited.
pub(crate) fn start(store: &Store, arrival: Arrival) {
    let embed = arrival.options.embed;
    address::start(store, arrival);
    if embed {
        host::start(store);
    } else {
        files::listen(store);
        keeping::start(store);
    }
}

/// Says something.
fn say(store: &Store, notice: Notice) {
    store.send(Command::Carry(CarryCommand::Say(notice)));
}

/// Opens or closes a dialog.
pub(crate) fn show(store: &Store, dialog: Option<Dialog>) {
    store.send(Command::Carry(CarryCommand::Dialog(dialog)));
}

/// Opens what was read, in a step that can be taken back, or says why not. True if it is open now.
fn open(store: &Store, loaded: Loaded, file: Option<String>) -> bool {
    let Some(lab) = loaded.lab else {
        say(store, Notice::CannotOpen { file, problems: loaded.problems });
        return false;
    };
    put(store, Rc::new(lab));
    true
}

/// Puts a lab in the place of what is there, and says so.
fn put(store: &Store, lab: Rc<Lab>) {
    let before = store.snapshot().lab;
    store.send(Command::Edit(Edit::Open { lab }, None));
    let now = store.snapshot();
    if !Rc::ptr_eq(&before, &now.lab) {
        let title = title(&Words::new(now.language), now.lab.title.get(now.language.tag()));
        say(store, Notice::Opened { title });
    }
}

/// What a lab is called, also if nobody has called it anything.
fn title(words: &Words, title: &str) -> String {
    if title.trim().is_empty() { words.t(crate::words::m!("carry-untitled")) } else { title.to_owned() }
}
