//! One tracked connection.

use super::tcp_table::TcpCtState;
use super::tcp_window::TcpTrack;
use super::tuple::{CtDirection, CtTuple};
use crate::netfilter::{CtId, CtInvalid};
use crate::scenario::IfIndex;
use crate::time::SimTime;

/// Status bits of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(in crate::netfilter) struct Status(u8);

impl Status {
    /// The other direction has been seen.
    pub(in crate::netfilter) const SEEN_REPLY: Self = Self(0x01);
    /// Traffic both ways, as it should be.
    pub(in crate::netfilter) const ASSURED: Self = Self(0x02);
    /// In the table.
    pub(in crate::netfilter) const CONFIRMED: Self = Self(0x04);
    /// The source is translated.
    pub(in crate::netfilter) const SRC_NAT: Self = Self(0x08);
    /// The destination is translated.
    pub(in crate::netfilter) const DST_NAT: Self = Self(0x10);
    /// It is settled what becomes of the source.
    pub(in crate::netfilter) const SRC_NAT_DONE: Self = Self(0x20);
    /// It is settled what becomes of the destination.
    pub(in crate::netfilter) const DST_NAT_DONE: Self = Self(0x40);

    /// All bits of `other` are set.
    pub(in crate::netfilter) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Sets the bits of `other`.
    pub(in crate::netfilter) const fn set(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// What has changed since the last event about an entry was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(in crate::netfilter) struct Noted(u8);

impl Noted {
    /// TCP state.
    pub(in crate::netfilter) const STATE: Self = Self(0x01);
    /// Assured.
    pub(in crate::netfilter) const ASSURED: Self = Self(0x02);
    /// The first answer.
    pub(in crate::netfilter) const REPLY: Self = Self(0x04);
    /// `ct mark`.
    pub(in crate::netfilter) const MARK: Self = Self(0x08);
    /// It is new.
    pub(in crate::netfilter) const NEW: Self = Self(0x10);

    /// Some bit of `other` is set.
    pub(in crate::netfilter) const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Nothing has changed.
    pub(in crate::netfilter) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a protocol's tracker remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// TCP.
    Tcp(TcpTrack),
    /// UDP: from when on a flow that is answered counts as a stream.
    Udp {
        /// Two seconds after the first datagram.
        stream_from: SimTime,
    },
    /// Any other.
    Plain,
}

/// A tracked connection.
#[derive(Clone, Debug)]
pub(in crate::netfilter) struct Entry {
    pub(in crate::netfilter) id: CtId,
    /// As the first packet came in.
    pub(in crate::netfilter) original: CtTuple,
    /// As answers come in: the inverse of what the first packet left as.
    pub(in crate::netfilter) reply: CtTuple,
    pub(in crate::netfilter) status: Status,
    pub(in crate::netfilter) mark: u32,
    pub(in crate::netfilter) since: SimTime,
    pub(in crate::netfilter) expires: SimTime,
    pub(super) protocol: Protocol,
    pub(in crate::netfilter) noted: Noted,
    /// The interface whose address the source was changed to, if it was masqueraded.
    pub(in crate::netfilter) masquerade: Option<IfIndex>,
}

impl Entry {
    pub(in crate::netfilter) const fn new(id: CtId, original: CtTuple, reply: CtTuple, now: SimTime) -> Self {
        Self {
            id,
            original,
            reply,
            status: Status(0),
            mark: 0,
            since: now,
            expires: now,
            protocol: Protocol::Plain,
            noted: Noted(0),
            masquerade: None,
        }
    }

    /// The tuple of packets in this direction as they come in.
    pub(in crate::netfilter) const fn tuple(&self, direction: CtDirection) -> &CtTuple {
        match direction {
            CtDirection::Original => &self.original,
            CtDirection::Reply => &self.reply,
        }
    }

    /// The tuple of packets in this direction as they go out.
    pub(in crate::netfilter) fn translated(&self, direction: CtDirection) -> CtTuple {
        let other = self.tuple(direction.opposite());
        // Both tuples of an entry have an inverse, else it would not exist.
        other.inverse().unwrap_or(*other)
    }

    pub(in crate::netfilter) const fn note(&mut self, what: Noted) {
        self.noted.0 |= what.0;
    }

    /// The TCP state, if it is TCP.
    pub(in crate::netfilter) const fn tcp_state(&self) -> Option<TcpCtState> {
        if let Protocol::Tcp(track) = &self.protocol { Some(track.state) } else { None }
    }

    /// How far a TCP connection's first side has sent.
    pub(in crate::netfilter) const fn tcp_sent(&self) -> Option<u32> {
        if let Protocol::Tcp(track) = &self.protocol { Some(track.original.end) } else { None }
    }
}

/// What a protocol's tracker says about a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::netfilter) enum Tracked {
    /// It belongs to the entry.
    Accept,
    /// It does not.
    Invalid(CtInvalid),
    /// It begins a new connection with an old one's ports: the entry goes, and the packet is looked up again.
    Reopened,
    /// It refuses the connection: the entry goes, the packet passes.
    Refused,
}

/// A tracked connection as others see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CtEntryView {
    /// Which.
    pub id: CtId,
    /// Packets of the side that began it, as they come in.
    pub original: CtTuple,
    /// Packets of the other side, as they come in.
    pub reply: CtTuple,
    /// TCP: the state.
    pub tcp_state: Option<TcpCtState>,
    /// The other direction has been seen.
    pub seen_reply: bool,
    /// Traffic both ways, as it should be: not the first to go when the table is full.
    pub assured: bool,
    /// In the table; before that it lives and dies with its first packet.
    pub confirmed: bool,
    /// The source is translated.
    pub source_translated: bool,
    /// The destination is translated.
    pub destination_translated: bool,
    /// `ct mark`.
    pub mark: u32,
    /// When its first packet came.
    pub since: SimTime,
    /// When it expires.
    pub expires: SimTime,
}

impl From<&Entry> for CtEntryView {
    fn from(entry: &Entry) -> Self {
        Self {
            id: entry.id,
            original: entry.original,
            reply: entry.reply,
            tcp_state: entry.tcp_state(),
            seen_reply: entry.status.has(Status::SEEN_REPLY),
            assured: entry.status.has(Status::ASSURED),
            confirmed: entry.status.has(Status::CONFIRMED),
            source_translated: entry.status.has(Status::SRC_NAT),
            destination_translated: entry.status.has(Status::DST_NAT),
            mark: entry.mark,
            since: entry.since,
            expires: entry.expires,
        }
    }
}
