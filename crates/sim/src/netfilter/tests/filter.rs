//! Chains, their order, and what rules can ask.

use super::*;
use crate::netfilter::ruleset::{CtStatus, NftCommand, RejectWith};
use crate::netfilter::{CtId, NftError, RuleId};
use crate::trace::{DropReason, RuleDid};
use proptest::prelude::*;
use roundtrip_wire::{Fragment, IpProtocol, UnreachableCode};

const A: ([u8; 4], u16) = ([10, 0, 1, 10], 1000);
const B: ([u8; 4], u16) = ([10, 0, 2, 20], 80);

fn filter(name: &str, hook: Hook, priority: i32, policy: Policy, rules: Vec<Rule>) -> Chain {
    chain(name, ChainKind::Filter, hook, priority, policy, rules)
}

fn regular(name: &str, rules: Vec<Rule>) -> Chain {
    Chain { name: name.into(), base: None, rules }
}

fn counting(matches: Vec<Match>) -> Rule {
    rule(matches, true, None)
}

fn then(statement: Statement) -> Rule {
    rule(vec![], true, Some(statement))
}

/// Which of the counting rules saw the packet.
fn seen(netfilter: &Netfilter) -> Vec<u64> {
    netfilter.counters().iter().map(|row| row.packets).collect()
}

fn pass(netfilter: &mut Netfilter, packet: Ipv4) -> Verdict {
    forward(netfilter, &mut TestNode::new(), packet, ETH0, ETH1).0
}

fn one_chain(rules: Vec<Rule>) -> Netfilter {
    netfilter(vec![table(Family::Ip, "t", vec![filter("c", Hook::Forward, 0, Policy::Accept, rules)])])
}

/// How many of these conditions hold for a packet at the forward hook.
fn holding(conditions: Vec<Match>, packet: Ipv4) -> Vec<u64> {
    let mut netfilter = one_chain(conditions.into_iter().map(|condition| counting(vec![condition])).collect());
    pass(&mut netfilter, packet);
    seen(&netfilter)
}

fn addresses(first: [u8; 4], last: [u8; 4]) -> AddressRange {
    AddressRange { first: first.into(), last: last.into() }
}

#[test]
fn accept_ends_its_chain_and_no_other() {
    let first = filter("first", Hook::Forward, 0, Policy::Accept, vec![then(Statement::Accept), counting(vec![])]);
    let second = filter("second", Hook::Forward, 10, Policy::Drop, vec![counting(vec![])]);
    let mut netfilter = netfilter(vec![table(Family::Inet, "t", vec![first, second])]);
    let mut node = TestNode::new();
    let (verdict, _) = forward(&mut netfilter, &mut node, udp(A, B), ETH0, ETH1);
    assert_eq!(seen(&netfilter), [1, 0, 1]);
    let Verdict::Drop(DropReason::Rule { rule, state: None, rejected: false }) = verdict else { panic!("{verdict:?}") };
    assert_eq!(&*netfilter.rules()[rule.0 as usize].text, "policy drop");
    assert_eq!(node.steps.last(), Some(&Step::Rule { rule, did: RuleDid::Drop }));
}

#[test]
fn of_two_chains_with_one_priority_the_later_made_comes_first() {
    let first = filter("first", Hook::Forward, 0, Policy::Accept, vec![counting(vec![]), then(Statement::Drop)]);
    let second = filter("second", Hook::Forward, 0, Policy::Accept, vec![counting(vec![])]);
    let third = filter("third", Hook::Forward, 0, Policy::Accept, vec![counting(vec![]), then(Statement::Drop)]);
    let mut netfilter = netfilter(vec![table(Family::Ip, "t", vec![first, second]), table(Family::Inet, "u", vec![third])]);
    pass(&mut netfilter, udp(A, B));
    assert_eq!(seen(&netfilter), [0, 0, 0, 1, 1]);
}

