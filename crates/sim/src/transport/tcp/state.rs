//! The states of RFC 9293 section 3.3.2 that a connection's control block can be in.
//!
//! LISTEN, half-open requests and TIME-WAIT are smaller things with files of their own.

/// State of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// No connection any more; an application may still hold the socket.
    Closed,
    /// SYN sent.
    SynSent,
    /// SYN sent and received, as after a simultaneous open, or a request that its ACK has just completed.
    SynReceived,
    /// Open both ways.
    Established,
    /// We have closed; our FIN may not be acknowledged yet.
    FinWait1,
    /// Our FIN is acknowledged.
    FinWait2,
    /// The other side has closed.
    CloseWait,
    /// Both have closed at once; our FIN is not acknowledged yet.
    Closing,
    /// Both have closed, the other side first; our FIN is not acknowledged yet.
    LastAck,
}

impl State {
    /// In the words of `ss`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Closed => "UNCONN",
            Self::SynSent => "SYN-SENT",
            Self::SynReceived => "SYN-RECV",
            Self::Established => "ESTAB",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::CloseWait => "CLOSE-WAIT",
            Self::Closing => "CLOSING",
            Self::LastAck => "LAST-ACK",
        }
    }

    /// Where CLOSE leads (RFC 9293 section 3.10.4), and whether a FIN goes out on the way.
    pub(super) const fn on_close(self) -> (Self, bool) {
        match self {
            Self::SynSent | Self::Closed => (Self::Closed, false),
            Self::SynReceived | Self::Established => (Self::FinWait1, true),
            Self::CloseWait => (Self::LastAck, true),
            Self::FinWait1 | Self::FinWait2 | Self::Closing | Self::LastAck => (self, false),
        }
    }

    /// States in which ABORT sends a RST (RFC 9293 section 3.10.5).
    pub(super) const fn abort_resets(self) -> bool {
        matches!(self, Self::SynReceived | Self::Established | Self::FinWait1 | Self::FinWait2 | Self::CloseWait)
    }

    /// The handshake is not complete.
    pub(super) const fn is_opening(self) -> bool {
        matches!(self, Self::SynSent | Self::SynReceived)
    }

    /// The application may still hand over data.
    pub(super) const fn may_send(self) -> bool {
        matches!(self, Self::SynSent | Self::SynReceived | Self::Established | Self::CloseWait)
    }
}

/// What the congestion and loss machinery believes about the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Path {
    /// Nothing unusual.
    Open,
    /// Duplicate ACKs or SACKs, no loss proven.
    Disorder,
    /// The window is being reduced without retransmission.
    Reducing,
    /// Fast retransmission.
    Recovery,
    /// After a retransmission timeout.
    Loss,
}
