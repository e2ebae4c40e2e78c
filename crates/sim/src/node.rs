//! One node: its interfaces, tables and protocol state, and the view through which a packet's way is worked on.

use crate::ip::peer::{GlobalLimit, Peers};
use crate::ip::reassembly::Reassembly;
use crate::neighbour::Neighbours;
use crate::netfilter::{Netfilter, Skb};
use crate::routing::outdated::Ends;
use crate::routing::{Fib, FibKind, LearnedTable, Outdated};
use crate::scenario::{self, IfIndex, NodeId, Port, SegmentId};
use crate::sysctl::{Sysctl, SysctlSetting, Sysctls};
use crate::time::SimTime;
use crate::trace::{PacketId, VisitId};
use crate::transport::tcp::TcpStack;
use crate::transport::udp::UdpSockets;
use crate::world::World;
use ipnet::Ipv4Net;
use roundtrip_wire::order::gather;
use roundtrip_wire::{Ipv4, Mac};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// The loopback interface, which every node has beside the others.
pub(crate) const LOOPBACK: IfIndex = IfIndex(u16::MAX);

/// An interface's state.
#[derive(Clone, Debug)]
pub(crate) struct IfaceState {
    pub(crate) name: Arc<str>,
    pub(crate) mac: Mac,
    pub(crate) mtu: u16,
    pub(crate) segment: Option<SegmentId>,
    pub(crate) addresses: Vec<Ipv4Net>,
    /// `ip link set … up`.
    pub(crate) up: bool,
    /// The cable is whole.
    pub(crate) carrier: bool,
}

impl IfaceState {
    /// Addresses that are the first of their subnet here (the kernel's primary ones).
    pub(crate) fn primary(&self) -> impl Iterator<Item = &Ipv4Net> {
        self.addresses
            .iter()
            .enumerate()
            .filter(|(place, address)| !self.addresses.iter().take(*place).any(|earlier| earlier.trunc() == address.trunc()))
            .map(|(_, address)| address)
    }
}

/// A packet at a node, with what travels beside it.
#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    pub(crate) ip: Ipv4,
    pub(crate) packet: PacketId,
    pub(crate) visit: Option<VisitId>,
    pub(crate) skb: Skb,
    /// It came as a broadcast or multicast frame.
    pub(crate) link_broadcast: bool,
    /// Lengths of the pieces that it was put together from, header not counted.
    pub(crate) pieces: Vec<u16>,
}

impl Parcel {
    pub(crate) fn new(ip: Ipv4, packet: PacketId, visit: Option<VisitId>) -> Self {
        Self { ip, packet, visit, skb: Skb::default(), link_broadcast: false, pieces: Vec::new() }
    }
}

/// A packet that waits for its next hop's Ethernet address.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) ip: Ipv4,
    pub(crate) packet: PacketId,
    pub(crate) visit: Option<VisitId>,
    pub(crate) skb: Skb,
}

/// Everything of a node but packet filter and TCP, which borrow it while they work.
#[derive(Clone, Debug)]
pub(crate) struct NodeCore {
    pub(crate) id: NodeId,
    pub(crate) interfaces: Vec<IfaceState>,
    /// The addresses of all interfaces.
    pub(crate) own: Vec<Ipv4Addr>,
    pub(crate) sysctls: Sysctls,
    pub(crate) fib: Fib,
    pub(crate) learned: LearnedTable,
    pub(crate) outdated: Outdated,
    pub(crate) neighbours: Neighbours<Outgoing>,
    pub(crate) peers: Peers,
    pub(crate) icmp_limit: GlobalLimit,
    pub(crate) reassembly: Reassembly,
    pub(crate) udp: UdpSockets,
    next_ip_id: u16,
    random: u64,
}

impl NodeCore {
    fn new(id: NodeId, node: &scenario::Node) -> Self {
        let interfaces = node
            .interfaces
            .iter()
            .map(|interface| IfaceState {
                name: interface.name.as_str().into(),
                mac: interface.mac,
                mtu: interface.mtu,
                segment: interface.segment,
                addresses: Vec::new(),
                up: true,
                carrier: interface.segment.is_some(),
            })
            .collect();
        Self {
            id,
            interfaces,
            own: Vec::new(),
            sysctls: Sysctls::new(node.interfaces.len()),
            fib: Fib::default(),
            learned: LearnedTable::default(),
            outdated: Outdated::default(),
            neighbours: Neighbours::default(),
            peers: Peers::default(),
            icmp_limit: GlobalLimit::default(),
            reassembly: Reassembly::default(),
            udp: UdpSockets::default(),
            next_ip_id: 1,
            random: 0x9e37_79b9_7f4a_7c15 ^ (u64::from(id.0) << 32),
        }
    }

