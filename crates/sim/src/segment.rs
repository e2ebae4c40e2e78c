//! A segment: one switch that learns, and its mirror.

use crate::scenario::{Port, Scenario, SegmentId};
use crate::time::SimTime;
use crate::trace::StationRow;
use roundtrip_wire::{Mac, order};
use std::collections::BTreeMap;

/// Seconds until a switch forgets where a station is (IEEE 802.1D, "ageing time").
const AGEING: SimTime = SimTime::from_secs(300);

/// What a node itself takes for a packet, from its interface to the next.
const NODE_TIME: SimTime = SimTime::from_micros(12);
/// A cable of some length delivers a little later than its delay says, as those of the recordings do: from node to node they show 0.53 ms
/// where the cables take 0.5, 5.2 where they take 5 and 20.2 where they take 20.
const LATE_PART: u64 = 25;
/// As late as a cable is at most.
const LATEST: SimTime = SimTime::from_micros(100);

/// The time from an interface to the switch, or back.
fn cable_time(delay: SimTime) -> SimTime {
    delay + delay.divided_by(LATE_PART).min(LATEST)
}

/// Interfaces on a small segment.
const SMALL: usize = 8;

/// A cable's end at the switch.
#[derive(Clone, Debug)]
struct Plug {
    port: Port,
    mac: Mac,
    /// One way, from the interface to the middle of the switch.
    delay: SimTime,
    /// When the switch last heard the interface's own address here, and only here.
    heard: Option<SimTime>,
}

/// The state of a segment.
#[derive(Clone, Debug)]
pub(crate) struct SegmentState {
    plugs: Vec<Plug>,
    /// Places in `plugs` by the interface's own address.
    owners: BTreeMap<Mac, u16>,
    /// Addresses heard where they do not belong, or belonging to several: place in `plugs`, and when.
    strays: BTreeMap<Mac, (u16, SimTime)>,
}

/// An interface's place on its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlugId(u16);

