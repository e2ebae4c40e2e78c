//! The whole picture, small, where more of it lies outside the window.

use super::SceneProps;
use crate::hooks::{use_part, use_store};
use roundtrip_editor::Command;
use roundtrip_editor::command::{ShowCommand, Viewport};
use roundtrip_editor::view::geometry::Rect;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

const WIDTH: f64 = 150.0;
const HEIGHT: f64 = 96.0;

/// Where the window is; a press moves it there. Keys have their own ways, so that it is no control.
#[component]
pub(crate) fn Minimap(props: &SceneProps) -> Html {
    let store = use_store();
    let (viewport, window) = use_part(|now| (now.viewport, now.window));
    let seen = Rect::new(-viewport.x / viewport.scale, -viewport.y / viewport.scale, window.0 / viewport.scale, window.1 / viewport.scale);
    let bounds = props.scene.bounds;
    // Pixels at the edges may be lost without anybody's missing them.
    let is_inside = seen.grown(4.0).overlap(&bounds) >= bounds.width * bounds.height - 1.0;
    if is_inside || bounds.width < 1.0 || window.0 < 1.0 {
        return Html::default();
    }
    let all = bounds.union(&seen).grown(20.0);
    let scale = (WIDTH / all.width).min(HEIGHT / all.height);
    let onpointer = {
        let store = store.clone();
        Callback::from(move |event: PointerEvent| {
            event.stop_propagation();
            let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
            let map = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let map = map.and_then(|map| map.closest("svg").ok().flatten()).unwrap_or(element);
            if event.buttons() == 0 {
                return;
            }
            let rect = map.get_bounding_client_rect();
            let x = (f64::from(event.client_x()) - rect.left()) / scale + all.x;
            let y = (f64::from(event.client_y()) - rect.top()) / scale + all.y;
            let now = store.snapshot();
            let view = Viewport {
                scale: now.viewport.scale,
                x: x.mul_add(-now.viewport.scale, now.window.0 / 2.0),
                y: y.mul_add(-now.viewport.scale, now.window.1 / 2.0),
            };
            store.send(Command::Show(ShowCommand::Viewport(view)));
        })
    };
    let rect = |class: &'static str, own: &Rect| {
        html! { <rect {class} x={own.x.to_string()} y={own.y.to_string()} width={own.width.to_string()} height={own.height.to_string()} /> }
    };
    html! {
        <svg class="minimap" aria-hidden="true" width={format!("{:.0}", all.width * scale)} height={format!("{:.0}", all.height * scale)}
            viewBox={format!("{:.1} {:.1} {:.1} {:.1}", all.x, all.y, all.width, all.height)} onpointerdown={onpointer.clone()} onpointermove={onpointer}>
            { for props.scene.segments.iter().map(|bar| rect("map-bar", &bar.rect)) }
            { for props.scene.devices.iter().map(|found| rect("map-device", &found.rect)) }
            { rect("map-view", &seen) }
        </svg>
    }
}
