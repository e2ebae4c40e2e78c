//! Pointers on the picture: what each holds, and what becomes of it.

use super::Session;
use super::hand::{beside, places, whole};
use crate::command::{Selection, ShowCommand, Viewport};
use crate::edit::draw::{Draw, covers, position};
use crate::hand::pick::join;
use crate::hand::snap::{snap, to_grid};
use crate::hand::{Finger, Held, Hold, Notice, Over, Preview, Tool};
use crate::item::Item;
use crate::view::geometry::{Point, Rect};
use roundtrip_lab::document::Position;
use std::collections::BTreeSet;

/// So many pixels a pointer may tremble without meaning to move.
const TREMBLE: f64 = 4.0;
/// A bar that is shorter than this was meant as a click.
const SHORT: f64 = 48.0;
/// Width of a segment that is placed by a click.
const WIDTH: f64 = 320.0;
/// Half the height of a bar.
const HALF_BAR: f64 = 13.0;

impl Session {
    pub(super) fn pointer_down(&mut self, pointer: i32, at: Point, over: &Over, held: Held) -> bool {
        self.desk().menu = None;
        if !self.hand.fingers.is_empty() {
            // A second finger: both move the picture. What the first one did so far stays.
            for finger in &mut self.hand.fingers {
                finger.hold = Hold::Pan;
                finger.moved = true;
            }
            self.still();
            self.hand.fingers.push(Finger { pointer, at, down: at, moved: true, hold: Hold::Pan, stays: false });
            return true;
        }
        if !held.pan
            && let Some(armed) = self.hand.armed.take()
        {
            self.still();
            self.join_up(&armed, over);
            return true;
        }
        let hold = self.hold(at, over, held);
        let stays = held.more;
        self.hand.fingers.push(Finger { pointer, at, down: at, moved: false, hold, stays });
        true
    }

    /// What a pointer takes hold of.
    fn hold(&mut self, at: Point, over: &Over, held: Held) -> Hold {
        let here = self.on_picture(at);
        if held.pan {
            return Hold::Pan;
        }
        match (self.now.desk.tool, over) {
            (Tool::Segment, _) => Hold::Segment { from: Point::new(to_grid(here.x), to_grid(here.y)) },
            (Tool::Device(kind), _) => Hold::Device(kind),
            (Tool::Gateway, over) => over.item().map_or(Hold::Pan, |from| Hold::Gateway { from }),
            (Tool::Cable, over) => over.item().map_or(Hold::Pan, |from| Hold::Cable { from }),
            (Tool::Select, Over::Knob(device)) => Hold::Cable { from: Item::Device(device.clone()) },
            (Tool::Select, Over::Plug { device, interface }) => Hold::Plug { device: device.clone(), interface: interface.clone() },
            (Tool::Select, Over::End { segment, right }) => {
                let bar = covers(&places(&self.now.lab), &Item::Segment(segment.clone())).unwrap_or_default();
                Hold::End { segment: segment.clone(), right: *right, bar, gesture: self.hand.new_gesture() }
            }
            (Tool::Select, Over::Item(item)) => self.hold_items(item, held.more),
            (Tool::Select, Over::Picture) if held.touch => Hold::Pan,
            (Tool::Select, Over::Picture) => {
                let before = if held.more { self.now.selection.items() } else { BTreeSet::new() };
                Hold::Box { from: here, before }
            }
        }
    }

    /// The thing below the pointer, with all else that is selected if it is.
    fn hold_items(&mut self, item: &Item, more: bool) -> Hold {
        let was_selected = self.now.selection.holds(item);
        if !was_selected {
            self.now.selection = if more { self.now.selection.toggled(item) } else { Selection::of(BTreeSet::from([item.clone()])) };
        }
        let scene = places(&self.now.lab);
        let from = self.selected().into_iter().filter_map(|item| Some((item.clone(), position(&scene, &item)?))).collect();
        Hold::Items { from, gesture: self.hand.new_gesture(), clicked: item.clone(), was_selected, more }
    }

