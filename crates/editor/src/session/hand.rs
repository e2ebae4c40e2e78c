//! What becomes of what the drawing hand is told.

use super::Session;
use crate::command::{Command, Selection, ShowCommand, Viewport};
use crate::edit::Edit;
use crate::edit::draw::{Draw, covers, fragment, position};
use crate::hand::clipboard;
use crate::hand::pick::{Choice, join, picker};
use crate::hand::{Desk, HandCommand, Hold, Menu, Notice, Over, Picking, Preview, Tool};
use crate::history::Gesture;
use crate::item::Item;
use crate::view::geometry::{Point, Rect};
use crate::view::scene::{Caption, Scene};
use roundtrip_lab::Lab;
use roundtrip_lab::document::Position;
use std::collections::BTreeSet;
use std::rc::Rc;

/// From the middle of a bar to the middle of a device that is put beside it.
const BESIDE: f64 = 104.0;
/// Room that a new device is given.
const ROOM: (f64, f64) = (112.0, 72.0);
/// Width of a segment that is placed by a click.
const WIDTH: u32 = 320;

/// The picture with names for captions.
pub(super) fn places(lab: &Lab) -> Scene {
    let caption = |title: &str| Caption { title: title.to_owned(), subtitle: String::new() };
    Scene::new(lab, 1.0, &|device| caption(&device.name), &|segment| caption(&segment.name))
}

/// To whole pixels.
pub(super) fn whole(point: Point) -> Position {
    Position { x: point.x.round() as i32, y: point.y.round() as i32 }
}

impl Session {
    /// What the hand is about, to be changed.
    pub(super) fn desk(&mut self) -> &mut Desk {
        Rc::make_mut(&mut self.now.desk)
    }

    /// Says something about what was just tried.
    pub(super) fn notice(&mut self, notice: Notice) {
        self.hand.notices = self.hand.notices.wrapping_add(1);
        let number = self.hand.notices;
        self.desk().notice = Some((number, notice));
    }

    /// The focus of the page goes to a thing.
    fn focus(&mut self, item: Item) {
        self.hand.notices = self.hand.notices.wrapping_add(1);
        let number = self.hand.notices;
        self.desk().focus = Some((number, item));
    }

    fn focus_selection(&mut self) {
        if let Some(item) = self.now.selection.items().pop_last() {
            self.focus(item);
        }
    }

    /// The selected part of the document as text for the clipboard. None if there is none.
    #[must_use]
    pub fn copy(&mut self) -> Option<String> {
        let items = self.now.selection.items();
        let piece = fragment(&self.now.lab, &items)?;
        let count = piece.devices.len().saturating_add(piece.segments.len());
        self.notice(Notice::Copied(count));
        Some(clipboard::write(&piece))
    }

    pub(super) fn draw(&mut self, draw: Draw, gesture: Option<Gesture>) -> bool {
        // As anybody's: where the document is locked, a hand cannot change it either.
        self.apply(Command::Edit(Edit::Draw(draw), gesture))
    }

    /// A place of the window on the picture.
    pub(super) fn on_picture(&self, at: Point) -> Point {
        let Viewport { scale, x, y } = self.now.viewport;
        Point::new((at.x - x) / scale, (at.y - y) / scale)
    }

    pub(super) fn hand_command(&mut self, command: HandCommand) -> bool {
        if !matches!(command, HandCommand::Nudge { .. }) {
            self.hand.nudging = None;
        }
        match command {
            HandCommand::Down { pointer, at, over, held } => self.pointer_down(pointer, at, &self.there(over), held),
            HandCommand::Move { pointer, at, over, held } => self.pointer_moved(pointer, at, &self.there(over), held),
            HandCommand::Up { pointer, at, over } => self.pointer_up(pointer, at, &self.there(over)),
            HandCommand::Lost(pointer) => self.pointer_lost(pointer),
            HandCommand::Tool(tool) => self.take(tool),
            HandCommand::Place => self.place(),
            HandCommand::Escape => self.escape(),
            HandCommand::SelectAll => {
                let all = Item::all(&self.now.lab).filter(|item| !matches!(item, Item::Cable(..))).collect();
                self.now.selection = Selection::of(all);
                true
            }
            HandCommand::Nudge { dx, dy } => self.nudge(dx, dy),
            HandCommand::Delete => self.draw(Draw::Delete(self.selected()), None),
            HandCommand::Cut => self.draw(Draw::Cut(self.selected()), None),
            HandCommand::Duplicate => {
                let done = self.draw(Draw::Duplicate(self.selected()), None);
                self.focus_selection();
                done
            }
            HandCommand::Paste(text) => self.paste(&text),
            HandCommand::Align(edge) => self.draw(Draw::Align { items: self.selected(), edge }, None),
            HandCommand::Distribute(axis) => self.draw(Draw::Distribute { items: self.selected(), axis }, None),
            HandCommand::Tidy => {
                let done = self.draw(Draw::Tidy, None);
                self.show(ShowCommand::Fit) || done
            }
            HandCommand::New => self.draw(Draw::New, None),
            HandCommand::Outline(outline) => {
                self.desk().outline = outline;
                true
            }
            HandCommand::ToggleOutline => {
                self.desk().outline ^= true;
                true
            }
            other => self.dialog_command(other),
        }
    }

