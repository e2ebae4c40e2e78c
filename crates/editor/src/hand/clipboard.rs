//! Parts of a document as text, so that they can be carried from tab to tab.

use roundtrip_lab::{Lab, Problem, limits};
use serde_json::Value;

/// The field by which such a text is known; its value is the version of the form.
const MARK: &str = "roundtrip-clipboard";
const VERSION: u64 = 1;

/// Why a text cannot be put into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasteFault {
    /// It is none of ours.
    Foreign,
    /// It was copied from a newer version of this program.
    Newer,
    /// It is damaged: the first thing that is wrong with it.
    Damaged(Box<Problem>),
    /// It holds nothing that can be drawn.
    Empty,
}

/// A part of a document as text.
#[must_use]
pub fn write(fragment: &Lab) -> String {
    format!("{{\"{MARK}\":{VERSION},\"lab\":{}}}", roundtrip_lab::save_compact(fragment))
}

/// A part of a document out of a text: one of [`write()`], or a whole document as it is saved in files.
///
/// # Errors
///
/// If it is neither, or there is nothing in it.
pub fn read(text: &str) -> Result<Lab, PasteFault> {
    if text.len() > limits::DOCUMENT_BYTES {
        return Err(PasteFault::Foreign);
    }
    let value: Value = serde_json::from_str(text.trim()).map_err(|_| PasteFault::Foreign)?;
    let lab = match (value.get(MARK).map(Value::as_u64), value.get("lab")) {
        (Some(Some(VERSION)), Some(lab)) => lab,
        (Some(_), _) => return Err(PasteFault::Newer),
        (None, _) if value.get("devices").is_some() || value.get("segments").is_some() => &value,
        (None, _) => return Err(PasteFault::Foreign),
    };
    let loaded = roundtrip_lab::load(&lab.to_string());
    let broken = loaded.problems.iter().find(|problem| problem.is_error());
    let lab = match (loaded.lab, broken) {
        (Some(lab), _) => lab,
        (None, Some(problem)) => return Err(PasteFault::Damaged(Box::new(problem.clone()))),
        (None, None) => return Err(PasteFault::Foreign),
    };
    if lab.devices.is_empty() && lab.segments.is_empty() { Err(PasteFault::Empty) } else { Ok(lab) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let story = roundtrip_lab::example("story").unwrap().lab();
        let part = Lab { segments: story.segments[..1].to_vec(), devices: story.devices[..3].to_vec(), ..Lab::default() };
        assert_eq!(read(&write(&part)), Ok(part));
        assert_eq!(read(&roundtrip_lab::save(&story)).unwrap().devices, story.devices, "a whole document will do");
    }

    #[test]
    fn foreign_texts_are_told_from_damaged_ones() {
        for foreign in ["", "hello", "{}", "[1]", "{\"a\":1}", "{"] {
            assert_eq!(read(foreign), Err(PasteFault::Foreign), "{foreign:?}");
        }
        assert_eq!(read("{\"roundtrip-clipboard\":2,\"lab\":{}}"), Err(PasteFault::Newer));
        assert_eq!(read("{\"roundtrip-clipboard\":1,\"lab\":{\"version\":1}}"), Err(PasteFault::Empty));
        let damaged = read("{\"roundtrip-clipboard\":1,\"lab\":{\"version\":1,\"devices\":[{\"name\":7}]}}");
        assert!(matches!(damaged, Err(PasteFault::Damaged(_))), "{damaged:?}");
    }
}
