//! From device to commands.

use super::settings::full;
use super::words::quoted;
use crate::document::{Device, Interface, Route, RouteType, SettingValue};
use crate::to_nft;
use std::fmt::Write;

/// The commands that configure a device as it is, a line each.
#[must_use]
pub fn print(device: &Device) -> String {
    let mut out = String::new();
    for interface in &device.interfaces {
        print_interface(&mut out, interface);
    }
    for route in &device.routes {
        let _ = writeln!(out, "ip route add {}", route_words(route));
    }
    if let Some(gateway) = device.gateway {
        let _ = writeln!(out, "ip route add default via {gateway}");
    }
    // What the kind brings is said, so that it can be changed here too.
    if device.kind.forwards() && !device.settings.keys().any(|name| full(device, name) == "net.ipv4.ip_forward") {
        out.push_str("sysctl -w net.ipv4.ip_forward=1\n");
    }
    for (name, value) in &device.settings {
        let value = match value {
            SettingValue::Number(number) => number.to_string(),
            SettingValue::Text(text) => text.clone(),
        };
        if can_be_said(name, &value) {
            let _ = writeln!(out, "sysctl -w {}", quoted(&format!("{}={value}", full(device, name))));
        }
    }
    let rules = rules(device);
    if !rules.is_empty() {
        let end = end_mark(&rules);
        let _ = writeln!(out, "nft -f - <<'{end}'\n{rules}\n{end}");
    }
    out
}

/// The rules as text, whichever way the device has them.
pub(super) fn rules(device: &Device) -> String {
    if device.nft.is_empty() { to_nft(&device.filter, &device.nat).trim_end().to_owned() } else { device.nft.as_str().to_owned() }
}

/// True if a setting fits on a line as `name=value`.
pub(super) fn can_be_said(name: &str, value: &str) -> bool {
    let is_odd = |text: &str| text.chars().any(char::is_control) || text.trim() != text || text.is_empty();
    !name.contains('=') && !is_odd(name) && !is_odd(value) && !name.contains('/')
}

/// A line that is none of the rules' own.
fn end_mark(rules: &str) -> String {
    let is_free = |mark: &String| !rules.lines().any(|line| line.trim() == mark);
    let numbered = (2_u32..).map(|number| format!("END{number}"));
    std::iter::once("END".to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}

fn print_interface(out: &mut String, interface: &Interface) {
    let name = quoted(&interface.name);
    if let Some(mac) = interface.mac {
        let _ = writeln!(out, "ip link set dev {name} address {mac}");
    }
    if interface.mtu != Interface::default_mtu() {
        let _ = writeln!(out, "ip link set dev {name} mtu {}", interface.mtu);
    }
    if interface.delay_ms.0 != roundtrip_sim::SimTime::ZERO {
        let _ = writeln!(out, "tc qdisc add dev {name} root netem delay {}ms", interface.delay_ms.as_f64());
    }
    for address in &interface.addresses {
        let _ = writeln!(out, "ip addr add {address} dev {name}");
    }
}

fn route_words(route: &Route) -> String {
    let mut words = Vec::new();
    match route.kind {
        RouteType::Unicast => {}
        RouteType::Unreachable => words.push("unreachable".to_owned()),
        RouteType::Prohibit => words.push("prohibit".to_owned()),
        RouteType::Blackhole => words.push("blackhole".to_owned()),
    }
    words.push(route.to.to_string());
    let mut named = |name: &str, value: Option<String>| words.extend(value.map(|value| format!("{name} {value}")));
    named("via", route.via.map(|via| via.to_string()));
    named("dev", route.dev.as_deref().map(quoted));
    named("src", route.src.map(|src| src.to_string()));
    named("metric", (route.metric != 0).then(|| route.metric.to_string()));
    named("mtu", route.mtu.map(|mtu| mtu.to_string()));
    if route.onlink {
        words.push("onlink".to_owned());
    }
    words.join(" ")
}
