//! A device's gateway, pointed out by its device instead of its address.

use super::address::{addresses_on, is_on};
use roundtrip_lab::Lab;
use roundtrip_lab::document::Device;
use std::net::Ipv4Addr;

/// The address at which `host` reaches `router` directly. None if no segment joins them.
#[must_use]
pub fn address_of(lab: &Lab, host: &Device, router: &Device) -> Option<Ipv4Addr> {
    let shared = lab.segments.iter().filter(|segment| is_on(host, &segment.name) && is_on(router, &segment.name));
    shared.flat_map(|segment| addresses_on(router, &segment.name)).next().map(|net| net.addr())
}

/// `router` becomes the gateway of `host`.
pub(super) fn set(lab: &Lab, host: &str, router: &str) -> Option<Lab> {
    if host == router {
        return None;
    }
    let address = address_of(lab, lab.device(host)?, lab.device(router)?)?;
    let mut new = lab.clone();
    new.devices.iter_mut().find(|device| device.name == host)?.gateway = Some(address);
    Some(new)
}
