//! Packets on their way at a moment.

use roundtrip_explain::reading::{Hop, Index};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{FrameId, Trace};

/// A frame on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    /// The hop.
    pub hop: Hop,
    /// How far it has come, from 0 to 1.
    pub progress: f64,
}

/// Every frame that is on its way at `now`, in the order in which they left. A broadcast is several flights.
pub fn flights<'t>(trace: &'t Trace, index: &'t Index, now: SimTime) -> impl Iterator<Item = Flight> + 't {
    let end = trace.frames.partition_point(|frame| frame.sent <= now);
    let earliest = now.since(index.longest_flight);
    let start = trace.frames.partition_point(|frame| frame.sent < earliest);
    (start..end).filter_map(|id| u32::try_from(id).ok()).flat_map(move |id| index.hops(trace, FrameId(id))).filter_map(move |hop| {
        let length = hop.arrived.since(hop.sent);
        let passed = now.since(hop.sent);
        (now < hop.arrived).then(|| Flight { hop, progress: passed.as_nanos() as f64 / (length.as_nanos().max(1)) as f64 })
    })
}

/// The frames whose way began at or before `now` and has not ended before it: what a still picture shows.
pub fn touching<'t>(trace: &'t Trace, index: &'t Index, now: SimTime) -> impl Iterator<Item = Hop> + 't {
    let end = trace.frames.partition_point(|frame| frame.sent <= now);
    let earliest = now.since(index.longest_flight);
    let start = trace.frames.partition_point(|frame| frame.sent < earliest);
    (start..end)
        .filter_map(|id| u32::try_from(id).ok())
        .flat_map(move |id| index.hops(trace, FrameId(id)))
        .filter(move |hop| now <= hop.arrived)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::sample;
    use roundtrip_sim::trace::PacketId;

    #[test]
    fn a_packet_is_on_one_cable_at_a_time() {
        let trace = sample::handshake_with_repeat();
        let index = Index::new(&trace);
        for micros in 0..1_500 {
            let now = SimTime::from_micros(micros);
            let on_the_way: Vec<Flight> = flights(&trace, &index, now).collect();
            assert_eq!(on_the_way.len(), 1, "at {now}");
            assert_eq!(on_the_way[0].hop.packet, PacketId(0));
            let expected = (micros % 500) as f64 / 500.0;
            assert!((on_the_way[0].progress - expected).abs() < 1e-9, "{on_the_way:?}");
        }
        assert_eq!(flights(&trace, &index, SimTime::from_millis(500)).count(), 0);
        assert_eq!(flights(&trace, &index, SimTime::from_micros(2_600)).count(), 2, "③ and the request leave together");
    }
}
