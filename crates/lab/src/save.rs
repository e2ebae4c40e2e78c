//! From document to text: always the same text for the same document, and pleasant to read and to compare.

use crate::document::Lab;
use crate::read::json::Json;
use std::fmt::Write;

/// Columns up to which a value stays on one line.
const WIDTH: usize = 110;

/// The document as JSON: fields in a fixed order, defaults left out, short things on one line. Ends with a line break.
#[must_use]
pub fn save(lab: &Lab) -> String {
    let mut text = String::new();
    // The types serialise without failing: their maps have texts as keys.
    if let Some(json) = serde_json::to_string(lab).ok().and_then(|flat| serde_json::from_str::<Json>(&flat).ok()) {
        write_value(&mut text, &json, 0, 0);
    }
    text.push('\n');
    text
}

/// The document as JSON on one line, for links.
#[must_use]
pub fn save_compact(lab: &Lab) -> String {
    serde_json::to_string(lab).unwrap_or_default()
}

fn write_value(out: &mut String, value: &Json, indent: usize, used: usize) {
    let mut flat = String::new();
    write_flat(&mut flat, value);
    if indent > 0 && used.saturating_add(flat.chars().count()) <= WIDTH && !must_break(value) {
        out.push_str(&flat);
        return;
    }
    let inner = indent.saturating_add(2);
    match value {
        Json::List(elements) if !elements.is_empty() => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                new_line(out, index, inner);
                write_value(out, element, inner, inner);
            }
            close(out, indent, ']');
        }
        Json::Object(fields) if !fields.is_empty() => {
            out.push('{');
            for (index, (name, field)) in fields.iter().enumerate() {
                new_line(out, index, inner);
                let key = quoted(name);
                let used = inner.saturating_add(key.chars().count()).saturating_add(2);
                let _ = write!(out, "{key}: ");
                write_value(out, field, inner, used);
            }
            close(out, indent, '}');
        }
        _ => out.push_str(&flat),
    }
}

/// Rules are read line by line, so that their lines stay lines.
fn must_break(value: &Json) -> bool {
    match value {
        Json::List(elements) => {
            elements.len() > 1 && elements.iter().any(|element| matches!(element, Json::Text(text) if text.starts_with([' ', '}'])))
        }
        Json::Object(fields) => fields.iter().any(|(_, field)| must_break(field)),
        _ => false,
    }
}

fn new_line(out: &mut String, index: usize, indent: usize) {
    if index > 0 {
        out.push(',');
    }
    let _ = write!(out, "\n{:indent$}", "");
}

fn close(out: &mut String, indent: usize, bracket: char) {
    let _ = write!(out, "\n{:indent$}{bracket}", "");
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn write_flat(out: &mut String, value: &Json) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => {
            let _ = write!(out, "{value}");
        }
        Json::Number(value) => {
            let _ = write!(out, "{value}");
        }
        Json::Text(value) => out.push_str(&quoted(value)),
        Json::List(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_flat(out, element);
            }
            out.push(']');
        }
        Json::Object(fields) if fields.is_empty() => out.push_str("{}"),
        Json::Object(fields) => {
            out.push_str("{ ");
            for (index, (name, field)) in fields.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                let _ = write!(out, "{}: ", quoted(name));
                write_flat(out, field);
            }
            out.push_str(" }");
        }
    }
}
