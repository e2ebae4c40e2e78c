//! The comparison.
//!
//! Judged, per lab: every conversation's outcome; at every interface the same frames (ARP left out: re-validation depends on
//! timing), for each action in the same order, frames within 4 ms of each other excepted; each frame's time since its action's
//! first frame within `[t / 1.13 - 20, 1.02 t + 20]` ms, for the kernel's timer wheel makes timers late by up to an eighth, or
//! within the step in which the kernel's own runs agree; how connection tracking classed each packet; and the tables.

use crate::recording::{Frame, Recording};
use crate::run::{Run, Seen};
use serde_json::Value;
use std::collections::BTreeMap;

/// What differs.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Outcomes.
    pub outcomes: Vec<String>,
    /// Frames, their order and times.
    pub frames: Vec<String>,
    /// Tables and the classing of packets.
    pub tables: Vec<String>,
    /// Frames that the kernel showed in every run.
    pub expected: usize,
    /// How many of them the simulation showed.
    pub matched: usize,
}

impl Report {
    /// Nothing differs.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.outcomes.is_empty() && self.frames.is_empty() && self.tables.is_empty()
    }

    /// The differences, a line each.
    #[must_use]
    pub fn text(&self) -> String {
        let mut lines: Vec<&str> = self.outcomes.iter().chain(&self.frames).chain(&self.tables).map(String::as_str).collect();
        let total = format!(
            "{} of {} frames; {} outcomes, {} frames, {} tables differ",
            self.matched,
            self.expected,
            self.outcomes.len(),
            self.frames.len(),
            self.tables.len()
        );
        lines.push(&total);
        lines.join("\n")
    }
}

/// Holds a run against a recording.
#[must_use]
pub fn compare(recording: &Recording, run: &Run) -> Report {
    let mut report = Report::default();
    outcomes(recording, run, &mut report);
    frames(recording, run, &mut report);
    crate::tables::compare(recording, run, &mut report);
    report
}

fn outcomes(recording: &Recording, run: &Run, report: &mut Report) {
    for action in &recording.actions {
        if !matches!(action.kind.as_str(), "ping" | "tcp" | "udp" | "traceroute") {
            continue;
        }
        let Some(outcome) = run.outcome(&action.id) else {
            report.outcomes.push(format!("{}: no such action in the run", action.id));
            continue;
        };
        let ours: BTreeMap<&str, Value> = BTreeMap::from([
            ("result", outcome.result.name().into()),
            ("connected", outcome.connected.into()),
            ("bytes", outcome.bytes.into()),
            ("sent", outcome.sent.into()),
            ("received", outcome.received.into()),
            ("replies", outcome.replies.into()),
            ("stage", outcome.stage.into()),
            ("errno", outcome.errno.filter(|_| action.kind == "tcp").map(roundtrip_sim::trace::Errno::name).into()),
        ]);
        for (key, mine) in ours {
            let Some(theirs) = action.outcome.get(key) else { continue };
            if *theirs != mine {
                report.outcomes.push(format!("{}: {key} is {mine}, the kernel's {theirs}", action.id));
            }
        }
    }
}

/// The line without what a filter decided, and how connection tracking classed the packet.
fn split(text: &str) -> (&str, Option<&str>) {
    match text.rfind(" {ct=") {
        Some(place) => {
            let (line, note) = text.split_at(place);
            let state = note.trim_start_matches(" {ct=").split([' ', '}']).next();
            (line.trim(), state.filter(|state| *state != "None"))
        }
        None => (text.split(" {").next().unwrap_or(text).trim(), None),
    }
}

/// `*` in a recorded line stands for a number that the kernel draws at random.
fn fits(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split("=*").flat_map(|part| part.split(":*"));
    if !pattern.contains('*') {
        return pattern == line;
    }
    let Some(first) = parts.next() else { return false };
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    for part in parts {
        let Some(after) = rest.strip_prefix(['=', ':']) else { return false };
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(after) = rest.strip_prefix(part) else { return false };
        rest = after;
    }
    rest.is_empty()
}

struct Pair<'a> {
    want: &'a Frame,
    got: &'a Seen,
}

