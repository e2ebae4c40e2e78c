//! What selected things are taken hold of by: the ends of bars, the plugs of cables.

use super::SceneProps;
use crate::hooks::use_part;
use roundtrip_editor::Item;
use yew::prelude::*;

/// Of what is selected, if it is one thing.
#[component]
pub(crate) fn Grips(props: &SceneProps) -> Html {
    let selection = use_part(|now| now.selection.clone());
    let by = props.scene.magnified;
    let grip = |key: String, class: &'static str, x: f64, y: f64| {
        html! { <circle key={key.clone()} class={classes!("grip", class)} data-item={key} cx={format!("{x:.1}")} cy={format!("{y:.1}")} r={(8.0 * by).to_string()} /> }
    };
    let items = selection.items();
    let grips: Vec<Html> = match items.iter().next() {
        Some(Item::Segment(name)) if items.len() == 1 => {
            let bar = props.scene.segments.iter().find(|bar| bar.name == *name);
            bar.map(|bar| {
                let y = bar.rect.centre().y;
                vec![grip(format!("left/{name}"), "end", bar.rect.x, y), grip(format!("right/{name}"), "end", bar.rect.right(), y)]
            })
            .unwrap_or_default()
        }
        Some(Item::Cable(device, interface)) if items.len() == 1 => {
            let cable = props.scene.cable(device, interface);
            cable
                .map(|cable| cable.edge(&props.scene.segments))
                .map(|at| vec![grip(format!("plug/{device}/{interface}"), "plug", at.x, at.y)])
                .unwrap_or_default()
        }
        _ => Vec::new(),
    };
    html! { <g aria-hidden="true">{ for grips }</g> }
}
