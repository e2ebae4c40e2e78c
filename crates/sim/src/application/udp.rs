//! A UDP client that sends datagrams and waits for answers, and the services that answer.

use super::{App, AppId};
use crate::scenario::{self, ActionId, NodeId, Service};
use crate::simulation::Simulation;
use crate::time::SimTime;
use crate::trace::{ActionResult, AppWhat, Errno, Outcome, PacketId, Why};
use crate::transport::errors;
use crate::transport::udp::Datagram;
use roundtrip_wire::{Icmp, Ipv4, Payload};
use std::net::Ipv4Addr;

/// A running client.
#[derive(Clone, Debug)]
pub(crate) struct UdpClient {
    config: scenario::UdpClient,
    action: ActionId,
    started: SimTime,
    /// Datagrams tried so far.
    sent: u32,
    /// The last one could not be sent.
    failed: bool,
    ends: SimTime,
    replies: u32,
    errors: Vec<Errno>,
    over: bool,
}

impl Simulation {
    pub(crate) fn start_udp(&mut self, action: ActionId, config: &scenario::UdpClient) {
        let now = self.world.now;
        let client = UdpClient {
            config: config.clone(),
            action,
            started: now,
            sent: 0,
            failed: false,
            ends: SimTime::MAX,
            replies: 0,
            errors: Vec::new(),
            over: false,
        };
        let Some(state) = self.nodes.get_mut(config.from.0 as usize) else { return };
        if let Err(errno) = state.core.udp.bind(config.source, config.source_port) {
            let mut outcome = Outcome::new(ActionResult::Error);
            outcome.errno = Some(errno);
            self.apps.finish(action, outcome);
            return;
        }
        let id = self.apps.add(App::Udp(client));
        self.apps.udp_clients.insert((config.from, config.source_port), id);
        self.udp_send_next(id);
    }

    fn udp_send_next(&mut self, id: AppId) {
        let now = self.world.now;
        let Some(App::Udp(client)) = self.apps.list.get_mut(id.0 as usize) else { return };
        client.sent += 1;
        let (config, action, last) = (client.config.clone(), client.action, client.sent >= client.config.count);
        let due = client.started + config.interval.times(u64::from(client.sent - 1));
        client.ends = due + if last { config.timeout } else { config.interval };
        let ends = client.ends;
        let text = format!("roundtrip:{}:{}:", action.0, client.sent - 1);
        let mut content = text.into_bytes();
        content.resize(content.len().max(usize::from(config.size)), b'u');
        content.truncate(usize::from(config.size));
        let datagram = Datagram {
            local: (config.source.unwrap_or(Ipv4Addr::UNSPECIFIED), config.source_port),
            remote: (config.to, config.port),
            payload: Payload::new(content),
            df: config.df,
            ttl: None,
        };
        let Some(mut host) = self.host(config.from) else { return };
        let sent = host.udp_send(datagram, Why::Application, None, Some(action));
        let what = match sent {
            Ok(_) => AppWhat::Sent(u32::from(config.size)),
            Err(errno) => AppWhat::Error(errno),
        };
        self.note(config.from, Some(action), false, what);
        let Some(App::Udp(client)) = self.apps.list.get_mut(id.0 as usize) else { return };
        client.failed = sent.is_err();
        if let Err(errno) = sent {
            // A local error is "unreachable", whatever its number: only an ICMP message says "refused".
            client.errors.push(if errno == Errno::Econnrefused { Errno::Ehostunreach } else { errno });
            if last {
                // What a filter of this node's own says by ICMP is there by then, and is read as well.
                client.ends = now;
                self.app_timer(id, now);
                return;
            }
        }
        let wake = if last { ends } else { due + config.interval };
        self.app_timer(id, wake.max(now));
    }

    pub(crate) fn udp_timer(&mut self, id: AppId) {
        let now = self.world.now;
        let Some(App::Udp(client)) = self.apps.list.get(id.0 as usize) else { return };
        if client.over {
            return;
        }
        if client.sent < client.config.count {
            self.udp_send_next(id);
        } else if now >= client.ends {
            self.udp_over(id);
        }
    }

    fn udp_over(&mut self, id: AppId) {
        let Some(App::Udp(client)) = self.apps.list.get_mut(id.0 as usize) else { return };
        client.over = true;
        let result = if client.replies > 0 {
            ActionResult::Ok
        } else if client.errors.contains(&Errno::Econnrefused) {
            ActionResult::Refused
        } else if client.errors.is_empty() {
            ActionResult::Timeout
        } else {
            ActionResult::Unreachable
        };
        let mut outcome = Outcome::new(result);
        outcome.replies = Some(client.replies);
        outcome.errno = client.errors.first().copied();
        let action = client.action;
        self.apps.finish(action, outcome);
    }

    /// Something came for the client: after the last datagram the first word is enough.
    fn udp_heard(&mut self, id: AppId) {
        let Some(App::Udp(client)) = self.apps.list.get(id.0 as usize) else { return };
        if client.sent >= client.config.count && !client.config.linger && !client.failed {
            self.udp_over(id);
        }
    }

    /// A datagram came to a bound port.
    pub(crate) fn udp_signal(
        &mut self,
        node: NodeId,
        local: (Ipv4Addr, u16),
        remote: (Ipv4Addr, u16),
        payload: &Payload,
        packet: PacketId,
    ) {
        let size = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        if let Some(service) = self.apps.udp_services.get(&(node, local.1)).cloned() {
            let action = self.world.rec.action_of(packet);
            self.note(node, action, true, AppWhat::Received(size));
            let Service::UdpEcho { reply, plain } = service else { return };
            let content = match reply {
                None => payload.clone(),
                Some(len) => {
                    let mut bytes = payload.as_slice().to_vec();
                    bytes.resize((len as usize).min(Ipv4::MAX_LEN), b'x');
                    Payload::new(bytes)
                }
            };
            let source = if plain { Ipv4Addr::UNSPECIFIED } else { local.0 };
            let datagram = Datagram { local: (source, local.1), remote, payload: content, df: None, ttl: None };
            let Some(mut host) = self.host(node) else { return };
            if let Err(errno) = host.udp_send(datagram, Why::Answer, Some(packet), None) {
                self.note(node, action, true, AppWhat::Error(errno));
            }
            return;
        }
        let Some(id) = self.apps.udp_clients.get(&(node, local.1)).copied() else { return };
        let Some(App::Udp(client)) = self.apps.list.get_mut(id.0 as usize) else { return };
        if client.over {
            return;
        }
        client.replies += 1;
        let action = client.action;
        self.note(node, Some(action), false, AppWhat::Received(size));
        self.udp_heard(id);
    }

    /// An ICMP error about a datagram that this node sent.
    pub(crate) fn udp_error(&mut self, node: NodeId, icmp: &Icmp, quoted: &Ipv4) {
        let Some(udp) = quoted.udp() else { return };
        let Some(errno) = errors::errno(icmp) else { return };
        let Some(id) = self.apps.udp_clients.get(&(node, udp.src_port)).copied() else { return };
        let Some(App::Udp(client)) = self.apps.list.get_mut(id.0 as usize) else { return };
        if client.over {
            return;
        }
        client.errors.push(errno);
        let action = client.action;
        self.note(node, Some(action), false, AppWhat::IcmpError(errno));
        self.udp_heard(id);
    }
}
