//! Saving as you go, and finding it again.

use super::tab::{Tab, fresh_name};
use super::{put, say};
use crate::store::Store;
use crate::{dom, failure, storage};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use roundtrip_editor::carry::Notice;
use roundtrip_editor::carry::keeper::{Beginning, Keeper};
use roundtrip_editor::carry::shelf::{self, Shelf, Trouble, Work};
use roundtrip_editor::carry::tabs::{Reaction, TabMessage, react};
use roundtrip_editor::{Change, Snapshot};
use roundtrip_lab::{Lab, load};
use std::cell::RefCell;
use std::rc::Rc;

/// Milliseconds without a change after which is saved: one drag is many changes.
const REST: u32 = 300;

/// The browser's storage.
#[derive(Debug)]
pub(super) struct Browser;

impl Shelf for Browser {
    fn read(&self, name: &str) -> Option<String> {
        storage::read(name)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Trouble> {
        storage::keep(name, text)
    }

    fn remove(&self, name: &str) {
        storage::remove(name);
    }

    fn names(&self) -> Vec<String> {
        storage::names()
    }
}

struct Keeping {
    keeper: Keeper<Browser>,
    tab: Option<Tab>,
    timer: Option<Timeout>,
    seen: Option<Rc<Lab>>,
}

thread_local! {
    static KEEPING: RefCell<Keeping> =
        const { RefCell::new(Keeping { keeper: Keeper::new(Browser), tab: None, timer: None, seen: None }) };
}

/// Nothing, if it is being used already: the page is breaking just then.
fn with<T>(act: impl FnOnce(&mut Keeping) -> T) -> Option<T> {
    KEEPING.with(|keeping| keeping.try_borrow_mut().ok().map(|mut keeping| act(&mut keeping)))
}

/// What this visit begins with, if it is something kept: the lab, its name on the shelf, and what is to be said.
pub(crate) fn begin() -> (Option<(Lab, String)>, Option<Notice>) {
    let before = storage::read_tab("work");
    match with(|keeping| keeping.keeper.begin(before.as_deref())) {
        Some(Beginning::Resume { work, document }) => {
            with(|keeping| keeping.keeper.on_trial(Some(&work)));
            (load(&document).lab.map(|lab| (lab, work)), None)
        }
        Some(Beginning::Broke(Work { id, title, .. })) => (None, Some(Notice::Broke { work: id, title })),
        Some(Beginning::Fresh) | None => (None, None),
    }
}

/// The page has begun with this lab.
pub(crate) fn begun(store: &Store, work: Option<String>) {
    let lab = store.snapshot().lab;
    with(|keeping| {
        keeping.keeper.went_well();
        keeping.keeper.opened(&lab, work);
        keeping.seen = Some(Rc::clone(&lab));
    });
    failure::keep(roundtrip_lab::save(&lab));
}

/// Listens to changes and to the other tabs.
pub(super) fn start(store: &Store) {
    let tab = {
        let store = store.clone();
        Tab::new(move |message| hear(&store, &message))
    };
    with(|keeping| keeping.tab = Some(tab));
    greet();
    let watched = store.clone();
    // Lives as long as the page.
    std::mem::forget(store.on_change(move |snapshot| changed(&watched, snapshot)));
    let Some(window) = dom::window() else { return };
    let leaving = store.clone();
    EventListener::new(&window, "pagehide", move |_| flush(&leaving)).forget();
    let Some(document) = dom::document() else { return };
    let hiding = store.clone();
    EventListener::new(&document, "visibilitychange", move |_| flush(&hiding)).forget();
}

/// Up to so many devices a document is written out at every change, in well under a frame's time; a larger one when its author rests.
const WRITTEN_AT_ONCE: usize = 200;

fn changed(store: &Store, snapshot: &Snapshot) {
    let lab = &snapshot.lab;
    let opening = matches!(snapshot.undo.as_deref(), Some(Change::Open));
    let is_new = with(|keeping| !keeping.seen.as_ref().is_some_and(|seen| Rc::ptr_eq(seen, lab))).unwrap_or(false);
    if is_new && lab.devices.len() <= WRITTEN_AT_ONCE {
        // What was done last is what is missed most when the page breaks.
        failure::keep(roundtrip_lab::save(lab));
    }
    with(|keeping| {
        if keeping.seen.as_ref().is_some_and(|seen| Rc::ptr_eq(seen, lab)) {
            return;
        }
        keeping.seen = Some(Rc::clone(lab));
        keeping.keeper.changed(lab, opening, fresh_name);
        let store = store.clone();
        keeping.timer = Some(Timeout::new(REST, move || flush(&store)));
    });
}

/// Saves what waits to be saved.
fn flush(store: &Store) {
    let snapshot = store.snapshot();
    failure::keep(roundtrip_lab::save(&snapshot.lab));
    let now = js_sys::Date::now() as u64;
    let result = with(|keeping| {
        keeping.timer = None;
        let result = keeping.keeper.flush(now, snapshot.language.tag());
        if result.is_some() {
            storage::write_tab("work", keeping.keeper.work().unwrap_or_default());
        }
        result
    });
    match result.flatten() {
        Some(Ok(0)) | None => {}
        Some(Ok(gone)) => say(store, Notice::Evicted(gone)),
        // An embed is told to keep nothing, and its reader expects nothing else.
        Some(Err(Trouble::Denied)) if snapshot.carry.options.embed => {}
        Some(Err(Trouble::Denied)) => say_once(store, Notice::NoStorage),
        Some(Err(Trouble::Full)) => say_once(store, Notice::NoRoom),
    }
}

/// What does not change by being said at every letter that is typed.
fn say_once(store: &Store, notice: Notice) {
    thread_local! {
        static SAID: RefCell<Vec<Notice>> = const { RefCell::new(Vec::new()) };
    }
    let first = SAID.with(|said| {
        let mut said = said.borrow_mut();
        let first = !said.contains(&notice);
        if first {
            said.push(notice.clone());
        }
        first
    });
    if first {
        say(store, notice);
    }
}

/// Asks the other tabs whether they have this lab as well.
fn greet() {
    with(|keeping| {
        if let (Some(tab), Some(work)) = (&keeping.tab, keeping.keeper.work()) {
            tab.tell(&TabMessage::Hello { tab: tab.name.clone(), work: work.to_owned() });
        }
    });
}

fn hear(store: &Store, message: &TabMessage) {
    let reaction = with(|keeping| {
        let Some(tab) = &keeping.tab else { return Reaction::Nothing };
        let reaction = react(&tab.name, keeping.keeper.work(), message);
        match &reaction {
            Reaction::Answer(answer) => tab.tell(answer),
            Reaction::Ask | Reaction::LetGo => keeping.keeper.share(),
            Reaction::Nothing => {}
        }
        reaction
    });
    match reaction {
        Some(Reaction::Ask) => say(store, Notice::OpenElsewhere),
        Some(Reaction::LetGo) => say(store, Notice::TakenOver),
        _ => {}
    }
}

/// This tab takes the lab that another has as well.
pub(super) fn take_over() {
    with(|keeping| {
        keeping.keeper.own();
        if let (Some(tab), Some(work)) = (&keeping.tab, keeping.keeper.work()) {
            tab.tell(&TabMessage::Mine { tab: tab.name.clone(), work: work.to_owned() });
        }
    });
}

/// Every lab that is kept, the newest first.
pub(super) fn works() -> Vec<Work> {
    with(|keeping| shelf::works(keeping.keeper.shelf())).unwrap_or_default()
}

/// The lab that is open, by its name on the shelf.
pub(super) fn current() -> Option<String> {
    with(|keeping| keeping.keeper.work().map(str::to_owned)).flatten()
}

/// Opens a kept lab.
pub(super) fn open(store: &Store, id: &str) {
    flush(store);
    let Some(document) = with(|keeping| shelf::document(keeping.keeper.shelf(), id)).flatten() else { return };
    let loaded = load(&document);
    let Some(lab) = loaded.lab else {
        say(store, Notice::CannotOpen { file: None, problems: loaded.problems });
        return;
    };
    with(|keeping| keeping.keeper.on_trial(Some(id)));
    let before = store.snapshot().lab;
    put(store, Rc::new(lab));
    let lab = store.snapshot().lab;
    with(|keeping| {
        keeping.keeper.went_well();
        if !Rc::ptr_eq(&before, &lab) {
            keeping.keeper.opened(&lab, Some(id.to_owned()));
            storage::write_tab("work", id);
        }
    });
    greet();
}

/// Takes a lab off the shelf.
pub(super) fn remove(id: &str) {
    with(|keeping| shelf::remove(keeping.keeper.shelf(), id));
}

/// The page is breaking: what waits is saved, and the next visit is told.
pub(crate) fn broke() {
    let now = js_sys::Date::now() as u64;
    with(|keeping| {
        let _ = keeping.keeper.flush(now, "en");
        keeping.keeper.on_trial(None);
    });
}
