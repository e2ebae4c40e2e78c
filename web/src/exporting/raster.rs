//! From SVG to PNG, by the browser's own drawing.

use super::files::blob;
use crate::dom;
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, Url};

/// The picture as PNG.
///
/// # Errors
///
/// What the browser says.
pub(super) async fn png(svg: &str) -> Result<Vec<u8>, JsValue> {
    let source = blob(svg.as_bytes(), "image/svg+xml").ok_or("no blob")?;
    let address = Url::create_object_url_with_blob(&source)?;
    let drawn = draw(&address).await;
    Url::revoke_object_url(&address)?;
    let bytes = JsFuture::from(drawn?.array_buffer()).await?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

async fn draw(address: &str) -> Result<Blob, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(address);
    JsFuture::from(image.decode()).await?;
    let document = dom::document().ok_or("no document")?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into().map_err(JsValue::from)?;
    canvas.set_width(image.natural_width());
    canvas.set_height(image.natural_height());
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or("no context")?.dyn_into().map_err(JsValue::from)?;
    context.draw_image_with_html_image_element(&image, 0.0, 0.0)?;
    let promise = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let call = if blob.is_null() { reject } else { resolve };
            let _ = call.call1(&JsValue::NULL, &blob);
        });
        let _ = canvas.to_blob(done.unchecked_ref());
    });
    JsFuture::from(promise).await?.dyn_into()
}
