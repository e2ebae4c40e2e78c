//! The control block of one connection (RFC 9293 section 3.3.1).

use super::bytes::ByteQueue;
use super::congestion::Congestion;
use super::context::{Context, TimerSlot};
use super::delayed_ack::AckEngine;
use super::recovery::Recovery;
use super::rtt::Rtt;
use super::seq::Seq;
use super::state::State;
use super::timewait::TimeWait;
use super::window::ReceiveWindow;
use super::{Endpoint, RouteEntry, SocketId, TcpEvent};
use crate::scenario::ActionId;
use crate::time::SimTime;
use crate::trace::{Errno, PacketId};
use roundtrip_wire::{Payload, SackBlock};
use std::collections::VecDeque;

/// MSS assumed until the other side has named one (RFC 9293 section 3.7.1), in bytes.
pub(super) const DEFAULT_MSS: u32 = 536;
/// Send buffer of a new socket, in bytes of memory (`tcp_wmem`).
const INITIAL_SNDBUF: u32 = 16_384;

/// What the two sides have agreed on, and what the last segment's options said.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options {
    /// Timestamps are used.
    pub(super) timestamps: bool,
    /// Selective acknowledgements are used.
    pub(super) sack: bool,
    /// Windows are scaled.
    pub(super) window_scaling: bool,
    /// Shift of the windows that come.
    pub(super) snd_wscale: u8,
    /// Shift of the windows that go.
    pub(super) rcv_wscale: u8,
    /// MSS of the other side's SYN, in bytes, options not counted.
    pub(super) mss_clamp: u32,
    /// TS.Recent and when it was learned.
    pub(super) ts_recent: u32,
    /// When TS.Recent was learned.
    pub(super) ts_recent_at: Option<SimTime>,
    /// Timestamps of the segment in hand: value and echo.
    pub(super) arrived: Option<(u32, u32)>,
}

/// A stretch of data that waits to be sent, as the application's writes left it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unsent {
    pub(super) seq: Seq,
    pub(super) end: Seq,
    pub(super) push: bool,
    pub(super) fin: bool,
}

impl Unsent {
    /// Octets of data.
    pub(super) const fn len(&self) -> u32 {
        self.end.since(self.seq).saturating_sub(self.fin as u32)
    }
}

/// A stretch of data, a SYN or a FIN that was sent and is not acknowledged. It may have left as several segments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) seq: Seq,
    pub(super) end: Seq,
    pub(super) syn: bool,
    /// SYN,ACK of a simultaneous open.
    pub(super) ack: bool,
    pub(super) push: bool,
    pub(super) fin: bool,
    /// Data bytes of each of its segments but the last.
    pub(super) mss: u32,
    /// Number of segments.
    pub(super) count: u32,
    /// When it was last sent.
    pub(super) sent_at: SimTime,
    /// Its place in the order of sending, which time alone does not give.
    pub(super) serial: u64,
    /// The packet that carried it last, or the end of it.
    pub(super) packet: Option<PacketId>,
    /// The other side holds it out of order.
    pub(super) sacked: bool,
    /// Believed lost.
    pub(super) lost: bool,
    /// A retransmission is under way.
    pub(super) resent: bool,
    /// It was retransmitted at least once.
    pub(super) ever_resent: bool,
    /// Segments that had arrived when it was sent.
    pub(super) delivered: u32,
}

impl Sent {
    /// Octets of data.
    pub(super) const fn len(&self) -> u32 {
        self.end.since(self.seq).saturating_sub(self.syn as u32 + self.fin as u32)
    }

    /// Octets of data in its largest segment.
    pub(super) const fn segment_len(&self) -> u32 {
        if self.count == 1 { self.len() } else { self.mss }
    }

    /// Divides it into segments of this size.
    pub(super) const fn divide(&mut self, mss: u32) {
        self.mss = mss;
        let len = self.len();
        self.count = if len <= mss || mss == 0 { 1 } else { len.div_ceil(mss) };
    }
}

