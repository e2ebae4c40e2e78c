//! Steps through parts of what happens, and what somebody who watches sets.

use super::*;
use crate::view::step::{Scope, latest, of_device, of_everything, of_packet};
use crate::watch::WatchCommand;

impl Session {
    pub(super) fn watch_command(&mut self, command: WatchCommand) -> bool {
        let orders = matches!(command, WatchCommand::MoveLifeline { .. } | WatchCommand::ResetLifelines);
        let next = self.now.watch.after(command, self.now.tap, &self.now.focus.ladder.lifelines);
        if next == *self.now.watch {
            return false;
        }
        self.now.watch = Rc::new(next);
        if orders {
            let name = self.now.focus.conversation.as_ref().map(|conversation| conversation.name.clone());
            self.focus_on(name.as_deref());
        }
        true
    }

    /// Goes to the next moment of a scope, or to the one before, and stands. What is stepped through becomes what is selected, so that
    /// the next step stays with it.
    pub(super) fn step(&mut self, scope: Scope, forward: bool) -> bool {
        let run = Rc::clone(&self.now.run);
        let action = self.now.focus.conversation.as_ref().map(|conversation| conversation.action);
        let found = || latest(&run, action, self.time());
        let moments = match scope {
            Scope::Conversation => self.now.focus.stops.clone(),
            Scope::Everything => of_everything(&run),
            Scope::Packet => {
                let chosen = if let Selection::Packet(packet) = self.now.selection { Some(packet) } else { None };
                let Some(packet) = chosen.or_else(|| found().map(|(packet, _)| packet)) else { return false };
                self.now.selection = Selection::Packet(packet);
                of_packet(&run, packet)
            }
            Scope::Device => {
                let chosen = if let Selection::Device(name) = &self.now.selection { run.node(name) } else { None };
                let Some(node) = chosen.or_else(|| found().map(|(_, node)| node)) else { return false };
                self.now.selection = Selection::Device(run.device_name(node).to_owned());
                of_device(&run, node)
            }
        };
        let shown = |moment: &SimTime| run.scale.shown(*moment);
        let to = if forward {
            moments.get(moments.partition_point(|moment| shown(moment) <= self.position)..).and_then(|rest| rest.first())
        } else {
            moments.get(..moments.partition_point(|moment| shown(moment) < self.position)).and_then(|rest| rest.last())
        };
        // Beyond the last moment of everything is the end; a packet or device has nothing beyond its last.
        let whole = matches!(scope, Scope::Conversation | Scope::Everything);
        let beyond = || if forward { run.scale.end() } else { Shown::default() };
        self.now.playing = false;
        match to.map(shown) {
            Some(to) => self.jump(to),
            None if whole => self.jump(beyond()),
            None => {}
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::TimeCommand;
    use crate::view::loss::loss_of;

    fn story() -> Session {
        Session::new(roundtrip_lab::example("story").unwrap().lab())
    }

    fn moments(session: &mut Session, scope: Scope, forward: bool, steps: usize) -> Vec<SimTime> {
        let command = if forward { TimeCommand::StepIn(scope) } else { TimeCommand::StepBackIn(scope) };
        (0..steps)
            .map(|_| {
                session.apply(Command::Time(command));
                session.time()
            })
            .collect()
    }

    #[test]
    fn a_packet_is_followed_to_its_death_and_back() {
        let mut session = story();
        session.apply(Command::Time(TimeCommand::FirstLoss));
        let run = Rc::clone(&session.now.run);
        let dead = run.losses.iter().find(|loss| run.conversation("http").map(|c| c.action) == loss.action).unwrap();
        session.apply(Command::Select(Selection::Packet(dead.packet)));
        let back = moments(&mut session, Scope::Packet, false, 3);
        let made = run.trace.packets[dead.packet.0 as usize].made;
        assert_eq!(back.last(), Some(&made), "{back:?}");
        let again = moments(&mut session, Scope::Packet, true, 5);
        assert_eq!(again.last(), Some(&dead.at), "it goes no further than its death");
        assert!(loss_of(&run.trace, &run.index, dead.packet).is_some());
    }

    #[test]
    fn back_is_exactly_where_forward_came_from() {
        for scope in Scope::ALL {
            let mut session = story();
            session.apply(Command::Time(TimeCommand::FirstLoss));
            session.apply(Command::Time(TimeCommand::StepIn(scope)));
            let start = session.position();
            let forth = moments(&mut session, scope, true, 4);
            let mut back = moments(&mut session, scope, false, 4);
            back.reverse();
            if !matches!(scope, Scope::Packet) {
                assert_eq!(back.get(1..), forth.get(..3), "{scope:?}");
                assert_eq!(session.position(), start, "{scope:?}");
            }
        }
    }

    #[test]
    fn everything_has_more_moments_than_a_conversation_and_a_device_its_own() {
        let session = story();
        let run = &session.now.run;
        let r1 = run.node("r1").unwrap();
        let (all, own) = (of_everything(run), of_device(run, r1));
        assert!(session.now.focus.stops.len() < all.len());
        assert!(own.iter().all(|moment| all.binary_search(moment).is_ok()) && own.len() < all.len());
    }

    #[test]
    fn a_device_that_is_stepped_through_is_selected() {
        let mut session = story();
        session.apply(Command::Time(TimeCommand::FirstLoss));
        session.apply(Command::Time(TimeCommand::StepIn(Scope::Device)));
        assert_eq!(session.now.selection, Selection::Device("r1".into()));
    }

    #[test]
    fn lifelines_move_in_the_ladder_and_stay_so() {
        let mut session = story();
        let before = session.now.focus.ladder.lifelines.clone();
        let node = *before.last().unwrap();
        assert!(session.apply(Command::Watch(WatchCommand::MoveLifeline { node, to: 0 })));
        assert_eq!(session.now.focus.ladder.lifelines[0], node);
        session.apply(Command::Show(ShowCommand::Resolution(true)));
        assert_eq!(session.now.focus.ladder.lifelines[0], node);
        assert!(session.apply(Command::Watch(WatchCommand::ResetLifelines)));
        session.apply(Command::Show(ShowCommand::Resolution(false)));
        assert_eq!(session.now.focus.ladder.lifelines, before);
        assert!(!session.apply(Command::Watch(WatchCommand::ResetLifelines)));
    }

    #[test]
    fn with_all_traffic_every_way_is_known_once() {
        let mut session = story();
        session.apply(Command::Show(ShowCommand::Conversation(None)));
        let ways = &session.now.focus.ways;
        assert!(ways.len() >= 2, "there and back");
        assert!(ways.is_sorted_by_key(|way| way.first));
        for (place, way) in ways.iter().enumerate() {
            assert!(ways.iter().skip(place + 1).all(|other| other.direction != way.direction || other.legs != way.legs));
        }
    }
}
