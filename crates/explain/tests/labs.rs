//! The verdicts on the labs of the kernel's recordings.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on says so by panicking")]

use roundtrip_explain::message::packet as packet_name;
use roundtrip_explain::{Cause, Explanation, LightState, Outcome, Stage, Teller, cures, explain, messages};
use roundtrip_lab::Lab;
use roundtrip_sim::{Scenario, Simulation, Trace};
use std::fs;
use std::path::Path;

mod expected;
use expected::{Expected, NONE, expected};

struct Run {
    lab: Lab,
    scenario: Scenario,
    trace: Trace,
    explanation: Explanation,
}

impl Run {
    fn of(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/conformance/labs/{name}.json"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let loaded = roundtrip_lab::load(&text);
        let lab = loaded.lab.unwrap_or_else(|| panic!("{name}: {:?}", loaded.problems));
        let (scenario, _) = roundtrip_lab::to_scenario(&lab);
        let trace = Simulation::new(scenario.clone()).run();
        let explanation = explain(&scenario, &trace);
        Self { lab, scenario, trace, explanation }
    }

    fn device(&self, node: roundtrip_sim::NodeId) -> &str {
        &self.scenario.nodes[node.0 as usize].name
    }

    fn cures(&self, conversation: &str) -> Vec<String> {
        let verdict = self.explanation.named(conversation).unwrap();
        cures(&self.lab, &self.scenario, &self.trace, verdict).iter().map(roundtrip_explain::Cure::id).collect()
    }
}

