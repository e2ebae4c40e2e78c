//! What happens, a line for each action.

use super::network::{files, route_words, setting_files, steps};
use super::{Script, comment, seconds, word};
use roundtrip_lab::document;
use roundtrip_sim::scenario::{
    Action, ActionKind, Inject, LinkChange, NodeId, OnLimit, Ping, Port, RouteOp, SocketStep, TcpClient, Traceroute, TracerouteMethod,
    UdpClient,
};
use std::fmt::Write;

impl Script<'_> {
    pub(super) fn actions(&self, out: &mut String) {
        for (place, (written, action)) in self.lab.actions.iter().zip(&self.scenario.actions).enumerate() {
            out.push_str(&comment(written.label.get(self.language)));
            let line = self.action(place, written, action);
            let _ = writeln!(out, "{line}");
        }
    }

    fn action(&self, place: usize, written: &document::Action, action: &Action) -> String {
        // Function, node, kind, then name and time, then the words.
        let line = |node: NodeId, kind: &str, words: String| {
            let function = if matches!(kind, "run" | "settings" | "rules") { "at" } else { "client" };
            format!("{function} {} {kind} {} {} {words}", self.node(node.0), word(&action.id), seconds(action.at))
        };
        let node = |id: NodeId| self.scenario.nodes.get(id.0 as usize);
        match &action.kind {
            ActionKind::Ping(it) => line(it.from, "ping", ping(it)),
            ActionKind::Tcp(it) => line(it.from, "tcp", tcp(it)),
            ActionKind::Udp(it) => line(it.from, "udp", udp(it)),
            ActionKind::Traceroute(it) => line(it.from, "traceroute", traceroute(it)),
            ActionKind::NeighFlush { node, dev } => {
                let which = dev.map_or_else(|| "all".to_owned(), |dev| format!("dev {}", self.dev(Port { node: *node, interface: dev })));
                line(*node, "run", format!("-- ip neigh flush {which}"))
            }
            ActionKind::Link { port, up, how } => {
                let state = if *up { "up" } else { "down" };
                match how {
                    LinkChange::Admin => line(port.node, "run", format!("-- ip link set dev {} {state}", self.dev(*port))),
                    LinkChange::Cable => {
                        let far_end = format!("f{}", self.cable(*port));
                        format!("at fabric run {} {} -- ip link set {far_end} {state}", word(&action.id), seconds(action.at))
                    }
                }
            }
            ActionKind::Route { node: id, op, route } => {
                let verb = match op {
                    RouteOp::Add => "add",
                    RouteOp::Replace => "replace",
                    RouteOp::Del => "del",
                };
                line(*id, "run", format!("-- ip route {verb} {}", node(*id).map_or_else(String::new, |node| route_words(node, route))))
            }
            ActionKind::Addr { port, add, address } => {
                let verb = if *add { "add" } else { "del" };
                let broadcast = if *add && address.prefix_len() < 31 { " brd +" } else { "" };
                line(port.node, "run", format!("-- ip addr {verb} {address}{broadcast} dev {}", self.dev(*port)))
            }
            ActionKind::Sysctl { node: id, settings } => {
                let files = node(*id).map_or_else(String::new, |node| files(&setting_files(node, settings)));
                line(*id, "settings", format!("--{files}"))
            }
            ActionKind::Nft { node, .. } => {
                let text = if let document::ActionKind::Nft(nft) = &written.kind { nft.script.as_str() } else { "" };
                line(*node, "rules", format!("-- {}", word(text)))
            }
            ActionKind::ConntrackFlush { node } => line(*node, "run", "-- conntrack -F".to_owned()),
            ActionKind::Snapshot { .. } => {
                format!("snapshot {place} {} {}{}", word(&action.id), seconds(action.at), self.all_nodes())
            }
            ActionKind::Inject(it) => self.inject(it, action),
        }
    }

    /// An interface's name as a word.
    fn dev(&self, port: Port) -> String {
        let node = self.scenario.nodes.get(port.node.0 as usize);
        node.and_then(|node| node.interfaces.get(usize::from(port.interface.0))).map_or_else(String::new, |interface| word(&interface.name))
    }

    /// It runs where the connection is watched, and sends from elsewhere.
    fn inject(&self, inject: &Inject, action: &Action) -> String {
        let flow = self.scenario.actions.get(inject.flow_of.0 as usize).map(|action| &action.kind);
        let (client, server) = if let Some(ActionKind::Tcp(tcp)) = flow { (tcp.source_port, tcp.port) } else { (0, 0) };
        format!(
            "client {} inject {} {} {} from=\"$run-{}\" client={client} server={server} spoof={} flags={} seq={} ack={} len={} ttl={}",
            self.node(inject.observe.node.0),
            word(&action.id),
            seconds(action.at),
            word(&format!("dev={}", self.plain_dev(inject.observe))),
            self.node(inject.from.0),
            if inject.as_server { "server" } else { "client" },
            inject.flags.0,
            inject.seq_offset,
            inject.ack_offset,
            inject.len,
            inject.ttl,
        )
    }

    fn plain_dev(&self, port: Port) -> &str {
        let node = self.scenario.nodes.get(port.node.0 as usize);
        node.and_then(|node| node.interfaces.get(usize::from(port.interface.0))).map_or("", |interface| interface.name.as_str())
    }
}

