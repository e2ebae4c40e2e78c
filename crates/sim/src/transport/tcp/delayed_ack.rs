//! When a segment is acknowledged: at once, with data going the other way, or after a while
//! (RFC 9293 section 3.8.6.3, RFC 5681 section 4.2).
//!
//! Linux acknowledges the first segments of a connection at once ("quick"), then waits up to 40 ms for data of its own,
//! as soon as the conversation goes to and fro ("ping-pong").

use super::TcpTimer;
use super::context::Context;
use super::segment_out::{Origin, Outgoing};
use super::socket::Connection;
use super::state::State;
use crate::time::SimTime;
use crate::trace::PacketId;
use roundtrip_wire::TcpFlags;

/// Shortest delay of an acknowledgement.
const DELAY_MIN: SimTime = SimTime::from_millis(40);
/// Longest delay of an acknowledgement.
const DELAY_MAX: SimTime = SimTime::from_millis(200);
/// Longest delay that the rule about the retransmission timeout leaves: one jiffy less than its minimum.
const DELAY_LIMIT: SimTime = SimTime::from_millis(196);
/// Most acknowledgements sent at once before the first delayed one.
pub(super) const MAX_QUICK: u32 = 16;
/// Replies that make a conversation interactive (`tcp_pingpong_thresh`).
const PING_PONG: u8 = 1;
/// Duplicate acknowledgements sent at once before they are held back.
const DUPLICATES_AT_ONCE: u32 = 3;
/// Duplicate acknowledgements held back at most (`tcp_comp_sack_nr`).
const HELD_BACK_MAX: u32 = 44;
/// They are held back at most this long (`tcp_comp_sack_delay_ns`).
const HELD_BACK_FOR: SimTime = SimTime::from_millis(1);

/// The state of acknowledging.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AckEngine {
    /// Something is to be acknowledged.
    pub(super) scheduled: bool,
    /// At once.
    pub(super) now: bool,
    /// A small segment came.
    pushed: bool,
    /// Two of them.
    pushed_twice: bool,
    /// The receive queue could not take a segment.
    pub(super) no_memory: bool,
    /// Acknowledgements still to be sent at once.
    pub(super) quick: u32,
    ping_pong: u8,
    /// Delay of the next one (ATO); zero before any data came.
    ato: SimTime,
    /// When data last came.
    pub(super) data_at: SimTime,
    /// Guess of the size of full segments that come, in bytes.
    pub(super) rcv_mss: u32,
    last_size: u32,
    /// What will be acknowledged.
    cause: Option<PacketId>,
    /// Duplicate acknowledgements held back.
    held_back: u32,
    duplicates: u32,
    /// RCV.NXT for which `duplicates` counts.
    duplicates_at: u32,
}

impl AckEngine {
    /// The conversation is interactive: acknowledgements ride on data.
    pub(super) const fn in_ping_pong(&self) -> bool {
        self.ping_pong >= PING_PONG
    }

    pub(super) const fn enter_ping_pong(&mut self) {
        self.ping_pong = PING_PONG;
    }

    /// Data was sent.
    pub(super) fn data_sent(&mut self, now: SimTime) {
        if now.since(self.data_at) < self.ato {
            self.ping_pong = self.ping_pong.saturating_add(1);
        }
    }

    /// Something came that will be acknowledged sooner or later.
    pub(super) const fn schedule(&mut self, cause: Option<PacketId>) {
        self.scheduled = true;
        if cause.is_some() {
            self.cause = cause;
        }
    }

    fn raise_quick(&mut self, window: u32, most: u32) {
        let quick = window.checked_div(2 * self.rcv_mss).unwrap_or(0);
        let quick = if quick == 0 { 2 } else { quick };
        self.quick = self.quick.max(quick.min(most));
    }

    /// Something is odd: the next ones go out at once.
    pub(super) fn enter_quick(&mut self, window: u32) {
        self.raise_quick(window, MAX_QUICK);
        self.ping_pong = 0;
        self.ato = DELAY_MIN;
    }

    const fn in_quick(&self) -> bool {
        self.quick > 0 && !self.in_ping_pong()
    }
}

