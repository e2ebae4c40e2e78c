//! Where to look: one place, or several.

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::command::ShowCommand;
use roundtrip_editor::view::capture::{Tap, taps};
use roundtrip_editor::{Command, Run, WatchCommand};
use roundtrip_lab::Lab;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// A place as capture files name it: `pc1.eth0`, `segment:living`.
pub(super) fn technical_name(run: &Run, tap: Tap) -> String {
    match tap {
        Tap::Interface(port) => {
            let interface =
                run.scenario.nodes.get(port.node.0 as usize).and_then(|node| node.interfaces.get(usize::from(port.interface.0)));
            format!("{}.{}", run.device_name(port.node), interface.map_or("", |interface| interface.name.as_str()))
        }
        Tap::Mirror(segment) => {
            format!("segment:{}", run.scenario.segments.get(segment.0 as usize).map_or("", |segment| segment.name.as_str()))
        }
    }
}

/// A place, as people find it: `PC1 eth0`, `mirror of Living segment`.
pub(super) fn tap_name(words: &Words, run: &Run, lab: &Lab, tap: Tap) -> String {
    match tap {
        Tap::Interface(port) => {
            let interface =
                run.scenario.nodes.get(port.node.0 as usize).and_then(|node| node.interfaces.get(usize::from(port.interface.0)));
            let device = words.device_named(lab, run.device_name(port.node));
            format!("{device} {}", interface.map_or("", |interface| interface.name.as_str()))
        }
        Tap::Mirror(segment) => {
            let name = run.scenario.segments.get(segment.0 as usize).map_or("", |segment| segment.name.as_str());
            let name = lab.segment(name).map_or_else(|| name.to_owned(), |segment| words.segment(segment));
            words.with(m!("tap-mirror"), &[("segment", (&name).into())])
        }
    }
}

/// The choice of the first place, those beside it, and how several are shown.
#[component]
pub(super) fn Taps() -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let tap = use_part(|now| now.tap);
    let watch = use_part(|now| Same(now.watch.clone()));
    let option = |(place, other): (usize, Tap)| {
        html! { <option key={place} selected={other == tap}>{ tap_name(&words, &run, &lab, other) }</option> }
    };
    let onchange = {
        let (run, store) = (run.clone(), store.clone());
        Callback::from(move |event: Event| {
            let chosen = selected(&event).and_then(|index| taps(&run.scenario).nth(index));
            if let Some(tap) = chosen {
                store.send(Command::Show(ShowCommand::Tap(tap)));
            }
        })
    };
    let chosen: Vec<Tap> = watch.taps(tap).collect();
    let others: Vec<Tap> = taps(&run.scenario).filter(|other| !chosen.contains(other)).collect();
    let onadd = {
        let (others, store) = (others.clone(), store.clone());
        Callback::from(move |event: Event| {
            // The first line is the menu's own name.
            let added = selected(&event).and_then(|index| index.checked_sub(1)).and_then(|index| others.get(index));
            if let Some(tap) = added {
                store.send(Command::Watch(WatchCommand::AddTap(*tap)));
            }
            if let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) {
                select.set_selected_index(0);
            }
        })
    };
    let more = |other: Tap| {
        let store = store.clone();
        let name = tap_name(&words, &run, &lab, other);
        let onclick = Callback::from(move |_: MouseEvent| store.send(Command::Watch(WatchCommand::RemoveTap(other))));
        let title = words.with(m!("tap-remove"), &[("tap", (&name).into())]);
        html! { <button key={name.clone()} class="button small chip" {onclick} aria-label={title.clone()} {title}>{ name }<span aria-hidden="true">{ " ×" }</span></button> }
    };
    let lanes = watch.lanes;
    let toggle = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Command::Watch(WatchCommand::Lanes(!lanes))))
    };
    html! {
        <>
            <select class="button small tap" aria-label={words.t(m!("tap"))} {onchange}>{ for taps(&run.scenario).enumerate().map(option) }</select>
            { for chosen.iter().skip(1).map(|other| more(*other)) }
            if !others.is_empty() {
                <select class="button small add-tap" aria-label={words.t(m!("tap-add"))} title={words.t(m!("tap-add"))} onchange={onadd}>
                    <option selected={true}>{ "+" }</option>
                    { for others.iter().map(|other| { let name = tap_name(&words, &run, &lab, *other); html! { <option key={name.clone()}>{ name }</option> } }) }
                </select>
            }
            if chosen.len() > 1 {
                <button class="button small" onclick={toggle} aria-pressed={lanes.to_string()}>{ words.t(m!("lanes")) }</button>
            }
        </>
    }
}

fn selected(event: &Event) -> Option<usize> {
    let select = event.target()?.dyn_into::<HtmlSelectElement>().ok()?;
    usize::try_from(select.selected_index()).ok()
}
