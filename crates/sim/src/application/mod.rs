//! What runs on nodes: clients that the actions start, and services that wait for them.

pub(crate) mod actions;
pub(crate) mod inject;
pub(crate) mod ping;
pub(crate) mod stream;
pub(crate) mod traceroute;
pub(crate) mod udp;

use crate::scenario::{ActionId, NodeId, Service};
use crate::time::SimTime;
use crate::trace::{AppEvent, AppWhat, Outcome};
use crate::transport::tcp::SocketId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A running application.
#[derive(Clone, Debug)]
pub(crate) enum App {
    Ping(ping::Ping),
    Stream(stream::Stream),
    Udp(udp::UdpClient),
    Traceroute(traceroute::Traceroute),
}

/// An application's place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AppId(pub(crate) u32);

/// A service that waits.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) script: Arc<[crate::scenario::SocketStep]>,
}

/// All applications, and who is meant by a socket or a port.
#[derive(Clone, Debug, Default)]
pub(crate) struct Apps {
    pub(crate) list: Vec<App>,
    /// Timers of older generations are stale, by application.
    pub(crate) generations: Vec<u32>,
    pub(crate) streams: BTreeMap<(NodeId, SocketId), AppId>,
    pub(crate) listeners: BTreeMap<(NodeId, SocketId), Waiting>,
    pub(crate) udp_services: BTreeMap<(NodeId, u16), Service>,
    pub(crate) udp_clients: BTreeMap<(NodeId, u16), AppId>,
    pub(crate) pings: BTreeMap<(NodeId, u16), AppId>,
    pub(crate) traceroutes: Vec<AppId>,
    pub(crate) outcomes: Vec<Option<Outcome>>,
}

impl Apps {
    /// Starts keeping an application.
    pub(crate) fn add(&mut self, app: App) -> AppId {
        let id = AppId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(app);
        self.generations.push(0);
        id
    }

    /// Writes down how an action ended; the first word counts.
    pub(crate) fn finish(&mut self, action: ActionId, outcome: Outcome) {
        if let Some(slot) = self.outcomes.get_mut(action.0 as usize)
            && slot.is_none()
        {
            *slot = Some(outcome);
        }
    }
}

/// Something an application saw, for the trace.
pub(crate) fn note(at: SimTime, node: NodeId, action: Option<ActionId>, server: bool, what: AppWhat) -> AppEvent {
    AppEvent { at, node, action, server, what }
}
