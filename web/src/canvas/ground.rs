//! What lies below: segments and cables, and the addresses beside them.

use super::SceneProps;
use crate::hooks::{use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::Command;
use roundtrip_editor::command::Selection;
use roundtrip_editor::view::scene::{Bar, Cable};
use yew::prelude::*;

/// Heads of arrows.
#[component]
pub(crate) fn Markers() -> Html {
    let head = |id: &'static str| {
        html! {
            <marker {id} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="11" markerHeight="11" markerUnits="userSpaceOnUse" orient="auto">
                <path d="M0 0L10 5L0 10z" />
            </marker>
        }
    };
    // In a drawing of its own: where another part of the page is hidden, heads defined in it are hidden everywhere.
    html! {
        <svg class="markers" width="0" height="0" aria-hidden="true">
            <defs>{ head("head-there") }{ head("head-back") }{ head("head-aside") }</defs>
        </svg>
    }
}

/// The bars.
#[component]
pub(crate) fn Segments(props: &SceneProps) -> Html {
    let words = use_words();
    let store = use_store();
    let selected = use_part(|now| if let Selection::Segment(name) = &now.selection { Some(name.clone()) } else { None });
    let bar = |bar: &Bar| {
        let rect = bar.rect;
        let onkeydown = {
            let (store, name) = (store.clone(), bar.name.clone());
            Callback::from(move |event: KeyboardEvent| {
                if matches!(event.key().as_str(), "Enter" | " ") {
                    event.prevent_default();
                    store.send(Command::Select(Selection::Segment(name.clone())));
                }
            })
        };
        let name = words.with(m!("segment-name"), &[("segment", (&bar.caption.title).into()), ("subnet", (&bar.caption.subtitle).into())]);
        html! {
            <g key={bar.name.clone()} class={classes!("segment", (selected.as_ref() == Some(&bar.name)).then_some("selected"))} data-segment={bar.name.clone()}
                data-own-keys="" tabindex="0" role="button" aria-pressed={(selected.as_ref() == Some(&bar.name)).to_string()} aria-label={name} {onkeydown}>
                <rect x={rect.x.to_string()} y={rect.y.to_string()} width={rect.width.to_string()} height={rect.height.to_string()} rx={(rect.height / 2.0).to_string()} />
            </g>
        }
    };
    html! { <g>{ for props.scene.segments.iter().map(bar) }</g> }
}

/// The cables.
#[component]
pub(crate) fn Cables(props: &SceneProps) -> Html {
    let bars = &props.scene.segments;
    let cable = |cable: &Cable| {
        // To the edge of the bar, not below it.
        let edge = bars
            .get(cable.segment)
            .map_or(cable.at_segment.y, |bar| if cable.at_device.y < cable.at_segment.y { bar.rect.y } else { bar.rect.bottom() });
        let (from, to) = (cable.at_device, cable.at_segment);
        html! {
            <path key={format!("{}.{}", cable.device_name, cable.interface)} class="cable"
                d={format!("M{:.1} {:.1}L{:.1} {edge:.1}", from.x, from.y, to.x)} />
        }
    };
    html! { <g aria-hidden="true">{ for props.scene.cables.iter().map(cable) }</g> }
}

/// What is written on segments and beside cables, over the ways: it must be legible.
#[component]
pub(crate) fn Writing(props: &SceneProps) -> Html {
    let address = |cable: &Cable| {
        let up = cable.at_segment.y < cable.at_device.y;
        let by = props.scene.magnified;
        let (side, anchor) = if cable.crowded { (-22.0f64, "end") } else { (22.0f64, "start") };
        let (x, y) = (side.mul_add(by, cable.at_device.x), (if up { -7.0 } else { 16.0f64 }).mul_add(by, cable.at_device.y));
        html! {
            <text key={format!("{}.{}", cable.device_name, cable.interface)} class="address mono" x={format!("{x:.1}")} y={format!("{y:.1}")} text-anchor={anchor}>
                { &cable.address }
            </text>
        }
    };
    let bar = |bar: &Bar| {
        let rect = bar.rect;
        let middle = format!("{:.1}", 4.5f64.mul_add(props.scene.magnified, rect.centre().y));
        html! {
            <g key={bar.name.clone()} class="segment">
                <text x={(rect.x + 20.0).to_string()} y={middle.clone()}>{ &bar.caption.title }</text>
                <text class="mono" x={(rect.right() - 16.0).to_string()} y={middle} text-anchor="end">{ &bar.caption.subtitle }</text>
            </g>
        }
    };
    html! {
        <g aria-hidden="true">
            { for props.scene.segments.iter().map(bar) }
            { for props.scene.cables.iter().map(address) }
        </g>
    }
}
