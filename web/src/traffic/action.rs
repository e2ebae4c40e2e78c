//! One action of the time line: its time as a bar to be moved, what came of it, and its fields.

use crate::form::Fields;
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::command::ShowCommand;
use roundtrip_editor::edit::Traffic;
use roundtrip_editor::edit::configure::action_path;
use roundtrip_editor::form::actions::ACTION;
use roundtrip_editor::view::schedule::{Result, Row, dragged, nudged, share};
use roundtrip_editor::{Command, Edit, Gesture};
use roundtrip_lab::Json;
use roundtrip_lab::document::Seconds;
use roundtrip_lab::patch::look;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct ActionProps {
    pub(super) row: Row,
    pub(super) span: Seconds,
    pub(super) count: usize,
}

/// A bar in the hand: where it was taken, and what its moves are one step of.
#[derive(Clone, Copy)]
struct Hold {
    x: i32,
    width: f64,
    from: Seconds,
    gesture: Gesture,
}

/// The row, with its fields in a fold.
#[component]
pub(super) fn ActionRow(props: &ActionProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    // The fields of hundreds of actions, each with lists of all devices, are made for those alone that somebody opens.
    let opened = use_state(|| false);
    let ActionProps { row, count, .. } = props;
    let Some(action) = lab.action(&row.id) else { return Html::default() };
    let title = words.action(&lab, action);
    let send = |traffic: Traffic| {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Command::Edit(Edit::Traffic(traffic.clone()), None)))
    };
    let button = |id, sign: &'static str, class: &'static str, traffic: Traffic| {
        let name = words.with(id, &[("action", (&title).into())]);
        html! { <button class={classes!("button", "small", "sign", class)} onclick={send(traffic)} aria-label={name.clone()} title={name}>{ sign }</button> }
    };
    let id = row.id.clone();
    let onlook = {
        let (store, id) = (store.clone(), id.clone());
        Callback::from(move |_: MouseEvent| store.send(Command::Show(ShowCommand::Conversation(Some(id.clone())))))
    };
    let talks = matches!(row.result, Result::Talked(_));
    let look_name = words.with(m!("action-look"), &[("action", (&title).into())]);
    let ontoggle = {
        let opened = opened.clone();
        Callback::from(move |event: Event| {
            let fold = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if fold.is_some_and(|fold| fold.has_attribute("open")) {
                opened.set(true);
            }
        })
    };
    let fields = || {
        let path = action_path(&lab, &row.id);
        let object = look(&lab, &path).unwrap_or(Json::Null);
        html! { <Fields form={ACTION} {path} {object} /> }
    };
    let (good, said) = words.result(row.result);
    let sign = if good { "✓" } else { "✕" };
    html! {
        <li class="action" data-action={id.clone()}>
            <TimeBar row={row.clone()} span={props.span} title={title.clone()} />
            <details class="item" {ontoggle}>
                <summary>
                    <span class="when">{ words.clock(row.at.0) }</span>{ " " }<span class="title">{ &title }</span>{ " " }
                    <span class={classes!("result", if good { "good" } else { "bad" })}><span aria-hidden="true">{ sign }</span>{ " " }{ said }</span>
                </summary>
                if *opened {
                    { fields() }
                }
                <div class="action-buttons">
                    if talks {
                        <button class="button small" onclick={onlook} aria-label={look_name}>{ words.t(m!("action-show")) }</button>
                    }
                    { button(m!("action-duplicate"), "⧉", "duplicate", Traffic::Duplicate(id.clone())) }
                    if *count > 1 {
                        { button(m!("action-earlier"), "↑", "earlier", Traffic::Order(id.clone(), row.place.saturating_sub(1))) }
                        { button(m!("action-later"), "↓", "later", Traffic::Order(id.clone(), row.place.saturating_add(1))) }
                    }
                    { button(m!("action-remove"), "✕", "remove", Traffic::Remove(id)) }
                </div>
            </details>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct BarProps {
    row: Row,
    span: Seconds,
    title: String,
}

/// The action's time on the line, moved by pointer and by arrows.
#[component]
fn TimeBar(props: &BarProps) -> Html {
    let words = use_words();
    let store = use_store();
    let hold = use_mut_ref(|| None::<Hold>);
    let BarProps { row, span, title } = props;
    let move_to = {
        let (store, id) = (store.clone(), row.id.clone());
        move |at: Seconds, gesture: Option<Gesture>| store.send(Command::Edit(Edit::Traffic(Traffic::At(id.clone(), at)), gesture))
    };
    let onpointerdown = {
        let (hold, store, from) = (hold.clone(), store, row.at);
        Callback::from(move |event: PointerEvent| {
            let Some(bar) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
            let Some(track) = bar.closest(".track").ok().flatten() else { return };
            let _ = bar.set_pointer_capture(event.pointer_id());
            let width = track.get_bounding_client_rect().width().max(1.0);
            *hold.borrow_mut() = Some(Hold { x: event.client_x(), width, from, gesture: store.new_gesture() });
        })
    };
    let onpointermove = {
        let (hold, move_to, span) = (hold.clone(), move_to.clone(), *span);
        Callback::from(move |event: PointerEvent| {
            let held = *hold.borrow();
            if let Some(Hold { x, width, from, gesture }) = held {
                let share = f64::from(event.client_x().saturating_sub(x)) / width;
                move_to(dragged(from, share, span), Some(gesture));
            }
        })
    };
    let release = Callback::from(move |_: PointerEvent| *hold.borrow_mut() = None);
    let onkeydown = {
        let at = row.at;
        Callback::from(move |event: KeyboardEvent| {
            let step = if event.shift_key() {
                10_000
            } else if event.alt_key() {
                100
            } else {
                1_000
            };
            let to = match event.key().as_str() {
                "ArrowRight" | "ArrowUp" => nudged(at, step),
                "ArrowLeft" | "ArrowDown" => nudged(at, -step),
                "Home" => Seconds::ZERO,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            move_to(to, None);
        })
    };
    let percent = |share: f64| format!("{:.2}%", share * 100.0);
    let style = format!("left:{};width:{}", percent(share(row.at.0, *span)), percent(share(row.length, *span).max(0.02)));
    let name = words.with(m!("action-time"), &[("action", title.into())]);
    html! {
        <div class="track">
            <span class={classes!("bar", matches!(row.result, Result::Talked(_)).then_some("talk"))} {style} tabindex="0" role="slider" data-own-keys="true"
                aria-label={name} aria-valuemin="0" aria-valuemax={span.as_f64().to_string()} aria-valuenow={row.at.as_f64().to_string()}
                aria-valuetext={words.clock(row.at.0)} {onpointerdown} {onpointermove} onpointerup={release.clone()} onpointercancel={release} {onkeydown} />
        </div>
    }
}
