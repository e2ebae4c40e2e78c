//! Crosses where packets died.

use super::SceneProps;
use crate::hooks::{Same, use_moment, use_part};
use roundtrip_editor::Run;
use roundtrip_editor::picture::grave_place;
use roundtrip_editor::view::geometry::Point;
use roundtrip_editor::view::loss::{Grave, graves};
use roundtrip_editor::view::scene::Scene;
use roundtrip_sim::scenario::{IfIndex, NodeId};
use std::rc::Rc;
use yew::prelude::*;

/// Where on the picture a packet died that had come by an interface, or was made there.
pub(crate) fn place(scene: &Scene, run: &Run, node: NodeId, interface: Option<IfIndex>) -> Option<Point> {
    grave_place(scene, run, node, interface)
}

/// The crosses so far, with how many died there.
#[component]
pub(crate) fn Lost(props: &SceneProps) -> Html {
    let run = use_part(|now| Same(now.run.clone()));
    let focus = use_part(|now| Same(now.focus.clone()));
    let graves: Rc<Vec<Grave>> = use_moment(Same(Rc::clone(&focus.0)), |focus, moment| {
        let action = focus.conversation.as_ref().map(|conversation| conversation.action);
        Rc::new(graves(&moment.snapshot.run.losses, action, moment.time))
    });
    let cross = |grave: &Grave| {
        let at = place(&props.scene, &run, grave.node, grave.interface)?;
        let count = (grave.count > 1).then(|| html! { <text x="16" y="-6">{ format!("×{}", grave.count) }</text> });
        let key = format!("{}.{:?}", grave.node.0, grave.interface);
        Some(html! {
            <g {key} class="grave" transform={format!("translate({:.1} {:.1}) scale({})", at.x, at.y, props.scene.magnified)}>
                <circle r="11" /><path d="M-4.500-4.500l9 9m0-9l-9 9" />{ count }
            </g>
        })
    };
    html! { <g aria-hidden="true">{ for graves.iter().filter_map(cross) }</g> }
}
