//! The picture of the network: bars for segments, boxes for devices, cables between them.

use super::geometry::{Point, Rect, text_width};
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Device, Position, Segment};
use roundtrip_wire::order;
use std::net::Ipv4Addr;

/// What is written on a device or segment: it depends on the reader's language, so whoever draws says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    /// First line.
    pub title: String,
    /// Second line of a device, right end of a segment.
    pub subtitle: String,
}

/// A segment on the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Its name in the document.
    pub name: String,
    /// What is written on it.
    pub caption: Caption,
    /// Where it is.
    pub rect: Rect,
}

/// A device on the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceBox {
    /// Its name in the document.
    pub name: String,
    /// What is written on it.
    pub caption: Caption,
    /// Where it is.
    pub rect: Rect,
}

/// A cable from a device to a segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Cable {
    /// Place of the device in [`Scene::devices`].
    pub device: usize,
    /// The device's name in the document.
    pub device_name: String,
    /// The interface's name in the document.
    pub interface: String,
    /// Place of the segment in [`Scene::segments`].
    pub segment: usize,
    /// Where it leaves the device.
    pub at_device: Point,
    /// Where it meets the middle of the bar.
    pub at_segment: Point,
    /// Its address stands on its left, since another cable leaves on its right.
    pub crowded: bool,
    /// The interface's addresses, as short as the prefix allows: `.10`.
    pub address: String,
}

impl Cable {
    /// Where it meets the edge of its bar, on the side of its device.
    #[must_use]
    pub fn edge(&self, bars: &[Bar]) -> Point {
        let bar = bars.get(self.segment).map(|bar| bar.rect);
        let y = bar.map_or(self.at_segment.y, |bar| if self.at_device.y < self.at_segment.y { bar.y } else { bar.bottom() });
        Point::new(self.at_segment.x, y)
    }
}

/// The picture of a lab.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// In the document's order.
    pub segments: Vec<Bar>,
    /// In the document's order.
    pub devices: Vec<DeviceBox>,
    /// Device by device, interface by interface.
    pub cables: Vec<Cable>,
    /// What all of it covers.
    pub bounds: Rect,
    /// How many times their natural size boxes and bars are.
    pub magnified: f64,
}

/// Height of a segment's bar.
pub const BAR_HEIGHT: f64 = 26.0;
/// Height of a device's box.
pub const DEVICE_HEIGHT: f64 = 56.0;
const DEVICE_WIDTH: f64 = 92.0;
const CABLE_SPREAD: f64 = 26.0;

impl Scene {
    /// Of a lab, with the captions that these functions give. Boxes and bars are `magnified` times their natural size, so that a
    /// picture that is shown small can still be read; their places stay.
    #[must_use]
    pub fn new(lab: &Lab, magnified: f64, on_device: &dyn Fn(&Device) -> Caption, on_segment: &dyn Fn(&Segment) -> Caption) -> Self {
        let segments: Vec<Bar> =
            lab.segments.iter().zip(0_u32..).map(|(segment, row)| bar(lab, segment, row, magnified, on_segment(segment))).collect();
        let mut devices: Vec<DeviceBox> = Vec::with_capacity(lab.devices.len());
        for device in &lab.devices {
            let caption = on_device(device);
            // Room for the sign of its kind on both sides of the title, which stays in the middle.
            let width = DEVICE_WIDTH.max(text_width(&caption.title) + 66.0).max(text_width(&caption.subtitle).mul_add(0.86, 24.0));
            let centre = device.position.map_or_else(|| free_place(lab, device, &segments, &devices), to_point);
            devices.push(DeviceBox {
                name: device.name.clone(),
                caption,
                rect: Rect::around(centre, width * magnified, DEVICE_HEIGHT * magnified),
            });
        }
        let cables = cables(lab, magnified, &segments, &devices);
        let boxes = segments.iter().map(|bar| bar.rect).chain(devices.iter().map(|device| device.rect));
        let bounds = boxes.reduce(|all, rect| all.union(&rect)).unwrap_or_default();
        Self { segments, devices, cables, bounds, magnified }
    }

