//! That the forms can say all that the format can, and nothing else.

use super::attempt::{attempt, switched};
use super::entry::{Entry, Slot};
use super::value::{shown, typed};
use super::*;
use crate::edit::Edit;
use crate::edit::configure::{action_path, device_path, segment_path};
use crate::history::History;
use proptest::prelude::*;
use roundtrip_lab::Lab;
use roundtrip_lab::patch::{Patch, look};
use std::collections::BTreeSet;

const ALL_FIELDS: &str = include_str!("../../../lab/tests/all-fields.json");

fn lab() -> Lab {
    roundtrip_lab::load(ALL_FIELDS).lab.unwrap()
}

fn roots(lab: &Lab) -> Vec<(Form, String)> {
    let devices = lab.devices.iter().map(|device| (network::DEVICE, device_path(lab, &device.name)));
    let segments = lab.segments.iter().map(|segment| (network::SEGMENT, segment_path(lab, &segment.name)));
    let actions = lab.actions.iter().map(|action| (actions::ACTION, action_path(lab, &action.id)));
    devices.chain(segments).chain(actions).collect()
}

/// Calls `see` with every field that a form shows of a document, its path and its value.
fn walk(form: Form, path: &str, object: &Json, see: &mut dyn FnMut(&'static Field, &str, Option<&Json>)) {
    for field in visible(form, object) {
        let (path, value) = (format!("{path}/{}", field.name), object.get(field.name));
        see(field, &path, value);
        match (&field.kind, value) {
            (FieldKind::Object { form, .. }, Some(value)) => walk(form, &path, value, see),
            (FieldKind::List(list), Some(value)) => {
                value.elements().iter().enumerate().for_each(|(i, element)| walk(list.form, &format!("{path}/{i}"), element, see));
            }
            _ => {}
        }
    }
}

#[test]
fn every_field_of_a_document_is_in_a_form() {
    fn fields(value: &Json, path: &str, form: Form, missing: &mut BTreeSet<String>) {
        let Json::Object(all) = value else { return };
        let known = visible(form, value);
        for (name, value) in all {
            let path = format!("{path}/{name}");
            match known.iter().find(|field| field.name == name).map(|field| &field.kind) {
                None => drop(missing.insert(path)),
                Some(FieldKind::Object { form, .. }) => fields(value, &path, form, missing),
                Some(FieldKind::List(list)) => {
                    value
                        .elements()
                        .iter()
                        .enumerate()
                        .for_each(|(i, element)| fields(element, &format!("{path}/{i}"), list.form, missing));
                }
                Some(_) => {}
            }
        }
    }
    let lab = lab();
    let mut missing = BTreeSet::new();
    for (form, path) in roots(&lab) {
        fields(&look(&lab, &path).unwrap(), &path, form, &mut missing);
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_value_typed_as_it_is_shown_changes_nothing() {
    let lab = lab();
    let mut count = 0;
    for (form, path) in roots(&lab) {
        walk(form, &path, &look(&lab, &path).unwrap(), &mut |field, path, value| {
            let by_itself = matches!(
                field.kind,
                FieldKind::Localized | FieldKind::Each | FieldKind::Settings | FieldKind::Object { .. } | FieldKind::List(_)
            );
            if by_itself || value.is_none() {
                return;
            }
            count += 1;
            let patch = typed(field, &shown(field, value)).map_or(Patch::Remove, Patch::Put);
            match attempt(&lab, path, &patch) {
                Ok(same) => assert_eq!(same, lab, "{path}"),
                Err(problems) => panic!("{path}: {problems:?}"),
            }
        });
    }
    assert!(count > 150, "{count}");
}

#[test]
fn what_the_form_says_holds_without_a_value_does_hold() {
    let lab = lab();
    for (form, path) in roots(&lab) {
        walk(form, &path, &look(&lab, &path).unwrap(), &mut |field, path, value| {
            let is_scalar = matches!(field.kind, FieldKind::Number | FieldKind::Word(_));
            if !is_scalar || field.usual.is_empty() || value.is_some() {
                return;
            }
            let usual = typed(field, field.usual).unwrap();
            assert_eq!(attempt(&lab, path, &Patch::Put(usual)).as_ref(), Ok(&lab), "{path}");
        });
    }
}

#[test]
fn a_path_leads_to_its_field() {
    for (path, name) in [
        ("devices/pc/interfaces/eth0/mtu", "mtu"),
        ("devices/pc/interfaces/eth0/addresses/1", "addresses"),
        ("devices/r/filter/forward/rules/0/state", "state"),
        ("actions/t/port", "port"),
        ("actions/o1/route/via", "via"),
        ("segments/A", ""),
        ("title/ja", "title"),
    ] {
        assert_eq!(field_at(path).map_or("", |field| field.name), name, "{path}");
    }
}

#[test]
fn an_action_can_become_any_other() {
    let lab = lab();
    let FieldKind::Variant(variants) = &actions::ACTION[1].kind else { panic!() };
    for action in &lab.actions {
        let path = action_path(&lab, &action.id);
        // Those whose segments are forged must stay connections.
        if action.id == "t" {
            continue;
        }
        for variant in *variants {
            let value = switched(&lab, &path, actions::ACTION, &actions::ACTION[1], variant.word.word);
            let changed =
                attempt(&lab, &path, &Patch::Put(value)).unwrap_or_else(|problems| panic!("{path} {}: {problems:?}", variant.word.word));
            let now = changed.action(&action.id).unwrap();
            assert_eq!((now.kind.name(), now.at), (variant.word.word, action.at));
        }
    }
}

#[test]
fn a_service_can_become_any_other_and_keeps_its_port() {
    let lab = lab();
    let form = services::SERVICES.form;
    let FieldKind::Variant(variants) = &form[1].kind else { panic!() };
    for variant in *variants {
        let value = switched(&lab, "devices/net/services/0", form, &form[1], variant.word.word);
        let changed = attempt(&lab, "devices/net/services/0", &Patch::Put(value)).unwrap_or_else(|problems| panic!("{problems:?}"));
        assert_eq!(changed.device("net").unwrap().services[0].port, 80);
    }
}

#[test]
fn every_new_element_can_be_read() {
    let lab = lab();
    for path in [
        "devices/sw/routes/0",
        "devices/r/interfaces/2",
        "devices/sw/services/0",
        "devices/pc/nat/0",
        "devices/pc/filter/input",
        "devices/pc/filter/input/rules/0",
        "devices/fw/position",
    ] {
        let changed = attempt(&lab, path, &Patch::Put(fresh(&lab, path))).unwrap_or_else(|problems| panic!("{path}: {problems:?}"));
        assert_ne!(changed, lab, "{path}");
    }
}

#[test]
fn settings_are_found_by_name_and_by_what_they_do() {
    let lab = lab();
    let device = lab.device("pc").unwrap();
    let given = vec![("tcp_sack".to_owned(), "0".to_owned()), ("no_such".to_owned(), "1".to_owned())];
    let said = |message: &str| if message == "sysctl-rp_filter" { "Source check".to_owned() } else { String::new() };
    let names = |scope: settings::Scope, sought: &str, all| -> Vec<String> {
        settings::lines(device, &given, &scope, sought, all, &said).into_iter().map(|line| line.name).collect()
    };
    assert_eq!(names(settings::Scope::Device, "", false), ["tcp_sack", "no_such"]);
    assert_eq!(names(settings::Scope::Device, "SOURCE check", false), ["rp_filter"]);
    assert_eq!(names(settings::Scope::Interface("eth0".into()), "0.rp_filter", false), ["net.ipv4.conf.eth0.rp_filter"]);
    assert!(names(settings::Scope::Device, "", true).len() > 80);
    let ttl = settings::lines(device, &given, &settings::Scope::Device, "ip_default_ttl", false, &said);
    assert_eq!(ttl[0].usual, Some(128), "the PC is a Windows one");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is typed wherever: nothing panics, no lab that runs stops running, and all of it is taken back and made again.
    #[test]
    fn any_sequence_of_values_is_undone_and_redone(
        typing in prop::collection::vec(
            (prop::arbitrary::any::<prop::sample::Index>(), prop::sample::select(vec!["", "1", "80", "true", "x", "10.0.0.1", "10.0.0.0/8", "drop", "tcp", "eth0", "r", "-5", "accept", "close"])),
            1..12,
        ),
    ) {
        let before = lab();
        let mut history = History::new(before.clone());
        for (index, text) in typing {
            let now = Lab::clone(history.present());
            let mut entries = Vec::new();
            for (form, path) in roots(&now) {
                for field in visible(form, &look(&now, &path).unwrap()) {
                    entries.push(Entry { object: path.clone(), form, field, slot: Slot::Whole });
                }
            }
            let edit = Edit::Configure(index.get(&entries).change(&now, text));
            if let Some(after) = edit.apply(&now) {
                prop_assert!(roundtrip_lab::check(&after).iter().all(|problem| !problem.is_error()));
                history.push(after, edit.change(), None);
            }
        }
        let after = Lab::clone(history.present());
        while history.undo() {}
        prop_assert_eq!(&**history.present(), &before);
        while history.redo() {}
        prop_assert_eq!(&**history.present(), &after);
    }
}
