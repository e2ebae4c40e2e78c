//! What counts as agreement.

use roundtrip_conformance::recording::Frame;
use roundtrip_conformance::{Recording, Report, Run, compare};
use serde_json::Value;

/// By which a timer of the kernel may be late, and by which ours may be: what [`compare`] allows a frame's time.
const LATE: f64 = 1.0 - 1.0 / 1.13;
const EARLY: f64 = 0.02;
const SLACK: f64 = 20.0;
/// What one or two runs do not show of how the kernel's times spread: a retransmission timer of 200 ms is one tick of 4 ms
/// longer or shorter by a fraction of a millisecond in the round trip, and every doubling carries that on.
const TICK: f64 = 4.0 / 200.0;
/// The longest that captures go on after a lab's end, in seconds.
const LONGEST_TAIL: f64 = 10.0;

/// How long captures should go on after a lab of so many seconds, so that whatever the kernel may send late is there.
#[must_use]
pub fn tail(seconds: f64) -> f64 {
    (seconds * 0.13 + SLACK / 1000.0).min(LONGEST_TAIL)
}

/// How a lab was judged.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What differs from the runs taken together, or from the run that fits.
    pub report: Report,
    /// True if the simulation agrees only because the kernel differs from itself in the same places.
    pub by_spread: bool,
}

/// Holds a simulated run against several of the kernel: agreement with all of them together is enough, and so is agreement
/// with one of them, for then what differs is what differs between two runs of the kernel itself.
///
/// `together` is what the runs have in common, `single` each by itself; `seconds` is when the lab ends.
#[must_use]
pub fn judge(together: &Recording, single: &[Recording], run: &Run, seconds: f64) -> Verdict {
    let together = hold(together, run, seconds);
    let (fitting, differing): (Vec<Report>, Vec<Report>) = single.iter().map(|one| hold(one, run, seconds)).partition(Report::agrees);
    let report = if together.agrees() { together } else { fitting.into_iter().next().unwrap_or(together) };
    Verdict { by_spread: report.agrees() && !differing.is_empty(), report }
}

/// What a frame's time may differ by beside the lateness of its timer.
fn slack(frame: &Frame) -> f64 {
    frame.pm.unwrap_or(0.0).max(SLACK) + frame.t.unwrap_or(0.0) * TICK
}

/// The comparison, with times as exact as one run shows them. The order is judged by the recording's own.
fn hold(recording: &Recording, run: &Run, seconds: f64) -> Report {
    let mut recording = open_ended(recording, seconds);
    let mut report = compare(&recording, run);
    let is_time = |line: &str| line.split_once(": ").is_some_and(|(_, what)| what.starts_with("time "));
    if report.frames.iter().any(|line| is_time(line)) {
        recording.interfaces.values_mut().flat_map(|interface| &mut interface.frames).for_each(|frame| frame.pm = Some(slack(frame)));
        let late = compare(&recording, run).frames;
        report.frames.retain(|line| !is_time(line) || late.contains(line));
    }
    report
}

/// The recording with frames that may be sent before the end as well as after it there or not. Where one was, the tables at
/// the end may show it or not: they are not compared.
fn open_ended(recording: &Recording, seconds: f64) -> Recording {
    let mut recording = recording.clone();
    let end = seconds * 1000.0;
    for (name, interface) in &mut recording.interfaces {
        let mut at_the_end = false;
        interface.frames.retain_mut(|frame| {
            let since = frame.t.unwrap_or(0.0);
            let slack = slack(frame);
            let (earliest, latest) = (frame.at - since * LATE - slack, frame.at + since * EARLY + slack);
            if earliest <= end && end < latest {
                at_the_end = true;
                frame.runs.get_or_insert_with(|| vec![1]);
            }
            earliest <= end
        });
        let node = name.split_once('.').map_or(name.as_str(), |(node, _)| node);
        if at_the_end && let Some(node) = recording.nodes.get_mut(node) {
            node.snapshots.retain(|snapshot| snapshot.name != "end");
        }
    }
    recording
}

