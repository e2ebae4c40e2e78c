//! `traceroute`, one probe at a time (the program of Debian's package `traceroute` with `-N 1`).

use super::{App, AppId};
use crate::node::Parcel;
use crate::scenario::{self, ActionId, NodeId, TracerouteMethod};
use crate::simulation::Simulation;
use crate::time::SimTime;
use crate::trace::{ActionResult, Errno, Outcome, Why};
use crate::transport::udp::Datagram;
use roundtrip_wire::{Icmp, IpBody, Ipv4, Payload, Tcp, TcpFlags, TcpOptions, TimeExceededCode, Timestamps, UnreachableCode};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// First port of UDP probes.
const FIRST_PORT: u16 = 33_434;
/// Bytes of data in each probe, so that it is 60 bytes long.
const PROBE_DATA: usize = 32;

/// What came of one probe.
#[derive(Clone, Debug)]
struct Answer {
    from: Ipv4Addr,
    mark: Option<String>,
}

/// A running trace.
#[derive(Clone, Debug)]
pub(crate) struct Traceroute {
    config: scenario::Traceroute,
    action: ActionId,
    ident: u16,
    ttl: u8,
    query: u32,
    probe: u16,
    waits_until: SimTime,
    port: u16,
    answers: Vec<Option<Answer>>,
    hops: Vec<String>,
    reached: bool,
    refused: bool,
    last: bool,
    over: bool,
}

fn mark(icmp: &Icmp) -> Option<(Option<String>, bool)> {
    match icmp {
        Icmp::TimeExceeded { code: TimeExceededCode::Transit, .. } => Some((None, false)),
        Icmp::Unreachable { code, mtu, .. } => {
            let text = match code {
                // Whoever says it, the program takes it for the end and prints no mark.
                UnreachableCode::Port => return Some((None, true)),
                UnreachableCode::Net | UnreachableCode::NetUnknown | UnreachableCode::NetTos => "!N".to_owned(),
                UnreachableCode::Host | UnreachableCode::HostUnknown | UnreachableCode::HostTos => "!H".to_owned(),
                UnreachableCode::Protocol => "!P".to_owned(),
                UnreachableCode::FragmentationNeeded => format!("!F-{mtu}"),
                UnreachableCode::SourceRoute => "!S".to_owned(),
                UnreachableCode::NetProhibited | UnreachableCode::HostProhibited | UnreachableCode::AdminProhibited => "!X".to_owned(),
                UnreachableCode::Other(_) => format!("!<{}>", code.number()),
            };
            Some((Some(text), true))
        }
        _ => None,
    }
}

impl Simulation {
    pub(crate) fn start_traceroute(&mut self, action: ActionId, config: &scenario::Traceroute) {
        let Some(host) = self.host(config.from) else { return };
        let ident = (host.core.random() & 0xffff) as u16;
        let trace = Traceroute {
            config: config.clone(),
            action,
            ident,
            ttl: config.first_ttl.max(1),
            query: 0,
            probe: 0,
            waits_until: SimTime::MAX,
            port: 0,
            answers: Vec::new(),
            hops: Vec::new(),
            reached: false,
            refused: false,
            last: false,
            over: false,
        };
        let id = self.apps.add(App::Traceroute(trace));
        self.apps.traceroutes.push(id);
        self.probe(id);
    }

    fn probe(&mut self, id: AppId) {
        let now = self.world.now;
        let Some(App::Traceroute(trace)) = self.apps.list.get_mut(id.0 as usize) else { return };
        trace.probe = trace.probe.wrapping_add(1);
        // With a single number after `-w` the program does not shorten the wait by what it has seen (traceroute(8)).
        trace.waits_until = now + trace.config.wait;
        let (config, action, ttl, number, ident, ends) =
            (trace.config.clone(), trace.action, trace.ttl, trace.probe, trace.ident, trace.waits_until);
        let payload = Payload::new(vec![b'@'; PROBE_DATA]);
        let Some(mut host) = self.host(config.from) else { return };
        let port = 32_768 + u16::try_from(host.core.random() % 28_232).unwrap_or(0);
        let why = Why::Application;
        let sent = match config.method {
            TracerouteMethod::Udp => {
                let _ = host.core.udp.bind(None, port);
                let datagram = Datagram {
                    local: (Ipv4Addr::UNSPECIFIED, port),
                    remote: (config.to, FIRST_PORT.wrapping_add(number).wrapping_sub(1)),
                    payload,
                    df: Some(false),
                    ttl: Some(ttl),
                };
                host.udp_send(datagram, why, None, Some(action)).map(|_| ())
            }
            TracerouteMethod::Icmp => {
                let body = IpBody::Icmp(Arc::new(Icmp::Echo { reply: false, id: ident, seq: number, payload }));
                host.send_datagram(Ipv4Addr::UNSPECIFIED, config.to, body, Some(false), Some(ttl), why, None, Some(action)).map(|_| ())
            }
            TracerouteMethod::Tcp(to_port) => {
                let seq = host.core.random();
                let syn = Tcp {
                    src_port: port,
                    dst_port: to_port,
                    seq,
                    ack: 0,
                    flags: TcpFlags::SYN,
                    window: 5840,
                    options: TcpOptions {
                        mss: Some(1460),
                        window_scale: Some(2),
                        sack_permitted: true,
                        timestamps: Some(Timestamps { value: seq, echo: 0 }),
                        sack: Vec::new(),
                    },
                    payload: Payload::EMPTY,
                };
                let ip_id = host.core.ip_id();
                let body = IpBody::Tcp(Arc::new(syn));
                let ip = Ipv4 { src: Ipv4Addr::UNSPECIFIED, dst: config.to, ttl, tos: 0, id: ip_id, df: false, body };
                let packet = host.world.packet(config.from, why, None, Some(action));
                host.send_local(Parcel::new(ip, packet, None), false)
            }
        };
        if let Some(App::Traceroute(trace)) = self.apps.list.get_mut(id.0 as usize) {
            trace.port = port;
        }
        match sent {
            // A filter of its own: the probe is simply lost.
            Ok(()) | Err(Errno::Eperm) => self.app_timer(id, ends),
            Err(_) => self.traceroute_over(id),
        }
    }

