//! Offering bytes as files.

use crate::dom;
use crate::store::Store;
use js_sys::{Array, Uint8Array};
use roundtrip_editor::carry::file_name;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// A blob of these bytes.
pub(super) fn blob(bytes: &[u8], kind: &str) -> Option<Blob> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}

/// Offers bytes under the lab's name with this ending. Where the browser refuses it, it has told its reader so.
pub(super) fn offer(store: &Store, ending: &str, kind: &str, bytes: &[u8]) -> Option<()> {
    let now = store.snapshot();
    let json = file_name(&now.lab, now.language.tag());
    let stem = json.strip_suffix(".json").unwrap_or(&json);
    let address = Url::create_object_url_with_blob(&blob(bytes, kind)?).ok()?;
    let link: HtmlAnchorElement = dom::document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(&format!("{stem}{ending}"));
    link.click();
    Url::revoke_object_url(&address).ok()
}
