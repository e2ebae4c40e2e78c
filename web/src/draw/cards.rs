//! In the right-hand pane: a selected cable, several things, and another subnet for a segment.

use crate::form::Fields;
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use ipnet::Ipv4Net;
use roundtrip_editor::edit::configure::device_path;
use roundtrip_editor::edit::draw::Draw;
use roundtrip_editor::form::network::INTERFACE;
use roundtrip_editor::hand::{HandCommand, Picking, deeds};
use roundtrip_editor::{Command, Edit, Item};
use roundtrip_lab::Json;
use roundtrip_lab::patch::look;
use std::collections::BTreeSet;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct CableProps {
    /// The device's name in the document.
    pub(crate) device: String,
    /// The interface's.
    pub(crate) interface: String,
}

/// A cable: what it joins, its addresses, and where else it could lead.
#[component]
pub(crate) fn CableCard(props: &CableProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let Some(interface) = lab.device(&props.device).and_then(|device| device.interface(&props.interface)) else { return Html::default() };
    let item = Item::cable(&props.device, &props.interface);
    let segment = interface.segment.as_ref().map(|name| words.item(&lab, &Item::Segment(name.clone())));
    let path = format!("{}/interfaces/{}", device_path(&lab, &props.device), interface.name);
    let object = look(&lab, &path).unwrap_or(Json::Null);
    let send = |command: HandCommand| {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Command::Hand(command.clone())))
    };
    html! {
        <section class="inspector cable-card" aria-label={words.item(&lab, &item)}>
            <h2>{ words.item(&lab, &item) }{ " " }<small>{ segment.map(|segment| format!("→ {segment}")) }</small></h2>
            <Fields form={INTERFACE} {path} {object} />
            <div class="deeds">
                <button class="button small" onclick={send(HandCommand::Pick(Picking::Cable))}>{ words.t(m!("deed-replug")) }</button>
                <button class="button small" onclick={send(HandCommand::Delete)}>{ words.t(m!("deed-unplug")) }</button>
            </div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SeveralProps {
    /// What is selected.
    pub(crate) items: BTreeSet<Item>,
}

/// Several things: what can be done with all of them.
#[component]
pub(crate) fn SeveralCard(props: &SeveralProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let names: Vec<String> = props.items.iter().map(|item| words.item(&lab, item)).collect();
    let deed = |act: roundtrip_editor::shortcut::Act| {
        let store = store.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            if act.is_browsers() {
                crate::clipboard::by_menu(&store, act);
            } else {
                store.send_all(act.commands());
            }
        });
        html! { <button key={format!("{act:?}")} class="button small" {onclick}>{ words.act(act) }</button> }
    };
    html! {
        <section class="inspector several-card" aria-label={words.t(m!("several-name"))}>
            <h2>{ words.with(m!("things"), &[("count", props.items.len().into())]) }</h2>
            <p>{ names.join(", ") }</p>
            { for deeds::groups(&props.items).into_iter().enumerate().map(|(number, group)| html! { <div key={number} class="deeds">{ for group.into_iter().map(deed) }</div> }) }
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct RenumberProps {
    /// The segment's name in the document.
    pub(crate) segment: String,
}

/// A new subnet for a segment and all that stands in the old one. Takes effect as a whole: halfway, addresses of others would be moved along.
#[component]
pub(crate) fn Renumber(props: &RenumberProps) -> Html {
    let words = use_words();
    let store = use_store();
    let fault = use_state_eq(|| None::<String>);
    let input = use_node_ref();
    let onsubmit = {
        let (words, input, fault, segment) = (words.clone(), input.clone(), fault.clone(), props.segment.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(field) = input.cast::<HtmlInputElement>() else { return };
            match field.value().trim().parse::<Ipv4Net>() {
                Ok(to) => {
                    store.send(Command::Edit(Edit::Draw(Draw::Renumber { segment: segment.clone(), to }), None));
                    field.set_value("");
                    fault.set(None);
                }
                Err(_) => fault.set(Some(words.t(m!("fault-subnet")))),
            }
        })
    };
    html! {
        <form class={classes!("field", "renumber", fault.is_some().then_some("fault"))} {onsubmit}>
            <label for="renumber">{ words.t(m!("field-renumber")) }</label>
            <div class="row">
                <input id="renumber" ref={input} placeholder="10.0.1.0/24" spellcheck="false" autocomplete="off" aria-invalid={fault.is_some().to_string()} />
                <button class="button small">{ words.t(m!("renumber")) }</button>
            </div>
            <p class="notes" role="status">{ (*fault).clone() }</p>
        </form>
    }
}
