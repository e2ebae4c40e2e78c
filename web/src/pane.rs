//! The right-hand pane: what happened in a sentence, what would help, and the selected device in full.

mod believes;
mod commands;
mod cures;
mod inspector;
mod lab;
mod problems;
mod rules;
mod segment;
mod tables;
mod verdict;

use crate::draw::{CableCard, SeveralCard};
use crate::hooks::{Same, use_part, use_words};
use crate::words::m;
use roundtrip_editor::Snapshot;
use roundtrip_editor::command::Selection;
use yew::prelude::*;

/// Verdict, inspector, tables.
#[component]
pub(crate) fn Pane() -> Html {
    let lab = use_part(|now| Same(now.lab.clone()));
    let selected = use_part(selected_device);
    let looked_at = use_part(looked_at);
    let selection = use_part(|now| now.selection.clone());
    let segment = use_part(|now| if let Selection::Segment(name) = &now.selection { Some(name.clone()) } else { None });
    let segment = segment.and_then(|name| lab.segment(&name).cloned());
    let device = selected.as_deref().and_then(|name| lab.device(name)).cloned();
    html! {
        <>
            <problems::Problems />
            if let Some(device) = device {
                <inspector::Inspector key={device.name.clone()} device={device.clone()} />
            }
            if let Some(segment) = &segment {
                <inspector::SegmentForm key={segment.name.clone()} segment={segment.clone()} />
            }
            if let Selection::Cable(device, interface) = &selection {
                <CableCard key={format!("{device}.{interface}")} device={device.clone()} interface={interface.clone()} />
            }
            if let Selection::Several(items) = &selection {
                <SeveralCard items={items.clone()} />
            }
            <verdict::VerdictCard />
            <crate::traffic::TrafficPart />
            if let Some(segment) = segment {
                <segment::SegmentCard key={segment.name.clone()} segment={segment.clone()} />
            } else if let Some(name) = looked_at {
                <believes::Believes />
                <tables::Tables {name} />
            }
            <lab::LabPart />
            <About />
        </>
    }
}

/// What happened and what would help, without the rest.
#[component]
pub(crate) fn Verdict() -> Html {
    html! { <verdict::VerdictCard /> }
}

/// What the lab is about, as its author says it.
#[component]
fn About() -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let text = lab.description.get(words.language().tag());
    if text.is_empty() {
        return Html::default();
    }
    html! {
        <details class="about">
            <summary>{ words.t(m!("about-lab")) }</summary>
            <p>{ text }</p>
        </details>
    }
}

fn selected_device(now: &Snapshot) -> Option<String> {
    if let Selection::Device(name) = &now.selection { Some(name.clone()) } else { None }
}

/// The device whose tables are shown: the selected one, else the one where something died, else the one who began.
fn looked_at(now: &Snapshot) -> Option<String> {
    selected_device(now).or_else(|| {
        let conversation = now.focus.conversation.as_ref()?;
        let loss = now.run.losses.iter().find(|loss| loss.action == Some(conversation.action));
        Some(now.run.device_name(loss.map_or(conversation.from, |loss| loss.node)).to_owned())
    })
}
