//! The schema is current, and says what is true of every document.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says what is wrong"
)]

use roundtrip_lab::schema::schema;
use roundtrip_lab::{examples, load, save};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

const ALL_FIELDS: &str = include_str!("all-fields.json");

#[test]
fn the_schema_in_the_documentation_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lab.schema.json");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, schema()).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap();
    // By value: the order of keys depends on which features other crates of the same build want of the JSON library.
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert!(
        value(&there) == value(&schema()),
        "docs/lab.schema.json is old: run UPDATE_SCHEMA=1 cargo test -p roundtrip-lab --test schema"
    );
}

/// As much of JSON Schema as ours uses; a word that it does not know is an error.
struct Validator {
    root: Value,
    /// Properties met, as definition and name.
    met: BTreeSet<String>,
}

impl Validator {
    fn new() -> Self {
        Self { root: serde_json::from_str(&schema()).unwrap(), met: BTreeSet::new() }
    }

    /// What is wrong, and the properties that some part of the schema speaks of.
    fn validate(&mut self, schema: &Value, value: &Value, path: &str) -> Result<BTreeSet<String>, String> {
        if *schema == Value::Bool(true) {
            return Ok(BTreeSet::new());
        }
        let mut known = BTreeSet::new();
        let schema = schema.as_object().unwrap();
        for (word, content) in schema {
            match word.as_str() {
                "title" | "description" | "default" | "$defs" | "$schema" | "format" => {}
                "additionalProperties" | "unevaluatedProperties" => {}
                "$ref" => {
                    let target = content.as_str().unwrap().trim_start_matches('#').to_owned();
                    let target = self.root.pointer(&target).unwrap_or_else(|| panic!("{target}")).clone();
                    known.extend(self.validate(&target, value, path)?);
                }
                "type" => {
                    let types: Vec<&str> = content
                        .as_array()
                        .map_or_else(|| vec![content.as_str().unwrap()], |all| all.iter().map(|t| t.as_str().unwrap()).collect());
                    let fits = types.iter().any(|kind| match *kind {
                        "object" => value.is_object(),
                        "array" => value.is_array(),
                        "string" => value.is_string(),
                        "number" => value.is_number(),
                        "integer" => value.as_f64().is_some_and(|n| n.fract() == 0.0),
                        "boolean" => value.is_boolean(),
                        "null" => value.is_null(),
                        other => panic!("{other}"),
                    });
                    if !fits {
                        return Err(format!("{path}: {value} is not {content}"));
                    }
                }
                "const" if content != value => return Err(format!("{path}: {value} is not {content}")),
                "const" => {}
                "enum" if !content.as_array().unwrap().contains(value) => return Err(format!("{path}: {value} is none of {content}")),
                "enum" => {}
                "minimum" | "maximum" => {
                    let (number, bound) = (value.as_f64(), content.as_f64().unwrap());
                    if number.is_some_and(|n| if word == "minimum" { n < bound } else { n > bound }) {
                        return Err(format!("{path}: {value} is beyond {content}"));
                    }
                }
                "required" => {
                    for name in content.as_array().unwrap() {
                        if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
                            return Err(format!("{path}: {name} is missing"));
                        }
                    }
                }
                "properties" => {
                    for (name, property) in content.as_object().unwrap() {
                        known.insert(name.clone());
                        if let Some(value) = value.get(name) {
                            self.met.insert(property.to_string() + name);
                            self.validate(property, value, &format!("{path}/{name}"))?;
                        }
                    }
                }
                "items" => {
                    for (index, element) in value.as_array().into_iter().flatten().enumerate() {
                        self.validate(content, element, &format!("{path}/{index}"))?;
                    }
                }
                "anyOf" | "oneOf" => {
                    let tried: Vec<_> = content.as_array().unwrap().iter().map(|part| self.validate(part, value, path)).collect();
                    let fitting: Vec<&BTreeSet<String>> = tried.iter().filter_map(|result| result.as_ref().ok()).collect();
                    if fitting.is_empty() || (word == "oneOf" && fitting.len() > 1) {
                        return Err(format!("{path}: {} parts of {word} fit: {tried:?}", fitting.len()));
                    }
                    known.extend(fitting.into_iter().flatten().cloned());
                }
                other => panic!("the validator does not know {other}"),
            }
        }
        for word in ["additionalProperties", "unevaluatedProperties"] {
            let Some(others) = schema.get(word) else { continue };
            for (name, field) in value.as_object().into_iter().flatten().filter(|(name, _)| !known.contains(*name)) {
                if *others == Value::Bool(false) {
                    return Err(format!("{path}: {name} is unknown"));
                }
                self.validate(others, field, &format!("{path}/{name}"))?;
            }
        }
        Ok(known)
    }

    fn check(&mut self, name: &str, text: &str) {
        let value = serde_json::from_str(text).unwrap();
        let root = self.root.clone();
        if let Err(error) = self.validate(&root, &value, "") {
            panic!("{name}{error}");
        }
    }
}

#[test]
fn every_lab_fits_the_schema() {
    let mut validator = Validator::new();
    for example in examples() {
        validator.check(example.id, example.text);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/labs");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        validator.check(&path.display().to_string(), &std::fs::read_to_string(&path).unwrap());
    }
}

