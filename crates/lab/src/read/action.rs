//! What happens in time.

use super::json::Json;
use super::network::route;
use super::reader::{Fields, Reader};
use super::service::steps;
use super::values::{
    address, boolean, bytes, interval, name, nft, port, prefix, seconds, settings, string, target, text, u8_from, u16_in, u32_in,
};
use crate::document::{
    Action, ActionKind, AddrAction, AddrOp, ConntrackFlushAction, GiveUp, InjectAction, LinkAction, LinkHow, LinkState, NeighFlushAction,
    NftAction, PingAction, Profile, RouteAction, RouteOp, Seconds, SnapshotAction, Spoof, SysctlAction, TcpAction, TracerouteAction,
    TracerouteMethod, UdpAction,
};
use crate::limits;
use crate::problem::ProblemId;

type ReadKind = fn(&mut Reader, &mut Fields<'_>) -> Option<ActionKind>;

const TYPES: [(&str, ReadKind); 13] = [
    ("ping", ping),
    ("tcp", tcp),
    ("udp", udp),
    ("traceroute", traceroute),
    ("neigh_flush", neigh_flush),
    ("link", link),
    ("route", route_action),
    ("addr", addr),
    ("sysctl", sysctl),
    ("nft", nft_action),
    ("conntrack_flush", conntrack_flush),
    ("snapshot", snapshot),
    ("inject", inject),
];

pub(super) fn action(reader: &mut Reader, value: &Json, index: usize) -> Option<Action> {
    let mut fields = Fields::of(reader, value)?;
    let id = fields.or(reader, "id", format!("a{}", index.saturating_add(1)), name);
    let label = fields.or(reader, "label", Default::default(), text);
    let at = fields.or(reader, "at", Seconds::ZERO, seconds);
    let read = fields.need(reader, "type", |reader, value| reader.word(value, &TYPES))?;
    let kind = read(reader, &mut fields);
    fields.finish(reader);
    Some(Action { id, label, at, kind: kind? })
}

fn ping(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let from = fields.need(reader, "from", name);
    let to = fields.need(reader, "to", target);
    let count = fields.or(reader, "count", PingAction::count(), u32_in(1, limits::PACKETS));
    let every = fields.or(reader, "interval", PingAction::interval(), interval);
    let size = fields.or(reader, "size", PingAction::size(), u16_in(0, limits::DATAGRAM_BYTES));
    let df = fields.get(reader, "df", boolean);
    let ttl = fields.get(reader, "ttl", u8_from(1));
    let source = fields.get(reader, "source", address);
    let timeout = fields.or(reader, "timeout", PingAction::timeout(), seconds);
    let icmp_id = fields.get(reader, "icmp_id", u16_in(0, u16::MAX));
    Some(ActionKind::Ping(PingAction { from: from?, to: to?, count, interval: every, size, df, ttl, source, timeout, icmp_id }))
}

#[derive(Clone, Copy)]
enum ProfileWord {
    Http,
    Ssh,
    Connect,
    Script,
}

fn tcp(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let from = fields.need(reader, "from", name);
    let to = fields.need(reader, "to", target);
    let given_port = fields.get(reader, "port", port);
    let word = fields.or(reader, "profile", ProfileWord::Http, |reader, value| {
        reader.word(
            value,
            &[("http", ProfileWord::Http), ("ssh", ProfileWord::Ssh), ("connect", ProfileWord::Connect), ("script", ProfileWord::Script)],
        )
    });
    let (profile, usual_port) = match word {
        ProfileWord::Http => (Profile::Http { request: fields.or(reader, "request", Profile::request(), bytes) }, Some(80)),
        ProfileWord::Ssh => {
            let banner = fields.or(reader, "banner", Profile::banner(), bytes);
            let expect = fields.or(reader, "expect", Profile::expect(), bytes);
            (Profile::Ssh { banner, expect }, Some(22))
        }
        ProfileWord::Connect => (Profile::Connect, None),
        ProfileWord::Script => (Profile::Script { steps: fields.need(reader, "steps", steps).unwrap_or_default() }, None),
    };
    if given_port.is_none() && usual_port.is_none() && fields.raw("port").is_none() {
        let problem = reader.problem(ProblemId::PortMissing);
        reader.report(problem);
    }
    let host = fields.or(reader, "host", TcpAction::host(), string);
    let source = fields.get(reader, "source", address);
    let source_port = fields.get(reader, "source_port", port);
    let limit = fields.or(reader, "limit", TcpAction::limit(), seconds);
    let on_limit = fields.or(reader, "on_limit", GiveUp::default(), |reader, value| {
        reader.word(value, &[("leave", GiveUp::Leave), ("close", GiveUp::Close), ("abort", GiveUp::Abort)])
    });
    let port = given_port.or(usual_port);
    Some(ActionKind::Tcp(TcpAction { from: from?, to: to?, port: port?, profile, host, source, source_port, limit, on_limit }))
}

fn udp(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let from = fields.need(reader, "from", name);
    let to = fields.need(reader, "to", target);
    let port_there = fields.need(reader, "port", port);
    let source = fields.get(reader, "source", address);
    let source_port = fields.get(reader, "source_port", port);
    let size = fields.or(reader, "size", UdpAction::size(), u16_in(0, limits::DATAGRAM_BYTES));
    let count = fields.or(reader, "count", UdpAction::count(), u32_in(1, limits::PACKETS));
    let every = fields.or(reader, "interval", UdpAction::interval(), interval);
    let timeout = fields.or(reader, "timeout", UdpAction::timeout(), seconds);
    let df = fields.get(reader, "df", boolean);
    let linger = fields.or(reader, "linger", false, boolean);
    let (from, to, port) = (from?, to?, port_there?);
    Some(ActionKind::Udp(UdpAction { from, to, port, source, source_port, size, count, interval: every, timeout, df, linger }))
}

fn traceroute(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let from = fields.need(reader, "from", name);
    let to = fields.need(reader, "to", target);
    let method = fields.or(reader, "method", TracerouteMethod::default(), |reader, value| {
        reader.word(value, &[("udp", TracerouteMethod::Udp), ("icmp", TracerouteMethod::Icmp), ("tcp", TracerouteMethod::Tcp)])
    });
    let port = fields.or(reader, "port", TracerouteAction::port(), port);
    let queries = fields.or(reader, "queries", TracerouteAction::queries(), u32_in(1, 10));
    let first_ttl = fields.or(reader, "first_ttl", TracerouteAction::first_ttl(), u8_from(1));
    let max_ttl = fields.or(reader, "max_ttl", TracerouteAction::max_ttl(), u8_from(1));
    let wait = fields.or(reader, "wait", TracerouteAction::wait(), seconds);
    Some(ActionKind::Traceroute(TracerouteAction { from: from?, to: to?, method, port, queries, first_ttl, max_ttl, wait }))
}

fn neigh_flush(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let device = fields.need(reader, "device", name);
    let dev = fields.get(reader, "dev", name);
    Some(ActionKind::NeighFlush(NeighFlushAction { device: device?, dev }))
}

fn link(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let device = fields.need(reader, "device", name);
    let dev = fields.need(reader, "dev", name);
    let state = fields.need(reader, "state", |reader, value| reader.word(value, &[("up", LinkState::Up), ("down", LinkState::Down)]));
    let how = fields
        .or(reader, "how", LinkHow::default(), |reader, value| reader.word(value, &[("admin", LinkHow::Admin), ("cable", LinkHow::Cable)]));
    Some(ActionKind::Link(LinkAction { device: device?, dev: dev?, state: state?, how }))
}

fn route_action(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let device = fields.need(reader, "device", name);
    let op = fields.or(reader, "op", RouteOp::default(), |reader, value| {
        reader.word(value, &[("add", RouteOp::Add), ("replace", RouteOp::Replace), ("del", RouteOp::Del)])
    });
    let route = fields.need(reader, "route", route);
    Some(ActionKind::Route(RouteAction { device: device?, op, route: route? }))
}

fn addr(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let device = fields.need(reader, "device", name);
    let dev = fields.need(reader, "dev", name);
    let op = fields.or(reader, "op", AddrOp::default(), |reader, value| reader.word(value, &[("add", AddrOp::Add), ("del", AddrOp::Del)]));
    let address = fields.need(reader, "address", prefix);
    Some(ActionKind::Addr(AddrAction { device: device?, dev: dev?, op, address: address? }))
}

fn sysctl(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let device = fields.need(reader, "device", name);
    let set = fields.need(reader, "set", settings);
    Some(ActionKind::Sysctl(SysctlAction { device: device?, set: set? }))
}

fn nft_action(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let device = fields.need(reader, "device", name);
    let script = fields.need(reader, "script", nft);
    Some(ActionKind::Nft(NftAction { device: device?, script: script? }))
}

fn conntrack_flush(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let device = fields.need(reader, "device", name);
    Some(ActionKind::ConntrackFlush(ConntrackFlushAction { device: device? }))
}

fn snapshot(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let name = fields.get(reader, "name", name);
    Some(ActionKind::Snapshot(SnapshotAction { name }))
}

fn inject(reader: &mut Reader, fields: &mut Fields<'_>) -> Option<ActionKind> {
    let from = fields.need(reader, "from", name);
    let flow_of = fields.need(reader, "flow_of", name);
    let spoof = fields
        .or(reader, "spoof", Spoof::default(), |reader, value| reader.word(value, &[("server", Spoof::Server), ("client", Spoof::Client)]));
    let observe = fields.need(reader, "observe", name);
    let flags = fields.or(reader, "flags", InjectAction::flags(), string);
    let number = |reader: &mut Reader, value: &Json| reader.integer(value, -i64::from(u32::MAX), u32::MAX.into());
    let seq_off = fields.or(reader, "seq_off", 0, number);
    let ack_off = fields.or(reader, "ack_off", 0, number);
    let len = fields.or(reader, "len", 0, u32_in(0, 65_000));
    let ttl = fields.or(reader, "ttl", InjectAction::ttl(), u8_from(1));
    Some(ActionKind::Inject(InjectAction { from: from?, flow_of: flow_of?, spoof, observe: observe?, flags, seq_off, ack_off, len, ttl }))
}
