//! Where a conversation broke: the one event without which it would have gone on.

use crate::light::{Light, LightState, Stage};
use crate::outcome::Outcome;
use crate::reading::{Direction, Fate, Kind, Member, Purpose, Thread, original};
use roundtrip_sim::scenario::NodeId;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{AppEvent, AppWhat, DropReason, Errno, PacketId, Why};

/// The event at which a conversation broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// A packet died; by place in the trace's list of deaths.
    Loss(u32),
    /// A node's own system refused to send.
    Local {
        /// Whose.
        node: NodeId,
        /// With which error.
        errno: Errno,
        /// When.
        at: SimTime,
        /// The answer was refused, not the question.
        server: bool,
    },
    /// This packet was taken, and nothing came of it.
    Silence(PacketId),
    /// This packet neither arrived nor died.
    Stuck(PacketId),
    /// This RST ended it.
    Reset(PacketId),
    /// The far end ended its stream.
    Eof,
    /// Nothing broke that the trace tells of.
    Nothing,
}

/// Finds the break of a conversation that ended so.
#[must_use]
pub fn find(thread: &Thread<'_>, outcome: Outcome, lights: &[Light]) -> Break {
    let found = match (outcome, thread.conversation().purpose) {
        (Outcome::Healthy, _) => return Break::Nothing,
        (Outcome::Recovered, _) => losses(thread).next().map(Break::Loss),
        (_, Purpose::Tcp { .. }) => in_stream(thread, outcome, lights),
        (_, Purpose::Ping | Purpose::Udp { .. }) => in_questions(thread),
        (_, Purpose::Traceroute) => in_probes(thread),
    };
    found.or_else(|| refused_to_send(thread, false)).unwrap_or(Break::Nothing)
}

/// Deaths that hurt: of packets there and back, for reasons other than TCP's own housekeeping, while the conversation lasted.
pub(crate) fn losses<'a>(thread: &'a Thread<'_>) -> impl Iterator<Item = u32> + 'a {
    let end = ended(thread);
    thread
        .members()
        .iter()
        .filter(|member| member.direction != Direction::Aside && member.label.kind != Kind::Rst)
        .flat_map(|member| thread.reading().index().drops(member.packet))
        .copied()
        .filter(move |drop| {
            thread.reading().drop(*drop).is_some_and(|record| record.at <= end && !matches!(record.reason, DropReason::Tcp(_)))
        })
}

/// What the one who began saw and did.
fn client_events<'r>(thread: &Thread<'r>) -> impl Iterator<Item = &'r AppEvent> {
    let action = thread.conversation().action;
    thread.trace().app.iter().filter(move |event| event.action == Some(action) && !event.server)
}

/// When the conversation was over for the one who began.
pub(crate) fn ended(thread: &Thread<'_>) -> SimTime {
    let over = |what: &AppWhat| {
        matches!(what, AppWhat::Closed | AppWhat::Aborted | AppWhat::TimedOut | AppWhat::ConnectError(_) | AppWhat::Error(_) | AppWhat::Eof)
    };
    let last = client_events(thread).filter(|event| over(&event.what)).map(|event| event.at).next();
    last.filter(|_| thread.conversation().is_tcp()).unwrap_or(thread.trace().ended_at)
}

/// The error with which the client's (or the server's) system refused to send.
fn refused_to_send(thread: &Thread<'_>, server: bool) -> Option<Break> {
    let action = thread.conversation().action;
    let event = thread.trace().app.iter().find(|event| {
        event.action == Some(action) && event.server == server && matches!(event.what, AppWhat::Error(_) | AppWhat::ConnectError(_))
    })?;
    match event.what {
        AppWhat::Error(errno) | AppWhat::ConnectError(errno) => Some(Break::Local { node: event.node, errno, at: event.at, server }),
        _ => None,
    }
}

/// What became of a packet, if that broke something.
fn broken(thread: &Thread<'_>, packet: PacketId) -> Option<Break> {
    match thread.reading().fate(packet) {
        Fate::Arrived { .. } => None,
        Fate::Lost(drop) => Some(Break::Loss(drop)),
        Fate::Waiting(_) | Fate::Held(_) | Fate::NotTaken(_) | Fate::Unsent => Some(Break::Stuck(packet)),
    }
}

