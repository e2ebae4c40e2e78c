//! What goes out: segments of the right size, at the right time (RFC 9293 sections 3.7 and 3.8).

use super::context::Context;
use super::seq::Seq;
use super::socket::{Connection, DEFAULT_MSS, Pending, Sent, Unsent};
use super::state::State;
use super::{TcpEvent, TcpOut};
use crate::trace::{Errno, PacketId, Why};
use roundtrip_wire::{Payload, Tcp, TcpFlags};

/// Bytes that one stretch may hold at most (the device's `gso_max_size` less the headers).
const STRETCH_MAX: u32 = 65_215;
/// Smallest stretch that pacing leaves, in segments (`tcp_min_tso_segs`).
const STRETCH_MIN: u32 = 2;
/// Smallest sending MSS (`tcp_min_snd_mss` less the options of every segment), in bytes.
const MIN_SND_MSS: u32 = 48;

/// Where a segment comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Data, SYN or FIN, for the first time.
    First,
    /// For another time.
    Again,
    /// It answers an arriving packet.
    Answer(Option<PacketId>),
    /// The application's RST.
    Application,
    /// A timer's own idea.
    Timer,
}

/// A segment about to leave, or several that share a header.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    pub(super) seq: Seq,
    pub(super) flags: TcpFlags,
    pub(super) payload: Payload,
    /// Data bytes of each segment.
    pub(super) mss: u32,
    pub(super) origin: Origin,
}

impl Outgoing {
    /// A segment without data.
    pub(super) const fn bare(seq: Seq, flags: TcpFlags, origin: Origin) -> Self {
        Self { seq, flags, payload: Payload::EMPTY, mss: u32::MAX, origin }
    }
}

/// How the Nagle rule applies (RFC 9293 section 3.7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nagle {
    /// It does.
    On,
    /// Small segments may leave although others are unacknowledged.
    Off,
    /// Everything must leave.
    Push,
}

/// How much [`Connection::write_xmit`] may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// As much as the windows allow.
    All,
    /// One stretch.
    One,
    /// One segment, even beyond the congestion window.
    Probe,
}

impl Connection {
    /// Puts segments on their way. They are handed over even without a route; the error says that there was none.
    pub(super) fn transmit(&mut self, cx: &mut Context<'_>, outgoing: Outgoing) -> Result<(), Errno> {
        let route = cx.env.route(self.local.address, self.remote.address);
        let flags = outgoing.flags;
        let (options, window) = if flags.syn() {
            let advertised = route.as_ref().map_or(u16::MAX, |route| route.advertised_mtu);
            (self.syn_options(cx, advertised), self.window.wnd.min(u32::from(u16::MAX)) as u16)
        } else {
            (self.usual_options(cx), self.select_window())
        };
        self.snd.last_sent_at = cx.now;
        let size = outgoing.payload.len();
        let mss = outgoing.mss.max(1) as usize;
        let mut start = 0;
        loop {
            let len = (size - start).min(mss);
            let last = start + len == size;
            let seq = outgoing.seq + start as u32;
            let packet = self.identify(cx, seq, outgoing.origin);
            // Of several segments the last one asks for delivery; PSH and FIN are never set before it.
            let mut bits = TcpFlags(flags.0 & !(TcpFlags::PSH.0 | TcpFlags::FIN.0));
            if last {
                bits = flags;
                if start > 0 {
                    bits |= TcpFlags::PSH;
                }
            }
            cx.out.push(TcpOut::Send {
                packet,
                local: self.local,
                remote: self.remote,
                segment: Tcp {
                    src_port: self.local.port,
                    dst_port: self.remote.port,
                    seq: seq.0,
                    ack: if flags.ack() { self.rcv.nxt.0 } else { 0 },
                    flags: bits,
                    window,
                    options: options.clone(),
                    payload: outgoing.payload.slice(start, len),
                },
                df: true,
                ttl: None,
                tos: 0,
                retransmission: outgoing.origin == Origin::Again,
            });
            if last {
                break;
            }
            start += len;
        }
        if flags.ack() {
            self.ack_sent();
        }
        if size > 0 {
            if self.in_flight() == 0 {
                self.congestion.idle_over(cx.now, self.snd.last_data_at);
            }
            self.snd.last_data_at = cx.now;
            self.ack.data_sent(cx.now);
        }
        route.map(|_| ())
    }

