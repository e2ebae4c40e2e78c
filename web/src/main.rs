//! The page.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["document", "body"])]
    fn append(text: &str);
}

fn main() {
    append("Roundtrip");
}
