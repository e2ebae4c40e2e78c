//! From the format of the kernel recordings' labs to ours (`docs/lab-format.md`).
//!
//! All of that format is read, with its defaults; what cannot be said in ours is refused by name rather than
//! left out. Names stay as they are. What only the recording tool needs is passed over: `may_fail` of a
//! route, since a route that the kernel refuses is no error here, and keys that the tool itself does not read.

mod actions;
mod network;
mod values;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use values::{Fields, seconds};

/// The longest run of the recording tool, in seconds.
const LONGEST: f64 = 400.0;
/// How long it waits after the last action, in seconds.
const SETTLE: f64 = 1.0;

/// Our lab for theirs; `name` is what it is called unless it says so itself.
///
/// # Errors
/// What in it is no lab, or cannot be said in our format.
pub(crate) fn convert(theirs: &Value, name: &str) -> Result<Value> {
    let lab = Fields::of(theirs).context("the lab")?;
    let actions = actions::numbered(lab.list("actions")?)?;
    let mut ours = Map::new();
    ours.insert("version".into(), json!(1));
    let own_name = lab.text("name")?.unwrap_or(name);
    let title = lab.text("title")?.map_or_else(|| own_name.to_owned(), |title| format!("{own_name}: {title}"));
    ours.insert("title".into(), json!({ "en": title }));
    let note: Vec<&str> = lab.list("note")?.iter().filter_map(Value::as_str).collect();
    if !note.is_empty() {
        ours.insert("description".into(), json!({ "en": note.join(" ") }));
    }
    ours.insert("duration".into(), duration(&lab, &actions)?);
    let nodes = lab.list("nodes")?;
    ours.insert("segments".into(), network::segments(lab.list("segments")?, nodes)?);
    ours.insert("devices".into(), network::devices(nodes)?);
    ours.insert("actions".into(), actions::convert(&actions, nodes)?);
    Ok(Value::Object(ours))
}

/// When the recording ended, in seconds.
fn duration(lab: &Fields<'_>, actions: &[actions::Action<'_>]) -> Result<Value> {
    let given = lab.number("duration")?.filter(|given| *given != 0.0);
    let end = match given {
        Some(given) => given,
        None => {
            let mut last = 0.0_f64;
            for action in actions {
                last = last.max(action.at + action.length()?);
            }
            last + SETTLE
        }
    };
    Ok(seconds(end.min(LONGEST)))
}

#[cfg(test)]
mod tests;
