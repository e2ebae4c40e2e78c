//! Small networks for tests, drawn in a few words, and captures as text.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    reason = "helpers of tests, outside their functions"
)]

use roundtrip_sim::scenario::{
    Action, ActionKind, Interface, Listener, Node, OnLimit, Ping, Route, RouteKind, Scenario, Segment, Service, SocketStep, System,
    TcpClient, UdpClient,
};
use roundtrip_sim::sysctl::{Sysctl, SysctlSetting};
use roundtrip_sim::{IfIndex, NodeId, Port, SegmentId, SimTime, Simulation, Trace, capture};
use roundtrip_wire::{Mac, RelSeq, write_line};

/// A network in the making.
#[derive(Default)]
pub struct Net {
    pub scenario: Scenario,
}

impl Net {
    pub fn segments(mut self, names: &[&str]) -> Self {
        for name in names {
            self.scenario.segments.push(Segment { name: (*name).into(), latency: SimTime::from_micros(500) });
        }
        self
    }

    /// A node: interfaces as `segment address/len`, routes as `destination via gateway`, settings as `name=value`.
    pub fn node(mut self, name: &str, interfaces: &[&str], routes: &[&str], sysctls: &[&str]) -> Self {
        let number = self.scenario.nodes.len() as u8;
        let interfaces = interfaces
            .iter()
            .enumerate()
            .map(|(place, text)| {
                let mut words = text.split_whitespace();
                let segment = words.next().unwrap();
                let segment = self.scenario.segments.iter().position(|s| s.name == segment).map(|s| SegmentId(s as u32));
                let mut mtu = 1500;
                let mut addresses = Vec::new();
                for word in words {
                    match word.strip_prefix("mtu=") {
                        Some(value) => mtu = value.parse().unwrap(),
                        None => addresses.push(word.parse().unwrap()),
                    }
                }
                Interface {
                    name: format!("eth{place}"),
                    segment,
                    mac: Mac([2, 0, 0, 0, number, place as u8]),
                    addresses,
                    mtu,
                    delay: SimTime::ZERO,
                }
            })
            .collect();
        let routes = routes.iter().map(|text| route(text)).collect();
        let sysctls = sysctls
            .iter()
            .map(|text| {
                let (name, value) = text.split_once('=').unwrap();
                let (key, scope) = Sysctl::resolve(name, &["eth0", "eth1", "eth2"]).unwrap();
                SysctlSetting { key, scope, value: value.parse().unwrap() }
            })
            .collect();
        let listeners = vec![Listener { bind: None, port: 7, service: Service::UdpEcho { reply: None, plain: false } }];
        self.scenario.nodes.push(Node {
            name: name.into(),
            system: System::Linux,
            interfaces,
            routes,
            sysctls,
            ruleset: Default::default(),
            listeners,
        });
        self
    }

    pub fn id(&self, name: &str) -> NodeId {
        NodeId(self.scenario.nodes.iter().position(|node| node.name == name).unwrap() as u32)
    }

    pub fn action(mut self, id: &str, at_ms: u64, kind: ActionKind) -> Self {
        self.scenario.actions.push(Action { id: id.into(), at: SimTime::from_millis(at_ms), kind });
        self
    }

    pub fn ping(self, from: &str, to: &str, at_ms: u64, change: impl FnOnce(&mut Ping)) -> Self {
        let mut ping = Ping {
            from: self.id(from),
            to: to.parse().unwrap(),
            source: None,
            count: 1,
            interval: SimTime::from_secs(1),
            size: 56,
            df: None,
            ttl: None,
            timeout: SimTime::from_secs(2),
            ident: 101 + self.scenario.actions.len() as u16,
        };
        change(&mut ping);
        self.action("ping", at_ms, ActionKind::Ping(ping))
    }

    pub fn udp(self, from: &str, to: &str, at_ms: u64, change: impl FnOnce(&mut UdpClient)) -> Self {
        let mut udp = UdpClient {
            from: self.id(from),
            to: to.parse().unwrap(),
            port: 7,
            source: None,
            source_port: 50_001 + self.scenario.actions.len() as u16,
            size: 32,
            count: 1,
            interval: SimTime::from_secs(1),
            timeout: SimTime::from_secs(3),
            df: None,
            linger: false,
        };
        change(&mut udp);
        self.action("udp", at_ms, ActionKind::Udp(udp))
    }

