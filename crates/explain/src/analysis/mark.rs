//! The marks.

/// Something remarkable about a segment, as `tcp.analysis.*` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Carries what was sent before. The two special kinds below are marked so as well.
    Retransmission,
    /// The same, right after duplicate acknowledgements that asked for it.
    FastRetransmission,
    /// Carries what had been acknowledged already.
    SpuriousRetransmission,
    /// Carries what comes before something that was seen shortly before.
    OutOfOrder,
    /// Segments before it were not seen here.
    LostSegment,
    /// Acknowledges what was not seen here.
    AckLostSegment,
    /// Nothing, or one byte, from right before the next byte: is anybody there?
    KeepAlive,
    /// The answer to that.
    KeepAliveAck,
    /// Acknowledges once more what was acknowledged before.
    DuplicateAck,
    /// Nothing more is taken for now.
    ZeroWindow,
    /// One byte to find out whether something is taken again.
    ZeroWindowProbe,
    /// The answer to that: still nothing.
    ZeroWindowProbeAck,
    /// Says that more, or less, is taken than before.
    WindowUpdate,
    /// Fills what the other side takes.
    WindowFull,
    /// Opens a connection between ports that had one before.
    ReusedPorts,
}

impl Mark {
    /// Every one.
    pub const ALL: [Self; 15] = [
        Self::Retransmission,
        Self::FastRetransmission,
        Self::SpuriousRetransmission,
        Self::OutOfOrder,
        Self::LostSegment,
        Self::AckLostSegment,
        Self::KeepAlive,
        Self::KeepAliveAck,
        Self::DuplicateAck,
        Self::ZeroWindow,
        Self::ZeroWindowProbe,
        Self::ZeroWindowProbeAck,
        Self::WindowUpdate,
        Self::WindowFull,
        Self::ReusedPorts,
    ];

    /// The field's name after `tcp.analysis.`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retransmission => "retransmission",
            Self::FastRetransmission => "fast_retransmission",
            Self::SpuriousRetransmission => "spurious_retransmission",
            Self::OutOfOrder => "out_of_order",
            Self::LostSegment => "lost_segment",
            Self::AckLostSegment => "ack_lost_segment",
            Self::KeepAlive => "keep_alive",
            Self::KeepAliveAck => "keep_alive_ack",
            Self::DuplicateAck => "duplicate_ack",
            Self::ZeroWindow => "zero_window",
            Self::ZeroWindowProbe => "zero_window_probe",
            Self::ZeroWindowProbeAck => "zero_window_probe_ack",
            Self::WindowUpdate => "window_update",
            Self::WindowFull => "window_full",
            Self::ReusedPorts => "reused_ports",
        }
    }

    /// The words in brackets of Wireshark's column "Info". Those who use it know them in English, whatever their language.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Retransmission => "TCP Retransmission",
            Self::FastRetransmission => "TCP Fast Retransmission",
            Self::SpuriousRetransmission => "TCP Spurious Retransmission",
            Self::OutOfOrder => "TCP Out-Of-Order",
            Self::LostSegment => "TCP Previous segment not captured",
            Self::AckLostSegment => "TCP ACKed unseen segment",
            Self::KeepAlive => "TCP Keep-Alive",
            Self::KeepAliveAck => "TCP Keep-Alive ACK",
            Self::DuplicateAck => "TCP Dup ACK",
            Self::ZeroWindow => "TCP ZeroWindow",
            Self::ZeroWindowProbe => "TCP ZeroWindowProbe",
            Self::ZeroWindowProbeAck => "TCP ZeroWindowProbeAck",
            Self::WindowUpdate => "TCP Window Update",
            Self::WindowFull => "TCP Window Full",
            Self::ReusedPorts => "TCP Port numbers reused",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// A set of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u16);

impl Marks {
    /// None.
    pub const NONE: Self = Self(0);

    /// Adds one.
    pub const fn insert(&mut self, mark: Mark) {
        self.0 |= mark.bit();
    }

    /// True if it is among them.
    #[must_use]
    pub const fn contains(self, mark: Mark) -> bool {
        self.0 & mark.bit() != 0
    }

    /// True if there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are in it, in the order of [`Mark::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Mark> {
        Mark::ALL.into_iter().filter(move |mark| self.contains(*mark))
    }

    /// Those that are worth telling: of a special kind of retransmission not also that it is one.
    pub fn told(self) -> impl Iterator<Item = Mark> {
        let special = self.contains(Mark::FastRetransmission) || self.contains(Mark::SpuriousRetransmission);
        self.iter().filter(move |mark| !special || *mark != Mark::Retransmission)
    }
}
