//! Cables: an interface on a segment.

use super::{address, create, names, place};
use ipnet::Ipv4Net;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Interface, Position};
use roundtrip_lab::limits;
use std::net::Ipv4Addr;

fn device_mut<'l>(lab: &'l mut Lab, name: &str) -> Option<&'l mut Device> {
    lab.devices.iter_mut().find(|device| device.name == name)
}

/// A device gets a cable to a segment: at an interface that has none, else at a new one. The interface gets the next free address,
/// the device the obvious gateway if it has none; and where a segment gets its first router, those on it who have no gateway get this one.
pub(super) fn connect(lab: &Lab, device: &str, segment: &str) -> Option<Lab> {
    lab.segment(segment)?;
    let mut new = lab.clone();
    let its = device_mut(&mut new, device)?;
    let free = its.interfaces.iter().position(|interface| interface.segment.is_none());
    let at = match free {
        Some(at) => at,
        None if its.interfaces.len() >= limits::INTERFACES => return None,
        None => {
            let taken: Vec<&str> = its.interfaces.iter().map(|interface| interface.name.as_str()).collect();
            let name = names::new_interface(&taken);
            its.interfaces.push(Interface::new(name, segment));
            its.interfaces.len().saturating_sub(1)
        }
    };
    settle(&mut new, device, at, segment)?;
    Some(new)
}

/// The interface comes to stand on a segment, with an address and a way out that fit: what fits already stays, what fitted elsewhere
/// alone is replaced.
fn settle(lab: &mut Lab, device: &str, at: usize, segment: &str) -> Option<()> {
    let subnet = address::subnet(lab, segment);
    let its = lab.device(device)?;
    let forwards = its.kind.forwards();
    let other_router = |other: &Device| other.name != device && other.kind.forwards() && address::is_on(other, segment);
    let is_first_router = forwards && !lab.devices.iter().any(other_router);
    let interface = its.interfaces.get(at)?;
    // Nobody else's, for the time that it had no cable.
    let others: Vec<Ipv4Net> =
        its.interfaces.iter().filter(|own| own.name != interface.name).flat_map(|own| own.addresses.clone()).collect();
    let mut taken = address::taken(lab);
    if interface.segment.is_some() {
        for own in &interface.addresses {
            taken.remove(&own.addr());
        }
    }
    let fits = |net: &Ipv4Net| !taken.contains(&net.addr()) && subnet.is_none_or(|subnet| subnet.contains(&net.addr()));
    let addresses = if interface.addresses.iter().any(fits) {
        interface.addresses.clone()
    } else {
        subnet.and_then(|subnet| address::free_in(subnet, forwards, &taken)).into_iter().collect()
    };
    let reaches = |nets: &[Ipv4Net], hop: Ipv4Addr| nets.iter().any(|net| net.contains(&hop));
    let lost = |hop: Ipv4Addr| reaches(&interface.addresses, hop) && !reaches(&addresses, hop) && !reaches(&others, hop);
    let gateway = its.gateway.filter(|gateway| !lost(*gateway));
    let its = device_mut(lab, device)?;
    its.gateway = gateway;
    let interface = its.interfaces.get_mut(at)?;
    interface.segment = Some(segment.to_owned());
    interface.addresses = addresses;
    if gateway.is_none() && its.routes.iter().all(|route| route.to.0.prefix_len() > 0) {
        let obvious = address::obvious_gateway(lab, lab.device(device)?, segment);
        device_mut(lab, device)?.gateway = obvious;
    }
    if is_first_router {
        let own = address::addresses_on(lab.device(device)?, segment).next().map(|net| net.addr());
        for other in &mut lab.devices {
            let can = !other.kind.forwards() && other.gateway.is_none() && other.routes.is_empty() && address::is_on(other, segment);
            if can && other.name != device {
                other.gateway = own;
            }
        }
    }
    Some(())
}

/// An interface's cable goes to another segment.
pub(super) fn move_to(lab: &Lab, device: &str, interface: &str, segment: &str) -> Option<Lab> {
    lab.segment(segment)?;
    let its = lab.device(device)?;
    let at = its.interfaces.iter().position(|own| own.name == interface)?;
    if its.interfaces.get(at)?.segment.as_deref() == Some(segment) {
        return None;
    }
    let mut new = lab.clone();
    settle(&mut new, device, at, segment)?;
    Some(new)
}

/// The cable is pulled out. The interface stays as it is set up, without one.
pub(super) fn unplug(lab: &Lab, device: &str, interface: &str) -> Option<Lab> {
    let mut new = lab.clone();
    let own = device_mut(&mut new, device)?.interfaces.iter_mut().find(|own| own.name == interface)?;
    own.segment.take()?;
    Some(new)
}

/// Two devices get a segment of their own between them, and a cable each.
pub(super) fn link(lab: &Lab, a: &str, b: &str) -> Option<Lab> {
    const WIDTH: u32 = 240;
    if a == b {
        return None;
    }
    let places = place::places(lab);
    let middle = |name: &str| places.device(name).map(|place| place.rect.centre());
    let (from, to) = (middle(a)?, middle(b)?);
    let position = Position {
        x: place::whole(f64::midpoint(from.x, to.x)).saturating_sub_unsigned(WIDTH / 2),
        y: place::whole(f64::midpoint(from.y, to.y)),
    };
    let with_segment = create::segment(lab, position, WIDTH)?;
    let segment = with_segment.segments.last()?.name.clone();
    // Who forwards comes first, so that the other finds its gateway.
    let (first, second) = if lab.device(b)?.kind.forwards() { (b, a) } else { (a, b) };
    connect(&connect(&with_segment, first, &segment)?, second, &segment)
}
