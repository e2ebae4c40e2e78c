//! From what an explanation stands on to where the page shows it.

use crate::command::{Command, Pane, Selection, ShowCommand, TimeCommand};
use crate::run::Run;
use roundtrip_explain::Outcome;
use roundtrip_explain::chain::Reference;
use roundtrip_sim::NodeId;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::PacketId;

/// What a link of a chain leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A packet, in the ladder and the list.
    Packet,
    /// A rule of a device.
    Rule(NodeId),
    /// A device's route, neighbour or interface, in its tables and its form.
    Route(NodeId),
    /// A device's neighbour table.
    Neighbour(NodeId),
    /// A device's tracked connections.
    Conntrack(NodeId),
    /// A device.
    Device(NodeId),
    /// A moment at which something was changed.
    Moment,
}

/// A way from a link of a chain to what it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// What it leads to.
    pub goal: Goal,
    /// What is done to get there: playhead, selection, pane.
    pub commands: Vec<Command>,
}

/// The ways from a link to what it stands on, each place once, the packet first.
#[must_use]
pub fn leads(run: &Run, references: &[Reference]) -> Vec<Lead> {
    let at = references.iter().find_map(|reference| moment(run, reference));
    let mut packet: Option<PacketId> = None;
    let mut goals: Vec<Goal> = Vec::new();
    for reference in references {
        let goal = match reference {
            Reference::Packet(_) | Reference::Visit(_) | Reference::Drop(_) => {
                packet = packet.or_else(|| packet_of(run, reference));
                Goal::Packet
            }
            Reference::Rule { node, .. } => Goal::Rule(*node),
            Reference::Step { visit, .. } => match run.trace.visits.get(visit.0 as usize) {
                Some(visit) => Goal::Route(visit.node),
                None => continue,
            },
            Reference::Conntrack { node, .. } => Goal::Conntrack(*node),
            Reference::Neighbour { port, .. } => Goal::Neighbour(port.node),
            Reference::Interface(port) => Goal::Route(port.node),
            Reference::Device(node) => Goal::Device(*node),
            Reference::Action(_) => Goal::Moment,
        };
        // A device is led to once, by the most definite name.
        let known = goals.iter().any(|known| *known == goal || (node_of(goal).is_some() && node_of(*known) == node_of(goal)));
        if !known {
            goals.push(goal);
        }
    }
    goals.sort_by_key(|goal| *goal != Goal::Packet);
    goals.into_iter().map(|goal| Lead { goal, commands: commands(run, goal, packet, at) }).collect()
}

const fn node_of(goal: Goal) -> Option<NodeId> {
    match goal {
        Goal::Rule(node) | Goal::Route(node) | Goal::Neighbour(node) | Goal::Conntrack(node) | Goal::Device(node) => Some(node),
        Goal::Packet | Goal::Moment => None,
    }
}

fn commands(run: &Run, goal: Goal, packet: Option<PacketId>, at: Option<SimTime>) -> Vec<Command> {
    let mut commands = vec![Command::Time(TimeCommand::Pause)];
    commands.extend(at.map(|at| Command::Time(TimeCommand::Seek(at))));
    match (goal, node_of(goal)) {
        (Goal::Packet, _) => {
            commands.extend(packet.map(|packet| Command::Select(Selection::Packet(packet))));
            commands.push(Command::Show(ShowCommand::Pane(Pane::Packets)));
        }
        (_, Some(node)) => commands.push(Command::Select(Selection::Device(run.device_name(node).to_owned()))),
        (_, None) => commands.push(Command::Show(ShowCommand::Pane(Pane::Canvas))),
    }
    commands
}

/// When what a reference names was there.
fn moment(run: &Run, reference: &Reference) -> Option<SimTime> {
    match reference {
        Reference::Packet(packet) => run.trace.packets.get(packet.0 as usize).map(|record| record.made),
        Reference::Visit(visit) | Reference::Step { visit, .. } => run.trace.visits.get(visit.0 as usize).map(|visit| visit.at),
        Reference::Drop(drop) => run.trace.drops.get(*drop as usize).map(|drop| drop.at),
        Reference::Conntrack { node, entry } => {
            let events = run.trace.ct_events.iter();
            events.filter(|event| event.node == *node && event.event.entry.id == *entry).map(|event| event.at).next()
        }
        Reference::Action(action) => run.scenario.actions.get(action.0 as usize).map(|action| action.at),
        Reference::Rule { .. } | Reference::Neighbour { .. } | Reference::Device(_) | Reference::Interface(_) => None,
    }
}

