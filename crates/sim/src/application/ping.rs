//! `ping` as iputils does it.

use super::{App, AppId};
use crate::scenario::{self, ActionId, NodeId};
use crate::simulation::Simulation;
use crate::time::SimTime;
use crate::trace::{ActionResult, AppWhat, Errno, Outcome, Why};
use crate::transport::errors;
use roundtrip_wire::{Icmp, IpBody, Ipv4, Payload};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// A running ping.
#[derive(Clone, Debug)]
pub(crate) struct Ping {
    config: scenario::Ping,
    action: ActionId,
    sent: u32,
    received: BTreeSet<u16>,
    /// When each request was sent, by sequence number; those answered are taken out.
    sent_at: BTreeMap<u16, SimTime>,
    errors: u32,
    /// Something said "unreachable", or an error came back.
    told: bool,
    sent_last: SimTime,
    longest: SimTime,
    ends: Option<SimTime>,
    over: bool,
}

/// The pattern of iputils: a time stamp's room, then counting bytes.
fn content(size: u16) -> Payload {
    Payload::new((0..size).map(|n| (n & 0xff) as u8).collect::<Vec<u8>>())
}

impl Simulation {
    pub(crate) fn start_ping(&mut self, action: ActionId, config: &scenario::Ping) {
        let now = self.world.now;
        let Some(host) = self.host(config.from) else { return };
        // The program first asks for a route, and ends if there is none, or if it leads to everybody (it would want `-b`).
        let asked = host.core.route_output(config.to, config.source, false, now);
        if let Err(errno) = asked.and_then(|route| if route.broadcast { Err(Errno::Eacces) } else { Ok(route) }) {
            let result = if errno == Errno::Enetunreach { ActionResult::Unreachable } else { ActionResult::Timeout };
            let mut outcome = Outcome::new(result);
            outcome.errno = Some(errno);
            self.note(config.from, Some(action), false, AppWhat::Error(errno));
            self.apps.finish(action, outcome);
            return;
        }
        let ping = Ping {
            config: config.clone(),
            action,
            sent: 0,
            received: BTreeSet::new(),
            sent_at: BTreeMap::new(),
            errors: 0,
            told: false,
            sent_last: now,
            longest: SimTime::ZERO,
            ends: None,
            over: false,
        };
        let key = (config.from, config.ident);
        let id = self.apps.add(App::Ping(ping));
        self.apps.pings.insert(key, id);
        self.ping_send(id);
    }

    fn ping_send(&mut self, id: AppId) {
        let now = self.world.now;
        let Some(App::Ping(ping)) = self.apps.list.get_mut(id.0 as usize) else { return };
        ping.sent += 1;
        ping.sent_last = now;
        let seq = (ping.sent & 0xffff) as u16;
        ping.sent_at.insert(seq, now);
        let (config, action) = (ping.config.clone(), ping.action);
        let echo = Icmp::Echo { reply: false, id: config.ident, seq, payload: content(config.size) };
        let source = config.source.unwrap_or(Ipv4Addr::UNSPECIFIED);
        let Some(mut host) = self.host(config.from) else { return };
        let body = IpBody::Icmp(Arc::new(echo));
        let sent = host.send_datagram(source, config.to, body, config.df, config.ttl, Why::Application, None, Some(action));
        if let Err(errno) = sent {
            self.note(config.from, Some(action), false, AppWhat::Error(errno));
        }
        let Some(App::Ping(ping)) = self.apps.list.get_mut(id.0 as usize) else { return };
        if matches!(sent, Err(Errno::Enetunreach)) {
            ping.told = true;
        }
        if matches!(sent, Err(Errno::Emsgsize)) {
            ping.errors += 1;
        }
        if ping.sent < config.count {
            // As long as nothing comes, the program sleeps in its receiving call, whose time limit is a kernel timer.
            self.app_timer(id, crate::time::wheel::rings(now, now + config.interval));
        } else {
            self.ping_linger(id);
        }
    }

