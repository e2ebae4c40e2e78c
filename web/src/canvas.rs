//! The picture: segments, devices, cables, ways, packets, losses.

mod callout;
mod devices;
mod flights;
mod grips;
mod ground;
mod hand;
mod legend;
mod lost;
mod minimap;
mod naming;
mod piece;
mod preview;
mod progress;
mod wait;
mod ways;

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::{Words, m};
pub(crate) use devices::sign;
pub(crate) use ground::Markers;
use roundtrip_editor::Command;
use roundtrip_editor::command::{ShowCommand, Viewport};
use roundtrip_editor::hand::Tool;
use roundtrip_editor::view::caption;
use roundtrip_editor::view::captions::Captions;
use roundtrip_editor::view::scene::{Caption, Scene};
use roundtrip_lab::Lab;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// Below this scale boxes and their texts are drawn larger, so that they can be read.
const LEGIBLE: f64 = 0.8;

/// The properties of every layer: the picture that it draws on.
#[derive(Properties, PartialEq)]
pub(crate) struct SceneProps {
    /// The picture.
    pub(crate) scene: Same<Scene>,
}

/// The picture with all that lies over it.
#[component]
pub(crate) fn Canvas() -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let viewport = use_part(|now| now.viewport);
    // In steps, so that zooming does not lay the picture out at every frame.
    let tenths = (LEGIBLE / viewport.scale * 10.0).clamp(10.0, 17.0).round() as u8;
    let captions = use_mut_ref(|| (words.clone(), Captions::default()));
    let scene = use_memo((lab, words.clone(), tenths), |(lab, words, tenths)| {
        let (of, captions) = &mut *captions.borrow_mut();
        if of != words {
            *of = words.clone();
            captions.clear();
        }
        drawn(captions, &lab.0, words, f64::from(*tenths) / 10.0)
    });
    let scene = Same(scene);
    let (frame, drawing) = (use_node_ref(), use_node_ref());
    use_window_size(frame.clone());
    let hand = hand::use_hand(drawing.clone());
    let tool = use_part(|now| if now.desk.tool == Tool::Select { None } else { Some("cross") });
    let dragging = use_part(|now| now.desk.dragging);
    let onwheel = {
        let (store, frame) = (store.clone(), frame.clone());
        Callback::from(move |event: WheelEvent| {
            // In an embed the wheel is the page's, and zooms with Ctrl, as on a map.
            if store.snapshot().carry.options.embed && !event.ctrl_key() {
                return;
            }
            event.prevent_default();
            wheel(&store, &frame, &event);
        })
    };
    let Viewport { scale, x, y } = viewport;
    let grid = format!("background-size:{0:.2}px {0:.2}px;background-position:{x:.1}px {y:.1}px", 24.0 * scale);
    html! {
        <div class="canvas" ref={frame} style={grid} data-tool={tool} data-dragging={dragging.then_some("")}>
            <svg ref={drawing} class="drawing" role="group" aria-label={words.t(m!("canvas-name"))} tabindex="-1" {onwheel}
                onpointerdown={hand.down} onpointermove={hand.moves} onpointerup={hand.up} onpointercancel={hand.lost}
                oncontextmenu={hand.menu} onclick={hand.click} ondblclick={hand.twice}>
                <g transform={format!("translate({x:.2} {y:.2}) scale({scale:.4})")} style={format!("--magnified:{}", scene.magnified)}>
                    <ground::Segments scene={scene.clone()} />
                    <ground::Cables scene={scene.clone()} />
                    <ways::Ways scene={scene.clone()} />
                    <devices::Devices scene={scene.clone()} />
                    <ground::Writing scene={scene.clone()} />
                    <lost::Lost scene={scene.clone()} />
                    <flights::Flights scene={scene.clone()} />
                    <grips::Grips scene={scene.clone()} />
                    <preview::Previews scene={scene.clone()} />
                </g>
            </svg>
            <wait::WaitNote />
            <progress::RunProgress />
            <legend::Legend />
            <callout::CallOut scene={scene.clone()} />
            <minimap::Minimap scene={scene.clone()} />
            <naming::NameField scene={scene.clone()} />
            <crate::draw::Empty />
            <crate::draw::ContextMenu />
            <ZoomButtons />
        </div>
    }
}

