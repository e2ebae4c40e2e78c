//! What happens in time.

use super::{Index, device, nft_problems};
use crate::document::{
    self, Action, ActionKind, AddrOp, Device, GiveUp, InjectAction, LinkHow, LinkState, NftAction, Profile, RouteOp, SettingValue, Spoof,
    Target, TcpAction, TracerouteMethod,
};
use crate::nft::Rules;
use crate::problem::{Problem, ProblemId, similar};
use roundtrip_sim::netfilter::ruleset::NftCommand;
use roundtrip_sim::scenario::{self as sim, ActionId, LinkChange, NodeId, OnLimit, Port, RecvUntil, SocketStep};
use roundtrip_wire::TcpFlags;
use roundtrip_wire::order;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// First source port of TCP actions, before their places are added.
const TCP_PORTS: u32 = 40_001;
/// First source port of UDP actions.
const UDP_PORTS: u32 = 50_001;
/// First identifier of echo requests.
const ICMP_IDS: u32 = 101;

/// Every action that can be carried out. Scripts for nft are read in the order of time, since each meets what those
/// before it have left.
pub(super) fn actions(index: &Index<'_>, mut rules: Vec<Rules>, problems: &mut Vec<Problem>) -> Vec<sim::Action> {
    let all = &index.lab.actions;
    let places = crate::check::places(all.iter().map(|action| action.id.as_str()));
    let mut scripts: Vec<(usize, &Action, &NftAction)> = all
        .iter()
        .enumerate()
        .filter_map(|(i, action)| match &action.kind {
            ActionKind::Nft(nft) => Some((i, action, nft)),
            _ => None,
        })
        .collect();
    order::sort_by_key(&mut scripts, |(_, action, _)| action.at);
    let mut commands: BTreeMap<usize, Vec<NftCommand>> = BTreeMap::new();
    for (i, _, nft) in scripts {
        let Some(device_rules) = index.device(&nft.device).and_then(|node| rules.get_mut(usize::try_from(node.0).ok()?)) else { continue };
        let applied = device_rules.apply(nft.script.as_str());
        let path = format!("actions/{}/script", places.get(i).map_or("", String::as_str));
        let errors: Vec<_> = applied.errors.into_iter().chain(applied.refused).collect();
        problems.extend(nft_problems(&path, &errors, &applied.notes));
        commands.insert(i, applied.commands);
    }
    // An action that cannot be carried out leaves its place empty, and places are what flows are named by; so it is kept as
    // something that does nothing.
    all.iter()
        .zip(&places)
        .enumerate()
        .map(|(i, (action, place))| {
            let mut context = Context { index, place: format!("actions/{place}"), problems };
            let kind =
                context.kind(i, action, commands.remove(&i)).unwrap_or_else(|| sim::ActionKind::Snapshot { name: action.id.clone() });
            sim::Action { id: action.id.clone(), at: action.at.into(), kind }
        })
        .collect()
}

struct Context<'a, 'b> {
    index: &'a Index<'b>,
    place: String,
    problems: &'a mut Vec<Problem>,
}

impl Context<'_, '_> {
    fn report(&mut self, id: ProblemId, field: &str, with: impl FnOnce(Problem) -> Problem) {
        self.problems.push(with(Problem::new(id, format!("{}/{field}", self.place))));
    }

    fn device(&mut self, field: &str, name: &str) -> Option<(NodeId, &Device)> {
        let found = self.index.find(name);
        if found.is_none() {
            let meant = similar(name, self.index.lab.devices.iter().map(|device| device.name.as_str()));
            self.report(ProblemId::UnknownDevice, field, |problem| problem.with("name", name).with("similar", meant));
        }
        found
    }

    fn interface(&mut self, field: &str, device: &str, name: &str) -> Option<Port> {
        let found = self.index.interface(device, name);
        if found.is_none() {
            let names = self.index.find(device).into_iter().flat_map(|(_, device)| &device.interfaces).map(|i| i.name.as_str());
            let meant = similar(name, names);
            self.report(ProblemId::UnknownInterface, field, |problem| {
                problem.with("device", device).with("name", name).with("similar", meant)
            });
        }
        found
    }

    fn target(&mut self, target: &Target) -> Option<Ipv4Addr> {
        if let Target::Device(name) | Target::Interface(name, _) = target {
            self.device("to", name)?;
        }
        if let Target::Interface(device, interface) = target {
            self.interface("to", device, interface)?;
        }
        let address = self.index.address(target);
        if address.is_none() {
            self.report(ProblemId::TargetWithoutAddress, "to", |problem| problem.with("name", target));
        }
        address
    }

