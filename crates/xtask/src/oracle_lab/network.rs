//! Segments and nodes.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::values::{Fields, Ours, truth, with_prefix};

/// The segments, each with the subnet that all its addresses share, if they do.
pub(super) fn segments(theirs: &[Value], nodes: &[Value]) -> Result<Value> {
    let mut out = Vec::new();
    for segment in theirs {
        let fields = Fields::of(segment).context("segment")?;
        let name = fields.need("name").context("segment")?;
        let mut ours = Ours::default();
        ours.put("name", name);
        if let Some(subnet) = subnet(nodes, name)? {
            ours.put("subnet", subnet);
        }
        ours.keep(&fields, "latency_ms", "latency_ms");
        out.push(ours.into_value());
    }
    Ok(out.into())
}

/// The one subnet of every address on a segment.
fn subnet(nodes: &[Value], segment: &str) -> Result<Option<String>> {
    let mut found: Option<String> = None;
    for node in nodes {
        for interface in Fields::of(node)?.list("interfaces")? {
            let interface = Fields::of(interface)?;
            if interface.text("segment")? != Some(segment) {
                continue;
            }
            for address in interface.list("addresses")? {
                let network = address.as_str().and_then(network);
                if network.is_none() || found.is_some() && found != network {
                    return Ok(None);
                }
                found = network;
            }
        }
    }
    Ok(found)
}

/// The subnet of an address with its prefix length.
fn network(address: &str) -> Option<String> {
    let (address, length) = address.split_once('/')?;
    let bits: u32 = address.parse::<std::net::Ipv4Addr>().ok()?.into();
    let length: u32 = length.parse().ok().filter(|length| *length <= 32)?;
    let mask = u32::MAX.checked_shl(32_u32.checked_sub(length)?).unwrap_or(0);
    Some(format!("{}/{length}", std::net::Ipv4Addr::from(bits & mask)))
}

pub(super) fn devices(nodes: &[Value]) -> Result<Value> {
    nodes
        .iter()
        .map(|node| {
            let fields = Fields::of(node).context("node")?;
            let name = fields.need("name").context("node")?;
            device(&fields, name).with_context(|| format!("node {name}"))
        })
        .collect()
}

fn device(node: &Fields<'_>, name: &str) -> Result<Value> {
    let router = node.text("role")? == Some("router");
    let mut ours = Ours::default();
    ours.put("name", name);
    if router {
        ours.put("kind", "router");
    } else if name == "inet" {
        ours.put("kind", "internet");
    }
    let mut interfaces = Vec::new();
    for interface in node.list("interfaces")? {
        let fields = Fields::of(interface).context("interface")?;
        let mut ours = Ours::default();
        for key in ["name", "segment", "mac"] {
            ours.put(key, fields.need(key).context("interface")?);
        }
        let addresses: Vec<Value> = fields
            .list("addresses")?
            .iter()
            .map(|address| Ok(json!(with_prefix(address.as_str().context("an address is no text")?))))
            .collect::<Result<_>>()?;
        ours.put("addresses", addresses);
        ours.keep(&fields, "mtu", "mtu");
        ours.keep(&fields, "delay_ms", "delay_ms");
        interfaces.push(ours.into_value());
    }
    ours.put("interfaces", interfaces);
    let known: Vec<&str> = node.list("interfaces")?.iter().filter_map(|interface| interface.get("name")?.as_str()).collect();
    routes(node.list("routes")?, &known, &mut ours)?;
    let settings = match node.get("sysctls") {
        Some(settings) => self::settings(&Fields::of(settings).context("sysctls")?, router),
        None => Map::new(),
    };
    if !settings.is_empty() {
        ours.put("settings", settings);
    }
    if node.is_true("nft") {
        ours.put("nft", lines(node.need("nft")?));
    }
    let mut services = Vec::new();
    for listener in node.list("listeners")? {
        services.push(service(&Fields::of(listener).context("listener")?)?);
    }
    if !services.is_empty() {
        ours.put("services", services);
    }
    Ok(ours.into_value())
}

/// Rules as lines, so that a person can read them.
pub(super) fn lines(text: &str) -> Value {
    match text.trim_end() {
        one if !one.contains('\n') => json!(one),
        many => many.split('\n').collect(),
    }
}

/// The gateway, where a plain default route is the only one, and the other routes in their order. A route that may fail and
/// names an interface that is not there has failed.
fn routes(theirs: &[Value], interfaces: &[&str], ours: &mut Ours) -> Result<()> {
    let mut converted = Vec::new();
    for value in theirs {
        let dev = value.get("dev").and_then(Value::as_str);
        if dev.is_some_and(|dev| !interfaces.contains(&dev)) && value.get("may_fail").is_some_and(truth) {
            continue;
        }
        if let Some(route) = route(&Fields::of(value).context("route")?)? {
            converted.push(route);
        }
    }
    let is_default = |route: &Value| route.get("to").is_some_and(|to| to == "default" || to == "0.0.0.0/0");
    let mut defaults = converted.iter().enumerate().filter(|(_, route)| is_default(route));
    if let (Some((place, route)), None) = (defaults.next(), defaults.next())
        && route.as_object().is_some_and(|fields| fields.len() == 2)
        && let Some(gateway) = route.get("via").cloned()
    {
        ours.put("gateway", gateway);
        converted.remove(place);
    }
    if !converted.is_empty() {
        ours.put("routes", converted);
    }
    Ok(())
}

