//! What timers do (RFC 9293 section 3.10.8): retransmission, window probes, keep-alive, giving up.

use super::TcpTimer;
use super::context::{Context, JIFFY, RTO_INITIAL, RTO_MAX, RTO_MIN, TIME_WAIT_LEN};
use super::segment_out::{Origin, Outgoing};
use super::socket::{Connection, Pending};
use super::state::State;
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::Errno;
use roundtrip_wire::TcpFlags;

/// Retries of an orphaned connection if `tcp_orphan_retries` is 0.
const ORPHAN_RETRIES: u32 = 8;

/// `base` doubled `times` times, as far as there is room.
const fn doubled(base: SimTime, times: u32) -> SimTime {
    if times >= 40 { SimTime::MAX } else { base.times(1 << times) }
}

/// How long `boundary` retransmissions of a connection with the shortest timeout take: giving up goes by this time,
/// not by the count.
fn patience(boundary: u32, base: SimTime) -> SimTime {
    let doublings = (RTO_MAX.as_nanos() / base.as_nanos().max(1)).max(1).ilog2();
    if boundary <= doublings {
        base.times((2_u64 << boundary) - 1)
    } else {
        base.times((2_u64 << doublings) - 1) + RTO_MAX.times(u64::from(boundary - doublings))
    }
}

impl Connection {
    /// Sets the one timer of the sending half.
    pub(super) fn start_retransmit_timer(&mut self, cx: &mut Context<'_>, pending: Pending, wait: SimTime) {
        self.timers.pending = Some(pending);
        self.timers.retransmit.set(cx, self.id, TcpTimer::Retransmit, cx.now + wait.min(RTO_MAX));
    }

    /// Nothing is under way and nothing may be sent: ask in a while whether the window is still shut.
    pub(super) fn start_window_probe(&mut self, cx: &mut Context<'_>) {
        if self.snd.rtx.is_empty() && self.timers.pending.is_none() {
            let wait = self.rtt.rto.max(RTO_MIN);
            self.start_retransmit_timer(cx, Pending::WindowProbe, wait);
        }
    }

    /// Time to the next window probe.
    pub(super) fn window_probe_wait(&self) -> SimTime {
        doubled(self.rtt.rto.max(RTO_MIN), self.timers.backoff.min(10)).min(RTO_MAX)
    }

    /// The timer of the sending half is due.
    pub(super) fn retransmit_due(&mut self, cx: &mut Context<'_>) {
        if self.state == State::Closed {
            return;
        }
        match self.timers.pending {
            None => {}
            Some(Pending::Reordering) => self.reordering_due(cx),
            Some(Pending::LossProbe) => self.send_loss_probe(cx),
            Some(Pending::Retransmission) => {
                self.timers.pending = None;
                self.retransmission_due(cx);
            }
            Some(Pending::WindowProbe) => {
                self.timers.pending = None;
                self.window_probe_due(cx);
            }
        }
    }

    fn timed_out(&self, cx: &Context<'_>, boundary: u32) -> bool {
        if self.timers.retransmits == 0 {
            return false;
        }
        let base = if self.state.is_opening() { RTO_INITIAL } else { RTO_MIN };
        self.recovery.first_resent.is_some_and(|since| cx.now.since(since) >= patience(boundary, base))
    }

    /// Retries left to a connection without an application. `alive`: the timeout has not reached its maximum.
    fn orphan_retries(&self, cx: &Context<'_>, alive: bool) -> u32 {
        let retries = if self.soft_error.is_some() && !alive { 0 } else { cx.sysctl(Sysctl::TcpOrphanRetries) };
        if retries == 0 && alive { ORPHAN_RETRIES } else { retries }
    }

    /// Gives the connection up: with the ICMP error that came last, or "timed out".
    fn give_up(&mut self, cx: &mut Context<'_>) {
        let error = self.soft_error.unwrap_or(Errno::Etimedout);
        self.done(cx, Some(error));
    }

    /// True if the connection was given up.
    fn gave_up(&mut self, cx: &mut Context<'_>) -> bool {
        let mut expired = false;
        let retries = if self.state.is_opening() {
            let retries = cx.sysctl(Sysctl::TcpSynRetries);
            let linear = if self.state == State::SynSent { cx.sysctl(Sysctl::TcpSynLinearTimeouts) } else { 0 };
            expired = self.timers.retransmits >= retries.saturating_add(linear);
            retries
        } else {
            if self.timed_out(cx, cx.sysctl(Sysctl::TcpRetries1)) {
                self.suspect_black_hole(cx);
            }
            if self.orphan {
                let alive = self.rtt.rto < RTO_MAX;
                self.orphan_retries(cx, alive)
            } else {
                cx.sysctl(Sysctl::TcpRetries2)
            }
        };
        if expired || self.timed_out(cx, retries) {
            self.give_up(cx);
            return true;
        }
        false
    }

    /// The retransmission timeout (RFC 6298 section 5.4 to 5.7).
    pub(super) fn retransmission_due(&mut self, cx: &mut Context<'_>) {
        let Some(oldest) = self.snd.rtx.front().copied() else { return };
        if self.snd.wnd == 0 && !self.orphan && !self.state.is_opening() {
            // The other side has taken its window back: the retransmission is a window probe.
            let since = self.recovery.first_resent.unwrap_or(oldest.sent_at);
            if cx.now.since(self.received_at) > RTO_MAX.times(2) && cx.now.since(since) > RTO_MAX.times(2) {
                self.give_up(cx);
                return;
            }
            self.enter_loss(cx);
            // A failure makes no difference: the timer runs anyway.
            let _ = self.retransmit(cx, 0, 1);
        } else {
            if self.gave_up(cx) {
                return;
            }
            self.enter_loss(cx);
            self.timers.retransmits = self.timers.retransmits.saturating_add(1);
            self.timers.total = self.timers.total.saturating_add(1);
            let _ = self.retransmit(cx, 0, 1);
        }
        if self.state != State::SynSent || self.timers.total > cx.sysctl(Sysctl::TcpSynLinearTimeouts) {
            self.timers.backoff = self.timers.backoff.saturating_add(1);
            self.rtt.rto = self.rtt.rto.times(2).min(RTO_MAX);
        }
        let rto = self.rtt.rto;
        self.start_retransmit_timer(cx, Pending::Retransmission, rto);
    }

