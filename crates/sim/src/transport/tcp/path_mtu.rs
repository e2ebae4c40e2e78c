//! How large segments are: path MTU, MSS, and what is done where a path MTU cannot be learned (RFC 1191, RFC 4821).

use super::TcpRoute;
use super::context::Context;
use super::socket::{Connection, DEFAULT_MSS};
use crate::sysctl::Sysctl;
use crate::trace::Errno;

/// Bytes of the headers without options, IPv4 and TCP.
const HEADERS: u32 = 40;
/// Smallest sending MSS (`tcp_min_snd_mss`, `tcp_mtu_probe_floor`), in bytes.
const MIN_SND_MSS: u32 = 48;
/// Bytes that every link carries (RFC 791 section 3.2).
const DEAD_MTU: u32 = 68;

impl Connection {
    /// Data bytes of a segment for this path MTU, not more than half of the largest window (`tcp_sync_mss`).
    pub(super) fn sync_mss(&mut self, mtu: u32) {
        self.snd.mtu = mtu;
        let mss = mtu.saturating_sub(HEADERS).min(self.options.mss_clamp).max(MIN_SND_MSS);
        let mss = self.bound_to_half_window(self.without_options(mss));
        let probing = self.snd.probed_mtu.map_or(u32::MAX, |mtu| self.mss_for(mtu));
        self.snd.mss = mss.min(probing);
    }

    pub(super) fn bound_to_half_window(&self, size: u32) -> u32 {
        let max = self.snd.max_window;
        let cutoff = if max > DEFAULT_MSS { max / 2 } else { max };
        if cutoff > 0 && size > cutoff { cutoff.max(68_u32.saturating_sub(self.snd.header)) } else { size }
    }

    /// Looks the route up and remembers it, or that there is none.
    pub(super) fn look_route_up(&mut self, cx: &mut Context<'_>) -> Result<TcpRoute, Errno> {
        let route = cx.env.route(self.local.address, self.remote.address);
        self.snd.route = route.is_ok().then(|| cx.env.route_entry(self.local.address, self.remote.address));
        route
    }

    /// MTU of the remembered route. One that was deleted leads nowhere, and has the smallest MTU that IPv4 allows;
    /// one that is no longer the best keeps the MTU that it had.
    fn remembered_mtu(&self, cx: &mut Context<'_>) -> Option<u32> {
        let remembered = self.snd.route?;
        if cx.env.route_deleted(remembered) {
            return Some(DEAD_MTU);
        }
        let route = cx.env.route(self.local.address, self.remote.address).ok()?;
        (cx.env.route_entry(self.local.address, self.remote.address) == remembered).then_some(u32::from(route.mtu))
    }

    /// Data bytes of the next segment: looks at the remembered route again, and leaves room for SACK blocks.
    pub(super) fn current_mss(&mut self, cx: &mut Context<'_>) -> u32 {
        if let Some(mtu) = self.remembered_mtu(cx).filter(|mtu| *mtu != self.snd.mtu) {
            self.sync_mss(mtu);
        }
        self.snd.mss.saturating_sub(self.sack_len()).max(1)
    }

    /// An MSS less the options that every segment has.
    const fn without_options(&self, mss: u32) -> u32 {
        mss.saturating_sub(self.snd.header - 20)
    }

    /// Data bytes of a segment that fills this MTU.
    fn mss_for(&self, mtu: u32) -> u32 {
        self.without_options(mtu.saturating_sub(HEADERS).max(MIN_SND_MSS))
    }

    /// With `tcp_mtu_probing` 2 whoever opens a connection tries small segments first. Whoever accepts one means to as well, but goes on
    /// with those of the handshake until the MSS is next computed (kernel: `tcp_mtup_init`, after which only `tcp_connect` synchronises).
    pub(super) fn start_mtu_probing(&mut self, cx: &Context<'_>, opens: bool) {
        if cx.sysctl(Sysctl::TcpMtuProbing) > 1 {
            let base = cx.sysctl(Sysctl::TcpBaseMss);
            if opens {
                self.try_small_segments(base);
            } else {
                self.snd.probed_mtu = Some(self.mtu_for(base));
            }
        }
    }

    /// Nothing gets through: perhaps a router drops what is too large and does not say so. With `tcp_mtu_probing` the
    /// segments become smaller (RFC 4821 section 7.7).
    pub(super) fn suspect_black_hole(&mut self, cx: &Context<'_>) {
        if cx.sysctl(Sysctl::TcpMtuProbing) == 0 {
            return;
        }
        let base = cx.sysctl(Sysctl::TcpBaseMss);
        match self.snd.probed_mtu {
            None => self.try_small_segments(base),
            Some(mtu) => self.try_small_segments((self.mss_for(mtu) / 2).min(base).max(MIN_SND_MSS)),
        }
    }

    /// The MTU that segments with this much data fill.
    const fn mtu_for(&self, mss: u32) -> u32 {
        mss.saturating_add(self.snd.header).saturating_add(20)
    }

    fn try_small_segments(&mut self, mss: u32) {
        self.snd.probed_mtu = Some(self.mtu_for(mss));
        let mtu = self.snd.mtu;
        self.sync_mss(mtu);
    }
}
