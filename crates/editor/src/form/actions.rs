//! What happens in time.

use super::choice::Choice;
use super::network::ROUTE;
use super::{Field, FieldKind, Form, Named, Variant, raw, word};
use FieldKind::{Localized, Maybe, Name, Number, Object, Refer, Rules, Settings, Steps, Switch, Text, Word};

/// An action.
pub static ACTION: Form = &[
    Field::new("at", "field-at", Number).usual("0"),
    Field::new("type", "field-action-type", FieldKind::Variant(TYPES)),
    Field::new("label", "field-label", Localized).seldom(),
    Field::new("id", "field-identifier", Name(Named::Action)).seldom(),
];

const FROM: Field = Field::new("from", "field-from", Refer(Choice::Device));
const TO: Field = Field::new("to", "field-to", Refer(Choice::Target));
const DEVICE: Field = Field::new("device", "field-device", Refer(Choice::Device));
const DEV: Field = Field::new("dev", "field-dev", Refer(Choice::Interface));
const SOURCE: Field = Field::new("source", "field-source", Refer(Choice::OwnAddress)).seldom();
const SOURCE_PORT: Field = Field::new("source_port", "field-source-port", Number).seldom();
const COUNT: Field = Field::new("count", "field-count", Number).usual("1");
const INTERVAL: Field = Field::new("interval", "field-interval", Number).usual("1").seldom();
const DF: Field = Field::new("df", "field-df", Maybe).seldom();

/// Every kind of action.
pub const TYPES: &[Variant] = &[
    Variant {
        word: word("ping", "do-ping"),
        form: &[
            FROM,
            TO,
            COUNT,
            INTERVAL,
            Field::new("size", "field-size", Number).usual("56").seldom(),
            Field::new("timeout", "field-timeout", Number).usual("2").seldom(),
            Field::new("ttl", "field-ttl", Number).seldom(),
            DF,
            SOURCE,
            Field::new("icmp_id", "field-icmp-id", Number).seldom(),
        ],
    },
    Variant {
        word: word("tcp", "do-tcp"),
        form: &[
            FROM,
            TO,
            Field::new("profile", "field-profile", FieldKind::Variant(PROFILES)).usual("http"),
            Field::new("port", "field-port", Number),
            Field::new("limit", "field-limit", Number).usual("10").seldom(),
            Field::new(
                "on_limit",
                "field-on-limit",
                Word(&[word("leave", "give-up-leave"), word("close", "give-up-close"), word("abort", "give-up-abort")]),
            )
            .usual("leave")
            .seldom(),
            Field::new("host", "field-host", Text).usual("web").seldom(),
            SOURCE,
            SOURCE_PORT,
        ],
    },
    Variant {
        word: word("udp", "do-udp"),
        form: &[
            FROM,
            TO,
            Field::new("port", "field-port", Number),
            COUNT,
            INTERVAL,
            Field::new("size", "field-size", Number).usual("32").seldom(),
            Field::new("timeout", "field-timeout", Number).usual("3").seldom(),
            Field::new("linger", "field-linger", Switch(false)).seldom(),
            DF,
            SOURCE,
            SOURCE_PORT,
        ],
    },
    Variant {
        word: word("traceroute", "do-traceroute"),
        form: &[
            FROM,
            TO,
            Field::new("method", "field-method", Word(&[raw("udp"), raw("icmp"), raw("tcp")])).usual("udp"),
            Field::new("port", "field-port", Number).usual("80").seldom(),
            Field::new("queries", "field-queries", Number).usual("1").seldom(),
            Field::new("first_ttl", "field-first-ttl", Number).usual("1").seldom(),
            Field::new("max_ttl", "field-max-ttl", Number).usual("8").seldom(),
            Field::new("wait", "field-wait", Number).usual("2").seldom(),
        ],
    },
    Variant {
        word: word("link", "do-link"),
        form: &[
            DEVICE,
            DEV,
            Field::new("state", "field-link-state", Word(&[word("down", "link-down"), word("up", "link-up")])),
            Field::new("how", "field-how", Word(&[word("admin", "link-admin"), word("cable", "link-cable")])).usual("admin"),
        ],
    },
    Variant {
        word: word("route", "do-route"),
        form: &[
            DEVICE,
            Field::new("op", "field-op", Word(&[word("add", "op-add"), word("replace", "op-replace"), word("del", "op-del")])).usual("add"),
            Field::new("route", "field-route", Object { form: ROUTE, optional: false }),
        ],
    },
    Variant {
        word: word("addr", "do-addr"),
        form: &[
            DEVICE,
            DEV,
            Field::new("op", "field-op", Word(&[word("add", "op-add"), word("del", "op-del")])).usual("add"),
            Field::new("address", "field-one-address", Text).usual("192.168.1.10/24"),
        ],
    },
    Variant { word: word("sysctl", "do-sysctl"), form: &[DEVICE, Field::new("set", "field-settings", Settings)] },
    Variant { word: word("nft", "do-nft"), form: &[DEVICE, Field::new("script", "field-script", Rules)] },
    Variant { word: word("neigh_flush", "do-neigh-flush"), form: &[DEVICE, DEV] },
    Variant { word: word("conntrack_flush", "do-conntrack-flush"), form: &[DEVICE] },
    Variant { word: word("snapshot", "do-snapshot"), form: &[Field::new("name", "field-snapshot-name", Text)] },
    Variant {
        word: word("inject", "do-inject"),
        form: &[
            FROM,
            Field::new("flow_of", "field-flow-of", Refer(Choice::Flow)),
            Field::new("spoof", "field-spoof", Word(&[word("server", "spoof-server"), word("client", "spoof-client")])).usual("server"),
            Field::new("observe", "field-observe", Refer(Choice::AnyInterface)),
            Field::new("flags", "field-flags", Text).usual("R"),
            Field::new("seq_off", "field-seq-off", Number).usual("0").seldom(),
            Field::new("ack_off", "field-ack-off", Number).usual("0").seldom(),
            Field::new("len", "field-len", Number).usual("0").seldom(),
            Field::new("ttl", "field-ttl", Number).usual("64").seldom(),
        ],
    },
];

const PROFILES: &[Variant] = &[
    Variant { word: word("http", "profile-http"), form: &[Field::new("request", "field-request", Number).usual("80").seldom()] },
    Variant {
        word: word("ssh", "profile-ssh"),
        form: &[
            Field::new("banner", "field-banner", Number).usual("40").seldom(),
            Field::new("expect", "field-expect", Number).usual("1").seldom(),
        ],
    },
    Variant { word: word("connect", "profile-connect"), form: &[] },
    Variant { word: word("script", "profile-script"), form: &[Field::new("steps", "field-steps", Steps)] },
];
