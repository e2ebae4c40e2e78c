//! The message catalogues of this crate, and the list of what they must hold.

use crate::cause::Cause;
use crate::chain::{LinkKind, drop_reason_ids};
use crate::outcome::Outcome;
use roundtrip_lab::Messages;

/// The messages in English, in the format of Project Fluent.
pub const EXPLAIN_EN: &str = include_str!("../messages/explain.en.ftl");
/// The messages in Japanese.
pub const EXPLAIN_JA: &str = include_str!("../messages/explain.ja.ftl");

/// Every catalogue with its language.
pub const CATALOGUES: &[(&str, &str)] = &[("en", EXPLAIN_EN), ("ja", EXPLAIN_JA)];

/// The messages of this crate for a reader of `language` (a BCP 47 tag such as `ja`).
#[must_use]
pub fn messages(language: &str) -> Messages {
    Messages::from_catalogues(language, CATALOGUES)
}

const PACKETS: &[(&str, &[&str])] = &[
    ("packet-syn", &[]),
    ("packet-syn-ack", &[]),
    ("packet-handshake-ack", &[]),
    ("packet-ack", &[]),
    ("packet-data", &["bytes"]),
    ("packet-http-request", &["bytes"]),
    ("packet-http-response", &["bytes"]),
    ("packet-fin", &[]),
    ("packet-rst", &[]),
    ("packet-echo-request", &["seq"]),
    ("packet-echo-reply", &["seq"]),
    ("packet-redirect", &["gateway"]),
    ("packet-unreachable", &["code"]),
    ("packet-time-exceeded", &[]),
    ("packet-icmp", &["type"]),
    ("packet-arp-request", &["address"]),
    ("packet-arp-reply", &["address"]),
    ("packet-udp", &["bytes"]),
    ("packet-fragment", &["offset"]),
    ("packet-other", &["protocol"]),
    ("packet-unsent", &[]),
    ("packet-duplicate-ack", &[]),
    ("passage", &["packet", "way"]),
    ("packet-again", &["packet", "after"]),
    ("list-separator", &[]),
];

/// Every message that this crate may say, with the arguments that it then has.
#[must_use]
pub fn all() -> Vec<(&'static str, &'static [&'static str])> {
    let mut all: Vec<(&str, &[&str])> = Vec::new();
    for cause in Cause::ALL {
        all.push((cause.message_id(), crate::verdict::SENTENCE_ARGUMENTS));
        all.extend([cause.name_id(), cause.about_id(), cause.source_id()].map(|id| (id, &[][..])));
    }
    all.extend(Outcome::ALL.iter().flat_map(|outcome| [outcome.message_id(), outcome.name_id()]).map(|id| (id, &[][..])));
    all.extend(LinkKind::ALL.iter().map(|kind| (kind.message_id(), kind.arguments())));
    all.extend(drop_reason_ids().iter().map(|id| (*id, if id.starts_with("drop-rule") { &["rule"][..] } else { &[][..] })));
    all.extend(crate::chain::REDIRECT_IDS.iter().map(|id| (*id, &[][..])));
    all.extend(crate::cure::CureKind::ALL.iter().map(|kind| (kind.message_id(), kind.arguments())));
    all.extend(crate::contrast::MESSAGES);
    all.extend(crate::flows::MESSAGES);
    all.extend(crate::verdict::VARIANTS.iter().map(|id| (*id, crate::verdict::SENTENCE_ARGUMENTS)));
    all.extend(crate::chain::CHANGE_MESSAGES);
    all.extend(crate::words::MESSAGES);
    all.extend(crate::death::MESSAGES);
    all.extend(PACKETS);
    all.extend([(crate::verdict::NO_CARRIER, &[][..]), (crate::chain::REFUSED, &[][..])]);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn every_message_is_in_every_catalogue_and_uses_only_what_it_has() {
        for (language, catalogue) in CATALOGUES {
            let only = Messages::from_catalogues(language, &[(language, catalogue)]);
            for (id, names) in all() {
                let args: BTreeMap<&'static str, String> = names.iter().map(|name| (*name, "VALUE".to_owned())).collect();
                let text = only.text(id, &args);
                assert_ne!(text, id, "{language}: {id} is missing");
                assert!(!text.is_empty() && !text.contains('{') && !text.contains('$'), "{language} {id}: {text}");
            }
        }
    }

    #[test]
    fn an_argument_that_every_case_has_is_said_in_every_language() {
        // What a link knows and does not say in one language would be lost there.
        for (language, catalogue) in CATALOGUES {
            let only = Messages::from_catalogues(language, &[(language, catalogue)]);
            for kind in LinkKind::ALL {
                for said in kind.arguments() {
                    let args = kind.arguments().iter().map(|name| (*name, if name == said { "HERE" } else { "-" }.to_owned())).collect();
                    let text = only.text(kind.message_id(), &args);
                    assert!(text.contains("HERE"), "{language} {}: {said} is left out of “{text}”", kind.id());
                }
            }
        }
    }

    #[test]
    fn no_message_is_left_over() {
        let known: BTreeSet<&str> = all().into_iter().map(|(id, _)| id).collect();
        for (language, catalogue) in CATALOGUES {
            for line in catalogue.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())) {
                let id = line.split(" =").next().unwrap_or_default();
                assert!(known.contains(id), "{language}: {id} is never said");
            }
        }
    }
}
