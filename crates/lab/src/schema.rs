//! The JSON Schema of documents, made from their types.

use crate::document::Lab;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The schema as text, which ends with a line break.
#[must_use]
pub fn schema() -> String {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Lab>().to_value();
    if let Some(properties) = object(&mut schema, &["properties"]) {
        // The field by which editors find this schema.
        properties.insert("$schema".to_owned(), json!({ "type": "string" }));
    }
    // What is made up where it is left out has no one default.
    for path in [["Action", "id"], ["Interface", "name"], ["TcpAction", "port"]] {
        if let Some(field) = object(&mut schema, &["$defs", path[0], "properties", path[1]]) {
            field.remove("default");
        }
    }
    // A profile that is left out is the first.
    if let Some(first) = schema.pointer_mut("/$defs/TcpAction/oneOf/0").and_then(Value::as_object_mut) {
        first.remove("required");
    }
    // A schema serialises without failing: its maps have texts as keys.
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

fn object<'a>(value: &'a mut Value, path: &[&str]) -> Option<&'a mut Map<String, Value>> {
    path.iter().try_fold(value, |value, key| value.get_mut(*key))?.as_object_mut()
}
