//! Packet filter and address translation as a form.

use super::json::Json;
use super::reader::{Fields, Reader};
use super::values::{address_set, boolean, flag_test, name, nat_to, one_or_many, port_set};
use crate::document::{ChainPolicy, Filter, FilterChain, FilterRule, NatKind, NatRule, RejectKind, RuleAction, State, Transport};
use crate::limits;

pub(super) fn filter(reader: &mut Reader, value: &Json) -> Option<Filter> {
    let mut fields = Fields::of(reader, value)?;
    let filter = Filter {
        input: fields.get(reader, "input", chain),
        forward: fields.get(reader, "forward", chain),
        output: fields.get(reader, "output", chain),
    };
    fields.finish(reader);
    Some(filter)
}

fn chain(reader: &mut Reader, value: &Json) -> Option<FilterChain> {
    let mut fields = Fields::of(reader, value)?;
    let chain = FilterChain {
        policy: fields.or(reader, "policy", ChainPolicy::default(), |reader, value| {
            reader.word(value, &[("accept", ChainPolicy::Accept), ("drop", ChainPolicy::Drop)])
        }),
        rules: fields.or(reader, "rules", Vec::new(), |reader, value| {
            Some(reader.list(value, limits::RULES, |_| None, |reader, value, _| rule(reader, value)))
        }),
    };
    fields.finish(reader);
    Some(chain)
}

fn rule(reader: &mut Reader, value: &Json) -> Option<FilterRule> {
    let mut fields = Fields::of(reader, value)?;
    let rule = FilterRule {
        in_interface: fields.or(reader, "in", Default::default(), one_or_many(name)),
        out_interface: fields.or(reader, "out", Default::default(), one_or_many(name)),
        source: fields.or(reader, "source", Default::default(), one_or_many(address_set)),
        destination: fields.or(reader, "destination", Default::default(), one_or_many(address_set)),
        protocol: fields.or(reader, "protocol", Default::default(), one_or_many(transport)),
        source_port: fields.or(reader, "source_port", Default::default(), one_or_many(port_set)),
        destination_port: fields.or(reader, "destination_port", Default::default(), one_or_many(port_set)),
        tcp_flags: fields.get(reader, "tcp_flags", flag_test),
        icmp_type: fields.or(reader, "icmp_type", Default::default(), one_or_many(icmp_type)),
        state: fields.or(reader, "state", Default::default(), one_or_many(state)),
        counter: fields.or(reader, "counter", true, boolean),
        action: fields.get(reader, "action", |reader, value| {
            reader.word(value, &[("accept", RuleAction::Accept), ("drop", RuleAction::Drop), ("reject", RuleAction::Reject)])
        }),
        with: fields.or(reader, "with", RejectKind::default(), reject_kind),
    };
    fields.finish(reader);
    Some(rule)
}

pub(super) fn nat(reader: &mut Reader, value: &Json) -> Option<Vec<NatRule>> {
    Some(reader.list(value, limits::RULES, |_| None, |reader, value, _| nat_rule(reader, value)))
}

fn nat_rule(reader: &mut Reader, value: &Json) -> Option<NatRule> {
    let mut fields = Fields::of(reader, value)?;
    let kind = fields.need(reader, "type", |reader, value| {
        reader.word(
            value,
            &[("masquerade", NatKind::Masquerade), ("snat", NatKind::Snat), ("dnat", NatKind::Dnat), ("redirect", NatKind::Redirect)],
        )
    });
    let rule = NatRule {
        kind: NatKind::Masquerade,
        in_interface: fields.or(reader, "in", Default::default(), one_or_many(name)),
        out_interface: fields.or(reader, "out", Default::default(), one_or_many(name)),
        source: fields.or(reader, "source", Default::default(), one_or_many(address_set)),
        destination: fields.or(reader, "destination", Default::default(), one_or_many(address_set)),
        protocol: fields.or(reader, "protocol", Default::default(), one_or_many(transport)),
        destination_port: fields.or(reader, "destination_port", Default::default(), one_or_many(port_set)),
        to: fields.get(reader, "to", nat_to),
        counter: fields.or(reader, "counter", true, boolean),
    };
    fields.finish(reader);
    Some(NatRule { kind: kind?, ..rule })
}

fn transport(reader: &mut Reader, value: &Json) -> Option<Transport> {
    reader.word(value, &[("icmp", Transport::Icmp), ("tcp", Transport::Tcp), ("udp", Transport::Udp)])
}

fn state(reader: &mut Reader, value: &Json) -> Option<State> {
    reader.word(
        value,
        &[
            ("invalid", State::Invalid),
            ("established", State::Established),
            ("related", State::Related),
            ("new", State::New),
            ("untracked", State::Untracked),
        ],
    )
}

/// A name that nft(8) knows, or a number in quotes.
fn icmp_type(reader: &mut Reader, value: &Json) -> Option<String> {
    let words: Vec<(&str, &str)> = crate::nft::ICMP_TYPES.iter().map(|(name, _)| (*name, *name)).collect();
    if let Json::Text(text) = value
        && text.parse::<u8>().is_ok()
    {
        return Some(text.clone());
    }
    reader.word(value, &words).map(str::to_owned)
}

fn reject_kind(reader: &mut Reader, value: &Json) -> Option<RejectKind> {
    reader.word(
        value,
        &[
            ("port-unreachable", RejectKind::PortUnreachable),
            ("net-unreachable", RejectKind::NetUnreachable),
            ("host-unreachable", RejectKind::HostUnreachable),
            ("prot-unreachable", RejectKind::ProtUnreachable),
            ("net-prohibited", RejectKind::NetProhibited),
            ("host-prohibited", RejectKind::HostProhibited),
            ("admin-prohibited", RejectKind::AdminProhibited),
            ("tcp-reset", RejectKind::TcpReset),
        ],
    )
}
