//! The table of tracked connections: found by either tuple, in constant time, and gone when their time is over.

use super::entry::{Entry, Status};
use super::tuple::{CtDirection, CtTuple};
use crate::netfilter::CtId;
use crate::time::SimTime;
use hashbrown::HashTable;
use roundtrip_wire::IpProtocol;
use roundtrip_wire::order;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::net::Ipv4Addr;

/// A place in the table; with the entry's id it stays a safe reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::netfilter) struct Slot(u32);

impl Slot {
    const fn key(self, direction: CtDirection) -> u32 {
        self.0 << 1 | direction as u32
    }

    const fn of_key(key: u32) -> (Self, CtDirection) {
        (Self(key >> 1), if key & 1 == 0 { CtDirection::Original } else { CtDirection::Reply })
    }
}

/// Source, source port or ICMP identifier, and protocol of an entry's first packet.
type Source = (Ipv4Addr, u16, IpProtocol);

const fn source(tuple: &CtTuple) -> Source {
    (tuple.src, tuple.src_port, tuple.protocol)
}

/// How many entries that are gone are kept for packets that still carry them. Such packets wait for a neighbour's address,
/// so there are few.
const MOST_REMEMBERED: usize = 256;

#[derive(Clone, Debug)]
struct Place {
    entry: Option<Entry>,
    /// The earliest moment at which the queue will ask about this entry.
    queued: SimTime,
}

/// All confirmed entries of one node.
#[derive(Clone, Debug, Default)]
pub(in crate::netfilter) struct Table {
    places: Vec<Place>,
    free: Vec<u32>,
    /// Places by both tuples of their entries. Never iterated.
    index: HashTable<u32>,
    /// Entries whose source is settled, by that source, oldest first.
    by_source: BTreeMap<Source, Vec<Slot>>,
    /// When to ask whether an entry has expired. An entry that was refreshed meanwhile is queued again.
    queue: BinaryHeap<Reverse<(SimTime, CtId, Slot)>>,
    /// Entries that went last, the youngest at the end.
    gone: VecDeque<Entry>,
}

fn tuple_at(places: &[Place], key: u32) -> Option<&CtTuple> {
    let (slot, direction) = Slot::of_key(key);
    places.get(slot.0 as usize).and_then(|place| place.entry.as_ref()).map(|entry| entry.tuple(direction))
}

impl Table {
    /// Number of entries.
    pub(in crate::netfilter) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// The entry to which a packet with this tuple belongs, and in which direction.
    pub(in crate::netfilter) fn find(&self, tuple: &CtTuple) -> Option<(Slot, CtDirection)> {
        let places = &self.places;
        self.index.find(tuple.hash(), |key| tuple_at(places, *key) == Some(tuple)).map(|key| Slot::of_key(*key))
    }

    /// The entry at a place.
    pub(in crate::netfilter) fn get(&self, slot: Slot) -> Option<&Entry> {
        self.places.get(slot.0 as usize).and_then(|place| place.entry.as_ref())
    }

    /// The entry at a place.
    pub(in crate::netfilter) fn get_mut(&mut self, slot: Slot) -> Option<&mut Entry> {
        self.places.get_mut(slot.0 as usize).and_then(|place| place.entry.as_mut())
    }

    /// Sees to it that an entry whose time may have become shorter is asked about early enough.
    pub(in crate::netfilter) fn requeue(&mut self, slot: Slot) {
        if let Some(Place { entry: Some(entry), queued }) = self.places.get_mut(slot.0 as usize)
            && entry.expires < *queued
        {
            *queued = entry.expires;
            self.queue.push(Reverse((entry.expires, entry.id, slot)));
        }
    }