fn ping(ping: &Ping) -> String {
    let (interval, wait) = (seconds(ping.interval), seconds(ping.timeout));
    let mut words = format!("-- ping -n -c {} -i {interval} -s {} -W {wait} -e {}", ping.count, ping.size, ping.ident);
    if let Some(df) = ping.df {
        words.push_str(if df { " -M do" } else { " -M dont" });
    }
    if let Some(ttl) = ping.ttl {
        let _ = write!(words, " -t {ttl}");
    }
    if let Some(source) = ping.source {
        let _ = write!(words, " -I {source}");
    }
    let _ = write!(words, " {}", ping.to);
    words
}

fn tcp(tcp: &TcpClient) -> String {
    let on_limit = match tcp.on_limit {
        OnLimit::Leave => "leave",
        OnLimit::Close => "close",
        OnLimit::Abort => "abort",
    };
    let host = tcp.script.iter().find_map(|step| if let SocketStep::Send { http_host, .. } = step { http_host.as_deref() } else { None });
    let mut words = vec![
        format!("to={}", tcp.to),
        format!("port={}", tcp.port),
        format!("sport={}", tcp.source_port),
        format!("limit={}", seconds(tcp.limit)),
        format!("on_limit={on_limit}"),
        word(&format!("steps={}", steps(&tcp.script))),
    ];
    words.extend(tcp.source.map(|source| format!("source={source}")));
    words.extend(host.map(|host| word(&format!("host={host}"))));
    words.join(" ")
}

fn udp(udp: &UdpClient) -> String {
    let mut words = vec![
        format!("to={}", udp.to),
        format!("port={}", udp.port),
        format!("sport={}", udp.source_port),
        format!("size={}", udp.size),
        format!("count={}", udp.count),
        format!("interval={}", seconds(udp.interval)),
        format!("timeout={}", seconds(udp.timeout)),
    ];
    words.extend(udp.source.map(|source| format!("source={source}")));
    words.extend(udp.df.map(|df| format!("df={}", u8::from(df))));
    words.extend(udp.linger.then(|| "linger=1".to_owned()));
    words.join(" ")
}

fn traceroute(trace: &Traceroute) -> String {
    let method = match trace.method {
        TracerouteMethod::Udp => String::new(),
        TracerouteMethod::Icmp => " -I".to_owned(),
        TracerouteMethod::Tcp(port) => format!(" -T -p {port}"),
    };
    let wait = seconds(trace.wait);
    let (queries, first, last, to) = (trace.queries, trace.first_ttl, trace.max_ttl, trace.to);
    format!("to={to} -- traceroute -n -q {queries} -N 1 -w {wait} -m {last} -f {first}{method} {to}")
}
