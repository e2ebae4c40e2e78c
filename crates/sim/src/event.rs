//! The agenda: what happens next, and after that.

use crate::netfilter::Skb;
use crate::scenario::{ActionId, IfIndex, NodeId, Port};
use crate::time::SimTime;
use crate::trace::{FrameId, PacketId};
use crate::transport::tcp::{SocketId, TcpTimer};
use roundtrip_wire::{Arp, Frame, Ipv4};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::net::Ipv4Addr;

/// Something that is due.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A frame reaches an interface.
    Deliver { frame: FrameId, packet: PacketId, to: Port, content: Frame },
    /// A packet that a node sent to itself, with what travels beside it. `in_call`: an application's call made it and has not
    /// returned yet.
    Loopback { node: NodeId, packet: PacketId, content: Box<(Ipv4, Skb)>, in_call: bool },
    /// A neighbour entry's timer.
    Neighbour { node: NodeId, dev: IfIndex, address: Ipv4Addr, generation: u32 },
    /// A delayed answer of proxy ARP.
    ProxyArp { port: Port, request: Arp, packet: PacketId },
    /// A packet's pieces have not all come.
    Reassembly { node: NodeId, generation: u32 },
    /// A TCP timer.
    Tcp { node: NodeId, socket: SocketId, timer: TcpTimer, generation: u32 },
    /// An action starts.
    Action(ActionId),
    /// An application's own timer.
    App { app: u32, generation: u32 },
}

/// When an event is due (nanoseconds, the upper half), and its place among those of the same moment: one number, compared at once.
type Key = u128;

/// What is after everything.
const NEVER: Key = Key::MAX;

const fn key(at: SimTime, place: u64) -> Key {
    ((at.as_nanos() as Key) << 64) | place as Key
}

const fn time(key: Key) -> SimTime {
    SimTime::from_nanos((key >> 64) as u64)
}

#[derive(Clone, Debug)]
struct Entry {
    key: Key,
    event: Event,
}

/// An event far off, in the heap by its key alone: the event itself lies still in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Far {
    key: Key,
    slot: u32,
}

/// Queues for what is due soon.
const LANES: usize = 4;
/// What is due within this time is "soon": frames on their way. Timers are mostly later.
const SOON: SimTime = SimTime::from_millis(30);

/// Events ordered by time, and by the order in which they were asked for.
///
/// Frames on their way are mostly asked for in the order in which they arrive, so they stand in a few queues that only grow at
/// the end; what does not fit there, and timers, are in a heap. Which of them an event is in decides nothing.
#[derive(Clone, Debug)]
pub(crate) struct Agenda {
    lanes: [VecDeque<Entry>; LANES],
    /// The key of each queue's first entry.
    fronts: [Key; LANES],
    /// The time of what was put last into each queue.
    backs: [SimTime; LANES],
    heap: BinaryHeap<Reverse<Far>>,
    store: Vec<Option<Event>>,
    free: Vec<u32>,
    next: u64,
    now: SimTime,
}

impl Default for Agenda {
    fn default() -> Self {
        Self {
            lanes: Default::default(),
            fronts: [NEVER; LANES],
            backs: [SimTime::ZERO; LANES],
            heap: BinaryHeap::new(),
            store: Vec::new(),
            free: Vec::new(),
            next: 0,
            now: SimTime::ZERO,
        }
    }
}

impl Agenda {
    /// Asks for an event.
    pub(crate) fn at(&mut self, at: SimTime, event: Event) {
        let key = key(at, self.next);
        self.next = self.next.wrapping_add(1);
        if at.since(self.now) <= SOON {
            let ends = self.lanes.iter_mut().zip(&mut self.fronts).zip(&mut self.backs);
            for ((lane, front), back) in ends {
                if *back <= at {
                    if lane.is_empty() {
                        *front = key;
                    }
                    *back = at;
                    lane.push_back(Entry { key, event });
                    return;
                }
            }
        }
        self.far(key, event);
    }

    #[inline(never)]
    fn far(&mut self, key: Key, event: Event) {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.store.push(None);
                u32::try_from(self.store.len() - 1).unwrap_or(u32::MAX)
            }
        };
        if let Some(place) = self.store.get_mut(slot as usize) {
            *place = Some(event);
            self.heap.push(Reverse(Far { key, slot }));
        }
    }

    /// Takes the next event if it is due before `end` and not after `until`; otherwise says when it is due.
    pub(crate) fn take_before(&mut self, end: SimTime, until: SimTime) -> Result<(SimTime, Event), Option<SimTime>> {
        let mut first = self.heap.peek().map_or(NEVER, |Reverse(far)| far.key);
        let mut place = LANES;
        for (index, front) in self.fronts.iter().enumerate() {
            if *front < first {
                (first, place) = (*front, index);
            }
        }
        if first == NEVER {
            return Err(None);
        }
        let at = time(first);
        if at >= end || at > until {
            return Err(Some(at));
        }
        self.now = at;
        let event = match (self.lanes.get_mut(place), self.fronts.get_mut(place)) {
            (Some(lane), Some(front)) => {
                let entry = lane.pop_front();
                *front = lane.front().map_or(NEVER, |entry| entry.key);
                entry.map(|entry| entry.event)
            }
            _ => self.take_far(),
        };
        event.map(|event| (at, event)).ok_or(None)
    }

    #[inline(never)]
    fn take_far(&mut self) -> Option<Event> {
        let Reverse(far) = self.heap.pop()?;
        self.free.push(far.slot);
        self.store.get_mut(far.slot as usize)?.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_first_and_in_the_order_asked_for() {
        let mut agenda = Agenda::default();
        // Soon and far, in order and out of order, more runs than there are lanes.
        let times = [20, 10, 20, 10, 5, 4, 3, 2, 1, 90, 80, 10, 80, 1];
        for (at, id) in times.iter().zip(0..) {
            agenda.at(SimTime::from_millis(*at), Event::Action(ActionId(id)));
        }
        let mut order = Vec::new();
        while let Ok((at, Event::Action(id))) = agenda.take_before(SimTime::MAX, SimTime::MAX) {
            order.push((at.as_millis(), id.0));
        }
        let mut expected: Vec<(u64, u32)> = times.iter().copied().zip(0..).collect();
        expected.sort_unstable();
        assert_eq!(order, expected);
    }

    #[test]
    fn nothing_is_taken_too_early() {
        let mut agenda = Agenda::default();
        agenda.at(SimTime::from_secs(2), Event::Action(ActionId(0)));
        let early = agenda.take_before(SimTime::MAX, SimTime::from_secs(1));
        assert!(matches!(early, Err(Some(at)) if at == SimTime::from_secs(2)));
        assert!(agenda.take_before(SimTime::from_secs(2), SimTime::MAX).is_err(), "the end itself is over");
        assert!(agenda.take_before(SimTime::MAX, SimTime::from_secs(2)).is_ok());
    }
}
