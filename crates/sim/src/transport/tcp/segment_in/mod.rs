//! SEGMENT ARRIVES (RFC 9293 section 3.10.7) for a connection.

mod ack;
mod data;
mod recovery_steps;
mod sack;
mod syn_sent;

use super::context::{Context, TIME_WAIT_LEN};
use super::reply::send_reset;
use super::segment_out::Nagle;
use super::seq::Seq;
use super::socket::Connection;
use super::state::State;
use super::{TcpEvent, TcpTimer};
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::{Errno, TcpDrop};
use ack::Handling;
pub(super) use ack::LONGEST_ECHO;
use roundtrip_wire::{Ipv4, Tcp};

/// After this a timestamp proves nothing any more (RFC 7323 section 5.5).
const TIMESTAMP_OUTDATED: SimTime = SimTime::from_secs(24 * 24 * 3_600);

/// The acceptability test of RFC 9293 section 3.4 for small ends.
pub(super) fn in_window(seq: Seq, end: Seq, left: Seq, right: Seq) -> bool {
    seq == left || (end.after(left) && seq.before(right)) || (seq == right && seq == end)
}

/// PAWS (RFC 7323 section 5): the timestamp is older than the last one by more than `slack`. Zero as the last one
/// means that none is known.
pub(super) const fn older_timestamp(recent: u32, value: u32, slack: i32) -> bool {
    recent != 0 && recent.wrapping_sub(value) as i32 > slack
}

/// Answers to segments out of the window are spaced by `tcp_invalid_ratelimit`: true if one came too soon.
pub(super) fn rate_limited(cx: &Context<'_>, last: &mut Option<SimTime>) -> bool {
    let limit = SimTime::from_millis(u64::from(cx.sysctl(Sysctl::TcpInvalidRatelimit)));
    if last.is_some_and(|at| cx.now.since(at) < limit) {
        return true;
    }
    *last = Some(cx.now);
    false
}

/// A segment with its ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrived<'a> {
    pub(super) ip: &'a Ipv4,
    pub(super) tcp: &'a Tcp,
    pub(super) seq: Seq,
    pub(super) end: Seq,
    pub(super) ack: Seq,
}

impl<'a> Arrived<'a> {
    pub(super) fn new(ip: &'a Ipv4, tcp: &'a Tcp) -> Self {
        let seq = Seq(tcp.seq);
        Self { ip, tcp, seq, end: seq + tcp.segment_len(), ack: Seq(tcp.ack) }
    }

    /// Octets of data.
    fn len(&self) -> u32 {
        self.tcp.payload.len() as u32
    }

    /// Bytes of the header with options.
    fn header(&self) -> u32 {
        (Tcp::HEADER_LEN + self.tcp.options.wire_len()) as u32
    }

    /// Its data reaches beyond what was received so far.
    fn brings_data_after(&self, nxt: Seq) -> bool {
        self.end != self.seq && (self.end - u32::from(self.tcp.flags.fin())).after(nxt)
    }
}

impl Connection {
    /// A segment of this connection.
    pub(super) fn segment_arrived(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>) {
        self.snd.clock = cx.now;
        match self.state {
            State::Closed => cx.discard(TcpDrop::Closed),
            State::SynSent => self.in_syn_sent(cx, segment),
            State::Established => self.in_established(cx, segment),
            _ => self.in_other_states(cx, segment),
        }
    }

    fn in_established(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>) {
        let flags = segment.tcp.flags;
        if !flags.ack() && !flags.rst() && !flags.syn() {
            cx.discard(TcpDrop::NoAck);
            return;
        }
        if !self.acceptable(cx, segment) {
            return;
        }
        if !flags.ack() {
            cx.discard(TcpDrop::NoAck);
            return;
        }
        if self.ack_arrived(cx, segment, Handling::Established).is_err() {
            cx.discard(TcpDrop::BadAck);
            return;
        }
        self.measure_by_timestamp(cx, &segment);
        self.data_arrived(cx, segment);
        self.after_segment(cx);
    }

    /// Sends what the segment has made possible, then decides about the acknowledgement.
    fn after_segment(&mut self, cx: &mut Context<'_>) {
        if self.state == State::Closed {
            return;
        }
        self.push_pending(cx, Nagle::On);
        self.check_space(cx);
        self.check_ack(cx);
    }

