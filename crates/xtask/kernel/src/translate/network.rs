//! Segments and devices.

use super::{Fields, saved};
use roundtrip_lab::document::{Device, Keepalive, Recv, Route, RouteType, Service, ServiceKind, SettingValue, Step};
use roundtrip_lab::{Lab, to_nft};
use roundtrip_sim::Scenario;
use roundtrip_sim::scenario::Node;
use roundtrip_sim::sysctl::{Sysctl, SysctlFamily, SysctlScope};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Names of interfaces that a kernel keeps for itself, or for all interfaces.
const RESERVED: [&str; 3] = ["lo", "all", "default"];

pub(super) fn segments(lab: &Lab) -> Value {
    lab.segments.iter().map(|segment| json!({ "name": segment.name, "latency_ms": saved(segment.latency_ms) })).collect()
}

/// Every device. `scenario` has the Ethernet addresses that the document leaves open.
pub(super) fn nodes(lab: &Lab, scenario: &Scenario, refused: &mut Vec<String>) -> Value {
    lab.devices.iter().zip(&scenario.nodes).map(|(device, node)| one(device, node, refused)).collect()
}

fn one(device: &Device, node: &Node, refused: &mut Vec<String>) -> Value {
    let mut out = Fields::default();
    out.put("name", device.name.as_str());
    out.put("role", if device.kind.forwards() { "router" } else { "host" });
    out.put("interfaces", interfaces(device, node, refused));
    let mut routes: Vec<Value> = device.routes.iter().map(route).collect();
    routes.extend(device.gateway.map(|gateway| json!({ "dst": "default", "via": gateway, "may_fail": true })));
    out.put("routes", routes);
    out.put("sysctls", settings(&device.settings, device));
    let rules = if device.nft.is_empty() { to_nft(&device.filter, &device.nat) } else { format!("{}\n", device.nft.as_str()) };
    if !rules.is_empty() {
        out.put("nft", rules);
    }
    let listeners: Vec<Value> = device.services.iter().filter_map(|service| listener(service, &device.name, refused)).collect();
    out.put("listeners", listeners);
    out.into_value()
}

fn interfaces(device: &Device, node: &Node, refused: &mut Vec<String>) -> Vec<Value> {
    let mut out = Vec::new();
    for (interface, resolved) in device.interfaces.iter().zip(&node.interfaces) {
        if RESERVED.contains(&interface.name.as_str()) {
            refused.push(format!("{}: no interface of a Linux machine can be called {}", device.name, interface.name));
        }
        let mut fields = Fields::default();
        fields.put("name", interface.name.as_str());
        fields.some("segment", interface.segment.as_deref());
        fields.put("mac", resolved.mac.to_string());
        fields.put("addresses", interface.addresses.iter().map(ToString::to_string).collect::<Vec<_>>());
        fields.put("mtu", interface.mtu);
        fields.put("delay_ms", saved(interface.delay_ms));
        out.push(fields.into_value());
    }
    out
}

/// A route. One that the kernel refuses is left out, as the simulation does.
pub(super) fn route(route: &Route) -> Value {
    let mut out = Fields::default();
    out.put("dst", route.to.to_string());
    out.some("via", route.via.map(|via| via.to_string()));
    out.some("dev", route.dev.as_deref());
    out.some("src", route.src.map(|src| src.to_string()));
    out.some("metric", Some(route.metric).filter(|metric| *metric != 0));
    out.some("mtu", route.mtu);
    out.some("onlink", Some(true).filter(|_| route.onlink));
    let kind = match route.kind {
        RouteType::Unicast => None,
        RouteType::Unreachable => Some("unreachable"),
        RouteType::Prohibit => Some("prohibit"),
        RouteType::Blackhole => Some("blackhole"),
    };
    out.some("type", kind);
    out.put("may_fail", true);
    out.into_value()
}

/// Settings in the order in which the simulation writes them: `ip_forward`, those of the whole device, those of one interface.
/// Names that the simulation does not know are left out here too; reading the lab has warned of them.
pub(super) fn settings(settings: &BTreeMap<String, SettingValue>, device: &Device) -> Value {
    let interfaces: Vec<&str> = device.interfaces.iter().map(|interface| interface.name.as_str()).collect();
    let mut known: Vec<(u8, String, Value)> = Vec::new();
    for (name, value) in settings {
        let (Ok((key, scope)), Some(number)) = (Sysctl::resolve(name, &interfaces), value.number()) else { continue };
        let width = match scope {
            _ if key == Sysctl::IpForward => 0,
            SysctlScope::Everywhere => 1,
            SysctlScope::All => 2,
            SysctlScope::Default => 3,
            SysctlScope::Interface(_) => 4,
        };
        known.extend(names(name, key, scope, &interfaces).into_iter().map(|name| (width, name, number.into())));
    }
    known.sort_by_key(|(width, ..)| *width);
    Value::Object(known.into_iter().map(|(_, name, value)| (name, value)).collect::<Map<_, _>>())
}

