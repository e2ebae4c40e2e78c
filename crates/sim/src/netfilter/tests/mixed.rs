//! TCP, UDP and ICMP through a router that translates, rejects or drops, as Linux 6.18 let them through.
//!
//! The router is 10.0.1.1 (eth0, written `a`) and 10.0.2.1 (eth1, `b`), without redirects; it answers as a router does
//! to an expired TTL, and as a host without any service.

use super::recorded::{file, seconds_agree, state_name};
use super::text::{flags, read, value, write};
use super::*;
use crate::netfilter::CtEventKind;
use crate::netfilter::ruleset::RejectWith;
use roundtrip_wire::{TimeExceededCode, UnreachableCode};
use std::collections::BTreeMap;

fn range(first: [u8; 4], last: [u8; 4]) -> AddressRange {
    AddressRange { first: first.into(), last: last.into() }
}

fn one(address: [u8; 4]) -> AddressRange {
    range(address, address)
}

fn ports(first: u16, last: u16) -> NatOptions {
    NatOptions { ports: Some(PortRange { first, last }), ..NatOptions::default() }
}

fn leaves_by_b() -> Match {
    Match::OutInterface(one_of(vec!["eth1".into()]))
}

fn to_port(protocol: u8, port: u16) -> Match {
    Match::DestinationPort { protocol: Some(protocol), ports: one_of(vec![PortRange { first: port, last: port }]) }
}

fn to_router() -> Match {
    Match::Destination(one_of(vec![one([10, 0, 2, 1])]))
}

fn source_nat(matches: Vec<Match>, addresses: AddressRange, persistent: bool) -> Rule {
    let options = NatOptions { persistent, ..NatOptions::default() };
    rule(matches, false, Some(Statement::Snat(NatTarget { addresses: Some(addresses), options })))
}

fn destination_nat(matches: Vec<Match>, addresses: AddressRange, options: NatOptions) -> Rule {
    rule(matches, false, Some(Statement::Dnat(NatTarget { addresses: Some(addresses), options })))
}

fn masquerade(mut matches: Vec<Match>, options: NatOptions) -> Rule {
    matches.insert(0, leaves_by_b());
    rule(matches, false, Some(Statement::Masquerade(options)))
}

fn tcp_or_udp() -> Match {
    Match::Protocol(one_of(vec![6, 17]))
}

/// Forwards port 80 of the router: TCP to 10.0.1.10:1000, UDP to 10.0.1.11.
fn services() -> Vec<Rule> {
    vec![
        destination_nat(vec![to_router(), to_port(6, 80)], one([10, 0, 1, 10]), ports(1000, 1000)),
        destination_nat(vec![to_router(), to_port(17, 80)], one([10, 0, 1, 11]), NatOptions::default()),
    ]
}

/// FIN of a running connection to port 1000.
fn fin() -> Vec<Match> {
    vec![to_port(6, 1000), ct(&[CtState::Established]), Match::TcpFlags { negated: false, mask: TcpFlags::FIN, value: TcpFlags::FIN }]
}

fn reject(matches: Vec<Match>, with: RejectWith) -> Rule {
    rule(matches, false, Some(Statement::Reject(with)))
}