fn in_stream(thread: &Thread<'_>, outcome: Outcome, lights: &[Light]) -> Option<Break> {
    let mut before = None;
    for light in lights {
        match &light.state {
            LightState::Passed { packet, .. } => before = Some(*packet),
            LightState::Lost(loss) => return Some(Break::Loss(loss.drop)),
            LightState::NotSeen { packet } => return Some(Break::Stuck(*packet)),
            LightState::NotSent => {
                if let Some(reset) = reset(thread) {
                    return Some(Break::Reset(reset));
                }
                // Before the first light there is nothing but the client's own error.
                let answered = before.filter(|_| light.stage == Stage::SynAck);
                return answered.map(|packet| refused_to_send(thread, true).unwrap_or(Break::Silence(packet)));
            }
        }
    }
    let broken_off = matches!(outcome, Outcome::Reset | Outcome::Refused | Outcome::Failed);
    if let Some(reset) = reset(thread).filter(|_| broken_off) {
        return Some(Break::Reset(reset));
    }
    if let Some(found) = lost_for_good(thread) {
        return Some(found);
    }
    if let Some(reset) = reset(thread) {
        return Some(Break::Reset(reset));
    }
    if outcome == Outcome::Ended {
        return Some(Break::Eof);
    }
    silent_service(thread)
}

/// The first RST that somebody took.
fn reset(thread: &Thread<'_>) -> Option<PacketId> {
    let taken = |member: &&Member| member.label.kind == Kind::Rst && matches!(thread.reading().fate(member.packet), Fate::Arrived { .. });
    thread.members().iter().find(taken).map(|member| member.packet)
}

/// The first segment of which no copy ever arrived; one with data or FIN rather than a mere acknowledgement.
fn lost_for_good(thread: &Thread<'_>) -> Option<Break> {
    let arrived = |packet| matches!(thread.reading().fate(packet), Fate::Arrived { .. });
    let lost = |wanted: fn(&Kind) -> bool| {
        let candidates = thread.members().iter().filter(|member| member.direction != Direction::Aside && wanted(&member.label.kind));
        candidates
            .filter(|member| original(thread.trace(), member.packet) == member.packet)
            .find(|member| !thread.copies(member.packet).any(|copy| arrived(copy.packet)))
            .and_then(|member| broken(thread, member.packet))
    };
    lost(|kind| matches!(kind, Kind::Data { .. } | Kind::Fin)).or_else(|| {
        lost(|kind| matches!(kind, Kind::Ack | Kind::DuplicateAck | Kind::HandshakeAck))
            // An acknowledgement is soon overtaken by the next: its loss alone breaks nothing.
            .filter(|_| !thread.going(Direction::There).next_back().is_some_and(|last| arrived(last.packet)))
    })
}

/// All that was sent arrived, and the service has not written anything.
fn silent_service(thread: &Thread<'_>) -> Option<Break> {
    let action = thread.conversation().action;
    let spoke =
        thread.trace().app.iter().any(|event| event.action == Some(action) && event.server && matches!(event.what, AppWhat::Sent(_)));
    let last = thread.going(Direction::There).rfind(|member| matches!(thread.reading().fate(member.packet), Fate::Arrived { .. }))?;
    (!spoke).then_some(Break::Silence(last.packet))
}

/// Questions one after the other: the first without an answer.
fn in_questions(thread: &Thread<'_>) -> Option<Break> {
    let asked =
        thread.going(Direction::There).filter(|member| thread.origin(member.packet).is_some_and(|record| record.why == Why::Application));
    for question in asked {
        if let Some(found) = broken(thread, question.packet) {
            return Some(found);
        }
        let answer = thread.members().iter().find(|member| {
            member.direction == Direction::Back
                && thread.origin(member.packet).is_some_and(|record| record.why == Why::Answer && record.parent == Some(question.packet))
        });
        match answer {
            Some(answer) => {
                if let Some(found) = broken(thread, answer.packet) {
                    return Some(found);
                }
            }
            None => return Some(refused_to_send(thread, true).unwrap_or(Break::Silence(question.packet))),
        }
    }
    None
}

/// Probes with growing TTL die by design: the last one tells how far the way goes.
fn in_probes(thread: &Thread<'_>) -> Option<Break> {
    let last = thread.going(Direction::There).next_back()?;
    let found = broken(thread, last.packet)?;
    let Break::Loss(drop) = found else { return Some(found) };
    let told = matches!(thread.reading().drop(drop).map(|record| record.reason), Some(DropReason::TtlExceeded | DropReason::NoSocket));
    let about = thread.errors_about(last.packet).next().filter(|_| told);
    Some(about.and_then(|error| broken(thread, error.packet)).unwrap_or(found))
}

/// True if a packet of the conversation died while it lasted, by more than TCP's own housekeeping.
#[must_use]
pub fn lossy(thread: &Thread<'_>) -> bool {
    thread.conversation().purpose != Purpose::Traceroute && losses(thread).next().is_some()
}
