//! Changes of the document: what each does, and what it is called when it is to be taken back.

pub mod configure;
pub mod draw;
pub mod text;
pub mod traffic;

pub use configure::{Configure, Configured};
use draw::{Draw, Drawn};
pub use traffic::{Scheduled, Traffic};

use ipnet::Ipv4Net;
use roundtrip_explain::Message;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Network, Position, Route, SettingValue};
use std::net::Ipv4Addr;
use std::rc::Rc;

/// A change of the document. Names refer to devices and segments; one that refers to nothing changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// The drawing changes.
    Draw(Draw),
    /// A device is put elsewhere.
    MoveDevice {
        /// Which.
        device: String,
        /// Its new centre.
        to: Position,
    },
    /// What people read as a device's name changes in one language.
    SetLabel {
        /// Which device.
        device: String,
        /// The language's tag.
        language: &'static str,
        /// The text; without one the name in the document is shown.
        label: String,
    },
    /// A device's default gateway changes.
    SetGateway {
        /// Which device.
        device: String,
        /// The new gateway; none for no default route.
        gateway: Option<Ipv4Addr>,
    },
    /// A device gets one more route, at the end.
    AddRoute {
        /// Which device.
        device: String,
        /// The route.
        route: Route,
    },
    /// A route of a device is replaced.
    SetRoute {
        /// Which device.
        device: String,
        /// Place in its routes.
        index: usize,
        /// The new route.
        route: Route,
    },
    /// A device loses a route.
    RemoveRoute {
        /// Which device.
        device: String,
        /// Place in its routes.
        index: usize,
    },
    /// An address of an interface changes, comes or goes.
    SetAddress {
        /// Which device.
        device: String,
        /// Which interface.
        interface: String,
        /// Place among its addresses; right behind the last for a new one.
        index: usize,
        /// The address; none takes it away.
        address: Option<Ipv4Net>,
    },
    /// A setting of a device changes.
    SetSetting {
        /// Which device.
        device: String,
        /// The setting, by its name in the kernel.
        setting: String,
        /// The value; none for the kernel's default.
        value: Option<i64>,
    },
    /// A value of the document is changed by a form or as text.
    Configure(Configure),
    /// What happens in time is changed.
    Traffic(Traffic),
    /// A cure is applied: the whole document as it is with the cure.
    Cure {
        /// What it does, in its own words.
        cure: Message,
        /// The document with it.
        lab: Rc<Lab>,
    },
    /// Another document is opened in this one's place.
    Open {
        /// The document.
        lab: Rc<Lab>,
    },
}

/// What a change is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The drawing was changed.
    Draw(Drawn),
    /// A device was moved.
    Move(String),
    /// A device was renamed.
    Label(String),
    /// A device's gateway was changed.
    Gateway(String),
    /// A route was added to a device.
    AddRoute(String),
    /// A route of a device was changed.
    Route(String),
    /// A route of a device was removed.
    RemoveRoute(String),
    /// An address of a device was changed.
    Address(String),
    /// A setting of a device was changed.
    Setting(String, String),
    /// A value was changed by a form or as text.
    Configured(Configured),
    /// What happens in time was changed.
    Scheduled(Scheduled),
    /// A cure was applied: what it does.
    Cure(Message),
    /// Another document was opened.
    Open,
}

impl Edit {
    /// What it is called.
    #[must_use]
    pub fn change(&self) -> Change {
        match self {
            Self::Draw(draw) => Change::Draw(draw.drawn()),
            Self::MoveDevice { device, .. } => Change::Move(device.clone()),
            Self::SetLabel { device, .. } => Change::Label(device.clone()),
            Self::SetGateway { device, .. } => Change::Gateway(device.clone()),
            Self::AddRoute { device, .. } => Change::AddRoute(device.clone()),
            Self::SetRoute { device, .. } => Change::Route(device.clone()),
            Self::RemoveRoute { device, .. } => Change::RemoveRoute(device.clone()),
            Self::SetAddress { device, .. } => Change::Address(device.clone()),
            Self::SetSetting { device, setting, .. } => Change::Setting(device.clone(), setting.clone()),
            Self::Configure(configure) => Change::Configured(configure.change()),
            Self::Traffic(traffic) => Change::Scheduled(traffic.change()),
            Self::Cure { cure, .. } => Change::Cure(cure.clone()),
            Self::Open { .. } => Change::Open,
        }
    }

