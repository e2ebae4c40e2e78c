//! TIME-WAIT, and FIN-WAIT-2 once no application is left (RFC 9293 section 3.10.7.4, RFC 1337, RFC 6191).

use super::context::{Context, TIME_WAIT_LEN, TimerSlot};
use super::reply::{Reply, send_reply, send_reset};
use super::segment_in::{in_window, older_timestamp, rate_limited};
use super::seq::Seq;
use super::socket::Connection;
use super::{Endpoint, SocketId, TcpTimer};
use crate::scenario::ActionId;
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::TcpDrop;
use roundtrip_wire::{Ipv4, Tcp, TcpFlags, TcpOptions, Timestamps};

/// What is left of a connection.
#[derive(Clone, Debug)]
pub(super) struct TimeWait {
    pub(super) id: SocketId,
    pub(super) local: Endpoint,
    pub(super) remote: Endpoint,
    pub(super) action: Option<ActionId>,
    /// Their FIN has not come yet.
    pub(super) fin_wait2: bool,
    rcv_nxt: Seq,
    snd_nxt: Seq,
    rcv_wnd: u32,
    rcv_wscale: u8,
    /// TS.Recent, if timestamps were used.
    ts_recent: Option<u32>,
    ts_offset: u32,
    lasts: SimTime,
    timer: TimerSlot,
    oow_ack_at: Option<SimTime>,
}

/// What a new connection between the same ends takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Successor {
    pub(super) iss: Seq,
    pub(super) ts_recent: u32,
}

/// What becomes of it when a segment has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It stays.
    Stays,
    /// It is gone.
    Gone,
    /// A new connection may begin, with this sequence number of ours, if somebody listens.
    Reopens(Seq),
}

impl Connection {
    /// Leaves TIME-WAIT behind and ends.
    pub(super) fn enter_time_wait(&mut self, cx: &mut Context<'_>) {
        self.leave(cx, false, TIME_WAIT_LEN);
    }

    /// FIN-WAIT-2 goes on without a control block.
    pub(super) fn enter_fin_wait2_without_application(&mut self, cx: &mut Context<'_>, lasts: SimTime) {
        let floor = self.rtt.rto.times(7).divided_by(2);
        self.leave(cx, true, lasts.max(floor));
    }

    fn leave(&mut self, cx: &mut Context<'_>, fin_wait2: bool, lasts: SimTime) {
        self.remains = Some(TimeWait {
            id: self.id,
            local: self.local,
            remote: self.remote,
            action: self.action,
            fin_wait2,
            rcv_nxt: self.rcv.nxt,
            snd_nxt: self.snd.nxt,
            rcv_wnd: self.receive_window(),
            rcv_wscale: self.options.rcv_wscale,
            ts_recent: self.options.timestamps.then_some(self.options.ts_recent),
            ts_offset: self.ts_offset,
            lasts,
            timer: TimerSlot::default(),
            oow_ack_at: None,
        });
        self.ends_well = true;
        self.done(cx, None);
    }
}

impl TimeWait {
    /// Begins under an identity of its own: the application may still hold the socket.
    pub(super) fn begin(&mut self, cx: &mut Context<'_>, id: SocketId) {
        self.id = id;
        let at = cx.now + self.lasts;
        self.timer.set(cx, id, TcpTimer::TimeWait, at);
    }

    fn restart(&mut self, cx: &mut Context<'_>) {
        let at = cx.now + TIME_WAIT_LEN;
        self.timer.set(cx, self.id, TcpTimer::TimeWait, at);
    }

    /// The sequence number with which a new connection begins after this one.
    fn next_iss(&self) -> Seq {
        let iss = self.snd_nxt + 65_537;
        if iss.0 == 0 { Seq(1) } else { iss }
    }

    /// How a connection from here may follow, if timestamps were used.
    pub(super) fn successor(&self) -> Option<Successor> {
        self.ts_recent.map(|ts_recent| Successor { iss: self.next_iss(), ts_recent })
    }

    /// True if it is over.
    pub(super) fn on_timer(&mut self, generation: u32) -> bool {
        self.timer.fires(generation)
    }

    fn send_ack(&self, cx: &mut Context<'_>, ip: &Ipv4, tcp: &Tcp) {
        let value = (cx.now.as_millis() as u32).wrapping_add(self.ts_offset);
        let timestamps = self.ts_recent.map(|echo| Timestamps { value, echo });
        let reply = Reply {
            seq: self.snd_nxt.0,
            ack: self.rcv_nxt.0,
            flags: TcpFlags::ACK,
            window: u16::try_from(self.rcv_wnd >> self.rcv_wscale).unwrap_or(u16::MAX),
            options: TcpOptions { timestamps, ..TcpOptions::default() },
            action: self.action,
        };
        send_reply(cx, ip, tcp, reply);
    }