/// The rules by the names that the file gives them.
fn rules(name: &str) -> Table {
    let (mut pre, mut forw, mut post) = (Vec::new(), Vec::new(), Vec::new());
    let random = NatOptions { random: true, ..NatOptions::default() };
    let inside = || range([10, 0, 1, 0], [10, 0, 1, 255]);
    let port_unreachable = RejectWith::Icmp(UnreachableCode::Port);
    match name {
        "plain" => {}
        "masq" => post.push(masquerade(vec![], NatOptions::default())),
        "masqports" => post.push(masquerade(vec![tcp_or_udp()], ports(4000, 4003))),
        "masqrandom" => post.push(masquerade(vec![], random)),
        "snatrange" => post.push(source_nat(vec![leaves_by_b()], range([10, 0, 2, 100], [10, 0, 2, 109]), false)),
        "snatpersist" => post.push(source_nat(vec![leaves_by_b()], range([10, 0, 2, 100], [10, 0, 2, 109]), true)),
        "snat" => post.push(source_nat(vec![leaves_by_b()], one([10, 0, 2, 77]), false)),
        "dnat" => pre = services(),
        "dnatrange" => pre.push(destination_nat(vec![to_router()], range([10, 0, 1, 10], [10, 0, 1, 12]), NatOptions::default())),
        "dnatports" => pre.push(destination_nat(vec![to_router(), tcp_or_udp()], one([10, 0, 1, 10]), ports(1000, 1002))),
        "both" => {
            pre = services();
            post.push(masquerade(vec![], NatOptions::default()));
            let matches = vec![Match::Source(one_of(vec![inside()])), Match::Destination(one_of(vec![inside()]))];
            post.push(rule(matches, false, Some(Statement::Masquerade(NatOptions::default()))));
        }
        "reject" => {
            forw.push(reject(vec![to_port(6, 81)], RejectWith::TcpReset));
            forw.push(reject(vec![to_port(17, 81)], port_unreachable));
            forw.push(reject(fin(), RejectWith::TcpReset));
            post.push(masquerade(vec![], NatOptions::default()));
        }
        "rejectdnat" => {
            pre = services();
            let from_1001 = Match::SourcePort { protocol: Some(6), ports: one_of(vec![PortRange { first: 1001, last: 1001 }]) };
            forw.push(reject(vec![to_port(17, 80)], port_unreachable));
            forw.push(reject(fin(), RejectWith::TcpReset));
            forw.push(reject(vec![from_1001], RejectWith::Icmp(UnreachableCode::AdminProhibited)));
        }
        "droppy" => {
            forw.push(rule(vec![to_port(6, 81)], false, Some(Statement::Drop)));
            forw.push(rule(vec![to_port(17, 81), ct(&[CtState::New])], false, Some(Statement::Drop)));
        }
        other => panic!("{other}"),
    }
    let watch = vec![rule(vec![ct(&[CtState::New])], false, Some(Statement::Continue))];
    let mut chains = vec![chain("watch", ChainKind::Filter, Hook::Forward, 300, Policy::Accept, watch)];
    for (name, rules, kind, hook, priority) in [
        ("pre", pre, ChainKind::Nat, Hook::Prerouting, -100),
        ("forw", forw, ChainKind::Filter, Hook::Forward, 0),
        ("post", post, ChainKind::Nat, Hook::Postrouting, 100),
    ] {
        if !rules.is_empty() {
            chains.push(chain(name, kind, hook, priority, Policy::Accept, rules));
        }
    }
    table(Family::Ip, name, chains)
}

struct Router {
    netfilter: Netfilter,
    node: TestNode,
}

const SIDES: [&str; 2] = ["a", "b"];

/// The interface towards an address.
fn route(address: Ipv4Addr) -> IfIndex {
    if address.octets()[2] == 1 { ETH0 } else { ETH1 }
}

impl Router {
    fn new(name: &str) -> Self {
        let mut node = TestNode::new();
        node.addresses = [[10, 0, 1, 1].into(), [10, 0, 2, 1].into()];
        Self { netfilter: netfilter(vec![rules(name)]), node }
    }

    /// A packet that this node has made.
    fn send(&mut self, mut packet: Ipv4, mut skb: Skb) -> String {
        let mut state = None;
        for hook in [Hook::Output, Hook::Postrouting] {
            skb.out_if = Some(route(packet.dst));
            if self.netfilter.hook(hook, &mut packet, &mut skb, &mut self.node) != Verdict::Accept {
                return "nothing".into();
            }
            if hook == Hook::Output {
                state = skb.state(&self.netfilter);
            }
        }
        let state = state_name(state.unwrap());
        format!("local {state} {} {}", SIDES[usize::from(route(packet.dst).0)], write(&packet, false))
    }

    fn error(&mut self, about: &Ipv4, skb: Skb, error: impl FnOnce(Arc<Ipv4>) -> Icmp) -> String {
        let src = self.node.addresses[usize::from(route(about.src).0)];
        self.send(ipv4(src.octets(), about.src.octets(), IpBody::Icmp(Arc::new(error(Arc::new(about.clone()))))), skb)
    }

    fn unreachable(&mut self, about: &Ipv4, skb: Skb, code: UnreachableCode) -> String {
        self.error(about, skb, |quoted| Icmp::Unreachable { code, mtu: 0, quoted })
    }

