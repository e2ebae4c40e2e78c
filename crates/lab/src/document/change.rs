//! What changes in time: links, routes, addresses, settings, rules, tables, and one forged segment.

use super::default::{defaults, is_default};
use super::{NftText, Route, SettingValue};
use ipnet::Ipv4Net;
use serde::Serialize;
use std::collections::BTreeMap;

/// `ip neigh flush`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NeighFlushAction {
    /// Device.
    pub device: String,
    /// Only this interface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dev: Option<String>,
}

/// A link goes down or comes up.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkAction {
    /// Device.
    pub device: String,
    /// Interface.
    pub dev: String,
    /// Which of the two.
    pub state: LinkState,
    /// By whom.
    #[serde(default, skip_serializing_if = "is_default")]
    pub how: LinkHow,
}

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LinkState {
    /// Up.
    Up,
    /// Down.
    Down,
}

/// How a link changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LinkHow {
    /// By `ip link set`: routes through it go.
    #[default]
    Admin,
    /// By the cable's other end: carrier is lost, routes stay.
    Cable,
}

/// `ip route`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RouteAction {
    /// Device.
    pub device: String,
    /// What is done.
    #[serde(default, skip_serializing_if = "is_default")]
    pub op: RouteOp,
    /// With which route.
    pub route: Route,
}

/// What is done to a routing table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RouteOp {
    /// Adds it; refused if it is there.
    #[default]
    Add,
    /// Puts it in the place of the one with the same destination and metric.
    Replace,
    /// Deletes it.
    Del,
}

/// `ip addr`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddrAction {
    /// Device.
    pub device: String,
    /// Interface.
    pub dev: String,
    /// What is done.
    #[serde(default, skip_serializing_if = "is_default")]
    pub op: AddrOp,
    /// With which address.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub address: Ipv4Net,
}

/// What is done with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AddrOp {
    /// It is added.
    #[default]
    Add,
    /// It is deleted.
    Del,
}

/// `sysctl -w`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SysctlAction {
    /// Device.
    pub device: String,
    /// Settings and their new values.
    pub set: BTreeMap<String, SettingValue>,
}

/// `nft -f`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NftAction {
    /// Device.
    pub device: String,
    /// Commands of nft(8), all or none of which take effect.
    pub script: NftText,
}

/// `conntrack -F`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConntrackFlushAction {
    /// Device.
    pub device: String,
}

/// The tables of every device are written down.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SnapshotAction {
    /// Under this name; the action's own if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// One forged TCP segment of a running connection; its numbers are learned from what has crossed an interface.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InjectAction {
    /// Device that sends it.
    pub from: String,
    /// The action of type `tcp` whose connection it is.
    pub flow_of: String,
    /// Whose segment it pretends to be.
    #[serde(default, skip_serializing_if = "is_default")]
    pub spoof: Spoof,
    /// Interface at which the connection was watched, as in `r1.eth0`.
    pub observe: String,
    /// Flags as letters of `FSRPA`.
    #[serde(default = "InjectAction::flags", skip_serializing_if = "inject::is_flags")]
    pub flags: String,
    /// Added to the sequence number that would be next.
    #[serde(default, skip_serializing_if = "is_default")]
    pub seq_off: i64,
    /// Added to the acknowledgement number that would be right.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ack_off: i64,
    /// Bytes of data.
    #[serde(default, skip_serializing_if = "is_default")]
    pub len: u32,
    /// Time to live.
    #[serde(default = "InjectAction::ttl", skip_serializing_if = "inject::is_ttl")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub ttl: u8,
}

/// Whose segment a forged one pretends to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Spoof {
    /// The server's.
    #[default]
    Server,
    /// The client's.
    Client,
}

defaults! { inject, InjectAction {
    flags, is_flags: String = "R".to_owned();
    ttl, is_ttl: u8 = 64;
}}
