//! The neighbour cache: which Ethernet address has an IPv4 address on a link, and the packets that wait for the
//! answer (kernel: `net/core/neighbour.c`; states as `ip neigh` names them; RFC 4861 section 7.3.2 has the same machine).

use crate::scenario::IfIndex;
use crate::sorted::Sorted;
use crate::sysctl::{Sysctl, Sysctls};
use crate::time::SimTime;
use crate::trace::NeighbourRow;
use roundtrip_wire::Mac;
use std::collections::VecDeque;
use std::net::Ipv4Addr;

/// After a change another answer is not believed for this long (`locktime`).
const LOCKTIME: SimTime = SimTime::from_secs(1);
/// What the kernel counts for a small packet that waits (`skb->truesize`), in bytes.
const SMALL_PACKET_COST: usize = 768;
/// Entries that nobody uses are removed after this time (`gc_stale_time`).
const GC_STALE: SimTime = SimTime::from_secs(60);

/// State of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Asked, not yet answered.
    Incomplete,
    /// Answered lately.
    Reachable,
    /// Known, but not confirmed for a while.
    Stale,
    /// Used while stale; waits a moment for a confirmation from above.
    Delay,
    /// Asked again, directly.
    Probe,
    /// Did not answer.
    Failed,
}

impl State {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Incomplete => "INCOMPLETE",
            Self::Reachable => "REACHABLE",
            Self::Stale => "STALE",
            Self::Delay => "DELAY",
            Self::Probe => "PROBE",
            Self::Failed => "FAILED",
        }
    }

    /// The address may be used.
    const fn valid(self) -> bool {
        matches!(self, Self::Reachable | Self::Stale | Self::Delay | Self::Probe)
    }
}

#[derive(Clone, Debug)]
struct Entry<P> {
    state: State,
    mac: Mac,
    /// Requests since the question was last opened.
    probes: u32,
    /// Last confirmation.
    confirmed: SimTime,
    /// Last change of the address.
    updated: SimTime,
    /// Last use by a packet.
    used: SimTime,
    /// Timers of older generations are stale.
    generation: u32,
    waiting: VecDeque<P>,
    waiting_cost: usize,
}

/// What the node must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Todo<P> {
    /// Send this packet to that address.
    Transmit(P, Mac),
    /// Ask: by broadcast, or the known address directly.
    Solicit(Option<Mac>),
    /// Come back at that time with this generation.
    Timer(SimTime, u32),
    /// The address stays unknown; this packet is lost and its sender should hear of it.
    Fail(P),
    /// Too many wait; the oldest is lost.
    Overflow(P),
    /// The packet waits.
    Queued,
}

/// The cache of one node; `P` is a packet that waits.
#[derive(Clone, Debug)]
pub(crate) struct Neighbours<P> {
    entries: Sorted<(IfIndex, Ipv4Addr), Entry<P>>,
}

impl<P> Default for Neighbours<P> {
    fn default() -> Self {
        Self { entries: Sorted::default() }
    }
}

fn millis(sysctls: &Sysctls, key: Sysctl) -> SimTime {
    SimTime::from_millis(u64::try_from(sysctls.get(key)).unwrap_or(0))
}

fn retrans(sysctls: &Sysctls) -> SimTime {
    millis(sysctls, Sysctl::RetransTimeMs).max(SimTime::from_millis(10))
}

impl<P> Entry<P> {
    fn new(now: SimTime) -> Self {
        Self {
            state: State::Failed,
            mac: Mac::ZERO,
            probes: 0,
            confirmed: SimTime::ZERO,
            updated: now,
            used: now,
            generation: 0,
            waiting: VecDeque::new(),
            waiting_cost: 0,
        }
    }

    fn arm(&mut self, at: SimTime, todo: &mut Vec<Todo<P>>) {
        self.generation = self.generation.wrapping_add(1);
        todo.push(Todo::Timer(at, self.generation));
    }

    /// Opens the question.
    fn ask(&mut self, now: SimTime, sysctls: &Sysctls, todo: &mut Vec<Todo<P>>) {
        self.state = State::Incomplete;
        self.probes = 1;
        self.updated = now;
        todo.push(Todo::Solicit(None));
        self.arm(now + retrans(sysctls), todo);
    }

