//! Captures: what one place sees, or several, filtered; one frame in every detail.

mod bytes;
mod detail;
mod filter;
mod follow;
mod line;
mod list;
mod taps;
mod tree;

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::filter::Filter;
use roundtrip_editor::view::list::List;
use roundtrip_editor::{Command, WatchCommand};
use yew::prelude::*;

/// Places, filter, list, detail.
#[component]
pub(crate) fn PacketPanel() -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let tap = use_part(|now| now.tap);
    let watch = use_part(|now| Same(now.watch.clone()));
    let chosen: Vec<_> = watch.taps(tap).collect();
    let list = use_memo((run.clone(), chosen, watch.filter.clone()), |(run, chosen, filter)| {
        // What is no filter yet filters nothing: typing one makes nothing disappear before it is there.
        let filter = Filter::parse(filter).ok().flatten();
        List::new(run, chosen.iter().copied(), |tap| taps::technical_name(run, tap), filter.as_ref())
    });
    let list = Same(list);
    let tall = watch.tall;
    let toggle = Callback::from(move |_: MouseEvent| store.send(Command::Watch(WatchCommand::Tall(!tall))));
    let filtered = list.lines.len() < list.total();
    let count = if filtered {
        words.with(m!("packets-filtered"), &[("count", list.lines.len().into()), ("total", list.total().into())])
    } else {
        words.with(m!("packets-count"), &[("count", list.total().into())])
    };
    html! {
        <>
            <div class="panel-head">
                <h2>{ words.t(m!("packets-title")) }</h2>
                <taps::Taps />
                <span class="count" role="status">{ count }</span>
                <button class="button small sign" onclick={toggle} aria-pressed={tall.to_string()} aria-label={words.t(m!("tall"))} title={words.t(m!("tall"))}>
                    <span aria-hidden="true">{ "⤢" }</span>
                </button>
            </div>
            <filter::FilterBar />
            <div class="captures">
                <list::FrameList list={list.clone()} {run} />
                // An element of its own: the list beside it stays the same element, with its focus, when the detail comes.
                <div class="beside">
                    if let Some((tap, frame)) = watch.frame {
                        <detail::Detail {list} {tap} {frame} />
                    }
                </div>
            </div>
            <follow::Follow />
        </>
    }
}
