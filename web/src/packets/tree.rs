//! The fields as a tree.

use super::detail::Lit;
use crate::hooks::use_words;
use crate::words::m;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// A line of the tree.
#[derive(Clone, PartialEq)]
pub(super) struct TreeLine {
    /// The field's name in filters.
    pub(super) name: &'static str,
    pub(super) depth: u8,
    pub(super) text: String,
}

#[derive(Properties, PartialEq)]
pub(super) struct TreeProps {
    pub(super) lines: Vec<TreeLine>,
    /// The one that is lit.
    pub(super) lit: Lit,
    /// The one that stays lit: its branch is opened.
    pub(super) kept: Lit,
    pub(super) onlit: Callback<Lit>,
    pub(super) onkept: Callback<Lit>,
}

/// The tree. Branches stay as they were opened while one goes from frame to frame.
#[component]
pub(super) fn Tree(props: &TreeProps) -> Html {
    let words = use_words();
    let opened = use_state(BTreeMap::<&'static str, bool>::new);
    let lines = &props.lines;
    let is_branch = |place: usize| lines.get(place + 1).zip(lines.get(place)).is_some_and(|(next, line)| next.depth > line.depth);
    // At first the innermost protocol is open, for it is what people look for.
    let last_head = lines.iter().rposition(|line| line.depth == 0 && line.name != "data").unwrap_or(0);
    let is_open = |place: usize| {
        let name = lines.get(place).map_or("", |line| line.name);
        opened
            .get(name)
            .copied()
            .unwrap_or(place == last_head || lines.get(place).is_some_and(|line| line.depth > 0 && !name.ends_with("flags")))
    };
    // What stays lit is seen, whatever it is in.
    let kept_path: Vec<usize> = props.kept.map_or_else(Vec::new, |kept| ancestors(lines, kept));
    let mut hidden_below: Option<u8> = None;
    let mut shown: Vec<usize> = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        if hidden_below.is_some_and(|depth| line.depth > depth) {
            continue;
        }
        hidden_below = None;
        shown.push(place);
        if is_branch(place) && !is_open(place) && !kept_path.contains(&place) {
            hidden_below = Some(line.depth);
        }
    }
    let set = {
        let opened = opened.clone();
        move |name: &'static str, open: bool| {
            let mut next = (*opened).clone();
            next.insert(name, open);
            opened.set(next);
        }
    };
    let leave = props.onlit.reform(|_: MouseEvent| None);
    let row = |(at, &place): (usize, &usize)| {
        let line = lines.get(place)?;
        let branch = is_branch(place);
        let open = branch && (is_open(place) || kept_path.contains(&place));
        let (name, set) = (line.name, set.clone());
        let onclick = {
            let (onkept, set) = (props.onkept.clone(), set.clone());
            Callback::from(move |_: MouseEvent| {
                onkept.emit(Some(place));
                if branch {
                    set(name, !open);
                }
            })
        };
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowRight" if branch && !open => set(name, true),
                "ArrowLeft" if open => set(name, false),
                "ArrowDown" => go(&event, true),
                "ArrowUp" => go(&event, false),
                "ArrowRight" | "ArrowLeft" => {}
                _ => return,
            }
            event.prevent_default();
        });
        let onmouseenter = props.onlit.reform(move |_: MouseEvent| Some(place));
        let onfocus = props.onlit.reform(move |_: FocusEvent| Some(place));
        let sign = if !branch {
            ""
        } else if open {
            "▾"
        } else {
            "▸"
        };
        Some(html! {
            <div key={place} role="treeitem" class={classes!("item", (props.lit == Some(place)).then_some("lit"), (line.depth == 0).then_some("head"))}
                style={format!("padding-left:{}em", 0.4 + f64::from(line.depth) * 1.1)} aria-level={(line.depth + 1).to_string()}
                aria-expanded={branch.then(|| open.to_string())} aria-selected={(props.lit == Some(place)).to_string()}
                tabindex={if at == 0 { "0" } else { "-1" }} data-field={name} data-own-keys="" {onclick} {onkeydown} {onmouseenter} {onfocus}>
                <span class="sign" aria-hidden="true">{ sign }</span>{ &line.text }
            </div>
        })
    };
    html! {
        <div class="tree" role="tree" aria-label={words.t(m!("detail-fields"))} onmouseleave={leave}>
            { for shown.iter().enumerate().filter_map(row) }
        </div>
    }
}

/// The branches that a line is in.
fn ancestors(lines: &[TreeLine], place: usize) -> Vec<usize> {
    let mut depth = lines.get(place).map_or(0, |line| line.depth);
    let mut found = Vec::new();
    for (other, line) in lines.iter().enumerate().take(place).rev() {
        if line.depth < depth {
            depth = line.depth;
            found.push(other);
        }
    }
    found
}

/// Gives the focus to the line below, or above.
fn go(event: &KeyboardEvent, forward: bool) {
    let item = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let next = item.and_then(|item| if forward { item.next_element_sibling() } else { item.previous_element_sibling() });
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        let _ = next.focus();
    }
}