    /// What lies below a pointer, if it is still there: a page shows what was a moment ago.
    fn there(&self, over: Over) -> Over {
        let is_there = over.item().is_none_or(|item| item.is_in(&self.now.lab));
        if is_there { over } else { Over::Picture }
    }

    /// Names, menus and lists.
    fn dialog_command(&mut self, command: HandCommand) -> bool {
        match command {
            HandCommand::Naming(item) => self.desk().naming = item,
            HandCommand::NameSelected => {
                if self.now.desk.tool != Tool::Select {
                    return self.place();
                }
                let items = self.now.selection.items();
                let one = items.into_iter().next().filter(|item| !matches!(item, Item::Cable(..)));
                let alone = !matches!(self.now.selection, Selection::Several(_));
                self.desk().naming = one.filter(|_| alone);
            }
            HandCommand::Name { item, text } => {
                self.desk().naming = None;
                let language = self.now.language.tag();
                let before = Rc::clone(&self.now.lab);
                self.draw(Draw::Call { item: item.clone(), language, text }, None);
                if let Some(item) = item.followed(&before, &self.now.lab) {
                    self.focus(item);
                }
            }
            HandCommand::Menu { at, over } => {
                let over = self.there(over);
                if let Some(item) = over.item()
                    && !self.now.selection.holds(&item)
                {
                    self.now.selection = Selection::of(BTreeSet::from([item]));
                } else if over == Over::Picture {
                    self.now.selection = Selection::Nothing;
                }
                self.hand.fingers.clear();
                self.still();
                self.desk().menu = Some(Menu { at });
            }
            HandCommand::MenuOfSelection => {
                let scene = places(&self.now.lab);
                let rect = self.now.selection.items().iter().find_map(|item| covers(&scene, item));
                let Viewport { scale, x, y } = self.now.viewport;
                let at = rect.map_or(Point::new(16.0, 16.0), |rect| Point::new(rect.x.mul_add(scale, x), rect.bottom().mul_add(scale, y)));
                self.desk().menu = Some(Menu { at });
            }
            HandCommand::CloseMenu => {
                self.desk().menu = None;
                self.focus_selection();
            }
            HandCommand::Pick(picking) => return self.pick(picking),
            HandCommand::Picked(choice) => self.picked(&choice),
            HandCommand::ClosePicker => {
                self.desk().picker = None;
                self.focus_selection();
            }
            _ => return false,
        }
        true
    }

    pub(super) fn selected(&self) -> Vec<Item> {
        self.now.selection.items().into_iter().collect()
    }

    /// Nothing is in the making any longer.
    pub(super) fn still(&mut self) {
        let desk = self.desk();
        desk.preview = Preview::Nothing;
        desk.guides.clear();
        desk.dragging = false;
    }

    fn take(&mut self, tool: Tool) -> bool {
        self.hand.armed = None;
        self.still();
        let desk = self.desk();
        desk.tool = tool;
        desk.menu = None;
        if tool != Tool::Select {
            self.notice(Notice::Tool(tool));
        }
        true
    }

