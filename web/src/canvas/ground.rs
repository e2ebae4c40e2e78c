//! What lies below: segments and cables, and the addresses beside them.

use super::SceneProps;
use super::piece::{CableProps, part, starts};
use crate::hooks::{Same, use_part, use_words};
use crate::words::{Arg, m};
use roundtrip_editor::Item;
use roundtrip_editor::view::faults;
use roundtrip_editor::view::geometry::Point;
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
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let selection = use_part(|now| now.selection.clone());
    let faults = use_memo((lab.clone(), run.clone()), |(lab, run)| faults::by_item(lab, &run.problems));
    let bar = |bar: &Bar| {
        let rect = bar.rect;
        let item = Item::Segment(bar.name.clone());
        let selected = selection.holds(&item);
        let name = words.with(m!("segment-name"), &[("segment", (&bar.caption.title).into()), ("subnet", (&bar.caption.subtitle).into())]);
        let wrong = faults.get(&item).map(|numbers| words.wrong(&run.problems, numbers));
        let name = wrong.iter().fold(name, |name, wrong| format!("{name}. {wrong}"));
        let corner = Point::new(rect.x + 6.0, rect.y);
        html! {
            <g key={bar.name.clone()} class={classes!("segment", selected.then_some("selected"))} data-segment={bar.name.clone()} data-item={item.key()}
                tabindex="0" role="button" aria-pressed={selected.to_string()} aria-label={name}>
                <rect x={rect.x.to_string()} y={rect.y.to_string()} width={rect.width.to_string()} height={rect.height.to_string()} rx={(rect.height / 2.0).to_string()} />
                { for wrong.map(|wrong| badge(corner, props.scene.magnified, wrong)) }
            </g>
        }
    };
    html! { <g>{ for props.scene.segments.iter().map(bar) }</g> }
}

/// A mark that something is wrong here, with what it is.
pub(super) fn badge(at: Point, magnified: f64, wrong: String) -> Html {
    html! {
        <g class="badge" transform={format!("translate({:.1} {:.1}) scale({magnified})", at.x, at.y)}>
            <title>{ wrong }</title>
            <path d="M0 -9L10 8H-10z" />
            <text y="6" text-anchor="middle">{ "!" }</text>
        </g>
    }
}

/// The cables.
#[component]
pub(crate) fn Cables(props: &SceneProps) -> Html {
    let scene = &props.scene;
    let piece = |start: usize| html! { <CablePiece key={start} scene={scene.clone()} {start} /> };
    html! { <g>{ for starts(scene.cables.len()).map(piece) }</g> }
}

#[component]
fn CablePiece(props: &CableProps) -> Html {
    let words = use_words();
    let bars = &props.scene.segments;
    let selection = use_part(|now| now.selection.clone());
    let cable = |cable: &Cable| {
        let item = Item::cable(&cable.device_name, &cable.interface);
        let selected = selection.holds(&item);
        let (from, to) = (cable.at_device, cable.edge(bars));
        let d = format!("M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y);
        let device = props.scene.devices.get(cable.device).map_or("", |found| found.caption.title.as_str());
        let segment = bars.get(cable.segment).map_or("", |bar| bar.caption.title.as_str());
        let args: [(&'static str, Arg<'_>); 4] = [
            ("device", device.into()),
            ("interface", (&cable.interface).into()),
            ("segment", segment.into()),
            ("address", (&cable.address).into()),
        ];
        html! {
            <g key={item.key()} class={classes!("wire", selected.then_some("selected"))} data-item={item.key()} tabindex="0" role="button"
                aria-pressed={selected.to_string()} aria-label={words.with(m!("cable-name"), &args)}>
                <path class="cable-room" d={d.clone()} />
                <path class="cable" {d} />
            </g>
        }
    };
    html! { <>{ for part(&props.scene.cables, props.start).iter().map(cable) }</> }
}

/// What is written on segments and beside cables, over the ways: it must be legible.
#[component]
pub(crate) fn Writing(props: &SceneProps) -> Html {
    let scene = &props.scene;
    let addresses = |start: usize| html! { <AddressPiece key={start} scene={scene.clone()} {start} /> };
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
            { for starts(scene.cables.len()).map(addresses) }
        </g>
    }
}

#[component]
fn AddressPiece(props: &CableProps) -> Html {
    let by = props.scene.magnified;
    let address = |cable: &Cable| {
        let up = cable.at_segment.y < cable.at_device.y;
        let (side, anchor) = if cable.crowded { (-22.0f64, "end") } else { (22.0f64, "start") };
        let (x, y) = (side.mul_add(by, cable.at_device.x), (if up { -7.0 } else { 16.0f64 }).mul_add(by, cable.at_device.y));
        html! {
            <text key={format!("{}.{}", cable.device_name, cable.interface)} class="address mono" x={format!("{x:.1}")} y={format!("{y:.1}")} text-anchor={anchor}>
                { &cable.address }
            </text>
        }
    };
    html! { <>{ for part(&props.scene.cables, props.start).iter().map(address) }</> }
}
