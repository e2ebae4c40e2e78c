//! LISTEN, and the half-open requests that it makes (RFC 9293 sections 3.10.7.2 and 3.10.7.4, SYN-RECEIVED).
//!
//! As in Linux a request is not a connection yet: it knows the two first sequence numbers and the options, repeats its
//! SYN,ACK, and becomes a connection by the ACK that fits.

use super::context::{Context, RTO_INITIAL, RTO_MAX, TimerSlot};
use super::options::{Announced, TIMESTAMPS_LEN, advertised_mss};
use super::reply::{Reply, send_reply};
use super::segment_in::{in_window, older_timestamp};
use super::seq::Seq;
use super::socket::{Connection, timestamp_offset};
use super::state::State;
use super::window::{FirstOffer, first_offer};
use super::{Endpoint, SocketId, TcpOut, TcpTimer};
use crate::scenario::ActionId;
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::{PacketId, TcpDrop, Why};
use roundtrip_wire::{Ipv4, Payload, Tcp, TcpFlags, TcpOptions, Timestamps};
use std::net::Ipv4Addr;

/// A passive open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listener {
    pub(super) id: SocketId,
    /// Address that it is bound to; every address without one.
    pub(super) bind: Option<Ipv4Addr>,
    pub(super) port: u16,
    pub(super) backlog: u16,
}

impl Listener {
    /// It takes segments for this end.
    pub(super) fn covers(&self, local: Endpoint) -> bool {
        self.port == local.port && self.bind.is_none_or(|bind| bind == local.address)
    }
}

/// A half-open connection.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) id: SocketId,
    pub(super) listener: SocketId,
    pub(super) local: Endpoint,
    pub(super) remote: Endpoint,
    pub(super) action: Option<ActionId>,
    /// Their first sequence number.
    irs: Seq,
    /// Ours.
    pub(super) iss: Seq,
    announced: Announced,
    ts_recent: u32,
    ts_offset: u32,
    offer: FirstOffer,
    mss: u16,
    /// Timeouts so far.
    timeouts: u32,
    /// SYN,ACKs repeated so far, for whatever reason.
    resent: u32,
    first_sent: SimTime,
    /// Identity of the first SYN,ACK.
    first: PacketId,
    timer: TimerSlot,
    /// Identity of the last SYN,ACK that the timer sent.
    timed: Option<PacketId>,
    oow_ack_at: Option<SimTime>,
}

/// What becomes of a request when a segment has arrived for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It stays.
    Stays,
    /// It is gone.
    Gone,
    /// It becomes a connection, which takes the segment.
    Completes,
    /// The segment acknowledges something else: it is for the listener, which answers with a RST.
    NotMine,
}

impl Request {
    /// A SYN has come to a listener: answers it and waits for the ACK. None if there is no way back.
    ///
    /// `iss` is given where the SYN follows a connection in TIME-WAIT.
    pub(super) fn open(cx: &mut Context<'_>, id: SocketId, listener: &Listener, ip: &Ipv4, tcp: &Tcp, iss: Option<Seq>) -> Option<Self> {
        let (local, remote) = super::reply::ends(ip, tcp);
        let announced = Announced::of(cx, tcp);
        let route = cx.env.route(local.address, remote.address);
        let mss = advertised_mss(route.as_ref().map_or(1_500, |route| route.advertised_mtu));
        let usable = u32::from(mss) - if announced.timestamps.is_some() { TIMESTAMPS_LEN } else { 0 };
        let offer = first_offer(cx, usable, announced.wscale.is_some());
        let iss = iss.unwrap_or_else(|| Seq(cx.env.initial_sequence(local, remote)));
        let action = cx.cause.and_then(|packet| cx.env.action_of(packet));
        let first = cx.env.packet(Why::Answer, cx.cause, action);
        let mut request = Self {
            id,
            listener: listener.id,
            local,
            remote,
            action,
            irs: Seq(tcp.seq),
            iss,
            announced,
            ts_recent: announced.timestamps.map_or(0, |stamps| stamps.value),
            ts_offset: timestamp_offset(local, remote),
            offer,
            mss,
            timeouts: 0,
            resent: 0,
            first_sent: cx.now,
            first,
            timer: TimerSlot::default(),
            timed: None,
            oow_ack_at: None,
        };
        request.send_syn_ack(cx, first, false);
        if route.is_err() {
            // The answer dies on its way out, and with it the request.
            return None;
        }
        request.timer.set(cx, id, TcpTimer::Request, cx.now + RTO_INITIAL);
        Some(request)
    }

