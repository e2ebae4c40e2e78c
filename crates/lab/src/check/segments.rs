//! Segments: their subnets, and the interfaces that are on them.

use super::Checker;
use crate::problem::{ProblemId, join_path, similar};
use ipnet::Ipv4Net;
use roundtrip_wire::order;
use std::collections::BTreeMap;

impl Checker<'_> {
    pub(super) fn segments(&mut self) {
        self.subnets();
        let lab = self.lab;
        // The first interface of a segment, with its MTU, is what the others are held against.
        let mut mtus: BTreeMap<&str, (u16, String)> = BTreeMap::new();
        let mut macs: BTreeMap<_, String> = BTreeMap::new();
        for (device, interface, path) in self.each_interface() {
            let name = format!("{}.{}", device.name, interface.name);
            if let Some(mac) = interface.mac {
                let path = join_path(&path, "mac");
                if mac.is_multicast() || mac == roundtrip_wire::Mac::ZERO {
                    self.report(ProblemId::MacUnusable, path, |problem| problem.with("mac", mac));
                } else if let Some(other) = macs.get(&mac) {
                    self.report(ProblemId::MacDuplicate, path, |problem| problem.with("mac", mac).with("other", other));
                } else {
                    macs.insert(mac, name.clone());
                }
            }
            let Some(segment) = interface.segment.as_deref() else { continue };
            if self.index.segment(segment).is_none() {
                let meant = similar(segment, lab.segments.iter().map(|segment| segment.name.as_str()));
                self.report(ProblemId::UnknownSegment, join_path(&path, "segment"), |problem| {
                    problem.with("name", segment).with("similar", meant)
                });
                continue;
            }
            match mtus.get(segment) {
                Some((theirs, other)) if *theirs != interface.mtu => {
                    let (theirs, other) = (*theirs, other.clone());
                    self.report(ProblemId::MtuDiffers, join_path(&path, "mtu"), |problem| {
                        problem.with("mtu", interface.mtu).with("theirs", theirs).with("other", other)
                    });
                }
                Some(_) => {}
                None => {
                    mtus.insert(segment, (interface.mtu, name));
                }
            }
        }
    }

    fn subnets(&mut self) {
        let lab = self.lab;
        let places = super::places(lab.segments.iter().map(|segment| segment.name.as_str()));
        let mut all: Vec<(Ipv4Net, &str, String)> = Vec::new();
        for (segment, place) in lab.segments.iter().zip(places) {
            let Some(subnet) = segment.subnet else { continue };
            let path = join_path(&join_path("segments", &place), "subnet");
            if subnet.addr() != subnet.network() {
                self.report(ProblemId::SubnetHostBits, path.clone(), |problem| {
                    problem.with("subnet", subnet).with("network", subnet.trunc())
                });
            }
            all.push((subnet.trunc(), &segment.name, path));
        }
        // In this order a subnet comes right behind those that hold it.
        order::sort_by_key(&mut all, |(subnet, ..)| (subnet.network(), subnet.prefix_len()));
        let mut widest: Option<(Ipv4Net, &str)> = None;
        for (subnet, name, path) in all {
            match widest {
                Some((holder, other)) if holder.contains(&subnet) => {
                    self.report(ProblemId::SubnetOverlap, path, |problem| {
                        problem.with("subnet", subnet).with("segment", name).with("other", other)
                    });
                }
                _ => widest = Some((subnet, name)),
            }
        }
    }
}
