//! Statements that change the packet, or what is known of it, and let the rule go on.

use super::*;
use crate::netfilter::ruleset::MaxSegment;
use roundtrip_wire::IpBody;
use std::sync::Arc;

const A: ([u8; 4], u16) = ([10, 0, 1, 10], 1000);
const B: ([u8; 4], u16) = ([10, 0, 2, 20], 80);

/// What a rule makes of a SYN with this MSS: the verdict, and the MSS that it has then.
fn after(statement: Statement, announced: Option<u16>) -> (Verdict, Option<u16>) {
    let rules = vec![rule(vec![], true, Some(statement))];
    let mut netfilter =
        netfilter(vec![table(Family::Ip, "t", vec![chain("c", ChainKind::Filter, Hook::Forward, 0, Policy::Accept, rules)])]);
    let mut packet = tcp(A, B, 0x02, 1, 0, 0);
    if let IpBody::Tcp(tcp) = &mut packet.body {
        Arc::make_mut(tcp).options.mss = announced;
    }
    let mut skb = Skb { in_if: Some(ETH0), out_if: Some(ETH1), ..Skb::default() };
    let verdict = netfilter.hook(Hook::Forward, &mut packet, &mut skb, &mut TestNode::new());
    (verdict, packet.tcp().and_then(|tcp| tcp.options.mss))
}

/// Kernel: y26.
#[test]
fn the_mss_becomes_smaller_and_never_larger() {
    let cut = |size, announced| after(Statement::SetMaxSegment(size), announced).1;
    assert_eq!(cut(MaxSegment::Bytes(1_000), Some(1_460)), Some(1_000));
    assert_eq!(cut(MaxSegment::Bytes(1_460), Some(1_000)), Some(1_000));
    assert_eq!(cut(MaxSegment::OfRoutes, Some(8_960)), Some(1_460));
    assert_eq!(cut(MaxSegment::OfRoutes, None), None, "no option is added");
}

/// Kernel: y27.
#[test]
fn a_rule_changes_something_and_then_decides() {
    let both = Statement::Also(Box::new(Statement::SetMaxSegment(MaxSegment::Bytes(900))), Box::new(Statement::Drop));
    let (verdict, mss) = after(Statement::Also(Box::new(Statement::SetMark(1)), Box::new(both)), Some(1_460));
    assert!(matches!(verdict, Verdict::Drop(_)), "{verdict:?}");
    assert_eq!(mss, Some(900));
}
