//! The network as text: every segment, device, interface, address, cable and problem, and all that can be done to them.

use super::NameInput;
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::store::Store;
use crate::words::{Words, m};
use roundtrip_editor::command::Selection;
use roundtrip_editor::hand::{HandCommand, Picking, Tool};
use roundtrip_editor::view::faults;
use roundtrip_editor::{Command, Item};
use roundtrip_lab::document::{Device, Interface, Segment};
use std::collections::BTreeSet;
use yew::prelude::*;

/// Segments, then devices with their interfaces.
#[component]
pub(crate) fn Outline() -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let faults = use_memo((lab.clone(), run.clone()), |(lab, run)| faults::by_item(lab, &run.problems));
    let wrong = |item: &Item| -> Vec<String> {
        let numbers = faults.get(item).into_iter().flatten();
        numbers
            .filter_map(|number| run.problems.get(*number))
            .map(|problem| format!("{} {}", words.problems().problem(problem), words.problems().remedy(problem)))
            .collect()
    };
    let segment = |segment: &Segment| {
        let item = Item::Segment(segment.name.clone());
        let on_it = lab.devices.iter().filter(|device| device.interfaces.iter().any(|own| own.segment.as_ref() == Some(&segment.name)));
        let names: Vec<String> = on_it.map(|device| words.device(device)).collect();
        let about = segment.subnet.map_or_else(|| words.t(m!("no-subnet")), |subnet| subnet.to_string());
        html! {
            <Entry key={item.key()} item={item.clone()} name={words.segment(segment)} {about} wrong={wrong(&item)} gateway={false}>
                <p>{ if names.is_empty() { words.t(m!("nobody-on-it")) } else { words.with(m!("on-it"), &[("devices", (&names.join(", ")).into())]) } }</p>
            </Entry>
        }
    };
    let device = |device: &Device| {
        let item = Item::Device(device.name.clone());
        let gateway = device.gateway.map_or_else(|| words.t(m!("subtitle-no-gateway")), |gateway| gateway.to_string());
        html! {
            <Entry key={item.key()} item={item.clone()} name={words.device(device)} about={words.device_kind(device.kind)} wrong={wrong(&item)} gateway={true}>
                <p>{ words.t(m!("field-gateway")) }{ ": " }{ gateway }</p>
                <ul class="cables">{ for device.interfaces.iter().map(|interface| html! { <Cable key={interface.name.clone()} device={device.name.clone()} interface={interface.clone()} /> }) }</ul>
            </Entry>
        }
    };
    html! {
        <div class="outline">
            <h2>{ words.t(m!("outline-name")) }</h2>
            <Adding />
            <h3 id="outline-segments">{ words.t(m!("outline-segments")) }</h3>
            <ul class="entries" aria-labelledby="outline-segments">{ for lab.segments.iter().map(segment) }</ul>
            <h3 id="outline-devices">{ words.t(m!("outline-devices")) }</h3>
            <ul class="entries" aria-labelledby="outline-devices">{ for lab.devices.iter().map(device) }</ul>
        </div>
    }
}

/// New things.
#[component]
fn Adding() -> Html {
    let words = use_words();
    let store = use_store();
    let add = |tool: Tool| {
        let Some(name) = words.addable(tool) else { return Html::default() };
        let store = store.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            store.send(Command::Hand(HandCommand::Tool(tool)));
            store.send(Command::Hand(HandCommand::Place));
        });
        html! { <button key={name.clone()} class="button small" {onclick}>{ "+ " }{ name }</button> }
    };
    html! { <div class="adding" role="group" aria-label={words.t(m!("outline-add"))}>{ for Tool::ALL.into_iter().map(add) }</div> }
}

#[derive(Properties, PartialEq)]
struct EntryProps {
    item: Item,
    name: String,
    about: String,
    wrong: Vec<String>,
    /// It has a gateway.
    gateway: bool,
    children: Html,
}

