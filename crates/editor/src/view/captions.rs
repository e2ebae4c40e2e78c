//! The captions of a lab's devices, kept while nothing changes that they tell of.

use crate::view::scene::Caption;
use roundtrip_lab::Lab;
use roundtrip_lab::document::Device;
use std::rc::Rc;

/// Captions by device, in the document's order, of one lab.
#[derive(Clone, Debug, Default)]
pub struct Captions {
    of: Option<Rc<Lab>>,
    all: Rc<Vec<Caption>>,
}

impl Captions {
    /// Those of a lab. `make` is asked again only if something but places has changed: to move a device changes no caption, and
    /// with a thousand of them that is what a drag has no time for.
    pub fn of(&mut self, lab: &Rc<Lab>, make: impl Fn(&Device) -> Caption) -> Rc<Vec<Caption>> {
        if !self.of.as_ref().is_some_and(|before| same_but_places(before, lab)) {
            self.all = Rc::new(lab.devices.iter().map(make).collect());
        }
        self.of = Some(Rc::clone(lab));
        Rc::clone(&self.all)
    }

    /// Forgets them, as when the language changes.
    pub fn clear(&mut self) {
        self.of = None;
    }
}

/// True if two labs have the same devices, wherever these stand.
fn same_but_places(a: &Rc<Lab>, b: &Rc<Lab>) -> bool {
    let same = |(a, b): (&Device, &Device)| {
        // Nearly always equal as a whole; the one that moves is compared in its new place.
        a == b || Device { position: b.position, ..a.clone() } == *b
    };
    Rc::ptr_eq(a, b) || (a.devices.len() == b.devices.len() && a.devices.iter().zip(&b.devices).all(same))
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::document::{Kind, Position};
    use std::cell::Cell;

    #[test]
    fn captions_are_made_again_only_for_what_they_tell() {
        let lab = Rc::new(Lab { devices: vec![Device::new("a", Kind::Host), Device::new("b", Kind::Router)], ..Lab::default() });
        let made = Cell::new(0);
        let make = |device: &Device| {
            made.set(made.get() + 1);
            Caption { title: device.name.clone(), subtitle: String::new() }
        };
        let mut captions = Captions::default();
        let first = captions.of(&lab, make);
        assert_eq!((first.len(), made.get()), (2, 2));
        let mut moved = Lab::clone(&lab);
        moved.devices[1].position = Some(Position { x: 1, y: 2 });
        assert!(Rc::ptr_eq(&first, &captions.of(&Rc::new(moved.clone()), make)));
        moved.devices[1].name = "c".into();
        assert_eq!(captions.of(&Rc::new(moved.clone()), make)[1].title, "c");
        moved.devices.pop();
        assert_eq!(captions.of(&Rc::new(moved.clone()), make).len(), 1);
        let before = made.get();
        captions.clear();
        captions.of(&Rc::new(moved), make);
        assert_eq!(made.get(), before + 1);
    }
}
