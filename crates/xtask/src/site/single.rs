//! The page as one file, which runs from a folder or a USB stick: everything that the built page names is put into it.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use miniz_oxide::deflate::compress_to_vec_zlib;

/// What starts the application in the file; the names in braces are filled in.
const START: &str = include_str!("../../js/single.js");

/// Makes the file from a built site.
///
/// # Errors
/// That the site is not as it is built here.
pub(crate) fn pack(site: &Path, out: &Path) -> Result<()> {
    let read = |name: &str| {
        let path = site.join(name.trim_start_matches("./"));
        fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let html = String::from_utf8(read("index.html")?)?;
    let mut page = String::with_capacity(html.len());
    let mut rest = html.as_str();
    let mut started = false;
    while let Some((before, tag, after)) = next_tag(rest) {
        page.push_str(before);
        rest = after;
        let value = |name: &str| attribute(tag, name);
        match (value("rel"), value("data-wasm")) {
            (Some("stylesheet"), _) => {
                let text = String::from_utf8(read(value("href").context("a style sheet has no address")?)?)?;
                ensure!(!text.contains("</style"), "a style sheet cannot be put into the page");
                page.push_str(&format!("<style>{text}</style>"));
            }
            (Some("icon"), _) => {
                let icon = STANDARD.encode(read(value("href").context("the icon has no address")?)?);
                page.push_str(&format!(r#"<link rel="icon" href="data:image/svg+xml;base64,{icon}">"#));
            }
            // What is in the page needs no fetching, and one file is not installed.
            (Some("modulepreload" | "preload" | "manifest"), _) => {}
            (_, Some(wasm)) => {
                let glue = String::from_utf8(read(value("data-js").context("the script names no module")?)?)?;
                ensure!(!glue.contains("</script"), "the module cannot be put into the page");
                ensure!(!glue.contains("from './snippets"), "the module needs files beside it");
                let wasm = STANDARD.encode(compress_to_vec_zlib(&read(wasm)?, 9));
                page.push_str(&format!(
                    "<script type=\"text/plain\" id=\"wasm\">{wasm}</script>\n<script type=\"module\">\n{glue}\n{START}</script>"
                ));
                rest = rest.strip_prefix("</script>").context("the script does not end where it should")?;
                started = true;
            }
            _ => page.push_str(tag),
        }
    }
    page.push_str(rest);
    ensure!(started, "the page does not start an application");
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(out, page).with_context(|| format!("cannot write {}", out.display()))
}

/// What is before the next `<link …>` or `<script …>`, the tag, and what is behind it.
fn next_tag(text: &str) -> Option<(&str, &str, &str)> {
    let start = ["<link ", "<script "].into_iter().filter_map(|tag| text.find(tag)).min()?;
    let length = text.get(start..)?.find('>')?.checked_add(1)?;
    let (before, rest) = text.split_at(start);
    let (tag, after) = rest.split_at(length);
    Some((before, tag, after))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Scratch;

    const PAGE: &str = r#"<!doctype html><head><title>t</title><link rel="icon" href="./i-1.svg"/><link rel="stylesheet" href="./a-1.css"/>
<link rel="manifest" href="./m"><script src="./static/start.js?a.js" data-js="./a-2.js" data-wasm="./a-2_bg.wasm" defer></script>
<link rel="modulepreload" href="./a-2.js"></head><body><p>text</p></body>"#;

    fn packed(page: &str) -> (Result<()>, String) {
        let scratch = Scratch::with(&[
            ("site/index.html", page),
            ("site/i-1.svg", "<svg/>"),
            ("site/a-1.css", "p { color: red }"),
            ("site/a-2.js", "export { init as default };"),
            ("site/a-2_bg.wasm", "wasm"),
        ]);
        let out = scratch.path().join("deep/one.html");
        let result = pack(&scratch.path().join("site"), &out);
        (result, fs::read_to_string(out).unwrap_or_default())
    }

    #[test]
    fn everything_is_inside_and_nothing_is_asked_for() {
        let (result, page) = packed(PAGE);
        result.unwrap();
        assert!(page.contains("<style>p { color: red }</style>") && page.contains("data:image/svg+xml;base64,PHN2Zy8+"), "{page}");
        assert!(page.contains("export { init as default };") && page.ends_with("<body><p>text</p></body>"), "{page}");
        for asked in ["href=\"./", "src=\"./", "manifest", "preload"] {
            assert!(!page.contains(asked), "{asked}: {page}");
        }
    }

    #[test]
    fn a_site_that_is_none_is_refused() {
        assert!(packed("<html></html>").0.unwrap_err().to_string().contains("does not start"));
        assert!(packed(&PAGE.replace("a-1.css", "b.css")).0.is_err());
    }
}
