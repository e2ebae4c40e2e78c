//! Devices in words.

use super::{Words, m};
use roundtrip_editor::view::caption::{ServiceName, Subtitle};
use roundtrip_editor::view::scene::Caption;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Kind};

impl Words {
    /// The line below a device's name.
    pub(crate) fn subtitle(&self, lab: &Lab, subtitle: &Subtitle) -> String {
        match subtitle {
            Subtitle::Services(services) => services.iter().map(|service| self.service(*service)).collect::<Vec<_>>().join(" · "),
            Subtitle::Gateway(Ok(device)) => self.with(m!("subtitle-gateway"), &[("gateway", (&self.device_named(lab, device)).into())]),
            Subtitle::Gateway(Err(address)) => self.with(m!("subtitle-gateway"), &[("gateway", (&address.to_string()).into())]),
            Subtitle::NoGateway => self.t(m!("subtitle-no-gateway")),
            Subtitle::StatefulRouter => self.t(m!("subtitle-stateful-router")),
            Subtitle::Router => self.t(m!("subtitle-router")),
            Subtitle::L3Switch => self.t(m!("subtitle-l3-switch")),
            Subtitle::Firewall => self.t(m!("subtitle-firewall")),
            Subtitle::Internet => self.t(m!("subtitle-internet")),
        }
    }

    fn service(&self, service: ServiceName) -> String {
        match service {
            ServiceName::Web => self.t(m!("service-web")),
            ServiceName::Ssh => "ssh".into(),
            ServiceName::Tcp(port) => format!("TCP {port}"),
            ServiceName::Udp(port) => format!("UDP {port}"),
        }
    }

    /// What a device is.
    pub(crate) fn device_kind(&self, kind: Kind) -> String {
        self.t(match kind {
            Kind::Host => m!("kind-host"),
            Kind::Router => m!("kind-router"),
            Kind::L3switch => m!("kind-l3-switch"),
            Kind::Firewall => m!("kind-firewall"),
            Kind::Internet => m!("kind-internet"),
        })
    }

    /// A device as it names itself to those who listen.
    /// What is written on it comes first and as it is written, so that those who speak to their machine can say what they see.
    pub(crate) fn device_spoken(&self, device: &Device, caption: &Caption, note: Option<&str>) -> String {
        let addresses: Vec<String> = device.addresses().map(|(_, net)| net.to_string()).collect();
        let written: Vec<&str> = [caption.title.as_str(), caption.subtitle.as_str()].into_iter().chain(note).collect();
        self.with(
            m!("device-name"),
            &[
                ("written", (&written.join(" ")).into()),
                ("kind", (&self.device_kind(device.kind)).into()),
                ("addresses", (&addresses.join(", ")).into()),
            ],
        )
    }
}
