//! From document to simulation: written out, so that no inner name of either becomes a promise of the other.

mod action;
mod device;
mod form;
mod mac;

pub use form::to_nft;

use crate::document::{Device, Lab, Target};
use crate::nft::{NftError, NftErrorKind, Note, Rules};
use crate::problem::{Problem, ProblemId};
use roundtrip_sim::scenario::{IfIndex, Limits, NodeId, Port, Scenario, Segment, SegmentId};
use roundtrip_wire::order::gather;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// What names mean, by the places of what they name.
pub(crate) struct Index<'a> {
    pub(crate) lab: &'a Lab,
    segments: BTreeMap<&'a str, SegmentId>,
    devices: BTreeMap<&'a str, NodeId>,
    actions: BTreeMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(lab: &'a Lab) -> Self {
        let id = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        // The first of a name keeps it.
        let segments = gather(lab.segments.iter().enumerate().rev().map(|(i, segment)| (segment.name.as_str(), SegmentId(id(i)))));
        let devices = gather(lab.devices.iter().enumerate().rev().map(|(i, device)| (device.name.as_str(), NodeId(id(i)))));
        let actions = gather(lab.actions.iter().enumerate().rev().map(|(i, action)| (action.id.as_str(), i)));
        Self { lab, segments, devices, actions }
    }

    pub(crate) fn segment(&self, name: &str) -> Option<SegmentId> {
        self.segments.get(name).copied()
    }

    pub(crate) fn find_segment(&self, name: &str) -> Option<&'a crate::document::Segment> {
        self.lab.segments.get(self.segment(name)?.0 as usize)
    }

    pub(crate) fn device(&self, name: &str) -> Option<NodeId> {
        self.devices.get(name).copied()
    }

    pub(crate) fn find(&self, name: &str) -> Option<(NodeId, &'a Device)> {
        let node = self.device(name)?;
        Some((node, self.lab.devices.get(node.0 as usize)?))
    }

    pub(crate) fn action(&self, id: &str) -> Option<usize> {
        self.actions.get(id).copied()
    }

    pub(crate) fn interface(&self, device: &str, interface: &str) -> Option<Port> {
        let (node, device) = self.find(device)?;
        let index = device.interfaces.iter().position(|known| known.name == interface)?;
        Some(Port { node, interface: IfIndex(u16::try_from(index).ok()?) })
    }

    /// The address that a target stands for.
    pub(crate) fn address(&self, target: &Target) -> Option<Ipv4Addr> {
        match target {
            Target::Address(address) => Some(*address),
            Target::Device(device) => self.find(device)?.1.main_address(),
            Target::Interface(device, interface) => self.find(device)?.1.interface(interface)?.addresses.first().map(ipnet::Ipv4Net::addr),
        }
    }
}

/// The simulation's input, and what of the document could not become part of it. What has a problem that is an error is left
/// out, so that a document with errors gives a scenario of what is right in it; run it only if there are none.
///
/// The problems are those of [`check`](crate::check()) that have to do with rules, settings and references.
#[must_use]
pub fn to_scenario(lab: &Lab) -> (Scenario, Vec<Problem>) {
    let index = Index::new(lab);
    let mut problems = Vec::new();
    let segments = lab.segments.iter().map(|s| Segment { name: s.name.clone(), latency: s.latency_ms.into() }).collect();
    let macs = mac::assign(lab);
    let mut rules = Vec::with_capacity(lab.devices.len());
    let mut nodes = Vec::with_capacity(lab.devices.len());
    for ((place, device), macs) in
        crate::check::places(lab.devices.iter().map(|d| d.name.as_str())).into_iter().zip(&lab.devices).zip(&macs)
    {
        let path = format!("devices/{place}");
        let (node, device_rules) = device::node(&index, device, macs, &path, &mut problems);
        nodes.push(node);
        rules.push(device_rules);
    }
    let actions = action::actions(&index, rules, &mut problems);
    let duration = lab.duration.map(Into::into);
    (Scenario { segments, nodes, actions, duration, limits: Limits::default() }, problems)
}

/// Mistakes and notes of nft text as problems.
pub(crate) fn nft_problems(path: &str, errors: &[NftError], notes: &[Note]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = errors
        .iter()
        .map(|error| {
            let problem = match &error.kind {
                NftErrorKind::Syntax(reason) => Problem::new(ProblemId::NftSyntax, path).with("reason", reason),
                NftErrorKind::Unsupported(what) => Problem::new(ProblemId::NftUnsupported, path).with("construct", what),
            };
            problem.with("line", error.place.line).with("column", error.place.column)
        })
        .collect();
    problems.extend(notes.iter().map(|note| {
        Problem::new(ProblemId::NftNote, path).with("line", note.place.line).with("column", note.place.column).with("reason", &note.text)
    }));
    problems
}

/// The rules that a device starts with, as state to which later scripts apply, and what is wrong with them.
pub(crate) fn initial_rules(device: &Device, path: &str) -> (Rules, Vec<Problem>) {
    let mut rules = Rules::new();
    if device.nft.is_empty() {
        rules.apply(&to_nft(&device.filter, &device.nat));
        return (rules, form::problems(device, path));
    }
    let applied = rules.apply(device.nft.as_str());
    let errors: Vec<NftError> = applied.errors.into_iter().chain(applied.refused).collect();
    (rules, nft_problems(&format!("{path}/nft"), &errors, &applied.notes))
}
