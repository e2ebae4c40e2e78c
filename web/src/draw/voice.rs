//! What is said about drawing: hints for a tool, what did not work, what has changed; and where the focus goes.

use crate::dom;
use crate::hooks::{Same, use_part, use_words};
use crate::words::m;
use gloo::timers::callback::Timeout;
use roundtrip_editor::Item;
use roundtrip_editor::hand::{Notice, Tool};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, SvgElement};
use yew::prelude::*;

/// Seen below the picture, and heard.
#[component]
pub(crate) fn Voice() -> Html {
    let words = use_words();
    let lab = use_part(|now| Same(now.lab.clone()));
    let tool = use_part(|now| now.desk.tool);
    let notice = use_part(|now| now.desk.notice.clone());
    let change = use_part(|now| now.undo.clone());
    let asked = use_part(|now| now.desk.focus.clone());
    use_effect_with(asked, |asked| {
        if let Some((_, item)) = asked {
            focus_on(item);
        }
    });
    let hint = (tool != Tool::Select).then(|| words.hint(tool));
    let said = notice.filter(|(_, notice)| !matches!(notice, Notice::Tool(_)));
    let said = said.map(|(number, notice)| (number, words.notice(&lab, &notice)));
    let done = change.map(|change| words.with(m!("done"), &[("change", (&words.change(&lab, &change)).into())]));
    html! {
        <>
            if let Some(hint) = &hint {
                <p class="tool-hint" aria-hidden="true">{ hint }</p>
            } else if let Some((number, said)) = &said {
                <p key={*number} class="tool-hint passing" aria-hidden="true">{ said }</p>
            }
            <p class="hidden" role="status">{ hint.clone().or_else(|| said.map(|(_, said)| said)) }</p>
            <p class="hidden" role="status">{ done }</p>
        </>
    }
}

/// Gives the picture the focus: after a press on a tool, keys are the picture's.
pub(super) fn focus_picture() {
    if let Some(element) = dom::document().and_then(|document| document.query_selector(".drawing").ok().flatten())
        && let Some(drawing) = element.dyn_ref::<SvgElement>()
    {
        let _ = drawing.focus();
    }
}

/// Gives a thing the focus, once it has been drawn.
pub(super) fn focus_on(item: &Item) {
    let key = item.key();
    Timeout::new(0, move || {
        let found = || {
            let all = dom::document()?.query_selector_all(".drawing [data-item], .outline [data-item]").ok()?;
            (0..all.length())
                .filter_map(|at| all.item(at)?.dyn_into::<web_sys::Element>().ok())
                .find(|element| element.get_attribute("data-item").as_deref() == Some(key.as_str()))
        };
        let Some(element) = found() else { return };
        if let Some(element) = element.dyn_ref::<SvgElement>() {
            let _ = element.focus();
        } else if let Some(element) = element.dyn_ref::<HtmlElement>() {
            let _ = element.focus();
        }
    })
    .forget();
}
