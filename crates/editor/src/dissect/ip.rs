//! IPv4, and what is short upon it: ICMP with the packet that it quotes, UDP, anything else.

use super::{Value, Walk};
use roundtrip_explain::analysis::Analysis;
use roundtrip_wire::Icmp;

/// A quoted packet cannot quote another that quotes another for ever.
const DEEPEST: u8 = 4;

impl Walk<'_, '_> {
    /// An IPv4 packet, `depth` being that of its head.
    pub(super) fn ip(&mut self, at: usize, depth: u8, analysis: Option<&Analysis>) -> Option<()> {
        let below = depth.saturating_add(1);
        let bit = below.saturating_add(1);
        let header = usize::try_from(self.number(at, 1)? & 15).ok()?.checked_mul(4).filter(|len| *len >= 20)?;
        self.head("ip", depth, at, at.saturating_add(header));
        self.bits("ip.version", below, at, 1, 4, 4)?;
        // Counted in words of four bytes; told in bytes.
        self.push("ip.hdr_len", below, at..at.saturating_add(1), Value::Number(header as u64), false);
        self.field("ip.dsfield", below, at.saturating_add(1), 1)?;
        self.bits("ip.dsfield.dscp", bit, at.saturating_add(1), 1, 2, 6)?;
        self.bits("ip.dsfield.ecn", bit, at.saturating_add(1), 1, 0, 2)?;
        let total = usize::try_from(self.field("ip.len", below, at.saturating_add(2), 2)?).ok()?;
        self.field("ip.id", below, at.saturating_add(4), 2)?;
        let flags = at.saturating_add(6);
        self.bits("ip.flags", below, flags, 1, 5, 3)?;
        self.bits("ip.flags.rb", bit, flags, 1, 7, 1)?;
        self.bits("ip.flags.df", bit, flags, 1, 6, 1)?;
        let more = self.bits("ip.flags.mf", bit, flags, 1, 5, 1)?;
        let units = self.number(flags, 2)? & 0x1fff;
        self.push("ip.frag_offset", below, flags..flags.saturating_add(2), Value::Number(units.saturating_mul(8)), false);
        self.field("ip.ttl", below, at.saturating_add(8), 1)?;
        let protocol = self.field("ip.proto", below, at.saturating_add(9), 1)?;
        self.field("ip.checksum", below, at.saturating_add(10), 2)?;
        self.ipv4("ip.src", below, at.saturating_add(12))?;
        self.ipv4("ip.dst", below, at.saturating_add(16))?;
        let (body, outer) = (at.saturating_add(header), self.end);
        self.end = outer.min(at.saturating_add(total));
        if units > 0 || (more == 1 && depth == 0) {
            // Wireshark shows what a fragment carries with the last one; here each is shown as it is.
            self.data(body, depth);
        } else {
            let _ = match protocol {
                1 => self.icmp(body, depth),
                6 => self.tcp(body, depth, total.saturating_sub(header), analysis),
                17 => self.udp(body, depth),
                _ => self.data(body, depth),
            };
        }
        self.end = outer;
        Some(())
    }

    fn icmp(&mut self, at: usize, depth: u8) -> Option<()> {
        let below = depth.saturating_add(1);
        self.head("icmp", depth, at, self.end);
        let kind = self.field("icmp.type", below, at, 1)?;
        let code = self.field("icmp.code", below, at.saturating_add(1), 1)?;
        self.field("icmp.checksum", below, at.saturating_add(2), 2)?;
        let (rest, content) = (at.saturating_add(4), at.saturating_add(Icmp::HEADER_LEN));
        match kind {
            0 | 8 => {
                self.field("icmp.ident", below, rest, 2)?;
                self.field("icmp.seq", below, rest.saturating_add(2), 2)?;
                self.data(content, below)
            }
            3 | 5 | 11 | 12 => {
                match (kind, code) {
                    (3, 4) => drop(self.field("icmp.mtu", below, rest.saturating_add(2), 2)?),
                    (5, _) => drop(self.ipv4("icmp.redir_gw", below, rest)?),
                    _ => {}
                }
                if depth < DEEPEST { self.ip(content, below, None) } else { None }
            }
            _ => self.data(content, below),
        }
    }

    fn udp(&mut self, at: usize, depth: u8) -> Option<()> {
        let below = depth.saturating_add(1);
        self.head("udp", depth, at, at.saturating_add(8));
        self.field("udp.srcport", below, at, 2)?;
        self.field("udp.dstport", below, at.saturating_add(2), 2)?;
        self.field("udp.length", below, at.saturating_add(4), 2)?;
        self.field("udp.checksum", below, at.saturating_add(6), 2)?;
        let content = at.saturating_add(8);
        self.payload("udp.payload", content, below);
        self.data(content, depth)
    }

    /// Bytes that a protocol carries, as its own field.
    pub(super) fn payload(&mut self, name: &'static str, at: usize, depth: u8) {
        let end = self.end.min(self.bytes.len());
        if at < end {
            self.push(name, depth, at..end, Value::Present, false);
        }
    }

    /// Bytes of which nothing more is known.
    pub(super) fn data(&mut self, at: usize, depth: u8) -> Option<()> {
        let end = self.end.min(self.bytes.len());
        let len = end.checked_sub(at).filter(|len| *len > 0)?;
        self.head("data", depth, at, end);
        let below = depth.saturating_add(1);
        self.push("data.data", below, at..end, Value::Present, false);
        self.computed("data.len", below, Value::Number(len as u64));
        Some(())
    }
}
