//! Where things stand: moving, resizing, aligning, spreading evenly.

use super::create::NARROWEST;
use crate::item::Item;
use crate::view::geometry::Rect;
use crate::view::scene::{Caption, Scene};
use roundtrip_lab::Lab;
use roundtrip_lab::document::Position;
use roundtrip_lab::limits::PIXELS;
use roundtrip_wire::order;

/// Inside what a document may say.
pub(super) fn bounded(position: Position) -> Position {
    Position { x: position.x.clamp(-PIXELS, PIXELS), y: position.y.clamp(-PIXELS, PIXELS) }
}

/// To the next whole pixel.
pub(super) fn whole(value: f64) -> i32 {
    // Saturates, and is then bounded by the document's own limit.
    value.round() as i32
}

/// The picture with names for captions: places of things do not depend on what is written on them.
pub(super) fn places(lab: &Lab) -> Scene {
    let caption = |title: &str| Caption { title: title.to_owned(), subtitle: String::new() };
    Scene::new(lab, 1.0, &|device| caption(&device.name), &|segment| caption(&segment.name))
}

/// Where an item is moved from: a device's middle, the left end of a bar's middle line. None for cables, which follow.
#[must_use]
pub fn position(scene: &Scene, item: &Item) -> Option<Position> {
    match item {
        Item::Device(name) => {
            let centre = scene.device(name)?.rect.centre();
            Some(Position { x: whole(centre.x), y: whole(centre.y) })
        }
        Item::Segment(name) => {
            let rect = scene.segments.iter().find(|bar| bar.name == *name)?.rect;
            Some(Position { x: whole(rect.x), y: whole(rect.centre().y) })
        }
        Item::Cable(..) => None,
    }
}

/// What an item covers on the picture.
#[must_use]
pub fn covers(scene: &Scene, item: &Item) -> Option<Rect> {
    match item {
        Item::Device(name) => scene.device(name).map(|found| found.rect),
        Item::Segment(name) => scene.segments.iter().find(|bar| bar.name == *name).map(|bar| bar.rect),
        Item::Cable(..) => None,
    }
}

/// Writes down the places of all that has none, so that nothing else moves when one thing does.
pub(super) fn pin(lab: &mut Lab) {
    let is_placed =
        lab.devices.iter().all(|device| device.position.is_some()) && lab.segments.iter().all(|segment| segment.position.is_some());
    if is_placed {
        return;
    }
    let scene = places(lab);
    for (device, its_box) in lab.devices.iter_mut().zip(&scene.devices) {
        let centre = its_box.rect.centre();
        device.position.get_or_insert_with(|| bounded(Position { x: whole(centre.x), y: whole(centre.y) }));
    }
    for (segment, bar) in lab.segments.iter_mut().zip(&scene.segments) {
        segment.position.get_or_insert_with(|| bounded(Position { x: whole(bar.rect.x), y: whole(bar.rect.centre().y) }));
        segment.width.get_or_insert(whole(bar.rect.width).unsigned_abs());
    }
}

/// Puts items where they are said to be.
pub(super) fn put(lab: &Lab, to: &[(Item, Position)]) -> Lab {
    let mut new = lab.clone();
    pin(&mut new);
    for (item, position) in to {
        let place = match item {
            Item::Device(name) => new.devices.iter_mut().find(|device| device.name == *name).map(|device| &mut device.position),
            Item::Segment(name) => new.segments.iter_mut().find(|segment| segment.name == *name).map(|segment| &mut segment.position),
            Item::Cable(..) => None,
        };
        if let Some(place) = place {
            *place = Some(bounded(*position));
        }
    }
    new
}

/// A bar gets other ends.
pub(super) fn resize(lab: &Lab, name: &str, left: i32, width: u32) -> Option<Lab> {
    let mut new = lab.clone();
    pin(&mut new);
    let segment = new.segments.iter_mut().find(|segment| segment.name == name)?;
    let position = segment.position?;
    segment.position = Some(bounded(Position { x: left, ..position }));
    segment.width = Some(width.clamp(NARROWEST, PIXELS.unsigned_abs()));
    Some(new)
}

/// A line on which things can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// Their left edges.
    Left,
    /// Their middles, one above the other.
    Centre,
    /// Their right edges.
    Right,
    /// Their upper edges.
    Top,
    /// Their middles, side by side.
    Middle,
    /// Their lower edges.
    Bottom,
}

impl Edge {
    /// Every one.
    pub const ALL: [Self; 6] = [Self::Left, Self::Centre, Self::Right, Self::Top, Self::Middle, Self::Bottom];
}

/// A direction to spread in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// From left to right.
    Across,
    /// From top to bottom.
    Down,
}

/// The items that have a place of their own, with what they cover.
fn movable(lab: &Lab, items: &[Item]) -> Vec<(Item, Rect)> {
    let scene = places(lab);
    items.iter().filter_map(|item| Some((item.clone(), covers(&scene, item)?))).collect()
}

fn shifted(scene_item: &(Item, Rect), dx: f64, dy: f64) -> (Item, Position) {
    let (item, rect) = scene_item;
    let x = if matches!(item, Item::Segment(_)) { rect.x } else { rect.centre().x };
    (item.clone(), Position { x: whole(x + dx), y: whole(rect.centre().y + dy) })
}

/// On one line with each other.
pub(super) fn align(lab: &Lab, items: &[Item], edge: Edge) -> Option<Lab> {
    let found = movable(lab, items);
    let all = found.iter().map(|(_, rect)| *rect).reduce(|all, rect| all.union(&rect)).filter(|_| found.len() > 1)?;
    let to: Vec<(Item, Position)> = found
        .iter()
        .map(|moved| {
            let rect = moved.1;
            let (dx, dy) = match edge {
                Edge::Left => (all.x - rect.x, 0.0),
                Edge::Centre => (all.centre().x - rect.centre().x, 0.0),
                Edge::Right => (all.right() - rect.right(), 0.0),
                Edge::Top => (0.0, all.y - rect.y),
                Edge::Middle => (0.0, all.centre().y - rect.centre().y),
                Edge::Bottom => (0.0, all.bottom() - rect.bottom()),
            };
            shifted(moved, dx, dy)
        })
        .collect();
    Some(put(lab, &to))
}

/// With the same distance between the middles of neighbours; the outermost stay.
pub(super) fn distribute(lab: &Lab, items: &[Item], axis: Axis) -> Option<Lab> {
    let mut found = movable(lab, items);
    let middle = |rect: &Rect| if axis == Axis::Across { rect.centre().x } else { rect.centre().y };
    order::sort_by(&mut found, |a, b| middle(&a.1).total_cmp(&middle(&b.1)));
    let (first, last) = (middle(&found.first()?.1), middle(&found.last()?.1));
    let gaps = u32::try_from(found.len().saturating_sub(1)).ok().filter(|gaps| *gaps > 1)?;
    let step = (last - first) / f64::from(gaps);
    let to: Vec<(Item, Position)> = found
        .iter()
        .zip(0_u32..)
        .map(|(moved, number)| {
            let by = step.mul_add(f64::from(number), first) - middle(&moved.1);
            if axis == Axis::Across { shifted(moved, by, 0.0) } else { shifted(moved, 0.0, by) }
        })
        .collect();
    Some(put(lab, &to))
}