    /// The identity of a segment that begins at `seq`.
    fn identify(&mut self, cx: &mut Context<'_>, seq: Seq, origin: Origin) -> PacketId {
        let (why, parent) = match origin {
            Origin::First | Origin::Application => (Why::Application, None),
            Origin::Again => (Why::Retransmission, self.first_carrier(seq)),
            Origin::Answer(Some(parent)) => (Why::Answer, Some(parent)),
            Origin::Answer(None) | Origin::Timer => (Why::Probe, None),
        };
        let packet = cx.env.packet(why, parent, self.action);
        if origin == Origin::First {
            self.snd.origins.push_back((seq, packet));
        }
        packet
    }

    /// The packet that first carried this octet.
    fn first_carrier(&self, seq: Seq) -> Option<PacketId> {
        let after = self.snd.origins.partition_point(|(start, _)| !start.after(seq));
        self.snd.origins.get(after.checked_sub(1)?).map(|(_, packet)| *packet)
    }

    /// SND.NXT, or the end of a window that has shrunk below it.
    pub(super) const fn acceptable_seq(&self) -> Seq {
        let end = self.window_end();
        if !end.before(self.snd.nxt) || (self.options.window_scaling && self.snd.nxt.since(end) < 1 << self.options.rcv_wscale) {
            self.snd.nxt
        } else {
            end
        }
    }

    /// End of the window offered to us.
    pub(super) const fn window_end(&self) -> Seq {
        Seq(self.snd.una.0.wrapping_add(self.snd.wnd))
    }

    /// Segments believed to be in the network.
    pub(super) const fn in_flight(&self) -> u32 {
        let recovery = &self.recovery;
        recovery.out.saturating_sub(recovery.sacked_out + recovery.lost_out) + recovery.resent_out
    }

    /// Data bytes of a segment for this path MTU, not more than half of the largest window (`tcp_sync_mss`).
    pub(super) fn sync_mss(&mut self, mtu: u32) {
        self.snd.mtu = mtu;
        let mss = mtu.saturating_sub(40).min(self.options.mss_clamp).max(MIN_SND_MSS);
        let mss = mss.saturating_sub(self.snd.header - 20);
        self.snd.mss = self.bound_to_half_window(mss);
    }

    fn bound_to_half_window(&self, size: u32) -> u32 {
        let max = self.snd.max_window;
        let cutoff = if max > DEFAULT_MSS { max / 2 } else { max };
        if cutoff > 0 && size > cutoff { cutoff.max(68_u32.saturating_sub(self.snd.header)) } else { size }
    }

    /// Data bytes of the next segment: asks the route again, and leaves room for SACK blocks.
    pub(super) fn current_mss(&mut self, cx: &mut Context<'_>) -> u32 {
        if let Ok(route) = cx.env.route(self.local.address, self.remote.address)
            && u32::from(route.mtu) != self.snd.mtu
        {
            self.sync_mss(u32::from(route.mtu));
        }
        self.snd.mss.saturating_sub(self.sack_len()).max(1)
    }

    /// Bytes that one write may put into one stretch.
    fn stretch_goal(&mut self, mss: u32) -> u32 {
        let wanted = self.bound_to_half_window(STRETCH_MAX);
        let goal = self.snd.stretch.saturating_mul(mss);
        if wanted < goal || wanted >= goal.saturating_add(mss) {
            self.snd.stretch = wanted.checked_div(mss).unwrap_or(1);
        }
        self.snd.stretch.saturating_mul(mss).max(mss)
    }

