//! One connection as far as it was seen at one place.

use super::{Analysis, Mark, Marks};
use roundtrip_sim::time::SimTime;
use roundtrip_wire::{Tcp, TcpFlags};

/// A repetition that comes this soon after duplicate acknowledgements is a fast one.
const FAST: SimTime = SimTime::from_millis(20);
/// Until the round trip time is known, what comes this soon after a later segment came out of order.
const REORDERED: SimTime = SimTime::from_millis(3);
/// So many segments that are not acknowledged are remembered in each direction.
const MOST_UNACKNOWLEDGED: usize = 10_000;

/// A segment that waits for its acknowledgement.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    place: u32,
    seq: u32,
    next: u32,
    at: SimTime,
}

/// How the windows of a direction are scaled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Scale {
    /// The SYN was not seen.
    #[default]
    Unknown,
    /// The SYN did not offer it.
    Absent,
    /// By so many bits, if the other side agrees.
    Shift(u8),
}

/// One direction.
#[derive(Clone, Debug, Default)]
struct Side {
    /// Where relative numbers begin.
    base: Option<u32>,
    saw_syn: bool,
    saw_syn_ack: bool,
    /// The number after the highest that was seen, and when and where it was seen.
    next: Option<u32>,
    next_at: SimTime,
    next_place: u32,
    /// Up to here nothing is missing.
    ackable: Option<u32>,
    window: u16,
    scale: Scale,
    /// The last acknowledgement number that this side sent.
    ack: u32,
    ack_at: SimTime,
    duplicates: u32,
    /// The last frame whose acknowledgement number was a new one.
    first_of_acks: u32,
    last_marks: Marks,
    waiting: Vec<Waiting>,
}

/// A connection.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    number: u32,
    /// From the end with the smaller address, and from the other.
    sides: [Side; 2],
    syn_at: Option<SimTime>,
    initial_rtt: Option<SimTime>,
}

/// `a` is before `b` on the circle of sequence numbers.
const fn before(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed() < 0
}

impl Stream {
    pub(super) fn new(number: u32) -> Self {
        Self { number, sides: [Side::default(), Side::default()], syn_at: None, initial_rtt: None }
    }

    /// True if this SYN opens another connection between the same ports.
    pub(super) fn is_other_connection(&self, forward: bool, tcp: &Tcp) -> bool {
        let [a, b] = &self.sides;
        let own = if forward { a } else { b };
        tcp.flags.syn() && !tcp.flags.ack() && own.base.is_some_and(|base| base != tcp.seq)
    }

    /// The next segment.
    pub(super) fn segment(&mut self, place: u32, at: SimTime, forward: bool, tcp: &Tcp) -> Analysis {
        self.handshake(at, forward, tcp);
        let initial_rtt = self.initial_rtt;
        let [a, b] = &mut self.sides;
        let (own, other) = if forward { (a, b) } else { (b, a) };
        let mut analysis = Analysis { stream: self.number, initial_rtt, ..Analysis::default() };
        if own.find_bases(other, tcp) {
            analysis.marks.insert(Mark::ReusedPorts);
        }
        own.judge(other, at, tcp, initial_rtt, &mut analysis);
        own.remember(other, place, at, tcp, &mut analysis);
        own.measure(other, tcp, &mut analysis);
        analysis
    }

    /// Takes the time of the handshake.
    fn handshake(&mut self, at: SimTime, forward: bool, tcp: &Tcp) {
        let [a, b] = &self.sides;
        let (own, other) = if forward { (a, b) } else { (b, a) };
        match (tcp.flags.syn(), tcp.flags.ack()) {
            (true, false) => self.syn_at = Some(at),
            (false, true) if own.saw_syn && other.saw_syn_ack && !tcp.flags.rst() && self.initial_rtt.is_none() => {
                self.initial_rtt = self.syn_at.map(|syn| at.since(syn));
            }
            _ => {}
        }
    }
}

impl Side {
    /// Where relative numbers begin: at the SYN, or right before the first that is seen. True if a SYN,ACK begins anew: the other
    /// side had forgotten the connection that it had begun.
    fn find_bases(&mut self, other: &mut Self, tcp: &Tcp) -> bool {
        let syn = tcp.flags.syn();
        let anew = syn && tcp.flags.ack() && self.base.is_some_and(|base| base != tcp.seq);
        if self.base.is_none() || anew {
            self.base = Some(if syn { tcp.seq } else { tcp.seq.wrapping_sub(1) });
            self.saw_syn |= syn && !tcp.flags.ack();
            self.saw_syn_ack |= syn && tcp.flags.ack();
        }
        if other.base.is_none() && tcp.flags.ack() {
            other.base = Some(tcp.ack.wrapping_sub(1));
        }
        match tcp.options.window_scale.filter(|_| syn) {
            Some(shift) => self.scale = Scale::Shift(shift.min(14)),
            None if syn && self.scale == Scale::Unknown => self.scale = Scale::Absent,
            None => {}
        }
        anew
    }

