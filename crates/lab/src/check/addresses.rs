//! Addresses: that an interface can have them, that they fit the segment, that each is one interface's.

use super::Checker;
use crate::problem::{ProblemId, join_path};
use ipnet::Ipv4Net;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

fn is_unusable(address: Ipv4Addr) -> bool {
    let [first, ..] = address.octets();
    // 0/8 and 127/8 are this host, 224/4 groups, 240/4 for nobody yet (RFC 6890).
    first == 0 || first == 127 || first >= 224
}

impl Checker<'_> {
    pub(super) fn addresses(&mut self) {
        let mut on_segment: BTreeMap<(&str, Ipv4Addr), String> = BTreeMap::new();
        for (device, interface, path) in self.each_interface() {
            let subnet = interface
                .segment
                .as_deref()
                .and_then(|name| self.index.find_segment(name))
                .and_then(|segment| Some((segment.subnet?.trunc(), segment.name.as_str())));
            for (place, address) in interface.addresses.iter().enumerate() {
                let path = join_path(&join_path(&path, "addresses"), &place.to_string());
                self.address(*address, subnet, &path);
                let Some(segment) = interface.segment.as_deref() else { continue };
                let name = format!("{}.{}", device.name, interface.name);
                match on_segment.get(&(segment, address.addr())) {
                    // The same device's are the next check's.
                    Some(other) if other.split_once('.').is_some_and(|(owner, _)| owner == device.name) => {}
                    Some(other) => {
                        let other = other.clone();
                        self.report(ProblemId::AddressDuplicate, path, |problem| {
                            problem.with("address", address.addr()).with("other", other)
                        });
                    }
                    None => {
                        on_segment.insert((segment, address.addr()), name);
                    }
                }
            }
        }
        self.repeated();
    }

    /// An address that one device has twice.
    fn repeated(&mut self) {
        for (device, paths) in self.lab.devices.iter().zip(self.interfaces.clone()) {
            let mut seen: BTreeMap<Ipv4Addr, &str> = BTreeMap::new();
            for (interface, path) in device.interfaces.iter().zip(paths) {
                for (place, address) in interface.addresses.iter().enumerate() {
                    if let Some(other) = seen.insert(address.addr(), &interface.name) {
                        let path = join_path(&join_path(&path, "addresses"), &place.to_string());
                        self.report(ProblemId::AddressRepeated, path, |problem| {
                            problem.with("address", address.addr()).with("other", other)
                        });
                    }
                }
            }
        }
    }

    fn address(&mut self, address: Ipv4Net, subnet: Option<(Ipv4Net, &str)>, path: &str) {
        let one = address.addr();
        if is_unusable(one) {
            self.report(ProblemId::AddressUnusable, path.to_owned(), |problem| problem.with("address", one));
            return;
        }
        // A subnet of two or one has no address to spare (RFC 3021).
        if address.prefix_len() <= 30 && one == address.network() {
            self.report(ProblemId::AddressIsNetwork, path.to_owned(), |problem| problem.with("address", address));
        } else if address.prefix_len() <= 30 && one == address.broadcast() {
            self.report(ProblemId::AddressIsBroadcast, path.to_owned(), |problem| problem.with("address", address));
        }
        let Some((subnet, segment)) = subnet else { return };
        if !subnet.contains(&one) {
            self.report(ProblemId::AddressOutsideSubnet, path.to_owned(), |problem| {
                problem.with("address", address).with("subnet", subnet).with("segment", segment)
            });
        } else if address.prefix_len() != subnet.prefix_len() && address.prefix_len() != 32 {
            self.report(ProblemId::AddressPrefixDiffers, path.to_owned(), |problem| {
                problem.with("address", one).with("prefix", address.prefix_len()).with("subnet", subnet)
            });
        }
    }
}
