//! Our own tree and our analysis of TCP against tshark's, frame by frame.

use super::program::{Dissected, Tshark};
use super::{capture, labs};
use roundtrip_editor::dissect::{Dissection, Item, Kind, Seen, Value, dissect};
use roundtrip_explain::analysis::{Mark, analyse};
use roundtrip_export::Tap;
use roundtrip_lab::to_scenario;
use roundtrip_sim::{SimTime, Simulation};

/// Fields that are not compared: names and words of our own; times from the simulation's beginning, not the capture's; units of
/// fragments; an echo's data, which has a branch of its own here; edges of SACK blocks, absolute here; the time of a handshake,
/// which tshark tells from its third packet on.
const OWN: [&str; 9] = [
    "frame.interface_name",
    "frame.comment",
    "frame.time_relative",
    "ip.frag_offset",
    "data.data",
    "data.len",
    "tcp.options.sack_le",
    "tcp.options.sack_re",
    "tcp.analysis.initial_rtt",
];

/// Labs with forged segments, whose place in a connection is a matter of opinion.
const FORGED: [&str; 2] = ["x36", "x65"];

fn ours(dissection: &Dissection<'_>, item: &Item<'_>) -> Option<String> {
    Some(match item.value {
        Value::Present if item.field.kind == Kind::Bytes => {
            dissection.bytes_of(item).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
        }
        Value::Present => return None,
        Value::Number(number) => number.to_string(),
        Value::Signed(number) => number.to_string(),
        Value::Mac(mac) => mac.to_string(),
        Value::Ipv4(address) => address.to_string(),
        Value::Time(time) => format!("{}.{:09}", time.as_nanos() / 1_000_000_000, time.as_nanos() % 1_000_000_000),
        Value::Text(text) => text.to_owned(),
    })
}

/// What differs in a frame: field, our value, tshark's.
fn differences(dissection: &Dissection<'_>, packet: &Dissected, marks: &[Mark]) -> Vec<String> {
    let mut found = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    // What an ICMP message quotes begins with a second IP header.
    let quoted = dissection.items.iter().enumerate().filter(|(_, item)| item.field.name == "ip").nth(1).map(|(place, _)| place);
    let own = &dissection.items[..quoted.unwrap_or(dissection.items.len())];
    for item in own {
        let name = item.field.name;
        if known.contains(&name) || OWN.contains(&name) || matches!(item.field.kind, Kind::Protocol | Kind::Mark) {
            continue;
        }
        known.push(name);
        let layer = name.split('.').next().unwrap_or_default();
        let theirs = packet.value(layer, name);
        let ours: Option<Vec<String>> = own.iter().filter(|other| other.field.name == name).map(|item| ours(dissection, item)).collect();
        if let Some(ours) = ours.map(|values| values.join(" "))
            && ours != theirs
        {
            found.push(format!("{name}: {ours}, in tshark {theirs:?}"));
        }
    }
    for mark in Mark::ALL {
        let (ours, theirs) = (marks.contains(&mark), packet.has("tcp", &format!("tcp.analysis.{}", mark.name())));
        if ours != theirs {
            found.push(format!("{}: {ours}, in tshark {theirs}", mark.name()));
        }
    }
    found
}

#[test]
fn the_tree_and_the_marks_are_those_of_tshark() {
    let Some(tshark) = Tshark::find() else { return };
    let mut wrong = Vec::new();
    for (name, lab) in labs().into_iter().filter(|(name, _)| !FORGED.contains(&name.as_str())) {
        let (scenario, _) = to_scenario(&lab);
        let trace = Simulation::new(scenario.clone()).run();
        // At one interface of each device that begins something, and so at both ends of most connections.
        for tap in Tap::all(&scenario).into_iter().filter(|tap| matches!(tap, Tap::Interface(port) if port.interface.0 == 0)) {
            let seen = tap.sightings(&trace);
            let analyses = analyse(seen.iter().map(|sighting| (sighting.at, sighting.frame)));
            let dissected = tshark.dissect(&capture(&scenario, &trace, &[tap]));
            let mut last = seen.first().map_or(SimTime::ZERO, |sighting| sighting.at);
            for (number, ((sighting, analysis), packet)) in (1..).zip(seen.iter().zip(&analyses).zip(&dissected)) {
                let known = Seen {
                    number,
                    time: sighting.at,
                    delta: sighting.at.since(last),
                    place: "",
                    comment: None,
                    analysis: analysis.as_ref(),
                };
                last = sighting.at;
                let marks: Vec<Mark> = analysis.iter().flat_map(|analysis| analysis.marks.iter()).collect();
                for difference in differences(&dissect(sighting.frame, &known), packet, &marks) {
                    wrong.push(format!("{name}, {}, packet {number}: {difference}", tap.name(&scenario)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}
