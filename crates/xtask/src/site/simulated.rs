//! The site's page "what is simulated", made from `docs/what-is-simulated.md`: a test holds the two together, so that the site
//! never says anything else than the project does.

use pulldown_cmark::{Options, Parser, html};

const SOURCE: &str = include_str!("../../../../docs/what-is-simulated.md");

/// The page.
fn page() -> String {
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(SOURCE, Options::ENABLE_TABLES));
    let title = SOURCE.lines().next().unwrap_or_default().trim_start_matches("# ");
    format!(
        r#"<!doctype html>
<!-- Made from docs/what-is-simulated.md: edit that, then run UPDATE=1 cargo test -p xtask simulated -->
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{title}</title>
    <link rel="icon" href="../static/icon.svg">
    <link rel="stylesheet" href="post.css">
  </head>
  <body>
    <main>
<nav><a href="../">Roundtrip</a></nav>
{body}    </main>
  </body>
</html>
"#
    )
}

#[test]
fn the_page_says_what_the_documentation_says() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/demo/simulated.html");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap();
    assert!(there == page(), "the page is not what the documentation says: UPDATE=1 cargo test -p xtask simulated");
}
