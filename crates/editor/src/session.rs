//! The state of a page, and what each command does to it.

use crate::carry::{Carry, CarryCommand, Notice};
use crate::command::{Command, Language, Pane, Selection, ShowCommand, Speed, Theme, TimeCommand, Viewport, WorkCommand};
use crate::edit::draw::{Draw, Verb};
use crate::edit::{Change, Edit};
use crate::hand::{Desk, Hand};
use crate::history::{Gesture, History};
use crate::item::Item;
use crate::run::{Focus, Run};
use crate::view::capture::Tap;
use crate::view::geometry::Rect;
use crate::view::timescale::Shown;
use crate::watch::Watch;
use crate::work::{AT_ONCE, Progress, SLICE, Work};
use roundtrip_lab::Lab;
use roundtrip_sim::scenario::{IfIndex, Port};
use roundtrip_sim::time::SimTime;
use std::rc::Rc;

/// Everything a page knows. Changed by commands and by time, read as [`Snapshot`]s.
#[derive(Debug)]
pub struct Session {
    history: History<Lab, Change>,
    /// Where the moments of the show have come to.
    position: Shown,
    /// Microseconds since the last step, where flights are steps.
    rested: u64,
    pending: Option<Pending>,
    hand: Hand,
    now: Snapshot,
}

/// The run in the making, and what becomes of the view when it is there.
#[derive(Debug)]
struct Pending {
    /// None once it was stopped.
    work: Option<Work>,
    /// It is another lab: the view begins anew.
    opened: bool,
}

/// The state at one moment, cheap to copy: large parts are shared and can be compared by pointer.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The document.
    pub lab: Rc<Lab>,
    /// What happens in it. Stays the same while only the picture changes, and while a new one is being made.
    pub run: Rc<Run>,
    /// Whether that is so already, or how far the run has come that will show it.
    pub progress: Progress,
    /// What of it is looked at.
    pub focus: Rc<Focus>,
    /// What an undo would take back.
    pub undo: Option<Rc<Change>>,
    /// What a redo would make again.
    pub redo: Option<Rc<Change>>,
    /// What is selected.
    pub selection: Selection,
    /// What the drawing hand is about.
    pub desk: Rc<Desk>,
    /// The clock runs.
    pub playing: bool,
    /// How fast.
    pub speed: Speed,
    /// Flights are steps.
    pub reduced_motion: bool,
    /// The tap of the packet list.
    pub tap: Tap,
    /// What somebody who watches has set.
    pub watch: Rc<Watch>,
    /// Frames that ask for Ethernet addresses are shown in the ladder.
    pub resolution: bool,
    /// The language.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// The pane of a small screen.
    pub pane: Pane,
    /// The list of shortcuts is open.
    pub help: bool,
    /// Which part of the picture is seen.
    pub viewport: Viewport,
    /// The picture's window in pixels.
    pub window: (f64, f64),
    /// The picture is to be seen whole, whatever the size of its window.
    pub fitted: bool,
    /// Links, files, what is kept, and how the address asks for it to be shown.
    pub carry: Rc<Carry>,
    /// How often the clock was set by hand rather than by running.
    pub jumps: u32,
}

/// Microseconds from step to step at normal speed, where flights are steps.
const STEP_REST: u64 = 900_000;

/// Pixels that the legend takes of the window's height.
const LEGEND: f64 = 52.0;

/// Scales that a picture can have.
const SCALES: std::ops::RangeInclusive<f64> = 0.2..=4.0;

impl Session {
    /// Begins with this document.
    #[must_use]
    pub fn new(lab: Lab) -> Self {
        let history = History::new(lab);
        let lab = Rc::clone(history.present());
        // Of nothing, for as long as the first run is in the making.
        let run = Rc::new(Run::new(&Lab::default()));
        let focus = Rc::new(Focus::new(&run, None, false));
        let tap = first_tap(&focus);
        let mut session = Self {
            history,
            position: Shown::default(),
            rested: 0,
            pending: None,
            hand: Hand::default(),
            now: Snapshot {
                lab,
                run,
                progress: Progress::Done,
                focus,
                undo: None,
                redo: None,
                selection: Selection::default(),
                desk: Rc::default(),
                playing: false,
                speed: Speed::default(),
                reduced_motion: false,
                tap,
                watch: Rc::default(),
                resolution: false,
                language: Language::default(),
                theme: Theme::default(),
                pane: Pane::default(),
                help: false,
                viewport: Viewport::default(),
                window: (0.0, 0.0),
                fitted: true,
                carry: Rc::default(),
                jumps: 0,
            },
        };
        session.run_again(true);
        session
    }

    /// The state.
    #[must_use]
    pub const fn snapshot(&self) -> &Snapshot {
        &self.now
    }

    /// The moment of the show.
    #[must_use]
    pub const fn position(&self) -> Shown {
        self.position
    }

    /// The simulated moment.
    #[must_use]
    pub fn time(&self) -> SimTime {
        self.now.run.scale.simulated(self.position)
    }