    pub(super) fn pointer_moved(&mut self, pointer: i32, at: Point, over: &Over, held: Held) -> bool {
        let others: Vec<Point> = self.hand.fingers.iter().filter(|finger| finger.pointer != pointer).map(|finger| finger.at).collect();
        let Some(finger) = self.hand.fingers.iter_mut().find(|finger| finger.pointer == pointer) else { return self.hover(at, over) };
        let before = finger.at;
        if !finger.moved && (at.x - finger.down.x).hypot(at.y - finger.down.y) < TREMBLE {
            return false;
        }
        finger.moved = true;
        finger.at = at;
        let (down, hold) = (finger.down, finger.hold.clone());
        if let [other] = others.as_slice() {
            return self.pinch(before, at, *other);
        }
        let here = self.on_picture(at);
        match hold {
            Hold::Pan => {
                let viewport = self.now.viewport;
                self.show(ShowCommand::Viewport(Viewport { x: viewport.x + at.x - before.x, y: viewport.y + at.y - before.y, ..viewport }))
            }
            Hold::Box { from, before } => {
                let rect = between(from, here);
                let scene = places(&self.now.lab);
                let inside = Item::all(&self.now.lab).filter(|item| covers(&scene, item).is_some_and(|own| own.overlap(&rect) > 0.0));
                let items: BTreeSet<Item> = inside.chain(before).collect();
                self.now.selection = Selection::of(items);
                self.desk().preview = Preview::Box(rect);
                true
            }
            Hold::Items { from, gesture, clicked, .. } => {
                self.drag(&from, &clicked, Point::new(at.x - down.x, at.y - down.y), held.exact, gesture);
                true
            }
            Hold::Segment { from } => {
                let to = Point::new(to_grid(here.x), from.y);
                let rect = Rect::new(from.x.min(to.x), from.y - HALF_BAR, (to.x - from.x).abs(), HALF_BAR * 2.0);
                self.desk().preview = Preview::Segment(rect);
                true
            }
            Hold::Device(kind) => {
                self.desk().preview = Preview::Device(kind, here);
                true
            }
            Hold::Cable { from } => {
                self.desk().preview = Preview::Cable { from, to: here, onto: over.item() };
                true
            }
            Hold::Plug { device, interface } => {
                self.desk().preview = Preview::Cable { from: Item::cable(&device, &interface), to: here, onto: over.item() };
                true
            }
            Hold::Gateway { from } => {
                self.desk().preview = Preview::Gateway { from, to: here, onto: over.item() };
                true
            }
            Hold::End { segment, right, bar, gesture } => {
                let x = to_grid(here.x);
                let (left, end) = if right { (bar.x, x.max(bar.x + 80.0)) } else { (x.min(bar.right() - 80.0), bar.right()) };
                self.desk().dragging = true;
                let Position { x: left, y: width } = whole(Point::new(left, end - left));
                self.draw(Draw::Resize { segment, left, width: width.unsigned_abs() }, Some(gesture));
                true
            }
        }
    }

    /// Everything moves as far as the thing that is held, which is drawn to lines.
    fn drag(&mut self, from: &[(Item, Position)], clicked: &Item, by: Point, exact: bool, gesture: crate::Gesture) {
        let scale = self.now.viewport.scale;
        let by = Point::new(by.x / scale, by.y / scale);
        let Some((_, own)) = from.iter().find(|(item, _)| item == clicked).or_else(|| from.first()) else { return };
        let start = Point::new(f64::from(own.x), f64::from(own.y));
        let wanted = Point::new(start.x + by.x, start.y + by.y);
        let moving: BTreeSet<Item> = from.iter().map(|(item, _)| item.clone()).collect();
        let (to, guides) = match clicked {
            _ if exact => (wanted, Vec::new()),
            Item::Device(_) => snap(&places(&self.now.lab), &moving, wanted, scale),
            _ => (Point::new(to_grid(wanted.x), to_grid(wanted.y)), Vec::new()),
        };
        let shift = whole(Point::new(to.x - start.x, to.y - start.y));
        let put = from.iter().map(|(item, position)| {
            (item.clone(), Position { x: position.x.saturating_add(shift.x), y: position.y.saturating_add(shift.y) })
        });
        let put = Draw::Put(put.collect());
        let desk = self.desk();
        desk.guides = guides;
        desk.dragging = true;
        self.draw(put, Some(gesture));
    }

    /// A pointer passes over the picture with nothing held: what a click would do is shown.
    fn hover(&mut self, at: Point, over: &Over) -> bool {
        let here = self.on_picture(at);
        let preview = match (&self.hand.armed, self.now.desk.tool) {
            (Some(Hold::Cable { from }), _) => Preview::Cable { from: from.clone(), to: here, onto: over.item() },
            (Some(Hold::Gateway { from }), _) => Preview::Gateway { from: from.clone(), to: here, onto: over.item() },
            (_, Tool::Device(kind)) => Preview::Device(kind, here),
            (_, Tool::Segment) => Preview::Segment(Rect::new(here.x - WIDTH / 2.0, here.y - HALF_BAR, WIDTH, HALF_BAR * 2.0)),
            _ => return false,
        };
        self.desk().preview = preview;
        true
    }

    /// Two fingers: what lies between them stays between them.
    fn pinch(&mut self, before: Point, at: Point, other: Point) -> bool {
        let distance = |a: Point| (a.x - other.x).hypot(a.y - other.y).max(1.0);
        let viewport = self.now.viewport;
        let shift = Point::new((at.x - before.x) / 2.0, (at.y - before.y) / 2.0);
        self.show(ShowCommand::Viewport(Viewport { x: viewport.x + shift.x, y: viewport.y + shift.y, ..viewport }));
        let about = Some((f64::midpoint(at.x, other.x), f64::midpoint(at.y, other.y)));
        self.show(ShowCommand::Zoom { factor: distance(at) / distance(before), about })
    }

