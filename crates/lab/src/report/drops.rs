//! Reasons for which packets die, as words.

use roundtrip_sim::Trace;
use roundtrip_sim::netfilter::ruleset::CtState;
use roundtrip_sim::trace::{DropReason, DropRecord, TcpDrop};

/// The stable name of a reason.
#[must_use]
pub const fn drop_name(reason: &DropReason) -> &'static str {
    match reason {
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
}

/// More about a drop: the rule with its chain, and how connection tracking had classed the packet. Empty if there is no more.
#[must_use]
pub fn drop_detail(trace: &Trace, drop: &DropRecord) -> String {
    let DropReason::Rule { rule, state, .. } = drop.reason else { return String::new() };
    let info = trace.rules.get(drop.node.0 as usize).and_then(|rules| rules.get(rule.0 as usize));
    let text = info.map_or_else(String::new, |info| format!("{} {}: {}", info.table, info.chain, info.text));
    match state {
        Some(state) => format!("{text} (ct state {})", state_name(state)),
        None => text,
    }
}

const fn state_name(state: CtState) -> &'static str {
    match state {
        CtState::Invalid => "invalid",
        CtState::New => "new",
        CtState::Established => "established",
        CtState::Related => "related",
        CtState::Untracked => "untracked",
    }
}