    /// Segments that one transmission may hold: what the path carries in a millisecond, more on short paths.
    pub(super) fn stretch_segments(&self, mss: u32) -> u32 {
        let mut bytes = self.pacing_rate() >> 10;
        let shift = self.rtt.min().map_or(u64::MAX, |micros| micros >> 9);
        if shift < 32 {
            bytes = bytes.saturating_add(u64::from(STRETCH_MAX) >> shift);
        }
        let bytes = bytes.min(u64::from(STRETCH_MAX)) as u32;
        bytes.checked_div(mss).unwrap_or(0).max(STRETCH_MIN)
    }

    /// Appends what the application writes and sends what may be sent (`tcp_sendmsg`). `data` may be any length.
    pub(super) fn write(&mut self, cx: &mut Context<'_>, data: Payload) {
        let mss = self.current_mss(cx);
        let goal = self.stretch_goal(mss);
        let mut left = data.len() as u32;
        let mut first = true;
        self.snd.bytes.push(data);
        while left > 0 {
            let room = self.snd.queue.back().filter(|last| !last.fin).map_or(0, |last| goal.saturating_sub(last.len()));
            let room = if room == 0 {
                self.congestion_after_idle(cx);
                let seq = self.snd.write;
                self.snd.queue.push_back(Unsent { seq, end: seq, push: false, fin: false });
                goal
            } else {
                room
            };
            let taken = room.min(left);
            left -= taken;
            self.snd.write += taken;
            let write = self.snd.write;
            let only = self.snd.queue.len() == 1;
            let Some(last) = self.snd.queue.back_mut() else { break };
            if first {
                last.push = false;
                first = false;
            }
            last.end = write;
            if left == 0 || last.len() < goal {
                continue;
            }
            if write.after(self.snd.pushed + (self.snd.max_window >> 1)) {
                last.push = true;
                self.snd.pushed = write;
                self.push_pending(cx, Nagle::Push);
            } else if only {
                let mss = self.current_mss(cx);
                self.write_xmit(cx, mss, Nagle::Push, Extent::One);
            }
        }
        if let Some(last) = self.snd.queue.back_mut() {
            last.push = true;
            self.snd.pushed = self.snd.write;
            self.push_pending(cx, Nagle::On);
        }
    }

    /// Sends what may be sent; if nothing is under way and nothing may be sent, probes the window in a while.
    pub(super) fn push_pending(&mut self, cx: &mut Context<'_>, nagle: Nagle) {
        if self.state == State::Closed || self.state == State::SynSent || self.snd.queue.is_empty() {
            return;
        }
        let mss = self.current_mss(cx);
        if self.write_xmit(cx, mss, nagle, Extent::All) {
            self.start_window_probe(cx);
        }
    }

    /// Segments of the first unsent stretch that the congestion window admits, at most half of it.
    fn quota(&self) -> u32 {
        let (window, flying) = (self.congestion.window, self.in_flight());
        if flying >= window { 0 } else { (window / 2).max(1).min(window - flying) }
    }

