//! The Ethernet frame (IEEE 802.3 with an EtherType).

use crate::{Arp, Ipv4, Mac};

/// What a frame carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameBody {
    /// EtherType 0x0806.
    Arp(Arp),
    /// EtherType 0x0800.
    Ipv4(Ipv4),
}

/// An Ethernet frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Who sent it on this segment.
    pub src: Mac,
    /// Who should take it on this segment.
    pub dst: Mac,
    /// What it carries.
    pub body: FrameBody,
}

impl Frame {
    /// Bytes of the Ethernet header.
    pub const HEADER_LEN: usize = 14;

    /// The IPv4 packet, if it carries one.
    #[must_use]
    pub const fn ipv4(&self) -> Option<&Ipv4> {
        if let FrameBody::Ipv4(packet) = &self.body { Some(packet) } else { None }
    }
}
