//! Places at which a capture is made.

use roundtrip_sim::capture::{self, Sighting};
use roundtrip_sim::{IfIndex, NodeId, Port, Scenario, SegmentId, Trace};

/// A place at which a capture is made: an interface, or a segment's mirror port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tap {
    /// What an interface sends and takes.
    Interface(Port),
    /// Everything that crosses a segment.
    Mirror(SegmentId),
}

impl Tap {
    /// Every place of a scenario: the interfaces of each node, then the segments.
    #[must_use]
    pub fn all(scenario: &Scenario) -> Vec<Self> {
        let interfaces = scenario.nodes.iter().zip(0..).flat_map(|(node, id)| {
            node.interfaces.iter().zip(0..).map(move |(_, index)| Self::Interface(Port { node: NodeId(id), interface: IfIndex(index) }))
        });
        let mirrors = scenario.segments.iter().zip(0..).map(|(_, id)| Self::Mirror(SegmentId(id)));
        interfaces.chain(mirrors).collect()
    }

    /// The place of that name, if there is one.
    #[must_use]
    pub fn named(scenario: &Scenario, name: &str) -> Option<Self> {
        Self::all(scenario).into_iter().find(|tap| tap.name(scenario) == name)
    }

    /// The interfaces of the node of that name, if there is one.
    #[must_use]
    pub fn of_node(scenario: &Scenario, name: &str) -> Option<Vec<Self>> {
        let (node, id) = scenario.nodes.iter().zip(0..).find(|(node, _)| node.name == name)?;
        Some(
            node.interfaces
                .iter()
                .zip(0..)
                .map(|(_, index)| Self::Interface(Port { node: NodeId(id), interface: IfIndex(index) }))
                .collect(),
        )
    }

    /// What it is called: `pc1.eth0`, `segment:living`.
    #[must_use]
    pub fn name(self, scenario: &Scenario) -> String {
        match self {
            Self::Interface(port) => {
                let node = scenario.nodes.get(port.node.0 as usize);
                let interface = node.and_then(|node| node.interfaces.get(usize::from(port.interface.0)));
                format!("{}.{}", node.map_or("?", |node| &node.name), interface.map_or("?", |interface| &interface.name))
            }
            Self::Mirror(segment) => {
                format!("segment:{}", scenario.segments.get(segment.0 as usize).map_or("?", |segment| &segment.name))
            }
        }
    }

    /// What is seen there, in the order in which it was sent or taken.
    #[must_use]
    pub fn sightings(self, trace: &Trace) -> Vec<Sighting<'_>> {
        match self {
            Self::Interface(port) => capture::at(&trace.frames, &trace.visits, port).collect(),
            Self::Mirror(segment) => capture::mirror(trace, segment).collect(),
        }
    }
}
