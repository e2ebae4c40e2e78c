//! How a page or an embed is shown: one schema for the address's query, the element's attributes and the messages of an
//! embedding page.

use crate::command::{Language, Theme};
use roundtrip_lab::document::Seconds;
use roundtrip_lab::similar;
use roundtrip_sim::time::SimTime;

/// The part of the page that an embed shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Everything; in an embed the picture, its clock and the verdict in a line.
    #[default]
    All,
    /// The picture and its clock.
    Canvas,
    /// The ladder and its clock.
    Ladder,
    /// The packet list and the clock.
    Packets,
    /// The verdict.
    Verdict,
}

impl View {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::All, Self::Canvas, Self::Ladder, Self::Packets, Self::Verdict];

    /// The word in addresses and attributes.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Canvas => "canvas",
            Self::Ladder => "ladder",
            Self::Packets => "packets",
            Self::Verdict => "verdict",
        }
    }
}

/// How a page is shown. Nothing of it is part of the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Shown inside another page.
    pub embed: bool,
    /// The language; else what was chosen before, else the browser's.
    pub language: Option<Language>,
    /// Light or dark; else what was chosen before, else the system's.
    pub theme: Option<Theme>,
    /// The clock runs from the start; else it does in a page, and does not in an embed.
    pub play: Option<bool>,
    /// The moment at which it starts.
    pub start: Option<SimTime>,
    /// The part that is shown.
    pub view: View,
    /// The lab can be looked at, not changed.
    pub lock: bool,
    /// A lab that comes along, where the link holds none.
    pub example: Option<String>,
}

/// One parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in the query; the element's attribute has the same.
    pub name: &'static str,
    /// What it can be, as a person writes it.
    pub values: &'static str,
}

/// Every parameter there is. `docs/embedding.md` has the same table.
pub const PARAMETERS: [Parameter; 8] = [
    Parameter { name: "embed", values: "1, 0" },
    Parameter { name: "lang", values: "en, ja" },
    Parameter { name: "theme", values: "system, light, dark" },
    Parameter { name: "play", values: "1, 0" },
    Parameter { name: "t", values: "0, 4.003" },
    Parameter { name: "view", values: "all, canvas, ladder, packets, verdict" },
    Parameter { name: "lock", values: "1, 0" },
    Parameter { name: "example", values: "story, home" },
];

/// What is wrong with a parameter. It is said and left out; the others count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionProblem {
    /// Nobody knows it.
    Unknown {
        /// Its name.
        name: String,
        /// What was perhaps meant, or nothing.
        similar: &'static str,
    },
    /// It cannot be that.
    Wrong {
        /// Its name.
        name: &'static str,
        /// What it is.
        value: String,
        /// What it can be.
        values: &'static str,
    },
}

impl OptionProblem {
    /// True if a person is to be told: an unknown name like none of ours was probably added by whoever passed the link on,
    /// to count visitors or the like.
    #[must_use]
    pub const fn is_news(&self) -> bool {
        !matches!(self, Self::Unknown { similar, .. } if similar.is_empty())
    }
}

/// In English, for whoever looks into the browser's console.
impl std::fmt::Display for OptionProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown { name, similar: "" } => {
                write!(f, "the address has a parameter {name}, which is not one of ours; it is left out")
            }
            Self::Unknown { name, similar } => write!(f, "there is no parameter {name}; perhaps {similar} is meant"),
            Self::Wrong { name, value, values } => write!(f, "the parameter {name} cannot be {value:?}; it can be {values}"),
        }
    }
}

fn yes_or_no(value: &str) -> Option<bool> {
    match value {
        // As an attribute without a value, and as `?embed`.
        "" | "1" | "true" | "yes" => Some(true),
        "0" | "false" | "no" => Some(false),
        _ => None,
    }
}

impl Options {
    /// Reads names and values, the last of a name counting. What is wrong is left out and told.
    pub fn read<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> (Self, Vec<OptionProblem>) {
        let mut options = Self::default();
        let mut problems = Vec::new();
        for (name, value) in pairs {
            let (name, value) = (name.as_ref(), value.as_ref());
            let Some(parameter) = PARAMETERS.iter().find(|parameter| parameter.name == name) else {
                let meant = similar(name, PARAMETERS.iter().map(|parameter| parameter.name));
                let similar = PARAMETERS.iter().find(|parameter| parameter.name == meant).map_or("", |parameter| parameter.name);
                problems.push(OptionProblem::Unknown { name: shortened(name), similar });
                continue;
            };
            if options.set(parameter.name, value.trim()).is_none() {
                problems.push(OptionProblem::Wrong { name: parameter.name, value: shortened(value), values: parameter.values });
            }
        }
        (options, problems)
    }