    pub(crate) fn interface(&self, index: IfIndex) -> Option<&IfaceState> {
        self.interfaces.get(usize::from(index.0))
    }

    pub(crate) fn interface_mut(&mut self, index: IfIndex) -> Option<&mut IfaceState> {
        self.interfaces.get_mut(usize::from(index.0))
    }

    pub(crate) fn port(&self, interface: IfIndex) -> Port {
        Port { node: self.id, interface }
    }

    /// A switch of the whole node.
    pub(crate) fn is_on(&self, key: Sysctl) -> bool {
        self.sysctls.is_on(key)
    }

    /// Identification for a packet made here.
    pub(crate) fn ip_id(&mut self) -> u16 {
        let id = self.next_ip_id;
        self.next_ip_id = self.next_ip_id.wrapping_add(1).max(1);
        id
    }

    /// TTL of packets made here.
    pub(crate) fn default_ttl(&self) -> u8 {
        u8::try_from(self.sysctls.get(Sysctl::IpDefaultTtl)).unwrap_or(64)
    }

    /// The next number of this node's generator (splitmix64): the same in every run.
    pub(crate) fn random(&mut self) -> u32 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 32) as u32
    }

    /// True if two addresses are in one subnet of this interface (`inet_addr_onlink`).
    pub(crate) fn same_subnet(&self, dev: IfIndex, a: Ipv4Addr, b: Ipv4Addr) -> bool {
        self.interface(dev).is_some_and(|interface| interface.addresses.iter().any(|net| net.contains(&a) && net.contains(&b)))
    }

    /// An address of this node for talking to `to` through `dev` (`inet_select_addr`).
    pub(crate) fn select_address(&self, dev: IfIndex, to: Option<Ipv4Addr>) -> Option<Ipv4Addr> {
        let own = self.interface(dev)?;
        own.primary()
            .find(|net| to.is_some_and(|to| net.contains(&to)))
            .or_else(|| own.primary().next())
            .or_else(|| self.interfaces.iter().flat_map(IfaceState::primary).next())
            .map(Ipv4Net::addr)
    }

    /// Puts an address's own routes into the table: local, broadcast, connected.
    pub(crate) fn install_address(&mut self, dev: IfIndex, net: Ipv4Net) {
        let entry = |destination: Ipv4Net, kind| crate::routing::fib::FibEntry {
            id: crate::routing::RouteId(0),
            destination,
            kind,
            via: None,
            dev,
            source: Some(net.addr()),
            metric: 0,
            mtu: None,
            onlink: false,
            connected: true,
        };
        let host = Ipv4Net::from(net.addr());
        // The entry for the address itself outlives a link that goes down.
        let known = |e: &crate::routing::fib::FibEntry| e.kind == FibKind::Local && e.dev == dev && e.destination == host;
        if !self.fib.entries().iter().any(known) {
            self.fib.insert(entry(host, FibKind::Local));
        }
        let present =
            self.fib.entries().iter().any(|e| e.connected && e.dev == dev && e.kind == FibKind::Unicast && e.destination == net.trunc());
        if net.prefix_len() < 32 && !present {
            self.fib.insert(entry(net.trunc(), FibKind::Unicast));
            if net.prefix_len() < 31 {
                self.fib.insert(entry(Ipv4Net::from(net.broadcast()), FibKind::Broadcast));
            }
        }
    }

    /// `ip addr add`. True if it was not there before.
    pub(crate) fn add_address(&mut self, dev: IfIndex, net: Ipv4Net) -> bool {
        let Some(interface) = self.interface_mut(dev) else { return false };
        if interface.addresses.contains(&net) {
            return false;
        }
        interface.addresses.push(net);
        self.own.push(net.addr());
        if self.interface(dev).is_some_and(|interface| interface.up) {
            self.install_address(dev, net);
        }
        true
    }

    /// `ip addr del`: with a primary address its secondaries go as well (`promote_secondaries` is 0), and routes that prefer the address.
    pub(crate) fn delete_address(&mut self, dev: IfIndex, net: Ipv4Net) -> bool {
        let Some(interface) = self.interface_mut(dev) else { return false };
        let primary = interface.primary().any(|address| *address == net);
        let before = interface.addresses.len();
        let mut gone = Vec::new();
        interface.addresses.retain(|address| {
            let goes = *address == net || (primary && address.trunc() == net.trunc());
            if goes {
                gone.push(address.addr());
            }
            !goes
        });
        if interface.addresses.len() == before {
            return false;
        }
        let kept: Vec<Ipv4Net> = interface.addresses.clone();
        self.own = self.interfaces.iter().flat_map(|interface| &interface.addresses).map(Ipv4Net::addr).collect();
        self.fib.remove_where(|entry| {
            entry.dev == dev
                && entry.source.is_some_and(|source| gone.contains(&source))
                && !(entry.connected && entry.kind == FibKind::Unicast && kept.iter().any(|k| k.trunc() == entry.destination))
        });
        self.fib.remove_where(|entry| !entry.connected && entry.source.is_some_and(|source| gone.contains(&source)));
        if kept.is_empty() {
            // With the last address IPv4 ends on the interface (`fib_disable_ip`).
            self.disable_routes(dev, true);
        }
        self.forget_dead_routes();
        true
    }

    /// Removes the routes through an interface on which IPv4 ends, or whose link goes down. Entries for this node's own addresses
    /// stay in the latter case (`fib_sync_down_dev`): the addresses still answer on other links.
    pub(crate) fn disable_routes(&mut self, dev: IfIndex, local_too: bool) {
        self.fib.remove_where(|entry| {
            entry.dev == dev
                && match entry.kind {
                    FibKind::Unreachable | FibKind::Prohibit | FibKind::Blackhole => false,
                    FibKind::Local => local_too,
                    FibKind::Broadcast | FibKind::Unicast => true,
                }
        });
    }

    /// Drops what was learned with routes that are gone.
    pub(crate) fn forget_dead_routes(&mut self) {
        if !self.learned.is_empty() {
            let fib = &self.fib;
            self.learned.forget(|route| fib.entries().iter().any(|entry| entry.id == route));
        }
    }

    /// Broadcast address of a subnet here, or 255.255.255.255.
    pub(crate) fn is_broadcast(&self, address: Ipv4Addr) -> bool {
        address.is_broadcast() || self.fib.lookup(address).is_some_and(|entry| entry.kind == FibKind::Broadcast)
    }
}

