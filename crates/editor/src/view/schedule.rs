//! What happens in time, as rows of a time line, each with what came of it.

use crate::edit::traffic::{Shot, Traffic, end, free_id, length, likely_target};
use crate::form::actions::{ACTION, TYPES};
use crate::form::attempt::switched;
use crate::form::field_at;
use crate::run::Run;
use roundtrip_explain::Outcome;
use roundtrip_lab::Lab;
use roundtrip_lab::document::{Action, ActionKind, Seconds};
use roundtrip_lab::patch::{Patch, patch};
use roundtrip_sim::SimTime;
use roundtrip_sim::trace::ActionResult;
use std::rc::Rc;

/// What came of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Result {
    /// A conversation, and how it ended.
    Talked(Outcome),
    /// A change that was made.
    Done,
    /// A change that the device refused.
    Refused,
    /// The simulation ended first, or the lab cannot run.
    NotYet,
}

/// One action.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// When it begins.
    pub at: Seconds,
    /// How long it takes at most, by its own clock.
    pub length: SimTime,
    /// Its place among all, for those at the same time.
    pub place: usize,
    /// What came of it.
    pub result: Result,
}

/// The rows, in the order of time.
#[must_use]
pub fn rows(lab: &Lab, run: &Run) -> Vec<Row> {
    let result = |place: usize, action: &Action| {
        if let Some(verdict) = run.explanation.named(&action.id) {
            return Result::Talked(verdict.outcome);
        }
        match run.trace.outcomes.get(place).map(|outcome| outcome.result) {
            Some(ActionResult::Ok) => Result::Done,
            Some(ActionResult::Running) | None => Result::NotYet,
            Some(_) => Result::Refused,
        }
    };
    let mut rows: Vec<Row> = lab
        .actions
        .iter()
        .enumerate()
        .map(|(place, action)| Row { id: action.id.clone(), at: action.at, length: length(action), place, result: result(place, action) })
        .collect();
    rows.sort_by_key(|row| (row.at, row.place));
    rows
}

/// How many seconds the time line shows: everything, and room behind it.
#[must_use]
pub fn span(lab: &Lab) -> Seconds {
    let last = end(lab).0.max(SimTime::from_secs(10));
    Seconds(last + last.divided_by(10))
}

/// How far along the time line a moment is, from 0 to 1.
#[must_use]
pub fn share(at: SimTime, span: Seconds) -> f64 {
    (at.as_secs_f64() / span.as_f64().max(1.0)).clamp(0.0, 1.0)
}

/// The moment when something is drawn from `from` by a share of the time line: in tenths of a second, not before the beginning.
#[must_use]
pub fn dragged(from: Seconds, share: f64, span: Seconds) -> Seconds {
    let moved = share.mul_add(span.as_f64(), from.as_f64()).clamp(0.0, 86_400.0);
    let tenths = (moved * 10.0).round();
    Seconds(SimTime::from_millis((tenths as u64).saturating_mul(100)))
}

/// The moment so many milliseconds later, or earlier.
#[must_use]
pub fn nudged(from: Seconds, millis: i64) -> Seconds {
    let step = SimTime::from_millis(millis.unsigned_abs());
    let most = SimTime::from_secs(86_400);
    Seconds(if millis < 0 { from.0.since(step) } else { (from.0 + step).min(most) })
}

/// A new action of this kind (a word of [`TYPES`]), with what it needs filled in. None in a lab without a device to do it.
#[must_use]
pub fn fresh_action(lab: &Lab, kind: &str, at: Seconds) -> Option<Action> {
    let from = lab.devices.iter().find(|device| device.main_address().is_some()).or_else(|| lab.devices.first())?;
    let ping = Shot::Ping.action(&from.name, likely_target(lab, &from.name).unwrap_or("192.0.2.1"), at);
    if kind == "ping" {
        return Some(Action { id: free_id(lab, "ping"), ..ping });
    }
    let draft = Action { id: free_id(lab, "new"), ..ping };
    let path = format!("actions/{}", draft.id);
    let with = Traffic::Add(Rc::new(draft.clone())).apply(lab)?;
    let field = field_at(&format!("{path}/type"))?;
    let changed = patch(&with, &path, &Patch::Put(switched(&with, &path, ACTION, field, kind))).ok()?;
    let action = changed.action(&draft.id)?.clone();
    Some(Action { id: free_id(lab, &kind.replace('_', "-")), ..action })
}

