//! The document, version 1: what is saved, in plain types of its own.
//!
//! `docs/lab-format.md` says what each field means. Times are [`Seconds`] or [`Millis`], as the field's
//! documentation says; names are references.

mod action;
mod change;
mod client;
mod default;
mod device;
mod rules;
mod service;
mod text;
mod value;

pub use action::{Action, ActionKind};
pub use change::{
    AddrAction, AddrOp, ConntrackFlushAction, InjectAction, LinkAction, LinkHow, LinkState, NeighFlushAction, NftAction, RouteAction,
    RouteOp, SnapshotAction, Spoof, SysctlAction,
};
pub use client::{GiveUp, PingAction, Profile, TcpAction, TracerouteAction, TracerouteMethod, UdpAction};
pub use device::{Device, Interface, Kind, Position, Route, RouteType, Segment, SettingValue, System};
pub use rules::{ChainPolicy, Filter, FilterChain, FilterRule, NatKind, NatRule, RejectKind, RuleAction, State, Transport};
pub use service::{Keepalive, Recv, Service, ServiceKind, Step};
pub use text::{NftText, Text};
pub use value::{AddressSet, FlagTest, Millis, NatTo, Network, OneOrMany, PortSet, Seconds, Target};

use serde::Serialize;

/// The number of the document's version that this crate writes.
pub const VERSION: u32 = 1;

/// The version field, which a document in memory always has at [`VERSION`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Version;

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(VERSION)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Version {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Version".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "const": VERSION })
    }
}

/// A whole lab: a network, and what happens in it.
#[derive(Clone, Debug, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Lab {
    /// Version of the format, 1.
    pub version: Version,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub title: Text,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub description: Text,
    /// Seconds after which the simulation ends; without it, one second after the last action's time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Seconds>,
    /// The segments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// The devices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<Device>,
    /// What happens in time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

impl Lab {
    /// The device of that name.
    #[must_use]
    pub fn device(&self, name: &str) -> Option<&Device> {
        self.devices.iter().find(|device| device.name == name)
    }

    /// The segment of that name.
    #[must_use]
    pub fn segment(&self, name: &str) -> Option<&Segment> {
        self.segments.iter().find(|segment| segment.name == name)
    }

    /// The action of that id.
    #[must_use]
    pub fn action(&self, id: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.id == id)
    }
}