    /// The cable of an interface.
    #[must_use]
    pub fn cable(&self, device: &str, interface: &str) -> Option<&Cable> {
        self.cables.iter().find(|cable| cable.device_name == device && cable.interface == interface)
    }

    /// Where a note of this width at natural size stands beside a device: where it covers least.
    #[must_use]
    pub fn note(&self, device: &DeviceBox, width: f64) -> Rect {
        let (width, height, gap) = (width * self.magnified, 18.0 * self.magnified, 7.0 * self.magnified);
        let rect = device.rect;
        let middle = rect.centre().y - height / 2.0;
        let corner = 24.0 * self.magnified;
        let candidates = [
            Rect::new(rect.right() + gap, middle, width, height),
            Rect::new(rect.x - gap - width, middle, width, height),
            Rect::new(rect.x + corner - width, rect.y - height, width, height),
            Rect::new(rect.x + corner - width, rect.bottom(), width, height),
        ];
        let others = || self.devices.iter().map(|other| other.rect).chain(self.segments.iter().map(|bar| bar.rect));
        let cost = |place: &Rect| -> f64 { others().map(|other| other.overlap(place)).sum() };
        candidates.into_iter().min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(rect)
    }

    /// The box of a device.
    #[must_use]
    pub fn device(&self, name: &str) -> Option<&DeviceBox> {
        self.devices.iter().find(|device| device.name == name)
    }
}

fn to_point(position: Position) -> Point {
    Point::new(f64::from(position.x), f64::from(position.y))
}

fn bar(lab: &Lab, segment: &Segment, row: u32, magnified: f64, caption: Caption) -> Bar {
    let on_it = lab.devices.iter().filter(|device| is_on(device, segment)).count();
    let needed = (text_width(&caption.title) + text_width(&caption.subtitle) + 80.0) * magnified;
    let default_width = 140.0f64.mul_add(f64::from(u32::try_from(on_it).unwrap_or(0)), 160.0);
    let width = segment.width.map_or(default_width, f64::from).max(needed);
    // The position is the left end of the bar's middle line.
    let left = segment.position.map_or_else(|| Point::new(120.0, 230.0f64.mul_add(f64::from(row), 200.0)), to_point);
    Bar { name: segment.name.clone(), caption, rect: Rect::around(Point::new(left.x + width / 2.0, left.y), width, BAR_HEIGHT * magnified) }
}

fn is_on(device: &Device, segment: &Segment) -> bool {
    device.interfaces.iter().any(|interface| interface.segment.as_deref() == Some(segment.name.as_str()))
}

/// A place for a device that has none: below its only segment or between its segments, beside those already there.
fn free_place(lab: &Lab, device: &Device, segments: &[Bar], placed: &[DeviceBox]) -> Point {
    let its: Vec<Rect> = lab.segments.iter().zip(segments).filter(|(segment, _)| is_on(device, segment)).map(|(_, bar)| bar.rect).collect();
    let all = its.iter().copied().reduce(|all, rect| all.union(&rect)).unwrap_or(Rect::new(120.0, 60.0, 600.0, BAR_HEIGHT));
    let y = if its.len() > 1 { all.centre().y } else { all.bottom() + 100.0 };
    let mut place = Point::new(all.x + 80.0, y);
    // Ends, for each device in the way moves the place further to the right.
    for _ in 0..=placed.len() {
        let wanted = Rect::around(place, DEVICE_WIDTH, DEVICE_HEIGHT).grown(16.0);
        match placed.iter().find(|other| other.rect.overlap(&wanted) > 0.0) {
            Some(other) => place.x = other.rect.right() + 32.0 + DEVICE_WIDTH / 2.0,
            None => break,
        }
    }
    place
}