#[test]
fn every_lab_has_the_expected_verdicts() {
    let messages = messages("en");
    let text = |id: &str, args: &_| messages.text(id, args);
    let teller = Teller { text: &text, device: &str::to_owned };
    let mut wrong = Vec::new();
    for (name, expected) in expected() {
        let run = Run::of(name);
        assert_eq!(run.explanation.conversations.len(), expected.len(), "{name}");
        for line in expected {
            let verdict = run.explanation.named(line.conversation).unwrap_or_else(|| panic!("{name}: no {}", line.conversation));
            let packet = verdict.victim().map_or_else(|| NONE.to_owned(), |label| teller.tell(&packet_name(label)));
            let found = Expected {
                conversation: line.conversation,
                outcome: verdict.outcome.id(),
                cause: verdict.cause.id(),
                device: verdict.place.map_or(NONE, |place| run.device(place.node)),
                packet: &packet,
                stage: verdict.lights.iter().find(|light| !light.passed()).map_or(NONE, |light| light.stage.id()),
            };
            if found != line {
                wrong.push(format!("{name}: {found:?} for {line:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_recorded_lab_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/labs");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        // What the labs of series y show is still to be written down.
        let later = name.starts_with('y');
        assert!(later || expected().contains_key(name.as_str()), "{name}: write down what is expected of it");
    }
}

#[test]
fn everything_can_be_told_in_every_language() {
    for language in ["en", "ja"] {
        let messages = messages(language);
        let text = |id: &str, args: &_| messages.text(id, args);
        let teller = Teller { text: &text, device: &|name| format!("<{name}>") };
        for name in expected().into_keys() {
            let run = Run::of(name);
            for verdict in &run.explanation.conversations {
                let links = verdict.chain.iter().chain(&verdict.asides).map(|link| &link.message);
                let contrast = verdict.contrast.as_ref().map(|contrast| &contrast.message);
                for message in [&verdict.summary(), &verdict.sentence].into_iter().chain(links).chain(contrast) {
                    let told = teller.tell(message);
                    let broken =
                        told.contains("none") || told.contains('{') || told.contains("()") || told.contains("  ") || told == message.id;
                    assert!(!broken, "{language} {name} {}: {told}", verdict.conversation.name);
                }
                for link in verdict.chain.iter().chain(&verdict.asides) {
                    let names: Vec<&str> = link.message.args.iter().map(|(name, _)| *name).collect();
                    let mut expected = link.kind.arguments().to_vec();
                    let mut found = names.clone();
                    expected.sort_unstable();
                    found.sort_unstable();
                    assert_eq!(found, expected, "{}", link.kind.id());
                }
            }
        }
    }
}

/// The chain of the story, from what is seen to why: link by link with what it says in English.
#[test]
fn the_story_is_told() {
    let run = Run::of("v01");
    let messages = messages("en");
    let text = |id: &str, args: &_| messages.text(id, args);
    let teller = Teller { text: &text, device: &str::to_uppercase };
    let verdict = run.explanation.named("http").unwrap();
    let told: Vec<String> = verdict.chain.iter().map(|link| teller.tell(&link.message)).collect();
    assert!(told[0].starts_with("PC2 repeats ② SYN,ACK: 5 ×, the last 31"), "{}", told[0]);
    assert!(told[1].starts_with("PC1 repeats HTTP request: 8 ×, the last 26"), "{}", told[1]);
    assert_eq!(
        told[2..],
        [
            "③ ACK dropped at R1: rule “ct state invalid counter drop”",
            "R1 tracks the connection as SYN_SENT: it saw ① SYN, never ② SYN,ACK",
            "② SYN,ACK went PC2 → R2 → PC1, around R1",
            "R2 stands on 192.168.1.0/24 itself and hands ② SYN,ACK over directly",
            "PC1 sends ③ ACK to 192.168.1.1 (route default)",
        ]
    );
    let asides: Vec<String> = verdict.asides.iter().map(|link| teller.tell(&link.message)).collect();
    assert_eq!(asides, ["R1 tells PC1 that 192.168.1.2 is nearer; PC1 does not follow: accept_redirects is off"]);

    let beliefs = verdict.beliefs.as_ref().unwrap();
    let rows: Vec<(&str, &str)> = beliefs.rows.iter().map(|row| (run.device(row.node), row.state)).collect();
    assert_eq!(rows, [("pc1", "ESTABLISHED"), ("r1", "SYN_SENT"), ("pc2", "SYN-RECEIVED")]);
    assert!(beliefs.disagree);

    let [(node, direction)] = verdict.ways.met_once.as_slice() else { panic!("{:?}", verdict.ways) };
    assert_eq!((run.device(*node), *direction), ("r1", roundtrip_explain::reading::Direction::There));
    assert_eq!(verdict.ways.one_sided.iter().map(|one| run.device(one.node)).collect::<Vec<_>>(), ["r1"]);

    let contrast = verdict.contrast.as_ref().unwrap();
    assert_eq!(run.scenario.actions[contrast.other.0 as usize].id, "ping");
    assert_eq!(run.device(contrast.node), "r1");

    let LightState::Lost(loss) = &verdict.lights[2].state else { panic!("{:?}", verdict.lights) };
    assert_eq!((verdict.lights[2].stage, loss.rule.as_deref()), (Stage::Ack, Some("ct state invalid counter drop")));
}

#[test]
fn the_storys_cures_in_their_order() {
    let run = Run::of("v01");
    for conversation in ["http", "ssh"] {
        let found = run.cures(conversation);
        assert_eq!(found[..3], ["route.pc1", "gateway.pc1", "accept-redirects.pc1"], "{found:?}");
    }
    let verdict = run.explanation.named("http").unwrap();
    for cure in cures(&run.lab, &run.scenario, &run.trace, verdict) {
        assert_eq!((cure.outcome, cure.breaks.len()), (Outcome::Healthy, 0), "{}", cure.id());
        assert_eq!(cure.mends, ["ssh"], "{}", cure.id());
        // The document with the cure is one that can be saved and opened again.
        let again = roundtrip_lab::load(&roundtrip_lab::save(&cure.lab));
        assert!(again.can_run() && again.lab.as_ref() == Some(&cure.lab), "{}: {:?}", cure.id(), again.problems);
    }
}

#[test]
fn cures_elsewhere() {
    let first = |lab: &str, conversation: &str| Run::of(lab).cures(conversation).first().cloned().unwrap_or_default();
    for (lab, conversation, expected) in [
        ("v05d", "http", "route.pc1"),
        ("v05e", "http", "route.pc1"),
        ("v06", "http_inet", "route.pc1"),
        ("v07", "drop", "accept-rule.pc2"),
        ("v07", "closed", ""),
        ("v08a", "http", "gateway.pc2"),
        ("v08b", "http_in", "route.r2"),
        ("v08c", "ping", "route.r1"),
        ("v08c", "http", "gateway.pc1"),
        ("w02", "http", "loose-rp-filter.r3"),
        ("w03", "ping_far", ""),
        ("w04", "ping", ""),
        ("w05", "hairpin", "masquerade.r1"),
        ("w07", "http_far_addr", "route.pc"),
    ] {
        assert_eq!(first(lab, conversation), expected, "{lab} {conversation}");
    }
    assert!(Run::of("v05d").cures("http").contains(&"send-redirects.r1".to_owned()));
    assert!(Run::of("v05e").cures("http").contains(&"shared-media.pc1".to_owned()));
}

#[test]
fn a_cure_says_what_it_breaks() {
    // With its gateway back at R1, PC1 is on the story's way to segment B again.
    let run = Run::of("v06");
    let verdict = run.explanation.named("http_inet").unwrap();
    let all = cures(&run.lab, &run.scenario, &run.trace, verdict);
    let gateway = all.iter().find(|cure| cure.id() == "gateway.pc1").unwrap();
    assert_eq!(gateway.breaks, ["http", "ssh"]);
    assert!(
        all.iter().position(|cure| !cure.breaks.is_empty()) > all.iter().rposition(|cure| cure.breaks.is_empty()),
        "harmless ones first"
    );
}

#[test]
fn what_works_needs_no_cure() {
    for (lab, conversation) in [("v01", "ping"), ("v03", "http"), ("w01", "http_4000")] {
        assert_eq!(Run::of(lab).cures(conversation), Vec::<String>::new(), "{lab} {conversation}");
    }
}

#[test]
fn the_example_labs_have_their_causes() {
    for (example, conversation, cause) in [
        ("story", "http", Cause::AsymmetricInvalidAck),
        ("cure-route", "http", Cause::Healthy),
        ("cure-gateway", "http", Cause::Healthy),
        ("accept-redirects", "http", Cause::Redirected),
        ("home", "hairpin", Cause::NatHairpin),
        ("dual-homed", "http_far", Cause::AsymmetricInvalidAck),
        ("pmtu-black-hole", "large", Cause::PmtuBlackHole),
        ("strict-firewall", "ssh", Cause::ConntrackForgotten),
        ("loop", "ping", Cause::RoutingLoop),
    ] {
        let found = roundtrip_lab::examples().iter().find(|known| known.id == example).unwrap();
        let lab = roundtrip_lab::load(found.text).lab.unwrap();
        let (scenario, _) = roundtrip_lab::to_scenario(&lab);
        let trace = Simulation::new(scenario.clone()).run();
        let explanation = explain(&scenario, &trace);
        assert_eq!(explanation.named(conversation).unwrap().cause, cause, "{example}");
    }
}
