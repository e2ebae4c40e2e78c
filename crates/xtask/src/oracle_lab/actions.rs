//! What happens in time.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::network::{lines, route, settings, steps};
use super::values::{Fields, Ours, seconds, with_prefix};

/// Bytes of a UDP datagram where nothing is said.
const DATAGRAM: u64 = 32;

/// An action with its name and time.
pub(super) struct Action<'a> {
    fields: Fields<'a>,
    id: String,
    kind: &'a str,
    pub(super) at: f64,
}

/// The actions with their names: `a` and a number from 1 where they have none.
pub(super) fn numbered(theirs: &[Value]) -> Result<Vec<Action<'_>>> {
    theirs
        .iter()
        .enumerate()
        .map(|(place, action)| {
            let number = place.saturating_add(1);
            let fields = Fields::of(action).with_context(|| format!("action {number}"))?;
            let id = fields.text("id")?.map_or_else(|| format!("a{number}"), str::to_owned);
            let kind = fields.need("type").with_context(|| format!("action {id}"))?;
            let at = fields.number("at")?.with_context(|| format!("action {id}: at is missing"))?;
            Ok(Action { fields, id, kind, at })
        })
        .collect()
}

impl Action<'_> {
    fn number(&self, key: &str, default: f64) -> Result<f64> {
        Ok(self.fields.number(key)?.unwrap_or(default))
    }

    /// How many seconds the recording tool reckons with.
    pub(super) fn length(&self) -> Result<f64> {
        Ok(match self.kind {
            "ping" => (self.number("count", 1.0)? - 1.0) * self.number("interval", 1.0)? + self.number("timeout", 2.0)?,
            "tcp" => self.number("limit", 10.0)?,
            "udp" => (self.number("count", 1.0)? - 1.0) * self.number("interval", 1.0)? + self.number("timeout", 3.0)?,
            "traceroute" => self.number("max_ttl", 8.0)? * self.number("queries", 1.0)? * self.number("wait", 2.0)?,
            _ => 0.3,
        })
    }
}

