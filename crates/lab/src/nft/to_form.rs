//! Rules as a form, where a form can say the same.

use super::{ICMP_TYPES, parse};
use crate::document::{
    AddressSet, ChainPolicy, Filter, FilterChain, FilterRule, FlagTest, NatKind, NatRule, NatTo, OneOrMany, PortSet, RejectKind,
    RuleAction, State, Transport,
};
use crate::to_nft;
use roundtrip_sim::netfilter::ruleset::{
    BaseChain, Chain, ChainKind, CtState, Hook, Match, NatOptions, NatTarget, Policy, RejectWith, Rule, Ruleset, Statement, Test,
};
use roundtrip_wire::UnreachableCode;

/// The rules as the fields `filter` and `nat`; none if they are not exactly what such fields become.
#[must_use]
pub fn to_form(text: &str) -> Option<(Filter, Vec<NatRule>)> {
    let rules = parse(text).ok()?;
    let (mut filter, mut nat) = (Filter::default(), Vec::new());
    for chain in rules.tables.iter().flat_map(|table| &table.chains) {
        let base = chain.base?;
        match (base.kind, base.hook) {
            (ChainKind::Filter, Hook::Input) => put(&mut filter.input, chain, base)?,
            (ChainKind::Filter, Hook::Forward) => put(&mut filter.forward, chain, base)?,
            (ChainKind::Filter, Hook::Output) => put(&mut filter.output, chain, base)?,
            (ChainKind::Nat, Hook::Prerouting | Hook::Postrouting) => {
                for rule in &chain.rules {
                    nat.push(nat_rule(rule)?);
                }
            }
            _ => return None,
        }
    }
    // What was left out above, such as another priority, shows when the form is read back.
    let again = parse(&to_nft(&filter, &nat)).ok()?;
    (meaning(&again) == meaning(&rules)).then_some((filter, nat))
}

/// What rules do, whatever they are called and in whatever order conditions stand.
fn meaning(rules: &Ruleset) -> Vec<String> {
    let chains = rules.tables.iter().flat_map(|table| &table.chains);
    // A chain without rules that lets everything pass does nothing.
    let counts = |chain: &&Chain| {
        let is_idle = |base: BaseChain| base.policy == Policy::Accept && base.kind == ChainKind::Nat;
        !chain.rules.is_empty() || !chain.base.is_some_and(is_idle)
    };
    let mut all: Vec<String> = chains
        .filter(counts)
        .map(|chain| {
            let rule = |rule: &Rule| {
                let mut matches: Vec<String> = rule.matches.iter().map(|condition| format!("{condition:?}")).collect();
                matches.sort_unstable();
                format!("{matches:?} {} {:?}", rule.counter, rule.verdict)
            };
            let order: Vec<String> = chain.rules.iter().map(rule).collect();
            format!("{:?} {order:?}", chain.base)
        })
        .collect();
    all.sort_unstable();
    all
}

fn put(slot: &mut Option<FilterChain>, chain: &Chain, base: BaseChain) -> Option<()> {
    let policy = match base.policy {
        Policy::Accept => ChainPolicy::Accept,
        Policy::Drop => ChainPolicy::Drop,
    };
    let rules = chain.rules.iter().map(filter_rule).collect::<Option<_>>()?;
    slot.replace(FilterChain { policy, rules }).is_none().then_some(())
}

fn many<T: Clone, U>(test: &Test<T>, each: impl Fn(&T) -> Option<U>) -> Option<OneOrMany<U>> {
    (!test.negated).then(|| test.any_of.iter().map(each).collect::<Option<_>>().map(OneOrMany)).flatten()
}

fn filter_rule(rule: &Rule) -> Option<FilterRule> {
    let mut out = FilterRule { counter: rule.counter, ..FilterRule::default() };
    for condition in &rule.matches {
        match condition {
            Match::InInterface(names) => out.in_interface = many(names, |name| Some(name.clone()))?,
            Match::OutInterface(names) => out.out_interface = many(names, |name| Some(name.clone()))?,
            Match::Source(nets) => out.source = many(nets, |net| Some(AddressSet(*net)))?,
            Match::Destination(nets) => out.destination = many(nets, |net| Some(AddressSet(*net)))?,
            Match::Protocol(protocols) => out.protocol = many(protocols, |number| transport(*number))?,
            Match::SourcePort { protocol, ports } => {
                out.source_port = many(ports, |ports| Some(PortSet(*ports)))?;
                needs(&mut out.protocol, *protocol)?;
            }
            Match::DestinationPort { protocol, ports } => {
                out.destination_port = many(ports, |ports| Some(PortSet(*ports)))?;
                needs(&mut out.protocol, *protocol)?;
            }
            Match::TcpFlags { negated, mask, value } => {
                let (mask, value) = (mask.0, value.0);
                out.tcp_flags = Some(FlagTest { mask, set: if *negated && value == 0 { None } else { Some(value) } });
            }
            Match::IcmpType(types) => {
                let name = |number: &u8| ICMP_TYPES.iter().find(|(_, known)| known == number).map(|(name, _)| *name);
                out.icmp_type = many(types, |number| Some(name(number).map_or_else(|| number.to_string(), str::to_owned)))?;
            }
            Match::CtState { negated: false, any_of } => out.state = OneOrMany(any_of.iter().map(state).collect()),
            _ => return None,
        }
    }
    match &rule.verdict {
        None => {}
        Some(Statement::Accept) => out.action = Some(RuleAction::Accept),
        Some(Statement::Drop) => out.action = Some(RuleAction::Drop),
        Some(Statement::Reject(with)) => {
            out.action = Some(RuleAction::Reject);
            out.with = reject(*with)?;
        }
        Some(_) => return None,
    }
    Some(out)
}