/// The words of every kind of action, with the names of their labels.
pub fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    TYPES.iter().filter_map(|variant| Some((variant.word.word, variant.word.label?)))
}

/// The name of the label of an action's kind.
#[must_use]
pub fn kind_label(kind: &ActionKind) -> &'static str {
    match kind {
        ActionKind::Tcp(tcp) => profile_label(&tcp.profile),
        kind => kinds().find(|(word, _)| *word == kind.name()).map_or("", |(_, label)| label),
    }
}

/// A connection is called by what it is for.
const fn profile_label(profile: &roundtrip_lab::document::Profile) -> &'static str {
    use roundtrip_lab::document::Profile;
    match profile {
        Profile::Http { .. } => "shoot-http",
        Profile::Ssh { .. } => "shoot-ssh",
        Profile::Connect | Profile::Script { .. } => "do-tcp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story() -> Lab {
        roundtrip_lab::example("story").unwrap().lab()
    }

    #[test]
    fn each_row_says_what_came_of_it() {
        let lab = story();
        let rows = rows(&lab, &Run::new(&lab));
        let said: Vec<(&str, Result)> = rows.iter().map(|row| (row.id.as_str(), row.result)).collect();
        assert_eq!(said[0], ("ping", Result::Talked(Outcome::Healthy)));
        assert_eq!(said[1], ("http", Result::Talked(Outcome::Stalled)));
        assert!(rows.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }

    #[test]
    fn changes_are_done_or_refused() {
        let mut lab = story();
        let link = fresh_action(&lab, "link", Seconds::new(1)).unwrap();
        lab.actions.push(link);
        let mut wrong = fresh_action(&lab, "route", Seconds::new(1)).unwrap();
        if let ActionKind::Route(change) = &mut wrong.kind {
            change.route.via = Some([10, 9, 9, 9].into());
        }
        lab.actions.push(wrong);
        let rows = rows(&lab, &Run::new(&lab));
        let result = |id: &str| rows.iter().find(|row| row.id == id).unwrap().result;
        assert_eq!(result("link"), Result::Done);
        assert_eq!(result("route"), Result::Refused);
    }

    #[test]
    fn every_kind_can_be_added() {
        let lab = story();
        for (kind, label) in kinds() {
            let action = fresh_action(&lab, kind, Seconds::new(3)).unwrap_or_else(|| panic!("{kind}"));
            assert_eq!((action.kind.name(), action.at), (kind, Seconds::new(3)));
            assert!(!label.is_empty() && !kind_label(&action.kind).is_empty());
            let with = Traffic::Add(Rc::new(action)).apply(&lab).unwrap();
            let wrong: Vec<_> = roundtrip_lab::check(&with).into_iter().filter(roundtrip_lab::Problem::is_error).collect();
            assert!(wrong.is_empty(), "{kind}: {wrong:?}");
        }
        assert_eq!(fresh_action(&Lab::default(), "ping", Seconds::ZERO), None);
    }

    #[test]
    fn moments_move_by_hand_and_by_key() {
        let span = Seconds::new(100);
        assert_eq!(dragged(Seconds::new(10), 0.123_4, span), Seconds::from_millis(22_300));
        assert_eq!(dragged(Seconds::new(10), -0.5, span), Seconds::ZERO);
        assert_eq!(nudged(Seconds::new(1), -5_000), Seconds::ZERO);
        assert_eq!(nudged(Seconds::new(1), 100), Seconds::from_millis(1_100));
        assert!((share(SimTime::from_secs(50), span) - 0.5).abs() < 1e-9);
    }
}
