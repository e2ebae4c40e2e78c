//! What is passed on: addresses, and the texts that go into other people's pages.

use super::options::Options;
use roundtrip_lab::{Lab, Problem, link};

/// How tall an embed is unless somebody says otherwise, in pixels.
pub const HEIGHT: u32 = 420;

/// Heights that an embed can have, in pixels.
pub const HEIGHTS: std::ops::RangeInclusive<u32> = 120..=2_000;

/// The address of a lab: the page's own address, how it is shown, and the lab.
///
/// # Errors
///
/// The lab is too large for a link.
pub fn address(page: &str, options: &Options, lab: &Lab) -> Result<String, Problem> {
    let page = page.split(['?', '#']).next().unwrap_or_default();
    let query = options.query();
    let mark = if query.is_empty() { "" } else { "?" };
    Ok(format!("{page}{mark}{query}#{}", link::encode(lab)?))
}

/// Too long for some of the programs through which links pass.
#[must_use]
pub fn is_long(address: &str) -> bool {
    address.chars().count() > link::COMFORTABLE_CHARS
}

/// What is embedded: everything that both forms of snippet say.
#[derive(Clone, Copy, Debug)]
pub struct Snippet<'a> {
    /// The page's own address.
    pub page: &'a str,
    /// How it is shown.
    pub options: &'a Options,
    /// The lab.
    pub lab: &'a Lab,
    /// What screen readers call the frame.
    pub title: &'a str,
    /// What stands in its place without script.
    pub fallback: &'a str,
    /// In pixels.
    pub height: u32,
}

impl Snippet<'_> {
    fn full(&self) -> Result<String, Problem> {
        // In full nothing is locked or hidden, and nobody has to ask it to play.
        let options = Options { language: self.options.language, start: self.options.start, ..Options::default() };
        address(self.page, &options, self.lab)
    }

    /// As a frame, which any page can hold.
    ///
    /// # Errors
    ///
    /// The lab is too large for a link.
    pub fn iframe(&self) -> Result<String, Problem> {
        let options = Options { embed: true, ..self.options.clone() };
        let (source, full) = (escaped(&address(self.page, &options, self.lab)?), escaped(&self.full()?));
        let (title, fallback, height) = (escaped(self.title), escaped(self.fallback), self.height);
        Ok(format!(
            "<iframe src=\"{source}\" title=\"{title}\" height=\"{height}\" style=\"width:100%;border:0\" loading=\"lazy\"></iframe>\n\
             <noscript><a href=\"{full}\">{fallback}</a></noscript>\n"
        ))
    }

    /// As an element, which other scripts of the page can rule.
    ///
    /// # Errors
    ///
    /// The lab is too large for a link.
    pub fn element(&self) -> Result<String, Problem> {
        let script = escaped(&script(self.page));
        let (lab, full) = (link::encode(self.lab)?, escaped(&self.full()?));
        let (title, fallback, height) = (escaped(self.title), escaped(self.fallback), self.height);
        // An attribute is a parameter of the query, under the same name.
        let query = self.options.query();
        let attributes: String = query
            .split('&')
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| format!(" {name}=\"{}\"", escaped(value)))
            .collect();
        Ok(format!(
            "<script src=\"{script}\" async></script>\n\
             <roundtrip-lab lab=\"{lab}\"{attributes} title=\"{title}\" height=\"{height}\">\n  <a href=\"{full}\">{fallback}</a>\n</roundtrip-lab>\n"
        ))
    }
}

/// The address of the script that brings the element, beside the page.
#[must_use]
pub fn script(page: &str) -> String {
    let page = page.split(['?', '#']).next().unwrap_or_default();
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/roundtrip-lab.js")
}

/// A link in Markdown.
#[must_use]
pub fn markdown(title: &str, address: &str) -> String {
    let title: String = title.chars().flat_map(|letter| markdown_letter(letter).chain(std::iter::once(letter))).collect();
    format!("[{}]({address})\n", title.replace(['\n', '\r'], " "))
}

fn markdown_letter(letter: char) -> impl Iterator<Item = char> {
    matches!(letter, '\\' | '[' | ']' | '`' | '*' | '_' | '<' | '>').then_some('\\').into_iter()
}

/// As text of HTML and as value of an attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::options::View;
    use super::*;

    const PAGE: &str = "https://example.org/lab/?lang=ja#1.old";

    fn lab() -> Lab {
        roundtrip_lab::example("story").unwrap().lab()
    }

    #[test]
    fn an_address_is_the_page_what_is_shown_and_the_lab() {
        let options = Options { view: View::Ladder, ..Options::default() };
        let address = address(PAGE, &options, &lab()).unwrap();
        assert!(address.starts_with("https://example.org/lab/?view=ladder#1."), "{address}");
        assert_eq!(link::decode(&address).lab, Some(lab()));
        assert!(!is_long(&address));
        assert!(is_long(&"x".repeat(2_001)));
    }

    #[test]
    fn what_goes_into_a_foreign_page_cannot_break_out_of_its_place() {
        let options = Options { lock: true, ..Options::default() };
        let hostile = "\"><script>alert('1')</script>&";
        let lab = lab();
        let snippet = Snippet { page: PAGE, options: &options, lab: &lab, title: hostile, fallback: hostile, height: 300 };
        for text in [snippet.iframe().unwrap(), snippet.element().unwrap()] {
            assert!(!text.contains("<script>") && !text.contains("'1'"), "{text}");
            assert!(text.contains("&quot;&gt;&lt;script&gt;") && text.contains("height=\"300\""), "{text}");
        }
        assert!(snippet.iframe().unwrap().contains("?embed=1&amp;lock=1#1."));
        assert!(snippet.element().unwrap().contains("<script src=\"https://example.org/lab/roundtrip-lab.js\" async>"));
        assert!(snippet.element().unwrap().contains(" lock=\"1\" "));
    }

    #[test]
    fn markdown_takes_a_title_literally() {
        assert_eq!(markdown("a [b](c) *d*", "https://x.y/#1.z"), "[a \\[b\\](c) \\*d\\*](https://x.y/#1.z)\n");
    }
}
