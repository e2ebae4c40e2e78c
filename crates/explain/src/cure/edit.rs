//! Changes of the document that a cure consists of.

use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Filter, FilterRule, NatKind, NatRule, NftText, Route, RuleAction, SettingValue, Transport};
use std::fmt::Write;
use std::net::Ipv4Addr;

/// One change of the document.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A device gets a route, in the place of one to the same destination if it has one.
    SetRoute {
        /// Which device.
        device: String,
        /// The route.
        route: Route,
    },
    /// A device's default gateway changes.
    SetGateway {
        /// Which device.
        device: String,
        /// The new gateway.
        gateway: Ipv4Addr,
    },
    /// A setting of a device changes.
    SetSetting {
        /// Which device.
        device: String,
        /// The setting, by its name in the kernel.
        setting: &'static str,
        /// The value.
        value: i64,
    },
    /// A device translates the source of what leaves by an interface.
    Masquerade {
        /// Which device.
        device: String,
        /// The interface by which the packets leave.
        out: String,
        /// Their sources.
        source: ipnet::Ipv4Net,
        /// Their destinations.
        destination: ipnet::Ipv4Net,
    },
    /// A device's filter accepts more, before its other rules.
    Accept {
        /// Which device.
        device: String,
        /// The table with its family, as in `inet filter`.
        table: String,
        /// The chain.
        chain: String,
        /// What is accepted.
        what: Traffic,
    },
    /// The largest packet of an interface changes.
    SetMtu {
        /// Which device.
        device: String,
        /// Which interface.
        interface: String,
        /// In bytes.
        mtu: u16,
    },
}

/// Packets that a rule accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// Source address.
    pub source: Ipv4Addr,
    /// Destination address.
    pub destination: Ipv4Addr,
    /// Protocol, with what tells the conversation from others.
    pub protocol: TrafficProtocol,
}

/// Protocol of the packets that a rule accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrafficProtocol {
    /// ICMP of every type.
    Icmp,
    /// TCP to this port, or from it.
    Tcp {
        /// The port of the one who was asked.
        port: u16,
        /// It is the source port.
        from: bool,
    },
    /// UDP to this port, or from it.
    Udp {
        /// The port of the one who was asked.
        port: u16,
        /// It is the source port.
        from: bool,
    },
}

impl Traffic {
    /// The rule in the language of nft(8).
    #[must_use]
    pub fn nft(&self) -> String {
        let protocol = match self.protocol {
            TrafficProtocol::Icmp => "ip protocol icmp".to_owned(),
            TrafficProtocol::Tcp { port, from } => format!("tcp {} {port}", if from { "sport" } else { "dport" }),
            TrafficProtocol::Udp { port, from } => format!("udp {} {port}", if from { "sport" } else { "dport" }),
        };
        format!("ip saddr {} ip daddr {} {protocol} accept", self.source, self.destination)
    }

    /// The packets that answer these.
    #[must_use]
    pub const fn reversed(self) -> Self {
        let protocol = match self.protocol {
            TrafficProtocol::Icmp => TrafficProtocol::Icmp,
            TrafficProtocol::Tcp { port, from } => TrafficProtocol::Tcp { port, from: !from },
            TrafficProtocol::Udp { port, from } => TrafficProtocol::Udp { port, from: !from },
        };
        Self { source: self.destination, destination: self.source, protocol }
    }

    /// The rule as a form.
    fn form(&self) -> FilterRule {
        let address = |address: Ipv4Addr| roundtrip_lab::document::AddressSet(ipnet::Ipv4Net::from(address).into()).into();
        let (protocol, to, from) = match self.protocol {
            TrafficProtocol::Icmp => (Transport::Icmp, None, None),
            TrafficProtocol::Tcp { port, from } => (Transport::Tcp, (!from).then_some(port), from.then_some(port)),
            TrafficProtocol::Udp { port, from } => (Transport::Udp, (!from).then_some(port), from.then_some(port)),
        };
        let port = |port: Option<u16>| port.map(|port| roundtrip_lab::document::PortSet::from(port).into()).unwrap_or_default();
        FilterRule {
            source: address(self.source),
            destination: address(self.destination),
            protocol: protocol.into(),
            destination_port: port(to),
            source_port: port(from),
            action: Some(RuleAction::Accept),
            ..FilterRule::default()
        }
    }
}

impl Edit {
    /// The device that it changes.
    #[must_use]
    pub fn device(&self) -> &str {
        match self {
            Self::SetRoute { device, .. }
            | Self::SetGateway { device, .. }
            | Self::SetSetting { device, .. }
            | Self::Masquerade { device, .. }
            | Self::Accept { device, .. }
            | Self::SetMtu { device, .. } => device,
        }
    }

