//! The session, shared by all components, and those who want to know when it changes.

use crate::clock::Clock;
use roundtrip_editor::view::timescale::Shown;
use roundtrip_editor::{Command, Gesture, Session, Snapshot};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::PacketId;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

type Listener<T> = Rc<dyn Fn(&T)>;

/// Those who listen to something. Whoever listens may stop listening while being told.
struct Listeners<T> {
    next: Cell<u64>,
    all: RefCell<Vec<(u64, Listener<T>)>>,
}

impl<T> Default for Listeners<T> {
    fn default() -> Self {
        Self { next: Cell::new(0), all: RefCell::new(Vec::new()) }
    }
}

impl<T> Listeners<T> {
    fn add(&self, listener: Listener<T>) -> u64 {
        let id = self.next.get();
        self.next.set(id.wrapping_add(1));
        self.all.borrow_mut().push((id, listener));
        id
    }

    fn remove(&self, id: u64) {
        self.all.borrow_mut().retain(|(other, _)| *other != id);
    }

    fn tell(&self, news: &T) {
        let all: Vec<Listener<T>> = self.all.borrow().iter().map(|(_, listener)| Rc::clone(listener)).collect();
        for listener in all {
            listener(news);
        }
    }
}

/// One moment, for those who follow time.
pub(crate) struct Moment {
    /// The state.
    pub(crate) snapshot: Snapshot,
    /// The moment of the show.
    pub(crate) position: Shown,
    /// The simulated moment.
    pub(crate) time: SimTime,
}

struct Inner {
    session: RefCell<Session>,
    changes: Listeners<Snapshot>,
    moments: Listeners<Moment>,
    clock: Clock,
    gestures: Cell<u64>,
    lit: Cell<Option<PacketId>>,
}

/// The session. A clone is the same session.
#[derive(Clone)]
pub(crate) struct Store(Rc<Inner>);

impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Ends listening when it goes.
pub(crate) struct Subscription(Option<Box<dyn FnOnce()>>);

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(end) = self.0.take() {
            end();
        }
    }
}

impl Store {
    /// Around a session.
    pub(crate) fn new(session: Session) -> Self {
        Self(Rc::new(Inner {
            session: RefCell::new(session),
            changes: Listeners::default(),
            moments: Listeners::default(),
            clock: Clock::default(),
            gestures: Cell::new(0),
            lit: Cell::new(None),
        }))
    }

    /// The state.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.0.session.borrow().snapshot().clone()
    }

    /// The moment.
    pub(crate) fn moment(&self) -> Moment {
        let session = self.0.session.borrow();
        Moment { snapshot: session.snapshot().clone(), position: session.position(), time: session.time() }
    }

    /// Carries a command out and tells everybody.
    pub(crate) fn send(&self, command: Command) {
        let changed = self.0.session.borrow_mut().apply(command);
        if changed {
            self.0.changes.tell(&self.snapshot());
            // What is drawn directly may have changed too.
            self.wake();
        }
    }

    /// The selected part of the document as text for the clipboard, if there is one.
    pub(crate) fn copy(&self) -> Option<String> {
        let text = self.0.session.borrow_mut().copy();
        self.0.changes.tell(&self.snapshot());
        text
    }

    /// Several commands, one after the other.
    pub(crate) fn send_all(&self, commands: Vec<Command>) {
        for command in commands {
            self.send(command);
        }
    }

    /// A mark for the changes of one gesture.
    pub(crate) fn new_gesture(&self) -> Gesture {
        let number = self.0.gestures.get().wrapping_add(1);
        self.0.gestures.set(number);
        Gesture(number)
    }

    /// Lets time pass; true as long as the clock runs.
    pub(crate) fn advance(&self, micros: u64) -> bool {
        let changed = self.0.session.borrow_mut().advance(micros);
        if changed {
            self.0.changes.tell(&self.snapshot());
        }
        let moment = self.moment();
        self.0.moments.tell(&moment);
        moment.snapshot.playing
    }

    /// Goes on with the run in the making, for as long as `go_on` says so.
    pub(crate) fn work(&self, go_on: impl FnMut() -> bool) {
        let changed = self.0.session.borrow_mut().work(go_on);
        if changed {
            self.0.changes.tell(&self.snapshot());
            self.wake();
        }
    }

    /// The clock.
    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Asks for the next frame of the screen.
    pub(crate) fn wake(&self) {
        self.0.clock.wake(self.clone());
    }

    /// Calls `listener` after every change, until the subscription goes.
    pub(crate) fn on_change(&self, listener: impl Fn(&Snapshot) + 'static) -> Subscription {
        let id = self.0.changes.add(Rc::new(listener));
        let store = self.clone();
        Subscription(Some(Box::new(move || store.0.changes.remove(id))))
    }

    /// Calls `listener` at every frame of the screen in which something may have moved, until the subscription goes.
    pub(crate) fn on_moment(&self, listener: impl Fn(&Moment) + 'static) -> Subscription {
        let id = self.0.moments.add(Rc::new(listener));
        let store = self.clone();
        self.wake();
        Subscription(Some(Box::new(move || store.0.moments.remove(id))))
    }

    /// Lights a packet up wherever it is shown, or none.
    pub(crate) fn light(&self, packet: Option<PacketId>) {
        if self.0.lit.replace(packet) != packet {
            crate::dom::light(packet);
        }
    }
}
