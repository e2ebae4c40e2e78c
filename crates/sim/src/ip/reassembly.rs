//! Putting pieces together (RFC 791 section 3.2, RFC 815; kernel: `net/ipv4/ip_fragment.c`).

use crate::node::Parcel;
use crate::time::SimTime;
use crate::trace::{PacketId, VisitId};
use roundtrip_wire::order;
use roundtrip_wire::{IpBody, IpProtocol, Ipv4, Payload};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Pieces of one packet that a node keeps at the most; more are an attack.
const MAX_PIECES: usize = 2048;
/// Packets in pieces that a node keeps at the most.
const MAX_QUEUES: usize = 1024;

type Key = (Ipv4Addr, Ipv4Addr, u8, u16);

#[derive(Clone, Debug)]
struct Queue {
    pieces: Vec<Parcel>,
    generation: u32,
}

/// Packets of which some pieces are missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reassembly {
    queues: BTreeMap<Key, Queue>,
    next: u32,
}

/// What became of a piece.
#[derive(Debug)]
pub(crate) enum Reassembled {
    /// It was the last one missing.
    Whole(Box<Parcel>),
    /// It is kept; with the first one a timer starts.
    Held { visit: Option<VisitId>, timer: Option<u32> },
}

/// What is lost with an incomplete packet.
#[derive(Debug)]
pub(crate) struct Lost {
    /// The first piece, if it came: the ICMP error is about it.
    pub(crate) first: Option<Parcel>,
    pub(crate) others: Vec<(PacketId, Option<VisitId>)>,
}

fn span(parcel: &Parcel) -> Option<(usize, usize, bool)> {
    if let IpBody::Fragment(fragment) = &parcel.ip.body { Some((fragment.offset(), fragment.bytes.len(), fragment.more)) } else { None }
}

impl Reassembly {
    /// Takes a piece.
    pub(crate) fn add(&mut self, parcel: Parcel, _expires: SimTime) -> Reassembled {
        let key = (parcel.ip.src, parcel.ip.dst, parcel.ip.protocol().0, parcel.ip.id);
        let visit = parcel.visit;
        let mut timer = None;
        if !self.queues.contains_key(&key) {
            if self.queues.len() >= MAX_QUEUES {
                self.queues.pop_first();
            }
            self.next = self.next.wrapping_add(1);
            timer = Some(self.next);
            self.queues.insert(key, Queue { pieces: Vec::new(), generation: self.next });
        }
        let Some(queue) = self.queues.get_mut(&key) else {
            return Reassembled::Held { visit, timer };
        };
        // A piece that came before is not kept twice.
        let new = span(&parcel);
        if queue.pieces.len() < MAX_PIECES && !queue.pieces.iter().any(|held| span(held) == new) {
            queue.pieces.push(parcel);
        }
        match join(&queue.pieces) {
            Some(whole) => {
                self.queues.remove(&key);
                Reassembled::Whole(Box::new(whole))
            }
            None => Reassembled::Held { visit, timer },
        }
    }

    /// A timer rang: what is still incomplete is lost.
    pub(crate) fn expire(&mut self, generation: u32) -> Option<Lost> {
        let key = self.queues.iter().find(|(_, queue)| queue.generation == generation).map(|(key, _)| *key)?;
        let queue = self.queues.remove(&key)?;
        let mut lost = Lost { first: None, others: Vec::new() };
        for parcel in queue.pieces {
            if lost.first.is_none() && span(&parcel).is_some_and(|(offset, ..)| offset == 0) {
                lost.first = Some(parcel);
            } else {
                lost.others.push((parcel.packet, parcel.visit));
            }
        }
        Some(lost)
    }
}

/// The whole packet, if no piece is missing. It carries on the last piece's stay.
fn join(pieces: &[Parcel]) -> Option<Parcel> {
    let mut order: Vec<(usize, usize, bool, &Parcel)> =
        pieces.iter().filter_map(|parcel| span(parcel).map(|(offset, len, more)| (offset, len, more, parcel))).collect();
    order::sort_by_key(&mut order, |(offset, ..)| *offset);
    let mut bytes = Vec::new();
    let mut lens = Vec::new();
    let mut done = false;
    for (offset, _, more, parcel) in &order {
        if *offset != bytes.len() || done {
            return None;
        }
        if let IpBody::Fragment(fragment) = &parcel.ip.body {
            bytes.extend_from_slice(fragment.bytes.as_slice());
            lens.push(u16::try_from(fragment.bytes.len()).unwrap_or(u16::MAX));
        }
        done = !more;
    }
    if !done || bytes.len() > Ipv4::MAX_LEN - Ipv4::HEADER_LEN {
        return None;
    }
    let (_, _, _, first) = order.first()?;
    let last = pieces.last()?;
    let protocol: IpProtocol = first.ip.protocol();
    let payload = Payload::new(bytes);
    let body = roundtrip_wire::bytes::decode_ip_body(protocol, first.ip.src, first.ip.dst, payload.as_slice());
    let mut whole = (*first).clone();
    whole.ip.body = body;
    whole.visit = last.visit;
    whole.pieces = lens;
    Some(whole)
}
