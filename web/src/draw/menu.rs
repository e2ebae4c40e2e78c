//! The menu of what is selected, or of the sheet.

use crate::hooks::{use_part, use_store, use_words};
use crate::words::m;
use crate::{clipboard, dom};
use roundtrip_editor::Command;
use roundtrip_editor::hand::{HandCommand, deeds};
use roundtrip_editor::shortcut::{Act, TABLE};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// The menu, while it is open.
#[component]
pub(crate) fn ContextMenu() -> Html {
    let menu = use_part(|now| now.desk.menu.clone());
    let window = use_part(|now| now.window);
    let Some(menu) = menu else { return Html::default() };
    // Rather to the left or above than out of sight.
    let sideways = if menu.at.x > window.0 - 240.0 {
        format!("right:{:.0}px", (window.0 - menu.at.x).max(4.0))
    } else {
        format!("left:{:.0}px", menu.at.x)
    };
    let height = if menu.at.y > window.1 / 2.0 {
        format!("bottom:{:.0}px;max-height:{:.0}px", (window.1 - menu.at.y).max(4.0), menu.at.y - 8.0)
    } else {
        format!("top:{:.0}px;max-height:{:.0}px", menu.at.y, window.1 - menu.at.y - 8.0)
    };
    html! { <Entries style={format!("{sideways};{height}")} /> }
}

#[derive(Properties, PartialEq)]
struct EntriesProps {
    style: String,
}

#[component]
fn Entries(props: &EntriesProps) -> Html {
    let words = use_words();
    let store = use_store();
    let selection = use_part(|now| now.selection.clone());
    let list = use_node_ref();
    use_effect_with(list.clone(), |list| {
        if let Some(first) = list.cast::<Element>().and_then(|list| list.query_selector("[role=menuitem]").ok().flatten()) {
            focus(&first);
        }
    });
    let onkeydown = {
        let (store, list) = (store.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step: i32 = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => -1,
                "Escape" | "Tab" => {
                    event.prevent_default();
                    store.send(Command::Hand(HandCommand::CloseMenu));
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            if let Some(list) = list.cast::<Element>() {
                walk(&list, step);
            }
        })
    };
    let onfocusout = {
        let (store, list) = (store.clone(), list.clone());
        Callback::from(move |event: FocusEvent| {
            let next = event.related_target().and_then(|target| target.dyn_into::<Element>().ok());
            // A finger that opened the menu and is lifted gives the focus to what lies below it; a new press there closes the menu itself.
            let in_picture = next.as_ref().is_some_and(|next| next.closest(".drawing").ok().flatten().is_some());
            let stays = in_picture || next.zip(list.cast::<Element>()).is_some_and(|(next, list)| list.contains(Some(&next)));
            if !stays && event.related_target().is_some() {
                store.send(Command::Hand(HandCommand::CloseMenu));
            }
        })
    };
    let entry = |act: Act| {
        let store = store.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            store.send(Command::Hand(HandCommand::CloseMenu));
            if act.is_browsers() {
                clipboard::by_menu(&store, act);
            } else {
                store.send_all(act.commands());
            }
        });
        let keys = TABLE.iter().find(|shortcut| shortcut.act == act).map(|shortcut| {
            let held = [(shortcut.keys.primary, "Ctrl+"), (shortcut.keys.shift, "Shift+")];
            let held: String = held.into_iter().filter(|(down, _)| *down).map(|(_, name)| name).collect();
            let key = if shortcut.keys.key.chars().count() == 1 { shortcut.keys.key.to_uppercase() } else { shortcut.keys.key.to_owned() };
            format!("{held}{key}")
        });
        html! {
            <button key={format!("{act:?}")} role="menuitem" tabindex="-1" {onclick}>
                <span>{ words.act(act) }</span><span class="key" aria-hidden="true">{ keys }</span>
            </button>
        }
    };
    let group = |(number, group): (usize, Vec<Act>)| {
        html! { <div key={number} role="group" class="menu-group">{ for group.into_iter().map(entry) }</div> }
    };
    html! {
        <div ref={list} class="context-menu" role="menu" aria-label={words.t(m!("menu-name"))} style={props.style.clone()} {onkeydown} {onfocusout}>
            { for deeds::groups(&selection.items()).into_iter().enumerate().map(group) }
        </div>
    }
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// To the entry above or below the one that has the focus, around the ends.
fn walk(list: &Element, step: i32) {
    let Ok(entries) = list.query_selector_all("[role=menuitem]") else { return };
    let entries: Vec<Element> = (0..entries.length()).filter_map(|at| entries.item(at)?.dyn_into().ok()).collect();
    let now = dom::document().and_then(|document| document.active_element());
    let at = entries.iter().position(|entry| Some(entry) == now.as_ref());
    let next = match (at, step) {
        (Some(at), 1) => at.checked_add(1).filter(|next| *next < entries.len()).unwrap_or(0),
        (Some(at), _) => at.checked_sub(1).unwrap_or_else(|| entries.len().saturating_sub(1)),
        (None, _) => 0,
    };
    if let Some(next) = entries.get(next) {
        focus(next);
    }
}
