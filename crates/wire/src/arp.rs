//! The Address Resolution Protocol (RFC 826) for IPv4 over Ethernet.

use crate::Mac;
use std::net::Ipv4Addr;

/// What an ARP packet is for (the field `ar$op`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArpOp {
    /// "Who has this address?"
    Request,
    /// "It is at this Ethernet address."
    Reply,
}

/// An ARP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arp {
    /// Request or reply.
    pub op: ArpOp,
    /// Ethernet address of the sender (`ar$sha`).
    pub sender_mac: Mac,
    /// IPv4 address of the sender (`ar$spa`); 0.0.0.0 in an address probe (RFC 5227).
    pub sender_ip: Ipv4Addr,
    /// Ethernet address of the target (`ar$tha`); [`Mac::ZERO`] in a request.
    pub target_mac: Mac,
    /// IPv4 address of the target (`ar$tpa`).
    pub target_ip: Ipv4Addr,
}
