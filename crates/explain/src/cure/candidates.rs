//! Changes that might cure, by cause. Each is what a network engineer would try there; whether it cures is found out by trying.

use super::edit::{Edit, Traffic, TrafficProtocol};
use super::topology::{NextHop, address_towards, forwards, routers_beside, subnet_for};
use super::{Candidate, CureKind};
use crate::cause::Cause;
use crate::chain::{goal, next_hop};
use crate::classify::{circle, translator};
use crate::parting::{Parting, Seen, route_step};
use crate::reading::{Direction, Fate, Hop, Kind, Member, Purpose, Reading, Thread, owners};
use crate::verdict::Verdict;
use ipnet::Ipv4Net;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Kind as DeviceKind, Network, Route};
use roundtrip_sim::scenario::{NodeId, Port};
use roundtrip_sim::trace::{DropReason, PacketId, RedirectIgnored, Step};
use roundtrip_wire::{Icmp, Ipv4};
use std::net::Ipv4Addr;

/// What candidates are made from.
struct Bench<'a, 'r> {
    lab: &'a Lab,
    thread: &'a Thread<'r>,
    verdict: &'a Verdict,
}

pub(super) fn candidates(lab: &Lab, reading: &Reading<'_>, verdict: &Verdict) -> Vec<Candidate> {
    let Some(conversation) = reading.conversation(verdict.conversation.action) else { return Vec::new() };
    let thread = reading.thread(conversation);
    let bench = Bench { lab, thread: &thread, verdict };
    match verdict.cause {
        Cause::AsymmetricInvalidAck | Cause::AsymmetricUnseenRequest | Cause::AsymmetricInvalid => bench.asymmetry(),
        Cause::NatHairpin | Cause::NatBypassed => bench.bypassed(),
        Cause::NoRoute | Cause::NoReturnRoute | Cause::RouteRefuses | Cause::RouteBlackhole => bench.no_route(),
        Cause::NeighbourFailed => bench.wrong_next_hop(),
        Cause::NotForwarding => bench.setting(CureKind::Forwarding, "ip_forward", 1).into_iter().chain(bench.before_it()).collect(),
        Cause::RoutingLoop => bench.circle(),
        Cause::RpFilter => bench.setting(CureKind::LooseRpFilter, "rp_filter", 2),
        Cause::FilterDrop | Cause::FilterReject => bench.accept(),
        Cause::PmtuBlackHole => bench.black_hole(),
        Cause::EchoIgnored => bench.setting(CureKind::Echo, "icmp_echo_ignore_all", 0),
        Cause::ConntrackForgotten => bench.forgotten(),
        // Nobody on the way can help these, or nothing is wrong.
        Cause::Healthy
        | Cause::AsymmetricHarmless
        | Cause::Redirected
        | Cause::ConntrackInvalid
        | Cause::ConntrackFull
        | Cause::NatFailed
        | Cause::TtlExceeded
        | Cause::MartianAddress
        | Cause::DuplicateAddress
        | Cause::LinkDown
        | Cause::StaleNeighbour
        | Cause::BroadcastAddress
        | Cause::MtuMismatch
        | Cause::FragmentationNeeded
        | Cause::ClosedPort
        | Cause::NoAnswer
        | Cause::SocketGone
        | Cause::TcpUnacceptable
        | Cause::Reset
        | Cause::ForgedSegment
        | Cause::ClosedEarly
        | Cause::LocalFailure
        | Cause::TooSlow
        | Cause::Unfinished
        | Cause::Unexplained => Vec::new(),
    }
}

