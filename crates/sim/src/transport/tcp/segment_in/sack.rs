//! What SACK blocks say about our segments (RFC 2018, RFC 2883).

use super::super::context::Context;
use super::super::seq::Seq;
use super::super::socket::Connection;
use super::super::state::Path;
use super::ack::Findings;
use roundtrip_wire::SackBlock;

/// Most blocks that a header holds.
const MOST_BLOCKS: usize = 4;

impl Connection {
    /// Marks what the other side holds (`tcp_sacktag_write_queue`).
    pub(super) fn sack_arrived(&mut self, cx: &Context<'_>, blocks: &[SackBlock], ack: Seq, prior_una: Seq, found: &mut Findings) {
        let duplicate = self.dsack_arrived(blocks, ack, prior_una, found);
        if ack.before(prior_una - self.snd.max_window) || self.snd.rtx.is_empty() {
            return;
        }
        for (index, block) in blocks.iter().take(MOST_BLOCKS).enumerate() {
            let (left, right) = (Seq(block.left), Seq(block.right));
            let is_dsack = index == 0 && duplicate;
            if self.block_is_valid(is_dsack, left, right) && right.after(prior_una) {
                self.mark_held(cx, left, right, is_dsack, found);
            }
        }
        if (self.recovery.path != Path::Loss || self.recovery.undo_marker.is_some())
            && let Some(low) = found.reordered
        {
            let high = self.highest_sacked();
            self.note_reordering(low, high);
        }
    }

    /// The first block may report a duplicate: below the acknowledgement, or inside the second block.
    fn dsack_arrived(&mut self, blocks: &[SackBlock], ack: Seq, prior_una: Seq, found: &mut Findings) -> bool {
        let Some(first) = blocks.first() else { return false };
        let (left, right) = (Seq(first.left), Seq(first.right));
        let inside = || blocks.get(1).is_some_and(|second| !right.after(Seq(second.right)) && !left.before(Seq(second.left)));
        if !left.before(ack) && !inside() {
            return false;
        }
        let len = right.since(left);
        if !left.before(right) || len > self.snd.max_window {
            return false;
        }
        let mut segments = 1;
        if len > self.snd.mss {
            segments = len.div_ceil(self.snd.mss.max(1));
        } else if self.recovery.probe_high == Some(right) {
            found.dsack_of_probe = true;
        }
        let recovery = &mut self.recovery;
        recovery.dsack_dups = recovery.dsack_dups.saturating_add(segments);
        if recovery.dsack_dups > recovery.total_resent {
            return false;
        }
        if recovery.reordering_seen && !found.dsack_of_probe {
            recovery.rack.dsack_seen = true;
        }
        found.dsack = true;
        found.sack_delivered += segments;
        if let (Some(marker), Some(left)) = (recovery.undo_marker, recovery.undo_retrans)
            && !right.after(prior_una)
            && right.after(marker)
        {
            recovery.undo_retrans = Some(left.saturating_sub(segments));
        }
        true
    }

    /// A block that can be meant (RFC 2018 section 4, RFC 2883 section 4).
    fn block_is_valid(&self, is_dsack: bool, left: Seq, right: Seq) -> bool {
        if right.after(self.snd.nxt) || !left.before(right) || !left.before(self.snd.nxt) {
            return false;
        }
        if left.after(self.snd.una) {
            return true;
        }
        let Some(marker) = self.recovery.undo_marker.filter(|_| is_dsack) else { return false };
        if right.after(self.snd.una) {
            return false;
        }
        !left.before(marker) || (right.after(marker) && !left.before(right - self.snd.max_window))
    }

    fn mark_held(&mut self, cx: &Context<'_>, left: Seq, right: Seq, is_dsack: bool, found: &mut Findings) {
        let min_rtt = self.rtt.min();
        let mut highest = self.highest_sacked();
        let mut index = 0;
        while let Some(sent) = self.snd.rtx.get(index).copied() {
            if !sent.seq.before(right) {
                break;
            }
            let held = self.isolate(index, left, right);
            index += 1;
            if !held {
                continue;
            }
            let Some(sent) = self.snd.rtx.get_mut(index - 1) else { break };
            let count = sent.count;
            let recovery = &mut self.recovery;
            if is_dsack && sent.ever_resent {
                if let (Some(marker), Some(left)) = (recovery.undo_marker, recovery.undo_retrans)
                    && sent.end.after(marker)
                {
                    recovery.undo_retrans = Some(left.saturating_sub(count));
                }
                if sent.sacked {
                    found.arrived_late(sent.seq);
                }
            }
            if !sent.end.after(self.snd.una) {
                continue;
            }
            if !sent.sacked {
                recovery.rack_advance(cx.now, sent, min_rtt);
                let lost_too = sent.lost;
                if sent.resent {
                    if lost_too {
                        sent.resent = false;
                        recovery.resent_out = recovery.resent_out.saturating_sub(count);
                    }
                } else if !sent.ever_resent {
                    if sent.seq.before(highest) {
                        found.arrived_late(sent.seq);
                    }
                    if !sent.end.after(recovery.high) {
                        found.original_arrived = true;
                    }
                    let first = found.sack_sent.map_or(sent.sent_at, |(first, _)| first);
                    found.sack_sent = Some((first, sent.sent_at));
                }
                if lost_too {
                    sent.lost = false;
                    recovery.lost_out = recovery.lost_out.saturating_sub(count);
                }
                sent.sacked = true;
                found.sacked = true;
                recovery.sacked_out += count;
                found.sack_delivered += count;
                highest = highest.max(sent.end);
            }
            if is_dsack && sent.resent {
                sent.resent = false;
                recovery.resent_out = recovery.resent_out.saturating_sub(count);
            }
        }
    }

    /// True if the block covers this stretch; one that it covers in part is cut at a segment's end first, so that the
    /// covered part can be marked.
    fn isolate(&mut self, index: usize, left: Seq, right: Seq) -> bool {
        let Some(sent) = self.snd.rtx.get(index).copied() else { return false };
        let begins = !left.after(sent.seq);
        if begins && !right.before(sent.end) {
            return true;
        }
        if sent.count == 1 || !sent.end.after(left) {
            return false;
        }
        let mss = sent.mss.max(1);
        let mut len = if begins { right.since(sent.seq) } else { left.since(sent.seq).max(mss) };
        if len < mss {
            return false;
        }
        let rest = len.checked_rem(mss).unwrap_or(0);
        if len > mss && rest > 0 {
            len -= rest;
            if !begins {
                len += mss;
            }
        }
        if len >= sent.len() {
            return begins;
        }
        self.cut_stretch(index, len, mss);
        begins
    }
}

impl Findings {
    /// This stretch arrived although later ones had before.
    fn arrived_late(&mut self, seq: Seq) {
        self.reordered = Some(self.reordered.map_or(seq, |low| low.min(seq)));
    }
}
