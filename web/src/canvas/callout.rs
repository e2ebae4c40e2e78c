//! The call-out: what just died, where, and why.

use super::devices::{met_once, note};
use super::{SceneProps, lost};
use crate::hooks::{Same, use_moment, use_part, use_words};
use crate::words::m;
use roundtrip_editor::view::geometry::{Rect, place_callout};
use roundtrip_editor::view::loss::{Cluster, clusters};
use roundtrip_editor::view::timescale::Shown;
use yew::prelude::*;

/// Microseconds of the show for which it stays.
const STAYS: u64 = 6_000_000;
/// Its largest measures in pixels.
const SIZE: (f64, f64) = (310.0, 104.0);

/// Stays for a while after each death, and as long as the clock stands in that while.
#[component]
pub(crate) fn CallOut(props: &SceneProps) -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let focus = use_part(|now| Same(now.focus.clone()));
    let viewport = use_part(|now| now.viewport);
    let window = use_part(|now| now.window);
    let all = use_memo((run.clone(), focus.clone()), |(run, focus)| {
        clusters(&run.losses, focus.conversation.as_ref().map(|conversation| conversation.action))
    });
    let cluster: Option<Cluster> = use_moment(Same(all), |all, moment| {
        let last = all.partition_point(|cluster| cluster.at <= moment.time).checked_sub(1)?;
        let cluster = all.get(last)?;
        let until = Shown(moment.snapshot.run.scale.shown(cluster.at).0.saturating_add(STAYS));
        (moment.position <= until).then_some(*cluster)
    });
    let told = cluster.and_then(|cluster| Some((cluster, run.losses.get(cluster.told)?)));
    let Some((cluster, loss)) = told else { return html! { <div class="callout-place" aria-live="polite" /> } };
    let Some(at) = lost::place(&props.scene, &run, loss.node, loss.interface) else { return Html::default() };
    // From the picture's measures to the window's.
    let to_window = |rect: &Rect| {
        Rect::new(
            rect.x.mul_add(viewport.scale, viewport.x),
            rect.y.mul_add(viewport.scale, viewport.y),
            rect.width * viewport.scale,
            rect.height * viewport.scale,
        )
    };
    let device = words.device_named(&lab, run.device_name(loss.node));
    let cross = Rect::around(at, 24.0, 24.0);
    let anchor = props.scene.device(run.device_name(loss.node)).map_or(cross, |device| device.rect.union(&cross));
    let mut obstacles: Vec<Rect> = props.scene.devices.iter().map(|device| to_window(&device.rect)).collect();
    // What is written beside devices is to be read as well.
    let notes = met_once(&run, &focus).into_iter().filter_map(|(name, direction)| {
        let its_box = props.scene.device(&name)?;
        Some(note(&words, &props.scene, its_box, direction).place.grown(4.0))
    });
    obstacles.extend(notes.map(|place| to_window(&place)));
    obstacles.extend(props.scene.segments.iter().map(|bar| to_window(&bar.rect)));
    let inside = Rect::new(8.0, 8.0, window.0 - 16.0, window.1 - 16.0);
    let width = SIZE.0.min(inside.width);
    let place = place_callout(to_window(&anchor), width, SIZE.1, &obstacles, inside);
    let style = format!("left:{:.0}px;top:{:.0}px;width:{width:.0}px", place.x, place.y);
    let packet = words.packet(&loss.label);
    let more = cluster.count.saturating_sub(1);
    html! {
        <div class="callout-place" aria-live="polite">
            <div class="callout" {style}>
                <strong>{ words.with(m!("callout-dropped"), &[("packet", (&packet).into()), ("device", (&device).into())]) }</strong>
                <p>{ words.reason(&run, loss, &device) }</p>
                if more > 0 {
                    <p class="more">{ words.with(m!("callout-more"), &[("count", more.into())]) }</p>
                }
            </div>
        </div>
    }
}