    pub(super) fn pointer_up(&mut self, pointer: i32, at: Point, over: &Over) -> bool {
        let Some(place) = self.hand.fingers.iter().position(|finger| finger.pointer == pointer) else { return false };
        let Finger { moved, hold, stays, .. } = self.hand.fingers.remove(place);
        self.still();
        let here = self.on_picture(at);
        match hold {
            // A tap beside everything.
            Hold::Pan if !moved && self.now.desk.tool == Tool::Select => self.now.selection = Selection::Nothing,
            Hold::Box { before, .. } if !moved => self.now.selection = Selection::of(before),
            Hold::Items { clicked, was_selected, more, .. } if !moved && was_selected => {
                self.now.selection = if more { self.now.selection.toggled(&clicked) } else { Selection::of(BTreeSet::from([clicked])) };
            }
            Hold::Segment { from } => {
                let x = to_grid(here.x);
                let (left, width) =
                    if (x - from.x).abs() < SHORT { (from.x - WIDTH / 2.0, WIDTH) } else { (from.x.min(x), (x - from.x).abs()) };
                let Position { y: width, .. } = whole(Point::new(0.0, width));
                self.put_down(Draw::AddSegment { position: whole(Point::new(left, from.y)), width: width.unsigned_abs() }, stays);
            }
            Hold::Device(kind) => {
                let (position, on) = self.drop_place(here, over);
                self.put_down(Draw::AddDevice { kind, position, on }, stays);
            }
            Hold::Cable { .. } | Hold::Gateway { .. } if !moved => self.hand.armed = Some(hold),
            Hold::Cable { .. } | Hold::Gateway { .. } | Hold::Plug { .. } if moved => self.join_up(&hold, over),
            Hold::Plug { device, interface } => self.now.selection = Selection::Cable(device, interface),
            Hold::End { segment, .. } if !moved => self.now.selection = Selection::Segment(segment),
            _ => {}
        }
        true
    }

    fn put_down(&mut self, draw: Draw, stays: bool) {
        let tool = self.now.desk.tool;
        self.placed(draw);
        if stays {
            self.desk().tool = tool;
        }
    }

    /// Where a device comes to stand that is dropped: on a bar it hangs below it, plugged in.
    fn drop_place(&self, here: Point, over: &Over) -> (Position, Option<String>) {
        let scene = places(&self.now.lab);
        if let Some(Item::Segment(name)) = over.item()
            && let Some(bar) = scene.segments.iter().find(|bar| bar.name == name)
        {
            return (whole(beside(&scene, bar.rect, Some(to_grid(here.x)))), Some(name));
        }
        let (at, _) = snap(&scene, &BTreeSet::new(), here, self.now.viewport.scale);
        (whole(at), None)
    }

    pub(super) fn pointer_lost(&mut self, pointer: i32) -> bool {
        self.hand.fingers.retain(|finger| finger.pointer != pointer);
        self.still();
        true
    }

    /// What was begun at one thing ends at another.
    fn join_up(&mut self, hold: &Hold, over: &Over) {
        let onto = over.item();
        match (hold, onto) {
            (_, None) => {}
            (Hold::Plug { device, interface }, Some(Item::Segment(segment))) => {
                self.draw(Draw::MoveCable { device: device.clone(), interface: interface.clone(), segment }, None);
                self.now.selection = Selection::Cable(device.clone(), interface.clone());
            }
            (Hold::Gateway { from: Item::Device(host) }, Some(Item::Device(router))) if *host != router => {
                if self.draw(Draw::Gateway { host: host.clone(), router: router.clone() }, None) {
                    self.now.selection = Selection::Device(host.clone());
                    self.desk().tool = Tool::Select;
                } else if self.now.lab.device(host).is_some_and(|device| device.gateway.is_none()) || !self.is_gateway(host, &router) {
                    self.notice(Notice::NoSharedSegment(Item::Device(host.clone()), Item::Device(router)));
                }
            }
            (Hold::Gateway { .. }, Some(_)) => self.notice(Notice::GatewayIsDevice),
            (Hold::Cable { from }, Some(onto)) => match join(from, &onto) {
                Some(draw) => {
                    self.draw(draw, None);
                    self.now.selection = Selection::of(BTreeSet::from([from.clone()]));
                    self.desk().tool = Tool::Select;
                }
                None => self.notice(Notice::CableNeedsDevice),
            },
            (_, Some(_)) => self.notice(Notice::CableNeedsDevice),
        }
    }

    fn is_gateway(&self, host: &str, router: &str) -> bool {
        let gateway = self.now.lab.device(host).and_then(|device| device.gateway);
        self.now.lab.device(router).is_some_and(|router| router.addresses().any(|(_, net)| Some(net.addr()) == gateway))
    }
}

/// The rectangle with these corners.
fn between(a: Point, b: Point) -> Rect {
    Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
}
