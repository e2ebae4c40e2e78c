//! Any sequence of changes leaves a document that can be saved, read and run; undone, it leaves the one before to the last byte.

use super::*;
use crate::history::{Gesture, History};
use proptest::prelude::*;
use roundtrip_lab::{load, save};

const DEVICES: [&str; 8] = ["pc1", "pc2", "r1", "r2", "inet", "sw1", "fw1", "pc3"];
const SEGMENTS: [&str; 5] = ["living", "test", "wan", "lan1", "lan2"];

fn device() -> impl Strategy<Value = String> {
    proptest::sample::select(&DEVICES[..]).prop_map(str::to_owned)
}

fn segment() -> impl Strategy<Value = String> {
    proptest::sample::select(&SEGMENTS[..]).prop_map(str::to_owned)
}

fn item() -> impl Strategy<Value = Item> {
    prop_oneof![
        device().prop_map(Item::Device),
        segment().prop_map(Item::Segment),
        (device(), 0..3_u8).prop_map(|(device, number)| Item::Cable(device, format!("eth{number}"))),
    ]
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    proptest::collection::vec(item(), 1..6)
}

fn position() -> impl Strategy<Value = Position> {
    let pixel = || prop_oneof![-50..1500_i32, any::<i32>()];
    (pixel(), pixel()).prop_map(|(x, y)| Position { x, y })
}

fn subnet() -> impl Strategy<Value = Ipv4Net> {
    (any::<u32>(), 0..=32_u8).prop_map(|(address, prefix)| Ipv4Net::new(address.into(), prefix).unwrap())
}

fn kind() -> impl Strategy<Value = Kind> {
    proptest::sample::select(&[Kind::Host, Kind::Router, Kind::L3switch, Kind::Firewall, Kind::Internet][..])
}

fn change() -> impl Strategy<Value = Draw> {
    let text = || prop_oneof!["[a-z]{0,4}", "\\PC{0,80}", Just("生活".to_owned()), Just("PC1".to_owned())];
    prop_oneof![
        1 => Just(Draw::New),
        4 => (position(), any::<u32>()).prop_map(|(position, width)| Draw::AddSegment { position, width }),
        6 => (kind(), position(), proptest::option::of(segment())).prop_map(|(kind, position, on)| Draw::AddDevice { kind, position, on }),
        3 => proptest::collection::vec((item(), position()), 1..4).prop_map(Draw::Put),
        2 => (segment(), any::<i32>(), any::<u32>()).prop_map(|(segment, left, width)| Draw::Resize { segment, left, width }),
        3 => (item(), text()).prop_map(|(item, text)| Draw::Call { item, language: "ja", text }),
        3 => (item(), text()).prop_map(|(item, to)| Draw::Rename { item, to }),
        2 => (segment(), proptest::option::of(subnet())).prop_map(|(segment, subnet)| Draw::Subnet { segment, subnet }),
        4 => (segment(), subnet()).prop_map(|(segment, to)| Draw::Renumber { segment, to }),
        6 => (device(), segment()).prop_map(|(device, segment)| Draw::Connect { device, segment }),
        3 => (device(), device()).prop_map(|(a, b)| Draw::Link { a, b }),
        3 => (device(), segment()).prop_map(|(device, segment)| Draw::MoveCable { device, interface: "eth0".into(), segment }),
        2 => device().prop_map(|device| Draw::Unplug { device, interface: "eth0".into() }),
        3 => items().prop_map(Draw::Delete),
        1 => items().prop_map(Draw::Cut),
        4 => items().prop_map(Draw::Duplicate),
        2 => (items(), position()).prop_map(|(items, by)| {
            let story = roundtrip_lab::example("story").unwrap().lab();
            let piece = fragment(&story, &items.into_iter().collect()).unwrap_or_default();
            Draw::Paste { fragment: Rc::new(piece), by }
        }),
        2 => (items(), proptest::sample::select(&Edge::ALL[..])).prop_map(|(items, edge)| Draw::Align { items, edge }),
        2 => items().prop_map(|items| Draw::Distribute { items, axis: Axis::Down }),
        2 => Just(Draw::Tidy),
        2 => (device(), device()).prop_map(|(host, router)| Draw::Gateway { host, router }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(target_family = "wasm") { 16 } else { 96 }))]

    #[test]
    fn every_document_can_be_saved_read_and_run(changes in proptest::collection::vec(change(), 0..14), blank in any::<bool>()) {
        let mut lab = if blank { Lab::default() } else { roundtrip_lab::example("story").unwrap().lab() };
        for change in changes {
            let Some(next) = change.apply(&lab) else { continue };
            let text = save(&next);
            let loaded = load(&text);
            prop_assert_eq!(loaded.lab.as_ref(), Some(&next), "{:?}", change);
            let errors: Vec<String> = loaded.problems.iter().filter(|problem| problem.is_error()).map(ToString::to_string).collect();
            prop_assert!(errors.is_empty(), "{:?} leaves {:?}", change, errors);
            let drawn = change.drawn();
            prop_assert!(drawn.item.is_none() || drawn.count == 1);
            lab = next;
        }
    }

    #[test]
    fn all_of_it_can_be_undone_and_redone(changes in proptest::collection::vec((change(), 0..3_u64), 0..14)) {
        let first = roundtrip_lab::example("story").unwrap().lab();
        let mut history = History::new(first);
        let mut texts = vec![save(history.present())];
        let mut last = None;
        for (change, gesture) in changes {
            let Some(next) = change.apply(history.present()).filter(|next| next != &**history.present()) else { continue };
            // Two changes of one gesture are one step.
            let gesture = (gesture > 0).then_some(Gesture(gesture));
            history.push(next, change.drawn(), gesture);
            if gesture.is_some() && gesture == last && texts.len() > 1 {
                texts.pop();
            }
            last = gesture;
            texts.push(save(history.present()));
        }
        for text in texts.iter().rev().skip(1) {
            prop_assert!(history.undo());
            prop_assert_eq!(&save(history.present()), text);
        }
        prop_assert!(!history.undo());
        for text in texts.iter().skip(1) {
            prop_assert!(history.redo());
            prop_assert_eq!(&save(history.present()), text);
        }
        prop_assert!(!history.redo());
    }
}