    fn ends(&mut self, from: &str, to: &Target) -> Option<(NodeId, Ipv4Addr)> {
        let from = self.device("from", from).map(|(node, _)| node);
        let to = self.target(to);
        Some((from?, to?))
    }

    fn route(&mut self, device: &Device, route: &document::Route) -> Option<sim::Route> {
        if let Some(dev) = &route.dev {
            self.interface("route/dev", &device.name, dev)?;
        }
        device::route(device, route)
    }

    fn settings(&mut self, device: &Device, settings: &BTreeMap<String, SettingValue>) -> Vec<roundtrip_sim::sysctl::SysctlSetting> {
        device::settings(device, settings, &format!("{}/set", self.place), self.problems)
    }

    fn kind(&mut self, place: usize, action: &Action, commands: Option<Vec<NftCommand>>) -> Option<sim::ActionKind> {
        let index = self.index;
        let device_of = |name: &str| index.find(name).map(|(_, device)| device);
        Some(match &action.kind {
            ActionKind::Ping(ping) => {
                let (from, to) = self.ends(&ping.from, &ping.to)?;
                sim::ActionKind::Ping(sim::Ping {
                    from,
                    to,
                    source: ping.source,
                    count: ping.count,
                    interval: ping.interval.into(),
                    size: ping.size,
                    df: ping.df,
                    ttl: ping.ttl,
                    timeout: ping.timeout.into(),
                    ident: ping.icmp_id.unwrap_or_else(|| numbered(ICMP_IDS, place)),
                })
            }
            ActionKind::Tcp(tcp) => {
                let (from, to) = self.ends(&tcp.from, &tcp.to)?;
                sim::ActionKind::Tcp(sim::TcpClient {
                    from,
                    to,
                    port: tcp.port,
                    source: tcp.source,
                    source_port: tcp.source_port.unwrap_or_else(|| numbered(TCP_PORTS, place)),
                    script: script(tcp),
                    limit: tcp.limit.into(),
                    on_limit: match tcp.on_limit {
                        GiveUp::Leave => OnLimit::Leave,
                        GiveUp::Close => OnLimit::Close,
                        GiveUp::Abort => OnLimit::Abort,
                    },
                })
            }
            ActionKind::Udp(udp) => {
                let (from, to) = self.ends(&udp.from, &udp.to)?;
                sim::ActionKind::Udp(sim::UdpClient {
                    from,
                    to,
                    port: udp.port,
                    source: udp.source,
                    source_port: udp.source_port.unwrap_or_else(|| numbered(UDP_PORTS, place)),
                    size: udp.size,
                    count: udp.count,
                    interval: udp.interval.into(),
                    timeout: udp.timeout.into(),
                    df: udp.df,
                    linger: udp.linger,
                })
            }
            ActionKind::Traceroute(trace) => {
                let (from, to) = self.ends(&trace.from, &trace.to)?;
                sim::ActionKind::Traceroute(sim::Traceroute {
                    from,
                    to,
                    method: match trace.method {
                        TracerouteMethod::Udp => sim::TracerouteMethod::Udp,
                        TracerouteMethod::Icmp => sim::TracerouteMethod::Icmp,
                        TracerouteMethod::Tcp => sim::TracerouteMethod::Tcp(trace.port),
                    },
                    queries: trace.queries,
                    first_ttl: trace.first_ttl,
                    max_ttl: trace.max_ttl,
                    wait: trace.wait.into(),
                })
            }
            ActionKind::NeighFlush(flush) => {
                let (node, _) = self.device("device", &flush.device)?;
                let dev = match &flush.dev {
                    Some(dev) => Some(self.interface("dev", &flush.device, dev)?.interface),
                    None => None,
                };
                sim::ActionKind::NeighFlush { node, dev }
            }
            ActionKind::Link(link) => {
                self.device("device", &link.device)?;
                sim::ActionKind::Link {
                    port: self.interface("dev", &link.device, &link.dev)?,
                    up: link.state == LinkState::Up,
                    how: match link.how {
                        LinkHow::Admin => LinkChange::Admin,
                        LinkHow::Cable => LinkChange::Cable,
                    },
                }
            }
            ActionKind::Route(change) => {
                let (node, _) = self.device("device", &change.device)?;
                let device = device_of(&change.device)?;
                sim::ActionKind::Route {
                    node,
                    op: match change.op {
                        RouteOp::Add => sim::RouteOp::Add,
                        RouteOp::Replace => sim::RouteOp::Replace,
                        RouteOp::Del => sim::RouteOp::Del,
                    },
                    route: self.route(device, &change.route)?,
                }
            }
            ActionKind::Addr(change) => {
                self.device("device", &change.device)?;
                sim::ActionKind::Addr {
                    port: self.interface("dev", &change.device, &change.dev)?,
                    add: change.op == AddrOp::Add,
                    address: change.address,
                }
            }
            ActionKind::Sysctl(change) => {
                let (node, _) = self.device("device", &change.device)?;
                let device = device_of(&change.device)?;
                sim::ActionKind::Sysctl { node, settings: self.settings(device, &change.set) }
            }
            ActionKind::Nft(change) => {
                let (node, _) = self.device("device", &change.device)?;
                sim::ActionKind::Nft { node, commands: commands.unwrap_or_default() }
            }
            ActionKind::ConntrackFlush(flush) => sim::ActionKind::ConntrackFlush { node: self.device("device", &flush.device)?.0 },
            ActionKind::Snapshot(snapshot) => {
                sim::ActionKind::Snapshot { name: snapshot.name.clone().unwrap_or_else(|| action.id.clone()) }
            }
            ActionKind::Inject(inject) => sim::ActionKind::Inject(self.inject(inject)?),
        })
    }

