//! What is lost and what is sent again (RFC 2018, RFC 2883, RFC 8985, RFC 6298, RFC 5682).
//!
//! Each unacknowledged segment carries three marks: held by the other side ("sacked"), believed lost, and sent again.
//! What is under way follows from them: a segment that is neither sacked nor lost counts once, one that was sent
//! again counts once more.

use super::context::{Context, jiffies};
use super::seq::Seq;
use super::socket::{Connection, Pending, Sent};
use super::state::Path;
use crate::time::SimTime;

/// Segments by which the network may be assumed to reorder (`tcp_reordering`).
const REORDERING: u32 = 3;
/// Most that is believed of it (`tcp_max_reordering`).
const REORDERING_MAX: u32 = 300;
/// Recoveries for which a wider reordering window is kept (RFC 8985 section 6.2, step 4).
pub(super) const REO_PERSIST: u32 = 16;
/// Added to the timers of the loss machinery, in microseconds, for acknowledgements that are almost there.
pub(super) const SETTLE_MICROS: u64 = 2_000;

/// The most recently sent segment that has arrived (RFC 8985 section 5.2).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rack {
    serial: u64,
    end: Seq,
    rtt: SimTime,
    /// It has moved since losses were last looked for.
    advanced: bool,
    reo_steps: u32,
    pub(super) reo_persist: u32,
    pub(super) dsack_seen: bool,
    last_delivered: u32,
}

impl Rack {
    /// It was sent before that stretch.
    const fn is_before(&self, sent: &Sent) -> bool {
        sent.serial > self.serial || (sent.serial == self.serial && sent.end.after(self.end))
    }

    /// It was sent after that stretch.
    const fn overtook(&self, sent: &Sent) -> bool {
        self.serial > sent.serial || (self.serial == sent.serial && self.end.after(sent.end))
    }
}

/// The state of loss recovery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recovery {
    pub(super) path: Path,
    /// SND.NXT when the present episode began.
    pub(super) high: Seq,
    pub(super) undo_marker: Option<Seq>,
    /// Retransmissions that are still to be proven unnecessary; none means "cannot be known".
    pub(super) undo_retrans: Option<u32>,
    /// When the first retransmission of the episode was sent, on the millisecond clock.
    pub(super) first_resent: Option<SimTime>,
    /// Unacknowledged segments.
    pub(super) out: u32,
    pub(super) sacked_out: u32,
    pub(super) lost_out: u32,
    pub(super) resent_out: u32,
    pub(super) reordering: u32,
    pub(super) reordering_seen: bool,
    pub(super) rack: Rack,
    /// SND.NXT when a tail-loss probe was sent that is not answered yet.
    pub(super) probe_high: Option<Seq>,
    /// The probe repeated old data.
    pub(super) probe_repeats: bool,
    /// A timeout may turn out to have been too early (RFC 5682).
    pub(super) frto: bool,
    /// The other side has dropped what it had reported as held.
    pub(super) reneged: bool,
    /// Segments that have arrived, in all.
    pub(super) delivered: u32,
    /// Segments that were marked as lost, in all.
    pub(super) lost: u32,
    pub(super) dsack_dups: u32,
    pub(super) total_resent: u32,
}

impl Default for Recovery {
    fn default() -> Self {
        Self {
            path: Path::Open,
            high: Seq::default(),
            undo_marker: None,
            undo_retrans: None,
            first_resent: None,
            out: 0,
            sacked_out: 0,
            lost_out: 0,
            resent_out: 0,
            reordering: REORDERING,
            reordering_seen: false,
            rack: Rack { reo_steps: 1, ..Rack::default() },
            probe_high: None,
            probe_repeats: false,
            frto: false,
            reneged: false,
            delivered: 0,
            lost: 0,
            dsack_dups: 0,
            total_resent: 0,
        }
    }
}

impl Recovery {
    /// Nothing is unacknowledged any more.
    pub(super) const fn forget(&mut self) {
        self.out = 0;
        self.sacked_out = 0;
        self.lost_out = 0;
        self.resent_out = 0;
    }

    /// A stretch has arrived (RFC 8985 section 6.2, step 2).
    pub(super) fn rack_advance(&mut self, now: SimTime, sent: &Sent, min_rtt: Option<u64>) {
        let rtt = now.since(sent.sent_at);
        if sent.ever_resent && min_rtt.is_none_or(|min| rtt.as_micros() < min) {
            return;
        }
        let rack = &mut self.rack;
        rack.advanced = true;
        rack.rtt = rtt;
        if rack.is_before(sent) {
            rack.serial = sent.serial;
            rack.end = sent.end;
        }
    }

