//! JSON with a record per line: readable differences, small files.

use serde_json::Value;

/// How long a line may become unless it is one frame.
const WIDTH: usize = 166;

/// The text, with a line break at its end.
#[must_use]
pub fn compact(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out.push('\n');
    out
}

fn write(value: &Value, out: &mut String) {
    let flat = value.to_string();
    let fits = flat.chars().count() <= WIDTH;
    match value {
        Value::Object(fields) if !fits && !fields.contains_key("s") => {
            out.push_str("{\n");
            for (place, (key, value)) in fields.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { ",\n" });
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(value, out);
            }
            out.push_str("\n}");
        }
        Value::Array(items) if !fits => {
            out.push_str("[\n");
            for (place, value) in items.iter().enumerate() {
                out.push_str(if place == 0 { "" } else { ",\n" });
                write(value, out);
            }
            out.push_str("\n]");
        }
        _ => out.push_str(&flat),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_conformance::Recording;
    use std::fs;

    #[test]
    fn recordings_are_written_as_they_lie_there() {
        let folder = crate::choose::recorded().join("../recordings");
        let mut count = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let value: Value = serde_json::from_str(&text).unwrap();
            let right = compact(&value);
            if std::env::var_os("UPDATE").is_some() {
                fs::write(&path, &right).unwrap();
            } else {
                let hint = "write it so by UPDATE=1 cargo test -p roundtrip-kernel compact";
                assert_eq!(right, format!("{}\n", text.trim_end()), "{}: {hint}", path.display());
            }
            let recording: Recording = serde_json::from_str(&text).unwrap();
            assert_eq!(
                serde_json::from_str::<Recording>(&compact(&crate::judge::written(&recording))).unwrap().interfaces.len(),
                recording.interfaces.len()
            );
            count += 1;
        }
        assert!(count > 0);
    }
}
