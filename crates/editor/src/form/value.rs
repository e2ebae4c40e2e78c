//! Between what people type and what the document holds.

use super::choice::Choice;
use super::{Field, FieldKind, steps};
use roundtrip_lab::Json;

/// What a typed text is in the document; none if the field is to be left out.
#[must_use]
pub fn typed(field: &Field, text: &str) -> Option<Json> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return None;
    }
    Some(match &field.kind {
        FieldKind::Number | FieldKind::Settings => Json::typed_number(trimmed),
        FieldKind::Several | FieldKind::Words(_) | FieldKind::Refer(Choice::Interfaces) => {
            let values = trimmed.split([',', '、']).map(str::trim).filter(|value| !value.is_empty());
            Json::List(values.map(Json::text).collect())
        }
        FieldKind::Switch(usual) => {
            let on = trimmed == "true";
            return (on != *usual).then_some(Json::Bool(on));
        }
        FieldKind::Maybe => Json::Bool(trimmed == "true"),
        FieldKind::Rules => Json::text(text.trim_end()),
        FieldKind::Steps => steps::read(text),
        _ => Json::text(trimmed),
    })
}

/// A value of the document as people type it; empty if there is none.
#[must_use]
pub fn shown(field: &Field, value: Option<&Json>) -> String {
    match (&field.kind, value) {
        (FieldKind::Switch(usual), None) => usual.to_string(),
        (FieldKind::Variant(_), None) => field.usual.to_owned(),
        (FieldKind::Steps, Some(value)) => steps::print(value),
        (FieldKind::Rules, Some(Json::List(lines))) => lines.iter().map(Json::typed).collect::<Vec<_>>().join("\n"),
        (_, Some(Json::List(values))) => values.iter().map(Json::typed).collect::<Vec<_>>().join(", "),
        (_, Some(value)) => value.typed(),
        (_, None) => String::new(),
    }
}

/// An object on one line, in the words of the document: `192.168.2.0/24 via 192.168.1.2`.
#[must_use]
pub fn summary(object: &Json) -> String {
    let Json::Object(fields) = object else { return object.typed() };
    let mut out: Vec<String> = Vec::new();
    for (name, value) in fields {
        let value = match value {
            Json::List(values) => values.iter().map(Json::typed).collect::<Vec<_>>().join(", "),
            Json::Object(_) => continue,
            _ if name == "mac" => continue,
            value => value.typed(),
        };
        // What stands first, and what the thing does, needs no name.
        let plain = (out.is_empty() && ["name", "to", "port"].contains(&name.as_str()))
            || ["type", "action", "addresses", "segment"].contains(&name.as_str());
        out.push(if plain { value } else { format!("{name} {value}") });
    }
    out.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::{network, rules};
    use super::*;

    fn field(form: super::super::Form, name: &str) -> &'static Field {
        form.iter().find(|field| field.name == name).unwrap()
    }

    #[test]
    fn what_is_typed_is_shown_again() {
        let FieldKind::List(interfaces) = &field(network::DEVICE, "interfaces").kind else { panic!() };
        for (name, text) in [("mtu", "1400"), ("mtu", "much"), ("delay_ms", "1.5"), ("mac", "02:00:00:00:00:01")] {
            let field = field(interfaces.form, name);
            assert_eq!(shown(field, typed(field, text).as_ref()), text);
            assert_eq!(typed(field, "  "), None);
        }
        let FieldKind::List(nat) = &field(network::DEVICE, "nat").kind else { panic!() };
        let ports = field(nat.form, "destination_port");
        assert_eq!(shown(ports, typed(ports, "80,443 , 8000-8099").as_ref()), "80, 443, 8000-8099");
        let counter = field(nat.form, "counter");
        assert_eq!((typed(counter, "true"), typed(counter, "false")), (None, Some(Json::Bool(false))));
        assert_eq!(shown(counter, None), "true");
        assert_eq!(rules::FILTER.len(), 3);
    }

    #[test]
    fn a_route_reads_as_people_write_one() {
        let route = Json::Object(vec![("to".into(), Json::text("10.0.0.0/8")), ("via".into(), Json::text("10.1.0.1"))]);
        assert_eq!(summary(&route), "10.0.0.0/8 via 10.1.0.1");
        let rule = Json::Object(vec![("state".into(), Json::text("invalid")), ("action".into(), Json::text("drop"))]);
        assert_eq!(summary(&rule), "state invalid drop");
    }
}
