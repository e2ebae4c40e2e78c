//! Who mentions what: the places in a document that refer to devices, interfaces and addresses.

use ipnet::Ipv4Net;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{ActionKind, AddressSet, Device, FilterRule, NatRule, NftText, OneOrMany, Route, Service, Target};
use roundtrip_sim::netfilter::ruleset::AddressRange;
use std::net::Ipv4Addr;

/// The device of an action, to be changed.
const fn device_of(kind: &mut ActionKind) -> Option<&mut String> {
    match kind {
        ActionKind::Ping(action) => Some(&mut action.from),
        ActionKind::Tcp(action) => Some(&mut action.from),
        ActionKind::Udp(action) => Some(&mut action.from),
        ActionKind::Traceroute(action) => Some(&mut action.from),
        ActionKind::NeighFlush(action) => Some(&mut action.device),
        ActionKind::Link(action) => Some(&mut action.device),
        ActionKind::Route(action) => Some(&mut action.device),
        ActionKind::Addr(action) => Some(&mut action.device),
        ActionKind::Sysctl(action) => Some(&mut action.device),
        ActionKind::Nft(action) => Some(&mut action.device),
        ActionKind::ConntrackFlush(action) => Some(&mut action.device),
        ActionKind::Snapshot(_) => None,
        ActionKind::Inject(action) => Some(&mut action.from),
    }
}

/// The target of an action, to be changed.
const fn target_of(kind: &mut ActionKind) -> Option<&mut Target> {
    match kind {
        ActionKind::Ping(action) => Some(&mut action.to),
        ActionKind::Tcp(action) => Some(&mut action.to),
        ActionKind::Udp(action) => Some(&mut action.to),
        ActionKind::Traceroute(action) => Some(&mut action.to),
        _ => None,
    }
}

/// Everything that calls a device by its old name calls it by its new one.
pub(super) fn rename_device(lab: &mut Lab, old: &str, new: &str) {
    for action in &mut lab.actions {
        if let Some(device) = device_of(&mut action.kind).filter(|device| *device == old) {
            new.clone_into(device);
        }
        match target_of(&mut action.kind) {
            Some(Target::Device(name) | Target::Interface(name, _)) if name == old => new.clone_into(name),
            _ => {}
        }
        if let ActionKind::Inject(inject) = &mut action.kind
            && let Some((device, interface)) = inject.observe.split_once('.')
            && device == old
        {
            inject.observe = format!("{new}.{interface}");
        }
    }
}

/// True if an action needs this device.
fn needs_device(kind: &ActionKind, name: &str) -> bool {
    let watched = matches!(kind, ActionKind::Inject(inject) if inject.observe.split_once('.').is_some_and(|(device, _)| device == name));
    let target = matches!(kind.target(), Some(Target::Device(device) | Target::Interface(device, _)) if device == name);
    watched || target || kind.device() == Some(name)
}

/// Takes out the actions that `needs` says need something that is gone, and those that pretend to belong to one of them.
fn drop_actions(lab: &mut Lab, needs: impl Fn(&ActionKind) -> bool) {
    lab.actions.retain(|action| !needs(&action.kind));
    let left: Vec<String> = lab.actions.iter().map(|action| action.id.clone()).collect();
    lab.actions.retain(|action| !matches!(&action.kind, ActionKind::Inject(inject) if !left.contains(&inject.flow_of)));
}

/// Nothing that happens needs this device any longer.
pub(super) fn forget_device(lab: &mut Lab, name: &str) {
    drop_actions(lab, |kind| needs_device(kind, name));
}

/// How addresses are replaced. None for one that stays.
pub(super) trait Moved {
    /// One address.
    fn address(&self, address: Ipv4Addr) -> Option<Ipv4Addr>;
    /// A subnet, or an address with `/32`.
    fn net(&self, net: Ipv4Net) -> Option<Ipv4Net>;
}

/// Replaces every address in a device but those of its interfaces.
pub(super) fn readdress_device(device: &mut Device, moved: &dyn Moved) {
    device.gateway = device.gateway.map(|gateway| moved.address(gateway).unwrap_or(gateway));
    for route in &mut device.routes {
        readdress_route(route, moved);
    }
    let chains = [&mut device.filter.input, &mut device.filter.forward, &mut device.filter.output];
    for rule in chains.into_iter().flatten().flat_map(|chain| &mut chain.rules) {
        let FilterRule { source, destination, .. } = rule;
        for set in [source, destination] {
            readdress_sets(set, moved);
        }
    }
    for NatRule { source, destination, to, .. } in &mut device.nat {
        for set in [source, destination] {
            readdress_sets(set, moved);
        }
        if let Some(range) = to.as_mut().and_then(|to| to.addresses.as_mut()) {
            readdress_range(range, moved);
        }
    }
    for Service { bind, .. } in &mut device.services {
        *bind = bind.map(|address| moved.address(address).unwrap_or(address));
    }
    device.nft = readdress_text(&device.nft, moved);
}

