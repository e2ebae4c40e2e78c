//! Sending again what is lost (RFC 6298 section 5.4, RFC 6675 section 5, RFC 1191 section 6.5).

use super::context::Context;
use super::segment_out::{Origin, Outgoing, data_flags};
use super::socket::{Connection, Pending};
use super::state::Path;
use crate::trace::Errno;
use roundtrip_wire::{Payload, TcpFlags};

impl Connection {
    /// Sends what is lost, as far as the congestion window allows.
    pub(super) fn resend_lost(&mut self, cx: &mut Context<'_>) {
        let mut rearm = false;
        let mut index = 0;
        let mss = self.current_mss(cx);
        let most = self.stretch_segments(mss);
        while let Some(sent) = self.snd.rtx.get(index).copied() {
            let room = self.congestion.window.saturating_sub(self.in_flight());
            if room == 0 || self.recovery.resent_out >= self.recovery.lost_out {
                break;
            }
            if sent.lost && !sent.sacked && !sent.resent {
                if self.retransmit(cx, index, room.min(most)).is_err() {
                    break;
                }
                if self.in_reduction() {
                    let count = self.snd.rtx.get(index).map_or(0, |sent| sent.count);
                    self.congestion.reduction_sent(count);
                }
                if index == 0 && self.timers.pending != Some(Pending::Reordering) {
                    rearm = true;
                }
            }
            index += 1;
        }
        if rearm {
            let rto = self.rtt.rto;
            self.start_retransmit_timer(cx, Pending::Retransmission, rto);
        }
    }

    /// Sends a stretch again, at most this many segments of it, and counts it.
    pub(super) fn retransmit(&mut self, cx: &mut Context<'_>, index: usize, segments: u32) -> Result<(), Errno> {
        let outcome = self.retransmit_once(cx, index, segments);
        let mut count = 1;
        let mut last_sent = cx.now;
        if let Some(sent) = self.snd.rtx.get_mut(index) {
            count = sent.count;
            last_sent = sent.sent_at;
            if outcome.is_ok() && !sent.resent {
                sent.resent = true;
                self.recovery.resent_out += count;
            }
        }
        // An attempt that fails counts from the time of the last success.
        self.recovery.first_resent.get_or_insert(last_sent);
        self.recovery.undo_retrans = Some(self.recovery.undo_retrans.unwrap_or(0) + count);
        outcome
    }

    /// Sends a stretch again: cut to what may be sent, divided anew for the present MSS, or together with small ones
    /// that follow.
    pub(super) fn retransmit_once(&mut self, cx: &mut Context<'_>, index: usize, segments: u32) -> Result<(), Errno> {
        let una = self.snd.una;
        if let Some(sent) = self.snd.rtx.get_mut(index) {
            if sent.packet.is_some_and(|packet| cx.env.still_queued(packet)) {
                return Err(Errno::Enobufs);
            }
            if sent.seq.before(una) {
                sent.syn = false;
                sent.seq = una;
            }
        }
        let route = self.look_route_up(cx);
        let mss = self.current_mss(cx);
        let Some(sent) = self.snd.rtx.get(index).copied() else { return Ok(()) };
        if !sent.syn {
            let end = self.window_end();
            let mut room = if end.after(sent.seq) { end.since(sent.seq) } else { 0 };
            if room == 0 {
                // Beyond a window that has shrunk nothing is sent, but for one segment that probes it.
                if sent.seq != una {
                    return Err(Errno::Enobufs);
                }
                room = mss;
            }
            let mut len = mss.saturating_mul(segments);
            if len > room {
                len = room - room.checked_rem(mss).unwrap_or(0);
                if len == 0 {
                    len = room;
                }
            }
            if sent.len() > len {
                self.cut_stretch(index, len, mss);
            } else {
                self.divide_anew(index, mss);
                let limit = room.min(mss);
                if sent.len() < limit {
                    self.join_following(index, limit);
                }
            }
        }
        let Some(sent) = self.snd.rtx.get(index).copied() else { return Ok(()) };
        let (flags, payload) = if sent.syn {
            (if sent.ack { TcpFlags::SYN | TcpFlags::ACK } else { TcpFlags::SYN }, Payload::EMPTY)
        } else {
            (data_flags(sent.push, sent.fin), self.snd.bytes.get(sent.seq, sent.len()))
        };
        let outgoing = Outgoing { seq: sent.seq, flags, payload, mss, origin: Origin::Again };
        if let Err(error) = route {
            self.soft_error = Some(error);
            self.show(cx, outgoing);
            return Err(error);
        }
        let outcome = self.transmit(cx, outgoing);
        self.recovery.total_resent = self.recovery.total_resent.saturating_add(sent.count);
        let serial = self.next_serial(cx.now);
        let clock = self.snd.clock;
        if let Some(sent) = self.snd.rtx.get_mut(index) {
            sent.ever_resent = true;
            if let Ok(packet) = outcome {
                sent.sent_at = clock;
                sent.serial = serial;
                sent.packet = Some(packet);
            }
        }
        outcome.map(|_| ())
    }