    /// A TCP service that runs this script for everybody who comes.
    pub fn serves(mut self, node: &str, port: u16, script: &[SocketStep]) -> Self {
        let place = self.id(node).0 as usize;
        self.scenario.nodes[place].listeners.push(Listener { bind: None, port, service: Service::Tcp(script.to_vec()) });
        self
    }

    pub fn tcp(self, from: &str, to: &str, port: u16, at_ms: u64, script: &[SocketStep]) -> Self {
        let client = TcpClient {
            from: self.id(from),
            to: to.parse().unwrap(),
            port,
            source: None,
            source_port: 40_001 + self.scenario.actions.len() as u16,
            script: script.to_vec(),
            limit: SimTime::from_secs(10),
            on_limit: OnLimit::Leave,
        };
        self.action("tcp", at_ms, ActionKind::Tcp(client))
    }

    pub fn run(self) -> Run {
        let trace = Simulation::new(self.scenario.clone()).run();
        Run { scenario: self.scenario, trace }
    }
}

/// A route as `ip route` takes it.
pub fn route(text: &str) -> Route {
    let mut words = text.split_whitespace();
    let mut first = words.next().unwrap();
    let kind = match first {
        "unreachable" => RouteKind::Unreachable,
        "prohibit" => RouteKind::Prohibit,
        "blackhole" => RouteKind::Blackhole,
        _ => RouteKind::Unicast,
    };
    if kind != RouteKind::Unicast {
        first = words.next().unwrap();
    }
    let destination = if first == "default" { "0.0.0.0/0" } else { first };
    let mut route =
        Route { destination: destination.parse().unwrap(), via: None, dev: None, src: None, metric: 0, mtu: None, onlink: false, kind };
    while let Some(word) = words.next() {
        match word {
            "via" => route.via = Some(words.next().unwrap().parse().unwrap()),
            "dev" => route.dev = Some(IfIndex(words.next().unwrap().trim_start_matches("eth").parse().unwrap())),
            "src" => route.src = Some(words.next().unwrap().parse().unwrap()),
            "metric" => route.metric = words.next().unwrap().parse().unwrap(),
            "mtu" => route.mtu = Some(words.next().unwrap().parse().unwrap()),
            "onlink" => route.onlink = true,
            other => panic!("{other}"),
        }
    }
    route
}

/// What came of it.
pub struct Run {
    pub scenario: Scenario,
    pub trace: Trace,
}

impl Run {
    fn name(&self, mac: Mac) -> Option<String> {
        self.scenario.nodes.iter().find_map(|node| {
            node.interfaces.iter().find(|interface| interface.mac == mac).map(|interface| format!("{}.{}", node.name, interface.name))
        })
    }

    /// The capture at `node.interface`, ARP left out: milliseconds and line.
    pub fn at(&self, place: &str) -> Vec<(u64, String)> {
        self.capture(place).into_iter().filter(|(_, line)| !line.contains(" arp ")).collect()
    }

    /// The capture at `node.interface`.
    pub fn capture(&self, place: &str) -> Vec<(u64, String)> {
        let (node, interface) = place.split_once('.').unwrap();
        let id = self.scenario.nodes.iter().position(|n| n.name == node).unwrap();
        let index = self.scenario.nodes[id].interfaces.iter().position(|i| i.name == interface).unwrap();
        let port = Port { node: NodeId(id as u32), interface: IfIndex(index as u16) };
        let mut numbers = RelSeq::new();
        let names: Vec<(Mac, String)> = self
            .scenario
            .nodes
            .iter()
            .flat_map(|node| &node.interfaces)
            .filter_map(|interface| self.name(interface.mac).map(|name| (interface.mac, name)))
            .collect();
        capture::at(&self.trace.frames, &self.trace.visits, port)
            .map(|sighting| {
                let rel = numbers.observe(sighting.frame);
                let mut line = String::new();
                let name_of = |mac: Mac| names.iter().find(|(m, _)| *m == mac).map(|(_, name)| name.as_str());
                write_line(&mut line, sighting.frame, &rel, sighting.direction, &name_of).unwrap();
                (sighting.at.as_millis(), line)
            })
            .collect()
    }

    /// Only the lines.
    pub fn lines(&self, place: &str) -> Vec<String> {
        self.at(place).into_iter().map(|(_, line)| line).collect()
    }
}
