//! The story, read.

use super::*;
use roundtrip_lab::Lab;
use roundtrip_sim::scenario::{IfIndex, NodeId, Port};
use roundtrip_sim::trace::{DropReason, Trace};
use roundtrip_sim::{Scenario, SimTime, Simulation};

fn story() -> (Scenario, Trace) {
    let lab: Lab = roundtrip_lab::load(roundtrip_lab::examples()[0].text).lab.unwrap();
    let (scenario, _) = roundtrip_lab::to_scenario(&lab);
    let trace = Simulation::new(scenario.clone()).run();
    (scenario, trace)
}

fn nodes(reading: &Reading<'_>, nodes: impl IntoIterator<Item = NodeId>) -> Vec<String> {
    nodes.into_iter().map(|node| reading.name(node).to_owned()).collect()
}

#[test]
fn packets_have_their_names_and_directions() {
    let (scenario, trace) = story();
    let reading = Reading::new(&scenario, &trace);
    let conversation = reading.conversations().iter().find(|conversation| conversation.name == "http").unwrap();
    let thread = reading.thread(conversation);
    let members: Vec<&Member> = thread.members().iter().filter(|member| member.direction != Direction::Aside).collect();
    let kinds: Vec<Kind> = members.iter().take(4).map(|member| member.label.kind).collect();
    assert_eq!(kinds, [Kind::Syn, Kind::SynAck, Kind::HandshakeAck, Kind::Data { bytes: 80, http: Some(true) }]);
    let directions: Vec<Direction> = members.iter().take(4).map(|member| member.direction).collect();
    assert_eq!(directions, [Direction::There, Direction::Back, Direction::There, Direction::There]);

    let again: Vec<u64> = members
        .iter()
        .filter(|member| member.label.kind == Kind::SynAck)
        .filter_map(|member| Some(member.label.again?.as_millis()))
        .collect();
    let seconds: Vec<u64> = again.iter().map(|millis| millis / 1_000).collect();
    assert_eq!(seconds, [1, 3, 7, 15, 31]);
    assert!(members.iter().any(|member| member.label.kind == Kind::DuplicateAck), "what answers a repeated ② is no third packet");
    assert_eq!(members.iter().filter(|member| member.label.kind == Kind::HandshakeAck).count(), 1);
    assert_eq!(nodes(&reading, thread.far_ends().iter().copied()), ["pc2"]);
}

#[test]
fn questions_for_ethernet_addresses_go_neither_there_nor_back() {
    let (scenario, trace) = story();
    let reading = Reading::new(&scenario, &trace);
    for conversation in reading.conversations() {
        for member in reading.thread(conversation).members() {
            let arp = matches!(member.label.kind, Kind::ArpRequest { .. } | Kind::ArpReply { .. });
            let advice = matches!(member.label.kind, Kind::Redirect { .. });
            assert_eq!(member.direction == Direction::Aside, arp || advice, "{member:?}");
        }
    }
}

#[test]
fn there_by_r1_and_back_around_it() {
    let (scenario, trace) = story();
    let reading = Reading::new(&scenario, &trace);
    for conversation in reading.conversations() {
        let thread = reading.thread(conversation);
        let ways = way::ways(&thread);
        assert_eq!(ways.len(), 2, "the third packet's way is the beginning of the first's: {ways:?}");
        let there = way::at(&ways, Direction::There, SimTime::MAX).unwrap();
        let back = way::at(&ways, Direction::Back, SimTime::MAX).unwrap();
        assert!(there.complete && back.complete);
        assert_eq!(nodes(&reading, there.nodes()), ["pc1", "r1", "r2", "pc2"]);
        assert_eq!(nodes(&reading, back.nodes()), ["pc2", "r2", "pc1"]);
        let [(node, Direction::There)] = way::met_once(there, back)[..] else { panic!("{ways:?}") };
        assert_eq!(reading.name(node), "r1");
    }
}

#[test]
fn fates_and_stays() {
    let (scenario, trace) = story();
    let reading = Reading::new(&scenario, &trace);
    let conversation = reading.conversations().iter().find(|conversation| conversation.name == "http").unwrap();
    let thread = reading.thread(conversation);
    let of = |kind: Kind| thread.members().iter().find(|member| member.label.kind == kind).unwrap().packet;
    let (syn, ack) = (of(Kind::Syn), of(Kind::HandshakeAck));
    let Fate::Arrived { node, .. } = reading.fate(syn) else { panic!("{:?}", reading.fate(syn)) };
    assert_eq!(reading.name(node), "pc2");
    let Fate::Lost(drop) = reading.fate(ack) else { panic!("{:?}", reading.fate(ack)) };
    let record = reading.drop(drop).unwrap();
    assert!(matches!(record.reason, DropReason::Rule { .. }));
    let visit = reading.last_visit(record).unwrap();
    assert_eq!(reading.came_by(visit), Some(Port { node: record.node, interface: IfIndex(0) }));
    assert_eq!(nodes(&reading, reading.path(ack)), ["pc1", "r1"]);
    assert!(reading.met(syn, record.node) && reading.frame_out(reading.visit_at(syn, record.node).unwrap()).is_some());
}
