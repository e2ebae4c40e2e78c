//! The packet filter and address translation of a device: as a form, or as text.

use crate::form::Fields;
use crate::hooks::{use_store, use_words};
use crate::words::m;
use roundtrip_editor::edit::Configure;
use roundtrip_editor::form::network::DEVICE;
use roundtrip_editor::form::rules::{Preset, as_form, as_text, without_rules};
use roundtrip_editor::{Command, Edit};
use roundtrip_lab::Json;
use roundtrip_lab::document::Device;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct RulesProps {
    pub(super) device: Device,
    pub(super) path: String,
    pub(super) object: Json,
}

/// One of the two ways to write rules, with a way to the other.
#[component]
pub(super) fn RulesPart(props: &RulesProps) -> Html {
    let words = use_words();
    let store = use_store();
    let RulesProps { device, path, object } = props;
    let become_ = {
        let (store, name) = (store.clone(), device.name.clone());
        move |to: Device| {
            let to = Rc::new(to);
            store.send(Command::Edit(Edit::Configure(Configure::Device { device: name.clone(), to }), None));
        }
    };
    let button = |id, to: Device| {
        let become_ = become_.clone();
        let onclick = Callback::from(move |_: MouseEvent| become_(to.clone()));
        html! { <button class="button small" {onclick}>{ words.t(id) }</button> }
    };
    let has_text = !device.nft.is_empty();
    let has_form = !device.filter.is_empty() || !device.nat.is_empty();
    let onpreset = {
        let (device, become_) = (device.clone(), become_.clone());
        Callback::from(move |event: Event| {
            let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) else { return };
            let chosen = usize::try_from(select.selected_index()).ok().and_then(|index| index.checked_sub(1));
            if let Some(preset) = chosen.and_then(|index| Preset::ALL.get(index)) {
                become_(preset.on(&device));
            }
            select.set_value("");
        })
    };
    let only: &'static [&'static str] = if has_text { &["nft"] } else { &["filter", "nat"] };
    html! {
        <>
            <div class="rules-buttons">
                <select class="button small" aria-label={words.t(m!("rules-start"))} onchange={onpreset}>
                    <option value="" selected={true}>{ words.t(m!("rules-start")) }</option>
                    <option value="stateful">{ words.t(m!("rules-preset-stateful")) }</option>
                    <option value="firewall">{ words.t(m!("rules-preset-firewall")) }</option>
                    <option value="home">{ words.t(m!("rules-preset-home")) }</option>
                </select>
                if has_text {
                    if let Some(form) = as_form(device) {
                        { button(m!("rules-as-form"), form) }
                    }
                } else if has_form {
                    { button(m!("rules-as-text"), as_text(device)) }
                }
                if has_text || has_form {
                    { button(m!("rules-remove"), without_rules(device)) }
                }
            </div>
            <Fields form={DEVICE} path={path.clone()} object={object.clone()} {only} />
        </>
    }
}
