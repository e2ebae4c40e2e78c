//! What can be filled in: every field of the document's format, as tables that one set of controls shows.
//!
//! A field knows its name in the document and what kind of control it wants; what it may hold is the document reader's to say
//! ([`attempt`](attempt::attempt)), so that a form never says something else than a file would.

pub mod actions;
pub mod attempt;
pub mod choice;
pub mod entry;
pub mod network;
pub mod rules;
pub mod services;
pub mod settings;
pub mod steps;
#[cfg(test)]
mod tests;
pub mod value;

use crate::edit::traffic::Shot;
pub use attempt::fresh;
use choice::Choice;
use roundtrip_lab::Json;

/// The fields of one object of the document.
pub type Form = &'static [Field];

/// One field.
#[derive(Debug)]
pub struct Field {
    /// Its name in the document.
    pub name: &'static str,
    /// The name of its label in the catalogues.
    pub label: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// What holds without it, as people type it; empty if nothing does.
    pub usual: &'static str,
    /// It is seldom needed, so that it is shown when asked for.
    pub seldom: bool,
}

/// What a field holds, and by that which control it is.
#[derive(Debug)]
pub enum FieldKind {
    /// A text on one line, in the form that the reader asks for.
    Text,
    /// A number, perhaps with a unit in the label.
    Number,
    /// A text for each language.
    Localized,
    /// The name of something, which others may speak of.
    Name(Named),
    /// One word of a few.
    Word(&'static [Word]),
    /// Yes or no; what it is without an answer.
    Switch(bool),
    /// Yes, no, or as is usual.
    Maybe,
    /// Something else of the document, by name.
    Refer(Choice),
    /// Several values in one line, with commas between them.
    Several,
    /// Any of a few words.
    Words(&'static [Word]),
    /// Several values, each in a line of its own.
    Each,
    /// Rules in the language of nft(8).
    Rules,
    /// A script: a step on each line.
    Steps,
    /// Settings of the kernel.
    Settings,
    /// An object that may be missing if `optional`.
    Object {
        /// Its fields.
        form: Form,
        /// It may be missing.
        optional: bool,
    },
    /// A list of objects.
    List(&'static List),
    /// A word that decides which other fields there are.
    Variant(&'static [Variant]),
}

/// Things that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A device.
    Device,
    /// A segment.
    Segment,
    /// An interface of a device.
    Interface,
    /// An action.
    Action,
}

/// One of a few words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// In the document.
    pub word: &'static str,
    /// The name of what people read instead; none if the word is what they read.
    pub label: Option<&'static str>,
}

/// A list of objects.
#[derive(Debug)]
pub struct List {
    /// The fields of each.
    pub form: Form,
    /// A new one, as JSON.
    pub new: &'static str,
    /// The name of the button that makes one.
    pub add: &'static str,
    /// Their order means something.
    pub ordered: bool,
}

/// A word that decides which other fields there are.
#[derive(Debug)]
pub struct Variant {
    /// The word.
    pub word: Word,
    /// The fields.
    pub form: Form,
}

const fn raw(word: &'static str) -> Word {
    Word { word, label: None }
}

const fn word(word: &'static str, label: &'static str) -> Word {
    Word { word, label: Some(label) }
}

/// Fields are the same if they are the same line of a table.
impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Lists are the same if they are the same table.
impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Field {
    const fn new(name: &'static str, label: &'static str, kind: FieldKind) -> Self {
        Self { name, label, kind, usual: "", seldom: false }
    }

    const fn usual(self, usual: &'static str) -> Self {
        Self { usual, ..self }
    }

    const fn seldom(self) -> Self {
        Self { seldom: true, ..self }
    }
}

/// The fields that an object has: those of its form, and those that its words bring, in order.
#[must_use]
pub fn visible(form: Form, object: &Json) -> Vec<&'static Field> {
    let mut fields = Vec::new();
    for field in form {
        fields.push(field);
        if let FieldKind::Variant(variants) = &field.kind {
            let chosen = object.get(field.name).map(Json::typed).unwrap_or_else(|| field.usual.to_owned());
            if let Some(variant) = variants.iter().find(|variant| variant.word.word == chosen) {
                fields.extend(visible(variant.form, object));
            }
        }
    }
    fields
}

/// The form of each kind of thing, by the list that it stands in.
#[must_use]
pub fn root(list: &str) -> Option<Form> {
    Some(match list {
        "devices" => network::DEVICE,
        "segments" => network::SEGMENT,
        "actions" => actions::ACTION,
        "lab" => network::LAB,
        _ => return None,
    })
}

/// The field that a path of the document leads to, or through which it leads.
#[must_use]
pub fn field_at(path: &str) -> Option<&'static Field> {
    let mut steps = path.split('/');
    let first = steps.next()?;
    let form = match root(first) {
        Some(form) => {
            steps.next()?;
            form
        }
        // Title, description and duration stand at the top.
        None => return network::LAB.iter().find(|field| field.name == first),
    };
    let mut form = form;
    let mut found = None;
    while let Some(field) = steps.next().and_then(|step| any(form, step)) {
        found = Some(field);
        form = match &field.kind {
            FieldKind::Object { form, .. } => form,
            FieldKind::List(list) => {
                // The element's place.
                steps.next();
                list.form
            }
            _ => break,
        };
    }
    found
}

/// The field of that name, whichever word brings it.
fn any(form: Form, name: &str) -> Option<&'static Field> {
    form.iter().find_map(|field| match &field.kind {
        _ if field.name == name => Some(field),
        FieldKind::Variant(variants) => variants.iter().find_map(|variant| any(variant.form, name)),
        _ => None,
    })
}

/// The name of every message that the forms use.
#[must_use]
pub fn messages() -> std::collections::BTreeSet<String> {
    fn of(form: Form, out: &mut std::collections::BTreeSet<String>) {
        let words = |words: &[Word], out: &mut std::collections::BTreeSet<String>| {
            out.extend(words.iter().filter_map(|word| word.label).map(str::to_owned));
        };
        for field in form {
            out.insert(field.label.to_owned());
            match &field.kind {
                FieldKind::Word(all) | FieldKind::Words(all) => words(all, out),
                FieldKind::Object { form, .. } => of(form, out),
                FieldKind::List(list) => {
                    out.insert(list.add.to_owned());
                    of(list.form, out);
                }
                FieldKind::Variant(variants) => {
                    for variant in *variants {
                        words(&[variant.word], out);
                        of(variant.form, out);
                    }
                }
                _ => {}
            }
        }
    }
    let mut out = std::collections::BTreeSet::new();
    for form in [network::LAB, network::DEVICE, network::SEGMENT, actions::ACTION] {
        of(form, &mut out);
    }
    out.extend(settings::messages());
    out.extend(Shot::LABELS.iter().map(|(label, _)| (*label).to_owned()));
    out
}
