//! The ways in words: what the lines on the picture mean.

use crate::hooks::{Same, use_moment, use_part, use_words};
use crate::words::m;
use roundtrip_editor::view::lanes::stations;
use roundtrip_explain::reading::Direction;
use roundtrip_explain::reading::Way;
use roundtrip_explain::reading::way::met_once;
use yew::prelude::*;

/// One line of text for each way.
#[component]
pub(crate) fn Legend() -> Html {
    let words = use_words();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let focus = use_part(|now| Same(now.focus.clone()));
    let since = use_moment(Same(focus.0.clone()), |_, moment| super::ways::since(&moment.snapshot, moment.time));
    let moment = since.iter().max().copied().unwrap_or_default();
    let ways = super::ways::current(&focus, moment);
    let name = |node: roundtrip_sim::NodeId| words.device_named(&lab, run.device_name(node));
    // With all traffic a way there and a way back need not belong together.
    let one = focus.conversation.is_some();
    let line = |(place, way): (usize, &&Way)| {
        let (stations, circle) = stations(way);
        let mut stations = stations.into_iter().map(name).collect::<Vec<_>>().join(" → ");
        if circle {
            stations.push_str(" ↻");
        }
        let (class, id) = if way.direction == Direction::There { ("there", m!("way-there")) } else { ("back", m!("way-back")) };
        let dash = if class == "back" { "5 3" } else { "" };
        let skipped =
            ways.iter().find(|other| one && other.direction != way.direction).filter(|other| other.complete && way.complete).map(|other| {
                let only = met_once(other, way).into_iter().filter(|(_, direction)| *direction == other.direction);
                only.map(|(node, _)| name(node)).collect::<Vec<_>>().join(", ")
            });
        let skips = skipped.filter(|names| !names.is_empty()).map(|names| words.with(m!("way-skips"), &[("devices", (&names).into())]));
        html! {
            <li key={place} {class}>
                <svg width="30" height="8" aria-hidden="true"><path class={classes!("way", class)} d="M0 4H30" stroke-dasharray={dash} /></svg>
                { words.with(id, &[("way", (&stations).into())]) }
                { for skips.map(|text| html! { <strong>{ " " }{ text }</strong> }) }
            </li>
        }
    };
    if ways.is_empty() {
        return Html::default();
    }
    html! { <ul class="legend" aria-label={words.t(m!("legend-name"))}>{ for ways.iter().enumerate().map(line) }</ul> }
}