    fn escape(&mut self) -> bool {
        let held: Vec<_> = std::mem::take(&mut self.hand.fingers);
        let armed = self.hand.armed.take().is_some();
        if !held.is_empty() || armed {
            for finger in held {
                match finger.hold {
                    Hold::Items { gesture, .. } | Hold::End { gesture, .. } if self.history.cancel(gesture) => self.after_history(),
                    Hold::Box { before, .. } => self.now.selection = Selection::of(before),
                    _ => {}
                }
            }
            self.still();
            return true;
        }
        let desk = self.desk();
        if desk.picker.take().is_some() || desk.menu.take().is_some() || desk.naming.take().is_some() {
            self.focus_selection();
            return true;
        }
        if desk.tool != Tool::Select {
            return self.take(Tool::Select);
        }
        let changed = self.now.selection != Selection::Nothing;
        self.now.selection = Selection::Nothing;
        changed
    }

    fn nudge(&mut self, dx: i32, dy: i32) -> bool {
        let scene = places(&self.now.lab);
        let by = |position: Position| Position { x: position.x.saturating_add(dx), y: position.y.saturating_add(dy) };
        let to: Vec<(Item, Position)> =
            self.selected().into_iter().filter_map(|item| Some((item.clone(), by(position(&scene, &item)?)))).collect();
        if to.is_empty() {
            return false;
        }
        let gesture = self.hand.nudging.unwrap_or_else(|| self.hand.new_gesture());
        self.hand.nudging = Some(gesture);
        self.draw(Draw::Put(to), Some(gesture))
    }

    fn paste(&mut self, text: &str) -> bool {
        let piece = match clipboard::read(text) {
            Ok(piece) => piece,
            Err(fault) => {
                self.notice(Notice::Paste(fault));
                return true;
            }
        };
        let by = self.paste_offset(&piece);
        let done = self.draw(Draw::Paste { fragment: Rc::new(piece), by }, None);
        if !done {
            self.notice(Notice::Full);
        }
        self.focus_selection();
        true
    }

    /// Beside what already stands where it was; if that is out of sight, into the middle of what is seen.
    fn paste_offset(&self, piece: &Lab) -> Position {
        const STEP: i32 = 32;
        let (here, there) = (places(&self.now.lab), places(piece));
        let taken = |by: i32| {
            there.devices.iter().any(|copy| {
                let centre = copy.rect.centre();
                let moved = Point::new(centre.x + f64::from(by), centre.y + f64::from(by));
                here.devices
                    .iter()
                    .any(|found| (found.rect.centre().x - moved.x).abs() < 4.0 && (found.rect.centre().y - moved.y).abs() < 4.0)
            })
        };
        let by = (0..64).map(|times: i32| times.saturating_mul(STEP)).find(|by| !taken(*by)).unwrap_or(STEP);
        let (from, to) = (self.on_picture(Point::new(0.0, 0.0)), self.on_picture(Point::new(self.now.window.0, self.now.window.1)));
        let seen = Rect::new(from.x, from.y, to.x - from.x, to.y - from.y);
        if self.now.window.0 < 1.0 || seen.overlap(&there.bounds) > 0.0 {
            return Position { x: by, y: by };
        }
        let (middle, own) = (seen.centre(), there.bounds.centre());
        whole(Point::new(crate::hand::snap::to_grid(middle.x - own.x), crate::hand::snap::to_grid(middle.y - own.y)))
    }

    fn pick(&mut self, picking: Picking) -> bool {
        let items = self.now.selection.items();
        if items.is_empty() {
            return self.take(if picking == Picking::Cable { Tool::Cable } else { Tool::Gateway });
        }
        match picker(&self.now.lab, &items, picking) {
            Some(picker) => {
                let desk = self.desk();
                desk.menu = None;
                desk.picker = Some(Rc::new(picker));
            }
            None => self.notice(Notice::NothingToConnect),
        }
        true
    }

    fn picked(&mut self, choice: &Choice) {
        let Some(picker) = self.desk().picker.take() else { return };
        // However many changes it takes, it is one step.
        let gesture = self.hand.new_gesture();
        let selection = self.now.selection.clone();
        match choice {
            Choice::None => {
                for item in &picker.items {
                    if let Item::Device(device) = item {
                        self.apply(Command::Edit(Edit::SetGateway { device: device.clone(), gateway: None }, Some(gesture)));
                    }
                }
            }
            Choice::NewSegment => {
                let (position, width) = self.room_for_segment();
                if self.draw(Draw::AddSegment { position, width }, Some(gesture)) {
                    let new = self.now.lab.segments.last().map(|segment| Item::Segment(segment.name.clone()));
                    for draw in new.iter().flat_map(|new| picker.items.iter().filter_map(move |item| join(item, new))) {
                        self.draw(draw, Some(gesture));
                    }
                }
            }
            Choice::Item(_) => {
                for draw in picker.changes(choice) {
                    self.draw(draw, Some(gesture));
                }
            }
        }
        self.now.selection = selection;
        self.focus_selection();
    }

