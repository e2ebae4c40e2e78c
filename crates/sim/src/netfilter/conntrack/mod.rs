//! Connection tracking: to which connection a packet belongs, and whether it fits (Linux 6.18, `nf_conntrack_core`).
//!
//! A packet that begins a connection carries its entry with it; the entry comes into the table when the packet leaves
//! the last hook, so a packet that is dropped leaves nothing behind. What does not fit is invalid: it makes no entry
//! and does not prolong one.

mod entry;
mod icmp;
mod print;
mod table;
mod tcp;
mod tcp_table;
mod tcp_window;
mod tuple;
mod udp;

#[cfg(test)]
mod tests;

pub use entry::CtEntryView;
pub use print::{CtEvent, CtEventKind};
pub use tcp_table::TcpCtState;
pub use tuple::{CtDirection, CtTuple};

pub(super) use entry::{Entry, Noted, Status};
pub(super) use table::{Slot, Table};
pub(super) use tcp_window::after;

use super::ruleset::CtState;
use super::{CtId, CtInvalid};
use crate::sysctl::{Sysctl, Sysctls};
use crate::time::SimTime;
use crate::trace::DropReason;
use entry::Tracked;
use icmp::Message;
use roundtrip_wire::{IpBody, Ipv4};

/// What the trackers go by.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) now: SimTime,
    pub(super) settings: &'a Sysctls,
}

impl Context<'_> {
    /// A setting that is a number of seconds.
    fn seconds(&self, key: Sysctl) -> SimTime {
        SimTime::from_secs(u64::try_from(self.settings.get(key)).unwrap_or(0))
    }
}

/// How a packet stands to its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CtInfo {
    /// No answer has been seen before it.
    New,
    /// Both directions have been seen.
    Established(CtDirection),
    /// About the connection; the direction is that of the answer to the packet that it is about.
    Related(CtDirection),
}

impl CtInfo {
    /// In which direction of the connection the packet goes.
    pub(super) const fn direction(self) -> CtDirection {
        match self {
            Self::New => CtDirection::Original,
            Self::Established(direction) | Self::Related(direction) => direction,
        }
    }
}

/// The connection that a packet carries with it.
#[derive(Clone, Debug, Default)]
pub(super) enum CtLink {
    /// None: not tracked yet, or invalid.
    #[default]
    None,
    /// `notrack`.
    Untracked,
    /// One in the table.
    InTable(Slot, CtId, CtInfo),
    /// One that is not, or no longer, in the table.
    Own(Box<Entry>, CtInfo),
}

impl CtLink {
    /// How the packet stands to its connection.
    pub(super) const fn info(&self) -> Option<CtInfo> {
        match self {
            Self::None | Self::Untracked => None,
            Self::InTable(_, _, info) | Self::Own(_, info) => Some(*info),
        }
    }

    /// What `ct state` says.
    pub(super) const fn state(&self) -> CtState {
        match self {
            Self::None => CtState::Invalid,
            Self::Untracked => CtState::Untracked,
            Self::InTable(_, _, info) | Self::Own(_, info) => match info {
                CtInfo::New => CtState::New,
                CtInfo::Established(_) => CtState::Established,
                CtInfo::Related(_) => CtState::Related,
            },
        }
    }

    /// The link of a packet that this node sends about the packet with this link.
    pub(super) fn about(&self) -> Self {
        let related = |info: CtInfo| CtInfo::Related(info.direction().opposite());
        match self {
            Self::None | Self::Untracked => Self::None,
            Self::InTable(slot, id, info) => Self::InTable(*slot, *id, related(*info)),
            Self::Own(entry, info) => Self::Own(entry.clone(), related(*info)),
        }
    }
}

/// The connections that one node tracks.
#[derive(Clone, Debug, Default)]
pub(super) struct Conntrack {
    pub(super) table: Table,
    next_id: u32,
    events: Vec<CtEvent>,
}

