//! Inside another page: one part or a few, a poster until somebody asks it to play, and good manners.

use super::share::page;
use crate::canvas::{Canvas, Markers};
use crate::hooks::{use_part, use_store, use_words};
use crate::ladder::LadderPanel;
use crate::packets::PacketPanel;
use crate::pane::Verdict;
use crate::transport::Transport;
use crate::words::m;
use roundtrip_editor::Command;
use roundtrip_editor::carry::CarryCommand;
use roundtrip_editor::carry::options::{Options, View};
use roundtrip_editor::carry::share::address;
use roundtrip_editor::command::TimeCommand;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// The shell of an embed.
#[component]
pub(crate) fn Embedded() -> Html {
    let words = use_words();
    let (options, poster) = use_part(|now| (now.carry.options.clone(), now.carry.poster));
    let view = options.view;
    let part = match view {
        View::All | View::Canvas => html! { <main class="stage" aria-label={words.t(m!("canvas-name"))}><Canvas /></main> },
        View::Ladder => html! { <main class="ladder" aria-label={words.t(m!("ladder-name"))}><LadderPanel /></main> },
        View::Packets => html! { <main class="packets" aria-label={words.t(m!("packets-name"))}><PacketPanel /></main> },
        View::Verdict => html! { <main class="details" aria-label={words.t(m!("pane-details"))}><Verdict /></main> },
    };
    html! {
        <div class="embedded" data-view={view.word()}>
            <Markers />
            <div class="embedded-part">
                { part }
                if poster { <Poster /> }
            </div>
            if view == View::All { <aside class="details verdict-below" aria-label={words.t(m!("pane-details"))}><Verdict /></aside> }
            <footer class="embedded-foot">
                if view != View::Verdict { <section class="transport" aria-label={words.t(m!("transport-name"))}><Transport /></section> }
                if options.embed { <InFull /> }
            </footer>
            <super::Notices />
        </div>
    }
}

/// Stands before the part until somebody wants it to move.
#[component]
fn Poster() -> Html {
    let words = use_words();
    let store = use_store();
    let title = use_part(|now| crate::hooks::Same(now.lab.clone()));
    let title = super::title(&words, title.title.get(words.language().tag()));
    let onclick = Callback::from(move |_: MouseEvent| {
        store.send(Command::Carry(CarryCommand::Poster(false)));
        store.send(Command::Time(TimeCommand::Play));
    });
    html! {
        <button class="poster" {onclick} aria-label={format!("{}: {title}", words.t(m!("play")))}>
            <span class="poster-sign" aria-hidden="true">{ "▶" }</span>
            <span class="poster-title">{ title }</span>
        </button>
    }
}

/// The same in a page of its own, as it stands now.
#[component]
fn InFull() -> Html {
    let words = use_words();
    let store = use_store();
    let here = move |timed: bool| {
        let now = store.snapshot();
        let start = timed.then(|| store.moment().time);
        let options = Options { language: Some(now.language), start, ..Options::default() };
        address(&page(), &options, &now.lab).ok()
    };
    let href = here(false);
    let onclick = Callback::from(move |event: MouseEvent| {
        // Just before the browser follows it.
        let link = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = link.and_then(|element| element.query_selector("a").ok().flatten());
        if let (Some(link), Some(address)) = (link, here(true)) {
            crate::dom::set(&link, "href", &address);
        }
    });
    html! { <span class="in-full" {onclick}><a {href} target="_blank" rel="noopener">{ words.t(m!("carry-in-full")) }</a></span> }
}