fn cables(lab: &Lab, magnified: f64, segments: &[Bar], devices: &[DeviceBox]) -> Vec<Cable> {
    let mut found = Vec::new();
    for (number, (device, its_box)) in lab.devices.iter().zip(devices).enumerate() {
        let centre = its_box.rect.centre();
        // An interface's side of the box is the one towards its segment.
        let ends: Vec<(usize, bool, &roundtrip_lab::document::Interface)> = device
            .interfaces
            .iter()
            .filter_map(|interface| {
                let segment = lab.segments.iter().position(|segment| Some(&segment.name) == interface.segment.as_ref())?;
                let above = segments.get(segment)?.rect.centre().y < centre.y;
                Some((segment, above, interface))
            })
            .collect();
        for side in [true, false] {
            let mut here: Vec<_> = ends.iter().filter(|(_, above, _)| *above == side).collect();
            // Those that go left leave on the left.
            order::sort_by(&mut here, |a, b| {
                let x = |segment: usize| segments.get(segment).map_or(0.0, |bar| nearest(bar.rect, centre.x));
                x(a.0).total_cmp(&x(b.0))
            });
            let count = u32::try_from(here.len()).unwrap_or(1);
            let spread = (CABLE_SPREAD * magnified).min((its_box.rect.width - 20.0) / f64::from(count.max(1)));
            for ((segment, above, interface), place) in here.into_iter().zip(0_u32..) {
                let Some(bar) = segments.get(*segment) else { continue };
                let x = spread.mul_add(f64::from(place) - f64::from(count.saturating_sub(1)) / 2.0, centre.x);
                let y = if *above { its_box.rect.y } else { its_box.rect.bottom() };
                found.push(Cable {
                    device: number,
                    device_name: device.name.clone(),
                    interface: interface.name.clone(),
                    segment: *segment,
                    at_device: Point::new(x, y),
                    at_segment: Point::new(nearest(bar.rect, x), bar.rect.centre().y),
                    crowded: count > 1 && place.saturating_add(1) < count,
                    address: short_addresses(interface),
                });
            }
        }
    }
    found
}

/// Where a cable from straight above or below meets a bar.
fn nearest(bar: Rect, x: f64) -> f64 {
    const MARGIN: f64 = 20.0;
    x.min(bar.right() - MARGIN).max(bar.x + MARGIN)
}

fn short_addresses(interface: &roundtrip_lab::document::Interface) -> String {
    let each: Vec<String> = interface.addresses.iter().map(|net| short_address(net.addr(), net.prefix_len())).collect();
    each.join(" ")
}

