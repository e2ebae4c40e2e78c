//! A segment: one switch that learns, and its mirror.

use crate::scenario::{Port, Scenario, SegmentId};
use crate::time::SimTime;
use roundtrip_wire::Mac;
use std::collections::BTreeMap;

/// Seconds until a switch forgets where a station is (IEEE 802.1D, "ageing time").
const AGEING: SimTime = SimTime::from_secs(300);

/// What a node itself takes for a packet, from its interface to the next: the recordings show 0.5 to 0.7 ms from node to node where
/// the cable takes 0.5 ms.
const NODE_TIME: SimTime = SimTime::from_micros(120);

/// A cable's end at the switch.
#[derive(Clone, Debug)]
struct Plug {
    port: Port,
    mac: Mac,
    /// One way, from the interface to the middle of the switch.
    delay: SimTime,
}

/// The state of a segment.
#[derive(Clone, Debug)]
pub(crate) struct SegmentState {
    plugs: Vec<Plug>,
    /// Where stations were last heard: place in `plugs`, and when.
    learned: BTreeMap<Mac, (u16, SimTime)>,
}

/// Where a frame goes from the switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub(crate) port: Port,
    pub(crate) at: SimTime,
}

impl SegmentState {
    pub(crate) fn new(id: SegmentId, scenario: &Scenario) -> Self {
        let latency = scenario.segments.get(id.0 as usize).map_or(SimTime::ZERO, |segment| segment.latency);
        let mut plugs = Vec::new();
        for (node, index) in scenario.nodes.iter().zip(0..) {
            for (interface, place) in node.interfaces.iter().zip(0..) {
                if interface.segment == Some(id) {
                    let port = Port { node: crate::NodeId(index), interface: crate::IfIndex(place) };
                    plugs.push(Plug { port, mac: interface.mac, delay: latency.divided_by(2) + interface.delay });
                }
            }
        }
        Self { plugs, learned: BTreeMap::new() }
    }

    /// A frame enters at `from`. Calls `deliver` for every interface that takes it; frames for others that are
    /// flooded there are of no concern to them.
    pub(crate) fn switch(&mut self, now: SimTime, from: Port, src: Mac, dst: Mac, mut deliver: impl FnMut(Arrival)) {
        let Some(entry) = self.plugs.iter().position(|plug| plug.port == from) else {
            return;
        };
        let Some(inbound) = self.plugs.get(entry).map(|plug| plug.delay) else {
            return;
        };
        let middle = now + inbound;
        if !src.is_multicast()
            && let Ok(place) = u16::try_from(entry)
        {
            self.learned.insert(src, (place, middle));
        }
        if !dst.is_multicast()
            && let Some((place, heard)) = self.learned.get(&dst)
            && middle.since(*heard) < AGEING
        {
            if usize::from(*place) != entry
                && let Some(plug) = self.plugs.get(usize::from(*place))
                && plug.mac == dst
            {
                deliver(Arrival { port: plug.port, at: middle + plug.delay + NODE_TIME });
            }
            return;
        }
        for (place, plug) in self.plugs.iter().enumerate() {
            if place != entry && (dst.is_multicast() || plug.mac == dst) {
                deliver(Arrival { port: plug.port, at: middle + plug.delay + NODE_TIME });
            }
        }
    }

    /// When a frame that left `from` at `sent` passed the mirror.
    pub(crate) fn mirrored_at(&self, from: Port, sent: SimTime) -> SimTime {
        self.plugs.iter().find(|plug| plug.port == from).map_or(sent, |plug| sent + plug.delay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{IfIndex, Interface, Node, NodeId, Segment};

    fn three_stations() -> Scenario {
        let node = |n: u8| Node {
            name: format!("n{n}"),
            system: Default::default(),
            interfaces: vec![Interface {
                name: "eth0".into(),
                segment: Some(SegmentId(0)),
                mac: Mac([2, 0, 0, 0, 0, n]),
                addresses: vec![],
                mtu: 1500,
                delay: SimTime::from_millis(u64::from(n)),
            }],
            routes: vec![],
            sysctls: vec![],
            ruleset: Default::default(),
            listeners: vec![],
        };
        Scenario {
            segments: vec![Segment { name: "A".into(), latency: SimTime::from_millis(2) }],
            nodes: vec![node(0), node(1), node(2)],
            ..Scenario::default()
        }
    }

    fn port(n: u32) -> Port {
        Port { node: NodeId(n), interface: IfIndex(0) }
    }

    #[test]
    fn unknown_stations_are_found_by_flooding_and_then_learned() {
        let mut segment = SegmentState::new(SegmentId(0), &three_stations());
        let mut got = Vec::new();
        let (a, b) = (Mac([2, 0, 0, 0, 0, 0]), Mac([2, 0, 0, 0, 0, 1]));
        segment.switch(SimTime::ZERO, port(0), a, Mac::BROADCAST, |arrival| got.push(arrival));
        assert_eq!(got.iter().map(|arrival| arrival.port).collect::<Vec<_>>(), [port(1), port(2)]);
        assert_eq!(got[1].at, SimTime::from_micros(4120), "half the latency each, and the delay of the cable");
        got.clear();
        segment.switch(SimTime::ZERO, port(1), b, a, |arrival| got.push(arrival));
        assert_eq!(got, [Arrival { port: port(0), at: SimTime::from_micros(3120) }]);
    }

    #[test]
    fn a_frame_for_a_station_learned_elsewhere_goes_only_there() {
        let mut segment = SegmentState::new(SegmentId(0), &three_stations());
        let b = Mac([2, 0, 0, 0, 0, 1]);
        // Station 2 claims station 1's address: the switch believes it.
        segment.switch(SimTime::ZERO, port(2), b, Mac::BROADCAST, |_| {});
        let mut got = Vec::new();
        segment.switch(SimTime::ZERO, port(0), Mac([2, 0, 0, 0, 0, 0]), b, |arrival| got.push(arrival));
        assert!(got.is_empty());
    }
}