impl Connection {
    /// An acknowledgement has gone out, alone or with data.
    pub(super) const fn ack_sent(&mut self) {
        let ack = &mut self.ack;
        ack.held_back = 0;
        self.timers.compressed_ack.stop();
        if ack.quick > 0 && ack.scheduled {
            ack.quick -= 1;
            if ack.quick == 0 {
                ack.ato = DELAY_MIN;
            }
        }
        ack.scheduled = false;
        ack.now = false;
        ack.pushed = false;
        ack.pushed_twice = false;
        ack.no_memory = false;
        self.timers.delayed_ack.stop();
    }

    /// Sends an acknowledgement without data.
    pub(super) fn send_ack(&mut self, cx: &mut Context<'_>) {
        if self.state == State::Closed {
            return;
        }
        let parent = cx.cause.or(self.ack.cause);
        let seq = self.acceptable_seq();
        // Without a route there is nothing to be done about it.
        let _ = self.transmit(cx, Outgoing::bare(seq, TcpFlags::ACK, Origin::Answer(parent)));
    }

    /// Learns from a data segment how large full segments are, and whether it was a small one.
    pub(super) fn measure_rcv_mss(&mut self, len: u32, header: u32, flags: TcpFlags) {
        let last = self.ack.last_size;
        self.ack.last_size = 0;
        if len >= self.ack.rcv_mss {
            if len != self.ack.rcv_mss {
                self.window.learn_ratio(len);
            }
            self.ack.rcv_mss = len.min(self.advmss);
            if flags.contains(TcpFlags::PSH) {
                self.ack.pushed = true;
            }
            return;
        }
        let whole = len.saturating_add(header);
        let plain = !flags.contains(TcpFlags::PSH) && !flags.fin() && !flags.syn() && !flags.contains(TcpFlags::URG);
        if whole >= 536 + 20 || (whole >= 88 + 20 && plain) {
            let size = whole.saturating_sub(self.snd.header);
            self.ack.last_size = size;
            if size == last {
                self.ack.rcv_mss = size;
                return;
            }
        }
        if self.ack.pushed {
            self.ack.pushed_twice = true;
        }
        self.ack.pushed = true;
    }

    /// Data came in order (`tcp_event_data_recv`).
    pub(super) fn data_received(&mut self, cx: &Context<'_>, len: u32, header: u32, flags: TcpFlags) {
        self.ack.schedule(cx.cause);
        self.measure_rcv_mss(len, header, flags);
        self.window.rtt_by_window(self.rcv.nxt, cx.now);
        let wnd = self.window.wnd;
        if self.ack.ato == SimTime::ZERO {
            self.ack.raise_quick(wnd, MAX_QUICK);
            self.ack.ato = DELAY_MIN;
        } else {
            let gap = cx.now.since(self.ack.data_at);
            if gap <= DELAY_MIN.divided_by(2) {
                self.ack.ato = self.ack.ato.divided_by(2) + DELAY_MIN.divided_by(2);
            } else if gap < self.ack.ato {
                self.ack.ato = (self.ack.ato.divided_by(2) + gap).min(self.rtt.rto).min(DELAY_MAX);
            } else if gap > self.rtt.rto {
                self.ack.raise_quick(wnd, MAX_QUICK);
            }
        }
        self.ack.data_at = cx.now;
        if len >= 128 {
            self.grow_window(len);
        }
    }

    /// Offers more, if a segment of this size is worth it.
    pub(super) fn grow_window(&mut self, len: u32) {
        if self.window.grow(len, self.advmss, self.ack.rcv_mss) {
            self.ack.quick |= 1;
        }
    }

    /// A segment has been dealt with: is an acknowledgement due? (`tcp_ack_snd_check`)
    pub(super) fn check_ack(&mut self, cx: &mut Context<'_>) {
        if !self.ack.scheduled {
            return;
        }
        let unacked = self.rcv.nxt.since(self.rcv.wup);
        let more_than_one = unacked > self.ack.rcv_mss && {
            let candidate = self.candidate_window();
            self.rcv.nxt.since(self.rcv.copied) < 1 || candidate >= self.window.wnd
        };
        if more_than_one || self.ack.in_quick() || self.ack.now {
            self.send_ack(cx);
        } else if self.rcv.early.is_empty() {
            self.delay_ack(cx);
        } else {
            self.duplicate_ack(cx);
        }
    }