impl Bench<'_, '_> {
    fn reading(&self) -> &Reading<'_> {
        self.thread.reading()
    }

    fn name(&self, node: NodeId) -> String {
        self.reading().name(node).to_owned()
    }

    fn victim(&self) -> Option<&Member> {
        self.thread.member(self.verdict.place?.packet?)
    }

    fn setting(&self, kind: CureKind, setting: &'static str, value: i64) -> Vec<Candidate> {
        let Some(place) = self.verdict.place else { return Vec::new() };
        vec![self.setting_on(place.node, kind, setting, value)]
    }

    fn setting_on(&self, node: NodeId, kind: CureKind, setting: &'static str, value: i64) -> Candidate {
        let device = self.name(node);
        let edit = Edit::SetSetting { device: device.clone(), setting, value };
        Candidate::new(kind, &device, vec![edit])
    }

    fn route(&self, node: NodeId, to: Ipv4Net, hop: NextHop) -> Candidate {
        let device = self.name(node);
        let edit = Edit::SetRoute { device: device.clone(), route: Route::via(Network(to), hop.address) };
        Candidate::new(CureKind::Route, &device, vec![edit]).with("to", Network(to).to_string()).via(hop.address, &self.name(hop.node))
    }

    fn gateway(&self, node: NodeId, hop: NextHop) -> Candidate {
        let device = self.name(node);
        let edit = Edit::SetGateway { device: device.clone(), gateway: hop.address };
        Candidate::new(CureKind::Gateway, &device, vec![edit]).via(hop.address, &self.name(hop.node))
    }

    /// Two ways that part: let the client's side follow the way that answers take, or the server's side the way that requests
    /// take.
    fn asymmetry(&self) -> Vec<Candidate> {
        let (Some(place), Some(victim)) = (self.verdict.place, self.victim()) else { return Vec::new() };
        let seen = Seen::before(self.thread, victim, place.node);
        let Some(around) = seen.went_around else { return Vec::new() };
        let witness = seen.same.first().copied().unwrap_or(victim.packet);
        let (there, back) = if victim.direction == Direction::Back { (around, witness) } else { (witness, around) };
        let parting = Parting::of(&self.reading().path(there), &self.reading().path(back));
        let mut found = Vec::new();
        found.extend(parting.near.into_iter().flat_map(|node| self.follow(node, there, back)));
        found.extend(self.redirects(there, place.node));
        found.extend(parting.far.into_iter().flat_map(|node| self.follow(node, back, there)));
        if victim.direction == Direction::There {
            found.extend(self.masquerade(there, place.node));
        }
        if parting.near.is_none() {
            // The answer died before it showed which way it would have come: requests may go by any router at hand.
            let conversation = self.thread.conversation();
            found.extend(self.ways_to(conversation.from, conversation.to));
        }
        found
    }

    /// Lets a node send what `packet` is for by the neighbour from which `opposite` came to it.
    fn follow(&self, node: NodeId, packet: PacketId, opposite: PacketId) -> Vec<Candidate> {
        let reading = self.reading();
        let hop = reading.hops(opposite).into_iter().rfind(|hop: &Hop| hop.to.node == node);
        let leaves = reading.visit_at(packet, node).and_then(|visit| reading.frame_out(visit)).and_then(|record| record.frame.ipv4());
        let (Some(hop), Some(leaves)) = (hop, leaves) else { return Vec::new() };
        let (Some(address), Some(to)) = (address_towards(reading, hop.from, hop.to), subnet_for(reading, node, leaves.dst)) else {
            return Vec::new();
        };
        let next = NextHop { node: hop.from.node, address };
        let mut found = vec![self.route(node, to, next)];
        let by_default = matches!(route_step(self.thread, packet, node), Some((_, _, Step::Route { via: Some(_), prefix_len: 0, .. })));
        let has_gateway = self.lab.device(reading.name(node)).is_some_and(|device| device.gateway.is_some());
        if by_default && has_gateway && forwards(reading, next.node) {
            found.push(self.gateway(node, next));
        }
        found
    }

    /// A redirect would lead the client to the nearer router: it was not followed, or never sent.
    fn redirects(&self, there: PacketId, stateful: NodeId) -> Vec<Candidate> {
        let reading = self.reading();
        let from = self.thread.conversation().from;
        let ignored = |step: &Step| match step {
            Step::RedirectIgnored { because } => Some(*because),
            _ => None,
        };
        let mut found: Vec<Candidate> = Vec::new();
        let mut sent = false;
        // Redirects at other conversations tell the same: a router sends only some of those that are due.
        for (record, packet) in reading.trace().packets.iter().zip(0_u32..).map(|(record, id)| (record, PacketId(id))) {
            let redirect = record.why == roundtrip_sim::trace::Why::Error
                && record.node == stateful
                && reading.first_ip(packet).and_then(Ipv4::icmp).is_some_and(|icmp| matches!(icmp, Icmp::Redirect { .. }));
            let Some(visit) = reading.visit_at(packet, from).filter(|_| redirect) else { continue };
            sent = true;
            let candidate = match reading.step(visit, ignored).map(|(_, because)| because) {
                Some(RedirectIgnored::NotAccepted) => self.setting_on(from, CureKind::AcceptRedirects, "accept_redirects", 1),
                Some(RedirectIgnored::GatewayNotListed | RedirectIgnored::GatewayNotOnLink) => {
                    self.setting_on(from, CureKind::SharedMedia, "shared_media", 1)
                }
                _ => continue,
            };
            if !found.contains(&candidate) {
                found.push(candidate);
            }
        }
        let turned = reading
            .visit_at(there, stateful)
            .is_some_and(|visit| reading.came_by(visit).zip(reading.frame_out(visit)).is_some_and(|(came, left)| came == left.port));
        if !sent && turned {
            found.push(self.setting_on(stateful, CureKind::SendRedirects, "send_redirects", 1));
        }
        found
    }

    /// Answers come back to whoever the requests seem to come from.
    fn masquerade(&self, there: PacketId, node: NodeId) -> Option<Candidate> {
        let reading = self.reading();
        let visit = reading.visit_at(there, node)?;
        let left = reading.frame_out(visit)?;
        let ip = left.frame.ipv4()?;
        let net = |address: Ipv4Addr| {
            let owner = owners(reading.scenario(), address).next()?;
            let interfaces = &reading.scenario().nodes.get(owner.0 as usize)?.interfaces;
            let mut addresses = interfaces.iter().flat_map(|interface| &interface.addresses);
            addresses.find(|net| net.addr() == address).map(Ipv4Net::trunc)
        };
        let (source, destination) = (net(ip.src)?, net(ip.dst)?);
        let device = self.name(node);
        let out = reading.interface_name(left.port.node, left.port.interface).to_owned();
        let edit = Edit::Masquerade { device: device.clone(), out, source, destination };
        let candidate = Candidate::new(CureKind::Masquerade, &device, vec![edit]);
        Some(candidate.with("from", source.to_string()).with("to", destination.to_string()))
    }

    fn bypassed(&self) -> Vec<Candidate> {
        let Some(victim) = self.victim() else { return Vec::new() };
        let reading = self.reading();
        let Some((visit, _)) = translator(self.thread, victim) else { return Vec::new() };
        let Some(record) = reading.visit(visit) else { return Vec::new() };
        let mut found: Vec<Candidate> = self.masquerade(record.packet, record.node).into_iter().collect();
        let parting = Parting::of(&reading.path(record.packet), &reading.path(victim.packet));
        found.extend(parting.far.into_iter().flat_map(|node| self.follow(node, victim.packet, record.packet)));
        found
    }

    /// The node at which it broke needs a route to where the packet wanted to go.
    fn no_route(&self) -> Vec<Candidate> {
        let Some(place) = self.verdict.place else { return Vec::new() };
        let destination = goal(self.thread, place, self.verdict.broke);
        let here = destination.map(|destination| self.ways_to(place.node, destination)).unwrap_or_default();
        here.into_iter().chain(self.before_it()).collect()
    }

    /// Every router beside a node as the next hop to an address: as the default gateway of a host that has none, else by a route.
    fn ways_to(&self, node: NodeId, destination: Ipv4Addr) -> Vec<Candidate> {
        let Some(to) = subnet_for(self.reading(), node, destination) else { return Vec::new() };
        let device = self.lab.device(self.reading().name(node));
        let bare_host = device.is_some_and(|device| device.kind == DeviceKind::Host && device.gateway.is_none());
        let routers = routers_beside(self.reading(), node);
        let gateways = routers.iter().filter(|_| bare_host).map(|hop| self.gateway(node, *hop));
        let routes = routers.iter().map(|hop| self.route(node, to, *hop));
        gateways.chain(routes).collect()
    }

    /// Nobody answers for the next hop: perhaps it is another one.
    fn wrong_next_hop(&self) -> Vec<Candidate> {
        let Some((place, visit)) = self.verdict.place.and_then(|place| Some((place, place.visit?))) else { return Vec::new() };
        let Some(destination) = goal(self.thread, place, self.verdict.broke) else { return Vec::new() };
        let Some((next, _)) = next_hop(self.thread, visit, Some(destination)).filter(|(next, _)| *next != destination) else {
            return Vec::new();
        };
        let is_gateway = self.lab.device(self.reading().name(place.node)).is_some_and(|device| device.gateway == Some(next));
        let routers = routers_beside(self.reading(), place.node);
        let gateways = routers.iter().filter(|_| is_gateway).map(|hop| self.gateway(place.node, *hop));
        gateways.chain(self.ways_to(place.node, destination)).collect()
    }

    /// Whoever sent the packet to the node at which it broke may send it elsewhere.
    fn before_it(&self) -> Vec<Candidate> {
        let reading = self.reading();
        let Some((place, packet)) = self.verdict.place.and_then(|place| Some((place, place.packet?))) else { return Vec::new() };
        let path = reading.path(packet);
        let before = path.iter().rposition(|node| *node == place.node).and_then(|here| path.get(here.checked_sub(1)?)).copied();
        let destination = place.visit.and_then(|visit| reading.ip(visit)).map(|ip| ip.dst);
        let (Some(before), Some(destination)) = (before, destination) else { return Vec::new() };
        let routers = routers_beside(reading, before);
        let has_gateway = self.lab.device(reading.name(before)).is_some_and(|device| device.gateway.is_some());
        let gateways = routers.iter().filter(|_| has_gateway).map(|hop| self.gateway(before, *hop));
        gateways.chain(self.ways_to(before, destination)).collect()
    }

    fn circle(&self) -> Vec<Candidate> {
        let reading = self.reading();
        let Some((place, packet)) = self.verdict.place.and_then(|place| Some((place, place.packet?))) else { return Vec::new() };
        let destination = place.visit.and_then(|visit| reading.ip(visit)).map(|ip| ip.dst);
        let nodes = circle(&reading.path(packet)).unwrap_or_default();
        let ways = |destination| nodes.iter().flat_map(|node| self.ways_to(*node, destination)).collect();
        destination.map(ways).unwrap_or_default()
    }

    /// The filter lets the conversation pass: this direction, or both.
    fn accept(&self) -> Vec<Candidate> {
        let reading = self.reading();
        let Some(place) = self.verdict.place else { return Vec::new() };
        let Some(DropReason::Rule { rule, .. }) = place.drop.and_then(|drop| reading.drop(drop)).map(|drop| drop.reason) else {
            return Vec::new();
        };
        let (Some(info), Some(what)) = (reading.rule(place.node, rule), self.traffic()) else { return Vec::new() };
        let device = self.name(place.node);
        let edit =
            |chain: &str, what| Edit::Accept { device: device.clone(), table: info.table.to_string(), chain: chain.to_owned(), what };
        let one = vec![edit(&info.chain, what)];
        let mut both = one.clone();
        both.push(edit(&info.chain, what.reversed()));
        [one, both].into_iter().map(|edits| Candidate::new(CureKind::AcceptRule, &device, edits).with("rule", what.nft())).collect()
    }

    /// The packets of the direction that died.
    fn traffic(&self) -> Option<Traffic> {
        let reading = self.reading();
        let place = self.verdict.place?;
        let victim = self.victim()?;
        let ip = reading.ip(place.visit?).or_else(|| reading.first_ip(victim.packet));
        let conversation = self.thread.conversation();
        let (source, destination) = match ip {
            Some(ip) => (ip.src, ip.dst),
            // What a node's own filter stops never left it.
            None => (self.lab.device(reading.name(place.node))?.main_address()?, conversation.to),
        };
        let from = victim.direction == Direction::Back;
        let protocol = match (conversation.purpose, victim.label.kind) {
            (Purpose::Tcp { port }, _) => TrafficProtocol::Tcp { port: self.port(ip, from).unwrap_or(port), from },
            (Purpose::Udp { port }, Kind::Udp { .. } | Kind::Unsent) => {
                TrafficProtocol::Udp { port: self.port(ip, from).unwrap_or(port), from }
            }
            _ => TrafficProtocol::Icmp,
        };
        Some(Traffic { source, destination, protocol })
    }

    /// The port of the one who was asked, as it stands in a packet.
    fn port(&self, ip: Option<&Ipv4>, from: bool) -> Option<u16> {
        let ip = ip?;
        let ports = ip.tcp().map(|tcp| (tcp.src_port, tcp.dst_port)).or_else(|| ip.udp().map(|udp| (udp.src_port, udp.dst_port)))?;
        Some(if from { ports.0 } else { ports.1 })
    }

    fn black_hole(&self) -> Vec<Candidate> {
        let reading = self.reading();
        let (Some(place), Some(victim)) = (self.verdict.place, self.victim()) else { return Vec::new() };
        let mut found = Vec::new();
        let error = self.thread.errors_about(victim.packet).next();
        if let Some(Fate::Lost(drop)) = error.map(|member| reading.fate(member.packet))
            && let Some(record) = reading.drop(drop)
            && let DropReason::Rule { rule, .. } = record.reason
            && let (Some(info), Some(ip)) = (reading.rule(record.node, rule), reading.first_ip(record.packet))
        {
            let device = self.name(record.node);
            let what = Traffic { source: ip.src, destination: ip.dst, protocol: TrafficProtocol::Icmp };
            let (table, chain) = (info.table.to_string(), info.chain.to_string());
            let edit = Edit::Accept { device: device.clone(), table, chain, what };
            found.push(Candidate::new(CureKind::AcceptRule, &device, vec![edit]).with("rule", what.nft()));
        }
        let Some(maker) = self.thread.origin(victim.packet).map(|record| record.node) else { return found };
        found.push(self.setting_on(maker, CureKind::MtuProbing, "tcp_mtu_probing", 1));
        let narrow = route_step(self.thread, victim.packet, place.node).and_then(|(_, _, step)| match step {
            Step::Route { dev, .. } => reading.interface(place.node, dev).map(|interface| interface.mtu),
            _ => None,
        });
        let Some(mtu) = narrow else { return found };
        // The other end's MTU counts as well: it announces the largest segment that it takes.
        for node in [Some(maker), Some(self.thread.conversation().from), self.thread.conversation().target].into_iter().flatten() {
            if let Some(port) = self.leaves_by(node) {
                let (device, interface) = (self.name(node), reading.interface_name(port.node, port.interface).to_owned());
                let edit = Edit::SetMtu { device: device.clone(), interface: interface.clone(), mtu };
                found.push(Candidate::new(CureKind::Mtu, &device, vec![edit]).with("interface", interface).with("mtu", mtu));
            }
        }
        found
    }

    /// The interface by which a node sends packets of this conversation that it makes.
    fn leaves_by(&self, node: NodeId) -> Option<Port> {
        let reading = self.reading();
        let own = self.thread.members().iter().filter(|member| self.thread.origin(member.packet).is_some_and(|record| record.node == node));
        own.filter_map(|member| reading.frame_out(reading.visit_at(member.packet, node)?)).map(|record| record.port).next()
    }

    fn forgotten(&self) -> Vec<Candidate> {
        let (setting, value) = match self.thread.conversation().purpose {
            Purpose::Tcp { .. } => ("nf_conntrack_tcp_timeout_established", 432_000),
            Purpose::Udp { .. } => ("nf_conntrack_udp_timeout", 600),
            Purpose::Ping | Purpose::Traceroute => ("nf_conntrack_icmp_timeout", 600),
        };
        let found = self.setting(CureKind::Timeout, setting, value);
        found.into_iter().map(|candidate| candidate.with("setting", setting).with("value", value.to_string())).collect()
    }
}
