//! Services: one for each port.

use super::Checker;
use crate::document::ServiceKind;
use crate::problem::{ProblemId, join_path};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Who waits on a port: for which address, or for every one, and as which of the services.
type Waiting = Vec<(Option<Ipv4Addr>, usize)>;

impl Checker<'_> {
    pub(super) fn services(&mut self) {
        for (device, path) in self.each_device() {
            // By protocol and port.
            let mut taken: BTreeMap<(bool, u16), Waiting> = BTreeMap::new();
            for (place, service) in device.services.iter().enumerate() {
                let path = join_path(&join_path(&path, "services"), &place.to_string());
                if let Some(bind) = service.bind
                    && !device.addresses().any(|(_, address)| address.addr() == bind)
                {
                    self.report(ProblemId::SourceNotOwn, join_path(&path, "bind"), |problem| {
                        problem.with("address", bind).with("device", &device.name)
                    });
                }
                if service.kind == ServiceKind::Closed {
                    continue;
                }
                let here = taken.entry((service.kind.is_udp(), service.port)).or_default();
                let clash = here.iter().find(|(bind, _)| bind.is_none() || service.bind.is_none() || *bind == service.bind);
                if let Some((_, other)) = clash {
                    let other = format!("services/{other}");
                    self.report(ProblemId::ServiceDuplicate, join_path(&path, "port"), |problem| {
                        problem.with("port", service.port).with("other", other)
                    });
                } else {
                    here.push((service.bind, place));
                }
            }
        }
    }
}