    pub(super) const fn look_again(&mut self) {
        self.rack.advanced = true;
    }

    /// Widens the reordering window where duplicates show that it was too narrow (RFC 8985 section 6.2, step 4).
    pub(super) fn update_reordering_window(&mut self, prior_delivered: u32) {
        if prior_delivered == 0 {
            return;
        }
        let rack = &mut self.rack;
        if (prior_delivered.wrapping_sub(rack.last_delivered) as i32) < 0 {
            rack.dsack_seen = false;
        }
        if rack.dsack_seen {
            rack.reo_steps = (rack.reo_steps + 1).min(255);
            rack.dsack_seen = false;
            rack.last_delivered = self.delivered;
            rack.reo_persist = REO_PERSIST;
        } else if rack.reo_persist == 0 {
            rack.reo_steps = 1;
        }
    }
}

impl Connection {
    /// End of the highest segment that the other side holds.
    pub(super) fn highest_sacked(&self) -> Seq {
        if self.recovery.sacked_out == 0 {
            return self.snd.una;
        }
        self.snd.rtx.iter().rev().find(|sent| sent.sacked).map_or(self.snd.una, |sent| sent.end)
    }

    /// Marks a stretch as lost.
    pub(super) fn mark_lost(&mut self, index: usize) {
        let Some(sent) = self.snd.rtx.get_mut(index) else { return };
        if sent.sacked {
            return;
        }
        let recovery = &mut self.recovery;
        if !sent.lost {
            sent.lost = true;
            recovery.lost_out += sent.count;
            recovery.lost = recovery.lost.wrapping_add(sent.count);
        } else if sent.resent {
            sent.resent = false;
            recovery.resent_out = recovery.resent_out.saturating_sub(sent.count);
            recovery.lost = recovery.lost.wrapping_add(sent.count);
        }
    }

    /// How long later segments may overtake earlier ones (RFC 8985 section 6.2, step 4).
    fn reordering_window(&self) -> SimTime {
        let recovery = &self.recovery;
        if !recovery.reordering_seen && (recovery.path >= Path::Recovery || recovery.sacked_out >= recovery.reordering) {
            return SimTime::ZERO;
        }
        let min = self.rtt.min().unwrap_or(u64::from(u32::MAX)) / 4;
        SimTime::from_micros(min.saturating_mul(u64::from(recovery.rack.reo_steps)).min(self.rtt.smoothed()))
    }

    /// How much longer a segment may be awaited; none if not at all.
    fn rack_remaining(&self, now: SimTime, sent_at: SimTime, reordering: SimTime) -> Option<SimTime> {
        let due = sent_at + self.recovery.rack.rtt + reordering;
        if due > now { Some(due.since(now)) } else { None }
    }

    /// Marks what was overtaken for too long. Gives the longest time that others may still take.
    fn rack_detect(&mut self, cx: &Context<'_>) -> Option<SimTime> {
        let reordering = self.reordering_window();
        let rack = self.recovery.rack;
        let mut wait = None;
        for index in 0..self.snd.rtx.len() {
            let Some(sent) = self.snd.rtx.get(index).copied() else { break };
            if sent.sacked || (sent.lost && !sent.resent) {
                continue;
            }
            if !rack.overtook(&sent) {
                continue;
            }
            match self.rack_remaining(cx.now, sent.sent_at, reordering) {
                Some(remaining) => wait = wait.max(Some(remaining)),
                None => self.mark_lost(index),
            }
        }
        wait
    }

    /// Looks for losses after an acknowledgement. True if the reordering timer runs now.
    pub(super) fn rack_mark_lost(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.recovery.rack.advanced {
            return false;
        }
        self.recovery.rack.advanced = false;
        let Some(wait) = self.rack_detect(cx) else { return false };
        let wait = jiffies(wait.as_micros() + SETTLE_MICROS).min(self.rtt.rto);
        self.start_retransmit_timer(cx, Pending::Reordering, wait);
        true
    }

    /// The reordering timer: what is still missing is lost.
    pub(super) fn reordering_due(&mut self, cx: &mut Context<'_>) {
        let before = self.in_flight();
        let lost = self.recovery.lost;
        self.rack_detect(cx);
        if before != self.in_flight() {
            if self.recovery.path != Path::Recovery {
                self.enter_recovery();
                let (in_flight, newly) = (self.in_flight(), self.recovery.lost.wrapping_sub(lost));
                self.congestion.reduction_step(in_flight, 1, newly, false);
            }
            self.resend_lost(cx);
        }
        if self.timers.pending != Some(Pending::Retransmission) {
            self.rearm_rto(cx);
        }
    }

