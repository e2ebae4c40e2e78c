//! One frame: its fields as a tree and its bytes, each leading to the other.

use super::bytes::Bytes;
use super::taps::tap_name;
use super::tree::Tree;
use crate::hooks::{Same, use_part, use_store, use_words};
use crate::words::m;
use roundtrip_editor::view::capture::Tap;
use roundtrip_editor::view::list::List;
use roundtrip_editor::{Command, WatchCommand};
use roundtrip_sim::trace::FrameId;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct DetailProps {
    pub(super) list: Same<List>,
    pub(super) tap: Tap,
    pub(super) frame: FrameId,
}

/// What of a frame is lit: by place in its fields.
pub(super) type Lit = Option<usize>;

/// The pane.
#[component]
pub(super) fn Detail(props: &DetailProps) -> Html {
    let words = use_words();
    let store = use_store();
    let run = use_part(|now| Same(now.run.clone()));
    let lab = use_part(|now| Same(now.lab.clone()));
    let lit = use_state_eq(|| Lit::None);
    let kept = use_state_eq(|| Lit::None);
    {
        let (lit, kept) = (lit.setter(), kept.setter());
        use_effect_with((props.tap, props.frame), move |_| {
            lit.set(None);
            kept.set(None);
        });
    }
    let Some((captured, place)) = props.list.find(props.tap, props.frame) else { return Html::default() };
    let Some(dissection) = captured.dissect(&run.trace, place, None) else { return Html::default() };
    let onlit = Callback::from({
        let lit = lit.setter();
        move |item: Lit| lit.set(item)
    });
    let onkept = Callback::from({
        let kept = kept.setter();
        move |item: Lit| kept.set(item)
    });
    let shown = lit.or(*kept);
    let close = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Command::Watch(WatchCommand::Frame(None))))
    };
    let action = run.trace.frames.get(props.frame.0 as usize).and_then(|frame| run.trace.packets.get(frame.packet.0 as usize)?.action);
    let speaks = dissection.items.iter().any(|item| matches!(item.field.name, "tcp" | "udp"));
    let follow = action.filter(|_| speaks).map(|action| {
        let onclick = Callback::from(move |_: MouseEvent| store.send(Command::Watch(WatchCommand::Follow(Some(action)))));
        html! { <button class="button small" {onclick}>{ words.t(m!("follow")) }</button> }
    });
    let place_name = tap_name(&words, &run, &lab, props.tap);
    let title = words.with(m!("detail-title"), &[("number", (place + 1).into()), ("tap", (&place_name).into())]);
    let items: Vec<super::tree::TreeLine> = dissection
        .items
        .iter()
        .map(|item| super::tree::TreeLine {
            name: item.field.name,
            depth: item.depth,
            text: roundtrip_editor::dissect::text::line(&dissection, item),
        })
        .collect();
    let owners: Vec<Option<usize>> = (0..dissection.bytes.len()).map(|byte| dissection.item_at(byte)).collect();
    let range = shown.and_then(|place| dissection.items.get(place)).map(|item| item.bytes.clone()).unwrap_or_default();
    let said = shown.and_then(|place| items.get(place)).map(|line| line.text.clone()).unwrap_or_default();
    let named = shown.and_then(|place| items.get(place)).map_or("", |line| line.name);
    html! {
        <section class="detail" aria-label={title.clone()}>
            <div class="panel-head">
                <h3>{ title }</h3>
                { follow }
                <button class="button small sign close" onclick={close} aria-label={words.t(m!("detail-close"))} title={words.t(m!("detail-close"))}>{ "×" }</button>
            </div>
            <Tree lines={items} lit={shown} kept={*kept} onlit={onlit.clone()} onkept={onkept.clone()} />
            <p class="field-name" aria-live="polite"><code>{ named }</code><span class="hidden">{ said }</span></p>
            <Bytes bytes={dissection.bytes.clone()} {owners} {range} {onlit} {onkept} />
        </section>
    }
}
