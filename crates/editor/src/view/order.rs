//! A ladder whose lifelines somebody put in another order, and what its rows say beside their arrows.

use super::ladder::{Ladder, Row};
use crate::run::{Focus, Run};
use roundtrip_explain::reading::{original, record};
use roundtrip_sim::scenario::NodeId;
use roundtrip_sim::trace::Trace;

impl Ladder {
    /// With these lifelines first, as far as they are its own, and the others behind them in the order that they had.
    #[must_use]
    pub fn in_order(mut self, wanted: &[NodeId]) -> Self {
        let mut lifelines: Vec<NodeId> = wanted.iter().copied().filter(|node| self.lifelines.contains(node)).collect();
        let others: Vec<NodeId> = self.lifelines.iter().copied().filter(|node| !lifelines.contains(node)).collect();
        lifelines.extend(others);
        if lifelines == self.lifelines {
            return self;
        }
        let moved = |place: usize| {
            let node = self.lifelines.get(place).copied();
            lifelines.iter().position(|other| Some(*other) == node).unwrap_or(place)
        };
        for row in &mut self.rows {
            for arrow in &mut row.arrows {
                (arrow.from, arrow.to) = (moved(arrow.from), moved(arrow.to));
            }
            for cross in &mut row.crosses {
                cross.at = moved(cross.at);
            }
        }
        self.lifelines = lifelines;
        self
    }

    /// The row of the packet that a row's packet repeats, if it repeats one.
    #[must_use]
    pub fn repeats(&self, trace: &Trace, row: &Row) -> Option<usize> {
        let first = original(trace, row.member.packet);
        let other = (first != row.member.packet).then_some(first)?;
        self.rows.binary_search_by_key(&other, |row| row.member.packet).ok()
    }
}

impl Focus {
    /// With lifelines in the order that somebody wants.
    #[must_use]
    pub fn with_lifelines(mut self, wanted: &[NodeId]) -> Self {
        if !wanted.is_empty() {
            self.ladder = std::mem::take(&mut self.ladder).in_order(wanted);
        }
        self
    }
}

/// The numbers of a TCP segment in a row, as its maker sent it: `Seq=1 Ack=1 Len=80`.
#[must_use]
pub fn numbers(run: &Run, row: &Row, absolute: bool) -> Option<String> {
    let id = *run.index.frames(row.member.packet).first()?;
    let tcp = record(&run.trace, id)?.frame.ipv4()?.tcp()?;
    let base = run.numbers.get(id.0 as usize).copied().unwrap_or_default();
    let seq = if absolute { i64::from(tcp.seq) } else { base.seq(tcp.seq)? };
    let mut text = format!("Seq={seq}");
    if tcp.flags.ack() {
        let ack = if absolute { i64::from(tcp.ack) } else { base.ack(tcp.ack).unwrap_or_default() };
        text.push_str(&format!(" Ack={ack}"));
    }
    if !tcp.payload.is_empty() {
        text.push_str(&format!(" Len={}", tcp.payload.len()));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Session;

    #[test]
    fn every_arrow_still_leads_between_the_same_devices() {
        let session = Session::new(roundtrip_lab::example("story").unwrap().lab());
        let before = session.snapshot().focus.ladder.clone();
        let wanted: Vec<NodeId> = before.lifelines.iter().rev().copied().collect();
        let after = before.clone().in_order(&wanted);
        assert_eq!(after.lifelines, wanted);
        for (a, b) in before.rows.iter().zip(&after.rows) {
            for (x, y) in a.arrows.iter().zip(&b.arrows) {
                assert_eq!(after.lifelines[y.from], before.lifelines[x.from]);
                assert_eq!(after.lifelines[y.to], y.hop.to.node);
            }
            for (x, y) in a.crosses.iter().zip(&b.crosses) {
                assert_eq!(before.lifelines[x.at], after.lifelines[y.at]);
            }
        }
        assert_eq!(before.clone().in_order(&[NodeId(99)]), before, "strangers are no lifelines");
    }

    #[test]
    fn repetitions_lead_to_their_originals_and_numbers_are_relative_or_not() {
        let session = Session::new(roundtrip_lab::example("story").unwrap().lab());
        let (run, focus) = (&session.snapshot().run, &session.snapshot().focus);
        let again = focus.ladder.rows.iter().find(|row| row.member.label.again.is_some()).unwrap();
        let original = focus.ladder.repeats(&run.trace, again).unwrap();
        assert_eq!(focus.ladder.rows[original].member.label.kind, again.member.label.kind);
        assert!(focus.ladder.rows[original].made < again.made);
        let syn = &focus.ladder.rows[0];
        assert_eq!(numbers(run, syn, false).as_deref(), Some("Seq=0"));
        assert_ne!(numbers(run, syn, true).as_deref(), Some("Seq=0"));
        assert!(focus.ladder.repeats(&run.trace, syn).is_none());
    }
}
