//! How long simulated time is shown.
//!
//! A packet crosses a cable in half a millisecond and then nothing happens for a second, or for thirty-one. Shown at one
//! speed, one of the two cannot be watched. So time is mapped in pieces: while frames are on their way it is
//! stretched about thirteen hundred times, and waits are shortened to a second or so, the longer ones a
//! little more. The order of events never changes, and every wait that is shortened can be named ([`TimeScale::wait_at`]).

use roundtrip_sim::{SimTime, Trace};
use std::collections::BTreeMap;

/// A moment of the show, in microseconds at normal speed since its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shown(pub u64);

/// A stretch of simulated time in which no frame is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When it begins.
    pub from: SimTime,
    /// When it ends.
    pub to: SimTime,
}

impl Wait {
    /// How long it is.
    #[must_use]
    pub const fn length(self) -> SimTime {
        self.to.since(self.from)
    }
}

/// A point at which the two times are known; between two points both run evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Point {
    simulated: SimTime,
    shown: Shown,
    /// No frame is on its way from here to the next point.
    idle: bool,
}

/// The map between simulated time and the time of the show.
#[derive(Clone, Debug)]
pub struct TimeScale {
    /// In order of both times; at least one. Two points with the same simulated time are a pause.
    points: Vec<Point>,
}

/// Waits from this length on are spoken of.
const WORTH_TELLING: SimTime = SimTime::from_millis(50);

impl TimeScale {
    /// For a run: every frame's way is stretched, every wait shortened, and at each moment of `pauses` the show
    /// stands still for a while, so that there is time to read what just happened.
    #[must_use]
    pub fn new(trace: &Trace, pauses: &[SimTime]) -> Self {
        // How many frames start and end at each moment.
        let mut moments: BTreeMap<SimTime, (u32, u32)> = BTreeMap::new();
        moments.entry(SimTime::ZERO).or_default();
        moments.entry(trace.ended_at).or_default();
        for frame in &trace.frames {
            moments.entry(frame.sent).or_default();
        }
        for visit in &trace.visits {
            let Some((frame, _)) = visit.arrived else { continue };
            let Some(frame) = trace.frames.get(frame.0 as usize) else { continue };
            moments.entry(frame.sent).or_default().0 += 1;
            moments.entry(visit.at).or_default().1 += 1;
        }
        for drop in &trace.drops {
            moments.entry(drop.at).or_default();
        }
        for action in &trace.app {
            moments.entry(action.at).or_default();
        }
        let mut points: Vec<Point> = Vec::with_capacity(moments.len() + pauses.len());
        let mut flying = 0_u32;
        let mut shown = 0_u64;
        let mut previous = SimTime::ZERO;
        for (at, (starts, ends)) in moments {
            let span = at.since(previous);
            shown = shown.saturating_add(if flying > 0 { stretched(span) } else { shortened(span) });
            flying = flying.saturating_sub(ends).saturating_add(starts);
            if pauses.contains(&at) {
                points.push(Point { simulated: at, shown: Shown(shown), idle: false });
                shown = shown.saturating_add(PAUSE);
            }
            points.push(Point { simulated: at, shown: Shown(shown), idle: flying == 0 });
            previous = at;
        }
        Self { points }
    }

    /// How long the whole show is.
    #[must_use]
    pub fn end(&self) -> Shown {
        self.points.last().map(|point| point.shown).unwrap_or_default()
    }

    /// When a simulated moment is shown; if there is a pause at it, the pause's beginning.
    #[must_use]
    pub fn shown(&self, at: SimTime) -> Shown {
        let after = self.points.partition_point(|point| point.simulated < at);
        let Some(next) = self.points.get(after) else { return self.end() };
        let Some(before) = after.checked_sub(1).and_then(|i| self.points.get(i)) else { return next.shown };
        Shown(before.shown.0.saturating_add(share(
            at.since(before.simulated).as_nanos(),
            next.simulated.since(before.simulated).as_nanos(),
            next.shown.0.saturating_sub(before.shown.0),
        )))
    }

    /// Which simulated moment is shown then.
    #[must_use]
    pub fn simulated(&self, shown: Shown) -> SimTime {
        let after = self.points.partition_point(|point| point.shown <= shown);
        let Some(before) = after.checked_sub(1).and_then(|i| self.points.get(i)) else { return SimTime::ZERO };
        let Some(next) = self.points.get(after) else { return before.simulated };
        before.simulated
            + SimTime::from_nanos(share(
                shown.0.saturating_sub(before.shown.0),
                next.shown.0.saturating_sub(before.shown.0),
                next.simulated.since(before.simulated).as_nanos(),
            ))
    }

    /// The wait that is being shown then, if it is shortened by so much that people should be told.
    #[must_use]
    pub fn wait_at(&self, shown: Shown) -> Option<Wait> {
        let after = self.points.partition_point(|point| point.shown <= shown);
        let last = after.checked_sub(1)?;
        if !self.points.get(last)?.idle {
            return None;
        }
        // An application may act meanwhile without a frame: the wait goes on.
        let before = self.points.get(..=last)?;
        let first = before.iter().rposition(|point| !point.idle).map_or(0, |busy| busy.saturating_add(1));
        let from = self.points.get(first)?.simulated;
        let to = self.points.get(after..)?.iter().find(|point| !point.idle).or(self.points.last())?.simulated;
        let wait = Wait { from, to };
        (wait.length() >= WORTH_TELLING).then_some(wait)
    }
}