    /// True if it can change what happens in the network; false if only the picture.
    #[must_use]
    pub fn changes_run(&self) -> bool {
        match self {
            Self::MoveDevice { .. } | Self::SetLabel { .. } => false,
            Self::Configure(configure) => configure.changes_run(),
            Self::Draw(draw) => draw.changes_run(),
            _ => true,
        }
    }

    /// The document after it; none if it changes nothing.
    #[must_use]
    pub fn apply(&self, lab: &Lab) -> Option<Lab> {
        let on_device = |name: &str, change: &dyn Fn(&mut Device) -> Option<()>| {
            let mut changed = lab.clone();
            change(changed.devices.iter_mut().find(|device| device.name == name)?)?;
            Some(changed)
        };
        let changed = match self {
            Self::Draw(draw) => draw.apply(lab),
            Self::MoveDevice { device, to } => on_device(device, &|device| {
                device.position = Some(*to);
                Some(())
            }),
            Self::SetLabel { device, language, label } => on_device(device, &|device| {
                device.label.set(language, label);
                Some(())
            }),
            Self::SetGateway { device, gateway } => on_device(device, &|device| {
                device.gateway = *gateway;
                Some(())
            }),
            Self::AddRoute { device, route } => on_device(device, &|device| {
                device.routes.push(route.clone());
                Some(())
            }),
            Self::SetRoute { device, index, route } => on_device(device, &|device| {
                *device.routes.get_mut(*index)? = route.clone();
                Some(())
            }),
            Self::RemoveRoute { device, index } => {
                on_device(device, &|device| (*index < device.routes.len()).then(|| device.routes.remove(*index)).map(drop))
            }
            Self::SetAddress { device, interface, index, address } => on_device(device, &|device| {
                let addresses = &mut device.interfaces.iter_mut().find(|own| own.name == *interface)?.addresses;
                match address {
                    Some(address) if *index == addresses.len() => addresses.push(*address),
                    Some(address) => *addresses.get_mut(*index)? = *address,
                    None => {
                        (*index < addresses.len()).then(|| addresses.remove(*index))?;
                    }
                }
                Some(())
            }),
            Self::SetSetting { device, setting, value } => on_device(device, &|device| {
                match value {
                    Some(value) => device.settings.insert(setting.clone(), SettingValue::Number(*value)),
                    None => device.settings.remove(setting),
                };
                Some(())
            }),
            Self::Configure(configure) => configure.apply(lab),
            Self::Traffic(traffic) => traffic.apply(lab),
            Self::Cure { lab, .. } | Self::Open { lab } => Some(Lab::clone(lab)),
        }?;
        (changed != *lab).then_some(changed)
    }
}

