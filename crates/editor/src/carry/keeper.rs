//! Saving as you go: which lab on the shelf a change belongs to, and what a visit begins with.

use super::shelf::{self, Shelf, Trouble, Work};
use roundtrip_lab::{Lab, save};
use std::rc::Rc;

/// On the shelf while a kept lab is being opened, and after the page broke: the lab's name there.
const TRIAL: &str = "trial";

/// States of the document whose lab is known, at most: as many as undo remembers and some more.
const KNOWN: usize = 400;

/// What a visit begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// Nothing is kept here.
    Fresh,
    /// This was open last.
    Resume {
        /// Its name on the shelf.
        work: String,
        /// The document.
        document: String,
    },
    /// The page broke with this one open. It is kept, and not opened unasked: it may break the page again.
    Broke(Work),
}

/// Keeps what is edited. An example that was only looked at is not kept.
#[derive(Debug)]
pub struct Keeper<S> {
    shelf: S,
    /// The lab that is being edited; none as long as nothing was changed.
    work: Option<String>,
    /// States of the document by pointer, and the lab that each is of: undo leads back over an opening.
    known: Vec<(Rc<Lab>, Option<String>)>,
    waiting: Option<Rc<Lab>>,
    /// Another tab has the lab: the next change makes a copy.
    shared: bool,
}

impl<S: Shelf> Keeper<S> {
    /// On a shelf.
    #[must_use]
    pub const fn new(shelf: S) -> Self {
        Self { shelf, work: None, known: Vec::new(), waiting: None, shared: false }
    }

    /// The shelf.
    pub const fn shelf(&self) -> &S {
        &self.shelf
    }

    /// What to begin with, where the address asks for nothing. `before` is what this very tab had open.
    #[must_use]
    pub fn begin(&self, before: Option<&str>) -> Beginning {
        let works = shelf::works(&self.shelf);
        let named = |id: &str| works.iter().find(|work| work.id == id);
        if let Some(trial) = self.shelf.read(TRIAL) {
            self.shelf.remove(TRIAL);
            if let Some(work) = named(&trial) {
                return Beginning::Broke(work.clone());
            }
        }
        let work = before.and_then(named).or_else(|| works.first());
        work.and_then(|work| Some(Beginning::Resume { work: work.id.clone(), document: shelf::document(&self.shelf, &work.id)? }))
            .unwrap_or(Beginning::Fresh)
    }

    /// A kept lab is about to be opened, or the page is breaking: if this is the last that is heard, the next visit knows.
    pub fn on_trial(&self, work: Option<&str>) {
        if let Some(work) = work.or(self.work.as_deref()) {
            // Without a shelf there is no next visit to tell.
            let _ = self.shelf.write(TRIAL, work);
        }
    }

    /// It went well.
    pub fn went_well(&self) {
        self.shelf.remove(TRIAL);
    }

    /// The lab that is being edited, by its name on the shelf.
    #[must_use]
    pub fn work(&self) -> Option<&str> {
        self.work.as_deref()
    }

    /// This document was opened: that of a kept lab, or one that is not kept until it is changed.
    pub fn opened(&mut self, lab: &Rc<Lab>, work: Option<String>) {
        self.remember(lab, work.clone());
        self.work = work;
        self.shared = false;
    }

    /// Another tab has the lab as well: what is changed from now on is a copy's.
    pub fn share(&mut self) {
        self.shared = true;
    }

    /// The lab is this tab's alone after all.
    pub fn own(&mut self) {
        self.shared = false;
    }

    /// The document changed to this. `opening` if the change was to open it; `fresh` makes a name that nobody has.
    /// True if there is something to save.
    pub fn changed(&mut self, lab: &Rc<Lab>, opening: bool, fresh: impl FnOnce() -> String) -> bool {
        let known = self.known.iter().rev().find(|(other, _)| Rc::ptr_eq(other, lab)).map(|(_, work)| work.clone());
        match known {
            Some(work) if self.work == work && self.waiting.is_none() && work.is_none() => return false,
            // Undone or redone over an opening: the lab of that time.
            Some(work) if self.work != work => {
                self.work = work;
                self.shared = false;
            }
            Some(_) => {}
            None if opening => {
                self.opened(lab, None);
                self.waiting = None;
                return false;
            }
            None => {
                if self.work.is_none() || self.shared {
                    self.work = Some(fresh());
                    self.shared = false;
                }
                self.remember(lab, self.work.clone());
            }
        }
        self.waiting = self.work.is_some().then(|| Rc::clone(lab));
        self.waiting.is_some()
    }

    fn remember(&mut self, lab: &Rc<Lab>, work: Option<String>) {
        self.known.retain(|(other, _)| !Rc::ptr_eq(other, lab));
        self.known.push((Rc::clone(lab), work));
        let extra = self.known.len().saturating_sub(KNOWN);
        self.known.drain(..extra);
    }

