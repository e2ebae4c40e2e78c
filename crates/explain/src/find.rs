//! Where a conversation broke: the one event without which it would have gone on.

use crate::classify::under_way;
use crate::light::{Light, LightState};
use crate::outcome::Outcome;
use crate::reading::{Direction, Fate, Kind, Member, Purpose, Thread, original};
use roundtrip_sim::scenario::NodeId;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{ActionResult, AppEvent, AppWhat, DropReason, Errno, PacketId, Why};
use roundtrip_wire::order::gather;
use std::collections::BTreeSet;

/// The event at which a conversation broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// A packet died; by place in the trace's list of deaths.
    Loss(u32),
    /// A node's own system refused to send.
    Local {
        /// Whose.
        node: NodeId,
        /// With which error, if the trace tells.
        errno: Option<Errno>,
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
        (Outcome::Healthy, Purpose::Traceroute) => return refused_for_it(thread).map_or(Break::Nothing, Break::Loss),
        (Outcome::Healthy, _) => return Break::Nothing,
        (Outcome::Recovered, _) => losses(thread).next().map(Break::Loss),
        (_, Purpose::Tcp { .. }) => in_stream(thread, outcome, lights),
        (_, Purpose::Ping | Purpose::Udp { .. }) => in_questions(thread),
        (_, Purpose::Traceroute) => in_probes(thread),
    };
    found.or_else(|| refused_to_send(thread, false)).or_else(|| refused_to_begin(thread)).unwrap_or(Break::Nothing)
}

/// The application failed before it sent anything.
fn refused_to_begin(thread: &Thread<'_>) -> Option<Break> {
    let conversation = thread.conversation();
    let recorded = thread.trace().outcomes.get(conversation.action.0 as usize)?;
    let nothing = thread.going(Direction::There).next().is_none() && recorded.result != ActionResult::Running;
    nothing.then_some(Break::Local { node: conversation.from, errno: recorded.errno, at: conversation.begins, server: false })
}

/// Deaths that hurt: of packets there and back, for reasons other than TCP's own housekeeping, while the conversation lasted.
pub(crate) fn losses<'a>(thread: &'a Thread<'_>) -> impl Iterator<Item = u32> + 'a {
    let end = ended(thread);
    thread
        .members()
        .iter()
        .filter(|member| member.direction != Direction::Aside && member.label.kind != Kind::Rst)
        // A broadcast dies wherever nobody wants it.
        .filter(|member| !matches!(thread.reading().fate(member.packet), Fate::Arrived { .. }))
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

/// When the one who began lost patience or was told of an error: what comes later helps nobody. The end of time if neither.
pub(crate) fn given_up(thread: &Thread<'_>) -> SimTime {
    let over = |event: &&AppEvent| matches!(event.what, AppWhat::TimedOut | AppWhat::ConnectError(_) | AppWhat::Error(_));
    let event = client_events(thread).find(over).filter(|_| thread.conversation().is_tcp());
    event.map_or(SimTime::MAX, |event| event.at)
}

/// The error with which the client's (or the server's) system refused to send.
fn refused_to_send(thread: &Thread<'_>, server: bool) -> Option<Break> {
    let action = thread.conversation().action;
    let event = thread.trace().app.iter().find(|event| {
        event.action == Some(action) && event.server == server && matches!(event.what, AppWhat::Error(_) | AppWhat::ConnectError(_))
    })?;
    match event.what {
        AppWhat::Error(errno) | AppWhat::ConnectError(errno) => {
            Some(Break::Local { node: event.node, errno: Some(errno), at: event.at, server })
        }
        _ => None,
    }
}

/// What became of a packet, if that broke something.
fn broken(thread: &Thread<'_>, packet: PacketId) -> Option<Break> {
    match thread.reading().fate(packet) {
        Fate::Arrived { .. } => None,
        Fate::Lost(drop) => Some(Break::Loss(drop)),
        Fate::Waiting(_) | Fate::Held(_) | Fate::NotTaken(_) => Some(Break::Stuck(packet)),
        Fate::Unsent => thread.origin(packet).map(|record| {
            let server = record.node != thread.conversation().from;
            Break::Local { node: record.node, errno: None, at: record.made, server }
        }),
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
                return before.map(|packet| refused_to_send(thread, true).unwrap_or(Break::Silence(packet)));
            }
        }
    }
    if let Some(forged) = forged(thread) {
        return Some(Break::Reset(forged));
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
    match outcome {
        Outcome::Ended => Some(Break::Eof),
        Outcome::Unfinished => None,
        _ => silent_service(thread),
    }
}

