//! Message catalogues: what is said to people, in the languages that there are.

use crate::phrases::Phrases;
use crate::problem::{Problem, ProblemId};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use std::collections::BTreeMap;

/// The messages about documents in English.
pub const PROBLEMS_EN: &str = include_str!("../messages/problems.en.ftl");
/// The messages about documents in Japanese.
pub const PROBLEMS_JA: &str = include_str!("../messages/problems.ja.ftl");

/// Phrases inside the messages about documents, in Japanese.
const PHRASES_JA: &str = include_str!("../messages/phrases.ja.txt");

/// Arguments that are phrases, not names or numbers.
const PHRASES: [&str; 4] = ["reason", "construct", "expected", "found"];

/// Messages for one reader. What the reader's language does not have is said in English.
pub struct Messages {
    bundles: Vec<FluentBundle<FluentResource>>,
    phrases: Option<Phrases>,
}

impl Messages {
    /// The messages about documents for a reader of `language` (a BCP 47 tag such as `ja` or `ja-JP`).
    #[must_use]
    pub fn new(language: &str) -> Self {
        Self::from_catalogues(language, &[("en", PROBLEMS_EN), ("ja", PROBLEMS_JA)])
    }

    /// Messages from catalogues in the format of Project Fluent, each with its language.
    #[must_use]
    pub fn from_catalogues(language: &str, catalogues: &[(&str, &str)]) -> Self {
        let primary = language.split(['-', '_', '.']).next().unwrap_or_default().to_ascii_lowercase();
        let mut wanted = vec![primary.as_str()];
        if primary != "en" {
            wanted.push("en");
        }
        let bundles = wanted
            .into_iter()
            .filter_map(|language| {
                let identifier = language.parse().ok()?;
                let mut bundle = FluentBundle::new(vec![identifier]);
                // Marks around what is put in would show up as rubbish in a terminal.
                bundle.set_use_isolating(false);
                for (_, text) in catalogues.iter().filter(|(of, _)| *of == language) {
                    // A catalogue with a mistake still gives the messages without one; a test reads them all.
                    let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
                    bundle.add_resource_overriding(resource);
                }
                Some(bundle)
            })
            .collect();
        let phrases = (primary == "ja").then(|| Phrases::new(PHRASES_JA));
        Self { bundles, phrases }
    }

    /// The message of that name; its name if there is none.
    #[must_use]
    pub fn text(&self, id: &str, args: &BTreeMap<&'static str, String>) -> String {
        self.find(id, None, args).unwrap_or_else(|| id.to_owned())
    }

    /// What is wrong.
    #[must_use]
    pub fn problem(&self, problem: &Problem) -> String {
        self.text(problem.id.name(), &self.arguments(problem))
    }

    /// What helps.
    #[must_use]
    pub fn remedy(&self, problem: &Problem) -> String {
        self.find(problem.id.name(), Some("remedy"), &self.arguments(problem)).unwrap_or_default()
    }

    /// A problem's arguments, those that are phrases in the reader's language.
    fn arguments(&self, problem: &Problem) -> BTreeMap<&'static str, String> {
        let mut args = problem.args.clone();
        // What was found is a phrase only where it is a type.
        let of_type = problem.id == ProblemId::WrongType;
        if let Some(phrases) = &self.phrases {
            for (name, value) in &mut args {
                if PHRASES.contains(name) && (*name != "found" || of_type) {
                    *value = phrases.say(value);
                }
            }
        }
        args
    }

    fn find(&self, id: &str, attribute: Option<&str>, args: &BTreeMap<&'static str, String>) -> Option<String> {
        // The format has no pattern for an empty text, so that one gets a name to be asked for.
        let args: FluentArgs<'_> =
            args.iter().map(|(name, value)| (*name, if value.is_empty() { "none" } else { value.as_str() })).collect();
        self.bundles.iter().find_map(|bundle| {
            let message = bundle.get_message(id)?;
            let pattern = match attribute {
                Some(attribute) => message.get_attribute(attribute)?.value(),
                None => message.value()?,
            };
            let text = bundle.format_pattern(pattern, Some(&args), &mut Vec::new());
            Some(text.trim_end().to_owned())
        })
    }

    /// Calls `use_it` with the English messages, which are read once a thread.
    pub(crate) fn english<T>(use_it: impl FnOnce(&Self) -> T) -> T {
        thread_local! {
            static ENGLISH: Messages = Messages::new("en");
        }
        ENGLISH.with(use_it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_a_message_and_a_remedy_in_every_language() {
        for (language, catalogue) in [("en", PROBLEMS_EN), ("ja", PROBLEMS_JA)] {
            FluentResource::try_new(catalogue.to_owned()).unwrap_or_else(|(_, errors)| panic!("{language}: {errors:?}"));
            let only = Messages::from_catalogues(language, &[(language, catalogue)]);
            for id in ProblemId::ALL {
                let mut problem = Problem::new(*id, "x");
                for argument in id.arguments() {
                    problem = problem.with(argument, "VALUE");
                }
                let (message, remedy) = (only.problem(&problem), only.remedy(&problem));
                assert_ne!(message, id.name(), "{language}");
                assert!(!remedy.is_empty(), "{language}: no remedy for {}", id.name());
                for text in [message, remedy] {
                    assert!(!text.contains('{') && !text.contains('$'), "{language} {}: {text}", id.name());
                }
            }
        }
    }

    #[test]
    fn no_message_is_left_over() {
        for catalogue in [PROBLEMS_EN, PROBLEMS_JA] {
            for line in catalogue.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())) {
                let id = line.split(" =").next().unwrap();
                assert!(ProblemId::ALL.iter().any(|known| known.name() == id), "{id}");
            }
        }
    }

    #[test]
    fn an_unknown_language_is_english() {
        let problem = Problem::new(ProblemId::RouteIncomplete, "");
        assert_eq!(Messages::new("fr-CA").problem(&problem), problem.message());
        assert_ne!(Messages::new("ja_JP.UTF-8").problem(&problem), problem.message());
    }
}