impl Conntrack {
    /// The entry that a packet carries.
    pub(super) fn entry<'a>(&'a self, link: &'a CtLink) -> Option<&'a Entry> {
        match link {
            CtLink::None | CtLink::Untracked => None,
            CtLink::InTable(slot, id, _) => self.table.carried(*slot, *id),
            CtLink::Own(entry, _) => Some(entry),
        }
    }

    /// The entry that a packet carries, to be changed; an entry that has gone is not.
    pub(super) fn entry_mut<'a>(&'a mut self, link: &'a mut CtLink) -> Option<&'a mut Entry> {
        match link {
            CtLink::None | CtLink::Untracked => None,
            CtLink::InTable(slot, id, _) => self.table.get_mut(*slot).filter(|entry| entry.id == *id),
            CtLink::Own(entry, _) => Some(entry),
        }
    }

    /// Takes out what has expired.
    pub(super) fn expire(&mut self, now: SimTime) {
        while let Some(entry) = self.table.pop_expired(now) {
            self.events.push(CtEvent::destroy(&entry, entry.expires, false));
        }
    }

    /// Takes an entry out and says so.
    pub(super) fn kill(&mut self, slot: Slot, now: SimTime) -> Option<Entry> {
        let entry = self.table.remove(slot)?;
        self.events.push(CtEvent::destroy(&entry, now, false));
        Some(entry)
    }

    /// `conntrack -F`.
    pub(super) fn flush(&mut self, now: SimTime) {
        let slots: Vec<_> = self.table.in_order().into_iter().map(|(slot, _)| slot).collect();
        for entry in slots.into_iter().filter_map(|slot| self.table.remove(slot)) {
            self.events.push(CtEvent::destroy(&entry, now, true));
        }
    }

    /// Takes out what `doomed` says.
    pub(super) fn kill_where(&mut self, now: SimTime, doomed: impl Fn(&Entry) -> bool) {
        let slots: Vec<_> = self.table.in_order().into_iter().filter(|(_, entry)| doomed(entry)).map(|(slot, _)| slot).collect();
        for slot in slots {
            self.kill(slot, now);
        }
    }

    /// Tracking begins again after a time in which nothing was seen.
    pub(super) fn after_a_gap(&mut self) {
        self.table.for_each(tcp::after_a_gap);
    }

    /// A connection is refused with a RST in its name.
    pub(super) fn refused(&mut self, link: &CtLink, context: &Context<'_>) {
        if let CtLink::InTable(slot, id, _) = link
            && let Some(entry) = self.table.get_mut(*slot).filter(|entry| entry.id == *id)
        {
            tcp::refused(entry, context);
            self.table.requeue(*slot);
        }
    }

    /// Events since the last time.
    pub(super) fn take_events(&mut self) -> Vec<CtEvent> {
        std::mem::take(&mut self.events)
    }

    /// Finds out to which connection a packet belongs and links it there. Returns why it is invalid, if it is.
    pub(super) fn track(&mut self, packet: &Ipv4, link: &mut CtLink, context: &Context<'_>) -> Result<Option<CtInvalid>, DropReason> {
        if let IpBody::Icmp(message) = &packet.body {
            match icmp::sort(packet, message, &self.table) {
                Message::Exchange => {}
                Message::Error(slot, direction) => {
                    if let Some(entry) = self.table.get(slot) {
                        *link = CtLink::InTable(slot, entry.id, CtInfo::Related(direction));
                    }
                    return Ok(None);
                }
                Message::Invalid(reason) => return Ok(Some(reason)),
            }
        }
        if let IpBody::Fragment(_) = &packet.body {
            return Ok(Some(CtInvalid::Malformed));
        }
        let Some(tuple) = CtTuple::of(packet) else { return Ok(Some(CtInvalid::Malformed)) };
        if let Some((slot, direction)) = self.table.find(&tuple) {
            match self.belongs(packet, slot, direction, link, context) {
                Tracked::Invalid(reason) => return Ok(Some(reason)),
                Tracked::Reopened => {
                    self.kill(slot, context.now);
                }
                Tracked::Accept | Tracked::Refused => return Ok(None),
            }
        }
        self.begins(packet, &tuple, link, context)
    }