    fn set(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "embed" => self.embed = yes_or_no(value)?,
            "lang" => self.language = Some(Language::from_tag(value)?),
            "theme" => self.theme = Some(Theme::from_word(value)?),
            "play" => self.play = Some(yes_or_no(value)?),
            "t" => self.start = Some(Seconds::from_f64(value.parse().ok()?)?.0),
            "view" => self.view = View::ALL.into_iter().find(|view| view.word() == value)?,
            "lock" => self.lock = yes_or_no(value)?,
            "example" => self.example = Some(roundtrip_lab::example(value)?.id.to_owned()),
            _ => return None,
        }
        Some(())
    }

    /// The query that says the same, without its `?`. Empty for what a page does by itself.
    #[must_use]
    pub fn query(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut say = |name: &str, value: &str| parts.push(format!("{name}={value}"));
        if self.embed {
            say("embed", "1");
        }
        if let Some(language) = self.language {
            say("lang", language.tag());
        }
        if let Some(theme) = self.theme {
            say("theme", theme.word());
        }
        if let Some(play) = self.play {
            say("play", if play { "1" } else { "0" });
        }
        if let Some(start) = self.start {
            say("t", &seconds(start));
        }
        if self.view != View::default() {
            say("view", self.view.word());
        }
        if self.lock {
            say("lock", "1");
        }
        if let Some(example) = &self.example {
            say("example", example);
        }
        parts.join("&")
    }

    /// The clock is to run at once. `still` is a reader who wants no motion.
    #[must_use]
    pub fn plays(&self, still: bool) -> bool {
        self.play.unwrap_or(!self.embed && !still && self.start.is_none())
    }
}

/// Seconds with as many digits as they need, to the microsecond.
#[must_use]
pub fn seconds(time: SimTime) -> String {
    let micros = time.as_micros();
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What is shown of something that may be of any length.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> (Options, Vec<OptionProblem>) {
        Options::read(query.split('&').filter(|part| !part.is_empty()).map(|part| part.split_once('=').unwrap_or((part, ""))))
    }

    #[test]
    fn what_is_written_is_read_back() {
        let all = Options {
            embed: true,
            language: Some(Language::Japanese),
            theme: Some(Theme::Dark),
            play: Some(false),
            start: Some(SimTime::from_micros(4_003_120)),
            view: View::Ladder,
            lock: true,
            example: Some("story".to_owned()),
        };
        assert_eq!(all.query(), "embed=1&lang=ja&theme=dark&play=0&t=4.00312&view=ladder&lock=1&example=story");
        assert_eq!(read(&all.query()), (all, vec![]));
        assert_eq!(Options::default().query(), "");
        assert_eq!(read(""), (Options::default(), vec![]));
    }

    #[test]
    fn every_parameter_is_read_and_refuses_nonsense() {
        for parameter in PARAMETERS {
            for value in parameter.values.split(", ") {
                assert_eq!(read(&format!("{}={value}", parameter.name)).1, [], "{}", parameter.name);
            }
            let (options, problems) = read(&format!("{}=%%%", parameter.name));
            assert_eq!(options, Options::default());
            let expected = OptionProblem::Wrong { name: parameter.name, value: "%%%".into(), values: parameter.values };
            assert_eq!(problems, [expected]);
        }
        for wrong in ["t=-1", "t=NaN", "t=1e300", "t=inf", "example=nothing", "view=Canvas"] {
            assert_eq!(read(wrong).1.len(), 1, "{wrong}");
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_told_and_what_others_add_is_not() {
        let problem = |query: &str| read(query).1.first().cloned().unwrap();
        assert_eq!(problem("veiw=canvas"), OptionProblem::Unknown { name: "veiw".into(), similar: "view" });
        assert!(problem("veiw=canvas").is_news());
        assert!(!problem("utm_source=mail").is_news());
    }

    #[test]
    fn a_page_runs_by_itself_and_an_embed_when_asked() {
        assert!(read("").0.plays(false));
        assert!(!read("").0.plays(true));
        assert!(!read("embed").0.plays(false));
        assert!(read("embed&play").0.plays(true));
        assert!(!read("t=4").0.plays(false));
    }
}
