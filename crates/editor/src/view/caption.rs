//! What is special about a device, as far as one line tells it.

use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Kind, ServiceKind};
use std::net::Ipv4Addr;

/// What stands below a device's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subtitle {
    /// What it serves, in the order of the document.
    Services(Vec<ServiceName>),
    /// A host with a gateway: the device that has that address, or the address.
    Gateway(Result<String, Ipv4Addr>),
    /// A host without one.
    NoGateway,
    /// A router that looks at the state of connections.
    StatefulRouter,
    /// Any other router.
    Router,
    /// A switch that routes.
    L3Switch,
    /// A firewall.
    Firewall,
    /// The Internet.
    Internet,
}

/// A service as people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceName {
    /// A web server.
    Web,
    /// An ssh server.
    Ssh,
    /// A TCP service on this port.
    Tcp(u16),
    /// A UDP service on this port.
    Udp(u16),
}

/// Of a device in its lab.
#[must_use]
pub fn of(lab: &Lab, device: &Device) -> Subtitle {
    match device.kind {
        Kind::Router if is_stateful(device) => Subtitle::StatefulRouter,
        Kind::Router => Subtitle::Router,
        Kind::L3switch => Subtitle::L3Switch,
        Kind::Firewall => Subtitle::Firewall,
        Kind::Internet => Subtitle::Internet,
        Kind::Host => {
            let services: Vec<ServiceName> = device.services.iter().filter_map(|service| name(&service.kind, service.port)).collect();
            match device.gateway {
                _ if !services.is_empty() => Subtitle::Services(services),
                Some(gateway) => Subtitle::Gateway(owner(lab, gateway).ok_or(gateway)),
                None => Subtitle::NoGateway,
            }
        }
    }
}

const fn name(kind: &ServiceKind, port: u16) -> Option<ServiceName> {
    match kind {
        ServiceKind::Http { .. } => Some(ServiceName::Web),
        ServiceKind::Ssh { .. } => Some(ServiceName::Ssh),
        ServiceKind::Echo | ServiceKind::Script { .. } => Some(ServiceName::Tcp(port)),
        ServiceKind::UdpEcho { .. } | ServiceKind::UdpSink => Some(ServiceName::Udp(port)),
        ServiceKind::Closed => None,
    }
}

/// The device that has an address, by name.
#[must_use]
pub fn owner(lab: &Lab, address: Ipv4Addr) -> Option<String> {
    let has = |device: &&Device| device.addresses().any(|(_, net)| net.addr() == address);
    lab.devices.iter().find(has).map(|device| device.name.clone())
}

/// True if its rules ask for the state of connections.
fn is_stateful(device: &Device) -> bool {
    let by_form = [&device.filter.input, &device.filter.forward, &device.filter.output]
        .into_iter()
        .flatten()
        .any(|chain| chain.rules.iter().any(|rule| !rule.state.is_empty()));
    by_form || device.nft.as_str().contains("ct state")
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::document::{Interface, NftText};

    #[test]
    fn a_host_is_known_by_its_services_then_by_its_gateway() {
        let mut interface = Interface::new("eth0", "a");
        interface.addresses.push("192.168.1.1/24".parse().unwrap());
        let router = Device { interfaces: vec![interface], ..Device::new("r1", Kind::Router) };
        let mut host = Device::new("pc1", Kind::Host);
        let lab = Lab { devices: vec![router.clone()], ..Lab::default() };
        assert_eq!(of(&lab, &host), Subtitle::NoGateway);
        host.gateway = Some(Ipv4Addr::new(192, 168, 1, 1));
        assert_eq!(of(&lab, &host), Subtitle::Gateway(Ok("r1".into())));
        host.gateway = Some(Ipv4Addr::new(192, 168, 1, 99));
        assert_eq!(of(&lab, &host), Subtitle::Gateway(Err(Ipv4Addr::new(192, 168, 1, 99))));
        assert_eq!(of(&lab, &router), Subtitle::Router);
    }

    #[test]
    fn a_router_is_stateful_if_its_rules_ask_for_states() {
        let nft = NftText::new("table inet filter { chain forward { ct state invalid drop } }");
        let router = Device { nft, ..Device::new("r1", Kind::Router) };
        assert_eq!(of(&Lab::default(), &router), Subtitle::StatefulRouter);
    }
}
