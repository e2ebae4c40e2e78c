//! One value of a document put in the place of another: how a form changes what it shows.
//!
//! A place is a path as problems have it (`devices/pc1/interfaces/eth0/mtu`). The part of the document that the path leads into
//! is written as JSON, changed there, and read again by the code that reads documents, so that a form needs no
//! checks of its own and says what a document's reader would say.

use crate::document::{Lab, Text};
use crate::problem::{Problem, join_path};
use crate::read::json::Json;
use crate::read::reader::place_names;
use crate::read::{Part, read_part};
use serde::Serialize;

/// What is done at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Patch {
    /// The value is put there. In a list, the number behind the last makes a new element.
    Put(Json),
    /// The value is taken out: the field then has its default, the list is one shorter.
    Remove,
    /// The value becomes a new element of a list, at the place that the path names; those from there on move back.
    Insert(Json),
    /// The element of a list moves to another place in it.
    Move(usize),
}

/// The value at a place, as JSON; none if there is nothing, or the default is left out.
#[must_use]
pub fn look(lab: &Lab, path: &str) -> Option<Json> {
    let (part, rest) = find(lab, path)?;
    let mut value = to_json(lab, part)?;
    for step in &rest {
        value = match value {
            Json::Object(fields) => fields.into_iter().find(|(name, _)| name == step).map(|(_, value)| value)?,
            Json::List(elements) => {
                let index = index_of(&elements, step)?;
                elements.into_iter().nth(index)?
            }
            _ => return None,
        };
    }
    Some(value)
}

/// The document with a change made at a place.
///
/// # Errors
///
/// What keeps the changed part from being read, each problem with its place; none of them if there is no such place.
pub fn patch(lab: &Lab, path: &str, patch: &Patch) -> Result<Lab, Vec<Problem>> {
    let (part, rest) = find(lab, path).ok_or_else(Vec::new)?;
    let mut value = to_json(lab, part).ok_or_else(Vec::new)?;
    change(&mut value, &rest, patch).ok_or_else(Vec::new)?;
    let mut changed = lab.clone();
    let problems = read_part(&mut changed, part, &value);
    if problems.is_empty() { Ok(changed) } else { Err(problems) }
}

/// The text with another text for one language. What was the same in every language stays the fallback for all others.
#[must_use]
pub fn with_language(text: Option<&Json>, language: &str, words: &str) -> Option<Json> {
    let mut changed = match text {
        Some(Json::Text(plain)) => Text::plain(plain.clone()),
        Some(Json::Object(texts)) => Text::by_language(texts.iter().map(|(language, text)| (language.clone(), text.typed()))),
        _ => Text::default(),
    };
    changed.set(language, words);
    let texts = changed.iter().map(|(language, text)| (language.to_owned(), Json::text(text))).collect();
    (!changed.is_empty()).then_some(Json::Object(texts))
}

/// The part that a path leads into, and the rest of the path.
fn find(lab: &Lab, path: &str) -> Option<(Part, Vec<String>)> {
    let mut steps = path.split('/').map(|step| step.replace("~1", "/").replace("~0", "~"));
    let first = steps.next()?;
    let mut element = |names: Vec<Option<&str>>| {
        let step = steps.next()?;
        place_names(&names).iter().position(|place| *place == step)
    };
    let part = match first.as_str() {
        "segments" => Part::Segment(element(lab.segments.iter().map(|segment| Some(segment.name.as_str())).collect())?),
        "devices" => Part::Device(element(lab.devices.iter().map(|device| Some(device.name.as_str())).collect())?),
        "actions" => Part::Action(element(lab.actions.iter().map(|action| Some(action.id.as_str())).collect())?),
        "title" | "description" | "duration" => return Some((Part::Head, std::iter::once(first).chain(steps).collect())),
        _ => return None,
    };
    Some((part, steps.collect()))
}

