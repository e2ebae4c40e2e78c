//! A packet leaves (kernel: `ip_local_out`, `ip_output`, `ip_finish_output`).

use crate::event::Event;
use crate::ip::hooks::Passed;
use crate::ip::icmp_error::About;
use crate::ip::route::Route;
use crate::neighbour::Todo;
use crate::netfilter::ruleset::Hook;
use crate::node::{Host, LOOPBACK, Outgoing, Parcel};
use crate::scenario::IfIndex;
use crate::trace::{DropReason, Errno, PacketId, Step, VisitEnd};
use roundtrip_wire::{Frame, FrameBody, IpBody, Ipv4, Mac, UnreachableCode};
use std::net::Ipv4Addr;

impl Host<'_> {
    /// Sends a packet that was made here. `any_source`: the source address need not be this node's.
    ///
    /// # Errors
    /// What a socket call would report: no route, or a filter of this node's own.
    pub(crate) fn send_local(&mut self, parcel: Parcel, any_source: bool) -> Result<(), Errno> {
        let now = self.now();
        let source = (!parcel.ip.src.is_unspecified()).then_some(parcel.ip.src);
        let route = self.core.route_output(parcel.ip.dst, source, any_source, now)?;
        self.send_routed(parcel, route)
    }

    /// The same for a packet whose route is known.
    ///
    /// # Errors
    /// Writes down why a packet made here never left, from the error that it met. `source` is where it was to come from.
    pub(crate) fn unsent(&mut self, packet: PacketId, errno: Errno, source: Ipv4Addr) {
        let reason = match errno {
            // Filters write down their drops themselves.
            Errno::Eperm => return,
            Errno::Ehostunreach => DropReason::RouteUnreachable,
            Errno::Eacces => DropReason::RouteProhibit,
            // The error of a blackhole route is also that of a source that is not this node's.
            Errno::Einval if source.is_unspecified() || self.core.fib.is_local(source) => DropReason::RouteBlackhole,
            _ => DropReason::NoRoute,
        };
        self.world.drop(self.core.id, packet, None, reason);
    }

    /// As [`Self::send_local`].
    pub(crate) fn send_routed(&mut self, mut parcel: Parcel, mut route: Route) -> Result<(), Errno> {
        if parcel.ip.src.is_unspecified() {
            parcel.ip.src = route.source.ok_or(Errno::Eaddrnotavail)?;
        }
        parcel.visit = self.world.begin(self.core.id, parcel.packet, None);
        self.world.step(parcel.visit, route.step());
        parcel.skb.out_if = Some(if route.local { LOOPBACK } else { route.dev });
        if self.filtered() {
            let (src, dst) = (parcel.ip.src, parcel.ip.dst);
            if self.netfilter.tracks() && matches!(parcel.ip.body, IpBody::Fragment(_)) {
                match self.reassemble(parcel) {
                    Some(whole) => parcel = whole,
                    None => return Ok(()),
                }
            }
            if self.pass(Hook::Output, &mut parcel) == Passed::No {
                return Err(Errno::Eperm);
            }
            // Translation may lead elsewhere (`ip_route_me_harder`).
            if parcel.ip.dst != dst || parcel.ip.src != src {
                let now = self.now();
                match self.core.route_output(parcel.ip.dst, Some(parcel.ip.src), true, now) {
                    Ok(other) => route = other,
                    Err(errno) => {
                        self.lose(&parcel, DropReason::NoRoute);
                        return Err(errno);
                    }
                }
                self.world.step(parcel.visit, route.step());
                parcel.skb.out_if = Some(if route.local { LOOPBACK } else { route.dev });
            }
        }
        if route.local {
            if self.pass(Hook::Postrouting, &mut parcel) == Passed::No {
                return Err(Errno::Eperm);
            }
            self.done(&parcel, VisitEnd::Sent);
            let content = Box::new((parcel.ip, parcel.skb));
            let event = Event::Loopback { node: self.core.id, packet: parcel.packet, content, in_call: self.world.in_call };
            let now = self.now();
            self.world.agenda.at(now, event);
            return Ok(());
        }
        self.output_local(parcel, &route);
        Ok(())
    }

    #[inline(never)]
    fn output_local(&mut self, parcel: Parcel, route: &Route) {
        self.output(parcel, route, false);
    }

    /// Through POSTROUTING and out.
    #[inline(always)]
    pub(crate) fn output(&mut self, mut parcel: Parcel, route: &Route, forwarded: bool) {
        parcel.skb.out_if = Some(route.dev);
        if self.pass(Hook::Postrouting, &mut parcel) == Passed::No {
            return;
        }
        let mtu = if forwarded { route.forward_mtu } else { route.mtu };
        let next_hop = if route.broadcast { None } else { Some(route.next_hop(parcel.ip.dst)) };
        if parcel.ip.wire_len() <= usize::from(mtu) && parcel.pieces.is_empty() {
            let Parcel { ip, packet, visit, skb, .. } = parcel;
            self.resolve_and_send(route.dev, next_hop, Outgoing { ip, packet, visit, skb });
        } else {
            self.output_in_pieces(parcel, route.dev, next_hop, mtu);
        }
    }

    /// What is longer than the link takes, or came in pieces.
    #[inline(never)]
    fn output_in_pieces(&mut self, parcel: Parcel, dev: IfIndex, next_hop: Option<Ipv4Addr>, mtu: u16) {
        let longest = parcel.pieces.iter().max().map_or(0, |piece| usize::from(*piece) + Ipv4::HEADER_LEN);
        if parcel.ip.df && (parcel.pieces.is_empty() || longest > usize::from(mtu)) && parcel.ip.wire_len() > usize::from(mtu) {
            self.icmp_error(&parcel, About::Unreachable(UnreachableCode::FragmentationNeeded, mtu), false);
            self.lose(&parcel, DropReason::FragmentationNeeded);
            return;
        }
        let pieces = super::fragment::cut(&parcel.ip, mtu, &parcel.pieces);
        if pieces.len() > 1 {
            self.world.step(parcel.visit, Step::Fragmented { pieces: u16::try_from(pieces.len()).unwrap_or(u16::MAX) });
        }
        for ip in pieces {
            let outgoing = Outgoing { ip, packet: parcel.packet, visit: parcel.visit, skb: parcel.skb.clone() };
            self.resolve_and_send_piece(dev, next_hop, outgoing);
        }
    }

    #[inline(never)]
    fn resolve_and_send_piece(&mut self, dev: IfIndex, next_hop: Option<Ipv4Addr>, outgoing: Outgoing) {
        self.resolve_and_send(dev, next_hop, outgoing);
    }

    /// To the next hop, once its Ethernet address is known; `None` is everybody.
    #[inline(always)]
    fn resolve_and_send(&mut self, dev: IfIndex, next_hop: Option<Ipv4Addr>, outgoing: Outgoing) {
        let Some(next_hop) = next_hop else {
            self.transmit_later(dev, Mac::BROADCAST, outgoing);
            return;
        };
        let now = self.now();
        if let Some(mac) = self.core.neighbours.ready(dev, next_hop, now, &self.core.sysctls) {
            self.transmit(dev, mac, outgoing);
        } else {
            self.ask_and_send(dev, next_hop, outgoing);
        }
    }

    #[inline(never)]
    fn ask_and_send(&mut self, dev: IfIndex, next_hop: Ipv4Addr, outgoing: Outgoing) {
        let now = self.now();
        let cost = outgoing.ip.wire_len();
        let (packet, visit, source) = (outgoing.packet, outgoing.visit, outgoing.ip.src);
        let todo = self.core.neighbours.send(dev, next_hop, outgoing, cost, now, &self.core.sysctls);
        if todo.contains_queued() {
            self.world.step(visit, Step::NeighbourAsked);
            self.world.end(visit, VisitEnd::Waiting);
        }
        self.neighbour_todo(dev, next_hop, Some((packet, source)), todo);
    }

    /// Carries out what the neighbour cache asks for.
    pub(crate) fn neighbour_todo(
        &mut self,
        dev: IfIndex,
        address: Ipv4Addr,
        cause: Option<(crate::trace::PacketId, Ipv4Addr)>,
        todo: Vec<Todo<Outgoing>>,
    ) {
        for item in todo {
            match item {
                Todo::Transmit(outgoing, mac) => self.transmit_later(dev, mac, outgoing),
                Todo::Solicit(known) => self.solicit(dev, address, known, cause),
                Todo::Timer(at, generation) => {
                    let event = Event::Neighbour { node: self.core.id, dev, address, generation };
                    let at = crate::time::wheel::rings(self.world.now, at);
                    self.world.agenda.at(at, event);
                }
                Todo::Queued => {}
                Todo::Overflow(lost) => self.world.drop(self.core.id, lost.packet, lost.visit, DropReason::NeighbourQueueFull),
                Todo::Fail(lost) => {
                    let mut parcel = Parcel::new(lost.ip, lost.packet, lost.visit);
                    parcel.skb = lost.skb;
                    self.icmp_error(&parcel, About::Unreachable(UnreachableCode::Host, 0), false);
                    self.lose(&parcel, DropReason::NeighbourFailed);
                }
            }
        }
    }

    /// A neighbour entry's timer rang.
    pub(crate) fn neighbour_timer(&mut self, dev: IfIndex, address: Ipv4Addr, generation: u32) {
        let now = self.now();
        let todo = self.core.neighbours.timer(dev, address, generation, now, &self.core.sysctls);
        self.neighbour_todo(dev, address, None, todo);
    }

    /// Onto the cable, for all but the packets that need not wait.
    #[inline(never)]
    fn transmit_later(&mut self, dev: IfIndex, mac: Mac, outgoing: Outgoing) {
        self.transmit(dev, mac, outgoing);
    }

    /// Onto the cable.
    #[inline(always)]
    fn transmit(&mut self, dev: IfIndex, mac: Mac, outgoing: Outgoing) {
        let Outgoing { ip, packet, visit, .. } = outgoing;
        let Some(interface) = self.core.interface(dev).filter(|interface| interface.up && interface.carrier) else {
            self.world.drop(self.core.id, packet, visit, DropReason::LinkDown);
            return;
        };
        let src = interface.mac;
        self.world.end(visit, VisitEnd::Sent);
        let port = self.core.port(dev);
        self.world.transmit(port, packet, visit, Frame { src, dst: mac, body: FrameBody::Ipv4(ip) });
    }
}

/// Asks a list whether something in it waits.
trait ContainsQueued {
    fn contains_queued(&self) -> bool;
}

impl<P> ContainsQueued for Vec<Todo<P>> {
    fn contains_queued(&self) -> bool {
        self.iter().any(|todo| matches!(todo, Todo::Queued))
    }
}