    /// Counts the segments of a stretch for another MSS.
    fn divide_anew(&mut self, index: usize, mss: u32) {
        let Some(sent) = self.snd.rtx.get_mut(index) else { return };
        let before = sent.count;
        sent.divide(mss);
        let (after, sent) = (sent.count, *sent);
        self.recount(&sent, before, after);
    }

    /// A stretch has another number of segments than before.
    fn recount(&mut self, sent: &super::socket::Sent, before: u32, after: u32) {
        let recovery = &mut self.recovery;
        let change = |counter: &mut u32| *counter = (*counter + after).saturating_sub(before);
        change(&mut recovery.out);
        if sent.sacked {
            change(&mut recovery.sacked_out);
        }
        if sent.lost {
            change(&mut recovery.lost_out);
        }
        if sent.resent {
            change(&mut recovery.resent_out);
        }
    }

    /// Cuts a stretch in two after `len` bytes; both keep its marks, PSH and FIN stay with the second.
    pub(super) fn cut_stretch(&mut self, index: usize, len: u32, mss: u32) {
        let Some(first) = self.snd.rtx.get_mut(index) else { return };
        let before = first.count;
        let mut second = *first;
        first.end = first.seq + len;
        first.push = false;
        first.fin = false;
        second.seq = first.end;
        second.syn = false;
        first.divide(mss);
        second.divide(mss);
        let after = first.count + second.count;
        self.snd.rtx.insert(index + 1, second);
        self.recount(&second, before, after);
    }

    /// Joins small segments that follow, so that fewer are sent (`tcp_retrans_collapse`).
    fn join_following(&mut self, index: usize, limit: u32) {
        let end = self.window_end();
        while let (Some(first), Some(next)) = (self.snd.rtx.get(index).copied(), self.snd.rtx.get(index + 1).copied()) {
            if first.sacked
                || next.sacked
                || first.fin
                || first.count > 1
                || next.count > 1
                || first.len() + next.len() > limit
                || next.end.after(end)
            {
                break;
            }
            if let Some(first) = self.snd.rtx.get_mut(index) {
                first.end = next.end;
                first.push |= next.push;
                first.fin |= next.fin;
                first.ever_resent |= next.ever_resent;
            }
            self.snd.rtx.remove(index + 1);
            self.recount(&next, next.count, 0);
        }
    }

    /// The path MTU has fallen: whatever does not fit any more was dropped, so it is sent again at once (RFC 1191
    /// section 6.5), without taking it for congestion.
    pub(super) fn resend_too_large(&mut self, cx: &mut Context<'_>) {
        let mss = self.current_mss(cx);
        for index in 0..self.snd.rtx.len() {
            if self.snd.rtx.get(index).is_some_and(|sent| sent.segment_len() > mss) {
                self.mark_lost(index);
            }
        }
        if self.recovery.lost_out == 0 {
            return;
        }
        if self.recovery.path != Path::Loss {
            let reducing = self.in_reduction();
            self.recovery.high = self.snd.nxt;
            self.congestion.threshold = self.congestion.current_threshold(reducing);
            self.congestion.prior_threshold = 0;
            self.recovery.undo_marker = None;
            self.recovery.path = Path::Loss;
        }
        self.resend_lost(cx);
    }
}