#[test]
fn the_lab_with_every_field_is_read_without_a_word_and_fits_the_schema() {
    let loaded = load(ALL_FIELDS);
    let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    // The routes of the second action and the first differ on purpose.
    assert!(loaded.can_run(), "{problems:#?}");
    assert!(problems.iter().all(|problem| problem.contains("no effect") || problem.contains("same metric")), "{problems:#?}");
    let lab = loaded.lab.unwrap();
    let saved = save(&lab);
    assert_eq!(load(&saved).lab.as_ref(), Some(&lab));
    let mut validator = Validator::new();
    validator.check("as written", ALL_FIELDS);
    validator.check("as saved", &saved);
}

#[test]
fn the_lab_with_every_field_has_every_field() {
    let mut validator = Validator::new();
    validator.check("as written", ALL_FIELDS);
    let mut missing = Vec::new();
    let root = validator.root.clone();
    walk(&root, "", &mut |place, name, property| {
        if !validator.met.contains(&(property.to_string() + name)) {
            missing.push(format!("{place}: {name}"));
        }
    });
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Every property of a schema, wherever it stands.
fn walk(schema: &Value, place: &str, found: &mut impl FnMut(&str, &str, &Value)) {
    match schema {
        Value::Object(fields) => {
            if let Some(properties) = fields.get("properties").and_then(Value::as_object) {
                for (name, property) in properties {
                    found(place, name, property);
                }
            }
            for (name, value) in fields {
                walk(value, &format!("{place}/{name}"), found);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| walk(element, place, found)),
        _ => {}
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let mut validator = Validator::new();
    let root = validator.root.clone();
    for text in [
        r#"{}"#,
        r#"{"version": 2}"#,
        r#"{"version": 1, "colour": "red"}"#,
        r#"{"version": 1, "devices": [{}]}"#,
        r#"{"version": 1, "devices": [{"name": "a", "kind": "toaster"}]}"#,
        r#"{"version": 1, "devices": [{"name": "a", "interfaces": [{"mtu": 60}]}]}"#,
        r#"{"version": 1, "actions": [{"type": "ping", "from": "a"}]}"#,
        r#"{"version": 1, "actions": [{"type": "ping", "from": "a", "to": "b", "colour": 1}]}"#,
        r#"{"version": 1, "devices": [{"name": "a", "services": [{"port": 0, "type": "http"}]}]}"#,
        r#"{"version": 1, "devices": [{"name": "a", "services": [{"port": 9, "type": "script", "steps": [{"send": 1, "recv": 2}]}]}]}"#,
    ] {
        let value = serde_json::from_str(text).unwrap();
        assert!(validator.validate(&root, &value, "").is_err(), "{text}");
        assert!(!load(text).problems.is_empty(), "{text}");
    }
}

#[test]
fn the_documentation_names_every_field_and_word() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lab-format.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut missing = BTreeSet::new();
    let root: Value = serde_json::from_str(&schema()).unwrap();
    walk(&root, "", &mut |place, name, _| {
        let named = [format!("`{name}`"), format!("\"{name}\":")].iter().any(|form| text.contains(form));
        if !named {
            missing.insert(format!("{place}: {name}"));
        }
    });
    words(&root, &mut |word| {
        let named = [format!("`{word}`"), format!("\"{word}\"")].iter().any(|form| text.contains(form));
        if !named {
            missing.insert(word.to_owned());
        }
    });
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Every word that a field can have.
fn words(schema: &Value, found: &mut impl FnMut(&str)) {
    match schema {
        Value::Object(fields) => {
            if let Some(word) = fields.get("const").and_then(Value::as_str) {
                found(word);
            }
            fields.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).for_each(&mut *found);
            fields.values().for_each(|value| words(value, found));
        }
        Value::Array(elements) => elements.iter().for_each(|element| words(element, found)),
        _ => {}
    }
}

/// The examples in the documentation can be read: whole labs as they are, parts of devices and actions in a lab around them.
#[test]
fn the_examples_in_the_documentation_are_sound() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lab-format.md");
    let text = std::fs::read_to_string(path).unwrap();
    let blocks: Vec<&str> = text.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(blocks.len() >= 6);
    for block in blocks {
        let value: Value = serde_json::from_str(block).unwrap_or_else(|error| panic!("{error}\n{block}"));
        let device = |fields: Value| {
            let mut device = serde_json::json!({ "name": "r1", "interfaces": [{}, { "addresses": ["192.168.1.9/24"] }] });
            device.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            serde_json::json!({ "version": 1, "devices": [device] })
        };
        let lab = if value.get("version").is_some() {
            value
        } else if let Value::Array(actions) = value {
            let rules = "table inet filter {\n chain forward {\n type filter hook forward priority 0\n }\n}";
            let mut lab = device(serde_json::json!({ "nft": rules }));
            lab["devices"]
                .as_array_mut()
                .unwrap()
                .push(serde_json::json!({ "name": "pc1", "interfaces": [{ "addresses": ["192.168.1.1/24"] }] }));
            lab["actions"] = actions.into();
            lab
        } else if value.get("segment").is_some() {
            serde_json::json!({ "version": 1, "segments": [{ "name": "office" }], "devices": [{ "name": "a", "interfaces": [value] }] })
        } else if value.get("to").is_some() {
            device(serde_json::json!({ "routes": [value] }))
        } else if value.get("accept_redirects").is_some() {
            device(serde_json::json!({ "settings": value }))
        } else {
            device(value)
        };
        let loaded = load(&lab.to_string());
        let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
        assert!(problems.is_empty(), "{problems:#?}\n{block}");
    }
}
