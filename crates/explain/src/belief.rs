//! What the two ends, and every stateful device between them, believe of one TCP connection at a moment.

use crate::find::ended;
use crate::light::{Light, LightState, Stage};
use crate::outcome::Outcome;
use crate::reading::{Direction, Fate, Kind, Purpose, Thread};
use roundtrip_sim::netfilter::ruleset::CtState;
use roundtrip_sim::netfilter::{CtEventKind, TcpCtState};
use roundtrip_sim::scenario::{NodeId, Service};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{AppWhat, CtId};

/// Whose belief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The one who began.
    Client,
    /// A device on the way that tracks connections.
    Between,
    /// The one who was asked.
    Server,
}

/// What one node believes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belief {
    /// Who.
    pub node: NodeId,
    /// As what.
    pub role: Role,
    /// The state: of an end as RFC 9293 section 3.3.2 names it, of a device between as `conntrack -L` does.
    pub state: &'static str,
    /// The tracked connection of a device between.
    pub entry: Option<CtId>,
}

/// What everybody believes of one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beliefs {
    /// When.
    pub at: SimTime,
    /// Who believes what: the client, the devices in the order in which packets met them, the server.
    pub rows: Vec<Belief>,
    /// They do not go together: the two ends are not in the same stage, or a device between is in another.
    pub disagree: bool,
}

/// The beliefs of a TCP conversation: of one that failed just before it was given up, of one that works as soon as it stood.
#[must_use]
pub fn beliefs(thread: &Thread<'_>, outcome: Outcome, lights: &[Light]) -> Option<Beliefs> {
    let stands = lights.iter().find(|light| light.stage == Stage::Ack).and_then(|light| match light.state {
        LightState::Passed { at, .. } => Some(at),
        _ => None,
    });
    at_moment(thread, stands.filter(|_| outcome.works()).unwrap_or_else(|| ended(thread)))
}

/// The beliefs of a TCP conversation at a moment; none of another conversation.
#[must_use]
pub fn at_moment(thread: &Thread<'_>, at: SimTime) -> Option<Beliefs> {
    let Purpose::Tcp { port } = thread.conversation().purpose else { return None };
    let from = thread.conversation().from;
    let mut rows = vec![Belief { node: from, role: Role::Client, state: client(thread, at), entry: None }];
    rows.extend(between(thread, at));
    if let Some(node) = server_node(thread) {
        rows.push(Belief { node, role: Role::Server, state: server(thread, node, port, at), entry: None });
    }
    let stages: Vec<u8> = rows.iter().map(|row| stage(row.state)).collect();
    let disagree = stages.windows(2).any(|pair| matches!(pair, [a, b] if a != b));
    Some(Beliefs { at, rows, disagree })
}

/// How far a state is: states of one stage go together, whatever the box.
fn stage(state: &str) -> u8 {
    match state {
        "ESTABLISHED" => 2,
        "SYN-SENT" | "SYN_SENT" | "SYN-RECEIVED" | "SYN_RECV" => 1,
        "CLOSED" | "LISTEN" | "NONE" => 0,
        _ => 3,
    }
}

/// Who took the first packet there, or else who was meant.
pub(crate) fn server_node(thread: &Thread<'_>) -> Option<NodeId> {
    let took = thread.going(Direction::There).find_map(|member| match thread.reading().fate(member.packet) {
        Fate::Arrived { node, .. } => Some(node),
        _ => None,
    });
    took.or(thread.conversation().target)
}

