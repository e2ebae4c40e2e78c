//! Where TCP and the node meet: what TCP may ask, and the carrying out of what it wants done.

use crate::event::Event;
use crate::node::{Host, NodeCore, Parcel};
use crate::routing::RouteId;
use crate::scenario::ActionId;
use crate::sysctl::{Sysctl, Sysctls};
use crate::time::SimTime;
use crate::trace::{DropReason, Errno, PacketId, VisitId, Why};
use crate::transport::tcp::{Endpoint, RouteEntry, TcpEnv, TcpIcmpError, TcpOut, TcpRoute, TcpStack};
use crate::world::{Signal, World};
use roundtrip_wire::{IpBody, Ipv4};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// The route to this node itself by a loopback address, which nothing deletes.
const LOOPBACK: RouteEntry = RouteEntry(u32::MAX);

/// The node as TCP sees it.
pub(crate) struct Env<'a> {
    core: &'a mut NodeCore,
    world: &'a mut World,
}

impl TcpEnv for Env<'_> {
    fn now(&self) -> SimTime {
        self.world.now
    }

    fn sysctls(&self) -> &Sysctls {
        &self.core.sysctls
    }

    fn route(&mut self, local: Ipv4Addr, remote: Ipv4Addr) -> Result<TcpRoute, Errno> {
        let source = (!local.is_unspecified()).then_some(local);
        let route = self.core.route_output(remote, source, false, self.world.now)?;
        let chosen = source.or(route.source).ok_or(Errno::Eaddrnotavail)?;
        Ok(TcpRoute { source: chosen, mtu: route.mtu, advertised_mtu: route.mtu })
    }

    fn packet(&mut self, why: Why, parent: Option<PacketId>, action: Option<ActionId>) -> PacketId {
        self.world.packet(self.core.id, why, parent, action)
    }

    fn initial_sequence(&mut self, local: Endpoint, remote: Endpoint) -> u32 {
        // As RFC 6528 has it: a hash of the tuple plus a clock; the hash need not be secret here.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ u64::from(self.core.id.0);
        let octets = local
            .address
            .octets()
            .into_iter()
            .chain(remote.address.octets())
            .chain(local.port.to_be_bytes())
            .chain(remote.port.to_be_bytes());
        for octet in octets {
            hash = (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        ((hash >> 32) as u32 ^ hash as u32).wrapping_add((self.world.now.as_nanos() >> 6) as u32)
    }

    fn is_local(&self, address: Ipv4Addr) -> bool {
        self.core.fib.is_local(address)
    }

    fn still_queued(&self, packet: PacketId) -> bool {
        self.core.neighbours.waiting().any(|outgoing| outgoing.packet == packet)
    }

    fn route_entry(&mut self, _local: Ipv4Addr, remote: Ipv4Addr) -> RouteEntry {
        self.core.way_to(remote).map_or(LOOPBACK, |id| RouteEntry(id.0))
    }

    fn route_deleted(&self, entry: RouteEntry) -> bool {
        entry != LOOPBACK && self.core.fib.is_gone(RouteId(entry.0))
    }

    fn action_of(&self, packet: PacketId) -> Option<ActionId> {
        self.world.rec.action_of(packet)
    }
}

impl Host<'_> {
    /// Lets TCP work, then carries out what it wants done.
    pub(crate) fn with_tcp<R>(&mut self, work: impl FnOnce(&mut TcpStack, &mut Env<'_>, &mut Vec<TcpOut>) -> R) -> R {
        self.with_tcp_during(None, work)
    }

    /// The same during a packet's stay, to which its drop belongs if TCP discards it.
    fn with_tcp_during<R>(&mut self, visit: Option<VisitId>, work: impl FnOnce(&mut TcpStack, &mut Env<'_>, &mut Vec<TcpOut>) -> R) -> R {
        let mut out = Vec::new();
        let result = work(self.tcp, &mut Env { core: self.core, world: self.world }, &mut out);
        self.carry_out(visit, out);
        result
    }

    fn carry_out(&mut self, visit: Option<VisitId>, out: Vec<TcpOut>) {
        for item in out {
            match item {
                TcpOut::Send { packet, local, remote, segment, df, ttl, tos, retransmission } => {
                    self.core.outdated.renewed(((local.address, local.port), (remote.address, remote.port)));
                    let locked = !self.core.learned.is_empty()
                        && self
                            .core
                            .route_output(remote.address, Some(local.address), true, self.world.now)
                            .is_ok_and(|route| route.mtu_locked);
                    let df = df && !locked && !self.core.is_on(Sysctl::IpNoPmtuDisc);
                    let id = self.core.ip_id();
                    let ip = Ipv4 {
                        src: local.address,
                        dst: remote.address,
                        ttl: ttl.unwrap_or_else(|| self.core.default_ttl()),
                        tos,
                        id,
                        df,
                        body: IpBody::Tcp(Arc::new(segment)),
                    };
                    // Connections take it for a loss.
                    if let Err(errno) = self.send_local(Parcel::new(ip, packet, None), false) {
                        self.unsent(packet, errno, local.address);
                        if retransmission {
                            self.tcp.syn_ack_refused(local, remote, packet);
                        }
                    }
                }
                TcpOut::Arm { socket, timer, at, generation } => {
                    let at = crate::time::wheel::rings(self.world.now, at);
                    self.world.agenda.at(at, Event::Tcp { node: self.core.id, socket, timer, generation });
                }
                TcpOut::App { socket, event } => self.world.signals.push(Signal::Tcp { node: self.core.id, socket, event }),
                TcpOut::Drop { packet, reason } => self.world.drop(self.core.id, packet, visit, DropReason::Tcp(reason)),
                TcpOut::NoSocket { packet } => self.world.drop(self.core.id, packet, visit, DropReason::NoSocket),
            }
        }
    }

    /// A segment came in.
    pub(crate) fn tcp_in(&mut self, parcel: &Parcel) {
        self.with_tcp_during(parcel.visit, |tcp, env, out| tcp.segment_arrived(env, parcel.packet, &parcel.ip, out));
        // An acknowledgement of something new shows that the way there works: the neighbour is confirmed.
        let now = self.now();
        if let Some(route) = parcel
            .ip
            .tcp()
            .filter(|tcp| tcp.flags.ack() && !tcp.flags.rst())
            .and_then(|_| self.core.route_output(parcel.ip.src, Some(parcel.ip.dst), true, now).ok())
        {
            let next_hop = route.next_hop(parcel.ip.src);
            self.core.neighbours.confirm(route.dev, next_hop, now);
        }
    }

    /// An ICMP error about a segment that this node sent.
    pub(crate) fn tcp_error(&mut self, _parcel: &Parcel, error: TcpIcmpError, quoted: &Ipv4) {
        // A socket that a call has to itself only notes it.
        if quoted.tcp().is_some() && !self.world.in_call {
            self.with_tcp(|tcp, env, out| tcp.icmp_error(env, error, quoted, out));
        }
    }
}