    fn reset(&mut self, about: &Ipv4, skb: Skb) -> String {
        let Some(segment) = about.tcp().filter(|segment| !segment.flags.rst()) else { return "nothing".into() };
        let end = segment.seq.wrapping_add(segment.segment_len());
        let (letters, seq, ack) = if segment.flags.ack() { ("R", segment.ack, 0) } else { ("RA", 0, end) };
        let (from, to) = ((about.dst.octets(), segment.dst_port), (about.src.octets(), segment.src_port));
        self.send(tcp(from, to, flags(letters), seq, ack, 0), skb)
    }

    /// What a host without any service answers.
    fn deliver(&mut self, packet: &Ipv4) -> String {
        match &packet.body {
            IpBody::Tcp(_) => self.reset(packet, Skb::default()),
            IpBody::Udp(_) => self.unreachable(packet, Skb::default(), UnreachableCode::Port),
            IpBody::Icmp(_) | IpBody::Fragment(_) | IpBody::Other(_) => "nothing".into(),
        }
    }

    /// Takes a packet from one side and says what comes out.
    fn take(&mut self, mut packet: Ipv4, input: IfIndex) -> String {
        let mut skb = Skb { in_if: Some(input), ..Skb::default() };
        let Self { netfilter, node } = self;
        if netfilter.hook(Hook::Prerouting, &mut packet, &mut skb, node) != Verdict::Accept {
            return "nothing".into();
        }
        if node.is_local(packet.dst) {
            let verdict = netfilter.hook(Hook::Input, &mut packet, &mut skb, node);
            return if verdict == Verdict::Accept { self.deliver(&packet) } else { "nothing".into() };
        }
        if packet.ttl <= 1 {
            return self.error(&packet, skb.about(), |quoted| Icmp::TimeExceeded { code: TimeExceededCode::Transit, quoted });
        }
        let output = route(packet.dst);
        skb.out_if = Some(output);
        match netfilter.hook(Hook::Forward, &mut packet, &mut skb, node) {
            Verdict::Accept => {}
            Verdict::Drop(_) => return "nothing".into(),
            Verdict::Reject { with: RejectWith::TcpReset, .. } => {
                let answer = netfilter.reset(&skb, node);
                return self.reset(&packet, answer);
            }
            Verdict::Reject { with: RejectWith::Icmp(code), .. } => return self.unreachable(&packet, skb.about(), code),
        }
        let state = state_name(skb.state(netfilter).unwrap());
        if netfilter.hook(Hook::Postrouting, &mut packet, &mut skb, node) != Verdict::Accept {
            return "nothing".into();
        }
        // Only these neighbours are there.
        if !(10..30).contains(&packet.dst.octets()[3]) {
            return "nothing".into();
        }
        format!("{state} {} {}", SIDES[usize::from(output.0)], write(&packet, false))
    }
}

/// The number that makes the kernel's choice of a port or identifier, which is random, ours.
fn drawn(rules: &str, added: &[&str]) -> Option<u32> {
    added.iter().find_map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let all = |key: &str| -> Vec<u32> { words.iter().filter_map(|w| w.strip_prefix(key)?.strip_prefix('=')?.parse().ok()).collect() };
        if let [_, id] = all("id")[..] {
            return Some(id);
        }
        let [before, _] = all("sport")[..] else { return None };
        let [_, after] = all("dport")[..] else { return None };
        if rules == "masqports" && (4000..=4003).contains(&after) {
            return Some(after - 4000);
        }
        after.checked_sub(match before {
            0..=511 => 1,
            512..=1023 => 600,
            _ => 1024,
        })
    })
}

fn differences(text: &str) -> Vec<String> {
    let mut differences = Vec::new();
    for sequence in text.split("\n# ").skip(1) {
        let (title, steps) = sequence.split_once('\n').unwrap();
        let words: Vec<&str> = title.split(' ').collect();
        let rules = value(&words, "rules").unwrap();
        let mut router = Router::new(rules);
        for (key, setting) in words.iter().filter_map(|word| word.split_once('=')).filter(|(key, _)| *key != "rules") {
            let (key, _) = Sysctl::resolve(&format!("nf_conntrack_{key}"), &[]).unwrap();
            router.node.set(key, setting.parse().unwrap());
        }
        if let Err(difference) = compare(&mut router, rules, steps) {
            differences.push(format!("{title}: {difference}"));
        }
    }
    differences
}

