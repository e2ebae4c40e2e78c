//! The devices' names above the ladder; each can be put elsewhere by the pointer or by Alt with an arrow.

use super::{FocusProps, share};
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::{Command, WatchCommand};
use roundtrip_sim::NodeId;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// The names.
#[component]
pub(super) fn LifelineHead(props: &FocusProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let dragged = use_state_eq(|| None::<NodeId>);
    let row = use_node_ref();
    let lifelines = &props.focus.ladder.lifelines;
    let count = lifelines.len();
    // The place whose lifeline is nearest to the pointer.
    let place_at = {
        let row = row.clone();
        move |x: i32| {
            let bounds = row.cast::<Element>()?.get_bounding_client_rect();
            let at = (f64::from(x) - bounds.left()) / bounds.width().max(1.0) * 100.0;
            (0..count).min_by(|a, b| (share(*a, count) - at).abs().total_cmp(&(share(*b, count) - at).abs()))
        }
    };
    let name = |(place, node): (usize, &NodeId)| {
        let node = *node;
        let device = words.device_named(&lab, run.device_name(node));
        let style = format!("left:{:.2}%", share(place, count));
        let onpointerdown = {
            let dragged = dragged.setter();
            Callback::from(move |event: PointerEvent| {
                if let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
                    let _ = element.set_pointer_capture(event.pointer_id());
                }
                dragged.set(Some(node));
            })
        };
        let onpointermove = {
            let (dragged, place_at, store) = (dragged.clone(), place_at.clone(), store.clone());
            Callback::from(move |event: PointerEvent| {
                if *dragged == Some(node)
                    && let Some(to) = place_at(event.client_x()).filter(|to| *to != place)
                {
                    store.send(Command::Watch(WatchCommand::MoveLifeline { node, to }));
                }
            })
        };
        let end = dragged.setter();
        let onpointerup = Callback::from(move |_: PointerEvent| end.set(None));
        let store = store.clone();
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" => place.checked_sub(1),
                "ArrowRight" => Some(place + 1).filter(|to| *to < count),
                "Escape" => {
                    store.send(Command::Watch(WatchCommand::ResetLifelines));
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            if let Some(to) = to {
                store.send(Command::Watch(WatchCommand::MoveLifeline { node, to }));
            }
        });
        let title =
            words.with(m!("lifeline-name"), &[("device", (&device).into()), ("place", (place + 1).into()), ("count", count.into())]);
        html! {
            <button key={node.0} {style} class={(*dragged == Some(node)).then_some("dragged")} aria-label={title.clone()} {title}
                {onpointerdown} {onpointermove} onpointercancel={onpointerup.clone()} {onpointerup} {onkeydown}>{ device }</button>
        }
    };
    html! {
        <div class="rung lifelines"><div /><div class="names" ref={row}>{ for lifelines.iter().enumerate().map(name) }</div><div /></div>
    }
}