    /// Carries a command out. False if it changed nothing.
    pub fn apply(&mut self, command: Command) -> bool {
        match command {
            Command::Edit(edit, gesture) => self.edit(&edit, gesture),
            Command::Undo => {
                let over_opening = self.now.undo.as_deref().is_some_and(opens);
                self.history.undo() && self.document_changed(over_opening)
            }
            Command::Redo => {
                let over_opening = self.now.redo.as_deref().is_some_and(opens);
                self.history.redo() && self.document_changed(over_opening)
            }
            Command::Select(selection) => {
                let is_there = selection.items().iter().all(|item| item.is_in(&self.now.lab));
                let selection = if is_there { selection } else { Selection::Nothing };
                let changed = self.now.selection != selection;
                self.now.selection = selection;
                changed
            }
            Command::Time(command) => self.time_command(command),
            Command::Show(command) => self.show(command),
            Command::Work(command) => self.work_command(command),
            Command::Carry(command) => Carry::apply(&mut self.now.carry, command),
            Command::Watch(command) => self.watch_command(command),
            Command::Hand(command) => self.hand_command(command),
        }
    }

    /// Lets so many microseconds of the reader's time pass. True if the state changed beyond the clock.
    pub fn advance(&mut self, micros: u64) -> bool {
        if !self.now.playing {
            return false;
        }
        let passed = micros.saturating_mul(self.now.speed.quarters()) / 4;
        let end = self.now.run.scale.end();
        if self.now.reduced_motion {
            self.rested = self.rested.saturating_add(passed);
            if self.rested < STEP_REST {
                return false;
            }
            self.rested = 0;
            self.position = self.next_stop();
            self.now.playing = self.position < end;
            return true;
        }
        self.position = Shown(self.position.0.saturating_add(passed)).min(end);
        if self.position >= end {
            self.now.playing = false;
            return true;
        }
        false
    }

    fn edit(&mut self, edit: &Edit, gesture: Option<Gesture>) -> bool {
        // To open something else is no change of what is locked.
        if self.now.carry.options.lock && !matches!(edit, Edit::Open { .. }) {
            return Carry::apply(&mut self.now.carry, CarryCommand::Say(Notice::Locked));
        }
        let Some(changed) = edit.apply(self.history.present()) else { return false };
        if let Edit::Configure(configure) = edit
            && let Some(selection) = configure.follow(&self.now.selection)
        {
            self.now.selection = selection;
        }
        let before = Rc::clone(self.history.present());
        self.history.push(changed, edit.change(), gesture);
        self.after_history();
        if let Edit::Draw(draw) = edit
            && let Some(items) = draw.created(&before, &self.now.lab)
        {
            self.now.selection = Selection::of(items);
        }
        let opened = matches!(edit, Edit::Open { .. } | Edit::Draw(Draw::New));
        if opened {
            self.now.selection = Selection::Nothing;
            self.fit();
        }
        if edit.changes_run() {
            self.run_again(opened);
        }
        true
    }

    /// Back or forth in the history; over an opening it is another document, and the view begins anew.
    fn document_changed(&mut self, over_opening: bool) -> bool {
        self.after_history();
        if over_opening {
            self.now.selection = Selection::Nothing;
            self.fit();
        }
        self.run_again(over_opening);
        true
    }

    fn after_history(&mut self) {
        let before = std::mem::replace(&mut self.now.lab, Rc::clone(self.history.present()));
        self.now.undo = self.history.undo_name().cloned().map(Rc::new);
        self.now.redo = self.history.redo_name().cloned().map(Rc::new);
        let items = self.now.selection.items();
        if !items.is_empty() {
            // What is gone is selected no longer, what has another name still is.
            let left = items.iter().filter_map(|item| Item::followed(item, &before, &self.now.lab));
            self.now.selection = Selection::of(left.collect());
        }
    }

    fn focus_on(&mut self, name: Option<&str>) {
        let conversation = name.and_then(|name| self.now.run.conversation(name));
        let focus = Focus::new(&self.now.run, conversation, self.now.resolution);
        self.now.focus = Rc::new(focus.with_lifelines(&self.now.watch.lifelines));
    }

    fn go_to_conversation(&mut self) {
        let begins = self.now.focus.conversation.as_ref().map(|conversation| conversation.begins).unwrap_or_default();
        self.position = self.now.run.scale.shown(begins);
        self.now.jumps = self.now.jumps.wrapping_add(1);
    }

    /// The next moment at which something happens; the end if nothing does.
    fn next_stop(&self) -> Shown {
        let scale = &self.now.run.scale;
        let next = self.now.focus.stops.iter().map(|stop| scale.shown(*stop)).find(|stop| *stop > self.position);
        next.unwrap_or_else(|| scale.end())
    }

    fn jump(&mut self, to: Shown) {
        self.position = to.min(self.now.run.scale.end());
        self.now.jumps = self.now.jumps.wrapping_add(1);
    }

