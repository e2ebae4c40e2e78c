//! Follows ICMP exchanges, and finds the connection that an ICMP error is about (Linux 6.18, `nf_conntrack_proto_icmp`).

use super::Context;
use super::entry::{Entry, Tracked};
use super::table::{Slot, Table};
use super::tuple::{CtDirection, CtTuple};
use crate::netfilter::CtInvalid;
use crate::sysctl::Sysctl;
use roundtrip_wire::{Icmp, Ipv4};

/// The highest ICMP type that Linux knows (address mask reply).
const HIGHEST_TYPE: u8 = 18;
/// Source quench, an error that nobody sends any more (RFC 6633).
const SOURCE_QUENCH: u8 = 4;

/// What a message is for the tracker.
pub(super) enum Message {
    /// A question or an answer: looked up by its own tuple.
    Exchange,
    /// An error about this connection's packets in this direction.
    Error(Slot, CtDirection),
    /// Neither.
    Invalid(CtInvalid),
}

/// Sorts a message. An error belongs to the connection whose packet it quotes; it must go to where that packet came from.
pub(super) fn sort(packet: &Ipv4, icmp: &Icmp, table: &Table) -> Message {
    let (kind, _) = icmp.type_and_code();
    if kind > HIGHEST_TYPE {
        return Message::Invalid(CtInvalid::Malformed);
    }
    let Some(quoted) = icmp.quoted() else {
        return if kind == SOURCE_QUENCH { Message::Invalid(CtInvalid::IcmpErrorUnknown) } else { Message::Exchange };
    };
    let found = CtTuple::of(quoted).and_then(|tuple| tuple.inverse()).and_then(|answer| table.find(&answer));
    match found {
        Some((slot, direction)) if table.get(slot).is_some_and(|entry| entry.tuple(direction).dst == packet.dst) => {
            Message::Error(slot, direction)
        }
        _ => Message::Invalid(CtInvalid::IcmpErrorUnknown),
    }
}

/// Looks at one question or answer.
pub(super) fn packet(entry: &mut Entry, context: &Context<'_>) -> Tracked {
    if !entry.original.is_icmp_question() {
        return Tracked::Invalid(CtInvalid::IcmpUnrequested);
    }
    entry.expires = context.now + context.seconds(Sysctl::NfConntrackIcmpTimeout);
    Tracked::Accept
}
