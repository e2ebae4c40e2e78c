//! The states of a tracked TCP connection, and what each kind of segment does to them.
//!
//! The tracker stands between two ends and sees segments that may still be lost, so its states are guesses about
//! the sender of the segment at hand. The table is that of Linux 6.18 (`nf_conntrack_proto_tcp`), one row a kind
//! of segment, one column a state.

use super::tuple::CtDirection;
use roundtrip_wire::TcpFlags;

/// What connection tracking believes of a TCP connection. Ordered: from [`TcpCtState::TimeWait`] on the connection is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TcpCtState {
    /// Nothing seen yet.
    None,
    /// SYN seen.
    SynSent,
    /// SYN,ACK seen.
    SynRecv,
    /// The handshake's ACK seen, or picked up in the middle.
    Established,
    /// A FIN seen.
    FinWait,
    /// The FIN is acknowledged.
    CloseWait,
    /// FINs of both sides seen.
    LastAck,
    /// The last ACK seen.
    TimeWait,
    /// RST seen.
    Close,
    /// SYN seen from both sides (simultaneous open).
    SynSent2,
}

impl TcpCtState {
    /// The name that `conntrack -L` prints.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::SynSent => "SYN_SENT",
            Self::SynRecv => "SYN_RECV",
            Self::Established => "ESTABLISHED",
            Self::FinWait => "FIN_WAIT",
            Self::CloseWait => "CLOSE_WAIT",
            Self::LastAck => "LAST_ACK",
            Self::TimeWait => "TIME_WAIT",
            Self::Close => "CLOSE",
            Self::SynSent2 => "SYN_SENT2",
        }
    }

    /// True for states in which the connection is being closed or is over: a RST then needs no check.
    #[must_use]
    pub(super) const fn is_closing(self) -> bool {
        matches!(self, Self::FinWait | Self::CloseWait | Self::LastAck | Self::TimeWait | Self::Close)
    }
}

/// A segment by the flags that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SegmentKind {
    /// SYN.
    Syn,
    /// SYN with ACK.
    SynAck,
    /// FIN, with or without ACK.
    Fin,
    /// ACK alone.
    Ack,
    /// RST, whatever else.
    Rst,
    /// None of these.
    Bare,
}

impl SegmentKind {
    /// The kind of a segment with these flags.
    pub(super) const fn of(flags: TcpFlags) -> Self {
        if flags.rst() {
            Self::Rst
        } else if flags.syn() {
            if flags.ack() { Self::SynAck } else { Self::Syn }
        } else if flags.fin() {
            Self::Fin
        } else if flags.ack() {
            Self::Ack
        } else {
            Self::Bare
        }
    }
}

/// True for combinations of flags that a sane sender uses. PSH, ECE and CWR go with all of them.
pub(super) const fn flags_make_sense(flags: TcpFlags) -> bool {
    const FIN: u8 = TcpFlags::FIN.0;
    const SYN: u8 = TcpFlags::SYN.0;
    const RST: u8 = TcpFlags::RST.0;
    const ACK: u8 = TcpFlags::ACK.0;
    const URG: u8 = TcpFlags::URG.0;
    const SYN_URG: u8 = SYN | URG;
    const SYN_ACK: u8 = SYN | ACK;
    const RST_ACK: u8 = RST | ACK;
    const FIN_ACK: u8 = FIN | ACK;
    const FIN_ACK_URG: u8 = FIN | ACK | URG;
    const ACK_URG: u8 = ACK | URG;
    matches!(flags.0 & (FIN | SYN | RST | ACK | URG), SYN | SYN_URG | SYN_ACK | RST | RST_ACK | FIN_ACK | FIN_ACK_URG | ACK | ACK_URG)
}

/// What a segment does to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The state that follows, if the window agrees.
    To(TcpCtState),
    /// Passed without effect: the ends may know better, and their answer will tell.
    Ignore,
    /// Invalid.
    Invalid,
}

type Row = [Next; 10];

/// Columns' names, short, so that the table fits the eye.
mod short {
    use super::{Next, TcpCtState};
    pub(super) const SS: Next = Next::To(TcpCtState::SynSent);
    pub(super) const SR: Next = Next::To(TcpCtState::SynRecv);
    pub(super) const ES: Next = Next::To(TcpCtState::Established);
    pub(super) const FW: Next = Next::To(TcpCtState::FinWait);
    pub(super) const CW: Next = Next::To(TcpCtState::CloseWait);
    pub(super) const LA: Next = Next::To(TcpCtState::LastAck);
    pub(super) const TW: Next = Next::To(TcpCtState::TimeWait);
    pub(super) const CL: Next = Next::To(TcpCtState::Close);
    pub(super) const S2: Next = Next::To(TcpCtState::SynSent2);
    pub(super) const IG: Next = Next::Ignore;
    pub(super) const IV: Next = Next::Invalid;
}
use short::{CL, CW, ES, FW, IG, IV, LA, S2, SR, SS, TW};

