//! Runs of the document: at once where that is quick, in slices where it is not.

use super::*;
use roundtrip_sim::Scenario;

impl Session {
    /// Runs the document as it is now. A run in the making is abandoned: it is of a document that is no more.
    pub(super) fn run_again(&mut self, opened: bool) {
        let opened = opened || self.pending.as_ref().is_some_and(|pending| pending.opened);
        let mut work = Work::new(self.history.present());
        if work.simulate(AT_ONCE) {
            self.show_run(work.finish(), opened);
            return;
        }
        self.now.progress = Progress::Going { permille: work.permille() };
        self.pending = Some(Pending { work: Some(work), opened });
    }

    /// Goes on with the run in the making for as long as `go_on` says so, at least for a slice. True if the state changed.
    pub fn work(&mut self, mut go_on: impl FnMut() -> bool) -> bool {
        let Some(work) = self.pending.as_mut().and_then(|pending| pending.work.as_mut()) else { return false };
        loop {
            if work.simulate(SLICE) {
                break;
            }
            if !go_on() {
                let before = self.now.progress;
                self.now.progress = Progress::Going { permille: work.permille() };
                return self.now.progress != before;
            }
        }
        if let Some(Pending { work: Some(work), opened }) = self.pending.take() {
            self.show_run(work.finish(), opened);
        }
        true
    }

    pub(super) fn work_command(&mut self, command: WorkCommand) -> bool {
        match (command, &mut self.pending) {
            (WorkCommand::Stop, Some(pending @ Pending { work: Some(_), .. })) => {
                pending.work = None;
                self.now.progress = Progress::Stopped;
                true
            }
            (WorkCommand::Again, Some(Pending { work: None, opened })) => {
                let opened = *opened;
                self.run_again(opened);
                true
            }
            _ => false,
        }
    }

    /// Shows a run, and keeps everything that still makes sense: the moment, the conversation, the tap. Nothing does where
    /// another lab was `opened`.
    fn show_run(&mut self, run: Run, opened: bool) {
        let time = self.time();
        let tap = NamedTap::of(&self.now.run.scenario, self.now.tap);
        self.pending = None;
        self.now.progress = Progress::Done;
        self.now.run = Rc::new(run);
        // The packet of that number is another one now.
        if matches!(self.now.selection, Selection::Packet(_)) {
            self.now.selection = Selection::Nothing;
        }
        let exists = |tap| crate::view::capture::taps(&self.now.run.scenario).any(|other| other == tap);
        self.now.watch = Rc::new(self.now.watch.in_other_run(opened, exists));
        if opened {
            self.now.focus = Rc::new(Focus::new(&self.now.run, self.now.run.most_interesting(), self.now.resolution));
            self.now.tap = first_tap(&self.now.focus);
            self.go_to_conversation();
            return;
        }
        self.position = self.now.run.scale.shown(time);
        let name = self.now.focus.conversation.as_ref().map(|conversation| conversation.name.clone());
        self.focus_on(name.as_deref());
        let same_place = crate::view::capture::taps(&self.now.run.scenario).find(|tap| *tap == self.now.tap);
        let tap = tap.and_then(|tap| tap.place(&self.now.run.scenario)).or(same_place);
        self.now.tap = tap.unwrap_or_else(|| first_tap(&self.now.focus));
    }
}

/// A tap by names: numbers are others when something before it comes or goes.
enum NamedTap {
    Interface { node: String, interface: String },
    Mirror(String),
}

impl NamedTap {
    fn of(scenario: &Scenario, tap: Tap) -> Option<Self> {
        match tap {
            Tap::Interface(port) => {
                let node = scenario.nodes.get(port.node.0 as usize)?;
                let interface = node.interfaces.get(usize::from(port.interface.0))?.name.clone();
                Some(Self::Interface { node: node.name.clone(), interface })
            }
            Tap::Mirror(segment) => Some(Self::Mirror(scenario.segments.get(segment.0 as usize)?.name.clone())),
        }
    }

