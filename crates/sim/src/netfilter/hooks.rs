//! A node's netfilter: what happens at each of the five hooks, in which order.

use super::conntrack::{Conntrack, Context, CtEntryView, CtInfo, CtLink, Status};
use super::loaded::{ChainPlace, Loaded};
use super::nat::{self, Manip, Range};
use super::rules::{Bench, Outcome};
use super::ruleset::{AddressRange, Hook, NatOptions, NftCommand, Ruleset};
use super::skb::Skb;
use super::{CtId, NetfilterEnv, NftError, RuleInfo, Verdict};
use crate::scenario::IfIndex;
use crate::time::SimTime;
use crate::trace::{ConntrackRow, CounterRow, DropReason, Step};
use roundtrip_wire::order;
use roundtrip_wire::{IpProtocol, Ipv4};
use std::net::Ipv4Addr;

/// Priority of connection tracking at prerouting and output.
const CONNTRACK: i32 = -200;
/// Priority at which destinations are translated, whatever the chains say that choose how.
const DESTINATION_NAT: i32 = -100;
/// Priority at which sources are translated.
const SOURCE_NAT: i32 = 100;
/// Priority of the confirmation: after everything else.
const CONFIRM: i32 = i32::MAX;

const HOOKS: [Hook; 5] = [Hook::Prerouting, Hook::Input, Hook::Forward, Hook::Output, Hook::Postrouting];

/// Something that is done at a hook.
#[derive(Clone, Copy, Debug)]
enum Work {
    Conntrack,
    Chain(ChainPlace),
    Nat,
    Confirm,
}

/// What is done at one hook, in order; and the chains that choose translations, in theirs.
#[derive(Clone, Debug, Default)]
struct Plan {
    works: Vec<Work>,
    nat: Vec<ChainPlace>,
}

/// Packet filter, connection tracking and address translation of one node.
#[derive(Clone, Debug, Default)]
pub struct Netfilter {
    ruleset: Ruleset,
    loaded: Loaded,
    pub(super) conntrack: Conntrack,
    plans: [Plan; 5],
    /// Something is done at some hook.
    busy: bool,
    /// When connection tracking and translation hooked in, in the order of [`Loaded::made`].
    conntrack_since: Option<u32>,
    nat_since: Option<u32>,
    watched: bool,
}

impl Netfilter {
    /// Loads rules. Jumps that lead nowhere, in a circle or too deep do nothing.
    #[must_use]
    pub fn new(ruleset: Ruleset) -> Self {
        let loaded = Loaded::new(&ruleset);
        let mut netfilter = Self { ruleset: loaded.ruleset(), loaded, ..Self::default() };
        netfilter.plan();
        netfilter
    }

    /// Changes the rules: all commands take effect, or none.
    ///
    /// # Errors
    /// If a command names a table, chain or rule that is not there, deletes a chain that is in use, or if jumps lead in a circle.
    pub fn apply(&mut self, commands: &[NftCommand]) -> Result<(), NftError> {
        let mut loaded = self.loaded.clone();
        loaded.run(commands)?;
        self.loaded = loaded;
        self.ruleset = self.loaded.ruleset();
        self.plan();
        Ok(())
    }

    /// Keeps connection tracking on although no rule needs it, as a monitor's rules do.
    pub fn watch(&mut self, on: bool) {
        self.watched = on;
        self.plan();
    }

    /// Orders what is done at each hook. Of two with the same priority the later made comes first.
    fn plan(&mut self) {
        let had_conntrack = self.conntrack_since.is_some();
        let has_nat = HOOKS.iter().any(|hook| self.loaded.bases_at(*hook, true).next().is_some());
        self.nat_since = self.hooked_in(has_nat, self.nat_since);
        self.conntrack_since = self.hooked_in(self.watched || self.loaded.needs_conntrack(), self.conntrack_since);
        if self.conntrack_since.is_some() && !had_conntrack {
            self.conntrack.after_a_gap();
        }
        for (hook, plan) in HOOKS.iter().zip(&mut self.plans) {
            let mut works: Vec<(i32, std::cmp::Reverse<u32>, Work)> = Vec::new();
            for (place, base) in self.loaded.bases_at(*hook, false) {
                works.push((base.chain.priority, std::cmp::Reverse(base.made), Work::Chain(place)));
            }
            if let (Some(made), Some(manip)) = (self.nat_since, Manip::at(*hook)) {
                let priority = match manip {
                    Manip::Source => SOURCE_NAT,
                    Manip::Destination => DESTINATION_NAT,
                };
                works.push((priority, std::cmp::Reverse(made), Work::Nat));
            }
            if let Some(made) = self.conntrack_since {
                match hook {
                    Hook::Prerouting | Hook::Output => works.push((CONNTRACK, std::cmp::Reverse(made), Work::Conntrack)),
                    Hook::Input | Hook::Postrouting => works.push((CONFIRM, std::cmp::Reverse(made), Work::Confirm)),
                    Hook::Forward => {}
                }
            }
            order::sort_by_key(&mut works, |(priority, made, _)| (*priority, *made));
            plan.works = works.into_iter().map(|(_, _, work)| work).collect();
            let mut nat: Vec<_> = self.loaded.bases_at(*hook, true).collect();
            order::sort_by_key(&mut nat, |(_, base)| (base.chain.priority, std::cmp::Reverse(base.made)));
            plan.nat = nat.into_iter().map(|(place, _)| place).collect();
        }
        self.busy = self.plans.iter().any(|plan| !plan.works.is_empty());
    }

