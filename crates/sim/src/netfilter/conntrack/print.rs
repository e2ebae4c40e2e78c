//! Entries and events in the words of `conntrack -L` and `conntrack -E`.

use super::entry::{CtEntryView, Entry, Noted};
use super::tuple::CtTuple;
use crate::netfilter::CtId;
use crate::time::SimTime;
use roundtrip_wire::IpProtocol;
use std::fmt;

/// What happened to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CtEventKind {
    /// It came into the table.
    New,
    /// Its state or status changed.
    Update,
    /// It went.
    Destroy,
}

impl CtEventKind {
    /// The word that `conntrack -E` prints.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Update => "UPDATE",
            Self::Destroy => "DESTROY",
        }
    }
}

/// A change of the table. It prints as `conntrack -E` does, without padding and number of the protocol:
/// `NEW tcp 120 SYN_SENT src=… dst=… sport=… dport=… [UNREPLIED] src=… …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CtEvent {
    /// What happened.
    pub kind: CtEventKind,
    /// When.
    pub at: SimTime,
    /// Whole seconds until the entry expires, as the kernel counts them; none for one that is gone.
    pub seconds_left: Option<u32>,
    /// By `conntrack -F` and not by time or traffic.
    pub by_user: bool,
    /// The TCP state is part of the message: not if only the status has changed.
    pub with_state: bool,
    /// The entry right after the change.
    pub entry: CtEntryView,
}

impl CtEvent {
    pub(super) fn destroy(entry: &Entry, at: SimTime, by_user: bool) -> Self {
        Self { kind: CtEventKind::Destroy, at, seconds_left: None, by_user, with_state: true, entry: entry.into() }
    }

    pub(super) fn change(entry: &Entry, at: SimTime) -> Self {
        let left = entry.expires.since(at).as_millis() / 1_000;
        Self {
            kind: if entry.noted.any(Noted::NEW) { CtEventKind::New } else { CtEventKind::Update },
            at,
            seconds_left: Some(u32::try_from(left).unwrap_or(u32::MAX)),
            by_user: false,
            with_state: entry.noted.any(Noted::STATE),
            entry: entry.into(),
        }
    }

    /// The entry that it is about.
    #[must_use]
    pub const fn id(&self) -> CtId {
        self.entry.id
    }
}

const fn protocol_name(protocol: IpProtocol) -> &'static str {
    match protocol.0 {
        1 => "icmp",
        6 => "tcp",
        17 => "udp",
        47 => "gre",
        132 => "sctp",
        136 => "udplite",
        _ => "unknown",
    }
}

impl fmt::Display for CtTuple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src={} dst={}", self.src, self.dst)?;
        match (self.icmp_type(), self.icmp_code()) {
            (Some(kind), Some(code)) => write!(f, " type={kind} code={code} id={}", self.src_port),
            _ if matches!(self.protocol, IpProtocol::TCP | IpProtocol::UDP) => {
                write!(f, " sport={} dport={}", self.src_port, self.dst_port)
            }
            _ => Ok(()),
        }
    }
}

/// Everything behind time and TCP state.
struct Flow<'a>(&'a CtEntryView);

impl fmt::Display for Flow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(entry) = self;
        let unreplied = if entry.seen_reply { "" } else { " [UNREPLIED]" };
        let assured = if entry.assured { " [ASSURED]" } else { "" };
        write!(f, " {}{unreplied} {}{assured}", entry.original, entry.reply)
    }
}

/// As `conntrack -L` prints it, without the remaining time, mark and use count.
impl fmt::Display for CtEntryView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(protocol_name(self.original.protocol))?;
        if let Some(state) = self.tcp_state {
            write!(f, " {}", state.name())?;
        }
        Flow(self).fmt(f)
    }
}

impl fmt::Display for CtEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.name(), protocol_name(self.entry.original.protocol))?;
        if let Some(seconds) = self.seconds_left {
            write!(f, " {seconds}")?;
        }
        if let Some(state) = self.entry.tcp_state.filter(|_| self.with_state) {
            write!(f, " {}", state.name())?;
        }
        Flow(&self.entry).fmt(f)?;
        if self.by_user { f.write_str(" [USERSPACE]") } else { Ok(()) }
    }
}