fn packet_of(run: &Run, reference: &Reference) -> Option<PacketId> {
    match reference {
        Reference::Packet(packet) => Some(*packet),
        Reference::Visit(visit) => run.trace.visits.get(visit.0 as usize).map(|visit| visit.packet),
        Reference::Drop(drop) => run.trace.drops.get(*drop as usize).map(|drop| drop.packet),
        _ => None,
    }
}

/// How a conversation fares before and after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fares {
    /// The conversation's name.
    pub name: String,
    /// Before; none if there was no such conversation.
    pub before: Option<Outcome>,
    /// After; none if there is none any more.
    pub after: Option<Outcome>,
}

/// How each conversation ended, by name: what is kept of a run to be held against another.
#[must_use]
pub fn outcomes(run: &Run) -> Vec<(String, Outcome)> {
    run.explanation.conversations.iter().map(|verdict| (verdict.conversation.name.clone(), verdict.outcome)).collect()
}

/// Two runs side by side, conversation by conversation.
#[must_use]
pub fn compare(before: &[(String, Outcome)], after: &[(String, Outcome)]) -> Vec<Fares> {
    let of = |list: &[(String, Outcome)], name: &str| list.iter().find(|(known, _)| known == name).map(|(_, outcome)| *outcome);
    let gone = before.iter().filter(|(name, _)| of(after, name).is_none());
    let names = after.iter().chain(gone).map(|(name, _)| name);
    names.map(|name| Fares { name: name.clone(), before: of(before, name), after: of(after, name) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_explain::chain::LinkKind;

    fn story() -> Run {
        let text = roundtrip_lab::example("story").unwrap().text;
        Run::new(&roundtrip_lab::load(text).lab.unwrap())
    }

    #[test]
    fn a_loss_leads_to_its_packet_and_its_rule() {
        let run = story();
        let verdict = run.explanation.named("http").unwrap();
        let link = verdict.chain.iter().find(|link| link.kind == LinkKind::Lost).unwrap();
        let leads = leads(&run, &link.references);
        let r1 = run.node("r1").unwrap();
        assert_eq!(leads.iter().map(|lead| lead.goal).collect::<Vec<_>>(), [Goal::Packet, Goal::Rule(r1)]);
        let place = verdict.place.unwrap();
        assert!(leads[0].commands.contains(&Command::Select(Selection::Packet(place.packet.unwrap()))));
        assert!(leads[1].commands.contains(&Command::Select(Selection::Device("r1".into()))));
        // The playhead stands where the packet died: there the tables say what they said then.
        for lead in &leads {
            let sought = lead.commands.iter().any(|command| matches!(command, Command::Time(TimeCommand::Seek(at)) if *at <= place.at));
            assert!(sought, "{:?}", lead.commands);
        }
    }

    #[test]
    fn every_link_leads_somewhere() {
        for example in roundtrip_lab::examples() {
            let run = Run::new(&roundtrip_lab::load(example.text).lab.unwrap());
            for verdict in &run.explanation.conversations {
                for link in verdict.chain.iter().chain(&verdict.asides) {
                    let stands_on_nothing = matches!(link.kind, LinkKind::NobodyHas);
                    assert!(stands_on_nothing || !leads(&run, &link.references).is_empty(), "{}: {link:?}", example.id);
                }
            }
        }
    }

    #[test]
    fn two_runs_are_held_against_each_other() {
        let list = |entries: &[(&str, Outcome)]| entries.iter().map(|(name, outcome)| ((*name).to_owned(), *outcome)).collect::<Vec<_>>();
        let before = list(&[("ping", Outcome::Healthy), ("http", Outcome::Stalled), ("old", Outcome::Refused)]);
        let after = list(&[("ping", Outcome::Healthy), ("http", Outcome::Healthy)]);
        let found = compare(&before, &after);
        assert_eq!(
            found.iter().map(|fares| (fares.name.as_str(), fares.before, fares.after)).collect::<Vec<_>>(),
            [
                ("ping", Some(Outcome::Healthy), Some(Outcome::Healthy)),
                ("http", Some(Outcome::Stalled), Some(Outcome::Healthy)),
                ("old", Some(Outcome::Refused), None),
            ]
        );
    }
}
