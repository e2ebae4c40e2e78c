//! Round-trip times and the retransmission timeout (RFC 6298).
//!
//! As RFC 6298, with what Linux adds: the variation never counts for less than the shortest timeout, it is the
//! largest of the last round trip, and it falls more slowly than it rises.

use super::context::{RTO_INITIAL, RTO_MAX, RTO_MIN, jiffies};
use super::seq::Seq;
use crate::time::SimTime;

/// The estimator. Microseconds; `srtt8` is eight times and `mdev4` four times the value, so that nothing is lost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rtt {
    srtt8: i64,
    mdev4: i64,
    mdev_max: i64,
    rttvar: i64,
    /// When the window's largest variation is taken over.
    turn: Seq,
    /// Smallest round trip seen and when, in microseconds.
    min: Option<(u64, SimTime)>,
    /// The timeout, doublings included.
    pub(super) rto: SimTime,
}

/// How long a smallest round trip is believed (`tcp_min_rtt_wlen`).
const MIN_RTT_WINDOW: SimTime = SimTime::from_secs(300);

impl Default for Rtt {
    fn default() -> Self {
        Self { srtt8: 0, mdev4: 0, mdev_max: 0, rttvar: 0, turn: Seq::default(), min: None, rto: RTO_INITIAL }
    }
}

const fn micros(time: SimTime) -> i64 {
    let micros = time.as_micros();
    if micros > 1 << 40 { 1 << 40 } else { micros as i64 }
}

impl Rtt {
    /// A round trip was measured.
    pub(super) fn sample(&mut self, rtt: SimTime, una: Seq, nxt: Seq) {
        let sample = micros(rtt);
        let floor = micros(RTO_MIN);
        if self.srtt8 == 0 {
            self.srtt8 = (sample * 8).max(1);
            self.mdev4 = sample * 2;
            self.rttvar = self.mdev4.max(floor);
            self.mdev_max = self.rttvar;
            self.turn = nxt;
        } else {
            let error = sample - (self.srtt8 >> 3);
            self.srtt8 = (self.srtt8 + error).max(1);
            let mut swing = error.abs() - (self.mdev4 >> 2);
            if error < 0 && swing > 0 {
                swing >>= 3;
            }
            self.mdev4 += swing;
            if self.mdev4 > self.mdev_max {
                self.mdev_max = self.mdev4;
                self.rttvar = self.rttvar.max(self.mdev_max);
            }
            if una.after(self.turn) {
                if self.mdev_max < self.rttvar {
                    self.rttvar -= (self.rttvar - self.mdev_max) >> 2;
                }
                self.turn = nxt;
                self.mdev_max = floor;
            }
        }
        self.rto = self.timeout();
    }

    /// Keeps the smallest round trip. `delayed` marks samples that a delayed acknowledgement may have stretched.
    pub(super) fn note_min(&mut self, rtt: SimTime, now: SimTime, delayed: bool) {
        let sample = rtt.as_micros().max(1);
        let expired = self.min.is_some_and(|(_, at)| now.since(at) > MIN_RTT_WINDOW);
        match self.min {
            Some((best, _)) if sample > best && (delayed || !expired) => {}
            _ => self.min = Some((sample, now)),
        }
    }

    /// The timeout without doublings.
    pub(super) fn timeout(&self) -> SimTime {
        let micros = u64::try_from((self.srtt8 >> 3) + self.rttvar).unwrap_or(0);
        jiffies(micros).min(RTO_MAX)
    }

    /// The handshake gave no sample: 3 s until there is one (RFC 6298 section 5.7).
    pub(super) fn fall_back(&mut self) {
        if self.srtt8 == 0 {
            let fallback = SimTime::from_secs(3);
            self.rttvar = micros(fallback);
            self.mdev4 = self.rttvar;
            self.mdev_max = self.rttvar;
            self.rto = fallback;
        }
    }

    /// There is a sample.
    pub(super) const fn is_known(&self) -> bool {
        self.srtt8 != 0
    }

    /// Smoothed round trip in microseconds; 0 if none is known.
    pub(super) const fn smoothed(&self) -> u64 {
        (self.srtt8 >> 3) as u64
    }

    /// Eight times the smoothed round trip in microseconds.
    pub(super) const fn smoothed8(&self) -> u64 {
        self.srtt8 as u64
    }

    /// Smallest round trip in microseconds; none means "not known", which counts as very long.
    pub(super) fn min(&self) -> Option<u64> {
        self.min.map(|(micros, _)| micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_path_gets_the_floor() {
        let mut rtt = Rtt::default();
        assert_eq!(rtt.rto, SimTime::from_secs(1));
        rtt.sample(SimTime::from_micros(2_100), Seq(1), Seq(1));
        // 2.1 ms and 200 ms of variation, in whole jiffies.
        assert_eq!(rtt.rto, SimTime::from_millis(204));
        assert_eq!(rtt.smoothed(), 2_100);
    }

    #[test]
    fn a_long_path_begins_at_three_round_trips() {
        let mut rtt = Rtt::default();
        rtt.sample(SimTime::from_millis(400), Seq(1), Seq(1));
        assert_eq!(rtt.rto, SimTime::from_millis(1_200));
        for turn in 2..40 {
            rtt.sample(SimTime::from_millis(400), Seq(turn), Seq(turn));
        }
        // The variation has melted to its floor.
        assert!(rtt.rto <= SimTime::from_millis(604), "{}", rtt.rto);
    }

    #[test]
    fn without_a_sample_three_seconds() {
        let mut rtt = Rtt::default();
        rtt.fall_back();
        assert_eq!(rtt.rto, SimTime::from_secs(3));
        rtt.sample(SimTime::from_millis(1), Seq(1), Seq(1));
        assert_eq!(rtt.rto, SimTime::from_millis(204));
    }

    #[test]
    fn the_smallest_round_trip_is_forgotten_in_time() {
        let mut rtt = Rtt::default();
        rtt.note_min(SimTime::from_millis(2), SimTime::ZERO, false);
        rtt.note_min(SimTime::from_millis(5), SimTime::from_secs(1), false);
        assert_eq!(rtt.min(), Some(2_000));
        rtt.note_min(SimTime::from_millis(5), SimTime::from_secs(400), true);
        assert_eq!(rtt.min(), Some(2_000));
        rtt.note_min(SimTime::from_millis(5), SimTime::from_secs(400), false);
        assert_eq!(rtt.min(), Some(5_000));
    }
}