    /// Puts what the tool draws where there is room.
    fn place(&mut self) -> bool {
        let draw = match self.now.desk.tool {
            Tool::Segment => {
                let (position, width) = self.room_for_segment();
                Draw::AddSegment { position, width }
            }
            Tool::Device(kind) => {
                let (position, on) = self.room_for_device();
                Draw::AddDevice { kind, position, on }
            }
            Tool::Cable => return self.pick(Picking::Cable),
            Tool::Gateway => return self.pick(Picking::Gateway),
            Tool::Select => return false,
        };
        self.placed(draw)
    }

    /// Draws something new and takes the selecting tool again.
    pub(super) fn placed(&mut self, draw: Draw) -> bool {
        if self.draw(draw, None) {
            self.still();
            self.desk().tool = Tool::Select;
            self.focus_selection();
        } else {
            self.notice(Notice::Full);
        }
        true
    }

    /// The middle of what is seen.
    fn middle(&self) -> Point {
        let middle = self.on_picture(Point::new(self.now.window.0 / 2.0, self.now.window.1 / 2.0));
        Point::new(crate::hand::snap::to_grid(middle.x), crate::hand::snap::to_grid(middle.y))
    }

    fn room_for_segment(&self) -> (Position, u32) {
        let scene = places(&self.now.lab);
        if scene.segments.is_empty() && scene.devices.is_empty() {
            let middle = self.middle();
            return (whole(Point::new(middle.x - f64::from(WIDTH / 2), middle.y)), WIDTH);
        }
        // Below everything, with room for devices in between.
        (whole(Point::new(scene.bounds.x, crate::hand::snap::to_grid(scene.bounds.bottom() + BESIDE))), WIDTH)
    }

    /// Beside the selected segment, on it; else in the middle of what is seen, or as near as there is room.
    fn room_for_device(&self) -> (Position, Option<String>) {
        let scene = places(&self.now.lab);
        let chosen = self.now.selection.items().into_iter().find_map(|item| if let Item::Segment(name) = item { Some(name) } else { None });
        if let Some(name) = chosen
            && let Some(bar) = scene.segments.iter().find(|bar| bar.name == name)
        {
            return (whole(beside(&scene, bar.rect, None)), Some(name));
        }
        let middle = self.middle();
        let spots = (0..40_u32)
            .map(|number| Point::new(f64::from(number % 8).mul_add(ROOM.0, middle.x), f64::from(number / 8).mul_add(ROOM.1, middle.y)));
        (whole(spots.into_iter().find(|spot| is_free(&scene, *spot)).unwrap_or(middle)), None)
    }
}

fn is_free(scene: &Scene, spot: Point) -> bool {
    let room = Rect::around(spot, ROOM.0, ROOM.1);
    scene.devices.iter().map(|found| found.rect).chain(scene.segments.iter().map(|bar| bar.rect)).all(|other| other.overlap(&room) <= 0.0)
}

/// A free place for a device below or above a bar: at `x` if it is given, else the first from the left.
pub(super) fn beside(scene: &Scene, bar: Rect, x: Option<f64>) -> Point {
    let y = bar.centre().y;
    let below = |x: f64| Point::new(x, y + BESIDE);
    let above = |x: f64| Point::new(x, y - BESIDE);
    if let Some(x) = x {
        return [below(x), above(x)].into_iter().find(|spot| is_free(scene, *spot)).unwrap_or_else(|| below(x));
    }
    let columns =
        || (0..64_u32).map(|number| f64::from(number).mul_add(ROOM.0 + 16.0, bar.x + ROOM.0 / 2.0)).take_while(|x| *x < bar.right());
    let spots = columns().map(below).chain(columns().map(above));
    spots.into_iter().find(|spot| is_free(scene, *spot)).unwrap_or_else(|| below(bar.right() + ROOM.0))
}
