//! One number for a whole run.

use roundtrip_sim::Trace;
use roundtrip_wire::encode;
use std::fmt::{self, Write};

/// A number that two runs share only if every frame, byte and time, every step, drop, outcome and table is the same
/// (by the odds of 64 bits): 64-bit FNV-1a over all of it. The same natively and in WebAssembly.
#[must_use]
pub fn trace_hash(trace: &Trace) -> u64 {
    let mut hash = Fnv::new();
    for record in &trace.frames {
        hash.number(record.sent.as_nanos());
        hash.number(u64::from(record.port.node.0));
        hash.number(u64::from(record.port.interface.0));
        hash.number(record.segment.map_or(u64::MAX, |segment| u64::from(segment.0)));
        hash.number(u64::from(record.packet.0));
        let bytes = encode(&record.frame);
        hash.number(bytes.len() as u64);
        hash.bytes(&bytes);
    }
    // The rest has no bytes of its own; its debug form has all of its content.
    hash.debug(&trace.packets);
    hash.debug(&trace.visits);
    hash.debug(&trace.steps);
    hash.debug(&trace.drops);
    hash.debug(&trace.app);
    hash.debug(&trace.outcomes);
    hash.debug(&trace.rules);
    hash.debug(&trace.snapshots);
    hash.debug(&trace.end);
    hash.number(trace.ended_at.as_nanos());
    hash.0
}

/// FNV-1a (Fowler, Noll, Vo; draft-eastlake-fnv).
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    fn debug(&mut self, value: &impl fmt::Debug) {
        // Never fails: what is written to does not.
        let _ = write!(self, "{value:?}");
    }
}

impl Write for Fnv {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_values() {
        for (text, expected) in [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)] {
            let mut hash = Fnv::new();
            hash.bytes(text.as_bytes());
            assert_eq!(hash.0, expected, "{text}");
        }
    }
}
