//! Services that wait.

use super::choice::Choice;
use super::{Field, FieldKind, Form, List, Variant, word};
use FieldKind::{Number, Refer, Steps, Switch};

/// The services of a device.
pub static SERVICES: List = List { form: SERVICE, new: r#"{ "port": 80, "type": "http" }"#, add: "add-service", ordered: false };

static SERVICE: Form = &[
    Field::new("port", "field-port", Number),
    Field::new("type", "field-service-type", FieldKind::Variant(TYPES)),
    Field::new("bind", "field-bind", Refer(Choice::OwnAddress)).seldom(),
];

const TYPES: &[Variant] = &[
    Variant {
        word: word("http", "serve-http"),
        form: &[
            Field::new("response", "field-response", Number).usual("600").seldom(),
            Field::new("close_delay", "field-close-delay", Number).usual("0.03").seldom(),
        ],
    },
    Variant {
        word: word("ssh", "serve-ssh"),
        form: &[
            Field::new("banner", "field-banner", Number).usual("40").seldom(),
            Field::new("client_banner", "field-client-banner", Number).usual("1").seldom(),
            Field::new("response", "field-response", Number).usual("200").seldom(),
        ],
    },
    Variant { word: word("echo", "serve-echo"), form: &[] },
    Variant { word: word("script", "serve-script"), form: &[Field::new("steps", "field-steps", Steps)] },
    Variant {
        word: word("udp-echo", "serve-udp-echo"),
        form: &[Field::new("reply", "field-reply", Number).seldom(), Field::new("any_source", "field-any-source", Switch(false)).seldom()],
    },
    Variant { word: word("udp-sink", "serve-udp-sink"), form: &[] },
    Variant { word: word("closed", "serve-closed"), form: &[] },
];
