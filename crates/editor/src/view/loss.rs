//! Deaths of packets, as far as a call-out tells them: where on the picture, what died, and the nearest reason.

use roundtrip_explain::reading::{Index, Label, origin, stay};

use roundtrip_sim::scenario::{ActionId, IfIndex, NodeId};
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{CtInvalid, DropReason, DropRecord, PacketId, Step, Trace, Why};

/// A death on the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// When.
    pub at: SimTime,
    /// Where.
    pub node: NodeId,
    /// By which interface it had come; none if it was made there.
    pub interface: Option<IfIndex>,
    /// The packet.
    pub packet: PacketId,
    /// Its name.
    pub label: Label,
    /// In which conversation.
    pub action: Option<ActionId>,
    /// Why, as recorded.
    pub reason: DropReason,
    /// What connection tracking said if it called the packet invalid.
    pub invalid: Option<CtInvalid>,
    /// A packet that the node should have seen to understand this one, and never did: it went around it.
    pub never_seen: Option<Label>,
}

/// True if the packet is lost to those for whom it was. What the receiver's own TCP discards, a second copy or something late,
/// has arrived; advice that a router keeps to itself is missed by nobody.
#[must_use]
pub const fn is_loss(reason: &DropReason) -> bool {
    !matches!(reason, DropReason::Tcp(_) | DropReason::NatRedirect)
}

/// Every loss in the trace, in the order of time.
#[must_use]
pub fn losses(trace: &Trace, index: &Index) -> Vec<Loss> {
    trace.drops.iter().filter(|drop| is_loss(&drop.reason)).map(|drop| loss(trace, index, drop)).collect()
}

/// Where a packet was lost, if it was.
#[must_use]
pub fn loss_of<'t>(trace: &'t Trace, index: &Index, packet: PacketId) -> Option<&'t DropRecord> {
    index.drops(packet).iter().filter_map(|drop| trace.drops.get(*drop as usize)).find(|drop| is_loss(&drop.reason))
}

fn loss(trace: &Trace, index: &Index, drop: &DropRecord) -> Loss {
    let invalid = steps(trace, drop).find_map(|step| if let Step::Conntrack { invalid, .. } = step { *invalid } else { None });
    Loss {
        at: drop.at,
        node: drop.node,
        interface: index.came_by(trace, drop),
        packet: drop.packet,
        label: Label::of(trace, index, drop.packet),
        action: origin(trace, drop.packet).and_then(|record| record.action),
        reason: drop.reason,
        invalid,
        never_seen: invalid.and_then(|_| never_seen(trace, index, drop)),
    }
}

fn steps<'t>(trace: &'t Trace, drop: &DropRecord) -> impl Iterator<Item = &'t Step> {
    let visit = drop.visit.and_then(|visit| stay(trace, visit));
    let range = visit.map(|visit| {
        let first = visit.first_step as usize;
        first..first.saturating_add(usize::from(visit.step_count))
    });
    range.and_then(|range| trace.steps.get(range)).unwrap_or(&[]).iter()
}

/// The latest packet of the same conversation, made elsewhere and taken by the sender of the dropped one, that never came by here.
fn never_seen(trace: &Trace, index: &Index, drop: &DropRecord) -> Option<Label> {
    let dropped = origin(trace, drop.packet)?;
    // A retransmission answers what its original answered.
    let parent = std::iter::successors(dropped.parent, |packet| {
        origin(trace, *packet).filter(|record| record.node == dropped.node && record.why == Why::Retransmission)?.parent
    })
    .find(|packet| origin(trace, *packet).is_some_and(|record| record.node != dropped.node));
    let latest = || {
        (0..drop.packet.0).rev().map(PacketId).find(|packet| {
            origin(trace, *packet).is_some_and(|record| {
                record.action == dropped.action && record.node != dropped.node && record.why != Why::Error && record.why != Why::Resolution
            }) && index.met(trace, *packet, dropped.node)
        })
    };
    let unseen = parent.or_else(latest).filter(|packet| !index.met(trace, *packet, drop.node))?;
    let mut label = Label::of(trace, index, unseen);
    label.again = None;
    Some(label)
}

/// Deaths so close together that one call-out tells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// When the first died.
    pub at: SimTime,
    /// The one that is told, by place in the list of losses: a packet of a handshake before others.
    pub told: usize,
    /// How many there are.
    pub count: usize,
}

/// Deaths at one node within this time are told together.
const TOGETHER: SimTime = SimTime::from_millis(20);

