//! Time at the rate of the screen. Runs while something moves and rests otherwise.

use crate::store::Store;
use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::{Cell, RefCell};

/// The longest step. After a pause of the whole page (a hidden tab, a debugger) time goes on from where it was.
const LONGEST_STEP_MS: f64 = 100.0;

/// The page's clock.
#[derive(Default)]
pub(crate) struct Clock {
    pending: RefCell<Option<AnimationFrame>>,
    last: Cell<Option<f64>>,
}

impl Clock {
    /// Asks for a frame, unless one has been asked for.
    pub(crate) fn wake(&self, store: Store) {
        if self.pending.borrow().is_some() {
            return;
        }
        let frame = request_animation_frame(move |now| store.frame(now));
        *self.pending.borrow_mut() = Some(frame);
    }

    /// Milliseconds since the last frame of the same run.
    fn step(&self, now: f64) -> f64 {
        // The handle of the frame that is being drawn: it may go, it has done its work.
        drop(self.pending.borrow_mut().take());
        let step = self.last.replace(Some(now)).map_or(0.0, |last| now - last);
        step.clamp(0.0, LONGEST_STEP_MS)
    }
}

impl Store {
    fn frame(&self, now: f64) {
        let micros = (self.clock().step(now) * 1000.0) as u64;
        if self.advance(micros) {
            self.wake();
        } else {
            self.clock().last.set(None);
        }
    }
}
