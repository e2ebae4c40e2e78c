//! The Internet checksum (RFC 1071) of TCP, UDP and ICMP.

use crate::{IpProtocol, Tcp, Udp};
use etherparse::checksum::Sum16BitWords;
use std::net::Ipv4Addr;

/// The checksum that belongs into a TCP segment (RFC 9293 section 3.1), UDP datagram (RFC 768) or ICMP
/// message (RFC 792), whatever its checksum field holds now. `bytes` begins with the transport header;
/// the addresses are those of the IPv4 header and count for TCP and UDP only.
///
/// `None` for other protocols, and if `bytes` ends before the field.
#[must_use]
pub fn transport_checksum(protocol: IpProtocol, src: Ipv4Addr, dst: Ipv4Addr, bytes: &[u8]) -> Option<u16> {
    let field = field_offset(protocol)?;
    // The field lies at an even offset, so the sum may leave it out instead of zeroing it.
    let (before, after) = (bytes.get(..field)?, bytes.get(field + 2..)?);
    let sum = start(protocol, src, dst, bytes.len()).add_slice(before).add_slice(after);
    let checksum = u16::from_be_bytes(sum.ones_complement().to_ne_bytes());
    // Zero would say "no checksum" in UDP.
    Some(if protocol == IpProtocol::UDP && checksum == 0 { u16::MAX } else { checksum })
}

/// True if the checksum in `bytes` is right, if the sender of a UDP datagram left it out (zero), and for
/// protocols other than TCP, UDP and ICMP. Parameters as for [`transport_checksum`].
#[must_use]
pub fn transport_checksum_holds(protocol: IpProtocol, src: Ipv4Addr, dst: Ipv4Addr, bytes: &[u8]) -> bool {
    let Some(field) = field_offset(protocol) else { return true };
    match bytes.get(field..field + 2) {
        None => false,
        Some([0, 0]) if protocol == IpProtocol::UDP => true,
        Some(_) => start(protocol, src, dst, bytes.len()).add_slice(bytes).ones_complement() == 0,
    }
}

/// Writes the checksum into its field.
pub(super) fn fill(protocol: IpProtocol, src: Ipv4Addr, dst: Ipv4Addr, bytes: &mut [u8]) {
    let Some(checksum) = transport_checksum(protocol, src, dst, bytes) else { return };
    if let Some(field) = field_offset(protocol).and_then(|at| bytes.get_mut(at..at + 2)) {
        field.copy_from_slice(&checksum.to_be_bytes());
    }
}

/// Where the checksum field lies in the header.
const fn field_offset(protocol: IpProtocol) -> Option<usize> {
    match protocol {
        IpProtocol::TCP => Some(16),
        IpProtocol::UDP => Some(6),
        IpProtocol::ICMP => Some(2),
        _ => None,
    }
}

/// The sum over the pseudo header, for those that have one.
fn start(protocol: IpProtocol, src: Ipv4Addr, dst: Ipv4Addr, len: usize) -> Sum16BitWords {
    let sum = Sum16BitWords::new();
    if protocol == IpProtocol::ICMP {
        return sum;
    }
    // An IPv4 packet's content never exceeds 16 bits of length; a longer slice has no right checksum.
    let len = u16::try_from(len).unwrap_or(u16::MAX);
    sum.add_slice(&src.octets()).add_slice(&dst.octets()).add_2bytes([0, protocol.0]).add_2bytes(len.to_be_bytes())
}

// The offsets above lie inside the fixed headers.
const _: () = assert!(16 + 2 <= Tcp::HEADER_LEN && 6 + 2 <= Udp::HEADER_LEN);
