//! The receive window: how much we offer (RFC 9293 section 3.8.6.2).
//!
//! Linux counts memory, not bytes: a segment costs its buffer, and what is left is offered as far as experience says
//! that it can be filled. The offer begins small, grows with each full segment, and never shrinks.

use super::context::Context;
use super::segment_in::LONGEST_ECHO;
use super::seq::Seq;
use super::socket::{Connection, DEFAULT_MSS};
use crate::sysctl::Sysctl;
use crate::time::SimTime;

/// Receive buffer of a new socket, in bytes of memory (`tcp_rmem`, middle value).
const RCVBUF: u32 = 131_072;
/// Largest receive buffer (`tcp_rmem`, last value).
const RCVBUF_MAX: u32 = 33_554_432;
/// Largest shift of the window scale option (RFC 7323 section 2.3).
const MAX_WSCALE: u32 = 14;
/// Segments of the first flight (RFC 6928).
const INITIAL_SEGMENTS: u32 = 10;

/// Memory that a received segment of `len` bytes takes: its buffer, of one of the allocator's sizes with room for the
/// headers, and the kernel's description of it. Measured with `ss -m`.
pub(super) const fn memory_of(len: u32) -> u32 {
    DESCRIPTION + buffer_of(len)
}

/// Room that is left in the buffer of a segment of `len` bytes: what comes next is copied there if it fits.
pub(super) const fn tail_room(len: u32) -> u32 {
    buffer_of(len).saturating_sub(SHARED + HEADERS + len)
}

const fn buffer_of(len: u32) -> u32 {
    let buffer = (len + HEADERS).next_multiple_of(64) + SHARED;
    if buffer <= SMALL { SMALL } else { buffer.next_power_of_two() }
}

/// Bytes of a buffer before the data: headers of all layers and what the driver reserves.
const HEADERS: u32 = 82;
/// Bytes of a buffer after the data (`skb_shared_info`).
const SHARED: u32 = 320;
/// Bytes of the description (`sk_buff`).
const DESCRIPTION: u32 = 256;
/// Bytes of the smallest buffer.
const SMALL: u32 = 640;

/// The state of the offer.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReceiveWindow {
    /// RCV.WND as last offered, from RCV.WUP on.
    pub(super) wnd: u32,
    /// What may be offered at present.
    threshold: u32,
    /// What may be offered at most.
    clamp: u32,
    /// Memory for the receive queue.
    rcvbuf: u32,
    /// Bytes of data to be expected in 256 bytes of memory.
    ratio: u32,
    /// Memory in use.
    pub(super) used: u32,
    /// Eight times the round trip as the receiver sees it, in microseconds.
    rtt8: u64,
    /// The last echoed timestamp that was looked at.
    echoed: Option<u32>,
    /// Where and when the next round trip of a receiver without timestamps ends.
    round: Option<(Seq, SimTime)>,
    /// Bytes that the application took in the last round trip.
    space: u32,
    /// Since where and when they are counted.
    since: (Seq, SimTime),
}

impl Default for ReceiveWindow {
    fn default() -> Self {
        Self {
            wnd: 0,
            threshold: 0,
            clamp: 0,
            rcvbuf: RCVBUF,
            ratio: 128,
            used: 0,
            rtt8: 0,
            echoed: None,
            round: None,
            space: 0,
            since: (Seq::default(), SimTime::ZERO),
        }
    }
}

/// The first offer: window, shift, and largest offer that the shift can express.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FirstOffer {
    pub(super) wnd: u32,
    pub(super) wscale: u8,
    pub(super) clamp: u32,
}

/// The first offer to a peer whose segments carry `mss` bytes.
pub(super) fn first_offer(cx: &Context<'_>, mss: u32, scaling: bool) -> FirstOffer {
    let space = RCVBUF / 2;
    let wnd = if mss > 0 && space > mss { space - space % mss } else { space };
    let wscale =
        if scaling && cx.sysctl(Sysctl::TcpWindowScaling) != 0 { RCVBUF_MAX.ilog2().saturating_sub(15).min(MAX_WSCALE) } else { 0 };
    FirstOffer { wnd, wscale: wscale as u8, clamp: u32::from(u16::MAX) << wscale }
}

const fn align(value: u32, shift: u8) -> u32 {
    let mask = (1_u32 << shift) - 1;
    value.saturating_add(mask) & !mask
}

