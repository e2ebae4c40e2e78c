//! What somebody who watches a run has set: places of capture, filter, the frame that is looked at, the ladder's order.

use crate::view::capture::Tap;
use crate::view::step::Scope;
use roundtrip_sim::NodeId;
use roundtrip_sim::scenario::ActionId;
use roundtrip_sim::trace::FrameId;

/// What can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchCommand {
    /// One more place of capture beside the first.
    AddTap(Tap),
    /// One of those goes; the first cannot.
    RemoveTap(Tap),
    /// Several places side by side, a lane for each, or in one list.
    Lanes(bool),
    /// Only frames that pass this filter are listed. What is no filter is kept as it is written, and filters nothing.
    Filter(String),
    /// A frame is looked at in every detail, as seen at a place; none closes the detail.
    Frame(Option<(Tap, FrameId)>),
    /// Sequence numbers as they are sent rather than counted from the beginning of the connection.
    AbsoluteNumbers(bool),
    /// Times since the beginning of the conversation rather than of the simulation.
    RelativeTimes(bool),
    /// A lifeline of the ladder is put at another place.
    MoveLifeline {
        /// Whose.
        node: NodeId,
        /// Where, from 0 at the left.
        to: usize,
    },
    /// Lifelines stand again as the way there leads.
    ResetLifelines,
    /// What two ends sent each other is shown as text; none closes it.
    Follow(Option<ActionId>),
    /// Lists and details take more of the window.
    Tall(bool),
    /// The table of all pairs of hosts is opened or closed.
    Pairs(bool),
    /// Steps go through something else.
    Scope(Scope),
}

/// What is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// Places of capture beside the first one, in the order in which they were added.
    pub more_taps: Vec<Tap>,
    /// They stand side by side.
    pub lanes: bool,
    /// The filter as it is written.
    pub filter: String,
    /// The frame that is looked at, and where.
    pub frame: Option<(Tap, FrameId)>,
    /// Sequence numbers as they are sent.
    pub absolute_numbers: bool,
    /// Times since the beginning of the conversation.
    pub relative_times: bool,
    /// Lifelines that were put somewhere, in the order wanted; others follow as the way there leads.
    pub lifelines: Vec<NodeId>,
    /// The conversation whose content is shown.
    pub follow: Option<ActionId>,
    /// Lists and details are tall.
    pub tall: bool,
    /// The table of all pairs is open.
    pub pairs: bool,
    /// What steps go through.
    pub scope: Scope,
}

impl Watch {
    /// After a command; `lifelines` are those of the ladder as it is drawn.
    #[must_use]
    pub fn after(&self, command: WatchCommand, first_tap: Tap, lifelines: &[NodeId]) -> Self {
        let mut next = self.clone();
        match command {
            WatchCommand::AddTap(tap) => {
                if tap != first_tap && !next.more_taps.contains(&tap) {
                    next.more_taps.push(tap);
                }
            }
            WatchCommand::RemoveTap(tap) => {
                next.more_taps.retain(|other| *other != tap);
                if next.frame.is_some_and(|(at, _)| at == tap) {
                    next.frame = None;
                }
            }
            WatchCommand::Lanes(lanes) => next.lanes = lanes,
            WatchCommand::Filter(text) => next.filter = text,
            WatchCommand::Frame(frame) => next.frame = frame,
            WatchCommand::AbsoluteNumbers(absolute) => next.absolute_numbers = absolute,
            WatchCommand::RelativeTimes(relative) => next.relative_times = relative,
            WatchCommand::MoveLifeline { node, to } => {
                let mut order: Vec<NodeId> = lifelines.iter().copied().filter(|other| *other != node).collect();
                if order.len() < lifelines.len() {
                    order.insert(to.min(order.len()), node);
                    next.lifelines = order;
                }
            }
            WatchCommand::ResetLifelines => next.lifelines.clear(),
            WatchCommand::Follow(action) => next.follow = action,
            WatchCommand::Tall(tall) => next.tall = tall,
            WatchCommand::Pairs(open) => next.pairs = open,
            WatchCommand::Scope(scope) => next.scope = scope,
        }
        next
    }

    /// Without what refers to the packets of a run that is no more; with `another` lab also without places and names of it.
    #[must_use]
    pub fn in_other_run(&self, another: bool, exists: impl Fn(Tap) -> bool) -> Self {
        let mut next = Self { frame: None, ..self.clone() };
        next.more_taps.retain(|tap| exists(*tap));
        if another {
            next.more_taps.clear();
            next.lifelines.clear();
            next.follow = None;
        }
        next
    }

    /// Every place of capture, the first one first.
    pub fn taps(&self, first: Tap) -> impl Iterator<Item = Tap> + '_ {
        std::iter::once(first).chain(self.more_taps.iter().copied().filter(move |tap| *tap != first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roundtrip_sim::scenario::SegmentId;

    const FIRST: Tap = Tap::Mirror(SegmentId(0));
    const OTHER: Tap = Tap::Mirror(SegmentId(1));

    fn after(commands: impl IntoIterator<Item = WatchCommand>) -> Watch {
        let nodes = [0, 1, 2].map(NodeId);
        commands.into_iter().fold(Watch::default(), |watch, command| watch.after(command, FIRST, &nodes))
    }

    #[test]
    fn places_are_there_once_and_the_first_stays() {
        let watch = after([WatchCommand::AddTap(OTHER), WatchCommand::AddTap(OTHER), WatchCommand::AddTap(FIRST)]);
        assert_eq!(watch.taps(FIRST).collect::<Vec<_>>(), [FIRST, OTHER]);
        assert_eq!(watch.taps(OTHER).collect::<Vec<_>>(), [OTHER], "the first became another one of them");
        let gone = watch.after(WatchCommand::RemoveTap(OTHER), FIRST, &[]);
        assert_eq!(gone.taps(FIRST).collect::<Vec<_>>(), [FIRST]);
    }

    #[test]
    fn the_detail_goes_with_its_place() {
        let frame = Some((OTHER, FrameId(3)));
        let watch = after([WatchCommand::AddTap(OTHER), WatchCommand::Frame(frame)]);
        assert_eq!(watch.frame, frame);
        assert_eq!(watch.after(WatchCommand::RemoveTap(OTHER), FIRST, &[]).frame, None);
        assert_eq!(watch.in_other_run(false, |_| true).frame, None);
        assert_eq!(watch.in_other_run(false, |_| true).more_taps, [OTHER]);
        assert!(watch.in_other_run(false, |_| false).more_taps.is_empty());
        assert!(watch.in_other_run(true, |_| true).more_taps.is_empty());
    }

    #[test]
    fn lifelines_are_put_elsewhere() {
        let moved = after([WatchCommand::MoveLifeline { node: NodeId(2), to: 0 }]);
        assert_eq!(moved.lifelines, [2, 0, 1].map(NodeId));
        assert_eq!(moved.after(WatchCommand::MoveLifeline { node: NodeId(9), to: 0 }, FIRST, &moved.lifelines).lifelines, moved.lifelines);
        let last = moved.after(WatchCommand::MoveLifeline { node: NodeId(2), to: 99 }, FIRST, &moved.lifelines);
        assert_eq!(last.lifelines, [0, 1, 2].map(NodeId));
        assert!(last.after(WatchCommand::ResetLifelines, FIRST, &[]).lifelines.is_empty());
    }
}
