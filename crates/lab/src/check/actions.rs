//! Actions: that they come before the end, and from addresses that their devices have.

use super::Checker;
use crate::document::ActionKind;
use crate::problem::{ProblemId, join_path};

impl Checker<'_> {
    pub(super) fn actions(&mut self) {
        let lab = self.lab;
        let places = super::places(lab.actions.iter().map(|action| action.id.as_str()));
        for (action, place) in lab.actions.iter().zip(places) {
            let path = join_path("actions", &place);
            if let Some(duration) = lab.duration.filter(|duration| action.at >= *duration) {
                self.report(ProblemId::ActionAfterEnd, join_path(&path, "at"), |problem| {
                    problem.with("at", action.at.as_f64()).with("duration", duration.as_f64())
                });
            }
            let source = match &action.kind {
                ActionKind::Ping(ping) => ping.source,
                ActionKind::Tcp(tcp) => tcp.source,
                ActionKind::Udp(udp) => udp.source,
                _ => None,
            };
            let device = source.and(action.kind.device()).and_then(|name| self.index.find(name)).map(|(_, device)| device);
            if let (Some(source), Some(device)) = (source, device)
                && !device.addresses().any(|(_, address)| address.addr() == source)
                && !brought(lab, &device.name, source)
            {
                self.report(ProblemId::SourceNotOwn, join_path(&path, "source"), |problem| {
                    problem.with("address", source).with("device", &device.name)
                });
            }
        }
    }
}

/// True if an action gives the device that address.
fn brought(lab: &crate::document::Lab, device: &str, address: std::net::Ipv4Addr) -> bool {
    lab.actions.iter().any(|action| match &action.kind {
        ActionKind::Addr(change) => change.device == device && change.address.addr() == address,
        _ => false,
    })
}