/// Matches frames by their text, the nearest in time first.
fn pair<'a>(want: &'a [Frame], got: &'a [Seen]) -> (Vec<Pair<'a>>, Vec<&'a Frame>, Vec<&'a Seen>) {
    let mut free: Vec<Option<&Seen>> = got.iter().map(Some).collect();
    let (mut pairs, mut missing) = (Vec::new(), Vec::new());
    for frame in want {
        let (line, _) = split(&frame.s);
        let nearest = free
            .iter()
            .enumerate()
            .filter_map(|(place, seen)| seen.filter(|seen| fits(line, &seen.line)).map(|seen| (place, (seen.at - frame.at).abs())))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(place, _)| place);
        match nearest.and_then(|place| free.get_mut(place)).and_then(Option::take) {
            Some(seen) => pairs.push(Pair { want: frame, got: seen }),
            None if frame.runs.is_none() => missing.push(frame),
            None => {}
        }
    }
    (pairs, missing, free.into_iter().flatten().collect())
}

fn frames(recording: &Recording, run: &Run, report: &mut Report) {
    let mut paired = Vec::new();
    // An action's clock starts with its first frame anywhere.
    let mut start: BTreeMap<Option<&str>, f64> = BTreeMap::new();
    for (name, interface) in &recording.interfaces {
        report.expected += interface.frames.iter().filter(|frame| frame.runs.is_none()).count();
        let Some(mine) = run.interfaces.get(name) else {
            report.frames.push(format!("{name}: no such interface in the run"));
            continue;
        };
        let (pairs, missing, extra) = pair(&interface.frames, mine);
        for pair in &pairs {
            if let Some(t) = pair.want.t {
                let action = pair.want.a.as_deref();
                let at = if t == 0.0 { pair.got.at } else { pair.got.at - t };
                let known = start.get(&action).copied();
                if t == 0.0 {
                    start.insert(action, known.unwrap_or(at).min(at));
                } else {
                    start.entry(action).or_insert(at);
                }
            }
        }
        paired.push((name, pairs, missing, extra));
    }
    for (name, pairs, missing, extra) in paired {
        for frame in missing {
            report.frames.push(format!("{name}: missing {:>9.0} ms            {}", frame.at, split(&frame.s).0));
        }
        for seen in extra {
            report.frames.push(format!("{name}: extra             {:>9.0} ms  {}", seen.at, seen.line));
        }
        let mut last: BTreeMap<Option<&str>, (f64, f64, &str)> = BTreeMap::new();
        for Pair { want, got } in pairs {
            report.matched += usize::from(want.runs.is_none());
            let action = want.a.as_deref();
            let slack = want.pm.unwrap_or(1.0).max(20.0);
            let t = want.t.unwrap_or(0.0);
            if want.t.is_some() {
                let mine = got.at - start.get(&action).copied().unwrap_or(0.0);
                if mine < t / 1.13 - slack || mine > t * 1.02 + slack {
                    report.frames.push(format!("{name}: time    {t:>9.0} ms, ours {mine:>9.0}  {}", split(&want.s).0));
                }
            }
            if let Some((before_at, before_t, before_line)) = last.get(&action)
                && got.at < *before_at
                && t - before_t > want.pm.unwrap_or(1.0).max(4.0)
            {
                report.frames.push(format!("{name}: order   {before_line}   comes first, then   {}", split(&want.s).0));
            }
            last.insert(action, (got.at, t, split(&want.s).0));
            let (line, state) = split(&want.s);
            if let Some(state) = state
                && got.state.is_some_and(|ours| ours != state)
            {
                report.tables.push(format!(
                    "{name}: ct state {} at {:.0} ms, the kernel's {state}: {line}",
                    got.state.unwrap_or("none"),
                    got.at
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_a_number() {
        assert!(fits("in a>b udp 10.0.0.1:*>10.0.0.2:33434 len=32 ttl=1", "in a>b udp 10.0.0.1:41234>10.0.0.2:33434 len=32 ttl=1"));
        assert!(fits("x id=* seq=1 y", "x id=946 seq=1 y"));
        assert!(!fits("x id=* seq=1 y", "x id=946 seq=2 y"));
        assert!(!fits("x:*", "x:12 z"));
    }

    #[test]
    fn what_a_filter_decided_is_no_part_of_the_line() {
        assert_eq!(split("in a>b tcp x ttl=64 {ct=invalid drop}"), ("in a>b tcp x ttl=64", Some("invalid")));
        assert_eq!(split("in a>b tcp x ttl=64"), ("in a>b tcp x ttl=64", None));
    }
}