    /// A packet with an entry's tuple.
    fn belongs(&mut self, packet: &Ipv4, slot: Slot, direction: CtDirection, link: &mut CtLink, context: &Context<'_>) -> Tracked {
        let Some(entry) = self.table.get_mut(slot) else { return Tracked::Reopened };
        let info = match direction {
            CtDirection::Reply => CtInfo::Established(direction),
            CtDirection::Original if entry.status.has(Status::SEEN_REPLY) => CtInfo::Established(direction),
            CtDirection::Original => CtInfo::New,
        };
        let verdict = follow(entry, direction, packet, context);
        match verdict {
            Tracked::Invalid(_) => self.table.requeue(slot),
            Tracked::Reopened => {}
            Tracked::Accept => {
                if direction == CtDirection::Reply && !entry.status.has(Status::SEEN_REPLY) {
                    entry.status.set(Status::SEEN_REPLY);
                    entry.note(Noted::REPLY);
                }
                *link = CtLink::InTable(slot, entry.id, info);
                self.table.requeue(slot);
            }
            Tracked::Refused => {
                if let Some(entry) = self.kill(slot, context.now) {
                    *link = CtLink::Own(Box::new(entry), info);
                }
            }
        }
        verdict
    }

    /// A packet without an entry.
    fn begins(
        &mut self,
        packet: &Ipv4,
        tuple: &CtTuple,
        link: &mut CtLink,
        context: &Context<'_>,
    ) -> Result<Option<CtInvalid>, DropReason> {
        let Some(reply) = tuple.inverse() else { return Ok(Some(CtInvalid::Malformed)) };
        // Linux first looks for an entry that is not assured in eight of its many thousand buckets. A table that is small
        // enough to be full here has hardly ever one there, so nothing is pushed out.
        let most = usize::try_from(context.settings.get(Sysctl::NfConntrackMax)).unwrap_or(0);
        if most != 0 && self.table.len() >= most {
            return Err(DropReason::ConntrackFull);
        }
        let id = CtId(self.next_id);
        let mut entry = Box::new(Entry::new(id, *tuple, reply, context.now));
        match follow(&mut entry, CtDirection::Original, packet, context) {
            Tracked::Invalid(reason) => Ok(Some(reason)),
            Tracked::Accept | Tracked::Reopened | Tracked::Refused => {
                self.next_id = self.next_id.wrapping_add(1);
                entry.note(Noted::NEW);
                *link = CtLink::Own(entry, CtInfo::New);
                Ok(None)
            }
        }
    }

    /// The last hook: a new connection comes into the table, and changes are made known.
    pub(super) fn confirm(&mut self, link: &mut CtLink, now: SimTime) -> Result<(), DropReason> {
        match std::mem::take(link) {
            CtLink::Own(mut entry, info) if !entry.status.has(Status::CONFIRMED) => {
                // A RST or ICMP error in the name of a connection that was refused at birth does not bring it to life.
                if info.direction() == CtDirection::Reply {
                    *link = CtLink::Own(entry, info);
                    return Ok(());
                }
                let id = entry.id;
                entry.status.set(Status::CONFIRMED);
                let slot = self.table.insert(entry).map_err(|_| DropReason::NatExhausted)?;
                *link = CtLink::InTable(slot, id, info);
            }
            other => *link = other,
        }
        if let CtLink::InTable(slot, id, _) = link
            && let Some(entry) = self.table.get_mut(*slot).filter(|entry| entry.id == *id && !entry.noted.is_empty())
        {
            self.events.push(CtEvent::change(entry, now));
            entry.noted = Noted::default();
        }
        Ok(())
    }
}

/// Shows a packet to its protocol's tracker.
fn follow(entry: &mut Entry, direction: CtDirection, packet: &Ipv4, context: &Context<'_>) -> Tracked {
    match &packet.body {
        IpBody::Tcp(segment) => tcp::packet(entry, direction, segment, context),
        IpBody::Udp(_) => udp::packet(entry, context),
        IpBody::Icmp(_) => icmp::packet(entry, context),
        IpBody::Fragment(_) | IpBody::Other(_) => udp::plain(entry, context),
    }
}
