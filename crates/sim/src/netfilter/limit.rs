//! `limit rate`: a token bucket (Linux 6.18, `nft_limit`).

use super::ruleset::Match;
use crate::time::SimTime;

/// Packets at once if the rule does not say (nft(8)).
const DEFAULT_BURST: u32 = 5;

/// The state of one `limit`. Tokens are nanoseconds; a packet costs the time in which one more would be allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    cost: u64,
    most: u64,
    tokens: u64,
    last: SimTime,
}

impl Bucket {
    /// A full bucket for a `limit`; none for other conditions.
    pub(super) fn of(condition: &Match) -> Option<Self> {
        let Match::Limit { rate, per, burst, .. } = condition else { return None };
        let cost = per.as_nanos().checked_div(u64::from(*rate)).unwrap_or(u64::MAX);
        let burst = if *burst == 0 { DEFAULT_BURST } else { *burst };
        let most = cost.saturating_mul(u64::from(burst));
        Some(Self { cost, most, tokens: most, last: SimTime::ZERO })
    }

    /// Takes a packet's worth out. False if there is not enough.
    pub(super) fn take(&mut self, now: SimTime) -> bool {
        self.tokens = self.tokens.saturating_add(now.since(self.last).as_nanos()).min(self.most);
        self.last = now;
        match self.tokens.checked_sub(self.cost) {
            Some(left) => {
                self.tokens = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let mut bucket = Bucket::of(&Match::Limit { over: false, rate: 2, per: SimTime::from_secs(1), burst: 3 }).unwrap();
        let at = |millis: u64| SimTime::from_millis(10_000 + millis);
        let passed: Vec<bool> = [0, 1, 2, 3, 400, 499, 500, 501, 1000].map(|t| bucket.take(at(t))).to_vec();
        // Half a second earns one packet, counted from the last time the bucket was full.
        assert_eq!(passed, [true, true, true, false, false, false, true, false, true]);
    }

    #[test]
    fn a_rate_of_nothing_lets_nothing_pass() {
        let mut bucket = Bucket::of(&Match::Limit { over: false, rate: 0, per: SimTime::from_secs(1), burst: 1 }).unwrap();
        assert!(bucket.take(SimTime::from_secs(1)));
        assert!(!bucket.take(SimTime::from_secs(100_000)));
    }
}
