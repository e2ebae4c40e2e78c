//! Segments, nodes, and what they are told before anything happens.

use super::{Script, comment, seconds, word};
use roundtrip_lab::document::Device;
use roundtrip_lab::to_nft;
use roundtrip_sim::scenario::{Listener, Node, RecvUntil, Route, RouteKind, Service, SocketStep};
use roundtrip_sim::sysctl::{Sysctl, SysctlFamily, SysctlScope, SysctlSetting};
use roundtrip_sim::{SimTime, system_settings};
use std::fmt::Write;

impl Script<'_> {
    pub(super) fn network(&self, out: &mut String) {
        if self.sets_tracking() {
            out.push_str("tracking\n");
        }
        out.push_str("\n# Segments\n");
        for (place, segment) in self.scenario.segments.iter().enumerate() {
            out.push_str(&comment(&format!("{place}: {}", segment.name)));
            let _ = writeln!(out, "segment {place}");
        }
        let mut number = 0;
        for (place, node) in (0..).zip(&self.scenario.nodes) {
            self.device(out, place, node, &mut number);
        }
        out.push_str("\nconnect\nsleep 0.2\n\n# What needs the links to be up\n");
        for (place, node) in (0..).zip(&self.scenario.nodes) {
            self.configuration(out, place, node);
        }
        for (place, node) in (0..).zip(&self.scenario.nodes) {
            for interface in &node.interfaces {
                let _ = writeln!(out, "record {} {}", self.node(place), word(&interface.name));
            }
            let services: Vec<String> = node.listeners.iter().map(service).collect();
            if !services.is_empty() {
                let _ = writeln!(out, "serve {} {}", self.node(place), services.join(" -- "));
            }
        }
    }

    fn device(&self, out: &mut String, place: u32, node: &Node, number: &mut u32) {
        let name = self.node(place);
        out.push('\n');
        out.push_str(&comment(&node.name));
        if self.is_windows(place as usize) {
            out.push_str("# It runs Windows in the lab. Here a Linux with some of its habits stands in for it.\n");
        }
        let forwards = node.sysctls.iter().rev().find(|setting| setting.key == Sysctl::IpForward).map_or(0, |setting| setting.value);
        let _ = writeln!(out, "node {name} {forwards}");
        for interface in &node.interfaces {
            let cable = interface.segment.map_or_else(String::new, |segment| {
                let latency = self.scenario.segments.get(segment.0 as usize).map_or(SimTime::ZERO, |segment| segment.latency);
                let delay = SimTime::from_nanos(latency.as_nanos() / 2).as_nanos().saturating_add(interface.delay.as_nanos());
                format!(" {} {}", segment.0, seconds(SimTime::from_nanos(delay)))
            });
            let dev = word(&interface.name);
            let _ = writeln!(out, "interface {name} {dev} {} {} {number}{cable}", interface.mac, interface.mtu);
            for address in &interface.addresses {
                let _ = writeln!(out, "address {name} {dev} {address}");
            }
            let _ = writeln!(out, "up {name} {dev}");
            *number = number.saturating_add(1);
        }
    }

    fn configuration(&self, out: &mut String, place: u32, node: &Node) {
        let name = self.node(place);
        let system = system_settings(node.system);
        let own: Vec<SysctlSetting> =
            system.chain(node.sysctls.iter().copied()).filter(|setting| setting.key != Sysctl::IpForward).collect();
        if !own.is_empty() {
            let _ = writeln!(out, "settings {name}{}", files(&setting_files(node, &own)));
        }
        for route in &node.routes {
            let _ = writeln!(out, "route {name} add {}", route_words(node, route));
        }
        let rules = self.lab.devices.get(place as usize).map_or_else(String::new, |device| self.rules(device));
        if !rules.is_empty() {
            let _ = writeln!(out, "rules {name} {}", word(rules.trim_end()));
        }
    }

    /// A device's rules in the language of nft(8); empty if it has none.
    #[expect(clippy::unused_self, reason = "beside its kin")]
    pub(super) fn rules(&self, device: &Device) -> String {
        if device.nft.is_empty() { to_nft(&device.filter, &device.nat) } else { device.nft.as_str().to_owned() }
    }

    /// True if some node sets what only loaded connection tracking has.
    pub(super) fn sets_tracking(&self) -> bool {
        self.scenario.nodes.iter().flat_map(|node| &node.sysctls).any(|setting| setting.key.family() == SysctlFamily::Netfilter)
    }

    /// The number of an interface's cable.
    pub(super) fn cable(&self, port: roundtrip_sim::Port) -> usize {
        let before = self.scenario.nodes.iter().take(port.node.0 as usize).map(|node| node.interfaces.len());
        before.sum::<usize>().saturating_add(usize::from(port.interface.0))
    }
}