/// The first RST that somebody took while it lasted.
fn reset(thread: &Thread<'_>) -> Option<PacketId> {
    let end = ended(thread);
    let taken = |member: &&Member| {
        member.label.kind == Kind::Rst && matches!(thread.reading().fate(member.packet), Fate::Arrived { at, .. } if at <= end)
    };
    thread.members().iter().find(taken).map(|member| member.packet)
}

/// The first forged segment that ended something: a RST or FIN that somebody took while it lasted.
fn forged(thread: &Thread<'_>) -> Option<PacketId> {
    let end = ended(thread);
    let ends = |member: &&Member| matches!(member.label.kind, Kind::Rst | Kind::Fin);
    let injected = |member: &&Member| thread.origin(member.packet).is_some_and(|record| record.why == Why::Injected);
    let taken = |member: &&Member| {
        let reading = thread.reading();
        let came = |node| reading.visits(member.packet).any(|(_, visit)| visit.node == node && visit.at <= end);
        match reading.fate(member.packet) {
            Fate::Arrived { at, .. } => at <= end,
            // Without a socket for it, but not without effect: connection tracking on the way has seen it.
            Fate::Lost(drop) => reading.drop(drop).is_some_and(|drop| drop.reason == DropReason::NoSocket && came(drop.node)),
            Fate::Waiting(_) | Fate::Held(_) | Fate::NotTaken(_) | Fate::Unsent => false,
        }
    };
    thread.members().iter().filter(injected).filter(ends).find(taken).map(|member| member.packet)
}

/// The first segment of which no copy arrived in time; one with data or FIN rather than a mere acknowledgement.
fn lost_for_good(thread: &Thread<'_>) -> Option<Break> {
    let reading = thread.reading();
    // What comes after the application has given up comes too late.
    let end = ended(thread);
    let arrived = |packet| matches!(reading.fate(packet), Fate::Arrived { at, .. } if at <= end);
    let in_time = |member: &&Member| thread.origin(member.packet).is_some_and(|record| record.made <= end);
    let sent = || thread.members().iter().filter(|member| member.direction != Direction::Aside).filter(in_time);
    let came: BTreeSet<PacketId> =
        gather(sent().filter(|member| arrived(member.packet)).map(|member| original(thread.trace(), member.packet)));
    // What TCP at the end discarded has reached it.
    let discarded = |packet| matches!(reading.fate(packet), Fate::Lost(drop) if reading.drop(drop).is_some_and(|drop| matches!(drop.reason, DropReason::Tcp(_))));
    let lost = |wanted: &dyn Fn(&Member) -> bool| {
        sent()
            .filter(|member| wanted(member) && original(thread.trace(), member.packet) == member.packet)
            .find(|member| !came.contains(&member.packet))
            .and_then(|member| broken(thread, member.packet))
    };
    // What never left its maker has no header that would tell what it was.
    let unsent = |member: &Member| {
        member.label.kind == Kind::Unsent && thread.origin(member.packet).is_some_and(|record| record.why == Why::Application)
    };
    let data = |member: &Member| matches!(member.label.kind, Kind::Data { .. } | Kind::Fin) || unsent(member);
    let ack = |member: &Member| matches!(member.label.kind, Kind::Ack | Kind::DuplicateAck | Kind::HandshakeAck);
    lost(&|member| data(member) && !discarded(member.packet))
        .or_else(|| {
            lost(&|member| ack(member) && !discarded(member.packet))
                // An acknowledgement is soon overtaken by the next: its loss alone breaks nothing.
                .filter(|_| !thread.going(Direction::There).rfind(in_time).is_some_and(|last| arrived(last.packet)))
        })
        .or_else(|| lost(&data))
}