    /// Makes the change. False if there is nothing to make it on.
    pub fn apply(&self, lab: &mut Lab) -> bool {
        let Some(device) = lab.devices.iter_mut().find(|device| device.name == self.device()) else { return false };
        match self {
            Self::SetRoute { route, .. } => match device.routes.iter_mut().find(|own| own.to == route.to && own.metric == route.metric) {
                Some(own) => *own = route.clone(),
                None => device.routes.push(route.clone()),
            },
            Self::SetGateway { gateway, .. } => device.gateway = Some(*gateway),
            Self::SetSetting { setting, value, .. } => {
                device.settings.insert((*setting).to_owned(), SettingValue::Number(*value));
            }
            Self::Masquerade { out, source, destination, .. } => masquerade(device, out, *source, *destination),
            Self::Accept { table, chain, what, .. } => return accept(device, table, chain, what),
            Self::SetMtu { interface, mtu, .. } => match device.interfaces.iter_mut().find(|own| own.name == *interface) {
                Some(own) => own.mtu = *mtu,
                None => return false,
            },
        }
        true
    }
}

fn masquerade(device: &mut Device, out: &str, source: ipnet::Ipv4Net, destination: ipnet::Ipv4Net) {
    if device.nft.is_empty() {
        let mut rule = NatRule::new(NatKind::Masquerade);
        rule.out_interface = out.to_owned().into();
        rule.source = roundtrip_lab::document::AddressSet(source.into()).into();
        rule.destination = roundtrip_lab::document::AddressSet(destination.into()).into();
        device.nat.push(rule);
        return;
    }
    // A table of its own, for what the text has is not to be searched for a place.
    let rule = format!("oifname \"{out}\" ip saddr {source} ip daddr {destination} masquerade");
    append(
        device,
        &format!(
            "table ip masquerade {{\n  chain postrouting {{\n    type nat hook postrouting priority srcnat; policy accept;\n    {rule}\n  }}\n}}"
        ),
    );
}

fn accept(device: &mut Device, table: &str, chain: &str, what: &Traffic) -> bool {
    if !device.nft.is_empty() {
        append(device, &format!("insert rule {table} {chain} {}", what.nft()));
        return true;
    }
    let Filter { input, forward, output } = &mut device.filter;
    let chain = match chain {
        "input" => input,
        "forward" => forward,
        "output" => output,
        _ => return false,
    };
    let Some(chain) = chain else { return false };
    chain.rules.insert(0, what.form());
    true
}

fn append(device: &mut Device, more: &str) {
    let mut text = device.nft.as_str().to_owned();
    let _ = write!(text, "\n{more}");
    device.nft = NftText::new(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::document::{FilterChain, Kind, Network};

    fn lab(change: impl Fn(&mut Device)) -> Lab {
        let mut device = Device::new("r1", Kind::Router);
        change(&mut device);
        Lab { devices: vec![device], ..Lab::default() }
    }

    fn apply(edit: &Edit, mut lab: Lab) -> Option<Device> {
        edit.apply(&mut lab).then(|| lab.devices.remove(0))
    }

    #[test]
    fn a_route_takes_the_place_of_one_to_the_same_destination() {
        let route = |via: [u8; 4]| Route::via("10.0.0.0/8".parse::<Network>().unwrap(), via.into());
        let edit = Edit::SetRoute { device: "r1".into(), route: route([192, 168, 1, 2]) };
        assert_eq!(apply(&edit, lab(|_| {})).unwrap().routes, [route([192, 168, 1, 2])]);
        assert_eq!(apply(&edit, lab(|device| device.routes.push(route([192, 168, 1, 1])))).unwrap().routes, [route([192, 168, 1, 2])]);
    }

    #[test]
    fn rules_go_where_the_device_has_its_rules() {
        let what = Traffic {
            source: [10, 0, 0, 1].into(),
            destination: [10, 0, 0, 2].into(),
            protocol: TrafficProtocol::Tcp { port: 80, from: false },
        };
        let edit = Edit::Accept { device: "r1".into(), table: "inet filter".into(), chain: "forward".into(), what };
        assert_eq!(apply(&edit, lab(|_| {})), None, "there is no chain to put it into");
        let form = apply(&edit, lab(|device| device.filter.forward = Some(FilterChain::default()))).unwrap();
        assert_eq!(form.filter.forward.unwrap().rules.len(), 1);
        let text = apply(&edit, lab(|device| device.nft = "table inet filter {\n}".into())).unwrap();
        assert!(text.nft.as_str().ends_with("\ninsert rule inet filter forward ip saddr 10.0.0.1 ip daddr 10.0.0.2 tcp dport 80 accept"));
    }

    #[test]
    fn what_is_not_there_is_not_changed() {
        let edit = Edit::SetGateway { device: "nobody".into(), gateway: [10, 0, 0, 1].into() };
        assert_eq!(apply(&edit, lab(|_| {})), None);
        let edit = Edit::SetMtu { device: "r1".into(), interface: "eth9".into(), mtu: 1400 };
        assert_eq!(apply(&edit, lab(|_| {})), None);
    }
}
