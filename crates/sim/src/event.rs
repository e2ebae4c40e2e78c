//! The agenda: what happens next, and after that.

use crate::scenario::{ActionId, IfIndex, NodeId, Port};
use crate::time::SimTime;
use crate::trace::{FrameId, PacketId};
use crate::transport::tcp::{SocketId, TcpTimer};
use roundtrip_wire::{Arp, Frame, Ipv4};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::net::Ipv4Addr;

/// Something that is due.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A frame reaches an interface.
    Deliver { frame: FrameId, packet: PacketId, to: Port, content: Frame },
    /// A packet that a node sent to itself.
    Loopback { node: NodeId, packet: PacketId, content: Box<Ipv4> },
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

#[derive(Clone, Debug)]
struct Entry {
    at: SimTime,
    order: u64,
    event: Event,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    /// The heap gives the greatest first, so the earliest is the greatest; among equals the one asked for first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

/// Events ordered by time, and by the order in which they were asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda {
    heap: BinaryHeap<Entry>,
    next: u64,
}

impl Agenda {
    /// Asks for an event.
    pub(crate) fn at(&mut self, at: SimTime, event: Event) {
        let order = self.next;
        self.next = order.wrapping_add(1);
        self.heap.push(Entry { at, order, event });
    }

    /// When the next event is due.
    pub(crate) fn next_time(&self) -> Option<SimTime> {
        self.heap.peek().map(|entry| entry.at)
    }

    /// Takes the next event.
    pub(crate) fn take(&mut self) -> Option<(SimTime, Event)> {
        self.heap.pop().map(|entry| (entry.at, entry.event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_first_and_in_the_order_asked_for() {
        let mut agenda = Agenda::default();
        for (at, id) in [(2, 0), (1, 1), (2, 2), (1, 3)] {
            agenda.at(SimTime::from_secs(at), Event::Action(ActionId(id)));
        }
        let mut order = Vec::new();
        while let Some((_, Event::Action(id))) = agenda.take() {
            order.push(id.0);
        }
        assert_eq!(order, [1, 3, 0, 2]);
    }
}
