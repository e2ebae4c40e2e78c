//! The window check: does a segment fit what both ends have announced so far?
//!
//! After Guido van Rooij, "Real Stateful TCP Packet Filtering in IP Filter" (2000), with the changes that Linux
//! made to it. For each side the tracker remembers how far it has sent (`end`), how far it may send (`max_end`)
//! and the largest window that it has announced (`max_window`). A segment is good if
//!
//! 1. it begins no later than the sender may send,
//! 2. it ends no earlier than the receiver's window before what the sender has sent,
//! 3. it acknowledges no more than the receiver has sent,
//! 4. it acknowledges no less than that minus the largest window.

use super::tcp_table::{SegmentKind, TcpCtState};
use super::tuple::CtDirection;
use roundtrip_wire::Tcp;

/// Sequence number `a` lies before `b` (modular, RFC 9293 section 3.4).
pub(super) const fn before(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) < 0
}

/// Sequence number `a` lies after `b`.
pub(in crate::netfilter) const fn after(a: u32, b: u32) -> bool {
    before(b, a)
}

/// Acknowledgements older than this many bytes are too old, unless the window is larger.
const MAX_ACK_WINDOW: u32 = 66_000;

/// What is known of one side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Side {
    /// Highest sequence number sent, plus one.
    pub(super) end: u32,
    /// Highest sequence number that the other side's window allows, plus one.
    pub(super) max_end: u32,
    /// Largest window announced, in bytes; 0 as long as nothing was seen of this side.
    pub(super) max_window: u32,
    /// Highest acknowledgement sent.
    pub(super) max_ack: Option<u32>,
    /// Window scale shift.
    pub(super) scale: u8,
    /// It offered window scaling.
    pub(super) scaling: bool,
    /// It understands SACK.
    pub(super) sack: bool,
    /// It closed first.
    pub(super) closed_first: bool,
    /// Picked up in the middle: its scale is not known, so the window is not held against it.
    pub(super) liberal: bool,
    /// It has sent data that is not acknowledged yet.
    pub(super) unacknowledged: bool,
}

impl Side {
    /// Takes over what the options of a SYN say. A header without any option says nothing.
    pub(super) fn read_options(&mut self, segment: &Tcp) {
        if segment.options.wire_len() == 0 {
            return;
        }
        self.scale = segment.options.window_scale.map_or(0, |shift| shift.min(14));
        self.scaling = segment.options.window_scale.is_some();
        self.sack = segment.options.sack_permitted;
        self.closed_first = false;
        self.unacknowledged = false;
        self.max_ack = None;
    }

    /// Forgets everything but that it is treated liberally.
    pub(super) fn reset(&mut self) {
        *self = Self { liberal: self.liberal, ..Self::default() };
    }
}

/// What is remembered of one segment, so that the next can be compared with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Last {
    pub(super) direction: CtDirection,
    pub(super) kind: SegmentKind,
    pub(super) seq: u32,
    pub(super) ack: u32,
    pub(super) end: u32,
    pub(super) window: u16,
    /// Options of an ignored SYN.
    pub(super) scale: u8,
    pub(super) scaling: bool,
    pub(super) sack: bool,
    /// The other side may answer an ignored SYN with a challenge ACK (RFC 5961 section 4).
    pub(super) challenge_expected: bool,
    /// SYNs have crossed.
    pub(super) simultaneous_open: bool,
}

impl Default for Last {
    fn default() -> Self {
        Self {
            direction: CtDirection::Original,
            kind: SegmentKind::Bare,
            seq: 0,
            ack: 0,
            end: 0,
            window: 0,
            scale: 0,
            scaling: false,
            sack: false,
            challenge_expected: false,
            simultaneous_open: false,
        }
    }
}

/// A tracked TCP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TcpTrack {
    pub(super) state: TcpCtState,
    pub(super) original: Side,
    pub(super) reply: Side,
    pub(super) last: Last,
    /// How often the last acknowledgement has been repeated unchanged.
    pub(super) repetitions: u8,
}

impl Default for TcpTrack {
    fn default() -> Self {
        Self { state: TcpCtState::None, original: Side::default(), reply: Side::default(), last: Last::default(), repetitions: 0 }
    }
}

impl TcpTrack {
    /// The side that sends in this direction.
    pub(super) const fn side(&mut self, direction: CtDirection) -> &mut Side {
        match direction {
            CtDirection::Original => &mut self.original,
            CtDirection::Reply => &mut self.reply,
        }
    }
}

/// What the window check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Good.
    Good,
    /// Out, but harmless: passed without effect.
    Harmless,
    /// Out.
    Out,
}

/// Begins to follow a side with its SYN.
fn begin(sender: &mut Side, receiver: &mut Side, segment: &Tcp, end: u32, direction: CtDirection) {
    sender.end = end;
    sender.max_end = end;
    sender.max_window = u32::from(segment.window).max(1);
    sender.read_options(segment);
    // Scaling is on only if both sides offer it (RFC 7323 section 2.2).
    if direction == CtDirection::Reply && !(sender.scaling && receiver.scaling) {
        sender.scale = 0;
        receiver.scale = 0;
    }
}

