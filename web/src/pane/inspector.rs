//! The selected device, to be changed.

use super::field::Field;
use super::routes::Routes;
use crate::hooks::{Same, use_part, use_words};
use crate::words::{Words, m};
use ipnet::Ipv4Net;
use roundtrip_editor::Edit;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Interface};
use std::net::Ipv4Addr;
use yew::prelude::*;

/// The properties of the inspector and its parts.
#[derive(Properties, PartialEq)]
pub(super) struct DeviceProps {
    /// The device.
    pub(super) device: Device,
}

/// Name, gateway, routes, addresses, settings.
#[component]
pub(super) fn Inspector(props: &DeviceProps) -> Html {
    let words = use_words();
    let device = &props.device;
    html! {
        <section class="inspector" aria-label={words.t(m!("inspector-name"))}>
            <h2>{ words.device(device) }{ " " }<small>{ words.device_kind(device.kind) }</small></h2>
            <NameField device={device.clone()} />
            <GatewayField device={device.clone()} />
            <Routes device={device.clone()} />
            <Addresses device={device.clone()} />
            <Settings device={device.clone()} />
        </section>
    }
}

#[component]
fn NameField(props: &DeviceProps) -> Html {
    let words = use_words();
    let device = &props.device;
    let (name, language) = (device.name.clone(), words.language().tag());
    let parse = Callback::from(move |label: String| Ok(Edit::SetLabel { device: name.clone(), language, label }));
    html! {
        <Field label={words.t(m!("field-name"))} value={device.label.get(language).to_owned()} placeholder={device.name.clone()} {parse}
            path={format!("devices/{}/label", device.name)} />
    }
}

#[component]
fn GatewayField(props: &DeviceProps) -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let device = &props.device;
    let name = device.name.clone();
    let parse = {
        let words = words.clone();
        Callback::from(move |text: String| {
            let gateway = if text.is_empty() { Ok(None) } else { text.parse::<Ipv4Addr>().map(Some) };
            let gateway = gateway.map_err(|_| words.t(m!("fault-address")))?;
            Ok(Edit::SetGateway { device: name.clone(), gateway })
        })
    };
    html! {
        <Field label={words.t(m!("field-gateway"))} value={device.gateway.map(|gateway| gateway.to_string()).unwrap_or_default()}
            placeholder={words.t(m!("no-gateway"))} choices={neighbours(&words, &lab, device)} {parse}
            path={format!("devices/{}/gateway", device.name)} />
    }
}

/// Addresses of devices that forward and share a segment with this one, with their names.
pub(super) fn neighbours(words: &Words, lab: &Lab, device: &Device) -> Vec<(String, String)> {
    let shares = |interface: &&Interface| device.interfaces.iter().any(|own| own.segment.is_some() && own.segment == interface.segment);
    lab.devices
        .iter()
        .filter(|other| other.name != device.name && other.kind.forwards())
        .flat_map(|other| {
            let near = other.interfaces.iter().filter(shares).flat_map(|interface| &interface.addresses);
            near.map(|net| (net.addr().to_string(), words.device(other))).collect::<Vec<_>>()
        })
        .collect()
}

/// The addresses of every interface.
#[component]
fn Addresses(props: &DeviceProps) -> Html {
    let words = use_words();
    let device = &props.device;
    let field = |interface: &Interface, index: usize| {
        let words = words.clone();
        let (device_name, interface_name) = (device.name.clone(), interface.name.clone());
        let value = interface.addresses.get(index).map(ToString::to_string).unwrap_or_default();
        let label = words.with(m!("field-address"), &[("interface", (&interface.name).into())]);
        let path = format!("devices/{}/interfaces/{}/addresses/{index}", device.name, interface.name);
        let is_there = index < interface.addresses.len();
        let parse = Callback::from(move |text: String| {
            let address = match text.as_str() {
                "" if is_there => None,
                _ => Some(text.parse::<Ipv4Net>().map_err(|_| words.t(m!("fault-prefix")))?),
            };
            Ok(Edit::SetAddress { device: device_name.clone(), interface: interface_name.clone(), index, address })
        });
        html! { <Field key={format!("{}/{index}", interface.name)} {label} {value} placeholder="192.168.1.10/24" {parse} {path} /> }
    };
    let fields = device.interfaces.iter().flat_map(|interface| (0..interface.addresses.len().max(1)).map(move |index| (interface, index)));
    html! { <>{ for fields.map(|(interface, index)| field(interface, index)) }</> }
}

/// The settings that the document gives this device.
#[component]
fn Settings(props: &DeviceProps) -> Html {
    let words = use_words();
    let device = &props.device;
    let field = |(setting, value): (&String, i64)| {
        let words = words.clone();
        let (name, key) = (device.name.clone(), setting.clone());
        let path = format!("devices/{}/settings/{setting}", device.name);
        let parse = Callback::from(move |text: String| {
            let value = text.parse::<i64>().map_err(|_| words.t(m!("fault-number")))?;
            Ok(Edit::SetSetting { device: name.clone(), setting: key.clone(), value: Some(value) })
        });
        html! { <Field key={setting.clone()} label={setting.clone()} value={value.to_string()} {parse} {path} /> }
    };
    let numbers = device.settings.iter().filter_map(|(setting, value)| Some((setting, value.number()?)));
    html! { <>{ for numbers.map(field) }</> }
}
