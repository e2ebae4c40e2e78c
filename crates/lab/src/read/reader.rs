//! Reading one value after the other, and writing down what is wrong with each.

use super::json::Json;
use crate::problem::{Problem, ProblemId, join_path, similar};
use std::fmt::Display;

/// Where we are in the document, and what was found so far.
pub(crate) struct Reader {
    path: Vec<String>,
    pub(crate) problems: Vec<Problem>,
}

impl Reader {
    pub(crate) const fn new() -> Self {
        Self { path: Vec::new(), problems: Vec::new() }
    }

    /// A problem at the present place.
    pub(crate) fn problem(&self, id: ProblemId) -> Problem {
        Problem::new(id, self.path.iter().fold(String::new(), |path, part| join_path(&path, part)))
    }

    pub(crate) fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Says that the value is of the wrong type, and gives nothing.
    pub(crate) fn wrong_type<T>(&mut self, expected: impl Display, found: &Json) -> Option<T> {
        let problem = self.problem(ProblemId::WrongType).with("expected", expected).with("found", found.type_name());
        self.report(problem);
        None
    }

    /// Does something one level deeper.
    pub(crate) fn inside<T>(&mut self, part: impl Into<String>, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(part.into());
        let result = read(self);
        self.path.pop();
        result
    }

    /// One word of several.
    pub(crate) fn word<T: Copy>(&mut self, value: &Json, words: &[(&str, T)]) -> Option<T> {
        let Json::Text(text) = value else { return self.wrong_type("a text", value) };
        let found = words.iter().find(|(word, _)| word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let problem = self
                .problem(ProblemId::UnknownWord)
                .with("found", value.show())
                .with("similar", similar(text, names.iter().copied()))
                .with("words", names.join(", "));
            self.report(problem);
        }
        found
    }

    /// A whole number within bounds.
    pub(crate) fn integer(&mut self, value: &Json, min: i64, max: i64) -> Option<i64> {
        let Json::Number(number) = value else { return self.wrong_type("a number", value) };
        // Written as 5.0, it is still five.
        let whole = number.as_i64().or_else(|| number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 9e15).map(|n| n as i64));
        match whole {
            Some(whole) if (min..=max).contains(&whole) => Some(whole),
            Some(_) => self.out_of_range(number, min, max),
            None if number.as_f64().is_some_and(|n| n.fract() != 0.0) => self.wrong_type("a whole number", value),
            None => self.out_of_range(number, min, max),
        }
    }

    /// Says that a number is outside its range, and gives nothing.
    pub(crate) fn out_of_range<T>(&mut self, found: impl Display, min: impl Display, max: impl Display) -> Option<T> {
        let problem = self.problem(ProblemId::OutOfRange).with("found", found).with("min", min).with("max", max);
        self.report(problem);
        None
    }

    /// Says that a text has not the right form, and gives nothing.
    pub(crate) fn bad<T>(&mut self, id: ProblemId, found: &Json) -> Option<T> {
        let problem = self.problem(id).with("found", found.show());
        self.report(problem);
        None
    }

    /// A list, each element read at its own place. `name` gives an element's place a name instead of its number.
    pub(crate) fn list<T>(
        &mut self,
        value: &Json,
        limit: usize,
        name: fn(&Json) -> Option<&str>,
        mut read: impl FnMut(&mut Self, &Json, usize) -> Option<T>,
    ) -> Vec<T> {
        let Json::List(elements) = value else {
            self.wrong_type::<()>("a list", value);
            return Vec::new();
        };
        if elements.len() > limit {
            let problem = self.problem(ProblemId::TooMany).with("limit", limit);
            self.report(problem);
            return Vec::new();
        }
        let names: Vec<Option<&str>> = elements.iter().map(name).collect();
        let places = place_names(&names);
        elements
            .iter()
            .zip(places)
            .enumerate()
            .filter_map(|(index, (element, place))| self.inside(place, |reader| read(reader, element, index)))
            .collect()
    }
}

/// How elements are called in a path: by their name, or by their number where there is none or another has it before.
pub(crate) fn place_names(names: &[Option<&str>]) -> Vec<String> {
    let mut taken = std::collections::BTreeSet::new();
    names
        .iter()
        .enumerate()
        .map(|(index, name)| match name {
            // A name of digits would read like a number.
            Some(name) if !name.is_empty() && !name.bytes().all(|b| b.is_ascii_digit()) && taken.insert(*name) => (*name).to_owned(),
            _ => index.to_string(),
        })
        .collect()
}

/// An object's fields, each taken once.
pub(crate) struct Fields<'a> {
    fields: &'a [(String, Json)],
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The fields of `value`, or nothing and a problem if it is no object.
    pub(crate) fn of(reader: &mut Reader, value: &'a Json) -> Option<Self> {
        let Json::Object(fields) = value else { return reader.wrong_type("an object", value) };
        let mut seen = std::collections::BTreeSet::new();
        for (name, _) in fields {
            if !seen.insert(name) {
                let problem = reader.problem(ProblemId::DuplicateField).with("field", name);
                reader.report(problem);
            }
        }
        Some(Self { fields, asked: Vec::new() })
    }

    /// The field as it stands; one that is `null` is one that is not there.
    pub(crate) fn raw(&mut self, name: &'static str) -> Option<&'a Json> {
        self.asked.push(name);
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value).filter(|value| **value != Json::Null)
    }

    /// The field, read; nothing if it is not there or cannot be read.
    pub(crate) fn get<T>(
        &mut self,
        reader: &mut Reader,
        name: &'static str,
        read: impl FnOnce(&mut Reader, &Json) -> Option<T>,
    ) -> Option<T> {
        let value = self.raw(name)?;
        reader.inside(name, |reader| read(reader, value))
    }

    /// The field, read; `default` if it is not there. If it is there but cannot be read, that is a problem already.
    pub(crate) fn or<T>(
        &mut self,
        reader: &mut Reader,
        name: &'static str,
        default: T,
        read: impl FnOnce(&mut Reader, &Json) -> Option<T>,
    ) -> T {
        self.get(reader, name, read).unwrap_or(default)
    }

    /// The field, read; a problem if it is not there.
    pub(crate) fn need<T>(
        &mut self,
        reader: &mut Reader,
        name: &'static str,
        read: impl FnOnce(&mut Reader, &Json) -> Option<T>,
    ) -> Option<T> {
        if self.raw(name).is_none() {
            let problem = reader.problem(ProblemId::MissingField).with("field", name);
            reader.report(problem);
            return None;
        }
        self.get(reader, name, read)
    }

    /// Says which fields nobody asked for.
    pub(crate) fn finish(self, reader: &mut Reader) {
        for (name, _) in self.fields {
            if !self.asked.contains(&name.as_str()) {
                let meant = similar(name, self.asked.iter().copied());
                let problem = reader.problem(ProblemId::UnknownField).with("field", name).with("similar", meant);
                reader.report(problem);
            }
        }
    }
}