    fn answer_out_of_window(&mut self, cx: &mut Context<'_>, ip: &Ipv4, tcp: &Tcp) {
        let data = tcp.segment_len() > 0 && !tcp.flags.syn();
        if data || !rate_limited(cx, &mut self.oow_ack_at) {
            self.send_ack(cx, ip, tcp);
        }
    }

    /// A segment of the old connection, or the SYN of a new one.
    pub(super) fn segment_arrived(&mut self, cx: &mut Context<'_>, ip: &Ipv4, tcp: &Tcp) -> Verdict {
        let (seq, end) = (Seq(tcp.seq), Seq(tcp.seq) + tcp.segment_len());
        let stamp = tcp.options.timestamps.map(|stamps| stamps.value).filter(|_| self.ts_recent.is_some());
        let old = matches!((self.ts_recent, stamp), (Some(recent), Some(value)) if older_timestamp(recent, value, 0));
        if self.fin_wait2 {
            self.in_fin_wait2(cx, ip, tcp, seq, end, stamp, old)
        } else {
            self.in_time_wait(cx, ip, tcp, seq, end, stamp, old)
        }
    }

    #[allow(clippy::too_many_arguments, reason = "what was read from the segment once")]
    fn in_fin_wait2(&mut self, cx: &mut Context<'_>, ip: &Ipv4, tcp: &Tcp, seq: Seq, end: Seq, stamp: Option<u32>, old: bool) -> Verdict {
        let flags = tcp.flags;
        if old || !in_window(seq, end, self.rcv_nxt, self.rcv_nxt + self.rcv_wnd) {
            cx.discard(if old { TcpDrop::OldTimestamp } else { TcpDrop::OutOfWindow });
            self.answer_out_of_window(cx, ip, tcp);
            return Verdict::Stays;
        }
        if flags.rst() {
            return Verdict::Gone;
        }
        if flags.syn() && !seq.before(self.rcv_nxt) {
            send_reset(cx, ip, tcp);
            cx.discard(TcpDrop::UnexpectedSyn);
            return Verdict::Gone;
        }
        if !flags.ack() || !end.after(self.rcv_nxt) || end == seq {
            return Verdict::Stays;
        }
        if !flags.fin() || end != self.rcv_nxt + 1 {
            // Nobody is left to read this (RFC 9293 section 3.6.1).
            send_reset(cx, ip, tcp);
            cx.discard(TcpDrop::Closed);
            return Verdict::Gone;
        }
        self.fin_wait2 = false;
        self.rcv_nxt = end;
        if stamp.is_some() {
            self.ts_recent = stamp;
        }
        self.restart(cx);
        self.send_ack(cx, ip, tcp);
        Verdict::Stays
    }

    #[allow(clippy::too_many_arguments, reason = "what was read from the segment once")]
    fn in_time_wait(&mut self, cx: &mut Context<'_>, ip: &Ipv4, tcp: &Tcp, seq: Seq, end: Seq, stamp: Option<u32>, old: bool) -> Verdict {
        let flags = tcp.flags;
        if !old && seq == self.rcv_nxt && (seq == end || flags.rst()) {
            if flags.rst() {
                if cx.sysctl(Sysctl::TcpRfc1337) == 0 {
                    return Verdict::Gone;
                }
                cx.discard(TcpDrop::Closed);
            } else {
                self.restart(cx);
            }
            if stamp.is_some() {
                self.ts_recent = stamp;
            }
            return Verdict::Stays;
        }
        let newer = matches!((self.ts_recent, stamp), (Some(recent), Some(value)) if (recent.wrapping_sub(value) as i32) < 0);
        if flags.syn() && !flags.rst() && !flags.ack() && !old && (seq.after(self.rcv_nxt) || newer) {
            return Verdict::Reopens(self.next_iss());
        }
        cx.discard(if old { TcpDrop::OldTimestamp } else { TcpDrop::OutOfWindow });
        if !flags.rst() {
            if old || flags.ack() {
                self.restart(cx);
            }
            self.answer_out_of_window(cx, ip, tcp);
        }
        Verdict::Stays
    }

    /// Answers a SYN that cannot reopen anything, since nobody listens.
    pub(super) fn acknowledge(&self, cx: &mut Context<'_>, ip: &Ipv4, tcp: &Tcp) {
        self.send_ack(cx, ip, tcp);
    }
}
