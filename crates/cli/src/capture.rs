//! `roundtrip run --at`

use crate::error::Failure;
use roundtrip_lab::report::Lines;
use roundtrip_sim::capture::Sighting;
use roundtrip_sim::{IfIndex, NodeId, Port, Scenario, SegmentId, Trace};
use std::io::{self, Write};

/// Where a capture is made.
pub(crate) enum Place {
    Interface(String, Port),
    Mirror(String, SegmentId),
}

/// Every place of a scenario, by name.
fn places(scenario: &Scenario) -> Vec<Place> {
    let interfaces = scenario.nodes.iter().zip(0..).flat_map(|(node, id)| {
        node.interfaces.iter().zip(0..).map(move |(interface, index)| {
            Place::Interface(format!("{}.{}", node.name, interface.name), Port { node: NodeId(id), interface: IfIndex(index) })
        })
    });
    let mirrors = scenario.segments.iter().zip(0..).map(|(segment, id)| Place::Mirror(format!("segment:{}", segment.name), SegmentId(id)));
    interfaces.chain(mirrors).collect()
}

impl Place {
    fn name(&self) -> &str {
        match self {
            Self::Interface(name, _) | Self::Mirror(name, _) => name,
        }
    }
}

/// The place of that name.
pub(crate) fn place(scenario: &Scenario, name: &str) -> Result<Place, Failure> {
    let all = places(scenario);
    let known = all.iter().map(|place| place.name().to_owned()).collect();
    all.into_iter().find(|place| place.name() == name).ok_or_else(|| Failure::NoPlace { name: name.to_owned(), known })
}

/// The captures, one line a frame.
pub(crate) fn write(out: &mut impl Write, scenario: &Scenario, trace: &Trace, places: &[Place]) -> io::Result<()> {
    let lines = Lines::new(scenario, trace);
    for place in places {
        if places.len() > 1 {
            writeln!(out, "{}:", place.name())?;
        }
        let line = |sighting: Sighting<'_>| format!("{:12.6}  {}", sighting.at.as_secs_f64(), lines.line(&sighting));
        let rows: Vec<String> = match place {
            Place::Interface(_, port) => lines.at(*port).map(line).collect(),
            Place::Mirror(_, segment) => lines.mirror(*segment).map(line).collect(),
        };
        for row in rows {
            writeln!(out, "{row}")?;
        }
    }
    Ok(())
}
