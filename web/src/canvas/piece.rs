//! Layers in pieces: where one of many things changes, the piece that it is in is rendered again, and the others are only compared.

use crate::hooks::Same;
use roundtrip_editor::view::scene::{Cable, Scene};
use std::ops::Range;
use yew::prelude::*;

/// Things of one piece.
const SIZE: usize = 50;

/// Where the pieces of so many things begin.
pub(super) fn starts(count: usize) -> impl Iterator<Item = usize> {
    (0..count).step_by(SIZE)
}

/// The places of a piece.
pub(super) const fn places(start: usize) -> Range<usize> {
    start..start.saturating_add(SIZE)
}

/// The part of a list that is in a piece.
pub(super) fn part<T>(all: &[T], start: usize) -> &[T] {
    let end = all.len().min(places(start).end);
    all.get(start..end).unwrap_or_default()
}

/// A piece of the cables.
#[derive(Clone, Properties)]
pub(super) struct CableProps {
    /// The picture.
    pub(super) scene: Same<Scene>,
    /// Where the piece begins.
    pub(super) start: usize,
}

impl PartialEq for CableProps {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.scene, &other.scene);
        let cables = || part(&a.cables, self.start).iter().zip(part(&b.cables, self.start));
        let title = |scene: &Scene, cable: &Cable| scene.devices.get(cable.device).map(|device| device.caption.title.clone());
        let same = || {
            a.magnified == b.magnified
                && a.segments == b.segments
                && part(&a.cables, self.start).len() == part(&b.cables, self.start).len()
                && cables().all(|(one, other)| one == other && title(a, one) == title(b, other))
        };
        self.start == other.start && (self.scene == other.scene || same())
    }
}
