//! The rail of tools.

use crate::canvas::sign;
use crate::hooks::{use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::Command;
use roundtrip_editor::hand::{HandCommand, Tool};
use roundtrip_editor::shortcut::{Act, TABLE};
use roundtrip_lab::document::Kind;
use yew::prelude::*;

/// Every tool, then what is done at once.
#[component]
pub(crate) fn Rail() -> Html {
    let words = use_words();
    let store = use_store();
    let tool = use_part(|now| now.desk.tool);
    let outline = use_part(|now| now.desk.outline);
    let button = |act: Act, pressed: Option<bool>, onclick: Callback<MouseEvent>, drawing: Html| {
        let name = words.act(act);
        let key = TABLE.iter().find(|shortcut| shortcut.act == act).map(|shortcut| shortcut.keys.key.to_uppercase());
        let title = key.iter().fold(name.clone(), |name, key| format!("{name} ({key})"));
        html! {
            <button key={format!("{act:?}")} class="tool" {title} aria-label={name} aria-pressed={pressed.map(|pressed| pressed.to_string())} aria-keyshortcuts={key.clone()} data-key={key} {onclick}>
                <svg width="20" height="20" viewBox="-4 -4 20 20" aria-hidden="true">{ drawing }</svg>
            </button>
        }
    };
    let tool_button = |which: Tool| {
        let store = store.clone();
        let onclick = Callback::from(move |event: MouseEvent| {
            // By keyboard, the second press puts the thing where there is room.
            let again = event.detail() == 0 && store.snapshot().desk.tool == which && which != Tool::Select;
            store.send(Command::Hand(if again { HandCommand::Place } else { HandCommand::Tool(which) }));
            by_pointer(&event);
        });
        button(act_of(which), Some(tool == which), onclick, drawing(which))
    };
    let does = |act: Act, d: &'static str, pressed: Option<bool>| {
        let store = store.clone();
        button(
            act,
            pressed,
            Callback::from(move |event: MouseEvent| {
                store.send_all(act.commands());
                by_pointer(&event);
            }),
            html! { <path {d} /> },
        )
    };
    html! {
        <div class="rail" role="toolbar" aria-orientation="vertical" aria-label={words.t(m!("rail-name"))}>
            { for Tool::ALL.into_iter().map(tool_button) }
            <hr aria-hidden="true" />
            { does(Act::Tidy, "M4 -1h4v3H4zM-1 9h4v3h-4zM9 9h4v3H9zM6 2v3M1 9V5.500h10V9", None) }
            { does(Act::Fit, "M-1 3V-1H3M9 -1H13V3M13 9V13H9M3 13H-1V9", None) }
            { does(Act::Outline, "M-1 1h2M3 1h10M2 6h2M6 6h7M2 11h2M6 11h7", Some(outline)) }
        </div>
    }
}

/// Whoever pressed with a pointer goes on in the picture; whoever pressed with a key stays.
fn by_pointer(event: &MouseEvent) {
    if event.detail() > 0 {
        super::voice::focus_picture();
    }
}

const fn act_of(tool: Tool) -> Act {
    match tool {
        Tool::Select => Act::ToolSelect,
        Tool::Segment => Act::ToolSegment,
        Tool::Device(Kind::Host) => Act::ToolHost,
        Tool::Device(Kind::Router) => Act::ToolRouter,
        Tool::Device(Kind::L3switch) => Act::ToolL3Switch,
        Tool::Device(Kind::Firewall) => Act::ToolFirewall,
        Tool::Device(Kind::Internet) => Act::ToolInternet,
        Tool::Cable => Act::Connect,
        Tool::Gateway => Act::Gateway,
    }
}

fn drawing(tool: Tool) -> Html {
    let d = match tool {
        Tool::Select => "M1 -2L11 7L6 8L3.500 13z",
        Tool::Segment => "M0 3h12a3 3 0 0 1 0 6h-12a3 3 0 0 1 0 -6z",
        Tool::Device(kind) => return sign(kind),
        Tool::Cable => "M0 12L12 0M-2 12a2 2 0 1 0 4 0a2 2 0 1 0 -4 0M10 0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0",
        Tool::Gateway => "M-1 9h9a3.500 3.500 0 0 0 0 -7h-5M6 -1L3 2L6 5",
    };
    html! { <path {d} /> }
}
