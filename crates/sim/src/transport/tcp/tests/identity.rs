//! What each packet is for: who caused it, what it answers or repeats, and to which action it belongs.

use super::harness::*;
use crate::scenario::ActionId;
use crate::trace::Why;

/// Of each frame: its line, why it was sent, and the line of the frame that it answers or repeats.
fn causes(lab: &Lab) -> Vec<(String, Why, Option<String>)> {
    let line = |packet| lab.frames.iter().find(|frame| frame.packet == packet).map(|frame| lab.line(frame));
    lab.frames
        .iter()
        .map(|frame| {
            let (why, parent, _) = lab.packets[frame.packet.0 as usize];
            (lab.line(frame), why, parent.map(|parent| line(parent).expect("sent before")))
        })
        .collect()
}

fn entry(line: &str, why: Why, parent: Option<&str>) -> (String, Why, Option<String>) {
    (line.to_owned(), why, parent.map(str::to_owned))
}

#[test]
fn answers_name_the_packet_that_they_answer() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Sleep(ms(30)), Step::Close]);
    lab.connect(&[Step::Send(80), Step::RecvEof, Step::Close]);
    lab.run_until(secs(5));
    let (syn, syn_ack, data) = ("c [S] seq=0 len=0 mss=1460", "s [SA] seq=0 ack=1 len=0 mss=1460", "c [PA] seq=1 ack=1 len=80");
    assert_eq!(
        causes(&lab),
        [
            entry(syn, Why::Application, None),
            entry(syn_ack, Why::Answer, Some(syn)),
            entry("c [A] seq=1 ack=1 len=0", Why::Answer, Some(syn_ack)),
            entry(data, Why::Application, None),
            entry("s [A] seq=1 ack=81 len=0", Why::Answer, Some(data)),
            entry("s [PA] seq=1 ack=81 len=600", Why::Application, None),
            entry("c [A] seq=81 ack=601 len=0", Why::Answer, Some("s [PA] seq=1 ack=81 len=600")),
            entry("s [FA] seq=601 ack=81 len=0", Why::Application, None),
            entry("c [FA] seq=81 ack=602 len=0", Why::Application, None),
            entry("s [A] seq=602 ack=82 len=0", Why::Answer, Some("c [FA] seq=81 ack=602 len=0")),
        ]
    );
    // All of it belongs to the action that opened the connection, on both sides.
    assert!(lab.packets.iter().all(|(_, _, action)| *action == Some(ActionId(7))));
}

#[test]
fn repetitions_name_the_first_transmission() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Close]);
    lab.wire(|frame, _| if frame.from == CLIENT && frame.at < secs(5) { Fate::Lose } else { Fate::Deliver });
    lab.connect(&[Step::Send(80), Step::RecvEof, Step::Close]);
    lab.run_until(secs(9));
    let syns: Vec<&Frame> = lab.frames.iter().filter(|frame| frame.segment.flags.to_string() == "S").collect();
    assert_eq!(syns.len(), 6);
    assert!(!syns[0].retransmission && syns[1..].iter().all(|frame| frame.retransmission));
    for repeated in &syns[1..] {
        assert_eq!(lab.packets[repeated.packet.0 as usize], (Why::Retransmission, Some(syns[0].packet), Some(ActionId(7))));
    }
}

#[test]
fn of_a_write_that_left_as_several_segments_each_is_remembered() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(8_000), Step::Close]);
    lab.wire(
        |frame, _| if frame.from == SERVER && frame.at < ms(50) && !frame.segment.payload.is_empty() { Fate::Lose } else { Fate::Deliver },
    );
    lab.connect(&[Step::Send(80), Step::RecvEof, Step::Close]);
    lab.run_until(secs(9));
    let (first, again): (Vec<&Frame>, Vec<&Frame>) = lab
        .frames
        .iter()
        .filter(|frame| frame.from == SERVER && !frame.segment.payload.is_empty())
        .partition(|frame| !frame.retransmission);
    assert!(first.len() == 6 && again.len() >= 6);
    for repeated in again {
        let (why, parent, _) = lab.packets[repeated.packet.0 as usize];
        let original = first.iter().find(|frame| Some(frame.packet) == parent).expect("one of the first six");
        assert_eq!((why, repeated.segment.seq), (Why::Retransmission, original.segment.seq));
    }
}

#[test]
fn probes_are_nobodys_doing() {
    let mut lab = Lab::new(ms(10));
    lab.serve(&[Step::Recv(80), Step::Send(600), Step::Hold]);
    lab.connect(&[Step::KeepAlive(secs(2), secs(1), 3), Step::Send(80), Step::Recv(600), Step::Hold]);
    lab.run_until(secs(3));
    let [.., (probe, why, parent), (_, answer, answered)] = &causes(&lab)[..] else { panic!("a probe and its answer") };
    assert_eq!((probe.as_str(), *why, parent), ("c [A] seq=80 ack=601 len=0", Why::Probe, &None));
    assert_eq!((*answer, answered.as_deref()), (Why::Answer, Some(probe.as_str())));
}

#[test]
fn a_reset_from_nobody_answers_too() {
    let mut lab = Lab::new(ms(10));
    lab.connect(&[Step::Hold]);
    lab.run_until(secs(3));
    let syn = "c [S] seq=0 len=0 mss=1460";
    assert_eq!(causes(&lab), [entry(syn, Why::Application, None), entry("s [RA] seq=0 ack=1 len=0", Why::Answer, Some(syn))]);
    assert_eq!(lab.packets[1].2, Some(ActionId(7)));
}
