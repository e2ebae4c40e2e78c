//! From text to document.

mod action;
pub(crate) mod json;
pub(crate) mod locate;
mod migrate;
mod network;
pub(crate) mod reader;
mod rules;
mod service;
mod values;

use crate::check;
use crate::document::{Lab, Version};
use crate::limits;
use crate::problem::{Problem, ProblemId};
use json::Json;
use reader::{Fields, Reader};

/// What came of reading a document.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The document, unless a part of it could not be read: then there is none rather than half of one.
    pub lab: Option<Lab>,
    /// Everything that is wrong with it.
    pub problems: Vec<Problem>,
}

impl Loaded {
    /// True if nothing keeps the document from running.
    #[must_use]
    pub fn can_run(&self) -> bool {
        self.lab.is_some() && !self.problems.iter().any(Problem::is_error)
    }
}

/// Reads a document of any version and finds everything that is wrong with it. Never panics.
#[must_use]
pub fn load(text: &str) -> Loaded {
    let mut reader = Reader::new();
    if text.len() > limits::DOCUMENT_BYTES {
        let problem = reader.problem(ProblemId::DocumentTooLarge).with("limit", limits::DOCUMENT_BYTES);
        return Loaded { lab: None, problems: vec![problem] };
    }
    // Editors of some systems put a byte order mark in front.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let json: Json = match serde_json::from_str(text) {
        Ok(json) => json,
        Err(error) => {
            let said = error.to_string();
            let reason = said.split(" at line ").next().unwrap_or_default();
            let problem =
                reader.problem(ProblemId::JsonSyntax).with("line", error.line()).with("column", error.column()).with("reason", reason);
            return Loaded { lab: None, problems: vec![problem] };
        }
    };
    let lab = migrate::to_current(&mut reader, json).and_then(|json| document(&mut reader, &json));
    let mut problems = reader.problems;
    // A document of which something could not be read would be half a document.
    let lab = lab.filter(|_| !problems.iter().any(Problem::is_error));
    if let Some(lab) = &lab {
        problems.extend(check::relations(lab));
    }
    Loaded { lab, problems }
}

/// What would be wrong with a document if it were saved and read again: values beyond their limits, for the most part.
pub(crate) fn problems_of(lab: &Lab) -> Vec<Problem> {
    let mut reader = Reader::new();
    let text = crate::save::save_compact(lab);
    if text.len() > limits::DOCUMENT_BYTES {
        return vec![reader.problem(ProblemId::DocumentTooLarge).with("limit", limits::DOCUMENT_BYTES)];
    }
    if let Ok(json) = serde_json::from_str::<Json>(&text) {
        document(&mut reader, &json);
    }
    reader.problems
}

/// A part of a document that is read by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Title, description, duration.
    Head,
    /// The segment of this number.
    Segment(usize),
    /// The device of this number.
    Device(usize),
    /// The action of this number.
    Action(usize),
}

/// Reads a part from JSON into its place in a document. Gives the problems that keep it from being read; the document is not to
/// be used then.
pub(crate) fn read_part(lab: &mut Lab, part: Part, json: &Json) -> Vec<Problem> {
    let mut reader = Reader::new();
    match part {
        Part::Head => {
            if let Some(Lab { title, description, duration, .. }) = document(&mut reader, json) {
                *lab = Lab { title, description, duration, ..std::mem::take(lab) };
            }
        }
        Part::Segment(index) => {
            let read = |reader: &mut Reader| network::segment(reader, json);
            replace(&mut lab.segments, index, element(&mut reader, ("segments", index), network::named(json), read));
        }
        Part::Device(index) => {
            let read = |reader: &mut Reader| network::device(reader, json);
            replace(&mut lab.devices, index, element(&mut reader, ("devices", index), network::named(json), read));
        }
        Part::Action(index) => {
            let read = |reader: &mut Reader| action::action(reader, json, index);
            replace(&mut lab.actions, index, element(&mut reader, ("actions", index), network::id(json), read));
        }
    }
    reader.problems.into_iter().filter(Problem::is_error).collect()
}

fn element<T>(reader: &mut Reader, (list, index): (&str, usize), name: Option<&str>, read: impl FnOnce(&mut Reader) -> T) -> T {
    let place = name.map_or_else(|| index.to_string(), str::to_owned);
    reader.inside(list, |reader| reader.inside(place, read))
}

fn replace<T>(list: &mut [T], index: usize, new: Option<T>) {
    if let (Some(slot), Some(new)) = (list.get_mut(index), new) {
        *slot = new;
    }
}

fn document(reader: &mut Reader, value: &Json) -> Option<Lab> {
    let mut fields = Fields::of(reader, value)?;
    fields.raw("version");
    // For editors that check as one types.
    fields.raw("$schema");
    let lab = Lab {
        version: Version,
        title: fields.or(reader, "title", Default::default(), values::text),
        description: fields.or(reader, "description", Default::default(), values::text),
        duration: fields.get(reader, "duration", values::seconds),
        segments: fields.or(reader, "segments", Vec::new(), |reader, value| {
            Some(reader.list(value, limits::SEGMENTS, network::named, |reader, value, _| network::segment(reader, value)))
        }),
        devices: fields.or(reader, "devices", Vec::new(), |reader, value| {
            Some(reader.list(value, limits::DEVICES, network::named, |reader, value, _| network::device(reader, value)))
        }),
        actions: fields
            .or(reader, "actions", Vec::new(), |reader, value| Some(reader.list(value, limits::ACTIONS, network::id, action::action))),
    };
    fields.finish(reader);
    Some(lab)
}
