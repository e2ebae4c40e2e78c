//! Where the lines of ways run: side by side along cables and bars, so that none covers another.

use super::geometry::{Line, Point};
use super::scene::Scene;
use roundtrip_explain::reading::{Leg, Way};
use roundtrip_sim::Scenario;
use roundtrip_sim::scenario::{NodeId, Port};
use roundtrip_wire::order;

/// Distance between two lines side by side.
const LANE: f64 = 15.0;
/// Distance of the first line from the edge of a bar.
const FIRST_LANE: f64 = 10.0;
/// Radius of corners.
pub const RADIUS: f64 = 16.0;

/// A leg of a way as a line on the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// The leg.
    pub leg: Leg,
    /// Which of the given ways.
    pub way: usize,
    /// It is the last leg of its way.
    pub last: bool,
    /// The line, from the sender's box to the receiver's.
    pub line: Line,
}

/// The two cables of a leg, by place in [`Scene::cables`].
fn cables(scene: &Scene, scenario: &Scenario, leg: &Leg) -> Option<(usize, usize)> {
    Some((cable(scene, scenario, leg.from)?, cable(scene, scenario, leg.to)?))
}

/// The cable of an interface, by place in [`Scene::cables`].
fn cable(scene: &Scene, scenario: &Scenario, port: Port) -> Option<usize> {
    let node = scenario.nodes.get(port.node.0 as usize)?;
    let interface = node.interfaces.get(usize::from(port.interface.0))?;
    scene.cables.iter().position(|cable| cable.device_name == node.name && cable.interface == interface.name)
}

/// The plain line of a hop that is on no drawn way: along the middle of both cables and of the bar.
#[must_use]
pub fn plain(scene: &Scene, scenario: &Scenario, from: Port, to: Port) -> Option<Line> {
    let (from, to) = (cable(scene, scenario, from)?, cable(scene, scenario, to)?);
    let (from, to) = (scene.cables.get(from)?, scene.cables.get(to)?);
    Some(Line::rounded(&[from.at_device, from.at_segment, to.at_segment, to.at_device], RADIUS))
}

/// The line from an interface to its segment, for a frame that nobody took.
#[must_use]
pub fn stub(scene: &Scene, scenario: &Scenario, from: Port) -> Option<Line> {
    let cable = scene.cables.get(cable(scene, scenario, from)?)?;
    Some(Line::rounded(&[cable.at_device, cable.at_segment], RADIUS))
}

/// The stations of a way in order, and whether it runs in a circle. Of a circle each leg is told once.
#[must_use]
pub fn stations(way: &Way) -> (Vec<NodeId>, bool) {
    let repeats = |place: usize, leg: &Leg| way.legs.iter().take(place).any(|before| before == leg);
    let end = way.legs.iter().enumerate().position(|(place, leg)| repeats(place, leg));
    let legs = way.legs.get(..end.unwrap_or(way.legs.len())).unwrap_or(&[]);
    let stations = way.legs.first().map(|leg| leg.from.node).into_iter().chain(legs.iter().map(|leg| leg.to.node));
    (stations.collect(), end.is_some())
}

/// One crossing of a bar.
struct Crossing {
    way: usize,
    leg: Leg,
    last: bool,
    from: usize,
    to: usize,
    segment: usize,
    /// Horizontal extent.
    left: f64,
    right: f64,
}

