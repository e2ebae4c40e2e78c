//! The simulation: takes a scenario, works off its agenda, gives the trace.

use crate::application::{App, AppId, Apps, note};
use crate::event::Event;
use crate::node::{Host, NodeState};
use crate::scenario::{ActionId, ActionKind, NodeId, Scenario};
use crate::time::SimTime;
use crate::trace::{ActionResult, AppWhat, End, Limit, Outcome, Trace};
use crate::world::{Signal, World};
use std::sync::Arc;

/// The longest run without a duration of its own.
const LONGEST: SimTime = SimTime::from_secs(400);
/// What comes after the last action's time.
const SETTLE: SimTime = SimTime::from_secs(1);

/// A run in progress. A clone is a snapshot: it goes on from here just as the original would.
#[derive(Clone, Debug)]
pub struct Simulation {
    pub(crate) scenario: Arc<Scenario>,
    pub(crate) world: World,
    pub(crate) nodes: Vec<NodeState>,
    pub(crate) apps: Apps,
    ends: SimTime,
    events: u64,
    over: Option<End>,
}

impl Simulation {
    /// Sets the network up as it stands before anything happens.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        Self::with_trace(scenario, true)
    }

    /// The same; without `full`, only outcomes, drops and what applications saw are recorded.
    #[must_use]
    pub fn with_trace(scenario: Scenario, full: bool) -> Self {
        let scenario = Arc::new(scenario);
        let nodes = (0..).map(NodeId).zip(&scenario.nodes).map(|(id, node)| NodeState::new(id, node)).collect();
        // An injected segment learns from what was captured.
        let full = full || scenario.actions.iter().any(|action| matches!(action.kind, ActionKind::Inject(_)));
        let world = World::new(&scenario, full);
        let ends = scenario.duration.unwrap_or_else(|| end_of(&scenario)).min(scenario.limits.time);
        let mut apps = Apps::default();
        apps.outcomes.resize(scenario.actions.len(), None);
        let mut simulation = Self { scenario: Arc::clone(&scenario), world, nodes, apps, ends, events: 0, over: None };
        simulation.open_services();
        for (id, action) in (0..).map(ActionId).zip(&scenario.actions) {
            simulation.world.agenda.at(action.at, Event::Action(id));
        }
        simulation
    }

    /// The time.
    #[must_use]
    pub const fn now(&self) -> SimTime {
        self.world.now
    }

    /// When the run will end.
    #[must_use]
    pub const fn ends(&self) -> SimTime {
        self.ends
    }

    /// Handles events until `until`, or the end of the run, whichever comes first. True if the run is over.
    pub fn run_until(&mut self, until: SimTime) -> bool {
        self.run_within(until, u64::MAX)
    }

    /// Handles at most so many events. True if the run is over. However a run is cut into such slices, its trace is the same.
    pub fn run_events(&mut self, events: u64) -> bool {
        self.run_within(SimTime::MAX, self.events.saturating_add(events))
    }

    /// Handles events until `until`, until there were `events` of them in all, or until the end of the run.
    fn run_within(&mut self, until: SimTime, events: u64) -> bool {
        while self.over.is_none() {
            if self.limit_reached() {
                break;
            }
            if self.events >= events {
                return false;
            }
            match self.world.agenda.take_before(self.ends, until) {
                Ok((at, event)) => {
                    self.events += 1;
                    self.world.now = at;
                    self.handle(event);
                    if !self.world.signals.is_empty() {
                        self.signals();
                    }
                }
                Err(_) if until < self.ends => {
                    self.world.now = self.world.now.max(until);
                    return false;
                }
                Err(_) => {
                    self.world.now = self.ends;
                    self.over = Some(if self.ends == self.scenario.limits.time { End::Limit(Limit::Time) } else { End::Finished });
                    self.snapshot("end");
                }
            }
        }
        true
    }

    /// Handles everything and gives the trace.
    #[must_use]
    pub fn run(mut self) -> Trace {
        self.run_until(SimTime::MAX);
        self.into_trace()
    }

    /// Ends the run if it has become too large.
    fn limit_reached(&mut self) -> bool {
        let limits = self.scenario.limits;
        let limit = if self.events >= limits.events {
            Limit::Events
        } else if u64::from(self.world.rec.frame_count()) >= limits.frames {
            Limit::Frames
        } else {
            return false;
        };
        self.over = Some(End::Limit(limit));
        self.ends = self.world.now;
        self.snapshot("end");
        true
    }

    /// What most events are stands here, so that it carries nothing of the others with it.
    fn handle(&mut self, event: Event) {
        if let Event::Deliver { frame, packet, to, content } = event {
            if let Some(mut host) = self.host(to.node) {
                host.frame_in(to.interface, frame, packet, content);
            }
        } else {
            self.handle_rarer(event);
        }
    }

    #[inline(never)]
    fn handle_rarer(&mut self, event: Event) {
        match event {
            Event::Deliver { .. } => {}
            Event::Loopback { node, packet, content, in_call } => {
                if let Some(mut host) = self.host(node) {
                    host.loopback_in(packet, *content, in_call);
                }
            }
            Event::Neighbour { node, dev, address, generation } => {
                if let Some(mut host) = self.host(node) {
                    host.neighbour_timer(dev, address, generation);
                }
            }
            Event::ProxyArp { port, request, packet } => {
                if let Some(mut host) = self.host(port.node) {
                    host.proxy_arp(port.interface, &request, packet);
                }
            }
            Event::Reassembly { node, generation } => {
                if let Some(mut host) = self.host(node) {
                    host.reassembly_timeout(generation);
                }
            }
            Event::Tcp { node, socket, timer, generation } => {
                if let Some(mut host) = self.host(node) {
                    host.with_tcp(|tcp, env, out| tcp.on_timer(env, socket, timer, generation, out));
                }
            }
            Event::Action(id) => self.start_action(id),
            Event::App { app, generation } => {
                if self.apps.generations.get(app as usize) == Some(&generation) {
                    self.app_rings(AppId(app));
                }
            }
        }
    }

    fn app_rings(&mut self, id: AppId) {
        match self.apps.list.get(id.0 as usize) {
            Some(App::Ping(_)) => self.ping_timer(id),
            Some(App::Stream(_)) => self.stream_timer(id),
            Some(App::Udp(_)) => self.udp_timer(id),
            Some(App::Traceroute(_)) => self.traceroute_timer(id),
            None => {}
        }
    }

    /// Hands the kernels' words to the applications, in order, until there are no more.
    #[inline(never)]
    fn signals(&mut self) {
        while !self.world.signals.is_empty() {
            for signal in std::mem::take(&mut self.world.signals) {
                match signal {
                    Signal::Tcp { node, socket, event } => self.tcp_signal(node, socket, &event),
                    Signal::Udp { node, local, remote, payload, packet } => self.udp_signal(node, local, remote, &payload, packet),
                    Signal::EchoReply { node, from, id, seq } => {
                        self.echo_reply(node, id, seq);
                        self.traceroute_reply(node, from, id, seq);
                    }
                    Signal::IcmpError { node, from, message } => {
                        if let Some(icmp) = message.icmp()
                            && let Some(quoted) = icmp.quoted()
                        {
                            self.ping_error(node, icmp, quoted);
                            self.udp_error(node, icmp, quoted);
                            self.traceroute_error(node, from, icmp, quoted);
                        }
                    }
                    Signal::Segment { node, ip } => self.traceroute_segment(node, &ip),
                }
            }
        }
    }

    /// A node at work.
    pub(crate) fn host(&mut self, node: NodeId) -> Option<Host<'_>> {
        let world = &mut self.world;
        self.nodes.get_mut(node.0 as usize).map(|state| state.host(world))
    }

    /// Sets an application's one timer.
    pub(crate) fn app_timer(&mut self, id: AppId, at: SimTime) {
        if let Some(generation) = self.apps.generations.get_mut(id.0 as usize) {
            *generation = generation.wrapping_add(1);
            let event = Event::App { app: id.0, generation: *generation };
            if at < SimTime::MAX {
                self.world.agenda.at(at.max(self.world.now), event);
            }
        }
    }

    /// Writes down what an application saw.
    pub(crate) fn note(&mut self, node: NodeId, action: Option<ActionId>, server: bool, what: AppWhat) {
        let event = note(self.world.now, node, action, server, what);
        self.world.rec.app.push(event);
    }

    fn into_trace(self) -> Trace {
        let rec = self.world.rec;
        let frame_count = rec.frame_count();
        Trace {
            frames: rec.frames,
            packets: rec.packets,
            visits: rec.visits,
            steps: rec.steps,
            drops: rec.drops,
            app: rec.app,
            outcomes: self.apps.outcomes.into_iter().map(|outcome| outcome.unwrap_or(Outcome::new(ActionResult::Running))).collect(),
            rules: self.nodes.iter().map(|node| node.netfilter.rules().to_vec()).collect(),
            snapshots: rec.snapshots,
            ct_events: rec.ct_events,
            frame_count,
            end: self.over.unwrap_or(End::Finished),
            ended_at: self.world.now,
        }
    }

    /// The trace up to now, for a look at a run in progress.
    #[must_use]
    pub fn trace(&self) -> Trace {
        self.clone().into_trace()
    }
}

/// When the last action's time is over.
fn end_of(scenario: &Scenario) -> SimTime {
    let last = scenario.actions.iter().map(|action| {
        let lasts = match &action.kind {
            ActionKind::Ping(ping) => ping.interval.times(u64::from(ping.count.saturating_sub(1))) + ping.timeout,
            ActionKind::Tcp(tcp) => tcp.limit,
            ActionKind::Udp(udp) => udp.interval.times(u64::from(udp.count.saturating_sub(1))) + udp.timeout,
            ActionKind::Traceroute(trace) => trace.wait.times(u64::from(trace.queries) * u64::from(trace.max_ttl)),
            _ => SimTime::from_millis(300),
        };
        action.at + lasts
    });
    (last.max().unwrap_or(SimTime::ZERO) + SETTLE).min(LONGEST)
}
