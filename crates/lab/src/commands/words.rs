//! Lines cut into words, as a shell would.

use crate::problem::{Problem, ProblemId};

/// A word that was looked for and what is there instead.
type Wrong = Problem;

/// The words of one line, taken one after the other.
pub(super) struct Words {
    words: Vec<String>,
    next: usize,
    /// Number of the line, from 1.
    line: usize,
}

impl Words {
    pub(super) fn of(text: &str, line: usize) -> Self {
        Self { words: split(text), next: 0, line }
    }

    /// The next word, not taken.
    pub(super) fn peek(&self) -> Option<&str> {
        self.words.get(self.next).map(String::as_str)
    }

    /// The next word.
    pub(super) fn take(&mut self) -> Option<String> {
        let word = self.words.get(self.next).cloned();
        self.next = self.next.saturating_add(1);
        word
    }

    /// True, and taken, if the next word is this one.
    pub(super) fn takes(&mut self, word: &str) -> bool {
        let is_it = self.peek() == Some(word);
        if is_it {
            self.next = self.next.saturating_add(1);
        }
        is_it
    }

    /// The next word, which must be there.
    pub(super) fn need(&mut self, expected: &str) -> Result<String, Wrong> {
        self.take().ok_or_else(|| self.problem(ProblemId::CommandEnds).with("expected", expected))
    }

    /// The next word, which must read as a value of this kind.
    pub(super) fn value<T: std::str::FromStr>(&mut self, expected: &str, otherwise: ProblemId) -> Result<T, Wrong> {
        let word = self.need(expected)?;
        word.parse().map_err(|_| match otherwise {
            ProblemId::CommandWrong => self.wrong(&word, expected),
            id => self.problem(id).with("found", word),
        })
    }

    /// What is left, with blanks between.
    pub(super) fn rest(&mut self) -> String {
        let rest = self.words.get(self.next..).unwrap_or_default().join(" ");
        self.next = self.words.len();
        rest
    }

    pub(super) fn problem(&self, id: ProblemId) -> Problem {
        Problem::new(id, format!("lines/{}", self.line))
    }

    pub(super) fn wrong(&self, found: &str, expected: &str) -> Problem {
        self.problem(ProblemId::CommandWrong).with("found", found).with("expected", expected)
    }
}

fn split(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut is_word) = (Vec::new(), String::new(), None, false);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(mark), letter) if letter == mark => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                is_word = true;
            }
            (None | Some('"'), '\\') => {
                word.extend(letters.next());
                is_word = true;
            }
            (None, letter) if letter.is_whitespace() => {
                if is_word {
                    words.push(std::mem::take(&mut word));
                }
                is_word = false;
            }
            (_, letter) => {
                word.push(letter);
                is_word = true;
            }
        }
    }
    if is_word {
        words.push(word);
    }
    words
}

/// A word as it must be written so that it is one.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._:/@%+,=-*".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}
