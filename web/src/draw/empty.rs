//! A blank sheet, and what to do with it.

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::Command;
use roundtrip_editor::hand::{HandCommand, Tool};
use roundtrip_lab::document::Kind;
use yew::prelude::*;

/// What to do first. Nothing once there is something.
#[component]
pub(crate) fn Empty() -> Html {
    let words = use_words();
    let store = use_store();
    let lab = use_part(|now| Same(now.lab.clone()));
    let busy = use_part(|now| now.desk.tool != Tool::Select);
    if !lab.segments.is_empty() || !lab.devices.is_empty() || busy {
        return Html::default();
    }
    let step = |tool: Tool, text: String| {
        let store = store.clone();
        let onclick = Callback::from(move |event: MouseEvent| {
            store.send(Command::Hand(HandCommand::Tool(tool)));
            if event.detail() == 0 {
                store.send(Command::Hand(HandCommand::Place));
            }
        });
        html! { <li><button class="button" {onclick}>{ text }</button></li> }
    };
    html! {
        <div class="empty-sheet">
            <h2>{ words.t(m!("empty-title")) }</h2>
            <p>{ words.t(m!("empty-text")) }</p>
            <ol>
                { step(Tool::Segment, words.t(m!("empty-segment"))) }
                { step(Tool::Device(Kind::Router), words.t(m!("empty-router"))) }
                { step(Tool::Device(Kind::Host), words.t(m!("empty-host"))) }
            </ol>
            <p class="more">{ words.t(m!("empty-more")) }</p>
        </div>
    }
}
