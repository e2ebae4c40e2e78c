//! Rules that were filled in as a form, as text in the language of nft(8): one way into the simulation for both.

use crate::document::{
    AddressSet, Device, Filter, FilterChain, FilterRule, NatKind, NatRule, OneOrMany, PortSet, RejectKind, RuleAction, State, Transport,
};
use crate::nft::{NftErrorKind, Rules};
use crate::problem::{Problem, ProblemId};
use std::fmt::{Display, Write};

/// The form as text. Empty if the form is.
#[must_use]
pub fn to_nft(filter: &Filter, nat: &[NatRule]) -> String {
    let mut out = String::new();
    if !filter.is_empty() {
        out.push_str("table inet filter {\n");
        for (name, chain) in filter.chains() {
            write_chain(&mut out, name, chain);
        }
        out.push_str("}\n");
    }
    if !nat.is_empty() {
        out.push_str("table ip nat {\n");
        for (name, priority, source) in [("prerouting", "dstnat", false), ("postrouting", "srcnat", true)] {
            if nat.iter().any(|rule| rule.kind.is_source() == source) {
                let _ = writeln!(out, "  chain {name} {{\n    type nat hook {name} priority {priority}; policy accept;");
                for rule in nat.iter().filter(|rule| rule.kind.is_source() == source) {
                    let _ = writeln!(out, "    {}", nat_rule(rule));
                }
                out.push_str("  }\n");
            }
        }
        out.push_str("}\n");
    }
    out
}

/// What is wrong with a form: the rules that cannot be, each at its place.
pub(super) fn problems(device: &Device, path: &str) -> Vec<Problem> {
    let mut out = Vec::new();
    for (name, chain) in device.filter.chains() {
        for (place, rule) in chain.rules.iter().enumerate() {
            let text = filter_rule(rule);
            let text = format!("table inet t {{\n chain c {{\n type filter hook {name} priority 0\n {text}\n }}\n}}");
            out.extend(wrong(&text, format!("{path}/filter/{name}/rules/{place}")));
        }
    }
    for (place, rule) in device.nat.iter().enumerate() {
        let path = format!("{path}/nat/{place}");
        if matches!(rule.kind, NatKind::Snat | NatKind::Dnat) && rule.to.is_none() {
            out.push(Problem::new(ProblemId::NatWithoutTarget, path));
            continue;
        }
        let (hook, text) = (if rule.kind.is_source() { "postrouting" } else { "prerouting" }, nat_rule(rule));
        let text = format!("table ip t {{\n chain c {{\n type nat hook {hook} priority 0\n {text}\n }}\n}}");
        out.extend(wrong(&text, path));
    }
    out
}

/// What is wrong with the one rule in this text.
fn wrong(text: &str, path: String) -> Option<Problem> {
    let applied = Rules::new().apply(text);
    let error = applied.errors.into_iter().chain(applied.refused).next()?;
    let (NftErrorKind::Syntax(reason) | NftErrorKind::Unsupported(reason)) = error.kind;
    Some(Problem::new(ProblemId::RuleWrong, path).with("reason", reason))
}

fn write_chain(out: &mut String, name: &str, chain: &FilterChain) {
    let policy = match chain.policy {
        crate::document::ChainPolicy::Accept => "accept",
        crate::document::ChainPolicy::Drop => "drop",
    };
    let _ = writeln!(out, "  chain {name} {{\n    type filter hook {name} priority filter; policy {policy};");
    for rule in &chain.rules {
        let _ = writeln!(out, "    {}", filter_rule(rule));
    }
    out.push_str("  }\n");
}

/// One value, or several in brackets.
fn set<T>(values: &OneOrMany<T>, show: impl Fn(&T) -> String) -> String {
    match values.0.as_slice() {
        [one] => show(one),
        many => format!("{{ {} }}", many.iter().map(show).collect::<Vec<_>>().join(", ")),
    }
}

/// A name in quotes. No name has a quote in it once the document is checked; here it must not break out of its rule.
#[expect(clippy::ptr_arg, reason = "it is passed where a function of a list's element is asked for")]
fn quoted(name: &String) -> String {
    format!("\"{}\"", name.replace(['"', '\n', '\r'], ""))
}

fn display(value: &impl Display) -> String {
    value.to_string()
}

struct Words(Vec<String>);

impl Words {
    fn condition<T>(&mut self, key: &str, values: &OneOrMany<T>, show: impl Fn(&T) -> String) {
        if !values.is_empty() {
            self.0.push(format!("{key} {}", set(values, show)));
        }
    }