fn compare(router: &mut Router, rules: &str, steps: &str) -> Result<(), String> {
    let mut table: BTreeMap<&str, ()> = BTreeMap::new();
    let events: Vec<&str> = steps.lines().filter_map(|line| line.strip_prefix("E ")).collect();
    let mut lines = steps.lines().filter(|line| !line.is_empty() && !line.starts_with("E ")).peekable();
    while let Some(line) = lines.next() {
        let (what, expected) = line.split_once(" => ").unwrap();
        let (mut added, mut times) = (Vec::new(), Vec::new());
        while let Some(change) = lines.next_if(|line| line.starts_with("+ ") || line.starts_with("- ")) {
            if let Some(gone) = change.strip_prefix("- ") {
                table.remove(gone);
            } else {
                let (seconds, entry) = change[2..].split_once(' ').unwrap();
                if table.insert(entry, ()).is_none() {
                    added.push(entry);
                }
                times.push((entry, seconds.parse::<u64>().unwrap()));
            }
        }
        let mut words = what.splitn(3, ' ');
        let (time, side, packet) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        router.node.now = SimTime::from_millis(time.parse().unwrap());
        router.node.feed = drawn(rules, &added);
        let out = router.take(read(packet), if side == "a" { ETH0 } else { ETH1 });
        if out != expected {
            return Err(format!("{what}\n  kernel {expected}\n  here   {out}"));
        }
        router.netfilter.expire(&mut router.node);
        let rows = router.netfilter.entries(router.node.now);
        let here: BTreeMap<&str, SimTime> = rows.iter().map(|row| (&*row.text, row.expires)).collect();
        if !here.keys().eq(table.keys()) {
            let only =
                |a: Vec<&&str>, b: Vec<&&str>| a.iter().filter(|x| !b.contains(x)).map(|x| x.to_string()).collect::<Vec<_>>().join("; ");
            return Err(format!(
                "after {what}\n  only kernel {}\n  only here   {}",
                only(table.keys().collect(), here.keys().collect()),
                only(here.keys().collect(), table.keys().collect())
            ));
        }
        for (entry, seconds) in times {
            let left = here.get(entry).map_or(SimTime::ZERO, |expires| expires.since(router.node.now));
            if !seconds_agree(seconds, left) {
                return Err(format!("after {what}\n  {entry}\n  kernel {seconds} s\n  here   {left}"));
            }
        }
    }
    compare_events(router, &events)
}

/// Entries that have timed out are found by the kernel's collector at some later time, so those events are left out.
fn compare_events(router: &Router, expected: &[&str]) -> Result<(), String> {
    let timed_out = |event: &CtEvent| event.kind == CtEventKind::Destroy && event.at >= event.entry.expires;
    let here: Vec<&CtEvent> = router.node.events.iter().filter(|event| !timed_out(event)).collect();
    let expected: Vec<&&str> =
        expected.iter().filter(|line| !router.node.events.iter().any(|event| timed_out(event) && event.to_string() == **line)).collect();
    for index in 0..here.len().max(expected.len()) {
        let (kernel, event) = (expected.get(index).map_or("", |line| **line), here.get(index));
        let agrees = event.is_some_and(|event| {
            let left = event.entry.expires.since(event.at);
            let mut words: Vec<&str> = kernel.split(' ').collect();
            // What would have been left of an entry that went before its time is not shown here.
            if event.kind == CtEventKind::Destroy && words.get(2).is_some_and(|word| word.parse::<u32>().is_ok()) {
                words.remove(2);
            }
            let shown = words.get(2).and_then(|word| word.parse::<u32>().ok()).filter(|seconds| seconds_agree(u64::from(*seconds), left));
            CtEvent { seconds_left: event.seconds_left.map(|seconds| shown.unwrap_or(seconds)), ..**event }.to_string() == words.join(" ")
        });
        if !agrees {
            return Err(format!("event {index}\n  kernel {kernel}\n  here   {}", event.map(ToString::to_string).unwrap_or_default()));
        }
    }
    Ok(())
}

fn agree(name: &str, least: usize) {
    let text = file(name);
    assert!(text.lines().filter(|line| line.contains(" => ")).count() > least);
    let differences = differences(&text);
    let first = differences[..differences.len().min(12)].join("\n");
    assert!(differences.is_empty(), "{} sequences differ, the first are\n{first}", differences.len());
}

#[test]
fn translated_and_refused_packets_come_out_as_from_the_kernel() {
    agree("mixed.txt", 200);
}
