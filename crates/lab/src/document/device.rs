//! Segments and devices.

use super::default::is_default;
use super::{Filter, Millis, NatRule, Network, NftText, Service, Text};
use ipnet::Ipv4Net;
use roundtrip_wire::Mac;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// A place on the canvas, in pixels at its natural size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Position {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// One Ethernet segment: a switch with a mirror port, drawn as a bar.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Segment {
    /// Name, unique among the segments.
    pub name: String,
    /// What people read instead of the name.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub label: Text,
    /// The subnet that its devices should have addresses in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub subnet: Option<Ipv4Net>,
    /// Milliseconds from device to device.
    #[serde(default = "Segment::default_latency", skip_serializing_if = "Segment::is_default_latency")]
    pub latency_ms: Millis,
    /// Left end of the bar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Width of the bar in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
}

impl Segment {
    /// A segment with this name and nothing else.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), label: Text::default(), subnet: None, latency_ms: Self::default_latency(), position: None, width: None }
    }

    /// Half a millisecond, as on a LAN with a switch and two hosts.
    pub(crate) const fn default_latency() -> Millis {
        Millis::from_micros(500)
    }

    fn is_default_latency(latency: &Millis) -> bool {
        *latency == Self::default_latency()
    }
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A PC or a server.
    #[default]
    Host,
    /// A router.
    Router,
    /// A switch that routes, and keeps no state.
    L3switch,
    /// A router that filters.
    Firewall,
    /// The Internet: a host far away that stands for all of them.
    Internet,
}

impl Kind {
    /// True if a device of this kind forwards packets unless its settings say otherwise.
    #[must_use]
    pub const fn forwards(self) -> bool {
        match self {
            Self::Router | Self::L3switch | Self::Firewall => true,
            Self::Host | Self::Internet => false,
        }
    }
}

/// Whose habits a device has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// Linux 6.18, as recorded.
    #[default]
    Linux,
    /// Windows 10 and 11.
    Windows,
    /// No particular one: what RFC 1122 and RFC 1812 ask for, by the means of Linux.
    Generic,
}

/// A host, router, switch or firewall.
#[derive(Clone, Debug, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Device {
    /// Name, unique among the devices, without dots and blanks.
    pub name: String,
    /// What people read instead of the name.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub label: Text,
    /// What there is to say about it.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub description: Text,
    /// What it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: Kind,
    /// Whose habits it has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub system: System,
    /// Its centre on the canvas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Interfaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interfaces: Vec<Interface>,
    /// Next hop of the default route. Added after the routes below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub gateway: Option<Ipv4Addr>,
    /// Static routes, in the order in which they are added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
    /// Settings with the kernel's own names, as `sysctl` knows them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, SettingValue>,
    /// Packet filter and address translation as text, in the language of nft(8).
    #[serde(default, skip_serializing_if = "NftText::is_empty")]
    pub nft: NftText,
    /// Packet filter as a form. Not together with `nft`.
    #[serde(default, skip_serializing_if = "Filter::is_empty")]
    pub filter: Filter,
    /// Address translation as a form. Not together with `nft`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nat: Vec<NatRule>,
    /// Services that wait for somebody. A port without one is closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
}

impl Device {
    /// A device of this name and kind and nothing else.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind, ..Self::default() }
    }

    /// The interface of that name.
    #[must_use]
    pub fn interface(&self, name: &str) -> Option<&Interface> {
        self.interfaces.iter().find(|interface| interface.name == name)
    }

    /// Every address with the interface that has it.
    pub fn addresses(&self) -> impl Iterator<Item = (&Interface, Ipv4Net)> {
        self.interfaces.iter().flat_map(|interface| interface.addresses.iter().map(move |address| (interface, *address)))
    }

    /// The address that the device's name stands for: the first of its first interface that has one.
    #[must_use]
    pub fn main_address(&self) -> Option<Ipv4Addr> {
        self.addresses().next().map(|(_, address)| address.addr())
    }
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum SettingValue {
    /// A number, as nearly all are.
    Number(i64),
    /// Anything else.
    Text(String),
}

impl SettingValue {
    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
        }
    }
}

impl From<i64> for SettingValue {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

#[expect(clippy::ref_option, reason = "the signature that serde asks for")]
fn mac_as_text<S: Serializer>(mac: &Option<Mac>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&mac.unwrap_or_default())
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Interface {
    /// Name, unique in the device; `eth` and its place from 0 if it is left out.
    #[cfg_attr(feature = "schema", serde(default))]
    pub name: String,
    /// The segment at the other end of its cable; without one it has no cable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// Ethernet address; made from the places of device and interface if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "mac_as_text")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub mac: Option<Mac>,
    /// Addresses with their prefix lengths, the primary one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub addresses: Vec<Ipv4Net>,
    /// Largest IPv4 packet in bytes, header included.
    #[serde(default = "Interface::default_mtu", skip_serializing_if = "Interface::is_default_mtu")]
    #[cfg_attr(feature = "schema", schemars(range(min = 68)))]
    pub mtu: u16,
    /// Milliseconds that its cable adds each way to the segment's latency.
    #[serde(default = "Interface::no_delay", skip_serializing_if = "Interface::is_no_delay")]
    pub delay_ms: Millis,
}

impl Interface {
    /// An interface of this name on this segment, without an address.
    #[must_use]
    pub fn new(name: impl Into<String>, segment: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            segment: Some(segment.into()),
            mac: None,
            addresses: Vec::new(),
            mtu: Self::default_mtu(),
            delay_ms: Self::no_delay(),
        }
    }

    /// Ethernet's (RFC 894).
    pub(crate) const fn default_mtu() -> u16 {
        1500
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
    const fn is_default_mtu(mtu: &u16) -> bool {
        *mtu == Self::default_mtu()
    }

    const fn no_delay() -> Millis {
        Millis::ZERO
    }

    fn is_no_delay(delay: &Millis) -> bool {
        *delay == Millis::ZERO
    }
}

/// What a route does with a packet, in the words of `ip route`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RouteType {
    /// Forwards it.
    #[default]
    Unicast,
    /// Refuses it with "host unreachable".
    Unreachable,
    /// Refuses it with "communication administratively prohibited".
    Prohibit,
    /// Discards it without a word.
    Blackhole,
}

/// A static route, in the words of `ip route`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Route {
    /// Destination.
    pub to: Network,
    /// Next hop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub via: Option<Ipv4Addr>,
    /// Interface; found by the next hop if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dev: Option<String>,
    /// Source address of what is sent this way from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub src: Option<Ipv4Addr>,
    /// Among equal prefixes the lowest wins.
    #[serde(default, skip_serializing_if = "is_default")]
    pub metric: u32,
    /// Path MTU in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 68)))]
    pub mtu: Option<u16>,
    /// The next hop is on the link although no prefix says so.
    #[serde(default, skip_serializing_if = "is_default")]
    pub onlink: bool,
    /// What it does.
    #[serde(default, rename = "type", skip_serializing_if = "is_default")]
    pub kind: RouteType,
}

impl Route {
    /// The route to `to` by `via`.
    #[must_use]
    pub const fn via(to: Network, via: Ipv4Addr) -> Self {
        Self { to, via: Some(via), dev: None, src: None, metric: 0, mtu: None, onlink: false, kind: RouteType::Unicast }
    }
}
