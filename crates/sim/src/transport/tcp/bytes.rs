//! The bytes between the application and the acknowledgement, addressed by sequence number.

use super::seq::Seq;
use roundtrip_wire::Payload;
use std::collections::VecDeque;

/// A stream's bytes from `base` on, in the pieces in which they were written.
#[derive(Clone, Debug, Default)]
pub(super) struct ByteQueue {
    base: Seq,
    pieces: VecDeque<Payload>,
    len: u32,
}

impl ByteQueue {
    /// Nothing yet; the first byte will have number `base`.
    pub(super) const fn new(base: Seq) -> Self {
        Self { base, pieces: VecDeque::new(), len: 0 }
    }

    /// Appends.
    pub(super) fn push(&mut self, piece: Payload) {
        self.len = self.len.saturating_add(piece.len() as u32);
        if !piece.is_empty() {
            self.pieces.push_back(piece);
        }
    }

    /// `len` bytes from `from`, as far as they are here. Costs a copy only where pieces meet.
    pub(super) fn get(&self, from: Seq, len: u32) -> Payload {
        let mut skip = from.since(self.base) as usize;
        let mut wanted = len as usize;
        let mut parts: Vec<Payload> = Vec::new();
        for piece in &self.pieces {
            if wanted == 0 {
                break;
            }
            if skip >= piece.len() {
                skip -= piece.len();
                continue;
            }
            let part = piece.slice(skip, wanted);
            skip = 0;
            wanted = wanted.saturating_sub(part.len());
            parts.push(part);
        }
        match parts.as_slice() {
            [] => Payload::EMPTY,
            [only] => only.clone(),
            several => Payload::new(several.iter().flat_map(|part| part.as_slice().iter().copied()).collect::<Vec<u8>>()),
        }
    }

    /// Forgets everything before `to`.
    pub(super) fn advance(&mut self, to: Seq) {
        if !to.after(self.base) {
            return;
        }
        let mut gone = to.since(self.base).min(self.len) as usize;
        self.base = to;
        self.len -= gone as u32;
        while gone > 0 {
            let Some(first) = self.pieces.pop_front() else { break };
            if first.len() > gone {
                self.pieces.push_front(first.slice(gone, first.len()));
                gone = 0;
            } else {
                gone -= first.len();
            }
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.pieces.clear();
        self.len = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reads_what_was_written(
            writes in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..12),
            base in any::<u32>(),
            drop in 0_usize..200,
            from in 0_usize..200,
            len in 0_usize..200,
        ) {
            let all: Vec<u8> = writes.concat();
            let mut queue = ByteQueue::new(Seq(base));
            for write in &writes {
                queue.push(Payload::new(write.clone()));
            }
            let drop = drop.min(all.len());
            let from = from.max(drop).min(all.len());
            queue.advance(Seq(base) + drop as u32);
            let got = queue.get(Seq(base) + from as u32, len as u32);
            prop_assert_eq!(got.as_slice(), &all[from..(from + len).min(all.len())]);
        }
    }
}