    fn inject(&mut self, inject: &InjectAction) -> Option<sim::Inject> {
        let from = self.device("from", &inject.from).map(|(node, _)| node);
        let is_tcp = |place: &usize| self.index.lab.actions.get(*place).is_some_and(|action| matches!(action.kind, ActionKind::Tcp(_)));
        let flow = self.index.action(&inject.flow_of).filter(is_tcp).and_then(|place| u32::try_from(place).ok());
        if flow.is_none() {
            let flows = self.index.lab.actions.iter().filter(|action| matches!(action.kind, ActionKind::Tcp(_)));
            let meant = similar(&inject.flow_of, flows.map(|action| action.id.as_str()));
            self.report(ProblemId::UnknownFlow, "flow_of", |problem| problem.with("name", &inject.flow_of).with("similar", meant));
        }
        let (device, interface) = inject.observe.split_once('.').unwrap_or((&inject.observe, ""));
        let observe = match self.device("observe", device) {
            Some(_) => self.interface("observe", device, interface),
            None => None,
        };
        let flags = flags(&inject.flags);
        if flags.is_none() {
            self.report(ProblemId::BadFlags, "flags", |problem| problem.with("found", &inject.flags));
        }
        Some(sim::Inject {
            from: from?,
            flow_of: ActionId(flow?),
            as_server: inject.spoof == Spoof::Server,
            observe: observe?,
            flags: flags?,
            seq_offset: inject.seq_off,
            ack_offset: inject.ack_off,
            len: inject.len,
            ttl: inject.ttl,
        })
    }
}

/// A number of its own for the action at a place.
fn numbered(first: u32, place: usize) -> u16 {
    let span = u32::from(u16::MAX).saturating_sub(first);
    let offset = u32::try_from(place).unwrap_or(0).checked_rem(span).unwrap_or(0);
    u16::try_from(first.saturating_add(offset)).unwrap_or(u16::MAX)
}

fn flags(letters: &str) -> Option<TcpFlags> {
    letters.chars().try_fold(TcpFlags::default(), |flags, letter| {
        Some(
            flags
                | match letter.to_ascii_uppercase() {
                    'F' => TcpFlags::FIN,
                    'S' => TcpFlags::SYN,
                    'R' => TcpFlags::RST,
                    'P' => TcpFlags::PSH,
                    'A' => TcpFlags::ACK,
                    _ => return None,
                },
        )
    })
}

/// What a client does once it is connected. Whatever it sends reads as a request where that fits.
fn script(tcp: &TcpAction) -> Vec<SocketStep> {
    let host = || Some(tcp.host.clone());
    let recv = |until| SocketStep::Recv { until, within: None };
    match &tcp.profile {
        Profile::Http { request } => {
            vec![SocketStep::Send { len: *request, http_host: host() }, recv(RecvUntil::Eof), SocketStep::Close]
        }
        Profile::Ssh { banner, expect } => vec![
            recv(RecvUntil::Bytes(1)),
            SocketStep::Send { len: *banner, http_host: host() },
            recv(RecvUntil::Bytes(*expect)),
            SocketStep::Close,
        ],
        Profile::Connect => vec![SocketStep::Close],
        Profile::Script { steps } => steps.iter().map(|step| device::step(step, Some(&tcp.host))).collect(),
    }
}
