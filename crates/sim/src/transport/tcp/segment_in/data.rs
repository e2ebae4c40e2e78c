//! Seventh and eighth check: data and FIN (RFC 9293 section 3.10.7.4).

use super::super::TcpEvent;
use super::super::context::Context;
use super::super::seq::Seq;
use super::super::socket::{Connection, Early};
use super::super::state::State;
use super::super::window::{memory_of, tail_room};
use super::Arrived;
use crate::trace::TcpDrop;
use roundtrip_wire::{Payload, SackBlock, TcpFlags};

/// Blocks that are remembered (RFC 2018 section 3).
const MOST_BLOCKS: usize = 4;
/// Blocks that are safely reported: beyond these, held-back acknowledgements go out first.
const BLOCKS_EXPECTED: usize = 2;

impl Connection {
    /// Data, a FIN, or both (`tcp_data_queue`).
    pub(super) fn data_arrived(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>) {
        if segment.seq == segment.end || self.state == State::Closed {
            return;
        }
        self.rcv.dsack = None;
        let nxt = self.rcv.nxt;
        if segment.seq == nxt {
            if self.receive_window() == 0 && !(segment.len() == 0 && segment.tcp.flags.fin()) {
                self.refuse(cx, TcpDrop::OutOfWindow);
                return;
            }
            self.take_in_order(cx, segment);
        } else if !segment.end.after(nxt) {
            // All of it is old: the other side has not seen our acknowledgement.
            self.report_duplicate(segment.seq, segment.end);
            self.refuse(cx, TcpDrop::OutOfWindow);
        } else if !segment.seq.before(nxt + self.receive_window()) {
            self.refuse(cx, TcpDrop::OutOfWindow);
        } else if segment.seq.before(nxt) {
            self.report_duplicate(segment.seq, nxt);
            if self.receive_window() == 0 {
                self.refuse(cx, TcpDrop::OutOfWindow);
            } else {
                self.take_in_order(cx, segment);
            }
        } else {
            self.take_early(cx, segment);
        }
    }

    /// Discards a segment, but says at once where we are.
    fn refuse(&mut self, cx: &mut Context<'_>, reason: TcpDrop) {
        let wnd = self.window.wnd;
        self.ack.enter_quick(wnd);
        self.ack.schedule(cx.cause);
        cx.discard(reason);
    }

    /// Reports a duplicate with the next acknowledgement (RFC 2883).
    pub(super) fn report_duplicate(&mut self, left: Seq, right: Seq) {
        if self.options.sack {
            self.rcv.dsack = Some(SackBlock { left: left.0, right: right.0 });
        }
    }

    fn extend_duplicate(&mut self, left: Seq, right: Seq) {
        if let Some(block) = &mut self.rcv.dsack {
            extend(block, left, right);
        } else {
            self.report_duplicate(left, right);
        }
    }

    /// The next bytes, perhaps with some before them that we have.
    fn take_in_order(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>) {
        if self.window.is_full() {
            self.window.overrun(self.advmss);
        }
        if self.window.is_full() && !self.rcv.queue.is_empty() && segment.len() > 0 {
            self.ack.no_memory = true;
            self.ack.now = true;
            self.ack.schedule(cx.cause);
            cx.discard(TcpDrop::OutOfWindow);
            return;
        }
        let old = self.rcv.nxt.since(segment.seq) as usize;
        let fresh = segment.tcp.payload.slice(old, segment.tcp.payload.len());
        let flags = segment.tcp.flags;
        self.append(fresh, memory_of(segment.len()));
        self.rcv.nxt = segment.end;
        if segment.len() > 0 {
            self.data_received(cx, segment.len(), segment.header(), flags);
        }
        if flags.fin() {
            self.fin_arrived(cx);
        }
        self.take_what_waited(cx);
        self.forget_covered_blocks();
        if !self.orphan && segment.len() > 0 {
            cx.tell(self.id, TcpEvent::Readable);
        }
    }

    fn append(&mut self, bytes: Payload, memory: u32) {
        if bytes.is_empty() {
            return;
        }
        let len = bytes.len() as u32;
        if !self.rcv.queue.is_empty() && len <= self.rcv.tail_room {
            // It is copied into the buffer of the last one.
            self.rcv.tail_room -= len;
            self.rcv.queue.push_back((bytes, 0));
            return;
        }
        self.rcv.tail_room = tail_room(len);
        self.window.used = self.window.used.saturating_add(memory);
        self.rcv.queue.push_back((bytes, memory));
    }

    /// Segments beyond the gap that is filled now.
    fn take_what_waited(&mut self, cx: &mut Context<'_>) {
        if self.rcv.early.is_empty() {
            return;
        }
        let mut high = self.rcv.nxt;
        while let Some(first) = self.rcv.early.first() {
            if first.seq.after(self.rcv.nxt) {
                break;
            }
            let early = self.rcv.early.remove(0);
            self.window.used = self.window.used.saturating_sub(early.memory);
            if early.seq.before(high) {
                self.extend_duplicate(early.seq, early.end.min(high));
            }
            if !early.end.after(self.rcv.nxt) {
                continue;
            }
            let old = self.rcv.nxt.since(early.seq) as usize;
            self.append(early.bytes.slice(old, early.bytes.len()), early.memory);
            self.rcv.nxt = early.end;
            high = high.max(self.rcv.nxt);
            if early.fin {
                self.fin_arrived(cx);
                break;
            }
        }
        if self.rcv.early.is_empty() {
            // RFC 5681 section 4.2: the gap is filled, say so at once.
            self.ack.now = true;
        }
    }