    /// When something hooked in that is needed, or is not.
    fn hooked_in(&mut self, needed: bool, since: Option<u32>) -> Option<u32> {
        if !needed {
            return None;
        }
        since.or_else(|| {
            self.loaded.made = self.loaded.made.saturating_add(1);
            Some(self.loaded.made)
        })
    }

    /// Nothing is done at any hook.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.busy
    }

    /// Connections are tracked: fragments are to be put together before prerouting and output.
    #[must_use]
    pub const fn tracks(&self) -> bool {
        self.conntrack_since.is_some()
    }

    /// Takes a packet through one hook. It may be changed by translation.
    pub fn hook(&mut self, hook: Hook, packet: &mut Ipv4, skb: &mut Skb, env: &mut dyn NetfilterEnv) -> Verdict {
        self.conntrack.expire(env.now());
        let verdict = self.walk(hook, packet, skb, env);
        self.tell(env);
        verdict
    }

    fn walk(&mut self, hook: Hook, packet: &mut Ipv4, skb: &mut Skb, env: &mut dyn NetfilterEnv) -> Verdict {
        let at = hook as usize;
        let count = self.plans.get(at).map_or(0, |plan| plan.works.len());
        for index in 0..count {
            let Some(work) = self.plans.get(at).and_then(|plan| plan.works.get(index)).copied() else { break };
            let result = match work {
                Work::Conntrack => self.track(packet, skb, env),
                Work::Chain(place) => self.chain(hook, place, packet, skb, env),
                Work::Nat => self.nat(hook, packet, skb, env),
                Work::Confirm => self.conntrack.confirm(&mut skb.ct, env.now()).map_err(Verdict::Drop),
            };
            if let Err(verdict) = result {
                return verdict;
            }
        }
        Verdict::Accept
    }

    fn tell(&mut self, env: &mut dyn NetfilterEnv) {
        for event in self.conntrack.take_events() {
            env.ct_event(event);
        }
    }

    fn track(&mut self, packet: &Ipv4, skb: &mut Skb, env: &mut dyn NetfilterEnv) -> Result<(), Verdict> {
        if skb.ct.is_untracked() || skb.ct.info().is_some() {
            return Ok(());
        }
        let context = Context { now: env.now(), settings: env.sysctls() };
        let invalid = self.conntrack.track(packet, &mut skb.ct, &context).map_err(Verdict::Drop)?;
        env.step(Step::Conntrack { state: skb.ct.state(), entry: skb.connection(self), invalid });
        Ok(())
    }

    fn chain(
        &mut self,
        hook: Hook,
        place: ChainPlace,
        packet: &mut Ipv4,
        skb: &mut Skb,
        env: &mut dyn NetfilterEnv,
    ) -> Result<(), Verdict> {
        let state = self.tracks().then(|| skb.ct.state());
        let mut bench = Bench { hook, packet, skb, conntrack: &mut self.conntrack, env };
        let because = |rule, rejected| DropReason::Rule { rule, state, rejected };
        match bench.chain(&mut self.loaded, place) {
            Outcome::Accept => Ok(()),
            Outcome::Drop(rule) => Err(Verdict::Drop(because(rule, false))),
            Outcome::Reject(rule, with) => Err(Verdict::Reject { with, reason: because(rule, true) }),
            Outcome::Broken(reason) => Err(Verdict::Drop(reason)),
        }
    }

    /// Settles what becomes of a new connection's addresses, and translates the packet.
    fn nat(&mut self, hook: Hook, packet: &mut Ipv4, skb: &mut Skb, env: &mut dyn NetfilterEnv) -> Result<(), Verdict> {
        let (Some(manip), Some(info)) = (Manip::at(hook), skb.ct.info()) else { return Ok(()) };
        if matches!(info, CtInfo::Related(_)) && packet.protocol() == IpProtocol::ICMP {
            let Some(entry) = self.conntrack.entry(&skb.ct) else { return Ok(()) };
            return match nat::icmp_error(packet, entry, info.direction(), manip) {
                Ok(true) => {
                    env.step(Step::Translated { entry: entry.id, source: manip == Manip::Source });
                    Ok(())
                }
                Ok(false) => Ok(()),
                Err(()) => Err(Verdict::Drop(DropReason::NatRedirect)),
            };
        }
        let done = match manip {
            Manip::Source => Status::SRC_NAT_DONE,
            Manip::Destination => Status::DST_NAT_DONE,
        };
        let settled = self.conntrack.entry(&skb.ct).is_none_or(|entry| entry.status.has(done));
        if !settled && !matches!(info, CtInfo::Established(_)) {
            let count = self.plans.get(hook as usize).map_or(0, |plan| plan.nat.len());
            for index in 0..count {
                let Some(place) = self.plans.get(hook as usize).and_then(|plan| plan.nat.get(index)).copied() else { break };
                self.chain(hook, place, packet, skb, env)?;
                if self.conntrack.entry(&skb.ct).is_none_or(|entry| entry.status.has(done)) {
                    break;
                }
            }
            self.bind_as_it_is(skb, manip, done, env);
        } else if self.leaves_elsewhere(hook, skb, info) {
            if let CtLink::InTable(slot, ..) = skb.ct {
                self.conntrack.kill(slot, env.now());
            }
            return Err(Verdict::Drop(DropReason::NatInterfaceChanged));
        }
        if let Some(entry) = self.conntrack.entry(&skb.ct)
            && nat::packet(packet, entry, info.direction(), manip)
        {
            env.step(Step::Translated { entry: entry.id, source: manip == Manip::Source });
        }
        Ok(())
    }

    /// No rule has chosen: the addresses stay, the port too unless it is another connection's.
    fn bind_as_it_is(&mut self, skb: &mut Skb, manip: Manip, done: Status, env: &mut dyn NetfilterEnv) {
        if let CtLink::Own(entry, _) = &mut skb.ct
            && !entry.status.has(done)
        {
            let address = match manip {
                Manip::Source => entry.reply.dst,
                Manip::Destination => entry.reply.src,
            };
            let range = Range { addresses: Some(AddressRange { first: address, last: address }), options: NatOptions::default() };
            nat::bind(entry, &range, manip, &mut self.conntrack, env);
        }
    }

    /// The connection was masqueraded as another interface's address than the one by which it leaves now.
    fn leaves_elsewhere(&self, hook: Hook, skb: &Skb, info: CtInfo) -> bool {
        hook == Hook::Postrouting
            && info.direction() == super::conntrack::CtDirection::Original
            && self.conntrack.entry(&skb.ct).and_then(|entry| entry.masquerade).is_some_and(|interface| Some(interface) != skb.out_if)
    }

    /// The companion of the RST by which this node rejects a packet (`reject with tcp reset`). A connection that was
    /// established is over then.
    pub fn reset(&mut self, rejected: &Skb, env: &mut dyn NetfilterEnv) -> Skb {
        let context = Context { now: env.now(), settings: env.sysctls() };
        self.conntrack.refused(&rejected.ct, &context);
        rejected.about()
    }

    /// Takes out connections whose time is over, and says so; the table itself never shows them.
    pub fn expire(&mut self, env: &mut dyn NetfilterEnv) {
        self.conntrack.expire(env.now());
        self.tell(env);
    }

    /// `conntrack -F`: forgets every connection.
    pub fn flush(&mut self, env: &mut dyn NetfilterEnv) {
        self.conntrack.expire(env.now());
        self.conntrack.flush(env.now());
        self.tell(env);
    }

    /// An interface went down: what was masqueraded there is forgotten.
    pub fn interface_down(&mut self, interface: IfIndex, env: &mut dyn NetfilterEnv) {
        self.conntrack.kill_where(env.now(), |entry| entry.masquerade == Some(interface));
        self.tell(env);
    }

    /// An interface lost an address: what was masqueraded as that is forgotten.
    pub fn address_removed(&mut self, interface: IfIndex, address: Ipv4Addr, env: &mut dyn NetfilterEnv) {
        self.conntrack.kill_where(env.now(), |entry| entry.masquerade == Some(interface) && entry.reply.dst == address);
        self.tell(env);
    }

    /// Rules and policies by [`super::RuleId`], those that are gone included.
    #[must_use]
    pub fn rules(&self) -> &[RuleInfo] {
        &self.loaded.infos
    }

    /// Counters of the rules that are there, in order.
    #[must_use]
    pub fn counters(&self) -> Vec<CounterRow> {
        self.loaded.counters()
    }

    /// `conntrack -L`, in the order in which the connections began.
    #[must_use]
    pub fn entries(&self, now: SimTime) -> Vec<ConntrackRow> {
        self.conntrack
            .table
            .in_order()
            .into_iter()
            .filter(|(_, entry)| entry.expires > now)
            .map(|(_, entry)| ConntrackRow { id: entry.id, text: CtEntryView::from(entry).to_string().into(), expires: entry.expires })
            .collect()
    }

    /// The rules that are there.
    #[must_use]
    pub const fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// A connection in the table.
    #[must_use]
    pub fn entry(&self, id: CtId) -> Option<CtEntryView> {
        self.conntrack.table.in_order().into_iter().find(|(_, entry)| entry.id == id).map(|(_, entry)| entry.into())
    }
}