    /// Without SACK the first segment is lost after three duplicates, and after each partial acknowledgement (RFC 6582).
    pub(super) fn newreno_mark_lost(&mut self, advanced: bool) {
        let recovery = &self.recovery;
        let due =
            (recovery.path < Path::Recovery && recovery.sacked_out >= recovery.reordering) || (recovery.path == Path::Recovery && advanced);
        let Some(head) = self.snd.rtx.front().copied().filter(|head| due && !head.lost) else { return };
        if head.count > 1 && head.len() > head.mss {
            self.cut_stretch(0, head.mss, head.mss);
        }
        self.mark_lost(0);
    }

    fn init_undo(&mut self) {
        let recovery = &mut self.recovery;
        recovery.undo_marker = Some(self.snd.una);
        let mut flying = recovery.resent_out;
        if recovery.probe_high.is_some() && recovery.probe_repeats {
            flying += 1;
        }
        recovery.undo_retrans = (flying > 0).then_some(flying);
    }

    /// A fast recovery begins.
    pub(super) fn enter_recovery(&mut self) {
        if !self.any_resent() {
            self.recovery.first_resent = None;
        }
        self.congestion.prior_threshold = 0;
        self.init_undo();
        if !self.in_reduction() {
            self.congestion.prior_threshold = self.congestion.current_threshold(false);
            self.begin_reduction();
        }
        self.recovery.path = Path::Recovery;
    }

    /// The congestion window begins to shrink.
    pub(super) fn begin_reduction(&mut self) {
        self.recovery.high = self.snd.nxt;
        self.recovery.probe_high = None;
        self.congestion.begin_reduction();
    }

    /// A retransmission timeout: everything may be lost (RFC 5681 section 3.1).
    pub(super) fn enter_loss(&mut self, cx: &Context<'_>) {
        let fresh = self.recovery.path < Path::Recovery;
        let reneged = self.snd.rtx.front().is_some_and(|head| head.sacked);
        if reneged {
            self.recovery.sacked_out = 0;
            self.recovery.reneged = true;
        } else if !self.options.sack {
            self.recovery.sacked_out = 0;
        }
        for index in 0..self.snd.rtx.len() {
            if let Some(sent) = self.snd.rtx.get_mut(index) {
                if reneged {
                    sent.sacked = false;
                } else if index > 0 {
                    let sent_at = sent.sent_at;
                    if self.rack_remaining(cx.now, sent_at, SimTime::ZERO).is_some() {
                        continue;
                    }
                }
            }
            self.mark_lost(index);
        }
        let recovery = &self.recovery;
        if recovery.path <= Path::Disorder
            || !recovery.high.after(self.snd.una)
            || (recovery.path == Path::Loss && self.timers.retransmits == 0)
        {
            let reducing = self.in_reduction();
            self.congestion.prior_threshold = self.congestion.current_threshold(reducing);
            self.congestion.prior_window = self.congestion.window;
            self.congestion.reduce();
            self.init_undo();
        }
        self.congestion.window = self.in_flight() + 1;
        self.congestion.stamp(cx.now);
        self.congestion.forget_shape();
        if self.recovery.path <= Path::Disorder && self.recovery.sacked_out >= REORDERING {
            self.recovery.reordering = self.recovery.reordering.min(REORDERING);
        }
        self.recovery.path = Path::Loss;
        self.recovery.high = self.snd.nxt;
        self.recovery.probe_high = None;
        self.recovery.frto = fresh || self.timers.retransmits > 0;
    }

    /// Some segment of the episode was sent more than once.
    pub(super) fn any_resent(&self) -> bool {
        self.recovery.resent_out > 0 || self.snd.rtx.front().is_some_and(|head| head.ever_resent)
    }

    /// Later data arrived before `low`, which was never sent again: the network reorders.
    pub(super) fn note_reordering(&mut self, low: Seq, high: Seq) {
        if !low.before(high) {
            return;
        }
        let distance = high.since(low);
        let mss = self.snd.mss.max(1);
        if distance > self.recovery.reordering.saturating_mul(mss) {
            self.recovery.reordering = distance.div_ceil(mss).min(REORDERING_MAX);
        }
        self.recovery.reordering_seen = true;
    }
}
