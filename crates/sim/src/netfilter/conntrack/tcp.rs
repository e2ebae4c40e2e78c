//! Follows TCP connections (Linux 6.18, `nf_conntrack_proto_tcp`).

use super::Context;
use super::entry::{Entry, Noted, Protocol, Status, Tracked};
use super::tcp_table::{Next, SegmentKind, TcpCtState, flags_make_sense, next};
use super::tcp_window::{Fit, Side, TcpTrack, before, check};
use super::tuple::CtDirection;
use crate::netfilter::CtInvalid;
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use roundtrip_wire::Tcp;

/// How long an entry lives in this state. SYN_SENT2 has no setting of its own name and keeps the built-in two minutes.
fn lifetime(state: TcpCtState, context: &Context<'_>) -> SimTime {
    context.seconds(match state {
        TcpCtState::None | TcpCtState::SynSent => Sysctl::NfConntrackTcpTimeoutSynSent,
        TcpCtState::SynRecv => Sysctl::NfConntrackTcpTimeoutSynRecv,
        TcpCtState::Established => Sysctl::NfConntrackTcpTimeoutEstablished,
        TcpCtState::FinWait => Sysctl::NfConntrackTcpTimeoutFinWait,
        TcpCtState::CloseWait => Sysctl::NfConntrackTcpTimeoutCloseWait,
        TcpCtState::LastAck => Sysctl::NfConntrackTcpTimeoutLastAck,
        TcpCtState::TimeWait => Sysctl::NfConntrackTcpTimeoutTimeWait,
        TcpCtState::Close => Sysctl::NfConntrackTcpTimeoutClose,
        TcpCtState::SynSent2 => return SimTime::from_secs(120),
    })
}

/// Begins an entry with its first segment.
fn begin(segment: &Tcp, context: &Context<'_>) -> Result<TcpTrack, CtInvalid> {
    let mut track = TcpTrack::default();
    let end = segment.seq.wrapping_add(segment.segment_len());
    let window = u32::from(segment.window).max(1);
    match next(CtDirection::Original, SegmentKind::of(segment.flags), TcpCtState::None) {
        Next::To(TcpCtState::SynSent) => {
            track.original = Side { end, max_end: end, max_window: window, ..Side::default() };
            track.original.read_options(segment);
        }
        Next::To(_) if context.settings.is_on(Sysctl::NfConntrackTcpLoose) => {
            // Picked up in the middle. Neither side's options are known: suppose SACK, and do not insist on windows.
            let unknown = Side { sack: true, liberal: true, ..Side::default() };
            track.original = Side { end, max_end: end.wrapping_add(window), max_window: window, ..unknown };
            track.reply = unknown;
        }
        Next::To(_) | Next::Ignore | Next::Invalid => return Err(CtInvalid::TcpNotFirst),
    }
    Ok(track)
}

/// What is to be done once the table has spoken.
enum Step {
    /// Check the window, then go to this state.
    Check(TcpCtState),
    /// Go to this state without a check.
    Go(TcpCtState),
    /// Nothing more.
    Done(Tracked),
}

/// The state before which a segment is looked at, and what is known of it beside.
struct Sight<'a> {
    segment: &'a Tcp,
    direction: CtDirection,
    kind: SegmentKind,
    /// State of the entry, as it counts for this segment.
    old: TcpCtState,
    end: u32,
}

/// Takes note of a segment that is let through without effect. If it is right after all, the other side's answer
/// will show it.
fn ignore(track: &mut TcpTrack, sight: &mut Sight<'_>) -> Step {
    let Sight { segment, direction, kind, old, end } = *sight;
    let last = &mut track.last;
    if kind == SegmentKind::SynAck && last.kind == SegmentKind::Syn && last.direction != direction && segment.ack == last.end {
        // It answers a SYN that was ignored: both ends are in step and only this tracker is not.
        last.challenge_expected = false;
        let (end, max_window, scale, scaling, sack) = (last.end, u32::from(last.window).max(1), last.scale, last.scaling, last.sack);
        let caller = last.direction;
        *track.side(caller) = Side { end, max_end: end, max_window, scale, scaling, sack, ..Side::default() };
        track.side(direction).reset();
        sight.old = TcpCtState::SynSent;
        return Step::Check(TcpCtState::SynRecv);
    }
    (last.kind, last.direction, last.seq, last.end, last.window) = (kind, direction, segment.seq, end, segment.window);
    if kind == SegmentKind::Syn && direction == CtDirection::Original {
        let mut offered = Side::default();
        offered.read_options(segment);
        (last.scale, last.scaling, last.sack) = (offered.scale, offered.scaling, offered.sack);
        last.simultaneous_open = false;
        last.challenge_expected = old == TcpCtState::LastAck;
    }
    if old == TcpCtState::SynSent && kind == SegmentKind::Ack && direction == CtDirection::Reply {
        last.ack = segment.ack;
    }
    Step::Done(Tracked::Accept)
}

