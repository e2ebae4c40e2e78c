//! Asking for Ethernet addresses and answering such questions (RFC 826; kernel: `net/ipv4/arp.c`).

use crate::event::Event;
use crate::ip::route::Input;
use crate::node::Host;
use crate::scenario::IfIndex;
use crate::sysctl::Sysctl;
use crate::time::SimTime;
use crate::trace::{PacketId, VisitId, Why};
use roundtrip_wire::{Arp, ArpOp, Frame, FrameBody, Mac};
use std::net::Ipv4Addr;

impl Host<'_> {
    /// Asks who has `target`: everybody, or the station where it was last.
    pub(crate) fn solicit(&mut self, dev: IfIndex, target: Ipv4Addr, known: Option<Mac>, cause: Option<(PacketId, Ipv4Addr)>) {
        let source = self.arp_source(dev, target, cause.map(|(_, source)| source));
        let Some(interface) = self.core.interface(dev).filter(|interface| interface.up && interface.carrier) else {
            return;
        };
        let Some(source) = source else { return };
        let arp = Arp {
            op: ArpOp::Request,
            sender_mac: interface.mac,
            sender_ip: source,
            target_mac: known.unwrap_or(Mac::ZERO),
            target_ip: target,
        };
        let why = if cause.is_some() { Why::Resolution } else { Why::Probe };
        let packet = self.world.packet(self.core.id, why, cause.map(|(packet, _)| packet), None);
        self.send_arp(dev, known.unwrap_or(Mac::BROADCAST), arp, packet);
    }

    /// Which address asks (`arp_announce`).
    fn arp_source(&self, dev: IfIndex, target: Ipv4Addr, packet_source: Option<Ipv4Addr>) -> Option<Ipv4Addr> {
        let own = packet_source.filter(|source| self.core.fib.is_local(*source) && !source.is_loopback());
        let chosen = match self.core.sysctls.on(dev, Sysctl::ArpAnnounce) {
            0 => own,
            1 => own.filter(|source| self.core.same_subnet(dev, *source, target)),
            _ => None,
        };
        chosen.or_else(|| self.core.select_address(dev, Some(target)))
    }

    /// Tells everybody on the link which addresses are here (`arp_notify`).
    pub(crate) fn announce(&mut self, dev: IfIndex) {
        if !self.core.sysctls.is_on_at(dev, Sysctl::ArpNotify) {
            return;
        }
        let Some(interface) = self.core.interface(dev) else { return };
        let (mac, addresses) = (interface.mac, interface.addresses.clone());
        for address in addresses.iter().map(ipnet::Ipv4Net::addr) {
            let arp = Arp { op: ArpOp::Request, sender_mac: mac, sender_ip: address, target_mac: Mac::ZERO, target_ip: address };
            let packet = self.world.packet(self.core.id, Why::Application, None, None);
            self.send_arp(dev, Mac::BROADCAST, arp, packet);
        }
    }

    fn send_arp(&mut self, dev: IfIndex, to: Mac, arp: Arp, packet: PacketId) {
        let Some(interface) = self.core.interface(dev).filter(|interface| interface.up && interface.carrier) else {
            return;
        };
        let frame = Frame { src: interface.mac, dst: to, body: FrameBody::Arp(arp) };
        let port = self.core.port(dev);
        self.world.transmit(port, packet, None, frame);
    }

    /// An ARP packet came in (kernel: `arp_process`).
    pub(crate) fn arp_in(&mut self, dev: IfIndex, arp: &Arp, link_dst: Mac, (packet, visit): (PacketId, Option<VisitId>)) {
        let now = self.now();
        // Nobody is called 0.0.0.0: this is a probe for a duplicate (RFC 5227).
        let probe = arp.sender_ip.is_unspecified();
        if arp.target_ip.is_loopback() || arp.target_ip.is_multicast() || arp.sender_ip.is_multicast() {
            return;
        }
        if arp.op == ArpOp::Request {
            if probe {
                if self.core.fib.is_local(arp.target_ip) && !self.arp_ignored(dev, arp) {
                    self.answer_arp(dev, arp, packet);
                }
                return;
            }
            // What is this link's broadcast address goes to everybody, whoever claims to have it.
            let create = !self.core.is_broadcast(arp.sender_ip);
            match self.core.route_input(arp.sender_ip, arp.target_ip, dev, now) {
                Input::Local(route) if !route.broadcast => {
                    if !self.arp_ignored(dev, arp) && !self.arp_filtered(dev, arp) {
                        let todo = self.core.neighbours.heard((dev, arp.sender_ip, arp.sender_mac), create, false, true, now);
                        self.neighbour_todo(dev, arp.sender_ip, None, todo);
                        self.answer_arp(dev, arp, packet);
                    }
                    return;
                }
                Input::Forward { route, .. } => {
                    let elsewhere = route.dev != dev && self.core.sysctls.is_on_at(dev, Sysctl::ProxyArp);
                    let private = route.dev == dev && self.core.sysctls.is_on_at(dev, Sysctl::ProxyArpPvlan);
                    if elsewhere || private {
                        let todo = self.core.neighbours.heard((dev, arp.sender_ip, arp.sender_mac), create, false, true, now);
                        self.neighbour_todo(dev, arp.sender_ip, None, todo);
                        // A broadcast question is answered after a random part of `proxy_delay`; here after half of it.
                        let hundredths = u64::try_from(self.core.sysctls.get(Sysctl::ProxyDelay)).unwrap_or(0);
                        if link_dst.is_multicast() && hundredths > 0 {
                            let event = Event::ProxyArp { port: self.core.port(dev), request: *arp, packet };
                            let delay = SimTime::from_millis(hundredths.saturating_mul(5));
                            self.world.agenda.at(crate::time::wheel::rings(now, now + delay), event);
                        } else {
                            self.answer_arp(dev, arp, packet);
                        }
                        return;
                    }
                }
                // A source that must not come by this interface gets no answer either.
                Input::Martian(_, Some(step)) => self.world.step(visit, step),
                Input::Local(_) | Input::Refused { .. } | Input::Martian(..) => {}
            }
        }
        // Everything else only refreshes what is known already, or also makes it known if `arp_accept` says so.
        let gratuitous = arp.sender_ip == arp.target_ip;
        let accept = self.core.sysctls.on(dev, Sysctl::ArpAccept);
        let create = gratuitous
            && match accept {
                0 => false,
                1 => true,
                _ => self.core.interface(dev).is_some_and(|interface| interface.addresses.iter().any(|net| net.contains(&arp.sender_ip))),
            };
        if gratuitous && self.core.sysctls.is_on_at(dev, Sysctl::DropGratuitousArp) {
            return;
        }
        let answer = arp.op == ArpOp::Reply && !link_dst.is_multicast();
        let todo = self.core.neighbours.heard((dev, arp.sender_ip, arp.sender_mac), create, answer, gratuitous, now);
        self.neighbour_todo(dev, arp.sender_ip, None, todo);
    }

    /// The delayed answer of a proxy.
    pub(crate) fn proxy_arp(&mut self, dev: IfIndex, request: &Arp, packet: PacketId) {
        self.answer_arp(dev, request, packet);
    }

    fn answer_arp(&mut self, dev: IfIndex, request: &Arp, parent: PacketId) {
        let Some(interface) = self.core.interface(dev) else { return };
        let arp = Arp {
            op: ArpOp::Reply,
            sender_mac: interface.mac,
            sender_ip: request.target_ip,
            target_mac: request.sender_mac,
            target_ip: request.sender_ip,
        };
        let packet = self.world.packet(self.core.id, Why::Answer, Some(parent), None);
        self.send_arp(dev, request.sender_mac, arp, packet);
    }

    /// `arp_ignore`.
    fn arp_ignored(&self, dev: IfIndex, arp: &Arp) -> bool {
        let here = |address: Ipv4Addr| {
            self.core.interface(dev).is_some_and(|interface| interface.addresses.iter().any(|net| net.addr() == address))
        };
        match self.core.sysctls.on(dev, Sysctl::ArpIgnore) {
            0 => false,
            1 => !here(arp.target_ip),
            2 => !(here(arp.target_ip) && self.core.same_subnet(dev, arp.sender_ip, arp.target_ip)),
            3..=7 => false,
            _ => true,
        }
    }

    /// `arp_filter`: only where the way back leaves by the same interface.
    fn arp_filtered(&self, dev: IfIndex, arp: &Arp) -> bool {
        self.core.sysctls.is_on_at(dev, Sysctl::ArpFilter)
            && self.core.route_output(arp.sender_ip, Some(arp.target_ip), true, self.world.now).is_ok_and(|route| route.dev != dev)
    }
}
