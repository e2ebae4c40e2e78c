//! The congestion window: slow start (RFC 5681), CUBIC (RFC 9438) and proportional rate reduction (RFC 6937).
//!
//! Simplified: HyStart, which leaves slow start early where queues build up, is not here, since no queue builds up
//! in this simulation; pacing only limits the size of stretches, as without a pacing queue discipline.

use super::context::Context;
use super::seq::Seq;
use super::socket::Connection;
use super::state::Path;
use crate::time::SimTime;

/// Segments of the first flight (RFC 6928).
pub(super) const INITIAL_WINDOW: u32 = 10;
/// No threshold known yet.
const INFINITE: u32 = 0x7fff_ffff;
/// Multiplicative decrease, in parts of 1024.
const BETA: u64 = 717;
/// CUBIC's C, in parts of 1024, times ten for the unit of the formula below.
const SCALE: u64 = 410;
/// Units of CUBIC's clock in a second, as a power of two.
const CLOCK_BITS: u32 = 10;

/// The state of congestion control. Windows are in segments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Congestion {
    /// The congestion window.
    pub(super) window: u32,
    /// Slow start ends here.
    pub(super) threshold: u32,
    /// Before the last reduction, for undoing it; zero if it may not be undone.
    pub(super) prior_threshold: u32,
    pub(super) prior_window: u32,
    credit: u32,
    /// When the window was last fully used or changed.
    stamp: SimTime,
    used: u32,
    limited: bool,
    max_out: u32,
    usage_until: Seq,
    prr_delivered: u32,
    prr_out: u32,
    /// Bytes a second that the stretches are made for; none before the first measurement.
    pacing: Option<u64>,
    cubic: Cubic,
}

#[derive(Clone, Copy, Debug, Default)]
struct Cubic {
    epoch: Option<SimTime>,
    last_max: u32,
    last_window: u32,
    last_time: SimTime,
    origin: u32,
    k: u64,
    count: u32,
    acked: u32,
    reno_window: u32,
}

impl Default for Congestion {
    fn default() -> Self {
        Self {
            window: INITIAL_WINDOW,
            threshold: INFINITE,
            prior_threshold: 0,
            prior_window: 0,
            credit: 0,
            stamp: SimTime::ZERO,
            used: 0,
            limited: false,
            max_out: 0,
            usage_until: Seq::default(),
            prr_delivered: 0,
            prr_out: 0,
            pacing: None,
            cubic: Cubic::default(),
        }
    }
}

/// The whole part of the cube root.
fn cube_root(value: u64) -> u64 {
    let (mut low, mut high) = (0_u64, 2_642_245_u64);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if middle * middle * middle <= value { low = middle } else { high = middle - 1 }
    }
    low
}

impl Cubic {
    /// Acknowledgements until the window may grow by one.
    fn update(&mut self, window: u32, acked: u32, now: SimTime, min_rtt: u64) -> u32 {
        self.acked = self.acked.saturating_add(acked);
        if self.last_window == window && now.since(self.last_time) <= SimTime::from_millis(28) {
            return self.count;
        }
        if !(self.epoch.is_some() && now == self.last_time) {
            self.last_window = window;
            self.last_time = now;
            let epoch = *self.epoch.get_or_insert_with(|| {
                self.acked = acked;
                self.reno_window = window;
                if self.last_max <= window {
                    self.k = 0;
                    self.origin = window;
                } else {
                    let factor = (1_u64 << (10 + 3 * CLOCK_BITS)) / SCALE;
                    self.k = cube_root(factor.saturating_mul(u64::from(self.last_max - window)));
                    self.origin = self.last_max;
                }
                now
            });
            let elapsed = now.since(epoch).as_micros().saturating_add(min_rtt);
            let t = elapsed.saturating_mul(1 << CLOCK_BITS) / 1_000_000;
            let offset = t.abs_diff(self.k).min(1 << 16);
            let delta = (u128::from(SCALE) * u128::from(offset).pow(3)) >> (10 + 3 * CLOCK_BITS);
            let delta = u32::try_from(delta).unwrap_or(u32::MAX);
            let target = if t < self.k { self.origin.saturating_sub(delta) } else { self.origin.saturating_add(delta) };
            self.count = if target > window { window / (target - window) } else { window.saturating_mul(100) };
            if self.last_max == 0 && self.count > 20 {
                self.count = 20;
            }
        }
        // Not slower than plain additive increase would be (RFC 9438 section 4.3).
        let step = (window.saturating_mul(15) >> 3).max(1);
        while self.acked > step {
            self.acked -= step;
            self.reno_window = self.reno_window.saturating_add(1);
        }
        if self.reno_window > window {
            self.count = self.count.min(window / (self.reno_window - window));
        }
        self.count = self.count.max(2);
        self.count
    }

