//! Undo and redo: a stack of whole values with names, one entry for one gesture.

use std::rc::Rc;

/// Ties the many small changes of one gesture (a drag, the typing of one value) together: changes that
/// follow each other with the same mark are one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gesture(pub u64);

/// One step that can be taken back.
#[derive(Clone, Debug)]
struct Step<T, N> {
    before: Rc<T>,
    name: N,
    gesture: Option<Gesture>,
}

/// A value with its past and, after an undo, its future.
///
/// Values are shared, not copied: a step costs as much as the value differs by `Rc` inside it.
#[derive(Clone, Debug)]
pub struct History<T, N> {
    present: Rc<T>,
    past: Vec<Step<T, N>>,
    /// What an undo took back, the next to redo last. `before` holds the value after the step here.
    future: Vec<Step<T, N>>,
}

/// Steps that are kept. Older ones are forgotten one by one.
pub const DEPTH: usize = 500;

impl<T, N: Clone> History<T, N> {
    /// Begins with this value and no past.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self { present: Rc::new(value), past: Vec::new(), future: Vec::new() }
    }

    /// The value as it is.
    #[must_use]
    pub const fn present(&self) -> &Rc<T> {
        &self.present
    }

    /// Puts `value` in the present's place. What had been undone can no longer be redone.
    pub fn push(&mut self, value: T, name: N, gesture: Option<Gesture>) {
        let before = std::mem::replace(&mut self.present, Rc::new(value));
        let continues = gesture.is_some() && self.future.is_empty() && self.past.last().is_some_and(|last| last.gesture == gesture);
        self.future.clear();
        if continues {
            return;
        }
        self.past.push(Step { before, name, gesture });
        if self.past.len() > DEPTH {
            self.past.remove(0);
        }
    }

    /// Takes the last step back; false if there is none.
    pub fn undo(&mut self) -> bool {
        let Some(step) = self.past.pop() else { return false };
        let after = std::mem::replace(&mut self.present, step.before);
        self.future.push(Step { before: after, ..step });
        true
    }

    /// Takes the last step back for good, if it is of this gesture: one that was broken off never was.
    pub fn cancel(&mut self, gesture: Gesture) -> bool {
        match self.past.pop_if(|last| last.gesture == Some(gesture)) {
            Some(step) => {
                self.present = step.before;
                true
            }
            None => false,
        }
    }

    /// Takes the last undo back; false if there is none.
    pub fn redo(&mut self) -> bool {
        let Some(step) = self.future.pop() else { return false };
        let before = std::mem::replace(&mut self.present, step.before);
        // A gesture that was undone is over: what follows is a step of its own.
        self.past.push(Step { before, name: step.name, gesture: None });
        true
    }

    /// The name of what [`undo`](Self::undo) would take back.
    #[must_use]
    pub fn undo_name(&self) -> Option<&N> {
        self.past.last().map(|step| &step.name)
    }

    /// The name of what [`redo`](Self::redo) would do again.
    #[must_use]
    pub fn redo_name(&self) -> Option<&N> {
        self.future.last().map(|step| &step.name)
    }

    /// How many steps can be taken back.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.past.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_gesture_is_one_step() {
        let mut history = History::new(0);
        for value in 1..=30 {
            history.push(value, "drag", Some(Gesture(1)));
        }
        history.push(31, "drag", Some(Gesture(2)));
        assert_eq!(history.depth(), 2);
        assert!(history.undo());
        assert_eq!(**history.present(), 30);
        assert!(history.undo());
        assert_eq!(**history.present(), 0);
        assert!(!history.undo());
    }

    #[test]
    fn a_gesture_that_is_broken_off_leaves_nothing_behind() {
        let mut history = History::new(0);
        history.push(1, "a", None);
        history.push(2, "drag", Some(Gesture(1)));
        history.push(3, "drag", Some(Gesture(1)));
        assert!(!history.cancel(Gesture(2)));
        assert!(history.cancel(Gesture(1)));
        assert_eq!((**history.present(), history.redo_name(), history.depth()), (1, None, 1));
    }

    #[test]
    fn a_gesture_that_was_undone_does_not_go_on() {
        let mut history = History::new(0);
        history.push(1, "type", Some(Gesture(1)));
        history.undo();
        history.push(2, "type", Some(Gesture(1)));
        assert_eq!(history.depth(), 1);
        history.undo();
        history.redo();
        history.push(3, "type", Some(Gesture(1)));
        assert_eq!(history.depth(), 2, "after a redo the gesture is over");
    }

    #[test]
    fn the_past_is_deep_and_bounded() {
        let mut history = History::new(0);
        for value in 1..=2 * DEPTH {
            history.push(value, value, None);
        }
        assert_eq!(history.depth(), DEPTH);
        const { assert!(DEPTH >= 100) };
        while history.undo() {}
        assert_eq!(**history.present(), DEPTH);
        assert_eq!(history.redo_name(), Some(&(DEPTH + 1)));
    }

    proptest! {
        /// Against the plainest model: a list of values and a place in it.
        #[test]
        fn undo_and_redo_walk_a_list(steps in proptest::collection::vec(0_u8..4, 0..200)) {
            let mut history = History::new(0_usize);
            let (mut list, mut place) = (vec![0_usize], 0_usize);
            for (count, step) in steps.into_iter().enumerate() {
                match step {
                    0 => {
                        prop_assert_eq!(history.undo(), place > 0);
                        place = place.saturating_sub(1);
                    }
                    1 => {
                        prop_assert_eq!(history.redo(), place + 1 < list.len());
                        place = (place + 1).min(list.len() - 1);
                    }
                    _ => {
                        history.push(count + 1, count + 1, None);
                        list.truncate(place + 1);
                        list.push(count + 1);
                        place += 1;
                    }
                }
                prop_assert_eq!(**history.present(), list[place]);
                prop_assert_eq!(history.undo_name().copied(), (place > 0).then(|| list[place]));
                prop_assert_eq!(history.redo_name().copied(), list.get(place + 1).copied());
            }
        }
    }
}
