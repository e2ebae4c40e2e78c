//! Names are references: what is renamed is renamed wherever it is spoken of.

use crate::document::{Action, ActionKind, Device, Lab, NftText, Route, Target};
use std::collections::BTreeMap;

/// A device gets another name, in every action too.
pub fn device(lab: &mut Lab, from: &str, to: &str) {
    for device in lab.devices.iter_mut().filter(|device| device.name == from) {
        to.clone_into(&mut device.name);
    }
    for action in &mut lab.actions {
        if let Some(name) = device_of(action)
            && name == from
        {
            to.clone_into(name);
        }
        match target_of(action) {
            Some(Target::Device(name) | Target::Interface(name, _)) if name == from => to.clone_into(name),
            _ => {}
        }
        if let ActionKind::Inject(inject) = &mut action.kind
            && let Some(interface) = inject.observe.strip_prefix(from).and_then(|rest| rest.strip_prefix('.'))
        {
            inject.observe = format!("{to}.{interface}");
        }
    }
}

/// A segment gets another name, at the cables that lead to it too.
pub fn segment(lab: &mut Lab, from: &str, to: &str) {
    let cables = lab.devices.iter_mut().flat_map(|device| &mut device.interfaces).filter_map(|interface| interface.segment.as_mut());
    for name in lab.segments.iter_mut().map(|segment| &mut segment.name).chain(cables) {
        if name == from {
            to.clone_into(name);
        }
    }
}

/// An interface gets another name: in its device's routes, settings and rules, and in actions.
pub fn interface(lab: &mut Lab, device: &str, from: &str, to: &str) {
    for owner in lab.devices.iter_mut().filter(|owner| owner.name == device) {
        in_device(owner, from, to);
    }
    for action in &mut lab.actions {
        if let Some(Target::Interface(name, dev)) = target_of(action)
            && name == device
        {
            put(dev, from, to);
        }
        if let ActionKind::Inject(inject) = &mut action.kind
            && inject.observe == format!("{device}.{from}")
        {
            inject.observe = format!("{device}.{to}");
        }
        if action.kind.device() != Some(device) {
            continue;
        }
        match &mut action.kind {
            ActionKind::NeighFlush(change) => change.dev.iter_mut().for_each(|dev| put(dev, from, to)),
            ActionKind::Link(change) => put(&mut change.dev, from, to),
            ActionKind::Addr(change) => put(&mut change.dev, from, to),
            ActionKind::Route(change) => in_route(&mut change.route, from, to),
            ActionKind::Sysctl(change) => in_settings(&mut change.set, from, to),
            ActionKind::Nft(change) => change.script = in_rules(&change.script, from, to),
            _ => {}
        }
    }
}

/// An action gets another name, where its connection is spoken of too.
pub fn action(lab: &mut Lab, from: &str, to: &str) {
    for action in &mut lab.actions {
        put(&mut action.id, from, to);
        if let ActionKind::Inject(inject) = &mut action.kind {
            put(&mut inject.flow_of, from, to);
        }
    }
}

fn put(name: &mut String, from: &str, to: &str) {
    if name == from {
        to.clone_into(name);
    }
}

fn in_device(device: &mut Device, from: &str, to: &str) {
    for interface in &mut device.interfaces {
        put(&mut interface.name, from, to);
    }
    for route in &mut device.routes {
        in_route(route, from, to);
    }
    in_settings(&mut device.settings, from, to);
    device.nft = in_rules(&device.nft, from, to);
    let filter = &mut device.filter;
    let chains = [&mut filter.input, &mut filter.forward, &mut filter.output].into_iter().flatten();
    let of_rules = chains.flat_map(|chain| &mut chain.rules).flat_map(|rule| [&mut rule.in_interface, &mut rule.out_interface]);
    let of_nat = device.nat.iter_mut().flat_map(|rule| [&mut rule.in_interface, &mut rule.out_interface]);
    for name in of_rules.chain(of_nat).flat_map(|names| &mut names.0) {
        put(name, from, to);
    }
}

fn in_route(route: &mut Route, from: &str, to: &str) {
    route.dev.iter_mut().for_each(|dev| put(dev, from, to));
}

fn in_settings<V>(settings: &mut BTreeMap<String, V>, from: &str, to: &str) {
    let (old, new) = (format!("net.ipv4.conf.{from}."), format!("net.ipv4.conf.{to}."));
    *settings = std::mem::take(settings)
        .into_iter()
        .map(|(name, value)| (name.strip_prefix(&old).map(|key| format!("{new}{key}")).unwrap_or(name), value))
        .collect();
}