/// Microseconds of a pause.
const PAUSE: u64 = 2_200_000;

/// Up to this long a stretch is shown in proportion.
const EVEN: SimTime = SimTime::from_micros(500);

/// Microseconds for which a span with a frame on its way is shown.
fn stretched(span: SimTime) -> u64 {
    if span <= EVEN {
        // A nanosecond for 1.3 µs: a millisecond for 1.3 s.
        return span.as_nanos().saturating_mul(13) / 10;
    }
    650_000_u64.saturating_add(doublings(span, EVEN).saturating_mul(200) / 1000)
}

/// Microseconds for which a span without any frame is shown.
fn shortened(span: SimTime) -> u64 {
    const SHORT: SimTime = SimTime::from_millis(10);
    if span <= SHORT {
        return stretched(span).min(300_000);
    }
    300_000_u64.saturating_add(doublings(span, SHORT).saturating_mul(90) / 1000)
}

/// A millionfold of how many times `unit` doubles to reach `span`; between two powers in proportion.
fn doublings(span: SimTime, unit: SimTime) -> u64 {
    const ONE: u64 = 1_000_000;
    let Some(ratio) = span.as_nanos().checked_div(unit.as_nanos()) else { return 0 };
    let Some(whole) = ratio.checked_ilog2() else { return 0 };
    let base = unit.as_nanos().saturating_mul(1_u64.checked_shl(whole).unwrap_or(u64::MAX));
    let over = span.as_nanos().saturating_sub(base);
    u64::from(whole).saturating_mul(ONE).saturating_add(share(over, base, ONE))
}

/// `part / whole` of `of`, rounded down.
fn share(part: u64, whole: u64, of: u64) -> u64 {
    let product = u128::from(part) * u128::from(of);
    product.checked_div(u128::from(whole)).and_then(|share| u64::try_from(share).ok()).unwrap_or(0).min(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::sample;
    use proptest::prelude::*;

    fn ms(ms: u64) -> SimTime {
        SimTime::from_millis(ms)
    }

    #[test]
    fn waits_are_shortened_and_flights_stretched() {
        let trace = sample::handshake_with_repeat();
        let scale = TimeScale::new(&trace, &[]);
        let flight = scale.shown(SimTime::from_micros(500)).0 - scale.shown(SimTime::ZERO).0;
        assert_eq!(flight, 650_000, "half a millisecond on a cable");
        let wait = scale.shown(ms(1001)).0 - scale.shown(ms(4)).0;
        assert!(wait < 1_000_000, "a second of waiting is shown in {wait} µs");
        let middle = Shown((scale.shown(ms(1002)).0 + scale.shown(ms(4)).0) / 2);
        let told = scale.wait_at(middle).expect("a wait");
        assert!(told.length() > ms(900) && told.from < ms(5) && told.to > ms(1000), "{told:?}");
        assert_eq!(scale.wait_at(scale.shown(SimTime::from_micros(250))), None);
    }

    #[test]
    fn longer_waits_are_shown_longer() {
        let lengths: Vec<u64> = [11, 100, 1_000, 10_000, 31_000, 600_000].into_iter().map(|span| shortened(ms(span))).collect();
        assert!(lengths.is_sorted_by(|a, b| a < b), "{lengths:?}");
        assert!(lengths.iter().all(|length| *length < 2_000_000), "{lengths:?}");
    }

    #[test]
    fn at_a_pause_the_clock_stands() {
        let trace = sample::handshake_with_repeat();
        let at = trace.drops[0].at;
        let scale = TimeScale::new(&trace, &[at]);
        let begin = scale.shown(at);
        assert_eq!(scale.simulated(begin), at);
        assert_eq!(scale.simulated(Shown(begin.0 + PAUSE / 2)), at);
        assert!(scale.simulated(Shown(begin.0 + PAUSE + 100_000)) > at);
        assert_eq!(scale.wait_at(Shown(begin.0 + 1)), None);
    }

    proptest! {
        #[test]
        fn both_ways_agree_and_keep_the_order(times in proptest::collection::vec(0_u64..1_003_000, 2..20)) {
            let trace = sample::handshake_with_repeat();
            let scale = TimeScale::new(&trace, &[trace.drops[0].at]);
            let mut times: Vec<SimTime> = times.into_iter().map(SimTime::from_micros).collect();
            times.sort_unstable();
            let shown: Vec<Shown> = times.iter().map(|at| scale.shown(*at)).collect();
            prop_assert!(shown.is_sorted());
            for (at, shown) in times.iter().zip(&shown) {
                // One microsecond of the show is up to thirty simulated milliseconds of a wait.
                let back = scale.simulated(*shown);
                let off = if back > *at { back.since(*at) } else { at.since(back) };
                prop_assert!(off <= ms(30), "{at} is shown at {shown:?}, where it is {back}");
            }
        }
    }
}
