//! Values and bytes of Ethernet, ARP, IPv4, ICMP, UDP and TCP, and how a frame reads in one line.
//!
//! Two levels. A *value* ([`Frame`] and what it holds) is what the simulation passes around: small,
//! shared where it is large, and such that an illegal packet cannot be built. *Bytes* (module `bytes`)
//! are made from values when somebody looks: a capture file, the hexadecimal view, a checksum test.
//!
//! Invariant: nothing here knows a device, a time or a topology.

pub mod arp;
pub mod frame;
pub mod icmp;
pub mod ipv4;
pub mod mac;
pub mod payload;
pub mod tcp;
pub mod udp;

pub use arp::{Arp, ArpOp};
pub use frame::{Frame, FrameBody};
pub use icmp::{Icmp, Quoted, RedirectCode, TimeExceededCode, UnreachableCode};
pub use ipv4::{Fragment, IpBody, IpProtocol, Ipv4, OtherProtocol};
pub use mac::Mac;
pub use payload::Payload;
pub use tcp::{SackBlock, Tcp, TcpFlags, TcpOptions, Timestamps};
pub use udp::Udp;