    /// The conditions that a filter's and a translation's rules have in common.
    #[expect(clippy::too_many_arguments, reason = "the fields of a rule")]
    fn common(
        &mut self,
        in_interface: &OneOrMany<String>,
        out_interface: &OneOrMany<String>,
        source: &OneOrMany<AddressSet>,
        destination: &OneOrMany<AddressSet>,
        protocol: &OneOrMany<Transport>,
        source_port: &OneOrMany<PortSet>,
        destination_port: &OneOrMany<PortSet>,
    ) {
        self.condition("iifname", in_interface, quoted);
        self.condition("oifname", out_interface, quoted);
        self.condition("ip saddr", source, display);
        self.condition("ip daddr", destination, display);
        let name = |transport: &Transport| {
            match transport {
                Transport::Icmp => "icmp",
                Transport::Tcp => "tcp",
                Transport::Udp => "udp",
            }
            .to_owned()
        };
        let ports = !source_port.is_empty() || !destination_port.is_empty();
        let table = match protocol.0.as_slice() {
            [Transport::Tcp] if ports => "tcp",
            [Transport::Udp] if ports => "udp",
            // A port means TCP or UDP, whichever the packet is.
            [] if ports => {
                self.0.push("meta l4proto { tcp, udp }".to_owned());
                "th"
            }
            _ => {
                self.condition("meta l4proto", protocol, name);
                "th"
            }
        };
        self.condition(&format!("{table} sport"), source_port, display);
        self.condition(&format!("{table} dport"), destination_port, display);
    }

    fn end(mut self, counter: bool, statement: Option<String>) -> String {
        if counter || (statement.is_none() && self.0.is_empty()) {
            self.0.push("counter".to_owned());
        }
        self.0.extend(statement);
        self.0.join(" ")
    }
}

fn filter_rule(rule: &FilterRule) -> String {
    let mut words = Words(Vec::new());
    words.common(
        &rule.in_interface,
        &rule.out_interface,
        &rule.source,
        &rule.destination,
        &rule.protocol,
        &rule.source_port,
        &rule.destination_port,
    );
    if let Some(flags) = rule.tcp_flags {
        words.0.push(format!("tcp flags {flags}"));
    }
    words.condition("icmp type", &rule.icmp_type, Clone::clone);
    let state = |state: &State| {
        match state {
            State::Invalid => "invalid",
            State::Established => "established",
            State::Related => "related",
            State::New => "new",
            State::Untracked => "untracked",
        }
        .to_owned()
    };
    if !rule.state.is_empty() {
        let states: Vec<String> = rule.state.0.iter().map(state).collect();
        words.0.push(format!("ct state {}", states.join(",")));
    }
    let statement = rule.action.map(|action| match action {
        RuleAction::Accept => "accept".to_owned(),
        RuleAction::Drop => "drop".to_owned(),
        RuleAction::Reject => match rule.with {
            RejectKind::PortUnreachable => "reject".to_owned(),
            RejectKind::TcpReset => "reject with tcp reset".to_owned(),
            RejectKind::NetUnreachable => "reject with icmp net-unreachable".to_owned(),
            RejectKind::HostUnreachable => "reject with icmp host-unreachable".to_owned(),
            RejectKind::ProtUnreachable => "reject with icmp prot-unreachable".to_owned(),
            RejectKind::NetProhibited => "reject with icmp net-prohibited".to_owned(),
            RejectKind::HostProhibited => "reject with icmp host-prohibited".to_owned(),
            RejectKind::AdminProhibited => "reject with icmp admin-prohibited".to_owned(),
        },
    });
    words.end(rule.counter, statement)
}

fn nat_rule(rule: &NatRule) -> String {
    let mut words = Words(Vec::new());
    words.common(
        &rule.in_interface,
        &rule.out_interface,
        &rule.source,
        &rule.destination,
        &rule.protocol,
        &OneOrMany::default(),
        &rule.destination_port,
    );
    let target = rule.to.map_or_else(String::new, |to| format!(" to {to}"));
    let statement = match rule.kind {
        NatKind::Masquerade => format!("masquerade{target}"),
        NatKind::Snat => format!("snat{target}"),
        NatKind::Dnat => format!("dnat{target}"),
        NatKind::Redirect => format!("redirect{target}"),
    };
    words.end(rule.counter, Some(statement))
}