    /// A segment beyond a gap (RFC 2018 section 4).
    fn take_early(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>) {
        if self.window.is_full() {
            self.window.overrun(self.advmss);
        }
        if self.window.is_full() {
            cx.discard(TcpDrop::OutOfWindow);
            return;
        }
        self.measure_rcv_mss(segment.len(), segment.header(), segment.tcp.flags);
        self.ack.schedule(cx.cause);
        let (seq, end) = (segment.seq, segment.end);
        let kept = self.keep_early(segment);
        if self.rcv.early.len() == 1 && self.rcv.sacks.is_empty() {
            if self.options.sack {
                self.rcv.sacks = vec![SackBlock { left: seq.0, right: end.0 }];
            }
        } else if self.options.sack {
            self.report_block(cx, seq, end);
        }
        if kept {
            // What may be offered is settled before the segment is charged for.
            if self.options.sack {
                self.grow_window(segment.len());
            }
            self.window.used = self.window.used.saturating_add(memory_of(segment.len()));
        }
    }

    /// Puts a segment among those that wait. False if all of it is there already.
    fn keep_early(&mut self, segment: Arrived<'_>) -> bool {
        let (seq, end) = (segment.seq, segment.end);
        let flags: TcpFlags = segment.tcp.flags;
        let mut place = self.rcv.early.iter().position(|early| early.seq.after(seq)).unwrap_or(self.rcv.early.len());
        if let Some(before) = place.checked_sub(1).and_then(|index| self.rcv.early.get(index)) {
            let (before_seq, before_end, before_memory) = (before.seq, before.end, before.memory);
            if !end.after(before_end) {
                self.report_duplicate(seq, end);
                return false;
            }
            if before_seq == seq {
                place -= 1;
                self.rcv.early.remove(place);
                self.window.used = self.window.used.saturating_sub(before_memory);
                self.extend_duplicate(before_seq, before_end);
            } else if seq.before(before_end) {
                self.report_duplicate(seq, before_end);
            }
        }
        while let Some(next) = self.rcv.early.get(place) {
            if !end.after(next.seq) {
                break;
            }
            let (next_seq, next_end) = (next.seq, next.end);
            if end.before(next_end) {
                self.extend_duplicate(next_seq, end);
                break;
            }
            let covered = self.rcv.early.remove(place);
            self.window.used = self.window.used.saturating_sub(covered.memory);
            self.extend_duplicate(next_seq, next_end);
        }
        let memory = memory_of(segment.len());
        let early = Early { seq, end, fin: flags.fin(), bytes: segment.tcp.payload.clone(), memory };
        self.rcv.early.insert(place, early);
        true
    }

    /// The block that the latest segment belongs to goes first (RFC 2018 section 4).
    fn report_block(&mut self, cx: &mut Context<'_>, seq: Seq, end: Seq) {
        let touching = self.rcv.sacks.iter_mut().position(|block| extend(block, seq, end));
        if touching.unwrap_or(self.rcv.sacks.len()) >= BLOCKS_EXPECTED {
            self.release_held_back(cx);
        }
        if let Some(index) = touching {
            let block = self.rcv.sacks.remove(index);
            self.rcv.sacks.insert(0, block);
            self.merge_blocks();
        } else {
            self.rcv.sacks.truncate(MOST_BLOCKS - 1);
            self.rcv.sacks.insert(0, SackBlock { left: seq.0, right: end.0 });
        }
    }

    /// The first block may now touch others.
    fn merge_blocks(&mut self) {
        let Some(mut first) = self.rcv.sacks.first().copied() else { return };
        let mut index = 1;
        while let Some(other) = self.rcv.sacks.get(index).copied() {
            if extend(&mut first, Seq(other.left), Seq(other.right)) {
                self.rcv.sacks.remove(index);
            } else {
                index += 1;
            }
        }
        if let Some(place) = self.rcv.sacks.first_mut() {
            *place = first;
        }
    }

    fn forget_covered_blocks(&mut self) {
        if self.rcv.early.is_empty() {
            self.rcv.sacks.clear();
        } else {
            let nxt = self.rcv.nxt;
            self.rcv.sacks.retain(|block| nxt.before(Seq(block.left)));
        }
    }

    /// Eighth check: the FIN bit, once everything before it is here.
    fn fin_arrived(&mut self, cx: &mut Context<'_>) {
        self.ack.schedule(cx.cause);
        self.no_more_recv = true;
        self.rcv.fin = true;
        match self.state {
            State::SynReceived | State::Established => {
                self.state = State::CloseWait;
                self.ack.enter_ping_pong();
            }
            State::FinWait1 => {
                self.send_ack(cx);
                self.state = State::Closing;
            }
            State::FinWait2 => {
                self.send_ack(cx);
                self.enter_time_wait(cx);
            }
            State::CloseWait | State::Closing | State::LastAck | State::Closed | State::SynSent => {}
        }
        for early in std::mem::take(&mut self.rcv.early) {
            self.window.used = self.window.used.saturating_sub(early.memory);
        }
        self.rcv.sacks.clear();
        if !self.orphan {
            cx.tell(self.id, TcpEvent::Eof);
        }
    }
}

/// Widens a block by a stretch that overlaps or touches it. False if they are apart.
fn extend(block: &mut SackBlock, left: Seq, right: Seq) -> bool {
    if left.after(Seq(block.right)) || Seq(block.left).after(right) {
        return false;
    }
    block.left = Seq(block.left).min(left).0;
    block.right = Seq(block.right).max(right).0;
    true
}
