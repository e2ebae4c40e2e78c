//! What an embedding page and an embed tell each other: small JSON objects with `"roundtrip": 1` in them.
//!
//! `docs/embedding.md` describes them for whoever writes the embedding page.

use super::options::seconds;
use roundtrip_lab::document::Seconds;
use roundtrip_lab::{Loaded, link, load};
use roundtrip_sim::time::SimTime;
use serde_json::{Value, json};

/// What the embedding page wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// Another lab: a link, what stands behind its `#`, a document's text, or an example's name.
    Load(String),
    /// The clock runs.
    Play,
    /// The clock stands.
    Pause,
    /// To the next event.
    Step,
    /// To the event before.
    StepBack,
    /// To this moment.
    Seek(SimTime),
    /// The state, under the question's own number.
    GetState(Value),
}

/// What an embed shows, as it tells others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The lab's title.
    pub title: String,
    /// The lab as a link's part behind the `#`; empty if it is too large for one.
    pub lab: String,
    /// The simulated moment.
    pub time: SimTime,
    /// The clock runs.
    pub playing: bool,
    /// The language's tag.
    pub language: &'static str,
    /// What became of the conversation that is looked at: `works`, `stalls` and so on; empty if nothing is looked at.
    pub outcome: &'static str,
}

/// What the embed says.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing {
    /// It is there, and listens.
    Ready(State),
    /// Something changed: the lab, playing, or a moment that was gone to.
    Changed(State),
    /// The answer to [`Incoming::GetState`].
    State(Value, State),
    /// Something was wrong, in words.
    Error(String),
}

/// Reads a message. None if it is somebody else's; an error in words if it is ours and wrong.
#[must_use]
pub fn read(text: &str) -> Option<Result<Incoming, String>> {
    /// No message is longer than a document and what is around it.
    const MOST: usize = roundtrip_lab::limits::DOCUMENT_BYTES * 2;
    if text.len() > MOST {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    (value.get("roundtrip")?.as_u64() == Some(1)).then(|| incoming(&value))
}

fn incoming(value: &Value) -> Result<Incoming, String> {
    let kind = value.get("type").and_then(Value::as_str).unwrap_or_default();
    Ok(match kind {
        "load" => match value.get("lab") {
            Some(Value::String(text)) => Incoming::Load(text.clone()),
            Some(document @ Value::Object(_)) => Incoming::Load(document.to_string()),
            _ => return Err("load needs a lab: a link, an example's name, or a document".to_owned()),
        },
        "play" => Incoming::Play,
        "pause" => Incoming::Pause,
        "step" => Incoming::Step,
        "stepBack" => Incoming::StepBack,
        "seek" => {
            let time = value.get("t").and_then(Value::as_f64).and_then(Seconds::from_f64);
            Incoming::Seek(time.ok_or("seek needs t: simulated seconds, not negative")?.0)
        }
        "getState" => Incoming::GetState(value.get("id").cloned().unwrap_or(Value::Null)),
        other => {
            let shown: String = other.chars().take(40).collect();
            return Err(format!("there is no message {shown:?}; there are load, play, pause, step, stepBack, seek and getState"));
        }
    })
}

/// Reads what [`Incoming::Load`] brings.
#[must_use]
pub fn lab_of(text: &str) -> Loaded {
    if let Some(example) = roundtrip_lab::example(text.trim()) {
        return load(example.text);
    }
    if text.trim_start().starts_with('{') { load(text) } else { link::decode(text) }
}

impl Outgoing {
    /// As it is sent.
    #[must_use]
    pub fn json(&self) -> String {
        let mut message = match self {
            Self::Ready(state) => json!({ "type": "ready", "state": state.json() }),
            Self::Changed(state) => json!({ "type": "changed", "state": state.json() }),
            Self::State(id, state) => json!({ "type": "state", "id": id, "state": state.json() }),
            Self::Error(message) => json!({ "type": "error", "message": message }),
        };
        if let Value::Object(fields) = &mut message {
            fields.insert("roundtrip".to_owned(), 1.into());
        }
        message.to_string()
    }
}

impl State {
    fn json(&self) -> Value {
        json!({
            "title": self.title,
            "lab": self.lab,
            // A number, by way of the text that is exact to the microsecond.
            "t": seconds(self.time).parse::<f64>().unwrap_or_default(),
            "playing": self.playing,
            "lang": self.language,
            "outcome": self.outcome,
        })
    }
}

/// Whom an embed listens to: its parent window, and once it is known, only the origin that was there at first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    parent: Option<String>,
}

