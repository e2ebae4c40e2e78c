//! All that the page says, from the message catalogues in `web/i18n`.

mod configured;
mod device;
mod draw;
mod label;
mod reason;

#[cfg(test)]
mod tests;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use roundtrip_editor::command::Language;
use roundtrip_explain::{Message, Teller};
use roundtrip_lab::{Lab, Messages};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The files of a language's catalogue, one for each area of the page, as one text.
macro_rules! areas {
    ($language:literal) => {
        areas!($language: "page", "draw", "configure", "traffic", "watch", "verdict", "carry", "export", "live")
    };
    ($language:literal: $($area:literal),+) => {
        concat!($(include_str!(concat!("../../i18n/", $language, "/", $area, ".ftl")), "\n"),+)
    };
}

/// The catalogue of a language.
pub(crate) const fn catalogue(language: Language) -> &'static str {
    match language {
        Language::English => areas!("en"),
        Language::Japanese => areas!("ja"),
    }
}

/// The name of a message. Made by [`m!`] alone, so that a test can find every one that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MessageId(pub(crate) &'static str);

/// Names a message.
macro_rules! m {
    ($id:literal) => {
        $crate::words::MessageId($id)
    };
}
pub(crate) use m;

/// The words of one language. Compared by language: the words of a language never change.
#[derive(Clone)]
pub(crate) struct Words {
    language: Language,
    bundle: Rc<FluentBundle<FluentResource>>,
    problems: Rc<Messages>,
    causes: Rc<Messages>,
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.language == other.language
    }
}

impl Words {
    /// Of a language.
    pub(crate) fn new(language: Language) -> Self {
        let tag = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![tag]);
        // Marks of direction around arguments would be seen by tests and copied by people; no language here needs them.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(catalogue(language).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        let problems = Rc::new(Messages::new(language.tag()));
        let causes = Rc::new(roundtrip_explain::messages(language.tag()));
        Self { language, bundle: Rc::new(bundle), problems, causes }
    }

    /// The language.
    pub(crate) const fn language(&self) -> Language {
        self.language
    }

    /// What is wrong with a document, and what helps.
    pub(crate) fn problems(&self) -> &Messages {
        &self.problems
    }

    /// What an explanation says of a lab.
    pub(crate) fn tell(&self, lab: &Lab, message: &Message) -> String {
        let text = |id: &str, args: &BTreeMap<&'static str, String>| self.causes.text(id, args);
        let device = |name: &str| self.device_named(lab, name);
        Teller { text: &text, device: &device }.tell(message)
    }

    /// The same of what names no device.
    pub(crate) fn say(&self, message: &Message) -> String {
        let text = |id: &str, args: &BTreeMap<&'static str, String>| self.causes.text(id, args);
        Teller { text: &text, device: &str::to_owned }.tell(message)
    }

    /// What there is to say about a cause in general, by the name of the text.
    pub(crate) fn cause(&self, id: &str) -> String {
        self.causes.text(id, &BTreeMap::new())
    }

    /// A message without arguments.
    pub(crate) fn t(&self, id: MessageId) -> String {
        self.with(id, &[])
    }

    /// A message without arguments that a table of the editor names.
    pub(crate) fn named(&self, id: &str) -> String {
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        pattern.map_or_else(|| id.to_owned(), |pattern| self.bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned())
    }

    /// A message with arguments.
    pub(crate) fn with(&self, id: MessageId, args: &[(&'static str, Arg<'_>)]) -> String {
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, FluentValue::from(value))).collect();
        let pattern = self.bundle.get_message(id.0).and_then(|message| message.value());
        pattern.map_or_else(|| id.0.to_owned(), |pattern| self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
    }
}

/// An argument of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arg<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Number(usize),
}

impl<'a> From<&Arg<'a>> for FluentValue<'a> {
    fn from(value: &Arg<'a>) -> Self {
        match value {
            Arg::Text(text) => FluentValue::from(*text),
            Arg::Number(number) => FluentValue::from(*number),
        }
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}
