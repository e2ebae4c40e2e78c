//! The selected segment.

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::Command;
use roundtrip_editor::command::ShowCommand;
use roundtrip_editor::view::capture::Tap;
use roundtrip_lab::document::Segment;
use roundtrip_sim::SegmentId;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct SegmentProps {
    /// The segment.
    pub(super) segment: Segment,
}

/// Who is on it, and a way to its mirror port.
#[component]
pub(super) fn SegmentCard(props: &SegmentProps) -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let run = use_part(|now| Same(now.run.clone()));
    let segment = &props.segment;
    let place = run.scenario.segments.iter().position(|other| other.name == segment.name);
    let tap = place.and_then(|place| u32::try_from(place).ok()).map(|place| Tap::Mirror(SegmentId(place)));
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(tap) = tap {
            store.send(Command::Show(ShowCommand::Tap(tap)));
        }
    });
    let on_it = lab.devices.iter().flat_map(|device| {
        let own = device.interfaces.iter().filter(|interface| interface.segment.as_ref() == Some(&segment.name));
        own.flat_map(|interface| &interface.addresses).map(move |address| (device, address)).collect::<Vec<_>>()
    });
    let line = |(device, address): (&roundtrip_lab::document::Device, &ipnet::Ipv4Net)| {
        html! { <tr key={format!("{} {address}", device.name)}><th scope="row">{ words.device(device) }</th><td>{ address.to_string() }</td></tr> }
    };
    let latency = words.span(segment.latency_ms.into());
    html! {
        <section class="tables" aria-label={words.segment(segment)}>
            <h2>
                { words.segment(segment) }{ " " }
                <small>{ segment.subnet.map(|subnet| subnet.to_string()) }{ " · " }{ words.with(m!("segment-latency"), &[("span", (&latency).into())]) }</small>
            </h2>
            <crate::draw::Renumber segment={segment.name.clone()} />
            <table>{ for on_it.map(line) }</table>
            <button class="button small" {onclick}>{ words.t(m!("segment-mirror")) }</button>
            <super::tables::Stations segment={segment.name.clone()} />
        </section>
    }
}