    fn time_command(&mut self, command: TimeCommand) -> bool {
        let scale = &self.now.run.scale;
        let end = scale.end();
        match command {
            TimeCommand::Play => {
                if self.position >= end {
                    self.jump(Shown::default());
                }
                self.now.playing = true;
            }
            TimeCommand::Pause => self.now.playing = false,
            TimeCommand::Toggle => {
                return self.time_command(if self.now.playing { TimeCommand::Pause } else { TimeCommand::Play });
            }
            TimeCommand::Step => return self.step(self.now.watch.scope, true),
            TimeCommand::StepBack => return self.step(self.now.watch.scope, false),
            TimeCommand::StepIn(scope) => return self.step(scope, true),
            TimeCommand::StepBackIn(scope) => return self.step(scope, false),
            TimeCommand::Seek(time) => self.jump(scale.shown(time)),
            TimeCommand::SeekShown(shown) => self.jump(shown),
            TimeCommand::Start => self.jump(Shown::default()),
            TimeCommand::End => {
                self.now.playing = false;
                self.jump(end);
            }
            TimeCommand::FirstLoss => {
                let action = self.now.focus.conversation.as_ref().map(|conversation| conversation.action);
                let first = self.now.run.losses.iter().find(|loss| action.is_none() || loss.action == action);
                let Some(at) = first.map(|loss| scale.shown(loss.at)) else { return false };
                self.now.playing = false;
                self.jump(at);
            }
            TimeCommand::Speed(speed) => self.now.speed = speed,
            TimeCommand::Slower => self.now.speed = self.now.speed.beside(false),
            TimeCommand::Faster => self.now.speed = self.now.speed.beside(true),
        }
        true
    }

    fn show(&mut self, command: ShowCommand) -> bool {
        match command {
            ShowCommand::Conversation(name) => {
                self.focus_on(name.as_deref());
                self.now.tap = first_tap(&self.now.focus);
                self.go_to_conversation();
            }
            ShowCommand::Tap(tap) => self.now.tap = tap,
            ShowCommand::Language(language) => self.now.language = language,
            ShowCommand::Theme(theme) => self.now.theme = theme,
            ShowCommand::Pane(pane) => self.now.pane = pane,
            ShowCommand::Help(open) => self.now.help = open,
            ShowCommand::Resolution(shown) => {
                self.now.resolution = shown;
                let name = self.now.focus.conversation.as_ref().map(|conversation| conversation.name.clone());
                self.focus_on(name.as_deref());
            }
            ShowCommand::ReducedMotion(reduced) => self.now.reduced_motion = reduced,
            ShowCommand::Viewport(viewport) => {
                self.now.fitted = false;
                self.now.viewport = Viewport { scale: viewport.scale.clamp(*SCALES.start(), *SCALES.end()), ..viewport };
            }
            ShowCommand::Zoom { factor, about } => self.zoom(factor, about),
            ShowCommand::Fit => self.fit(),
            ShowCommand::Window { width, height } => {
                let before = self.now.window;
                self.now.window = (width, height);
                if self.now.fitted {
                    self.fit();
                }
                return before != self.now.window;
            }
        }
        true
    }

    fn zoom(&mut self, factor: f64, about: Option<(f64, f64)>) {
        let (x, y) = about.unwrap_or((self.now.window.0 / 2.0, self.now.window.1 / 2.0));
        let before = self.now.viewport;
        let scale = (before.scale * factor).clamp(*SCALES.start(), *SCALES.end());
        let ratio = scale / before.scale;
        self.now.fitted = false;
        self.now.viewport = Viewport { scale, x: (before.x - x).mul_add(ratio, x), y: (before.y - y).mul_add(ratio, y) };
    }

    fn fit(&mut self) {
        self.now.fitted = true;
        // Captions differ by language, and with them the boxes, but never by so much that it matters here.
        let bounds = picture_bounds(&self.now.lab).grown(28.0);
        // The lower edge is the legend's.
        let (width, height) = (self.now.window.0, self.now.window.1 - LEGEND);
        if width < 1.0 || height < 1.0 {
            return;
        }
        let scale = (width / bounds.width).min(height / bounds.height).clamp(*SCALES.start(), 1.25);
        let centre = bounds.centre();
        self.now.viewport = Viewport { scale, x: centre.x.mul_add(-scale, width / 2.0), y: centre.y.mul_add(-scale, height / 2.0) };
    }
}

/// True for a change that put another document in the place of one.
fn opens(change: &Change) -> bool {
    matches!(change, Change::Open) || matches!(change, Change::Draw(drawn) if drawn.verb == Verb::New)
}

fn picture_bounds(lab: &Lab) -> Rect {
    use crate::view::scene::{Caption, Scene};
    let caption = |title: &str| Caption { title: title.to_owned(), subtitle: String::new() };
    Scene::new(lab, 1.0, &|device| caption(&device.name), &|segment| caption(&segment.name)).bounds
}

/// The first interface of the one who began the conversation.
fn first_tap(focus: &Focus) -> Tap {
    let node = focus.conversation.as_ref().map_or(roundtrip_sim::NodeId(0), |conversation| conversation.from);
    Tap::Interface(Port { node, interface: IfIndex(0) })
}

#[cfg(test)]
mod drawing_tests;
mod hand;
mod pointer;
mod running;
#[cfg(test)]
mod tests;
mod watching;