impl Gate {
    /// With what the browser says of the parent's origin; nothing, if it says nothing.
    #[must_use]
    pub fn new(parent: Option<String>) -> Self {
        Self { parent: parent.filter(|origin| !origin.is_empty()) }
    }

    /// True if a message may come in. The first sender that is the parent window fixes the origin where the browser did not.
    pub fn admits(&mut self, from_parent: bool, origin: &str) -> bool {
        if !from_parent {
            return false;
        }
        self.parent.get_or_insert_with(|| origin.to_owned()) == origin
    }

    /// To whom is spoken. A parent without an origin of its own, or one that is not known yet, cannot be named.
    #[must_use]
    pub fn target(&self) -> &str {
        match self.parent.as_deref() {
            None | Some("null") => "*",
            Some(origin) => origin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(text: &str) -> Result<Incoming, String> {
        read(text).unwrap()
    }

    #[test]
    fn every_message_is_read() {
        let cases = [
            (r#"{"roundtrip":1,"type":"load","lab":"story"}"#, Incoming::Load("story".into())),
            (r#"{"roundtrip":1,"type":"load","lab":{"version":1}}"#, Incoming::Load(r#"{"version":1}"#.into())),
            (r#"{"roundtrip":1,"type":"play"}"#, Incoming::Play),
            (r#"{"roundtrip":1,"type":"pause"}"#, Incoming::Pause),
            (r#"{"roundtrip":1,"type":"step"}"#, Incoming::Step),
            (r#"{"roundtrip":1,"type":"stepBack"}"#, Incoming::StepBack),
            (r#"{"roundtrip":1,"type":"seek","t":4.5}"#, Incoming::Seek(SimTime::from_millis(4500))),
            (r#"{"roundtrip":1,"type":"getState","id":7}"#, Incoming::GetState(7.into())),
        ];
        for (text, expected) in cases {
            assert_eq!(ours(text), Ok(expected));
        }
    }

    #[test]
    fn what_others_say_is_not_heard_and_what_is_wrong_is_told() {
        for text in ["", "[]", "1", r#"{"type":"play"}"#, r#"{"roundtrip":2,"type":"play"}"#, "{\"roundtrip\":1"] {
            assert_eq!(read(text), None, "{text}");
        }
        for text in [
            r#"{"roundtrip":1}"#,
            r#"{"roundtrip":1,"type":"explode"}"#,
            r#"{"roundtrip":1,"type":"load"}"#,
            r#"{"roundtrip":1,"type":"load","lab":3}"#,
            r#"{"roundtrip":1,"type":"seek","t":-1}"#,
            r#"{"roundtrip":1,"type":"seek","t":"4"}"#,
        ] {
            assert!(ours(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_lab_comes_as_a_name_a_link_or_a_document() {
        let story = roundtrip_lab::example("story").unwrap();
        let link = link::encode(&story.lab()).unwrap();
        for text in ["story", story.text, &link, &format!("https://x.y/?embed=1#{link}")] {
            assert_eq!(lab_of(text).lab, Some(story.lab()));
        }
        assert!(lab_of("nothing").lab.is_none() && !lab_of("nothing").problems.is_empty());
    }

    #[test]
    fn only_the_parent_is_heard_and_only_from_where_it_was() {
        let mut gate = Gate::new(Some("https://blog.example".into()));
        assert!(gate.admits(true, "https://blog.example"));
        assert!(!gate.admits(false, "https://blog.example"));
        assert!(!gate.admits(true, "https://evil.example"));
        assert_eq!(gate.target(), "https://blog.example");
        // Where the browser hides the parent, its first message fixes it.
        let mut gate = Gate::new(Some(String::new()));
        assert_eq!(gate.target(), "*");
        assert!(!gate.admits(false, "https://evil.example"));
        assert!(gate.admits(true, "https://blog.example") && !gate.admits(true, "https://evil.example"));
        assert_eq!(gate.target(), "https://blog.example");
    }

    #[test]
    fn what_is_said_says_what_it_is() {
        let state = State {
            title: "a".into(),
            lab: "1.x".into(),
            time: SimTime::from_micros(4_003_120),
            playing: true,
            language: "ja",
            outcome: "works",
        };
        let said: Value = serde_json::from_str(&Outgoing::State(7.into(), state).json()).unwrap();
        let expected = json!({
            "roundtrip": 1, "type": "state", "id": 7,
            "state": { "title": "a", "lab": "1.x", "t": 4.00312, "playing": true, "lang": "ja", "outcome": "works" },
        });
        assert_eq!(said, expected);
    }
}