/// Replaces every address in what happens.
pub(super) fn readdress_action(kind: &mut ActionKind, moved: &dyn Moved) {
    let replace = |address: &mut Ipv4Addr| *address = moved.address(*address).unwrap_or(*address);
    if let Some(Target::Address(address)) = target_of(kind) {
        replace(address);
    }
    match kind {
        ActionKind::Ping(action) => action.source.as_mut().map_or((), replace),
        ActionKind::Tcp(action) => action.source.as_mut().map_or((), replace),
        ActionKind::Udp(action) => action.source.as_mut().map_or((), replace),
        ActionKind::Route(action) => readdress_route(&mut action.route, moved),
        ActionKind::Addr(action) => action.address = readdress_interface(action.address, moved),
        ActionKind::Nft(action) => action.script = readdress_text(&action.script, moved),
        _ => {}
    }
}

/// An interface's address. Its prefix length changes with the subnet's.
pub(super) fn readdress_interface(own: Ipv4Net, moved: &dyn Moved) -> Ipv4Net {
    let Some(address) = moved.address(own.addr()) else { return own };
    let prefix = moved.net(own.trunc()).map_or(own.prefix_len(), |net| net.prefix_len());
    Ipv4Net::new(address, prefix).unwrap_or(own)
}

fn readdress_route(route: &mut Route, moved: &dyn Moved) {
    route.to.0 = moved.net(route.to.0).unwrap_or(route.to.0);
    for address in [&mut route.via, &mut route.src] {
        *address = address.map(|address| moved.address(address).unwrap_or(address));
    }
}

fn readdress_sets(sets: &mut OneOrMany<AddressSet>, moved: &dyn Moved) {
    for AddressSet(range) in &mut sets.0 {
        readdress_range(range, moved);
    }
}

fn readdress_range(range: &mut AddressRange, moved: &dyn Moved) {
    // A range that is a subnet is moved as one.
    let whole = AddressSet(*range).to_string().parse::<Ipv4Net>().ok();
    if let Some(net) = whole.and_then(|net| moved.net(net)) {
        *range = net.into();
        return;
    }
    if let (Some(first), Some(last)) = (moved.address(range.first), moved.address(range.last))
        && first <= last
    {
        *range = AddressRange { first, last };
    }
}

/// Replaces the addresses in rules as text, and leaves every other letter as it is.
fn readdress_text(text: &NftText, moved: &dyn Moved) -> NftText {
    let old = text.as_str();
    let mut new = String::with_capacity(old.len());
    let mut rest = old;
    while !rest.is_empty() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '_');
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let net = word.parse::<Ipv4Net>().ok();
        let replaced = match net {
            Some(net) => moved.net(net).map(|net| net.to_string()),
            None => word.parse::<Ipv4Addr>().ok().and_then(|address| moved.address(address)).map(|address| address.to_string()),
        };
        new.push_str(replaced.as_deref().unwrap_or(word));
        // What parts words is taken over up to the next word.
        let gap = after.find(is_word).unwrap_or(after.len());
        let (between, next) = after.split_at(gap);
        new.push_str(between);
        rest = next;
    }
    NftText::new(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Up;

    impl Moved for Up {
        fn address(&self, address: Ipv4Addr) -> Option<Ipv4Addr> {
            let [a, b, c, d] = address.octets();
            (a == 192).then(|| Ipv4Addr::new(10, b, c, d))
        }

        fn net(&self, net: Ipv4Net) -> Option<Ipv4Net> {
            Ipv4Net::new(self.address(net.addr())?, net.prefix_len()).ok()
        }
    }

    #[test]
    fn addresses_in_rules_are_replaced_and_nothing_else() {
        let text = "add rule ip nat p ip daddr 192.168.1.5-192.168.1.9 dnat to 192.168.2.7:80 # 1.2 {192.168.0.0/16,172.16.0.1}\n  x";
        let expected = "add rule ip nat p ip daddr 10.168.1.5-10.168.1.9 dnat to 10.168.2.7:80 # 1.2 {10.168.0.0/16,172.16.0.1}\n  x";
        assert_eq!(readdress_text(&NftText::new(text), &Up).as_str(), expected);
    }

    #[test]
    fn a_segment_pretended_goes_with_its_connection() {
        let mut lab = roundtrip_lab::load(
            r#"{"version":1,"segments":[{"name":"a"}],"devices":[
              {"name":"x","interfaces":[{"name":"eth0","segment":"a","addresses":["10.0.0.1/24"]}]},
              {"name":"y","interfaces":[{"name":"eth0","segment":"a","addresses":["10.0.0.2/24"]}]},
              {"name":"z","interfaces":[{"name":"eth0","segment":"a","addresses":["10.0.0.3/24"]}]}],
             "actions":[{"id":"t","type":"tcp","from":"x","to":"y","port":80,"profile":"http"},
              {"id":"f","at":1,"type":"inject","from":"z","flow_of":"t","observe":"z.eth0"},
              {"id":"p","at":1,"type":"ping","from":"z","to":"10.0.0.1"}]}"#,
        )
        .lab
        .unwrap();
        forget_device(&mut lab, "y");
        assert_eq!(lab.actions.iter().map(|action| action.id.as_str()).collect::<Vec<_>>(), ["p"]);
    }
}