    const fn timestamp(&self, now: SimTime) -> u32 {
        (now.as_millis() as u32).wrapping_add(self.ts_offset)
    }

    fn timestamps(&self, now: SimTime) -> Option<Timestamps> {
        self.announced.timestamps.map(|_| Timestamps { value: self.timestamp(now), echo: self.ts_recent })
    }

    fn send_syn_ack(&self, cx: &mut Context<'_>, packet: PacketId, retransmission: bool) {
        let segment = Tcp {
            src_port: self.local.port,
            dst_port: self.remote.port,
            seq: self.iss.0,
            ack: (self.irs + 1).0,
            flags: TcpFlags::SYN | TcpFlags::ACK,
            window: self.offer.wnd.min(u32::from(u16::MAX)) as u16,
            options: TcpOptions {
                mss: Some(self.mss),
                window_scale: self.announced.wscale.map(|_| self.offer.wscale),
                sack_permitted: self.announced.sack,
                timestamps: self.timestamps(cx.now),
                sack: Vec::new(),
            },
            payload: Payload::EMPTY,
        };
        let (local, remote) = (self.local, self.remote);
        cx.out.push(TcpOut::Send { packet, local, remote, segment, df: true, ttl: None, tos: 0, retransmission });
    }

    fn repeat_syn_ack(&mut self, cx: &mut Context<'_>) -> PacketId {
        let packet = cx.env.packet(Why::Retransmission, Some(self.first), self.action);
        self.resent += 1;
        self.send_syn_ack(cx, packet, true);
        packet
    }

    /// This SYN,ACK could not leave. True if that ends the request: where its own timer meets an error it is given up at once.
    pub(super) fn ends_with(&self, packet: PacketId) -> bool {
        self.timed == Some(packet)
    }

    fn wait(&self) -> SimTime {
        RTO_INITIAL.times(1 << self.timeouts.min(20)).min(RTO_MAX)
    }

    /// Its timer. False if the request is given up.
    pub(super) fn on_timer(&mut self, cx: &mut Context<'_>, generation: u32) -> bool {
        if !self.timer.fires(generation) {
            return true;
        }
        if self.timeouts >= cx.sysctl(Sysctl::TcpSynackRetries) {
            return false;
        }
        self.timed = Some(self.repeat_syn_ack(cx));
        self.timeouts += 1;
        self.timer.set(cx, self.id, TcpTimer::Request, cx.now + self.wait());
        true
    }

    /// An acknowledgement that repeats where we are.
    fn send_ack(&self, cx: &mut Context<'_>, ip: &Ipv4, tcp: &Tcp) {
        let window = (self.offer.wnd >> if self.announced.wscale.is_some() { self.offer.wscale } else { 0 }) as u16;
        let options = TcpOptions { timestamps: self.timestamps(cx.now), ..TcpOptions::default() };
        let reply = Reply { seq: (self.iss + 1).0, ack: (self.irs + 1).0, flags: TcpFlags::ACK, window, options, action: self.action };
        send_reply(cx, ip, tcp, reply);
    }

    fn rate_limited(&mut self, cx: &Context<'_>) -> bool {
        super::segment_in::rate_limited(cx, &mut self.oow_ack_at)
    }

