//! Every problem is found, at its place, and none where there is none.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says what is wrong"
)]

use roundtrip_lab::{Problem, ProblemId, Severity, examples, load};
use std::collections::BTreeSet;

/// Two hosts and a router, into which a mistake can be put: `pc` at 10.1.0.10, `srv` at 10.2.0.10, `r` between them.
fn lab(pc: &str, router: &str, rest: &str) -> String {
    format!(
        r#"{{
  "version": 1,
  "segments": [{{ "name": "A", "subnet": "10.1.0.0/24" }}, {{ "name": "B", "subnet": "10.2.0.0/24" }}],
  "devices": [
    {{ "name": "pc", {pc} "interfaces": [{{ "name": "eth0", "segment": "A", "addresses": ["10.1.0.10/24"] }}] }},
    {{ "name": "r", "kind": "router", {router}
      "interfaces": [{{ "name": "eth0", "segment": "A", "addresses": ["10.1.0.1/24"] }}, {{ "name": "eth1", "segment": "B", "addresses": ["10.2.0.1/24"] }}] }},
    {{ "name": "srv", "interfaces": [{{ "name": "eth0", "segment": "B", "addresses": ["10.2.0.10/24"] }}], "gateway": "10.2.0.1" }}
  ]{rest}
}}"#
    )
}

/// The lab with this in the definition of `pc`, and a gateway.
fn pc(text: &str) -> String {
    lab(&format!("\"gateway\": \"10.1.0.1\", {text},"), "", "")
}

fn router(text: &str) -> String {
    lab("\"gateway\": \"10.1.0.1\",", &format!("{text},"), "")
}

fn action(text: &str) -> String {
    lab("\"gateway\": \"10.1.0.1\",", "", &format!(", \"actions\": [{text}]"))
}

/// The lab with one more device.
fn with_device(text: &str) -> String {
    lab("", "", "").replacen("\"devices\": [", &format!("\"devices\": [ {text}, "), 1)
}

