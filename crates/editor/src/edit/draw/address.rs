//! Which address, gateway and subnet something new gets.

use ipnet::Ipv4Net;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Kind};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// Where hosts begin to be numbered; below it is room for routers. As many networks at home and in offices do.
const FIRST_HOST: usize = 10;

/// True if a device has an interface on a segment.
#[must_use]
pub fn is_on(device: &Device, segment: &str) -> bool {
    device.interfaces.iter().any(|interface| interface.segment.as_deref() == Some(segment))
}

/// The addresses of a device on a segment.
pub fn addresses_on<'d>(device: &'d Device, segment: &'d str) -> impl Iterator<Item = Ipv4Net> + 'd {
    let on_it = device.interfaces.iter().filter(move |interface| interface.segment.as_deref() == Some(segment));
    on_it.flat_map(|interface| interface.addresses.iter().copied())
}

/// The subnet of a segment: the one that it is said to have, else that of the first address on it.
#[must_use]
pub fn subnet(lab: &Lab, segment: &str) -> Option<Ipv4Net> {
    let said = lab.segment(segment)?.subnet;
    said.or_else(|| lab.devices.iter().flat_map(|device| addresses_on(device, segment)).next()).map(|net| net.trunc())
}

/// Every address that an interface with a cable has.
pub(super) fn taken(lab: &Lab) -> BTreeSet<Ipv4Addr> {
    let plugged = lab.devices.iter().flat_map(Device::addresses).filter(|(interface, _)| interface.segment.is_some());
    plugged.map(|(_, net)| net.addr()).collect()
}

/// The first address of a subnet that is not taken: from the beginning for what forwards, from the tenth for all others.
pub(super) fn free_in(subnet: Ipv4Net, forwards: bool, taken: &BTreeSet<Ipv4Addr>) -> Option<Ipv4Net> {
    let first = if forwards || subnet.prefix_len() > 27 { 0 } else { FIRST_HOST.saturating_sub(1) };
    // Both ends stop after as many as are taken.
    let found = subnet.hosts().skip(first).chain(subnet.hosts().take(first)).find(|address| !taken.contains(address))?;
    Ipv4Net::new(found, subnet.prefix_len()).ok()
}

/// The next free address of a segment.
#[must_use]
pub fn free_address(lab: &Lab, segment: &str, forwards: bool) -> Option<Ipv4Net> {
    free_in(subnet(lab, segment)?, forwards, &taken(lab))
}

/// The gateway that a device on this segment would be given without a second thought: a device there that forwards, rather one with a
/// way out. What forwards itself gets one with a way out or none: two routers that point at each other help nobody.
#[must_use]
pub fn obvious_gateway(lab: &Lab, device: &Device, segment: &str) -> Option<Ipv4Addr> {
    let own = |address: Ipv4Addr| device.addresses().any(|(_, net)| net.addr() == address);
    let near = || {
        lab.devices
            .iter()
            .filter(|other| other.name != device.name && other.kind.forwards())
            .filter_map(|other| Some((other, addresses_on(other, segment).next()?.addr())))
    };
    let leads_out = |other: &Device| {
        let by_another = other.gateway.is_some_and(|gateway| !own(gateway));
        let beside_it = |internet: &&Device| internet.interfaces.iter().filter_map(|i| i.segment.as_deref()).any(|name| is_on(other, name));
        by_another || lab.devices.iter().filter(|internet| internet.kind == Kind::Internet).any(|internet| beside_it(&internet))
    };
    let best = near().find(|(other, _)| leads_out(other));
    let any = || if device.kind.forwards() { None } else { near().next() };
    best.or_else(any).map(|(_, address)| address)
}

fn overlap(a: &Ipv4Net, b: &Ipv4Net) -> bool {
    a.contains(&b.network()) || b.contains(&a.network())
}

