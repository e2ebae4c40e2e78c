//! Captures as pcapng files (draft-ietf-opsawg-pcapng): one interface block for each tap, every frame's bytes at the nanosecond
//! at which it passed, and at a packet that died a comment that says where and why.
//!
//! Simulated time begins at 1970-01-01 00:00:00 UTC, so that a file depends on nothing but the run.

mod block;

use crate::tap::Tap;
use roundtrip_sim::capture::Sighting;
use roundtrip_sim::trace::{DropRecord, PacketId};
use roundtrip_sim::{Scenario, Trace};
use roundtrip_wire::{Direction, Mac, encode};
use std::collections::BTreeMap;

/// What goes into a file.
pub struct Capture<'a> {
    /// Names of nodes and interfaces.
    pub scenario: &'a Scenario,
    /// The run.
    pub trace: &'a Trace,
    /// Where it is captured, in the order of the file's interfaces.
    pub taps: &'a [Tap],
    /// What is said about the whole file: the lab's title.
    pub comment: &'a str,
    /// What is said about a tap, in the reader's language; nothing if it is empty.
    pub describe: &'a dyn Fn(Tap) -> String,
    /// What is said about a packet's death, in the reader's language; nothing if it is empty.
    pub on_death: &'a dyn Fn(&DropRecord) -> String,
}

/// Which program wrote the file, as Wireshark shows it.
const APPLICATION: &str = concat!("Roundtrip ", env!("CARGO_PKG_VERSION"));

impl Capture<'_> {
    /// The file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        block::section(&mut out, APPLICATION, self.comment);
        for tap in self.taps {
            block::interface(&mut out, &tap.name(self.scenario), &(self.describe)(*tap), self.mac(*tap));
        }
        let seen = self.sightings();
        let comments = self.comments(&seen);
        for (place, (interface, sighting)) in seen.iter().enumerate() {
            let packet = block::Packet {
                interface: *interface,
                nanos: sighting.at.as_nanos(),
                bytes: &encode(sighting.frame),
                flags: flags(sighting),
                id: u64::from(sighting.packet.0),
                comments: comments.get(&place).map_or(&[], Vec::as_slice),
            };
            block::packet(&mut out, &packet);
        }
        out
    }

    fn mac(&self, tap: Tap) -> Option<[u8; 6]> {
        let Tap::Interface(port) = tap else { return None };
        let node = self.scenario.nodes.get(port.node.0 as usize)?;
        Some(node.interfaces.get(usize::from(port.interface.0))?.mac.0)
    }

    /// Everything that is seen with the number of the tap that sees it, in order of time; at one moment in the order in which it
    /// happened.
    fn sightings(&self) -> Vec<(u32, Sighting<'_>)> {
        let mut seen: Vec<(u32, Sighting<'_>)> = (0..)
            .zip(self.taps)
            .flat_map(|(number, tap)| tap.sightings(self.trace).into_iter().map(move |sighting| (number, sighting)))
            .collect();
        seen.sort_by_key(|(_, sighting)| {
            // What comes in comes before what is sent because of it.
            let order = match sighting.direction {
                Direction::In => {
                    let visit = sighting.visit.and_then(|visit| self.trace.visits.get(visit.0 as usize));
                    (visit.map_or(u32::MAX, |visit| visit.frames_before), 0)
                }
                Direction::Out => (sighting.id.0, 1),
                Direction::Wire => (sighting.id.0, 2),
            };
            (sighting.at, order)
        });
        seen
    }

    /// What is said about packets that died, by the place in the list at which each was seen last.
    fn comments(&self, seen: &[(u32, Sighting<'_>)]) -> BTreeMap<usize, Vec<String>> {
        let mut places: BTreeMap<PacketId, Vec<usize>> = BTreeMap::new();
        for (place, (_, sighting)) in seen.iter().enumerate() {
            places.entry(sighting.packet).or_default().push(place);
        }
        let mut comments: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for drop in &self.trace.drops {
            let arrived = drop.visit.and_then(|visit| self.trace.visits.get(visit.0 as usize)?.arrived);
            let before = |place: &&usize| seen.get(**place).is_some_and(|(_, sighting)| sighting.at <= drop.at);
            let same_frame =
                |place: &&usize| seen.get(**place).is_some_and(|(_, sighting)| arrived.is_some_and(|(frame, _)| frame == sighting.id));
            let places = places.get(&drop.packet).map_or(&[][..], Vec::as_slice);
            // The very frame that brought it there, where a tap saw it: pieces of one packet die by themselves.
            let last = places.iter().rev().filter(before).find(same_frame).or_else(|| places.iter().rev().find(before));
            let text = (self.on_death)(drop);
            if let Some(place) = last.filter(|_| !text.is_empty()) {
                let said = comments.entry(*place).or_default();
                // Copies of one frame that die alike at several places are told once.
                if !said.contains(&text) {
                    said.push(text);
                }
            }
        }
        comments
    }
}

/// The flags of an enhanced packet block: bits 0 and 1 the direction, bits 2 to 4 the kind of destination.
fn flags(sighting: &Sighting<'_>) -> u32 {
    let direction = match sighting.direction {
        Direction::In => 1,
        Direction::Out => 2,
        Direction::Wire => 0,
    };
    let [first, ..] = sighting.frame.dst.0;
    let kind = if sighting.frame.dst == Mac::BROADCAST {
        3
    } else if first & 1 == 1 {
        2
    } else {
        1
    };
    direction | kind << 2
}
