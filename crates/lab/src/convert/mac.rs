//! Ethernet addresses for interfaces that have none of their own.

use crate::document::Lab;
use roundtrip_wire::Mac;
use roundtrip_wire::order::gather;
use std::collections::BTreeSet;

/// The addresses of every device's interfaces. One that the document does not give is `02:52:54` (locally administered),
/// the device's place in two bytes and the interface's in one; the next free one if that is taken.
pub(crate) fn assign(lab: &Lab) -> Vec<Vec<Mac>> {
    let mut taken: BTreeSet<Mac> = gather(lab.devices.iter().flat_map(|device| &device.interfaces).filter_map(|interface| interface.mac));
    lab.devices
        .iter()
        .enumerate()
        .map(|(device, interfaces)| {
            interfaces
                .interfaces
                .iter()
                .enumerate()
                .map(|(index, interface)| interface.mac.unwrap_or_else(|| free(&mut taken, device, index)))
                .collect()
        })
        .collect()
}

fn free(taken: &mut BTreeSet<Mac>, device: usize, interface: usize) -> Mac {
    let low = |value: usize| u64::try_from(value).unwrap_or(0);
    let mut number = (low(device).wrapping_shl(8) | (low(interface) & 0xff)) & 0x00ff_ffff;
    // Interfaces beyond the 256th move on to what other devices leave free; there are fewer interfaces than numbers.
    for _ in 0..=0x00ff_ffff_u32 {
        let [.., a, b, c] = number.to_be_bytes();
        let mac = Mac([0x02, 0x52, 0x54, a, b, c]);
        if taken.insert(mac) {
            return mac;
        }
        number = number.wrapping_add(1) & 0x00ff_ffff;
    }
    Mac::ZERO
}
