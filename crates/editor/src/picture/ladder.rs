//! The ladder of a conversation.

use super::canvas::class;
use super::paint::{File, Style};
use crate::run::Focus;
use crate::view::geometry::{Rect, text_width};
use crate::view::ladder::Row;
use roundtrip_explain::reading::Direction;
use roundtrip_lab::Lab;
use roundtrip_sim::NodeId;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::DropReason;

const MARGIN: f64 = 28.0;
/// Between two lifelines.
const SPREAD: f64 = 190.0;
/// Height of the note that time passed.
const GAP: f64 = 20.0;
/// From this long on it is noted that time passed.
const WORTH_NOTING: SimTime = SimTime::from_millis(50);
/// Rows of a file. A picture of more would be no picture.
const MOST_ROWS: usize = 400;

/// What is drawn.
pub struct LadderPicture<'a> {
    /// The lab, which goes into the file.
    pub lab: &'a Lab,
    /// The conversation.
    pub focus: &'a Focus,
    /// How it looks.
    pub style: Style,
    /// What it is called; stands above it too.
    pub title: &'a str,
    /// What it shows, for those who do not see it.
    pub description: &'a str,
    /// What people call a device.
    pub name: &'a dyn Fn(NodeId) -> String,
    /// What a packet is called.
    pub label: &'a dyn Fn(&Row) -> String,
    /// Why a packet died, in a few words.
    pub reason: &'a dyn Fn(&DropReason) -> String,
    /// A moment, as the clock shows it.
    pub clock: &'a dyn Fn(SimTime) -> String,
    /// That so much time passed.
    pub gap: &'a dyn Fn(SimTime) -> String,
    /// That so many more rows are left out.
    pub more: &'a dyn Fn(usize) -> String,
}

/// Where the parts of a row stand.
struct Columns {
    clock: f64,
    left: f64,
    first: f64,
    last: f64,
    right: f64,
}

impl LadderPicture<'_> {
    /// The file.
    #[must_use]
    pub fn svg(&self) -> String {
        // What was never sent and died nowhere has nothing to draw.
        let drawn = || self.focus.ladder.rows.iter().filter(|row| !row.arrows.is_empty() || !row.crosses.is_empty());
        let rows: Vec<&Row> = drawn().take(MOST_ROWS).collect();
        let labels: Vec<String> = rows.iter().map(|row| (self.label)(row)).collect();
        let clocks: Vec<String> = rows.iter().map(|row| (self.clock)(row.made)).collect();
        let widest = |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| text_width(text)).fold(0.0, f64::max);
        let of = |back: bool| {
            let mut its =
                rows.iter().zip(&labels).filter(|(row, _)| (row.member.direction == Direction::Back) == back).map(|(_, label)| label);
            widest(&mut its)
        };
        let lifelines = &self.focus.ladder.lifelines;
        let gaps = u32::try_from(lifelines.len().saturating_sub(1)).unwrap_or(0);
        let clock = MARGIN + widest(&mut clocks.iter()) * 0.9;
        let left = clock + 24.0 + of(false);
        let first = left + 28.0;
        let last = SPREAD.mul_add(f64::from(gaps), first);
        let columns = Columns { clock, left, first, last, right: last + 28.0 };
        let width = (columns.right + of(true).max(60.0) + MARGIN).max(text_width(self.title).mul_add(1.25, 2.0 * MARGIN));
        let left_out = drawn().count().saturating_sub(rows.len());
        let height = rows.iter().map(|row| height(row) + gap(row)).sum::<f64>() + 84.0 + MARGIN + if left_out > 0 { GAP } else { 0.0 };
        let mut file = File::begin(self.style, Rect::new(0.0, 0.0, width, height), self.title, self.description, self.lab);
        file.text("heading", MARGIN, 34.0, "start", self.title);
        for (place, node) in lifelines.iter().enumerate() {
            let x = columns.at(place, lifelines.len());
            file.text("name", x, 66.0, "middle", &(self.name)(*node));
            file.shape(&format!("<path class=\"lifeline\" d=\"M{x:.1} 76V{:.1}\"/>", height - MARGIN));
        }
        let mut y = 84.0;
        for ((row, label), clock) in rows.iter().zip(&labels).zip(&clocks) {
            if gap(row) > 0.0 {
                file.text("gap", f64::midpoint(columns.first, columns.last), y + 13.0, "middle", &(self.gap)(row.since_last));
                y += GAP;
            }
            self.row(&mut file, &columns, row, label, clock, y);
            y += self::height(row);
        }
        if left_out > 0 {
            file.text("gap", f64::midpoint(columns.first, columns.last), y + 13.0, "middle", &(self.more)(left_out));
        }
        file.end()
    }

    fn row(&self, file: &mut File, columns: &Columns, row: &Row, label: &str, clock: &str, top: f64) {
        let class = class(row.member.direction);
        let back = row.member.direction == Direction::Back;
        let (x, anchor) = if back { (columns.right, "start") } else { (columns.left, "end") };
        file.text("clock mono", columns.clock, top + 16.0, "end", clock);
        file.text(&format!("{class}-text"), x, top + 16.0, anchor, label);
        let count = self.focus.ladder.lifelines.len();
        let bottom = height(row) - 12.0;
        let step = (bottom - 10.0) / f64::from(u32::try_from(row.arrows.len().max(1)).unwrap_or(1));
        let mut y = top + 10.0;
        for arrow in &row.arrows {
            let (from, to) = (columns.at(arrow.from, count), columns.at(arrow.to, count));
            file.shape(&format!(
                "<path class=\"arrow {class}\" d=\"M{from:.1} {y:.1}L{to:.1} {:.1}\" marker-end=\"url(#head-{class})\"/>",
                y + step
            ));
            y += step;
        }
        for cross in &row.crosses {
            // On the side that the arrow does not come from, and that has room.
            let left = back || cross.at.saturating_add(1) == count;
            let (side, anchor) = if left { (-14.0, "end") } else { (14.0, "start") };
            let x = columns.at(cross.at, count);
            file.cross(x, top + bottom, 0.75);
            file.text("cause", x + side, top + bottom + 4.0, anchor, &(self.reason)(&cross.reason));
        }
    }
}

impl Columns {
    fn at(&self, place: usize, count: usize) -> f64 {
        let gaps = u32::try_from(count.saturating_sub(1)).unwrap_or(0);
        let place = u32::try_from(place).unwrap_or(0);
        if gaps == 0 { self.first } else { (self.last - self.first).mul_add(f64::from(place) / f64::from(gaps), self.first) }
    }
}

/// Height of a row: more where a packet makes many hops.
fn height(row: &Row) -> f64 {
    const FEW: usize = 4;
    let more = u32::try_from(row.arrows.len().saturating_sub(FEW)).unwrap_or(0);
    8.0f64.mul_add(f64::from(more), 38.0)
}

fn gap(row: &Row) -> f64 {
    if row.since_last >= WORTH_NOTING { GAP } else { 0.0 }
}
