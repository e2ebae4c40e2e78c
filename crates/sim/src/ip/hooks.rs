//! Where a packet meets the packet filter, and what the filter may ask of the node.

use crate::netfilter::ruleset::{Hook, RejectWith};
use crate::netfilter::{CtEvent, Netfilter, NetfilterEnv, Verdict};
use crate::node::{Host, LOOPBACK, NodeCore, Parcel};
use crate::scenario::IfIndex;
use crate::sysctl::Sysctls;
use crate::time::SimTime;
use crate::trace::{DropReason, Step, VisitEnd, VisitId, Why};
use crate::world::World;
use roundtrip_wire::{IpBody, Ipv4, Payload, Tcp, TcpFlags, TcpOptions};
use std::net::Ipv4Addr;
use std::sync::Arc;

struct Env<'a> {
    core: &'a mut NodeCore,
    world: &'a mut World,
    visit: Option<VisitId>,
}

impl NetfilterEnv for Env<'_> {
    fn now(&self) -> SimTime {
        self.world.now
    }

    fn sysctls(&self) -> &Sysctls {
        &self.core.sysctls
    }

    fn interface_name(&self, index: IfIndex) -> &str {
        if index == LOOPBACK { "lo" } else { self.core.interface(index).map_or("", |interface| &interface.name) }
    }

    fn is_local(&self, address: Ipv4Addr) -> bool {
        self.core.fib.is_local(address)
    }

    fn masquerade_address(&self, out: IfIndex, destination: Ipv4Addr) -> Option<Ipv4Addr> {
        let next_hop =
            self.core.route_output(destination, None, true, self.world.now).map_or(destination, |route| route.next_hop(destination));
        self.core.select_address(out, Some(next_hop))
    }

    fn first_address(&self, input: IfIndex) -> Option<Ipv4Addr> {
        if input == LOOPBACK {
            return Some(Ipv4Addr::LOCALHOST);
        }
        self.core.interface(input).and_then(|interface| interface.addresses.first()).map(ipnet::Ipv4Net::addr)
    }

    fn route_mtu(&self, to: Ipv4Addr) -> Option<u16> {
        self.core.route_output(to, None, true, self.world.now).ok().map(|route| route.mtu)
    }

    fn step(&mut self, step: Step) {
        self.world.step(self.visit, step);
    }

    fn random(&mut self) -> u32 {
        self.core.random()
    }

    fn ct_event(&mut self, event: CtEvent) {
        self.world.rec.ct_event(self.core.id, self.world.now, event);
    }
}

/// What the filter said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passed {
    /// The packet goes on.
    Yes,
    /// It is gone, and all that had to be said about it has been said.
    No,
}

impl Host<'_> {
    /// True if the rules are worth asking.
    pub(crate) fn filtered(&self) -> bool {
        !self.netfilter.is_empty()
    }

    fn ask(&mut self, hook: Hook, parcel: &mut Parcel) -> Verdict {
        let visit = parcel.visit;
        let Host { core, netfilter, world, .. } = self;
        let mut env = Env { core, world, visit };
        Netfilter::hook(netfilter, hook, &mut parcel.ip, &mut parcel.skb, &mut env)
    }

    /// Takes a packet through a hook.
    #[inline]
    pub(crate) fn pass(&mut self, hook: Hook, parcel: &mut Parcel) -> Passed {
        if self.filtered() { self.pass_rules(hook, parcel) } else { Passed::Yes }
    }

    fn pass_rules(&mut self, hook: Hook, parcel: &mut Parcel) -> Passed {
        match self.ask(hook, parcel) {
            Verdict::Accept => Passed::Yes,
            Verdict::Drop(reason) => {
                self.lose(parcel, reason);
                Passed::No
            }
            Verdict::Reject { with, reason } => {
                self.reject(hook, parcel, with);
                self.lose(parcel, reason);
                Passed::No
            }
        }
    }

    /// Lets the filter do something of its own accord.
    pub(crate) fn with_netfilter<R>(&mut self, work: impl FnOnce(&mut Netfilter, &mut dyn NetfilterEnv) -> R) -> R {
        let Host { core, netfilter, world, .. } = self;
        work(netfilter, &mut Env { core, world, visit: None })
    }

    /// The packet is gone.
    pub(crate) fn lose(&mut self, parcel: &Parcel, reason: DropReason) {
        self.world.drop(self.core.id, parcel.packet, parcel.visit, reason);
    }

    fn reject(&mut self, hook: Hook, parcel: &Parcel, with: RejectWith) {
        if matches!(&parcel.ip.body, IpBody::Fragment(fragment) if fragment.offset_units != 0) {
            return;
        }
        match with {
            RejectWith::TcpReset => self.reject_with_reset(parcel),
            RejectWith::Icmp(code) => {
                // On input the packet has a local route, so the answer comes from the address that was asked.
                let local = hook == Hook::Input || self.core.fib.is_local(parcel.ip.dst);
                self.icmp_error(parcel, crate::ip::icmp_error::About::Unreachable(code, 0), local);
            }
        }
    }

    /// A RST as if the destination had sent it (kernel: `nf_send_reset`; RFC 9293 section 3.5.2).
    fn reject_with_reset(&mut self, parcel: &Parcel) {
        let Some(tcp) = parcel.ip.tcp() else { return };
        if tcp.flags.rst() {
            return;
        }
        let (seq, ack, flags) = if tcp.flags.ack() {
            (tcp.ack, 0, TcpFlags::RST)
        } else {
            (0, tcp.seq.wrapping_add(tcp.segment_len()), TcpFlags::RST | TcpFlags::ACK)
        };
        let reset = Tcp {
            src_port: tcp.dst_port,
            dst_port: tcp.src_port,
            seq,
            ack,
            flags,
            window: 0,
            options: TcpOptions::default(),
            payload: Payload::EMPTY,
        };
        let ip = Ipv4 {
            src: parcel.ip.dst,
            dst: parcel.ip.src,
            ttl: self.core.default_ttl(),
            tos: 0,
            id: 0,
            df: true,
            body: IpBody::Tcp(Arc::new(reset)),
        };
        let packet = self.world.packet(self.core.id, Why::Answer, Some(parcel.packet), None);
        let mut answer = Parcel::new(ip, packet, None);
        answer.skb = self.with_netfilter(|netfilter, env| netfilter.reset(&parcel.skb, env));
        // Where there is no way back nobody is told.
        let _ = self.send_local(answer, true);
    }

    /// The stay ended well.
    pub(crate) fn done(&mut self, parcel: &Parcel, end: VisitEnd) {
        self.world.end(parcel.visit, end);
    }
}