    /// A segment for this request (RFC 9293 section 3.10.7.4 for SYN-RECEIVED, as far as a request goes).
    pub(super) fn segment_arrived(&mut self, cx: &mut Context<'_>, ip: &Ipv4, tcp: &Tcp) -> Verdict {
        let (seq, end) = (Seq(tcp.seq), Seq(tcp.seq) + tcp.segment_len());
        let nxt = self.irs + 1;
        let stamps = tcp.options.timestamps.filter(|_| cx.sysctl(Sysctl::TcpTimestamps) != 0);
        let old = self.announced.timestamps.is_some() && stamps.is_some_and(|stamps| older_timestamp(self.ts_recent, stamps.value, 0));
        let flags = tcp.flags;
        let plain_syn = flags.syn() && !flags.ack() && !flags.rst() && !flags.fin();
        if plain_syn && seq == self.irs && !old {
            // They have not seen our SYN,ACK.
            if !self.rate_limited(cx) {
                self.repeat_syn_ack(cx);
                let at = cx.now + self.wait();
                self.timer.set(cx, self.id, TcpTimer::Request, at);
            }
            cx.discard(TcpDrop::UnexpectedSyn);
            return Verdict::Stays;
        }
        if flags.ack() && !flags.rst() && Seq(tcp.ack) != self.iss + 1 {
            return Verdict::NotMine;
        }
        if old || !in_window(seq, end, nxt, nxt + self.offer.wnd) {
            let data = tcp.segment_len() > 0 && !flags.syn();
            if !flags.rst() && (data || !self.rate_limited(cx)) {
                self.send_ack(cx, ip, tcp);
            }
            cx.discard(if old { TcpDrop::OldTimestamp } else { TcpDrop::OutOfWindow });
            return Verdict::Stays;
        }
        let syn = flags.syn() && seq != self.irs;
        if flags.rst() && seq != nxt {
            // RFC 5961 section 3.2: only the exact number resets.
            if !self.rate_limited(cx) {
                self.send_ack(cx, ip, tcp);
            }
            cx.discard(TcpDrop::RstNotExact);
            return Verdict::Stays;
        }
        if flags.rst() {
            return Verdict::Gone;
        }
        if syn {
            super::reply::send_reset(cx, ip, tcp);
            cx.discard(TcpDrop::UnexpectedSyn);
            return Verdict::Gone;
        }
        if !flags.ack() {
            cx.discard(TcpDrop::NoAck);
            return Verdict::Stays;
        }
        if let Some(stamps) = stamps
            && self.announced.timestamps.is_some()
            && !seq.after(nxt)
        {
            self.ts_recent = stamps.value;
        }
        Verdict::Completes
    }

    /// The connection that this request becomes.
    pub(super) fn into_connection(self, cx: &mut Context<'_>, tcp: &Tcp) -> Connection {
        let mut connection = Connection::new(cx, self.id, self.local, self.remote, self.action, self.iss);
        let announced = self.announced;
        connection.state = State::SynReceived;
        connection.listener = Some(self.listener);
        connection.ts_offset = self.ts_offset;
        let options = &mut connection.options;
        options.timestamps = announced.timestamps.is_some();
        options.sack = announced.sack;
        options.window_scaling = announced.wscale.is_some();
        options.snd_wscale = announced.wscale.unwrap_or(0);
        options.rcv_wscale = if announced.wscale.is_some() { self.offer.wscale } else { 0 };
        options.mss_clamp = announced.mss;
        options.ts_recent = self.ts_recent;
        options.ts_recent_at = options.timestamps.then_some(cx.now);
        let first = self.iss + 1;
        let snd = &mut connection.snd;
        (snd.una, snd.nxt, snd.write, snd.small, snd.pushed) = (first, first, first, first, first);
        snd.wl1 = self.irs;
        snd.wnd = u32::from(tcp.window) << announced.wscale.unwrap_or(0);
        snd.max_window = snd.wnd;
        snd.header = 20 + if announced.timestamps.is_some() { TIMESTAMPS_LEN } else { 0 };
        let nxt = self.irs + 1;
        (connection.rcv.nxt, connection.rcv.wup, connection.rcv.copied) = (nxt, nxt, nxt);
        connection.window.open(self.offer);
        if announced.wscale.is_none() {
            connection.window.unscaled();
        }
        connection.ack.data_at = cx.now;
        let mtu = connection.look_route_up(cx).map_or(1_500, |route| route.mtu);
        connection.sync_mss(u32::from(mtu));
        connection.advmss = u32::from(self.mss);
        connection.guess_rcv_mss();
        if self.timeouts > 0 {
            connection.timers.total = self.timeouts;
            connection.recovery.undo_marker = Some(self.iss);
            connection.recovery.first_resent = Some(self.first_sent);
        }
        connection.recovery.total_resent = self.resent;
        if self.resent == 0 {
            let rtt = cx.now.since(self.first_sent);
            connection.rtt.note_min(rtt, cx.now, false);
            connection.rtt.sample(rtt, connection.snd.una, connection.snd.nxt);
        }
        connection
    }
}
