//! Pointers on the picture, told to the editor: where they are, and what lies below them.

use crate::hooks::use_store;
use crate::store::Store;
use crate::{dom, shortcuts};
use gloo::timers::callback::Timeout;
use roundtrip_editor::Command;
use roundtrip_editor::command::Selection;
use roundtrip_editor::hand::{HandCommand, Held, Over, Preview, Tool};
use roundtrip_editor::view::geometry::Point;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// Milliseconds after which a resting finger asks for the menu.
const LONG: u32 = 500;
/// So many pixels a finger may tremble meanwhile.
const TREMBLE: f64 = 6.0;

/// What is listened to.
#[derive(Clone, PartialEq)]
pub(crate) struct Hand {
    pub(crate) down: Callback<PointerEvent>,
    pub(crate) moves: Callback<PointerEvent>,
    pub(crate) up: Callback<PointerEvent>,
    pub(crate) lost: Callback<PointerEvent>,
    pub(crate) menu: Callback<MouseEvent>,
    pub(crate) click: Callback<MouseEvent>,
    pub(crate) twice: Callback<MouseEvent>,
}

/// A finger that rests, and where it came down.
type Resting = Rc<RefCell<Option<(Timeout, f64, f64)>>>;

/// Follows the pointers on the drawing.
#[hook]
pub(crate) fn use_hand(drawing: NodeRef) -> Hand {
    let store = use_store();
    let resting: Resting = use_mut_ref(|| None);
    let made = use_memo((store, drawing), move |(store, drawing)| hand(store, drawing, &resting));
    (*made).clone()
}

fn hand(store: &Store, drawing: &NodeRef, resting: &Resting) -> Hand {
    let send = {
        let store = store.clone();
        move |command| store.send(Command::Hand(command))
    };
    let down = {
        let (send, drawing, resting) = (send.clone(), drawing.clone(), Rc::clone(resting));
        Callback::from(move |event: PointerEvent| {
            if !matches!(event.button(), 0 | 1) {
                return;
            }
            let Some(at) = place(&drawing, &event) else { return };
            if let Some(drawing) = drawing.cast::<Element>() {
                let _ = drawing.set_pointer_capture(event.pointer_id());
            }
            let (held, over) = (held(&event), below(&event));
            if held.pan {
                event.prevent_default();
            }
            *resting.borrow_mut() = held.touch.then(|| {
                let (send, over) = (send.clone(), over.clone());
                (Timeout::new(LONG, move || send(HandCommand::Menu { at, over })), at.x, at.y)
            });
            send(HandCommand::Down { pointer: event.pointer_id(), at, over, held });
        })
    };
    let moves = {
        let (store, drawing, resting) = (store.clone(), drawing.clone(), Rc::clone(resting));
        Callback::from(move |event: PointerEvent| {
            let Some(at) = place(&drawing, &event) else { return };
            if resting.borrow().as_ref().is_some_and(|(_, x, y)| (at.x - x).hypot(at.y - y) > TREMBLE) {
                *resting.borrow_mut() = None;
            }
            let desk = store.snapshot().desk;
            // What lies below matters to cables and arrows alone, and asking for it costs.
            let joins =
                matches!(desk.tool, Tool::Cable | Tool::Gateway) || matches!(desk.preview, Preview::Cable { .. } | Preview::Gateway { .. });
            let over = if joins { below(&event) } else { Over::Picture };
            store.send(Command::Hand(HandCommand::Move { pointer: event.pointer_id(), at, over, held: held(&event) }));
        })
    };
    let up = {
        let (send, drawing, resting) = (send.clone(), drawing.clone(), Rc::clone(resting));
        Callback::from(move |event: PointerEvent| {
            *resting.borrow_mut() = None;
            let Some(at) = place(&drawing, &event) else { return };
            send(HandCommand::Up { pointer: event.pointer_id(), at, over: below(&event) });
        })
    };
    let lost = {
        let (send, resting) = (send.clone(), Rc::clone(resting));
        Callback::from(move |event: PointerEvent| {
            *resting.borrow_mut() = None;
            send(HandCommand::Lost(event.pointer_id()));
        })
    };
    let menu = {
        let (send, drawing) = (send.clone(), drawing.clone());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            if let Some(at) = place(&drawing, &event) {
                send(HandCommand::Menu { at, over: below(&event) });
            }
        })
    };
    let click = {
        let store = store.clone();
        Callback::from(move |event: MouseEvent| {
            // Without a pointer: somebody who listens has pressed it.
            if event.detail() == 0
                && let Some(item) = below(&event).item()
            {
                store.send(Command::Select(Selection::of(BTreeSet::from([item]))));
            }
        })
    };
    let twice = Callback::from(move |event: MouseEvent| {
        if let Over::Item(item) = below(&event) {
            send(HandCommand::Naming(Some(item)));
        }
    });
    Hand { down, moves, up, lost, menu, click, twice }
}

/// Where an event is, in pixels of the drawing.
fn place(drawing: &NodeRef, event: &MouseEvent) -> Option<Point> {
    let rect = drawing.cast::<Element>()?.get_bounding_client_rect();
    Some(Point::new(f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top()))
}

/// What lies below a pointer, which may be captured.
fn below(event: &MouseEvent) -> Over {
    let at_point = || dom::document()?.element_from_point(event.client_x() as f32, event.client_y() as f32);
    let target = || event.target().and_then(|target| target.dyn_into::<Element>().ok());
    // An event without a pointer is nowhere.
    let element = if event.detail() == 0 && event.client_x() == 0 && event.client_y() == 0 { target() } else { at_point() };
    element.and_then(|element| dom::upwards(&element, "data-item")).and_then(|key| Over::from_key(&key)).unwrap_or_default()
}

fn held(event: &PointerEvent) -> Held {
    let is_down = event.buttons() != 0;
    Held {
        more: event.shift_key() || event.ctrl_key() || event.meta_key(),
        exact: event.alt_key(),
        pan: event.button() == 1 || (is_down && shortcuts::space_pans()),
        touch: event.pointer_type() == "touch",
    }
}