/// The recording as it is kept: to the end of the lab.
#[must_use]
pub fn kept(recording: &Recording, seconds: f64) -> Recording {
    let mut recording = recording.clone();
    for interface in recording.interfaces.values_mut() {
        interface.frames.retain(|frame| frame.at <= seconds * 1000.0);
    }
    recording
}

/// The recording as JSON: without tables that were not asked for, numbers whole where they can be.
#[must_use]
pub fn written(recording: &Recording) -> Value {
    tidy(serde_json::to_value(recording).unwrap_or_default())
}

fn tidy(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            Value::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, tidy(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(tidy).collect()),
        Value::Number(number) => match number.as_f64() {
            Some(float) if float % 1.0 == 0.0 && float.abs() < 1e15 => Value::from(float as i64),
            _ => Value::Number(number),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choose::{choose, recorded};
    use crate::translate::translate;

    fn lab(name: &str) -> (Recording, Run, f64) {
        let text = std::fs::read_to_string(recorded().join(format!("../recordings/{name}.json"))).unwrap();
        let translated = translate(&choose(name, false).unwrap().lab, name).unwrap();
        (serde_json::from_str(&text).unwrap(), Run::new(translated.scenario), translated.seconds)
    }

    #[test]
    fn a_run_of_the_kernel_that_fits_is_enough() {
        let (good, run, seconds) = lab("w09");
        let mut bad = good.clone();
        let frames = &mut bad.interfaces.get_mut("pc.eth0").unwrap().frames;
        let mut late = frames[0].clone();
        late.s.push_str(" never");
        frames.push(late);
        assert!(!judge(&bad, std::slice::from_ref(&bad), &run, seconds).report.agrees());
        assert!(!judge(&bad, &[bad.clone(), bad.clone()], &run, seconds).report.agrees());
        let verdict = judge(&bad, &[bad.clone(), good.clone()], &run, seconds);
        assert!(verdict.report.agrees() && verdict.by_spread);
        assert!(!judge(&good, std::slice::from_ref(&good), &run, seconds).by_spread);
    }

    #[test]
    fn times_are_as_exact_as_one_run_shows_them() {
        let (recording, run, seconds) = lab("w09");
        // Every frame of the last action, which began with the first of them, was sent so much earlier.
        let earlier = |part: f64| {
            let mut recording = recording.clone();
            for frame in recording.interfaces.values_mut().flat_map(|interface| &mut interface.frames) {
                frame.pm = Some(1.0);
                frame.t = frame.t.map(|t| if t > 500.0 { t / (1.0 + part) - 20.0 } else { t });
            }
            judge(&recording, &[], &run, seconds).report
        };
        assert!(earlier(0.03).agrees(), "{}", earlier(0.03).text());
        let report = earlier(0.06);
        assert!(!report.frames.is_empty() && report.frames.iter().all(|line| line.contains(": time ")), "{}", report.text());
    }

    #[test]
    fn frames_at_the_end_may_be_there_or_not() {
        let (mut recording, run, seconds) = lab("w09");
        let frames = &mut recording.interfaces.get_mut("pc.eth0").unwrap().frames;
        let mut last = frames.last().unwrap().clone();
        (last.at, last.t) = (seconds * 1000.0 - 100.0, Some(5000.0));
        frames.push(last.clone());
        let tables = |recording: &Recording| open_ended(recording, seconds).nodes["pc"].snapshots.len();
        assert_eq!(tables(&recording), recording.nodes["pc"].snapshots.len() - 1);
        assert!(judge(&recording, &[], &run, seconds).report.agrees());
        last.at = seconds * 1000.0 + 500.0;
        recording.interfaces.get_mut("pc.eth0").unwrap().frames.push(last.clone());
        assert!(judge(&recording, &[], &run, seconds).report.agrees());
        // Not so near to the end that it might have been after it.
        last.at = seconds * 1000.0 - 230.0;
        recording.interfaces.get_mut("pc.eth0").unwrap().frames.push(last.clone());
        assert!(!judge(&recording, &[], &run, seconds).report.agrees());
        last.at = seconds * 1000.0 + 50.0;
        recording.interfaces.get_mut("pc.eth0").unwrap().frames = vec![last];
        assert_eq!(kept(&recording, seconds).interfaces["pc.eth0"].frames.len(), 0);
    }
}
