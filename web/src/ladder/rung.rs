//! One packet's line.

use super::share;
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::command::{Selection, TimeCommand};
use roundtrip_editor::view::ladder::{Arrow, Cross, Row};
use roundtrip_editor::view::order::numbers;
use roundtrip_editor::{Command, Focus};
use roundtrip_explain::reading::Direction;
use yew::prelude::*;

/// Height of a line in pixels: more where a packet makes many hops.
pub(super) fn height(row: &Row) -> f64 {
    const FEW: usize = 4;
    // A packet that is one again says so, and when the first was.
    let more = row.arrows.len().saturating_sub(FEW) as f64;
    let again = if row.member.label.again.is_some() { 24.0 } else { 0.0 };
    8.0f64.mul_add(more, 42.0 + again)
}

/// The properties of [`Rung`].
#[derive(Properties, PartialEq)]
pub(crate) struct RungProps {
    /// The ladder.
    pub(crate) focus: Same<Focus>,
    /// Which line.
    pub(crate) place: usize,
    /// How many of its hops have begun by now.
    pub(crate) arrows: usize,
    /// How many of its deaths have come by now.
    pub(crate) crosses: usize,
    /// It was made last by now.
    pub(crate) current: bool,
    /// It is selected.
    pub(crate) selected: bool,
}

/// A line of the ladder.
#[component]
pub(crate) fn Rung(props: &RungProps) -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let Some(row) = props.focus.ladder.rows.get(props.place) else { return Html::default() };
    let here = store.clone();
    let packet = row.member.packet;
    let made = row.made;
    let lifelines = &props.focus.ladder.lifelines;
    let device = |place: usize| lifelines.get(place).map_or_else(String::new, |node| words.device_named(&lab, run.device_name(*node)));
    let label = words.packet(&row.member.label);
    let name = spoken(&words, row, &label, &device);
    let choose = {
        let store = store.clone();
        Callback::from(move |()| {
            store.send(Command::Select(Selection::Packet(packet)));
            store.send(Command::Time(TimeCommand::Pause));
            store.send(Command::Time(TimeCommand::Seek(made)));
        })
    };
    let onclick = choose.reform(|_: MouseEvent| ());
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            choose.emit(());
        }
    });
    let onmouseenter = Callback::from(move |_: MouseEvent| store.light(Some(packet)));
    let direction = match row.member.direction {
        Direction::There => "there",
        Direction::Back => "back",
        Direction::Aside => "aside",
    };
    let is_future = props.arrows == 0 && props.crosses == 0;
    let class = classes!(
        "rung",
        direction,
        is_future.then_some("future"),
        props.current.then_some("current"),
        props.selected.then_some("selected")
    );
    // Down to where a cross would stand.
    let bottom = height(row) - 12.0;
    let step = (bottom - 10.0) / row.arrows.len().max(1) as f64;
    let at_left = row.member.direction != Direction::Back;
    let absolute = use_part(|now| now.watch.absolute_numbers);
    let numbers = numbers(&run, row, absolute);
    // A packet that is one again leads to the first.
    let first = props.focus.ladder.repeats(&run.trace, row).and_then(|first| props.focus.ladder.rows.get(first));
    let tie = first.map(|first| (first.member.packet, first.made, words.packet(&first.member.label))).map(|(packet, made, name)| {
        let store = here.clone();
        let title = words.with(m!("tie-name"), &[("packet", (&name).into()), ("time", (&words.clock(made)).into())]);
        let onclick = Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            store.send(Command::Select(Selection::Packet(packet)));
            store.send(Command::Time(TimeCommand::Pause));
            store.send(Command::Time(TimeCommand::Seek(made)));
        });
        html! { <button class="tie" tabindex="-1" {onclick} aria-label={title.clone()} {title}>{ "↰ " }{ words.clock(made) }</button> }
    });
    let label = html! { <>{ label }<br />{ for numbers.map(|numbers| html! { <small>{ numbers }</small> }) }{ tie }</> };
    html! {
        <li {class} style={format!("height:{}px", height(row))} data-packet={packet.0.to_string()} tabindex="-1" aria-label={name} {onclick} {onkeydown} {onmouseenter}>
            <span class="lit" />
            <span class="label left">{ at_left.then(|| label.clone()) }</span>
            <svg width="100%" height={height(row).to_string()} aria-hidden="true">
                { for (0..lifelines.len()).map(|place| lifeline(place, lifelines.len())) }
                { for row.arrows.iter().enumerate().map(|(i, arrow)| draw_arrow(arrow, i, step, lifelines.len(), i < props.arrows)) }
                { for row.crosses.iter().enumerate().map(|(i, cross)| draw_cross(&words, cross, bottom, lifelines.len(), i < props.crosses)) }
            </svg>
            <span class="label right">{ (!at_left).then_some(label) }</span>
        </li>
    }
}

/// What a line says to those who listen.
fn spoken(words: &Words, row: &Row, label: &str, device: &dyn Fn(usize) -> String) -> String {
    let mut stations: Vec<String> = row.arrows.first().map(|arrow| device(arrow.from)).into_iter().collect();
    stations.extend(row.arrows.iter().map(|arrow| device(arrow.to)));
    let way = stations.join(" → ");
    let time = words.clock(row.made);
    let said = words.with(m!("rung-name"), &[("time", (&time).into()), ("packet", label.into()), ("way", (&way).into())]);
    let Some(cross) = row.crosses.first() else { return said };
    let (place, reason) = (device(cross.at), words.reason_short(&cross.reason));
    let death = words.with(m!("rung-dropped"), &[("device", (&place).into()), ("reason", (&reason).into())]);
    format!("{said} {death}")
}

/// A piece of a lifeline.
pub(super) fn lifeline(place: usize, count: usize) -> Html {
    let x = format!("{:.2}%", share(place, count));
    html! { <line key={place} class="lifeline" x1={x.clone()} x2={x} y1="0" y2="100%" /> }
}

/// Hops lead downwards, one below the other.
fn draw_arrow(arrow: &Arrow, number: usize, step: f64, lifelines: usize, reached: bool) -> Html {
    let y = step.mul_add(number as f64, 10.0);
    let x = |place: usize| format!("{:.2}%", share(place, lifelines));
    let class = classes!("arrow", (!reached).then_some("future"));
    html! {
        <line key={format!("a{number}")} {class} x1={x(arrow.from)} y1={format!("{y:.1}")} x2={x(arrow.to)} y2={format!("{:.1}", y + step)} />
    }
}

fn draw_cross(words: &Words, cross: &Cross, bottom: f64, lifelines: usize, reached: bool) -> Html {
    let x = format!("{:.2}%", share(cross.at, lifelines));
    let is_last = cross.at + 1 == lifelines;
    let (dx, anchor) = if is_last { ("-14", "end") } else { ("14", "start") };
    html! {
        <svg key={format!("x{}", cross.at)} {x} y={bottom.to_string()} overflow="visible" width="1" height="1" class={classes!("cross", (!reached).then_some("future"))}>
            <circle r="8" /><path d="M-3.5-3.5l7 7m0-7l-7 7" />
            <text x={dx} y="4" text-anchor={anchor}>{ words.reason_short(&cross.reason) }</text>
        </svg>
    }
}
