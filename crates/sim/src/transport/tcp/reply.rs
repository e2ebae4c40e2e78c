//! Answers that need no connection: RST and ACK made from the arriving segment alone (RFC 9293 section 3.5.2).

use super::context::Context;
use super::{Endpoint, TcpOut};
use crate::scenario::ActionId;
use crate::trace::Why;
use roundtrip_wire::{Ipv4, Tcp, TcpFlags, TcpOptions};

/// Who sent a packet and who is to answer: the local and the remote end.
pub(super) fn ends(ip: &Ipv4, tcp: &Tcp) -> (Endpoint, Endpoint) {
    (Endpoint { address: ip.dst, port: tcp.dst_port }, Endpoint { address: ip.src, port: tcp.src_port })
}

/// An answer without a socket, addressed back to where the segment came from.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) seq: u32,
    pub(super) ack: u32,
    pub(super) flags: TcpFlags,
    pub(super) window: u16,
    pub(super) options: TcpOptions,
    pub(super) action: Option<ActionId>,
}

/// Sends an answer. These always carry DF, and the type of service of what they answer.
pub(super) fn send_reply(cx: &mut Context<'_>, ip: &Ipv4, tcp: &Tcp, reply: Reply) {
    let (local, remote) = ends(ip, tcp);
    let packet = cx.env.packet(Why::Answer, cx.cause, reply.action);
    cx.out.push(TcpOut::Send {
        packet,
        local,
        remote,
        segment: Tcp {
            src_port: local.port,
            dst_port: remote.port,
            seq: reply.seq,
            ack: reply.ack,
            flags: reply.flags,
            window: reply.window,
            options: reply.options,
            payload: roundtrip_wire::Payload::EMPTY,
        },
        df: true,
        ttl: None,
        tos: ip.tos,
        retransmission: false,
    });
}

/// Answers a segment that belongs nowhere with a RST, unless it is one (RFC 9293 section 3.10.7.1): with the number
/// that the segment acknowledges, or, if it acknowledges nothing, by acknowledging all of it.
pub(super) fn send_reset(cx: &mut Context<'_>, ip: &Ipv4, tcp: &Tcp) {
    if tcp.flags.rst() {
        return;
    }
    let action = cx.cause.and_then(|packet| cx.env.action_of(packet));
    let (seq, ack, flags) = if tcp.flags.ack() {
        (tcp.ack, 0, TcpFlags::RST)
    } else {
        (0, tcp.seq.wrapping_add(tcp.segment_len()), TcpFlags::RST | TcpFlags::ACK)
    };
    send_reply(cx, ip, tcp, Reply { seq, ack, flags, window: 0, options: TcpOptions::default(), action });
}
