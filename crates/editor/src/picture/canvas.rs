//! The picture of the network.

use super::paint::{File, Style};
use super::{grave_place, met_once};
use crate::run::{Focus, Run};
use crate::view::geometry::{Rect, text_width};
use crate::view::lanes::lanes;
use crate::view::loss::graves;
use crate::view::scene::{Bar, Cable, DeviceBox, Scene};
use roundtrip_explain::reading::{Direction, Way, way};
use roundtrip_lab::Lab;
use roundtrip_lab::document::Kind;
use roundtrip_sim::time::SimTime;

/// Room around what is drawn.
const MARGIN: f64 = 36.0;

/// What is drawn.
pub struct CanvasPicture<'a> {
    /// The lab, which goes into the file.
    pub lab: &'a Lab,
    /// Where everything stands, with the reader's words on it.
    pub scene: &'a Scene,
    /// What happened.
    pub run: &'a Run,
    /// Whose ways are drawn.
    pub focus: &'a Focus,
    /// At which moment.
    pub moment: SimTime,
    /// How it looks.
    pub style: Style,
    /// What it is called; stands above it too.
    pub title: &'a str,
    /// What it shows, for those who do not see it.
    pub description: &'a str,
    /// What is said of a device that only this direction meets.
    pub only: &'a dyn Fn(Direction) -> String,
    /// What a way's line is called below the picture.
    pub legend: &'a dyn Fn(&Way) -> String,
}

impl CanvasPicture<'_> {
    /// The file.
    #[must_use]
    pub fn svg(&self) -> String {
        let bounds = self.scene.bounds;
        let above = if self.title.is_empty() { 0.0 } else { 34.0 };
        let ways = self.ways();
        let below = if ways.is_empty() { 0.0 } else { 22.0f64.mul_add(ways.len() as f64, 12.0) };
        let widest = ways.iter().map(|way| text_width(&(self.legend)(way)) + 60.0).fold(0.0, f64::max);
        let width = (2.0f64.mul_add(MARGIN, bounds.width)).max(2.0f64.mul_add(MARGIN, widest.max(text_width(self.title) * 1.25)));
        let left = bounds.x - (width - bounds.width) / 2.0;
        let top = bounds.y - MARGIN - above;
        let view = Rect::new(left, top, width, 2.0f64.mul_add(MARGIN, bounds.height) + above + below);
        let mut file = File::begin(self.style, view, self.title, self.description, self.lab);
        file.text("heading", left + MARGIN, top + 34.0, "start", self.title);
        self.scene.segments.iter().for_each(|bar| draw_bar(&mut file, bar));
        self.scene.cables.iter().for_each(|cable| self.cable(&mut file, cable));
        self.lanes(&mut file);
        self.scene.devices.iter().for_each(|device| self.device(&mut file, device));
        self.writing(&mut file);
        self.graves(&mut file);
        self.legend(&mut file, left + MARGIN, view.bottom() - below + 6.0);
        file.end()
    }

    /// The ways that are drawn, the way there first.
    fn ways(&self) -> Vec<&Way> {
        if self.focus.conversation.is_none() {
            // With all traffic there are too many.
            return Vec::new();
        }
        [Direction::There, Direction::Back].into_iter().filter_map(|direction| way::at(&self.focus.ways, direction, self.moment)).collect()
    }

    fn cable(&self, file: &mut File, cable: &Cable) {
        let bar = self.scene.segments.get(cable.segment).map(|bar| bar.rect);
        let edge = bar.map_or(cable.at_segment.y, |bar| if cable.at_device.y < cable.at_segment.y { bar.y } else { bar.bottom() });
        let (from, to) = (cable.at_device, cable.at_segment);
        file.shape(&format!("<path class=\"cable\" d=\"M{:.1} {:.1}L{:.1} {edge:.1}\"/>", from.x, from.y, to.x));
    }

    fn lanes(&self, file: &mut File) {
        let ways = self.ways();
        for lane in lanes(self.scene, &self.run.scenario, &ways) {
            let Some(way) = ways.get(lane.way) else { continue };
            let class = class(way.direction);
            let line = if lane.last { lane.line.shortened(5.0) } else { lane.line.clone() };
            let head = if lane.last { format!(" marker-end=\"url(#head-{class})\"") } else { String::new() };
            file.shape(&format!("<path class=\"way {class}\" d=\"{}\"{head}/>", line.svg_path()));
        }
    }

    fn device(&self, file: &mut File, its_box: &DeviceBox) {
        let (rect, centre, by) = (its_box.rect, its_box.rect.centre(), self.scene.magnified);
        let action = self.focus.conversation.as_ref().map(|conversation| conversation.action);
        let dead = graves(&self.run.losses, action, self.moment).iter().any(|grave| self.run.device_name(grave.node) == its_box.name);
        file.shape(&format!(
            "<rect class=\"box{}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{:.1}\"/>",
            if dead { " loss" } else { "" },
            rect.x,
            rect.y,
            rect.width,
            rect.height,
            14.0 * by
        ));
        let kind = self.lab.device(&its_box.name).map(|device| device.kind).unwrap_or_default();
        file.shape(&format!(
            "<path class=\"sign\" transform=\"translate({:.1} {:.1}) scale({by})\" d=\"{}\"/>",
            8.0f64.mul_add(by, rect.x),
            8.0f64.mul_add(by, rect.y),
            sign(kind)
        ));
        file.text("name", centre.x, centre.y - by, "middle", &its_box.caption.title);
        file.text("subtitle", centre.x, 16.0f64.mul_add(by, centre.y), "middle", &its_box.caption.subtitle);
    }

    fn writing(&self, file: &mut File) {
        for bar in &self.scene.segments {
            let middle = 4.5f64.mul_add(self.scene.magnified, bar.rect.centre().y);
            file.text("on-bar", bar.rect.x + 20.0, middle, "start", &bar.caption.title);
            file.text("on-bar mono", bar.rect.right() - 16.0, middle, "end", &bar.caption.subtitle);
        }
        for cable in &self.scene.cables {
            let up = cable.at_segment.y < cable.at_device.y;
            let (side, anchor) = if cable.crowded { (-22.0f64, "end") } else { (22.0f64, "start") };
            let by = self.scene.magnified;
            let (x, y) = (side.mul_add(by, cable.at_device.x), (if up { -7.0 } else { 16.0f64 }).mul_add(by, cable.at_device.y));
            file.text("address mono", x, y, anchor, &cable.address);
        }
        for (name, direction) in met_once(self.run, self.focus) {
            let Some(its_box) = self.scene.device(&name) else { continue };
            let text = (self.only)(direction);
            let place = self.scene.note(its_box, text_width(&text) * 0.95);
            let middle = place.centre();
            file.text(
                &format!("note {}-text", class(direction)),
                middle.x,
                4.0f64.mul_add(self.scene.magnified, middle.y),
                "middle",
                &text,
            );
        }
    }

    fn graves(&self, file: &mut File) {
        let action = self.focus.conversation.as_ref().map(|conversation| conversation.action);
        for grave in graves(&self.run.losses, action, self.moment) {
            let Some(at) = grave_place(self.scene, self.run, grave.node, grave.interface) else { continue };
            let count = if grave.count > 1 { format!("×{}", grave.count) } else { String::new() };
            file.cross(at.x, at.y, self.scene.magnified);
            let by = self.scene.magnified;
            file.text("cause", 16.0f64.mul_add(by, at.x), 20.0f64.mul_add(by, at.y), "start", &count);
        }
    }

    fn legend(&self, file: &mut File, x: f64, mut y: f64) {
        for way in self.ways() {
            let (class, text) = (class(way.direction), (self.legend)(way));
            file.shape(&format!("<path class=\"way {class}\" d=\"M{x:.1} {:.1}h34\" marker-end=\"url(#head-{class})\"/>", y - 4.5));
            file.text(&format!("{class}-text"), x + 44.0, y, "start", &text);
            y += 22.0;
        }
    }
}