/// Is this RST to be believed?
fn reset(track: &TcpTrack, status: Status, sight: &Sight<'_>, ignore_invalid_rst: bool) -> Step {
    let Sight { segment, direction, old, .. } = *sight;
    let last = &track.last;
    // The entry is about to go anyway, and the ports may be in use again: numbers prove nothing.
    if track.state.is_closing() {
        return Step::Go(TcpCtState::Close);
    }
    let established = track.state == TcpCtState::Established && status.has(Status::ASSURED);
    let peer = match direction {
        CtDirection::Original => &track.reply,
        CtDirection::Reply => &track.original,
    };
    let mut state = TcpCtState::Close;
    if let Some(max_ack) = peer.max_ack
        && last.kind != SegmentKind::Syn
    {
        if segment.seq == 0 && !established {
            return Step::Check(state);
        }
        if before(segment.seq, max_ack) && !ignore_invalid_rst {
            return Step::Done(Tracked::Invalid(CtInvalid::TcpWindow));
        }
        if !established || segment.seq == max_ack {
            return Step::Check(state);
        }
        // Right behind data of its own that is not acknowledged yet.
        if last.kind == SegmentKind::Ack && last.direction == direction && segment.seq == last.end {
            return Step::Check(state);
        }
        // Not exactly the number expected: the receiver will ask with a challenge ACK (RFC 5961 section 3).
        state = old;
    }
    let answers_ignored = (status.has(Status::SEEN_REPLY) && last.kind == SegmentKind::Syn && last.direction != direction)
        || (!status.has(Status::ASSURED) && last.kind == SegmentKind::Ack);
    if answers_ignored && segment.ack == last.end {
        return Step::Go(state);
    }
    let answers_challenge =
        old == TcpCtState::SynSent && last.kind == SegmentKind::Ack && last.direction == CtDirection::Reply && segment.seq == last.ack;
    if answers_challenge { Step::Go(state) } else { Step::Check(state) }
}

/// Asks the table and settles what it is too simple for.
fn decide(track: &mut TcpTrack, status: Status, sight: &mut Sight<'_>, context: &Context<'_>) -> Step {
    let Sight { direction, kind, old, .. } = *sight;
    let state = match next(direction, kind, old) {
        Next::Invalid => return Step::Done(Tracked::Invalid(CtInvalid::TcpState)),
        Next::Ignore => return ignore(track, sight),
        Next::To(state) => state,
    };
    match state {
        TcpCtState::SynSent if old >= TcpCtState::TimeWait => {
            let aborted = track.last.direction == direction && track.last.kind == SegmentKind::Rst;
            if track.original.closed_first || track.reply.closed_first || aborted {
                Step::Done(Tracked::Reopened)
            } else {
                ignore(track, sight)
            }
        }
        TcpCtState::TimeWait
            if old == TcpCtState::LastAck
                && kind == SegmentKind::Ack
                && track.last.direction != direction
                && track.last.kind == SegmentKind::Syn
                && track.last.challenge_expected =>
        {
            // A challenge ACK, which does not acknowledge the last FIN.
            track.last.challenge_expected = false;
            Step::Done(Tracked::Accept)
        }
        TcpCtState::SynSent2 => {
            track.last.simultaneous_open = true;
            Step::Check(state)
        }
        TcpCtState::SynRecv if direction == CtDirection::Reply && kind == SegmentKind::Ack && track.last.simultaneous_open => {
            Step::Check(TcpCtState::Established)
        }
        TcpCtState::Close if kind == SegmentKind::Rst => {
            reset(track, status, sight, context.settings.is_on(Sysctl::NfConntrackTcpIgnoreInvalidRst))
        }
        state => Step::Check(state),
    }
}

/// A FIN or RST out of the window, answered by another: the ends have probably parted, so the entry does not stay for days.
fn out_of_window(entry: &mut Entry, track: &mut TcpTrack, sight: &Sight<'_>, context: &Context<'_>) {
    if !entry.status.has(Status::ASSURED) || !matches!(sight.kind, SegmentKind::Fin | SegmentKind::Rst) {
        return;
    }
    if track.last.direction != sight.direction && matches!(track.last.kind, SegmentKind::Fin | SegmentKind::Rst) {
        let left = entry.expires.since(context.now);
        let shorter = context.seconds(Sysctl::NfConntrackTcpTimeoutUnacknowledged);
        if left >= SimTime::from_secs(120) && left > shorter {
            entry.expires = context.now + shorter;
        }
    } else {
        track.last.kind = sight.kind;
        track.last.direction = sight.direction;
    }
}

