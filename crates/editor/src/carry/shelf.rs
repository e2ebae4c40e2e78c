//! The labs that the browser keeps: a shelf of texts by name, small, shared by all tabs, and perhaps not there at all.

/// Why something could not be put on the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no shelf: the browser does not allow one here.
    Denied,
    /// There is no room.
    Full,
}

/// Where texts are kept by name.
pub trait Shelf {
    /// The text of a name.
    fn read(&self, name: &str) -> Option<String>;
    /// Puts a text there.
    ///
    /// # Errors
    ///
    /// There is no shelf, or no room.
    fn write(&self, name: &str, text: &str) -> Result<(), Trouble>;
    /// Takes one away.
    fn remove(&self, name: &str);
    /// Every name, in any order.
    fn names(&self) -> Vec<String>;
}

/// What the names of kept labs begin with.
const PREFIX: &str = "work.";

/// Labs that are kept at most: the oldest make room.
pub const MOST: usize = 50;

/// A lab that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Its name on the shelf.
    pub id: String,
    /// What it is called; may be empty.
    pub title: String,
    /// When it was last changed: milliseconds since 1970.
    pub changed: u64,
}

/// Puts a lab on the shelf. If there is no room, the oldest others go, one after the other. Returns how many went.
///
/// # Errors
///
/// There is no shelf, or no room even without the others, which then are gone only as far as was tried: a lab larger than the
/// shelf takes nothing with it.
pub fn put(shelf: &impl Shelf, work: &Work, document: &str) -> Result<usize, Trouble> {
    let title: String = work.title.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(200).collect();
    let text = format!("{} {title}\n{document}", work.changed);
    let name = format!("{PREFIX}{}", work.id);
    let others: Vec<Work> = works(shelf).into_iter().filter(|other| other.id != work.id).collect();
    let mut gone = 0_usize;
    // The newest come first.
    for extra in others.iter().skip(MOST.saturating_sub(1)) {
        remove(shelf, &extra.id);
        gone = gone.saturating_add(1);
    }
    let kept: Vec<&Work> = others.iter().take(MOST.saturating_sub(1)).collect();
    // What cannot fit whatever goes takes nothing with it.
    let size_of = |id: &str| shelf.read(&format!("{PREFIX}{id}")).map_or(0, |text| text.len());
    let room: usize = kept.iter().map(|other| size_of(&other.id)).sum::<usize>().saturating_add(size_of(&work.id));
    let mut result = shelf.write(&name, &text);
    if result == Err(Trouble::Full) && room >= text.len() {
        for other in kept.iter().rev() {
            remove(shelf, &other.id);
            gone = gone.saturating_add(1);
            result = shelf.write(&name, &text);
            if result != Err(Trouble::Full) {
                break;
            }
        }
    }
    result.map(|()| gone)
}

/// The document of a kept lab.
#[must_use]
pub fn document(shelf: &impl Shelf, id: &str) -> Option<String> {
    let text = shelf.read(&format!("{PREFIX}{id}"))?;
    text.split_once('\n').map(|(_, document)| document.to_owned())
}

/// Takes a lab off the shelf.
pub fn remove(shelf: &impl Shelf, id: &str) {
    shelf.remove(&format!("{PREFIX}{id}"));
}