/// A node.
#[derive(Clone, Debug)]
pub(crate) struct NodeState {
    pub(crate) core: NodeCore,
    pub(crate) netfilter: Netfilter,
    pub(crate) tcp: TcpStack,
}

impl NodeState {
    pub(crate) fn new(id: NodeId, node: &scenario::Node) -> Self {
        let mut core = NodeCore::new(id, node);
        crate::profile::settings(node.system).for_each(|setting| core.sysctls.write(setting));
        // Settings come before addresses, `ip_forward` before all others: writing it changes another.
        let forwarding_first = |setting: &&SysctlSetting| setting.key == Sysctl::IpForward;
        for setting in node.sysctls.iter().filter(forwarding_first).chain(node.sysctls.iter().filter(|s| !forwarding_first(s))) {
            core.sysctls.write(*setting);
        }
        for (interface, index) in node.interfaces.iter().zip(0..) {
            for net in &interface.addresses {
                core.add_address(IfIndex(index), *net);
            }
        }
        for route in &node.routes {
            // A route that the kernel refuses is not there; the document's own checks say so to the person.
            let _ = core.fib.add(route, |dev| node.interfaces.len() > usize::from(dev.0));
        }
        Self { core, netfilter: Netfilter::new(node.ruleset.clone()), tcp: TcpStack::new() }
    }

    /// The routing table changed: every connection looks its route up anew when it sends next (kernel: `rt_cache_flush`).
    pub(crate) fn routes_changed(&mut self, now: SimTime) {
        let all: Vec<Ends> = connections(&self.tcp, now).collect();
        self.core.outdated.keep(&gather(all.iter().copied()));
        self.core.outdated.add(all);
    }

    /// The node at work.
    pub(crate) fn host<'a>(&'a mut self, world: &'a mut World) -> Host<'a> {
        Host { core: &mut self.core, netfilter: &mut self.netfilter, tcp: &mut self.tcp, world }
    }
}

/// Both ends of every connection.
pub(crate) fn connections(tcp: &TcpStack, now: SimTime) -> impl Iterator<Item = Ends> + use<> {
    tcp.sockets(now).into_iter().filter(|row| row.remote.1 != 0).map(|row| (row.local, row.remote))
}

/// A node at work on something, with the world around it.
pub(crate) struct Host<'a> {
    pub(crate) core: &'a mut NodeCore,
    pub(crate) netfilter: &'a mut Netfilter,
    pub(crate) tcp: &'a mut TcpStack,
    pub(crate) world: &'a mut World,
}

impl Host<'_> {
    pub(crate) fn now(&self) -> SimTime {
        self.world.now
    }
}