/// Settings as files below `/proc/sys/net`, in the order in which they are written.
pub(crate) fn setting_files(node: &Node, settings: &[SysctlSetting]) -> Vec<(String, i64)> {
    let mut out = Vec::new();
    for setting in settings {
        let key = setting.key.name().replace('.', "/");
        let interfaces = || node.interfaces.iter().map(|interface| interface.name.clone());
        let one = |index: roundtrip_sim::IfIndex| node.interfaces.get(usize::from(index.0)).map(|interface| interface.name.clone());
        let paths: Vec<String> = match (setting.key.family(), setting.scope) {
            (SysctlFamily::Ipv4, _) => vec![format!("ipv4/{key}")],
            (SysctlFamily::Netfilter, _) => vec![format!("netfilter/{key}")],
            (SysctlFamily::Neigh, _) => interfaces().map(|name| format!("ipv4/neigh/{name}/{key}")).collect(),
            (SysctlFamily::Conf(_), scope) => {
                let places: Vec<String> = match scope {
                    SysctlScope::Everywhere => ["all", "default"].map(str::to_owned).into_iter().chain(interfaces()).collect(),
                    SysctlScope::All => vec!["all".to_owned()],
                    SysctlScope::Default => vec!["default".to_owned()],
                    SysctlScope::Interface(index) => one(index).into_iter().collect(),
                };
                places.iter().map(|place| format!("ipv4/conf/{place}/{key}")).collect()
            }
        };
        out.extend(paths.into_iter().map(|path| (path, setting.value)));
    }
    out
}

/// Files with their values as words, each after a blank.
pub(super) fn files(files: &[(String, i64)]) -> String {
    files.iter().map(|(path, value)| format!(" {} {value}", word(path))).collect()
}

/// A route in the words of `ip route`.
pub(crate) fn route_words(node: &Node, route: &Route) -> String {
    let mut words: Vec<String> = match route.kind {
        RouteKind::Unicast => vec![],
        RouteKind::Unreachable => vec!["unreachable".to_owned()],
        RouteKind::Prohibit => vec!["prohibit".to_owned()],
        RouteKind::Blackhole => vec!["blackhole".to_owned()],
    };
    words.push(if route.destination.prefix_len() == 0 { "default".to_owned() } else { route.destination.to_string() });
    let dev = route.dev.and_then(|index| node.interfaces.get(usize::from(index.0)));
    let mut pair = |key: &str, value: Option<String>| words.extend(value.into_iter().flat_map(|value| [key.to_owned(), value]));
    pair("via", route.via.map(|via| via.to_string()));
    pair("dev", dev.map(|interface| word(&interface.name)));
    pair("src", route.src.map(|src| src.to_string()));
    pair("metric", Some(route.metric).filter(|metric| *metric != 0).map(|metric| metric.to_string()));
    pair("mtu", route.mtu.map(|mtu| mtu.to_string()));
    if route.onlink {
        words.push("onlink".to_owned());
    }
    words.join(" ")
}

fn service(listener: &Listener) -> String {
    let mut words = match &listener.service {
        Service::Tcp(script) => vec!["proto=tcp".to_owned(), word(&format!("steps={}", steps(script)))],
        Service::UdpEcho { reply, plain } => {
            let mut words = vec!["proto=udp".to_owned(), format!("does={}", if *plain { "plain" } else { "echo" })];
            words.extend(reply.map(|reply| format!("reply={reply}")));
            words
        }
        Service::UdpSink => vec!["proto=udp".to_owned(), "does=sink".to_owned()],
    };
    words.insert(1, format!("port={}", listener.port));
    words.extend(listener.bind.map(|bind| format!("bind={bind}")));
    words.join(" ")
}

/// Steps as the helper reads them.
pub(super) fn steps(script: &[SocketStep]) -> String {
    let each: Vec<String> = script.iter().map(step).collect();
    each.join(",")
}

fn step(step: &SocketStep) -> String {
    match step {
        SocketStep::Send { len, .. } => format!("send:{len}"),
        SocketStep::Recv { until, within } => {
            let what = match until {
                RecvUntil::Bytes(bytes) => bytes.to_string(),
                RecvUntil::Eof => "eof".to_owned(),
                RecvUntil::BlankLine => "request".to_owned(),
            };
            within.map_or_else(|| format!("recv:{what}"), |within| format!("recv:{what}:{}", seconds(within)))
        }
        SocketStep::Echo => "echo".to_owned(),
        SocketStep::Sleep(time) => format!("sleep:{}", seconds(*time)),
        SocketStep::KeepAlive { idle, interval, count } => format!("keepalive:{}:{}:{count}", seconds(*idle), seconds(*interval)),
        SocketStep::Shutdown => "shutdown".to_owned(),
        SocketStep::Close => "close".to_owned(),
        SocketStep::Abort => "abort".to_owned(),
    }
}
