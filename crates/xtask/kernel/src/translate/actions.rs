//! What happens in time.

use super::network::{route, settings, steps};
use super::{Fields, saved};
use roundtrip_lab::Lab;
use roundtrip_lab::document::{
    Action, ActionKind, AddrOp, GiveUp, LinkHow, LinkState, Profile, RouteOp, Spoof, TcpAction, TracerouteMethod,
};
use roundtrip_sim::Scenario;
use roundtrip_sim::scenario as sim;
use serde_json::Value;

/// Every action. `scenario` has the addresses that the document names by devices.
pub(super) fn actions(lab: &Lab, scenario: &Scenario, refused: &mut Vec<String>) -> Value {
    lab.actions.iter().zip(&scenario.actions).map(|(action, resolved)| one(lab, action, resolved, refused)).collect()
}

fn target(action: &sim::Action) -> Option<String> {
    let address = match &action.kind {
        sim::ActionKind::Ping(ping) => ping.to,
        sim::ActionKind::Tcp(tcp) => tcp.to,
        sim::ActionKind::Udp(udp) => udp.to,
        sim::ActionKind::Traceroute(trace) => trace.to,
        _ => return None,
    };
    Some(address.to_string())
}

fn one(lab: &Lab, action: &Action, resolved: &sim::Action, refused: &mut Vec<String>) -> Value {
    let mut out = Fields::default();
    out.put("id", action.id.as_str());
    out.put("at", saved(action.at));
    let kind = if matches!(action.kind, ActionKind::ConntrackFlush(_)) { "conntrack" } else { action.kind.name() };
    out.put("type", kind);
    let acting = matches!(
        action.kind,
        ActionKind::Ping(_) | ActionKind::Tcp(_) | ActionKind::Udp(_) | ActionKind::Traceroute(_) | ActionKind::Inject(_)
    );
    out.some(if acting { "from" } else { "node" }, action.kind.device());
    out.some("to", target(resolved));
    match &action.kind {
        ActionKind::Ping(ping) => {
            out.put("count", ping.count);
            out.put("interval", saved(ping.interval));
            out.put("size", ping.size);
            out.some("df", ping.df);
            out.some("ttl", ping.ttl);
            out.some("source", ping.source.map(|source| source.to_string()));
            out.put("timeout", saved(ping.timeout));
            out.some("icmp_id", ping.icmp_id);
        }
        ActionKind::Tcp(client) => tcp(client, action, &mut out, refused),
        ActionKind::Udp(udp) => {
            out.put("port", udp.port);
            out.some("source", udp.source.map(|source| source.to_string()));
            out.some("sport", udp.source_port);
            out.put("size", udp.size);
            out.put("count", udp.count);
            out.put("interval", saved(udp.interval));
            out.put("timeout", saved(udp.timeout));
            out.some("df", udp.df);
            out.some("linger", Some(true).filter(|_| udp.linger));
        }
        ActionKind::Traceroute(trace) => {
            let method = match trace.method {
                TracerouteMethod::Udp => "udp",
                TracerouteMethod::Icmp => "icmp",
                TracerouteMethod::Tcp => "tcp",
            };
            out.put("method", method);
            out.some("port", Some(trace.port).filter(|_| trace.method == TracerouteMethod::Tcp));
            out.put("queries", trace.queries);
            out.put("first_ttl", trace.first_ttl);
            out.put("max_ttl", trace.max_ttl);
            out.put("wait", saved(trace.wait));
        }
        ActionKind::NeighFlush(flush) => out.some("dev", flush.dev.as_deref()),
        ActionKind::Link(link) => {
            out.put("dev", link.dev.as_str());
            out.put("state", if link.state == LinkState::Up { "up" } else { "down" });
            out.put("how", if link.how == LinkHow::Cable { "cable" } else { "admin" });
        }
        ActionKind::Route(change) => {
            let op = match change.op {
                RouteOp::Add => "add",
                RouteOp::Replace => "replace",
                RouteOp::Del => "del",
            };
            out.put("op", op);
            out.put("route", route(&change.route));
        }
        ActionKind::Addr(change) => {
            out.put("dev", change.dev.as_str());
            out.put("op", if change.op == AddrOp::Add { "add" } else { "del" });
            out.put("cidr", change.address.to_string());
        }
        ActionKind::Sysctl(change) => {
            out.some("set", lab.device(&change.device).map(|device| settings(&change.set, device)));
        }
        ActionKind::Nft(change) => out.put("script", format!("{}\n", change.script.as_str())),
        ActionKind::ConntrackFlush(_) => out.put("op", "flush"),
        ActionKind::Snapshot(snapshot) => out.some("name", snapshot.name.as_deref()),
        ActionKind::Inject(inject) => {
            out.put("flow_of", inject.flow_of.as_str());
            out.put("spoof", if inject.spoof == Spoof::Server { "server" } else { "client" });
            out.put("observe", inject.observe.as_str());
            out.put("flags", inject.flags.as_str());
            out.put("seq_off", inject.seq_off);
            out.put("ack_off", inject.ack_off);
            out.put("len", inject.len);
            out.put("ttl", inject.ttl);
        }
    }
    out.into_value()
}

fn tcp(client: &TcpAction, action: &Action, out: &mut Fields, refused: &mut Vec<String>) {
    out.put("port", client.port);
    match &client.profile {
        Profile::Http { request } => {
            out.put("profile", "http");
            out.put("request", *request);
        }
        Profile::Ssh { banner, expect } => {
            out.put("profile", "ssh");
            out.put("banner", *banner);
            out.put("expect", *expect);
        }
        Profile::Connect => out.put("profile", "connect"),
        Profile::Script { steps: script } => {
            out.put("profile", "steps");
            out.put("steps", steps(script, &format!("action {}", action.id), refused));
        }
    }
    out.put("host", client.host.as_str());
    out.some("source", client.source.map(|source| source.to_string()));
    out.some("sport", client.source_port);
    out.put("limit", saved(client.limit));
    let on_limit = match client.on_limit {
        GiveUp::Leave => "leave",
        GiveUp::Close => "close",
        GiveUp::Abort => "abort",
    };
    out.put("on_limit", on_limit);
}