/// The rules with every whole word that is the name replaced.
fn in_rules(rules: &NftText, from: &str, to: &str) -> NftText {
    let is_part = |c: char| c.is_alphanumeric() || "_-.*:/@$".contains(c);
    let (mut out, mut rest) = (String::new(), rules.as_str());
    while let Some(at) = rest.find(from).filter(|_| !from.is_empty()) {
        let (before, found) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let behind = found.strip_prefix(from).unwrap_or_default();
        let last = before.chars().next_back().or_else(|| out.chars().next_back());
        let is_word = !last.is_some_and(is_part) && !behind.chars().next().is_some_and(is_part);
        out.push_str(before);
        out.push_str(if is_word { to } else { from });
        rest = behind;
    }
    out.push_str(rest);
    NftText::new(out)
}

const fn device_of(action: &mut Action) -> Option<&mut String> {
    Some(match &mut action.kind {
        ActionKind::Ping(action) => &mut action.from,
        ActionKind::Tcp(action) => &mut action.from,
        ActionKind::Udp(action) => &mut action.from,
        ActionKind::Traceroute(action) => &mut action.from,
        ActionKind::NeighFlush(action) => &mut action.device,
        ActionKind::Link(action) => &mut action.device,
        ActionKind::Route(action) => &mut action.device,
        ActionKind::Addr(action) => &mut action.device,
        ActionKind::Sysctl(action) => &mut action.device,
        ActionKind::Nft(action) => &mut action.device,
        ActionKind::ConntrackFlush(action) => &mut action.device,
        ActionKind::Inject(action) => &mut action.from,
        ActionKind::Snapshot(_) => return None,
    })
}

const fn target_of(action: &mut Action) -> Option<&mut Target> {
    match &mut action.kind {
        ActionKind::Ping(action) => Some(&mut action.to),
        ActionKind::Tcp(action) => Some(&mut action.to),
        ActionKind::Udp(action) => Some(&mut action.to),
        ActionKind::Traceroute(action) => Some(&mut action.to),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Problem, check, load, save};

    fn lab() -> Lab {
        load(include_str!("../tests/all-fields.json")).lab.unwrap()
    }

    /// The document still says the same of itself, but for the name.
    fn is_as_good(lab: &Lab, from: &str, to: &str) {
        let known =
            |lab: &Lab| -> Vec<&'static str> { check(lab).iter().filter(|p: &&Problem| p.is_error()).map(|p| p.id.name()).collect() };
        assert_eq!(known(lab), known(&super::tests::lab()), "{from} to {to}");
    }

    #[test]
    fn a_device_keeps_its_traffic() {
        let mut lab = lab();
        device(&mut lab, "pc", "laptop");
        device(&mut lab, "net", "world");
        device(&mut lab, "r", "gate");
        is_as_good(&lab, "pc", "laptop");
        let text = save(&lab);
        assert!(
            !text.contains("\"pc\"") && !text.contains("net.eth0") && !text.contains("\"r.eth") && text.contains("gate.eth1"),
            "{text}"
        );
    }

    #[test]
    fn an_interface_keeps_its_routes_rules_and_settings() {
        let mut lab = lab();
        interface(&mut lab, "pc", "eth0", "lan");
        interface(&mut lab, "r", "eth0", "inside");
        is_as_good(&lab, "eth0", "lan");
        let pc = &lab.devices[0];
        assert_eq!((pc.interfaces[0].name.as_str(), pc.routes[0].dev.as_deref()), ("lan", Some("lan")));
        assert!(pc.settings.contains_key("net.ipv4.conf.lan.rp_filter"));
        assert_eq!(lab.devices[1].filter.forward.as_ref().unwrap().rules[0].in_interface.0, ["inside", "eth*"]);
        assert_eq!(lab.device("net").unwrap().interfaces[0].name, "eth0", "another device's");
    }

    #[test]
    fn segments_and_actions_keep_who_speaks_of_them() {
        let mut lab = lab();
        segment(&mut lab, "A", "living");
        action(&mut lab, "t", "page");
        is_as_good(&lab, "A", "living");
        assert_eq!(lab.devices[0].interfaces[0].segment.as_deref(), Some("living"));
    }

    #[test]
    fn only_whole_words_of_rules_are_the_name() {
        let rules = NftText::new("iifname eth0 oifname { \"eth0\", eth01, eth0.5, veth0 } jump eth0");
        assert_eq!(in_rules(&rules, "eth0", "lan").as_str(), "iifname lan oifname { \"lan\", eth01, eth0.5, veth0 } jump lan");
    }
}
