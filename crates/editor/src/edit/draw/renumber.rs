//! A segment gets another subnet, and everything that stood in the old one moves along.

use super::{address, references};
use crate::edit::draw::references::Moved;
use ipnet::Ipv4Net;
use roundtrip_lab::Lab;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

/// From one subnet to another.
struct Renumbering {
    old: Ipv4Net,
    new: Ipv4Net,
    /// Where the addresses of interfaces go.
    table: BTreeMap<Ipv4Addr, Ipv4Addr>,
}

impl Renumbering {
    /// The address at the same place in the new subnet, if it is large enough.
    fn at_same_place(&self, address: Ipv4Addr) -> Option<Ipv4Addr> {
        if !self.old.contains(&address) {
            return None;
        }
        if address == self.old.broadcast() && self.old.prefix_len() < 31 {
            return Some(self.new.broadcast());
        }
        let offset = u32::from(address).checked_sub(u32::from(self.old.network()))?;
        let moved = Ipv4Addr::from(u32::from(self.new.network()).checked_add(offset)?);
        let is_host = moved != self.new.broadcast() || self.new.prefix_len() >= 31;
        (self.new.contains(&moved) && is_host).then_some(moved)
    }
}

impl Moved for Renumbering {
    fn address(&self, address: Ipv4Addr) -> Option<Ipv4Addr> {
        self.table.get(&address).copied().or_else(|| self.at_same_place(address))
    }

    fn net(&self, net: Ipv4Net) -> Option<Ipv4Net> {
        if net.prefix_len() == 32 {
            return self.address(net.addr()).map(Ipv4Net::from);
        }
        if net.trunc() == self.old {
            return Some(self.new);
        }
        // A part of the old subnet becomes the same part of the new one, where that has such parts.
        if !self.old.contains(&net) || net.prefix_len() < self.new.prefix_len() {
            return None;
        }
        Ipv4Net::new(self.at_same_place(net.network())?, net.prefix_len()).ok()
    }
}

/// Every address, gateway, route and rule that stood in the segment's subnet stands in the new one.
pub(super) fn segment(lab: &Lab, name: &str, to: Ipv4Net) -> Option<Lab> {
    let new = to.trunc();
    let mut changed = lab.clone();
    let old = address::subnet(lab, name);
    changed.segments.iter_mut().find(|segment| segment.name == name)?.subnet = Some(new);
    let Some(old) = old.filter(|old| *old != new) else { return Some(changed) };
    readdress(&mut changed, old, new);
    Some(changed)
}

/// Moves all that stood in a subnet to another.
pub(super) fn readdress(lab: &mut Lab, old: Ipv4Net, new: Ipv4Net) {
    let (inside, outside): (Vec<Ipv4Addr>, Vec<Ipv4Addr>) =
        lab.devices.iter().flat_map(roundtrip_lab::document::Device::addresses).map(|(_, net)| net.addr()).partition(|a| old.contains(a));
    let mut renumbering = Renumbering { old, new, table: BTreeMap::new() };
    let mut taken: BTreeSet<Ipv4Addr> = outside.into_iter().collect();
    let inside: BTreeSet<Ipv4Addr> = inside.into_iter().collect();
    // Who can stay at the same place does; only then the others look for one.
    let (fitting, others): (Vec<Ipv4Addr>, Vec<Ipv4Addr>) =
        inside.into_iter().partition(|address| renumbering.at_same_place(*address).is_some_and(|moved| !taken.contains(&moved)));
    for address in fitting {
        if let Some(moved) = renumbering.at_same_place(address) {
            taken.insert(moved);
            renumbering.table.insert(address, moved);
        }
    }
    for address in others {
        let moved = address::free_in(new, false, &taken).map_or(address, |net| net.addr());
        taken.insert(moved);
        renumbering.table.insert(address, moved);
    }
    for device in &mut lab.devices {
        for own in device.interfaces.iter_mut().flat_map(|interface| &mut interface.addresses) {
            *own = references::readdress_interface(*own, &renumbering);
        }
        references::readdress_device(device, &renumbering);
    }
    for action in &mut lab.actions {
        references::readdress_action(&mut action.kind, &renumbering);
    }
}
