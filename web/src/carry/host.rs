//! Talking to the page around an embed, and standing still where nobody sees it.

use crate::dom;
use crate::store::Store;
use gloo::events::EventListener;
use roundtrip_editor::carry::CarryCommand;
use roundtrip_editor::carry::message::{Gate, Incoming, Outgoing, State, lab_of, read};
use roundtrip_editor::command::TimeCommand;
use roundtrip_editor::{Command, Edit};
use roundtrip_lab::link;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, MessageEvent, Window};

/// Listens to the page around, if there is one, and tells it what happens.
pub(super) fn start(store: &Store) -> Option<()> {
    stand_while_away(store);
    let window = dom::window()?;
    let parent = window.parent().ok().flatten().filter(|parent| !js_sys::Object::is(parent.as_ref(), window.as_ref()))?;
    let gate = Rc::new(RefCell::new(Gate::new(parent_origin(&window))));
    let host = Rc::new(Host { parent, gate, said: RefCell::new(String::new()) });
    {
        let (store, host) = (store.clone(), Rc::clone(&host));
        EventListener::new(&window, "message", move |event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                host.hear(&store, event);
            }
        })
        .forget();
    }
    host.say(&Outgoing::Ready(state(store)));
    let watched = store.clone();
    std::mem::forget(store.on_change(move |_| host.changed(&watched)));
    Some(())
}

/// What the browser says of who is around: Firefox knows only where one came from.
fn parent_origin(window: &Window) -> Option<String> {
    let ancestors = js_sys::Reflect::get(&window.location(), &"ancestorOrigins".into()).ok();
    let first = ancestors.filter(JsValue::is_object).and_then(|all| js_sys::Reflect::get_u32(&all, 0).ok()?.as_string());
    first.or_else(|| web_sys::Url::new(&dom::document()?.referrer()).ok().map(|address| address.origin()))
}

struct Host {
    parent: Window,
    gate: Rc<RefCell<Gate>>,
    /// What was said last: the same again is no news.
    said: RefCell<String>,
}

impl Host {
    fn say(&self, message: &Outgoing) {
        if let Ok(value) = js_sys::JSON::parse(&message.json()) {
            let target = self.gate.borrow().target().to_owned();
            let _ = self.parent.post_message(&value, &target);
        }
    }

    fn changed(&self, store: &Store) {
        let state = state(store);
        // Time that passes by itself is no change.
        let key = format!("{}{}{}{}{}", state.lab, state.playing, state.language, state.outcome, store.snapshot().jumps);
        if self.said.replace(key.clone()) != key {
            self.say(&Outgoing::Changed(state));
        }
    }

    fn hear(&self, store: &Store, event: &MessageEvent) {
        let from_parent = event.source().is_some_and(|source| js_sys::Object::is(source.as_ref(), self.parent.as_ref()));
        let Some(text) = js_sys::JSON::stringify(&event.data()).ok().and_then(|text| text.as_string()) else { return };
        let Some(message) = read(&text) else { return };
        if !self.gate.borrow_mut().admits(from_parent, &event.origin()) {
            return;
        }
        match message {
            Ok(message) => self.obey(store, message),
            Err(reason) => self.say(&Outgoing::Error(reason)),
        }
    }

    fn obey(&self, store: &Store, message: Incoming) {
        let time = |command| {
            store.send(Command::Carry(CarryCommand::Poster(false)));
            store.send(Command::Time(command));
        };
        match message {
            Incoming::Load(text) => {
                let loaded = lab_of(&text);
                match loaded.lab {
                    Some(lab) => store.send(Command::Edit(Edit::Open { lab: Rc::new(lab) }, None)),
                    None => {
                        let reasons: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
                        self.say(&Outgoing::Error(reasons.join("\n")));
                    }
                }
            }
            Incoming::Play => time(TimeCommand::Play),
            Incoming::Pause => store.send(Command::Time(TimeCommand::Pause)),
            Incoming::Step => time(TimeCommand::Step),
            Incoming::StepBack => time(TimeCommand::StepBack),
            Incoming::Seek(to) => time(TimeCommand::Seek(to)),
            Incoming::GetState(id) => self.say(&Outgoing::State(id, state(store))),
        }
    }
}

fn state(store: &Store) -> State {
    let now = store.snapshot();
    let verdict = now.focus.conversation.as_ref().and_then(|conversation| now.run.verdict(conversation));
    State {
        title: now.lab.title.get(now.language.tag()).to_owned(),
        lab: link::encode(&now.lab).unwrap_or_default(),
        time: store.moment().time,
        playing: now.playing,
        language: now.language.tag(),
        outcome: verdict.map_or("", |verdict| verdict.outcome.id()),
    }
}

/// Stands while the reader has scrolled it away, and goes on afterwards if it ran.
fn stand_while_away(store: &Store) -> Option<()> {
    let store = store.clone();
    let ran = Cell::new(false);
    let seen = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let Ok(last) = entries.pop().dyn_into::<IntersectionObserverEntry>() else { return };
        if !last.is_intersecting() {
            ran.set(store.snapshot().playing);
            store.send(Command::Time(TimeCommand::Pause));
        } else if ran.take() {
            store.send(Command::Time(TimeCommand::Play));
        }
    });
    let observer = IntersectionObserver::new(seen.as_ref().unchecked_ref()).ok()?;
    observer.observe(&dom::document()?.document_element()?);
    // Both live as long as the page.
    seen.forget();
    std::mem::forget(observer);
    Some(())
}