/// A route; none for one in a table that nothing looks into.
pub(super) fn route(theirs: &Fields<'_>) -> Result<Option<Value>> {
    if let Some(table) = theirs.get("table") {
        let name = table.as_str().map_or_else(|| table.to_string(), str::to_owned);
        if !matches!(name.as_str(), "main" | "254") {
            // Without `ip rule`, which the format does not have, only the local and main tables are asked.
            return if matches!(name.as_str(), "local" | "255") { bail!("a route in the local table") } else { Ok(None) };
        }
    }
    let mut ours = Ours::default();
    ours.put("to", theirs.need("dst")?);
    for key in ["via", "dev", "src", "metric", "mtu"] {
        ours.keep(theirs, key, key);
    }
    if theirs.is_true("onlink") {
        ours.put("onlink", true);
    }
    match theirs.text("type")?.filter(|kind| !kind.is_empty()) {
        None | Some("unicast") => {}
        Some(kind @ ("unreachable" | "prohibit" | "blackhole")) => ours.put("type", kind),
        Some(other) => bail!("a route of the type {other}"),
    }
    Ok(Some(ours.into_value()))
}

/// The settings as the recording tool ends up with them. It writes those with a short name first, for the whole
/// node and for each interface, and those with a full name in between, so that a short one further down wins.
pub(super) fn settings(theirs: &Fields<'_>, router: bool) -> Map<String, Value> {
    let all: Vec<(&str, &Value)> = theirs.iter().collect();
    let mut out = Map::new();
    for (place, (key, value)) in all.iter().enumerate() {
        let overwritten = key.rsplit_once('.').is_some_and(|(scope, last)| {
            let to_interface = scope.starts_with("net.ipv4.conf.") && !matches!(scope, "net.ipv4.conf.all" | "net.ipv4.conf.default");
            to_interface && all.iter().skip(place.saturating_add(1)).any(|(later, _)| *later == last)
        });
        // What a device of this kind does anyway needs no saying.
        let usual = *key == "ip_forward" && truth(value) == router;
        if !overwritten && !usual {
            out.insert((*key).to_owned(), number_of(value));
        }
    }
    out
}

/// A number also where it is written as a text.
fn number_of(value: &Value) -> Value {
    match value {
        Value::String(text) => text.trim().parse::<i64>().map_or_else(|_| value.clone(), Value::from),
        Value::Bool(on) => json!(i64::from(*on)),
        other => other.clone(),
    }
}

fn service(theirs: &Fields<'_>) -> Result<Value> {
    let mut ours = Ours::default();
    ours.keep(theirs, "port", "port");
    ours.keep(theirs, "bind", "bind");
    let profile = theirs.text("profile")?.unwrap_or("http");
    if theirs.text("proto")?.unwrap_or("tcp") == "udp" {
        if profile == "sink" {
            ours.put("type", "udp-sink");
            return Ok(ours.into_value());
        }
        ours.put("type", "udp-echo");
        if theirs.is_true("reply") {
            ours.keep(theirs, "reply", "reply");
        }
        if theirs.is_true("plain") {
            ours.put("any_source", true);
        }
        return Ok(ours.into_value());
    }
    let keys: &[&str] = match profile {
        "http" => &["response", "close_delay"],
        "ssh" => &["banner", "client_banner", "response"],
        _ => &[],
    };
    match profile {
        "http" | "ssh" | "echo" => ours.put("type", profile),
        _ => {
            ours.put("type", "script");
            ours.put("steps", steps(theirs.list("steps")?)?);
        }
    }
    for key in keys {
        ours.keep(theirs, key, key);
    }
    Ok(ours.into_value())
}

/// A script. Where a step has several keys, the recording tool takes the first that it knows, in this order.
pub(super) fn steps(theirs: &[Value]) -> Result<Value> {
    theirs
        .iter()
        .map(|step| {
            let fields = Fields::of(step).context("step")?;
            if let Some(bytes) = fields.get("send") {
                return Ok(json!({ "send": bytes }));
            }
            if let Some(what) = fields.get("recv") {
                let mut ours = Ours::default();
                match what {
                    Value::String(word) if !matches!(word.as_str(), "eof" | "request") => bail!("recv: {word}"),
                    what => ours.put("recv", what.clone()),
                }
                ours.keep(&fields, "within", "within");
                return Ok(ours.into_value());
            }
            if fields.get("echo").is_some() {
                return Ok(json!("echo"));
            }
            if let Some(time) = fields.get("sleep") {
                return Ok(json!({ "sleep": time }));
            }
            if let Some(keepalive) = fields.get("keepalive") {
                let keepalive = Fields::of(keepalive).context("keepalive")?;
                let part = |key: &str| keepalive.get(key).cloned().with_context(|| format!("keepalive: {key} is missing"));
                return Ok(json!({ "keepalive": { "idle": part("idle")?, "interval": part("intvl")?, "count": part("cnt")? } }));
            }
            for word in ["shutdown", "abort", "close"] {
                if fields.get(word).is_some() {
                    return Ok(json!(word));
                }
            }
            bail!("the step {step}")
        })
        .collect()
}
