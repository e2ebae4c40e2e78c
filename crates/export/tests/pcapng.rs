//! Capture files, read back by a reader that is not ours.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says what is wrong"
)]

use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketOption;
use pcap_file::pcapng::blocks::interface_description::InterfaceDescriptionOption;
use pcap_file::pcapng::blocks::section_header::SectionHeaderOption;
use pcap_file::pcapng::{Block, PcapNgReader};
use proptest::prelude::*;
use roundtrip_export::Tap;
use roundtrip_export::pcapng::Capture;
use roundtrip_lab::report::drop_name;
use roundtrip_lab::{examples, to_scenario};
use roundtrip_sim::capture::Sighting;
use roundtrip_sim::trace::{End, FrameRecord, PacketId, PacketRecord, Why};
use roundtrip_sim::{IfIndex, NodeId, Port, Scenario, SegmentId, SimTime, Simulation, Trace};
use roundtrip_wire::{Direction, encode, testing};

/// A packet as the other reader sees it.
struct Read {
    interface: u32,
    nanos: u128,
    bytes: Vec<u8>,
    comments: Vec<String>,
    flags: u32,
    packet: u64,
}

struct File {
    comment: Option<String>,
    interfaces: Vec<(String, String)>,
    packets: Vec<Read>,
}

fn read(bytes: &[u8]) -> File {
    let mut reader = PcapNgReader::new(bytes).expect("a section header");
    let comment = reader.section().options.iter().find_map(|option| match option {
        SectionHeaderOption::Comment(text) => Some(text.to_string()),
        _ => None,
    });
    let mut file = File { comment, interfaces: Vec::new(), packets: Vec::new() };
    while let Some(block) = reader.next_block() {
        match block.expect("a block that can be read") {
            Block::InterfaceDescription(block) => {
                let (mut name, mut description) = (String::new(), String::new());
                for option in &block.options {
                    match option {
                        InterfaceDescriptionOption::IfName(text) => name = text.to_string(),
                        InterfaceDescriptionOption::IfDescription(text) => description = text.to_string(),
                        InterfaceDescriptionOption::IfTsResol(unit) => assert_eq!(*unit, 9, "nanoseconds"),
                        _ => {}
                    }
                }
                file.interfaces.push((name, description));
            }
            Block::EnhancedPacket(block) => {
                assert_eq!(block.original_len as usize, block.data.len(), "nothing is cut off");
                let mut packet = Read {
                    interface: block.interface_id,
                    nanos: block.timestamp.as_nanos(),
                    bytes: block.data.to_vec(),
                    comments: Vec::new(),
                    flags: 0,
                    packet: 0,
                };
                for option in &block.options {
                    match option {
                        EnhancedPacketOption::Comment(text) => packet.comments.push(text.to_string()),
                        EnhancedPacketOption::Flags(flags) => packet.flags = *flags,
                        EnhancedPacketOption::Unknown(option) if option.code == 5 => {
                            packet.packet = u64::from_le_bytes(option.value.as_ref().try_into().unwrap())
                        }
                        _ => {}
                    }
                }
                file.packets.push(packet);
            }
            other => panic!("no such block is written: {other:?}"),
        }
    }
    file
}

fn written(scenario: &Scenario, trace: &Trace, taps: &[Tap], comment: &str) -> File {
    let node = |id: NodeId| &scenario.nodes[id.0 as usize].name;
    let capture = Capture {
        scenario,
        trace,
        taps,
        comment,
        describe: &|tap| format!("about {}", tap.name(scenario)),
        on_death: &|drop| format!("dropped by {}: {}", node(drop.node), drop_name(&drop.reason)),
    };
    read(&capture.to_bytes())
}

