//! Texts: labs, rules, links, commands, filters, and pictures with a lab inside.

use roundtrip_lab::nft::{self, Rules};
use roundtrip_lab::{check, commands, link as links, load, save, save_compact, to_nft, to_scenario};

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// A document: it is read or refused with a reason; what was read is saved and read back as the same.
pub(crate) fn lab(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let loaded = load(text);
    for problem in &loaded.problems {
        assert!(!problem.message().is_empty() && !problem.remedy().is_empty());
    }
    let Some(lab) = loaded.lab else {
        assert!(loaded.problems.iter().any(roundtrip_lab::Problem::is_error), "refused without a reason");
        return;
    };
    let saved = save(&lab);
    let again = load(&saved);
    assert_eq!(again.lab.as_ref(), Some(&lab), "saved and read back it is another");
    assert_eq!(save(again.lab.as_ref().expect("it was read")), saved);
    assert_eq!(load(&save_compact(&lab)).lab.as_ref(), Some(&lab));
    assert_eq!(check(&lab).iter().any(roundtrip_lab::Problem::is_error), !again.can_run());
    let (scenario, _) = to_scenario(&lab);
    assert_eq!(scenario.nodes.len(), lab.devices.len());
    assert_eq!(scenario.actions.len(), lab.actions.len());
    for device in &lab.devices {
        let _ = to_nft(&device.filter, &device.nat);
    }
}

/// Rules: what is read is printed and read back as the same; a script changes everything or nothing.
pub(crate) fn nft(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Err(errors) = nft::parse(text) {
        assert!(!errors.is_empty(), "refused without a reason");
    }
    let mut alone = Rules::new();
    let applied = alone.apply(text);
    if applied.errors.is_empty() && applied.refused.is_none() {
        let again = read_back(&alone.print());
        // A set that reading has reduced to one element is printed without brackets the next time, as nft does.
        assert_eq!(read_back(&again), again, "printed three times it is another");
    }
    let mut rules = Rules::new();
    let first = rules.apply("table ip t { chain c { type filter hook forward priority 0; policy accept; counter accept; }; }");
    assert!(first.errors.is_empty() && first.refused.is_none());
    let before = rules.print();
    let applied = rules.apply(text);
    if !applied.errors.is_empty() || applied.refused.is_some() {
        assert_eq!(rules.print(), before, "refused, but changed");
    }
}

/// Reads printed rules and prints them again.
fn read_back(printed: &str) -> String {
    let mut rules = Rules::new();
    let applied = rules.apply(printed);
    assert!(applied.errors.is_empty() && applied.refused.is_none(), "printed rules are not read back: {applied:?}\n{printed}");
    rules.print()
}

/// A link: any text is refused with a reason, or is a lab that makes a link again.
pub(crate) fn link(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let _ = links::fragment(text);
    let loaded = links::decode(text);
    assert!(loaded.lab.is_some() || !loaded.problems.is_empty(), "refused without a reason");
    if let Some(lab) = loaded.lab
        && let Ok(link) = links::encode(&lab)
    {
        assert_eq!(links::decode(&link).lab, Some(lab));
    }
}

/// A device as commands: what was read is printed and read back as the same.
pub(crate) fn commands(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let example = roundtrip_lab::example("story").and_then(|example| load(example.text).lab).expect("the story loads");
    let device = example.devices.first().expect("it has devices");
    match commands::read(text, device) {
        Ok(read) => {
            let printed = commands::print(&read);
            let again = commands::read(&printed, &read).unwrap_or_else(|errors| panic!("not read back: {errors:?}\n{printed}"));
            assert_eq!(commands::print(&again), printed, "printed twice it is another");
        }
        Err(problems) => assert!(!problems.is_empty(), "refused without a reason"),
    }
}

/// A display filter is read or refused with a place inside the text.
pub(crate) fn filter(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let _ = roundtrip_editor::filter::Filter::parse(text);
    let _ = roundtrip_editor::filter::completions(text);
}

/// A picture, perhaps with a lab inside.
pub(crate) fn picture(bytes: &[u8]) {
    if let Some(text) = roundtrip_export::lab_in_picture(bytes) {
        let _ = load(&text);
    }
}
