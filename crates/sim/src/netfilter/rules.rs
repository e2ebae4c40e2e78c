//! Takes a packet through one base chain and the chains behind it.

use super::conntrack::{Conntrack, CtLink, Noted};
use super::loaded::{ChainPlace, Loaded, LoadedChain, MOST_CHAINS};
use super::matches::{Header, Sight};
use super::nat::{self, Manip, Range};
use super::ruleset::{AddressRange, Hook, MaxSegment, NatOptions, Policy, RejectWith, Statement};
use super::skb::Skb;
use super::{NetfilterEnv, RuleId};
use crate::trace::{DropReason, RuleDid, Step};
use roundtrip_wire::{IpBody, Ipv4};
use std::net::Ipv4Addr;
use std::sync::Arc;

/// Bytes of the headers without options, IPv4 and TCP.
const HEADERS: u16 = 40;
/// What is taken where the routes say nothing (RFC 9293 section 3.7.1).
const DEFAULT_MSS: u16 = 536;

/// How a chain ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The packet goes on to the next chain.
    Accept,
    /// A rule or the policy dropped it.
    Drop(RuleId),
    /// A rule rejected it.
    Reject(RuleId, RejectWith),
    /// A translation cannot be.
    Broken(DropReason),
}

/// What is at hand while rules are looked at.
pub(super) struct Bench<'a> {
    pub(super) hook: Hook,
    pub(super) packet: &'a mut Ipv4,
    pub(super) skb: &'a mut Skb,
    pub(super) conntrack: &'a mut Conntrack,
    pub(super) env: &'a mut dyn NetfilterEnv,
}

/// What a statement does to the walk through the rules.
enum Flow {
    Next,
    Into { chain: usize, back: bool },
    Return,
    End(Outcome, RuleDid),
}

