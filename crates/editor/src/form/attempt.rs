//! Trying a value: whether the document can have it, and if not, why.

use super::choice::owner;
use super::{Field, FieldKind, Form, field_at, visible};
use crate::edit::suggested_route;
use roundtrip_lab::document::{ActionKind, Device};
use roundtrip_lab::patch::{Patch, look, patch};
use roundtrip_lab::{Json, Lab, Problem, check};

/// The document with a change made at a place.
///
/// # Errors
///
/// What cannot be read, and what would keep a lab from running that runs now: such a text stays in its field, with what is
/// wrong with it, and the lab goes on as it was. What is odd but can run is no error: broken networks are there to be drawn.
pub fn attempt(lab: &Lab, path: &str, change: &Patch) -> Result<Lab, Vec<Problem>> {
    let changed = patch(lab, path, change)?;
    keeps_running(lab, &changed)?;
    Ok(changed)
}

/// That a changed document has no error that it did not have before.
///
/// # Errors
///
/// The new errors.
pub fn keeps_running(lab: &Lab, changed: &Lab) -> Result<(), Vec<Problem>> {
    let mut wrong: Vec<Problem> = check(changed).into_iter().filter(Problem::is_error).collect();
    if !wrong.is_empty() {
        let before = check(lab);
        wrong.retain(|problem| !before.contains(problem));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// The object at `path` after its `field`, which decides about others, has become `word`: what the new kind has too is kept,
/// what it needs is filled in.
#[must_use]
pub fn switched(lab: &Lab, path: &str, form: Form, field: &Field, word: &str) -> Json {
    let Some(Json::Object(mut fields)) = look(lab, path) else { return Json::Null };
    put(&mut fields, field.name, Json::text(word));
    let value = |fields: &[(String, Json)], name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    // Who sends and on whom something is done are both "the device" to people.
    for (one, other) in [("from", "device"), ("device", "from")] {
        if let (None, Some(name)) = (value(&fields, one), value(&fields, other)) {
            put(&mut fields, one, name);
        }
    }
    // What is done at an interface is done on a device that has one.
    if matches!(word, "link" | "addr" | "inject") {
        let has_one = |name: &Json| lab.device(&name.typed()).is_some_and(|device| !device.interfaces.is_empty());
        if let (false, Some(other)) =
            (value(&fields, "device").is_some_and(|name| has_one(&name)), lab.devices.iter().find(|device| !device.interfaces.is_empty()))
        {
            put(&mut fields, "device", Json::text(&other.name));
            put(&mut fields, "from", Json::text(&other.name));
        }
    }
    let shape = Json::Object(fields.clone());
    let kept = visible(form, &shape).into_iter().filter_map(|field| {
        let known = value(&fields, field.name).filter(|value| fits(field, value));
        Some((field.name.to_owned(), known.or_else(|| needed(lab, path, &shape, field.name))?))
    });
    Json::Object(kept.collect())
}

/// What is new at a path: the element of a list, or an object that was missing.
#[must_use]
pub fn fresh(lab: &Lab, path: &str) -> Json {
    let device = owner(lab, path);
    match field_at(path).map(|field| (field.name, &field.kind)) {
        Some(("routes", _)) if device.is_some() => device.map_or(Json::Null, |device| route(lab, device)),
        Some(("interfaces", _)) => {
            let is_free = |name: &String| device.is_none_or(|device| device.interface(name).is_none());
            let name = (0_u32..).map(|number| format!("eth{number}")).find(is_free).unwrap_or_default();
            Json::Object(vec![("name".to_owned(), Json::text(name))])
        }
        Some((_, FieldKind::List(list))) => Json::read(list.new).unwrap_or(Json::Null),
        Some((_, FieldKind::Object { form, .. })) => {
            let zero = |field: &Field| (field.name.to_owned(), Json::typed_number("0"));
            Json::Object(form.iter().filter(|field| matches!(field.name, "x" | "y")).map(zero).collect())
        }
        _ => Json::Null,
    }
}

/// The route that somebody may mean who adds one to this device.
fn route(lab: &Lab, device: &Device) -> Json {
    let route = suggested_route(lab, device);
    let via = route.via.map(|via| ("via".to_owned(), Json::text(via.to_string())));
    let to = ("to".to_owned(), Json::text(route.to.to_string()));
    Json::Object(std::iter::once(to).chain(via).collect())
}

fn put(fields: &mut Vec<(String, Json)>, name: &str, value: Json) {
    match fields.iter_mut().find(|(field, _)| field == name) {
        Some((_, slot)) => *slot = value,
        None => fields.push((name.to_owned(), value)),
    }
}

/// True if a value of another kind of thing makes sense here too.
fn fits(field: &Field, value: &Json) -> bool {
    match &field.kind {
        FieldKind::Word(words) => words.iter().any(|word| word.word == value.typed()),
        FieldKind::Variant(variants) => variants.iter().any(|variant| variant.word.word == value.typed()),
        FieldKind::Object { .. } => matches!(value, Json::Object(_)),
        _ => true,
    }
}

/// What stands in a field that must not be empty, until somebody says better.
fn needed(lab: &Lab, path: &str, object: &Json, name: &str) -> Option<Json> {
    let is = |kind: &str| object.get("type").is_some_and(|found| found.typed() == kind);
    let named = object.get("device").or_else(|| object.get("from")).map(Json::typed);
    let device = named.and_then(|name| lab.device(&name)).or_else(|| owner(lab, path)).or_else(|| lab.devices.first());
    let interface = device.and_then(|device| device.interfaces.first());
    let text = match name {
        "from" | "device" => device?.name.clone(),
        "to" if is("snat") || is("dnat") => device?.main_address()?.to_string(),
        "to" if path.starts_with("actions/") => {
            let other = |other: &&Device| Some(&other.name) != device.map(|device| &device.name) && other.main_address().is_some();
            lab.devices.iter().find(other)?.name.clone()
        }
        "dev" if is("link") || is("addr") => interface?.name.clone(),
        "state" => "down".to_owned(),
        "op" => return None,
        "port" => return Some(Json::typed_number(if is("udp") { "7" } else { "80" })),
        "address" => interface?.addresses.first().map_or_else(|| "192.168.1.99/24".to_owned(), ToString::to_string),
        "set" => return Some(Json::Object(Vec::new())),
        "script" => String::new(),
        "steps" => return Some(Json::List(vec![Json::text("close")])),
        "route" => return Some(route(lab, device?)),
        "flow_of" => lab.actions.iter().find(|action| matches!(action.kind, ActionKind::Tcp(_)))?.id.clone(),
        "observe" => format!("{}.{}", device?.name, interface?.name),
        _ => return None,
    };
    Some(Json::Text(text))
}
