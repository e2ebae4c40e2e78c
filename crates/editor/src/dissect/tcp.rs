//! TCP with its options and the analysis of its connection.

use super::{Value, Walk};
use roundtrip_explain::analysis::{Analysis, Mark};
use roundtrip_sim::SimTime;

impl Walk<'_, '_> {
    /// A segment of `len` bytes, as the IPv4 header says; quoted ones may end before.
    pub(super) fn tcp(&mut self, at: usize, depth: u8, len: usize, analysis: Option<&Analysis>) -> Option<()> {
        let below = depth.saturating_add(1);
        let offset = |bytes: usize| at.saturating_add(bytes);
        let header = self.number(offset(12), 1).map_or(20, |byte| usize::try_from(byte >> 4).unwrap_or(5).saturating_mul(4));
        let data = len.saturating_sub(header);
        self.head("tcp", depth, at, offset(header));
        self.field("tcp.srcport", below, at, 2)?;
        self.field("tcp.dstport", below, offset(2), 2)?;
        if let Some(known) = analysis {
            self.computed("tcp.stream", below, Value::Number(known.stream.into()));
        }
        self.computed("tcp.len", below, Value::Number(data as u64));
        self.sequence(("tcp.seq", "tcp.seq_raw"), below, offset(4), analysis.map(|known| known.seq))?;
        if let Some(known) = analysis {
            self.computed("tcp.nxtseq", below, Value::Number(known.next_seq.into()));
        }
        self.sequence(("tcp.ack", "tcp.ack_raw"), below, offset(8), analysis.map(|known| known.ack))?;
        self.push("tcp.hdr_len", below, offset(12)..offset(13), Value::Number(header as u64), false);
        self.flags(offset(12), below)?;
        self.field("tcp.window_size_value", below, offset(14), 2)?;
        if let Some(known) = analysis {
            self.computed("tcp.window_size", below, Value::Number(known.window.into()));
            // A SYN's own window is never scaled (RFC 7323 section 2.2).
            if self.bytes.get(offset(13)).is_some_and(|flags| flags & 2 == 0) {
                self.computed("tcp.window_size_scalefactor", below, Value::Signed(known.scale.into()));
            }
        }
        self.field("tcp.checksum", below, offset(16), 2)?;
        self.field("tcp.urgent_pointer", below, offset(18), 2)?;
        if header > 20 {
            self.push("tcp.options", below, offset(20)..offset(header).min(self.bytes.len()), Value::Present, false);
            let _ = self.options(offset(20), offset(header), below.saturating_add(1));
        }
        if let Some(known) = analysis {
            self.analysis(known, below);
        }
        self.payload("tcp.payload", offset(header), below);
        Some(())
    }

    /// A number as it is read and as it is counted from the beginning of the connection.
    fn sequence(&mut self, names: (&'static str, &'static str), depth: u8, at: usize, relative: Option<u32>) -> Option<()> {
        let raw = self.number(at, 4)?;
        let end = at.saturating_add(4);
        self.push(names.0, depth, at..end, Value::Number(relative.map_or(raw, u64::from)), false);
        self.push(names.1, depth, at..end, Value::Number(raw), false);
        Some(())
    }

    fn flags(&mut self, at: usize, depth: u8) -> Option<()> {
        const BITS: [(&str, u32); 8] = [
            ("tcp.flags.cwr", 7),
            ("tcp.flags.ece", 6),
            ("tcp.flags.urg", 5),
            ("tcp.flags.ack", 4),
            ("tcp.flags.push", 3),
            ("tcp.flags.reset", 2),
            ("tcp.flags.syn", 1),
            ("tcp.flags.fin", 0),
        ];
        self.bits("tcp.flags", depth, at, 2, 0, 12)?;
        for (name, shift) in BITS {
            self.bits(name, depth.saturating_add(1), at.saturating_add(1), 1, shift, 1)?;
        }
        Some(())
    }

    /// The options, one after the other, until they end or are no options.
    fn options(&mut self, from: usize, to: usize, depth: u8) -> Option<()> {
        let mut at = from;
        while at < to {
            let kind = self.number(at, 1)?;
            if kind == 0 {
                break;
            }
            if kind == 1 {
                self.push("tcp.options.nop", depth, at..at.saturating_add(1), Value::Present, false);
                at = at.saturating_add(1);
                continue;
            }
            let len = usize::try_from(self.number(at.saturating_add(1), 1)?).ok().filter(|len| *len >= 2)?;
            let (value, end) = (at.saturating_add(2), at.saturating_add(len));
            match kind {
                2 => drop(self.field("tcp.options.mss_val", depth, value, 2)?),
                3 => {
                    let shift = self.field("tcp.options.wscale.shift", depth, value, 1)?;
                    let factor = u32::try_from(shift).ok().and_then(|shift| 1_u64.checked_shl(shift)).unwrap_or_default();
                    self.computed("tcp.options.wscale.multiplier", depth, Value::Number(factor));
                }
                4 => self.push("tcp.options.sack_perm", depth, at..end, Value::Present, false),
                5 => {
                    let mut edge = value;
                    while edge.saturating_add(8) <= end {
                        self.field("tcp.options.sack_le", depth, edge, 4)?;
                        self.field("tcp.options.sack_re", depth, edge.saturating_add(4), 4)?;
                        edge = edge.saturating_add(8);
                    }
                }
                8 => {
                    self.field("tcp.options.timestamp.tsval", depth, value, 4)?;
                    self.field("tcp.options.timestamp.tsecr", depth, value.saturating_add(4), 4)?;
                }
                _ => {}
            }
            at = end;
        }
        Some(())
    }

    fn analysis(&mut self, known: &Analysis, depth: u8) {
        let below = depth.saturating_add(1);
        self.computed("tcp.analysis", depth, Value::Present);
        if let Some(rtt) = known.initial_rtt {
            self.computed("tcp.analysis.initial_rtt", below, Value::Time(rtt));
        }
        let frame = |place: u32| Value::Number(u64::from(place).saturating_add(1));
        if let Some((place, after)) = known.acks {
            self.computed("tcp.analysis.acks_frame", below, frame(place));
            // An answer at the same moment tells nothing about a way.
            if after > SimTime::ZERO {
                self.computed("tcp.analysis.ack_rtt", below, Value::Time(after));
            }
        }
        if !known.marks.is_empty() {
            self.computed("tcp.analysis.flags", below, Value::Present);
        }
        for mark in known.marks.iter() {
            self.computed(mark_field(mark), below.saturating_add(1), Value::Present);
        }
        if let Some((number, place)) = known.duplicate_of {
            self.computed("tcp.analysis.duplicate_ack_num", below, Value::Number(number.into()));
            self.computed("tcp.analysis.duplicate_ack_frame", below, frame(place));
        }
        if let Some((place, after)) = known.repeats {
            self.computed("tcp.analysis.rto", below, Value::Time(after));
            self.computed("tcp.analysis.rto_frame", below, frame(place));
        }
    }
}

/// The field of a mark.
fn mark_field(mark: Mark) -> &'static str {
    let names = super::field::FIELDS.iter().map(|field| field.name);
    names.into_iter().find(|name| name.strip_prefix("tcp.analysis.") == Some(mark.name())).unwrap_or("tcp.analysis.flags")
}