impl Bench<'_> {
    /// Looks at the rules of a base chain until one decides, else at its policy.
    pub(super) fn chain(&mut self, loaded: &mut Loaded, place: ChainPlace) -> Outcome {
        let header = Header::of(self.packet);
        let mut back: Vec<(usize, usize)> = Vec::new();
        let (mut chain, mut index) = (place.chain, 0);
        loop {
            let Some(here) = loaded.chain_mut(place.table, chain) else { return Outcome::Accept };
            let Some((id, flow)) = self.rule(here, &mut index, header) else {
                let Some((caller, next)) = back.pop() else { break };
                (chain, index) = (caller, next);
                continue;
            };
            match flow {
                Flow::Next => {}
                Flow::Into { chain: target, back: comes_back } => {
                    if comes_back {
                        // Loading has made sure that jumps end; this is the kernel's own last resort.
                        if back.len() >= MOST_CHAINS {
                            return Outcome::Drop(id);
                        }
                        back.push((chain, index));
                    }
                    (chain, index) = (target, 0);
                }
                Flow::Return => {
                    let Some((caller, next)) = back.pop() else { break };
                    (chain, index) = (caller, next);
                }
                Flow::End(outcome, did) => {
                    self.env.step(Step::Rule { rule: id, did });
                    return outcome;
                }
            }
        }
        let Some(base) = loaded.chain_mut(place.table, place.chain).and_then(|chain| chain.base) else { return Outcome::Accept };
        let (did, outcome) = match base.chain.policy {
            Policy::Accept => (RuleDid::Accept, Outcome::Accept),
            Policy::Drop => (RuleDid::Drop, Outcome::Drop(base.policy)),
        };
        self.env.step(Step::Rule { rule: base.policy, did });
        outcome
    }

    /// Finds the next rule of a chain that matches, counts the packet there and does what it says. Advances `index` past it.
    fn rule(&mut self, chain: &mut LoadedChain, index: &mut usize, header: Header) -> Option<(RuleId, Flow)> {
        loop {
            let rule = chain.rules.get_mut(*index)?;
            *index += 1;
            let sight = Sight { packet: self.packet, header, skb: self.skb, entry: self.conntrack.entry(&self.skb.ct), env: self.env };
            if !sight.all(&rule.rule.matches, &mut rule.limits) {
                continue;
            }
            if rule.rule.counter {
                rule.packets = rule.packets.saturating_add(1);
                rule.bytes = rule.bytes.saturating_add(self.packet.wire_len() as u64);
            }
            let id = rule.id;
            let Some(statement) = &rule.rule.verdict else {
                if rule.rule.counter {
                    self.env.step(Step::Rule { rule: id, did: RuleDid::Continue });
                }
                continue;
            };
            let flow = self.statement(statement, rule.target, id);
            if !matches!(flow, Flow::End(..)) {
                self.env.step(Step::Rule { rule: id, did: RuleDid::Continue });
            }
            return Some((id, flow));
        }
    }

    fn statement(&mut self, statement: &Statement, target: Option<usize>, id: RuleId) -> Flow {
        match statement {
            Statement::Accept => Flow::End(Outcome::Accept, RuleDid::Accept),
            Statement::Drop => Flow::End(Outcome::Drop(id), RuleDid::Drop),
            Statement::Reject(with) => Flow::End(Outcome::Reject(id, *with), RuleDid::Reject),
            Statement::Return => Flow::Return,
            Statement::Jump(_) => target.map_or(Flow::Next, |chain| Flow::Into { chain, back: true }),
            Statement::Goto(_) => target.map_or(Flow::Next, |chain| Flow::Into { chain, back: false }),
            Statement::Continue | Statement::Log => Flow::Next,
            Statement::Notrack => {
                if matches!(self.skb.ct, CtLink::None) {
                    self.skb.ct = CtLink::Untracked;
                }
                Flow::Next
            }
            Statement::SetMark(mark) => {
                self.skb.mark = *mark;
                Flow::Next
            }
            Statement::SetCtMark(mark) => {
                if let Some(entry) = self.conntrack.entry_mut(&mut self.skb.ct)
                    && entry.mark != *mark
                {
                    entry.mark = *mark;
                    entry.note(Noted::MARK);
                }
                Flow::Next
            }
            Statement::SetMaxSegment(size) => {
                self.clamp(*size);
                Flow::Next
            }
            Statement::Also(first, then) => {
                self.statement(first, None, id);
                self.statement(then, target, id)
            }
            Statement::Snat(to) => self.translate(Range { addresses: to.addresses, options: to.options }, Manip::Source),
            Statement::Dnat(to) => self.translate(Range { addresses: to.addresses, options: to.options }, Manip::Destination),
            Statement::Masquerade(options) => self.masquerade(*options),
            Statement::Redirect(options) => self.redirect(*options),
        }
    }

    /// Makes the MSS that a segment announces smaller (kernel: `nft_exthdr_tcp_set_eval`, `get_tcpmss`).
    fn clamp(&mut self, size: MaxSegment) {
        let Some(announced) = self.packet.tcp().and_then(|tcp| tcp.options.mss) else { return };
        let most = match size {
            MaxSegment::Bytes(bytes) => bytes,
            MaxSegment::OfRoutes => {
                let mtu = [self.packet.dst, self.packet.src].into_iter().filter_map(|end| self.env.route_mtu(end)).min();
                mtu.filter(|mtu| *mtu > HEADERS).map_or(DEFAULT_MSS, |mtu| mtu - HEADERS)
            }
        };
        if most < announced
            && let IpBody::Tcp(tcp) = &mut self.packet.body
        {
            Arc::make_mut(tcp).options.mss = Some(most);
        }
    }

    fn translate(&mut self, range: Range, manip: Manip) -> Flow {
        if let CtLink::Own(entry, _) = &mut self.skb.ct {
            nat::bind(entry, &range, manip, self.conntrack, self.env);
        }
        Flow::End(Outcome::Accept, RuleDid::Translate)
    }

    /// The source becomes an address of the interface by which the packet leaves.
    fn masquerade(&mut self, options: NatOptions) -> Flow {
        let Some(out) = self.skb.out_if else { return Flow::Next };
        if self.conntrack.entry(&self.skb.ct).is_some_and(|entry| entry.original.src == Ipv4Addr::UNSPECIFIED) {
            return Flow::End(Outcome::Accept, RuleDid::Accept);
        }
        let Some(address) = self.env.masquerade_address(out, self.packet.dst) else {
            return Flow::End(Outcome::Broken(DropReason::NatNoAddress), RuleDid::Drop);
        };
        if let CtLink::Own(entry, _) = &mut self.skb.ct {
            entry.masquerade = Some(out);
        }
        self.translate(Range { addresses: Some(AddressRange { first: address, last: address }), options }, Manip::Source)
    }

    /// The destination becomes this node: the interface's address for what comes in, the loopback address for what is made here.
    fn redirect(&mut self, options: NatOptions) -> Flow {
        let address = match (self.hook, self.skb.in_if) {
            (Hook::Output, _) => Some(Ipv4Addr::LOCALHOST),
            (_, Some(interface)) => self.env.first_address(interface),
            (_, None) => None,
        };
        let Some(address) = address else {
            return Flow::End(Outcome::Broken(DropReason::NatNoAddress), RuleDid::Drop);
        };
        self.translate(Range { addresses: Some(AddressRange { first: address, last: address }), options }, Manip::Destination)
    }
}