    /// First to fourth check: sequence number, RST, SYN; with PAWS before them (RFC 9293 section 3.10.7.4, RFC 5961,
    /// RFC 7323 section 5). False if the segment goes no further.
    fn acceptable(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>) -> bool {
        let flags = segment.tcp.flags;
        self.note_timestamps(segment.tcp);
        if self.is_outdated(cx, &segment) && !flags.rst() {
            if flags.syn() {
                return self.challenge(cx, TcpDrop::UnexpectedSyn);
            }
            self.answer_unacceptable(cx, &segment);
            cx.discard(TcpDrop::OldTimestamp);
            return false;
        }
        if !self.in_receive_window(&segment) {
            if flags.rst() {
                if self.resets_after_fin(&segment) {
                    self.reset(cx);
                } else {
                    cx.discard(TcpDrop::OutOfWindow);
                }
            } else if flags.syn() {
                return self.challenge(cx, TcpDrop::UnexpectedSyn);
            } else {
                self.answer_unacceptable(cx, &segment);
                cx.discard(TcpDrop::OutOfWindow);
            }
            return false;
        }
        if flags.rst() {
            let edge = self.rcv.sacks.iter().map(|block| Seq(block.right)).reduce(Seq::max);
            if segment.seq == self.rcv.nxt || self.resets_after_fin(&segment) || edge == Some(segment.seq) {
                self.reset(cx);
                return false;
            }
            return self.challenge(cx, TcpDrop::RstNotExact);
        }
        if flags.syn() {
            // After a simultaneous open both sides repeat their SYN with an ACK.
            let crossed = self.state == State::SynReceived
                && self.listener.is_none()
                && flags.ack()
                && segment.seq + 1 == segment.end
                && segment.seq + 1 == self.rcv.nxt
                && segment.ack == self.snd.nxt;
            if !crossed {
                return self.challenge(cx, TcpDrop::UnexpectedSyn);
            }
        }
        true
    }

    /// PAWS: older than the last timestamp, and not just a duplicate ACK that was overtaken.
    fn is_outdated(&self, cx: &Context<'_>, segment: &Arrived<'_>) -> bool {
        let (Some((value, _)), Some(learned)) = (self.options.arrived, self.options.ts_recent_at) else { return false };
        let recent = self.options.ts_recent;
        if !older_timestamp(recent, value, 1) || cx.now.since(learned) >= TIMESTAMP_OUTDATED {
            return false;
        }
        let flags = segment.tcp.flags;
        let window = u32::from(segment.tcp.window) << self.options.snd_wscale;
        let replay = u32::try_from(self.rtt.rto.as_millis().saturating_mul(12) / 10).unwrap_or(u32::MAX);
        let harmless = flags.ack()
            && segment.seq == segment.end
            && segment.seq == self.rcv.nxt
            && segment.ack == self.snd.una
            && !self.updates_window(segment.ack, segment.seq, window)
            && recent.wrapping_sub(value) <= replay;
        !harmless
    }

    /// The first check. From RCV.WUP on, since the other side may not have seen our latest acknowledgement.
    /// Beyond the window nothing may reach, unless nothing waits to be read.
    fn in_receive_window(&self, segment: &Arrived<'_>) -> bool {
        if segment.end.before(self.rcv.wup) {
            return false;
        }
        let right = self.rcv.nxt + self.receive_window();
        if !segment.end.after(right) {
            return true;
        }
        !segment.seq.after(right) && self.rcv.queue.is_empty()
    }

    /// A RST with the number of the FIN that we have already counted.
    fn resets_after_fin(&self, segment: &Arrived<'_>) -> bool {
        matches!(self.state, State::CloseWait | State::LastAck | State::Closing) && segment.seq == self.rcv.nxt - 1
    }

    /// Not acceptable: say where we are (RFC 9293 section 3.10.7.4, first check).
    fn answer_unacceptable(&mut self, cx: &mut Context<'_>, segment: &Arrived<'_>) {
        let carries_data = segment.end != segment.seq && !segment.tcp.flags.syn();
        if carries_data || !rate_limited(cx, &mut self.oow_ack_at) {
            if segment.end != segment.seq && segment.seq.before(self.rcv.nxt) {
                let wnd = self.window.wnd;
                self.ack.enter_quick(wnd);
                if self.options.sack {
                    self.report_duplicate(segment.seq, segment.end.min(self.rcv.nxt));
                }
            }
            self.send_ack(cx);
        }
    }

    /// A challenge ACK (RFC 5961): the other side shows by its answer whether it meant it. Always false.
    fn challenge(&mut self, cx: &mut Context<'_>, reason: TcpDrop) -> bool {
        self.send_challenge(cx);
        cx.discard(reason);
        false
    }

    pub(super) fn send_challenge(&mut self, cx: &mut Context<'_>) {
        if !rate_limited(cx, &mut self.oow_ack_at) {
            self.send_ack(cx);
        }
    }

    /// A valid RST (RFC 9293 section 3.10.7.4, second check).
    pub(super) fn reset(&mut self, cx: &mut Context<'_>) {
        let error = match self.state {
            State::Closed => return,
            State::SynSent => Errno::Econnrefused,
            State::CloseWait => Errno::Epipe,
            _ => Errno::Econnreset,
        };
        self.done(cx, Some(error));
    }

    fn measure_by_timestamp(&mut self, cx: &Context<'_>, segment: &Arrived<'_>) {
        let Some(echoed) = self.echoed_millis() else { return };
        if self.window.echo_is_new(echoed) && segment.end.since(segment.seq) >= self.ack.rcv_mss {
            self.window.rtt_by_timestamp((cx.now.as_millis() as u32).wrapping_sub(echoed));
        }
    }

