//! `index.html`: its `<link data-trunk>` elements, and putting something else in their place.

use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};
use html5gum::{DefaultEmitter, HtmlString, Span, StartTag, Token, Tokenizer};

/// The page's source, read.
pub(crate) struct Document {
    links: Vec<Link>,
    head_end: Option<usize>,
}

/// One `<link data-trunk …>`.
pub(crate) struct Link {
    tag: StartTag<usize>,
}

impl Document {
    /// Reads it.
    ///
    /// # Errors
    /// That an element asks for what is not known here.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut emitter = DefaultEmitter::new_with_span();
        // Else the text of scripts and styles would be taken for elements.
        emitter.naively_switch_states(true);
        let mut document = Self { links: Vec::new(), head_end: None };
        for token in Tokenizer::new_with_emitter(text, emitter) {
            match token? {
                Token::StartTag(tag) if has(&tag, "data-trunk") => {
                    if tag.name.as_slice() != b"link" {
                        bail!("only <link data-trunk> is known here, not <{}>", String::from_utf8_lossy(&tag.name));
                    }
                    document.links.push(Link { tag });
                }
                Token::StartTag(tag) if has(&tag, "data-trunk-public-url") => {
                    bail!("<base data-trunk-public-url> is not known here");
                }
                Token::EndTag(tag) if tag.name.as_slice() == b"head" => {
                    document.head_end.get_or_insert(tag.span.start);
                }
                _ => {}
            }
        }
        ensure!(
            document.links.iter().filter(|link| link.rel().is_ok_and(|rel| rel == "rust")).count() == 1,
            "it must have one <link data-trunk rel=\"rust\">"
        );
        Ok(document)
    }

    /// Its `<link data-trunk>`, in order.
    pub(crate) fn links(&self) -> &[Link] {
        &self.links
    }

    /// Where its head ends.
    ///
    /// # Errors
    /// That no `</head>` is written.
    pub(crate) fn head_end(&self) -> Result<usize> {
        self.head_end.context("it has no </head> to put the preloads before")
    }
}

fn has(tag: &StartTag<usize>, name: &str) -> bool {
    tag.attributes.contains_key(&key(name))
}

fn key(name: &str) -> HtmlString {
    HtmlString::from(name.as_bytes().to_vec())
}

impl Link {
    /// The value of an attribute, if it is there.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.tag.attributes.get(&key(name)).map(|value| String::from_utf8_lossy(value).into_owned())
    }

    /// What kind of thing it brings in.
    ///
    /// # Errors
    /// That it does not say.
    pub(crate) fn rel(&self) -> Result<&str> {
        let value = self.tag.attributes.get(&key("rel")).context("a <link data-trunk> has no rel")?;
        Ok(std::str::from_utf8(value)?)
    }

    /// What it points to.
    ///
    /// # Errors
    /// That it does not say.
    pub(crate) fn href(&self) -> Result<String> {
        self.get("href").context("a <link data-trunk> has no href")
    }

    /// Its attributes, by name.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.tag
            .attributes
            .iter()
            .map(|(name, value)| (String::from_utf8_lossy(name).into_owned(), String::from_utf8_lossy(value).into_owned()))
    }

    /// Refuses attributes other than those.
    ///
    /// # Errors
    /// The attribute that is not known.
    pub(crate) fn only(&self, known: &[&str]) -> Result<()> {
        for (name, _) in self.attributes() {
            ensure!(
                ["data-trunk", "rel"].contains(&name.as_str()) || known.contains(&name.as_str()),
                "the attribute {name} is Trunk's, but cargo xtask does not know it here"
            );
        }
        Ok(())
    }

    /// Where it stands in the source.
    pub(crate) fn range(&self) -> Range<usize> {
        let Span { start, end } = self.tag.span;
        start..end
    }

    /// Itself, as written.
    pub(crate) fn source<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// Changes to a text, made all at once.
#[derive(Default)]
pub(crate) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Puts a text in the place of a range.
    pub(crate) fn replace(&mut self, range: Range<usize>, text: String) {
        self.0.push((range, text));
    }

    /// Puts a text before this position.
    pub(crate) fn insert(&mut self, position: usize, text: String) {
        self.replace(position..position, text);
    }

    /// The text with all changes.
    ///
    /// # Errors
    /// That two of them overlap.
    pub(crate) fn apply(mut self, text: &str) -> Result<String> {
        self.0.sort_by_key(|(range, _)| range.start);
        let mut result = String::with_capacity(text.len());
        let mut done = 0;
        for (range, new) in &self.0 {
            let kept = text.get(done..range.start);
            result.push_str(kept.context("two changes of the page overlap")?);
            result.push_str(new);
            done = range.end;
        }
        result.push_str(text.get(done..).context("a change lies beyond the page")?);
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html><head><script>'<link data-trunk rel=css>'</script>\
        <!-- <link data-trunk rel=css> --><link  data-trunk rel='rust' data-bin=\"x\" /></head>\
        <body></body></html>";

    #[test]
    fn links_are_found_where_they_are_elements() {
        let document = Document::parse(PAGE).unwrap();
        let [link] = document.links() else { panic!("{}", document.links().len()) };
        assert_eq!(link.rel().unwrap(), "rust");
        assert_eq!(link.get("data-bin").as_deref(), Some("x"));
        assert_eq!(link.source(PAGE), "<link  data-trunk rel='rust' data-bin=\"x\" />");
        assert_eq!(&PAGE[document.head_end().unwrap()..][..7], "</head>");
    }

    #[test]
    fn unknown_wishes_are_refused() {
        assert!(Document::parse(&PAGE.replace("<body>", "<script data-trunk>")).is_err());
        assert!(Document::parse(&PAGE.replace("rust", "css")).is_err());
        let document = Document::parse(PAGE).unwrap();
        assert!(document.links()[0].only(&["data-bin"]).is_ok());
        assert!(document.links()[0].only(&[]).is_err());
    }

    #[test]
    fn edits_are_made_in_order_of_place() {
        let mut edits = Edits::default();
        edits.replace(6..7, "C".into());
        edits.insert(0, "<".into());
        edits.replace(1..3, "B".into());
        assert_eq!(edits.apply("abbcdefg").unwrap(), "<aBcdeCg");
        let mut edits = Edits::default();
        edits.replace(0..3, String::new());
        edits.replace(2..4, String::new());
        assert!(edits.apply("abcdef").is_err());
    }
}
