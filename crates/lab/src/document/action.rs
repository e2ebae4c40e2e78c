//! What happens in time.

use super::{NftText, Route, Seconds, SettingValue, Step, Target, Text};
use ipnet::Ipv4Net;
use serde::Serialize;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

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

/// `ping`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PingAction {
    /// Device.
    pub from: String,
    /// For whom.
    pub to: Target,
    /// Requests.
    #[serde(default = "PingAction::count", skip_serializing_if = "ping::is_count")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub count: u32,
    /// Seconds between requests.
    #[serde(default = "PingAction::interval", skip_serializing_if = "ping::is_interval")]
    pub interval: Seconds,
    /// Bytes of data in each.
    #[serde(default = "PingAction::size", skip_serializing_if = "ping::is_size")]
    pub size: u16,
    /// True: must not be fragmented. False: may be. Left out: as the path MTU asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub df: Option<bool>,
    /// Time to live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub ttl: Option<u8>,
    /// Source address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub source: Option<Ipv4Addr>,
    /// Seconds that the last answer is waited for.
    #[serde(default = "PingAction::timeout", skip_serializing_if = "ping::is_timeout")]
    pub timeout: Seconds,
    /// Identifier; 101 plus the action's place if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icmp_id: Option<u16>,
}

/// A TCP connection, opened and used.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TcpAction {
    /// Device.
    pub from: String,
    /// For whom.
    pub to: Target,
    /// Port; 80 for `http` and 22 for `ssh` if it is left out.
    #[cfg_attr(feature = "schema", serde(default), schemars(range(min = 1)))]
    pub port: u16,
    /// What is done with the connection.
    #[serde(flatten)]
    pub profile: Profile,
    /// Host header of what it sends.
    #[serde(default = "TcpAction::host", skip_serializing_if = "tcp::is_host")]
    pub host: String,
    /// Source address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub source: Option<Ipv4Addr>,
    /// Source port; 40001 plus the action's place if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub source_port: Option<u16>,
    /// Seconds after its start at which the application gives up.
    #[serde(default = "TcpAction::limit", skip_serializing_if = "tcp::is_limit")]
    pub limit: Seconds,
    /// What it does with the connection then.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_limit: GiveUp,
}

/// What a TCP client does once it is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "profile", rename_all = "kebab-case")]
pub enum Profile {
    /// Sends a request, reads to the end, closes.
    Http {
        /// Bytes of the request.
        #[serde(default = "Profile::request", skip_serializing_if = "tcp::is_request")]
        request: u32,
    },
    /// Waits for the banner, sends its own, waits for the answer, closes.
    Ssh {
        /// Bytes of its banner.
        #[serde(default = "Profile::banner", skip_serializing_if = "tcp::is_banner")]
        banner: u32,
        /// Bytes of the answer that are waited for.
        #[serde(default = "Profile::expect", skip_serializing_if = "tcp::is_expect")]
        expect: u32,
    },
    /// Closes at once.
    Connect,
    /// Follows a script.
    Script {
        /// The script.
        steps: Vec<Step>,
    },
}

/// What an application that gives up does with its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GiveUp {
    /// Nothing: the system goes on retransmitting.
    #[default]
    Leave,
    /// Closes it.
    Close,
    /// Resets it.
    Abort,
}

/// UDP datagrams, and waiting for answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UdpAction {
    /// Device.
    pub from: String,
    /// For whom.
    pub to: Target,
    /// Port.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub port: u16,
    /// Source address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub source: Option<Ipv4Addr>,
    /// Source port; 50001 plus the action's place if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub source_port: Option<u16>,
    /// Bytes of each datagram.
    #[serde(default = "UdpAction::size", skip_serializing_if = "udp::is_size")]
    pub size: u16,
    /// Datagrams.
    #[serde(default = "UdpAction::count", skip_serializing_if = "udp::is_count")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub count: u32,
    /// Seconds between datagrams.
    #[serde(default = "UdpAction::interval", skip_serializing_if = "udp::is_interval")]
    pub interval: Seconds,
    /// Seconds that the answer to the last is waited for.
    #[serde(default = "UdpAction::timeout", skip_serializing_if = "udp::is_timeout")]
    pub timeout: Seconds,
    /// True: must not be fragmented. False: may be. Left out: as the path MTU asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub df: Option<bool>,
    /// Goes on waiting after the last datagram's first answer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub linger: bool,
}

