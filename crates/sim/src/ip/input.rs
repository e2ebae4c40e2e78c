//! A frame has come in (kernel: `ip_rcv`, `ip_local_deliver`).

use crate::ip::hooks::Passed;
use crate::ip::icmp_error::About;
use crate::ip::reassembly::Reassembled;
use crate::ip::route::Input;
use crate::netfilter::Skb;
use crate::netfilter::ruleset::Hook;
use crate::node::{Host, LOOPBACK, Parcel};
use crate::scenario::IfIndex;
use crate::trace::{DropReason, Errno, FrameId, PacketId, Step, VisitEnd};
use crate::world::Signal;
use roundtrip_wire::{Frame, FrameBody, IpBody, Ipv4, UnreachableCode};

impl Host<'_> {
    /// A frame reaches an interface.
    pub(crate) fn frame_in(&mut self, dev: IfIndex, id: FrameId, packet: PacketId, frame: Frame) {
        let Some(interface) = self.core.interface(dev) else { return };
        if !interface.up {
            // What is for everybody is missed by nobody in particular.
            if frame.dst == interface.mac {
                self.world.drop(self.core.id, packet, None, DropReason::LinkDown);
            }
            return;
        }
        if !interface.carrier {
            self.world.drop(self.core.id, packet, None, DropReason::CableCut);
            return;
        }
        // An interface takes four bytes more than its MTU, for a VLAN tag (kernel: `is_skb_forwardable`); nobody is told.
        if frame.ipv4().is_some_and(|ip| ip.wire_len() > usize::from(interface.mtu) + 4) {
            self.world.drop(self.core.id, packet, None, DropReason::FrameTooLong);
            return;
        }
        let visit = self.world.begin(self.core.id, packet, Some((id, dev)));
        match frame.body {
            FrameBody::Arp(arp) => self.arp_in(dev, &arp, frame.dst, (packet, visit)),
            FrameBody::Ipv4(ip) => {
                let mut parcel = Parcel::new(ip, packet, visit);
                parcel.skb.in_if = Some(dev);
                parcel.link_broadcast = frame.dst.is_multicast();
                self.ip_in(dev, parcel);
            }
        }
    }

    fn ip_in(&mut self, dev: IfIndex, mut parcel: Parcel) {
        if self.filtered() {
            if self.netfilter.tracks() && matches!(parcel.ip.body, IpBody::Fragment(_)) {
                match self.reassemble(parcel) {
                    Some(whole) => parcel = whole,
                    None => return,
                }
            }
            if self.pass(Hook::Prerouting, &mut parcel) == Passed::No {
                return;
            }
        }
        match self.core.route_input(parcel.ip.src, parcel.ip.dst, dev, self.now()) {
            Input::Local(route) => {
                self.world.step(parcel.visit, route.step());
                self.deliver(parcel, route.broadcast);
            }
            Input::Forward { route, redirect } => {
                if parcel.visit.is_some() {
                    self.world.step(parcel.visit, route.step());
                }
                self.forward(parcel, &route, redirect);
            }
            refused => self.refused(&parcel, refused),
        }
    }

    /// No way on for a packet that came in.
    #[inline(never)]
    fn refused(&mut self, parcel: &Parcel, input: Input) {
        match input {
            Input::Local(_) | Input::Forward { .. } => {}
            Input::Refused { errno, reason } => {
                let told = match errno {
                    Errno::Ehostunreach if reason != DropReason::NotForwarding => Some(UnreachableCode::Host),
                    Errno::Enetunreach => Some(UnreachableCode::Net),
                    Errno::Eacces => Some(UnreachableCode::AdminProhibited),
                    _ => None,
                };
                if let Some(code) = told {
                    let now = self.now();
                    if self.core.peers.unroutable(parcel.ip.src, now) {
                        self.icmp_error(parcel, About::Unreachable(code, 0), false);
                    } else {
                        self.world.step(parcel.visit, Step::ErrorWithheld);
                    }
                }
                self.lose(parcel, reason);
            }
            Input::Martian(reason, step) => {
                if let Some(step) = step {
                    self.world.step(parcel.visit, step);
                }
                self.lose(parcel, reason);
            }
        }
    }

    /// Holds a piece back, or gives the whole packet once all pieces are there.
    #[inline(never)]
    pub(crate) fn reassemble(&mut self, parcel: Parcel) -> Option<Parcel> {
        let now = self.now();
        let lifetime =
            crate::time::SimTime::from_secs(u64::try_from(self.core.sysctls.get(crate::sysctl::Sysctl::IpfragTime)).unwrap_or(30));
        match self.core.reassembly.add(parcel, now + lifetime) {
            Reassembled::Whole(mut whole) => {
                self.world.step(whole.visit, Step::Reassembled);
                whole.link_broadcast = false;
                Some(*whole)
            }
            Reassembled::Held { visit, timer } => {
                self.world.end(visit, VisitEnd::Held);
                if let Some(generation) = timer {
                    self.world.agenda.at(
                        crate::time::wheel::rings(now, now + lifetime),
                        crate::event::Event::Reassembly { node: self.core.id, generation },
                    );
                }
                None
            }
        }
    }

    /// Some pieces never came (RFC 792: code 1 only if the first one did).
    pub(crate) fn reassembly_timeout(&mut self, generation: u32) {
        let Some(lost) = self.core.reassembly.expire(generation) else { return };
        if let Some(first) = lost.first {
            let now = self.now();
            let dev = first.skb.in_if.unwrap_or(IfIndex(0));
            if matches!(self.core.route_input(first.ip.src, first.ip.dst, dev, now), Input::Local(_)) {
                self.icmp_error(&first, About::ReassemblyTimeout, true);
            }
            self.lose(&first, DropReason::ReassemblyTimeout);
        }
        for (packet, visit) in lost.others {
            self.world.drop(self.core.id, packet, visit, DropReason::ReassemblyTimeout);
        }
    }

    /// For this node (kernel: `ip_local_deliver`).
    #[inline(never)]
    fn deliver(&mut self, parcel: Parcel, broadcast: bool) {
        let mut parcel = if matches!(parcel.ip.body, IpBody::Fragment(_)) {
            match self.reassemble(parcel) {
                Some(whole) => whole,
                None => return,
            }
        } else {
            parcel
        };
        if self.pass(Hook::Input, &mut parcel) == Passed::No {
            return;
        }
        self.done(&parcel, VisitEnd::Delivered);
        // From here on the packet is no longer tracked: what answers it is looked up anew.
        let in_if = parcel.skb.in_if;
        parcel.skb = Skb::default();
        parcel.skb.in_if = in_if;
        self.take(parcel, broadcast);
    }

    /// A packet that this node sent to itself. It stays with the connection that it was tracked as on its way out.
    pub(crate) fn loopback_in(&mut self, packet: PacketId, (ip, skb): (Ipv4, Skb), in_call: bool) {
        let visit = self.world.begin(self.core.id, packet, None);
        let mut parcel = Parcel::new(ip, packet, visit);
        parcel.skb = skb;
        (parcel.skb.in_if, parcel.skb.out_if) = (Some(LOOPBACK), None);
        if self.pass(Hook::Prerouting, &mut parcel) == Passed::No {
            return;
        }
        self.world.step(visit, Step::RouteLocal);
        self.world.in_call = in_call;
        self.deliver(parcel, false);
        self.world.in_call = false;
    }

    /// To the protocol.
    fn take(&mut self, parcel: Parcel, broadcast: bool) {
        match &parcel.ip.body {
            IpBody::Tcp(_) => {
                // Not for segments in broadcast frames either, whatever their address.
                if !broadcast && !parcel.link_broadcast {
                    self.world.signals.push(Signal::Segment { node: self.core.id, ip: parcel.ip.clone() });
                    self.tcp_in(&parcel);
                }
            }
            IpBody::Udp(_) => self.udp_in(&parcel, broadcast),
            IpBody::Icmp(_) => self.icmp_in(&parcel, broadcast),
            IpBody::Other(_) | IpBody::Fragment(_) => {
                if !broadcast {
                    self.icmp_error(&parcel, About::Unreachable(UnreachableCode::Protocol, 0), true);
                }
                self.lose(&parcel, DropReason::NoProtocol);
            }
        }
    }
}
