//! Where things come to stand when they are let go near a line.

use super::Guide;
use crate::item::Item;
use crate::view::geometry::Point;
use crate::view::scene::Scene;
use std::collections::BTreeSet;

/// Pixels from line to line of the grid.
pub const GRID: f64 = 8.0;
/// So near, in pixels of the window, a line attracts.
const NEAR: f64 = 6.0;

/// To the grid.
#[must_use]
pub fn to_grid(value: f64) -> f64 {
    (value / GRID).round() * GRID
}

/// The middle of something that is moved to `wanted`, drawn to the middles of other devices and bars, else to the grid; with the lines
/// that it then stands on. What moves itself attracts nothing.
#[must_use]
pub fn snap(scene: &Scene, moving: &BTreeSet<Item>, wanted: Point, scale: f64) -> (Point, Vec<Guide>) {
    let reach = NEAR / scale.max(0.01);
    let nearest = |middles: &mut dyn Iterator<Item = f64>, wanted: f64| {
        let near = middles.filter(|middle| (middle - wanted).abs() <= reach);
        near.min_by(|a, b| (a - wanted).abs().total_cmp(&(b - wanted).abs()))
    };
    let still = |name: &str| !moving.contains(&Item::Device(name.to_owned()));
    let devices = || scene.devices.iter().filter(|found| still(&found.name)).map(|found| found.rect.centre());
    let bars = scene.segments.iter().filter(|bar| !moving.contains(&Item::Segment(bar.name.clone()))).map(|bar| bar.rect.centre().y);
    let x = nearest(&mut devices().map(|centre| centre.x), wanted.x);
    let y = nearest(&mut devices().map(|centre| centre.y).chain(bars), wanted.y);
    let guides = x.map(Guide::Upright).into_iter().chain(y.map(Guide::Level)).collect();
    (Point::new(x.unwrap_or_else(|| to_grid(wanted.x)), y.unwrap_or_else(|| to_grid(wanted.y))), guides)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::scene::Caption;

    #[test]
    fn others_attract_and_else_the_grid_does() {
        let story = roundtrip_lab::example("story").unwrap().lab();
        let scene = Scene::new(&story, 1.0, &|_| Caption::default(), &|_| Caption::default());
        let r1 = scene.device("r1").unwrap().rect.centre();
        let moving = BTreeSet::from([Item::Device("pc1".into())]);
        let (at, guides) = snap(&scene, &moving, Point::new(r1.x + 4.0, 1003.0), 1.0);
        assert_eq!((at, guides), (Point::new(r1.x, 1000.0), vec![Guide::Upright(r1.x)]));
        // Small on the screen, it reaches further in the picture.
        let (at, _) = snap(&scene, &moving, Point::new(r1.x + 10.0, 1003.0), 0.5);
        assert!((at.x - r1.x).abs() < f64::EPSILON, "{at:?}");
        let own = scene.device("pc1").unwrap().rect.centre();
        let (_, guides) = snap(&scene, &moving, Point::new(own.x + 1.0, 1003.0), 1.0);
        assert!(guides.is_empty(), "it does not stand in its own way");
    }
}
