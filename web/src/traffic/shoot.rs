//! From here to there, now: source and target by click on the picture or from two lists.

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::command::{Selection, ShowCommand, TimeCommand};
use roundtrip_editor::edit::Traffic;
use roundtrip_editor::edit::traffic::{Shot, end, free_id, likely_target};
use roundtrip_editor::form::choice::{Choice, offers};
use roundtrip_editor::{Command, Edit};
use roundtrip_lab::document::Seconds;
use roundtrip_sim::time::SimTime;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Which end the next device that is clicked becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Picking {
    From,
    To,
}

/// The form that shoots.
#[component]
pub(super) fn Shoot() -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let selection = use_part(|now| now.selection.clone());
    let (from, to) = (use_state_eq(String::new), use_state_eq(String::new));
    let kind = use_state_eq(|| 0_usize);
    let port = use_state_eq(String::new);
    let picking = use_state_eq(|| None::<Picking>);
    // A device that is clicked while an end is looked for becomes that end instead of being selected.
    {
        let (store, picking, from, to) = (store.clone(), picking.clone(), from.clone(), to.clone());
        use_effect_with(selection, move |selection| {
            let (Some(end), Selection::Device(name)) = (*picking, selection) else { return };
            match end {
                Picking::From => from.set(name.clone()),
                Picking::To => to.set(name.clone()),
            }
            picking.set(if end == Picking::From { Some(Picking::To) } else { None });
            store.send(Command::Select(Selection::Nothing));
        });
    }
    let devices: Vec<&str> =
        lab.devices.iter().filter(|device| device.main_address().is_some()).map(|device| device.name.as_str()).collect();
    let chosen_from =
        if devices.contains(&from.as_str()) { (*from).clone() } else { devices.first().copied().unwrap_or_default().to_owned() };
    let other = likely_target(&lab, &chosen_from).unwrap_or_default();
    let targets = offers(&lab, &format!("devices/{chosen_from}"), Choice::Target);
    let chosen_to = if targets.iter().any(|offer| offer.value == *to) { (*to).clone() } else { other.to_owned() };
    let shot = Shot::LABELS.get(*kind).map(|(_, shot)| *shot).unwrap_or_default();
    let shot = match (shot, port.parse::<u16>().ok().filter(|port| *port > 0)) {
        (Shot::Tcp(_), Some(port)) => Shot::Tcp(port),
        (Shot::Udp(_), Some(port)) => Shot::Udp(port),
        (shot, _) => shot,
    };
    let fire = |now: bool| {
        let (store, from, to) = (store.clone(), chosen_from.clone(), chosen_to.clone());
        Callback::from(move |_: MouseEvent| {
            let lab = store.snapshot().lab;
            let millis = store.moment().time.as_millis();
            let at = if now { Seconds(SimTime::from_millis(millis)) } else { end(&lab) };
            let action = shot.action(&from, &to, at);
            let id = free_id(&lab, &action.id);
            store.send_all(vec![
                Command::Edit(Edit::Traffic(Traffic::Add(Rc::new(action))), None),
                Command::Show(ShowCommand::Conversation(Some(id))),
                Command::Time(TimeCommand::Play),
            ]);
        })
    };
    let select = |id: &'static str, label: String, options: Vec<(String, String)>, chosen: &str, set: Callback<String>| {
        let onchange = Callback::from(move |event: Event| {
            if let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) {
                set.emit(select.value());
            }
        });
        let option = |(value, name): (String, String)| {
            let selected = value == chosen;
            html! { <option key={value.clone()} {selected} {value}>{ name }</option> }
        };
        html! {
            <div class="field">
                <label for={id}>{ label }</label>
                <select {id} {onchange}>{ for options.into_iter().map(option) }</select>
            </div>
        }
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |value: String| state.set(value))
    };
    let from_options = devices.iter().map(|name| ((*name).to_owned(), words.device_named(&lab, name))).collect();
    let to_options = targets.iter().map(|offer| (offer.value.clone(), words.offer(&lab, offer))).collect();
    let kind_options = Shot::LABELS.iter().enumerate().map(|(index, (label, _))| (index.to_string(), words.named(label))).collect();
    let set_kind = {
        let kind = kind.clone();
        Callback::from(move |value: String| kind.set(value.parse().unwrap_or_default()))
    };
    let onport = {
        let port = port.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
                port.set(input.value());
            }
        })
    };
    let usual_port = match Shot::LABELS.get(*kind) {
        Some((_, Shot::Tcp(port) | Shot::Udp(port))) => Some(port.to_string()),
        _ => None,
    };
    let bad_port = usual_port.is_some() && !port.is_empty() && !port.parse::<u16>().is_ok_and(|port| port > 0);
    let onpick = {
        let picking = picking.clone();
        Callback::from(move |_: MouseEvent| picking.set(if picking.is_some() { None } else { Some(Picking::From) }))
    };
    let pick_name = match *picking {
        None => words.t(m!("shoot-pick")),
        Some(Picking::From) => words.t(m!("shoot-pick-from")),
        Some(Picking::To) => words.t(m!("shoot-pick-to")),
    };
    let cannot = chosen_from.is_empty() || chosen_to.is_empty() || bad_port;
    html! {
        <div class="shoot" role="group" aria-label={words.t(m!("shoot-title"))}>
            { select("shoot-from", words.t(m!("field-from")), from_options, &chosen_from, set(&from)) }
            { select("shoot-to", words.t(m!("field-to")), to_options, &chosen_to, set(&to)) }
            { select("shoot-kind", words.t(m!("shoot-kind")), kind_options, &kind.to_string(), set_kind) }
            if let Some(usual) = usual_port {
                <div class={classes!("field", bad_port.then_some("fault"))}>
                    <label for="shoot-port">{ words.t(m!("field-port")) }</label>
                    <input id="shoot-port" type="text" inputmode="numeric" value={(*port).clone()} placeholder={usual} oninput={onport}
                        aria-invalid={bad_port.to_string()} aria-describedby={bad_port.then_some("shoot-port-note")} />
                    if bad_port {
                        <ul class="notes" id="shoot-port-note" aria-live="polite"><li>{ words.t(m!("shoot-bad-port")) }</li></ul>
                    }
                </div>
            }
            <div class="shoot-buttons">
                <button class="button small pick" onclick={onpick} aria-pressed={picking.is_some().to_string()}>{ pick_name }</button>
                <button class="button small shoot-now" onclick={fire(true)} disabled={cannot}>{ words.t(m!("shoot-now")) }</button>
                <button class="button primary small shoot-end" onclick={fire(false)} disabled={cannot}>{ words.with(m!("shoot-end"), &[("time", (&words.clock(end(&lab).0)).into())]) }</button>
            </div>
        </div>
    }
}
