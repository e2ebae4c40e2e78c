//! What happens in time.

use super::{
    AddrAction, ConntrackFlushAction, InjectAction, LinkAction, NeighFlushAction, NftAction, PingAction, RouteAction, Seconds,
    SnapshotAction, SysctlAction, Target, TcpAction, Text, TracerouteAction, UdpAction,
};
use serde::Serialize;

/// Something that happens at a set time.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Action {
    /// Name, unique among the actions; `a` and its place from 1 if it is left out.
    #[cfg_attr(feature = "schema", serde(default))]
    pub id: String,
    /// What people read instead of the name.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub label: Text,
    /// Seconds after the start.
    #[cfg_attr(feature = "schema", serde(default))]
    pub at: Seconds,
    /// What happens.
    #[serde(flatten)]
    pub kind: ActionKind,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ActionKind {
    /// Echo requests.
    Ping(PingAction),
    /// A TCP connection.
    Tcp(TcpAction),
    /// UDP datagrams.
    Udp(UdpAction),
    /// Probes with growing TTL.
    Traceroute(TracerouteAction),
    /// A device forgets its neighbours.
    NeighFlush(NeighFlushAction),
    /// A link goes down or comes up.
    Link(LinkAction),
    /// A route comes, changes or goes.
    Route(RouteAction),
    /// An address comes or goes.
    Addr(AddrAction),
    /// Settings change.
    Sysctl(SysctlAction),
    /// Rules change.
    Nft(NftAction),
    /// A device forgets its tracked connections.
    ConntrackFlush(ConntrackFlushAction),
    /// The tables of every device are written down.
    Snapshot(SnapshotAction),
    /// One forged TCP segment.
    Inject(InjectAction),
}

impl ActionKind {
    /// The word in the field `type`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ping(_) => "ping",
            Self::Tcp(_) => "tcp",
            Self::Udp(_) => "udp",
            Self::Traceroute(_) => "traceroute",
            Self::NeighFlush(_) => "neigh_flush",
            Self::Link(_) => "link",
            Self::Route(_) => "route",
            Self::Addr(_) => "addr",
            Self::Sysctl(_) => "sysctl",
            Self::Nft(_) => "nft",
            Self::ConntrackFlush(_) => "conntrack_flush",
            Self::Snapshot(_) => "snapshot",
            Self::Inject(_) => "inject",
        }
    }

    /// The device that does it, or on which it is done.
    #[must_use]
    pub fn device(&self) -> Option<&str> {
        match self {
            Self::Ping(action) => Some(&action.from),
            Self::Tcp(action) => Some(&action.from),
            Self::Udp(action) => Some(&action.from),
            Self::Traceroute(action) => Some(&action.from),
            Self::NeighFlush(action) => Some(&action.device),
            Self::Link(action) => Some(&action.device),
            Self::Route(action) => Some(&action.device),
            Self::Addr(action) => Some(&action.device),
            Self::Sysctl(action) => Some(&action.device),
            Self::Nft(action) => Some(&action.device),
            Self::ConntrackFlush(action) => Some(&action.device),
            Self::Snapshot(_) => None,
            Self::Inject(action) => Some(&action.from),
        }
    }

    /// For whom it is, if it is for anybody.
    #[must_use]
    pub const fn target(&self) -> Option<&Target> {
        match self {
            Self::Ping(action) => Some(&action.to),
            Self::Tcp(action) => Some(&action.to),
            Self::Udp(action) => Some(&action.to),
            Self::Traceroute(action) => Some(&action.to),
            _ => None,
        }
    }
}
