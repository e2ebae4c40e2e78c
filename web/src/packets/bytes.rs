//! The bytes, hexadecimal and as text.

use super::detail::Lit;
use crate::hooks::use_words;
use crate::words::m;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// Bytes in a line.
const WIDTH: usize = 16;
/// More than this is not drawn.
const MOST: usize = 4096;

#[derive(Properties, PartialEq)]
pub(super) struct BytesProps {
    pub(super) bytes: Vec<u8>,
    /// Which field each byte is of.
    pub(super) owners: Vec<Option<usize>>,
    /// The bytes that are lit.
    pub(super) range: Range<usize>,
    pub(super) onlit: Callback<Lit>,
    pub(super) onkept: Callback<Lit>,
}

/// Lines of sixteen. One stop for the Tab key; arrows go from byte to byte.
#[component]
pub(super) fn Bytes(props: &BytesProps) -> Html {
    let words = use_words();
    let cursor = use_state_eq(|| None::<usize>);
    let owner = {
        let owners = props.owners.clone();
        move |byte: usize| owners.get(byte).copied().flatten()
    };
    let under = |target: Option<web_sys::EventTarget>| {
        let element = target?.dyn_into::<Element>().ok()?;
        crate::dom::upwards(&element, "data-byte")?.parse::<usize>().ok()
    };
    let onmouseover = {
        let (owner, onlit) = (owner.clone(), props.onlit.clone());
        Callback::from(move |event: MouseEvent| onlit.emit(under(event.target()).and_then(&owner)))
    };
    let onclick = {
        let (owner, onkept, cursor) = (owner.clone(), props.onkept.clone(), cursor.clone());
        Callback::from(move |event: MouseEvent| {
            let byte = under(event.target());
            cursor.set(byte);
            onkept.emit(byte.and_then(&owner));
        })
    };
    let onmouseleave = props.onlit.reform(|_: MouseEvent| None);
    let onkeydown = {
        let (onkept, cursor, last) = (props.onkept.clone(), cursor.clone(), props.bytes.len().min(MOST).saturating_sub(1));
        Callback::from(move |event: KeyboardEvent| {
            let at = *cursor;
            let next = match (event.key().as_str(), at) {
                ("ArrowRight" | "ArrowDown", None) => 0,
                ("ArrowRight", Some(at)) => at + 1,
                ("ArrowLeft", Some(at)) => at.saturating_sub(1),
                ("ArrowDown", Some(at)) => at + WIDTH,
                ("ArrowUp", Some(at)) => at.saturating_sub(WIDTH),
                ("Home", _) => 0,
                ("End", _) => last,
                _ => return,
            };
            event.prevent_default();
            cursor.set(Some(next.min(last)));
            onkept.emit(owner(next.min(last)));
        })
    };
    let drawn = props.bytes.get(..MOST).unwrap_or(&props.bytes);
    let class = |byte: usize| classes!(props.range.contains(&byte).then_some("lit"), (*cursor == Some(byte)).then_some("cursor"));
    let line = |(number, bytes): (usize, &[u8])| {
        let start = number * WIDTH;
        let hex = |(place, byte): (usize, &u8)| {
            let at = start + place;
            html! { <i key={at} data-byte={at.to_string()} class={class(at)}>{ format!("{byte:02x}") }</i> }
        };
        let letter = |(place, byte): (usize, &u8)| {
            let at = start + place;
            let shown = if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '·' };
            html! { <b key={at} data-byte={at.to_string()} class={class(at)}>{ shown }</b> }
        };
        html! {
            <div key={start} class="byte-line">
                <span class="offset">{ format!("{start:04x}") }</span>
                <span class="hex">{ for bytes.iter().enumerate().map(hex) }</span>
                <span class="letters">{ for bytes.iter().enumerate().map(letter) }</span>
            </div>
        }
    };
    let more = props.bytes.len().saturating_sub(MOST);
    html! {
        <div class="bytes" role="group" tabindex="0" data-own-keys="" aria-label={words.t(m!("detail-bytes"))} {onmouseover} {onmouseleave} {onclick} {onkeydown}>
            { for drawn.chunks(WIDTH).enumerate().map(line) }
            if more > 0 { <p class="empty">{ words.with(m!("detail-more-bytes"), &[("count", more.into())]) }</p> }
        </div>
    }
}