#[test]
fn jump_comes_back_and_goto_does_not() {
    let chains = vec![
        filter(
            "base",
            Hook::Forward,
            0,
            Policy::Drop,
            vec![then(Statement::Jump("a".into())), counting(vec![]), then(Statement::Goto("b".into())), counting(vec![])],
        ),
        regular("a", vec![counting(vec![]), then(Statement::Return), counting(vec![])]),
        regular("b", vec![then(Statement::Jump("a".into())), counting(vec![])]),
    ];
    let mut netfilter = netfilter(vec![table(Family::Ip, "t", chains)]);
    assert!(matches!(pass(&mut netfilter, udp(A, B)), Verdict::Drop(_)));
    // After `b` the policy of the base chain decides: goto leaves nothing to come back to.
    assert_eq!(seen(&netfilter), [1, 1, 1, 0, 2, 2, 0, 1, 1]);
}

#[test]
fn jumps_that_cannot_be_are_refused_and_do_nothing_if_loaded() {
    let looping = || {
        vec![
            filter("base", Hook::Forward, 0, Policy::Accept, vec![then(Statement::Jump("a".into())), counting(vec![])]),
            regular("a", vec![then(Statement::Jump("b".into()))]),
            regular("b", vec![then(Statement::Goto("a".into()))]),
        ]
    };
    let mut loaded = netfilter(vec![table(Family::Ip, "t", looping())]);
    assert_eq!(pass(&mut loaded, udp(A, B)), Verdict::Accept);
    assert_eq!(seen(&loaded), [1, 1, 0, 0]);
    let mut empty = netfilter(vec![table(Family::Ip, "t", vec![])]);
    let commands: Vec<_> =
        looping().into_iter().map(|chain| NftCommand::AddChain { family: Family::Ip, table: "t".into(), chain }).collect();
    assert!(matches!(empty.apply(&commands), Err(NftError::JumpLoop { .. })));
    assert!(empty.is_empty() && empty.rules().is_empty());
    let nowhere = regular("c", vec![then(Statement::Jump("d".into()))]);
    let error = empty.apply(&[NftCommand::AddChain { family: Family::Ip, table: "t".into(), chain: nowhere }]).unwrap_err();
    assert_eq!(error.to_string(), "no chain d in table t");
}

#[test]
fn more_than_sixteen_chains_are_too_deep() {
    let chains = |count: usize| -> Vec<Chain> {
        let jump = |n: usize| if n + 1 < count { vec![then(Statement::Jump(format!("c{}", n + 1)))] } else { vec![counting(vec![])] };
        let mut chains: Vec<_> = (0..count).map(|n| regular(&format!("c{n}"), jump(n))).collect();
        chains[0].base = Some(BaseChain { kind: ChainKind::Filter, hook: Hook::Forward, priority: 0, policy: Policy::Accept });
        chains
    };
    let apply = |count| {
        let mut netfilter = netfilter(vec![table(Family::Ip, "t", vec![])]);
        let commands: Vec<_> =
            chains(count).into_iter().map(|chain| NftCommand::AddChain { family: Family::Ip, table: "t".into(), chain }).collect();
        netfilter.apply(&commands).map(|()| {
            pass(&mut netfilter, udp(A, B));
            seen(&netfilter).iter().all(|packets| *packets == 1)
        })
    };
    assert_eq!(apply(16), Ok(true));
    assert!(apply(17).is_err());
}

#[test]
fn a_script_takes_effect_whole_or_not_at_all() {
    let mut netfilter = netfilter(vec![stateful()]);
    let before = netfilter.ruleset().clone();
    let table = || "filter".to_owned();
    let add = NftCommand::AddRule {
        family: Family::Inet,
        table: table(),
        chain: "forward".into(),
        insert: true,
        index: None,
        rule: then(Statement::Accept),
    };
    let missing = NftCommand::DeleteTable { family: Family::Ip, table: table() };
    assert_eq!(netfilter.apply(&[add.clone(), missing]), Err(NftError::NoSuchTable { family: Family::Ip, table: "filter".into() }));
    assert_eq!(netfilter.ruleset(), &before);
    let ids = netfilter.rules().len();
    netfilter.apply(&[add]).unwrap();
    // The rule has an id of its own, and those behind it have moved.
    assert_eq!(netfilter.rules()[ids].index, Some(0));
    assert_eq!(netfilter.counters().iter().map(|row| row.rule).collect::<Vec<_>>(), [RuleId(4), RuleId(1), RuleId(2), RuleId(3)]);
    assert_eq!(netfilter.rules()[1].index, Some(1));
    assert_eq!(pass(&mut netfilter, tcp(A, B, 0x10, 1, 1, 0)), Verdict::Accept);
    netfilter.apply(&[NftCommand::DeleteTable { family: Family::Inet, table: table() }]).unwrap();
    assert!(netfilter.is_empty() && !netfilter.tracks() && netfilter.counters().is_empty());
    // What the ids of the rules meant stays known.
    assert_eq!(netfilter.rules().len(), ids + 1);
}

