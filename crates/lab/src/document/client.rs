//! What devices send: echo requests, connections, datagrams, traces.

use super::default::{defaults, is_default};
use super::{Seconds, Step, Target};
use serde::Serialize;
use std::net::Ipv4Addr;

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
