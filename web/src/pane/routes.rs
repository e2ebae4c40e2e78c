//! The routes of a device, as a list to be changed.

use super::field::Field;
use super::inspector::{DeviceProps, neighbours};
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::edit::suggested_route;
use roundtrip_editor::{Command, Edit};
use roundtrip_lab::document::{Network, Route};
use std::net::Ipv4Addr;
use yew::prelude::*;

/// Every route, and a way to add one.
#[component]
pub(super) fn Routes(props: &DeviceProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let device = &props.device;
    let onadd = {
        let device = device.clone();
        Callback::from(move |_: MouseEvent| {
            let route = suggested_route(&lab, &device);
            store.send(Command::Edit(Edit::AddRoute { device: device.name.clone(), route }, None));
        })
    };
    let line = |index: usize| html! { <RouteLine key={index} device={device.clone()} {index} /> };
    html! {
        <fieldset class="routes">
            <legend>{ words.t(m!("field-routes")) }</legend>
            { for (0..device.routes.len()).map(line) }
            if device.routes.is_empty() {
                <p class="empty">{ words.t(m!("no-routes")) }</p>
            }
            <button class="button small add-route" onclick={onadd}>{ words.t(m!("add-route")) }</button>
        </fieldset>
    }
}

#[derive(Properties, PartialEq)]
struct RouteProps {
    device: roundtrip_lab::document::Device,
    index: usize,
}

#[component]
fn RouteLine(props: &RouteProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let RouteProps { device, index } = props;
    let index = *index;
    let Some(route) = device.routes.get(index).cloned() else { return Html::default() };
    let name = device.name.clone();
    let change = {
        let (name, route) = (name.clone(), route.clone());
        move |alter: &dyn Fn(&mut Route)| {
            let mut route = route.clone();
            alter(&mut route);
            Edit::SetRoute { device: name.clone(), index, route }
        }
    };
    let parse_to = {
        let (words, change) = (words.clone(), change.clone());
        Callback::from(move |text: String| {
            let to = text.parse::<Network>().map_err(|()| words.t(m!("fault-network")))?;
            Ok(change(&|route| route.to = to))
        })
    };
    let parse_via = {
        let words = words.clone();
        Callback::from(move |text: String| {
            let via = if text.is_empty() { Ok(None) } else { text.parse::<Ipv4Addr>().map(Some) };
            let via = via.map_err(|_| words.t(m!("fault-address")))?;
            Ok(change(&|route| route.via = via))
        })
    };
    let onremove = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Command::Edit(Edit::RemoveRoute { device: name.clone(), index }, None)))
    };
    let path = format!("devices/{}/routes/{index}", device.name);
    let destination = route.to.to_string();
    let remove = words.with(m!("remove-route"), &[("destination", (&destination).into())]);
    html! {
        <div class="route">
            <Field label={words.t(m!("route-to"))} bare=true value={destination} placeholder="192.168.2.0/24" parse={parse_to} path={format!("{path}/to")} />
            <span class="via">{ "via" }</span>
            <Field label={words.t(m!("route-via"))} bare=true value={route.via.map(|via| via.to_string()).unwrap_or_default()}
                choices={neighbours(&words, &lab, device)} parse={parse_via} path={format!("{path}/via")} />
            <button class="button small sign" onclick={onremove} aria-label={remove.clone()} title={remove}>{ "✕" }</button>
        </div>
    }
}
