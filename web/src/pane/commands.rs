//! A device's configuration as the commands that one would type on it.

use crate::form::TextDraft;
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::edit::text::{Checked, check_commands};
use roundtrip_lab::commands::print;
use roundtrip_lab::document::Device;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct CommandsProps {
    pub(super) device: Device,
}

/// The commands, to be changed.
#[component]
pub(super) fn CommandsPart(props: &CommandsProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let name = props.device.name.clone();
    // Whose commands they are is all that the check depends on; the document it asks for itself.
    let check =
        use_callback(name.clone(), move |text: String, name: &String| -> Checked { check_commands(&store.snapshot().lab, name, &text) });
    html! {
        <>
            <p>{ words.t(m!("commands-hint")) }</p>
            <TextDraft name={format!("commands {} {name}", lab.title.get(""))} label={words.t(m!("part-commands"))} value={print(&props.device)} {check} rows={14} />
        </>
    }
}