/// The picture of a lab with the reader's words on it.
pub(crate) fn picture(lab: &Lab, words: &Words, magnified: f64) -> Scene {
    drawn(&mut Captions::default(), &Rc::new(lab.clone()), words, magnified)
}

/// The same, with the captions of the picture before it.
fn drawn(captions: &mut Captions, lab: &Rc<Lab>, words: &Words, magnified: f64) -> Scene {
    let captions =
        captions.of(lab, |device| Caption { title: words.device(device), subtitle: words.subtitle(lab, &caption::of(lab, device)) });
    // They are asked for in the document's order.
    let next = RefCell::new(captions.iter());
    let on_device = |_: &roundtrip_lab::document::Device| next.borrow_mut().next().cloned().unwrap_or_default();
    let on_segment = |segment: &roundtrip_lab::document::Segment| Caption {
        title: words.segment(segment),
        subtitle: segment.subnet.map_or_else(String::new, |subnet| subnet.to_string()),
    };
    Scene::new(lab, magnified, &on_device, &on_segment)
}

/// Tells the session how large the picture's window is, whenever that changes.
#[hook]
fn use_window_size(frame: NodeRef) {
    let store = use_store();
    use_effect_with(frame, move |frame| {
        let element = frame.cast::<Element>();
        let seen = element.clone();
        let tell = Closure::<dyn Fn()>::new(move || {
            let Some(element) = &seen else { return };
            let (width, height) = (f64::from(element.client_width()), f64::from(element.client_height()));
            // Zero while another pane of a small screen is seen.
            if width > 0.0 && height > 0.0 {
                store.send(Command::Show(ShowCommand::Window { width, height }));
            }
        });
        let observer = ResizeObserver::new(tell.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(tell);
        }
    });
}

/// It zooms about the pointer; with Shift, or to the side, it moves the picture.
fn wheel(store: &crate::store::Store, frame: &NodeRef, event: &WheelEvent) {
    let Some(place) = frame.cast::<Element>().map(|element| element.get_bounding_client_rect()) else { return };
    // Lines and pages to pixels.
    let unit = match event.delta_mode() {
        0 => 1.0,
        1 => 16.0,
        _ => 400.0,
    };
    let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
    let zooms = event.ctrl_key() || event.meta_key() || !(event.shift_key() || dx.abs() > dy.abs());
    let command = if zooms {
        let about = (f64::from(event.client_x()) - place.left(), f64::from(event.client_y()) - place.top());
        ShowCommand::Zoom { factor: (-dy / if event.ctrl_key() { 240.0 } else { 480.0 }).exp(), about: Some(about) }
    } else {
        let before = store.snapshot().viewport;
        // Where there is one wheel alone, Shift turns it.
        let (dx, dy) = if event.shift_key() && dx.abs() < 0.5 { (dy, 0.0) } else { (dx, dy) };
        ShowCommand::Viewport(Viewport { x: before.x - dx, y: before.y - dy, ..before })
    };
    store.send(Command::Show(command));
}

#[component]
fn ZoomButtons() -> Html {
    let words = use_words();
    let store = use_store();
    let button = |sign: &'static str, name: String, command: ShowCommand| {
        let store = store.clone();
        let onclick = Callback::from(move |_: MouseEvent| store.send(Command::Show(command.clone())));
        html! { <button class="button sign" {onclick} aria-label={name.clone()} title={name}>{ sign }</button> }
    };
    html! {
        <div class="zoom">
            { button("+", words.t(m!("act-zoom-in")), ShowCommand::Zoom { factor: 1.25, about: None }) }
            { button("−", words.t(m!("act-zoom-out")), ShowCommand::Zoom { factor: 0.8, about: None }) }
            { button("⤢", words.t(m!("act-fit")), ShowCommand::Fit) }
        </div>
    }
}
