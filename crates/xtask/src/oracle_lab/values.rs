//! Reading the fields of one object.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

/// An object's fields.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value) -> Result<Self> {
        Ok(Self(value.as_object().context("is no object")?))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.0.get(key)
    }

    /// The text, if the field is there.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>> {
        match self.0.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => bail!("{key}: {other} is no text"),
        }
    }

    /// The text, which must be there.
    pub(super) fn need(&self, key: &str) -> Result<&'a str> {
        self.text(key)?.with_context(|| format!("{key} is missing"))
    }

    pub(super) fn number(&self, key: &str) -> Result<Option<f64>> {
        match self.0.get(key) {
            None => Ok(None),
            Some(value) => Ok(Some(value.as_f64().with_context(|| format!("{key}: {value} is no number"))?)),
        }
    }

    /// The list; an empty one if the field is not there.
    pub(super) fn list(&self, key: &str) -> Result<&'a [Value]> {
        match self.0.get(key) {
            None => Ok(&[]),
            Some(Value::Array(list)) => Ok(list),
            Some(other) => bail!("{key}: {other} is no list"),
        }
    }

    /// Whether the field is there and what Python calls true.
    pub(super) fn is_true(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(truth)
    }
}

/// What Python calls true.
pub(super) fn truth(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(value) => value.as_f64() != Some(0.0),
        Value::String(value) => !value.is_empty(),
        Value::Array(value) => !value.is_empty(),
        Value::Object(value) => !value.is_empty(),
    }
}

/// A time as a number that is whole where it can be.
pub(super) fn seconds(value: f64) -> Value {
    // What sums of such numbers have behind the nanoseconds is the computer's, not the lab's.
    let nanoseconds = (value * 1e9).round();
    if nanoseconds % 1e9 == 0.0 { json!((nanoseconds / 1e9) as i64) } else { json!(nanoseconds / 1e9) }
}

/// Our fields, in the order in which they are put in.
#[derive(Default)]
pub(super) struct Ours(pub(super) Map<String, Value>);

impl Ours {
    pub(super) fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    /// The field under our name, if they have it.
    pub(super) fn keep(&mut self, theirs: &Fields<'_>, key: &str, ours: &str) {
        if let Some(value) = theirs.get(key) {
            self.put(ours, value.clone());
        }
    }

    pub(super) fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}

/// An address with its prefix length; one host if none is given.
pub(super) fn with_prefix(address: &str) -> String {
    if address.contains('/') { address.to_owned() } else { format!("{address}/32") }
}
