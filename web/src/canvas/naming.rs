//! A name, written where it stands.

use super::SceneProps;
use crate::draw::NameInput;
use crate::hooks::use_part;
use roundtrip_editor::Item;
use yew::prelude::*;

/// The field over the thing whose name is being written.
#[component]
pub(crate) fn NameField(props: &SceneProps) -> Html {
    let naming = use_part(|now| now.desk.naming.clone().filter(|_| !now.desk.outline));
    let viewport = use_part(|now| now.viewport);
    let Some(item) = naming else { return Html::default() };
    let rect = match &item {
        Item::Device(name) => props.scene.device(name).map(|found| found.rect),
        Item::Segment(name) => props.scene.segments.iter().find(|bar| bar.name == *name).map(|bar| bar.rect),
        Item::Cable(..) => None,
    };
    let Some(rect) = rect else { return Html::default() };
    let width = (rect.width * viewport.scale).clamp(120.0, 260.0);
    let left =
        if matches!(item, Item::Segment(_)) { rect.x * viewport.scale } else { rect.centre().x.mul_add(viewport.scale, -width / 2.0) };
    let top = rect.centre().y.mul_add(viewport.scale, viewport.y) - 18.0;
    html! {
        <div class="name-field" style={format!("left:{:.1}px;top:{top:.1}px;width:{width:.0}px", left + viewport.x)}>
            <NameInput key={item.key()} item={item.clone()} />
        </div>
    }
}