/// The deaths in a conversation (in all traffic without one), those close together as one.
#[must_use]
pub fn clusters(losses: &[Loss], action: Option<ActionId>) -> Vec<Cluster> {
    let mut found: Vec<Cluster> = Vec::new();
    for (place, loss) in losses.iter().enumerate().filter(|(_, loss)| action.is_none() || loss.action == action) {
        let told = |cluster: &Cluster| losses.get(cluster.told);
        match found.last_mut() {
            Some(last) if told(last).is_some_and(|told| told.node == loss.node && loss.at.since(last.at) <= TOGETHER) => {
                last.count = last.count.saturating_add(1);
                let number = |loss: &Loss| loss.label.kind.handshake_number();
                if losses.get(last.told).is_some_and(|told| number(told).is_none() && number(loss).is_some()) {
                    last.told = place;
                }
            }
            _ => found.push(Cluster { at: loss.at, told: place, count: 1 }),
        }
    }
    found
}

/// A place on the picture where packets died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grave {
    /// Which node.
    pub node: NodeId,
    /// At which interface; none if they were made there.
    pub interface: Option<IfIndex>,
    /// How many died there by now.
    pub count: usize,
}

/// The places where packets of a conversation (of all without one) died by `now`.
#[must_use]
pub fn graves(losses: &[Loss], action: Option<ActionId>, now: SimTime) -> Vec<Grave> {
    let mut found: Vec<Grave> = Vec::new();
    for loss in losses.iter().take_while(|loss| loss.at <= now).filter(|loss| action.is_none() || loss.action == action) {
        match found.iter_mut().find(|grave| grave.node == loss.node && grave.interface == loss.interface) {
            Some(grave) => grave.count = grave.count.saturating_add(1),
            None => found.push(Grave { node: loss.node, interface: loss.interface, count: 1 }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::sample::{self, R1};
    use roundtrip_explain::reading::Kind;
    use roundtrip_sim::netfilter::ruleset::CtState;

    /// The hand-made trace, with connection tracking's verdict at the place of each death.
    fn with_verdicts() -> Trace {
        let mut trace = sample::handshake_with_repeat();
        for drop in &trace.drops {
            let visit = &mut trace.visits[drop.visit.unwrap().0 as usize];
            visit.first_step = trace.steps.len() as u32;
            visit.step_count = 1;
            trace.steps.push(Step::Conntrack { state: CtState::Invalid, entry: None, invalid: Some(CtInvalid::TcpState) });
        }
        trace
    }

    #[test]
    fn r1_never_saw_the_second_packet() {
        let trace = with_verdicts();
        let losses = losses(&trace, &Index::new(&trace));
        assert_eq!(losses.len(), 3);
        for loss in &losses {
            assert_eq!((loss.node, loss.interface), (R1, Some(IfIndex(0))));
            assert_eq!(loss.never_seen, Some(Label { kind: Kind::SynAck, again: None }), "{loss:?}");
        }
        assert_eq!(losses[0].label.kind, Kind::HandshakeAck);
    }

    #[test]
    fn without_a_verdict_nothing_is_supposed() {
        let trace = sample::handshake_with_repeat();
        assert!(losses(&trace, &Index::new(&trace)).iter().all(|loss| loss.never_seen.is_none()));
    }

    #[test]
    fn what_tcp_discards_has_arrived() {
        let mut trace = with_verdicts();
        trace.drops[2].reason = DropReason::Tcp(roundtrip_sim::trace::TcpDrop::OutOfWindow);
        let index = Index::new(&trace);
        assert_eq!(losses(&trace, &index).len(), 2);
        assert!(loss_of(&trace, &index, trace.drops[0].packet).is_some());
        assert!(loss_of(&trace, &index, trace.drops[2].packet).is_none());
    }

    #[test]
    fn deaths_are_counted_up_to_now() {
        let trace = with_verdicts();
        let losses = losses(&trace, &Index::new(&trace));
        let count = |action, at| graves(&losses, action, at).iter().map(|grave| grave.count).collect::<Vec<_>>();
        assert_eq!(count(Some(ActionId(0)), SimTime::from_millis(2)), [0; 0]);
        assert_eq!(count(Some(ActionId(0)), SimTime::from_millis(10)), [2]);
        assert_eq!(count(None, SimTime::from_secs(2)), [3]);
        assert_eq!(count(Some(ActionId(9)), SimTime::MAX), [0; 0]);
    }

    #[test]
    fn the_handshakes_packet_is_told_before_its_neighbours() {
        let trace = with_verdicts();
        let mut losses = losses(&trace, &Index::new(&trace));
        let found = clusters(&losses, Some(ActionId(0)));
        assert_eq!(found.iter().map(|cluster| (cluster.told, cluster.count)).collect::<Vec<_>>(), [(0, 2), (2, 1)]);
        losses.swap(0, 1);
        assert_eq!(clusters(&losses, None)[0].told, 1);
    }
}
