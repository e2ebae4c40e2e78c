//! Phrases inside messages: what the reader expected, why rules cannot be read. They are made in English where the mistake
//! is found, and said in another language by a catalogue of patterns.

use roundtrip_wire::order;

/// Patterns of one language, in the order in which they are tried.
pub(crate) struct Phrases {
    patterns: Vec<Pattern>,
}

struct Pattern {
    /// What stands between the parts that may be anything.
    literals: Vec<&'static str>,
    translation: &'static str,
}

/// How deep phrases in phrases are looked for.
const DEPTH: usize = 4;

impl Phrases {
    /// Reads a catalogue: lines of `English => translation`, `{}` for any part, `{1}` for the first of these.
    pub(crate) fn new(catalogue: &'static str) -> Self {
        let mut patterns: Vec<Pattern> = catalogue
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(" => "))
            .map(|(english, translation)| Pattern { literals: english.split("{}").collect(), translation })
            .collect();
        // The most definite pattern says it best.
        order::sort_by_key(&mut patterns, |pattern| {
            let length: usize = pattern.literals.iter().map(|literal| literal.len()).sum();
            (pattern.literals.len() > 1, std::cmp::Reverse(length))
        });
        Self { patterns }
    }

    /// The phrase in this language, as far as the catalogue knows it and its parts.
    pub(crate) fn say(&self, phrase: &str) -> String {
        self.translate(phrase, DEPTH).unwrap_or_else(|| phrase.to_owned())
    }

    fn translate(&self, phrase: &str, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        self.patterns.iter().find_map(|pattern| {
            let parts = pattern.parts(phrase)?;
            let mut text = pattern.translation.to_owned();
            for (place, part) in parts.iter().enumerate() {
                let said = self.translate(part, depth).unwrap_or_else(|| (*part).to_owned());
                text = text.replace(&format!("{{{}}}", place.saturating_add(1)), &said);
            }
            Some(text)
        })
    }
}

impl Pattern {
    /// What stands in the places that may be anything, if the phrase fits.
    fn parts<'p>(&self, phrase: &'p str) -> Option<Vec<&'p str>> {
        let (first, others) = self.literals.split_first()?;
        let mut rest = phrase.strip_prefix(first)?;
        let mut parts = Vec::new();
        for (place, literal) in others.iter().enumerate() {
            let last = place.saturating_add(1) == others.len();
            let end = if last { rest.len().checked_sub(literal.len()).filter(|_| rest.ends_with(literal))? } else { rest.find(literal)? };
            let (part, behind) = rest.split_at_checked(end)?;
            if part.is_empty() {
                return None;
            }
            parts.push(part);
            rest = behind.strip_prefix(literal)?;
        }
        rest.is_empty().then_some(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "# x\na port => ポート\n{} is expected, but {} is there => {1}が必要ですが、{2} があります\nonly {} => {1} だけ";

    #[test]
    fn parts_are_put_where_the_translation_has_them() {
        let phrases = Phrases::new(SMALL);
        assert_eq!(phrases.say("a port is expected, but } is there"), "ポートが必要ですが、} があります");
        assert_eq!(phrases.say("only a port"), "ポート だけ");
        assert_eq!(phrases.say("something else"), "something else");
        assert_eq!(phrases.say("only "), "only ");
    }
}