    /// Reachable for `base_reachable_time`; the kernel draws between half and one and a half of it, here the middle is taken.
    fn fresh(&self, now: SimTime, sysctls: &Sysctls) -> bool {
        now.since(self.confirmed) < millis(sysctls, Sysctl::BaseReachableTimeMs)
    }
}

impl<P> Neighbours<P> {
    /// True if the entry can be used at once, without any change: the common case, kept cheap.
    pub(crate) fn ready(&mut self, dev: IfIndex, address: Ipv4Addr, now: SimTime, sysctls: &Sysctls) -> Option<Mac> {
        let entry = self.entries.get_mut(&(dev, address))?;
        let usable = match entry.state {
            State::Reachable => entry.fresh(now, sysctls),
            State::Delay | State::Probe => true,
            State::Stale | State::Incomplete | State::Failed => false,
        };
        if usable {
            entry.used = now;
            Some(entry.mac)
        } else {
            None
        }
    }

    fn open(&mut self, dev: IfIndex, address: Ipv4Addr, now: SimTime) -> Option<&mut Entry<P>> {
        self.entries.ensure((dev, address), || Entry::new(now));
        self.entries.get_mut(&(dev, address))
    }

    /// A packet wants to leave for `address` (kernel: `neigh_resolve_output`).
    pub(crate) fn send(
        &mut self,
        dev: IfIndex,
        address: Ipv4Addr,
        packet: P,
        cost: usize,
        now: SimTime,
        sysctls: &Sysctls,
    ) -> Vec<Todo<P>> {
        let mut todo = Vec::new();
        let Some(entry) = self.open(dev, address, now) else { return todo };
        entry.used = now;
        if entry.state == State::Reachable && !entry.fresh(now, sysctls) {
            entry.state = State::Stale;
        }
        match entry.state {
            State::Reachable | State::Delay | State::Probe => todo.push(Todo::Transmit(packet, entry.mac)),
            State::Stale => {
                entry.state = State::Delay;
                let wait = SimTime::from_secs(u64::try_from(sysctls.get(Sysctl::DelayFirstProbeTime)).unwrap_or(0));
                entry.arm(now + wait, &mut todo);
                todo.push(Todo::Transmit(packet, entry.mac));
            }
            State::Incomplete | State::Failed => {
                if entry.state == State::Failed {
                    entry.ask(now, sysctls, &mut todo);
                }
                let cost = SMALL_PACKET_COST.max(cost.saturating_add(512));
                let room = usize::try_from(sysctls.get(Sysctl::UnresQlenBytes)).unwrap_or(0);
                while entry.waiting_cost.saturating_add(cost) > room {
                    let Some(oldest) = entry.waiting.pop_front() else { break };
                    entry.waiting_cost = entry.waiting_cost.saturating_sub(cost);
                    todo.push(Todo::Overflow(oldest));
                }
                entry.waiting.push_back(packet);
                entry.waiting_cost = entry.waiting_cost.saturating_add(cost);
                todo.push(Todo::Queued);
            }
        }
        todo
    }

    /// Opens the question without a packet, as an ICMP redirect to an unknown gateway does. True if the address was known already.
    pub(crate) fn look(&mut self, dev: IfIndex, address: Ipv4Addr, now: SimTime, sysctls: &Sysctls) -> (bool, Vec<Todo<P>>) {
        let mut todo = Vec::new();
        let Some(entry) = self.open(dev, address, now) else { return (false, todo) };
        if entry.state.valid() {
            return (true, todo);
        }
        if entry.state == State::Failed {
            entry.ask(now, sysctls, &mut todo);
        }
        (false, todo)
    }

