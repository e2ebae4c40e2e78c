//! The router of the story, which sees only the way there.

use super::*;
use crate::netfilter::CtInvalid;
use crate::trace::DropReason;

const PC1: ([u8; 4], u16) = ([192, 168, 1, 10], 40001);
const PC2: ([u8; 4], u16) = ([192, 168, 2, 10], 80);
const S: u8 = 0x02;
const A: u8 = 0x10;
const PA: u8 = 0x18;
const FA: u8 = 0x11;

fn there(router: &mut Netfilter, node: &mut TestNode, packet: Ipv4) -> bool {
    forward(router, node, packet, ETH0, ETH0).0 == Verdict::Accept
}

#[test]
fn the_third_packet_dies_because_the_second_went_another_way() {
    let (mut router, mut node) = (netfilter(vec![stateful()]), TestNode::new());
    assert!(there(&mut router, &mut node, tcp(PC1, PC2, S, 1000, 0, 0)));
    assert_eq!(node.last_state(), Some(CtState::New));
    node.now = SimTime::from_millis(3);
    let (verdict, _) = forward(&mut router, &mut node, tcp(PC1, PC2, A, 1001, 501, 0), ETH0, ETH0);
    let Verdict::Drop(DropReason::Rule { rule, state, rejected: false }) = verdict else { panic!("{verdict:?}") };
    assert_eq!(state, Some(CtState::Invalid));
    assert_eq!(router.rules()[rule.0 as usize].index, Some(0));
    assert!(node.steps.contains(&Step::Conntrack { state: CtState::Invalid, entry: None, invalid: Some(CtInvalid::TcpState) }));
    assert!(!there(&mut router, &mut node, tcp(PC1, PC2, PA, 1001, 501, 80)));
    // What is invalid neither changes nor prolongs the entry.
    assert_eq!(
        listed(&router, &node),
        ["tcp SYN_SENT src=192.168.1.10 dst=192.168.2.10 sport=40001 dport=80 [UNREPLIED] \
          src=192.168.2.10 dst=192.168.1.10 sport=80 dport=40001"]
    );
    assert_eq!(
        node.events(),
        ["NEW tcp 120 SYN_SENT src=192.168.1.10 dst=192.168.2.10 sport=40001 dport=80 [UNREPLIED] \
          src=192.168.2.10 dst=192.168.1.10 sport=80 dport=40001"]
    );
    let counted: Vec<_> = router.counters().iter().map(|row| (row.packets, row.bytes)).collect();
    assert_eq!(counted, [(2, 160), (0, 0), (1, 52)]);
    // Two minutes after the SYN, and not later.
    node.now = SimTime::from_secs(120);
    assert!(listed(&router, &node).is_empty());
    router.expire(&mut node);
    assert_eq!(node.events.last().map(|event| event.at), Some(SimTime::from_secs(120)));
}

#[test]
fn a_ping_goes_through_for_ever() {
    let (mut router, mut node) = (netfilter(vec![stateful()]), TestNode::new());
    for second in 0..100 {
        node.now = SimTime::from_secs(second);
        assert!(there(&mut router, &mut node, echo(PC1.0, PC2.0, 101, false)));
        assert_eq!(node.last_state(), Some(CtState::New));
    }
    assert_eq!(listed(&router, &node).len(), 1);
}

#[test]
fn liberal_windows_do_not_help() {
    let (mut router, mut node) = (netfilter(vec![stateful()]), TestNode::new());
    node.set(Sysctl::NfConntrackTcpBeLiberal, 1);
    assert!(there(&mut router, &mut node, tcp(PC1, PC2, S, 1000, 0, 0)));
    assert!(!there(&mut router, &mut node, tcp(PC1, PC2, A, 1001, 501, 0)));
}

#[test]
fn after_the_entry_is_gone_the_connection_is_picked_up_in_the_middle() {
    let (mut router, mut node) = (netfilter(vec![stateful()]), TestNode::new());
    node.set(Sysctl::NfConntrackTcpTimeoutSynSent, 5);
    assert!(there(&mut router, &mut node, tcp(PC1, PC2, S, 1000, 0, 0)));
    assert!(!there(&mut router, &mut node, tcp(PC1, PC2, A, 1001, 501, 0)));
    node.now = SimTime::from_secs(7);
    assert!(there(&mut router, &mut node, tcp(PC1, PC2, A, 1001, 501, 0)));
    assert!(there(&mut router, &mut node, tcp(PC1, PC2, FA, 1001, 501, 0)));
    let flow = "src=192.168.1.10 dst=192.168.2.10 sport=40001 dport=80 [UNREPLIED] src=192.168.2.10 dst=192.168.1.10 sport=80 dport=40001";
    assert_eq!(
        node.events(),
        [
            format!("NEW tcp 5 SYN_SENT {flow}"),
            format!("DESTROY tcp SYN_SENT {flow}"),
            format!("NEW tcp 300 ESTABLISHED {flow}"),
            format!("UPDATE tcp 120 FIN_WAIT {flow}"),
        ]
    );
}

#[test]
fn without_loose_nothing_is_picked_up() {
    let (mut router, mut node) = (netfilter(vec![stateful()]), TestNode::new());
    node.set(Sysctl::NfConntrackTcpLoose, 0);
    assert!(!there(&mut router, &mut node, tcp(PC1, PC2, A, 1001, 501, 0)));
    assert!(node.steps.contains(&Step::Conntrack { state: CtState::Invalid, entry: None, invalid: Some(CtInvalid::TcpNotFirst) }));
    assert!(listed(&router, &node).is_empty());
}

#[test]
fn flushing_forgets_everything_and_says_so() {
    let (mut router, mut node) = (netfilter(vec![stateful()]), TestNode::new());
    assert!(there(&mut router, &mut node, tcp(PC1, PC2, S, 1000, 0, 0)));
    router.flush(&mut node);
    assert!(listed(&router, &node).is_empty());
    assert!(node.events().last().is_some_and(|line| line.starts_with("DESTROY tcp SYN_SENT") && line.ends_with("[USERSPACE]")));
}