/// What the kernel calls a setting, where a short name does not say it.
fn names(given: &str, key: Sysctl, scope: SysctlScope, interfaces: &[&str]) -> Vec<String> {
    let last = key.name();
    match (key.family(), scope) {
        (SysctlFamily::Conf(_), SysctlScope::All) => vec![format!("net.ipv4.conf.all.{last}")],
        (SysctlFamily::Conf(_), SysctlScope::Default) => vec![format!("net.ipv4.conf.default.{last}")],
        (SysctlFamily::Conf(_), SysctlScope::Interface(index)) => {
            interfaces.get(usize::from(index.0)).map(|interface| format!("net.ipv4.conf.{interface}.{last}")).into_iter().collect()
        }
        (SysctlFamily::Neigh, _) => {
            let given = given.trim_start_matches("/proc/sys/").replace('/', ".");
            // A namespace has no `default` of these; for the simulation every name but an interface's means all of them.
            let all = !given.contains('.') || given.starts_with("net.ipv4.neigh.default.");
            if all { interfaces.iter().map(|place| format!("net.ipv4.neigh.{place}.{last}")).collect() } else { vec![given] }
        }
        (SysctlFamily::Ipv4, _) if last.contains('.') => vec![format!("net.ipv4.{last}")],
        _ => vec![last.to_owned()],
    }
}

fn listener(service: &Service, device: &str, refused: &mut Vec<String>) -> Option<Value> {
    let mut out = Fields::default();
    out.put("port", service.port);
    out.some("bind", service.bind.map(|bind| bind.to_string()));
    out.put("proto", if service.kind.is_udp() { "udp" } else { "tcp" });
    let mut profile = |name: &str| out.put("profile", name);
    match &service.kind {
        ServiceKind::Http { response, close_delay } => {
            profile("http");
            out.put("response", *response);
            out.put("close_delay", saved(close_delay));
        }
        ServiceKind::Ssh { banner, client_banner, response } => {
            profile("ssh");
            out.put("banner", *banner);
            out.put("client_banner", *client_banner);
            out.put("response", *response);
        }
        ServiceKind::Echo => profile("echo"),
        ServiceKind::Script { steps } => {
            profile("steps");
            let place = format!("{device}, port {}", service.port);
            out.put("steps", self::steps(steps, &place, refused));
        }
        ServiceKind::UdpEcho { reply, any_source } => {
            profile("echo");
            out.some("reply", *reply);
            out.some("plain", Some(true).filter(|_| *any_source));
        }
        ServiceKind::UdpSink => profile("sink"),
        ServiceKind::Closed => return None,
    }
    Some(out.into_value())
}

pub(super) fn steps(steps: &[Step], place: &str, refused: &mut Vec<String>) -> Vec<Value> {
    steps
        .iter()
        .map(|step| match step {
            Step::Send(bytes) => json!({ "send": bytes }),
            Step::Recv { what, within } => {
                let mut out = Fields::default();
                match what {
                    Recv::Bytes(bytes) => out.put("recv", *bytes),
                    Recv::Eof => out.put("recv", "eof"),
                    Recv::Request => out.put("recv", "request"),
                }
                out.some("within", within.map(saved));
                out.into_value()
            }
            Step::Sleep(time) => json!({ "sleep": saved(time) }),
            Step::Keepalive(Keepalive { idle, interval, count }) => {
                let (idle, interval) = (saved(idle), saved(interval));
                if !idle.is_u64() || !interval.is_u64() {
                    refused.push(format!("{place}: a kernel counts the times of keepalive in whole seconds"));
                }
                json!({ "keepalive": { "idle": idle, "intvl": interval, "cnt": count } })
            }
            Step::Echo => json!({ "echo": true }),
            Step::Shutdown => json!({ "shutdown": true }),
            Step::Close => json!({ "close": true }),
            Step::Abort => json!({ "abort": true }),
        })
        .collect()
}