/// What a switch does with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Switched {
    /// Nobody takes it.
    Nobody,
    /// It goes to one station.
    One(Arrival),
    /// It goes to all, and [`SegmentState::flood`] says who takes it.
    All,
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
                    plugs.push(Plug { port, mac: interface.mac, delay: cable_time(latency.divided_by(2) + interface.delay), heard: None });
                }
            }
        }
        let mut owners = BTreeMap::new();
        let mut strays = BTreeMap::new();
        for (plug, place) in plugs.iter().zip(0..) {
            if owners.insert(plug.mac, place).is_some() {
                // Two interfaces with one address: only what was heard last counts.
                strays.insert(plug.mac, (place, SimTime::ZERO));
            }
        }
        strays.retain(|mac, _| owners.remove(mac).is_some());
        strays.values_mut().for_each(|(place, _)| *place = u16::MAX);
        Self { plugs, owners, strays }
    }

    /// An interface's place here.
    pub(crate) fn plug(&self, port: Port) -> Option<PlugId> {
        self.plugs.iter().position(|plug| plug.port == port).and_then(|place| u16::try_from(place).ok()).map(PlugId)
    }

    /// The switch hears `src` at a plug.
    fn learn(&mut self, src: Mac, at: u16, now: SimTime) {
        match self.plugs.get_mut(usize::from(at)) {
            Some(plug) if plug.mac == src && plug.heard.is_some() => plug.heard = Some(now),
            _ => self.learn_anew(src, at, now),
        }
    }

    /// The same for an address that was not heard at this plug before.
    #[inline(never)]
    fn learn_anew(&mut self, src: Mac, at: u16, now: SimTime) {
        if let Some(plug) = self.plugs.get_mut(usize::from(at))
            && plug.mac == src
            && !self.strays.contains_key(&src)
        {
            plug.heard = Some(now);
            return;
        }
        if let Some(owner) = self.owners.remove(&src)
            && let Some(plug) = self.plugs.get_mut(usize::from(owner))
        {
            plug.heard = None;
        }
        self.strays.insert(src, (at, now));
    }

    /// Where the switch believes `dst` to be.
    fn located(&self, dst: Mac, now: SimTime) -> Option<u16> {
        let fresh = |heard: SimTime| now.since(heard) < AGEING;
        // On a small segment where nobody is where he does not belong, looking is quicker than asking the tables.
        if self.plugs.len() <= SMALL && self.strays.is_empty() {
            let (plug, place) = self.plugs.iter().zip(0..).find(|(plug, _)| plug.mac == dst)?;
            return plug.heard.filter(|heard| fresh(*heard)).map(|_| place);
        }
        self.located_by_table(dst, now)
    }

    #[inline(never)]
    fn located_by_table(&self, dst: Mac, now: SimTime) -> Option<u16> {
        let fresh = |heard: SimTime| now.since(heard) < AGEING;
        if let Some(owner) = self.owners.get(&dst) {
            return self.plugs.get(usize::from(*owner)).and_then(|plug| plug.heard).filter(|heard| fresh(*heard)).map(|_| *owner);
        }
        self.strays.get(&dst).filter(|(place, heard)| *place != u16::MAX && fresh(*heard)).map(|(place, _)| *place)
    }

    /// Which stations the switch knows at a moment, by address: where it heard them last, and when.
    pub(crate) fn stations(&self, now: SimTime) -> Vec<StationRow> {
        let heard = self.plugs.iter().filter_map(|plug| Some(StationRow { mac: plug.mac, port: plug.port, heard: plug.heard? }));
        let strays = self.strays.iter().filter_map(|(mac, (place, heard))| {
            let port = self.plugs.get(usize::from(*place))?.port;
            Some(StationRow { mac: *mac, port, heard: *heard })
        });
        let mut rows: Vec<StationRow> = heard.chain(strays).filter(|row| now.since(row.heard) < AGEING).collect();
        order::sort_by_key(&mut rows, |row| row.mac);
        rows
    }

    /// A frame enters at a plug. Gives the moment at which the mirror sees it, and who takes it.
    pub(crate) fn switch(&mut self, now: SimTime, from: PlugId, src: Mac, dst: Mac) -> (SimTime, Switched) {
        let Some(inbound) = self.plugs.get(usize::from(from.0)).map(|plug| plug.delay) else {
            return (now, Switched::Nobody);
        };
        let middle = now + inbound;
        if !src.is_multicast() {
            self.learn(src, from.0, middle);
        }
        if !dst.is_multicast()
            && let Some(place) = self.located(dst, middle)
        {
            if place != from.0
                && let Some(plug) = self.plugs.get(usize::from(place))
                && plug.mac == dst
            {
                return (middle, Switched::One(Arrival { port: plug.port, at: middle + plug.delay + NODE_TIME }));
            }
            return (middle, Switched::Nobody);
        }
        (middle, Switched::All)
    }

    /// Calls `deliver` for every interface that takes a frame which goes to all; frames for others are of no concern to them.
    #[inline(never)]
    pub(crate) fn flood(&self, middle: SimTime, from: PlugId, dst: Mac, deliver: &mut dyn FnMut(Arrival)) {
        for (plug, place) in self.plugs.iter().zip(0..) {
            if place != from.0 && (dst.is_multicast() || plug.mac == dst) {
                deliver(Arrival { port: plug.port, at: middle + plug.delay + NODE_TIME });
            }
        }
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

    /// Who takes a frame.
    fn takers(segment: &mut SegmentState, from: u16, src: Mac, dst: Mac) -> Vec<Arrival> {
        let (middle, switched) = segment.switch(SimTime::ZERO, plug(from), src, dst);
        let mut all = Vec::new();
        match switched {
            Switched::Nobody => {}
            Switched::One(arrival) => all.push(arrival),
            Switched::All => segment.flood(middle, plug(from), dst, &mut |arrival| all.push(arrival)),
        }
        all
    }

    fn port(n: u32) -> Port {
        Port { node: NodeId(n), interface: IfIndex(0) }
    }

    fn plug(n: u16) -> PlugId {
        PlugId(n)
    }

    #[test]
    fn unknown_stations_are_found_by_flooding_and_then_learned() {
        let mut segment = SegmentState::new(SegmentId(0), &three_stations());
        let (a, b) = (Mac([2, 0, 0, 0, 0, 0]), Mac([2, 0, 0, 0, 0, 1]));
        let got = takers(&mut segment, 0, a, Mac::BROADCAST);
        assert_eq!(got.iter().map(|arrival| arrival.port).collect::<Vec<_>>(), [port(1), port(2)]);
        let millis = SimTime::from_millis;
        assert_eq!(
            got[1].at,
            cable_time(millis(1)) + cable_time(millis(3)) + NODE_TIME,
            "half the latency each, and the delay of the cable"
        );
        assert_eq!(
            takers(&mut segment, 1, b, a),
            [Arrival { port: port(0), at: cable_time(SimTime::from_millis(2)) + cable_time(millis(1)) + NODE_TIME }]
        );
    }

    #[test]
    fn the_table_tells_who_was_heard_where_until_they_are_forgotten() {
        let mut segment = SegmentState::new(SegmentId(0), &three_stations());
        let (a, b) = (Mac([2, 0, 0, 0, 0, 0]), Mac([2, 0, 0, 0, 0, 1]));
        assert!(segment.stations(SimTime::ZERO).is_empty());
        segment.switch(SimTime::ZERO, plug(0), a, b);
        segment.switch(SimTime::from_secs(10), plug(2), b, a);
        let known = |at| segment.stations(SimTime::from_secs(at)).iter().map(|row| (row.mac, row.port)).collect::<Vec<_>>();
        assert_eq!(known(20), [(a, port(0)), (b, port(2))], "the second one where it does not belong");
        assert_eq!(known(305), [(b, port(2))]);
        assert!(known(400).is_empty());
    }

    #[test]
    fn a_frame_for_a_station_learned_elsewhere_goes_only_there() {
        let mut segment = SegmentState::new(SegmentId(0), &three_stations());
        let b = Mac([2, 0, 0, 0, 0, 1]);
        // Station 2 claims station 1's address: the switch believes it.
        takers(&mut segment, 2, b, Mac::BROADCAST);
        assert!(takers(&mut segment, 0, Mac([2, 0, 0, 0, 0, 0]), b).is_empty());
    }

    #[test]
    fn of_two_stations_with_one_address_the_one_heard_last_gets_the_frames() {
        let mut scenario = three_stations();
        scenario.nodes[2].interfaces[0].mac = Mac([2, 0, 0, 0, 0, 1]);
        let mut segment = SegmentState::new(SegmentId(0), &scenario);
        let (a, twin) = (Mac([2, 0, 0, 0, 0, 0]), Mac([2, 0, 0, 0, 0, 1]));
        let to_twin =
            |segment: &mut SegmentState| -> Vec<Port> { takers(segment, 0, a, twin).iter().map(|arrival| arrival.port).collect() };
        assert_eq!(to_twin(&mut segment), [port(1), port(2)], "nobody was heard yet");
        takers(&mut segment, 1, twin, a);
        assert_eq!(to_twin(&mut segment), [port(1)]);
        takers(&mut segment, 2, twin, a);
        assert_eq!(to_twin(&mut segment), [port(2)]);
    }
}
