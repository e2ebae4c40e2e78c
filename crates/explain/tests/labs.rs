//! The verdicts on the labs of the kernel's recordings. What is expected here was written down from what the recordings say
//! (outcomes, and the notes on what happened where and why), lab by lab.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on says so by panicking")]

use roundtrip_explain::{Cause, Explanation, LightState, Outcome, Stage, Teller, cures, explain, messages};
use roundtrip_lab::Lab;
use roundtrip_sim::{Scenario, Simulation, Trace};
use std::fs;
use std::path::Path;

/// Conversation, outcome, cause, the device at which it breaks and the stage that it does not pass.
type Expected = (&'static str, &'static str, &'static str, &'static str, &'static str);

const NONE: &str = "-";

/// Works, there and back by the same devices.
const fn fine(name: &'static str) -> Expected {
    (name, "healthy", "healthy", NONE, NONE)
}

/// Works, there and back by different devices.
const fn differs(name: &'static str) -> Expected {
    (name, "healthy", "asymmetric-harmless", NONE, NONE)
}

/// Works by a way that a redirect taught.
const fn redirected(name: &'static str) -> Expected {
    (name, "healthy", "redirected", NONE, NONE)
}

/// The third packet is invalid at this device.
const fn stalls(name: &'static str, device: &'static str) -> Expected {
    (name, "stalled", "asymmetric-invalid-ack", device, "ack")
}

/// The same, but something helps later.
const fn heals(name: &'static str) -> Expected {
    (name, "recovered", "asymmetric-invalid-ack", "r1", NONE)
}

const EXPECTED: &[(&str, &[Expected])] = &[
    ("v01", &[differs("ping"), stalls("http", "r1"), stalls("ssh", "r1")]),
    ("v02a", &[fine("ping"), fine("http"), fine("ssh"), differs("ping_inet"), differs("http_inet"), differs("udp_inet")]),
    ("v02b", &[fine("ping"), fine("http"), fine("ssh"), differs("ping_inet"), differs("http_inet"), differs("udp_inet")]),
    ("v02c", &[redirected("ping_inet"), redirected("http_inet"), redirected("udp_inet")]),
    ("v03", &[fine("ping"), fine("http"), fine("ssh"), fine("ping_inet"), fine("http_inet"), fine("udp_inet")]),
    ("v04", &[differs("ping"), differs("http"), differs("ssh"), fine("ping_inet"), fine("http_inet"), fine("udp_inet")]),
    ("v05a", &[heals("http"), redirected("http2")]),
    ("v05b", &[redirected("ping"), redirected("http"), redirected("ssh")]),
    ("v05c", &[heals("ssh")]),
    ("v05d", &[differs("ping"), stalls("http", "r1"), stalls("ssh", "r1")]),
    ("v05e", &[differs("ping"), stalls("http", "r1"), stalls("ssh", "r1")]),
    ("v06", &[fine("ping"), fine("http"), fine("ssh"), differs("ping_inet"), stalls("http_inet", "r2"), differs("udp_inet")]),
    (
        "v07",
        &[
            ("drop", "timed-out", "filter-drop", "pc2", "syn"),
            ("reject_rst", "refused", "filter-reject", "pc2", "syn"),
            ("reject_port", "refused", "filter-reject", "pc2", "syn"),
            ("closed", "refused", "closed-port", "pc2", "syn"),
            ("reject_admin", "unreachable", "filter-reject", "pc2", "syn"),
            fine("open"),
            ("udp_drop", "timed-out", "filter-drop", "pc2", "request"),
            ("udp_reject", "refused", "filter-reject", "pc2", "request"),
            ("udp_closed", "refused", "closed-port", "pc2", "request"),
            fine("udp_open"),
        ],
    ),
    (
        "v08a",
        &[
            ("ping", "timed-out", "no-return-route", "pc2", "reply"),
            ("http", "timed-out", "no-return-route", "pc2", "syn-ack"),
            ("udp", "timed-out", "no-return-route", "pc2", "reply"),
            ("ping_back", "unreachable", "no-route", "pc2", "request"),
            fine("http_from_r2"),
        ],
    ),
    (
        "v08b",
        &[
            fine("ping"),
            fine("http"),
            fine("ssh"),
            ("ping_out", "unreachable", "no-route", "r2", "request"),
            ("http_out", "unreachable", "no-route", "r2", "syn"),
            ("udp_out", "unreachable", "no-route", "r2", "request"),
            ("ping_in", "timed-out", "no-return-route", "r2", "reply"),
            ("http_in", "timed-out", "no-return-route", "r2", "syn-ack"),
        ],
    ),
    (
        "v08c",
        &[
            ("ping", "unreachable", "no-route", "r1", "request"),
            ("http", "unreachable", "no-route", "r1", "syn"),
            ("udp", "unreachable", "no-route", "r1", "request"),
            ("trace", "unreachable", "no-route", "r1", "request"),
        ],
    ),
    ("v09a", &[differs("ping"), stalls("http", "r1"), stalls("ssh", "r1")]),
    ("v09b", &[stalls("http", "r1")]),
    ("v09c", &[heals("http")]),
    ("v09d", &[differs("ping"), stalls("http", "r1"), stalls("ssh", "r1")]),
    ("v09e", &[stalls("http", "r1")]),
    ("v10a", &[heals("http")]),
    ("v10b", &[heals("ssh")]),
    ("v10c", &[heals("http"), heals("ssh")]),
    ("v10d", &[heals("http")]),
    ("v11a", &[heals("http"), heals("ssh")]),
    ("v11b", &[stalls("http", "r1")]),
    (
        "w01",
        &[
            ("http_4000", "recovered", "fragmentation-needed", "r2", NONE),
            fine("http_again"),
            ("ping_1472_df", "unreachable", "fragmentation-needed", "r1", "request"),
            fine("http_after_ping"),
        ],
    ),
    (
        "w02",
        &[
            ("ping", "timed-out", "rp-filter", "r3", "request"),
            ("http", "timed-out", "rp-filter", "r3", "syn"),
            ("udp", "timed-out", "rp-filter", "r3", "request"),
            ("ping_near", "timed-out", "rp-filter", "r3", "request"),
            fine("ping_far_addr"),
        ],
    ),
    (
        "w03",
        &[
            ("ping_far", "unreachable", "neighbour-failed", "r2", "request"),
            ("tcp_far", "unreachable", "neighbour-failed", "r2", "syn"),
            ("udp_far", "unreachable", "neighbour-failed", "r2", "request"),
            ("ping_near", "unreachable", "neighbour-failed", "pc", "request"),
            ("tcp_near", "unreachable", "neighbour-failed", "pc", "syn"),
            ("udp_near", "unreachable", "neighbour-failed", "pc", "request"),
        ],
    ),
    (
        "w04",
        &[
            ("ping", "unreachable", "routing-loop", "r2", "request"),
            ("http", "unreachable", "routing-loop", "r2", "syn"),
            ("trace", "timed-out", "routing-loop", "r2", "request"),
            ("udp", "unreachable", "routing-loop", "r2", "request"),
        ],
    ),
    ("w05", &[fine("from_wan"), ("hairpin", "timed-out", "nat-hairpin", "pc", "syn-ack"), fine("ping_out"), fine("direct")]),
    ("w06", &[fine("http1"), fine("http2"), fine("udp1"), fine("udp2"), fine("ping1"), fine("ping2")]),
    ("w07", &[differs("ping_far_addr"), stalls("http_far_addr", "r1"), differs("udp_far_addr"), fine("http_near")]),
    ("w08", &[differs("trace_udp"), differs("trace_icmp"), differs("trace_tcp"), differs("trace_q3"), differs("ping")]),
    ("w09", &[fine("ping_3000"), fine("udp_3000"), ("ping_df", "unreachable", "fragmentation-needed", "r1", "request")]),
    ("w10", &[fine("session")]),
];

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
    let mut wrong = Vec::new();
    for (name, expected) in EXPECTED {
        let run = Run::of(name);
        assert_eq!(run.explanation.conversations.len(), expected.len(), "{name}");
        for (conversation, outcome, cause, device, stage) in *expected {
            let verdict = run.explanation.named(conversation).unwrap_or_else(|| panic!("{name}: no {conversation}"));
            let at = verdict.place.map_or(NONE, |place| run.device(place.node));
            let dark = verdict.lights.iter().find(|light| !light.passed()).map_or(NONE, |light| light.stage.id());
            let found = (verdict.outcome.id(), verdict.cause.id(), at, dark);
            if found != (*outcome, *cause, *device, *stage) {
                wrong.push(format!("{name} {conversation}: {found:?} for {:?}", (outcome, cause, device, stage)));
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
        // Labs of the series x were made to find differences from the kernel; their causes are still to be written down.
        if name.starts_with('x') {
            continue;
        }
        assert!(EXPECTED.iter().any(|(known, _)| *known == name), "{name}: write down what is expected of it");
    }
}

#[test]
fn everything_can_be_told_in_every_language() {
    for language in ["en", "ja"] {
        let messages = messages(language);
        let text = |id: &str, args: &_| messages.text(id, args);
        let teller = Teller { text: &text, device: &|name| format!("<{name}>") };
        for (name, _) in EXPECTED {
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
