//! The way there and the way back.

use super::SceneProps;
use crate::hooks::{Same, use_moment, use_part};
use roundtrip_editor::view::lanes::{Lane, lanes};
use roundtrip_editor::view::scene::Scene;
use roundtrip_editor::{Focus, Run, Snapshot};
use roundtrip_explain::reading::Direction;
use roundtrip_explain::reading::Way;
use roundtrip_explain::reading::way::at;
use roundtrip_sim::time::SimTime;
use yew::prelude::*;

/// More ways than these at once tell nobody anything.
const MOST_WAYS: usize = 6;

/// The ways that are taken at a moment, the way there first.
pub(crate) fn current(focus: &Focus, moment: SimTime) -> Vec<&Way> {
    if focus.conversation.is_none() {
        // With all traffic, every way that packets have begun to take.
        return focus.ways.iter().filter(|way| way.first <= moment).take(MOST_WAYS).collect();
    }
    [Direction::There, Direction::Back].into_iter().filter_map(|direction| at(&focus.ways, direction, moment)).collect()
}

/// Their lines.
pub(crate) fn lines(scene: &Scene, run: &Run, focus: &Focus, moment: SimTime) -> Vec<(Direction, Lane)> {
    let ways = current(focus, moment);
    let lanes = lanes(scene, &run.scenario, &ways);
    lanes.into_iter().filter_map(|lane| Some((ways.get(lane.way)?.direction, lane))).collect()
}

/// When the ways that are taken were first taken: changes when the ways do.
pub(crate) fn since(now: &Snapshot, moment: SimTime) -> Vec<SimTime> {
    current(&now.focus, moment).iter().map(|way| way.first).collect()
}

/// Blue and whole there, orange and dashed back.
#[component]
pub(crate) fn Ways(props: &SceneProps) -> Html {
    let run = use_part(|now| Same(now.run.clone()));
    let focus = use_part(|now| Same(now.focus.clone()));
    let since = use_moment(Same(focus.0.clone()), |_, moment| since(&moment.snapshot, moment.time));
    let moment = since.iter().max().copied().unwrap_or_default();
    let lane = |(number, (direction, lane)): (usize, &(Direction, Lane))| {
        let class = if *direction == Direction::There { "there" } else { "back" };
        let line = if lane.last { lane.line.shortened(5.0) } else { lane.line.clone() };
        html! {
            <path key={number} class={classes!("way", class)} d={line.svg_path()} marker-end={lane.last.then(|| format!("url(#head-{class})"))} />
        }
    };
    let lines = lines(&props.scene, &run, &focus, moment);
    html! { <g aria-hidden="true">{ for lines.iter().enumerate().map(lane) }</g> }
}