/// `traceroute`, one probe at a time.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TracerouteAction {
    /// Device.
    pub from: String,
    /// For whom.
    pub to: Target,
    /// What is sent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub method: TracerouteMethod,
    /// Port, for the method `tcp`.
    #[serde(default = "TracerouteAction::port", skip_serializing_if = "trace::is_port")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub port: u16,
    /// Probes for each TTL.
    #[serde(default = "TracerouteAction::queries", skip_serializing_if = "trace::is_queries")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
    pub queries: u32,
    /// First TTL.
    #[serde(default = "TracerouteAction::first_ttl", skip_serializing_if = "trace::is_first_ttl")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub first_ttl: u8,
    /// Last TTL.
    #[serde(default = "TracerouteAction::max_ttl", skip_serializing_if = "trace::is_max_ttl")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub max_ttl: u8,
    /// Seconds that each answer is waited for.
    #[serde(default = "TracerouteAction::wait", skip_serializing_if = "trace::is_wait")]
    pub wait: Seconds,
}

/// What a trace route sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TracerouteMethod {
    /// UDP datagrams to ports from 33434 on.
    #[default]
    Udp,
    /// Echo requests.
    Icmp,
    /// SYN.
    Tcp,
}

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

/// Defaults of one type's fields, each with the test whether a value is the default.
macro_rules! defaults {
    ($module:ident, $owner:ident { $($name:ident, $test:ident: $type:ty = $value:expr;)* }) => {
        impl $owner {
            $(pub(crate) fn $name() -> $type {
                $value
            })*
        }
        mod $module {
            #[allow(unused_imports, reason = "not every type of the document is some default's")]
            use super::*;
            $(pub(super) fn $test(value: &$type) -> bool {
                *value == $owner::$name()
            })*
        }
    };
}

defaults! { ping, PingAction {
    count, is_count: u32 = 1;
    interval, is_interval: Seconds = Seconds::new(1);
    size, is_size: u16 = 56;
    timeout, is_timeout: Seconds = Seconds::new(2);
}}

defaults! { udp, UdpAction {
    size, is_size: u16 = 32;
    count, is_count: u32 = 1;
    interval, is_interval: Seconds = Seconds::new(1);
    timeout, is_timeout: Seconds = Seconds::new(3);
}}

defaults! { trace, TracerouteAction {
    port, is_port: u16 = 80;
    queries, is_queries: u32 = 1;
    first_ttl, is_first_ttl: u8 = 1;
    max_ttl, is_max_ttl: u8 = 8;
    wait, is_wait: Seconds = Seconds::new(2);
}}

defaults! { inject, InjectAction {
    flags, is_flags: String = "R".to_owned();
    ttl, is_ttl: u8 = 64;
}}

defaults! { tcp_action, TcpAction {
    host, is_host: String = "web".to_owned();
    limit, is_limit: Seconds = Seconds::new(10);
}}

defaults! { tcp_profile, Profile {
    request, is_request: u32 = 80;
    banner, is_banner: u32 = 40;
    expect, is_expect: u32 = 1;
}}

/// Both halves of what a TCP action leaves out when it is saved.
mod tcp {
    pub(super) use super::tcp_action::{is_host, is_limit};
    pub(super) use super::tcp_profile::{is_banner, is_expect, is_request};
}

impl PingAction {
    /// `ping` with nothing but its ends.
    #[must_use]
    pub fn new(from: impl Into<String>, to: Target) -> Self {
        Self {
            from: from.into(),
            to,
            count: Self::count(),
            interval: Self::interval(),
            size: Self::size(),
            df: None,
            ttl: None,
            source: None,
            timeout: Self::timeout(),
            icmp_id: None,
        }
    }
}

impl TcpAction {
    /// A connection to this port with nothing but its ends and profile.
    #[must_use]
    pub fn new(from: impl Into<String>, to: Target, port: u16, profile: Profile) -> Self {
        Self {
            from: from.into(),
            to,
            port,
            profile,
            host: Self::host(),
            source: None,
            source_port: None,
            limit: Self::limit(),
            on_limit: GiveUp::Leave,
        }
    }

    /// A page asked for on port 80.
    #[must_use]
    pub fn http(from: impl Into<String>, to: Target) -> Self {
        Self::new(from, to, 80, Profile::Http { request: Profile::request() })
    }

    /// A login on port 22.
    #[must_use]
    pub fn ssh(from: impl Into<String>, to: Target) -> Self {
        Self::new(from, to, 22, Profile::Ssh { banner: Profile::banner(), expect: Profile::expect() })
    }
}

impl UdpAction {
    /// One datagram to this port.
    #[must_use]
    pub fn new(from: impl Into<String>, to: Target, port: u16) -> Self {
        Self {
            from: from.into(),
            to,
            port,
            source: None,
            source_port: None,
            size: Self::size(),
            count: Self::count(),
            interval: Self::interval(),
            timeout: Self::timeout(),
            df: None,
            linger: false,
        }
    }
}

impl TracerouteAction {
    /// A trace by UDP.
    #[must_use]
    pub fn new(from: impl Into<String>, to: Target) -> Self {
        Self {
            from: from.into(),
            to,
            method: TracerouteMethod::Udp,
            port: Self::port(),
            queries: Self::queries(),
            first_ttl: Self::first_ttl(),
            max_ttl: Self::max_ttl(),
            wait: Self::wait(),
        }
    }
}