/// How long the entry lives after a good segment.
fn timeout(track: &TcpTrack, kind: SegmentKind, context: &Context<'_>) -> SimTime {
    let usual = lifetime(track.state, context);
    let max_retrans = context.seconds(Sysctl::NfConntrackTcpTimeoutMaxRetrans);
    let unacknowledged = context.seconds(Sysctl::NfConntrackTcpTimeoutUnacknowledged);
    if i64::from(track.repetitions) >= context.settings.get(Sysctl::NfConntrackTcpMaxRetrans) && usual > max_retrans {
        max_retrans
    } else if kind == SegmentKind::Rst {
        context.seconds(Sysctl::NfConntrackTcpTimeoutClose)
    } else if (track.original.unacknowledged || track.reply.unacknowledged) && usual > unacknowledged {
        unacknowledged
    } else if track.last.window == 0 && usual > max_retrans {
        max_retrans
    } else {
        usual
    }
}

/// Looks at one segment of an entry's connection.
pub(super) fn packet(entry: &mut Entry, direction: CtDirection, segment: &Tcp, context: &Context<'_>) -> Tracked {
    if !flags_make_sense(segment.flags) {
        return Tracked::Invalid(CtInvalid::TcpFlags);
    }
    let mut track = match entry.protocol {
        Protocol::Tcp(track) if entry.status.has(Status::CONFIRMED) => track,
        _ => match begin(segment, context) {
            Ok(track) => track,
            Err(reason) => return Tracked::Invalid(reason),
        },
    };
    let verdict = follow(entry, &mut track, direction, segment, context);
    entry.protocol = Protocol::Tcp(track);
    verdict
}

fn follow(entry: &mut Entry, track: &mut TcpTrack, direction: CtDirection, segment: &Tcp, context: &Context<'_>) -> Tracked {
    let kind = SegmentKind::of(segment.flags);
    let end = segment.seq.wrapping_add(segment.segment_len());
    let mut sight = Sight { segment, direction, kind, old: track.state, end };
    let state = match decide(track, entry.status, &mut sight, context) {
        Step::Done(verdict) => return verdict,
        Step::Go(state) => state,
        Step::Check(state) => {
            let liberal = context.settings.is_on(Sysctl::NfConntrackTcpBeLiberal);
            match check(track, direction, kind, segment, liberal) {
                Fit::Good => state,
                Fit::Harmless => return Tracked::Accept,
                Fit::Out => {
                    out_of_window(entry, track, &sight, context);
                    return Tracked::Invalid(CtInvalid::TcpWindow);
                }
            }
        }
    };
    let old = sight.old;
    track.last.kind = kind;
    track.last.direction = direction;
    track.state = state;
    if old != state {
        entry.note(Noted::STATE);
        if state == TcpCtState::FinWait {
            track.side(direction).closed_first = true;
        }
    }

    let mut timeout = timeout(track, kind, context);
    if !entry.status.has(Status::SEEN_REPLY) {
        if segment.flags.rst() {
            return Tracked::Refused;
        }
        // A repeated SYN does not prolong the wait for the answer.
        if kind == SegmentKind::Syn && old == TcpCtState::SynSent {
            return Tracked::Accept;
        }
        if state == TcpCtState::Established {
            timeout = timeout.min(context.seconds(Sysctl::NfConntrackTcpTimeoutUnacknowledged));
        }
    } else if !entry.status.has(Status::ASSURED)
        && matches!(old, TcpCtState::SynRecv | TcpCtState::Established)
        && state == TcpCtState::Established
    {
        entry.status.set(Status::ASSURED);
        entry.note(Noted::ASSURED);
    }
    entry.expires = context.now + timeout;
    Tracked::Accept
}

/// The connection was refused with a RST in its name: the entry does not outlive that by long.
pub(super) fn refused(entry: &mut Entry, context: &Context<'_>) {
    let Protocol::Tcp(track) = &mut entry.protocol else { return };
    let was = track.state;
    track.state = TcpCtState::Close;
    if was != TcpCtState::Close {
        entry.expires = context.now + context.seconds(Sysctl::NfConntrackTcpTimeoutClose);
        entry.note(Noted::STATE);
    }
}

/// Tracking was off for a while: what was known of windows is out of date.
pub(super) fn after_a_gap(entry: &mut Entry) {
    if let Protocol::Tcp(track) = &mut entry.protocol
        && track.state == TcpCtState::Established
    {
        track.original.max_window = 0;
        track.reply.max_window = 0;
    }
}