/// Lines for every leg of these ways.
#[must_use]
pub fn lanes(scene: &Scene, scenario: &Scenario, ways: &[&Way]) -> Vec<Lane> {
    let mut crossings: Vec<Crossing> = Vec::new();
    for (number, way) in ways.iter().enumerate() {
        for (place, leg) in way.legs.iter().enumerate() {
            // In a circle the same leg is taken again and again: one line tells it.
            if way.legs.iter().take(place).any(|before| before == leg) {
                continue;
            }
            let Some((from, to)) = cables(scene, scenario, leg) else { continue };
            let (Some(a), Some(b)) = (scene.cables.get(from), scene.cables.get(to)) else { continue };
            crossings.push(Crossing {
                way: number,
                leg: *leg,
                last: way.legs.last() == Some(leg),
                from,
                to,
                segment: a.segment,
                left: a.at_segment.x.min(b.at_segment.x),
                right: a.at_segment.x.max(b.at_segment.x),
            });
        }
    }
    let heights: Vec<f64> = heights(scene, &crossings);
    crossings
        .iter()
        .zip(&heights)
        .enumerate()
        .filter_map(|(number, (crossing, height))| {
            let (from, to) = (scene.cables.get(crossing.from)?, scene.cables.get(crossing.to)?);
            let (out, into) =
                (offset(scene, &crossings, &heights, number, crossing.from), offset(scene, &crossings, &heights, number, crossing.to));
            let corners = [
                Point::new(from.at_device.x + out, from.at_device.y),
                Point::new(from.at_segment.x + out, *height),
                Point::new(to.at_segment.x + into, *height),
                Point::new(to.at_device.x + into, to.at_device.y),
            ];
            let line = Line::rounded(&corners, RADIUS);
            Some(Lane { leg: crossing.leg, way: crossing.way, last: crossing.last, line })
        })
        .collect()
}