fn cases() -> Vec<(ProblemId, &'static str, String)> {
    use ProblemId as P;
    let many = |what: &str, count: usize| vec![what; count].join(",");
    let interface = |text: &str| with_device(&format!("{{ \"name\": \"x\", \"interfaces\": [{{ \"name\": \"eth0\", {text} }}] }}"));
    vec![
        (P::DocumentTooLarge, "", " ".repeat(10_000_001)),
        (P::JsonSyntax, "", "{\n  \"version\": 1,,\n}".to_owned()),
        (P::DuplicateField, "devices/x", with_device(r#"{ "name": "x", "name": "x" }"#)),
        (P::VersionMissing, "", r#"{ "devices": [] }"#.to_owned()),
        (P::VersionUnknown, "version", r#"{ "version": 99 }"#.to_owned()),
        (P::UnknownField, "devices/pc", pc(r#""adresses": []"#)),
        (P::MissingField, "devices/0", with_device("{}")),
        (P::WrongType, "devices/pc/routes", pc(r#""routes": "10.0.0.0/8""#)),
        (P::UnknownWord, "devices/x/kind", with_device(r#"{ "name": "x", "kind": "ruoter" }"#)),
        (P::OutOfRange, "devices/x/interfaces/eth0/mtu", interface(r#""mtu": 20"#)),
        (P::TooMany, "devices/pc/services", pc(&format!("\"services\": [{}]", many("1", 1001)))),
        (P::TooLong, "devices/pc/description", pc(&format!("\"description\": \"{}\"", "x".repeat(20_001)))),
        (P::BadAddress, "devices/x/gateway", with_device(r#"{ "name": "x", "gateway": "10.1.0.256" }"#)),
        (P::BadPrefix, "devices/x/interfaces/eth0/addresses/0", interface(r#""addresses": ["10.1.0.9"]"#)),
        (P::BadMac, "devices/x/interfaces/eth0/mac", interface(r#""mac": "02:00""#)),
        (P::BadValue, "devices/pc/routes/0/to", pc(r#""routes": [{ "to": "everywhere", "via": "10.1.0.1" }]"#)),
        (P::NameInvalid, "devices/a b/name", with_device(r#"{ "name": "a b" }"#)),
        (P::NameDuplicate, "devices/1/name", with_device(r#"{ "name": "pc" }"#)),
        (P::NameSimilar, "devices/pc/name", with_device(r#"{ "name": "PC" }"#)),
        (P::UnknownSegment, "devices/x/interfaces/eth0/segment", interface(r#""segment": "C""#)),
        (P::UnknownDevice, "actions/a1/from", action(r#"{ "type": "ping", "from": "cp", "to": "srv" }"#)),
        (P::UnknownInterface, "actions/a1/dev", action(r#"{ "type": "link", "device": "pc", "dev": "eth1", "state": "up" }"#)),
        (P::UnknownFlow, "actions/a1/flow_of", action(r#"{ "type": "inject", "from": "r", "flow_of": "x", "observe": "r.eth0" }"#)),
        (
            P::SubnetHostBits,
            "segments/C/subnet",
            lab("", "", "").replacen("\"segments\": [", r#""segments": [{ "name": "C", "subnet": "10.9.0.1/24" }, "#, 1),
        ),
        (
            P::SubnetOverlap,
            "segments/A/subnet",
            lab("", "", "").replacen("\"segments\": [", r#""segments": [{ "name": "C", "subnet": "10.1.0.0/16" }, "#, 1),
        ),
        (P::AddressOutsideSubnet, "devices/x/interfaces/eth0/addresses/0", interface(r#""segment": "A", "addresses": ["10.3.0.9/24"]"#)),
        (P::AddressPrefixDiffers, "devices/x/interfaces/eth0/addresses/0", interface(r#""segment": "A", "addresses": ["10.1.0.9/25"]"#)),
        (P::AddressDuplicate, "devices/pc/interfaces/eth0/addresses/0", interface(r#""segment": "A", "addresses": ["10.1.0.10/24"]"#)),
        (
            P::AddressRepeated,
            "devices/x/interfaces/eth0/addresses/1",
            interface(r#""segment": "A", "addresses": ["10.1.0.9/24", "10.1.0.9/24"]"#),
        ),
        (P::AddressIsNetwork, "devices/x/interfaces/eth0/addresses/0", interface(r#""segment": "A", "addresses": ["10.1.0.0/24"]"#)),
        (P::AddressIsBroadcast, "devices/x/interfaces/eth0/addresses/0", interface(r#""segment": "A", "addresses": ["10.1.0.255/24"]"#)),
        (P::AddressUnusable, "devices/x/interfaces/eth0/addresses/0", interface(r#""addresses": ["224.0.0.1/24"]"#)),
        (P::MacUnusable, "devices/x/interfaces/eth0/mac", interface(r#""mac": "01:00:5e:00:00:01""#)),
        (
            P::MacDuplicate,
            "devices/y/interfaces/eth0/mac",
            with_device(
                r#"{ "name": "x", "interfaces": [{ "mac": "02:00:00:00:00:01" }] }, { "name": "y", "interfaces": [{ "mac": "02:00:00:00:00:01" }] }"#,
            ),
        ),
        (P::MtuDiffers, "devices/pc/interfaces/eth0/mtu", interface(r#""segment": "A", "mtu": 9000"#)),
        (P::GatewayOffSubnet, "devices/pc/gateway", lab(r#""gateway": "10.2.0.1","#, "", "")),
        (P::GatewayIsSelf, "devices/pc/gateway", lab(r#""gateway": "10.1.0.10","#, "", "")),
        (P::NextHopNobody, "devices/pc/gateway", lab(r#""gateway": "10.1.0.99","#, "", "")),
        (P::RouteNextHopUnreachable, "devices/pc/routes/0/via", pc(r#""routes": [{ "to": "10.7.0.0/16", "via": "10.2.0.1" }]"#)),
        (P::RouteIncomplete, "devices/pc/routes/0", pc(r#""routes": [{ "to": "10.7.0.0/16" }]"#)),
        (P::RouteHostBits, "devices/pc/routes/0/to", pc(r#""routes": [{ "to": "10.7.0.1/16", "via": "10.1.0.1" }]"#)),
        (P::RouteDuplicate, "devices/pc/gateway", pc(r#""routes": [{ "to": "default", "via": "10.1.0.1" }]"#)),
        (P::SourceNotOwn, "devices/pc/routes/0/src", pc(r#""routes": [{ "to": "10.7.0.0/16", "via": "10.1.0.1", "src": "10.1.0.7" }]"#)),
        (P::SettingUnknown, "devices/pc/settings/rp_fliter", pc(r#""settings": { "rp_fliter": 1 }"#)),
        (P::SettingRange, "devices/pc/settings/rp_filter", pc(r#""settings": { "rp_filter": 7 }"#)),
        (P::NftSyntax, "devices/r/nft", router(r#""nft": ["table inet filter {", "  chain c {", "    tcp dprt 80 accept", "  }", "}"]"#)),
        (P::NftUnsupported, "devices/r/nft", router(r#""nft": "table inet f {\n chain c {\n ip dscp 1 accept\n }\n}""#)),
        (P::NftNote, "devices/r/nft", router(r#""nft": "table inet f {\n chain c {\n counter tcp dport 1 accept\n }\n}""#)),
        (P::NftAndForm, "devices/r/nft", router(r#""nft": "table ip t { }", "filter": { "forward": {} }"#)),
        (
            P::RuleUnknownInterface,
            "devices/r/filter",
            router(r#""filter": { "forward": { "rules": [{ "in": "eth7", "action": "drop" }] } }"#),
        ),
        (
            P::RuleFieldUnused,
            "devices/r/filter/forward/rules/0/with",
            router(r#""filter": { "forward": { "rules": [{ "action": "drop", "with": "tcp-reset" }] } }"#),
        ),
        (
            P::RuleWrong,
            "devices/r/filter/forward/rules/0",
            router(r#""filter": { "forward": { "rules": [{ "protocol": "udp", "tcp_flags": "syn", "action": "drop" }] } }"#),
        ),
        (P::NatWithoutTarget, "devices/r/nat/0", router(r#""nat": [{ "type": "dnat" }]"#)),
        (
            P::ServiceDuplicate,
            "devices/pc/services/1/port",
            pc(r#""services": [{ "port": 80, "type": "http" }, { "port": 80, "type": "echo" }]"#),
        ),
        (
            P::TargetWithoutAddress,
            "actions/a1/to",
            action(r#"{ "type": "ping", "from": "pc", "to": "x" }"#).replacen("\"devices\": [", r#""devices": [{ "name": "x" }, "#, 1),
        ),
        (P::PortMissing, "actions/a1", action(r#"{ "id": "a1", "type": "tcp", "from": "pc", "to": "srv", "profile": "connect" }"#)),
        (
            P::ActionAfterEnd,
            "actions/a1/at",
            action(r#"{ "at": 5, "type": "ping", "from": "pc", "to": "srv" }"#).replacen(
                "\"version\": 1",
                "\"version\": 1, \"duration\": 3",
                1,
            ),
        ),
        (
            P::BadFlags,
            "actions/a2/flags",
            action(
                r#"{ "type": "tcp", "from": "pc", "to": "srv" }, { "type": "inject", "from": "r", "flow_of": "a1", "observe": "r.eth0", "flags": "Q" }"#,
            ),
        ),
    ]
}

#[test]
fn every_problem_is_found_at_its_place() {
    let mut met = BTreeSet::new();
    for (id, path, text) in cases() {
        let loaded = load(&text);
        let found = loaded.problems.iter().find(|problem| problem.id == id);
        let Some(found) = found else { panic!("{}: not found in {:#?}\n{text}", id.name(), loaded.problems) };
        assert_eq!(found.path, path, "{}", id.name());
        // Each argument that the message needs is there.
        let given: Vec<&str> = found.args.keys().copied().collect();
        let mut needed: Vec<&str> = id.arguments().to_vec();
        needed.sort_unstable();
        assert_eq!(given, needed, "{}", id.name());
        // An error keeps it from running, a warning does not.
        assert_eq!(loaded.can_run(), !loaded.problems.iter().any(Problem::is_error), "{}", id.name());
        if id.severity() == Severity::Error {
            assert!(!loaded.can_run(), "{}", id.name());
        }
        // One mistake is one problem, but for those that bring another with them.
        let alone = [P::NameDuplicate, P::DuplicateField, P::AddressRepeated, P::RouteIncomplete];
        let others: Vec<&str> = loaded.problems.iter().filter(|p| p.id != id).map(|p| p.id.name()).collect();
        if !alone.contains(&id) && !matches!(id, P::TooMany | P::SubnetOverlap | P::AddressPrefixDiffers) {
            assert!(others.is_empty(), "{} comes with {others:?}", id.name());
        }
        met.insert(id);
    }
    // What is wrong with links and with commands has its tests beside the code.
    let of_documents = ProblemId::ALL.iter().filter(|id| !id.name().starts_with("link-") && !id.name().starts_with("command-"));
    let missing: Vec<&str> = of_documents.filter(|id| !met.contains(id)).map(|id| id.name()).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

use ProblemId as P;

#[test]
fn a_sound_lab_has_no_problem() {
    for text in [lab("", "", ""), pc("\"routes\": []"), router("\"nat\": []"), action("")] {
        assert_eq!(load(&text).problems, []);
    }
    for example in examples() {
        assert_eq!(load(example.text).problems, [], "{}", example.id);
    }
}

#[test]
fn all_problems_are_found_at_once() {
    let text = r#"{ "version": 1, "devices": [
        { "name": "a", "interfaces": [{ "mtu": "big", "addresses": ["1.2.3", "10.0.0.1/24"], "mac": "x" }], "gateway": 5 },
        { "name": "b", "services": [{ "port": 0, "type": "http" }, { "port": 80, "type": "htp" }] } ] }"#;
    let ids: Vec<&str> = load(text).problems.iter().map(|problem| problem.id.name()).collect();
    assert_eq!(ids, ["bad-mac", "bad-prefix", "wrong-type", "wrong-type", "out-of-range", "unknown-word"]);
    assert!(load(text).lab.is_none());
}

#[test]
fn what_was_perhaps_meant_is_said() {
    let said = |text: &str| load(text).problems.iter().map(Problem::remedy).collect::<Vec<_>>().join("\n");
    assert_eq!(said(&pc(r#""adress": 1"#)), "Take it out, or look for its right name in the format's description.");
    assert_eq!(said(&pc(r#""gatewy": "10.1.0.1""#)), "Perhaps gateway is meant.");
    assert!(said(&action(r#"{ "type": "ping", "from": "pc", "to": "srv1" }"#)).contains("Perhaps srv is meant."));
    assert!(said(&with_device(r#"{ "name": "x", "kind": "ruoter" }"#)).starts_with("Perhaps router is meant. Possible are host, router,"));
}

#[test]
fn mistakes_in_json_and_rules_name_line_and_column() {
    let problem = &load("{\n  \"version\": 1,,\n}").problems[0];
    assert_eq!((problem.args["line"].as_str(), problem.args["column"].as_str()), ("2", "16"));
    let problem = &load(&router(r#""nft": ["table inet filter {", "  chain c {", "    tcp dprt 80 accept", "  }", "}"]"#)).problems[0];
    assert_eq!((problem.args["line"].as_str(), problem.args["column"].as_str()), ("3", "9"));
    assert!(problem.message().contains("perhaps dport"), "{}", problem.message());
}

#[test]
fn values_that_could_not_be_read_back_are_problems_of_a_lab_in_memory_too() {
    let mut lab = load(&lab("", "", "")).lab.unwrap();
    lab.devices[0].interfaces[0].mtu = 5;
    let problems = roundtrip_lab::check(&lab);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!((problems[0].id, problems[0].path.as_str()), (P::OutOfRange, "devices/pc/interfaces/eth0/mtu"));
    assert_eq!(problems[1].id, P::MtuDiffers);
}
