//! What two ends said to each other.

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::view::follow::{follow, text};
use roundtrip_editor::view::list::Captured;
use roundtrip_editor::{Command, WatchCommand};
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// The dialog; it is there while something is followed.
#[component]
pub(super) fn Follow() -> Html {
    let open = use_part(|now| now.watch.follow.is_some() && now.watch.frame.is_some());
    if open {
        html! { <Stream /> }
    } else {
        Html::default()
    }
}

#[component]
fn Stream() -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let frame = use_part(|now| now.watch.frame);
    let dialog = use_node_ref();
    use_effect_with(dialog.clone(), |dialog| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>().filter(|dialog| !dialog.open()) {
            let _ = dialog.show_modal();
        }
    });
    let said = use_memo((run, frame), |(run, frame)| {
        let (tap, frame) = (*frame)?;
        let captured = Captured::new(&run.trace, tap, String::new());
        let place = captured.rows.iter().position(|row| row.frame == frame)?;
        follow(&captured, &run.trace, place)
    });
    let close = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Command::Watch(WatchCommand::Follow(None))))
    };
    let onclose = Callback::from(move |_: Event| store.send(Command::Watch(WatchCommand::Follow(None))));
    let pieces = said.as_ref().as_ref().map(Vec::as_slice).unwrap_or_default();
    let piece = |(place, said): (usize, &roundtrip_editor::view::follow::Said)| {
        let (class, who) = if said.from_client { ("there", words.t(m!("follow-client"))) } else { ("back", words.t(m!("follow-server"))) };
        html! {
            <div key={place} class={classes!("said", class)}>
                if said.missing > 0 { <p class="empty">{ words.with(m!("follow-missing"), &[("count", (said.missing as usize).into())]) }</p> }
                <h3>{ who }{ " · " }{ words.clock(said.at) }{ " · " }{ words.with(m!("follow-data"), &[("bytes", said.bytes.len().into())]) }</h3>
                <pre>{ text(&said.bytes) }</pre>
            </div>
        }
    };
    html! {
        <dialog class="help follow" ref={dialog} {onclose} aria-labelledby="follow-title">
            <h2 id="follow-title">{ words.t(m!("follow-title")) }</h2>
            if pieces.is_empty() { <p class="empty">{ words.t(m!("follow-nothing")) }</p> }
            { for pieces.iter().enumerate().map(piece) }
            <button class="button primary" onclick={close}>{ words.t(m!("close")) }</button>
        </dialog>
    }
}
