//! The tail-loss probe (RFC 8985 section 7), and the retransmission timer that it stands in for.

use super::context::{Context, JIFFY, RTO_INITIAL, RTO_MIN, jiffies};
use super::recovery::SETTLE_MICROS;
use super::segment_out::{Extent, Nagle};
use super::socket::{Connection, Pending};
use super::state::Path;
use crate::sysctl::Sysctl;
use crate::time::SimTime;

impl Connection {
    /// New data was sent.
    pub(super) const fn recovery_sent(&mut self, segments: u32) {
        if self.in_reduction() {
            self.congestion.reduction_sent(segments);
        }
    }

    /// Plans a tail-loss probe (RFC 8985 section 7.2). False if there is none to plan.
    pub(super) fn schedule_loss_probe(&mut self, cx: &mut Context<'_>, fresh_rto: bool) -> bool {
        let early = cx.sysctl(Sysctl::TcpEarlyRetrans);
        if (early != 3 && early != 4)
            || self.snd.rtx.is_empty()
            || !self.options.sack
            || !matches!(self.recovery.path, Path::Open | Path::Reducing)
        {
            return false;
        }
        let mut wait = if self.rtt.is_known() {
            let extra = if self.recovery.out == 1 { RTO_MIN } else { SimTime::from_micros(SETTLE_MICROS) };
            jiffies(self.rtt.smoothed8() / 4 + extra.as_micros())
        } else {
            RTO_INITIAL
        };
        let rto = if fresh_rto { self.rtt.rto } else { self.time_to_rto(cx) };
        if rto > SimTime::ZERO {
            wait = wait.min(jiffies(rto.as_micros()));
        }
        self.start_retransmit_timer(cx, Pending::LossProbe, wait);
        true
    }

    /// How far the retransmission timeout of the oldest segment is away; zero if it is over.
    pub(super) fn time_to_rto(&self, cx: &Context<'_>) -> SimTime {
        self.snd.rtx.front().map_or(self.rtt.rto, |oldest| (oldest.sent_at + self.rtt.rto).since(cx.now))
    }

    /// Sends a tail-loss probe: new data if there is some, else the last segment again (RFC 8985 section 7.3).
    pub(super) fn send_loss_probe(&mut self, cx: &mut Context<'_>) {
        if self.recovery.probe_high.is_none() && self.probe_tail(cx) {
            self.recovery.probe_high = Some(self.snd.nxt);
            self.timers.pending = None;
        }
        self.rearm_rto(cx);
    }

    fn probe_tail(&mut self, cx: &mut Context<'_>) -> bool {
        self.recovery.probe_repeats = false;
        let mss = self.current_mss(cx);
        if let Some(head) = self.snd.queue.front() {
            let end = if head.len() > mss { head.seq + mss } else { head.end };
            if !end.after(self.window_end()) {
                let before = self.snd.rtx.len();
                self.write_xmit(cx, mss, Nagle::Off, Extent::Probe);
                return self.snd.rtx.len() > before;
            }
        }
        let Some(mut last) = self.snd.rtx.len().checked_sub(1) else { return false };
        let Some(stretch) = self.snd.rtx.get(last).copied() else { return false };
        let all_but_one = (stretch.count - 1).saturating_mul(mss);
        if stretch.count > 1 && stretch.len() > all_but_one {
            self.cut_stretch(last, all_but_one, mss);
            last += 1;
        }
        if self.retransmit_once(cx, last, 1).is_err() {
            return false;
        }
        self.recovery.probe_repeats = true;
        true
    }

    /// Starts the retransmission timer anew, or stops it if nothing is unacknowledged (RFC 6298 section 5).
    pub(super) fn rearm_rto(&mut self, cx: &mut Context<'_>) {
        if self.snd.rtx.is_empty() {
            self.timers.pending = None;
            self.timers.retransmit.stop();
            return;
        }
        let wait = match self.timers.pending {
            // These were set instead of the timeout: it still runs from the oldest segment on.
            Some(Pending::Reordering | Pending::LossProbe) => jiffies(self.time_to_rto(cx).as_micros().max(1)).max(JIFFY),
            _ => self.rtt.rto,
        };
        self.start_retransmit_timer(cx, Pending::Retransmission, wait);
    }
}
