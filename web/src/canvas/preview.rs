//! What is being drawn and is not there yet.

use super::{SceneProps, sign};
use crate::hooks::{Same, use_part};
use roundtrip_editor::Item;
use roundtrip_editor::hand::{Guide, Preview};
use roundtrip_editor::view::geometry::{Point, Rect};
use roundtrip_editor::view::scene::Scene;
use yew::prelude::*;

/// Boxes, bars, cables and arrows in the making, and the lines that things are drawn to.
#[component]
pub(crate) fn Previews(props: &SceneProps) -> Html {
    let desk = use_part(|now| Same(now.desk.clone()));
    let scene = &props.scene;
    let rect = |rect: &Rect, class: &'static str, rx: f64| {
        html! { <rect {class} x={rect.x.to_string()} y={rect.y.to_string()} width={rect.width.to_string()} height={rect.height.to_string()} rx={rx.to_string()} /> }
    };
    let line = |from: &Item, to: &Point, onto: Option<&Item>, class: &'static str, head: Option<&'static str>| {
        let lit = onto.and_then(|item| outline(scene, item));
        let start = middle(scene, from).unwrap_or(*to);
        let end =
            lit.map_or(*to, |lit| if head.is_some() { lit.centre() } else { Point::new(to.x.clamp(lit.x, lit.right()), lit.centre().y) });
        html! {
            <>
                { for lit.map(|lit| rect(&lit.grown(5.0), "target", 14.0)) }
                <path {class} marker-end={head} d={format!("M{:.1} {:.1}L{:.1} {:.1}", start.x, start.y, end.x, end.y)} />
            </>
        }
    };
    let drawn = match &desk.preview {
        Preview::Nothing => Html::default(),
        Preview::Box(own) => rect(own, "lasso", 2.0),
        Preview::Segment(own) => rect(own, "ghost", 13.0),
        Preview::Device(kind, at) => html! {
            <>
                { rect(&Rect::around(*at, 92.0, 56.0), "ghost", 14.0) }
                <g class="ghost-sign" transform={format!("translate({:.1} {:.1}) scale(2)", at.x - 12.0, at.y - 12.0)}>{ sign(*kind) }</g>
            </>
        },
        Preview::Cable { from, to, onto } => line(from, to, onto.as_ref(), "ghost-cable", None),
        Preview::Gateway { from, to, onto } => line(from, to, onto.as_ref(), "ghost-arrow", Some("url(#head-there)")),
    };
    const FAR: f64 = 100_000.0;
    let guide = |guide: &Guide| {
        let d = match guide {
            Guide::Upright(x) => format!("M{x:.1} {:.0}V{FAR:.0}", -FAR),
            Guide::Level(y) => format!("M{:.0} {y:.1}H{FAR:.0}", -FAR),
        };
        html! { <path class="guide" {d} /> }
    };
    html! { <g class="preview" aria-hidden="true">{ for desk.guides.iter().map(guide) }{ drawn }</g> }
}

/// What a thing covers.
fn outline(scene: &Scene, item: &Item) -> Option<Rect> {
    match item {
        Item::Device(name) => scene.device(name).map(|found| found.rect),
        Item::Segment(name) => scene.segments.iter().find(|bar| bar.name == *name).map(|bar| bar.rect),
        Item::Cable(..) => None,
    }
}

/// Where a line from a thing begins.
fn middle(scene: &Scene, item: &Item) -> Option<Point> {
    match item {
        Item::Cable(device, interface) => scene.cable(device, interface).map(|cable| cable.at_device),
        item => outline(scene, item).map(|rect| rect.centre()),
    }
}
