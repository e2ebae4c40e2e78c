//! Small things that are done to the document directly.

use roundtrip_sim::trace::PacketId;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, SvgElement, Window};

/// The window. There is one wherever the page runs.
pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// A new element of a drawing.
pub(crate) fn svg_element(name: &str) -> Option<SvgElement> {
    document()?.create_element_ns(Some("http://www.w3.org/2000/svg"), name).ok()?.dyn_into().ok()
}

/// Sets an attribute if it is another one.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        // Fails for names that are no names only.
        let _ = element.set_attribute(name, value);
    }
}

/// The media query matches.
pub(crate) fn media(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches())
}

/// Lights a packet up in every view at once: one rule of style rather than a rendering of all of them.
pub(crate) fn light(packet: Option<PacketId>) {
    const ID: &str = "lit-packet";
    let Some(document) = document() else { return };
    let style = document.get_element_by_id(ID).or_else(|| {
        let style = document.create_element("style").ok()?;
        style.set_id(ID);
        document.head()?.append_child(&style).ok()?;
        Some(style)
    });
    let rule = packet.map(|packet| {
        let packet = packet.0;
        format!("tr[data-packet=\"{packet}\"]{{background:var(--lit)}}.rung[data-packet=\"{packet}\"] .lit{{opacity:1}}.packet[data-packet=\"{packet}\"] .halo{{opacity:1}}")
    });
    if let Some(style) = style {
        style.set_text_content(rule.as_deref());
    }
}

/// The nearest element, from `element` upwards, that carries an attribute, and the attribute's value.
pub(crate) fn upwards(element: &Element, attribute: &str) -> Option<String> {
    element.closest(&format!("[{attribute}]")).ok().flatten()?.get_attribute(attribute)
}

/// Brings the first element that a selector finds into view, once what was sent has been drawn.
pub(crate) fn show(selector: &'static str) {
    gloo::timers::callback::Timeout::new(0, move || {
        let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
        if let Some(element) = found {
            element.scroll_into_view();
        }
    })
    .forget();
}

/// Offers a text as a file.
pub(crate) fn download(name: &str, text: &str) -> Option<()> {
    let parts = js_sys::Array::of1(&text.into());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("application/json");
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let address = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let link: web_sys::HtmlAnchorElement = document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    let _ = web_sys::Url::revoke_object_url(&address);
    Some(())
}