/// All that was sent arrived, and the service says nothing, or no more: the last that it took, data rather than acknowledgements.
fn silent_service(thread: &Thread<'_>) -> Option<Break> {
    let end = ended(thread);
    let taken = |member: &&Member| matches!(thread.reading().fate(member.packet), Fate::Arrived { at, .. } if at <= end);
    let last = |data: bool| {
        let wanted = |member: &&Member| !data || matches!(member.label.kind, Kind::Data { .. });
        thread.going(Direction::There).filter(taken).rfind(wanted)
    };
    if under_way(thread) {
        return None;
    }
    last(true).or_else(|| last(false)).map(|member| Break::Silence(member.packet))
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
                // Somebody else took it.
                let from = thread.conversation().from;
                if matches!(thread.reading().fate(answer.packet), Fate::Arrived { node, .. } if node != from) {
                    return Some(Break::Silence(answer.packet));
                }
            }
            None => return Some(refused_to_send(thread, true).unwrap_or(Break::Silence(question.packet))),
        }
    }
    None
}

/// Probes with growing TTL die by design: the last one tells how far the way goes, and its answer whether there is a way back.
fn in_probes(thread: &Thread<'_>) -> Option<Break> {
    let from = thread.conversation().from;
    let last =
        thread.going(Direction::There).rfind(|member| thread.origin(member.packet).is_some_and(|record| record.why == Why::Application))?;
    let answer = || {
        let mut all = thread.members().iter();
        all.find(|member| {
            member.direction != Direction::There
                && thread
                    .origin(member.packet)
                    .is_some_and(|record| record.parent == Some(last.packet) && matches!(record.why, Why::Answer | Why::Error))
        })
    };
    let answer_broken = || answer().filter(|answer| !reached(thread, answer.packet, from)).and_then(|answer| broken(thread, answer.packet));
    let target = thread.conversation().target;
    let died = broken(thread, last.packet).filter(|_| target.is_none_or(|target| !reached(thread, last.packet, target)));
    match died {
        None => answer_broken().or_else(|| answer().is_none().then_some(Break::Silence(last.packet))),
        Some(Break::Loss(drop)) => {
            let told = thread.reading().drop(drop).is_some_and(|record| record.reason == DropReason::TtlExceeded);
            Some(Some(drop).filter(|_| told).and_then(|_| answer_broken()).unwrap_or(Break::Loss(drop)))
        }
        Some(other) => Some(other),
    }
}

/// Somebody on the way refused the last probe in the target's name, as a rule that rejects with a RST does.
fn refused_for_it(thread: &Thread<'_>) -> Option<u32> {
    let last =
        thread.going(Direction::There).rfind(|member| thread.origin(member.packet).is_some_and(|record| record.why == Why::Application))?;
    let drop = *thread.reading().index().drops(last.packet).first()?;
    thread.reading().drop(drop).filter(|record| matches!(record.reason, DropReason::Rule { rejected: true, .. })).map(|_| drop)
}

/// The packet was taken at the node, or got as far as finding nobody there who waited for it: what a trace route is after.
pub(crate) fn reached(thread: &Thread<'_>, packet: PacketId, at: NodeId) -> bool {
    let reading = thread.reading();
    match reading.fate(packet) {
        Fate::Arrived { node, .. } => node == at,
        Fate::Lost(drop) => reading.drop(drop).is_some_and(|record| record.node == at && record.reason == DropReason::NoSocket),
        Fate::Waiting(_) | Fate::Held(_) | Fate::NotTaken(_) | Fate::Unsent => false,
    }
}

/// True if a packet of the conversation died while it lasted, by more than TCP's own housekeeping.
#[must_use]
pub fn lossy(thread: &Thread<'_>) -> bool {
    thread.conversation().purpose != Purpose::Traceroute && losses(thread).next().is_some()
}
