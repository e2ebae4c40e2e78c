//! New segments and devices.

use super::{address, cable, names, place};
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Kind, NftText, Position, Segment};
use roundtrip_lab::{limits, presets};

/// Narrower bars cannot be taken hold of at both ends.
pub(super) const NARROWEST: u32 = 80;

/// A segment with the next free subnet.
pub(super) fn segment(lab: &Lab, position: Position, width: u32) -> Option<Lab> {
    if lab.segments.len() >= limits::SEGMENTS {
        return None;
    }
    let mut new = lab.clone();
    place::pin(&mut new);
    let (name, label) = names::new_segment(lab);
    new.segments.push(Segment {
        label,
        subnet: address::free_subnet(lab),
        position: Some(place::bounded(position)),
        width: Some(width.clamp(NARROWEST, limits::PIXELS.unsigned_abs())),
        ..Segment::new(name)
    });
    Some(new)
}

/// A device of a kind, on a segment or on none yet.
pub(super) fn device(lab: &Lab, kind: Kind, position: Position, on: Option<&str>) -> Option<Lab> {
    if lab.devices.len() >= limits::DEVICES {
        return None;
    }
    let mut new = lab.clone();
    place::pin(&mut new);
    let (name, label) = names::new_device(lab, kind);
    let device = Device { label, position: Some(place::bounded(position)), nft: rules(kind), ..Device::new(name.clone(), kind) };
    new.devices.push(device);
    match on {
        Some(segment) => cable::connect(&new, &name, segment),
        None => Some(new),
    }
}

/// What a device of this kind filters, fresh from the shop.
fn rules(kind: Kind) -> NftText {
    match kind {
        Kind::Router => NftText::new(presets::stateful_router()),
        // The first cable leads inside.
        Kind::Firewall => NftText::new(presets::strict_firewall("eth0")),
        Kind::Host | Kind::L3switch | Kind::Internet => NftText::default(),
    }
}
