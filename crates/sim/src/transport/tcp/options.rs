//! The options of outgoing segments (RFC 9293 section 3.2, RFC 7323, RFC 2018) and what is learned from incoming ones.

use super::context::Context;
use super::socket::{Connection, DEFAULT_MSS};
use crate::sysctl::Sysctl;
use roundtrip_wire::{SackBlock, Tcp, TcpOptions, Timestamps};

/// Bytes that the timestamps option takes, padding included.
pub(super) const TIMESTAMPS_LEN: u32 = 12;
/// Smallest MSS that we announce (`ip_rt_min_advmss`), in bytes.
const MIN_ADVERTISED_MSS: u16 = 256;
/// Smallest MSS that is believed, in bytes.
const MIN_MSS: u32 = 48;
/// Largest shift of the window scale option (RFC 7323 section 2.3).
const MAX_WSCALE: u8 = 14;

/// The MSS to announce for a device or path of this MTU.
pub(super) const fn advertised_mss(mtu: u16) -> u16 {
    let mss = mtu.saturating_sub(40);
    if mss < MIN_ADVERTISED_MSS { MIN_ADVERTISED_MSS } else { mss }
}

/// What a SYN says about the other side.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Announced {
    pub(super) mss: u32,
    pub(super) wscale: Option<u8>,
    pub(super) sack: bool,
    pub(super) timestamps: Option<Timestamps>,
}

impl Announced {
    /// Reads a SYN, leaving out what is switched off here.
    pub(super) fn of(cx: &Context<'_>, tcp: &Tcp) -> Self {
        let on = |key| cx.sysctl(key) != 0;
        Self {
            mss: tcp.options.mss.filter(|mss| *mss > 0).map_or(DEFAULT_MSS, u32::from).max(MIN_MSS),
            wscale: tcp.options.window_scale.filter(|_| on(Sysctl::TcpWindowScaling)).map(|shift| shift.min(MAX_WSCALE)),
            sack: tcp.options.sack_permitted && on(Sysctl::TcpSack),
            timestamps: tcp.options.timestamps.filter(|_| on(Sysctl::TcpTimestamps)),
        }
    }
}

impl Connection {
    /// Options of our SYN, or SYN,ACK of a simultaneous open.
    pub(super) fn syn_options(&mut self, cx: &Context<'_>, advertised: u16) -> TcpOptions {
        let mss = u32::from(advertised_mss(advertised)).min(self.advmss);
        self.advmss = mss;
        let on = |key| cx.sysctl(key) != 0;
        TcpOptions {
            mss: Some(u16::try_from(mss).unwrap_or(u16::MAX)),
            window_scale: on(Sysctl::TcpWindowScaling).then_some(self.options.rcv_wscale),
            sack_permitted: on(Sysctl::TcpSack),
            timestamps: on(Sysctl::TcpTimestamps).then(|| Timestamps { value: self.timestamp(cx.now), echo: self.options.ts_recent }),
            sack: Vec::new(),
        }
    }

    /// Blocks that the next segment reports: a duplicate first, then what lies beyond gaps.
    fn sack_blocks(&self) -> impl Iterator<Item = SackBlock> + '_ {
        let room = if self.options.timestamps { 3 } else { 4 };
        self.rcv.dsack.into_iter().chain(self.rcv.sacks.iter().copied()).take(room)
    }

    /// Options of any other segment.
    pub(super) fn usual_options(&mut self, cx: &Context<'_>) -> TcpOptions {
        let options = TcpOptions {
            timestamps: self.options.timestamps.then(|| Timestamps { value: self.timestamp(cx.now), echo: self.options.ts_recent }),
            sack: self.sack_blocks().collect(),
            ..TcpOptions::default()
        };
        self.rcv.dsack = None;
        options
    }

    /// Bytes that SACK blocks will take in the next segment.
    pub(super) fn sack_len(&self) -> u32 {
        let blocks = self.sack_blocks().count() as u32;
        if blocks == 0 { 0 } else { 4 + 8 * blocks }
    }

    /// Notes a segment's timestamps, if timestamps are used.
    pub(super) fn note_timestamps(&mut self, tcp: &Tcp) {
        self.options.arrived = None;
        if self.options.timestamps
            && let Some(stamps) = tcp.options.timestamps
        {
            self.options.arrived = Some((stamps.value, stamps.echo));
        }
    }

    /// The echoed timestamp as time on our clock in milliseconds, if the segment in hand has one.
    pub(super) fn echoed_millis(&self) -> Option<u32> {
        self.options.arrived.map(|(_, echo)| echo).filter(|echo| *echo != 0).map(|echo| echo.wrapping_sub(self.ts_offset))
    }

    /// Takes the segment's timestamp over as TS.Recent.
    pub(super) const fn store_ts_recent(&mut self, cx: &Context<'_>) {
        if let Some((value, _)) = self.options.arrived {
            self.options.ts_recent = value;
            self.options.ts_recent_at = Some(cx.now);
        }
    }
}