/// A route that a person who adds one to this device may mean: to the first segment that the device is not on, by a device that is on both.
/// Without such a segment, the default route by the same hand.
#[must_use]
pub fn suggested_route(lab: &Lab, device: &Device) -> Route {
    let on = |device: &Device, segment: &str| device.interfaces.iter().any(|interface| interface.segment.as_deref() == Some(segment));
    let known = |to: Ipv4Net| device.routes.iter().any(|route| route.to.0 == to);
    // An address of `other` on one of the device's own segments.
    let near = |other: &Device| {
        let shared = other.interfaces.iter().filter(|interface| interface.segment.as_deref().is_some_and(|segment| on(device, segment)));
        shared.flat_map(|interface| &interface.addresses).next().map(Ipv4Net::addr)
    };
    let others = || lab.devices.iter().filter(|other| other.name != device.name);
    let unknown = lab.segments.iter().filter(|segment| !on(device, &segment.name)).find_map(|segment| {
        let to = segment.subnet.filter(|subnet| !known(*subnet))?;
        Some((to, others().filter(|other| on(other, &segment.name)).find_map(near)?))
    });
    let (to, via) = unknown.unwrap_or_else(|| {
        (Ipv4Net::default(), others().filter(|other| other.kind.forwards()).find_map(near).unwrap_or(Ipv4Addr::UNSPECIFIED))
    });
    Route::via(Network(to), via)
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::document::{Interface, Kind, Segment};

    fn lab() -> Lab {
        let mut interface = Interface::new("eth0", "a");
        interface.addresses.push("192.168.1.10/24".parse().unwrap());
        let device = Device { interfaces: vec![interface], ..Device::new("pc1", Kind::Host) };
        Lab { devices: vec![device], ..Lab::default() }
    }

    fn after(edits: &[Edit]) -> Lab {
        edits.iter().fold(lab(), |lab, edit| edit.apply(&lab).unwrap_or_else(|| panic!("{edit:?} changes nothing")))
    }

    fn route(to: &str, via: [u8; 4]) -> Route {
        Route::via(to.parse::<Network>().unwrap(), via.into())
    }

    #[test]
    fn routes_come_change_and_go() {
        let device = || "pc1".to_owned();
        let one = route("192.168.2.0/24", [192, 168, 1, 254]);
        let other = route("10.0.0.0/8", [192, 168, 1, 1]);
        let add = Edit::AddRoute { device: device(), route: one.clone() };
        let set = Edit::SetRoute { device: device(), index: 0, route: other.clone() };
        let remove = Edit::RemoveRoute { device: device(), index: 0 };
        assert_eq!(after(std::slice::from_ref(&add)).devices[0].routes, [one]);
        assert_eq!(after(&[add.clone(), set.clone()]).devices[0].routes, [other]);
        assert!(after(&[add, remove.clone()]).devices[0].routes.is_empty());
        assert_eq!(remove.apply(&lab()), None);
        assert_eq!(set.apply(&lab()), None);
    }

    #[test]
    fn an_address_behind_the_last_is_a_new_one() {
        let set = |index, address: Option<&str>| Edit::SetAddress {
            device: "pc1".into(),
            interface: "eth0".into(),
            index,
            address: address.map(|text| text.parse().unwrap()),
        };
        let addresses = |lab: Lab| -> Vec<String> { lab.devices[0].interfaces[0].addresses.iter().map(ToString::to_string).collect() };
        assert_eq!(addresses(after(&[set(1, Some("10.0.0.1/8"))])), ["192.168.1.10/24", "10.0.0.1/8"]);
        assert_eq!(addresses(after(&[set(0, Some("192.168.1.11/24"))])), ["192.168.1.11/24"]);
        assert!(addresses(after(&[set(0, None)])).is_empty());
        assert_eq!(set(2, Some("10.0.0.1/8")).apply(&lab()), None);
        assert_eq!(set(5, None).apply(&lab()), None);
    }

    #[test]
    fn what_changes_nothing_is_no_step() {
        let gateway = |gateway| Edit::SetGateway { device: "pc1".into(), gateway };
        assert_eq!(gateway(None).apply(&lab()), None);
        assert!(gateway(Some(Ipv4Addr::new(192, 168, 1, 1))).apply(&lab()).is_some());
        assert_eq!(Edit::SetGateway { device: "nobody".into(), gateway: None }.apply(&lab()), None);
        assert_eq!(Edit::Open { lab: Rc::new(lab()) }.apply(&lab()), None);
    }

    #[test]
    fn only_the_picture_changes_without_a_new_run() {
        let to = Position { x: 1, y: 2 };
        let r#move = Edit::MoveDevice { device: "pc1".into(), to };
        assert!(!r#move.changes_run());
        assert_eq!(after(&[r#move]).devices[0].position, Some(to));
        let setting = Edit::SetSetting { device: "pc1".into(), setting: "accept_redirects".into(), value: Some(1) };
        assert!(setting.changes_run());
        assert_eq!(after(&[setting]).devices[0].settings["accept_redirects"].number(), Some(1));
    }

    #[test]
    fn the_route_that_is_offered_leads_to_the_unknown_segment() {
        let mut lab = lab();
        lab.segments = vec![
            Segment { subnet: Some("192.168.1.0/24".parse().unwrap()), ..Segment::new("a") },
            Segment { subnet: Some("192.168.2.0/24".parse().unwrap()), ..Segment::new("b") },
        ];
        let interface = |name, segment, address: &str| {
            let mut interface = Interface::new(name, segment);
            interface.addresses.push(address.parse().unwrap());
            interface
        };
        let r1 = Device { interfaces: vec![interface("eth0", "a", "192.168.1.1/24")], ..Device::new("r1", Kind::Router) };
        let both = vec![interface("eth0", "a", "192.168.1.254/24"), interface("eth1", "b", "192.168.2.254/24")];
        lab.devices.push(r1);
        lab.devices.push(Device { interfaces: both, ..Device::new("r2", Kind::L3switch) });
        assert_eq!(suggested_route(&lab, &lab.devices[0]), route("192.168.2.0/24", [192, 168, 1, 254]));
        let with = Edit::AddRoute { device: "pc1".into(), route: suggested_route(&lab, &lab.devices[0]) }.apply(&lab).unwrap();
        assert_eq!(suggested_route(&with, &with.devices[0]), route("default", [192, 168, 1, 1]));
    }
}
