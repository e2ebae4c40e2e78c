//! A frame taken apart: every field with its value and its bytes, for the detail tree, the hexadecimal view and filters.
//!
//! Read from the bytes, as Wireshark does, so that quoted packets, first fragments and odd content need nothing of their own. What
//! the bytes alone do not tell (number, time, analysis of the connection) comes with [`Seen`].

pub mod field;
mod ip;
mod tcp;
#[cfg(test)]
mod tests;
pub mod text;

pub use field::{Field, Kind};

use field::field;
use roundtrip_explain::analysis::Analysis;
use roundtrip_sim::time::SimTime;
use roundtrip_wire::{Frame, Mac};
use std::net::Ipv4Addr;
use std::ops::Range;

/// A value of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// None: a protocol, a mark, bytes.
    Present,
    /// A number, a flag as 0 or 1.
    Number(u64),
    /// A number that may be below zero.
    Signed(i64),
    /// An Ethernet address.
    Mac(Mac),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// A span of time.
    Time(SimTime),
    /// A text.
    Text(&'a str),
}

/// A line of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Item<'a> {
    /// The field.
    pub field: &'static Field,
    /// Its value.
    pub value: Value<'a>,
    /// Its bytes in the frame; empty for what is in no byte, as everything that is computed.
    pub bytes: Range<usize>,
    /// How deep it stands: 0 for a protocol.
    pub depth: u8,
    /// It is computed, not read: Wireshark puts such lines in brackets.
    pub computed: bool,
}

/// What is known of a frame beside its bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen<'a> {
    /// Number in the capture, from 1.
    pub number: u32,
    /// When it was seen, since the beginning of the simulation.
    pub time: SimTime,
    /// How long after the frame before it.
    pub delta: SimTime,
    /// Where, as people call it.
    pub place: &'a str,
    /// What somebody wrote about it.
    pub comment: Option<&'a str>,
    /// Its TCP segment's part in the connection.
    pub analysis: Option<&'a Analysis>,
}

/// A frame taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dissection<'a> {
    /// The frame's bytes.
    pub bytes: Vec<u8>,
    /// Its fields, those of a branch behind its head.
    pub items: Vec<Item<'a>>,
}

/// Takes a frame apart.
#[must_use]
pub fn dissect<'a>(frame: &Frame, seen: &Seen<'a>) -> Dissection<'a> {
    let bytes = roundtrip_wire::encode(frame);
    let mut walk = Walk { bytes: &bytes, end: bytes.len(), items: Vec::with_capacity(64) };
    walk.frame(seen);
    let items = walk.items;
    Dissection { bytes, items }
}

impl<'a> Dissection<'a> {
    /// The values of a field, in order.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Item<'a>> {
        self.items.iter().filter(move |item| item.field.name == name)
    }

    /// An item's bytes.
    #[must_use]
    pub fn bytes_of(&self, item: &Item<'_>) -> &[u8] {
        self.bytes.get(item.bytes.clone()).unwrap_or(&[])
    }

    /// The innermost item that holds a byte.
    #[must_use]
    pub fn item_at(&self, byte: usize) -> Option<usize> {
        let holds = self.items.iter().enumerate().filter(|(_, item)| item.field.name != "frame" && item.bytes.contains(&byte));
        // Of those that are equally narrow the last: a bit rather than the field that it is in.
        holds.min_by_key(|(place, item)| (item.bytes.len(), std::cmp::Reverse(*place))).map(|(place, _)| place)
    }
}

/// A frame being taken apart.
struct Walk<'b, 'a> {
    bytes: &'b [u8],
    /// Where the packet that is being read ends.
    end: usize,
    items: Vec<Item<'a>>,
}

