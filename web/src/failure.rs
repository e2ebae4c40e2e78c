//! What a reader sees if the page breaks: what happened, and their work to keep.

use crate::words::{Words, m};
use gloo::events::EventListener;
use roundtrip_editor::command::Language;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ErrorEvent;

thread_local! {
    /// The document as it was last saved here, so that it survives whatever breaks.
    static KEPT: RefCell<String> = const { RefCell::new(String::new()) };
    static LANGUAGE: RefCell<Language> = const { RefCell::new(Language::English) };
}

/// Keeps the document for the case that the page breaks.
pub(crate) fn keep(document: String) {
    KEPT.with(|kept| *kept.borrow_mut() = document);
}

/// Speaks this language if the page breaks.
pub(crate) fn speak(language: Language) {
    LANGUAGE.with(|kept| *kept.borrow_mut() = language);
}

/// Shows a box instead of a blank page when the page panics, and when the machine below it gives up: too deep a stack and
/// too little memory are no panics.
pub(crate) fn install() {
    // Through Yew, which would put its own in the place of one that it does not know of.
    yew::set_custom_panic_hook(Box::new(|info| {
        let what = info.to_string();
        web_sys::console::error_1(&what.as_str().into());
        show(&what);
    }));
    let Some(window) = crate::dom::window() else { return };
    EventListener::new(&window, "error", |event| {
        let Some(event) = event.dyn_ref::<ErrorEvent>() else { return };
        let name = js_sys::Reflect::get(&event.error(), &"name".into()).ok().and_then(|name| name.as_string());
        if name.as_deref() == Some("RuntimeError") {
            show(&event.message());
        }
    })
    .forget();
}

/// Puts the box over the page, which may be half drawn.
fn show(what: &str) -> Option<()> {
    let document = crate::dom::document()?;
    if document.get_element_by_id("failure").is_some() {
        return None;
    }
    crate::carry::broke();
    let words = Words::new(LANGUAGE.with(|language| *language.borrow()));
    let element = |name: &str, text: &str| {
        let element = document.create_element(name).ok()?;
        element.set_text_content(Some(text));
        Some(element)
    };
    let shade = element("div", "")?;
    shade.set_id("failure");
    let _ = shade.set_attribute("role", "alertdialog");
    let _ = shade.set_attribute("aria-labelledby", "failure-title");
    let card = element("div", "")?;
    let title = element("h2", &words.t(m!("failure-title")))?;
    title.set_id("failure-title");
    let _ = card.append_child(&title);
    let _ = card.append_child(element("p", &words.t(m!("failure-text")))?.as_ref());
    let kept = KEPT.with(|kept| kept.borrow().clone());
    if !kept.is_empty() {
        let save = element("button", &words.t(m!("failure-download")))?;
        let on_save = Closure::<dyn Fn()>::new(move || {
            // Where even that fails, the text below still tells what happened.
            let _ = crate::dom::download("lab.json", &kept);
        });
        let _ = save.add_event_listener_with_callback("click", on_save.as_ref().unchecked_ref());
        // Lives as long as the box, which is for good.
        on_save.forget();
        let _ = card.append_child(&save);
    }
    let again = element("button", &words.t(m!("failure-reload")))?;
    let on_again = Closure::<dyn Fn()>::new(|| {
        if let Some(window) = crate::dom::window() {
            let _ = window.location().reload();
        }
    });
    let _ = again.add_event_listener_with_callback("click", on_again.as_ref().unchecked_ref());
    on_again.forget();
    let _ = card.append_child(&again);
    let details = element("details", "")?;
    let _ = details.append_child(element("summary", &words.t(m!("failure-details")))?.as_ref());
    let _ = details.append_child(element("pre", what)?.as_ref());
    let _ = card.append_child(&details);
    let _ = shade.append_child(&card);
    let _ = document.body()?.append_child(&shade);
    Some(())
}