#[test]
fn commands_put_rules_where_they_say() {
    let mut netfilter = one_chain(vec![]);
    let command = |insert, index, text: &str| NftCommand::AddRule {
        family: Family::Ip,
        table: "t".into(),
        chain: "c".into(),
        insert,
        index,
        rule: Rule { text: text.into(), ..counting(vec![]) },
    };
    netfilter
        .apply(&[command(false, None, "a"), command(false, None, "b"), command(true, None, "c"), command(false, Some(0), "d")])
        .unwrap();
    netfilter.apply(&[command(true, Some(3), "e")]).unwrap();
    let texts =
        |netfilter: &Netfilter| -> String { netfilter.ruleset().tables[0].chains[0].rules.iter().map(|rule| &*rule.text).collect() };
    assert_eq!(texts(&netfilter), "cdaeb");
    assert!(matches!(netfilter.apply(&[command(false, Some(5), "f")]), Err(NftError::NoSuchRule { index: 5, .. })));
    let (family, table, chain) = (Family::Ip, "t".to_owned(), "c".to_owned());
    netfilter.apply(&[NftCommand::DeleteRule { family, table: table.clone(), chain: chain.clone(), index: 1 }]).unwrap();
    assert_eq!(texts(&netfilter), "caeb");
    assert_eq!(
        netfilter.apply(&[NftCommand::DeleteChain { family, table: table.clone(), chain: chain.clone() }]),
        Err(NftError::ChainInUse { chain: "c".into() })
    );
    netfilter
        .apply(&[
            NftCommand::FlushChain { family, table: table.clone(), chain: chain.clone() },
            NftCommand::DeleteChain { family, table, chain },
        ])
        .unwrap();
    assert!(netfilter.is_empty());
}

#[test]
fn a_chain_gets_a_new_policy() {
    let mut netfilter = one_chain(vec![]);
    assert_eq!(pass(&mut netfilter, udp(A, B)), Verdict::Accept);
    let chain = filter("c", Hook::Forward, 0, Policy::Drop, vec![]);
    netfilter.apply(&[NftCommand::AddChain { family: Family::Ip, table: "t".into(), chain }]).unwrap();
    let Verdict::Drop(DropReason::Rule { rule, .. }) = pass(&mut netfilter, udp(A, B)) else { panic!() };
    assert_eq!((rule, &*netfilter.rules()[1].text), (RuleId(1), "policy drop"));
}

#[test]
fn conditions_on_addresses_ports_and_interfaces() {
    let not = |test: Test<AddressRange>| Test { negated: true, ..test };
    let net = one_of(vec![addresses([10, 0, 1, 0], [10, 0, 1, 255])]);
    let port = |protocol, first, last| Match::DestinationPort { protocol, ports: one_of(vec![PortRange { first, last }]) };
    let name = |name: &str| one_of(vec![name.to_owned()]);
    let conditions = || {
        vec![
            Match::Source(net.clone()),
            Match::Source(not(net.clone())),
            Match::Destination(one_of(vec![addresses([1, 1, 1, 1], [1, 1, 1, 1]), addresses(B.0, B.0)])),
            port(Some(6), 80, 80),
            port(Some(17), 80, 80),
            port(None, 1, 100),
            Match::SourcePort { protocol: None, ports: Test { negated: true, any_of: vec![PortRange { first: 1000, last: 1000 }] } },
            Match::InInterface(name("eth0")),
            Match::InInterface(name("e*")),
            Match::OutInterface(name("eth0")),
            Match::Protocol(one_of(vec![6, 17])),
            Match::Length(one_of(vec![(0, 59)])),
            Match::Ttl(one_of(vec![(64, 64)])),
            Match::DestinationIsLocal(true),
            Match::Fragment(false),
        ]
    };
    assert_eq!(holding(conditions(), udp(A, B)), [1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1]);
    assert_eq!(holding(conditions(), tcp(A, B, 2, 0, 0, 0)), [1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1]);
    // An echo request has no port, so nothing that asks for one holds, `!=` included.
    assert_eq!(holding(conditions(), echo(A.0, B.0, 1, false)), [1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1]);
}