/// One segment or device.
#[component]
fn Entry(props: &EntryProps) -> Html {
    let words = use_words();
    let store = use_store();
    let selection = use_part(|now| now.selection.clone());
    let naming = use_part(|now| now.desk.naming.clone());
    let item = &props.item;
    let does = |words: &Words, label: String, command: fn(&Item) -> HandCommand| {
        let name = words.with(m!("outline-deed"), &[("deed", (&label).into()), ("thing", (&props.name).into())]);
        html! { <button class="button small" aria-label={name} onclick={deed(&store, item, command)}>{ label }</button> }
    };
    html! {
        <li class={classes!("entry", selection.holds(item).then_some("selected"))}>
            if naming.as_ref() == Some(item) {
                <NameInput item={item.clone()} />
            } else {
                <button class="chooser" data-item={item.key()} aria-pressed={selection.holds(item).to_string()} onclick={chooser(&store, item)}>
                    <strong>{ &props.name }</strong>{ " " }<span>{ &props.about }</span>
                </button>
            }
            { props.children.clone() }
            if !props.wrong.is_empty() {
                <ul class="wrong">{ for props.wrong.iter().map(|wrong| html! { <li>{ wrong }</li> }) }</ul>
            }
            <div class="deeds">
                { does(&words, words.t(m!("deed-name")), |item| HandCommand::Naming(Some(item.clone()))) }
                { does(&words, words.t(m!("deed-connect")), |_| HandCommand::Pick(Picking::Cable)) }
                if props.gateway {
                    { does(&words, words.t(m!("field-gateway")), |_| HandCommand::Pick(Picking::Gateway)) }
                }
                { does(&words, words.t(m!("deed-duplicate")), |_| HandCommand::Duplicate) }
                { does(&words, words.t(m!("deed-delete")), |_| HandCommand::Delete) }
            </div>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct CableProps {
    device: String,
    interface: Interface,
}

/// One interface, and where its cable leads.
#[component]
fn Cable(props: &CableProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let selection = use_part(|now| now.selection.clone());
    let interface = &props.interface;
    let item = Item::cable(&props.device, &interface.name);
    let addresses: Vec<String> = interface.addresses.iter().map(ToString::to_string).collect();
    let segment = interface.segment.as_ref().map(|name| words.item(&lab, &Item::Segment(name.clone())));
    let whole = words.item(&lab, &item);
    let named = |label: &str| words.with(m!("outline-deed"), &[("deed", label.into()), ("thing", (&whole).into())]);
    let text = format!("{} {}", interface.name, addresses.join(", "));
    html! {
        <li>
            if let Some(segment) = &segment {
                <button class="chooser" data-item={item.key()} aria-pressed={selection.holds(&item).to_string()} onclick={chooser(&store, &item)}>
                    { text }{ " → " }{ segment }
                </button>
                <button class="button small" aria-label={named(&words.t(m!("deed-replug")))} onclick={deed(&store, &item, |_| HandCommand::Pick(Picking::Cable))}>{ words.t(m!("deed-replug")) }</button>
                <button class="button small" aria-label={named(&words.t(m!("deed-unplug")))} onclick={deed(&store, &item, |_| HandCommand::Delete)}>{ words.t(m!("deed-unplug")) }</button>
            } else {
                <span>{ text }{ ": " }{ words.t(m!("no-cable")) }</span>
            }
        </li>
    }
}

/// Selects a thing.
fn chooser(store: &Store, item: &Item) -> Callback<MouseEvent> {
    let (store, item) = (store.clone(), item.clone());
    Callback::from(move |event: MouseEvent| {
        let more = event.shift_key() || event.ctrl_key() || event.meta_key();
        let selection = if more { store.snapshot().selection.toggled(&item) } else { Selection::of(BTreeSet::from([item.clone()])) };
        store.send(Command::Select(selection));
    })
}

/// Selects a thing and does something with it.
fn deed(store: &Store, item: &Item, command: fn(&Item) -> HandCommand) -> Callback<MouseEvent> {
    let (store, item) = (store.clone(), item.clone());
    Callback::from(move |_: MouseEvent| {
        store.send(Command::Select(Selection::of(BTreeSet::from([item.clone()]))));
        store.send(Command::Hand(command(&item)));
    })
}