    /// Something came while the next request is awaited: the program looks at its clock and, unless all the time is still left, waits
    /// by a finer timer for what is left in whole milliseconds.
    fn ping_woken(&mut self, id: AppId) {
        let now = self.world.now;
        let Some(App::Ping(ping)) = self.apps.list.get(id.0 as usize) else { return };
        if ping.over || ping.sent >= ping.config.count {
            return;
        }
        let passed = SimTime::from_millis(now.since(ping.sent_last).as_millis());
        let end = now + ping.config.interval.since(passed);
        self.app_timer(id, if passed == SimTime::ZERO { crate::time::wheel::rings(now, end) } else { end });
    }

    /// All is sent: how long the last answers are awaited. Once any answer came, twice the longest round trip, but one interval at least.
    fn ping_linger(&mut self, id: AppId) {
        let Some(App::Ping(ping)) = self.apps.list.get_mut(id.0 as usize) else { return };
        let received = u32::try_from(ping.received.len()).unwrap_or(u32::MAX);
        if received.saturating_add(ping.errors) >= ping.config.count {
            self.ping_over(id);
            return;
        }
        let wait = if ping.received.is_empty() { ping.config.timeout } else { ping.longest.times(2).max(ping.config.interval) };
        let end = ping.sent_last + wait;
        ping.ends = Some(end);
        self.app_timer(id, end);
    }

    fn ping_over(&mut self, id: AppId) {
        let Some(App::Ping(ping)) = self.apps.list.get_mut(id.0 as usize) else { return };
        if ping.over {
            return;
        }
        ping.over = true;
        let received = u32::try_from(ping.received.len()).unwrap_or(u32::MAX);
        let result = match received {
            0 if ping.told => ActionResult::Unreachable,
            0 => ActionResult::Timeout,
            n if n == ping.sent => ActionResult::Ok,
            _ => ActionResult::Partial,
        };
        let mut outcome = Outcome::new(result);
        outcome.sent = Some(ping.sent);
        outcome.received = Some(received);
        let action = ping.action;
        self.apps.finish(action, outcome);
    }

    pub(crate) fn ping_timer(&mut self, id: AppId) {
        let now = self.world.now;
        let Some(App::Ping(ping)) = self.apps.list.get(id.0 as usize) else { return };
        if ping.over {
            return;
        }
        if ping.sent < ping.config.count {
            self.ping_send(id);
        } else if ping.ends.is_some_and(|end| now >= end) {
            self.ping_over(id);
        }
    }

    /// An echo reply came to a node.
    pub(crate) fn echo_reply(&mut self, node: NodeId, ident: u16, seq: u16) {
        let now = self.world.now;
        let Some(id) = self.apps.pings.get(&(node, ident)).copied() else { return };
        let Some(App::Ping(ping)) = self.apps.list.get_mut(id.0 as usize) else { return };
        if ping.over || !ping.received.insert(seq) {
            return;
        }
        if let Some(sent) = ping.sent_at.remove(&seq) {
            ping.longest = ping.longest.max(now.since(sent));
        }
        let (action, size, all_sent) = (ping.action, ping.config.size, ping.sent >= ping.config.count);
        self.note(node, Some(action), false, AppWhat::Received(u32::from(size)));
        if all_sent {
            self.ping_linger(id);
        } else {
            self.ping_woken(id);
        }
    }

    /// An ICMP error or redirect came to a node: is it about one of its echo requests?
    pub(crate) fn ping_error(&mut self, node: NodeId, icmp: &Icmp, quoted: &Ipv4) {
        let ident = match &quoted.body {
            IpBody::Icmp(inner) => match &**inner {
                Icmp::Echo { reply: false, id, .. } => *id,
                _ => return,
            },
            _ => return,
        };
        let Some(id) = self.apps.pings.get(&(node, ident)).copied() else { return };
        let Some(App::Ping(ping)) = self.apps.list.get_mut(id.0 as usize) else { return };
        if ping.over {
            return;
        }
        if matches!(icmp, Icmp::Redirect { .. }) {
            self.ping_woken(id);
            return;
        }
        ping.told = true;
        ping.errors += 1;
        let (action, all_sent) = (ping.action, ping.sent >= ping.config.count);
        if let Some(errno) = errors::errno(icmp) {
            self.note(node, Some(action), false, AppWhat::IcmpError(errno));
        }
        if all_sent {
            self.ping_linger(id);
        } else {
            self.ping_woken(id);
        }
    }
}