impl ReceiveWindow {
    pub(super) const fn open(&mut self, offer: FirstOffer) {
        self.wnd = offer.wnd;
        self.threshold = offer.wnd;
        self.clamp = offer.clamp;
    }

    /// The peer does not scale: nothing above 65535 can be said.
    pub(super) fn unscaled(&mut self) {
        self.clamp = self.clamp.min(u32::from(u16::MAX));
    }

    fn bytes_in(&self, memory: u32) -> u32 {
        u32::try_from(u64::from(memory) * u64::from(self.ratio) / 256).unwrap_or(u32::MAX)
    }

    fn full_space(&self) -> u32 {
        self.bytes_in(self.rcvbuf)
    }

    fn free_space(&self) -> u32 {
        self.bytes_in(self.rcvbuf.saturating_sub(self.used))
    }

    /// The handshake is complete (`tcp_init_buffer_space`).
    pub(super) fn established(&mut self, advmss: u32, copied: Seq, now: SimTime) {
        let most = self.full_space();
        if self.clamp >= most {
            self.clamp = most;
        }
        self.threshold = self.threshold.min(self.clamp);
        self.space = self.threshold.min(self.wnd).min(INITIAL_SEGMENTS.saturating_mul(advmss));
        self.since = (copied, now);
    }

    /// There is no room at all for another segment.
    pub(super) const fn is_full(&self) -> bool {
        self.used > self.rcvbuf
    }

    /// The receive queue has outgrown its memory: make it larger once, then offer less.
    pub(super) fn overrun(&mut self, advmss: u32) {
        if self.rcvbuf < RCVBUF_MAX {
            self.rcvbuf = self.used.min(RCVBUF_MAX);
        }
        if self.used > self.rcvbuf {
            self.threshold = self.clamp.min(2 * advmss);
        }
    }

    /// A larger segment than ever came: now we know better how much fits into our memory.
    pub(super) fn learn_ratio(&mut self, len: u32) {
        let ratio = (u64::from(len) * 256).checked_div(u64::from(memory_of(len))).unwrap_or(1).clamp(1, 255) as u32;
        if ratio != self.ratio {
            self.ratio = ratio;
            let before = self.clamp;
            self.clamp = self.full_space();
            // What has been offered already is offered on (kernel: `tcp_set_window_clamp`).
            if self.clamp < before {
                self.threshold = self.threshold.min(self.clamp);
            } else if self.clamp > before {
                self.threshold = self.threshold.max(self.wnd.min(self.clamp));
            }
            self.space = self.space.min(self.clamp);
        }
    }

    /// A segment of `len` bytes came that is worth offering more for. True if the offer grew.
    pub(super) fn grow(&mut self, len: u32, advmss: u32, rcv_mss: u32) -> bool {
        let room = self.clamp.min(self.free_space()).saturating_sub(self.threshold);
        if room == 0 || len == 0 {
            return false;
        }
        let cost = self.bytes_in(memory_of(len));
        let step = if cost <= len {
            2 * advmss
        } else {
            // A wasteful segment earns something only as long as the offer is small.
            let (mut cost, mut limit) = (cost / 2, self.bytes_in(RCVBUF_MAX) / 2);
            loop {
                if self.threshold > limit {
                    break 0;
                }
                if cost <= len {
                    break 2 * rcv_mss;
                }
                (cost, limit) = (cost / 2, limit / 2);
            }
        };
        if step == 0 {
            return false;
        }
        self.threshold = self.threshold.saturating_add(room.min(step.max(2 * len)));
        true
    }

    /// This echoed timestamp was not seen before.
    pub(super) fn echo_is_new(&mut self, echoed: u32) -> bool {
        self.echoed.replace(echoed) != Some(echoed)
    }

    /// A round trip as timestamps show it, in milliseconds; shorter ones do not count.
    pub(super) fn rtt_by_timestamp(&mut self, millis: u32) {
        if (1..LONGEST_ECHO).contains(&millis) {
            self.rtt_sample(u64::from(millis) * 1_000, false);
        }
    }

    /// A round trip as the window shows it: one offer was filled.
    pub(super) fn rtt_by_window(&mut self, nxt: Seq, now: SimTime) {
        if let Some((end, began)) = self.round {
            if nxt.before(end) {
                return;
            }
            self.rtt_sample(now.since(began).as_micros().max(1), true);
        }
        self.round = Some((nxt + self.wnd, now));
    }