fn client(thread: &Thread<'_>, at: SimTime) -> &'static str {
    let action = thread.conversation().action;
    let sent = thread
        .going(Direction::There)
        .any(|member| member.label.kind == Kind::Syn && thread.origin(member.packet).is_some_and(|record| record.made <= at));
    let mut state = if sent { "SYN-SENT" } else { "CLOSED" };
    for event in thread.trace().app.iter().filter(|event| event.action == Some(action) && !event.server && event.at <= at) {
        state = match event.what {
            AppWhat::Connected => "ESTABLISHED",
            AppWhat::ConnectError(_) | AppWhat::Error(_) => "CLOSED",
            AppWhat::Eof if state == "ESTABLISHED" => "CLOSE-WAIT",
            // What is done at the moment itself is not yet part of what was believed.
            AppWhat::Aborted if event.at < at => "CLOSED",
            AppWhat::Closed | AppWhat::Shutdown if event.at < at && state == "ESTABLISHED" => "FIN-WAIT-1",
            AppWhat::Closed if event.at < at && state == "CLOSE-WAIT" => "LAST-ACK",
            _ => state,
        };
    }
    state
}

fn server(thread: &Thread<'_>, node: NodeId, port: u16, at: SimTime) -> &'static str {
    let reading = thread.reading();
    let action = thread.conversation().action;
    let mine =
        |event: &&roundtrip_sim::trace::AppEvent| event.action == Some(action) && event.server && event.node == node && event.at <= at;
    let mut state = if listens(thread, node, port) { "LISTEN" } else { "CLOSED" };
    let answered = thread.going(Direction::Back).rfind(|member| {
        member.label.kind == Kind::SynAck
            && reading.visits(member.packet).next().is_some()
            && thread.origin(member.packet).is_some_and(|record| record.node == node && record.made <= at)
    });
    if answered.is_some() {
        state = "SYN-RECEIVED";
    }
    for event in thread.trace().app.iter().filter(mine) {
        state = match event.what {
            AppWhat::Accepted => "ESTABLISHED",
            AppWhat::Error(_) | AppWhat::Aborted => "CLOSED",
            AppWhat::Eof if state == "ESTABLISHED" => "CLOSE-WAIT",
            AppWhat::Closed | AppWhat::Shutdown if state == "ESTABLISHED" => "FIN-WAIT-1",
            AppWhat::Closed if state == "CLOSE-WAIT" => "LAST-ACK",
            _ => state,
        };
    }
    if state == "SYN-RECEIVED" && given_up(thread, node, at) { "CLOSED" } else { state }
}

/// A snapshot between the last SYN,ACK and the moment knows of no half-open connection any more.
fn given_up(thread: &Thread<'_>, node: NodeId, at: SimTime) -> bool {
    let last = thread.going(Direction::Back).filter_map(|member| {
        let record = thread.origin(member.packet)?;
        (member.label.kind == Kind::SynAck && record.node == node).then_some(record.made)
    });
    let Some(last) = last.max() else { return false };
    let after = thread.trace().snapshots.iter().filter(|snapshot| snapshot.at > last && snapshot.at <= at);
    after.filter_map(|snapshot| snapshot.nodes.get(node.0 as usize)).any(|tables| !tables.sockets.iter().any(|row| row.state == "SYN-RECV"))
}

fn listens(thread: &Thread<'_>, node: NodeId, port: u16) -> bool {
    let reading = thread.reading();
    // Behind a translation it is another port that is waited on.
    let translated = thread.going(Direction::There).find_map(|member| {
        let visit = reading.visit_at(member.packet, node)?;
        reading.ip(visit)?.tcp().map(|tcp| tcp.dst_port)
    });
    let port = translated.unwrap_or(port);
    let node = reading.scenario().nodes.get(node.0 as usize);
    node.is_some_and(|node| node.listeners.iter().any(|listener| listener.port == port && matches!(listener.service, Service::Tcp(_))))
}

/// The devices between the ends that track connections.
fn between(thread: &Thread<'_>, at: SimTime) -> Vec<Belief> {
    let reading = thread.reading();
    let mut rows: Vec<Belief> = Vec::new();
    for member in thread.members().iter().filter(|member| member.direction != Direction::Aside) {
        for (visit, record) in reading.visits(member.packet).filter(|(_, record)| record.at <= at) {
            let end = record.node == thread.conversation().from || thread.far_ends().contains(&record.node);
            let Some((state, entry, _)) = reading.tracked(visit).filter(|_| !end) else { continue };
            if state == CtState::Untracked {
                continue;
            }
            match rows.iter_mut().find(|row| row.node == record.node) {
                Some(row) => row.entry = entry.or(row.entry),
                None => rows.push(Belief { node: record.node, role: Role::Between, state: "NONE", entry }),
            }
        }
    }
    for row in &mut rows {
        if let Some(entry) = row.entry {
            row.state = entry_state(thread, row.node, entry, at);
        }
    }
    rows
}

/// The state of an entry at a moment, from what connection tracking told.
fn entry_state(thread: &Thread<'_>, node: NodeId, entry: CtId, at: SimTime) -> &'static str {
    let mut events = thread.trace().ct_events.iter().filter(|event| event.node == node && event.at <= at && event.event.entry.id == entry);
    match events.next_back() {
        Some(event) if event.event.kind != CtEventKind::Destroy => event.event.entry.tcp_state.map_or("NONE", TcpCtState::name),
        _ => "NONE",
    }
}