    fn place(&self, scenario: &Scenario) -> Option<Tap> {
        crate::view::capture::taps(scenario).find(|tap| match (Self::of(scenario, *tap), self) {
            (Some(Self::Interface { node, interface }), Self::Interface { node: n, interface: i }) => node == *n && interface == *i,
            (Some(Self::Mirror(a)), Self::Mirror(b)) => a == *b,
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::document::{ActionKind, Position};
    use roundtrip_lab::report::trace_hash;

    /// The story with more pings than are simulated at once.
    fn large() -> Lab {
        let mut lab = roundtrip_lab::example("story").unwrap().lab();
        for action in &mut lab.actions {
            if let ActionKind::Ping(ping) = &mut action.kind {
                ping.count = 9_000;
                ping.interval = roundtrip_lab::document::Seconds::from_millis(1);
            }
        }
        lab
    }

    fn open(session: &mut Session, lab: Lab) {
        assert!(session.apply(Command::Edit(Edit::Open { lab: Rc::new(lab) }, None)));
    }

    fn small_with_large() -> (Session, Rc<Run>) {
        let mut session = Session::new(roundtrip_lab::example("home").unwrap().lab());
        assert_eq!(session.now.progress, Progress::Done, "a small lab is there at once");
        let before = Rc::clone(&session.now.run);
        open(&mut session, large());
        assert!(matches!(session.now.progress, Progress::Going { .. }));
        assert!(Rc::ptr_eq(&before, &session.now.run), "what was shown stays until there is something new");
        assert!(session.now.lab.device("pc2").is_some(), "the document is there at once");
        (session, before)
    }

    fn wait(session: &mut Session) -> u32 {
        let mut slices = 0;
        let mut last = 0;
        while let Progress::Going { permille } = session.now.progress {
            assert!(permille >= last);
            last = permille;
            session.work(|| false);
            slices += 1;
            assert!(slices < 1_000);
        }
        slices
    }

    #[test]
    fn a_large_lab_runs_in_slices_to_the_same_run() {
        let (mut session, _) = small_with_large();
        assert!(wait(&mut session) > 3);
        assert_eq!(session.now.progress, Progress::Done);
        assert_eq!(trace_hash(&session.now.run.trace), trace_hash(&Run::new(&large()).trace));
        assert_eq!(session.now.focus.conversation.as_ref().map(|it| it.name.as_str()), Some("http"), "as if it had opened at once");
        assert!(!session.work(|| true), "nothing is left to do");
    }

    #[test]
    fn with_time_enough_it_is_done_in_one_go() {
        let (mut session, _) = small_with_large();
        assert!(session.work(|| true));
        assert_eq!(session.now.progress, Progress::Done);
    }

    #[test]
    fn it_can_be_stopped_and_begun_again() {
        let (mut session, before) = small_with_large();
        session.work(|| false);
        assert!(session.apply(Command::Work(WorkCommand::Stop)));
        assert_eq!(session.now.progress, Progress::Stopped);
        assert!(!session.work(|| true) && !session.apply(Command::Work(WorkCommand::Stop)));
        assert!(Rc::ptr_eq(&before, &session.now.run));
        assert!(session.apply(Command::Work(WorkCommand::Again)));
        wait(&mut session);
        assert_eq!(session.now.focus.conversation.as_ref().map(|it| it.name.as_str()), Some("http"));
        assert!(!session.apply(Command::Work(WorkCommand::Again)));
    }

    #[test]
    fn a_change_meanwhile_abandons_it() {
        let (mut session, _) = small_with_large();
        session.work(|| false);
        open(&mut session, roundtrip_lab::example("story").unwrap().lab());
        assert_eq!(session.now.progress, Progress::Done);
        assert!(!session.work(|| true), "the large lab's run is gone");
        assert!(session.now.run.trace.frames.len() < 1_000);
        assert!(session.apply(Command::Undo), "back to the large one");
        wait(&mut session);
        assert_eq!(trace_hash(&session.now.run.trace), trace_hash(&Run::new(&large()).trace));
    }

    #[test]
    fn what_does_not_change_the_run_does_not_disturb_it() {
        let (mut session, _) = small_with_large();
        session.work(|| false);
        let progress = session.now.progress;
        let edit = Edit::MoveDevice { device: "pc1".into(), to: Position { x: 7, y: 7 } };
        assert!(session.apply(Command::Edit(edit, None)));
        assert_eq!(session.now.progress, progress);
        wait(&mut session);
        assert_eq!(session.now.lab.device("pc1").unwrap().position, Some(Position { x: 7, y: 7 }));
        assert!(!session.now.run.conversations.is_empty());
    }
}
