//! The catalogues hold what the page says, all of it and nothing else, in every language.

use super::{Words, catalogue, m};
use fluent_bundle::FluentResource;
use roundtrip_editor::command::Language;
use roundtrip_sim::time::SimTime;
use std::collections::BTreeSet;
use std::path::Path;

fn ids(language: Language) -> BTreeSet<String> {
    let text = catalogue(language);
    FluentResource::try_new(text.to_owned()).unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", language.tag()));
    let heads = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    heads.map(|line| line.split('=').next().unwrap().trim().to_owned()).collect()
}

/// The arguments of each message.
fn arguments(language: Language, id: &str) -> BTreeSet<String> {
    let mut lines = catalogue(language).lines().skip_while(|line| line.split('=').next().map(str::trim) != Some(id));
    let first = lines.next().unwrap();
    // A message goes on as long as its lines are indented.
    let more = lines.take_while(|line| line.starts_with(' '));
    let message: String = std::iter::once(first).chain(more).collect::<Vec<_>>().join(" ");
    message.split('$').skip(1).map(|part| part.chars().take_while(|c| c.is_ascii_alphanumeric()).collect()).collect()
}

fn used() -> BTreeSet<String> {
    fn read(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.extend(text.split(concat!("m", "!(\"")).skip(1).filter_map(|part| Some(part.split('"').next()?.to_owned())));
            }
        }
    }
    // Labels that the tables of the forms name.
    let mut found = roundtrip_editor::form::messages();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

#[test]
fn every_language_has_the_same_messages_with_the_same_arguments() {
    let english = ids(Language::English);
    for language in Language::ALL {
        assert_eq!(ids(language), english, "{}", language.tag());
        for id in &english {
            assert_eq!(arguments(language, id), arguments(Language::English, id), "{} in {}", id, language.tag());
        }
    }
}

#[test]
fn every_message_is_used_and_every_one_used_is_there() {
    let (there, used) = (ids(Language::English), used());
    let missing: Vec<_> = used.difference(&there).collect();
    let left_over: Vec<_> = there.difference(&used).collect();
    assert!(missing.is_empty(), "not in the catalogues: {missing:?}");
    assert!(left_over.is_empty(), "in the catalogues and nowhere used: {left_over:?}");
}

#[test]
fn spans_have_the_digits_that_they_deserve() {
    let words = Words::new(Language::English);
    for (micros, expected) in [(31_000_000, "31 s"), (1_500_000, "1.5 s"), (210_000, "0.21 s"), (1_500, "1.5 ms"), (500, "0.5 ms")] {
        assert_eq!(words.span(SimTime::from_micros(micros)), expected);
    }
    assert_eq!(words.clock(SimTime::from_micros(3_004_900)), "3.004 s");
}

#[test]
fn arguments_come_without_marks_around_them() {
    let words = Words::new(Language::Japanese);
    let text = words.with(m!("cause-source"), &[("source", "192.168.1.254".into())]);
    assert!(text.contains("192.168.1.254") && !text.contains('\u{2068}'), "{text:?}");
}
