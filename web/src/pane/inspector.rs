//! The selected device or segment, to be changed: forms of all that the format can say of it.

use super::commands::CommandsPart;
use super::rules::RulesPart;
use crate::form::Fields;
use crate::hooks::{Same, use_part, use_words};
use crate::words::m;
use roundtrip_editor::edit::configure::{device_path, segment_path};
use roundtrip_editor::form::network::{DEVICE, SEGMENT};
use roundtrip_lab::Json;
use roundtrip_lab::document::{Device, Segment};
use roundtrip_lab::patch::look;
use yew::prelude::*;

/// The properties of the inspector of a device.
#[derive(Properties, PartialEq)]
pub(super) struct DeviceProps {
    /// The device.
    pub(super) device: Device,
}

/// Every field of a device, in folds.
#[component]
pub(super) fn Inspector(props: &DeviceProps) -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let device = &props.device;
    let path = device_path(&lab, &device.name);
    let object = look(&lab, &path).unwrap_or(Json::Null);
    let fields = |only: &'static [&'static str]| html! { <Fields form={DEVICE} path={path.clone()} object={object.clone()} {only} /> };
    let part = |title: String, open: bool, class: &'static str, inside: Html| {
        html! { <details class={classes!("part", class)} {open}><summary>{ title }</summary>{ inside }</details> }
    };
    html! {
        <section class="inspector" aria-label={words.t(m!("inspector-name"))}>
            <h2>{ words.device(device) }{ " " }<small>{ words.device_kind(device.kind) }</small></h2>
            { part(words.t(m!("part-identity")), false, "identity", fields(&["label", "name", "kind", "system", "description", "position"])) }
            { part(words.t(m!("part-addresses")), true, "addresses", fields(&["gateway", "routes", "interfaces"])) }
            { part(words.t(m!("part-rules")), false, "rules", html! { <RulesPart device={device.clone()} path={path.clone()} object={object.clone()} /> }) }
            { part(words.t(m!("field-services")), false, "services", fields(&["services"])) }
            { part(words.t(m!("field-settings")), false, "kernel", fields(&["settings"])) }
            { part(words.t(m!("part-commands")), false, "commands", html! { <CommandsPart device={device.clone()} /> }) }
        </section>
    }
}

/// The properties of the inspector of a segment.
#[derive(Properties, PartialEq)]
pub(super) struct SegmentFormProps {
    /// The segment.
    pub(super) segment: Segment,
}

/// Every field of a segment.
#[component]
pub(super) fn SegmentForm(props: &SegmentFormProps) -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let path = segment_path(&lab, &props.segment.name);
    let object = look(&lab, &path).unwrap_or(Json::Null);
    html! {
        <section class="inspector" aria-label={words.segment(&props.segment)}>
            <Fields form={SEGMENT} {path} {object} />
        </section>
    }
}