    /// Saves what waits to be saved. Returns how many old labs made room; none if nothing waited.
    ///
    /// # Errors
    ///
    /// There is no shelf, or no room.
    pub fn flush(&mut self, now: u64, language: &str) -> Option<Result<usize, Trouble>> {
        let lab = self.waiting.take()?;
        let work = Work { id: self.work.clone()?, title: lab.title.get(language).to_owned(), changed: now };
        Some(shelf::put(&self.shelf, &work, &save(&lab)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::shelf::tests::Board;
    use super::*;
    use roundtrip_lab::load;

    fn lab(title: &str) -> Rc<Lab> {
        let mut lab = Lab::default();
        lab.title.set("en", title);
        Rc::new(lab)
    }

    fn kept(board: &Board) -> Vec<(String, String)> {
        shelf::works(board).into_iter().map(|work| (work.id, work.title)).collect()
    }

    fn pair(id: &str, title: &str) -> (String, String) {
        (id.to_owned(), title.to_owned())
    }

    #[test]
    fn what_is_only_looked_at_is_not_kept() {
        let board = Board::of(10_000);
        let mut keeper = Keeper::new(board.clone());
        keeper.opened(&lab("story"), None);
        assert!(!keeper.changed(&lab("another"), true, || unreachable!()));
        assert_eq!(keeper.flush(1, "en"), None);
        assert_eq!(kept(&board), []);
    }

    #[test]
    fn what_is_changed_is_found_at_the_next_visit() {
        let board = Board::of(10_000);
        let mut keeper = Keeper::new(board.clone());
        keeper.opened(&lab("story"), None);
        assert!(keeper.changed(&lab("mine"), false, || "w1".into()));
        assert!(keeper.changed(&lab("mine still"), false, || unreachable!()));
        assert_eq!(keeper.flush(5, "en"), Some(Ok(0)));
        assert_eq!(keeper.flush(6, "en"), None);
        let Beginning::Resume { work, document } = Keeper::new(board).begin(None) else { panic!() };
        assert_eq!((work.as_str(), load(&document).lab), ("w1", Some(Lab::clone(&lab("mine still")))));
    }

    #[test]
    fn opening_begins_another_and_undo_leads_back_to_the_one_before() {
        let board = Board::of(10_000);
        let mut keeper = Keeper::new(board.clone());
        keeper.opened(&lab("story"), None);
        let (mine, example) = (lab("mine"), lab("example"));
        keeper.changed(&mine, false, || "w1".into());
        keeper.flush(1, "en");
        keeper.changed(&example, true, || unreachable!());
        keeper.changed(&lab("changed example"), false, || "w2".into());
        keeper.flush(2, "en");
        // Twice undone: the example as it came, then what was there before it.
        keeper.changed(&example, false, || unreachable!());
        keeper.changed(&mine, false, || unreachable!());
        assert_eq!(keeper.work(), Some("w1"));
        keeper.changed(&lab("mine again"), false, || unreachable!());
        keeper.flush(3, "en");
        assert_eq!(kept(&board), [pair("w1", "mine again"), pair("w2", "changed example")]);
    }

    #[test]
    fn a_lab_that_another_tab_has_is_copied_at_the_next_change() {
        let board = Board::of(10_000);
        let mut keeper = Keeper::new(board.clone());
        let first = lab("first");
        keeper.opened(&first, Some("w1".into()));
        keeper.share();
        keeper.changed(&lab("second"), false, || "w2".into());
        keeper.flush(2, "en");
        assert_eq!(kept(&board), [pair("w2", "second")]);
        keeper.opened(&first, Some("w1".into()));
        keeper.share();
        keeper.own();
        keeper.changed(&lab("third"), false, || unreachable!());
        assert_eq!(keeper.work(), Some("w1"));
    }

    #[test]
    fn a_lab_with_which_the_page_broke_is_offered_and_not_opened() {
        let board = Board::of(10_000);
        let mut keeper = Keeper::new(board.clone());
        keeper.changed(&lab("bad"), false, || "w1".into());
        keeper.flush(1, "en");
        keeper.on_trial(None);
        let next = Keeper::new(board);
        assert!(matches!(next.begin(None), Beginning::Broke(work) if work.title == "bad"));
        // Once only.
        assert!(matches!(next.begin(None), Beginning::Resume { .. }));
        next.on_trial(Some("w1"));
        next.went_well();
        assert!(matches!(next.begin(None), Beginning::Resume { .. }));
    }

    #[test]
    fn this_tabs_own_lab_comes_before_the_newest() {
        let board = Board::of(10_000);
        for (id, changed) in [("w1", 1), ("w2", 2)] {
            shelf::put(&board, &Work { id: id.into(), title: String::new(), changed }, "{}").unwrap();
        }
        let keeper = Keeper::new(board);
        assert!(matches!(keeper.begin(Some("w1")), Beginning::Resume { work, .. } if work == "w1"));
        assert!(matches!(keeper.begin(Some("gone")), Beginning::Resume { work, .. } if work == "w2"));
    }

    #[test]
    fn trouble_is_told() {
        let board = Board::of(3);
        let mut keeper = Keeper::new(board.clone());
        keeper.changed(&lab("a"), false, || "w1".into());
        assert_eq!(keeper.flush(1, "en"), Some(Err(Trouble::Full)));
        board.denied.set(true);
        keeper.changed(&lab("b"), false, || unreachable!());
        assert_eq!(keeper.flush(1, "en"), Some(Err(Trouble::Denied)));
    }
}