    /// Acknowledges a segment beyond a gap: the first three at once, then with a pause between.
    fn duplicate_ack(&mut self, cx: &mut Context<'_>) {
        if !self.options.sack || self.ack.held_back >= HELD_BACK_MAX {
            self.send_ack(cx);
            return;
        }
        if self.ack.duplicates_at != self.rcv.nxt.0 {
            self.ack.duplicates_at = self.rcv.nxt.0;
            self.ack.duplicates = 0;
        }
        if self.ack.duplicates < DUPLICATES_AT_ONCE {
            self.ack.duplicates += 1;
            self.send_ack(cx);
            return;
        }
        self.ack.held_back += 1;
        if self.timers.compressed_ack.deadline().is_some() {
            return;
        }
        let mut rtt8 = self.window.rtt8();
        if self.rtt.is_known() {
            rtt8 = rtt8.min(self.rtt.smoothed8());
        }
        let delay = SimTime::from_nanos(rtt8.saturating_mul(1_000 / 8) / 20).min(HELD_BACK_FOR);
        self.timers.compressed_ack.set(cx, self.id, TcpTimer::CompressedAck, cx.now + delay);
    }

    /// Lets held-back acknowledgements out as one.
    pub(super) fn release_held_back(&mut self, cx: &mut Context<'_>) {
        if self.ack.held_back > 0 {
            self.timers.compressed_ack.stop();
            self.ack.held_back = 0;
            self.send_ack(cx);
        }
    }

    /// Waits for data to carry the acknowledgement (`tcp_send_delayed_ack`).
    fn delay_ack(&mut self, cx: &mut Context<'_>) {
        let mut ato = self.ack.ato;
        if ato > DELAY_MIN {
            let mut most = if self.ack.in_ping_pong() || self.ack.pushed { DELAY_MAX } else { SimTime::from_millis(500) };
            if self.rtt.is_known() {
                most = most.min(super::context::jiffies(self.rtt.smoothed()).max(DELAY_MIN));
            }
            ato = ato.min(most);
        }
        ato = ato.min(DELAY_LIMIT);
        let mut at = cx.now + ato;
        if let Some(running) = self.timers.delayed_ack.deadline() {
            if running <= cx.now + ato.divided_by(4) {
                self.send_ack(cx);
                return;
            }
            at = at.min(running);
        }
        self.ack.scheduled = true;
        self.timers.delayed_ack.set(cx, self.id, TcpTimer::DelayedAck, at);
    }

    /// The delay is over without data of our own.
    pub(super) fn delayed_ack_due(&mut self, cx: &mut Context<'_>) {
        if self.ack.held_back > 0 {
            self.release_held_back(cx);
            return;
        }
        if self.ack.scheduled {
            if self.ack.in_ping_pong() {
                self.ack.ping_pong = 0;
                self.ack.ato = DELAY_MIN;
            } else {
                self.ack.ato = self.ack.ato.times(2).min(self.rtt.rto).min(DELAY_MAX);
            }
            self.send_ack(cx);
        }
    }

    /// The handshake's last ACK waits for data that is already written: it will carry it.
    pub(super) fn expect_data_with_ack(&mut self, cx: &mut Context<'_>) {
        self.ack.schedule(cx.cause);
        let wnd = self.window.wnd;
        self.ack.enter_quick(wnd);
        self.timers.delayed_ack.set(cx, self.id, TcpTimer::DelayedAck, cx.now + DELAY_MAX);
    }

    /// The application has read `copied` bytes: acknowledge them now? (`tcp_cleanup_rbuf`)
    pub(super) fn after_read(&mut self, cx: &mut Context<'_>, copied: u32) {
        let drained = copied > 0 && self.window.used == 0;
        let ack = &self.ack;
        let due = ack.scheduled
            && (self.rcv.nxt.since(self.rcv.wup) > ack.rcv_mss || (drained && (ack.pushed_twice || (ack.pushed && !ack.in_ping_pong()))));
        if due || (copied > 0 && !self.no_more_recv && self.window_update_due()) {
            self.send_ack(cx);
        }
    }
}
