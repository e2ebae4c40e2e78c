//! ICMP errors about our segments (RFC 1122 section 4.2.3.9, RFC 5461, RFC 6069, RFC 1191).

use super::context::{Context, RTO_INITIAL, RTO_MAX};
use super::seq::Seq;
use super::socket::{Connection, Pending};
use super::state::State;
use super::{Endpoint, TcpIcmpError};
use crate::trace::Errno;
use roundtrip_wire::{IpBody, IpProtocol, Ipv4, UnreachableCode};

/// The error number that an unreachable code stands for; none for codes without one.
const fn errno_of(code: UnreachableCode) -> Option<Errno> {
    Some(match code {
        UnreachableCode::Net | UnreachableCode::NetUnknown | UnreachableCode::NetProhibited | UnreachableCode::NetTos => Errno::Enetunreach,
        UnreachableCode::Host
        | UnreachableCode::HostUnknown
        | UnreachableCode::HostProhibited
        | UnreachableCode::HostTos
        | UnreachableCode::AdminProhibited => Errno::Ehostunreach,
        UnreachableCode::Protocol => Errno::Enoprotoopt,
        UnreachableCode::Port => Errno::Econnrefused,
        UnreachableCode::FragmentationNeeded => Errno::Emsgsize,
        UnreachableCode::SourceRoute => Errno::Eproto,
        UnreachableCode::Other(code) => match code {
            8 => Errno::Enetunreach,
            14 | 15 => Errno::Ehostunreach,
            _ => return None,
        },
    })
}

impl TcpIcmpError {
    /// A half-open request is given up for this.
    pub(super) const fn ends_request(self) -> bool {
        matches!(self, Self::ParameterProblem | Self::TimeExceeded | Self::Unreachable(UnreachableCode::Net | UnreachableCode::Host))
    }
}

impl Connection {
    /// An ICMP error that quotes a segment of ours with this sequence number.
    pub(super) fn icmp_error(&mut self, cx: &mut Context<'_>, error: TcpIcmpError, seq: Seq) {
        if self.state == State::Closed || !seq.between(self.snd.una, self.snd.nxt) {
            return;
        }
        let errno = match error {
            TcpIcmpError::ParameterProblem => Errno::Eproto,
            TcpIcmpError::TimeExceeded => Errno::Ehostunreach,
            TcpIcmpError::FragmentationNeeded { mtu } => {
                self.path_mtu_reduced(cx, mtu);
                return;
            }
            TcpIcmpError::Unreachable(code) => {
                let Some(errno) = errno_of(code) else { return };
                if matches!(code, UnreachableCode::Net | UnreachableCode::Host) {
                    self.revert_backoff(cx, seq);
                }
                errno
            }
        };
        match self.state {
            // While the connection opens, the error is the answer.
            State::SynSent | State::SynReceived => self.done(cx, Some(errno)),
            State::Closed => {}
            // Afterwards it is only remembered, in case the connection times out.
            _ => self.soft_error = Some(errno),
        }
    }

    /// A smaller path MTU was learned.
    fn path_mtu_reduced(&mut self, cx: &mut Context<'_>, mtu: u16) {
        let Ok(route) = self.look_route_up(cx) else { return };
        if mtu < route.mtu {
            self.soft_error = Some(Errno::Emsgsize);
        }
        let learned = u32::from(route.mtu);
        if self.snd.mtu > learned {
            self.sync_mss(learned);
            self.resend_too_large(cx);
        }
    }

    /// The network says that the path is down, so the losses were not congestion: the doubling is taken back
    /// (RFC 6069).
    fn revert_backoff(&mut self, cx: &mut Context<'_>, seq: Seq) {
        if seq != self.snd.una || self.timers.retransmits == 0 || self.timers.backoff == 0 {
            return;
        }
        let Some(oldest) = self.snd.rtx.front().copied() else { return };
        self.snd.clock = cx.now;
        self.timers.backoff -= 1;
        let base = if self.rtt.is_known() { self.rtt.timeout() } else { RTO_INITIAL };
        self.rtt.rto = base.times(1 << self.timers.backoff.min(30)).min(RTO_MAX);
        let due = oldest.sent_at + self.rtt.rto;
        if due > cx.now {
            let wait = due - cx.now;
            self.start_retransmit_timer(cx, Pending::Retransmission, wait);
        } else {
            self.retransmission_due(cx);
        }
    }
}

/// Both ends, ours first, and the sequence number of a quoted TCP header, of which eight bytes are enough (RFC 792).
pub(super) fn quoted_ends(quoted: &Ipv4) -> Option<(Endpoint, Endpoint, Seq)> {
    let ends = |source, destination, seq| {
        (Endpoint { address: quoted.src, port: source }, Endpoint { address: quoted.dst, port: destination }, Seq(seq))
    };
    if let Some(tcp) = quoted.tcp() {
        return Some(ends(tcp.src_port, tcp.dst_port, tcp.seq));
    }
    let bytes = match &quoted.body {
        IpBody::Other(other) if quoted.protocol() == IpProtocol::TCP => &other.bytes,
        IpBody::Fragment(fragment) if quoted.protocol() == IpProtocol::TCP && fragment.offset() == 0 => &fragment.bytes,
        _ => return None,
    };
    let head = bytes.as_slice().first_chunk::<8>()?;
    let [a, b, c, d, e, f, g, h] = *head;
    Some(ends(u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]), u32::from_be_bytes([e, f, g, h])))
}