#[test]
fn a_missing_interface_has_an_empty_name() {
    // As on a Linux 6.18 router: at output `iifname != "eth9"` holds and `iifname "a*"` does not.
    let not = Match::InInterface(Test { negated: true, any_of: vec!["eth9".into()] });
    let pattern = Match::InInterface(one_of(vec!["a*".into()]));
    let rules = vec![counting(vec![not]), counting(vec![pattern])];
    let mut netfilter = netfilter(vec![table(Family::Ip, "t", vec![filter("o", Hook::Output, 0, Policy::Accept, rules)])]);
    let mut skb = Skb { out_if: Some(ETH0), ..Skb::default() };
    netfilter.hook(Hook::Output, &mut echo(B.0, A.0, 1, true), &mut skb, &mut TestNode::new());
    assert_eq!(seen(&netfilter), [1, 0]);
}

#[test]
fn conditions_on_flags_and_icmp() {
    let flags = |negated, mask, value| Match::TcpFlags { negated, mask: TcpFlags(mask), value: TcpFlags(value) };
    // `tcp flags & (fin|syn|rst|ack) == syn`, `!= syn`, `tcp flags syn,ack` (one of them).
    let conditions = || vec![flags(false, 0x17, 0x02), flags(true, 0x17, 0x02), flags(true, 0x12, 0)];
    assert_eq!(holding(conditions(), tcp(A, B, 0x02, 0, 0, 0)), [1, 0, 1]);
    assert_eq!(holding(conditions(), tcp(A, B, 0x11, 0, 0, 0)), [0, 1, 1]);
    assert_eq!(holding(conditions(), tcp(A, B, 0x04, 0, 0, 0)), [0, 1, 0]);
    assert_eq!(holding(conditions(), udp(A, B)), [0, 0, 0]);
    let icmp = || {
        vec![Match::IcmpType(one_of(vec![8])), Match::IcmpType(Test { negated: true, any_of: vec![8] }), Match::IcmpCode(one_of(vec![0]))]
    };
    assert_eq!(holding(icmp(), echo(A.0, B.0, 1, false)), [1, 0, 1]);
    assert_eq!(holding(icmp(), echo(A.0, B.0, 1, true)), [0, 1, 1]);
    assert_eq!(holding(icmp(), udp(A, B)), [0, 0, 0]);
}

#[test]
fn a_later_fragment_has_no_ports() {
    let piece = |offset_units| {
        let bytes = Payload::new(vec![0x03, 0xe8, 0, 80, 0, 0, 0, 0]);
        ipv4(A.0, B.0, IpBody::Fragment(Arc::new(Fragment { protocol: IpProtocol::UDP, offset_units, more: true, bytes })))
    };
    let port = || Match::DestinationPort { protocol: Some(17), ports: one_of(vec![PortRange { first: 80, last: 80 }]) };
    let conditions = || vec![port(), Match::Protocol(one_of(vec![17])), Match::Fragment(true), Match::Fragment(false)];
    assert_eq!(holding(conditions(), piece(0)), [1, 1, 0, 1]);
    assert_eq!(holding(conditions(), piece(1)), [0, 1, 1, 0]);
}