/// Every lab on the shelf, the newest first. What is there and is no lab is left alone.
#[must_use]
pub fn works(shelf: &impl Shelf) -> Vec<Work> {
    let mut works: Vec<Work> = shelf
        .names()
        .into_iter()
        .filter_map(|name| {
            let text = shelf.read(&name)?;
            let (changed, title) = text.split_once('\n')?.0.split_once(' ')?;
            Some(Work { id: name.strip_prefix(PREFIX)?.to_owned(), title: title.to_owned(), changed: changed.parse().ok()? })
        })
        .collect();
    works.sort_by(|one, other| other.changed.cmp(&one.changed).then_with(|| one.id.cmp(&other.id)));
    works
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;
    use std::rc::Rc;

    /// A shelf with so much room. A clone is the same shelf.
    #[derive(Clone, Default)]
    pub(crate) struct Board {
        pub(crate) texts: Rc<RefCell<BTreeMap<String, String>>>,
        pub(crate) room: Rc<Cell<usize>>,
        pub(crate) denied: Rc<Cell<bool>>,
    }

    impl Board {
        pub(crate) fn of(room: usize) -> Self {
            let board = Self::default();
            board.room.set(room);
            board
        }
    }

    impl Shelf for Board {
        fn read(&self, name: &str) -> Option<String> {
            self.texts.borrow().get(name).cloned()
        }

        fn write(&self, name: &str, text: &str) -> Result<(), Trouble> {
            if self.denied.get() {
                return Err(Trouble::Denied);
            }
            let others: usize = self.texts.borrow().iter().filter(|(other, _)| *other != name).map(|(_, text)| text.len()).sum();
            if others + text.len() > self.room.get() {
                return Err(Trouble::Full);
            }
            self.texts.borrow_mut().insert(name.to_owned(), text.to_owned());
            Ok(())
        }

        fn remove(&self, name: &str) {
            self.texts.borrow_mut().remove(name);
        }

        fn names(&self) -> Vec<String> {
            self.texts.borrow().keys().cloned().collect()
        }
    }

    fn work(id: &str, changed: u64) -> Work {
        Work { id: id.to_owned(), title: format!("lab {id}"), changed }
    }

    fn ids(shelf: &Board) -> Vec<String> {
        works(shelf).into_iter().map(|work| work.id).collect()
    }

    #[test]
    fn what_is_kept_is_found_the_newest_first() {
        let board = Board::of(1000);
        put(&board, &work("a", 1), "{\n}\n").unwrap();
        put(&board, &work("b", 3), "b").unwrap();
        put(&board, &work("c", 2), "c").unwrap();
        board.write("theme", "dark").unwrap();
        board.write("work.broken", "no head").unwrap();
        assert_eq!(ids(&board), ["b", "c", "a"]);
        assert_eq!(document(&board, "a").as_deref(), Some("{\n}\n"));
        assert_eq!(works(&board).last(), Some(&work("a", 1)));
        remove(&board, "b");
        assert_eq!(ids(&board), ["c", "a"]);
    }

    #[test]
    fn the_oldest_make_room() {
        let board = Board::of(60);
        for (id, changed) in [("a", 1), ("b", 2), ("c", 3)] {
            put(&board, &work(id, changed), "0123456").unwrap();
        }
        assert_eq!(ids(&board), ["c", "b", "a"]);
        assert_eq!(put(&board, &work("d", 4), "0123456789012345678901234567890"), Ok(2));
        assert_eq!(ids(&board), ["d", "c"]);
    }

    #[test]
    fn what_never_fits_takes_nothing_with_it() {
        let board = Board::of(60);
        for (id, changed) in [("a", 1), ("b", 2)] {
            put(&board, &work(id, changed), "0123456").unwrap();
        }
        assert_eq!(put(&board, &work("d", 4), &"x".repeat(100)), Err(Trouble::Full));
        assert_eq!(ids(&board), ["b", "a"]);
    }

    #[test]
    fn no_more_than_so_many_are_kept() {
        let board = Board::of(1_000_000);
        for number in 0..MOST as u64 + 3 {
            put(&board, &work(&number.to_string(), number), "x").unwrap();
        }
        assert_eq!(ids(&board).len(), MOST);
        assert_eq!(ids(&board).last().map(String::as_str), Some("3"));
    }

    #[test]
    fn a_line_break_in_a_title_does_not_reach_the_document() {
        let board = Board::of(1000);
        put(&board, &Work { title: "a\nb".into(), ..work("a", 1) }, "doc").unwrap();
        assert_eq!(document(&board, "a").as_deref(), Some("doc"));
        assert_eq!(works(&board).first().map(|work| work.title.clone()).as_deref(), Some("a b"));
    }
}
