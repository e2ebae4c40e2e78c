//! No input makes the reader panic, and what is read is saved and read back as the same.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says what is wrong"
)]

use proptest::prelude::*;
use roundtrip_lab::nft::Rules;
use roundtrip_lab::{check, link, load, save, save_compact, to_scenario};
use serde_json::Value;

const ALL_FIELDS: &str = include_str!("all-fields.json");

/// A value that may stand where it should not.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e12..1e12).prop_map(Value::from),
        prop_oneof!["10\\.[0-2]\\.0\\.[0-9]{1,3}(/[0-9]{1,2})?", "[a-z.\"{}0-9 -]{0,12}", "pc|r|eth0|pc.eth0|A|B|t|default", ".*"]
            .prop_map(Value::from),
        prop::collection::vec(any::<u8>().prop_map(Value::from), 0..4).prop_map(Value::from),
        Just(serde_json::json!({ "x": 1 })),
    ]
}

/// Every place in a value that something else can be put into.
fn places(value: &Value, here: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = format!("{here}/{name}");
                places(field, &path, out);
                out.push(path);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let path = format!("{here}/{index}");
                places(element, &path, out);
                out.push(path);
            }
        }
        _ => {}
    }
}

/// Puts a value in the place of another, or takes it out.
fn put(root: &mut Value, path: &str, value: Option<Value>) {
    let Some((parent, name)) = path.rsplit_once('/') else { return };
    match (root.pointer_mut(parent), value) {
        (Some(Value::Object(fields)), Some(value)) => {
            fields.insert(name.to_owned(), value);
        }
        (Some(Value::Object(fields)), None) => {
            fields.remove(name);
        }
        (Some(Value::Array(elements)), value) => {
            if let Some(slot) = name.parse().ok().and_then(|index: usize| elements.get_mut(index)) {
                *slot = value.unwrap_or(Value::Null);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_document_is_read_or_refused(changes in prop::collection::vec((any::<prop::sample::Index>(), prop::option::weighted(0.8, any_value())), 1..6)) {
        let mut document: Value = serde_json::from_str(ALL_FIELDS).unwrap();
        for (index, value) in changes {
            let mut all = Vec::new();
            places(&document, "", &mut all);
            if let Some(path) = all.get(index.index(all.len().max(1))) {
                put(&mut document, &path.clone(), value);
            }
        }
        let loaded = load(&document.to_string());
        for problem in &loaded.problems {
            prop_assert!(!problem.message().is_empty() && !problem.remedy().is_empty());
        }
        if let Some(lab) = loaded.lab {
            let (saved, compact) = (save(&lab), save_compact(&lab));
            let again = load(&saved);
            let Some(same) = again.lab.as_ref() else { panic!("not read back: {:?}", again.problems) };
            prop_assert_eq!(same, &lab);
            prop_assert_eq!(load(&compact).lab, Some(lab.clone()));
            let Ok(link) = link::encode(&lab) else { panic!("too large for a link: {} bytes", compact.len()) };
            prop_assert_eq!(link::decode(&link).lab, Some(lab.clone()));
            prop_assert_eq!(&save(same), &saved);
            let (scenario, _) = to_scenario(&lab);
            prop_assert_eq!(scenario.nodes.len(), lab.devices.len());
            prop_assert_eq!(scenario.actions.len(), lab.actions.len());
            prop_assert_eq!(check(&lab).iter().any(|p| p.is_error()), !again.can_run());
        } else {
            prop_assert!(loaded.problems.iter().any(|problem| problem.is_error()));
        }
    }

    #[test]
    fn any_text_is_refused_with_a_reason(text in ".{0,200}") {
        let loaded = load(&text);
        prop_assert!(loaded.lab.is_some() || !loaded.problems.is_empty());
    }

    #[test]
    fn any_link_is_refused_with_a_reason_and_a_remedy(text in "(https://x.y/)?#?[0-9]{0,2}\\.?[A-Za-z0-9_-]{0,200}.{0,2}") {
        let loaded = link::decode(&text);
        prop_assert!(loaded.lab.is_some() || loaded.problems.iter().all(|problem| !problem.remedy().is_empty()));
        prop_assert!(loaded.lab.is_some() || !loaded.problems.is_empty());
    }

    #[test]
    fn any_json_text_is_refused_or_read(text in "[\\[\\]{}:,\"a-z0-9.]{0,60}") {
        let loaded = load(&text);
        prop_assert!(loaded.lab.is_some() || !loaded.problems.is_empty());
    }

    #[test]
    fn words_of_rules_in_any_order_are_read_or_refused(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        let text = words.join(" ").replace("NL", "\n");
        let mut rules = Rules::new();
        let applied = rules.apply(&text);
        prop_assert!(applied.errors.is_empty() || applied.commands.is_empty());
        if applied.errors.is_empty() && applied.refused.is_none() {
            let mut again = Rules::new();
            let printed = rules.print();
            let applied = again.apply(&printed);
            prop_assert!(applied.errors.is_empty() && applied.refused.is_none(), "{:?}\n{}", applied, printed);
        } else {
            prop_assert!(rules.ruleset().tables.is_empty());
        }
    }

    #[test]
    fn any_rule_in_a_chain_is_read_or_refused(words in prop::collection::vec(prop::sample::select(RULE_WORDS), 1..8)) {
        let text = format!("table inet t {{\n set s {{ type inet_service; elements = {{ 80, 90-99 }}; }}\n chain x {{\n }}\n chain c {{\n type filter hook forward priority 0\n {}\n }}\n}}", words.join(" "));
        let mut rules = Rules::new();
        let applied = rules.apply(&text);
        if applied.errors.is_empty() && applied.refused.is_none() {
            let printed = rules.print();
            let mut again = Rules::new();
            again.apply(&printed);
            prop_assert_eq!(again.print(), printed);
        }
    }
}

const WORDS: &[&str] = &[
    "table", "inet", "ip", "ip6", "filter", "t", "chain", "c", "{", "}", "{", "}", "NL", "NL", ";", "type", "hook", "input", "forward",
    "priority", "0", "policy", "accept", "drop", "add", "rule", "insert", "delete", "flush", "ruleset", "handle", "index", "3", "tcp",
    "dport", "80", ",", "ct", "state", "new", "counter", "set", "elements", "=", "define", "x", "$x", "@s", "jump", "vmap", ":", "-",
    "10.0.0.1", "saddr", "\"eth0\"", "iifname", "!=",
];

const RULE_WORDS: &[&str] = &[
    "tcp dport",
    "udp sport",
    "th dport",
    "80",
    "{ 80, 443 }",
    "{ 10-20, 5 }",
    "@s",
    "!=",
    "ip saddr",
    "10.0.0.0/8",
    "{ 10.0.0.1, 10.0.0.5-10.0.0.9 }",
    "ct state",
    "new",
    "established,related",
    "vmap { 80 : accept, 443 : jump x }",
    "vmap { new : accept, invalid : drop }",
    "iifname",
    "\"eth0\"",
    "{ eth0, eth1 }",
    "counter",
    "accept",
    "drop",
    "reject",
    "reject with tcp reset",
    "reject with icmp type host-unreachable",
    "log prefix \"a b\"",
    "meta l4proto",
    "tcp",
    "{ tcp, udp }",
    "icmp type",
    "echo-request",
    "tcp flags",
    "syn / fin,syn",
    "& (syn|ack) == syn",
    "limit rate 5/second",
    "jump x",
    "goto x",
    "meta mark set 3",
    "tcp flags syn tcp option maxseg size set rt mtu",
    "ct mark set 5 counter accept",
    "comment \"c\"",
    "meta nfproto ipv4",
    "ip protocol icmp",
    "notrack",
    "return",
    "< 5",
    ">= 1024",
    "ip ttl",
];
