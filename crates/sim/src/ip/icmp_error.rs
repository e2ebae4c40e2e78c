//! Telling a sender that its packet died, or that there is a better way (RFC 1812 section 4.3.2; kernel: `icmp_send`).

use crate::node::{Host, Parcel};
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::{Step, Why};
use roundtrip_wire::{Icmp, IpBody, Ipv4, RedirectCode, TimeExceededCode, UnreachableCode};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// What an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// Destination unreachable, with the next hop's MTU where fragmentation would be needed.
    Unreachable(UnreachableCode, u16),
    /// TTL ran out.
    TtlExceeded,
    /// Pieces did not come.
    ReassemblyTimeout,
    /// This gateway is nearer.
    Redirect(Ipv4Addr),
}

/// Precedence "internetwork control", which errors carry (RFC 1812 section 4.3.2.5).
const TOS_CONTROL: u8 = 0xc0;

impl About {
    fn icmp_type(self) -> u32 {
        match self {
            Self::Unreachable(..) => 3,
            Self::Redirect(_) => 5,
            Self::TtlExceeded | Self::ReassemblyTimeout => 11,
        }
    }

    fn message(self, quoted: Arc<Ipv4>) -> Icmp {
        match self {
            Self::Unreachable(code, mtu) => Icmp::Unreachable { code, mtu, quoted },
            Self::TtlExceeded => Icmp::TimeExceeded { code: TimeExceededCode::Transit, quoted },
            Self::ReassemblyTimeout => Icmp::TimeExceeded { code: TimeExceededCode::Reassembly, quoted },
            Self::Redirect(gateway) => Icmp::Redirect { code: RedirectCode::Host, gateway, quoted },
        }
    }
}

/// Packets about which nobody is told (RFC 1122 section 3.2.2).
fn unanswerable(parcel: &Parcel) -> bool {
    let ip = &parcel.ip;
    parcel.link_broadcast
        || ip.dst.is_multicast()
        || ip.dst.is_broadcast()
        || ip.src.is_unspecified()
        || ip.src.is_multicast()
        || ip.src.is_broadcast()
        || match &ip.body {
            IpBody::Icmp(icmp) => icmp.is_error(),
            IpBody::Fragment(fragment) => fragment.offset_units != 0,
            _ => false,
        }
}

impl Host<'_> {
    /// Sends an error about a packet to its sender, if the rules and limits allow. `local`: the packet was for this node,
    /// so the address that it was sent to answers.
    pub(crate) fn icmp_error(&mut self, parcel: &Parcel, about: About, local: bool) {
        if unanswerable(parcel) || self.core.is_broadcast(parcel.ip.dst) {
            return;
        }
        let now = self.now();
        let limit = |host: &Self, key| u64::try_from(host.core.sysctls.get(key)).unwrap_or(0);
        let mask = self.core.sysctls.get(Sysctl::IcmpRatemask);
        let too_big = matches!(about, About::Unreachable(UnreachableCode::FragmentationNeeded, _));
        let limited = !too_big && mask.checked_shr(about.icmp_type()).unwrap_or(0) & 1 == 1;
        let to_self = self.core.fib.is_local(parcel.ip.src);
        if limited && !to_self {
            let (rate, burst) = (limit(self, Sysctl::IcmpMsgsPerSec), limit(self, Sysctl::IcmpMsgsBurst));
            if !self.core.icmp_limit.allows(now, rate, burst) {
                self.world.step(parcel.visit, Step::ErrorWithheld);
                return;
            }
        }
        let source = if local {
            Some(parcel.ip.dst)
        } else if self.core.is_on(Sysctl::IcmpErrorsUseInboundIfaddr) {
            parcel.skb.in_if.and_then(|dev| self.core.select_address(dev, Some(parcel.ip.src)))
        } else {
            None
        };
        let Ok(route) = self.core.route_output(parcel.ip.src, source, true, now) else {
            return;
        };
        if limited && !to_self {
            let distance = SimTime::from_millis(limit(self, Sysctl::IcmpRatelimit));
            if !self.core.peers.error(parcel.ip.src, now, distance) {
                self.world.step(parcel.visit, Step::ErrorWithheld);
                return;
            }
            self.core.icmp_limit.spend();
        }
        let Some(source) = source.or(route.source) else { return };
        let id = self.core.ip_id();
        let ip = Ipv4 {
            src: source,
            dst: parcel.ip.src,
            ttl: self.core.default_ttl(),
            tos: (parcel.ip.tos & 0x1e) | TOS_CONTROL,
            id,
            df: false,
            body: IpBody::Icmp(Arc::new(about.message(Arc::new(parcel.ip.clone())))),
        };
        let packet = self.world.packet(self.core.id, Why::Error, Some(parcel.packet), None);
        // Nobody is told if telling fails.
        let mut answer = Parcel::new(ip, packet, None);
        answer.skb = parcel.skb.about();
        let _ = self.send_routed(answer, route);
    }
}
