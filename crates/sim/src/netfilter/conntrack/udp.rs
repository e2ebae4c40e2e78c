//! Follows UDP flows, and everything whose content says nothing about a connection (Linux 6.18, `nf_conntrack_proto_udp`
//! and `nf_conntrack_proto_generic`).

use super::Context;
use super::entry::{Entry, Noted, Protocol, Status, Tracked};
use crate::sysctl::Sysctl;
use crate::time::SimTime;

/// A flow that is answered and still alive after this long is a stream.
const STREAM_AFTER: SimTime = SimTime::from_secs(2);

/// Looks at one datagram.
pub(super) fn packet(entry: &mut Entry, context: &Context<'_>) -> Tracked {
    let stream_from = match entry.protocol {
        Protocol::Udp { stream_from } if entry.status.has(Status::CONFIRMED) => stream_from,
        _ => context.now + STREAM_AFTER,
    };
    entry.protocol = Protocol::Udp { stream_from };
    let mut lifetime = Sysctl::NfConntrackUdpTimeout;
    if entry.status.has(Status::SEEN_REPLY) && context.now > stream_from {
        lifetime = Sysctl::NfConntrackUdpTimeoutStream;
        if !entry.status.has(Status::ASSURED) {
            entry.status.set(Status::ASSURED);
            entry.note(Noted::ASSURED);
        }
    }
    entry.expires = context.now + context.seconds(lifetime);
    Tracked::Accept
}

/// Looks at one packet of a protocol without a tracker of its own.
pub(super) fn plain(entry: &mut Entry, context: &Context<'_>) -> Tracked {
    entry.expires = context.now + context.seconds(Sysctl::NfConntrackGenericTimeout);
    Tracked::Accept
}
