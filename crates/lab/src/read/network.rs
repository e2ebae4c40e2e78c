//! Segments and devices.

use super::json::Json;
use super::reader::{Fields, Reader};
use super::rules::{filter, nat};
use super::service::service;
use super::values::{address, boolean, mac, millis, mtu, name, network, nft, position, prefix, settings, text, u32_in};
use crate::document::{Device, Interface, Kind, Route, RouteType, Segment, System};
use crate::limits;

/// The field `name` of an object, to call its place in a path.
pub(super) fn named(value: &Json) -> Option<&str> {
    field_text(value, "name")
}

/// The field `id` of an object, to call its place in a path.
pub(super) fn id(value: &Json) -> Option<&str> {
    field_text(value, "id")
}

fn field_text<'a>(value: &'a Json, field: &str) -> Option<&'a str> {
    let Json::Object(fields) = value else { return None };
    fields.iter().find_map(|(name, value)| match value {
        Json::Text(text) if name == field => Some(text.as_str()),
        _ => None,
    })
}

pub(super) fn segment(reader: &mut Reader, value: &Json) -> Option<Segment> {
    let mut fields = Fields::of(reader, value)?;
    let found_name = fields.need(reader, "name", name);
    let segment = Segment {
        name: String::new(),
        label: fields.or(reader, "label", Default::default(), text),
        subnet: fields.get(reader, "subnet", prefix),
        latency_ms: fields.or(reader, "latency_ms", Segment::default_latency(), millis),
        position: fields.get(reader, "position", position),
        width: fields.get(reader, "width", u32_in(0, limits::PIXELS.unsigned_abs())),
    };
    fields.finish(reader);
    Some(Segment { name: found_name?, ..segment })
}

pub(super) fn device(reader: &mut Reader, value: &Json) -> Option<Device> {
    let mut fields = Fields::of(reader, value)?;
    let found_name = fields.need(reader, "name", name);
    let device = Device {
        name: String::new(),
        label: fields.or(reader, "label", Default::default(), text),
        description: fields.or(reader, "description", Default::default(), text),
        kind: fields.or(reader, "kind", Kind::default(), kind),
        system: fields.or(reader, "system", System::default(), system),
        position: fields.get(reader, "position", position),
        interfaces: fields
            .or(reader, "interfaces", Vec::new(), |reader, value| Some(reader.list(value, limits::INTERFACES, named, interface))),
        gateway: fields.get(reader, "gateway", address),
        routes: fields.or(reader, "routes", Vec::new(), |reader, value| {
            Some(reader.list(value, limits::ROUTES, |_| None, |reader, value, _| route(reader, value)))
        }),
        settings: fields.or(reader, "settings", Default::default(), settings),
        nft: fields.or(reader, "nft", Default::default(), nft),
        filter: fields.or(reader, "filter", Default::default(), filter),
        nat: fields.or(reader, "nat", Vec::new(), nat),
        services: fields.or(reader, "services", Vec::new(), |reader, value| {
            Some(reader.list(value, limits::SERVICES, |_| None, |reader, value, _| service(reader, value)))
        }),
    };
    fields.finish(reader);
    Some(Device { name: found_name?, ..device })
}

fn kind(reader: &mut Reader, value: &Json) -> Option<Kind> {
    reader.word(
        value,
        &[
            ("host", Kind::Host),
            ("router", Kind::Router),
            ("l3switch", Kind::L3switch),
            ("firewall", Kind::Firewall),
            ("internet", Kind::Internet),
        ],
    )
}

fn system(reader: &mut Reader, value: &Json) -> Option<System> {
    reader.word(value, &[("linux", System::Linux), ("windows", System::Windows), ("generic", System::Generic)])
}

fn interface(reader: &mut Reader, value: &Json, index: usize) -> Option<Interface> {
    let mut fields = Fields::of(reader, value)?;
    let interface = Interface {
        name: fields.or(reader, "name", format!("eth{index}"), name),
        segment: fields.get(reader, "segment", name),
        mac: fields.get(reader, "mac", mac),
        addresses: fields.or(reader, "addresses", Vec::new(), |reader, value| {
            Some(reader.list(value, limits::ADDRESSES, |_| None, |reader, value, _| prefix(reader, value)))
        }),
        mtu: fields.or(reader, "mtu", Interface::default_mtu(), mtu),
        delay_ms: fields.or(reader, "delay_ms", Default::default(), millis),
    };
    fields.finish(reader);
    Some(interface)
}

pub(super) fn route(reader: &mut Reader, value: &Json) -> Option<Route> {
    let mut fields = Fields::of(reader, value)?;
    let to = fields.need(reader, "to", network);
    let via = fields.get(reader, "via", address);
    let dev = fields.get(reader, "dev", name);
    let src = fields.get(reader, "src", address);
    let metric = fields.or(reader, "metric", 0, u32_in(0, u32::MAX));
    let mtu = fields.get(reader, "mtu", mtu);
    let onlink = fields.or(reader, "onlink", false, boolean);
    let kind = fields.or(reader, "type", RouteType::default(), route_type);
    fields.finish(reader);
    Some(Route { to: to?, via, dev, src, metric, mtu, onlink, kind })
}

fn route_type(reader: &mut Reader, value: &Json) -> Option<RouteType> {
    reader.word(
        value,
        &[
            ("unicast", RouteType::Unicast),
            ("unreachable", RouteType::Unreachable),
            ("prohibit", RouteType::Prohibit),
            ("blackhole", RouteType::Blackhole),
        ],
    )
}
