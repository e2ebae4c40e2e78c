//! What a field that speaks of something else can mean.

use roundtrip_lab::Lab;
use roundtrip_lab::document::{ActionKind, Device, Interface};

/// Of what kind it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A device.
    Device,
    /// An interface of the device that the field belongs to.
    Interface,
    /// Interfaces of that device, several with commas.
    Interfaces,
    /// An interface of any device, as in `r1.eth0`.
    AnyInterface,
    /// A segment.
    Segment,
    /// For whom traffic is: an address, a device, an interface.
    Target,
    /// The address of a neighbour that forwards.
    Gateway,
    /// An address of the device itself.
    OwnAddress,
    /// A TCP action.
    Flow,
}

impl Choice {
    /// True if nothing but what is offered makes sense, so that one chooses instead of typing.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Device | Self::Interface | Self::AnyInterface | Self::Segment | Self::Flow)
    }
}

/// One thing that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is written into the document.
    pub value: String,
    /// The device that it is, or is of.
    pub device: Option<String>,
    /// The segment that it is.
    pub segment: Option<String>,
}

impl Offer {
    fn of(value: impl Into<String>, device: &Device) -> Self {
        Self { value: value.into(), device: Some(device.name.clone()), segment: None }
    }

    fn plain(value: impl Into<String>) -> Self {
        Self { value: value.into(), device: None, segment: None }
    }
}

/// The device that a place of the document belongs to.
#[must_use]
pub fn owner<'a>(lab: &'a Lab, path: &str) -> Option<&'a Device> {
    let mut steps = path.split('/');
    let (list, name) = (steps.next()?, steps.next()?.replace("~1", "/").replace("~0", "~"));
    match list {
        "devices" => lab.device(&name).or_else(|| lab.devices.get(name.parse::<usize>().ok()?)),
        "actions" => lab.device(lab.action(&name)?.kind.device()?),
        _ => None,
    }
}

/// What can be chosen at a place.
#[must_use]
pub fn offers(lab: &Lab, path: &str, choice: Choice) -> Vec<Offer> {
    let own = owner(lab, path);
    match choice {
        Choice::Device => lab.devices.iter().map(|device| Offer::of(&device.name, device)).collect(),
        Choice::Interface | Choice::Interfaces => {
            own.into_iter().flat_map(|device| &device.interfaces).map(|interface| Offer::plain(&interface.name)).collect()
        }
        Choice::AnyInterface => lab
            .devices
            .iter()
            .flat_map(|device| device.interfaces.iter().map(move |own| Offer::of(format!("{}.{}", device.name, own.name), device)))
            .collect(),
        Choice::Segment => lab
            .segments
            .iter()
            .map(|segment| Offer { value: segment.name.clone(), device: None, segment: Some(segment.name.clone()) })
            .collect(),
        Choice::Target => targets(lab, own),
        Choice::Gateway => own.map(|device| gateways(lab, device)).unwrap_or_default(),
        Choice::OwnAddress => own
            .into_iter()
            .flat_map(|device| device.addresses().map(move |(_, address)| Offer::of(address.addr().to_string(), device)))
            .collect(),
        Choice::Flow => {
            let is_tcp = |kind: &ActionKind| matches!(kind, ActionKind::Tcp(_));
            lab.actions.iter().filter(|action| is_tcp(&action.kind)).map(|action| Offer::plain(&action.id)).collect()
        }
    }
}

/// Every other device that has an address, by name, then every address.
fn targets(lab: &Lab, own: Option<&Device>) -> Vec<Offer> {
    let others = || lab.devices.iter().filter(|device| own.is_none_or(|own| own.name != device.name));
    let names = others().filter(|device| device.main_address().is_some()).map(|device| Offer::of(&device.name, device));
    let addresses = others().flat_map(|device| device.addresses().map(move |(_, net)| Offer::of(net.addr().to_string(), device)));
    names.chain(addresses).collect()
}

/// Addresses of devices that forward and share a segment with this one.
fn gateways(lab: &Lab, device: &Device) -> Vec<Offer> {
    let shares = |interface: &&Interface| device.interfaces.iter().any(|own| own.segment.is_some() && own.segment == interface.segment);
    let near = |other: &Device| -> Vec<Offer> {
        let interfaces = other.interfaces.iter().filter(shares).flat_map(|interface| &interface.addresses);
        interfaces.map(|net| Offer::of(net.addr().to_string(), other)).collect()
    };
    lab.devices.iter().filter(|other| other.name != device.name && other.kind.forwards()).flat_map(near).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(path: &str, choice: Choice) -> Vec<String> {
        let lab = roundtrip_lab::example("story").unwrap().lab();
        offers(&lab, path, choice).into_iter().map(|offer| offer.value).collect()
    }

    #[test]
    fn what_is_offered_belongs_to_the_place() {
        assert_eq!(values("devices/pc1/gateway", Choice::Gateway), ["192.168.1.1", "192.168.1.2"]);
        assert_eq!(values("devices/r2/routes/0/dev", Choice::Interface), ["eth0", "eth1"]);
        assert_eq!(values("actions/http/source", Choice::OwnAddress), ["192.168.1.10"]);
        assert_eq!(values("actions/http/flow_of", Choice::Flow), ["http", "ssh"]);
        let targets = values("actions/http/to", Choice::Target);
        assert!(targets.contains(&"pc2".to_owned()) && targets.contains(&"192.168.2.10".to_owned()), "{targets:?}");
        assert!(!targets.contains(&"pc1".to_owned()));
        assert!(values("devices/nobody/gateway", Choice::Gateway).is_empty());
    }
}
