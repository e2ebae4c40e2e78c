//! The lab itself, its segments and devices.

use super::choice::Choice;
use super::{Field, FieldKind, Form, List, Named, rules, services, word};
use FieldKind::{Each, Localized, Name, Number, Object, Refer, Settings, Switch, Text, Word};

/// What is said of the whole.
pub static LAB: Form = &[
    Field::new("title", "field-title", Localized),
    Field::new("description", "field-description", Localized),
    Field::new("duration", "field-duration", Number),
];

/// A segment.
pub static SEGMENT: Form = &[
    Field::new("label", "field-label", Localized),
    Field::new("name", "field-identifier", Name(Named::Segment)),
    Field::new("subnet", "field-subnet", Text),
    Field::new("latency_ms", "field-latency", Number).usual("0.5"),
    Field::new("position", "field-position-left", Object { form: POSITION, optional: true }).seldom(),
    Field::new("width", "field-width", Number).seldom(),
];

/// A device.
pub static DEVICE: Form = &[
    Field::new("label", "field-label", Localized),
    Field::new("name", "field-identifier", Name(Named::Device)),
    Field::new(
        "kind",
        "field-kind",
        Word(&[
            word("host", "kind-host"),
            word("router", "kind-router"),
            word("l3switch", "kind-l3-switch"),
            word("firewall", "kind-firewall"),
            word("internet", "kind-internet"),
        ]),
    )
    .usual("host"),
    Field::new(
        "system",
        "field-system",
        Word(&[word("linux", "system-linux"), word("windows", "system-windows"), word("generic", "system-generic")]),
    )
    .usual("linux"),
    Field::new("description", "field-description", Localized).seldom(),
    Field::new("position", "field-position-centre", Object { form: POSITION, optional: true }).seldom(),
    Field::new("interfaces", "field-interfaces", FieldKind::List(&INTERFACES)),
    Field::new("gateway", "field-gateway", Refer(Choice::Gateway)),
    Field::new("routes", "field-routes", FieldKind::List(&ROUTES)),
    Field::new("settings", "field-settings", Settings),
    Field::new("nft", "field-nft", FieldKind::Rules),
    Field::new("filter", "field-filter", Object { form: rules::FILTER, optional: false }),
    Field::new("nat", "field-nat", FieldKind::List(&rules::NAT)),
    Field::new("services", "field-services", FieldKind::List(&services::SERVICES)),
];

static POSITION: Form = &[Field::new("x", "field-x", Number), Field::new("y", "field-y", Number)];

static INTERFACES: List = List { form: INTERFACE, new: "{}", add: "add-interface", ordered: true };

/// An interface of a device.
pub static INTERFACE: Form = &[
    Field::new("name", "field-interface-name", Name(Named::Interface)),
    Field::new("segment", "field-segment", Refer(Choice::Segment)),
    Field::new("addresses", "field-addresses", Each).usual("192.168.1.10/24"),
    Field::new("mac", "field-mac", Text).seldom(),
    Field::new("mtu", "field-mtu", Number).usual("1500").seldom(),
    Field::new("delay_ms", "field-delay", Number).usual("0").seldom(),
];

static ROUTES: List = List { form: ROUTE, new: r#"{ "to": "default", "type": "unreachable" }"#, add: "add-route", ordered: true };

/// A route, of a device or of an action.
pub static ROUTE: Form = &[
    Field::new("to", "route-to", Text).usual("192.168.2.0/24"),
    Field::new("via", "route-via", Refer(Choice::Gateway)),
    Field::new("dev", "field-dev", Refer(Choice::Interface)).seldom(),
    Field::new("metric", "field-metric", Number).usual("0").seldom(),
    Field::new("src", "field-src", Refer(Choice::OwnAddress)).seldom(),
    Field::new("mtu", "field-route-mtu", Number).seldom(),
    Field::new("onlink", "field-onlink", Switch(false)).seldom(),
    Field::new(
        "type",
        "field-route-type",
        Word(&[
            word("unicast", "route-unicast"),
            word("unreachable", "route-unreachable"),
            word("prohibit", "route-prohibit"),
            word("blackhole", "route-blackhole"),
        ]),
    )
    .usual("unicast")
    .seldom(),
];
