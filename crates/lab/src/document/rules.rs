//! Packet filter and address translation as a form: what a person can fill in without knowing nft(8).
//!
//! What these fields cannot say is written as nft text.

use super::default::is_default;
use super::{AddressSet, FlagTest, NatTo, OneOrMany, PortSet};
use serde::Serialize;

#[cfg(feature = "schema")]
const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_yes(value: &bool) -> bool {
    *value
}

/// A packet filter: a chain of rules for each of the three ways through a device.
#[derive(Clone, Debug, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Filter {
    /// For packets to this device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<FilterChain>,
    /// For packets through this device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward: Option<FilterChain>,
    /// For packets from this device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<FilterChain>,
}

impl Filter {
    /// The chains that there are, with their names.
    pub fn chains(&self) -> impl Iterator<Item = (&'static str, &FilterChain)> {
        [("input", &self.input), ("forward", &self.forward), ("output", &self.output)]
            .into_iter()
            .filter_map(|(name, chain)| chain.as_ref().map(|chain| (name, chain)))
    }

    /// True if there is no chain at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.input.is_none() && self.forward.is_none() && self.output.is_none()
    }
}

/// Rules, asked in order until one decides.
#[derive(Clone, Debug, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct FilterChain {
    /// For packets on which no rule decides.
    #[serde(default, skip_serializing_if = "is_default")]
    pub policy: ChainPolicy,
    /// The rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<FilterRule>,
}

/// What happens to a packet on which no rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ChainPolicy {
    /// It goes on.
    #[default]
    Accept,
    /// It is dropped.
    Drop,
}

/// A rule: every condition that is given must hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct FilterRule {
    /// Interface that the packet came in by; a name ending in `*` stands for all that begin so.
    #[serde(default, rename = "in", skip_serializing_if = "OneOrMany::is_empty")]
    pub in_interface: OneOrMany<String>,
    /// Interface that the packet leaves by.
    #[serde(default, rename = "out", skip_serializing_if = "OneOrMany::is_empty")]
    pub out_interface: OneOrMany<String>,
    /// Source addresses.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub source: OneOrMany<AddressSet>,
    /// Destination addresses.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub destination: OneOrMany<AddressSet>,
    /// Protocols.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub protocol: OneOrMany<Transport>,
    /// Source ports; asks for TCP or UDP.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub source_port: OneOrMany<PortSet>,
    /// Destination ports; asks for TCP or UDP.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub destination_port: OneOrMany<PortSet>,
    /// TCP flags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp_flags: Option<FlagTest>,
    /// ICMP types by name (`echo-request`) or number.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub icmp_type: OneOrMany<String>,
    /// Connection states.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub state: OneOrMany<State>,
    /// Counts the packets that it meets.
    #[serde(skip_serializing_if = "is_yes")]
    #[cfg_attr(feature = "schema", schemars(default = "yes"))]
    pub counter: bool,
    /// What it does; a rule without it only counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<RuleAction>,
    /// How the sender is told of a rejection.
    #[serde(default, skip_serializing_if = "is_default")]
    pub with: RejectKind,
}

impl Default for FilterRule {
    fn default() -> Self {
        Self {
            in_interface: OneOrMany::default(),
            out_interface: OneOrMany::default(),
            source: OneOrMany::default(),
            destination: OneOrMany::default(),
            protocol: OneOrMany::default(),
            source_port: OneOrMany::default(),
            destination_port: OneOrMany::default(),
            tcp_flags: None,
            icmp_type: OneOrMany::default(),
            state: OneOrMany::default(),
            counter: true,
            action: None,
            with: RejectKind::default(),
        }
    }
}

/// A protocol above IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// ICMP.
    Icmp,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// Connection state of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Fits no connection and begins none.
    Invalid,
    /// Belongs to a connection seen in both directions.
    Established,
    /// Belongs to something that a connection brought about, such as an ICMP error.
    Related,
    /// Begins a connection.
    New,
    /// Not tracked.
    Untracked,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RuleAction {
    /// Lets the packet pass.
    Accept,
    /// Discards it without a word.
    Drop,
    /// Discards it and tells the sender.
    Reject,
}

/// How the sender of a rejected packet is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RejectKind {
    /// ICMP port unreachable.
    #[default]
    PortUnreachable,
    /// ICMP network unreachable.
    NetUnreachable,
    /// ICMP host unreachable.
    HostUnreachable,
    /// ICMP protocol unreachable.
    ProtUnreachable,
    /// ICMP network administratively prohibited.
    NetProhibited,
    /// ICMP host administratively prohibited.
    HostProhibited,
    /// ICMP communication administratively prohibited.
    AdminProhibited,
    /// A TCP RST; the rule then is for TCP only.
    TcpReset,
}

/// A rule of address translation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct NatRule {
    /// What it does.
    #[serde(rename = "type")]
    pub kind: NatKind,
    /// Interface that the packet came in by; for `dnat` and `redirect`.
    #[serde(default, rename = "in", skip_serializing_if = "OneOrMany::is_empty")]
    pub in_interface: OneOrMany<String>,
    /// Interface that the packet leaves by; for `masquerade` and `snat`.
    #[serde(default, rename = "out", skip_serializing_if = "OneOrMany::is_empty")]
    pub out_interface: OneOrMany<String>,
    /// Source addresses.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub source: OneOrMany<AddressSet>,
    /// Destination addresses.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub destination: OneOrMany<AddressSet>,
    /// Protocols.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub protocol: OneOrMany<Transport>,
    /// Destination ports; asks for TCP or UDP.
    #[serde(default, skip_serializing_if = "OneOrMany::is_empty")]
    pub destination_port: OneOrMany<PortSet>,
    /// The new address, port, or both. Not for `masquerade`, which takes the outgoing interface's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NatTo>,
    /// Counts the connections that it meets.
    #[serde(skip_serializing_if = "is_yes")]
    #[cfg_attr(feature = "schema", schemars(default = "yes"))]
    pub counter: bool,
}

impl NatRule {
    /// A rule of this kind without a condition.
    #[must_use]
    pub fn new(kind: NatKind) -> Self {
        Self {
            kind,
            in_interface: OneOrMany::default(),
            out_interface: OneOrMany::default(),
            source: OneOrMany::default(),
            destination: OneOrMany::default(),
            protocol: OneOrMany::default(),
            destination_port: OneOrMany::default(),
            to: None,
            counter: true,
        }
    }
}

/// What is translated, and into what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NatKind {
    /// The source becomes the outgoing interface's address.
    Masquerade,
    /// The source becomes `to`.
    Snat,
    /// The destination becomes `to`.
    Dnat,
    /// The destination becomes this device.
    Redirect,
}

impl NatKind {
    /// True if it changes the source, on the way out; false if the destination, on the way in.
    #[must_use]
    pub const fn is_source(self) -> bool {
        matches!(self, Self::Masquerade | Self::Snat)
    }
}