/// The sending half.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    /// SND.UNA.
    pub(super) una: Seq,
    /// SND.NXT.
    pub(super) nxt: Seq,
    /// SND.WND in bytes.
    pub(super) wnd: u32,
    /// SND.WL1.
    pub(super) wl1: Seq,
    /// Largest window ever offered to us.
    pub(super) max_window: u32,
    /// End of what the application has written.
    pub(super) write: Seq,
    /// End of the last small segment (Minshall's form of the Nagle rule).
    pub(super) small: Seq,
    /// End of what was written when PSH was last asked for.
    pub(super) pushed: Seq,
    /// The route that is remembered; none after it was found to be no longer valid.
    pub(super) route: Option<RouteEntry>,
    /// Path MTU for which `mss` holds, in bytes.
    pub(super) mtu: u32,
    /// MTU that is tried since the path seems to swallow larger packets, in bytes.
    pub(super) probed_mtu: Option<u32>,
    /// Data bytes of a full segment without SACK blocks.
    pub(super) mss: u32,
    /// Bytes of the header with its usual options.
    pub(super) header: u32,
    /// Segments of the largest stretch that one write may form.
    pub(super) stretch: u32,
    /// Memory that unsent and unacknowledged data may take.
    pub(super) sndbuf: u32,
    /// The application waits for room.
    pub(super) starved: bool,
    /// Bytes acknowledged since the connection began.
    pub(super) acked: u64,
    /// When data was last sent.
    pub(super) last_data_at: SimTime,
    /// Stretches sent so far, repeated ones included.
    pub(super) serial: u64,
    /// What the connection's clock said at the last of them.
    pub(super) serial_at: SimTime,
    /// When anything was last sent.
    pub(super) last_sent_at: SimTime,
    /// The connection's own clock, by which what is sent again is dated: it stands still while ICMP errors are dealt with.
    pub(super) clock: SimTime,
    /// Unsent data.
    pub(super) queue: VecDeque<Unsent>,
    /// What is unacknowledged, by sequence number.
    pub(super) rtx: VecDeque<Sent>,
    /// Which packets first carried what is unacknowledged, by sequence number.
    pub(super) origins: VecDeque<(Seq, PacketId)>,
    /// The data.
    pub(super) bytes: ByteQueue,
}

/// A segment that came too early.
#[derive(Clone, Debug)]
pub(super) struct Early {
    pub(super) seq: Seq,
    pub(super) end: Seq,
    pub(super) fin: bool,
    pub(super) bytes: Payload,
    pub(super) memory: u32,
}

/// The receiving half.
#[derive(Clone, Debug, Default)]
pub(super) struct Receiver {
    /// RCV.NXT.
    pub(super) nxt: Seq,
    /// RCV.NXT of the last window update sent.
    pub(super) wup: Seq,
    /// Next byte that the application reads.
    pub(super) copied: Seq,
    /// Bytes in order, not read yet, and the memory that each piece takes.
    pub(super) queue: VecDeque<(Payload, u32)>,
    /// Room in the buffer of the last of them.
    pub(super) tail_room: u32,
    /// Segments beyond a gap, by sequence number.
    pub(super) early: Vec<Early>,
    /// Their stretches, the latest first.
    pub(super) sacks: Vec<SackBlock>,
    /// A duplicate to be reported (RFC 2883).
    pub(super) dsack: Option<SackBlock>,
    /// A FIN has come in order.
    pub(super) fin: bool,
    /// The application has read up to it: it counts as unread before.
    pub(super) fin_read: bool,
}

/// `SO_KEEPALIVE` with its three times.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeepAlive {
    pub(super) idle: SimTime,
    pub(super) interval: SimTime,
    pub(super) count: u32,
}

/// What the retransmission timer is running for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pending {
    Retransmission,
    LossProbe,
    Reordering,
    WindowProbe,
}

/// The timers of a connection.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timers {
    pub(super) retransmit: TimerSlot,
    pub(super) pending: Option<Pending>,
    pub(super) delayed_ack: TimerSlot,
    pub(super) compressed_ack: TimerSlot,
    pub(super) keepalive: TimerSlot,
    /// Doublings of the retransmission timeout.
    pub(super) backoff: u32,
    /// Timeouts since the last acknowledgement of anything new.
    pub(super) retransmits: u32,
    /// Window or keep-alive probes that nobody has answered.
    pub(super) probes: u32,
    /// Timeouts since the connection began, as SYN retransmission counts them.
    pub(super) total: u32,
}

