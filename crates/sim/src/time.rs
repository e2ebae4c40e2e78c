//! Simulated time. There is no other clock in the core.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A moment, or a span, in nanoseconds since the simulation began. Reaches 584 years; arithmetic saturates.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SimTime(u64);

impl SimTime {
    /// The beginning, or no time at all.
    pub const ZERO: Self = Self(0);
    /// Later than anything that happens.
    pub const MAX: Self = Self(u64::MAX);

    /// From nanoseconds.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// From microseconds.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros.saturating_mul(1_000))
    }

    /// From milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// From seconds.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000_000_000))
    }

    /// In nanoseconds.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// In whole microseconds, rounded down.
    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0 / 1_000
    }

    /// In whole milliseconds, rounded down.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000_000
    }

    /// In seconds, for showing only: nothing is decided by it.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// The span since `earlier`; zero if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }

    /// `factor` times as long.
    #[must_use]
    pub const fn times(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }

    /// The `divisor`th part; all of it if `divisor` is zero.
    #[must_use]
    pub const fn divided_by(self, divisor: u64) -> Self {
        match self.0.checked_div(divisor) {
            Some(part) => Self(part),
            None => self,
        }
    }
}

impl Add for SimTime {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for SimTime {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for SimTime {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.since(other)
    }
}

/// Seconds with as many digits as are needed, as in `3.004 s`.
impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03} s", self.0 / 1_000_000_000, self.0 / 1_000_000 % 1_000)
    }
}

impl fmt::Debug for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09} s", self.0 / 1_000_000_000, self.0 % 1_000_000_000)
    }
}

/// Kernel timers: never early, and late by up to an eighth of their length, for the timer wheel sorts them into slots that
/// grow with the distance (kernel: `kernel/time/timer.c`; measured with 250 ticks a second).
pub(crate) mod wheel {
    use super::SimTime;

    /// One tick.
    const TICK: u64 = 4_000_000;
    /// Where the tick counter stands at time zero: in the middle of the slots, so that timers set at round times are late by
    /// about half of what they may be, as timers set at any time are on average.
    const PHASE: u64 = 4 + 32 + 256 + 2048;

    /// When a timer rings that is set at `now` for `at`.
    pub(crate) fn rings(now: SimTime, at: SimTime) -> SimTime {
        let clock = now.as_nanos() / TICK + PHASE;
        let distance = at.since(now).as_nanos().div_ceil(TICK);
        let expires = clock.saturating_add(distance);
        let mut level = 0;
        while level < 8 && distance >= 63 << (3 * level) {
            level += 1;
        }
        let slot = (expires >> (3 * level)).saturating_add(1).saturating_mul(1 << (3 * level));
        SimTime::from_nanos((slot - PHASE).saturating_mul(TICK)).max(at)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn never_early_and_late_by_an_eighth_at_most() {
            for millis in [1, 40, 200, 206, 252, 1000, 1999, 3000, 16_000, 60_000, 120_000, 7_200_000] {
                for start in [0, 3, 17, 1000, 12_345] {
                    let (now, length) = (SimTime::from_millis(start), SimTime::from_millis(millis));
                    let late = rings(now, now + length).since(now + length);
                    assert!(rings(now, now + length) >= now + length);
                    assert!(late <= length.divided_by(8).max(SimTime::from_millis(8)) + SimTime::from_millis(4), "{millis} {late:?}");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(SimTime::MAX + SimTime::from_secs(1), SimTime::MAX);
        assert_eq!(SimTime::from_secs(1) - SimTime::from_secs(2), SimTime::ZERO);
        assert_eq!(SimTime::from_secs(u64::MAX), SimTime::MAX);
    }

    #[test]
    fn shown_in_seconds_and_milliseconds() {
        assert_eq!(SimTime::from_micros(3_004_900).to_string(), "3.004 s");
    }
}
