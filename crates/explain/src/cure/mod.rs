//! What would cure a conversation: changes of the document that were tried, each in a simulation of its own.

mod candidates;
mod edit;
mod topology;

pub use edit::{Edit, Traffic, TrafficProtocol};

use crate::cause::Cause;
use crate::message::{Message, Value};
use crate::outcome::Outcome;
use crate::reading::Reading;
use crate::verdict::{Verdict, explain};
use roundtrip_lab::{Lab, Problem};
use roundtrip_sim::{Scenario, Simulation, Trace};
use roundtrip_wire::order;
use std::net::Ipv4Addr;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident $id:literal [$($arg:literal),*];)*) => {
        /// What a cure does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CureKind {
            $($(#[$doc])* $variant,)*
        }

        impl CureKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name, which never changes.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// Its name in the catalogues.
            #[must_use]
            pub const fn message_id(self) -> &'static str {
                match self { $(Self::$variant => concat!("cure-", $id),)* }
            }

            /// The arguments of its message.
            #[must_use]
            pub const fn arguments(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($arg),*],)* }
            }
        }
    };
}

kinds! {
    /// A device gets a route.
    Route "route" ["device", "to", "via", "router"];
    /// A device gets another default gateway.
    Gateway "gateway" ["device", "via", "router"];
    /// A device accepts redirects.
    AcceptRedirects "accept-redirects" ["device"];
    /// A device accepts redirects to other gateways than its default ones.
    SharedMedia "shared-media" ["device"];
    /// A device sends redirects.
    SendRedirects "send-redirects" ["device"];
    /// A device translates sources, so that answers come back to it.
    Masquerade "masquerade" ["device", "from", "to"];
    /// A device checks sources less strictly.
    LooseRpFilter "loose-rp-filter" ["device"];
    /// A device forwards.
    Forwarding "forwarding" ["device"];
    /// A filter accepts the conversation.
    AcceptRule "accept-rule" ["device", "rule"];
    /// A sender finds the path MTU without ICMP.
    MtuProbing "mtu-probing" ["device"];
    /// An interface sends shorter packets.
    Mtu "mtu" ["device", "interface", "mtu"];
    /// A host answers echo requests.
    Echo "echo" ["device"];
    /// A device remembers connections for longer.
    Timeout "timeout" ["device", "setting", "value"];
}

/// A change that might cure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Candidate {
    kind: CureKind,
    message: Message,
    edits: Vec<Edit>,
}

impl Candidate {
    fn new(kind: CureKind, device: &str, edits: Vec<Edit>) -> Self {
        Self { kind, message: Message::new(kind.message_id()).with("device", Value::Device(device.to_owned())), edits }
    }

    fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.message = self.message.with(name, value);
        self
    }

    fn via(self, via: Ipv4Addr, router: &str) -> Self {
        self.with("via", via).with("router", Value::Device(router.to_owned()))
    }
}

/// A change of the document that cures a conversation: it was simulated, and the conversation worked.
#[derive(Clone, Debug, PartialEq)]
pub struct Cure {
    /// What it does.
    pub kind: CureKind,
    /// How it says what it does.
    pub message: Message,
    /// The changes, in order.
    pub edits: Vec<Edit>,
    /// The document with them.
    pub lab: Lab,
    /// How the conversation then ends.
    pub outcome: Outcome,
    /// And why.
    pub cause: Cause,
    /// Other conversations, by name, that go better with it.
    pub mends: Vec<String>,
    /// Other conversations, by name, that go worse with it.
    pub breaks: Vec<String>,
}

impl Cure {
    /// A name for it that stays the same as long as the document does: what it does and on which devices.
    #[must_use]
    pub fn id(&self) -> String {
        let mut id = self.kind.id().to_owned();
        for edit in &self.edits {
            id.push('.');
            id.push_str(edit.device());
        }
        id
    }
}

/// How many candidates are simulated at most.
const MOST: usize = 24;

/// Finds cures for a conversation of a run: makes candidates from what the verdict stands on, simulates each, and keeps those
/// with which the conversation works. Those that break nothing else come first; otherwise in the order from the most usual.
///
/// `scenario` and `trace` are those of `lab`, and `verdict` is one of theirs. A conversation that works has no cures, and
/// neither has one that only somebody at the far end can help.
#[must_use]
pub fn cures(lab: &Lab, scenario: &Scenario, trace: &Trace, verdict: &Verdict) -> Vec<Cure> {
    if verdict.outcome == Outcome::Healthy {
        return Vec::new();
    }
    let reading = Reading::new(scenario, trace);
    let candidates = candidates::candidates(lab, &reading, verdict);
    let mut tried: Vec<Lab> = Vec::new();
    let mut cures: Vec<Cure> = Vec::new();
    for candidate in candidates.into_iter().take(MOST) {
        // More than what already helps is too much.
        if cures.iter().any(|cure| candidate.edits.starts_with(&cure.edits)) {
            continue;
        }
        let mut changed = lab.clone();
        if !candidate.edits.iter().all(|edit| edit.apply(&mut changed)) || changed == *lab || tried.contains(&changed) {
            continue;
        }
        cures.extend(attempt(&changed, scenario, trace, verdict, candidate));
        tried.push(changed);
    }
    order::sort_by_key(&mut cures, |cure| !cure.breaks.is_empty());
    cures
}

/// Simulates a document with a candidate. None if it does not cure.
fn attempt(lab: &Lab, before: &Scenario, old: &Trace, verdict: &Verdict, candidate: Candidate) -> Option<Cure> {
    let (scenario, problems) = roundtrip_lab::to_scenario(lab);
    if problems.iter().any(Problem::is_error) {
        return None;
    }
    let name = &verdict.conversation.name;
    let trace = Simulation::new(scenario.clone()).run();
    let result = |scenario: &Scenario, trace: &Trace, name: &str| {
        let place = scenario.actions.iter().position(|action| action.id == *name)?;
        trace.outcomes.get(place).map(|outcome| Outcome::badness(outcome.result))
    };
    if result(&scenario, &trace, name) != Some(0) {
        return None;
    }
    let explanation = explain(&scenario, &trace);
    let after = explanation.named(name)?;
    // Path MTU discovery at work is as good as it gets on such a way.
    let discovers = after.cause == Cause::FragmentationNeeded && verdict.cause == Cause::PmtuBlackHole;
    let better = after.outcome == Outcome::Healthy || (after.outcome.works() && (discovers || !verdict.outcome.works()));
    if !better {
        return None;
    }
    let mut mends = Vec::new();
    let mut breaks = Vec::new();
    for other in explanation.conversations.iter().filter(|other| other.conversation.name != *name) {
        let other = &other.conversation.name;
        let (was, is) = (result(before, old, other), result(&scenario, &trace, other));
        if is > was {
            breaks.push(other.clone());
        } else if is < was {
            mends.push(other.clone());
        }
    }
    let Candidate { kind, message, edits } = candidate;
    Some(Cure { kind, message, edits, lab: lab.clone(), outcome: after.outcome, cause: after.cause, mends, breaks })
}