    /// A window probe is due (RFC 9293 section 3.8.6.1).
    fn window_probe_due(&mut self, cx: &mut Context<'_>) {
        if !self.snd.rtx.is_empty() || self.snd.queue.is_empty() {
            self.timers.probes = 0;
            return;
        }
        let mut most = cx.sysctl(Sysctl::TcpRetries2);
        if self.orphan {
            let alive = doubled(self.rtt.rto, self.timers.backoff) < RTO_MAX;
            most = self.orphan_retries(cx, alive);
            if !alive && self.timers.backoff >= most {
                self.give_up(cx);
                return;
            }
        }
        if self.timers.probes >= most {
            self.give_up(cx);
            return;
        }
        self.wake_peer(cx);
        if !self.snd.rtx.is_empty() || self.snd.queue.is_empty() {
            self.timers.probes = 0;
            self.timers.backoff = 0;
            return;
        }
        self.timers.probes += 1;
        if self.timers.backoff < cx.sysctl(Sysctl::TcpRetries2) {
            self.timers.backoff += 1;
        }
        let wait = self.window_probe_wait();
        self.start_retransmit_timer(cx, Pending::WindowProbe, wait);
    }

    /// Sends data if the window has room for any, else an old sequence number, which the other side must answer.
    fn wake_peer(&mut self, cx: &mut Context<'_>) {
        let end = self.window_end();
        if let Some(head) = self.snd.queue.front().copied()
            && head.seq.before(end)
        {
            let mss = self.current_mss(cx);
            let room = end.since(head.seq).min(mss);
            self.snd.pushed = self.snd.pushed.max(head.end);
            self.send_small(cx, room, mss);
            return;
        }
        let seq = self.snd.una - 1;
        let _ = self.transmit(cx, Outgoing::bare(seq, TcpFlags::ACK, Origin::Timer));
    }

    /// Keep-alive is switched on, or its times change.
    pub(super) fn restart_keepalive(&mut self, cx: &mut Context<'_>) {
        if let Some(keepalive) = self.keepalive
            && !matches!(self.state, State::Closed | State::SynSent)
        {
            let wait = keepalive.idle.since(self.silence(cx));
            self.timers.keepalive.set(cx, self.id, TcpTimer::KeepAlive, cx.now + wait);
        }
    }

    /// Time since anything was received.
    fn silence(&self, cx: &Context<'_>) -> SimTime {
        cx.now.since(self.received_at.max(self.ack.data_at))
    }

    /// The keep-alive timer (RFC 9293 section 3.8.4); it also ends a long FIN-WAIT-2 without an application.
    pub(super) fn keepalive_due(&mut self, cx: &mut Context<'_>) {
        if self.state == State::FinWait2 && self.orphan {
            let rest = self.fin_time(cx);
            if rest > TIME_WAIT_LEN {
                self.enter_fin_wait2_without_application(cx, rest - TIME_WAIT_LEN);
            } else {
                self.send_active_reset(cx, Origin::Timer);
                self.done(cx, None);
            }
            return;
        }
        let Some(keepalive) = self.keepalive.filter(|_| !matches!(self.state, State::Closed | State::SynSent)) else { return };
        let wait = if !self.snd.rtx.is_empty() || !self.snd.queue.is_empty() {
            keepalive.idle
        } else {
            let silence = self.silence(cx);
            if silence >= keepalive.idle {
                if self.timers.probes >= keepalive.count {
                    self.send_active_reset(cx, Origin::Timer);
                    self.give_up(cx);
                    return;
                }
                self.wake_peer(cx);
                self.timers.probes += 1;
                keepalive.interval
            } else {
                keepalive.idle - silence
            }
        };
        self.timers.keepalive.set(cx, self.id, TcpTimer::KeepAlive, cx.now + wait.max(JIFFY));
    }

    /// The running timer in the words of `ss -o`.
    pub(super) const fn timer_name(&self) -> Option<&'static str> {
        match self.timers.pending {
            Some(Pending::WindowProbe) => Some("persist"),
            Some(_) => Some("on"),
            None if self.timers.keepalive.deadline().is_some() => Some("keepalive"),
            None => None,
        }
    }

    /// How long FIN-WAIT-2 lasts without an application: `tcp_fin_timeout`, at least 3.5 timeouts.
    pub(super) fn fin_time(&self, cx: &Context<'_>) -> SimTime {
        let timeout = SimTime::from_secs(u64::from(cx.sysctl(Sysctl::TcpFinTimeout)));
        timeout.max(self.rtt.rto.times(7).divided_by(2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_the_sum_of_the_doublings() {
        // tcp_retries2 = 15 is 924.6 s, as the kernel's documentation says.
        assert_eq!(patience(15, RTO_MIN), SimTime::from_millis(924_600));
        assert_eq!(patience(3, RTO_MIN), SimTime::from_millis(3_000));
        // tcp_syn_retries = 6 is 127 s.
        assert_eq!(patience(6, RTO_INITIAL), SimTime::from_secs(127));
    }
}