/// How far beside its cable a crossing's line runs. Those that turn left run on the left; of those that turn the same way the one
/// that goes further before it turns runs outside, so that the others need not cross it.
fn offset(scene: &Scene, crossings: &[Crossing], heights: &[f64], number: usize, cable: usize) -> f64 {
    let Some(here) = scene.cables.get(cable) else { return 0.0 };
    let mut users: Vec<(bool, f64, usize)> = crossings
        .iter()
        .zip(heights)
        .enumerate()
        .filter(|(_, (crossing, _))| crossing.from == cable || crossing.to == cable)
        .filter_map(|(number, (crossing, height))| {
            let other = scene.cables.get(if crossing.from == cable { crossing.to } else { crossing.from })?;
            let turns_right = other.at_segment.x > here.at_segment.x;
            let distance = (height - here.at_device.y).abs();
            Some((turns_right, if turns_right { -distance } else { distance }, number))
        })
        .collect();
    order::sort_by(&mut users, |a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    let place = users.iter().position(|(_, _, user)| *user == number).unwrap_or(0);
    let middle = small(users.len().saturating_sub(1)) / 2.0;
    // The address stands beside the cable and a line on each side of it leaves it free.
    let beside = if users.len() == 1 { -0.6 } else { (small(place) - middle) * 1.2 };
    beside * LANE * scene.magnified
}

/// At which height each crossing runs, on the side of the bar where most of its ends hang: those that must cross the
/// bar next to it, then wide ones, then narrow ones inside them, so that they cross each other as little as can be.
fn heights(scene: &Scene, crossings: &[Crossing]) -> Vec<f64> {
    let mut heights = vec![0.0; crossings.len()];
    for (segment, bar) in scene.segments.iter().enumerate() {
        let mut here: Vec<(usize, &Crossing)> = crossings.iter().enumerate().filter(|(_, crossing)| crossing.segment == segment).collect();
        let hangs_below = |cable: usize| scene.cables.get(cable).is_some_and(|cable| cable.at_device.y > bar.rect.centre().y);
        let count_below = here.iter().flat_map(|(_, crossing)| [crossing.from, crossing.to]).filter(|cable| hangs_below(*cable)).count();
        let below = count_below > here.len();
        let crosses_bar = |crossing: &Crossing| hangs_below(crossing.from) != below || hangs_below(crossing.to) != below;
        order::sort_by(&mut here, |(_, a), (_, b)| {
            let width = |crossing: &Crossing| crossing.right - crossing.left;
            crosses_bar(b).cmp(&crosses_bar(a)).then(width(b).total_cmp(&width(a)))
        });
        let mut taken: Vec<Vec<(f64, f64)>> = Vec::new();
        for (number, crossing) in here {
            let is_free = |lane: &Vec<(f64, f64)>| lane.iter().all(|(left, right)| crossing.right <= *left || crossing.left >= *right);
            // Not before a lane that it would have to cross: behind the last one that is taken here.
            let lane = taken.iter().rposition(|lane| !is_free(lane)).map_or(0, |taken| taken.saturating_add(1));
            match taken.get_mut(lane) {
                Some(lane) => lane.push((crossing.left, crossing.right)),
                None => taken.push(vec![(crossing.left, crossing.right)]),
            }
            let distance = LANE.mul_add(small(lane), FIRST_LANE) * scene.magnified;
            if let Some(height) = heights.get_mut(number) {
                *height = if below { bar.rect.bottom() + distance } else { bar.rect.y - distance };
            }
        }
    }
    heights
}

fn small(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::geometry::Rect;
    use crate::view::scene::{Bar, Cable, Caption, DeviceBox};
    use roundtrip_explain::reading::Direction;
    use roundtrip_sim::scenario::{IfIndex, Interface, Node, SegmentId, System};
    use roundtrip_sim::time::SimTime;

    /// The story's picture: R1 above the living segment, PC1 and R2 below it, the test segment below R2, PC2 below that.
    fn story() -> (Scene, Scenario) {
        let bar = |name: &str, rect| Bar { name: name.into(), caption: Caption::default(), rect };
        let places = [("pc1", 250.0, 332.0), ("r1", 420.0, 98.0), ("r2", 700.0, 320.0), ("pc2", 860.0, 515.0)];
        let segments = vec![bar("living", Rect::new(120.0, 190.0, 800.0, 26.0)), bar("test", Rect::new(520.0, 420.0, 440.0, 26.0))];
        let devices: Vec<DeviceBox> = places
            .iter()
            .map(|(name, x, y)| DeviceBox {
                name: (*name).into(),
                caption: Caption::default(),
                rect: Rect::around(Point::new(*x, *y), 90.0, 56.0),
            })
            .collect();
        let cable = |device: usize, interface: &str, segment: usize, up: bool| {
            let rect = devices[device].rect;
            let x = rect.centre().x;
            Cable {
                device,
                device_name: devices[device].name.clone(),
                interface: interface.into(),
                segment,
                at_device: Point::new(x, if up { rect.y } else { rect.bottom() }),
                at_segment: Point::new(x, segments[segment].rect.centre().y),
                crowded: false,
                address: String::new(),
            }
        };
        let cables = vec![
            cable(0, "eth0", 0, true),
            cable(1, "eth0", 0, false),
            cable(2, "eth0", 0, true),
            cable(2, "eth1", 1, false),
            cable(3, "eth0", 1, true),
        ];
        let node = |(name, _, _): &(&str, f64, f64)| Node {
            name: (*name).into(),
            system: System::Linux,
            interfaces: ["eth0", "eth1"]
                .map(|name| Interface {
                    name: name.into(),
                    segment: None,
                    mac: roundtrip_wire::Mac::ZERO,
                    addresses: Vec::new(),
                    mtu: 1500,
                    delay: SimTime::ZERO,
                })
                .into(),
            routes: Vec::new(),
            sysctls: Vec::new(),
            ruleset: roundtrip_sim::netfilter::ruleset::Ruleset::default(),
            listeners: Vec::new(),
        };
        let scenario = Scenario { nodes: places.iter().map(node).collect(), ..Scenario::default() };
        (Scene { segments, devices, cables, bounds: Rect::default(), magnified: 1.0 }, scenario)
    }

    fn leg(from: (u32, u16), segment: u32, to: (u32, u16)) -> Leg {
        let port = |(node, interface)| Port { node: NodeId(node), interface: IfIndex(interface) };
        Leg { from: port(from), segment: SegmentId(segment), to: port(to) }
    }

    fn story_ways() -> [Way; 2] {
        let way =
            |direction, legs| Way { direction, legs, complete: true, first: SimTime::ZERO, packet: roundtrip_sim::trace::PacketId(0) };
        [
            way(Direction::There, vec![leg((0, 0), 0, (1, 0)), leg((1, 0), 0, (2, 0)), leg((2, 1), 1, (3, 0))]),
            way(Direction::Back, vec![leg((3, 0), 1, (2, 1)), leg((2, 0), 0, (0, 0))]),
        ]
    }

    fn cross(a: &Line, b: &Line) -> bool {
        let side = |p: Point, q: Point, r: Point| ((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)).signum();
        a.points().windows(2).any(|s| {
            b.points()
                .windows(2)
                .any(|t| side(s[0], s[1], t[0]) * side(s[0], s[1], t[1]) < 0.0 && side(t[0], t[1], s[0]) * side(t[0], t[1], s[1]) < 0.0)
        })
    }

    #[test]
    fn the_storys_ways_do_not_cross_each_other() {
        let (scene, scenario) = story();
        let [there, back] = story_ways();
        let lanes = lanes(&scene, &scenario, &[&there, &back]);
        assert_eq!(lanes.len(), 5);
        for (i, a) in lanes.iter().enumerate() {
            for b in lanes.iter().skip(i + 1) {
                assert!(!cross(&a.line, &b.line), "{:?} crosses {:?}", a.leg, b.leg);
            }
        }
        assert_eq!(lanes.iter().map(|lane| lane.last).collect::<Vec<_>>(), [false, false, true, false, true]);
    }

    #[test]
    fn a_hairpin_does_not_cross_the_way_back() {
        let (scene, scenario) = story();
        // PC1 to R2 by R1 above both, and back from R2 to PC1 directly: the nearest picture with all three on one segment.
        let way =
            |direction, legs| Way { direction, legs, complete: true, first: SimTime::ZERO, packet: roundtrip_sim::trace::PacketId(0) };
        for (a, b) in [(0, 2), (2, 0)] {
            let there = way(Direction::There, vec![leg((a, 0), 0, (1, 0)), leg((1, 0), 0, (b, 0))]);
            let back = way(Direction::Back, vec![leg((b, 0), 0, (a, 0))]);
            let lanes = lanes(&scene, &scenario, &[&there, &back]);
            for (i, one) in lanes.iter().enumerate() {
                assert!(lanes.iter().skip(i + 1).all(|other| !cross(&one.line, &other.line)), "{one:?}");
            }
        }
        // And with the turning point beyond both.
        let there = way(Direction::There, vec![leg((0, 0), 0, (2, 0)), leg((2, 0), 0, (1, 0))]);
        let back = way(Direction::Back, vec![leg((1, 0), 0, (0, 0))]);
        let lanes = lanes(&scene, &scenario, &[&there, &back]);
        let crossings = lanes.iter().enumerate().flat_map(|(i, a)| lanes.iter().skip(i + 1).filter(|b| cross(&a.line, &b.line)));
        assert!(crossings.count() <= 1);
    }

    #[test]
    fn a_circle_is_drawn_and_told_once() {
        let (scene, scenario) = story();
        let way = |legs| Way {
            direction: Direction::There,
            legs,
            complete: false,
            first: SimTime::ZERO,
            packet: roundtrip_sim::trace::PacketId(0),
        };
        let (out, back) = (leg((1, 0), 0, (2, 0)), leg((2, 0), 0, (1, 0)));
        let mut legs = vec![leg((0, 0), 0, (1, 0))];
        legs.extend([out, back].repeat(30));
        let circle = way(legs);
        let lanes = lanes(&scene, &scenario, &[&circle]);
        assert_eq!(lanes.len(), 3);
        assert_eq!(lanes.iter().filter(|lane| lane.last).count(), 1);
        assert_eq!(stations(&circle), ([0, 1, 2, 1].map(NodeId).into(), true));
        assert_eq!(stations(&way(vec![out])), ([1, 2].map(NodeId).into(), false));
        assert_eq!(stations(&way(Vec::new())), (Vec::new(), false));
    }

    #[test]
    fn a_lane_runs_from_box_to_box() {
        let (scene, scenario) = story();
        let [there, _] = story_ways();
        for lane in lanes(&scene, &scenario, &[&there]) {
            let (from, to) = (lane.line.at(0.0), lane.line.at(1.0));
            let touches =
                |point: Point| scene.devices.iter().any(|device| device.rect.grown(0.5).overlap(&Rect::around(point, 0.1, 0.1)) > 0.0);
            assert!(touches(from) && touches(to), "{from:?} {to:?}");
        }
        let plain = plain(&scene, &scenario, there.legs[0].from, there.legs[0].to).unwrap();
        assert_eq!(plain.at(0.0), scene.cables[0].at_device);
        assert!(stub(&scene, &scenario, there.legs[0].from).unwrap().length() > 50.0);
    }

    #[test]
    fn what_the_picture_lacks_is_left_out() {
        let (mut scene, scenario) = story();
        scene.cables.clear();
        let [there, back] = story_ways();
        assert!(lanes(&scene, &scenario, &[&there, &back]).is_empty());
    }
}
