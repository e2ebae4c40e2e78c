//! Texts: in one or several languages, and packet filter rules.

use roundtrip_wire::order::gather;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// A text, either the same in every language or one for each.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Text(BTreeMap<String, String>);

impl Text {
    /// The key of a text that is the same in every language.
    const ANY: &'static str = "";

    /// A text that is the same in every language.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::default() } else { Self(gather([(Self::ANY.to_owned(), text)])) }
    }

    /// A text for each language, by its BCP 47 tag (`en`, `ja`, `pt-BR`).
    #[must_use]
    pub fn by_language(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(gather(texts.into_iter().filter(|(language, text)| !language.is_empty() && !text.is_empty())))
    }

    /// True if there is no text in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text for a reader of `language`: of that tag, else of its first part, else English, else any. Empty if there is none.
    #[must_use]
    pub fn get(&self, language: &str) -> &str {
        let primary = language.split('-').next().unwrap_or_default();
        [language, primary, Self::ANY, "en"]
            .into_iter()
            .find_map(|tag| self.0.get(tag))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// Replaces the text for one language, or takes it out if it is empty.
    pub fn set(&mut self, language: &str, text: &str) {
        if let Some(plain) = self.0.remove(Self::ANY) {
            // What was there without a language stays as the fallback.
            self.0.entry("en".to_owned()).or_insert(plain);
        }
        if text.is_empty() {
            self.0.remove(language);
        } else {
            self.0.insert(language.to_owned(), text.to_owned());
        }
    }

    /// Every text with its language; an empty language for a text that is the same in all.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(language, text)| (language.as_str(), text.as_str()))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.get(Self::ANY) {
            Some(text) => serializer.serialize_str(text),
            None if self.0.is_empty() => serializer.serialize_str(""),
            None => serializer.collect_map(&self.0),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A text, or one for each language by its tag.",
            "anyOf": [
                { "type": "string" },
                { "type": "object", "additionalProperties": { "type": "string" } }
            ]
        })
    }
}

/// Text in the language of nft(8). Saved as a string, or as a list of its lines where it has several.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct NftText(String);

impl NftText {
    /// This text, without empty lines at its end.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let mut text: String = text.into();
        text.truncate(text.trim_end().len());
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for NftText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Serialize for NftText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.contains('\n') { serializer.collect_seq(self.0.split('\n')) } else { serializer.serialize_str(&self.0) }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for NftText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "NftText".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Text in the language of nft(8), or a list of its lines.",
            "anyOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string" } }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readers_language_then_its_first_part_then_english() {
        let text = Text::by_language([("en".to_owned(), "one".to_owned()), ("ja".to_owned(), "一".to_owned())]);
        assert_eq!((text.get("ja"), text.get("ja-JP"), text.get("fr")), ("一", "一", "one"));
        assert_eq!(Text::plain("x").get("ja"), "x");
        assert_eq!(Text::default().get("ja"), "");
    }

    #[test]
    fn a_text_without_language_becomes_the_english_one() {
        let mut text = Text::plain("one");
        text.set("ja", "一");
        assert_eq!((text.get("en"), text.get("ja")), ("one", "一"));
        text.set("ja", "");
        assert_eq!(text.get("ja"), "one");
    }

    #[test]
    fn rules_of_several_lines_are_saved_as_lines() {
        assert_eq!(serde_json::to_string(&NftText::new("a\n b\n")).unwrap(), r#"["a"," b"]"#);
        assert_eq!(serde_json::to_string(&NftText::new("a")).unwrap(), r#""a""#);
    }
}
