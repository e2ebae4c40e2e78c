//! The Transmission Control Protocol (RFC 9293): the segment as a value.

use crate::Payload;
use std::fmt;
use std::ops::{BitOr, BitOrAssign};

/// The control bits of RFC 9293 section 3.1, with the two of RFC 3168.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TcpFlags(pub u8);

impl TcpFlags {
    /// No more data from the sender.
    pub const FIN: Self = Self(0x01);
    /// Synchronize sequence numbers.
    pub const SYN: Self = Self(0x02);
    /// Reset the connection.
    pub const RST: Self = Self(0x04);
    /// Push.
    pub const PSH: Self = Self(0x08);
    /// The acknowledgement field is significant.
    pub const ACK: Self = Self(0x10);
    /// The urgent pointer is significant.
    pub const URG: Self = Self(0x20);
    /// ECN echo (RFC 3168).
    pub const ECE: Self = Self(0x40);
    /// Congestion window reduced (RFC 3168).
    pub const CWR: Self = Self(0x80);

    /// True if every bit of `other` is set here.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// SYN is set.
    #[must_use]
    pub const fn syn(self) -> bool {
        self.contains(Self::SYN)
    }

    /// ACK is set.
    #[must_use]
    pub const fn ack(self) -> bool {
        self.contains(Self::ACK)
    }

    /// FIN is set.
    #[must_use]
    pub const fn fin(self) -> bool {
        self.contains(Self::FIN)
    }

    /// RST is set.
    #[must_use]
    pub const fn rst(self) -> bool {
        self.contains(Self::RST)
    }
}

impl BitOr for TcpFlags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for TcpFlags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// One letter a bit, in the order of the recordings: `SA` is SYN with ACK, `PA` PSH with ACK.
impl fmt::Display for TcpFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LETTERS: [(TcpFlags, &str); 8] = [
            (TcpFlags::SYN, "S"),
            (TcpFlags::FIN, "F"),
            (TcpFlags::RST, "R"),
            (TcpFlags::PSH, "P"),
            (TcpFlags::ACK, "A"),
            (TcpFlags::URG, "U"),
            (TcpFlags::ECE, "E"),
            (TcpFlags::CWR, "C"),
        ];
        LETTERS.iter().filter(|(bit, _)| self.contains(*bit)).try_for_each(|(_, letter)| f.write_str(letter))
    }
}

impl fmt::Debug for TcpFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{self}]")
    }
}

/// The timestamps option (RFC 7323 section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timestamps {
    /// TSval: the sender's clock, here milliseconds as in Linux.
    pub value: u32,
    /// TSecr: the value that is echoed; 0 in a SYN.
    pub echo: u32,
}

/// One block of a selective acknowledgement (RFC 2018): first number held, and the one after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SackBlock {
    /// First sequence number of the block.
    pub left: u32,
    /// Sequence number right after the block.
    pub right: u32,
}

/// The options of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TcpOptions {
    /// Maximum segment size, only on SYN (RFC 9293 section 3.7.1).
    pub mss: Option<u16>,
    /// Window scale shift, only on SYN (RFC 7323 section 2).
    pub window_scale: Option<u8>,
    /// "I understand SACK", only on SYN (RFC 2018 section 2).
    pub sack_permitted: bool,
    /// Timestamps (RFC 7323 section 3).
    pub timestamps: Option<Timestamps>,
    /// Blocks received out of order, at most four (three beside timestamps).
    pub sack: Vec<SackBlock>,
}

impl TcpOptions {
    /// Most bytes of options that the header's data offset allows (RFC 9293 section 3.1).
    pub const MAX_LEN: usize = 40;

    /// Bytes that all options but the SACK blocks take, laid out as Linux does.
    const fn len_without_sack(&self) -> usize {
        let mut len = 0;
        if self.mss.is_some() {
            len += 4;
        }
        if self.timestamps.is_some() {
            // With SACK permitted the two padding octets before the timestamps become that option.
            len += 12;
        } else if self.sack_permitted {
            len += 4;
        }
        if self.window_scale.is_some() {
            len += 4;
        }
        len
    }

    /// The SACK blocks that go on the wire: the first ones, as many as the header has room for
    /// (RFC 2018 section 3: four, three beside timestamps).
    #[must_use]
    pub fn sack_on_wire(&self) -> &[SackBlock] {
        let room = (Self::MAX_LEN - self.len_without_sack()).saturating_sub(4) / 8;
        self.sack.get(..room).unwrap_or(&self.sack)
    }

    /// Bytes that the options take in the header, padding to four included, laid out as Linux does.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        let blocks = self.sack_on_wire().len();
        self.len_without_sack() + if blocks == 0 { 0 } else { 4 + 8 * blocks }
    }
}

/// A TCP segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tcp {
    /// Source port.
    pub src_port: u16,
    /// Destination port.
    pub dst_port: u16,
    /// Sequence number of the first octet, or of the SYN.
    pub seq: u32,
    /// Next sequence number expected; meaningful with ACK only.
    pub ack: u32,
    /// Control bits.
    pub flags: TcpFlags,
    /// Window as on the wire, unscaled.
    pub window: u16,
    /// Options.
    pub options: TcpOptions,
    /// Data.
    pub payload: Payload,
}

impl Tcp {
    /// Bytes of the header without options.
    pub const HEADER_LEN: usize = 20;

    /// Bytes of header, options and data.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        Self::HEADER_LEN + self.options.wire_len() + self.payload.len()
    }

    /// `SEG.LEN` of RFC 9293: octets of data, SYN and FIN counted as one each.
    #[must_use]
    pub fn segment_len(&self) -> u32 {
        self.payload.len() as u32 + u32::from(self.flags.syn()) + u32::from(self.flags.fin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_read_as_in_the_recordings() {
        assert_eq!((TcpFlags::SYN | TcpFlags::ACK).to_string(), "SA");
        assert_eq!((TcpFlags::ACK | TcpFlags::PSH | TcpFlags::FIN).to_string(), "FPA");
        assert_eq!((TcpFlags::RST | TcpFlags::ACK).to_string(), "RA");
    }

    #[test]
    fn no_more_sack_blocks_than_the_header_holds() {
        let block = SackBlock { left: 1, right: 2 };
        let timestamps = Some(Timestamps { value: 1, echo: 2 });
        let mut options = TcpOptions { sack: vec![block; 9], ..TcpOptions::default() };
        assert_eq!((options.sack_on_wire().len(), options.wire_len()), (4, 36));
        options.timestamps = timestamps;
        assert_eq!((options.sack_on_wire().len(), options.wire_len()), (3, 40));
        options.sack.truncate(1);
        assert_eq!((options.sack_on_wire().len(), options.wire_len()), (1, 24));
        let full = TcpOptions { mss: Some(1460), window_scale: Some(7), sack_permitted: true, timestamps, sack: vec![block; 9] };
        assert_eq!((full.sack_on_wire().len(), full.wire_len()), (2, 40));
    }
}
