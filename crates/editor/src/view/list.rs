//! The list of frames: what one place of capture saw, or several, and passes the filter.

use super::capture::{Row, Tap, capture};
use crate::dissect::{Dissection, Seen, dissect};
use crate::filter::Filter;
use crate::run::Run;
use roundtrip_explain::analysis::{Analysis, analyse};
use roundtrip_explain::reading::record;
use roundtrip_sim::time::SimTime;
use roundtrip_sim::trace::{FrameId, Trace};
use roundtrip_wire::order;

/// A place of capture with what it saw.
#[derive(Clone, Debug)]
pub struct Captured {
    /// Where.
    pub tap: Tap,
    /// What people call it.
    pub name: String,
    /// Every frame, in order.
    pub rows: Vec<Row>,
    /// What each frame's TCP segment is, as seen from here.
    pub analyses: Vec<Option<Analysis>>,
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose, by place in [`List::captures`].
    pub capture: usize,
    /// Which of its rows.
    pub row: usize,
}

/// The list.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The places of capture.
    pub captures: Vec<Captured>,
    /// What is listed, in the order of time; what several places saw at one moment in the order of the places.
    pub lines: Vec<Line>,
}

impl Captured {
    /// At a place of a run.
    #[must_use]
    pub fn new(trace: &Trace, tap: Tap, name: String) -> Self {
        let rows = capture(trace, tap);
        let frames = rows.iter().filter_map(|row| Some((row.time, &record(trace, row.frame)?.frame)));
        let analyses = analyse(frames);
        Self { tap, name, rows, analyses }
    }

    /// A frame of it taken apart.
    #[must_use]
    pub fn dissect<'s>(&'s self, trace: &Trace, place: usize, comment: Option<&'s str>) -> Option<Dissection<'s>> {
        let row = self.rows.get(place)?;
        let before = place.checked_sub(1).and_then(|before| self.rows.get(before)).map_or(row.time, |before| before.time);
        let seen = Seen {
            number: u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1),
            time: row.time,
            delta: row.time.since(before),
            place: &self.name,
            comment,
            analysis: self.analysis(place),
        };
        Some(dissect(&record(trace, row.frame)?.frame, &seen))
    }

    /// What is known of a row's TCP segment.
    #[must_use]
    pub fn analysis(&self, place: usize) -> Option<&Analysis> {
        self.analyses.get(place)?.as_ref()
    }
}

impl List {
    /// Of these places, with only what passes the filter. `name` is what people call a place.
    #[must_use]
    pub fn new(run: &Run, taps: impl Iterator<Item = Tap>, name: impl Fn(Tap) -> String, filter: Option<&Filter>) -> Self {
        let trace = &run.trace;
        let captures: Vec<Captured> = taps.map(|tap| Captured::new(trace, tap, name(tap))).collect();
        let passes = |captured: &Captured, row: usize| {
            filter.is_none_or(|filter| captured.dissect(trace, row, None).is_some_and(|frame| filter.passes(&frame)))
        };
        let mut lines: Vec<Line> = Vec::new();
        for (capture, captured) in captures.iter().enumerate() {
            lines.extend((0..captured.rows.len()).filter(|row| passes(captured, *row)).map(|row| Line { capture, row }));
        }
        let mut list = Self { captures, lines: Vec::new() };
        if list.captures.len() > 1 {
            order::sort_by_key(&mut lines, |line| (list.row(*line).map(|row| row.time), line.capture, line.row));
        }
        list.lines = lines;
        list
    }

    /// The row of a line.
    #[must_use]
    pub fn row(&self, line: Line) -> Option<&Row> {
        self.captures.get(line.capture)?.rows.get(line.row)
    }

    /// How many lines were seen by a moment.
    #[must_use]
    pub fn seen_by(&self, now: SimTime) -> usize {
        self.lines.partition_point(|line| self.row(*line).is_some_and(|row| row.time <= now))
    }

    /// The capture at a place and the row of a frame in it.
    #[must_use]
    pub fn find(&self, tap: Tap, frame: FrameId) -> Option<(&Captured, usize)> {
        let captured = self.captures.iter().find(|captured| captured.tap == tap)?;
        let row = captured.rows.iter().position(|row| row.frame == frame)?;
        Some((captured, row))
    }

    /// How many frames there are in all, whether they pass or not.
    #[must_use]
    pub fn total(&self) -> usize {
        self.captures.iter().map(|captured| captured.rows.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Session;
    use crate::view::capture::taps;

    fn list(taps: &[Tap], filter: &str) -> (Session, List) {
        let session = Session::new(roundtrip_lab::example("story").unwrap().lab());
        let filter = Filter::parse(filter).unwrap();
        let list = List::new(&session.snapshot().run, taps.iter().copied(), |_| "here".into(), filter.as_ref());
        (session, list)
    }

    fn all_taps() -> Vec<Tap> {
        taps(&Session::new(roundtrip_lab::example("story").unwrap().lab()).snapshot().run.scenario).collect()
    }

    #[test]
    fn several_places_are_merged_in_the_order_of_time() {
        let taps = all_taps();
        let (_, list) = list(&taps, "");
        assert_eq!(list.lines.len(), list.total());
        let times: Vec<SimTime> = list.lines.iter().map(|line| list.row(*line).unwrap().time).collect();
        assert!(times.is_sorted());
        assert_eq!(list.seen_by(SimTime::MAX), times.len());
        assert!(list.seen_by(times[5]) > 5);
    }

    #[test]
    fn only_what_passes_is_listed_and_keeps_its_number() {
        let taps = all_taps();
        let (session, filtered) = list(&taps[..1], "tcp.flags.syn == 1 && tcp.flags.ack == 0");
        let trace = &session.snapshot().run.trace;
        assert!(!filtered.lines.is_empty() && filtered.lines.len() < filtered.total());
        for line in &filtered.lines {
            let frame = filtered.captures[0].dissect(trace, line.row, None).unwrap();
            assert!(frame.all("tcp.flags.syn").count() == 1);
            let number = frame.all("frame.number").next().unwrap().value;
            assert_eq!(number, crate::dissect::Value::Number(line.row as u64 + 1));
            let row = filtered.row(*line).unwrap();
            assert_eq!(filtered.find(taps[0], row.frame).unwrap().1, line.row);
        }
    }

    #[test]
    fn retransmissions_are_marked_where_they_are_seen() {
        let (_, list) = list(&all_taps(), "tcp.analysis.retransmission");
        assert!(!list.lines.is_empty());
    }
}
