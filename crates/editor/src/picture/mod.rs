//! The picture and the ladder as SVG files, for papers and posts: drawn from the same scene as the page's, in its colours, with the
//! lab inside, so that the file dropped back onto the page opens it.
//!
//! They stand here and not among the exports, for the scene does; what an SVG needs of a lab (`roundtrip_export::picture`) stands
//! below. Whoever draws brings the words: this crate has no language.

mod canvas;
mod ladder;
mod paint;

pub use canvas::CanvasPicture;
pub use ladder::LadderPicture;
pub use paint::{Palette, Style};

use crate::run::{Focus, Run};
use crate::view::geometry::Point;
use crate::view::scene::Scene;
use roundtrip_explain::reading::{Direction, way};
use roundtrip_sim::scenario::{IfIndex, NodeId};
use roundtrip_sim::time::SimTime;

/// Where on the picture a packet died that had come by an interface, or was made there.
#[must_use]
pub fn grave_place(scene: &Scene, run: &Run, node: NodeId, interface: Option<IfIndex>) -> Option<Point> {
    let name = run.device_name(node);
    let interfaces = &run.scenario.nodes.get(node.0 as usize)?.interfaces;
    let interface = interface.and_then(|interface| interfaces.get(usize::from(interface.0)));
    match interface.and_then(|interface| scene.cable(name, &interface.name)) {
        // On the cable, just before the box.
        Some(cable) => {
            let towards = (cable.at_segment.y - cable.at_device.y).signum();
            Some(Point::new(cable.at_device.x, towards.mul_add(20.0 * scene.magnified, cable.at_device.y)))
        }
        None => {
            let rect = scene.device(name)?.rect;
            Some(Point::new(rect.right(), rect.y))
        }
    }
}

/// The devices that only one of the two ways meets, by name.
#[must_use]
pub fn met_once(run: &Run, focus: &Focus) -> Vec<(String, Direction)> {
    // The ways of all traffic belong to nobody.
    if focus.conversation.is_none() {
        return Vec::new();
    }
    let at = |direction| way::at(&focus.ways, direction, SimTime::MAX).filter(|way| way.complete);
    let (Some(there), Some(back)) = (at(Direction::There), at(Direction::Back)) else { return Vec::new() };
    way::met_once(there, back).into_iter().map(|(node, direction)| (run.device_name(node).to_owned(), direction)).collect()
}