#[test]
fn what_a_packet_without_connection_can_be_asked() {
    // As on a Linux 6.18 router: before connection tracking a packet is invalid, and everything else about its
    // connection is unknown, so that no condition on it holds.
    let conditions = || {
        vec![
            counting(vec![ct(&[CtState::Invalid])]),
            counting(vec![ct(&[CtState::New])]),
            counting(vec![ct(&[CtState::Untracked])]),
            counting(vec![Match::CtStatus { negated: true, any_of: vec![CtStatus::Dnat] }]),
            counting(vec![Match::CtDirection(true)]),
            counting(vec![Match::CtMark(one_of(vec![0]))]),
        ]
    };
    let chains = |first: Vec<Rule>| {
        vec![
            filter("raw", Hook::Prerouting, -300, Policy::Accept, first),
            filter("at200", Hook::Prerouting, -200, Policy::Accept, vec![counting(vec![ct(&[CtState::New])])]),
            filter("later", Hook::Prerouting, -150, Policy::Accept, conditions()),
        ]
    };
    let mut tracking = netfilter(vec![table(Family::Ip, "t", chains(conditions()))]);
    pass(&mut tracking, udp(A, B));
    // Connection tracking hooked in with the first rule that asks for it, after all chains, so it comes before `at200`.
    assert_eq!(seen(&tracking), [1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 1]);
    let mut not_tracking = netfilter(vec![table(Family::Ip, "t", chains(vec![then(Statement::Notrack)]))]);
    pass(&mut not_tracking, udp(A, B));
    assert_eq!(seen(&not_tracking), [1, 0, 0, 0, 1, 0, 0, 0]);
    assert!(not_tracking.entries(SimTime::ZERO).is_empty());
}

#[test]
fn nothing_is_tracked_unless_a_rule_needs_it() {
    let nat = chain("post", ChainKind::Nat, Hook::Postrouting, 100, Policy::Accept, vec![]);
    let mut without_rules = netfilter(vec![table(Family::Ip, "nat", vec![nat])]);
    assert!(!without_rules.tracks() && !without_rules.is_empty());
    assert_eq!(pass(&mut without_rules, udp(A, B)), Verdict::Accept);
    assert!(without_rules.entries(SimTime::ZERO).is_empty());
    without_rules.watch(true);
    assert!(without_rules.tracks());
    pass(&mut without_rules, udp(A, B));
    assert_eq!(without_rules.entries(SimTime::ZERO).len(), 1);
    assert!(netfilter(vec![masquerading()]).tracks());
    assert!(!one_chain(vec![then(Statement::Reject(RejectWith::TcpReset))]).tracks());
}

#[test]
fn marks_stay_with_packet_and_connection() {
    let rules = vec![
        then(Statement::SetMark(7)),
        rule(vec![Match::Mark(one_of(vec![7]))], false, Some(Statement::SetCtMark(9))),
        counting(vec![Match::CtMark(one_of(vec![9])), Match::Mark(one_of(vec![7]))]),
    ];
    let mut netfilter = one_chain(rules);
    let mut node = TestNode::new();
    forward(&mut netfilter, &mut node, udp(A, B), ETH0, ETH1);
    assert_eq!(seen(&netfilter), [1, 1]);
    assert_eq!(netfilter.entry(CtId(0)).map(|entry| entry.mark), Some(9));
}

#[test]
fn a_limit_is_only_charged_for_what_it_is_asked_about() {
    let limit = |over| Match::Limit { over, rate: 1, per: SimTime::from_secs(1), burst: 2 };
    let tcp_only = Match::Protocol(one_of(vec![6]));
    let mut netfilter = one_chain(vec![
        rule(vec![tcp_only, limit(false)], true, Some(Statement::Accept)),
        rule(vec![limit(true)], true, Some(Statement::Drop)),
    ]);
    let mut node = TestNode::new();
    let mut send = |packet| forward(&mut netfilter, &mut node, packet, ETH0, ETH1).0 == Verdict::Accept;
    assert!(send(udp(A, B)) && send(udp(A, B)));
    // The first rule's bucket is still full, the second's is empty.
    assert!(send(tcp(A, B, 2, 0, 0, 0)) && send(tcp(A, B, 2, 0, 0, 0)));
    assert!(!send(tcp(A, B, 2, 0, 0, 0)) && !send(udp(A, B)));
    node.now = SimTime::from_secs(1);
    assert_eq!(forward(&mut netfilter, &mut node, tcp(A, B, 2, 0, 0, 0), ETH0, ETH1).0, Verdict::Accept);
}

