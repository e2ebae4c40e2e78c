//! An ICMP message for this node (RFC 792; kernel: `icmp_rcv` and the error handlers of the protocols).

use crate::node::{Host, Parcel};
use crate::sysctl::Sysctl;
use crate::trace::{DropReason, Step, Why};
use crate::transport::tcp::TcpIcmpError;
use crate::world::Signal;
use roundtrip_wire::{Icmp, IpBody, Ipv4, UnreachableCode};
use std::net::Ipv4Addr;
use std::sync::Arc;

impl Host<'_> {
    pub(crate) fn icmp_in(&mut self, parcel: &Parcel, broadcast: bool) {
        let Some(icmp) = parcel.ip.icmp() else { return };
        match icmp {
            Icmp::Echo { reply: false, .. } => self.echo(parcel, icmp, broadcast),
            Icmp::Echo { reply: true, id, seq, .. } => {
                let signal = Signal::EchoReply { node: self.core.id, from: parcel.ip.src, id: *id, seq: *seq };
                self.world.signals.push(signal);
            }
            Icmp::Unreachable { quoted, .. }
            | Icmp::TimeExceeded { quoted, .. }
            | Icmp::ParameterProblem { quoted, .. }
            | Icmp::Redirect { quoted, .. } => self.error_in(parcel, icmp, quoted),
            Icmp::Other { .. } => {}
        }
    }

    /// Answers an echo request (RFC 1122 section 3.2.2.6).
    fn echo(&mut self, parcel: &Parcel, request: &Icmp, broadcast: bool) {
        let Icmp::Echo { id, seq, payload, .. } = request else { return };
        let silent = self.core.is_on(Sysctl::IcmpEchoIgnoreAll) || (broadcast && self.core.is_on(Sysctl::IcmpEchoIgnoreBroadcasts));
        if silent {
            self.lose(parcel, DropReason::NotAnswerable);
            return;
        }
        let reply = Icmp::Echo { reply: true, id: *id, seq: *seq, payload: payload.clone() };
        let ip_id = self.core.ip_id();
        let ip = Ipv4 {
            src: if broadcast { Ipv4Addr::UNSPECIFIED } else { parcel.ip.dst },
            dst: parcel.ip.src,
            ttl: self.core.default_ttl(),
            tos: parcel.ip.tos,
            id: ip_id,
            df: false,
            body: IpBody::Icmp(Arc::new(reply)),
        };
        let source = ip.src;
        let packet = self.world.packet(self.core.id, Why::Answer, Some(parcel.packet), None);
        if let Err(errno) = self.send_local(Parcel::new(ip, packet, None), false) {
            self.unsent(packet, errno, source);
        }
    }

    /// An error about something that this node sent.
    fn error_in(&mut self, parcel: &Parcel, icmp: &Icmp, quoted: &Arc<Ipv4>) {
        // About a packet that was not ours: nobody here asked.
        if !self.core.fib.is_local(quoted.src) {
            return;
        }
        let holder = self.has_holder(quoted);
        match icmp {
            Icmp::Redirect { gateway, .. } => {
                if holder {
                    self.redirect_in(parcel, *gateway, quoted);
                }
                // A redirect is no error: `ping` only prints it.
                self.tell_error(parcel);
            }
            Icmp::Unreachable { code: UnreachableCode::FragmentationNeeded, mtu, .. } => {
                // `ip_no_pmtu_disc`: 1 does not look at the number, 2 looks at no such message, 3 at those about TCP only.
                let mtu = match self.core.sysctls.get(Sysctl::IpNoPmtuDisc) {
                    2 => return,
                    3 if quoted.tcp().is_none() => return,
                    1 => 0,
                    _ => *mtu,
                };
                if holder {
                    self.learn_path_mtu(parcel, mtu, quoted);
                }
                self.tcp_error(parcel, TcpIcmpError::FragmentationNeeded { mtu }, quoted);
                self.tell_error(parcel);
            }
            Icmp::Unreachable { code, .. } => {
                self.tcp_error(parcel, TcpIcmpError::Unreachable(*code), quoted);
                self.tell_error(parcel);
            }
            Icmp::TimeExceeded { .. } => {
                self.tcp_error(parcel, TcpIcmpError::TimeExceeded, quoted);
                self.tell_error(parcel);
            }
            Icmp::ParameterProblem { .. } => {
                self.tcp_error(parcel, TcpIcmpError::ParameterProblem, quoted);
                self.tell_error(parcel);
            }
            Icmp::Echo { .. } | Icmp::Other { .. } => {}
        }
    }

    fn tell_error(&mut self, parcel: &Parcel) {
        let signal = Signal::IcmpError { node: self.core.id, from: parcel.ip.src, message: parcel.ip.clone() };
        self.world.signals.push(signal);
    }

    /// Does anybody here still hold what the quoted packet belongs to? Without a socket no advice is taken; for echo replies
    /// and other packets of the kernel's own it always is.
    fn has_holder(&self, quoted: &Ipv4) -> bool {
        match &quoted.body {
            IpBody::Tcp(tcp) => self.tcp.takes_advice((quoted.src, tcp.src_port), (quoted.dst, tcp.dst_port)),
            IpBody::Udp(udp) => self.core.udp.is_bound(quoted.src, udp.src_port),
            IpBody::Icmp(_) | IpBody::Fragment(_) | IpBody::Other(_) => true,
        }
    }

    /// A path is narrower than thought (RFC 1191; kernel: `__ip_rt_update_pmtu`).
    fn learn_path_mtu(&mut self, parcel: &Parcel, mtu: u16, quoted: &Ipv4) {
        let now = self.now();
        let Some(entry) = self.core.fib.lookup(quoted.dst).filter(|entry| entry.kind == crate::routing::FibKind::Unicast) else {
            return;
        };
        let id = entry.id;
        let current = self.core.as_route(entry, quoted.dst, now).mtu;
        let known = self.core.learned.get(id, quoted.dst, now).copied();
        if known.is_some_and(|known| known.locked && known.mtu.is_some()) || current < mtu {
            return;
        }
        let least = u16::try_from(self.core.sysctls.get(Sysctl::RouteMinPmtu)).unwrap_or(552);
        let (mtu, locked) = if mtu < least { (least.min(current), true) } else { (mtu, false) };
        let lifetime = crate::time::SimTime::from_secs(u64::try_from(self.core.sysctls.get(Sysctl::RouteMtuExpires)).unwrap_or(600));
        if !self.core.learned.exists(id, quoted.dst) {
            self.exception_made(id);
        }
        if let IpBody::Tcp(tcp) = &quoted.body {
            // The connection looks its new route up at once.
            self.core.outdated.renewed(((quoted.src, tcp.src_port), (quoted.dst, tcp.dst_port)));
        }
        self.core.learned.path_mtu(id, quoted.dst, mtu, locked, now, lifetime);
        self.world.step(parcel.visit, Step::PathMtuLearned { mtu });
    }
}
