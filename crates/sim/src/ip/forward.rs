//! A packet for somebody else (kernel: `ip_forward`). The order of the checks is the kernel's: TTL, MTU, redirect, then the
//! FORWARD hook; so a router sends redirects also for packets that a rule drops a moment later.

use crate::ip::hooks::Passed;
use crate::ip::icmp_error::About;
use crate::ip::route::Route;
use crate::netfilter::ruleset::Hook;
use crate::node::{Host, Parcel};
use crate::trace::{DropReason, Step};
use roundtrip_wire::{Ipv4, UnreachableCode};

impl Host<'_> {
    pub(crate) fn forward(&mut self, mut parcel: Parcel, route: &Route, redirect: bool) {
        if parcel.link_broadcast {
            self.lose(&parcel, DropReason::MartianDestination);
            return;
        }
        if parcel.ip.ttl <= 1 {
            self.stopped(&parcel, About::TtlExceeded, DropReason::TtlExceeded);
            return;
        }
        if parcel.ip.df && exceeds(&parcel, route.forward_mtu) {
            let about = About::Unreachable(UnreachableCode::FragmentationNeeded, route.forward_mtu);
            self.stopped(&parcel, about, DropReason::FragmentationNeeded);
            return;
        }
        parcel.ip.ttl -= 1;
        if redirect {
            self.redirect_sender(&parcel, route);
        }
        parcel.skb.out_if = Some(route.dev);
        if self.pass(Hook::Forward, &mut parcel) == Passed::No {
            return;
        }
        self.output(parcel, route, true);
    }

    /// It cannot go on: its sender is told.
    #[inline(never)]
    fn stopped(&mut self, parcel: &Parcel, about: About, reason: DropReason) {
        self.icmp_error(parcel, about, false);
        self.lose(parcel, reason);
    }

    /// Tells the sender of a nearer gateway, as often as the limits allow (`ip_rt_send_redirect`).
    #[inline(never)]
    fn redirect_sender(&mut self, parcel: &Parcel, route: &Route) {
        let now = self.now();
        if self.core.peers.redirect(parcel.ip.src, now) {
            let gateway = route.next_hop(parcel.ip.dst);
            self.world.step(parcel.visit, Step::RedirectSent { gateway });
            self.icmp_error(parcel, About::Redirect(gateway), false);
        } else {
            self.world.step(parcel.visit, Step::RedirectWithheld);
        }
    }
}

/// Longer than the link takes; a packet put together from pieces counts by its longest piece.
fn exceeds(parcel: &Parcel, mtu: u16) -> bool {
    let len = match parcel.pieces.iter().max() {
        Some(longest) => Ipv4::HEADER_LEN + usize::from(*longest),
        None => parcel.ip.wire_len(),
    };
    len > usize::from(mtu)
}