    const fn rtt_sample(&mut self, micros: u64, by_window: bool) {
        let sample = micros.saturating_mul(8);
        if self.rtt8 == 0 || sample < self.rtt8 {
            self.rtt8 = sample;
        } else if !by_window {
            self.rtt8 = self.rtt8 - self.rtt8 / 8 + micros;
        }
    }

    /// Eight times the round trip as the receiver sees it, in microseconds; 0 if not known.
    pub(super) const fn rtt8(&self) -> u64 {
        self.rtt8
    }

    /// The application has read up to `copied`: if it reads fast, the buffer grows (dynamic right-sizing).
    pub(super) fn consumed(&mut self, copied: Seq, nxt: Seq, advmss: u32, now: SimTime) {
        let (from, began) = self.since;
        if self.rtt8 == 0 || now.since(began).as_micros() < self.rtt8 / 8 {
            return;
        }
        let taken = copied.since(from).saturating_sub(nxt.since(copied));
        if taken > self.space {
            let wanted = (u64::from(taken) * 2).saturating_add(16 * u64::from(advmss));
            let growth =
                wanted.saturating_mul(u64::from(taken - self.space)).checked_div(u64::from(self.space)).unwrap_or(0).saturating_mul(2);
            let memory = wanted.saturating_add(growth).saturating_mul(256).checked_div(u64::from(self.ratio)).unwrap_or(0);
            let memory = u32::try_from(memory).unwrap_or(u32::MAX).min(RCVBUF_MAX);
            if memory > self.rcvbuf {
                self.rcvbuf = memory;
                self.clamp = self.full_space();
            }
            self.space = taken;
        }
        self.since = (copied, now);
    }
}

impl Connection {
    /// RCV.WND, counted from RCV.NXT on.
    pub(super) const fn receive_window(&self) -> u32 {
        let (nxt, wup) = (self.rcv.nxt, self.rcv.wup);
        self.window.wnd.saturating_sub(nxt.since(wup))
    }

    /// What could be offered now (`__tcp_select_window`).
    pub(super) fn candidate_window(&mut self) -> u32 {
        let window = &self.window;
        let wscale = self.options.rcv_wscale;
        let full = window.clamp.min(window.full_space());
        let mss = self.ack.rcv_mss.max(1).min(full);
        if mss == 0 {
            return 0;
        }
        let mut free = window.free_space();
        if free < full / 2 {
            self.ack.quick = 0;
            free &= !((1 << wscale) - 1);
            if free < window.full_space() / 16 || free < mss {
                return 0;
            }
        }
        free = free.min(window.threshold);
        if wscale > 0 {
            align(free, wscale)
        } else if window.wnd <= free.saturating_sub(mss) || window.wnd > free {
            free - free % mss
        } else if mss == full && free > window.wnd.saturating_add(full / 2) {
            free
        } else {
            window.wnd
        }
    }

    /// Decides on the window of an outgoing segment and returns it as it goes on the wire.
    pub(super) fn select_window(&mut self) -> u16 {
        let wscale = self.options.rcv_wscale;
        if self.ack.no_memory {
            self.window.wnd = 0;
            self.rcv.wup = self.rcv.nxt;
            return 0;
        }
        let current = self.receive_window();
        let mut wnd = self.candidate_window();
        if wnd < current {
            // What was offered once is not taken back.
            wnd = align(current, wscale);
        }
        self.window.wnd = wnd;
        self.rcv.wup = self.rcv.nxt;
        (wnd.min(u32::from(u16::MAX) << wscale) >> wscale) as u16
    }

    /// A first guess at the size of the segments that will come.
    pub(super) fn guess_rcv_mss(&mut self) {
        self.ack.rcv_mss = self.advmss.min(self.snd.mss).min(self.window.wnd / 2).clamp(88, DEFAULT_MSS);
    }

    /// True if the window may be opened by much and that is worth a segment (`tcp_cleanup_rbuf`).
    pub(super) fn window_update_due(&mut self) -> bool {
        let now = self.receive_window();
        if now.saturating_mul(2) > self.window.clamp {
            return false;
        }
        let candidate = self.candidate_window();
        candidate > 0 && candidate >= now.saturating_mul(2)
    }
}
