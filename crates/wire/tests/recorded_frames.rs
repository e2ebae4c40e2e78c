//! Frames of a real kernel, read, shown and written again.

use roundtrip_wire::{Direction, Frame, Icmp, IpProtocol, Mac, RelSeq, bytes, decode, encode, write_line};
use std::collections::{BTreeMap, BTreeSet};

/// One frame of the fixture.
struct Recorded {
    bytes: Vec<u8>,
    line: &'static str,
}

/// One network of the fixture.
#[derive(Default)]
struct Network {
    name: &'static str,
    stations: BTreeMap<Mac, &'static str>,
    frames: Vec<Recorded>,
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

fn networks() -> Option<Vec<Network>> {
    let mut networks: Vec<Network> = Vec::new();
    for line in include_str!("fixtures/frames.txt").lines().filter(|line| !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "lab" => networks.push(Network { name: rest, ..Network::default() }),
            "mac" => {
                let (mac, name) = rest.split_once(' ')?;
                networks.last_mut()?.stations.insert(mac.parse().ok()?, name);
            }
            "frame" => {
                let (hex, line) = rest.split_once(' ')?;
                networks.last_mut()?.frames.push(Recorded { bytes: unhex(hex)?, line });
            }
            _ => return None,
        }
    }
    Some(networks)
}

fn direction(line: &str) -> Option<Direction> {
    [Direction::In, Direction::Out, Direction::Wire].into_iter().find(|d| line.split(' ').next() == Some(&d.to_string()))
}

/// The message's quote is cut, so that its transport checksum covers bytes that nobody has.
fn is_cut(frame: &Frame) -> bool {
    let quoted = frame.ipv4().and_then(|packet| packet.icmp()).and_then(Icmp::quoted);
    quoted.is_some_and(|quoted| quoted.wire_len() > 576 - 20 - 8)
}

#[test]
fn every_line_is_the_recorded_one() {
    for network in networks().expect("a fixture in the form that it describes") {
        let mut numbers = RelSeq::new();
        for Recorded { bytes, line } in &network.frames {
            let frame = decode(bytes).unwrap();
            let mut ours = String::new();
            let numbers = numbers.observe(&frame);
            write_line(&mut ours, &frame, &numbers, direction(line).unwrap(), &|mac| network.stations.get(&mac).copied()).unwrap();
            assert_eq!(ours, *line, "{}", network.name);
        }
    }
}

#[test]
fn every_frame_is_written_as_it_was_read() {
    let mut cut = 0;
    for network in networks().unwrap() {
        for Recorded { bytes, line } in &network.frames {
            let frame = decode(bytes).unwrap();
            let ours = encode(&frame);
            if is_cut(&frame) {
                // The quoted transport checksum cannot be known, and the ICMP checksum is over it too.
                let inner = 14 + 20 + 8 + 20 + if line.contains("(tcp ") { 16 } else { 2 };
                let blank = |bytes: &[u8]| {
                    let mut bytes = bytes.to_vec();
                    bytes[36..38].fill(0);
                    bytes[inner..inner + 2].fill(0);
                    bytes
                };
                assert_eq!(blank(&ours), blank(bytes), "{line}");
                cut += 1;
            } else {
                assert_eq!(ours, *bytes, "{line}");
            }
        }
    }
    assert_eq!(cut, 2);
}

#[test]
fn every_checksum_holds() {
    for Recorded { bytes, line } in networks().unwrap().iter().flat_map(|network| &network.frames) {
        if let Some(packet) = decode(bytes).unwrap().ipv4().filter(|_| !line.contains("frag")) {
            assert!(bytes::transport_checksum_holds(packet.protocol(), packet.src, packet.dst, &bytes[34..]), "{line}");
            assert!([IpProtocol::TCP, IpProtocol::UDP, IpProtocol::ICMP].contains(&packet.protocol()));
        }
    }
}

/// The fixture is only worth something if all kinds are in it.
#[test]
fn every_kind_is_there() {
    let text = include_str!("fixtures/frames.txt");
    for kind in [
        "arp who-has",
        "is-at",
        "[S] ",
        "[SA] ",
        "[A] ",
        "[PA] ",
        "[FA] ",
        "[R] ",
        "[RA] ",
        " sack=",
        "icmp echo ",
        "icmp echo-reply ",
        "unreach-port",
        "unreach-net",
        "unreach-host",
        "unreach-frag-needed",
        "unreach-admin-prohib",
        "redirect-host",
        "ttl-exceeded-transit",
        "len=1368 frag(off=0 len=1376 mf=1)",
        "len=3000 frag(off=0 len=1376 mf=1)",
        "frag icmp ",
        "frag udp ",
        "len=104 mf=1",
        "len=48 mf=0",
        " DF",
        " udp ",
        "(tcp ",
        "(udp ",
        "(icmp echo ",
        "(icmp echo-reply ",
    ] {
        assert!(text.contains(kind), "{kind}");
    }
    let directions: BTreeSet<_> =
        networks().unwrap().iter().flat_map(|network| &network.frames).map(|frame| direction(frame.line)).collect();
    assert_eq!(directions, BTreeSet::from([Some(Direction::In), Some(Direction::Out)]));
}
