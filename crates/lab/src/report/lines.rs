//! Captures as lines, the same as in the recordings.

use roundtrip_sim::capture::{self, Sighting};
use roundtrip_sim::trace::{DropRecord, VisitId};
use roundtrip_sim::{Port, Scenario, SegmentId, Trace};
use roundtrip_wire::{Direction, FrameNumbers, Mac, RelSeq, write_line};
use std::collections::BTreeMap;

/// What is needed to write the frames of a run as lines: stations' names, and what sequence numbers count from.
pub struct Lines<'a> {
    trace: &'a Trace,
    numbers: Vec<FrameNumbers>,
    stations: BTreeMap<Mac, String>,
}

impl<'a> Lines<'a> {
    /// Goes through the whole run once.
    #[must_use]
    pub fn new(scenario: &Scenario, trace: &'a Trace) -> Self {
        let mut relative = RelSeq::new();
        let numbers = trace.frames.iter().map(|record| relative.observe(&record.frame)).collect();
        let mut stations = BTreeMap::new();
        for node in &scenario.nodes {
            for interface in &node.interfaces {
                // Where two have one address, the first gives it its name.
                stations.entry(interface.mac).or_insert_with(|| format!("{}.{}", node.name, interface.name));
            }
        }
        Self { trace, numbers, stations }
    }

    /// Frames that an interface sent or took, in order of time.
    pub fn at(&self, port: Port) -> impl Iterator<Item = Sighting<'a>> + use<'a> {
        capture::at(&self.trace.frames, &self.trace.visits, port)
    }

    /// Frames on a segment, in order of time.
    pub fn mirror(&self, segment: SegmentId) -> impl Iterator<Item = Sighting<'a>> + use<'a> {
        capture::mirror(self.trace, segment)
    }

    /// A frame as a line.
    #[must_use]
    pub fn line(&self, sighting: &Sighting<'_>) -> String {
        let mut line = String::new();
        let none = FrameNumbers::default();
        let numbers = self.numbers.get(sighting.id.0 as usize).unwrap_or(&none);
        let name_of = |mac: Mac| self.stations.get(&mac).map(String::as_str);
        // Writing to a text does not fail.
        let _ = write_line(&mut line, sighting.frame, numbers, sighting.direction, &name_of);
        line
    }

    /// The frame that began a stay, as the interface took it; none if the packet was made there.
    #[must_use]
    pub fn arrived(&self, visit: VisitId) -> Option<String> {
        let record = self.trace.visits.get(visit.0 as usize)?;
        let (id, _) = record.arrived?;
        let frame = &self.trace.frames.get(id.0 as usize)?.frame;
        let sighting = Sighting { at: record.at, direction: Direction::In, id, packet: record.packet, visit: Some(visit), frame };
        Some(self.line(&sighting))
    }

    /// The frame that brought a packet to where it died; none if it was made there.
    #[must_use]
    pub fn dropped(&self, drop: &DropRecord) -> Option<String> {
        self.arrived(drop.visit?)
    }
}
