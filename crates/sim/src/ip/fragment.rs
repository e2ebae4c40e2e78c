//! Cutting a packet into pieces (RFC 791 section 3.2; kernel: `ip_do_fragment`).

use roundtrip_wire::{Fragment, IpBody, Ipv4, Payload};
use std::sync::Arc;

/// Cuts a packet for a link that takes `mtu` bytes. `received` holds the lengths of the pieces that it came in, if it was put
/// together here: where they fit they leave exactly as they came; otherwise everything is cut anew.
pub(crate) fn cut(ip: &Ipv4, mtu: u16, received: &[u16]) -> Vec<Ipv4> {
    let room = usize::from(mtu).saturating_sub(Ipv4::HEADER_LEN);
    let (content, base, last) = content(ip);
    if received.is_empty() && content.len() <= room {
        return vec![ip.clone()];
    }
    let fits = !received.is_empty() && received.iter().all(|len| usize::from(*len) <= room);
    // A packet that was put together never leaves in larger pieces than it came in.
    let room = received.iter().max().map_or(room, |longest| room.min(usize::from(*longest)));
    let step = (room & !7).max(8);
    let mut lens = received.iter().map(|len| usize::from(*len));
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < content.len() {
        let left = content.len() - at;
        let len = if fits {
            lens.next().unwrap_or(left)
        } else if left <= room {
            left
        } else {
            step
        }
        .clamp(1, left);
        let more = at + len < content.len() || !last;
        pieces.push(piece(ip, &content, base + at, at, len, more));
        at += len;
    }
    pieces
}

fn piece(ip: &Ipv4, content: &Payload, offset: usize, at: usize, len: usize, more: bool) -> Ipv4 {
    let fragment = Fragment {
        protocol: ip.protocol(),
        offset_units: u16::try_from(offset / 8).unwrap_or(u16::MAX),
        more,
        bytes: content.slice(at, len),
    };
    Ipv4 { body: IpBody::Fragment(Arc::new(fragment)), ..ip.clone() }
}

/// The bytes to be cut, where they begin in the whole packet, and whether they reach its end.
fn content(ip: &Ipv4) -> (Payload, usize, bool) {
    match &ip.body {
        IpBody::Fragment(fragment) => (fragment.bytes.clone(), fragment.offset(), !fragment.more),
        _ => (Payload::new(roundtrip_wire::bytes::encode_ip_body(ip)), 0, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_wire::Udp;

    fn datagram(len: usize) -> Ipv4 {
        Ipv4 {
            src: [10, 0, 0, 1].into(),
            dst: [10, 0, 0, 2].into(),
            ttl: 64,
            tos: 0,
            id: 7,
            df: false,
            body: IpBody::Udp(Arc::new(Udp { src_port: 1, dst_port: 2, payload: Payload::new(vec![1; len]) })),
        }
    }

    fn shape(pieces: &[Ipv4]) -> Vec<(usize, usize, bool)> {
        pieces
            .iter()
            .filter_map(|ip| if let IpBody::Fragment(f) = &ip.body { Some((f.offset(), f.bytes.len(), f.more)) } else { None })
            .collect()
    }

    #[test]
    fn pieces_are_as_recorded_in_w09() {
        let whole = datagram(3000);
        assert_eq!(shape(&cut(&whole, 1500, &[])), [(0, 1480, true), (1480, 1480, true), (2960, 48, false)]);
        assert_eq!(shape(&cut(&whole, 1400, &[1480, 1480, 48])), [(0, 1376, true), (1376, 1376, true), (2752, 256, false)]);
        let second = cut(&whole, 1500, &[]).remove(1);
        assert_eq!(shape(&cut(&second, 1400, &[])), [(1480, 1376, true), (2856, 104, true)]);
        let five = [1376, 104, 1376, 104, 48];
        assert_eq!(shape(&cut(&whole, 1500, &five)).iter().map(|p| p.1).collect::<Vec<_>>(), [1376, 104, 1376, 104, 48]);
    }
}