/// Rows: SYN, SYN,ACK, FIN, ACK, RST, none of these. From the side that began.
#[rustfmt::skip]
const ORIGINAL: [Row; 6] = [
    // NONE, SYN_SENT, SYN_RECV, ESTABLISHED, FIN_WAIT, CLOSE_WAIT, LAST_ACK, TIME_WAIT, CLOSE, SYN_SENT2
    [SS, SS, IG, IG, IG, IG, IG, SS, SS, S2], // a new connection; in TIME_WAIT and CLOSE the ports are used again
    [IV, IV, SR, IV, IV, IV, IV, IV, IV, SR], // only answers a SYN from the other side
    [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
    [ES, IV, ES, ES, CW, CW, TW, TW, CL, IV], // in SYN_SENT: acknowledges what nobody saw
    [IV, CL, CL, CL, CL, CL, CL, CL, CL, CL],
    [IV, IV, IV, IV, IV, IV, IV, IV, IV, IV],
];

/// The same, from the side that was called.
#[rustfmt::skip]
const REPLY: [Row; 6] = [
    [IV, S2, IV, IV, IV, IV, IV, SS, IV, S2], // simultaneous open; in TIME_WAIT the roles have changed
    [IV, SR, IG, IG, IG, IG, IG, IG, IG, SR], // once answered, a repetition, or the answer to a SYN that was ignored
    [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
    [IV, IG, SR, ES, CW, CW, TW, TW, CL, IG], // in SYN_SENT: may be a half-open connection's challenge
    [IV, CL, CL, CL, CL, CL, CL, CL, CL, CL],
    [IV, IV, IV, IV, IV, IV, IV, IV, IV, IV],
];

/// What a segment of this kind from this side does in this state.
pub(super) fn next(direction: CtDirection, kind: SegmentKind, state: TcpCtState) -> Next {
    let table = match direction {
        CtDirection::Original => &ORIGINAL,
        CtDirection::Reply => &REPLY,
    };
    table.get(kind as usize).and_then(|row| row.get(state as usize)).copied().unwrap_or(Next::Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use CtDirection::{Original, Reply};
    use SegmentKind::{Ack, Bare, Fin, Rst, Syn, SynAck};
    use TcpCtState::{CloseWait, Established, FinWait, LastAck, SynRecv, SynSent, TimeWait};

    #[test]
    fn an_ordinary_connection_walks_through_the_states() {
        let walk = [
            (Original, Syn, SynSent),
            (Reply, SynAck, SynRecv),
            (Original, Ack, Established),
            (Reply, Ack, Established),
            (Reply, Fin, FinWait),
            (Original, Ack, CloseWait),
            (Original, Fin, LastAck),
            (Reply, Ack, TimeWait),
        ];
        let mut state = TcpCtState::None;
        for (direction, kind, expected) in walk {
            assert_eq!(next(direction, kind, state), Next::To(expected), "{direction:?} {kind:?} in {state:?}");
            state = expected;
        }
    }

    #[test]
    fn the_third_packet_is_invalid_where_the_second_was_not_seen() {
        assert_eq!(next(Original, Ack, SynSent), Next::Invalid);
        assert_eq!(next(Reply, Ack, SynSent), Next::Ignore);
    }

    #[test]
    fn a_segment_without_flags_is_invalid_in_every_state() {
        for state in [TcpCtState::None, SynSent, SynRecv, Established, FinWait, CloseWait, LastAck, TimeWait] {
            for direction in [Original, Reply] {
                assert_eq!(next(direction, Bare, state), Next::Invalid);
            }
        }
    }

    #[test]
    fn a_reset_closes_every_connection_there_is() {
        assert_eq!(next(Original, Rst, TcpCtState::None), Next::Invalid);
        for state in [SynSent, SynRecv, Established, FinWait, CloseWait, LastAck, TimeWait, TcpCtState::Close, TcpCtState::SynSent2] {
            assert_eq!(next(Reply, Rst, state), Next::To(TcpCtState::Close));
        }
    }

    #[test]
    fn which_flags_make_sense() {
        let sensible = |bits: u8| flags_make_sense(TcpFlags(bits));
        assert!(sensible(0x02) && sensible(0x12) && sensible(0x10) && sensible(0x18) && sensible(0x11) && sensible(0x04) && sensible(0x14));
        // SYN with ECE and CWR opens a connection with ECN.
        assert!(sensible(0xc2));
        for nonsense in [0x00, 0x01, 0x03, 0x06, 0x05, 0x08, 0x20, 0x29, 0x3f] {
            assert!(!sensible(nonsense), "{nonsense:#04x}");
        }
        assert_eq!(SegmentKind::of(TcpFlags(0x14)), Rst);
        assert_eq!(SegmentKind::of(TcpFlags(0x11)), Fin);
    }
}