/// Checks a segment and takes over what it says. `liberal` is `nf_conntrack_tcp_be_liberal`.
pub(super) fn check(track: &mut TcpTrack, direction: CtDirection, kind: SegmentKind, segment: &Tcp, liberal: bool) -> Fit {
    let state = track.state;
    let (sender, receiver) = match direction {
        CtDirection::Original => (&mut track.original, &mut track.reply),
        CtDirection::Reply => (&mut track.reply, &mut track.original),
    };
    let flags = segment.flags;
    let mut seq = segment.seq;
    let mut end = seq.wrapping_add(segment.segment_len());
    let mut ack = segment.ack;
    let mut sack = ack;
    if receiver.sack {
        for block in segment.options.sack_on_wire() {
            if after(block.right, sack) {
                sack = block.right;
            }
        }
    }

    if sender.max_window == 0 {
        if flags.syn() {
            begin(sender, receiver, segment, end, direction);
            if !flags.ack() {
                return Fit::Good;
            }
        } else {
            // In the middle of a connection whose beginning was not seen.
            sender.end = end;
            sender.max_window = (u32::from(segment.window) << sender.scale).max(1);
            sender.max_end = end.wrapping_add(sender.max_window);
            if receiver.max_window == 0 {
                receiver.end = sack;
                receiver.max_end = sack;
            } else if sack == receiver.end.wrapping_add(1) {
                // The answer to a keep-alive probe acknowledges one more than was seen.
                receiver.end = receiver.end.wrapping_add(1);
            }
        }
    } else if flags.syn() && after(end, sender.end) && matches!(state, TcpCtState::SynSent | TcpCtState::SynRecv) {
        // A SYN with higher numbers: the sender has begun again.
        begin(sender, receiver, segment, end, direction);
        if direction == CtDirection::Reply && !flags.ack() {
            return Fit::Good;
        }
    }

    if !flags.ack() || (flags.rst() && ack == 0) {
        ack = receiver.end;
        sack = receiver.end;
    }
    if flags.rst() && seq == 0 && state == TcpCtState::SynSent {
        // A RST that answers a SYN without ACK carries no number of its own (RFC 9293 section 3.10.7.1).
        seq = sender.end;
        end = sender.end;
    }

    let forgiving = liberal || sender.liberal;
    let out = |fit: Fit| if forgiving { Fit::Good } else { fit };
    let oldest_ack = receiver.end.wrapping_sub(sender.max_window.max(MAX_ACK_WINDOW)).wrapping_sub(1);
    let oldest_data = sender.end.wrapping_sub(receiver.max_window).wrapping_sub(1);

    if !before(seq, sender.max_end.wrapping_add(1)) {
        let overshot = end.wrapping_sub(sender.max_end).wrapping_add(1);
        let only_too_much = receiver.max_window != 0
            && after(end, oldest_data)
            && after(sack, oldest_ack)
            && overshot <= receiver.max_window
            && before(sack, receiver.end.wrapping_add(1));
        if only_too_much {
            // Rules may let it pass, and then it will be acknowledged.
            sender.end = end;
            sender.unacknowledged = true;
            return out(Fit::Harmless);
        }
        return out(Fit::Out);
    }
    if !before(sack, receiver.end.wrapping_add(1)) {
        return out(Fit::Out);
    }
    if receiver.max_window != 0 && !after(end, oldest_data) {
        return out(Fit::Harmless);
    }
    if !after(sack, oldest_ack) {
        return out(Fit::Harmless);
    }

    let window = if flags.syn() { u32::from(segment.window) } else { u32::from(segment.window) << sender.scale };
    sender.max_window = sender.max_window.max(window.wrapping_add(sack.wrapping_sub(ack)));
    if after(end, sender.end) {
        sender.end = end;
        sender.unacknowledged = true;
    }
    if flags.ack() {
        sender.max_ack = Some(match sender.max_ack {
            Some(highest) if !after(ack, highest) => highest,
            _ => ack,
        });
    }
    if receiver.max_window != 0 && after(end, sender.max_end) {
        receiver.max_window = receiver.max_window.wrapping_add(end.wrapping_sub(sender.max_end));
    }
    let allowed = sack.wrapping_add(window);
    if after(allowed, receiver.max_end.wrapping_sub(1)) {
        receiver.max_end = allowed.wrapping_add(u32::from(window == 0));
    }
    if ack == receiver.end {
        receiver.unacknowledged = false;
    }

    if kind == SegmentKind::Ack {
        let last = &mut track.last;
        if (last.direction, last.seq, last.ack, last.end, last.window) == (direction, seq, ack, end, segment.window) {
            track.repetitions = track.repetitions.wrapping_add(1);
        } else {
            (last.direction, last.seq, last.ack, last.end, last.window) = (direction, seq, ack, end, segment.window);
            track.repetitions = 0;
        }
    }
    Fit::Good
}
