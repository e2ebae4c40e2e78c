//! Packet filter and address translation.

use super::choice::Choice;
use super::{Field, FieldKind, Form, List, Word as Choose, raw, word};
use FieldKind::{Object, Refer, Several, Switch, Text, Word, Words};
use roundtrip_lab::document::{Device, Filter, NftText};
use roundtrip_lab::presets;

/// The three chains of a packet filter.
pub static FILTER: Form = &[
    Field::new("input", "field-chain-input", Object { form: CHAIN, optional: true }),
    Field::new("forward", "field-chain-forward", Object { form: CHAIN, optional: true }),
    Field::new("output", "field-chain-output", Object { form: CHAIN, optional: true }),
];

static CHAIN: Form = &[
    Field::new("policy", "field-policy", Word(&[word("accept", "word-accept"), word("drop", "word-drop")])).usual("accept"),
    Field::new("rules", "field-rules", FieldKind::List(&RULES)),
];

static RULES: List = List { form: RULE, new: r#"{ "state": "invalid", "action": "drop" }"#, add: "add-rule", ordered: true };

const PROTOCOLS: &[Choose] = &[raw("icmp"), raw("tcp"), raw("udp")];

static RULE: Form = &[
    Field::new(
        "action",
        "field-action",
        Word(&[word("", "word-count-only"), word("accept", "word-accept"), word("drop", "word-drop"), word("reject", "word-reject")]),
    ),
    Field::new("state", "field-state", Words(&[raw("new"), raw("established"), raw("related"), raw("invalid"), raw("untracked")])),
    Field::new("protocol", "field-protocol", Words(PROTOCOLS)),
    Field::new("in", "field-in", Refer(Choice::Interfaces)),
    Field::new("out", "field-out", Refer(Choice::Interfaces)),
    Field::new("source", "field-source-net", Several),
    Field::new("destination", "field-destination-net", Several),
    Field::new("destination_port", "field-destination-port", Several),
    Field::new("source_port", "field-source-ports", Several).seldom(),
    Field::new("tcp_flags", "field-tcp-flags", Text).seldom(),
    Field::new("icmp_type", "field-icmp-type", Several).seldom(),
    Field::new(
        "with",
        "field-with",
        Word(&[
            raw("port-unreachable"),
            raw("net-unreachable"),
            raw("host-unreachable"),
            raw("prot-unreachable"),
            raw("net-prohibited"),
            raw("host-prohibited"),
            raw("admin-prohibited"),
            raw("tcp-reset"),
        ]),
    )
    .usual("port-unreachable")
    .seldom(),
    Field::new("counter", "field-counter", Switch(true)).seldom(),
];

/// Rules of address translation.
pub static NAT: List = List { form: NAT_RULE, new: r#"{ "type": "masquerade" }"#, add: "add-nat", ordered: true };

static NAT_RULE: Form = &[
    Field::new(
        "type",
        "field-nat-type",
        Word(&[word("masquerade", "nat-masquerade"), word("snat", "nat-snat"), word("dnat", "nat-dnat"), word("redirect", "nat-redirect")]),
    ),
    Field::new("out", "field-out", Refer(Choice::Interfaces)),
    Field::new("in", "field-in", Refer(Choice::Interfaces)),
    Field::new("to", "field-nat-to", Text),
    Field::new("protocol", "field-protocol", Words(PROTOCOLS)),
    Field::new("destination_port", "field-destination-port", Several),
    Field::new("source", "field-source-net", Several).seldom(),
    Field::new("destination", "field-destination-net", Several).seldom(),
    Field::new("counter", "field-counter", Switch(true)).seldom(),
];

/// Rules that people start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Tracks connections and drops what fits none.
    Stateful,
    /// Lets connections begin on the first interface only.
    Firewall,
    /// Connections begin inside, and leave with the address of the last interface.
    Home,
}

impl Preset {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Stateful, Self::Firewall, Self::Home];

    /// The device with these rules and no others.
    #[must_use]
    pub fn on(self, device: &Device) -> Device {
        let inner = device.interfaces.first().map_or("eth0", |interface| interface.name.as_str());
        let outer = device.interfaces.last().map_or("eth1", |interface| interface.name.as_str());
        let text = match self {
            Self::Stateful => presets::stateful_router(),
            Self::Firewall => presets::strict_firewall(inner),
            Self::Home => presets::home_router(inner, outer),
        };
        Device { nft: NftText::new(text), ..without_rules(device) }
    }
}

/// The device without rules.
#[must_use]
pub fn without_rules(device: &Device) -> Device {
    Device { nft: NftText::default(), filter: Filter::default(), nat: Vec::new(), ..device.clone() }
}

/// The device with the rules of its form as text.
#[must_use]
pub fn as_text(device: &Device) -> Device {
    Device { nft: NftText::new(roundtrip_lab::to_nft(&device.filter, &device.nat)), ..without_rules(device) }
}

/// The device with the rules of its text as a form; none if a form cannot say the same.
#[must_use]
pub fn as_form(device: &Device) -> Option<Device> {
    let (filter, nat) = roundtrip_lab::nft::to_form(device.nft.as_str())?;
    Some(Device { filter, nat, ..without_rules(device) })
}