    pub(crate) fn traceroute_timer(&mut self, id: AppId) {
        let now = self.world.now;
        if let Some(App::Traceroute(trace)) = self.apps.list.get(id.0 as usize)
            && !trace.over
            && now >= trace.waits_until
        {
            self.probe_done(id, None, false);
        }
    }

    /// One probe is answered or given up.
    fn probe_done(&mut self, id: AppId, answer: Option<Answer>, last: bool) {
        let Some(App::Traceroute(trace)) = self.apps.list.get_mut(id.0 as usize) else { return };
        trace.last |= last;
        trace.answers.push(answer);
        trace.query += 1;
        trace.waits_until = SimTime::MAX;
        let (from, port) = (trace.config.from, trace.port);
        let hop_done = trace.query >= trace.config.queries;
        if hop_done {
            trace.hop_line();
            trace.query = 0;
        }
        let over = hop_done && (trace.last || trace.ttl >= trace.config.max_ttl);
        if hop_done && !over {
            trace.ttl += 1;
        }
        if let Some(state) = self.nodes.get_mut(from.0 as usize) {
            state.core.udp.release(None, port);
        }
        if over {
            self.traceroute_over(id);
        } else {
            self.probe(id);
        }
    }

    fn traceroute_over(&mut self, id: AppId) {
        let Some(App::Traceroute(trace)) = self.apps.list.get_mut(id.0 as usize) else { return };
        trace.over = true;
        let result = if trace.reached {
            ActionResult::Ok
        } else if trace.refused {
            ActionResult::Unreachable
        } else {
            ActionResult::Timeout
        };
        let mut outcome = Outcome::new(result);
        outcome.hops = trace.hops.clone();
        let action = trace.action;
        self.apps.finish(action, outcome);
    }

    fn traceroute_at(&self, node: NodeId, is_mine: impl Fn(&Traceroute) -> bool) -> Option<AppId> {
        self.apps.traceroutes.iter().copied().find(|id| {
            matches!(self.apps.list.get(id.0 as usize), Some(App::Traceroute(trace))
                if trace.config.from == node && !trace.over && trace.waits_until != SimTime::MAX && is_mine(trace))
        })
    }

    /// An ICMP error came: is it about the probe at hand?
    pub(crate) fn traceroute_error(&mut self, node: NodeId, from: Ipv4Addr, icmp: &Icmp, quoted: &Ipv4) {
        let mine = |trace: &Traceroute| {
            quoted.dst == trace.config.to
                && match &quoted.body {
                    IpBody::Udp(udp) => udp.src_port == trace.port,
                    IpBody::Tcp(tcp) => tcp.src_port == trace.port,
                    IpBody::Icmp(inner) => matches!(&**inner, Icmp::Echo { id, seq, .. } if *id == trace.ident && *seq == trace.probe),
                    _ => false,
                }
        };
        let Some(id) = self.traceroute_at(node, mine) else { return };
        self.probe_answered(id, from, mark(icmp));
    }

    /// An echo reply came.
    pub(crate) fn traceroute_reply(&mut self, node: NodeId, from: Ipv4Addr, ident: u16, seq: u16) {
        if let Some(id) =
            self.traceroute_at(node, |trace| trace.ident == ident && trace.probe == seq && trace.config.method == TracerouteMethod::Icmp)
        {
            self.probe_answered(id, from, Some((None, true)));
        }
    }

    /// A TCP segment came: does it answer the probe?
    pub(crate) fn traceroute_segment(&mut self, node: NodeId, ip: &Ipv4) {
        let Some(tcp) = ip.tcp() else { return };
        let mine = |trace: &Traceroute| {
            matches!(trace.config.method, TracerouteMethod::Tcp(port) if port == tcp.src_port)
                && tcp.dst_port == trace.port
                && ip.src == trace.config.to
        };
        if let Some(id) = self.traceroute_at(node, mine) {
            self.probe_answered(id, ip.src, Some((None, true)));
        }
    }

    fn probe_answered(&mut self, id: AppId, from: Ipv4Addr, verdict: Option<(Option<String>, bool)>) {
        let Some(App::Traceroute(trace)) = self.apps.list.get_mut(id.0 as usize) else { return };
        let Some((mark, last)) = verdict else { return };
        trace.reached |= mark.is_none() && from == trace.config.to;
        trace.refused |= mark.is_some();
        self.probe_done(id, Some(Answer { from, mark }), last);
    }
}

impl Traceroute {
    /// Writes down a hop as the program prints it, without times.
    fn hop_line(&mut self) {
        let mut text = Vec::new();
        let mut shown = None;
        for answer in self.answers.drain(..) {
            match answer {
                None => text.push("*".to_owned()),
                Some(answer) => {
                    if shown != Some(answer.from) {
                        text.push(answer.from.to_string());
                        shown = Some(answer.from);
                    }
                    text.extend(answer.mark);
                }
            }
        }
        self.hops.push(text.join(" "));
    }
}
