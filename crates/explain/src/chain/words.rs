//! Reasons that are words of the trace's own, as messages.

use crate::message::{Message, Value};
use roundtrip_sim::trace::{DropReason, Errno, RedirectIgnored, TcpDrop};

macro_rules! drop_reasons {
    ($($pattern:pat => $id:literal,)*) => {
        const fn drop_id(reason: &DropReason) -> &'static str {
            match reason { $($pattern => concat!("drop-", $id),)* }
        }

        /// The names of all reasons in the catalogues. Those about rules have the argument `rule`.
        #[must_use]
        pub const fn drop_reason_ids() -> &'static [&'static str] {
            &[$(concat!("drop-", $id),)*]
        }
    };
}

drop_reasons! {
    DropReason::Rule { rejected: false, .. } => "rule",
    DropReason::Rule { rejected: true, .. } => "rule-rejected",
    DropReason::NatExhausted => "nat-exhausted",
    DropReason::NatNoAddress => "nat-no-address",
    DropReason::NatInterfaceChanged => "nat-interface-changed",
    DropReason::NatRedirect => "nat-redirect",
    DropReason::ConntrackFull => "conntrack-full",
    DropReason::NoRoute => "no-route",
    DropReason::RouteUnreachable => "route-unreachable",
    DropReason::RouteProhibit => "route-prohibit",
    DropReason::RouteBlackhole => "route-blackhole",
    DropReason::NotForwarding => "not-forwarding",
    DropReason::ReversePathFilter => "rp-filter",
    DropReason::MartianSource => "martian-source",
    DropReason::MartianDestination => "martian-destination",
    DropReason::TtlExceeded => "ttl-exceeded",
    DropReason::FragmentationNeeded => "fragmentation-needed",
    DropReason::NeighbourFailed => "neighbour-failed",
    DropReason::NeighbourQueueFull => "neighbour-queue-full",
    DropReason::LinkDown => "link-down",
    DropReason::CableCut => "cable-cut",
    DropReason::FrameTooLong => "frame-too-long",
    DropReason::NoSocket => "no-socket",
    DropReason::NoProtocol => "no-protocol",
    DropReason::ReassemblyTimeout => "reassembly-timeout",
    DropReason::NotAnswerable => "not-answerable",
    DropReason::Tcp(TcpDrop::OutOfWindow) => "tcp-out-of-window",
    DropReason::Tcp(TcpDrop::OldTimestamp) => "tcp-old-timestamp",
    DropReason::Tcp(TcpDrop::BadAck) => "tcp-bad-ack",
    DropReason::Tcp(TcpDrop::RstNotExact) => "tcp-rst-not-exact",
    DropReason::Tcp(TcpDrop::UnexpectedSyn) => "tcp-unexpected-syn",
    DropReason::Tcp(TcpDrop::NoAck) => "tcp-no-ack",
    DropReason::Tcp(TcpDrop::AcceptQueueFull) => "tcp-accept-queue-full",
    DropReason::Tcp(TcpDrop::BadRequest) => "tcp-bad-request",
    DropReason::Tcp(TcpDrop::Closed) => "tcp-closed",
}

/// Why a packet died, as words that fit after a dash. `rule` is the text of the rule that decided, if one did.
#[must_use]
pub fn drop_reason(reason: &DropReason, rule: Option<&str>) -> Message {
    let message = Message::new(drop_id(reason));
    match reason {
        DropReason::Rule { .. } => message.with("rule", rule.unwrap_or_default()),
        _ => message,
    }
}

/// The words for a refusal of which the trace does not tell the error.
pub(crate) const REFUSED: &str = "reason-refused";

/// With what a system refuses to send.
pub(crate) fn refusal(errno: Option<Errno>) -> Value {
    errno.map_or_else(|| Message::new(REFUSED).into(), |errno| errno.name().into())
}

/// The names of the reasons for which redirects are not followed.
pub(crate) const REDIRECT_IDS: &[&str] = &[
    "redirect-not-accepted",
    "redirect-forwarding",
    "redirect-not-from-gateway",
    "redirect-gateway-not-on-link",
    "redirect-gateway-not-listed",
    "redirect-gateway-impossible",
    "redirect-no-route",
];

/// Why a redirect is not followed.
pub(crate) const fn redirect_ignored(because: RedirectIgnored) -> Message {
    Message::new(match because {
        RedirectIgnored::NotAccepted => "redirect-not-accepted",
        RedirectIgnored::Forwarding => "redirect-forwarding",
        RedirectIgnored::NotFromGateway => "redirect-not-from-gateway",
        RedirectIgnored::GatewayNotOnLink => "redirect-gateway-not-on-link",
        RedirectIgnored::GatewayNotListed => "redirect-gateway-not-listed",
        RedirectIgnored::GatewayImpossible => "redirect-gateway-impossible",
        RedirectIgnored::NoRoute => "redirect-no-route",
    })
}