fn check(seen: &[Sighting<'_>], read: &[&Read]) {
    assert_eq!(seen.len(), read.len());
    for (sighting, packet) in seen.iter().zip(read) {
        assert_eq!(packet.bytes, encode(sighting.frame));
        assert_eq!(packet.nanos, u128::from(sighting.at.as_nanos()));
        assert_eq!(packet.packet, u64::from(sighting.packet.0));
        let direction = match sighting.direction {
            Direction::In => 1,
            Direction::Out => 2,
            Direction::Wire => 0,
        };
        assert_eq!(packet.flags & 3, direction);
    }
}

#[test]
fn every_example_reads_back_tap_by_tap() {
    for example in examples() {
        let (scenario, _) = to_scenario(&example.lab());
        let trace = Simulation::new(scenario.clone()).run();
        let taps = Tap::all(&scenario);
        let file = written(&scenario, &trace, &taps, example.lab().title.get("ja"));
        assert_eq!(file.comment.as_deref(), Some(example.lab().title.get("ja")));
        let names: Vec<String> = taps.iter().map(|tap| tap.name(&scenario)).collect();
        assert_eq!(file.interfaces.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), names);
        for (number, tap) in (0..).zip(&taps) {
            let here: Vec<&Read> = file.packets.iter().filter(|packet| packet.interface == number).collect();
            let mut seen = tap.sightings(&trace);
            seen.sort_by_key(|sighting| sighting.at);
            check(&seen, &here);
        }
        assert!(file.packets.is_sorted_by_key(|packet| packet.nanos), "{}: in order of time", example.id);
    }
}

#[test]
fn a_death_is_told_where_the_packet_is_seen_last() {
    let lab = roundtrip_lab::example("story").unwrap().lab();
    let (scenario, _) = to_scenario(&lab);
    let trace = Simulation::new(scenario.clone()).run();
    let r1 = scenario.nodes.iter().position(|node| node.name == "r1").unwrap() as u32;
    let deaths = trace.drops.iter().filter(|drop| drop.node == NodeId(r1)).count();
    assert!(deaths > 0);
    let told = |names: &[&str]| -> Vec<Read> {
        let taps: Vec<Tap> = names.iter().map(|name| Tap::named(&scenario, name).unwrap()).collect();
        let packets = written(&scenario, &trace, &taps, "").packets.into_iter();
        packets.filter(|packet| packet.comments == ["dropped by r1: rule"]).collect()
    };
    // R1 takes it and drops it: seen last coming in there.
    let everywhere = told(&["pc1.eth0", "segment:living", "r1.eth0", "pc2.eth0"]);
    assert_eq!(everywhere.len(), deaths);
    assert!(everywhere.iter().all(|packet| (packet.interface, packet.flags & 3) == (2, 1)));
    // At PC1 alone it is seen leaving.
    let at_sender = told(&["pc1.eth0"]);
    assert_eq!(at_sender.len(), deaths);
    assert!(at_sender.iter().all(|packet| packet.flags & 3 == 2));
    // PC2 never sees it.
    assert!(told(&["pc2.eth0"]).is_empty());
}

#[test]
fn texts_too_long_for_an_option_are_cut_between_characters() {
    let (scenario, _) = to_scenario(&roundtrip_lab::example("loop").unwrap().lab());
    let trace = Simulation::new(scenario.clone()).run();
    let file = written(&scenario, &trace, &Tap::all(&scenario), &"長".repeat(30_000));
    assert_eq!(file.comment.unwrap(), "長".repeat(21_845));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_frames_survive_the_way_through_a_file(
        frames in proptest::collection::vec((testing::frame(), 0..u64::MAX / 4), 0..20),
        name in "\\PC{0,20}",
    ) {
        let mut scenario = Scenario::default();
        scenario.segments.push(roundtrip_sim::scenario::Segment { name, latency: SimTime::ZERO });
        let mut frames = frames;
        frames.sort_by_key(|(_, nanos)| *nanos);
        let mut trace = Simulation::new(Scenario::default()).run();
        prop_assert_eq!(trace.end, End::Finished);
        let port = Port { node: NodeId(0), interface: IfIndex(0) };
        for (frame, nanos) in &frames {
            let at = SimTime::from_nanos(*nanos);
            let packet = PacketId(trace.packets.len() as u32);
            trace.packets.push(PacketRecord { node: NodeId(0), made: at, why: Why::Application, parent: None, action: None });
            trace.frames.push(FrameRecord {
                sent: at, mirrored: at, port, segment: Some(SegmentId(0)), packet, visit: None, frame: frame.clone(),
            });
        }
        let tap = Tap::Mirror(SegmentId(0));
        let file = written(&scenario, &trace, &[tap], "");
        check(&tap.sightings(&trace), &file.packets.iter().collect::<Vec<_>>());
    }
}
