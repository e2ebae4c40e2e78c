//! How often a node tells others something by ICMP: per host and for all together (kernel: `inetpeer.c`, `icmp.c`, `route.c`;
//! documentation `ip-sysctl`, `icmp_ratelimit` and `icmp_msgs_per_sec`).

use crate::time::SimTime;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Redirects are this far apart, doubling with each (`ip_rt_redirect_load`).
const REDIRECT_LOAD: SimTime = SimTime::from_millis(20);
/// After so many redirects a host is left alone (`ip_rt_redirect_number`).
const REDIRECT_NUMBER: u32 = 9;
/// Until it has been quiet for this long (`ip_rt_redirect_silence`).
const REDIRECT_SILENCE: SimTime = SimTime::from_millis(20 << 10);
/// Errors of one kind at once: six times the distance (`XRLIM_BURST_FACTOR`).
const BURST_FACTOR: u64 = 6;
/// What an unreachable destination costs on input, and how much can be saved up (`ip_rt_error_cost`, `ip_rt_error_burst`).
const ERROR_COST: SimTime = SimTime::from_secs(1);
const ERROR_BURST: SimTime = SimTime::from_secs(5);

/// What is remembered of one host.
#[derive(Clone, Copy, Debug)]
struct Peer {
    /// When it was last told or held back; none at first, which counts as long ago.
    last: Option<SimTime>,
    /// Saved-up time.
    tokens: SimTime,
    redirects: u32,
}

/// All hosts that a node has told something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peers {
    known: BTreeMap<Ipv4Addr, Peer>,
}

impl Peer {
    fn idle(&self, now: SimTime) -> SimTime {
        // A new peer counts as 60 s old.
        self.last.map_or(SimTime::from_secs(60), |last| now.since(last))
    }
}

impl Peers {
    fn peer(&mut self, host: Ipv4Addr) -> &mut Peer {
        self.known.entry(host).or_insert(Peer { last: None, tokens: SimTime::ZERO, redirects: 0 })
    }

    /// May a redirect go to `host` now? (`ip_rt_send_redirect`)
    pub(crate) fn redirect(&mut self, host: Ipv4Addr, now: SimTime) -> bool {
        let peer = self.peer(host);
        if peer.idle(now) > REDIRECT_SILENCE {
            peer.tokens = SimTime::ZERO;
            peer.redirects = 0;
        }
        if peer.redirects >= REDIRECT_NUMBER {
            peer.last = Some(now);
            return false;
        }
        if peer.redirects == 0 || peer.idle(now) > REDIRECT_LOAD.times(1 << peer.redirects) {
            peer.last = Some(now);
            peer.redirects += 1;
            return true;
        }
        false
    }

    fn spend(&mut self, host: Ipv4Addr, now: SimTime, cost: SimTime, most: SimTime) -> bool {
        let peer = self.peer(host);
        let idle = peer.idle(now);
        // What was saved up is cut to the most only where time has passed: at once after `ip_error` all of it counts.
        if idle > SimTime::ZERO {
            peer.tokens = (peer.tokens + idle).min(most);
        }
        peer.last = Some(now);
        if peer.tokens >= cost {
            peer.tokens = peer.tokens - cost;
            true
        } else {
            false
        }
    }

    /// May an error of a limited kind go to `host`? (`inet_peer_xrlim_allow`)
    pub(crate) fn error(&mut self, host: Ipv4Addr, now: SimTime, distance: SimTime) -> bool {
        self.spend(host, now, distance, distance.times(BURST_FACTOR))
    }

    /// The further toll on packets that no route takes on (`ip_error`).
    pub(crate) fn unroutable(&mut self, host: Ipv4Addr, now: SimTime) -> bool {
        self.spend(host, now, ERROR_COST, ERROR_BURST)
    }
}

/// The limit for all hosts together (`icmp_global_allow`): a number of errors, filled up only once it is used up.
///
/// The kernel takes none, one or two for each error, by chance; here it is always one.
#[derive(Clone, Debug, Default)]
pub(crate) struct GlobalLimit {
    credit: u64,
    /// When it was filled up last; never, which counts as long ago.
    filled: Option<SimTime>,
}

impl GlobalLimit {
    /// It is not filled up more often than this.
    const STEP: SimTime = SimTime::from_millis(20);
    /// No more time than this counts.
    const MOST: SimTime = SimTime::from_secs(1);

    /// Is one left?
    pub(crate) fn allows(&mut self, now: SimTime, per_second: u64, burst: u64) -> bool {
        if self.credit > 0 {
            return true;
        }
        let passed = self.filled.map_or(Self::MOST, |filled| now.since(filled)).min(Self::MOST);
        if passed < Self::STEP {
            return false;
        }
        let gained = passed.as_micros().saturating_mul(per_second) / 1_000_000;
        if gained == 0 {
            return false;
        }
        self.filled = Some(now);
        self.credit = gained.min(burst);
        true
    }

    /// Takes one.
    pub(crate) fn spend(&mut self) {
        self.credit = self.credit.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PC: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 10);

    fn ms(n: u64) -> SimTime {
        SimTime::from_millis(n)
    }

    #[test]
    fn redirects_back_off_and_fall_silent() {
        let mut peers = Peers::default();
        assert!(peers.redirect(PC, ms(0)));
        assert!(!peers.redirect(PC, ms(40)), "the second needs more than 40 ms");
        assert!(peers.redirect(PC, ms(41)));
        let mut now = 41;
        for n in 2..9 {
            now += (20 << n) + 1;
            assert!(peers.redirect(PC, ms(now)), "redirect {n}");
        }
        assert!(!peers.redirect(PC, ms(now + 15_000)), "nine, then silence");
        assert!(!peers.redirect(PC, ms(now + 30_000)), "which every packet prolongs");
        assert!(peers.redirect(PC, ms(now + 30_000 + 20_481)));
    }

    #[test]
    fn errors_come_six_at_once_and_then_one_a_second() {
        let mut peers = Peers::default();
        let sent = (0..10).filter(|_| peers.error(PC, ms(5), ms(1000))).count();
        assert_eq!(sent, 6);
        assert!(!peers.error(PC, ms(900), ms(1000)));
        assert!(peers.error(PC, ms(1005), ms(1000)));
    }

    #[test]
    fn all_together_have_a_bucket() {
        let mut limit = GlobalLimit::default();
        let mut sent = 0;
        for _ in 0..100 {
            if limit.allows(SimTime::ZERO, 1000, 50) {
                limit.spend();
                sent += 1;
            }
        }
        assert_eq!(sent, 50);
        assert!(!limit.allows(ms(19), 1000, 50), "filled up every 20 ms at the soonest");
        assert!(limit.allows(ms(20), 1000, 50));
    }

    #[test]
    fn what_is_left_of_the_toll_on_unroutable_packets_pays_for_errors() {
        // Recorded with icmp_ratelimit=200: of pings 100 ms apart to an unreachable route the first four are answered.
        let mut peers = Peers::default();
        let told = |peers: &mut Peers, now| peers.unroutable(PC, ms(now)) && peers.error(PC, ms(now), ms(200));
        let answered: Vec<u64> = (0..20).filter(|n| told(&mut peers, n * 100)).collect();
        assert_eq!(answered, [0, 1, 2, 3]);
    }
}
