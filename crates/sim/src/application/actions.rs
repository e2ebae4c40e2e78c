//! Actions that start: clients, and changes of the network.

use super::{Apps, Waiting};
use crate::netfilter::ruleset::NftCommand;
use crate::node::NodeState;
use crate::scenario::{ActionId, ActionKind, IfIndex, LinkChange, NodeId, Port, RouteOp, Service};
use crate::simulation::Simulation;
use crate::trace::{ActionResult, DropReason, Outcome};
use std::sync::Arc;

impl Simulation {
    /// Opens every service's port.
    pub(crate) fn open_services(&mut self) {
        let scenario = Arc::clone(&self.scenario);
        for (node, index) in scenario.nodes.iter().zip(0..) {
            let id = NodeId(index);
            for listener in &node.listeners {
                let Some(state) = self.nodes.get_mut(index as usize) else { continue };
                open(state, &mut self.apps, id, listener);
            }
        }
    }

    /// An action's time has come.
    pub(crate) fn start_action(&mut self, id: ActionId) {
        let scenario = Arc::clone(&self.scenario);
        let Some(action) = scenario.actions.get(id.0 as usize) else { return };
        if let ActionKind::Route { node, .. }
        | ActionKind::Addr { port: Port { node, .. }, .. }
        | ActionKind::Link { port: Port { node, .. }, .. } = &action.kind
        {
            let now = self.world.now;
            self.on_node(*node, |state| {
                state.routes_changed(now);
                true
            });
        }
        let done = match &action.kind {
            ActionKind::Ping(config) => return self.start_ping(id, config),
            ActionKind::Tcp(config) => return self.start_tcp(id, config),
            ActionKind::Udp(config) => return self.start_udp(id, config),
            ActionKind::Traceroute(config) => return self.start_traceroute(id, config),
            ActionKind::Inject(config) => return self.inject(id, config),
            ActionKind::NeighFlush { node, dev } => self.flush_neighbours(*node, *dev),
            ActionKind::Link { port, up, how } => self.change_link(*port, *up, *how),
            ActionKind::Route { node, op, route } => self.on_node(*node, |state| {
                let fib = &mut state.core.fib;
                let interfaces = &state.core.interfaces;
                let up = |dev: IfIndex| interfaces.get(usize::from(dev.0)).is_some_and(|interface| interface.up);
                let ok = match op {
                    RouteOp::Add => fib.add(route, up).is_ok(),
                    RouteOp::Replace => fib.replace(route, up).is_ok(),
                    RouteOp::Del => fib.delete(route).is_ok(),
                };
                state.core.forget_dead_routes();
                ok
            }),
            ActionKind::Addr { port, add: true, address } => {
                self.on_node(port.node, |state| state.core.add_address(port.interface, *address))
            }
            ActionKind::Addr { port, add: false, address } => {
                let gone = self.on_node(port.node, |state| state.core.delete_address(port.interface, *address));
                let bare = |state: &mut NodeState| state.core.interface(port.interface).is_some_and(|i| i.addresses.is_empty());
                if gone && self.on_node(port.node, bare) {
                    self.flush_neighbours(port.node, Some(port.interface));
                }
                if let Some(mut host) = self.host(port.node).filter(|_| gone) {
                    host.with_netfilter(|netfilter, env| netfilter.address_removed(port.interface, address.addr(), env));
                }
                gone
            }
            ActionKind::Sysctl { node, settings } => self.on_node(*node, |state| {
                settings.iter().for_each(|setting| state.core.sysctls.write(*setting));
                true
            }),
            ActionKind::Nft { node, commands } => self.apply_rules(*node, commands),
            ActionKind::ConntrackFlush { node } => {
                if let Some(mut host) = self.host(*node) {
                    host.with_netfilter(|netfilter, env| netfilter.flush(env));
                }
                true
            }
            ActionKind::Snapshot { name } => {
                self.snapshot(name);
                true
            }
        };
        self.apps.finish(id, Outcome::new(if done { ActionResult::Ok } else { ActionResult::Error }));
    }

    fn on_node(&mut self, node: NodeId, change: impl FnOnce(&mut NodeState) -> bool) -> bool {
        self.nodes.get_mut(node.0 as usize).is_some_and(change)
    }

    fn apply_rules(&mut self, node: NodeId, commands: &[NftCommand]) -> bool {
        self.on_node(node, |state| state.netfilter.apply(commands).is_ok())
    }

    fn flush_neighbours(&mut self, node: NodeId, dev: Option<IfIndex>) -> bool {
        let Some(host) = self.host(node) else { return false };
        for todo in host.core.neighbours.flush(dev) {
            if let crate::neighbour::Todo::Overflow(lost) = todo {
                host.world.drop(host.core.id, lost.packet, lost.visit, DropReason::NeighbourFailed);
            }
        }
        true
    }

    /// A link changes (kernel: `fib_disable_ip` for the administrator's way, `neigh_carrier_down` for the cable's).
    fn change_link(&mut self, port: Port, up: bool, how: LinkChange) -> bool {
        let dev = port.interface;
        let Some(state) = self.nodes.get_mut(port.node.0 as usize) else { return false };
        let core = &mut state.core;
        let Some(interface) = core.interface_mut(dev) else { return false };
        match how {
            LinkChange::Cable => {
                interface.carrier = up && interface.segment.is_some();
                if !up {
                    self.flush_neighbours(port.node, Some(dev));
                }
            }
            LinkChange::Admin if interface.up != up => {
                interface.up = up;
                if up {
                    for net in interface.addresses.clone() {
                        core.install_address(dev, net);
                    }
                    if let Some(mut host) = self.host(port.node) {
                        host.announce(dev);
                    }
                } else {
                    core.disable_routes(dev, false);
                    core.forget_dead_routes();
                    self.flush_neighbours(port.node, Some(dev));
                    if let Some(mut host) = self.host(port.node) {
                        host.with_netfilter(|netfilter, env| netfilter.interface_down(dev, env));
                    }
                }
            }
            LinkChange::Admin => {}
        }
        true
    }
}

fn open(state: &mut NodeState, apps: &mut Apps, node: NodeId, listener: &crate::scenario::Listener) {
    match &listener.service {
        Service::Tcp(script) => {
            // A port that is taken stays with whom it has; the document's checks tell the person.
            if let Ok(socket) = state.tcp.listen(listener.bind, listener.port, 16) {
                apps.listeners.insert((node, socket), Waiting { script: script.clone().into() });
            }
        }
        service @ (Service::UdpEcho { .. } | Service::UdpSink) => {
            if state.core.udp.bind(listener.bind, listener.port).is_ok() {
                apps.udp_services.insert((node, listener.port), service.clone());
            }
        }
    }
}