    /// Everything that waits for an answer.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &P> {
        self.entries.values().flat_map(|entry| &entry.waiting)
    }

    /// A timer rang (kernel: `neigh_timer_handler`).
    pub(crate) fn timer(&mut self, dev: IfIndex, address: Ipv4Addr, generation: u32, now: SimTime, sysctls: &Sysctls) -> Vec<Todo<P>> {
        let mut todo = Vec::new();
        let Some(entry) = self.entries.get_mut(&(dev, address)).filter(|entry| entry.generation == generation) else {
            return todo;
        };
        let limit = |key| u32::try_from(sysctls.get(key)).unwrap_or(0);
        match entry.state {
            State::Delay => {
                let wait = SimTime::from_secs(u64::try_from(sysctls.get(Sysctl::DelayFirstProbeTime)).unwrap_or(0));
                if entry.confirmed + wait >= now {
                    entry.state = State::Reachable;
                } else {
                    entry.state = State::Probe;
                    entry.probes = 1;
                    todo.push(Todo::Solicit(Some(entry.mac)));
                    entry.arm(now + retrans(sysctls), &mut todo);
                }
            }
            State::Incomplete | State::Probe => {
                let allowed = if entry.state == State::Probe { limit(Sysctl::UcastSolicit) } else { limit(Sysctl::McastSolicit) };
                if entry.probes >= allowed {
                    entry.state = State::Failed;
                    entry.updated = now;
                    entry.waiting_cost = 0;
                    todo.extend(entry.waiting.drain(..).map(Todo::Fail));
                } else {
                    entry.probes += 1;
                    todo.push(Todo::Solicit((entry.state == State::Probe).then_some(entry.mac)));
                    entry.arm(now + retrans(sysctls), &mut todo);
                }
            }
            State::Reachable | State::Stale | State::Failed => {}
        }
        todo
    }

    /// Somebody's Ethernet address was heard (kernel: `neigh_update`). `create`: also for addresses that nobody asked about.
    /// `answer`: a reply to this node. `over`: believed although another address was heard a moment ago.
    pub(crate) fn heard(
        &mut self,
        (dev, address, mac): (IfIndex, Ipv4Addr, Mac),
        create: bool,
        answer: bool,
        over: bool,
        now: SimTime,
    ) -> Vec<Todo<P>> {
        let mut todo = Vec::new();
        if create {
            self.entries.ensure((dev, address), || Entry::new(now));
        }
        let Some(entry) = self.entries.get_mut(&(dev, address)) else {
            return todo;
        };
        let was_valid = entry.state.valid();
        let same = was_valid && entry.mac == mac;
        if was_valid && !same && !over && now.since(entry.updated) <= LOCKTIME {
            return todo;
        }
        if answer {
            entry.confirmed = now;
        }
        if same && !answer {
            return todo;
        }
        if !same {
            entry.mac = mac;
            entry.updated = now;
        }
        if answer || !same {
            entry.state = if answer { State::Reachable } else { State::Stale };
            // Whatever timer ran was for the old state.
            entry.generation = entry.generation.wrapping_add(1);
            entry.probes = 0;
        }
        entry.waiting_cost = 0;
        let mac = entry.mac;
        let waiting: Vec<P> = entry.waiting.drain(..).collect();
        if !waiting.is_empty() {
            entry.used = now;
            if entry.state == State::Stale {
                entry.state = State::Delay;
                entry.arm(now + SimTime::from_secs(5), &mut todo);
            }
        }
        todo.extend(waiting.into_iter().map(|packet| Todo::Transmit(packet, mac)));
        todo
    }

    /// Something from above shows that the neighbour is there: an acknowledgement of new data (kernel: `dst_confirm`).
    pub(crate) fn confirm(&mut self, dev: IfIndex, address: Ipv4Addr, now: SimTime) {
        if let Some(entry) = self.entries.get_mut(&(dev, address)).filter(|entry| entry.state.valid()) {
            entry.confirmed = now;
            if matches!(entry.state, State::Stale | State::Delay) {
                entry.state = State::Reachable;
                entry.generation = entry.generation.wrapping_add(1);
            }
        }
    }

    /// `ip neigh flush`, or the link went down: entries go, what waits is lost.
    pub(crate) fn flush(&mut self, dev: Option<IfIndex>) -> Vec<Todo<P>> {
        let mut todo = Vec::new();
        self.entries.retain(|(at, _), entry| {
            let gone = dev.is_none_or(|dev| dev == *at);
            if gone {
                todo.extend(entry.waiting.drain(..).map(Todo::Overflow));
            }
            !gone
        });
        todo
    }

    /// As `ip neigh` prints it; entries that nobody has used for long are not shown.
    pub(crate) fn rows(&self, now: SimTime, sysctls: &Sysctls) -> Vec<NeighbourRow> {
        self.entries
            .iter()
            .filter(|(_, entry)| entry.state != State::Failed || now.since(entry.used) < GC_STALE)
            .map(|((dev, address), entry)| {
                let state = if entry.state == State::Reachable && !entry.fresh(now, sysctls) { State::Stale } else { entry.state };
                NeighbourRow { dev: *dev, address: *address, mac: entry.state.valid().then_some(entry.mac), state: state.name() }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEV: IfIndex = IfIndex(0);
    const WHO: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 9);
    const MAC: Mac = Mac([2, 0, 0, 0, 0, 9]);
    const OTHER: Mac = Mac([2, 0, 0, 0, 0, 8]);

    fn secs(n: u64) -> SimTime {
        SimTime::from_secs(n)
    }

    fn timer(todo: &[Todo<u8>]) -> (SimTime, u32) {
        todo.iter().find_map(|t| if let Todo::Timer(at, generation) = t { Some((*at, *generation)) } else { None }).unwrap()
    }

    #[test]
    fn three_questions_then_every_waiting_packet_fails_at_once() {
        let sysctls = Sysctls::new(1);
        let mut cache = Neighbours::default();
        let todo = cache.send(DEV, WHO, 1, 84, secs(0), &sysctls);
        assert!(todo.contains(&Todo::Solicit(None)) && todo.contains(&Todo::Queued));
        assert_eq!(cache.send(DEV, WHO, 2, 84, secs(0), &sysctls), [Todo::Queued]);
        let (mut at, mut generation) = timer(&todo);
        for expected in [1, 2] {
            assert_eq!(at, secs(expected));
            let todo = cache.timer(DEV, WHO, generation, at, &sysctls);
            assert!(todo.contains(&Todo::Solicit(None)));
            (at, generation) = timer(&todo);
        }
        assert_eq!(at, secs(3));
        assert_eq!(cache.timer(DEV, WHO, generation, at, &sysctls), [Todo::Fail(1), Todo::Fail(2)]);
        assert!(cache.send(DEV, WHO, 3, 84, secs(4), &sysctls).contains(&Todo::Solicit(None)), "the next packet asks again");
    }

    #[test]
    fn an_answer_lets_what_waits_go_in_order() {
        let sysctls = Sysctls::new(1);
        let mut cache = Neighbours::default();
        cache.send(DEV, WHO, 1, 84, secs(0), &sysctls);
        cache.send(DEV, WHO, 2, 84, secs(0), &sysctls);
        let todo = cache.heard((DEV, WHO, MAC), false, true, false, secs(0));
        assert_eq!(todo, [Todo::Transmit(1, MAC), Todo::Transmit(2, MAC)]);
        assert_eq!(cache.ready(DEV, WHO, secs(1), &sysctls), Some(MAC));
    }

    #[test]
    fn of_two_answers_the_first_holds_for_a_second() {
        let sysctls = Sysctls::new(1);
        let mut cache = Neighbours::default();
        cache.send(DEV, WHO, 1, 84, secs(0), &sysctls);
        cache.heard((DEV, WHO, MAC), false, true, false, secs(0));
        cache.heard((DEV, WHO, OTHER), false, true, false, SimTime::from_millis(1));
        assert_eq!(cache.ready(DEV, WHO, secs(1), &sysctls), Some(MAC));
        cache.heard((DEV, WHO, OTHER), false, true, false, secs(2));
        assert_eq!(cache.ready(DEV, WHO, secs(2), &sysctls), Some(OTHER));
    }

    #[test]
    fn a_stale_entry_is_used_at_once_and_questioned_after_five_seconds() {
        let sysctls = Sysctls::new(1);
        let mut cache = Neighbours::default();
        cache.heard((DEV, WHO, MAC), true, false, true, secs(100));
        let todo = cache.send(DEV, WHO, 1, 84, secs(100), &sysctls);
        assert!(todo.contains(&Todo::Transmit(1, MAC)));
        let (at, generation) = timer(&todo);
        assert_eq!(at, secs(105));
        let todo = cache.timer(DEV, WHO, generation, at, &sysctls);
        assert!(todo.contains(&Todo::Solicit(Some(MAC))));
    }
}
