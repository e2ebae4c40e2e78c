//! What Wireshark's own dissectors read in the captures that we write, field by field: against what was sent, and against what
//! the page shows of the same frames.
//!
//! `cargo xtask test tshark` runs them with Debian's `tshark`, whose path it gives in `ROUNDTRIP_TSHARK`. Without that the tests
//! say that they are skipped.
#![cfg(not(target_family = "wasm"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says what is wrong"
)]

mod analysis;
mod expected;
mod program;

use program::{Dissected, Tshark};
use roundtrip_export::Tap;
use roundtrip_export::pcapng::Capture;
use roundtrip_lab::{Lab, examples, load, to_scenario};
use roundtrip_sim::{Scenario, Simulation, Trace};
use std::path::Path;

/// Recorded labs with what the examples have not: fragments and path MTUs, resets, windows that close, SACK, NAT, UDP that
/// is refused, trace routes, half-closed streams, loss in the middle.
const LABS: [&str; 12] = ["v03", "v06", "v07", "w06", "w08", "w09", "x01", "x17", "x23", "x36", "x65", "x80"];

fn recorded(name: &str) -> Lab {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/conformance/labs/{name}.json"));
    let text = std::fs::read_to_string(path).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    load(&value.get("lab").unwrap_or(&value).to_string()).lab.expect(name)
}

fn labs() -> Vec<(String, Lab)> {
    let examples = examples().iter().map(|example| (example.id.to_owned(), example.lab()));
    examples.chain(LABS.iter().map(|name| ((*name).to_owned(), recorded(name)))).collect()
}

fn capture(scenario: &Scenario, trace: &Trace, taps: &[Tap]) -> Vec<u8> {
    let capture = Capture { scenario, trace, taps, comment: "", describe: &|_| String::new(), on_death: &|_| "died".to_owned() };
    capture.to_bytes()
}

#[test]
fn every_field_is_what_was_sent() {
    let Some(tshark) = Tshark::find() else { return };
    let mut packets = 0;
    for (name, lab) in labs() {
        let (scenario, _) = to_scenario(&lab);
        let trace = Simulation::new(scenario.clone()).run();
        for tap in Tap::all(&scenario).into_iter().filter(|tap| matches!(tap, Tap::Mirror(_))) {
            let mut seen = tap.sightings(&trace);
            seen.sort_by_key(|sighting| sighting.at);
            let dissected = tshark.dissect(&capture(&scenario, &trace, &[tap]));
            assert_eq!(dissected.len(), seen.len(), "{name}: {}", tap.name(&scenario));
            for (number, (sighting, packet)) in seen.iter().zip(&dissected).enumerate() {
                let place = format!("{name}, {}, packet {}", tap.name(&scenario), number + 1);
                assert_eq!(packet.text("frame", "frame.interface_name"), tap.name(&scenario), "{place}");
                let time = format!("{}.{:09}", sighting.at.as_nanos() / 1_000_000_000, sighting.at.as_nanos() % 1_000_000_000);
                assert_eq!(packet.text("frame", "frame.time_epoch"), time, "{place}");
                assert_eq!(packet.trouble(), None, "{place}: {packet:?}");
                for (layer, field, value) in expected::fields(sighting.frame) {
                    assert_eq!(packet.value(layer, field), value, "{place}: {field}\n{:?}\n{packet:?}", sighting.frame);
                }
                packets += 1;
            }
        }
    }
    assert!(packets > 1_000, "{packets} packets are no test");
}

#[test]
fn comments_stand_at_their_packets() {
    let Some(tshark) = Tshark::find() else { return };
    let (scenario, _) = to_scenario(&roundtrip_lab::example("story").unwrap().lab());
    let trace = Simulation::new(scenario.clone()).run();
    let tap = Tap::named(&scenario, "pc1.eth0").unwrap();
    let said = |packet: &&Dissected| packet.comment().is_some_and(|comment| comment == "died");
    let dissected = tshark.dissect(&capture(&scenario, &trace, &[tap]));
    let died: Vec<&Dissected> = dissected.iter().filter(said).collect();
    assert!(!died.is_empty());
    assert!(died.iter().all(|packet| packet.value("tcp", "tcp.flags.ack") == "1"), "{died:?}");
}
