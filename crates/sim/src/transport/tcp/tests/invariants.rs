//! What holds of every connection between two events.

use crate::transport::tcp::seq::Seq;
use crate::transport::tcp::socket::{Connection, Sent};
use crate::transport::tcp::state::State;

impl Connection {
    pub(super) fn check(&self) {
        if self.state == State::Closed {
            return;
        }
        self.check_sender();
        self.check_counters();
        self.check_receiver();
    }

    /// What was sent and what was not follow each other without gaps, from SND.UNA to the end of what was written.
    fn check_sender(&self) {
        let snd = &self.snd;
        let mut at = snd.rtx.front().map_or(snd.nxt, |oldest| oldest.seq);
        assert!(!at.after(snd.una), "unacknowledged data is missing");
        for sent in &snd.rtx {
            assert!(sent.seq == at && sent.end.after(sent.seq), "a gap in what was sent");
            assert!(sent.end.after(snd.una), "acknowledged data is kept");
            assert!(sent.count >= 1);
            at = sent.end;
        }
        assert_eq!(at, snd.nxt, "the end of what was sent");
        for unsent in &snd.queue {
            assert!(unsent.seq == at && unsent.end.after(unsent.seq), "a gap in what is unsent");
            at = unsent.end;
        }
        assert_eq!(at, snd.write, "the end of what was written");
        assert!(snd.rtx.is_empty() || snd.origins.front().is_some_and(|(seq, _)| !seq.after(snd.una)), "nobody carried the oldest byte");
    }

    /// The counters of RFC 6675 agree with the marks.
    fn check_counters(&self) {
        let count = |of: fn(&Sent) -> bool| self.snd.rtx.iter().filter(|sent| of(sent)).map(|sent| sent.count).sum::<u32>();
        let recovery = &self.recovery;
        let counted = (count(|_| true), count(|sent| sent.sacked), count(|sent| sent.lost), count(|sent| sent.resent));
        let remembered = (recovery.out, if self.options.sack { recovery.sacked_out } else { 0 }, recovery.lost_out, recovery.resent_out);
        assert_eq!(counted, remembered, "segments out, held by the receiver, lost, sent again");
        assert_eq!(count(|sent| sent.sacked && sent.lost), 0);
        assert!(self.snd.rtx.is_empty() || self.timers.pending.is_some(), "data is under way, and no timer runs");
        assert!(self.congestion.window >= 1);
    }

    /// What lies beyond gaps is in order and beyond RCV.NXT; pieces may overlap, but none lies within another.
    fn check_receiver(&self) {
        let (mut seq, mut end) = (self.rcv.nxt, self.rcv.nxt);
        for early in &self.rcv.early {
            assert!(early.end.after(early.seq) && early.seq.after(seq) && early.end.after(end), "pieces out of order");
            (seq, end) = (early.seq, early.end);
        }
        assert!(!self.rcv.copied.after(self.rcv.nxt), "more was read than came");
        let blocks: Vec<(Seq, Seq)> = self.rcv.sacks.iter().map(|block| (Seq(block.left), Seq(block.right))).collect();
        assert!(blocks.len() <= 4 && (self.options.sack || blocks.is_empty()));
        for (index, (left, right)) in blocks.iter().enumerate() {
            assert!(left.after(self.rcv.nxt) && right.after(*left), "a block that is no news");
            assert!(blocks[..index].iter().all(|other| other.0.after(*right) || left.after(other.1)), "blocks that touch");
            let held = |at: Seq| self.rcv.early.iter().any(|early| at.between(early.seq, early.end - 1));
            assert!(held(*left) && held(*right - 1), "a block without data");
        }
    }
}