    /// A reduction: where the window was, and what it falls to.
    fn reduce(&mut self, window: u32) -> u32 {
        self.epoch = None;
        let part = |share: u64, whole: u64| u32::try_from(u64::from(window) * share / whole).unwrap_or(u32::MAX);
        self.last_max = if window < self.last_max { part(1024 + BETA, 2048) } else { window };
        part(BETA, 1024).max(2)
    }
}

impl Congestion {
    const fn in_slow_start(&self) -> bool {
        self.window < self.threshold
    }

    /// The threshold, or three quarters of a window above it.
    pub(super) const fn current_threshold(&self, reducing: bool) -> u32 {
        let three_quarters = (self.window >> 1) + (self.window >> 2);
        if reducing || self.threshold > three_quarters { self.threshold } else { three_quarters }
    }

    /// Takes the threshold of a reduction that begins now.
    pub(super) fn reduce(&mut self) {
        self.threshold = self.cubic.reduce(self.window);
    }

    /// A retransmission timeout: CUBIC begins anew.
    pub(super) fn forget_shape(&mut self) {
        self.cubic = Cubic::default();
        self.credit = 0;
    }

    pub(super) const fn stamp(&mut self, now: SimTime) {
        self.stamp = now;
    }

    /// Sending begins again after a pause: the curve waits too.
    pub(super) fn idle_over(&mut self, now: SimTime, last_data_at: SimTime) {
        if let Some(epoch) = self.cubic.epoch {
            self.cubic.epoch = Some((epoch + now.since(last_data_at)).min(now));
        }
    }

    /// Proportional rate reduction begins.
    pub(super) fn begin_reduction(&mut self) {
        self.credit = 0;
        self.prior_window = self.window;
        self.prr_delivered = 0;
        self.prr_out = 0;
        self.reduce();
    }

    /// An acknowledgement during a reduction (RFC 6937 section 3, with slow start where nothing more is lost).
    pub(super) fn reduction_step(&mut self, in_flight: u32, delivered: u32, lost: u32, advanced: bool) {
        if delivered == 0 || self.prior_window == 0 {
            return;
        }
        self.prr_delivered = self.prr_delivered.saturating_add(delivered);
        let mut send = if in_flight > self.threshold {
            let share = u64::from(self.threshold) * u64::from(self.prr_delivered);
            let share = share.div_ceil(u64::from(self.prior_window));
            u32::try_from(share).unwrap_or(u32::MAX).saturating_sub(self.prr_out)
        } else {
            let mut send = self.prr_delivered.saturating_sub(self.prr_out).max(delivered);
            if advanced && lost == 0 {
                send += 1;
            }
            send.min(self.threshold - in_flight)
        };
        if self.prr_out == 0 {
            send = send.max(1);
        }
        self.window = in_flight.saturating_add(send).max(1);
    }

    pub(super) const fn reduction_sent(&mut self, segments: u32) {
        self.prr_out = self.prr_out.saturating_add(segments);
    }

    /// A reduction is complete.
    pub(super) const fn end_reduction(&mut self, now: SimTime) {
        if self.threshold < INFINITE {
            self.window = self.threshold;
            self.stamp = now;
        }
    }

