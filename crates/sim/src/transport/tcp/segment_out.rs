//! What goes out: segments of the right size, at the right time (RFC 9293 sections 3.7 and 3.8).

use super::TcpOut;
use super::context::Context;
use super::seq::Seq;
use super::socket::{Connection, Pending, Sent, Unsent};
use super::state::State;
use crate::time::SimTime;
use crate::trace::{Errno, PacketId, Why};
use roundtrip_wire::{Payload, Tcp, TcpFlags, TcpOptions};

/// Bytes that one stretch may hold at most (the device's `gso_max_size` less the headers).
pub(super) const STRETCH_MAX: u32 = 65_215;
/// Smallest stretch that pacing leaves, in segments (`tcp_min_tso_segs`).
const STRETCH_MIN: u32 = 2;

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
    /// Puts segments on their way and returns the identity of the last. They are handed over even without a route; the
    /// error says that there was none.
    pub(super) fn transmit(&mut self, cx: &mut Context<'_>, outgoing: Outgoing) -> Result<PacketId, Errno> {
        let route = self.look_route_up(cx);
        let flags = outgoing.flags;
        let (options, window) = if flags.syn() {
            let advertised = route.as_ref().map_or(u16::MAX, |route| route.advertised_mtu);
            (self.syn_options(cx, advertised), self.window.wnd.min(u32::from(u16::MAX)) as u16)
        } else {
            (self.usual_options(cx), self.select_window())
        };
        self.snd.last_sent_at = cx.now;
        let size = outgoing.payload.len();
        let packet = self.hand_over(cx, &outgoing, &options, window);
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
        route.map(|_| packet)
    }

    /// Hands segments over that cannot leave, and that nothing here remembers: there is no route.
    pub(super) fn show(&mut self, cx: &mut Context<'_>, outgoing: Outgoing) {
        let duplicate = self.rcv.dsack;
        let (options, wscale) =
            if outgoing.flags.syn() { (self.syn_options(cx, u16::MAX), 0) } else { (self.usual_options(cx), self.options.rcv_wscale) };
        self.rcv.dsack = duplicate;
        let window = (self.window.wnd >> wscale).min(u32::from(u16::MAX)) as u16;
        self.hand_over(cx, &outgoing, &options, window);
    }

    fn hand_over(&mut self, cx: &mut Context<'_>, outgoing: &Outgoing, options: &TcpOptions, window: u16) -> PacketId {
        let flags = outgoing.flags;
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
                return packet;
            }
            start += len;
        }
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
        self.snd.clock = cx.now;
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
            if head.seq == head.end || !self.send_stretch(cx, take.min(head.len()), mss, false, &mut sent) {
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
    fn send_stretch(&mut self, cx: &mut Context<'_>, take: u32, mss: u32, push: bool, sent: &mut u32) -> bool {
        let Some(head) = self.snd.queue.front().copied() else { return false };
        let whole = take == head.len();
        let fin = head.fin && whole;
        let mut stretch = Sent {
            seq: head.seq,
            end: head.seq + take + u32::from(fin),
            syn: false,
            ack: true,
            push: push || (head.push && whole),
            fin,
            mss,
            count: 1,
            sent_at: cx.now,
            serial: self.next_serial(cx.now),
            packet: None,
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
        let Ok(packet) = self.transmit(cx, outgoing) else { return false };
        stretch.packet = Some(packet);
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

    /// The place of the next stretch in the order of sending.
    pub(super) fn next_serial(&mut self, now: SimTime) -> u64 {
        // What goes out while the clock stands still counts as sent together with what went before.
        if self.snd.clock == now || self.snd.clock != self.snd.serial_at {
            self.snd.serial += 1;
            self.snd.serial_at = self.snd.clock;
        }
        self.snd.serial
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
}

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
        self.send_stretch(cx, take, mss, true, &mut 0);
    }
}
