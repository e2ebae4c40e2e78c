//! Parts of a document that are put into one: duplicates, and what comes from the clipboard.

use super::references::{self, Moved};
use super::{address, names, place, renumber};
use crate::item::Item;
use ipnet::Ipv4Net;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Position, Segment};
use roundtrip_lab::limits;
use roundtrip_wire::Mac;
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

/// The chosen segments and devices as a document of their own. Cables keep the names of segments that stay behind, so that a copy in the
/// same document is plugged in where the original is. None if nothing of it has a place of its own.
#[must_use]
pub fn fragment(lab: &Lab, items: &BTreeSet<Item>) -> Option<Lab> {
    let mut pinned = lab.clone();
    place::pin(&mut pinned);
    let segments: Vec<Segment> =
        pinned.segments.into_iter().filter(|segment| items.contains(&Item::Segment(segment.name.clone()))).collect();
    let devices: Vec<Device> = pinned.devices.into_iter().filter(|device| items.contains(&Item::Device(device.name.clone()))).collect();
    (!segments.is_empty() || !devices.is_empty()).then(|| Lab { segments, devices, ..Lab::default() })
}

/// Addresses that copies have instead of those that were taken.
struct Instead(BTreeMap<Ipv4Addr, Ipv4Addr>);

impl Moved for Instead {
    fn address(&self, address: Ipv4Addr) -> Option<Ipv4Addr> {
        self.0.get(&address).copied()
    }

    fn net(&self, net: Ipv4Net) -> Option<Ipv4Net> {
        if net.prefix_len() == 32 { self.address(net.addr()).map(Ipv4Net::from) } else { None }
    }
}

/// Puts a fragment into a document, moved by so much. Names are made unique; a subnet that is there already becomes the next free
/// one with all that stands in it; an address that somebody has becomes the next free one of its segment.
pub(super) fn paste(lab: &Lab, fragment: &Lab, by: Position) -> Option<Lab> {
    let fits = |there: usize, more: usize, limit: usize| there.saturating_add(more) <= limit;
    if !fits(lab.segments.len(), fragment.segments.len(), limits::SEGMENTS)
        || !fits(lab.devices.len(), fragment.devices.len(), limits::DEVICES)
    {
        return None;
    }
    let mut new = lab.clone();
    place::pin(&mut new);
    let mut piece = fragment.clone();
    place::pin(&mut piece);
    let segments = paste_segments(&mut new, &mut piece, by);
    for device in &mut piece.devices {
        for interface in &mut device.interfaces {
            let here = interface
                .segment
                .as_ref()
                .and_then(|name| segments.get(name).cloned().or_else(|| lab.segment(name).map(|s| s.name.clone())));
            interface.segment = here;
        }
    }
    let mut macs: BTreeSet<Mac> = new.devices.iter().flat_map(|device| &device.interfaces).filter_map(|interface| interface.mac).collect();
    let mut instead = Instead(BTreeMap::new());
    let first = new.devices.len();
    for mut device in piece.devices {
        (device.name, device.label) = names::copied_device(&new, &device.name, &device.label);
        device.position = device.position.map(|position| moved(position, by));
        let forwards = device.kind.forwards();
        let mut taken = address::taken(&new);
        for interface in &mut device.interfaces {
            // An Ethernet address is one card's; without one it is made from places, and those differ.
            interface.mac = interface.mac.filter(|mac| macs.insert(*mac));
            let subnet = interface.segment.as_deref().and_then(|segment| address::subnet(&new, segment));
            for own in &mut interface.addresses {
                let fresh = subnet.filter(|_| taken.contains(&own.addr())).and_then(|subnet| address::free_in(subnet, forwards, &taken));
                if let Some(fresh) = fresh {
                    instead.0.insert(own.addr(), fresh.addr());
                    *own = fresh;
                }
                taken.insert(own.addr());
            }
        }
        new.devices.push(device);
    }
    for device in new.devices.iter_mut().skip(first) {
        references::readdress_device(device, &instead);
    }
    Some(new)
}

/// The copied segments, and what each is called now.
fn paste_segments(new: &mut Lab, piece: &mut Lab, by: Position) -> BTreeMap<String, String> {
    let mut called = BTreeMap::new();
    for number in 0..piece.segments.len() {
        let Some(segment) = piece.segments.get(number).cloned() else { break };
        let is_used = |subnet: &Ipv4Net| {
            let others = new.segments.iter().filter_map(|other| other.subnet);
            others
                .chain(new.devices.iter().flat_map(Device::addresses).map(|(_, net)| net))
                .any(|net| subnet.contains(&net.network()) || net.contains(&subnet.network()))
        };
        let subnet = match segment.subnet {
            Some(old) if is_used(&old) => {
                // Free in both: what comes with it must not meet what is renumbered later.
                let both = Lab {
                    segments: new.segments.iter().chain(&piece.segments).cloned().collect(),
                    devices: new.devices.iter().chain(&piece.devices).cloned().collect(),
                    ..Lab::default()
                };
                let free = address::free_subnet(&both);
                if let Some(free) = free {
                    renumber::readdress(piece, old.trunc(), free);
                }
                free.or(Some(old))
            }
            other => other,
        };
        let (name, label) = names::copied_segment(new, &segment.name, &segment.label);
        called.insert(segment.name.clone(), name.clone());
        let position = segment.position.map(|position| moved(position, by));
        new.segments.push(Segment { name, label, subnet, position, ..segment });
    }
    called
}

const fn sum(a: i32, b: i32) -> i32 {
    a.saturating_add(b)
}

fn moved(position: Position, by: Position) -> Position {
    place::bounded(Position { x: sum(position.x, by.x), y: sum(position.y, by.y) })
}