pub(super) fn convert(actions: &[Action<'_>], nodes: &[Value]) -> Result<Value> {
    actions.iter().map(|action| one(action, nodes).with_context(|| format!("action {}", action.id))).collect()
}

fn one(action: &Action<'_>, nodes: &[Value]) -> Result<Value> {
    let theirs = &action.fields;
    let mut ours = Ours::default();
    ours.put("id", action.id.as_str());
    ours.put("at", seconds(action.at));
    ours.put("type", action.kind);
    let keep = |ours: &mut Ours, keys: &[&str]| keys.iter().for_each(|key| ours.keep(theirs, key, key));
    match action.kind {
        "ping" => {
            keep(&mut ours, &["from", "to", "count", "interval", "size", "df", "ttl"]);
            if let Some(source) = theirs.text("source")? {
                ours.put("source", source_address(source, theirs.need("from")?, nodes)?);
            }
            keep(&mut ours, &["timeout", "icmp_id"]);
        }
        "tcp" => tcp(theirs, &mut ours)?,
        "udp" => {
            keep(&mut ours, &["from", "to", "port", "source"]);
            ours.keep(theirs, "sport", "source_port");
            // Each datagram begins with its mark, so none is shorter than that.
            let size = theirs.get("size").and_then(Value::as_u64);
            let mark = u64::try_from(format!("oracle:{}:0:", action.id).len()).unwrap_or(u64::MAX);
            if size.unwrap_or(DATAGRAM) < mark {
                ours.put("size", mark);
            } else {
                keep(&mut ours, &["size"]);
            }
            keep(&mut ours, &["count", "interval", "timeout", "df"]);
            if theirs.is_true("linger") {
                ours.put("linger", true);
            }
        }
        "traceroute" => {
            keep(&mut ours, &["from", "to", "method"]);
            if theirs.text("method")? == Some("tcp") {
                ours.keep(theirs, "port", "port");
            }
            keep(&mut ours, &["queries", "first_ttl", "max_ttl", "wait"]);
        }
        "neigh_flush" => {
            ours.keep(theirs, "node", "device");
            ours.keep(theirs, "dev", "dev");
        }
        "link" => {
            ours.keep(theirs, "node", "device");
            keep(&mut ours, &["dev", "state"]);
            if theirs.text("how")? == Some("cable") {
                ours.put("how", "cable");
            }
        }
        "route" => {
            ours.keep(theirs, "node", "device");
            ours.put("op", route_op(theirs.text("op")?.unwrap_or("add"))?);
            let changed = theirs.get("route").context("route is missing")?;
            let changed = route(&Fields::of(changed)?)?.context("a route in another table than main")?;
            ours.put("route", changed);
        }
        "addr" => {
            ours.keep(theirs, "node", "device");
            ours.keep(theirs, "dev", "dev");
            ours.put("op", addr_op(theirs.text("op")?.unwrap_or("add"))?);
            ours.put("address", with_prefix(theirs.need("cidr")?));
        }
        "sysctl" => {
            ours.keep(theirs, "node", "device");
            let set = theirs.get("set").context("set is missing")?;
            ours.put("set", all_settings(&Fields::of(set)?));
        }
        "nft" => {
            ours.keep(theirs, "node", "device");
            ours.put("script", lines(theirs.need("script")?));
        }
        "conntrack" => {
            let op = theirs.text("op")?.unwrap_or("flush");
            ensure!(op == "flush", "conntrack {op}, of which there is only flush");
            ours.put("type", "conntrack_flush");
            ours.keep(theirs, "node", "device");
        }
        "snapshot" => ours.keep(theirs, "name", "name"),
        "inject" => {
            keep(&mut ours, &["from", "flow_of"]);
            if theirs.text("spoof")?.unwrap_or("server") != "server" {
                ours.put("spoof", "client");
            }
            ours.put("observe", observe(theirs.need("observe")?, nodes)?);
            keep(&mut ours, &["flags", "seq_off", "ack_off", "len", "ttl"]);
        }
        other => bail!("the type {other}"),
    }
    Ok(ours.into_value())
}

fn tcp(theirs: &Fields<'_>, ours: &mut Ours) -> Result<()> {
    for key in ["from", "to", "port"] {
        ours.keep(theirs, key, key);
    }
    let profile = theirs.text("profile")?.unwrap_or("http");
    let keys: &[&str] = match profile {
        "http" => &["request"],
        "ssh" => &["banner", "expect"],
        _ => &[],
    };
    if matches!(profile, "http" | "ssh" | "connect") {
        ours.put("profile", profile);
    } else {
        ours.put("profile", "script");
        ours.put("steps", steps(theirs.list("steps")?)?);
    }
    for key in keys.iter().chain(&["host", "source"]) {
        ours.keep(theirs, key, key);
    }
    ours.keep(theirs, "sport", "source_port");
    ours.keep(theirs, "limit", "limit");
    // Anything else leaves the socket as it is.
    if let Some(how @ ("close" | "abort")) = theirs.text("on_limit")? {
        ours.put("on_limit", how);
    }
    Ok(())
}

/// Every setting of an action, which keeps the ones that change nothing.
fn all_settings(theirs: &Fields<'_>) -> Value {
    let mut set = settings(theirs, false);
    if let Some(forward) = theirs.get("ip_forward") {
        set.insert("ip_forward".to_owned(), forward.clone());
    }
    Value::Object(set)
}

/// The operations of `ip route` that there are, which may be cut short as `ip` allows.
fn route_op(op: &str) -> Result<&'static str> {
    Ok(match op {
        "add" => "add",
        "replace" | "change" => "replace",
        "del" | "delete" => "del",
        _ => bail!("ip route {op}"),
    })
}

fn addr_op(op: &str) -> Result<&'static str> {
    Ok(match op {
        "add" => "add",
        "del" | "delete" => "del",
        _ => bail!("ip addr {op}"),
    })
}

/// The interface at which a connection was watched. A capture of a whole segment becomes one at the interface of a
/// router there, or of anybody if there is none.
fn observe(place: &str, nodes: &[Value]) -> Result<String> {
    let Some(segment) = place.strip_prefix("seg.") else { return Ok(place.to_owned()) };
    let mut anybody = None;
    for node in nodes {
        let node = Fields::of(node)?;
        for interface in node.list("interfaces")? {
            let interface = Fields::of(interface)?;
            if interface.text("segment")? == Some(segment) {
                let name = format!("{}.{}", node.need("name")?, interface.need("name")?);
                if node.text("role")? == Some("router") {
                    return Ok(name);
                }
                anybody = anybody.or(Some(name));
            }
        }
    }
    anybody.with_context(|| format!("nobody is on the segment {segment}"))
}

/// What `ping -I` takes: an address, or an interface, of which the first address is meant.
fn source_address<'a>(source: &'a str, node: &str, nodes: &'a [Value]) -> Result<&'a str> {
    if source.parse::<std::net::Ipv4Addr>().is_ok() {
        return Ok(source);
    }
    let named = |value: &&Value, name: &str| value.get("name").and_then(Value::as_str) == Some(name);
    let items = |value: &'a Value, key: &str| value.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    nodes
        .iter()
        .find(|value| named(value, node))
        .and_then(|value| items(value, "interfaces").iter().find(|value| named(value, source)))
        .and_then(|interface| items(interface, "addresses").first())
        .and_then(Value::as_str)
        .and_then(|address| address.split('/').next())
        .with_context(|| format!("{source} is neither an address nor an interface of {node} that has one"))
}