/// The path of a part's name or number in a list, as problems have it.
#[must_use]
pub fn place(list: &str, names: &[&str], index: usize) -> String {
    let names: Vec<Option<&str>> = names.iter().map(|name| Some(*name)).collect();
    join_path(list, place_names(&names).get(index).map_or("", String::as_str))
}

/// A name as a step of a path.
#[must_use]
pub fn step(name: &str) -> String {
    join_path("", name)
}

fn to_json(lab: &Lab, part: Part) -> Option<Json> {
    fn json(value: &impl Serialize) -> Option<Json> {
        serde_json::from_str(&serde_json::to_string(value).ok()?).ok()
    }
    match part {
        Part::Segment(index) => json(lab.segments.get(index)?),
        Part::Device(index) => json(lab.devices.get(index)?),
        Part::Action(index) => json(lab.actions.get(index)?),
        Part::Head => json(&Lab { segments: Vec::new(), devices: Vec::new(), actions: Vec::new(), ..lab.clone() }),
    }
}

/// The number of the element that a step of a path names.
fn index_of(elements: &[Json], step: &str) -> Option<usize> {
    let names: Vec<Option<&str>> = elements
        .iter()
        .map(|element| match element.get("name") {
            Some(Json::Text(name)) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    place_names(&names).iter().position(|place| place == step).or_else(|| step.parse().ok())
}

fn change(value: &mut Json, path: &[String], patch: &Patch) -> Option<()> {
    let Some((step, rest)) = path.split_first() else {
        if let Patch::Put(new) = patch {
            *value = new.clone();
            return Some(());
        }
        return None;
    };
    if *value == Json::Null {
        // A number is a place in a list, anything else one in an object.
        *value = if step.parse::<usize>().is_ok() { Json::List(Vec::new()) } else { Json::Object(Vec::new()) };
    }
    match value {
        Json::Object(fields) => {
            let at = fields.iter().position(|(name, _)| name == step);
            if rest.is_empty() && matches!(patch, Patch::Remove) {
                at.map(|at| fields.remove(at));
                return Some(());
            }
            if at.is_none() {
                fields.push((step.clone(), Json::Null));
            }
            let (_, field) = fields.iter_mut().find(|(name, _)| name == step)?;
            change(field, rest, patch)
        }
        Json::List(elements) => {
            let at = index_of(elements, step)?;
            match (rest.is_empty(), patch) {
                (true, Patch::Remove) => (at < elements.len()).then(|| elements.remove(at)).map(drop),
                (true, Patch::Insert(new)) => (at <= elements.len()).then(|| elements.insert(at, new.clone())),
                (true, Patch::Move(to)) if at < elements.len() && *to < elements.len() => {
                    let element = elements.remove(at);
                    elements.insert(*to, element);
                    Some(())
                }
                (true, Patch::Move(_)) => None,
                _ => {
                    if at == elements.len() {
                        elements.push(Json::Null);
                    }
                    change(elements.get_mut(at)?, rest, patch)
                }
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ProblemId;

    fn lab() -> Lab {
        crate::load(include_str!("../tests/all-fields.json")).lab.unwrap()
    }

    fn put(path: &str, value: &str) -> Result<Lab, Vec<Problem>> {
        patch(&lab(), path, &Patch::Put(serde_json::from_str(value).unwrap()))
    }

    #[test]
    fn a_value_is_put_where_the_path_says() {
        let changed = put("devices/pc/interfaces/eth0/mtu", "1280").unwrap();
        assert_eq!(changed.devices[0].interfaces[0].mtu, 1280);
        assert_eq!(Lab { devices: lab().devices, ..changed }, lab());
        let port = |lab: Lab| look(&lab, "actions/t/port").unwrap().typed();
        assert_eq!(port(put("actions/t/port", "81").unwrap()), "81");
        assert_eq!(put("segments/B/latency_ms", "3").unwrap().segments[1].latency_ms, crate::document::Millis::from_micros(3000));
        assert_eq!(put("duration", "7").unwrap().duration, Some(crate::document::Seconds::new(7)));
        assert_eq!(put("devices/net/services/3/steps/1/within", "9").unwrap().devices.len(), lab().devices.len());
    }

    #[test]
    fn what_is_not_there_yet_is_made() {
        let changed = put("devices/sw/filter/forward/policy", "\"drop\"").unwrap();
        assert!(changed.device("sw").unwrap().filter.forward.is_some());
        let changed = put("devices/sw/interfaces/0/segment", "\"A\"").unwrap();
        assert_eq!(changed.device("sw").unwrap().interfaces[0].name, "eth0");
    }

    #[test]
    fn elements_come_move_and_go() {
        let routes = |lab: Lab| -> Vec<String> { lab.devices[0].routes.iter().map(|route| route.to.to_string()).collect() };
        let before = routes(lab());
        let moved = routes(patch(&lab(), "devices/pc/routes/0", &Patch::Move(1)).unwrap());
        assert_eq!((&moved[0], &moved[1]), (&before[1], &before[0]));
        let gone = routes(patch(&lab(), "devices/pc/routes/0", &Patch::Remove).unwrap());
        assert_eq!(gone, before[1..]);
        let new = Json::Object(vec![("to".into(), Json::text("10.9.0.0/16")), ("type".into(), Json::text("blackhole"))]);
        let more = routes(patch(&lab(), "devices/pc/routes/1", &Patch::Insert(new)).unwrap());
        assert_eq!((more.len(), more[1].as_str()), (before.len() + 1, "10.9.0.0/16"));
        assert!(patch(&lab(), "devices/pc/routes/99", &Patch::Remove).is_err());
        assert!(patch(&lab(), "devices/pc/routes/0", &Patch::Move(99)).is_err());
        assert!(patch(&lab(), "devices/nobody/gateway", &Patch::Remove).is_err());
    }

    #[test]
    fn what_cannot_be_read_is_refused_at_its_place() {
        for (path, value, id) in [
            ("devices/pc/interfaces/eth0/mtu", "20", ProblemId::OutOfRange),
            ("devices/pc/interfaces/eth0/mtu", "\"much\"", ProblemId::WrongType),
            ("devices/pc/gateway", "\"10.0.0\"", ProblemId::BadAddress),
            ("actions/p/count", "0", ProblemId::OutOfRange),
        ] {
            let problems = put(path, value).unwrap_err();
            assert_eq!((problems[0].id, problems[0].path.as_str()), (id, path));
        }
    }

    #[test]
    fn everything_that_is_looked_at_can_be_put_back() {
        fn places(value: &Json, path: &str, out: &mut Vec<String>) {
            match value {
                Json::Object(fields) => fields.iter().for_each(|(name, field)| places(field, &join_path(path, name), out)),
                Json::List(elements) => {
                    elements.iter().enumerate().for_each(|(i, element)| places(element, &format!("{path}/{i}"), out));
                }
                _ => out.push(path.to_owned()),
            }
        }
        let lab = lab();
        let mut all = Vec::new();
        for device in &lab.devices {
            let path = join_path("devices", &device.name);
            places(&look(&lab, &path).unwrap(), &path, &mut all);
        }
        for action in &lab.actions {
            let path = join_path("actions", &action.id);
            places(&look(&lab, &path).unwrap(), &path, &mut all);
        }
        assert!(all.len() > 200, "{}", all.len());
        for path in all {
            let value = look(&lab, &path).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(patch(&lab, &path, &Patch::Put(value)).as_ref(), Ok(&lab), "{path}");
        }
    }

    #[test]
    fn one_language_of_a_text_changes_and_the_others_stay() {
        let both = with_language(Some(&Json::text("PC")), "ja", "パソコン").unwrap();
        assert_eq!((both.get("en").unwrap().typed(), both.get("ja").unwrap().typed()), ("PC".into(), "パソコン".into()));
        assert_eq!(with_language(Some(&Json::Object(vec![("en".into(), Json::text("x"))])), "en", ""), None);
    }
}
