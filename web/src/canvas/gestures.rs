//! Hands on the picture: selecting and moving devices, moving the picture, pinching.

use crate::dom;
use crate::hooks::{Same, use_store};
use crate::store::Store;
use roundtrip_editor::command::{Selection, ShowCommand, Viewport};
use roundtrip_editor::view::scene::Scene;
use roundtrip_editor::{Command, Edit, Gesture};
use roundtrip_lab::document::Position;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// So many pixels a pointer may tremble without meaning to move.
const TREMBLE: f64 = 4.0;

/// What one pointer is doing.
#[derive(Clone, Debug)]
struct Finger {
    id: i32,
    /// Where it is.
    at: (f64, f64),
    /// Where it came down.
    down: (f64, f64),
    /// What it holds.
    holds: Holds,
    /// It has moved.
    moved: bool,
}

#[derive(Clone, Debug)]
enum Holds {
    /// A device, of which the centre was there.
    Device { name: String, centre: (f64, f64), gesture: Gesture },
    /// A segment. Moving it moves the picture.
    Segment(String),
    /// The picture.
    Picture,
}

/// What is listened to.
pub(crate) struct Hands {
    /// A pointer comes down.
    pub(crate) ondown: Callback<PointerEvent>,
    /// A pointer moves.
    pub(crate) onmove: Callback<PointerEvent>,
    /// A pointer goes up, or is taken away.
    pub(crate) onup: Callback<PointerEvent>,
}

/// Follows the pointers on the drawing.
#[hook]
pub(crate) fn use_hands(drawing: NodeRef, scene: Same<Scene>) -> Hands {
    let store = use_store();
    let fingers: Rc<RefCell<Vec<Finger>>> = use_mut_ref(Vec::new);
    // Read when it is needed, so that the callbacks need not change with every movement.
    let latest = use_mut_ref(|| scene.clone());
    *latest.borrow_mut() = scene;
    let ondown = {
        let (store, fingers, latest, drawing) = (store.clone(), Rc::clone(&fingers), Rc::clone(&latest), drawing.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 && event.pointer_type() == "mouse" && event.button() != 1 {
                return;
            }
            let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
            let at = (f64::from(event.client_x()), f64::from(event.client_y()));
            let device = dom::upwards(&target, "data-device").and_then(|name| hold(&store, &latest.borrow(), name));
            let segment = || dom::upwards(&target, "data-segment").map(Holds::Segment);
            let holds = device.or_else(segment).unwrap_or(Holds::Picture);
            if let Some(drawing) = drawing.cast::<Element>() {
                let _ = drawing.set_pointer_capture(event.pointer_id());
            }
            fingers.borrow_mut().push(Finger { id: event.pointer_id(), at, down: at, holds, moved: false });
        })
    };
    let onmove = {
        let (store, fingers) = (store.clone(), Rc::clone(&fingers));
        let drawing = drawing.clone();
        Callback::from(move |event: PointerEvent| {
            let at = (f64::from(event.client_x()), f64::from(event.client_y()));
            moved(&store, &mut fingers.borrow_mut(), &drawing, event.pointer_id(), at);
        })
    };
    let onup = Callback::from(move |event: PointerEvent| {
        let mut fingers = fingers.borrow_mut();
        let Some(place) = fingers.iter().position(|finger| finger.id == event.pointer_id()) else { return };
        let finger = fingers.remove(place);
        if !finger.moved && event.type_() == "pointerup" {
            let selection = match finger.holds {
                Holds::Device { name, .. } => Selection::Device(name),
                Holds::Segment(name) => Selection::Segment(name),
                Holds::Picture => Selection::Nothing,
            };
            store.send(Command::Select(selection));
        }
    });
    Hands { ondown, onmove, onup }
}

fn hold(store: &Store, scene: &Scene, name: String) -> Option<Holds> {
    let centre = scene.device(&name)?.rect.centre();
    Some(Holds::Device { name, centre: (centre.x, centre.y), gesture: store.new_gesture() })
}

fn moved(store: &Store, fingers: &mut [Finger], drawing: &NodeRef, id: i32, at: (f64, f64)) {
    let others: Vec<(f64, f64)> = fingers.iter().filter(|finger| finger.id != id).map(|finger| finger.at).collect();
    let Some(finger) = fingers.iter_mut().find(|finger| finger.id == id) else { return };
    let before = finger.at;
    if !finger.moved && (at.0 - finger.down.0).hypot(at.1 - finger.down.1) < TREMBLE {
        return;
    }
    finger.moved = true;
    finger.at = at;
    let viewport = store.snapshot().viewport;
    if let [other] = others.as_slice() {
        pinch(store, drawing, viewport, before, at, *other);
        return;
    }
    match &finger.holds {
        Holds::Device { name, centre, gesture } => {
            let to = Position {
                x: ((at.0 - finger.down.0) / viewport.scale + centre.0).round() as i32,
                y: ((at.1 - finger.down.1) / viewport.scale + centre.1).round() as i32,
            };
            store.send(Command::Edit(Edit::MoveDevice { device: name.clone(), to }, Some(*gesture)));
        }
        Holds::Segment(_) | Holds::Picture => {
            let view = Viewport { x: viewport.x + at.0 - before.0, y: viewport.y + at.1 - before.1, ..viewport };
            store.send(Command::Show(ShowCommand::Viewport(view)));
        }
    }
}

/// Two fingers: what lies between them stays between them.
fn pinch(store: &Store, drawing: &NodeRef, viewport: Viewport, before: (f64, f64), at: (f64, f64), other: (f64, f64)) {
    let Some(place) = drawing.cast::<Element>().map(|element| element.get_bounding_client_rect()) else { return };
    let distance = |a: (f64, f64)| (a.0 - other.0).hypot(a.1 - other.1).max(1.0);
    let middle = ((at.0 + other.0) / 2.0 - place.left(), (at.1 + other.1) / 2.0 - place.top());
    let shift = ((at.0 - before.0) / 2.0, (at.1 - before.1) / 2.0);
    store.send(Command::Show(ShowCommand::Viewport(Viewport { x: viewport.x + shift.0, y: viewport.y + shift.1, ..viewport })));
    store.send(Command::Show(ShowCommand::Zoom { factor: distance(at) / distance(before), about: Some(middle) }));
}
