//! What is remembered about a destination from one connection to the next (`tcp_metrics`).

use super::Endpoint;
use super::context::{RTO_MIN, jiffies};
use super::rtt::Rtt;
use super::socket::Connection;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Round trips, by source and destination, as eight times microseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Metrics {
    rtt8: BTreeMap<(Ipv4Addr, Ipv4Addr), u64>,
}

impl Metrics {
    /// The round trip that the last connections had, times eight, in microseconds.
    pub(super) fn rtt8(&self, local: Endpoint, remote: Endpoint) -> u64 {
        self.rtt8.get(&(local.address, remote.address)).copied().unwrap_or(0)
    }

    /// A connection ends in good order: what it has measured is kept. A longer round trip than known is believed at
    /// once, a shorter one slowly; after a timeout nothing is believed.
    pub(super) fn learn(&mut self, connection: &Connection) {
        let key = (connection.local.address, connection.remote.address);
        if connection.timers.backoff > 0 || !connection.rtt.is_known() {
            if let Some(rtt8) = self.rtt8.get_mut(&key) {
                *rtt8 = 0;
            }
            return;
        }
        let measured = connection.rtt.smoothed8();
        let known = self.rtt8.entry(key).or_insert(0);
        *known = if measured >= *known { measured } else { *known - (*known - measured) / 8 };
    }
}

impl Rtt {
    /// The handshake is complete: the first timeout goes by the round trip that is known of the destination, if
    /// that is longer.
    pub(super) fn seed(&mut self, rtt8: u64) {
        if rtt8 > self.smoothed8() {
            let jiffy = jiffies(1);
            let whole = jiffy.times(rtt8 / 8 / jiffy.as_micros().max(1));
            self.rto = whole + whole.times(2).max(RTO_MIN);
        } else {
            self.fall_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SimTime;
    use crate::transport::tcp::seq::Seq;

    #[test]
    fn a_long_round_trip_is_remembered() {
        let mut rtt = Rtt::default();
        rtt.sample(SimTime::from_millis(20), Seq(0), Seq(1));
        rtt.seed(8 * 2_400_000);
        assert_eq!(rtt.rto, SimTime::from_millis(7_200));
        rtt.sample(SimTime::from_millis(20), Seq(0), Seq(1));
        rtt.seed(8 * 20_500);
        // Whole jiffies: 20 ms and the floor.
        assert_eq!(rtt.rto, SimTime::from_millis(220));
    }

    #[test]
    fn nothing_known_and_nothing_measured_is_three_seconds() {
        let mut rtt = Rtt::default();
        rtt.seed(0);
        assert_eq!(rtt.rto, SimTime::from_secs(3));
    }
}
