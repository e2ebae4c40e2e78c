//! From values to bytes and back, through `etherparse`.
//!
//! [`encode`] and [`decode`] work on whole Ethernet frames, [`encode_packet`] and [`decode_packet`] on
//! IPv4 packets, [`encode_ip_body`] and [`decode_ip_body`] on what a packet carries (that is what
//! fragmentation cuts up and reassembly puts together).
//!
//! Encoding never fails and computes every length and checksum. Decoding checks lengths and refuses
//! what a value cannot hold (IPv4 header options, EtherTypes other than ARP and IPv4). Three things
//! that bytes can say are lost in a value, since nothing here depends on them: the reserved bits of the
//! IPv4 and TCP headers with TCP's urgent pointer, TCP options that [`TcpOptions`](crate::TcpOptions)
//! does not name, and checksums: [`decode`] does not verify them, because captures taken on the sending
//! machine often hold checksums that its network card had still to compute.
//! [`transport_checksum_holds`] says whether one is right.

mod checksum;
mod decode;
mod encode;
mod error;
#[cfg(test)]
mod properties;
mod tcp_options;
#[cfg(test)]
mod tests;

pub use checksum::{transport_checksum, transport_checksum_holds};
pub use decode::{decode, decode_ip_body, decode_packet};
pub use encode::{encode, encode_ip_body, encode_packet};
pub use error::{DecodeError, Layer, Problem};
pub(crate) use tcp_options::read as read_tcp_options;