    /// Takes a new entry in; gives it back if one of its tuples is taken.
    pub(in crate::netfilter) fn insert(&mut self, entry: Box<Entry>) -> Result<Slot, Box<Entry>> {
        if self.find(&entry.original).is_some() || self.find(&entry.reply).is_some() {
            return Err(entry);
        }
        let number = match self.free.pop() {
            Some(number) => number,
            None => match u32::try_from(self.places.len()).ok().filter(|number| *number < u32::MAX >> 1) {
                Some(number) => {
                    self.places.push(Place { entry: None, queued: SimTime::MAX });
                    number
                }
                None => return Err(entry),
            },
        };
        let slot = Slot(number);
        let (original, reply, id, expires) = (entry.original, entry.reply, entry.id, entry.expires);
        if entry.status.has(Status::SRC_NAT_DONE) {
            self.by_source.entry(source(&original)).or_default().push(slot);
        }
        if let Some(place) = self.places.get_mut(number as usize) {
            *place = Place { entry: Some(*entry), queued: expires };
        }
        let Self { index, places, .. } = self;
        for (direction, tuple) in [(CtDirection::Original, original), (CtDirection::Reply, reply)] {
            index.insert_unique(tuple.hash(), slot.key(direction), |key| tuple_at(places, *key).map_or(0, CtTuple::hash));
        }
        self.queue.push(Reverse((expires, id, slot)));
        Ok(slot)
    }

    /// Takes an entry out.
    pub(in crate::netfilter) fn remove(&mut self, slot: Slot) -> Option<Entry> {
        let entry = self.get(slot)?;
        let (original, reply) = (entry.original, entry.reply);
        for (direction, tuple) in [(CtDirection::Original, original), (CtDirection::Reply, reply)] {
            if let Ok(found) = self.index.find_entry(tuple.hash(), |key| *key == slot.key(direction)) {
                found.remove();
            }
        }
        if let Some(slots) = self.by_source.get_mut(&source(&original)) {
            slots.retain(|other| *other != slot);
            if slots.is_empty() {
                self.by_source.remove(&source(&original));
            }
        }
        self.free.push(slot.0);
        let entry = self.places.get_mut(slot.0 as usize).and_then(|place| place.entry.take())?;
        if self.gone.len() >= MOST_REMEMBERED {
            self.gone.pop_front();
        }
        self.gone.push_back(entry.clone());
        Some(entry)
    }

    /// An entry that a packet carries, also if it has gone meanwhile: a packet holds on to its connection.
    pub(in crate::netfilter) fn carried(&self, slot: Slot, id: CtId) -> Option<&Entry> {
        let here = self.get(slot).filter(|entry| entry.id == id);
        here.or_else(|| self.gone.iter().rev().find(|entry| entry.id == id))
    }

    /// Takes out the next entry whose time is over.
    pub(in crate::netfilter) fn pop_expired(&mut self, now: SimTime) -> Option<Entry> {
        while let Some(Reverse((at, id, slot))) = self.queue.peek().copied() {
            if at > now {
                return None;
            }
            self.queue.pop();
            let Some(Place { entry: Some(entry), queued }) = self.places.get_mut(slot.0 as usize) else { continue };
            if entry.id != id || *queued != at {
                continue;
            }
            if entry.expires <= now {
                return self.remove(slot);
            }
            *queued = entry.expires;
            self.queue.push(Reverse((entry.expires, id, slot)));
        }
        None
    }

    /// Entries whose first packet came from this source and whose source is settled, the youngest first.
    pub(in crate::netfilter) fn sharing_source<'a>(&'a self, tuple: &CtTuple) -> impl Iterator<Item = &'a Entry> {
        self.by_source.get(&source(tuple)).into_iter().flatten().rev().filter_map(|slot| self.get(*slot))
    }

    /// All entries in the order of their ids.
    pub(in crate::netfilter) fn in_order(&self) -> Vec<(Slot, &Entry)> {
        let mut all: Vec<_> =
            self.places.iter().zip(0..).filter_map(|(place, number)| place.entry.as_ref().map(|entry| (Slot(number), entry))).collect();
        order::sort_by_key(&mut all, |(_, entry)| entry.id);
        all
    }

    /// Changes every entry.
    pub(in crate::netfilter) fn for_each(&mut self, change: impl FnMut(&mut Entry)) {
        self.places.iter_mut().filter_map(|place| place.entry.as_mut()).for_each(change);
    }
}