fn draw_bar(file: &mut File, bar: &Bar) {
    let rect = bar.rect;
    file.shape(&format!(
        "<rect class=\"bar\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{:.1}\"/>",
        rect.x,
        rect.y,
        rect.width,
        rect.height,
        rect.height / 2.0
    ));
}

pub(super) const fn class(direction: Direction) -> &'static str {
    match direction {
        Direction::There => "there",
        Direction::Back => "back",
        Direction::Aside => "aside",
    }
}

/// A sign 12 pixels wide, so that kinds differ in shape: the `d` of a path.
#[must_use]
const fn sign(kind: Kind) -> &'static str {
    match kind {
        Kind::Host => "M1 1h10v7H1zM4 11h4M6 8v3",
        Kind::Router => "M6 1a5 5 0 1 0 .01 0M3.5 6h5M6 3.5v5",
        Kind::L3switch => "M1 4h9m-2.5-2.5L10 4 7.5 6.5M11 8H2m2.5-2.5L2 8l2.5 2.5",
        Kind::Firewall => "M1 1h10v10H1zM1 4.3h10M1 7.6h10M6 1v3.3M3.5 4.3v3.3M8.5 4.3v3.3M6 7.6V11",
        Kind::Internet => "M3.5 10h5.5a2.5 2.5 0 0 0 .3-5A3.5 3.5 0 0 0 2.6 4.7 2.7 2.7 0 0 0 3.5 10z",
    }
}