/// The next private /24 that nothing in the document has a part of (RFC 1918): from 192.168.1.0/24, then from 10.0.1.0/24.
#[must_use]
pub fn free_subnet(lab: &Lab) -> Option<Ipv4Net> {
    let segments = lab.segments.iter().filter_map(|segment| segment.subnet);
    let addresses = lab.devices.iter().flat_map(Device::addresses).map(|(_, net)| net.trunc());
    let routes = lab.devices.iter().flat_map(|device| &device.routes).map(|route| route.to.0).filter(|to| to.prefix_len() > 0);
    let used: Vec<Ipv4Net> = segments.chain(addresses).chain(routes).collect();
    let home = (1..=254).map(|c| Ipv4Addr::new(192, 168, c, 0));
    let large = (0..=255).flat_map(|b| (1..=255).map(move |c| Ipv4Addr::new(10, b, c, 0)));
    home.chain(large).filter_map(|address| Ipv4Net::new(address, 24).ok()).find(|net| !used.iter().any(|other| overlap(net, other)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::document::{Interface, Segment};

    fn device(name: &str, kind: Kind, on: &[(&str, &str)]) -> Device {
        let interfaces = on.iter().enumerate().map(|(number, (segment, address))| {
            let mut interface = Interface::new(format!("eth{number}"), *segment);
            interface.addresses.push(address.parse().unwrap());
            interface
        });
        Device { interfaces: interfaces.collect(), ..Device::new(name, kind) }
    }

    fn lab(devices: Vec<Device>) -> Lab {
        let segment = |name: &str, subnet: &str| Segment { subnet: Some(subnet.parse().unwrap()), ..Segment::new(name) };
        Lab { segments: vec![segment("a", "192.168.1.0/24"), segment("b", "10.0.0.0/30")], devices, ..Lab::default() }
    }

    #[test]
    fn hosts_begin_at_ten_and_routers_at_one() {
        let lab = lab(vec![device("pc1", Kind::Host, &[("a", "192.168.1.10/24")])]);
        assert_eq!(free_address(&lab, "a", false).unwrap().to_string(), "192.168.1.11/24");
        assert_eq!(free_address(&lab, "a", true).unwrap().to_string(), "192.168.1.1/24");
        assert_eq!(free_address(&lab, "b", false).unwrap().to_string(), "10.0.0.1/30");
    }

    #[test]
    fn a_full_subnet_has_none_left() {
        let full = vec![device("x", Kind::Host, &[("b", "10.0.0.1/30"), ("b", "10.0.0.2/30")])];
        assert_eq!(free_address(&lab(full), "b", false), None);
    }

    #[test]
    fn small_numbers_come_last_for_hosts() {
        let on: Vec<(String, String)> = (10..255).map(|n| ("a".to_owned(), format!("192.168.1.{n}/24"))).collect();
        let on: Vec<(&str, &str)> = on.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let lab = lab(vec![device("x", Kind::Host, &on)]);
        assert_eq!(free_address(&lab, "a", false).unwrap().to_string(), "192.168.1.1/24");
    }

    #[test]
    fn the_gateway_is_the_router_that_leads_out() {
        let pc = device("pc", Kind::Host, &[("a", "192.168.1.10/24")]);
        let r1 = device("r1", Kind::Router, &[("a", "192.168.1.1/24"), ("wan", "203.0.113.1/24")]);
        let r2 = device("r2", Kind::L3switch, &[("a", "192.168.1.2/24")]);
        let inet = device("inet", Kind::Internet, &[("wan", "203.0.113.80/24")]);
        let gateway = |lab: &Lab, name: &str| obvious_gateway(lab, lab.device(name).unwrap(), "a").map(|address| address.to_string());
        let only_r2 = lab(vec![pc.clone(), r2.clone()]);
        assert_eq!(gateway(&only_r2, "pc").as_deref(), Some("192.168.1.2"));
        assert_eq!(gateway(&only_r2, "r2"), None);
        let both = lab(vec![pc, r2, r1, inet]);
        assert_eq!(gateway(&both, "pc").as_deref(), Some("192.168.1.1"), "rather the one with a way out");
        assert_eq!(gateway(&both, "r2").as_deref(), Some("192.168.1.1"));
        assert_eq!(gateway(&both, "r1"), None, "R2 has no way out but R1 itself");
    }

    #[test]
    fn new_subnets_are_private_and_free() {
        let mut lab = lab(vec![device("x", Kind::Host, &[("b", "192.168.2.7/23")])]);
        assert_eq!(free_subnet(&lab).unwrap().to_string(), "192.168.4.0/24");
        lab.segments[0].subnet = Some("192.168.0.0/16".parse().unwrap());
        lab.segments[1].subnet = None;
        assert_eq!(free_subnet(&lab).unwrap().to_string(), "10.0.1.0/24");
    }
}
