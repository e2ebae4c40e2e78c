//! Names for what is new, and names out of what people write.

use roundtrip_lab::Lab;
use roundtrip_lab::document::{Kind, Text};
use roundtrip_lab::limits;

/// How a new device of this kind is called, before its number: in the document, and for people.
pub(super) const fn stem(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Host => ("pc", "PC"),
        Kind::Router => ("r", "R"),
        Kind::L3switch => ("sw", "SW"),
        Kind::Firewall => ("fw", "FW"),
        Kind::Internet => ("inet", "Internet"),
    }
}

/// The name without a number at its end, and the number.
fn parts(name: &str) -> (&str, Option<u64>) {
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (base, name.get(base.len()..).and_then(|digits| digits.parse().ok()))
}

/// The first of `stem1`, `stem2`, … that nobody has, with its number. Upper and lower case count as the same.
fn numbered(stem: &str, first: u64, is_taken: &dyn Fn(&str) -> bool) -> (String, u64) {
    let mut number = first;
    loop {
        let name = format!("{stem}{number}");
        // Ends: there are fewer names than numbers.
        if !is_taken(&name) {
            return (name, number);
        }
        number = number.saturating_add(1);
    }
}

fn has_device(lab: &Lab, name: &str) -> bool {
    let name = name.to_lowercase();
    lab.devices.iter().any(|device| device.name.to_lowercase() == name)
}

fn has_segment(lab: &Lab, name: &str) -> bool {
    let name = name.to_lowercase();
    lab.segments.iter().any(|segment| segment.name.to_lowercase() == name)
}

/// A name for a new device of this kind, and what people read.
pub(super) fn new_device(lab: &Lab, kind: Kind) -> (String, Text) {
    let (stem, label) = stem(kind);
    if kind == Kind::Internet && !has_device(lab, stem) {
        let label = [("en", "The Internet"), ("ja", "インターネット")];
        return (stem.to_owned(), Text::by_language(label.map(|(language, text)| (language.to_owned(), text.to_owned()))));
    }
    let (name, number) = numbered(stem, 1, &|name| has_device(lab, name));
    (name, Text::plain(format!("{label}{number}")))
}

/// A name for a new segment, and what people read.
pub(super) fn new_segment(lab: &Lab) -> (String, Text) {
    let (name, number) = numbered("lan", 1, &|name| has_segment(lab, name));
    (name, Text::plain(format!("LAN {number}")))
}

/// A name for one more interface.
pub(super) fn new_interface(taken: &[&str]) -> String {
    numbered("eth", 0, &|name| taken.contains(&name)).0
}

/// A name for a copy, and its label with the same number.
fn copied(name: &str, label: &Text, is_taken: &dyn Fn(&str) -> bool) -> (String, Text) {
    if !is_taken(name) {
        return (name.to_owned(), label.clone());
    }
    let (base, number) = parts(name);
    // Room for the number.
    let base: String = base.chars().take(limits::NAME_CHARS.saturating_sub(6)).collect();
    let (name, number) = numbered(&base, number.unwrap_or(1).saturating_add(1), is_taken);
    let text = |text: &str| match parts(text) {
        (base, Some(_)) => format!("{base}{number}"),
        (base, None) => format!("{base} {number}"),
    };
    let mut copy = Text::default();
    for (language, old) in label.iter() {
        if language.is_empty() {
            copy = Text::plain(text(old));
        } else {
            copy.set(language, &text(old));
        }
    }
    (name, copy)
}

/// For a copy of a device.
pub(super) fn copied_device(lab: &Lab, name: &str, label: &Text) -> (String, Text) {
    copied(name, label, &|name| has_device(lab, name))
}

/// For a copy of a segment.
pub(super) fn copied_segment(lab: &Lab, name: &str, label: &Text) -> (String, Text) {
    copied(name, label, &|name| has_segment(lab, name))
}

/// A name in the document for what a person calls something: `Web server` becomes `web-server`. None if nothing plain is left of
/// it: such a name is kept as a label alone.
pub(super) fn slug(text: &str) -> Option<String> {
    if !text.is_ascii() {
        return None;
    }
    let words: Vec<String> =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let slug: String = words.join("-").chars().take(limits::NAME_CHARS.saturating_sub(6)).collect();
    (!slug.is_empty()).then_some(slug)
}

/// `wanted`, or with a number behind it if another device has it already.
pub(super) fn free_device(lab: &Lab, wanted: &str) -> String {
    if has_device(lab, wanted) { numbered(&format!("{wanted}-"), 2, &|name| has_device(lab, name)).0 } else { wanted.to_owned() }
}

/// `wanted`, or with a number behind it if another segment has it already.
pub(super) fn free_segment(lab: &Lab, wanted: &str) -> String {
    if has_segment(lab, wanted) { numbered(&format!("{wanted}-"), 2, &|name| has_segment(lab, name)).0 } else { wanted.to_owned() }
}

/// True if a text can name a device in the document: no blank and none of the marks that part names from each other.
#[must_use]
pub fn is_device_name(name: &str) -> bool {
    let fits = |letter: char| !letter.is_control() && !letter.is_whitespace() && !matches!(letter, '/' | '"' | '.' | ':' | '>');
    (1..=limits::NAME_CHARS).contains(&name.chars().count()) && name.chars().all(fits)
}

/// True if a text can name a segment in the document.
#[must_use]
pub fn is_segment_name(name: &str) -> bool {
    let fits = |letter: char| !letter.is_control() && !matches!(letter, '/' | '"');
    (1..=limits::NAME_CHARS).contains(&name.chars().count()) && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::document::Device;

    fn lab(names: &[&str]) -> Lab {
        Lab { devices: names.iter().map(|name| Device::new(*name, Kind::Host)).collect(), ..Lab::default() }
    }

    #[test]
    fn new_names_fill_the_gaps() {
        assert_eq!(new_device(&lab(&["PC1", "pc3"]), Kind::Host).0, "pc2");
        assert_eq!(new_device(&lab(&[]), Kind::Internet).0, "inet");
        assert_eq!(new_device(&lab(&["inet"]), Kind::Internet).0, "inet1");
        assert_eq!(new_interface(&["eth0", "eth2"]), "eth1");
    }

    #[test]
    fn a_copy_counts_on_in_name_and_label() {
        let (name, label) = copied_device(&lab(&["pc1", "pc2"]), "pc1", &Text::plain("PC1"));
        assert_eq!((name.as_str(), label.get("en")), ("pc3", "PC3"));
        let (name, label) = copied_device(&lab(&["web"]), "web", &Text::plain("Web server"));
        assert_eq!((name.as_str(), label.get("en")), ("web2", "Web server 2"));
        let (name, label) = copied_device(&lab(&["x"]), "web", &Text::plain("Web server"));
        assert_eq!((name.as_str(), label.get("en")), ("web", "Web server"));
    }

    #[test]
    fn slugs_are_plain() {
        assert_eq!(slug("Web server (new)"), Some("web-server-new".into()));
        assert_eq!(slug("生活"), None);
        assert_eq!(slug(" . "), None);
        assert!(is_device_name(&slug("A.B:C>D/E\"F").unwrap()));
    }
}
