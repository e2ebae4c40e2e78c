//! Captures as pcapng, from the places that are chosen.

use super::files;
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::store::Store;
use crate::words::{Words, m};
use roundtrip_editor::Run;
use roundtrip_export::Tap;
use roundtrip_export::pcapng::Capture;
use std::collections::BTreeSet;
use yew::prelude::*;

fn bytes(store: &Store, words: &Words, taps: &[Tap]) -> Vec<u8> {
    let now = store.snapshot();
    let (lab, run): (_, &Run) = (&now.lab, &now.run);
    let capture = Capture {
        scenario: &run.scenario,
        trace: &run.trace,
        taps,
        comment: lab.title.get(words.language().tag()),
        describe: &|tap| name(words, run, lab, tap),
        on_death: &|drop| words.tell(lab, &roundtrip_explain::death(&run.scenario, &run.trace, drop)),
    };
    capture.to_bytes()
}

/// What people call a place.
fn name(words: &Words, run: &Run, lab: &roundtrip_lab::Lab, tap: Tap) -> String {
    match tap {
        Tap::Interface(port) => {
            let device = words.device_named(lab, run.device_name(port.node));
            let node = run.scenario.nodes.get(port.node.0 as usize);
            let interface = node.and_then(|node| node.interfaces.get(usize::from(port.interface.0)));
            format!("{device} {}", interface.map_or("", |interface| &interface.name))
        }
        Tap::Mirror(segment) => {
            let segment = lab.segments.get(segment.0 as usize).map_or_else(String::new, |segment| words.segment(segment));
            words.with(m!("export-mirror"), &[("segment", (&segment).into())])
        }
    }
}

/// The places and the button.
#[component]
pub(super) fn Captures() -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    // What is taken out: at first nothing but the mirrors, where every frame would be seen once more.
    let all = Tap::all(&run.scenario);
    let changed = use_state(BTreeSet::<Tap>::new);
    let is_in = |tap: &Tap| matches!(tap, Tap::Interface(_)) != changed.contains(tap);
    let chosen: Vec<Tap> = all.iter().copied().filter(is_in).collect();
    let line = |tap: &Tap| {
        let (tap, changed) = (*tap, changed.clone());
        let onchange = Callback::from(move |_: Event| {
            let mut new = (*changed).clone();
            if !new.remove(&tap) {
                new.insert(tap);
            }
            changed.set(new);
        });
        let key = tap.name(&run.scenario);
        html! {
            <label {key} class="check"><input type="checkbox" checked={is_in(&tap)} {onchange} /><span>{ name(&words, &run, &lab, tap) }</span></label>
        }
    };
    let none = chosen.is_empty();
    let onclick = {
        let words = words.clone();
        Callback::from(move |_: MouseEvent| {
            files::offer(&store, ".pcapng", "application/x-pcapng", &bytes(&store, &words, &chosen));
        })
    };
    html! {
        <section class="export-part" aria-labelledby="export-captures">
            <h3 id="export-captures">{ words.t(m!("export-captures")) }</h3>
            <fieldset class="taps"><legend>{ words.t(m!("export-taps")) }</legend>{ for all.iter().map(line) }</fieldset>
            <div class="sheet-buttons"><button class="button" {onclick} disabled={none}>{ words.t(m!("export-pcapng")) }</button></div>
            <p class="sheet-note">{ words.t(m!("export-captures-hint")) }</p>
        </section>
    }
}
