//! All pairs of hosts: where there and back differ, and who sees one side only.

use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::{Words, m};
use gloo::timers::callback::Timeout;
use roundtrip_editor::view::pairs::{Pair, Pairs as Table, Taken};
use roundtrip_editor::{Command, Run, WatchCommand};
use roundtrip_lab::Lab;
use roundtrip_sim::NodeId;
use std::rc::Rc;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// The dialog; it is there while it is open.
#[component]
pub(crate) fn Pairs() -> Html {
    let open = use_part(|now| now.watch.pairs);
    if open {
        html! { <PairsTable /> }
    } else {
        Html::default()
    }
}

#[component]
fn PairsTable() -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let dialog = use_node_ref();
    let table = use_state(|| None::<Rc<Table>>);
    use_effect_with(dialog.clone(), |dialog| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>().filter(|dialog| !dialog.open()) {
            let _ = dialog.show_modal();
        }
    });
    {
        // What packets took is there at once; pings are simulated a part at a time, so that the page stays awake.
        let setter = table.setter();
        let begun = (run.clone(), lab.clone());
        use_effect_with((begun, (*table).clone().map(Same)), move |((run, lab), known)| {
            let next = match known {
                None => Some(Rc::new(Table::new(lab, run))),
                Some(known) if known.left() > 0 => {
                    let mut next = Table::clone(known);
                    next.step();
                    Some(Rc::new(next))
                }
                Some(_) => None,
            };
            let timer = next.map(|next| Timeout::new(0, move || setter.set(Some(next))));
            move || drop(timer)
        });
    }
    let close = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Command::Watch(WatchCommand::Pairs(false))))
    };
    let onclose = Callback::from(move |_: Event| store.send(Command::Watch(WatchCommand::Pairs(false))));
    let rows = table.as_ref().map(|table| table.rows.as_slice()).unwrap_or_default();
    let differing = rows.iter().filter(|pair| pair.differs() == Some(true)).count();
    let left = table.as_ref().map_or(1, |table| table.left());
    let sum = if left > 0 {
        words.t(m!("pairs-working"))
    } else {
        words.with(m!("pairs-sum"), &[("count", rows.len().into()), ("differing", differing.into())])
    };
    html! {
        <dialog class="help pairs" ref={dialog} {onclose} aria-labelledby="pairs-title">
            <h2 id="pairs-title">{ words.t(m!("pairs-title")) }</h2>
            <p role="status">{ sum }</p>
            <div class="scroll-x" tabindex="0" role="group" aria-labelledby="pairs-title">
                <table>
                    <thead><tr>
                        <th scope="col">{ words.t(m!("pairs-hosts")) }</th>
                        <th scope="col">{ words.t(m!("pairs-there")) }</th>
                        <th scope="col">{ words.t(m!("pairs-back")) }</th>
                        <th scope="col">{ words.t(m!("pairs-differ")) }</th>
                        <th scope="col">{ words.t(m!("pairs-one-sided")) }</th>
                    </tr></thead>
                    <tbody>{ for rows.iter().enumerate().map(|(place, pair)| row(&words, &run, &lab, place, pair)) }</tbody>
                </table>
            </div>
            <p class="empty">{ words.t(m!("pairs-note")) }</p>
            <button class="button primary" onclick={close}>{ words.t(m!("close")) }</button>
        </dialog>
    }
}

fn row(words: &Words, run: &Run, lab: &Lab, place: usize, pair: &Pair) -> Html {
    let name = |node: &NodeId| words.device_named(lab, run.device_name(*node));
    let way = |taken: &Option<Taken>| match taken {
        None => words.t(m!("pairs-unknown")),
        Some(taken) => {
            let stations = taken.stations.iter().map(name).collect::<Vec<_>>().join(" → ");
            let end = if taken.complete { String::new() } else { format!(" ✕ {}", words.t(m!("pairs-lost"))) };
            let probed = if taken.probed { format!(" {}", words.t(m!("pairs-probed"))) } else { String::new() };
            format!("{stations}{end}{probed}")
        }
    };
    let differs = words.t(match pair.differs() {
        Some(true) => m!("pairs-yes"),
        Some(false) => m!("pairs-no"),
        None => m!("pairs-unknown"),
    });
    let one_sided = pair.one_sided();
    let class = classes!((pair.differs() == Some(true)).then_some("differs"), (!one_sided.is_empty()).then_some("one-sided"));
    html! {
        <tr key={place} {class}>
            <th scope="row">{ name(&pair.a) }{ " ⇄ " }{ name(&pair.b) }</th>
            <td>{ way(&pair.there) }</td>
            <td>{ way(&pair.back) }</td>
            <td>{ differs }</td>
            <td>{ if one_sided.is_empty() { "—".to_owned() } else { format!("! {}", one_sided.iter().map(name).collect::<Vec<_>>().join(", ")) } }</td>
        </tr>
    }
}
