//! What is said to people, in their language.

use roundtrip_explain::{EXPLAIN_EN, EXPLAIN_JA, Message, Teller};
use roundtrip_lab::{Lab, Messages, PROBLEMS_EN, PROBLEMS_JA, Problem, Severity};
use std::collections::BTreeMap;

const EN: &str = include_str!("../messages/cli.en.ftl");
const JA: &str = include_str!("../messages/cli.ja.ftl");

/// Messages for one reader.
pub(crate) struct Say {
    messages: Messages,
    language: String,
}

impl Say {
    /// For the language asked for, else that of the environment.
    pub(crate) fn new(asked: Option<&str>) -> Self {
        let language = asked.map_or_else(of_environment, str::to_owned);
        // What explanations say is theirs; what the command line adds has other names.
        let catalogues = [("en", EXPLAIN_EN), ("en", PROBLEMS_EN), ("en", EN), ("ja", EXPLAIN_JA), ("ja", PROBLEMS_JA), ("ja", JA)];
        Self { messages: Messages::from_catalogues(&language, &catalogues), language }
    }

    pub(crate) fn language(&self) -> &str {
        &self.language
    }

    pub(crate) fn text(&self, id: &str, args: &[(&'static str, &str)]) -> String {
        let args: BTreeMap<&'static str, String> = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.messages.text(id, &args)
    }

    /// What people read as the name of a device of the lab.
    pub(crate) fn device(&self, lab: &Lab, name: &str) -> String {
        let label = lab.device(name).map_or("", |device| device.label.get(&self.language));
        if label.is_empty() { name.to_owned() } else { label.to_owned() }
    }

    /// A message of an explanation, with the devices' names as people read them.
    pub(crate) fn tell(&self, lab: &Lab, message: &Message) -> String {
        let text = |id: &str, args: &BTreeMap<&'static str, String>| self.messages.text(id, args);
        let device = |name: &str| self.device(lab, name);
        Teller { text: &text, device: &device }.tell(message)
    }

    /// A problem with its place and remedy, for a terminal.
    pub(crate) fn problem(&self, problem: &Problem) -> String {
        let kind = match problem.severity() {
            Severity::Error => self.text("error", &[]),
            Severity::Warning => self.text("warning", &[]),
        };
        let place = if problem.path.is_empty() { String::new() } else { format!(" {}", problem.path) };
        format!("{kind}{place} [{}]\n    {}\n    {}", problem.id.name(), self.messages.problem(problem), self.messages.remedy(problem))
    }

    pub(crate) const fn messages(&self) -> &Messages {
        &self.messages
    }
}

/// The language that the environment asks for, in the order of POSIX (XBD section 8.2).
fn of_environment() -> String {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_else(|| "en".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_catalogues_say_the_same_things() {
        let ids = |text: &str| -> Vec<String> {
            text.lines()
                .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
                .map(|line| line.split(" =").next().unwrap().to_owned())
                .collect()
        };
        assert_eq!(ids(EN), ids(JA));
    }
}