    /// The reduction was a mistake.
    pub(super) fn undo(&mut self, now: SimTime) {
        if self.prior_threshold != 0 {
            self.window = self.window.max(self.prior_window);
            self.threshold = self.threshold.max(self.prior_threshold);
        }
        self.stamp = now;
    }

    /// In slow start a window counts as used if half of it was.
    const fn is_limited(&self) -> bool {
        self.limited || (self.in_slow_start() && self.window < 2 * self.max_out)
    }

    /// Data was acknowledged outside of a reduction.
    fn grow(&mut self, mut acked: u32, now: SimTime, min_rtt: u64) {
        if self.is_limited() {
            if self.in_slow_start() {
                let window = self.window.saturating_add(acked).min(self.threshold);
                acked -= window - self.window;
                self.window = window;
            }
            if acked > 0 {
                let count = self.cubic.update(self.window, acked, now, min_rtt).max(1);
                if self.credit >= count {
                    self.credit = 0;
                    self.window += 1;
                }
                self.credit = self.credit.saturating_add(acked);
                self.window = self.window.saturating_add(self.credit / count);
                self.credit %= count;
            }
        }
        self.stamp = now;
    }
}

impl Connection {
    /// An acknowledgement is dealt with: how much may be under way from now on (`tcp_cong_control`).
    pub(super) fn congestion_control(&mut self, cx: &Context<'_>, delivered: u32, lost: u32, advanced: bool, may_raise: bool) {
        if self.in_reduction() {
            let in_flight = self.in_flight();
            self.congestion.reduction_step(in_flight, delivered, lost, advanced);
        } else if may_raise {
            let min_rtt = self.rtt.min().unwrap_or(0);
            self.congestion.grow(delivered, cx.now, min_rtt);
        }
        self.update_pacing();
    }

    /// The window is being reduced.
    pub(super) const fn in_reduction(&self) -> bool {
        matches!(self.recovery.path, Path::Reducing | Path::Recovery)
    }

    /// Bytes a second: twice what the window gives in slow start, 1.2 times after it.
    pub(super) fn update_pacing(&mut self) {
        if !self.rtt.is_known() {
            return;
        }
        let congestion = &self.congestion;
        let percent: u64 = if congestion.window < congestion.threshold / 2 { 200 } else { 120 };
        let segments = u64::from(congestion.window.max(self.recovery.out));
        let rate = u64::from(self.snd.mss).saturating_mul(80_000).saturating_mul(percent).saturating_mul(segments);
        self.congestion.pacing = rate.checked_div(self.rtt.smoothed8());
    }

    /// Bytes a second; very many as long as nothing is known.
    pub(super) fn pacing_rate(&self) -> u64 {
        self.congestion.pacing.unwrap_or(u64::MAX)
    }

    /// After a pause longer than the timeout the window begins anew (RFC 5681 section 4.1).
    pub(super) fn congestion_after_idle(&mut self, cx: &Context<'_>) {
        let mut idle = cx.now.since(self.snd.last_data_at);
        if !self.snd.rtx.is_empty() || idle <= self.rtt.rto {
            return;
        }
        let reducing = self.in_reduction();
        let congestion = &mut self.congestion;
        congestion.threshold = congestion.current_threshold(reducing);
        let restart = INITIAL_WINDOW.min(congestion.window);
        while idle > self.rtt.rto && congestion.window > restart {
            idle = idle - self.rtt.rto;
            if idle > SimTime::ZERO {
                congestion.window >>= 1;
            }
        }
        congestion.window = congestion.window.max(restart);
        congestion.stamp = cx.now;
        congestion.used = 0;
    }