impl<'a> Walk<'_, 'a> {
    /// A number of up to eight bytes; none if they are not all there.
    fn number(&self, at: usize, len: usize) -> Option<u64> {
        let bytes = self.bytes.get(at..at.checked_add(len)?)?;
        Some(bytes.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
    }

    fn push(&mut self, name: &'static str, depth: u8, bytes: Range<usize>, value: Value<'a>, computed: bool) {
        if let Some(field) = field(name) {
            self.items.push(Item { field, value, bytes, depth, computed });
        }
    }

    /// The head of a branch; as far as its bytes are there.
    fn head(&mut self, name: &'static str, depth: u8, from: usize, to: usize) {
        let end = to.min(self.bytes.len());
        self.push(name, depth, from.min(end)..end, Value::Present, false);
    }

    /// A field that is a number of its own bytes.
    fn field(&mut self, name: &'static str, depth: u8, at: usize, len: usize) -> Option<u64> {
        let number = self.number(at, len)?;
        self.push(name, depth, at..at.saturating_add(len), Value::Number(number), false);
        Some(number)
    }

    /// A field that is some bits of its bytes.
    fn bits(&mut self, name: &'static str, depth: u8, at: usize, len: usize, shift: u32, width: u32) -> Option<u64> {
        let number = (self.number(at, len)? >> shift) & (1_u64.checked_shl(width)?.wrapping_sub(1));
        self.push(name, depth, at..at.saturating_add(len), Value::Number(number), false);
        Some(number)
    }

    fn mac(&mut self, name: &'static str, depth: u8, at: usize) -> Option<()> {
        let octets = self.bytes.get(at..)?.first_chunk::<6>()?;
        let value = Value::Mac(Mac(*octets));
        self.push(name, depth, at..at.saturating_add(6), value, false);
        Some(())
    }

    fn ipv4(&mut self, name: &'static str, depth: u8, at: usize) -> Option<Ipv4Addr> {
        let octets = self.bytes.get(at..)?.first_chunk::<4>()?;
        let address = Ipv4Addr::from(*octets);
        self.push(name, depth, at..at.saturating_add(4), Value::Ipv4(address), false);
        Some(address)
    }

    /// Something computed.
    fn computed(&mut self, name: &'static str, depth: u8, value: Value<'a>) {
        self.push(name, depth, 0..0, value, true);
    }

    fn frame(&mut self, seen: &Seen<'a>) {
        self.head("frame", 0, 0, self.bytes.len());
        self.computed("frame.number", 1, Value::Number(seen.number.into()));
        self.computed("frame.time_relative", 1, Value::Time(seen.time));
        self.computed("frame.time_delta", 1, Value::Time(seen.delta));
        self.computed("frame.len", 1, Value::Number(self.bytes.len() as u64));
        if !seen.place.is_empty() {
            self.computed("frame.interface_name", 1, Value::Text(seen.place));
        }
        if let Some(comment) = seen.comment {
            self.computed("frame.comment", 1, Value::Text(comment));
        }
        // Whatever is not there ends the walk; what was found stays.
        let _ = self.ethernet(seen.analysis);
    }

    fn ethernet(&mut self, analysis: Option<&Analysis>) -> Option<()> {
        self.head("eth", 0, 0, Frame::HEADER_LEN);
        self.mac("eth.dst", 1, 0)?;
        self.mac("eth.src", 1, 6)?;
        match self.field("eth.type", 1, 12, 2)? {
            0x0806 => self.arp(Frame::HEADER_LEN),
            0x0800 => self.ip(Frame::HEADER_LEN, 0, analysis),
            _ => None,
        }
    }

    fn arp(&mut self, at: usize) -> Option<()> {
        self.head("arp", 0, at, at.saturating_add(28));
        self.field("arp.hw.type", 1, at, 2)?;
        self.field("arp.proto.type", 1, at.saturating_add(2), 2)?;
        self.field("arp.hw.size", 1, at.saturating_add(4), 1)?;
        self.field("arp.proto.size", 1, at.saturating_add(5), 1)?;
        self.field("arp.opcode", 1, at.saturating_add(6), 2)?;
        self.mac("arp.src.hw_mac", 1, at.saturating_add(8))?;
        self.ipv4("arp.src.proto_ipv4", 1, at.saturating_add(14))?;
        self.mac("arp.dst.hw_mac", 1, at.saturating_add(18))?;
        self.ipv4("arp.dst.proto_ipv4", 1, at.saturating_add(24)).map(drop)
    }
}
