//! Changes of the network, in words.

use super::{Case, Link, LinkKind, Reference};
use crate::message::{Message, Value};
use roundtrip_sim::scenario::{ActionId, ActionKind, LinkChange, NodeId, RouteKind, RouteOp};
use roundtrip_sim::time::SimTime;

/// The names of the messages, with their arguments.
pub(crate) const MESSAGES: &[(&str, &[&str])] = &[
    ("change-link-down", &["node", "dev"]),
    ("change-link-up", &["node", "dev"]),
    ("change-cable-out", &["node", "dev"]),
    ("change-cable-in", &["node", "dev"]),
    ("change-route-add", &["node", "route"]),
    ("change-route-replace", &["node", "route"]),
    ("change-route-del", &["node", "route"]),
    ("change-address-add", &["node", "address"]),
    ("change-address-del", &["node", "address"]),
    ("change-sysctl", &["node", "setting"]),
    ("change-nft", &["node"]),
    ("change-neigh-flush", &["node"]),
    ("change-conntrack-flush", &["node"]),
];

/// The link of an action that changes something, if it does.
pub(super) fn link(case: &Case<'_, '_>, id: ActionId) -> Option<Link> {
    let action = case.thread.reading().scenario().actions.get(id.0 as usize)?;
    let what = what(case, &action.kind)?;
    let link = Link::new(LinkKind::Changed).with("at", action.at).with("what", what).with("action", action.id.as_str());
    Some(link.on(Reference::Action(id)))
}

/// The last change before a moment that `wanted` picks.
pub(super) fn last(case: &Case<'_, '_>, before: SimTime, wanted: impl Fn(&ActionKind) -> bool) -> Option<Link> {
    let actions = case.thread.reading().scenario().actions.iter().zip(0_u32..);
    let found = actions.filter(|(action, _)| action.at <= before && wanted(&action.kind)).max_by_key(|(action, id)| (action.at, *id))?;
    link(case, ActionId(found.1))
}

fn what(case: &Case<'_, '_>, kind: &ActionKind) -> Option<Message> {
    let on = |id, node: NodeId| Message::new(id).with("node", case.device(node));
    Some(match kind {
        ActionKind::Link { port, up, how } => {
            let id = match (up, how) {
                (false, LinkChange::Admin) => "change-link-down",
                (true, LinkChange::Admin) => "change-link-up",
                (false, LinkChange::Cable) => "change-cable-out",
                (true, LinkChange::Cable) => "change-cable-in",
            };
            on(id, port.node).with("dev", case.interface(*port))
        }
        ActionKind::Route { node, op, route } => {
            let id = match op {
                RouteOp::Add => "change-route-add",
                RouteOp::Replace => "change-route-replace",
                RouteOp::Del => "change-route-del",
            };
            let to = if route.destination.prefix_len() == 0 { "default".to_owned() } else { route.destination.to_string() };
            let kind = match route.kind {
                RouteKind::Unicast => "",
                RouteKind::Unreachable => "unreachable ",
                RouteKind::Prohibit => "prohibit ",
                RouteKind::Blackhole => "blackhole ",
            };
            let via = route.via.map(|via| format!(" via {via}")).unwrap_or_default();
            on(id, *node).with("route", format!("{kind}{to}{via}"))
        }
        ActionKind::Addr { port, add, address } => {
            on(if *add { "change-address-add" } else { "change-address-del" }, port.node).with("address", address.to_string())
        }
        ActionKind::Sysctl { node, settings } => {
            let settings: Vec<String> = settings.iter().map(|setting| format!("{}={}", setting.key.name(), setting.value)).collect();
            on("change-sysctl", *node).with("setting", Value::Text(settings.join(" ")))
        }
        ActionKind::Nft { node, .. } => on("change-nft", *node),
        ActionKind::NeighFlush { node, .. } => on("change-neigh-flush", *node),
        ActionKind::ConntrackFlush { node } => on("change-conntrack-flush", *node),
        ActionKind::Ping(_)
        | ActionKind::Tcp(_)
        | ActionKind::Udp(_)
        | ActionKind::Traceroute(_)
        | ActionKind::Snapshot { .. }
        | ActionKind::Inject(_) => return None,
    })
}