    /// Fifth check onwards for all states but SYN-SENT and ESTABLISHED.
    fn in_other_states(&mut self, cx: &mut Context<'_>, segment: Arrived<'_>) {
        let flags = segment.tcp.flags;
        if !flags.ack() && !flags.rst() && !flags.syn() {
            cx.discard(TcpDrop::NoAck);
            return;
        }
        if !self.acceptable(cx, segment) {
            return;
        }
        if !flags.ack() {
            cx.discard(TcpDrop::NoAck);
            return;
        }
        match self.ack_arrived(cx, segment, Handling::Other) {
            Ok(true) => {}
            Ok(false) | Err(()) if self.state == State::SynReceived => {
                send_reset(cx, segment.ip, segment.tcp);
                cx.discard(TcpDrop::BadAck);
                return;
            }
            Ok(false) => {}
            Err(()) => {
                self.send_challenge(cx);
                cx.discard(TcpDrop::BadAck);
                return;
            }
        }
        let done = self.snd.una == self.snd.write;
        if self.state == State::FinWait1 && done && self.our_fin_acknowledged(cx, &segment) {
            return;
        }
        match self.state {
            State::SynReceived => self.handshake_complete(cx, &segment),
            State::Closing if done => {
                self.enter_time_wait(cx);
                return;
            }
            State::LastAck if done => {
                self.ends_well = true;
                self.done(cx, None);
                return;
            }
            _ => {}
        }
        let late = matches!(self.state, State::CloseWait | State::Closing | State::LastAck);
        if late && !segment.seq.before(self.rcv.nxt) {
            // After their FIN there is nothing more to receive.
            self.after_segment(cx);
            return;
        }
        if self.state != State::Established && self.no_more_recv && segment.brings_data_after(self.rcv.nxt) {
            // Nobody is left to read it (RFC 9293 section 3.6.1).
            self.reset(cx);
            send_reset(cx, segment.ip, segment.tcp);
            cx.discard(TcpDrop::Closed);
            return;
        }
        self.data_arrived(cx, segment);
        self.after_segment(cx);
    }

    /// SYN-RECEIVED: our SYN is acknowledged.
    fn handshake_complete(&mut self, cx: &mut Context<'_>, segment: &Arrived<'_>) {
        self.recovery.delivered = self.recovery.delivered.wrapping_add(1);
        if !self.rtt.is_known()
            && let Some(rtt) = self.rtt_by_echo(cx)
        {
            self.rtt.note_min(rtt, cx.now, false);
            self.rtt.sample(rtt, self.snd.una, self.snd.nxt);
        }
        if self.options.timestamps {
            self.advmss = self.advmss.saturating_sub(super::options::TIMESTAMPS_LEN);
        }
        self.forget_spurious_syn();
        self.recovery.first_resent = None;
        self.start_transfer(cx);
        self.rcv.copied = self.rcv.nxt;
        self.state = State::Established;
        self.snd.una = segment.ack;
        self.snd.wnd = u32::from(segment.tcp.window) << self.options.snd_wscale;
        self.snd.wl1 = segment.seq;
        self.update_pacing();
        self.snd.last_data_at = cx.now;
        self.guess_rcv_mss();
        match self.listener.take() {
            Some(listener) => cx.tell(self.id, TcpEvent::Accepted { listener, remote: self.remote }),
            None => cx.tell(self.id, TcpEvent::Connected),
        }
        if self.no_more_send {
            // Closed before the handshake was complete.
            let (next, fin) = self.state.on_close();
            self.state = next;
            if fin {
                self.send_fin(cx);
            }
        }
    }

    /// The handshake is complete on our side: first windows (`tcp_init_transfer`).
    pub(super) fn start_transfer(&mut self, cx: &Context<'_>) {
        if self.recovery.total_resent > 1 && self.recovery.undo_marker.is_some() {
            self.congestion.window = 1;
        }
        self.congestion.stamp(cx.now);
        self.rtt.seed(self.known_rtt8);
        self.window.established(self.advmss, self.rcv.nxt, cx.now);
        self.expand_send_buffer();
        let opens = self.snd.probed_mtu.is_some();
        self.start_mtu_probing(cx, opens);
    }

    /// FIN-WAIT-1 becomes FIN-WAIT-2. True if the segment needs nothing more.
    fn our_fin_acknowledged(&mut self, cx: &mut Context<'_>, segment: &Arrived<'_>) -> bool {
        self.state = State::FinWait2;
        self.no_more_send = true;
        if !self.orphan {
            return false;
        }
        if segment.brings_data_after(self.rcv.nxt) {
            self.done(cx, None);
            send_reset(cx, segment.ip, segment.tcp);
            cx.discard(TcpDrop::Closed);
            return true;
        }
        let lasts = self.fin_time(cx);
        if lasts > TIME_WAIT_LEN {
            self.timers.keepalive.set(cx, self.id, TcpTimer::KeepAlive, cx.now + (lasts - TIME_WAIT_LEN));
            false
        } else if segment.tcp.flags.fin() {
            self.timers.keepalive.set(cx, self.id, TcpTimer::KeepAlive, cx.now + lasts);
            false
        } else {
            self.enter_fin_wait2_without_application(cx, lasts);
            true
        }
    }
}