    /// Sends unsent data as far as windows, congestion and the Nagle rule allow. True if nothing is under way
    /// and nothing could be sent.
    pub(super) fn write_xmit(&mut self, cx: &mut Context<'_>, mss: u32, nagle: Nagle, extent: Extent) -> bool {
        let most = self.stretch_segments(mss);
        let mut sent = 0;
        let mut limited = false;
        while let Some(mut head) = self.snd.queue.front().copied() {
            let mut quota = self.quota();
            if quota == 0 {
                if extent != Extent::Probe {
                    break;
                }
                quota = 1;
            }
            quota = quota.min(most);
            self.fill_stretch(quota.saturating_mul(mss));
            if let Some(filled) = self.snd.queue.front() {
                head = *filled;
            }
            let segments = head.len().div_ceil(mss).max(1);
            let first_end = if head.len() > mss { head.seq + mss } else { head.end };
            if first_end.after(self.window_end()) {
                break;
            }
            let last = self.snd.queue.len() == 1;
            if segments == 1 {
                let rule = if last { nagle } else { Nagle::Push };
                if self.nagle_holds(&head, mss, rule) {
                    break;
                }
            } else if extent == Extent::All && self.should_defer(cx, &head, most, last, &mut limited) {
                break;
            }
            let take = if segments > 1 { self.split_point(&head, mss, quota, nagle, last) } else { mss };
            if head.seq == head.end || !self.send_stretch(cx, take.min(head.len()), mss, &mut sent) {
                break;
            }
            if extent != Extent::All {
                break;
            }
        }
        limited |= self.in_flight() >= self.congestion.window;
        if sent > 0 || limited {
            self.validate_window(cx, limited);
        }
        if sent > 0 {
            self.recovery_sent(sent);
            if extent != Extent::Probe {
                self.schedule_loss_probe(cx, false);
            }
            return false;
        }
        self.snd.rtx.is_empty() && !self.snd.queue.is_empty()
    }

    /// Moves data from the second unsent stretch into the first, if that is smaller than could be sent.
    fn fill_stretch(&mut self, size: u32) {
        let Some(first) = self.snd.queue.front().copied() else { return };
        let missing = size.saturating_sub(first.len());
        let Some(second) = self.snd.queue.get(1).copied().filter(|_| missing > 0 && !first.fin) else { return };
        let moved = missing.min(second.len());
        if moved == 0 {
            return;
        }
        let whole = moved == second.len();
        if let Some(first) = self.snd.queue.front_mut() {
            first.end += moved;
            if whole {
                first.end = second.end;
                first.push |= second.push;
                first.fin |= second.fin;
            }
        }
        if whole {
            self.snd.queue.remove(1);
        } else if let Some(second) = self.snd.queue.get_mut(1) {
            second.seq += moved;
        }
    }

    /// The Nagle rule in Minshall's form: a small segment waits as long as another small one is unacknowledged.
    fn nagle_holds(&self, head: &Unsent, mss: u32, nagle: Nagle) -> bool {
        nagle != Nagle::Push && !head.fin && self.small_must_wait(head.len() < mss, nagle)
    }

    fn small_must_wait(&self, partial: bool, nagle: Nagle) -> bool {
        let small = self.snd.small;
        partial && nagle == Nagle::On && !self.snd.rtx.is_empty() && small.after(self.snd.una) && !small.after(self.snd.nxt)
    }

    /// Bytes of a stretch of several segments that can be sent right away.
    fn split_point(&self, head: &Unsent, mss: u32, quota: u32, nagle: Nagle, last: bool) -> u32 {
        let window = self.window_end().since(head.seq);
        let most = mss.saturating_mul(quota);
        if most <= window && !last {
            return most;
        }
        let needed = head.len().min(window);
        if most <= needed {
            return most;
        }
        let partial = needed.checked_rem(mss).unwrap_or(0);
        if self.small_must_wait(partial != 0, nagle) { needed - partial } else { needed }
    }