    /// Something was sent: was the window the limit? (RFC 7661 in Linux's form)
    pub(super) fn validate_window(&mut self, cx: &Context<'_>, limited: bool) {
        let out = self.recovery.out;
        let (una, nxt, rto) = (self.snd.una, self.snd.nxt, self.rtt.rto);
        let open = self.recovery.path == Path::Open;
        let congestion = &mut self.congestion;
        if !una.before(congestion.usage_until) || limited || (!congestion.limited && out > congestion.max_out) {
            congestion.limited = limited;
            congestion.max_out = out;
            congestion.usage_until = nxt;
        }
        if congestion.is_limited() {
            congestion.used = 0;
            congestion.stamp = cx.now;
            return;
        }
        congestion.used = congestion.used.max(out);
        if cx.now.since(congestion.stamp) >= rto {
            if open {
                let used = congestion.used.max(INITIAL_WINDOW);
                if used < congestion.window {
                    congestion.threshold = congestion.current_threshold(false);
                    congestion.window = (congestion.window + used) >> 1;
                }
                congestion.used = 0;
            }
            congestion.stamp = cx.now;
        }
    }

    /// A stretch that could grow waits for the next acknowledgement, if that is near (`tcp_tso_should_defer`).
    pub(super) fn should_defer(&self, cx: &Context<'_>, head: &super::socket::Unsent, most: u32, last: bool, limited: &mut bool) -> bool {
        const RECENT: SimTime = SimTime::from_millis(1);
        if self.recovery.path >= Path::Recovery || cx.now.since(self.snd.last_sent_at) > RECENT {
            return false;
        }
        let mss = self.snd.mss;
        let send_window = self.window_end().since(head.seq);
        let congestion_window = self.congestion.window.saturating_sub(self.in_flight()).saturating_mul(mss);
        let limit = send_window.min(congestion_window);
        let chunk = self.snd.wnd.min(self.congestion.window.saturating_mul(mss)) / 3;
        if limit >= most.saturating_mul(mss) || (!last && limit >= head.len()) || limit >= chunk {
            return false;
        }
        let Some(oldest) = self.snd.rtx.front() else { return false };
        let srtt = SimTime::from_nanos(self.rtt.smoothed8().saturating_mul(125));
        let threshold = srtt.divided_by(2).min(RECENT);
        if (oldest.sent_at + srtt).since(cx.now) > threshold {
            return false;
        }
        if congestion_window < send_window {
            if congestion_window <= head.len() {
                *limited = true;
                return true;
            }
        } else if send_window <= head.len() {
            return true;
        }
        !head.fin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cube_roots() {
        for (value, root) in [(0, 0), (1, 1), (7, 1), (8, 2), (26, 2), (27, 3), (1_000_000, 100), (999_999, 99)] {
            assert_eq!(cube_root(value), root);
        }
        assert_eq!(cube_root(u64::MAX), 2_642_245);
    }

    #[test]
    fn slow_start_doubles_and_stops_at_the_threshold() {
        let mut congestion = Congestion { max_out: 10, threshold: 15, ..Congestion::default() };
        congestion.grow(4, SimTime::from_millis(1), 1_000);
        assert_eq!(congestion.window, 14);
        congestion.grow(4, SimTime::from_millis(1), 1_000);
        assert_eq!(congestion.window, 15);
    }

    #[test]
    fn a_reduction_keeps_seven_tenths() {
        let mut congestion = Congestion { window: 100, ..Congestion::default() };
        congestion.begin_reduction();
        assert_eq!(congestion.threshold, 70);
        // Seven segments leave for ten delivered.
        let mut in_flight = 90;
        for _ in 0..30 {
            congestion.reduction_step(in_flight, 1, 0, false);
            let send = congestion.window - in_flight;
            congestion.reduction_sent(send);
            in_flight = in_flight + send - 1;
        }
        assert!((69..=82).contains(&in_flight), "{in_flight}");
    }

    #[test]
    fn cubic_returns_to_where_it_was() {
        let mut congestion = Congestion { window: 100, limited: true, ..Congestion::default() };
        congestion.reduce();
        congestion.window = congestion.threshold;
        let mut now = SimTime::ZERO;
        for _ in 0..120 {
            now += SimTime::from_millis(50);
            let window = congestion.window;
            congestion.grow(window, now, 50_000);
        }
        assert!((95..=140).contains(&congestion.window), "{}", congestion.window);
    }
}
