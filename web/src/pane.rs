//! The right-hand pane: what happened in a sentence, what would help, and the selected device in full.

mod cures;
mod field;
mod inspector;
mod problems;
mod routes;
mod tables;
mod verdict;

use crate::hooks::{Same, use_part};
use roundtrip_editor::Snapshot;
use roundtrip_editor::command::Selection;
use yew::prelude::*;

/// Verdict, inspector, tables.
#[component]
pub(crate) fn Pane() -> Html {
    let lab = use_part(|now| Same(now.lab.clone()));
    let selected = use_part(selected_device);
    let looked_at = use_part(looked_at);
    let device = selected.as_deref().and_then(|name| lab.device(name)).cloned();
    html! {
        <>
            <problems::Problems />
            <verdict::VerdictCard />
            if let Some(device) = device {
                <inspector::Inspector key={device.name.clone()} device={device.clone()} />
            }
            if let Some(name) = looked_at {
                <tables::Tables {name} />
            }
        </>
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
