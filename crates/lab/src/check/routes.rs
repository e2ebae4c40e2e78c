//! Gateways and routes: that their next hops can be reached, and are somebody.

use super::Checker;
use crate::document::{Action, ActionKind, AddrOp, Device, Interface, Lab, Network, Route, RouteOp, RouteType};
use crate::problem::{Problem, ProblemId, join_path, similar};
use ipnet::Ipv4Net;
use roundtrip_wire::order::gather;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

/// Which addresses there are on each segment, from the start or after some action.
struct Known<'a> {
    on_segment: BTreeSet<(&'a str, Ipv4Addr)>,
    /// Addresses that actions bring, wherever.
    later: BTreeSet<Ipv4Addr>,
}

impl<'a> Known<'a> {
    fn of(lab: &'a Lab) -> Self {
        let plugged = lab
            .devices
            .iter()
            .flat_map(|device| &device.interfaces)
            .filter_map(|interface| Some((interface.segment.as_deref()?, interface)));
        let on_segment =
            gather(plugged.flat_map(|(segment, interface)| interface.addresses.iter().map(move |address| (segment, address.addr()))));
        let brought = |action: &Action| match &action.kind {
            ActionKind::Addr(change) if change.op == AddrOp::Add => Some(change.address.addr()),
            _ => None,
        };
        Self { on_segment, later: gather(lab.actions.iter().filter_map(brought)) }
    }
}

impl Checker<'_> {
    pub(super) fn routes(&mut self) {
        let known = Known::of(self.lab);
        for (device, path) in self.each_device() {
            self.gateway(device, &path, &known);
            let mut seen: BTreeMap<(Ipv4Net, u32), String> = BTreeMap::new();
            for (place, route) in device.routes.iter().enumerate() {
                let path = join_path(&join_path(&path, "routes"), &place.to_string());
                self.route(device, route, &path, &known);
                let key = (route.to.0.trunc(), route.metric);
                if let Some(other) = seen.get(&key) {
                    let other = other.clone();
                    self.report(ProblemId::RouteDuplicate, path, |problem| problem.with("destination", route.to).with("other", other));
                } else {
                    seen.insert(key, format!("routes/{place}"));
                }
            }
            let default = (Ipv4Net::default(), 0);
            if let (Some(_), Some(other)) = (device.gateway, seen.get(&default)) {
                let other = other.clone();
                self.report(ProblemId::RouteDuplicate, join_path(&path, "gateway"), |problem| {
                    problem.with("destination", Network(default.0)).with("other", other)
                });
            }
        }
        let lab = self.lab;
        let places = super::places(lab.actions.iter().map(|action| action.id.as_str()));
        for (action, place) in lab.actions.iter().zip(places) {
            if let ActionKind::Route(change) = &action.kind
                && change.op != RouteOp::Del
                && let Some((_, device)) = self.index.find(&change.device)
            {
                let path = join_path(&join_path("actions", &place), "route");
                self.route(device, &change.route, &path, &known);
            }
        }
    }

    fn gateway(&mut self, device: &Device, path: &str, known: &Known<'_>) {
        let Some(gateway) = device.gateway else { return };
        let path = join_path(path, "gateway");
        if device.addresses().any(|(_, address)| address.addr() == gateway) {
            self.report(ProblemId::GatewayIsSelf, path, |problem| problem.with("gateway", gateway));
            return;
        }
        match reaches(device, gateway) {
            Some(interface) => self.somebody(gateway, interface, path, known),
            None if routed(device, gateway) => {}
            None => {
                self.report(ProblemId::GatewayOffSubnet, path, |problem| problem.with("gateway", gateway).with("subnets", subnets(device)))
            }
        }
    }

    fn route(&mut self, device: &Device, route: &Route, path: &str, known: &Known<'_>) {
        if route.to.0.addr() != route.to.0.network() {
            self.report(ProblemId::RouteHostBits, join_path(path, "to"), |problem| {
                problem.with("destination", route.to).with("network", Network(route.to.0.trunc()))
            });
        }
        if let Some(src) = route.src
            && !device.addresses().any(|(_, address)| address.addr() == src)
            && !known.later.contains(&src)
        {
            self.report(ProblemId::SourceNotOwn, join_path(path, "src"), |problem| {
                problem.with("address", src).with("device", &device.name)
            });
        }
        let dev = route.dev.as_deref();
        if let Some(dev) = dev
            && device.interface(dev).is_none()
            && path.starts_with("devices")
        {
            let meant = similar(dev, device.interfaces.iter().map(|interface| interface.name.as_str()));
            self.report(ProblemId::UnknownInterface, join_path(path, "dev"), |problem| {
                problem.with("device", &device.name).with("name", dev).with("similar", meant)
            });
        }
        let Some(via) = route.via else {
            if dev.is_none() && route.kind == RouteType::Unicast {
                self.report(ProblemId::RouteIncomplete, path.to_owned(), |problem: Problem| problem);
            }
            return;
        };
        let path = join_path(path, "via");
        if route.onlink && dev.is_some() {
            if let Some(interface) = dev.and_then(|dev| device.interface(dev)) {
                self.somebody(via, interface, path, known);
            }
            return;
        }
        match reaches(device, via) {
            Some(interface) => self.somebody(via, interface, path, known),
            None if routed(device, via) || known.later.contains(&via) => {}
            None => self
                .report(ProblemId::RouteNextHopUnreachable, path, |problem| problem.with("address", via).with("subnets", subnets(device))),
        }
    }

    /// Says if nobody on the interface's segment has the address.
    fn somebody(&mut self, address: Ipv4Addr, interface: &Interface, path: String, known: &Known<'_>) {
        let Some(segment) = interface.segment.as_deref() else { return };
        if !known.on_segment.contains(&(segment, address)) && !known.later.contains(&address) {
            self.report(ProblemId::NextHopNobody, path, |problem| problem.with("address", address).with("segment", segment));
        }
    }
}

/// The interface on whose subnet the address is.
fn reaches(device: &Device, address: Ipv4Addr) -> Option<&Interface> {
    device.addresses().filter(|(_, own)| own.contains(&address)).max_by_key(|(_, own)| own.prefix_len()).map(|(interface, _)| interface)
}

/// True if a route says that the address is on a link.
fn routed(device: &Device, address: Ipv4Addr) -> bool {
    device.routes.iter().any(|route| route.via.is_none() && route.dev.is_some() && route.to.0.contains(&address))
}

fn subnets(device: &Device) -> String {
    let subnets: Vec<String> = device.addresses().map(|(_, address)| address.trunc().to_string()).collect();
    subnets.join(", ")
}