/// A port says its protocol, so that a form asks for both.
fn needs(protocols: &mut OneOrMany<Transport>, protocol: Option<u8>) -> Option<()> {
    if let Some(number) = protocol
        && protocols.is_empty()
    {
        *protocols = transport(number)?.into();
    }
    Some(())
}

const fn transport(number: u8) -> Option<Transport> {
    match number {
        1 => Some(Transport::Icmp),
        6 => Some(Transport::Tcp),
        17 => Some(Transport::Udp),
        _ => None,
    }
}

const fn state(state: &CtState) -> State {
    match state {
        CtState::Invalid => State::Invalid,
        CtState::New => State::New,
        CtState::Established => State::Established,
        CtState::Related => State::Related,
        CtState::Untracked => State::Untracked,
    }
}

const fn reject(with: RejectWith) -> Option<RejectKind> {
    Some(match with {
        RejectWith::TcpReset => RejectKind::TcpReset,
        RejectWith::Icmp(code) => match code {
            UnreachableCode::Port => RejectKind::PortUnreachable,
            UnreachableCode::Net => RejectKind::NetUnreachable,
            UnreachableCode::Host => RejectKind::HostUnreachable,
            UnreachableCode::Protocol => RejectKind::ProtUnreachable,
            UnreachableCode::NetProhibited => RejectKind::NetProhibited,
            UnreachableCode::HostProhibited => RejectKind::HostProhibited,
            UnreachableCode::AdminProhibited => RejectKind::AdminProhibited,
            _ => return None,
        },
    })
}

fn nat_rule(rule: &Rule) -> Option<NatRule> {
    let plain = |options: NatOptions| (!options.random && !options.persistent).then_some(options.ports);
    let to = |target: &NatTarget| Some(NatTo { addresses: target.addresses, ports: plain(target.options)? });
    let ports = |options: &NatOptions| plain(*options).map(|ports| ports.map(|ports| NatTo { addresses: None, ports: Some(ports) }));
    let (kind, to) = match rule.verdict.as_ref()? {
        Statement::Masquerade(options) => (NatKind::Masquerade, ports(options)?),
        Statement::Redirect(options) => (NatKind::Redirect, ports(options)?),
        Statement::Snat(target) => (NatKind::Snat, Some(to(target)?)),
        Statement::Dnat(target) => (NatKind::Dnat, Some(to(target)?)),
        _ => return None,
    };
    let conditions = filter_rule(&Rule { verdict: None, ..rule.clone() })?;
    Some(NatRule {
        to,
        in_interface: conditions.in_interface,
        out_interface: conditions.out_interface,
        source: conditions.source,
        destination: conditions.destination,
        protocol: conditions.protocol,
        destination_port: conditions.destination_port,
        counter: conditions.counter,
        ..NatRule::new(kind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets;

    #[test]
    fn what_a_form_became_becomes_the_form_again() {
        let lab = crate::load(include_str!("../../tests/all-fields.json")).lab.unwrap();
        let device = lab.device("r").unwrap();
        let (filter, nat) = to_form(&to_nft(&device.filter, &device.nat)).expect("it came from a form");
        // Values in sets come back in nft's own order; the plain rules are the same to the letter.
        let rules = |filter: &Filter| filter.forward.as_ref().map(|chain| chain.rules.get(1..).unwrap_or_default().to_vec());
        assert_eq!(rules(&filter), rules(&device.filter));
        assert_eq!(nat.len(), device.nat.len());
        assert_eq!(to_form(""), Some((Filter::default(), Vec::new())));
    }

    #[test]
    fn rules_that_people_start_from_become_forms_where_they_can() {
        let (filter, nat) = to_form(&presets::stateful_router()).unwrap();
        assert_eq!((filter.forward.unwrap().rules.len(), nat.len()), (3, 0));
        assert!(to_form(&presets::home_router("eth0", "eth1")).is_none(), "a form does not know ct status");
    }

    #[test]
    fn what_a_form_cannot_say_stays_text() {
        for rule in ["ip ttl 1 drop", "tcp dport != 22 accept", "jump x", "limit rate 5/second accept", "meta mark set 3"] {
            let text = format!(
                "table inet filter {{\n chain x {{\n }}\n chain forward {{\n type filter hook forward priority filter\n {rule}\n }}\n}}"
            );
            assert_eq!(to_form(&text), None, "{rule}");
            let text = text.replace("chain x {\n }\n", "");
            assert_eq!(to_form(&text), None, "{rule}");
        }
        assert_eq!(to_form("table inet f {\n chain c {\n type filter hook forward priority -5\n drop\n }\n}"), None, "another priority");
    }
}