    /// Sends the first `take` bytes of the unsent data. False if there was no route.
    fn send_stretch(&mut self, cx: &mut Context<'_>, take: u32, mss: u32, sent: &mut u32) -> bool {
        let Some(head) = self.snd.queue.front().copied() else { return false };
        let whole = take == head.len();
        let fin = head.fin && whole;
        let mut stretch = Sent {
            seq: head.seq,
            end: head.seq + take + u32::from(fin),
            syn: false,
            ack: true,
            push: head.push && whole,
            fin,
            mss,
            count: 1,
            sent_at: cx.now,
            sacked: false,
            lost: false,
            resent: false,
            ever_resent: false,
            delivered: self.recovery.delivered,
        };
        stretch.divide(mss);
        let outgoing = Outgoing {
            seq: stretch.seq,
            flags: data_flags(stretch.push, fin),
            payload: self.snd.bytes.get(stretch.seq, take),
            mss,
            origin: Origin::First,
        };
        if self.transmit(cx, outgoing).is_err() {
            return false;
        }
        let was_idle = self.snd.rtx.is_empty();
        self.cut_head(stretch.end);
        self.snd.nxt = stretch.end;
        self.snd.rtx.push_back(stretch);
        self.recovery.out += stretch.count;
        *sent += stretch.count;
        if was_idle || self.timers.pending == Some(Pending::LossProbe) {
            self.rearm_rto(cx);
        }
        if take < stretch.count.saturating_mul(mss) {
            self.snd.small = stretch.end;
        }
        true
    }

    /// Everything before `to` is no longer unsent.
    fn cut_head(&mut self, to: Seq) {
        if let Some(head) = self.snd.queue.front_mut() {
            if head.end == to {
                self.snd.queue.pop_front();
            } else {
                head.seq = to;
            }
        }
    }

    /// Queues a FIN after all data and sends what may be sent (`tcp_send_fin`).
    pub(super) fn send_fin(&mut self, cx: &mut Context<'_>) {
        let seq = self.snd.write;
        self.snd.write += 1;
        if let Some(last) = self.snd.queue.back_mut() {
            last.fin = true;
            last.end += 1;
        } else {
            self.snd.queue.push_back(Unsent { seq, end: seq + 1, push: false, fin: true });
        }
        self.push_pending(cx, Nagle::Off);
    }

    /// Resets the connection: one RST,ACK with the next sequence number (RFC 9293 section 3.10.5).
    pub(super) fn send_active_reset(&mut self, cx: &mut Context<'_>, origin: Origin) {
        let seq = self.acceptable_seq();
        // Whether there is a route makes no difference to a connection that ends here.
        let _ = self.transmit(cx, Outgoing::bare(seq, TcpFlags::RST | TcpFlags::ACK, origin));
    }

    /// Room for writing, if data takes as much memory as full segments do.
    pub(super) fn send_space(&self) -> u32 {
        self.snd.sndbuf.saturating_sub(self.send_memory())
    }

    fn send_memory(&self) -> u32 {
        let bytes = self.snd.write.since(self.snd.una);
        let pieces = (self.snd.queue.len() + self.snd.rtx.len()) as u32;
        bytes.saturating_add(pieces.saturating_mul(PIECE_MEMORY))
    }

    /// Tells an application that waits for room once a third of the buffer is free.
    pub(super) fn check_space(&mut self, cx: &mut Context<'_>) {
        if self.snd.starved && self.send_space() >= self.send_memory() / 2 {
            self.snd.starved = false;
            cx.tell(self.id, TcpEvent::Writable);
        }
    }
}

/// Memory that the description of a piece of unsent or unacknowledged data takes.
const PIECE_MEMORY: u32 = 1_280;

/// Control bits of a data segment.
pub(super) fn data_flags(push: bool, fin: bool) -> TcpFlags {
    let mut flags = TcpFlags::ACK;
    if push {
        flags |= TcpFlags::PSH;
    }
    if fin {
        flags |= TcpFlags::FIN;
    }
    flags
}

impl Connection {
    /// Sends `len` bytes of the first unsent stretch, however few, with PSH (`tcp_write_wakeup`).
    pub(super) fn send_small(&mut self, cx: &mut Context<'_>, len: u32, mss: u32) {
        let Some(head) = self.snd.queue.front_mut() else { return };
        head.push = true;
        let take = len.min(head.len());
        let mut sent = 0;
        self.send_stretch(cx, take, mss, &mut sent);
        if let Some(last) = self.snd.rtx.back_mut() {
            last.push = true;
        }
    }
}