/// A connection.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) id: SocketId,
    pub(super) local: Endpoint,
    pub(super) remote: Endpoint,
    pub(super) action: Option<ActionId>,
    pub(super) state: State,
    /// No application holds the socket any more.
    pub(super) orphan: bool,
    /// Who accepted it, until the handshake is complete.
    pub(super) listener: Option<SocketId>,
    /// The sending half is closed.
    pub(super) no_more_send: bool,
    /// The receiving half is closed: by a FIN, or because nobody reads.
    pub(super) no_more_recv: bool,
    pub(super) error: Option<Errno>,
    /// The last ICMP error or routing failure, reported if the connection times out.
    pub(super) soft_error: Option<Errno>,
    pub(super) options: Options,
    /// Added to the millisecond clock of timestamps.
    pub(super) ts_offset: u32,
    /// MSS that we announce, less the options that every segment has.
    pub(super) advmss: u32,
    pub(super) snd: Sender,
    pub(super) rcv: Receiver,
    pub(super) window: ReceiveWindow,
    pub(super) ack: AckEngine,
    pub(super) rtt: Rtt,
    pub(super) congestion: Congestion,
    pub(super) recovery: Recovery,
    pub(super) timers: Timers,
    pub(super) keepalive: Option<KeepAlive>,
    /// When something was last received.
    pub(super) received_at: SimTime,
    /// When an out-of-window segment was last answered.
    pub(super) oow_ack_at: Option<SimTime>,
    /// Round trip that earlier connections to this destination had, times eight, in microseconds.
    pub(super) known_rtt8: u64,
    /// It ends in good order: what it has measured is worth keeping.
    pub(super) ends_well: bool,
    /// What is left of the connection once this event is handled.
    pub(super) remains: Option<TimeWait>,
}

impl Connection {
    /// A control block whose sending half begins at `iss`.
    pub(super) fn new(cx: &Context<'_>, id: SocketId, local: Endpoint, remote: Endpoint, action: Option<ActionId>, iss: Seq) -> Self {
        Self {
            id,
            local,
            remote,
            action,
            state: State::Closed,
            orphan: false,
            listener: None,
            no_more_send: false,
            no_more_recv: false,
            error: None,
            soft_error: None,
            options: Options { mss_clamp: DEFAULT_MSS, ..Options::default() },
            ts_offset: timestamp_offset(local, remote),
            advmss: DEFAULT_MSS,
            snd: Sender {
                una: iss,
                nxt: iss,
                wnd: 0,
                wl1: Seq::default(),
                max_window: 0,
                write: iss,
                small: iss,
                pushed: iss,
                route: None,
                mtu: 0,
                probed_mtu: None,
                mss: DEFAULT_MSS,
                header: 20,
                stretch: 0,
                sndbuf: INITIAL_SNDBUF,
                starved: false,
                acked: 0,
                last_data_at: cx.now,
                serial: 0,
                serial_at: SimTime::ZERO,
                last_sent_at: cx.now,
                clock: cx.now,
                queue: VecDeque::new(),
                rtx: VecDeque::new(),
                origins: VecDeque::new(),
                bytes: ByteQueue::new(iss + 1),
            },
            rcv: Receiver::default(),
            window: ReceiveWindow::default(),
            ack: AckEngine::default(),
            rtt: Rtt::default(),
            congestion: Congestion::default(),
            recovery: Recovery::default(),
            timers: Timers::default(),
            keepalive: None,
            received_at: cx.now,
            oow_ack_at: None,
            known_rtt8: 0,
            ends_well: false,
            remains: None,
        }
    }

    /// The clock of the timestamps option, in milliseconds.
    pub(super) const fn timestamp(&self, at: SimTime) -> u32 {
        (at.as_millis() as u32).wrapping_add(self.ts_offset)
    }

    /// The connection is over (`tcp_done`): timers stop and nothing more is sent or taken. The application,
    /// if there is one, learns of an error.
    pub(super) fn done(&mut self, cx: &mut Context<'_>, error: Option<Errno>) {
        self.stop_timers();
        self.state = State::Closed;
        self.no_more_send = true;
        self.no_more_recv = true;
        if let Some(error) = error {
            self.error = Some(error);
            self.drop_send_queues();
            if !self.orphan {
                cx.tell(self.id, TcpEvent::Error(error));
            }
        }
    }

    /// Forgets everything that was to be sent.
    pub(super) fn drop_send_queues(&mut self) {
        self.snd.queue.clear();
        self.snd.rtx.clear();
        self.snd.origins.clear();
        self.snd.bytes.clear();
        self.recovery.forget();
    }

    pub(super) const fn stop_timers(&mut self) {
        self.timers.retransmit.stop();
        self.timers.pending = None;
        self.timers.delayed_ack.stop();
        self.timers.compressed_ack.stop();
        self.timers.keepalive.stop();
    }
}

/// Where the timestamp clock between two addresses begins: not at zero, which means "none" on the wire, and the
/// same for all connections of the pair, so that later ones never seem older (RFC 7323 section 5.4).
pub(super) fn timestamp_offset(local: Endpoint, remote: Endpoint) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    for octet in local.address.octets().into_iter().chain(remote.address.octets()) {
        hash = (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193);
    }
    hash | 1
}
