//! The dialog with all that can be taken away.

use super::captures::Captures;
use super::files::offer;
use super::pictures::Pictures;
use crate::carry::{show, use_dialog};
use crate::hooks::{use_part, use_store, use_words};
use crate::words::{Words, m};
use roundtrip_editor::carry::Dialog;
use roundtrip_export::containerlab::{IMAGE, topology};
use roundtrip_export::netns::{Refused, script};
use roundtrip_lab::save;
use yew::prelude::*;

/// Opens the dialog.
#[component]
pub(crate) fn ExportButton() -> Html {
    let words = use_words();
    let store = use_store();
    let onclick = Callback::from(move |_: MouseEvent| show(&store, Some(Dialog::Export)));
    html! { <button class="button export-button" {onclick}>{ words.t(m!("export")) }</button> }
}

/// The dialog. What is in it is there only while it is open.
#[component]
pub(crate) fn ExportDialog() -> Html {
    let words = use_words();
    let store = use_store();
    let open = use_part(|now| now.carry.dialog);
    let dialog = use_dialog(Dialog::Export, open);
    let close = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| show(&store, None))
    };
    let onclose = Callback::from(move |_: Event| {
        if store.snapshot().carry.dialog == Some(Dialog::Export) {
            show(&store, None);
        }
    });
    html! {
        <dialog class="sheet export" ref={dialog} {onclose} aria-labelledby="export-title">
            <h2 id="export-title">{ words.t(m!("export-title")) }</h2>
            if open == Some(Dialog::Export) {
                <Pictures />
                <Captures />
                <Texts />
            }
            <button class="button" onclick={close}>{ words.t(m!("close")) }</button>
        </dialog>
    }
}

/// Which text is made.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Json,
    Netns,
    Containerlab,
}

/// The lab itself, and what builds it elsewhere.
#[component]
fn Texts() -> Html {
    let words = use_words();
    let store = use_store();
    let refused = use_state(Vec::<Refused>::new);
    let button = |kind: Kind, text: String| {
        let (store, refused, language) = (store.clone(), refused.clone(), words.language().tag());
        let onclick = Callback::from(move |_: MouseEvent| {
            let lab = store.snapshot().lab;
            let (ending, of, made) = match kind {
                Kind::Json => (".json", "application/json", Ok(save(&lab))),
                Kind::Netns => (".sh", "application/x-sh", script(&lab, language)),
                Kind::Containerlab => (".clab.yml", "application/yaml", topology(&lab, language, IMAGE)),
            };
            match made {
                Ok(text) => {
                    refused.set(Vec::new());
                    offer(&store, ending, of, text.as_bytes());
                }
                Err(why) => refused.set(why),
            }
        });
        html! { <button class="button" {onclick}>{ text }</button> }
    };
    html! {
        <section class="export-part" aria-labelledby="export-lab">
            <h3 id="export-lab">{ words.t(m!("export-lab")) }</h3>
            <div class="sheet-buttons">
                { button(Kind::Json, words.t(m!("export-json"))) }
                { button(Kind::Netns, words.t(m!("export-netns"))) }
                { button(Kind::Containerlab, words.t(m!("export-containerlab"))) }
            </div>
            <div role="status">
                { for refused.iter().map(|reason| html! { <p class="warning">{ sentence(&words, reason) }</p> }) }
            </div>
            <p class="sheet-note">{ words.t(m!("export-lab-hint")) }</p>
        </section>
    }
}

fn sentence(words: &Words, reason: &Refused) -> String {
    match reason {
        Refused::ReservedInterface { device, interface } => {
            words.with(m!("export-reserved"), &[("device", device.into()), ("interface", interface.into())])
        }
        Refused::Errors(count) => words.with(m!("export-errors"), &[("count", (*count).into())]),
    }
}
