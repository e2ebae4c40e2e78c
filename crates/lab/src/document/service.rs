//! Services, and the scripts that both ends of a stream can follow.

use super::Seconds;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::net::Ipv4Addr;

/// A service that waits on a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Service {
    /// Port.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub port: u16,
    /// Address that it is bound to; every address of the device without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub bind: Option<Ipv4Addr>,
    /// What it does.
    #[serde(flatten)]
    pub kind: ServiceKind,
}

/// What a service does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ServiceKind {
    /// A web server: reads to the blank line, answers, closes.
    Http {
        /// Bytes of the answer.
        #[serde(default = "ServiceKind::http_response", skip_serializing_if = "is_http_response")]
        response: u32,
        /// Seconds between the answer and closing.
        #[serde(default = "ServiceKind::close_delay", skip_serializing_if = "is_close_delay")]
        close_delay: Seconds,
    },
    /// An ssh server, as far as packets go: sends its banner, waits for the client's, answers, waits for the end, closes.
    Ssh {
        /// Bytes of the banner.
        #[serde(default = "ServiceKind::banner", skip_serializing_if = "is_banner")]
        banner: u32,
        /// Bytes of the client's banner that are waited for.
        #[serde(default = "ServiceKind::client_banner", skip_serializing_if = "is_client_banner")]
        client_banner: u32,
        /// Bytes of the answer.
        #[serde(default = "ServiceKind::ssh_response", skip_serializing_if = "is_ssh_response")]
        response: u32,
    },
    /// Sends back what comes, over TCP, until the other side ends.
    Echo,
    /// Follows a script on every connection.
    Script {
        /// The script.
        steps: Vec<Step>,
    },
    /// Answers each UDP datagram with its content.
    UdpEcho {
        /// Cuts or fills the answer to so many bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<u32>,
        /// Answers from whatever address routing chooses instead of the one that was asked.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        any_source: bool,
    },
    /// Takes UDP datagrams and is silent.
    UdpSink,
    /// Nothing: the port is closed, as every port without a service is. For drawings that want to say so.
    Closed,
}

macro_rules! defaults {
    ($($name:ident, $test:ident: $type:ty = $value:expr;)*) => {
        impl ServiceKind {
            $(pub(crate) const fn $name() -> $type {
                $value
            })*
        }
        $(fn $test(value: &$type) -> bool {
            *value == ServiceKind::$name()
        })*
    };
}

defaults! {
    http_response, is_http_response: u32 = 600;
    close_delay, is_close_delay: Seconds = Seconds::from_millis(30);
    banner, is_banner: u32 = 40;
    client_banner, is_client_banner: u32 = 1;
    ssh_response, is_ssh_response: u32 = 200;
}

impl ServiceKind {
    /// True if it waits on a UDP port.
    #[must_use]
    pub const fn is_udp(&self) -> bool {
        matches!(self, Self::UdpEcho { .. } | Self::UdpSink)
    }
}

/// One step of what an application does with a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Sends so many bytes.
    Send(u32),
    /// Reads.
    Recv {
        /// How much.
        what: Recv,
        /// Seconds after which it gives up; without it, at the connection's limit.
        within: Option<Seconds>,
    },
    /// Waits so many seconds.
    Sleep(Seconds),
    /// Turns keep-alive probes on.
    Keepalive(Keepalive),
    /// Sends back what comes until the other side ends.
    Echo,
    /// Ends the sending half.
    Shutdown,
    /// Closes.
    Close,
    /// Closes with RST.
    Abort,
}

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recv {
    /// So many bytes or more.
    Bytes(u32),
    /// To the end of the stream: `eof`.
    Eof,
    /// To the blank line that ends an HTTP request: `request`.
    Request,
}

/// When and how often an idle connection is probed (`SO_KEEPALIVE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Keepalive {
    /// Seconds of idleness before the first probe.
    pub idle: Seconds,
    /// Seconds between probes.
    pub interval: Seconds,
    /// Unanswered probes after which the connection is given up.
    pub count: u32,
}

impl Serialize for Recv {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bytes(bytes) => serializer.serialize_u32(*bytes),
            Self::Eof => serializer.serialize_str("eof"),
            Self::Request => serializer.serialize_str("request"),
        }
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = match self {
            Self::Echo => return serializer.serialize_str("echo"),
            Self::Shutdown => return serializer.serialize_str("shutdown"),
            Self::Close => return serializer.serialize_str("close"),
            Self::Abort => return serializer.serialize_str("abort"),
            Self::Send(_) | Self::Recv { .. } | Self::Sleep(_) | Self::Keepalive(_) => serializer.serialize_map(None)?,
        };
        match self {
            Self::Send(bytes) => map.serialize_entry("send", bytes)?,
            Self::Recv { what, within } => {
                map.serialize_entry("recv", what)?;
                if let Some(within) = within {
                    map.serialize_entry("within", within)?;
                }
            }
            Self::Sleep(time) => map.serialize_entry("sleep", time)?,
            Self::Keepalive(keepalive) => map.serialize_entry("keepalive", keepalive)?,
            Self::Echo | Self::Shutdown | Self::Close | Self::Abort => {}
        }
        map.end()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Step {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let bytes = serde_json::json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX });
        let seconds = generator.subschema_for::<Seconds>();
        let keepalive = generator.subschema_for::<Keepalive>();
        let only = |key: &str, value: serde_json::Value| serde_json::json!({ "type": "object", "properties": { key: value }, "required": [key], "additionalProperties": false });
        schemars::json_schema!({
            "description": "One step of what an application does with a stream.",
            "anyOf": [
                { "enum": ["echo", "shutdown", "close", "abort"] },
                only("send", bytes.clone()),
                {
                    "type": "object",
                    "properties": { "recv": { "anyOf": [{ "enum": ["eof", "request"] }, bytes] }, "within": seconds },
                    "required": ["recv"],
                    "additionalProperties": false
                },
                only("sleep", seconds.clone().into()),
                only("keepalive", keepalive.into())
            ]
        })
    }
}