    /// How far the windows of this side are shifted, once both have said so.
    const fn shift(&self, other: &Self) -> Option<u8> {
        match (self.scale, other.scale) {
            (Scale::Unknown, _) => None,
            (Scale::Absent, _) | (_, Scale::Absent) => Some(0),
            // Where only one half is seen, the other is believed to have agreed.
            (Scale::Shift(own), _) => Some(own),
        }
    }

    /// What is remarkable about a segment.
    fn judge(&self, other: &Self, at: SimTime, tcp: &Tcp, rtt: Option<SimTime>, found: &mut Analysis) {
        let marks = &mut found.marks;
        let length = length(tcp);
        let expected = self.next == Some(tcp.seq);
        let ordinary = !tcp.flags.syn() && !tcp.flags.fin() && !tcp.flags.rst();
        let probe = length == 1 && expected && other.seen() && other.window == 0;
        if probe {
            marks.insert(Mark::ZeroWindowProbe);
        } else {
            if tcp.window == 0 && ordinary {
                marks.insert(Mark::ZeroWindow);
            }
            if self.next.is_some_and(|next| before(next, tcp.seq)) && !tcp.flags.rst() {
                marks.insert(Mark::LostSegment);
            }
            if length <= 1 && self.next.map(|next| next.wrapping_sub(1)) == Some(tcp.seq) && ordinary {
                marks.insert(Mark::KeepAlive);
            }
            let repeats_ack = length == 0 && expected && tcp.ack == self.ack && ordinary;
            if repeats_ack && tcp.window != 0 && tcp.window != self.window {
                marks.insert(Mark::WindowUpdate);
            }
            if length > 0 && ordinary && self.fills(other, tcp) {
                marks.insert(Mark::WindowFull);
            }
            self.judge_ack(other, repeats_ack, tcp, found);
        }
        self.judge_unseen(other, expected, tcp, &mut found.marks);
        if length > 0 || tcp.flags.syn() || tcp.flags.fin() {
            self.judge_repetition(other, at, tcp, rtt, found);
        }
    }

    /// True if anything of this side was ever seen.
    const fn seen(&self) -> bool {
        self.next.is_some()
    }

    /// The segment goes up to the edge of the window that the other side offers.
    fn fills(&self, other: &Self, tcp: &Tcp) -> bool {
        let Some(shift) = other.shift(self) else { return false };
        let edge = other.ack.wrapping_add(u32::from(other.window) << shift);
        other.seen() && tcp.seq.wrapping_add(length(tcp)) == edge
    }

    /// Acknowledgements that say again what was said before.
    fn judge_ack(&self, other: &Self, repeats: bool, tcp: &Tcp, found: &mut Analysis) {
        let same_window = tcp.window == self.window;
        let ordinary = !tcp.flags.syn() && !tcp.flags.fin() && !tcp.flags.rst();
        let consumed = tcp.ack == self.ack.wrapping_add(1);
        if repeats && tcp.window != 0 && same_window {
            if other.last_marks.contains(Mark::KeepAlive) {
                found.marks.insert(Mark::KeepAliveAck);
                return;
            }
            found.marks.insert(Mark::DuplicateAck);
            found.duplicate_of = Some((self.duplicates.saturating_add(1), self.first_of_acks));
        }
        let answers_probe = length(tcp) == 0 && tcp.window == 0 && same_window && self.next == Some(tcp.seq) && ordinary;
        if answers_probe && (repeats || consumed) && other.last_marks.contains(Mark::ZeroWindowProbe) {
            found.marks.insert(Mark::ZeroWindowProbeAck);
        }
    }

    /// Acknowledges what was not seen here.
    fn judge_unseen(&self, other: &Self, expected: bool, tcp: &Tcp, marks: &mut Marks) {
        if !tcp.flags.ack() || !other.ackable.is_some_and(|ackable| before(ackable, tcp.ack)) {
            return;
        }
        if marks.contains(Mark::ZeroWindowProbeAck) {
            // The byte of the probe was taken.
            return;
        }
        if tcp.ack == self.ack.wrapping_add(1) && expected && other.last_marks.contains(Mark::ZeroWindowProbe) {
            marks.insert(Mark::WindowUpdate);
        } else {
            marks.insert(Mark::AckLostSegment);
        }
    }

