//! The page's frame: where each part stands.

use crate::canvas::Markers;
use crate::carry::{Embedded, LabsDialog, Notices, ShareDialog};
use crate::draw::Stage;
use crate::exporting::ExportDialog;
use crate::header::{Header, Help};
use crate::hooks::{use_part, use_store, use_words};
use crate::ladder::LadderPanel;
use crate::packets::PacketPanel;
use crate::pairs::Pairs;
use crate::pane::Pane as DetailsPane;
use crate::store::Store;
use crate::transport::Transport;
use crate::words::{Words, m};
use crate::{dom, failure};
use roundtrip_editor::Command;
use roundtrip_editor::carry::options::View;
use roundtrip_editor::command::{Pane, ShowCommand, Theme};
use yew::prelude::*;

/// What the page begins with.
#[derive(Properties, PartialEq)]
pub(crate) struct RootProps {
    /// The session.
    pub(crate) store: Store,
}

/// Gives the session to all below.
#[component]
pub(crate) fn Root(props: &RootProps) -> Html {
    html! {
        <ContextProvider<Store> context={props.store.clone()}>
            <Speaking />
        </ContextProvider<Store>>
    }
}

/// Gives the words of the reader's language to all below.
#[component]
fn Speaking() -> Html {
    let language = use_part(|now| now.language);
    let words = use_memo(language, |language| Words::new(*language));
    use_effect_with(language, |language| {
        failure::speak(*language);
        let words = Words::new(*language);
        if let Some(document) = dom::document() {
            document.set_title(&words.t(m!("page-title")));
            if let Some(root) = document.document_element() {
                dom::set(&root, "lang", language.tag());
            }
        }
    });
    html! {
        <ContextProvider<Words> context={(*words).clone()}>
            <Shell />
        </ContextProvider<Words>>
    }
}

/// The parts and their places.
#[component]
fn Shell() -> Html {
    let pane = use_part(|now| now.pane);
    let words = use_words();
    let framed = use_part(|now| now.carry.options.embed || now.carry.options.view != View::All);
    use_theme();
    // What the lists take of the window.
    let room = use_part(|now| match (now.watch.tall, now.watch.frame.is_some()) {
        (true, true) => "tall detail",
        (true, false) => "tall",
        (false, true) => "detail",
        (false, false) => "",
    });
    if framed {
        return html! { <Embedded /> };
    }
    let name = match pane {
        Pane::Canvas => "canvas",
        Pane::Packets => "packets",
        Pane::Details => "details",
    };
    html! {
        <div class="shell" data-pane={name} data-room={room}>
            <Markers />
            <Header />
            <Stage />
            <aside class="details" aria-label={words.t(m!("pane-details"))}><DetailsPane /></aside>
            <section class="transport" aria-label={words.t(m!("transport-name"))}><Transport /></section>
            <section class="ladder" aria-label={words.t(m!("ladder-name"))}><LadderPanel /></section>
            <section class="packets" aria-label={words.t(m!("packets-name"))}><PacketPanel /></section>
            <Tabs />
            <Help />
            <Pairs />
            <LabsDialog />
            <ShareDialog />
            <ExportDialog />
            <Notices />
        </div>
    }
}

/// On small screens: which part is seen.
#[component]
fn Tabs() -> Html {
    let words = use_words();
    let store = use_store();
    let pane = use_part(|now| now.pane);
    let tab = |which: Pane| {
        let store = store.clone();
        let onclick = Callback::from(move |_: MouseEvent| store.send(Command::Show(ShowCommand::Pane(which))));
        html! { <button key={words.pane(which)} {onclick} aria-pressed={(which == pane).to_string()}>{ words.pane(which) }</button> }
    };
    html! { <nav class="tabs" aria-label={words.t(m!("tabs-name"))}>{ for Pane::ALL.into_iter().map(tab) }</nav> }
}

/// Light or dark, on the root of the document.
#[hook]
fn use_theme() {
    let theme = use_part(|now| now.theme);
    use_effect_with(theme, |theme| {
        let Some(root) = dom::document().and_then(|document| document.document_element()) else { return };
        match theme {
            // Then the style sheet asks the system.
            Theme::System => drop(root.remove_attribute("data-theme")),
            Theme::Light | Theme::Dark => dom::set(&root, "data-theme", theme.word()),
        }
    });
}