/// The part of an address that its prefix leaves open: `.10` in a /24, `.4.10` in a /16, all of it otherwise.
#[must_use]
pub fn short_address(address: Ipv4Addr, prefix_len: u8) -> String {
    let [_, _, c, d] = address.octets();
    match prefix_len {
        24.. => format!(".{d}"),
        16.. => format!(".{c}.{d}"),
        _ => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_lab::document::{Interface, Kind};

    fn lab() -> Lab {
        let device = |name: &str, kind, on: &[(&str, &str)]| {
            let interfaces = on.iter().enumerate().map(|(i, (segment, address))| {
                let mut interface = Interface::new(format!("eth{i}"), *segment);
                interface.addresses.push(address.parse().unwrap());
                interface
            });
            Device { interfaces: interfaces.collect(), ..Device::new(name, kind) }
        };
        Lab {
            segments: vec![Segment::new("a"), Segment::new("b")],
            devices: vec![
                device("pc1", Kind::Host, &[("a", "192.168.1.10/24")]),
                device("r1", Kind::Router, &[("a", "192.168.1.1/24")]),
                device("r2", Kind::L3switch, &[("a", "192.168.1.254/24"), ("b", "192.168.2.254/24")]),
            ],
            ..Lab::default()
        }
    }

    fn scene(lab: &Lab) -> Scene {
        let caption = |title: &str| Caption { title: title.to_owned(), subtitle: String::new() };
        Scene::new(lab, 1.0, &|device| caption(&device.name), &|segment| caption(&segment.name))
    }

    #[test]
    fn what_has_no_place_gets_one_of_its_own() {
        let scene = scene(&lab());
        for (i, a) in scene.devices.iter().enumerate() {
            assert!(scene.devices.iter().skip(i + 1).all(|b| a.rect.overlap(&b.rect) == 0.0), "{scene:?}");
            assert!(scene.segments.iter().all(|bar| a.rect.overlap(&bar.rect) == 0.0), "{scene:?}");
        }
        let r2 = scene.device("r2").unwrap().rect;
        assert!(r2.y > scene.segments[0].rect.bottom() && r2.bottom() < scene.segments[1].rect.y);
    }

    #[test]
    fn cables_run_from_the_near_side_of_the_box_to_the_bar() {
        let mut lab = lab();
        lab.devices[1].position = Some(Position { x: 400, y: 60 });
        let scene = scene(&lab);
        assert_eq!(scene.cables.len(), 4);
        let r1 = scene.cable("r1", "eth0").unwrap();
        assert!(r1.at_device.y < r1.at_segment.y, "R1 hangs above its segment: {r1:?}");
        assert!((r1.at_device.y - scene.device("r1").unwrap().rect.bottom()).abs() < 1e-9);
        assert_eq!(r1.address, ".1");
        let (up, down) = (scene.cable("r2", "eth0").unwrap(), scene.cable("r2", "eth1").unwrap());
        assert!(up.at_device.y < down.at_device.y);
        assert_eq!((up.segment, down.segment), (0, 1));
    }

    #[test]
    fn a_device_beside_its_segment_is_still_on_it() {
        let mut lab = lab();
        lab.devices[0].position = Some(Position { x: 5000, y: 600 });
        let scene = scene(&lab);
        let cable = scene.cable("pc1", "eth0").unwrap();
        assert!(cable.at_segment.x <= scene.segments[0].rect.right());
    }

    #[test]
    fn addresses_are_as_short_as_their_prefix_allows() {
        let address = Ipv4Addr::new(10, 1, 2, 3);
        let short: Vec<String> = [30, 24, 16, 8].into_iter().map(|prefix| short_address(address, prefix)).collect();
        assert_eq!(short, [".3", ".3", ".2.3", "10.1.2.3"]);
    }

    #[test]
    fn what_is_magnified_stays_in_its_place() {
        let mut lab = lab();
        for (device, x) in lab.devices.iter_mut().zip([200, 500, 800]) {
            device.position = Some(Position { x, y: 330 });
        }
        let plain = scene(&lab);
        let caption = |title: &str| Caption { title: title.to_owned(), subtitle: String::new() };
        let large = Scene::new(&lab, 1.5, &|device| caption(&device.name), &|segment| caption(&segment.name));
        for (a, b) in plain.devices.iter().zip(&large.devices) {
            assert_eq!(a.rect.centre(), b.rect.centre());
            assert!((b.rect.width - a.rect.width * 1.5).abs() < 1e-9);
        }
        for (a, b) in plain.segments.iter().zip(&large.segments) {
            assert!((a.rect.centre().y - b.rect.centre().y).abs() < 1e-9);
        }
    }

    #[test]
    fn a_note_stands_where_there_is_room() {
        let mut lab = lab();
        for (device, x) in lab.devices.iter_mut().zip([200, 400, 560]) {
            device.position = Some(Position { x, y: 330 });
        }
        let scene = scene(&lab);
        for device in &scene.devices {
            let note = scene.note(device, 130.0);
            assert!(scene.devices.iter().all(|other| other.rect.overlap(&note) == 0.0), "{note:?}");
        }
        assert!(scene.note(&scene.devices[2], 130.0).x > scene.devices[2].rect.right(), "beside it, if it can");
    }
}