    /// What does not advance was sent before, or comes late.
    fn judge_repetition(&self, other: &Self, at: SimTime, tcp: &Tcp, rtt: Option<SimTime>, found: &mut Analysis) {
        if found.marks.contains(Mark::KeepAlive) {
            return;
        }
        let Some(next) = self.next else { return };
        let length = length(tcp);
        let end = tcp.seq.wrapping_add(length);
        // More than a byte from one before the next: a probe of the window may have come before.
        let advances = !before(tcp.seq, next) || (length > 1 && next.wrapping_sub(1) == tcp.seq);
        if length > 0 && other.ack != 0 && !before(other.ack, end) {
            found.marks.insert(Mark::SpuriousRetransmission);
            found.marks.insert(Mark::Retransmission);
            return;
        }
        if advances {
            return;
        }
        if other.duplicates >= 2 && other.ack == tcp.seq && at.since(other.ack_at) < FAST {
            found.marks.insert(Mark::FastRetransmission);
            found.marks.insert(Mark::Retransmission);
            return;
        }
        if at.since(self.next_at) < rtt.unwrap_or(REORDERED) && next != tcp.seq.wrapping_add(tcp.segment_len()) {
            found.marks.insert(Mark::OutOfOrder);
            return;
        }
        found.marks.insert(Mark::Retransmission);
        // The eldest that is not acknowledged; without one, the one that was seen furthest.
        let (place, sent) = self.waiting.first().map_or((self.next_place, self.next_at), |waiting| (waiting.place, waiting.at));
        found.repeats = (sent < at).then(|| (place, at.since(sent)));
    }

    /// What the next segments are judged by.
    fn remember(&mut self, other: &mut Self, place: u32, at: SimTime, tcp: &Tcp, found: &mut Analysis) {
        let marks = found.marks;
        let probe = marks.contains(Mark::ZeroWindowProbe);
        if marks.contains(Mark::DuplicateAck) {
            self.duplicates = self.duplicates.saturating_add(1);
        }
        if marks.contains(Mark::ZeroWindowProbeAck) && tcp.ack == self.ack.wrapping_add(1)
            || marks.contains(Mark::WindowUpdate) && other.last_marks.contains(Mark::ZeroWindowProbe)
        {
            other.next = Some(tcp.ack);
            other.ackable = Some(tcp.ack);
        } else if marks.contains(Mark::AckLostSegment) {
            // It is told once.
            other.ackable = Some(tcp.ack);
        }
        let again = marks.contains(Mark::Retransmission) && marks.told().any(|mark| mark == Mark::Retransmission);
        if again && length(tcp) > 0 && tcp.seq == other.ack {
            // What the duplicates asked for has come: those that follow are counted anew.
            other.duplicates = 0;
        }
        if tcp.ack != self.ack {
            self.first_of_acks = place;
            self.duplicates = 0;
        }
        let data = length(tcp);
        let takes_numbers = data > 0 || tcp.flags.syn() || tcp.flags.fin();
        let next = tcp.seq.wrapping_add(data).wrapping_add(u32::from(tcp.flags.syn() || tcp.flags.fin()));
        if takes_numbers && self.waiting.len() < MOST_UNACKNOWLEDGED {
            self.waiting.push(Waiting { place, seq: tcp.seq, next, at });
        }
        if !probe && self.next.is_none_or(|known| before(known, next)) {
            (self.next, self.next_at, self.next_place) = (Some(next), at, place);
        }
        if !probe && self.ackable.is_none_or(|ackable| ackable == tcp.seq) {
            self.ackable = self.next;
        }
        (self.window, self.ack, self.ack_at) = (tcp.window, tcp.ack, at);
        self.last_marks = marks;
        if tcp.flags.ack() {
            found.acks = other.acknowledged(tcp.ack, at);
        }
    }

    /// Forgets what is acknowledged; tells which segment ended exactly there.
    fn acknowledged(&mut self, ack: u32, at: SimTime) -> Option<(u32, SimTime)> {
        let exact = self.waiting.iter().find(|waiting| waiting.next == ack).map(|waiting| (waiting.place, at.since(waiting.at)));
        self.waiting.retain_mut(|waiting| {
            if before(waiting.seq, ack) && before(ack, waiting.next) {
                waiting.seq = ack;
            }
            before(ack, waiting.next)
        });
        exact
    }

    /// Numbers as people read them.
    fn measure(&self, other: &Self, tcp: &Tcp, found: &mut Analysis) {
        let base = self.base.unwrap_or(tcp.seq);
        found.seq = tcp.seq.wrapping_sub(base);
        found.next_seq = found.seq.wrapping_add(tcp.segment_len());
        if tcp.flags.ack() {
            found.ack = tcp.ack.wrapping_sub(other.base.unwrap_or_default());
        }
        let shift = self.shift(other);
        // What a SYN says is never scaled (RFC 7323 section 2.2).
        let applied = if tcp.flags.contains(TcpFlags::SYN) { 0 } else { shift.unwrap_or(0) };
        found.window = u32::from(tcp.window) << applied;
        found.scale = match (shift, self.scale, other.scale) {
            (None, ..) => -1,
            (Some(_), Scale::Absent, _) | (Some(_), _, Scale::Absent) => -2,
            (Some(shift), ..) => 1 << shift,
        };
    }
}

/// Bytes of data.
fn length(tcp: &Tcp) -> u32 {
    u32::try_from(tcp.payload.len()).unwrap_or(u32::MAX)
}