#[test]
fn reject_says_how() {
    let with = RejectWith::Icmp(UnreachableCode::AdminProhibited);
    let mut netfilter = one_chain(vec![then(Statement::Reject(with))]);
    let verdict = pass(&mut netfilter, udp(A, B));
    assert_eq!(verdict, Verdict::Reject { with, reason: DropReason::Rule { rule: RuleId(1), state: None, rejected: true } });
}

fn any_statement() -> impl Strategy<Value = Option<Statement>> {
    let chain = || (0..6u8).prop_map(|n| format!("c{n}"));
    prop_oneof![
        4 => chain().prop_map(|to| Some(Statement::Jump(to))),
        2 => chain().prop_map(|to| Some(Statement::Goto(to))),
        1 => Just(None),
        1 => Just(Some(Statement::Accept)),
        1 => Just(Some(Statement::Drop)),
        1 => Just(Some(Statement::Return)),
        1 => Just(Some(Statement::Notrack)),
        1 => Just(Some(Statement::Masquerade(NatOptions::default()))),
        1 => any::<u32>().prop_map(|mark| Some(Statement::SetCtMark(mark))),
        1 => Just(Some(Statement::Reject(RejectWith::TcpReset))),
    ]
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let condition = prop_oneof![
        Just(ct(&[CtState::New, CtState::Invalid])),
        Just(Match::CtDirection(true)),
        Just(Match::Protocol(one_of(vec![6]))),
        Just(Match::Limit { over: false, rate: 1, per: SimTime::from_secs(1), burst: 1 }),
    ];
    (prop::collection::vec(condition, 0..2), any_statement()).prop_map(|(matches, statement)| rule(matches, true, statement))
}

fn any_chain() -> impl Strategy<Value = Chain> {
    let hook = prop_oneof![Just(Hook::Prerouting), Just(Hook::Forward), Just(Hook::Postrouting)];
    let kind = prop_oneof![3 => Just(ChainKind::Filter), 1 => Just(ChainKind::Nat)];
    let base = prop::option::of((kind, hook, -300..300i32).prop_map(|(kind, hook, priority)| BaseChain {
        kind,
        hook,
        priority,
        policy: Policy::Accept,
    }));
    (0..6u8, base, prop::collection::vec(any_rule(), 0..5)).prop_map(|(name, base, rules)| Chain { name: format!("c{name}"), base, rules })
}

proptest! {
    /// Whatever the rules, and however they change: every packet comes to an end, a refused script changes nothing,
    /// and a loaded ruleset is the same as one that was built up by commands.
    #[test]
    fn no_rules_lead_astray(loaded in prop::collection::vec(any_chain(), 0..6), changes in prop::collection::vec((any_chain(), any::<bool>(), 0..3usize), 0..8)) {
        let mut router = netfilter(vec![table(Family::Ip, "t", loaded)]);
        let mut node = TestNode::new();
        for (chain, delete, index) in changes {
            for packet in [udp(A, B), tcp(A, B, 2, 0, 0, 0), echo(A.0, B.0, 1, true)] {
                forward(&mut router, &mut node, packet, ETH0, ETH1);
            }
            let before = router.ruleset().clone();
            let (family, name) = (Family::Ip, chain.name.clone());
            let command = if delete {
                NftCommand::DeleteRule { family, table: "t".into(), chain: name, index }
            } else {
                NftCommand::AddChain { family, table: "t".into(), chain }
            };
            if router.apply(&[command]).is_err() {
                prop_assert_eq!(router.ruleset(), &before);
            }
            let counted = router.ruleset().tables.iter().flat_map(|t| &t.chains).map(|c| c.rules.len()).sum::<usize>();
            prop_assert_eq!(router.counters().len(), counted);
            let again = Netfilter::new(router.ruleset().clone());
            prop_assert_eq!(again.ruleset(), router.ruleset());
        }
    }
}
